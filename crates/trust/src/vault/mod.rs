//! Sealed fields: what they are (the catalogue), the keys, and who may open them.
//!
//! A field names the actions that may open it: `impl Opens<ContactPoint> for ViewConfidential {}`.
//! What a person must not see in passing is opened only against a receipt: on record first, then
//! shown.

mod blind;
mod catalogue;
mod cipher;
mod core_store;
mod keys;
mod master;

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, PoisonError, RwLock};

use values::{Clock, Entropy, Error, Micros, Result};
use zeroize::Zeroizing;

pub use catalogue::{
    Basis, Catalogue, Category, ColumnClass, Columns, Form, Item, Mask, Retention, Search,
    TECHNICAL,
};
pub use cipher::{Algorithm, Place};
pub(crate) use core_store::Surroundings;
pub use core_store::{
    CORE_REFERENCES, Collected, CoreAddress, CoreCheck, CoreItem, CoreRead, CoreStore, Destroys,
    Keeps, Kept, OpensCore, Rewrapped,
};
pub use keys::{Key, Purpose};
pub use master::{
    Loaded, MasterSource, Warning, block_matches, blocks, from_blocks, write_new_file,
};

use crate::access::{Action, Permit};
use crate::database::{Reader, Row, Store, Writer};
use crate::record::{Receipt, Signer};

/// A kind of sealed field, at the level of its item in the catalogue.
pub trait Field: Send + Sync + 'static {
    /// The catalogue item.
    const ITEM: &'static str;
    /// The level whose key seals it.
    const LEVEL: u8;
}

/// An action that may open a field: `impl Opens<ContactPoint> for ViewConfidential {}`.
pub trait Opens<F: Field>: Action {}

/// An action that may reveal a field, after its receipt.
pub trait Reveals<F: Field>: Action {}

/// An action that may move a field to another row without anybody seeing it.
pub trait Moves<F: Field>: Action {}

/// A sealed value: no Display, no Serialize, and a Debug without content.
pub struct Sealed<F: Field> {
    bytes: Vec<u8>,
    field: PhantomData<fn() -> F>,
}

impl<F: Field> Sealed<F> {
    /// A sealed value as it was stored.
    #[must_use]
    pub const fn stored(bytes: Vec<u8>) -> Self {
        Self { bytes, field: PhantomData }
    }

    /// The bytes to store.
    #[must_use]
    pub fn to_store(&self) -> Vec<u8> {
        self.bytes.clone()
    }
}

impl<F: Field> fmt::Debug for Sealed<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed<{}>({} bytes)", F::ITEM, self.bytes.len())
    }
}

/// A data key in use or retired.
struct Held {
    purpose: Purpose,
    key: Key,
    created_at: Micros,
    retired: bool,
}

struct Ring {
    algorithm: Algorithm,
    held: BTreeMap<u32, Held>,
}

impl Ring {
    fn current(&self, purpose: Purpose) -> Result<(u32, &Key)> {
        let newest = self.held.iter().rev().find(|(_, h)| h.purpose == purpose && !h.retired);
        let (id, held) = newest.ok_or_else(|| Error::internal(format!("no {purpose} key")))?;
        Ok((*id, &held.key))
    }
}

/// What people may know of a data key.
#[derive(Debug, Clone)]
pub struct KeyStatus {
    /// Its id, as sealed values carry it.
    pub id: u32,
    /// What it is for.
    pub purpose: String,
    /// When it was made.
    pub created_at: Micros,
    /// Whether it only opens what a newer key has not sealed again yet.
    pub retired: bool,
}

/// The data keys of a store, unwrapped. Cheap to clone.
#[derive(Clone)]
pub struct Keyring {
    ring: Arc<RwLock<Ring>>,
    master: Arc<Key>,
    entropy: Arc<dyn Entropy>,
}

/// New keys, written and waiting for their transaction to be committed.
#[must_use = "rotated keys serve only once they are installed"]
pub struct Rotation {
    held: Vec<(u32, Held)>,
}

