//! The security base and privacy border: permission, transaction, record and decryption are one
//! path that the compiler checks.
//!
//! `access` decides and hands out permits; `database` opens only with a permit and commits only
//! with an entry made from it; `record` keeps the entries; `vault` opens sealed fields for the
//! permits a field names. [`Trust::open`] puts the four together over one store.

pub mod access;
pub mod database;
pub mod record;
pub mod vault;

use std::sync::Arc;

use values::{Clock, Entropy, Result};
use zeroize::Zeroizing;

use access::{Access, PolicyFile};
use database::{Address, Db, Migration, Store};
use record::{Record, RecordSettings};
use vault::{Algorithm, CoreStore, Key, KeyState, Keyring, MasterSource, Surroundings};

/// What a store is opened with.
pub struct Opening<'a> {
    /// Where it is.
    pub address: Address,
    /// Where the core store is: a database of its own.
    pub core: Address,
    /// The tables of the contexts.
    pub migrations: &'a [Migration],
    /// Where the master key comes from.
    pub master: MasterSource,
    /// Gives the passphrase, when one is needed.
    pub ask: &'a (dyn Fn() -> Result<Zeroizing<String>> + Send + Sync),
    /// What new values are sealed with.
    pub algorithm: Algorithm,
    /// The firm's own policies.
    pub policies: &'a [PolicyFile],
    /// How the record is known and where its checkpoints are copied to.
    pub record: RecordSettings,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The random source.
    pub entropy: Arc<dyn Entropy>,
}

/// The four parts over one store. Cheap to clone.
#[derive(Clone)]
pub struct Trust {
    /// Decides.
    pub access: Access,
    /// Stores.
    pub db: Db,
    /// Seals and opens.
    pub keyring: Keyring,
    /// Keeps statements and returns, apart.
    pub core: CoreStore,
    /// Keeps the evidence.
    pub record: Record,
    /// The master key, for rotation and the recovery sheet.
    pub master: Arc<Key>,
    /// What was found out about the keys on opening.
    pub key_state: KeyState,
    /// What should be put right about the master key's place.
    pub key_warnings: Arc<[vault::Warning]>,
}

impl Trust {
    /// Opens a store: migrates it, unwraps its keys, starts its record and reads its policies.
    ///
    /// # Errors
    /// Conflict for a store from a newer Heng, Invalid for a wrong master key or a refused policy,
    /// Unavailable when the store cannot be reached.
    pub async fn open(opening: Opening<'_>) -> Result<Self> {
        let (clock, entropy) = (&opening.clock, &opening.entropy);
        let store = Store::open(&opening.address, opening.migrations, &**clock).await?;
        let key_state = vault::key_state(&store, &**entropy).await?;
        let loaded = opening.master.load(&key_state.salt, opening.ask)?;
        let master = Arc::new(loaded.key);
        let (held, rng) = (Arc::clone(&master), Arc::clone(entropy));
        let keyring = Keyring::load(&store, held, opening.algorithm, &**clock, rng).await?;
        let signer = keyring.signer(&opening.record.origin)?;
        let record = Record::start(
            store.clone(),
            Arc::clone(clock),
            Arc::clone(entropy),
            signer,
            opening.record.clone(),
        );
        let access =
            Access::new(opening.policies, store.clone(), record.clone(), Arc::clone(clock))?;
        let core = CoreStore::new(Surroundings {
            address: opening.core,
            main: store.clone(),
            master: Arc::clone(&master),
            algorithm: opening.algorithm,
            clock: Arc::clone(&opening.clock),
            entropy: Arc::clone(&opening.entropy),
        });
        Ok(Self {
            access,
            db: Db::new(store, record.clone(), keyring.clone()),
            keyring,
            core,
            record,
            master,
            key_state,
            key_warnings: loaded.warnings.into(),
        })
    }
}
