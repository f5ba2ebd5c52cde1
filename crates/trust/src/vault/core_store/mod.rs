//! The core store (关键财务数据): statements and returns, apart from everything else and under
//! keys of their own.
//!
//! A revision is immutable and lies at a keyed hash of its content. It is written here first; only
//! then can a transaction of the main store refer to it, and only what is referred to has an
//! address to be kept in a table. A crash between the two leaves a revision without a reference,
//! which [`CoreStore::sweep`] finds: never a reference without a revision. Each revision is sealed
//! under its own key; rotation wraps those keys anew and leaves contents and addresses alone.
//!
//! Opening takes a permit of an action of level 4 that names the item, and its use is durable on
//! record before anything is shown. Without the core store the rest of Heng works.

mod care;
mod ring;

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use values::{ClientId, Clock, Entropy, Error, Kind, Result};
use zeroize::Zeroizing;

pub use care::{Collected, CoreCheck, Rewrapped};

use super::cipher::Algorithm;
use super::keys::Key;
use crate::access::{Action, Permit};
use crate::database::{Address, Db, Migration, ReadTx, Reader, Store, WriteTx, Writer};
use crate::record::Receipt;
use ring::{Read, Ring};

/// The tables of the main store that name revisions; they belong into its migrations.
pub const CORE_REFERENCES: &str = include_str!("references.sql");

/// The tables of the core store itself.
const CORE: &[Migration] = &[Migration::same("V0001__core", include_str!("core.sql"))];

/// A kind of content, by its item in the catalogue.
pub trait CoreItem: Send + Sync + 'static {
    /// The catalogue item.
    const ITEM: &'static str;
}

/// An action that may write a content: `impl Keeps<StatementFile> for ImportStatements {}`.
pub trait Keeps<I: CoreItem>: Action<Target = ClientId> {}

/// An action that may open a content.
pub trait OpensCore<I: CoreItem>: Action<Target = ClientId> {}

/// An action that may destroy a content for good.
pub trait Destroys<I: CoreItem>: Action<Target = ClientId> {}

/// Where a revision lies: a keyed hash of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CoreAddress([u8; 32]);

