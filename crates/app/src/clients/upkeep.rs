//! Work on stored clients that a newer Heng asks for and SQL cannot do, because it takes the keys:
//! done once at start, and crossed off in the same transaction.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use trust::access::{Action, Actor, Origin};
use trust::database::Writer;
use trust::record::Change;
use trust::vault::Keyring;
use values::{Error, ItemId, Result};

use super::fields;
use super::rules::{Fields, Stored};
use super::seal::{self, Home};
use crate::App;

/// The list whose names stood in clear before migration V0020.
const LIST: &str = "guarantors";
const WORK: &str = "seal_guarantors";

/// Sealing what stood in clear.
struct SealStored;

impl Action for SealStored {
    const NAME: &'static str = "job.run";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &["contact"];
    type Target = ();
}

/// Does what is still to be done; gives how many values were sealed.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn upkeep(app: &App) -> Result<i64> {
    let job = Actor::part_of_heng("job", Origin::default());
    let permit = app.access.authorize::<SealStored>(&job, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    if tx.execute("DELETE FROM upkeep WHERE work = $1", &[WORK.into()]).await? == 0 {
        return Ok(0);
    }
    let sealed = seal_items(&mut tx, &app.keyring).await? + seal_versions(&mut tx, app).await?;
    tx.commit(permit.entry(Change::none().count("sealed", sealed))).await?;
    Ok(sealed)
}

async fn seal_items(writer: &mut Writer, keyring: &Keyring) -> Result<i64> {
    let mut sealed = 0;
    let sql = "SELECT id, fields FROM client_item WHERE list = $1 ORDER BY id";
    for row in writer.rows(sql, &[LIST.into()]).await? {
        let id: ItemId = row.id(0)?;
        let mut fields: Fields = serde_json::from_str(&row.text(1)?).map_err(Error::internal)?;
        let count = seal_clear(keyring, id, &mut fields)?;
        if count > 0 {
            let text = serde_json::to_string(&fields).map_err(Error::internal)?;
            let sql = "UPDATE client_item SET fields = $1 WHERE id = $2";
            writer.change(sql, &[text.into(), id.into()], 1).await?;
            sealed += count;
        }
    }
    Ok(sealed)
}

async fn seal_versions(writer: &mut Writer, app: &App) -> Result<i64> {
    let mut sealed = 0;
    let sql = "SELECT client_id, version, before FROM client_version \
               WHERE before LIKE '%\"guarantors#%'";
    for row in writer.rows(sql, &[]).await? {
        let mut before: BTreeMap<String, Json> =
            serde_json::from_str(&row.text(2)?).map_err(Error::internal)?;
        let mut count = 0;
        for (key, was) in &mut before {
            let Some((LIST, item)) = key.split_once('#') else { continue };
            let old: Option<(i64, Fields)> =
                serde_json::from_value(was.clone()).map_err(Error::internal)?;
            let Some((position, mut fields)) = old else { continue };
            count += seal_clear(&app.keyring, item.parse()?, &mut fields)?;
            *was = serde_json::to_value((position, fields)).map_err(Error::internal)?;
        }
        if count > 0 {
            let text = serde_json::to_string(&before).map_err(Error::internal)?;
            let sql = "UPDATE client_version SET before = $1 \
                       WHERE client_id = $2 AND version = $3";
            let params = [text.into(), row.bytes(0)?.into(), row.int(1)?.into()];
            writer.change(sql, &params, 1).await?;
            sealed += count;
        }
    }
    Ok(sealed)
}

/// Seals those values of a row that its fields want sealed and that stand in clear.
fn seal_clear(keyring: &Keyring, id: ItemId, fields: &mut Fields) -> Result<i64> {
    let mut sealed = 0;
    for (key, value) in fields.iter_mut() {
        let spec = fields::list_field(LIST, key).filter(|spec| spec.sealed());
        let (Some(spec), Stored::Clear(text)) = (spec, &*value) else { continue };
        *value = seal::stored(keyring, spec, Home::Item(id), text)?;
        sealed += 1;
    }
    Ok(sealed)
}
