//! A house to test in: a fresh store with its key, a clock that is moved by hand, actions, people
//! and a raw way into the store such as someone with the file in hand has.

use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;
use tokio_postgres::NoTls;
use trust::access::{
    Action, Actor, Holder, Origin, Permit, PolicyFile, RelationKind, Verified, set_relation,
};
use trust::database::{Address, Migration};
use trust::record::{Body, Change, Filter, RecordSettings, Verification, list};
use trust::vault::{
    Algorithm, CoreItem, Destroys, Field, Keeps, Key, MasterSource, Opens, OpensCore, Reveals,
    write_new_file,
};
use trust::{Opening, Trust};
use uuid::Uuid;
use values::{
    ClientId, DepartmentId, Entropy, Error, FixedClock, Micros, Result, SystemEntropy, UserId,
};

/// Where the clock stands at first: 2026-01-05 in the morning.
pub const NOW: Micros = Micros(1_767_571_200_000_000);

macro_rules! actions {
    ($($action:ident = $name:literal, $level:literal, $target:ty;)*) => {$(
        pub struct $action;
        impl Action for $action {
            const NAME: &'static str = $name;
            const LEVEL: u8 = $level;
            const CLASSES: &'static [&'static str] = &["client.name"];
            type Target = $target;
        }
    )*};
}

actions! {
    ListClients = "client.list", 1, ();
    SeeRow = "client.list", 1, ClientId;
    ListConfidential = "client.view_confidential", 3, ();
    ViewConfidential = "client.view_confidential", 3, ClientId;
    ViewClient = "client.view", 2, ClientId;
    UpdateClient = "client.update", 2, ClientId;
    AssignClient = "client.assign", 2, ClientId;
    ExportClient = "client.export", 2, ClientId;
    Reveal = "client.reveal", 4, ClientId;
    RunImport = "import.run", 2, ();
    RotateKeys = "key.rotate", 1, ();
    ListRecord = "record.list", 1, ();
    ViewFigures = "client.view", 4, ClientId;
    SaveFigures = "client.update", 4, ClientId;
    DestroyFigures = "client.merge", 4, ClientId;
}

pub struct Figures;
impl CoreItem for Figures {
    const ITEM: &'static str = "statements";
}
impl Keeps<Figures> for SaveFigures {}
impl OpensCore<Figures> for SaveFigures {}
impl OpensCore<Figures> for ViewFigures {}
impl Destroys<Figures> for DestroyFigures {}

pub struct Phone;
impl Field for Phone {
    const ITEM: &'static str = "contact.phone";
    const LEVEL: u8 = 3;
}
impl Opens<Phone> for ViewConfidential {}

pub struct IdNumber;
impl Field for IdNumber {
    const ITEM: &'static str = "client.legal_rep_id_no";
    const LEVEL: u8 = 4;
}
impl Reveals<IdNumber> for Reveal {}

/// The tables of a context that does not exist.
pub const NOTES: Migration = Migration::same(
    "V0002__notes",
    "CREATE TABLE note (id BIGINT PRIMARY KEY, text TEXT NOT NULL);
     CREATE TABLE client (id BYTEA PRIMARY KEY, name TEXT NOT NULL);",
);
/// What a newer Heng adds to them.
pub const LATER: Migration =
    Migration::same("V0003__later", "CREATE TABLE later (id BIGINT PRIMARY KEY);");

/// What refers to the core store.
pub const FIGURES: Migration = Migration::same(
    "V0004__figures",
    concat!(
        include_str!("../../src/vault/core_store/references.sql"),
        "CREATE TABLE figures (id BIGINT PRIMARY KEY, \
         address BYTEA NOT NULL REFERENCES core_reference (address));"
    ),
);

/// What both drivers can read.
pub trait Stored: rusqlite::types::FromSql + for<'a> tokio_postgres::types::FromSql<'a> {}
impl Stored for i64 {}
impl Stored for String {}
impl Stored for Vec<u8> {}

