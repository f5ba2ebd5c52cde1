//! SQLite in place: a pool of readers and one writer whose waiting transactions share a commit.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, params_from_iter};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, oneshot};
use values::{Error, Result};

use super::value::{Row, Value};

/// How many transactions share one commit at most.
const GROUP_MAX: usize = 64;
const READERS: usize = 8;

fn fault(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode::{ConstraintViolation, DatabaseBusy, DatabaseLocked, DiskFull};
    match error.sqlite_error_code() {
        Some(ConstraintViolation) => {
            super::constraint(&error.to_string()).with_source(error)
        }
        Some(DatabaseBusy | DatabaseLocked | DiskFull) => Error::unavailable(error),
        _ => Error::internal(error),
    }
}

/// Runs blocking work on the thread that holds it, telling the runtime so.
fn in_place<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}

/// A connection with the SQL texts it has met, rewritten to SQLite's parameter style once.
pub(crate) struct Connected {
    connection: Connection,
    texts: HashMap<&'static str, Box<str>>,
}

impl Connected {
    fn open(path: &Path, writable: bool) -> Result<Self> {
        let flags = if writable {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        } else {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        } | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(fault)?;
        connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(fault)?;
        connection.set_prepared_statement_cache_capacity(256);
        if writable {
            connection
                .execute_batch(
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000;",
                )
                .map_err(fault)?;
        } else {
            connection
                .execute_batch("PRAGMA cache_size = -4000; PRAGMA mmap_size = 268435456;")
                .map_err(fault)?;
        }
        Ok(Self { connection, texts: HashMap::new() })
    }

    /// `$1` means a *named* parameter to SQLite; `?1` means the first one.
    fn text(&mut self, sql: &'static str) -> &str {
        self.texts.entry(sql).or_insert_with(|| sql.replace('$', "?").into_boxed_str())
    }

    pub(crate) fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        in_place(|| {
            let text = self.text(sql).to_owned();
            self.query(&text, params)
        })
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
        in_place(|| {
            let text = self.text(sql).to_owned();
            self.execute_text(&text, params)
        })
    }

    pub(crate) fn execute_text(&self, text: &str, params: &[Value]) -> Result<u64> {
        let mut statement = self.connection.prepare_cached(text).map_err(fault)?;
        let changed = statement.execute(params_from_iter(params)).map_err(fault)?;
        u64::try_from(changed).map_err(Error::internal)
    }

    fn batch(&self, sql: &str) -> Result<()> {
        self.connection.execute_batch(sql).map_err(fault)
    }
}

/// The writer's connection and the transactions that wait for its next commit.
struct WriterState {
    connected: Connected,
    open: bool,
    group: Vec<oneshot::Sender<bool>>,
}

impl WriterState {
    /// Commits what the group has written and tells everybody in it.
    fn settle(&mut self) -> Result<()> {
        if !self.open {
            return Ok(());
        }
        let outcome = self.connected.batch("COMMIT");
        if outcome.is_err() {
            let _ = self.connected.batch("ROLLBACK");
        }
        self.open = false;
        for waiting in self.group.drain(..) {
            let _ = waiting.send(outcome.is_ok());
        }
        outcome
    }
}

/// A SQLite store.
pub(crate) struct Sqlite {
    path: PathBuf,
    writer: Arc<tokio::sync::Mutex<WriterState>>,
    waiting: AtomicUsize,
    readers: Mutex<Vec<Connected>>,
    seats: Arc<Semaphore>,
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
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) async fn read(self: &Arc<Self>) -> Result<SqliteRead> {
        let seat = Arc::clone(&self.seats).acquire_owned().await.map_err(Error::unavailable)?;
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connected = match idle {
            Some(connected) => connected,
            None => in_place(|| Connected::open(&self.path, false))?,
        };
        connected.batch("BEGIN")?;
        Ok(SqliteRead { store: Arc::clone(self), connected: Some(connected), _seat: seat })
    }

    pub(crate) async fn write(self: &Arc<Self>) -> Result<SqliteWrite> {
        let mut state = self.turn().await;
        if !state.open {
            in_place(|| state.connected.batch("BEGIN IMMEDIATE"))?;
            state.open = true;
        }
        let begun = state.connected.batch("SAVEPOINT one");
        if begun.is_err() {
            in_place(|| state.settle())?;
        }
        begun?;
        Ok(SqliteWrite { store: Arc::clone(self), state: Some(state) })
    }

    /// Waits for the writer; who waits is counted, so that a committer knows whether to hand on.
    async fn turn(self: &Arc<Self>) -> OwnedMutexGuard<WriterState> {
        struct Counted<'a>(&'a AtomicUsize);
        impl Drop for Counted<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::SeqCst);
            }
        }
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _counted = Counted(&self.waiting);
        Arc::clone(&self.writer).lock_owned().await
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
            && connected.batch("COMMIT").is_ok()
        {
            self.store.readers.lock().unwrap_or_else(PoisonError::into_inner).push(connected);
        }
    }
}

/// A savepoint of the open group; dropped without commit it leaves no trace.
pub(crate) struct SqliteWrite {
    store: Arc<Sqlite>,
    state: Option<OwnedMutexGuard<WriterState>>,
}

impl SqliteWrite {
    pub(crate) fn connected(&mut self) -> Result<&mut Connected> {
        match self.state.as_mut() {
            Some(state) => Ok(&mut state.connected),
            None => Err(Error::internal("the writer was handed on")),
        }
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        let Some(mut state) = self.state.take() else {
            return Err(Error::internal("the writer was handed on"));
        };
        state.connected.batch("RELEASE one")?;
        let alone = self.store.waiting.load(Ordering::SeqCst) == 0;
        if alone || state.group.len() + 1 >= GROUP_MAX {
            return in_place(|| state.settle());
        }
        let (sender, mut receiver) = oneshot::channel();
        state.group.push(sender);
        drop(state);
        // Whoever waited already goes first; then this one's turn comes again and it commits for
        // all, unless somebody did so before. If this caller goes away, the next turn commits.
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
        let undone = state.connected.batch("ROLLBACK TO one; RELEASE one");
        let last = self.store.waiting.load(Ordering::SeqCst) == 0;
        if undone.is_err() || last {
            let settled = in_place(|| state.settle());
            if let Err(error) = settled {
                tracing::error!(?error, "the group's commit failed after a rollback");
            }
        }
    }
}
