//! The keys of the core store: data keys that wrap each revision's own key, and the address key,
//! which is made once and never rotates.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use values::{ClientId, Clock, Entropy, Error, Micros, Result};

use super::CoreAddress;
use crate::database::{Reader, Writer};
use crate::vault::cipher::{self, Algorithm, Place};
use crate::vault::keys::{self, Key, Purpose};

const DOMAIN: &[u8] = b"heng/core/v1";
/// The id in the header of sealed contents: each is sealed under its own key, which has no number.
const OWN_KEY: u32 = 0;

struct Held {
    purpose: Purpose,
    key: Key,
    retired: bool,
}

/// The unwrapped keys of a core store.
pub(super) struct Ring {
    algorithm: Algorithm,
    held: BTreeMap<u32, Held>,
}

/// Keys that were read anew.
pub(super) struct Read(BTreeMap<u32, Held>);

impl Read {
    /// The keys of the store, when there are newer ones than the one of this number: another
    /// process has rotated them. Costs one look at a key's number.
    pub(super) async fn after(
        newest: u32,
        reader: &mut Reader,
        master: &Key,
    ) -> Result<Option<Self>> {
        let row = reader.row("SELECT MAX(id) FROM core_key", &[]).await?;
        let now = row.map_or(Ok(None), |row| row.opt_int(0))?.unwrap_or(0);
        if i64::from(newest) >= now {
            return Ok(None);
        }
        Ok(Some(Self(held(reader, master).await?)))
    }
}

async fn held(reader: &mut Reader, master: &Key) -> Result<BTreeMap<u32, Held>> {
    let rows = reader
        .rows("SELECT id, purpose, wrapped, retired_at FROM core_key ORDER BY id", &[])
        .await?;
    let mut all = BTreeMap::new();
    for row in &rows {
        let id = u32::try_from(row.int(0)?).map_err(Error::internal)?;
        let purpose: Purpose = row.text(1)?.parse()?;
        let key = keys::unwrap(master, id, purpose, &row.bytes(2)?)?;
        all.insert(id, Held { purpose, key, retired: row.opt_int(3)?.is_some() });
    }
    Ok(all)
}

/// A revision as it is stored.
pub(super) struct SealedRevision {
    pub(super) key_id: u32,
    pub(super) wrapped: Vec<u8>,
    pub(super) sealed: Vec<u8>,
}

fn place_of<'p>(column: &'p str, row: &'p [u8]) -> Place<'p> {
    Place { table: "core_revision", column, row }
}

fn row_of(item: &str, owner: ClientId, address: CoreAddress) -> Vec<u8> {
    [address.0.as_slice(), owner.as_bytes(), item.as_bytes()].concat()
}