const ROTATED: [Purpose; 2] = [Purpose::Level(3), Purpose::Level(4)];
const NEEDED: [Purpose; 4] =
    [Purpose::Level(3), Purpose::Level(4), Purpose::Blind, Purpose::Signing];

impl Keyring {
    /// Unwraps the keys of a store, making those that a new store lacks.
    pub(crate) async fn load(
        store: &Store,
        master: Arc<Key>,
        algorithm: Algorithm,
        clock: &dyn Clock,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self> {
        let mut writer = store.writer().await?;
        // Who opens a new store at the same moment waits here, then finds the keys made.
        writer.execute("UPDATE key_state SET one = one WHERE one = 1", &[]).await?;
        let mut ring = Ring { algorithm, held: held(&mut writer, &master).await? };
        for purpose in NEEDED {
            if ring.current(purpose).is_err() {
                let made = make(&mut writer, &ring, &master, purpose, clock, &*entropy).await?;
                ring.held.insert(made.0, made.1);
            }
        }
        writer.commit().await?;
        Ok(Self { ring: Arc::new(RwLock::new(ring)), master, entropy })
    }

    /// Takes up the keys that another process has made since: whatever a transaction can see is
    /// sealed with keys that it can see too. Costs one look at a key's number.
    pub(crate) async fn keep_up(&self, reader: &mut Reader) -> Result<()> {
        let newest = reader.row("SELECT MAX(id) FROM data_key", &[]).await?;
        let newest = newest.map_or(Ok(None), |row| row.opt_int(0))?.unwrap_or(0);
        let known = self.with(|ring| Ok(ring.held.keys().next_back().copied().unwrap_or(0)))?;
        if i64::from(known) >= newest {
            return Ok(());
        }
        let now = held(reader, &self.master).await?;
        tracing::info!(newest, "took up the keys of a rotation by another process");
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        // Who was quicker may have taken up newer ones already.
        if ring.held.keys().next_back() < now.keys().next_back() {
            ring.held = now;
        }
        Ok(())
    }

    fn with<T>(&self, work: impl FnOnce(&Ring) -> Result<T>) -> Result<T> {
        work(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The signer of checkpoints.
    pub(crate) fn signer(&self, origin: &str) -> Result<Signer> {
        self.with(|ring| {
            let (_, seed) = ring.current(Purpose::Signing)?;
            Signer::new(origin, seed.expose())
        })
    }

    /// Seals a value for its place.
    ///
    /// # Errors
    /// Internal, should a key be missing.
    pub fn seal<F: Field>(&self, place: Place<'_>, plain: &str) -> Result<Sealed<F>> {
        let mut nonce = [0; 12];
        self.entropy.fill(&mut nonce);
        self.with(|ring| {
            let (id, key) = ring.current(Purpose::Level(F::LEVEL))?;
            let bytes = cipher::seal(ring.algorithm, key, id, place, nonce, plain.as_bytes())?;
            Ok(Sealed::stored(bytes))
        })
    }

    fn opened(&self, place: Place<'_>, bytes: &[u8]) -> Result<Zeroizing<String>> {
        self.with(|ring| {
            let plain = cipher::open(bytes, place, |id| ring.held.get(&id).map(|held| &held.key))?;
            let text = std::str::from_utf8(&plain).map_err(Error::internal)?;
            Ok(Zeroizing::new(text.to_owned()))
        })
    }

    /// Opens a field under a permit whose action may open it.
    ///
    /// # Errors
    /// Internal when the value was changed or belongs elsewhere.
    pub fn open<F: Field, A: Opens<F>>(
        &self,
        _permit: &Permit<'_, A>,
        place: Place<'_>,
        sealed: &Sealed<F>,
    ) -> Result<Zeroizing<String>> {
        self.opened(place, &sealed.bytes)
    }

    /// Opens a field that people do not see in passing: on record first, then shown.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn reveal<F: Field, A: Reveals<F>>(
        &self,
        _receipt: &Receipt<'_, A>,
        place: Place<'_>,
        sealed: &Sealed<F>,
    ) -> Result<Zeroizing<String>> {
        self.opened(place, &sealed.bytes)
    }

    /// A field sealed again for another place, without its value leaving the vault; for merging.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn moved<F: Field, A: Moves<F>>(
        &self,
        _permit: &Permit<'_, A>,
        from: Place<'_>,
        to: Place<'_>,
        sealed: &Sealed<F>,
    ) -> Result<Sealed<F>> {
        let plain = self.opened(from, &sealed.bytes)?;
        self.seal(to, &plain)
    }

    /// The token under which an exact value of a sealed column can be found.
    ///
    /// # Errors
    /// Internal, should the index key be missing.
    pub fn token(&self, column: &str, normalised: &str) -> Result<Vec<u8>> {
        self.with(|ring| {
            let (_, key) = ring.current(Purpose::Blind)?;
            Ok(blind::token(key, column, normalised).to_vec())
        })
    }

    /// The value sealed with the current key of its level, or `None` when it is already.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn resealed(&self, place: Place<'_>, bytes: &[u8]) -> Result<Option<Vec<u8>>> {
        let mut nonce = [0; 12];
        self.entropy.fill(&mut nonce);
        self.with(|ring| {
            let id = cipher::key_id_of(bytes)?;
            let held = ring.held.get(&id).ok_or_else(|| Error::internal("an unknown key"))?;
            let (now, key) = ring.current(held.purpose)?;
            if now == id {
                return Ok(None);
            }
            let plain = cipher::open(bytes, place, |_| Some(&held.key))?;
            cipher::seal(ring.algorithm, key, now, place, nonce, &plain).map(Some)
        })
    }

