//! A store for each test, copied from a template that is made once for each test program.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use app::App;
use tempfile::TempDir;
use trust::access::Origin;
use trust::database::{Address, Migration};
use trust::vault::{Key, write_new_file};
use values::{FixedClock, SeededEntropy};

use crate::{START, fail, open, staff};

static COUNT: AtomicU64 = AtomicU64::new(0);

/// A store that goes away with its test.
pub struct TestStore {
    folder: TempDir,
    address: Address,
    database: Option<Database>,
    number: u64,
}

/// A PostgreSQL database that is dropped with its test.
struct Database {
    name: String,
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        drop(command(&sql).output());
    }
}

fn server() -> Option<String> {
    let wanted = std::env::var("TEST_DATABASE").is_ok_and(|kind| kind == "postgres");
    wanted.then(|| match std::env::var("TEST_DATABASE_URL") {
        Ok(url) => url,
        Err(_) => fail("TEST_DATABASE=postgres needs TEST_DATABASE_URL"),
    })
}

fn command(sql: &str) -> Command {
    let mut command = Command::new("psql");
    let url = server().unwrap_or_default();
    command.args([&url, "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-c", sql]);
    command
}

fn psql(sql: &str) -> String {
    match command(sql).output() {
        Ok(done) if done.status.success() => String::from_utf8_lossy(&done.stdout).into_owned(),
        Ok(done) => fail(&format!("psql: {}", String::from_utf8_lossy(&done.stderr))),
        Err(error) => fail(&format!("psql did not start: {error}")),
    }
}

/// The address of another database on the same server.
fn address_of(database: &str) -> Address {
    let url = server().unwrap_or_default();
    let (head, query) = url.split_once('?').map_or((url.as_str(), None), |(h, q)| (h, Some(q)));
    let base = head.rsplit_once('/').map_or(head, |(base, _)| base);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Address::Postgres(format!("{base}/{database}{query}"))
}

/// Memory where there is a file system in it: tests prove durability elsewhere.
fn temporary() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    match made {
        Ok(folder) => folder,
        Err(error) => fail(&format!("no temporary folder: {error}")),
    }
}

fn write_master(folder: &Path) {
    let path = folder.join("master.key");
    if let Err(error) = write_new_file(&path, &Key::generate(&SeededEntropy::new(11))) {
        fail(&format!("{error:?}"));
    }
}

/// Removes the templates of earlier builds of the same test program.
fn drop_earlier(root: &Path, build: &str) {
    let stem = build.rsplit_once('_').map_or(build, |(stem, _)| stem);
    for entry in std::fs::read_dir(root).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != build && name.rsplit_once('_').is_some_and(|(other, _)| other == stem) {
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}

/// What tells this build of the test program from others.
fn build() -> String {
    let program = std::env::current_exe().unwrap_or_default();
    let changed = program.metadata().and_then(|about| about.modified()).ok();
    let since = changed.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let stem = program.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let stem = stem.unwrap_or_default().replace('-', "_").to_lowercase();
    format!("{stem}_{}", since.map_or(0, |since| since.as_micros()))
}

impl TestStore {
    /// A store without anybody.
    pub(crate) async fn empty() -> Self {
        let folder = temporary();
        write_master(folder.path());
        let number = number();
        let (address, database) = if server().is_some() {
            let name = format!("heng_test_{number}");
            psql(&format!("CREATE DATABASE {name} TEMPLATE template0"));
            (address_of(&name), Some(Database { name }))
        } else {
            (Address::Sqlite(folder.path().join("heng.db")), None)
        };
        Self { folder, address, database, number }
    }

    /// A store of the sample firm.
    pub(crate) async fn from_template() -> Self {
        if server().is_some() { Self::from_database().await } else { Self::from_file().await }
    }

    async fn from_file() -> Self {
        let root = std::env::temp_dir().join("heng-testkit");
        let ready = root.join(build());
        if !ready.is_dir() {
            drop_earlier(&root, &build());
            let made = Self::founded(app::MIGRATIONS, async |_| ()).await;
            let part = root.join(format!("part-{}", made.number));
            let kept = std::fs::create_dir_all(&part)
                .and_then(|()| copy_all(made.folder(), &part))
                .and_then(|()| std::fs::rename(&part, &ready));
            // Another test may have been quicker; its template is as good.
            if kept.is_err() {
                drop(std::fs::remove_dir_all(&part));
            }
        }
        let folder = temporary();
        if let Err(error) = copy_all(&ready, folder.path()) {
            fail(&format!("{}: {error}", ready.display()));
        }
        let address = Address::Sqlite(folder.path().join("heng.db"));
        Self { folder, address, database: None, number: number() }
    }

    async fn from_database() -> Self {
        let template = short(&build());
        let there = || psql(&format!("SELECT 1 FROM pg_database WHERE datname = '{template}'"));
        if there().trim().is_empty() {
            let made = Self::founded(app::MIGRATIONS, async |_| ()).await;
            let Address::Postgres(_) = &made.address else { fail("no database was made") };
            let from = made.database.as_ref().map_or("", |database| database.name.as_str());
            let sql = format!("CREATE DATABASE {template} TEMPLATE {from}");
            // Another test may have been quicker; its template is as good.
            drop(command(&sql).output());
            if there().trim().is_empty() {
                fail("the template database could not be made");
            }
        }
        let folder = temporary();
        write_master(folder.path());
        let number = number();
        let name = format!("heng_test_{number}");
        psql(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Self { folder, address: address_of(&name), database: Some(Database { name }), number }
    }

    /// A store of the sample firm, made from nothing and closed again.
    pub(crate) async fn founded(migrations: &[Migration], then: impl AsyncFnOnce(&App)) -> Self {
        let store = Self::empty().await;
        let clock = Arc::new(FixedClock::new(START));
        let app = open(&store, migrations, clock, 3, |_| {}).await;
        let founding = staff::founding();
        if let Err(error) = app::identity::found(&app, &founding, &Origin::default()).await {
            fail(&format!("the sample firm: {error:?}"));
        }
        then(&app).await;
        if let Err(error) = app.trust.record.stop().await {
            fail(&format!("the record did not stop: {error:?}"));
        }
        drop(app);
        if let Some(database) = &store.database {
            let sql = format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
                database.name
            );
            psql(&sql);
        }
        store
    }

    /// Where the store is.
    #[must_use]
    pub fn address(&self) -> Address {
        self.address.clone()
    }

    /// Where the core store is: always a file, whose SQL `trust` tries on both databases.
    #[must_use]
    pub fn core(&self) -> Address {
        Address::Sqlite(self.folder.path().join("core.db"))
    }

    /// The folder beside it, gone with the test.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The master key's file.
    #[must_use]
    pub fn master(&self) -> PathBuf {
        self.folder.path().join("master.key")
    }

    /// Tells the randomness of tests apart; the same in a test that runs alone.
    pub(crate) const fn seed(&self) -> u64 {
        self.number >> 40
    }
}

/// A number that no other test of this machine has now.
fn number() -> u64 {
    let count = COUNT.fetch_add(1, Ordering::SeqCst);
    u64::from(std::process::id()) << 16 | count & 0xFFFF
}

/// PostgreSQL's names have 63 characters at most.
fn short(name: &str) -> String {
    let tail: String = name.chars().rev().take(40).collect();
    format!("heng_template_{}", tail.chars().rev().collect::<String>())
}

fn copy_all(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
