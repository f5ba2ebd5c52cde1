//! Opening the store as the configuration says, and the operator who works on it.

use std::fs;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use app::{App, Running};
use jiff::tz::TimeZone;
use serde_json::json;
use trust::access::{Actor, Origin, PolicyFile};
use trust::database::Address;
use trust::record::RecordSettings;
use trust::vault::{self, Algorithm, Key, MasterSource};
use trust::{Opening, Trust};
use values::{Clock, Entropy, Error, Result, SystemClock, SystemEntropy};

use crate::config::Config;
use crate::output::{Output, Verdict};

/// Whether a store may be made where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Make {
    /// An empty folder gets one.
    IfMissing,
    /// There must be one.
    Never,
}

/// Where the store is.
pub fn address(config: &Config) -> Result<Address> {
    named(config.store.database.as_deref(), config.store.data_dir.join("heng.db"))
}

/// Where statements and returns are kept apart.
pub fn core(config: &Config) -> Result<Address> {
    named(config.store.core.as_deref(), config.store.data_dir.join("core.db"))
}

fn named(database: Option<&str>, usual: PathBuf) -> Result<Address> {
    let Some(database) = database else { return Ok(Address::Sqlite(usual)) };
    let database = match database.strip_prefix("file:") {
        Some(path) => fs::read_to_string(path)
            .map_err(|source| unreadable(Path::new(path), &source))?
            .trim()
            .to_owned(),
        None => database.to_owned(),
    };
    if database.starts_with("postgres://") || database.starts_with("postgresql://") {
        return Ok(Address::Postgres(database));
    }
    Ok(Address::Sqlite(PathBuf::from(database)))
}

/// Where the master key comes from.
pub fn master(config: &Config) -> Result<MasterSource> {
    match &config.store.master {
        Some(text) => text.parse(),
        None => Ok(MasterSource::File(config.store.data_dir.join("keys").join("master.key"))),
    }
}

fn unreadable(path: &Path, source: &std::io::Error) -> Error {
    Error::invalid(
        "file",
        "file.unreadable",
        format!("无法读取 {}：{source}", path.display()),
        format!("Cannot read {}: {source}", path.display()),
    )
}

/// The firm's own policies, in the order of their names.
fn policies(config: &Config) -> Result<Vec<PolicyFile>> {
    let folder =
        config.store.policies.clone().unwrap_or_else(|| config.store.data_dir.join("policies"));
    let Ok(found) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut paths: Vec<PathBuf> = found.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "cedar"));
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).map_err(|source| unreadable(&path, &source))?;
        Ok(PolicyFile { name: path.display().to_string(), text })
    };
    paths.into_iter().map(read).collect()
}

/// Makes a folder that only its owner may enter.
pub fn make_folder(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| {
        Error::invalid(
            "data_dir",
            "store.folder",
            format!("无法建立数据目录 {}：{source}", path.display()),
            format!("Cannot make the folder {}: {source}", path.display()),
        )
    })
}

fn missing(config: &Config) -> Error {
    let folder = config.store.data_dir.display();
    Error::invalid(
        "data_dir",
        "store.missing",
        format!("{folder} 中没有数据；用 --data-dir 指明数据目录，或先运行 heng serve"),
        format!(
            "There is no store in {folder}: say where it is with --data-dir, or run heng serve"
        ),
    )
}

/// Makes the master key of a new store; says whether it did.
fn new_master(source: &MasterSource, address: &Address) -> Result<Option<PathBuf>> {
    let MasterSource::File(path) = source else { return Ok(None) };
    let new_store = match address {
        Address::Sqlite(file) => !file.exists(),
        Address::Postgres(_) => true,
    };
    if path.exists() || !new_store {
        return Ok(None);
    }
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    vault::write_new_file(path, &Key::generate(&SystemEntropy))?;
    Ok(Some(path.clone()))
}

/// The passphrase, from the terminal without an echo, or the first line of standard input.
fn ask() -> Result<zeroize::Zeroizing<String>> {
    let stdin = std::io::stdin();
    let terminal = stdin.is_terminal();
    let echo = |how: &str| {
        let quiet = Command::new("stty").arg(how).stdin(Stdio::inherit()).status();
        quiet.is_ok_and(|status| status.success())
    };
    if terminal {
        let _ = write!(std::io::stderr(), "主密码 / passphrase: ");
        echo("-echo");
    }
    let mut line = zeroize::Zeroizing::new(String::new());
    let read = stdin.lock().read_line(&mut line);
    if terminal {
        echo("echo");
        let _ = writeln!(std::io::stderr());
    }
    read.map_err(Error::unavailable)?;
    Ok(line)
}

