//! The product: one folder per bounded context over the trust base, and the HTTP border.

pub mod calendar;
pub mod clients;
pub mod http;
pub mod identity;
pub mod keys;
pub mod overview;
pub mod permissions;
pub mod records;
pub mod sample;
pub mod settings;
pub mod sheets;
pub mod statements;

mod catalogue;
mod migrations;
mod router;

use std::path::PathBuf;
use std::sync::Arc;

use documents::paper::Press;
use jiff::tz::TimeZone;
use trust::Trust;
use trust::access::Access;
use trust::database::Db;
use trust::vault::{CoreStore, Keyring};
use values::{Clock, Entropy};

pub use migrations::MIGRATIONS;
pub use router::{openapi, router};

/// What each column of the store holds, but for those of people and sessions.
pub const COLUMNS: &str = include_str!("columns.toml");

/// What the whole process shares. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Permission, transaction, record and decryption.
    pub trust: Trust,
    /// Decides.
    pub access: Access,
    /// Stores.
    pub db: Db,
    /// Seals and opens.
    pub keyring: Keyring,
    /// Keeps statements and returns, apart.
    pub core: CoreStore,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The random source.
    pub entropy: Arc<dyn Entropy>,
    /// How this process runs.
    pub running: Arc<Running>,
    /// Attempts on locked names that are counted and not on record.
    pub unwritten: Arc<identity::Unwritten>,
    /// The fields that the firm added to the archive.
    pub added: Arc<clients::Added>,
    /// Sets papers as PDF, where the program has a typesetter.
    pub press: Option<Arc<dyn Press>>,
}

/// How this process runs: decided at start, the same until it stops.
#[derive(Debug, Clone)]
pub struct Running {
    /// The firm's time zone; every date, as-of and expiry is decided in it.
    pub zone: TimeZone,
    /// The folder of the store and of sealed originals.
    pub data_dir: PathBuf,
    /// Whether browsers reach Heng by TLS, so that cookies must be Secure.
    pub secure_cookies: bool,
    /// Proxies whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Where the master key comes from, in words, and whether it lies beside the store.
    pub master: (String, bool),
    /// Whether one person may hold an office and a business role.
    pub strict_offices: bool,
    /// The web files on disk, in development; the embedded ones otherwise.
    pub web_dir: Option<PathBuf>,
}

impl App {
    /// The process's shared parts over an opened store.
    #[must_use]
    pub fn new(
        trust: Trust,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        running: Running,
    ) -> Self {
        Self {
            access: trust.access.clone(),
            db: trust.db.clone(),
            keyring: trust.keyring.clone(),
            core: trust.core.clone(),
            trust,
            clock,
            entropy,
            running: Arc::new(running),
            unwritten: Arc::default(),
            added: Arc::default(),
            press: None,
        }
    }

    /// The same with a typesetter.
    #[must_use]
    pub fn with_press(self, press: Arc<dyn Press>) -> Self {
        Self { press: Some(press), ..self }
    }

    /// Today in the firm's time zone.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        self.clock.now().date_in(&self.running.zone)
    }
}