impl CoreAddress {
    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The address of stored bytes.
    ///
    /// # Errors
    /// Internal when there are not thirty-two.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let bytes =
            bytes.try_into().map_err(|_| Error::internal("an address of another length"))?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for CoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A revision that is on disk and that nothing refers to yet. Its address is had by referring.
#[must_use = "a revision that nothing refers to is collected"]
pub struct Kept {
    address: CoreAddress,
    owner: ClientId,
    core: Vec<u8>,
}

impl Kept {
    /// Refers to the revision from a transaction of the main store.
    ///
    /// # Errors
    /// Internal when it is another client's; Unavailable `core.foreign` when it is another core
    /// store's than the main store knows; NotFound `core.destroyed` when the same content was
    /// condemned: what is about to be destroyed must not be referred to anew.
    pub async fn refer<A: Action<Target = ClientId>>(
        self,
        tx: &mut WriteTx<A>,
        clock: &dyn Clock,
    ) -> Result<CoreAddress> {
        if tx.owner() != self.owner {
            return Err(Error::internal("a revision of another client"));
        }
        let bound = tx
            .rows(
                "INSERT INTO core_binding (one, core_id) VALUES (1, $1) \
                 ON CONFLICT (one) DO UPDATE SET core_id = core_binding.core_id \
                 RETURNING core_id",
                &[self.core.clone().into()],
            )
            .await?;
        if bound.first().map(|row| row.bytes(0)).transpose()? != Some(self.core) {
            return Err(foreign());
        }
        let referred = tx
            .rows(
                "INSERT INTO core_reference (address, owner, at) VALUES ($1, $2, $3) \
                 ON CONFLICT (address) DO UPDATE SET at = core_reference.at \
                 RETURNING condemned_at",
                &[self.address.0.to_vec().into(), self.owner.into(), clock.now().into()],
            )
            .await?;
        match referred.first().map(|row| row.opt_int(0)).transpose()?.flatten() {
            None => Ok(self.address),
            Some(_) => Err(destroyed()),
        }
    }
}

/// What a core store is opened with.
pub(crate) struct Surroundings {
    pub(crate) address: Address,
    pub(crate) main: Store,
    pub(crate) master: Arc<Key>,
    pub(crate) algorithm: Algorithm,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

/// An open core store.
struct Opened {
    store: Store,
    id: Vec<u8>,
    ring: RwLock<Ring>,
    file: Option<u64>,
}

impl Opened {
    fn with<T>(&self, work: impl FnOnce(&Ring) -> Result<T>) -> Result<T> {
        work(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes up the keys that another process has made since, as the main store's keyring does.
    /// After a row was read, so that there is a key for whatever the row was sealed with.
    async fn keep_up(&self, reader: &mut Reader, master: &Key) -> Result<()> {
        let newest = self.with(|ring| Ok(ring.newest()))?;
        let Some(read) = Read::after(newest, reader, master).await? else { return Ok(()) };
        tracing::info!("took up the core store's keys of a rotation by another process");
        self.ring.write().unwrap_or_else(PoisonError::into_inner).take_up(read);
        Ok(())
    }
}

struct Inner {
    around: Surroundings,
    opened: tokio::sync::Mutex<Option<Arc<Opened>>>,
}

/// The core store. It is opened when it is first needed, and again when it was away. Cheap to
/// clone.
#[derive(Clone)]
pub struct CoreStore(Arc<Inner>);

/// Which file a path leads to now; a file that was taken away and replaced is another one.
#[cfg(unix)]
fn file_number(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|found| found.ino())
}

#[cfg(not(unix))]
fn file_number(path: &Path) -> Option<u64> {
    path.exists().then_some(0)
}

fn away(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(
        Kind::Unavailable,
        "core.unavailable",
        "关键财务数据库暂不可用：报表与申报表现在不能查看或保存，其他功能照常。请联系系统管理员",
        "The store of key financial data is away: statements and returns can be neither seen nor \
         saved; everything else works. Ask the system administrator",
    )
    .with_source(source)
}

fn foreign() -> Error {
    Error::new(
        Kind::Unavailable,
        "core.foreign",
        "关键财务数据库与主数据库不是一套，请检查配置 store.core 或恢复正确的备份",
        "This store of key financial data belongs to another main store: check store.core or \
         restore the right copy",
    )
}

/// A fault of the core store, in words that say which store it is.
fn named(error: Error) -> Error {
    match (error.kind(), error.code()) {
        (Kind::Unavailable, "unavailable") => away(error),
        _ => error,
    }
}

fn gone(address: CoreAddress) -> Error {
    Error::internal(format!("nothing lies at {address} in the core store"))
}

fn destroyed() -> Error {
    Error::new(
        Kind::NotFound,
        "core.destroyed",
        "此版本已按保存期限销毁，仅保留其摘要",
        "This revision was destroyed at the end of its retention; only its hash is kept",
    )
}

impl CoreStore {
    pub(crate) fn new(around: Surroundings) -> Self {
        Self(Arc::new(Inner { around, opened: tokio::sync::Mutex::new(None) }))
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.0.around.address
    }

    /// The core store that the main store knows; none before the first revision.
    async fn bound(&self) -> Result<Option<Vec<u8>>> {
        let mut reader = self.0.around.main.look_up().await?;
        let row = reader.row("SELECT core_id FROM core_binding WHERE one = 1", &[]).await?;
        row.map(|row| row.bytes(0)).transpose()
    }