    /// Makes new keys for sealed fields and wraps every key under `master`, in the transaction of
    /// whoever rotates. What is sealed with old keys stays readable and is sealed again later.
    ///
    /// # Errors
    /// Unavailable when the store is away.
    pub async fn rotate(
        &self,
        writer: &mut Writer,
        master: &Key,
        clock: &dyn Clock,
    ) -> Result<Rotation> {
        let rewrapped: Vec<(u32, Vec<u8>)> = {
            let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
            let mut all = Vec::with_capacity(ring.held.len());
            for (id, held) in &ring.held {
                let mut nonce = [0; 12];
                self.entropy.fill(&mut nonce);
                let alg = ring.algorithm;
                all.push((*id, keys::wrap(master, *id, held.purpose, alg, nonce, &held.key)?));
            }
            all
        };
        for (id, wrapped) in rewrapped {
            writer
                .change(
                    "UPDATE data_key SET wrapped = $1 WHERE id = $2",
                    &[wrapped.into(), id.into()],
                    1,
                )
                .await?;
        }
        let mut held: Vec<(u32, Held)> = Vec::new();
        for purpose in ROTATED {
            writer
                .execute(
                    "UPDATE data_key SET retired_at = $1 \
                     WHERE purpose = $2 AND retired_at IS NULL",
                    &[clock.now().into(), purpose.to_string().into()],
                )
                .await?;
            let (algorithm, next) = {
                let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
                let last = ring.held.keys().next_back().copied().unwrap_or(0);
                (ring.algorithm, last + 1 + u32::try_from(held.len()).unwrap_or(0))
            };
            let made =
                insert(writer, next, algorithm, master, purpose, clock, &*self.entropy).await?;
            held.push(made);
        }
        Ok(Rotation { held })
    }

    /// Puts rotated keys to use, once their transaction is committed.
    pub fn install(&self, rotation: Rotation) {
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        for held in ring.held.values_mut() {
            held.retired |= ROTATED.contains(&held.purpose);
        }
        ring.held.extend(rotation.held);
    }

    /// The algorithm that seals now.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).algorithm
    }

    /// What people may know of the keys.
    #[must_use]
    pub fn status(&self) -> Vec<KeyStatus> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let status = |(id, held): (&u32, &Held)| KeyStatus {
            id: *id,
            purpose: held.purpose.to_string(),
            created_at: held.created_at,
            retired: held.retired,
        };
        ring.held.iter().map(status).collect()
    }
}

