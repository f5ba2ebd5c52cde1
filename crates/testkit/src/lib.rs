//! A whole Heng for one test: its own store, a clock that is moved by hand, repeatable randomness,
//! and a sample firm with one person in each role.
//!
//! `TestApp::new().await.as_clerk().await.post("/clients", json!({…})).await` is the vocabulary.
//! The store is SQLite in a temporary folder, or PostgreSQL where `TEST_DATABASE=postgres`.

mod client;
mod press;
mod staff;
mod store;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use app::{App, Running};
use axum::Router;
use jiff::tz::TimeZone;
use trust::database::Migration;
use trust::record::RecordSettings;
use trust::vault::{Algorithm, MasterSource};
use trust::{Opening, Trust};
use values::{Clock, DEFAULT_ZONE, Entropy, FixedClock, Micros, SeededEntropy};

pub use client::{Client, Reply};
pub use press::PlainPress;
pub use staff::{CODE_SEED, PASSWORD, STAFF, Staff};
pub use store::TestStore;

/// 2026-06-01 09:00 in Shanghai, when every test begins.
pub const START: Micros = Micros(1_780_275_600_000_000);

/// A running Heng without a socket.
pub struct TestApp {
    /// The process's shared parts.
    pub app: App,
    /// The clock, to be moved by hand.
    pub clock: Arc<FixedClock>,
    router: Router,
    sessions: Mutex<HashMap<String, String>>,
    store: TestStore,
}

impl TestApp {
    /// A firm at work: the staff of [`STAFF`] in two departments.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The same, run in another way.
    pub async fn with(change: impl FnOnce(&mut Running)) -> Self {
        let store = TestStore::from_template().await;
        Self::over(store, change).await
    }

    /// A store that nobody has set up yet.
    pub async fn empty() -> Self {
        Self::over(TestStore::empty().await, |_| {}).await
    }

    /// The same, by a program that has no typesetter.
    pub async fn without_press() -> Self {
        Self::made(TestStore::from_template().await, |_| {}, |app| App { press: None, ..app }).await
    }

    /// The firm in a store that an older Heng left, which had only these migrations: `left` is what
    /// was written then.
    pub async fn from_older(migrations: &[Migration], left: impl AsyncFnOnce(&App)) -> Self {
        let store = TestStore::founded(migrations, left).await;
        Self::over(store, |_| {}).await
    }

    async fn over(store: TestStore, change: impl FnOnce(&mut Running)) -> Self {
        Self::made(store, change, |app| app).await
    }

    async fn made(
        store: TestStore,
        change: impl FnOnce(&mut Running),
        lacking: impl FnOnce(App) -> App,
    ) -> Self {
        let clock = Arc::new(FixedClock::new(START));
        let opened = open(&store, app::MIGRATIONS, Arc::clone(&clock), 7, change).await;
        let app = lacking(opened);
        let router = app::router(app.clone());
        Self { app, clock, router, sessions: Mutex::new(HashMap::new()), store }
    }