    /// The open store; `None` where there is none yet and none is to be made.
    async fn opened(&self, make: bool) -> Result<Option<Arc<Opened>>> {
        let mut held = self.0.opened.lock().await;
        let now = match &self.0.around.address {
            Address::Sqlite(path) => file_number(path),
            Address::Postgres(_) => None,
        };
        if let Some(opened) = held.as_ref().filter(|opened| opened.file == now) {
            return Ok(Some(Arc::clone(opened)));
        }
        *held = None;
        let bound = self.bound().await?;
        if let (Address::Sqlite(path), None) = (&self.0.around.address, now) {
            match (&bound, make) {
                (Some(_), _) => return Err(away(format!("{} is missing", path.display()))),
                (None, false) => return Ok(None),
                (None, true) => {}
            }
        }
        let opened = Arc::new(self.open(bound.as_deref()).await.map_err(named)?);
        *held = Some(Arc::clone(&opened));
        Ok(Some(opened))
    }

    async fn open(&self, bound: Option<&[u8]>) -> Result<Opened> {
        let Surroundings { address, master, algorithm, clock, entropy, .. } = &self.0.around;
        let store = Store::open_alone(address, CORE, &**clock).await?;
        let mut id = vec![0; 16];
        entropy.fill(&mut id);
        let mut writer = store.writer().await?;
        let rows = writer
            .rows(
                "INSERT INTO core_state (one, core_id, made_at) VALUES (1, $1, $2) \
                 ON CONFLICT (one) DO UPDATE SET made_at = core_state.made_at RETURNING core_id",
                &[id.into(), clock.now().into()],
            )
            .await?;
        let id = match rows.first() {
            Some(row) => row.bytes(0)?,
            None => return Err(Error::internal("the core store has no id")),
        };
        if bound.is_some_and(|bound| bound != id) {
            return Err(foreign());
        }
        let ring = Ring::load(&mut writer, master, *algorithm, &**clock, &**entropy).await?;
        writer.commit().await?;
        let file = match address {
            Address::Sqlite(path) => file_number(path),
            Address::Postgres(_) => None,
        };
        Ok(Opened { store, id, ring: RwLock::new(ring), file })
    }

    async fn needed(&self) -> Result<Arc<Opened>> {
        self.opened(true).await?.ok_or_else(|| away("there is no core store"))
    }

    /// Writes contents of the permit's client, durably and before anything can refer to them.
    ///
    /// # Errors
    /// Unavailable `core.unavailable` when the core store is away.
    pub async fn put<I: CoreItem, A: Keeps<I>>(
        &self,
        permit: &Permit<'_, A>,
        contents: &[&[u8]],
    ) -> Result<Vec<Kept>> {
        const { assert!(A::LEVEL >= 4, "what the core store holds is of level 4") };
        let opened = self.needed().await?;
        self.written::<I>(&opened, permit.target(), contents).await.map_err(named)
    }

    async fn written<I: CoreItem>(
        &self,
        opened: &Opened,
        owner: ClientId,
        contents: &[&[u8]],
    ) -> Result<Vec<Kept>> {
        let mut writer = opened.store.writer().await?;
        opened.keep_up(&mut writer, &self.0.around.master).await?;
        let mut kept = Vec::with_capacity(contents.len());
        for content in contents {
            let address = opened.with(|ring| ring.address(I::ITEM, owner, content))?;
            self.insert::<I>(opened, &mut writer, owner, address, content).await?;
            kept.push(Kept { address, owner, core: opened.id.clone() });
        }
        writer.commit().await?;
        Ok(kept)
    }

    async fn insert<I: CoreItem>(
        &self,
        opened: &Opened,
        writer: &mut Writer,
        owner: ClientId,
        address: CoreAddress,
        content: &[u8],
    ) -> Result<()> {
        let Surroundings { clock, entropy, .. } = &self.0.around;
        let sealed = opened.with(|ring| ring.seal(I::ITEM, owner, address, content, &**entropy))?;
        // The same content again: it lies there already, and is wanted after all.
        let rows = writer
            .rows(
                "INSERT INTO core_revision (address, owner, item, key_id, wrapped, sealed, at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (address) \
                 DO UPDATE SET orphaned_at = NULL, at = excluded.at RETURNING destroyed_at",
                &[
                    address.0.to_vec().into(),
                    owner.into(),
                    I::ITEM.into(),
                    sealed.key_id.into(),
                    sealed.wrapped.into(),
                    sealed.sealed.into(),
                    clock.now().into(),
                ],
            )
            .await?;
        match rows.first().map(|row| row.opt_int(0)).transpose()?.flatten() {
            None => Ok(()),
            Some(_) => Err(destroyed()),
        }
    }

