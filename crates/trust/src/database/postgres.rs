//! PostgreSQL through a pool.

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use tokio_postgres::NoTls;
use tokio_postgres::types::{ToSql, Type};
use values::{Error, Result};

use super::value::{Row, Value};

const CONNECTIONS: usize = 16;
/// Connections for lookups that are made, and over, while their caller may hold another.
const LOOKUPS: usize = 4;

fn fault(error: tokio_postgres::Error) -> Error {
    let Some(db) = error.as_db_error() else { return Error::unavailable(error) };
    if db.code().code().starts_with("23") {
        let text = format!("{} {}", db.message(), db.constraint().unwrap_or_default());
        return super::constraint(&text).with_source(error);
    }
    match db.code().code().get(..2) {
        Some("08" | "40" | "53" | "57") => Error::unavailable(error),
        _ => {
            let text = db.to_string();
            Error::internal(text)
        }
    }
}

/// A PostgreSQL store.
pub(crate) struct Postgres {
    pool: Pool,
    lookups: Pool,
}

impl Postgres {
    pub(crate) async fn open(url: &str) -> Result<Self> {
        let config: tokio_postgres::Config = url.parse().map_err(Error::internal)?;
        let pool_of = |connections| {
            let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
            let manager = Manager::from_config(config.clone(), NoTls, recycling);
            Pool::builder(manager).max_size(connections).build().map_err(Error::internal)
        };
        let (pool, lookups) = (pool_of(CONNECTIONS)?, pool_of(LOOKUPS)?);
        let _first = pool.get().await.map_err(Error::unavailable)?;
        Ok(Self { pool, lookups })
    }

    pub(crate) async fn begin(&self, sql: &str) -> Result<PostgresTx> {
        begin(&self.pool, sql).await
    }

    /// A transaction for a lookup that ends before its caller waits for anything else.
    pub(crate) async fn look_up(&self, sql: &str) -> Result<PostgresTx> {
        begin(&self.lookups, sql).await
    }
}

async fn begin(pool: &Pool, sql: &str) -> Result<PostgresTx> {
    let client = pool.get().await.map_err(Error::unavailable)?;
    // Made before it begins: a caller who goes away meanwhile must not leave it open in the pool.
    let tx = PostgresTx { client: Some(client) };
    tx.client()?.batch_execute(sql).await.map_err(fault)?;
    Ok(tx)
}

/// A transaction; dropped without commit it is rolled back before its connection is used again.
pub(crate) struct PostgresTx {
    client: Option<Object>,
}

impl PostgresTx {
    fn client(&self) -> Result<&Object> {
        self.client.as_ref().ok_or_else(|| Error::internal("the connection was handed back"))
    }

    pub(crate) async fn rows(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let client = self.client()?;
        let statement = client.prepare_cached(sql).await.map_err(fault)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        let found = client.query(&statement, &params).await.map_err(fault)?;
        found.iter().map(to_row).collect()
    }

    pub(crate) async fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        let client = self.client()?;
        let statement = client.prepare_cached(sql).await.map_err(fault)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        client.execute(&statement, &params).await.map_err(fault)
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        let done = self.client()?.batch_execute("COMMIT").await.map_err(fault);
        if done.is_ok() {
            self.client = None;
        }
        done
    }
}

impl Drop for PostgresTx {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    if client.batch_execute("ROLLBACK").await.is_err() {
                        drop(Object::take(client));
                    }
                });
            }
            Err(_) => drop(Object::take(client)),
        }
    }
}

fn to_row(row: &tokio_postgres::Row) -> Result<Row> {
    let mut values = Vec::with_capacity(row.len());
    for (index, column) in row.columns().iter().enumerate() {
        let value = match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(index).map(Value::from),
            Type::INT4 => row.try_get::<_, Option<i32>>(index).map(Value::from),
            Type::BOOL => row.try_get::<_, Option<bool>>(index).map(Value::from),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(index).map(Value::from),
            _ => row.try_get::<_, Option<String>>(index).map(Value::from),
        };
        values.push(value.map_err(Error::internal)?);
    }
    Ok(Row(values))
}