/// The zone of the configuration.
pub fn zone(config: &Config) -> Result<TimeZone> {
    TimeZone::get(&config.firm.zone).map_err(|_| {
        Error::invalid(
            "zone",
            "config.zone",
            format!("没有这个时区：{}", config.firm.zone),
            format!("There is no such time zone: {}", config.firm.zone),
        )
    })
}

fn running(config: &Config, source: &MasterSource) -> Result<Running> {
    let folder = &config.store.data_dir;
    Ok(Running {
        zone: zone(config)?,
        data_dir: folder.clone(),
        secure_cookies: config.server.secure_cookies || config.server.tls_cert.is_some(),
        trusted_proxies: config.server.trusted_proxies.clone(),
        master: (source.to_string(), source.is_beside_store(folder)),
        strict_offices: config.firm.strict_offices,
        web_dir: config.server.web_dir.clone(),
    })
}

/// Opens the store, bringing it up to date.
pub async fn open(config: &Config, make: Make) -> Result<App> {
    let address = address(config)?;
    if let (Address::Sqlite(file), Make::Never) = (&address, make)
        && !file.exists()
    {
        return Err(missing(config));
    }
    make_folder(&config.store.data_dir)?;
    let source = master(config)?;
    let algorithm: Algorithm = config.store.algorithm.parse()?;
    let policies = policies(config)?;
    let made = if make == Make::IfMissing { new_master(&source, &address)? } else { None };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let running = running(config, &source)?;
    let opened = Trust::open(Opening {
        address,
        core: core(config)?,
        migrations: app::MIGRATIONS,
        master: source,
        ask: &ask,
        algorithm,
        policies: &policies,
        record: RecordSettings {
            origin: config.record.origin.clone(),
            outside: config.record.outside.clone(),
        },
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
    })
    .await;
    match opened {
        Ok(trust) => {
            let press = Arc::new(press::Typst::default());
            Ok(App::new(trust, clock, entropy, running).with_press(press))
        }
        Err(error) => {
            // A key that was made for a store that had another one must not stay around.
            if let Some(path) = made.filter(|_| error.code() == "vault.master_wrong") {
                let _ = fs::remove_file(path);
            }
            Err(error)
        }
    }
}

/// The store and the operator at the machine.
pub struct Operator {
    /// The product.
    pub app: App,
    /// The operator.
    pub actor: Actor,
}

impl Operator {
    /// Puts everything on record, seals it and stops.
    pub async fn close(self) -> Result<()> {
        self.app.trust.record.stop().await
    }
}

/// Opens the store for the operator at the machine, whom the firm may have shut out.
pub async fn operator(config: &Config, make: Make) -> Result<Operator> {
    let app = open(config, make).await?;
    let actor = local_actor(&os_user(own_uid()));
    if let Err(error) = app::settings::local_operator_allowed(&app, &actor).await {
        app.trust.record.stop().await?;
        return Err(error);
    }
    Ok(Operator { app, actor })
}

/// The operator of a name that the operating system vouches for.
pub fn local_actor(os_user: &str) -> Actor {
    let origin = Origin {
        address: "local".to_owned(),
        agent: format!("heng {}", env!("CARGO_PKG_VERSION")),
        request: String::new(),
    };
    Actor::local_operator(os_user, origin)
}

/// The number of the user whom this process belongs to.
#[cfg(unix)]
pub fn own_uid() -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").ok().map(|found| found.uid())
}

#[cfg(not(unix))]
pub fn own_uid() -> Option<u32> {
    None
}

/// The name of a user of the operating system.
pub fn os_user(uid: Option<u32>) -> String {
    let Some(uid) = uid else {
        return std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_default();
    };
    let known = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = known.lines().find_map(|line| {
        let mut parts = line.split(':');
        let (name, _, number) = (parts.next()?, parts.next()?, parts.next()?);
        (number.parse() == Ok(uid)).then(|| name.to_owned())
    });
    name.unwrap_or_else(|| format!("uid {uid}"))
}

/// `heng migrate`: opening does it.
pub async fn migrate(config: &Config, output: &Output) -> Result<Verdict> {
    let app = open(config, Make::IfMissing).await?;
    app.trust.record.stop().await?;
    let tables = app.db.columns().await?;
    let columns = tables.len();
    output.answer(&json!({ "ok": true, "columns": columns }), || {
        output.say("数据库结构已是最新", "The store is up to date").to_owned()
    })
}