    /// Begins to read under a permit: on record, durably, before anything can be opened.
    ///
    /// # Errors
    /// Unavailable when the main store or the record cannot take it.
    pub async fn read<A: Action<Target = ClientId>>(
        &self,
        db: &Db,
        permit: &Permit<'_, A>,
    ) -> Result<CoreRead<A>> {
        const { assert!(A::LEVEL >= 4, "what the core store holds is of level 4") };
        let tx = db.read(permit).await?;
        Ok(CoreRead { tx, core: self.clone(), owner: permit.target(), action: PhantomData })
    }

    /// Begins to read what a receipt's entry has named already: nothing more goes on record, so
    /// nothing else may be shown from it. Reports that leave the house are made so.
    ///
    /// # Errors
    /// Unavailable when the main store cannot be reached.
    pub async fn read_named<A: Action<Target = ClientId>>(
        &self,
        db: &Db,
        receipt: &Receipt<'_, A>,
    ) -> Result<CoreRead<A>> {
        const { assert!(A::LEVEL >= 4, "what the core store holds is of level 4") };
        let tx = db.read_named(receipt).await?;
        Ok(CoreRead { tx, core: self.clone(), owner: receipt.target(), action: PhantomData })
    }

    /// Opens a content for work whose result is committed with the transaction; nobody is shown
    /// it. Reading other periods to check a new one is such work.
    ///
    /// # Errors
    /// As [`CoreRead::content`].
    pub async fn open_within<I: CoreItem, A: OpensCore<I>>(
        &self,
        tx: &mut WriteTx<A>,
        address: CoreAddress,
    ) -> Result<Zeroizing<Vec<u8>>> {
        const { assert!(A::LEVEL >= 4, "what the core store holds is of level 4") };
        self.content::<I>(tx.owner(), address).await
    }

    async fn content<I: CoreItem>(
        &self,
        owner: ClientId,
        address: CoreAddress,
    ) -> Result<Zeroizing<Vec<u8>>> {
        let opened = self.opened(false).await?.ok_or_else(|| gone(address))?;
        let found = async {
            let mut reader = opened.store.reader().await?;
            let row = reader
                .row(
                    "SELECT wrapped, sealed, destroyed_at FROM core_revision WHERE address = $1",
                    &[address.0.to_vec().into()],
                )
                .await?;
            opened.keep_up(&mut reader, &self.0.around.master).await?;
            Ok(row)
        };
        let row = found.await.map_err(named)?.ok_or_else(|| gone(address))?;
        if row.opt_int(2)?.is_some() {
            return Err(destroyed());
        }
        let (wrapped, sealed) = (row.bytes(0)?, row.bytes(1)?);
        opened.with(|ring| ring.open(I::ITEM, owner, address, &wrapped, &sealed))
    }
}

/// A snapshot of the main store with the contents that its rows refer to.
pub struct CoreRead<A: Action> {
    tx: ReadTx,
    core: CoreStore,
    owner: ClientId,
    action: PhantomData<fn() -> A>,
}

impl<A: Action> CoreRead<A> {
    /// Opens a content of the permit's client.
    ///
    /// # Errors
    /// NotFound `core.destroyed` at the end of its retention; Unavailable `core.unavailable` when
    /// the core store is away; Internal when it was changed or is another client's.
    pub async fn content<I: CoreItem>(&mut self, address: CoreAddress) -> Result<Zeroizing<Vec<u8>>>
    where
        A: OpensCore<I>,
    {
        self.core.content::<I>(self.owner, address).await
    }
}

impl<A: Action> Deref for CoreRead<A> {
    type Target = ReadTx;
    fn deref(&self) -> &ReadTx {
        &self.tx
    }
}

impl<A: Action> DerefMut for CoreRead<A> {
    fn deref_mut(&mut self) -> &mut ReadTx {
        &mut self.tx
    }
}
