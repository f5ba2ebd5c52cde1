//! SQLite in place: a pool of readers and one writer whose waiting transactions share a commit.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, params_from_iter};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, oneshot};
use values::{Error, Result};

use super::value::{Row, Value};

/// How many transactions share one commit at most.
const GROUP_MAX: usize = 64;
const READERS: usize = 8;
/// Seats for lookups that are made, and over, while their caller may hold a reader.
const LOOKUPS: usize = 4;

fn fault(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode::{ConstraintViolation, DatabaseBusy, DatabaseLocked, DiskFull};
    match error.sqlite_error_code() {
        Some(ConstraintViolation) => super::constraint(&error.to_string()).with_source(error),
        Some(DatabaseBusy | DatabaseLocked | DiskFull) => Error::unavailable(error),
        _ => Error::internal(error),
    }
}

/// Runs blocking work on the thread that holds it, telling the runtime so.
fn in_place<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}

/// A statement that takes longer is told to the runtime when it is met again.
const SHORT: Duration = Duration::from_micros(500);

/// A SQL text that was met.
#[derive(Clone)]
struct Text {
    /// In SQLite's parameter style.
    sql: Arc<str>,
    /// Whether it took long when it last ran.
    slow: bool,
}

/// A connection with the SQL texts it has met, rewritten to SQLite's parameter style once.
pub(crate) struct Connected {
    connection: Connection,
    texts: HashMap<&'static str, Text>,
}

impl Connected {
    fn open(path: &Path, writable: bool) -> Result<Self> {
        let flags = if writable {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        } else {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        } | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(fault)?;
        connection.busy_timeout(Duration::from_secs(10)).map_err(fault)?;
        connection.set_prepared_statement_cache_capacity(256);
        if writable {
            // Room for the upper pages of every index, and a log that is copied into the file every
            // 32 MiB: an import that has neither writes the same pages again and again.
            connection
                .execute_batch(
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA cache_size = -64000; \
                     PRAGMA wal_autocheckpoint = 8000;",
                )
                .map_err(fault)?;
        } else {
            connection
                .execute_batch("PRAGMA cache_size = -4000; PRAGMA mmap_size = 268435456;")
                .map_err(fault)?;
        }
        Ok(Self { connection, texts: HashMap::new() })
    }

    /// Runs a text that was written beforehand. Telling the runtime that a thread is held costs
    /// more than finding a row by its key, so it is told of those texts only that took long.
    fn short<T>(
        &mut self,
        sql: &'static str,
        work: impl FnOnce(&Self, &str) -> Result<T>,
    ) -> Result<T> {
        // `$1` means a *named* parameter to SQLite; `?1` means the first one.
        let met = || Text { sql: sql.replace('$', "?").into(), slow: false };
        let text = self.texts.entry(sql).or_insert_with(met).clone();
        let began = Instant::now();
        let done =
            if text.slow { in_place(|| work(self, &text.sql)) } else { work(self, &text.sql) };
        if let Some(known) = self.texts.get_mut(sql) {
            known.slow = began.elapsed() > SHORT;
        }
        done
    }

    pub(crate) fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        self.short(sql, |connected, text| connected.query(text, params))
    }

    pub(crate) fn built(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        in_place(|| self.query(sql, params))
    }

    fn query(&self, text: &str, params: &[Value]) -> Result<Vec<Row>> {
        let mut statement = self.connection.prepare_cached(text).map_err(fault)?;
        let width = statement.column_count();
        let mut found = statement.query(params_from_iter(params)).map_err(fault)?;
        let mut rows = Vec::new();
        while let Some(row) = found.next().map_err(fault)? {
            let mut values = Vec::with_capacity(width);
            for index in 0..width {
                use rusqlite::types::ValueRef;
                values.push(match row.get_ref(index).map_err(fault)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(v) => Value::Int(v),
                    ValueRef::Text(v) => Value::Text(String::from_utf8_lossy(v).into_owned()),
                    ValueRef::Blob(v) => Value::Bytes(v.to_vec()),
                    ValueRef::Real(_) => return Err(Error::internal("a real number in a column")),
                });
            }
            rows.push(Row(values));
        }
        Ok(rows)
    }

    pub(crate) fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64> {
        self.short(sql, |connected, text| connected.execute_text(text, params))
    }

    pub(crate) fn execute_text(&self, text: &str, params: &[Value]) -> Result<u64> {
        let mut statement = self.connection.prepare_cached(text).map_err(fault)?;
        let changed = statement.execute(params_from_iter(params)).map_err(fault)?;
        u64::try_from(changed).map_err(Error::internal)
    }

    /// Runs one text for each row of parameters.
    pub(crate) fn execute_each(&self, text: &str, rows: &[Vec<Value>]) -> Result<()> {
        let mut statement = self.connection.prepare_cached(text).map_err(fault)?;
        for row in rows {
            statement.execute(params_from_iter(row)).map_err(fault)?;
        }
        Ok(())
    }

    fn batch(&self, sql: &str) -> Result<()> {
        self.connection.execute_batch(sql).map_err(fault)
    }

    /// Runs one statement that begins or ends a transaction.
    fn turn(&self, sql: &'static str) -> Result<()> {
        self.connection.prepare_cached(sql).and_then(|mut s| s.execute([])).map_err(fault)?;
        Ok(())
    }
}