pub struct House {
    pub folder: TempDir,
    pub address: Address,
    pub core: Address,
    pub clock: Arc<FixedClock>,
    pub algorithm: Algorithm,
    /// Whether checkpoints are copied outside.
    pub outside: bool,
}

impl House {
    pub async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        write_new_file(&folder.path().join("master.key"), &Key::generate(&SystemEntropy)).unwrap();
        let (address, core) = if on_postgres() {
            (Address::Postgres(fresh_database().await), Address::Postgres(String::new()))
        } else {
            let in_folder = |name| Address::Sqlite(folder.path().join("store").join(name));
            (in_folder("heng.db"), in_folder("core.db"))
        };
        let clock = Arc::new(FixedClock::new(NOW));
        Self { folder, address, core, clock, algorithm: Algorithm::Aes256Gcm, outside: true }
    }

    /// One with a core store.
    pub async fn with_core() -> Self {
        let mut house = Self::new().await;
        if on_postgres() {
            house.core = Address::Postgres(fresh_database().await);
        }
        house
    }

    /// Opens the store with the tables that refer to the core store.
    pub async fn open_with_core(&self) -> Trust {
        self.try_open(&[NOTES, FIGURES], &[]).await.unwrap()
    }

    /// The core store's file, for tests of what only SQLite has.
    pub fn core_file(&self) -> Option<PathBuf> {
        match &self.core {
            Address::Sqlite(path) => Some(path.clone()),
            Address::Postgres(_) => None,
        }
    }

    /// The SQLite file, for tests of what only SQLite has.
    pub fn file(&self) -> Option<PathBuf> {
        match &self.address {
            Address::Sqlite(path) => Some(path.clone()),
            Address::Postgres(_) => None,
        }
    }

    pub fn outside_folder(&self) -> PathBuf {
        self.folder.path().join("outside")
    }

    pub async fn open(&self) -> Trust {
        self.try_open(&[NOTES], &[]).await.unwrap()
    }

    pub async fn try_open(
        &self,
        migrations: &[Migration],
        policies: &[PolicyFile],
    ) -> Result<Trust> {
        Trust::open(Opening {
            address: self.address.clone(),
            core: self.core.clone(),
            migrations,
            master: MasterSource::File(self.folder.path().join("master.key")),
            ask: &|| Err(Error::internal("nobody is asked")),
            algorithm: self.algorithm,
            policies,
            record: RecordSettings {
                origin: "heng/test".to_owned(),
                outside: self.outside.then(|| self.outside_folder()),
            },
            clock: self.clock.clone(),
            entropy: Arc::new(SystemEntropy),
        })
        .await
    }

    /// Runs statements behind the back of Heng.
    pub async fn tamper(&self, sql: &str) {
        execute(&self.address, sql).await;
    }

    /// The same in the core store.
    pub async fn tamper_core(&self, sql: &str) {
        execute(&self.core, sql).await;
    }

    /// What another connection reads as one number.
    pub async fn number(&self, sql: &str) -> i64 {
        self.column(sql).await[0]
    }

    /// What another connection reads in one column.
    pub async fn column<T: Stored>(&self, sql: &str) -> Vec<T> {
        column_of(&self.address, sql).await
    }

    /// The same in the core store.
    pub async fn core_column<T: Stored>(&self, sql: &str) -> Vec<T> {
        column_of(&self.core, sql).await
    }

    /// A literal of bytes in the store's SQL.
    pub fn literal(&self, bytes: &[u8]) -> String {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self.address {
            Address::Sqlite(_) => format!("x'{digits}'"),
            Address::Postgres(_) => format!("'\\x{digits}'::bytea"),
        }
    }
}

fn on_postgres() -> bool {
    std::env::var("TEST_DATABASE").is_ok_and(|kind| kind == "postgres")
}

async fn execute(address: &Address, sql: &str) {
    match address {
        Address::Sqlite(path) => {
            rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
        }
        Address::Postgres(url) => connect(url).await.batch_execute(sql).await.unwrap(),
    }
}

