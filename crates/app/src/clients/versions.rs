//! Versions: what was before each change, and the way back to it.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use trust::database::Reader;
use values::{ClientId, Error, ItemId, Micros, Result, UserId};

use super::rows::{Client, Item};
use super::rules::{Fields, Stored};

/// What was before, by field: `null` where there was nothing. Rows of lists go by `list#id`.
pub fn difference(before: &Client, after: &Client) -> Result<BTreeMap<String, Json>> {
    let mut was = BTreeMap::new();
    let to_json = |value: &Option<&Stored>| serde_json::to_value(value).map_err(Error::internal);
    for key in before.fields.keys().chain(after.fields.keys()) {
        let (old, new) = (before.fields.get(key), after.fields.get(key));
        if old != new {
            was.insert(key.clone(), to_json(&old)?);
        }
    }
    for item in before.items.iter().chain(&after.items) {
        let find = |c: &Client| c.items.iter().find(|i| i.id == item.id).cloned();
        let (old, new) = (find(before), find(after));
        if old != new {
            let key = format!("{}#{}", item.list, item.id);
            let old = old.map(|i| (i.position, i.fields));
            was.insert(key, serde_json::to_value(old).map_err(Error::internal)?);
        }
    }
    if before.stage != after.stage {
        was.insert("@stage".into(), Json::from(before.stage.clone()));
    }
    if before.tags != after.tags {
        was.insert("@tags".into(), Json::from(before.tags.clone()));
    }
    if before.recycled_at != after.recycled_at {
        was.insert("@recycled_at".into(), Json::from(before.recycled_at.map(|at| at.0)));
    }
    before.seats.note(&after.seats, &mut was);
    Ok(was)
}

/// A version: who, when, why, and what was before it.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its number.
    pub version: i64,
    /// When.
    pub at: Micros,
    /// Who.
    pub by: (UserId, String),
    /// Where it comes from.
    pub source: String,
    /// Why.
    pub why: String,
    /// What was before, by field.
    pub before: BTreeMap<String, Json>,
}

/// The versions of a client, newest first.
pub async fn versions(reader: &mut Reader, id: ClientId) -> Result<Vec<Version>> {
    let rows = reader
        .rows(
            "SELECT version, at, by_id, by_name, source, why, before FROM client_version \
             WHERE client_id = $1 ORDER BY version DESC",
            &[id.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Version {
                version: row.int(0)?,
                at: row.micros(1)?,
                by: (row.id(2)?, row.text(3)?),
                source: row.text(4)?,
                why: row.text(5)?,
                before: serde_json::from_str(&row.text(6)?).map_err(Error::internal)?,
            })
        })
        .collect()
}

/// Takes a version back from a client: what it changed becomes what it was before.
pub fn take_back(client: &mut Client, version: &Version) -> Result<()> {
    for (key, was) in &version.before {
        match key.as_str() {
            "@stage" => client.stage = was.as_str().unwrap_or_default().to_owned(),
            "@tags" => {
                client.tags = serde_json::from_value(was.clone()).map_err(Error::internal)?;
            }
            "@recycled_at" => client.recycled_at = was.as_i64().map(Micros),
            _ if client.seats.put_back(key, was)? => {}
            _ => match key.split_once('#') {
                Some((list, id)) => take_back_item(client, list, id, was)?,
                None if was.is_null() => {
                    client.fields.remove(key);
                }
                None => {
                    let old = serde_json::from_value(was.clone()).map_err(Error::internal)?;
                    client.fields.insert(key.clone(), old);
                }
            },
        }
    }
    client.version = version.version - 1;
    Ok(())
}

fn take_back_item(client: &mut Client, list: &str, id: &str, was: &Json) -> Result<()> {
    let id: ItemId = id.parse()?;
    client.items.retain(|item| item.id != id);
    let old: Option<(i64, Fields)> =
        serde_json::from_value(was.clone()).map_err(Error::internal)?;
    if let Some((position, fields)) = old {
        client.items.push(Item { id, list: list.to_owned(), position, fields });
        client.items.sort_by(|a, b| (&a.list, a.position).cmp(&(&b.list, b.position)));
    }
    Ok(())
}