    /// The person of the sample firm who holds a role, signed in, with the second factor where
    /// the person has one.
    pub async fn as_role(&self, role: &str) -> Client<'_> {
        let person = staff::of_role(role);
        let known = self.lock().get(role).cloned();
        let cookie = match known {
            Some(cookie) => cookie,
            None => {
                let cookie = self.sign_in(person).await;
                self.lock().insert(role.to_owned(), cookie.clone());
                cookie
            }
        };
        Client::new(&self.router).with_cookie(cookie)
    }

    /// The clerk: an accountant.
    pub async fn as_clerk(&self) -> Client<'_> {
        self.as_role("accountant").await
    }

    /// The principal.
    pub async fn as_principal(&self) -> Client<'_> {
        self.as_role("principal").await
    }

    /// The supervisor of the first department.
    pub async fn as_supervisor(&self) -> Client<'_> {
        self.as_role("supervisor").await
    }

    /// The system administrator.
    pub async fn as_sysadmin(&self) -> Client<'_> {
        self.as_role("sysadmin").await
    }

    /// The security administrator.
    pub async fn as_secadmin(&self) -> Client<'_> {
        self.as_role("secadmin").await
    }

    /// The auditor.
    pub async fn as_auditor(&self) -> Client<'_> {
        self.as_role("auditor").await
    }

    /// Somebody who is not signed in.
    #[must_use]
    pub fn as_nobody(&self) -> Client<'_> {
        Client::new(&self.router)
    }

    /// Forgets the sessions that [`Self::as_role`] keeps, so that the next one signs in anew.
    pub fn forget_sessions(&self) {
        self.lock().clear();
    }

    /// Signs a person in and gives the session cookie.
    pub async fn sign_in(&self, person: &Staff) -> String {
        let code = person.second_factor().then(|| self.code());
        let body = serde_json::json!({ "name": person.name, "password": PASSWORD, "totp": code });
        let reply = self.as_nobody().post("/session", body).await;
        assert_eq!(reply.status, 200, "{} signs in: {}", person.name, reply.body);
        reply.cookie().unwrap_or_default()
    }

    /// The one-time code of the sample firm's people now; each works once, so move the clock by
    /// half a minute before the same person uses another.
    #[must_use]
    pub fn code(&self) -> String {
        app::identity::code_at(&app::identity::seed_text(*CODE_SEED), self.clock.now())
            .unwrap_or_default()
    }

    /// Waits until everything that was looked at is on record.
    pub async fn flush(&self) {
        self.app.trust.record.flush().await;
    }

    /// Where the store is.
    #[must_use]
    pub const fn store(&self) -> &TestStore {
        &self.store
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens a store the way tests run.
async fn open(
    store: &TestStore,
    migrations: &[Migration],
    clock: Arc<FixedClock>,
    seed: u64,
    change: impl FnOnce(&mut Running),
) -> App {
    let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(seed ^ store.seed()));
    let zone = TimeZone::get(DEFAULT_ZONE).unwrap_or(TimeZone::UTC);
    let opened = Trust::open(Opening {
        address: store.address(),
        core: store.core(),
        migrations,
        master: MasterSource::File(store.master()),
        ask: &|| Err(values::Error::internal("no passphrase in tests")),
        algorithm: Algorithm::Aes256Gcm,
        policies: &[],
        record: RecordSettings { origin: "heng.test".to_owned(), outside: None },
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        entropy: Arc::clone(&entropy),
    });
    let mut running = Running {
        zone,
        data_dir: store.folder().to_owned(),
        secure_cookies: false,
        trusted_proxies: Vec::new(),
        master: ("file".to_owned(), true),
        strict_offices: false,
        web_dir: None,
    };
    change(&mut running);
    match opened.await {
        Ok(trust) => App::new(trust, clock, entropy, running).with_press(Arc::new(PlainPress)),
        Err(error) => fail(&format!("the store did not open: {error:?}")),
    }
}

/// Ends the test: what it stands on is not there.
#[expect(clippy::panic, reason = "a test that cannot be set up must fail, saying why")]
fn fail(why: &str) -> ! {
    panic!("{why}")
}

/// Begins set-up as the server does at start, and gives the secret of the link.
pub async fn begin_setup(test: &TestApp) -> Option<String> {
    match app::identity::begin_setup(&test.app).await {
        Ok(secret) => secret,
        Err(error) => fail(&format!("set-up did not begin: {error:?}")),
    }
}

/// Whether set-up waits to be finished.
pub async fn setup_is_open(test: &TestApp) -> bool {
    app::identity::setup_is_open(&test.app).await.unwrap_or(false)
}

/// The link that `heng user reset` prints.
pub async fn operator_reset(test: &TestApp, name: &str) -> String {
    let operator = trust::access::Actor::local_operator("root", trust::access::Origin::default());
    let made = async {
        let account = app::identity::find(&test.app, &operator, name).await?;
        app::identity::reset(&test.app, &operator, account.id).await
    };
    match made.await {
        Ok(link) => link.path,
        Err(error) => fail(&format!("{error:?}")),
    }
}