async fn column_of<T: Stored>(address: &Address, sql: &str) -> Vec<T> {
    match address {
        Address::Sqlite(path) => {
            let raw = rusqlite::Connection::open(path).unwrap();
            let mut found = raw.prepare(sql).unwrap();
            found.query_map([], |row| row.get(0)).unwrap().map(|cell| cell.unwrap()).collect()
        }
        Address::Postgres(url) => {
            let rows = connect(url).await.query(sql, &[]).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    }
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn fresh_database() -> String {
    let url = std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names the server");
    let name = format!("heng_{}", Uuid::from_bytes(random()).simple());
    let made = format!("CREATE DATABASE {name} TEMPLATE template0");
    connect(&url).await.batch_execute(&made).await.unwrap();
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    SystemEntropy.fill(&mut bytes);
    bytes
}

pub fn a_client() -> ClientId {
    ClientId(Uuid::from_bytes(random()))
}

pub fn a_user() -> UserId {
    UserId(Uuid::from_bytes(random()))
}

pub fn a_department() -> DepartmentId {
    DepartmentId(Uuid::from_bytes(random()))
}

/// Somebody with all that roles alone do not give.
pub fn verified(roles: &[&str]) -> Verified {
    Verified {
        user: a_user(),
        name: "林一".to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        departments: Vec::new(),
        clearance: 4,
        mfa: true,
        trained: true,
        proved_at: Some(NOW),
    }
}

pub fn acting(who: Verified) -> Actor {
    let origin = Origin {
        address: "192.0.2.7".to_owned(),
        agent: "test".to_owned(),
        request: "r-1".to_owned(),
    };
    Actor::person(who, origin, NOW)
}

pub fn person(roles: &[&str]) -> Actor {
    acting(verified(roles))
}

/// Writes a numbered note, through the whole path.
pub async fn write_note(trust: &Trust, actor: &Actor, id: i64) -> Result<()> {
    let permit = trust.access.authorize::<RunImport>(actor, ()).await?;
    let mut tx = trust.db.write(&permit).await?;
    tx.execute(
        "INSERT INTO note (id, text) VALUES ($1, $2)",
        &[id.into(), format!("note {id}").into()],
    )
    .await?;
    tx.commit(permit.entry(Change::none().count("notes", 1))).await?;
    Ok(())
}

/// Makes people and departments stand to a client.
pub async fn relate(
    trust: &Trust,
    client: ClientId,
    relations: &[(RelationKind, Holder, Option<Micros>)],
) {
    let actor = person(&["principal"]);
    let permit = trust.access.authorize::<RunImport>(&actor, ()).await.unwrap();
    let mut tx = trust.db.write(&permit).await.unwrap();
    tx.execute("INSERT INTO client (id, name) VALUES ($1, $2)", &[client.into(), "甲公司".into()])
        .await
        .unwrap();
    for (kind, holder, until) in relations {
        set_relation(&mut tx, client, *kind, Some(*holder), *until, NOW).await.unwrap();
    }
    tx.commit(permit.entry(Change::none().clients([client]))).await.unwrap();
}

/// The entries of the record, oldest first, as far as they are written.
pub async fn entries(trust: &Trust) -> Vec<Body> {
    let auditor = person(&["auditor"]);
    let permit: Permit<'_, ListRecord> = trust.access.authorize(&auditor, ()).await.unwrap();
    let mut tx = trust.db.read(&permit).await.unwrap();
    let filter = Filter { limit: 1_000_000, ..Filter::default() };
    let found = list(&mut tx, &filter).await.unwrap();
    found.iter().rev().map(|entry| Body::parse(&entry.body).unwrap()).collect()
}

/// What a verification says.
pub async fn verdict(trust: &Trust) -> Verification {
    let auditor = person(&["auditor"]);
    let permit: Permit<'_, ListRecord> = trust.access.authorize(&auditor, ()).await.unwrap();
    let mut tx = trust.db.read(&permit).await.unwrap();
    trust.record.verify(&mut tx).await.unwrap()
}
