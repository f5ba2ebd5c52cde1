//! Sealing the archive again with the current keys, client by client: fields, rows of lists, and
//! what versions remember. No version is made, and nobody's edit is lost: a row is written only
//! if it is still the one that was read.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use trust::database::{Reader, Row, Writer};
use trust::vault::Keyring;
use values::{ClientId, Error, ItemId, Result};

use super::rules::{Fields, Stored};
use super::seal::{self, Home};

/// How often a client is tried again that somebody changes meanwhile.
const TRIES: usize = 5;

/// What one step did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Sealed values that were looked at.
    pub seen: i64,
    /// Those that were sealed again.
    pub sealed: i64,
    /// The last client; nothing when there are no more.
    pub last: Option<ClientId>,
}

/// Seals the next clients again, in the transaction of whoever rotates keys.
///
/// # Errors
/// Internal when a value cannot be opened; Conflict when a client changes all the time.
pub async fn reseal_batch(
    writer: &mut Writer,
    keyring: &Keyring,
    after: Option<ClientId>,
    limit: i64,
) -> Result<Resealed> {
    let after = after.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
    let rows = writer
        .rows(
            "SELECT id FROM client WHERE id > $1 ORDER BY id LIMIT $2",
            &[after.into(), limit.into()],
        )
        .await?;
    let mut step = Resealed::default();
    for row in &rows {
        let id = row.id(0)?;
        let mut tries = 0;
        loop {
            let mut walk = Walk { keyring, step };
            if walk.client(writer, id).await? {
                step = Resealed { last: Some(id), ..walk.step };
                break;
            }
            tries += 1;
            if tries >= TRIES {
                return Err(Error::unavailable("a client changes all the time"));
            }
        }
    }
    if i64::try_from(rows.len()).unwrap_or(i64::MAX) < limit {
        step.last = None;
    }
    Ok(step)
}

/// How many values of level 3 and of level 4 are sealed in the archive. Level 4 is what has a
/// mask; the mask itself is of level 3.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn sealed_values(reader: &mut Reader) -> Result<(i64, i64)> {
    let mut all = (0, 0);
    for sql in [
        "SELECT COALESCE(SUM((LENGTH(fields) - LENGTH(REPLACE(fields, '\"s\":\"', ''))) / 5), 0), \
         COALESCE(SUM((LENGTH(fields) - LENGTH(REPLACE(fields, '\"m\":\"', ''))) / 5), 0) \
         FROM client",
        "SELECT COALESCE(SUM((LENGTH(fields) - LENGTH(REPLACE(fields, '\"s\":\"', ''))) / 5), 0), \
         COALESCE(SUM((LENGTH(fields) - LENGTH(REPLACE(fields, '\"m\":\"', ''))) / 5), 0) \
         FROM client_item",
        "SELECT COALESCE(SUM((LENGTH(before) - LENGTH(REPLACE(before, '\"s\":\"', ''))) / 5), 0), \
         COALESCE(SUM((LENGTH(before) - LENGTH(REPLACE(before, '\"m\":\"', ''))) / 5), 0) \
         FROM client_version",
    ] {
        if let Some(row) = reader.row(sql, &[]).await? {
            // Every value has an `s`, and those of level 4 an `m`, which is a value of level 3.
            let (values, masked) = (row.int(0)?, row.int(1)?);
            all = (all.0 + values, all.1 + masked);
        }
    }
    Ok(all)
}

struct Walk<'k> {
    keyring: &'k Keyring,
    step: Resealed,
}

impl Walk<'_> {
    /// Seals all of one client again; says no when somebody changed it meanwhile.
    async fn client(&mut self, writer: &mut Writer, id: ClientId) -> Result<bool> {
        let Some(row) =
            writer.row("SELECT fields, version FROM client WHERE id = $1", &[id.into()]).await?
        else {
            return Ok(true);
        };
        if let Some(text) = self.fields(Home::Client(id), &row.text(0)?)? {
            let params = [text.into(), id.into(), row.int(1)?.into()];
            let sql = "UPDATE client SET fields = $1 WHERE id = $2 AND version = $3";
            if writer.execute(sql, &params).await? != 1 {
                return Ok(false);
            }
        }
        let sql = "SELECT id, fields FROM client_item WHERE client_id = $1 ORDER BY id";
        for row in writer.rows(sql, &[id.into()]).await? {
            if !self.item(writer, &row).await? {
                return Ok(false);
            }
        }
        let sql = "SELECT version, before FROM client_version WHERE client_id = $1";
        for row in writer.rows(sql, &[id.into()]).await? {
            if let Some(text) = self.before(id, &row.text(1)?)? {
                let sql = "UPDATE client_version SET before = $1 \
                           WHERE client_id = $2 AND version = $3";
                writer.change(sql, &[text.into(), id.into(), row.int(0)?.into()], 1).await?;
            }
        }
        Ok(true)
    }

    async fn item(&mut self, writer: &mut Writer, row: &Row) -> Result<bool> {
        let (item, old): (ItemId, String) = (row.id(0)?, row.text(1)?);
        let Some(text) = self.fields(Home::Item(item), &old)? else { return Ok(true) };
        let sql = "UPDATE client_item SET fields = $1 WHERE id = $2 AND fields = $3";
        Ok(writer.execute(sql, &[text.into(), item.into(), old.into()]).await? == 1)
    }

    fn value(&mut self, key: &str, home: Home, value: &mut Stored) -> Result<bool> {
        if let Stored::Sealed { m, .. } = value {
            self.step.seen += if m.is_some() { 2 } else { 1 };
        }
        let Some(again) = seal::resealed(self.keyring, key, home, value)? else {
            return Ok(false);
        };
        self.step.sealed += 1;
        *value = again;
        Ok(true)
    }

    fn all(&mut self, home: Home, fields: &mut Fields) -> Result<bool> {
        let mut changed = false;
        for (key, value) in fields.iter_mut() {
            changed |= self.value(key, home, value)?;
        }
        Ok(changed)
    }

    fn fields(&mut self, home: Home, text: &str) -> Result<Option<String>> {
        let mut fields: Fields = serde_json::from_str(text).map_err(Error::internal)?;
        if !self.all(home, &mut fields)? {
            return Ok(None);
        }
        serde_json::to_string(&fields).map(Some).map_err(Error::internal)
    }

    /// What a version remembers: fields by their keys, rows of lists by `list#id`.
    fn before(&mut self, id: ClientId, text: &str) -> Result<Option<String>> {
        let mut before: BTreeMap<String, Json> =
            serde_json::from_str(text).map_err(Error::internal)?;
        let mut changed = false;
        for (key, was) in &mut before {
            if was.is_null() || key.starts_with('@') {
                continue;
            }
            let read = was.clone();
            if let Some((_, item)) = key.split_once('#') {
                let (position, mut fields): (i64, Fields) =
                    serde_json::from_value(read).map_err(Error::internal)?;
                if self.all(Home::Item(item.parse()?), &mut fields)? {
                    *was = serde_json::to_value((position, fields)).map_err(Error::internal)?;
                    changed = true;
                }
                continue;
            }
            let mut value: Stored = serde_json::from_value(read).map_err(Error::internal)?;
            if self.value(key, Home::Client(id), &mut value)? {
                *was = serde_json::to_value(&value).map_err(Error::internal)?;
                changed = true;
            }
        }
        if !changed {
            return Ok(None);
        }
        serde_json::to_string(&before).map(Some).map_err(Error::internal)
    }
}
