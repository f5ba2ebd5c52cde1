//! Readers and writers without type parameters, and the transactions that hand them out.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use sea_query::{PostgresQueryBuilder, SelectStatement, SqliteQueryBuilder};
use values::{ClientId, Error, Kind, Result};

use super::Dialect;
use super::postgres::PostgresTx;
use super::sqlite::{Connected, SqliteRead, SqliteWrite};
use super::value::{Row, Value};
use crate::access::Action;
use crate::record::{Entry, Receipt, Record, Shown};

enum Inner {
    Read(SqliteRead),
    Write(SqliteWrite),
    Postgres(PostgresTx),
}

/// What every transaction can do: read.
pub struct Reader(Inner);

impl Reader {
    pub(crate) const fn sqlite(read: SqliteRead) -> Self {
        Self(Inner::Read(read))
    }

    pub(crate) const fn postgres(tx: PostgresTx) -> Self {
        Self(Inner::Postgres(tx))
    }

    /// All rows of a static text.
    ///
    /// # Errors
    /// Internal when the text does not fit the store; Unavailable when the store is away.
    pub async fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        match &mut self.0 {
            Inner::Read(read) => read.connected()?.rows(sql, params),
            Inner::Write(write) => write.run(|connected| connected.rows(sql, params)),
            Inner::Postgres(tx) => tx.rows(sql, params).await,
        }
    }

    /// The first row of a static text, if there is one.
    ///
    /// # Errors
    /// As [`Reader::rows`].
    pub async fn row(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.rows(sql, params).await?.into_iter().next())
    }

    /// All rows of a built query: filters, sorts and scopes of lists.
    ///
    /// # Errors
    /// As [`Reader::rows`].
    pub async fn select(&mut self, query: &SelectStatement) -> Result<Vec<Row>> {
        let (sql, built) = match self.dialect() {
            Dialect::Sqlite => query.build(SqliteQueryBuilder),
            Dialect::Postgres => query.build(PostgresQueryBuilder),
        };
        let params = built.into_iter().map(Value::from_built).collect::<Result<Vec<_>>>()?;
        match &mut self.0 {
            Inner::Read(read) => read.connected()?.built(&sql, &params),
            Inner::Write(write) => write.run(|connected| connected.built(&sql, &params)),
            Inner::Postgres(tx) => tx.rows(&sql, &params).await,
        }
    }

    /// Which SQL this store speaks.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        match self.0 {
            Inner::Postgres(_) => Dialect::Postgres,
            Inner::Read(_) | Inner::Write(_) => Dialect::Sqlite,
        }
    }
}

/// What a write transaction can do besides reading.
pub struct Writer(Reader);

impl Deref for Writer {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        &self.0
    }
}

impl DerefMut for Writer {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.0
    }
}

impl Writer {
    pub(crate) const fn sqlite(write: SqliteWrite) -> Self {
        Self(Reader(Inner::Write(write)))
    }

    pub(crate) const fn postgres(tx: PostgresTx) -> Self {
        Self(Reader(Inner::Postgres(tx)))
    }

    /// Runs a static text and says how many rows it changed.
    ///
    /// # Errors
    /// Conflict when a constraint is broken; Internal when the text does not fit the store.
    pub async fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        match &mut self.0.0 {
            Inner::Write(write) => write.run(|connected| connected.execute(sql, params)),
            Inner::Postgres(tx) => tx.execute(sql, params).await,
            Inner::Read(_) => Err(Error::internal("a write through a reader")),
        }
    }

    /// Runs a static text that must change just so many rows.
    ///
    /// # Errors
    /// Conflict (`changed_meanwhile`) when it changed another number; else as [`Self::execute`].
    pub async fn change(&mut self, sql: &'static str, params: &[Value], rows: u64) -> Result<()> {
        if self.execute(sql, params).await? == rows {
            return Ok(());
        }
        Err(Error::new(
            Kind::Conflict,
            "changed_meanwhile",
            "数据刚刚被他人修改，请刷新后重试",
            "It was changed meanwhile; reload and try again",
        ))
    }

    /// Inserts many rows: one prepared statement row after row where the store is in the process,
    /// as few statements as the parameter limit allows where it is across a network.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub async fn insert_many(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        rows: &[Vec<Value>],
    ) -> Result<()> {
        if rows.iter().any(|row| row.len() != columns.len()) {
            return Err(Error::internal("a row of another width than its columns"));
        }
        match &mut self.0.0 {
            Inner::Write(write) => {
                let sql = insertion(table, columns, 1, '?');
                let work = |connected: &mut Connected| connected.execute_each(&sql, rows);
                tokio::task::block_in_place(|| write.run(work))
            }
            Inner::Postgres(tx) => insert_blocks(tx, table, columns, rows).await,
            Inner::Read(_) => Err(Error::internal("a write through a reader")),
        }
    }

    pub(crate) async fn commit(self) -> Result<()> {
        match self.0.0 {
            Inner::Write(write) => write.commit().await,
            Inner::Postgres(tx) => tx.commit().await,
            Inner::Read(_) => Err(Error::internal("a commit through a reader")),
        }
    }
}

