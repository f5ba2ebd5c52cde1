//! Names of just the people and departments that a page shows.

use std::collections::HashMap;

use trust::database::{Reader, Row, Value};
use values::{DepartmentId, Result, UserId};

/// Ids of one statement; fewer are filled up with the last, so that the text stays the same.
const AT_ONCE: usize = 8;
const PEOPLE: &str = "SELECT id, display_name, state FROM account \
     WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8)";
const DEPARTMENTS: &str = "SELECT id, name FROM department \
     WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8)";

async fn found(
    reader: &mut Reader,
    sql: &'static str,
    ids: impl IntoIterator<Item = Value>,
) -> Result<Vec<Row>> {
    let ids: Vec<Value> = ids.into_iter().collect();
    let mut rows = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let mut params = some.to_vec();
        if let Some(last) = some.last() {
            params.resize(AT_ONCE, last.clone());
        }
        rows.extend(reader.rows(sql, &params).await?);
    }
    Ok(rows)
}

/// The shown names of some people, and whether they may sign in.
pub(in crate::identity) async fn people(
    reader: &mut Reader,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, (String, bool)>> {
    let rows = found(reader, PEOPLE, ids.into_iter().map(Value::from)).await?;
    rows.iter().map(|row| Ok((row.id(0)?, (row.text(1)?, row.text(2)? == "active")))).collect()
}

/// The names of some departments.
pub(in crate::identity) async fn departments(
    reader: &mut Reader,
    ids: impl IntoIterator<Item = DepartmentId>,
) -> Result<HashMap<DepartmentId, String>> {
    let rows = found(reader, DEPARTMENTS, ids.into_iter().map(Value::from)).await?;
    rows.iter().map(|row| Ok((row.id(0)?, row.text(1)?))).collect()
}
