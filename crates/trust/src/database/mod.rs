//! The store: SQLite or PostgreSQL behind one text of SQL; the only user of the SQL drivers.
//!
//! No permit, no connection: [`Db::read`] and [`Db::write`] take one. No entry, no commit:
//! [`WriteTx::commit`] takes the evidence made from that same permit.

mod migrate;
mod postgres;
mod sqlite;
mod tx;
mod value;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use values::{Clock, Error, Kind, Result};

pub use migrate::Migration;
pub use tx::{ReadTx, Reader, WriteTx, Writer};
pub use value::{FromId, Row, Value};

use crate::access::{Action, Permit};
use crate::record::{Receipt, Record, Shown};
use crate::vault::Keyring;
use postgres::Postgres;
use sqlite::Sqlite;

/// Where a store is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL connection string.
    Postgres(String),
}

/// Which SQL is spoken, for the few statements that must differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// Trust's own tables: relations, the record and the keys.
const TRUST: Migration =
    Migration::same("V0001__trust", include_str!("migrations/V0001__trust.sql"));

const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A store without its record: for the parts of trust that make the record and the permits.
#[derive(Clone)]
pub(crate) enum Store {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

impl Store {
    /// Opens the store and brings it up to date.
    pub(crate) async fn open(
        address: &Address,
        contexts: &[Migration],
        clock: &dyn Clock,
    ) -> Result<Self> {
        let mut migrations = vec![TRUST];
        migrations.extend_from_slice(contexts);
        Self::open_alone(address, &migrations, clock).await
    }

    /// Opens a store that has no tables but those of the migrations.
    pub(crate) async fn open_alone(
        address: &Address,
        migrations: &[Migration],
        clock: &dyn Clock,
    ) -> Result<Self> {
        match address {
            Address::Sqlite(path) => {
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder).map_err(Error::unavailable)?;
                }
                tokio::task::block_in_place(|| migrate::sqlite(path, migrations, clock))?;
                Ok(Self::Sqlite(Arc::new(Sqlite::open(path)?)))
            }
            Address::Postgres(url) => {
                migrate::postgres(url, migrations).await?;
                Ok(Self::Postgres(Arc::new(Postgres::open(url).await?)))
            }
        }
    }

    pub(crate) async fn reader(&self) -> Result<Reader> {
        Ok(match self {
            Self::Sqlite(store) => Reader::sqlite(store.read().await?),
            Self::Postgres(store) => Reader::postgres(store.begin(SNAPSHOT).await?),
        })
    }

    /// A reader for a lookup that ends before its caller waits for anything else; it is had even
    /// where every reader and writer is held by somebody who waits for such a lookup.
    pub(crate) async fn look_up(&self) -> Result<Reader> {
        Ok(match self {
            Self::Sqlite(store) => Reader::sqlite(store.look_up().await?),
            Self::Postgres(store) => Reader::postgres(store.look_up(SNAPSHOT).await?),
        })
    }

    pub(crate) async fn writer(&self) -> Result<Writer> {
        Ok(match self {
            Self::Sqlite(store) => Writer::sqlite(store.write().await?),
            Self::Postgres(store) => Writer::postgres(store.begin("BEGIN").await?),
        })
    }

    /// The names of all tables and columns, for the test that each is classified.
    async fn columns(&self) -> Result<Vec<(String, String)>> {
        let mut reader = self.reader().await?;
        let rows =
            match self {
                Self::Sqlite(_) => reader
                    .rows(
                        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c \
                         WHERE m.type = 'table' ORDER BY 1, 2",
                        &[],
                    )
                    .await?,
                Self::Postgres(_) => {
                    reader
                        .rows(
                            "SELECT table_name::text, column_name::text \
                         FROM information_schema.columns \
                         WHERE table_schema = current_schema() ORDER BY 1, 2",
                            &[],
                        )
                        .await?
                }
            };
        rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
    }
}

/// The store as the contexts see it.
#[derive(Clone)]
pub struct Db {
    pub(crate) store: Store,
    pub(crate) record: Record,
    keyring: Keyring,
}

impl Db {
    pub(crate) const fn new(store: Store, record: Record, keyring: Keyring) -> Self {
        Self { store, record, keyring }
    }

    /// A reader whose rows the keyring can open, whoever rotated the keys.
    async fn reader(&self) -> Result<Reader> {
        let mut reader = self.store.reader().await?;
        self.keyring.keep_up(&mut reader).await?;
        Ok(reader)
    }

    /// A snapshot to read from. Its use is put on record when it ends; a read of level 4 is put
    /// on record, durably, before it begins.
    ///
    /// # Errors
    /// Unavailable when the store or the record cannot take it.
    pub async fn read<A: Action>(&self, permit: &Permit<'_, A>) -> Result<ReadTx> {
        // The record first: who waits for it must not hold a reader meanwhile.
        let mut shown = self.record.shown(permit).await?;
        match self.reader().await {
            Ok(reader) => Ok(ReadTx::new(reader, shown)),
            Err(error) => {
                shown.forget();
                Err(error)
            }
        }
    }

    /// A snapshot to read what a receipt's entry has named already: nothing more goes on record,
    /// so nothing else may be shown from it. Exports read so, once their entry stands.
    ///
    /// # Errors
    /// Unavailable when the store cannot be reached.
    pub async fn read_named<A: Action>(&self, _receipt: &Receipt<'_, A>) -> Result<ReadTx> {
        Ok(ReadTx::new(self.reader().await?, Shown::named()))
    }

    /// A transaction to write in; it rolls back unless it is committed with an entry.
    ///
    /// # Errors
    /// Unavailable when the store cannot take it.
    pub async fn write<A: Action>(&self, permit: &Permit<'_, A>) -> Result<WriteTx<A>> {
        // Looked up in what is committed: the writer may see keys that are still to be.
        self.keyring.keep_up(&mut self.store.look_up().await?).await?;
        Ok(WriteTx::new(self.store.writer().await?, self.record.clone(), permit.target()))
    }

    /// Which SQL this store speaks.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        match self.store {
            Store::Sqlite(_) => Dialect::Sqlite,
            Store::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The file of a SQLite store.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.store {
            Store::Sqlite(store) => Some(store.path()),
            Store::Postgres(_) => None,
        }
    }

    /// Every table and column there is: the shape of the store, not its content.
    ///
    /// # Errors
    /// Unavailable when the store cannot be read.
    pub async fn columns(&self) -> Result<Vec<(String, String)>> {
        self.store.columns().await
    }
}

/// A broken constraint, in words that carry the constraint's own code (`client_code_taken`).
fn constraint(text: &str) -> Error {
    let unique = text.contains("UNIQUE") || text.contains("unique") || text.contains("duplicate");
    if unique {
        Error::new(Kind::Conflict, "taken", "已有相同的记录", "There is one like it already")
    } else {
        Error::new(
            Kind::Conflict,
            "constraint",
            "与已有数据的约束冲突",
            "This breaks a constraint of what is stored",
        )
    }
}