/// The writer's connection and the transactions that wait for its next commit.
struct WriterState {
    connected: Connected,
    open: bool,
    group: Vec<oneshot::Sender<bool>>,
}

impl WriterState {
    /// Opens the group's transaction, unless it is open, and the savepoint of the next writer.
    fn begin(&mut self) -> Result<()> {
        if self.open == self.connected.connection.is_autocommit() {
            // SQLite gave the transaction up by itself, or would not end it: nothing of it is kept.
            self.give_up();
        }
        if !self.open {
            self.connected.turn("BEGIN IMMEDIATE")?;
            self.open = true;
        }
        let begun = self.connected.turn("SAVEPOINT one");
        if begun.is_err() {
            self.settle()?;
        }
        begun
    }

    /// Commits what the group has written and tells everybody in it.
    fn settle(&mut self) -> Result<()> {
        if !self.open {
            return Ok(());
        }
        let outcome = self.connected.turn("COMMIT");
        match &outcome {
            Ok(()) => self.end(true),
            Err(_) => self.give_up(),
        }
        outcome
    }

    /// Rolls the group's transaction back, where SQLite has not done so, and tells everybody.
    fn give_up(&mut self) {
        if !self.connected.connection.is_autocommit()
            && let Err(error) = self.connected.batch("ROLLBACK")
        {
            tracing::error!(?error, "a transaction could not be rolled back");
        }
        self.end(false);
    }

    fn end(&mut self, kept: bool) {
        self.open = false;
        for waiting in self.group.drain(..) {
            let _ = waiting.send(kept);
        }
    }
}

/// A SQLite store.
pub(crate) struct Sqlite {
    path: PathBuf,
    writer: Arc<tokio::sync::Mutex<WriterState>>,
    waiting: AtomicUsize,
    readers: Mutex<Vec<Connected>>,
    seats: Arc<Semaphore>,
    lookups: Arc<Semaphore>,
}

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let connected = Connected::open(path, true)?;
        Ok(Self {
            path: path.to_owned(),
            writer: Arc::new(tokio::sync::Mutex::new(WriterState {
                connected,
                open: false,
                group: Vec::new(),
            })),
            waiting: AtomicUsize::new(0),
            readers: Mutex::new(Vec::new()),
            seats: Arc::new(Semaphore::new(READERS)),
            lookups: Arc::new(Semaphore::new(LOOKUPS)),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) async fn read(self: &Arc<Self>) -> Result<SqliteRead> {
        self.read_from(&self.seats).await
    }

    /// A reader for a lookup that ends before its caller waits for anything else.
    pub(crate) async fn look_up(self: &Arc<Self>) -> Result<SqliteRead> {
        self.read_from(&self.lookups).await
    }

    async fn read_from(self: &Arc<Self>, seats: &Arc<Semaphore>) -> Result<SqliteRead> {
        let seat = Arc::clone(seats).acquire_owned().await.map_err(Error::unavailable)?;
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connected = match idle {
            Some(connected) => connected,
            None => in_place(|| Connected::open(&self.path, false))?,
        };
        connected.turn("BEGIN")?;
        Ok(SqliteRead { store: Arc::clone(self), connected: Some(connected), _seat: seat })
    }

    pub(crate) async fn write(self: &Arc<Self>) -> Result<SqliteWrite> {
        let mut state = self.turn().await;
        in_place(|| state.begin())?;
        Ok(SqliteWrite { store: Arc::clone(self), state: Some(state), failed: false })
    }

    /// Waits for the writer; who waits is counted, so that a committer knows whether to hand on.
    async fn turn(&self) -> OwnedMutexGuard<WriterState> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut counted = Counted { store: self, served: false };
        let state = Arc::clone(&self.writer).lock_owned().await;
        counted.served = true;
        state
    }

    /// Commits what a group has written when nobody is left whose turn would come to do it.
    /// Called after the writer was let go and after a wait for it was given up: whichever of two
    /// such calls comes last sees that nobody waits.
    fn settle_if_idle(&self) {
        if self.waiting.load(Ordering::SeqCst) != 0 {
            return;
        }
        let Ok(mut state) = self.writer.try_lock() else { return };
        if state.open
            && let Err(error) = in_place(|| state.settle())
        {
            tracing::error!(?error, "a group of transactions could not be committed");
        }
    }
}