/// All keys of a store, unwrapped.
async fn held(reader: &mut Reader, master: &Key) -> Result<BTreeMap<u32, Held>> {
    let rows = reader
        .rows("SELECT id, purpose, wrapped, created_at, retired_at FROM data_key", &[])
        .await?;
    rows.iter().map(|row| unwrapped(row, master)).collect()
}

fn unwrapped(row: &Row, master: &Key) -> Result<(u32, Held)> {
    let id = u32::try_from(row.int(0)?).map_err(Error::internal)?;
    let purpose: Purpose = row.text(1)?.parse()?;
    let key = keys::unwrap(master, id, purpose, &row.bytes(2)?)?;
    let retired = row.opt_int(4)?.is_some();
    Ok((id, Held { purpose, key, created_at: row.micros(3)?, retired }))
}

async fn make(
    writer: &mut Writer,
    ring: &Ring,
    master: &Key,
    purpose: Purpose,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<(u32, Held)> {
    let next = ring.held.keys().next_back().copied().unwrap_or(0) + 1;
    insert(writer, next, ring.algorithm, master, purpose, clock, entropy).await
}

async fn insert(
    writer: &mut Writer,
    id: u32,
    algorithm: Algorithm,
    master: &Key,
    purpose: Purpose,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<(u32, Held)> {
    let key = Key::generate(entropy);
    let mut nonce = [0; 12];
    entropy.fill(&mut nonce);
    let wrapped = keys::wrap(master, id, purpose, algorithm, nonce, &key)?;
    let created_at = clock.now();
    writer
        .execute(
            "INSERT INTO data_key (id, purpose, algorithm, wrapped, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
            &[
                id.into(),
                purpose.to_string().into(),
                algorithm.to_string().into(),
                wrapped.into(),
                created_at.into(),
            ],
        )
        .await?;
    Ok((id, Held { purpose, key, created_at, retired: false }))
}

/// The salt of a store's passphrase, and whether its recovery sheet was confirmed.
#[derive(Debug, Clone, Copy)]
pub struct KeyState {
    /// The salt.
    pub salt: [u8; 16],
    /// Whether the last block of the recovery sheet was typed back.
    pub recovery_confirmed: bool,
}

/// Reads the key state, making it in a new store.
pub(crate) async fn key_state(store: &Store, entropy: &dyn Entropy) -> Result<KeyState> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    let mut writer = store.writer().await?;
    writer
        .execute(
            "INSERT INTO key_state (one, salt, recovery_confirmed, rotation_done, rotation_total) \
             VALUES (1, $1, 0, 0, 0) ON CONFLICT (one) DO NOTHING",
            &[salt.to_vec().into()],
        )
        .await?;
    let row = writer
        .row("SELECT salt, recovery_confirmed FROM key_state WHERE one = 1", &[])
        .await?
        .ok_or_else(|| Error::internal("the key state was not made"))?;
    let salt = row.bytes(0)?.try_into().map_err(|_| Error::internal("a salt of another length"))?;
    let recovery_confirmed = row.bool(1)?;
    writer.commit().await?;
    Ok(KeyState { salt, recovery_confirmed })
}

/// Whether the recovery sheet was confirmed, and how far re-sealing has come.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn rotation_progress(reader: &mut Reader) -> Result<(bool, i64, i64)> {
    let row = reader
        .row(
            "SELECT recovery_confirmed, rotation_done, rotation_total FROM key_state \
             WHERE one = 1",
            &[],
        )
        .await?
        .ok_or_else(|| Error::internal("the key state is missing"))?;
    Ok((row.bool(0)?, row.int(1)?, row.int(2)?))
}

/// Notes how far re-sealing has come.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn note_rotation(writer: &mut Writer, done: i64, total: i64) -> Result<()> {
    writer
        .change(
            "UPDATE key_state SET rotation_done = $1, rotation_total = $2 WHERE one = 1",
            &[done.into(), total.into()],
            1,
        )
        .await
}

/// Notes that the recovery sheet was shown and its last block typed back.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn confirm_recovery(writer: &mut Writer) -> Result<()> {
    writer.change("UPDATE key_state SET recovery_confirmed = 1 WHERE one = 1", &[], 1).await
}