impl Ring {
    /// Reads the keys, making those that a new core store lacks.
    pub(super) async fn load(
        writer: &mut Writer,
        master: &Key,
        algorithm: Algorithm,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<Self> {
        let mut ring = Self { algorithm, held: held(writer, master).await? };
        for purpose in [Purpose::Core, Purpose::Address] {
            if ring.current(purpose).is_err() {
                ring.make(writer, master, purpose, clock.now(), entropy).await?;
            }
        }
        Ok(ring)
    }

    /// The number of the newest key.
    pub(super) fn newest(&self) -> u32 {
        self.held.keys().next_back().copied().unwrap_or(0)
    }

    /// Takes up keys that were read later; who was quicker may have taken up newer ones already.
    pub(super) fn take_up(&mut self, read: Read) {
        if self.held.keys().next_back() < read.0.keys().next_back() {
            self.held = read.0;
        }
    }

    fn current(&self, purpose: Purpose) -> Result<(u32, &Key)> {
        let newest = self.held.iter().rev().find(|(_, h)| h.purpose == purpose && !h.retired);
        let (id, held) = newest.ok_or_else(|| Error::internal(format!("no {purpose} key")))?;
        Ok((*id, &held.key))
    }

    async fn make(
        &mut self,
        writer: &mut Writer,
        master: &Key,
        purpose: Purpose,
        now: Micros,
        entropy: &dyn Entropy,
    ) -> Result<()> {
        let id = self.newest() + 1;
        let key = Key::generate(entropy);
        let wrapped = keys::wrap(master, id, purpose, self.algorithm, nonce(entropy), &key)?;
        writer
            .execute(
                "INSERT INTO core_key (id, purpose, algorithm, wrapped, created_at) \
                 VALUES ($1, $2, $3, $4, $5)",
                &[
                    id.into(),
                    purpose.to_string().into(),
                    self.algorithm.to_string().into(),
                    wrapped.into(),
                    now.into(),
                ],
            )
            .await?;
        self.held.insert(id, Held { purpose, key, retired: false });
        Ok(())
    }

    /// Wraps every key anew under the master key and makes a new data key.
    pub(super) async fn rotate(
        &mut self,
        writer: &mut Writer,
        master: &Key,
        now: Micros,
        entropy: &dyn Entropy,
    ) -> Result<()> {
        for (id, held) in &self.held {
            let wrapped =
                keys::wrap(master, *id, held.purpose, self.algorithm, nonce(entropy), &held.key)?;
            writer
                .change(
                    "UPDATE core_key SET wrapped = $1 WHERE id = $2",
                    &[wrapped.into(), (*id).into()],
                    1,
                )
                .await?;
        }
        let purpose = Purpose::Core;
        writer
            .execute(
                "UPDATE core_key SET retired_at = $1 WHERE purpose = $2 AND retired_at IS NULL",
                &[now.into(), purpose.to_string().into()],
            )
            .await?;
        for held in self.held.values_mut().filter(|held| held.purpose == purpose) {
            held.retired = true;
        }
        self.make(writer, master, purpose, now, entropy).await
    }

    /// The id of the data key that wraps now.
    pub(super) fn current_id(&self) -> Result<u32> {
        Ok(self.current(Purpose::Core)?.0)
    }

    /// Where a content is kept: a keyed hash of what it is, whose it is and what it says.
    pub(super) fn address(
        &self,
        item: &str,
        owner: ClientId,
        content: &[u8],
    ) -> Result<CoreAddress> {
        let (_, key) = self.current(Purpose::Address)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).map_err(Error::internal)?;
        mac.update(DOMAIN);
        mac.update(&u64::try_from(item.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(item.as_bytes());
        mac.update(owner.as_bytes());
        mac.update(content);
        Ok(CoreAddress(mac.finalize().into_bytes().into()))
    }

    /// Seals a content under a key of its own, which is wrapped under the data key of today.
    pub(super) fn seal(
        &self,
        item: &str,
        owner: ClientId,
        address: CoreAddress,
        content: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<SealedRevision> {
        let own = Key::generate(entropy);
        let row = row_of(item, owner, address);
        let (at, algorithm) = (place_of("sealed", &row), self.algorithm);
        let sealed = cipher::seal(algorithm, &own, OWN_KEY, at, nonce(entropy), content)?;
        let (key_id, wrapped) = self.wrap(address, &own, entropy)?;
        Ok(SealedRevision { key_id, wrapped, sealed })
    }

    fn wrap(
        &self,
        address: CoreAddress,
        own: &Key,
        entropy: &dyn Entropy,
    ) -> Result<(u32, Vec<u8>)> {
        let (id, key) = self.current(Purpose::Core)?;
        let place = place_of("wrapped", &address.0);
        let wrapped = cipher::seal(self.algorithm, key, id, place, nonce(entropy), own.expose())?;
        Ok((id, wrapped))
    }

    fn unwrap(&self, address: CoreAddress, wrapped: &[u8]) -> Result<Key> {
        let place = place_of("wrapped", &address.0);
        let own = cipher::open(wrapped, place, |id| {
            self.held.get(&id).filter(|held| held.purpose == Purpose::Core).map(|held| &held.key)
        })?;
        Key::from_slice(&own)
    }

    /// A revision's own key under the data key of today.
    pub(super) fn rewrap(
        &self,
        address: CoreAddress,
        wrapped: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<(u32, Vec<u8>)> {
        self.wrap(address, &self.unwrap(address, wrapped)?, entropy)
    }

    /// Opens a content and checks it against its address.
    pub(super) fn open(
        &self,
        item: &str,
        owner: ClientId,
        address: CoreAddress,
        wrapped: &[u8],
        sealed: &[u8],
    ) -> Result<zeroize::Zeroizing<Vec<u8>>> {
        let own = self.unwrap(address, wrapped)?;
        let row = row_of(item, owner, address);
        let plain =
            cipher::open(sealed, place_of("sealed", &row), |id| (id == OWN_KEY).then_some(&own))?;
        if self.address(item, owner, &plain)? != address {
            return Err(Error::internal("a revision does not have the content of its address"));
        }
        Ok(plain)
    }
}

fn nonce(entropy: &dyn Entropy) -> [u8; 12] {
    let mut nonce = [0; 12];
    entropy.fill(&mut nonce);
    nonce
}