/// The text that inserts so many rows.
fn insertion(table: &str, columns: &[&str], rows: usize, mark: char) -> String {
    let mut sql = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
    let mut number = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for position in 0..columns.len() {
            number += 1;
            if position > 0 {
                sql.push_str(", ");
            }
            sql.push(mark);
            sql.push_str(&number.to_string());
        }
        sql.push(')');
    }
    sql
}

async fn insert_blocks(
    tx: &PostgresTx,
    table: &str,
    columns: &[&str],
    rows: &[Vec<Value>],
) -> Result<()> {
    // Half of the limit of parameters; a power of two of rows keeps the number of different
    // statements, and so of prepared ones, small.
    let most = (16_384 / columns.len().max(1)).clamp(1, 256);
    let mut rest = rows;
    while !rest.is_empty() {
        let mut take = most.next_power_of_two().min(256);
        while take > rest.len() || take * columns.len() > 32_000 {
            take /= 2;
        }
        let (now, later) = rest.split_at(take);
        let params: Vec<Value> = now.iter().flatten().cloned().collect();
        tx.execute(&insertion(table, columns, take, '$'), &params).await?;
        rest = later;
    }
    Ok(())
}

/// A snapshot whose use is put on record when it ends.
pub struct ReadTx {
    reader: Reader,
    shown: Shown,
}

impl ReadTx {
    pub(crate) const fn new(reader: Reader, shown: Shown) -> Self {
        Self { reader, shown }
    }

    /// Says which clients were shown; a list, a search and an export name all of them.
    pub fn shows(&mut self, clients: impl IntoIterator<Item = ClientId>) {
        self.shown.clients(clients);
    }

    /// Says which classes of field were shown besides those that the action names.
    pub fn shows_class(&mut self, class: &'static str) {
        self.shown.class(class);
    }
}

impl Deref for ReadTx {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl DerefMut for ReadTx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

/// A transaction that only its own action's evidence can commit.
#[must_use = "a write transaction rolls back unless it is committed with an entry"]
pub struct WriteTx<A: Action> {
    writer: Writer,
    record: Record,
    target: A::Target,
    action: PhantomData<fn() -> A>,
}

impl<A: Action> WriteTx<A> {
    pub(crate) const fn new(writer: Writer, record: Record, target: A::Target) -> Self {
        Self { writer, record, target, action: PhantomData }
    }

    /// Writes the entry and commits; what was written and that it was written stand together.
    ///
    /// # Errors
    /// Internal when the entry speaks of another target; else what the store says.
    pub async fn commit<'a>(mut self, entry: Entry<'a, A>) -> Result<Receipt<'a, A>> {
        if entry.target() != self.target {
            return Err(Error::internal("evidence of another target"));
        }
        let receipt = self.record.enter(&mut self.writer, entry).await?;
        self.writer.commit().await?;
        self.record.dirty();
        Ok(receipt)
    }
}

impl<A: Action<Target = ClientId>> WriteTx<A> {
    /// The client that is written about.
    pub(crate) const fn owner(&self) -> ClientId {
        self.target
    }
}

impl<A: Action> Deref for WriteTx<A> {
    type Target = Writer;
    fn deref(&self) -> &Writer {
        &self.writer
    }
}

impl<A: Action> DerefMut for WriteTx<A> {
    fn deref_mut(&mut self) -> &mut Writer {
        &mut self.writer
    }
}
