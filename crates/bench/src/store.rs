//! A store with the invented firm, opened and served as `heng serve` does.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::sample::{self, Login};
use app::{App, Running, identity};
use jiff::tz::TimeZone;
use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use trust::access::{Actor, Origin};
use trust::database::Address;
use trust::record::RecordSettings;
use trust::vault::{self, Algorithm, Key, MasterSource};
use trust::{Opening, Trust};
use values::{Clock, Entropy, SystemClock, SystemEntropy};

use crate::Outcome;
use crate::http::{self, Connected};

/// Who may see every client.
pub const PRINCIPAL: &str = "lin.zhangduo";
/// Who may see the clients of a department.
pub const SUPERVISOR: &str = "zhou.zhuguan";
/// Who brings the workbook; of the supervisor's department.
pub const CLERK: &str = "xu.suanpan";

fn database(folder: &Path) -> PathBuf {
    folder.join("heng.db")
}

/// Opens a store, making it and its key when there is none.
pub async fn open(folder: &Path) -> Outcome<App> {
    let key = folder.join("keys").join("master.key");
    if !key.exists() {
        vault::write_new_file(&key, &Key::generate(&SystemEntropy))?;
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let trust = Trust::open(Opening {
        address: Address::Sqlite(database(folder)),
        core: Address::Sqlite(folder.join("core.db")),
        migrations: app::MIGRATIONS,
        master: MasterSource::File(key.clone()),
        ask: &|| Err(values::Error::internal("no passphrase is needed")),
        algorithm: Algorithm::Aes256Gcm,
        policies: &[],
        record: RecordSettings { origin: "heng".to_owned(), outside: None },
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
    })
    .await?;
    let running = Running {
        zone: TimeZone::get(values::DEFAULT_ZONE)?,
        data_dir: folder.to_path_buf(),
        secure_cookies: false,
        trusted_proxies: Vec::new(),
        master: (key.display().to_string(), true),
        strict_offices: false,
        web_dir: None,
    };
    Ok(App::new(trust, clock, entropy, running))
}

/// Makes a store with the people of the invented firm.
pub async fn found(folder: &Path) -> Outcome<Vec<Login>> {
    let app = open(folder).await?;
    let logins = sample::found_firm(&app).await?;
    app.trust.record.stop().await?;
    Ok(logins)
}

/// Somebody of the firm, as they come through the door.
pub async fn person(app: &App, name: &str) -> Outcome<Actor> {
    let operator = operator();
    let account = identity::find(app, &operator, name).await?;
    Ok(identity::actor_of(app, account.id, Origin::default()).await?)
}

/// Whoever sits at the machine.
pub fn operator() -> Actor {
    Actor::local_operator("bench", Origin { address: "local".to_owned(), ..Origin::default() })
}

/// A store that answers on this machine.
pub struct Served {
    /// The process's shared parts.
    pub app: App,
    /// Where it answers.
    pub address: SocketAddr,
    /// The file that is measured against.
    pub database: PathBuf,
    logins: Vec<Login>,
    cookies: Mutex<HashMap<String, String>>,
    server: JoinHandle<()>,
}

impl Served {
    /// Opens the store and answers on a free port.
    pub async fn start(folder: &Path, logins: Vec<Login>) -> Outcome<Self> {
        let app = open(folder).await?;
        let (address, server) = http::serve(app::router(app.clone())).await?;
        let (database, cookies) = (database(folder), Mutex::default());
        Ok(Self { app, address, database, logins, cookies, server })
    }

    /// A bare connection to the same file, that can only read.
    pub fn bare(&self) -> Outcome<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let bare = Connection::open_with_flags(&self.database, flags)?;
        bare.execute_batch("PRAGMA cache_size = -4000; PRAGMA mmap_size = 268435456;")?;
        Ok(bare)
    }

    /// Signs somebody in, once, and gives their cookie.
    pub async fn sign_in(&self, name: &str) -> Outcome<String> {
        let mut cookies = self.cookies.lock().await;
        if let Some(cookie) = cookies.get(name) {
            return Ok(cookie.clone());
        }
        let login = find(&self.logins, name)?;
        let totp = identity::code_at(&login.totp, self.app.clock.now())?;
        let body = json!({ "name": name, "password": login.password.as_str(), "totp": totp });
        let mut connected = Connected::open(self.address, "").await?;
        let answer = connected.send("POST", "/api/session", &[], &body.to_string()).await?;
        answer.good()?;
        let cookie = answer.header("set-cookie").and_then(|text| text.split(';').next());
        let cookie = cookie.ok_or("no cookie was set")?.to_owned();
        cookies.insert(name.to_owned(), cookie.clone());
        Ok(cookie)
    }

    /// Ids of clients, spread over the whole store.
    pub fn ids(&self, most: i64) -> Outcome<Vec<values::ClientId>> {
        let bare = self.bare()?;
        let count: i64 = bare.query_row("SELECT COUNT(*) FROM client", [], |row| row.get(0))?;
        let step = (count / most).max(1);
        let sql = "SELECT id FROM client WHERE number % ?1 = 0 ORDER BY number LIMIT ?2";
        let mut statement = bare.prepare(sql)?;
        let mut found = statement.query([step, most])?;
        let mut ids = Vec::new();
        while let Some(row) = found.next()? {
            let bytes: Vec<u8> = row.get(0)?;
            ids.push(values::ClientId::from_bytes(&bytes)?);
        }
        Ok(ids)
    }

    /// Lets the record be written and closes the store.
    pub async fn stop(self) -> Outcome<Vec<Login>> {
        self.server.abort();
        self.app.trust.record.stop().await?;
        Ok(self.logins)
    }
}

/// How somebody signs in.
pub fn find<'a>(logins: &'a [Login], name: &str) -> Outcome<&'a Login> {
    let found = logins.iter().find(|login| login.name == name);
    Ok(found.ok_or_else(|| format!("nobody signs in as {name}"))?)
}