/// One who waits for the writer.
struct Counted<'a> {
    store: &'a Sqlite,
    served: bool,
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.store.waiting.fetch_sub(1, Ordering::SeqCst);
        if !self.served {
            self.store.settle_if_idle();
        }
    }
}

/// A snapshot to read from; its connection goes back to the pool.
pub(crate) struct SqliteRead {
    store: Arc<Sqlite>,
    connected: Option<Connected>,
    _seat: OwnedSemaphorePermit,
}

impl SqliteRead {
    pub(crate) fn connected(&mut self) -> Result<&mut Connected> {
        self.connected.as_mut().ok_or_else(|| Error::internal("the reader was handed back"))
    }
}

impl Drop for SqliteRead {
    fn drop(&mut self) {
        if let Some(connected) = self.connected.take()
            && connected.turn("COMMIT").is_ok()
        {
            self.store.readers.lock().unwrap_or_else(PoisonError::into_inner).push(connected);
        }
    }
}

/// A savepoint of the open group; dropped without commit it leaves no trace.
pub(crate) struct SqliteWrite {
    store: Arc<Sqlite>,
    state: Option<OwnedMutexGuard<WriterState>>,
    failed: bool,
}

impl SqliteWrite {
    /// Runs a statement. After one that failed there is nothing more to run nor to commit: so it is
    /// in PostgreSQL, and some failures make SQLite give up the transaction without a word.
    pub(crate) fn run<T>(&mut self, work: impl FnOnce(&mut Connected) -> Result<T>) -> Result<T> {
        if self.failed {
            return Err(Error::internal("the transaction has failed already"));
        }
        let Some(state) = self.state.as_mut() else {
            return Err(Error::internal("the writer was handed on"));
        };
        let done = work(&mut state.connected);
        self.failed = done.is_err();
        done
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        self.run(|connected| connected.turn("RELEASE one"))?;
        let Some(mut state) = self.state.take() else {
            return Err(Error::internal("the writer was handed on"));
        };
        let alone = self.store.waiting.load(Ordering::SeqCst) == 0;
        if alone || state.group.len() + 1 >= GROUP_MAX {
            return in_place(|| state.settle());
        }
        let (sender, mut receiver) = oneshot::channel();
        state.group.push(sender);
        drop(state);
        // Whoever waited already goes first; then this one's turn comes again and it commits for
        // all, unless somebody did so before. If this caller goes away, the next turn commits, or
        // the last one to go.
        tokio::select! {
            biased;
            settled = &mut receiver => acknowledged(settled),
            mut state = self.store.turn() => {
                in_place(|| state.settle())?;
                drop(state);
                acknowledged(receiver.await)
            }
        }
    }
}

fn acknowledged(settled: std::result::Result<bool, oneshot::error::RecvError>) -> Result<()> {
    match settled {
        Ok(true) => Ok(()),
        _ => Err(Error::unavailable("the shared commit failed")),
    }
}

impl Drop for SqliteWrite {
    fn drop(&mut self) {
        let Some(mut state) = self.state.take() else { return };
        if let Err(error) = state.connected.batch("ROLLBACK TO one; RELEASE one") {
            tracing::error!(?error, "a transaction could not be undone alone; its group is");
            in_place(|| state.give_up());
        }
        drop(state);
        self.store.settle_if_idle();
    }
}
