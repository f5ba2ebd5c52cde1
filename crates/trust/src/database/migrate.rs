//! Forward-only migrations, run at start under a lock, after a copy of what was there.

use std::fs::{File, OpenOptions};
use std::path::Path;

use refinery::{Migration as Step, Runner};
use values::{Clock, Error, Kind, Result};

/// One migration. The text is the same for both databases except where they differ.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// `V0001__clients`: a number that only grows, and what it brings.
    pub name: &'static str,
    /// The SQL for SQLite.
    pub sqlite: &'static str,
    /// The SQL for PostgreSQL.
    pub postgres: &'static str,
}

impl Migration {
    /// A migration with one text for both databases.
    #[must_use]
    pub const fn same(name: &'static str, sql: &'static str) -> Self {
        Self { name, sqlite: sql, postgres: sql }
    }
}

fn runner(migrations: &[Migration], sqlite: bool) -> Result<Runner> {
    let steps: std::result::Result<Vec<Step>, _> = migrations
        .iter()
        .map(|m| Step::unapplied(m.name, if sqlite { m.sqlite } else { m.postgres }))
        .collect();
    Ok(Runner::new(&steps.map_err(Error::internal)?)
        .set_abort_divergent(true)
        .set_abort_missing(true))
}

fn refused(error: refinery::Error) -> Error {
    use refinery::error::Kind as Cause;
    match error.kind() {
        Cause::MissingVersion(_) | Cause::DivergentVersion(_, _) => Error::new(
            Kind::Conflict,
            "store.newer",
            "这个数据库由更新版本的 Heng 建立，请升级程序后再启动",
            "This store was made by a newer Heng; upgrade the program, then start again",
        )
        .with_source(error),
        _ => Error::internal(error),
    }
}

/// Opens a file, making it for its owner's eyes only; SQLite gives its side files the same mode.
fn private_file(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(Error::unavailable)
}

/// Brings a SQLite store up to date; an existing one is copied beside itself first.
pub(crate) fn sqlite(path: &Path, migrations: &[Migration], clock: &dyn Clock) -> Result<()> {
    let lock = private_file(&path.with_extension("lock"))?;
    lock.lock().map_err(Error::unavailable)?;
    let existed = path.exists();
    drop(private_file(path)?);
    let mut connection = rusqlite::Connection::open(path).map_err(Error::internal)?;
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        .map_err(Error::internal)?;
    let runner = runner(migrations, true)?;
    let applied = if existed {
        runner.get_applied_migrations(&mut connection).unwrap_or_default().len()
    } else {
        0
    };
    if applied > 0 && applied < migrations.len() {
        let copy = path.with_extension(format!("before-{}.db", clock.now().0));
        drop(private_file(&copy)?);
        connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()]).map_err(Error::internal)?;
        tracing::info!(copy = %copy.display(), "copied the store before migrating it");
    }
    runner.run(&mut connection).map_err(refused)?;
    Ok(())
}

/// Brings a PostgreSQL store up to date under an advisory lock.
pub(crate) async fn postgres(url: &str, migrations: &[Migration]) -> Result<()> {
    let (mut client, connection) =
        tokio_postgres::connect(url, tokio_postgres::NoTls).await.map_err(Error::unavailable)?;
    let driving = tokio::spawn(connection);
    client.batch_execute("SELECT pg_advisory_lock(726879)").await.map_err(Error::internal)?;
    let done = runner(migrations, false)?.run_async(&mut client).await.map_err(refused);
    let _ = client.batch_execute("SELECT pg_advisory_unlock(726879)").await;
    drop(client);
    let _ = driving.await;
    done.map(drop)
}
