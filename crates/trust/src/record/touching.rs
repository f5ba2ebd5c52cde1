//! The index of entries by client, held against what the entries themselves say.
//!
//! The index is not part of the tree: it can be made anew from the bodies. Whoever deletes a row of
//! it hides an entry from a client's own page, so verification makes it anew, as a sum over all its
//! rows, and looks for the entry only where the sums differ.

use sha2::{Digest, Sha256};
use values::{ClientId, Entropy, EntryId, Micros, Result};

use super::body::{self, Body, Stated};
use super::verification::FirstWrong;
use crate::database::{Reader, Row};

/// Rows read at a time.
const PAGE: i64 = 5000;

/// A sum over rows of the index, in whatever order they come. The key is drawn anew each time, so
/// that nobody can choose rows whose sum is that of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tally {
    key: [u8; 15],
    rows: u64,
    sum: u128,
}

impl Tally {
    pub(super) fn new(entropy: &dyn Entropy) -> Self {
        let mut key = [0; 15];
        entropy.fill(&mut key);
        Self { key, rows: 0, sum: 0 }
    }

    fn empty(&self) -> Self {
        Self { key: self.key, rows: 0, sum: 0 }
    }

    fn add(&mut self, client: &[u8], at: Micros, entry: &[u8]) {
        let hash = Sha256::new()
            .chain_update(self.key)
            .chain_update(client)
            .chain_update(at.0.to_be_bytes())
            .chain_update(entry)
            .finalize();
        let half = hash.first_chunk().copied().unwrap_or_default();
        self.rows += 1;
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(half));
    }

    /// Adds the rows that an entry must have.
    pub(super) fn state(&mut self, packed: &str, at: Micros, entry: EntryId) -> Result<()> {
        if packed.is_empty() {
            return Ok(());
        }
        for client in body::unpack(packed)? {
            self.add(client.as_bytes(), at, entry.as_bytes());
        }
        Ok(())
    }

    /// Adds the rows that there are; false when one of them is none.
    fn take(&mut self, row: &Row) -> bool {
        let (Ok(client), Ok(at), Ok(entry)) = (row.lent_bytes(0), row.micros(1), row.lent_bytes(2))
        else {
            return false;
        };
        self.add(client, at, entry);
        client.len() == 16 && entry.len() == 16
    }
}

/// The first entry whose rows in the index are not what it says, given what all sealed entries
/// say.
pub(super) async fn first_wrong(
    reader: &mut Reader,
    mut stated: Tally,
    sealed: u64,
) -> Result<Option<FirstWrong>> {
    let waiting =
        reader.rows("SELECT id, at, body FROM record_entry WHERE number IS NULL", &[]).await?;
    for row in &waiting {
        let (id, at): (EntryId, Micros) = (row.id(0)?, row.micros(1)?);
        if let Some(said) = Stated::of(row.lent_text(2)?) {
            stated.state(&said.clients, at, id)?;
        }
    }
    let mut there = stated.empty();
    let mut whole = true;
    let mut index = Pages::new();
    while let Some(rows) = index.next(reader).await? {
        for row in &rows {
            whole &= there.take(row);
        }
        if !whole {
            break;
        }
    }
    if whole && there == stated {
        return Ok(None);
    }
    let missing = first_missing(reader, sealed).await?;
    let extra = first_extra(reader, sealed).await?;
    let first = [missing, extra].into_iter().flatten().min_by_key(|wrong| wrong.number);
    Ok(Some(first.unwrap_or_else(|| {
        FirstWrong::new(
            sealed,
            None,
            "按客户检索的索引被改动",
            "The index of entries by client was altered",
        )
    })))
}

/// The first entry that lacks a row.
async fn first_missing(reader: &mut Reader, sealed: u64) -> Result<Option<FirstWrong>> {
    let mut after = -1_i64;
    loop {
        let page = reader
            .rows(
                "SELECT id, number, body FROM record_entry WHERE number > $1 \
                 ORDER BY number LIMIT $2",
                &[after.into(), PAGE.into()],
            )
            .await?;
        let Some(last) = page.last() else { break };
        after = last.int(1)?;
        for row in &page {
            if lacks(reader, row.lent_text(2)?).await? {
                let number = u64::try_from(row.int(1)?).unwrap_or(0);
                return Ok(Some(missing(number, row.id(0)?)));
            }
        }
    }
    let waiting = reader
        .rows("SELECT id, body FROM record_entry WHERE number IS NULL ORDER BY at, id", &[])
        .await?;
    for row in &waiting {
        if lacks(reader, row.lent_text(1)?).await? {
            return Ok(Some(missing(sealed, row.id(0)?)));
        }
    }
    Ok(None)
}

fn missing(number: u64, id: EntryId) -> FirstWrong {
    FirstWrong::new(
        number,
        Some(id.to_string()),
        "按客户检索的索引缺少此条",
        "The index of entries by client lacks this entry",
    )
}

async fn lacks(reader: &mut Reader, text: &str) -> Result<bool> {
    let Ok(body) = Body::parse(text) else { return Ok(false) };
    for client in &body.clients {
        let found = reader
            .row(
                "SELECT 1 FROM record_client \
                 WHERE client_id = $1 AND at = $2 AND entry_id = $3",
                &[(*client).into(), body.at.into(), body.id.into()],
            )
            .await?;
        if found.is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The first entry that has a row which it does not speak of.
async fn first_extra(reader: &mut Reader, sealed: u64) -> Result<Option<FirstWrong>> {
    let mut first: Option<FirstWrong> = None;
    let mut index = Pages::new();
    while let Some(rows) = index.next(reader).await? {
        for row in &rows {
            let Some((number, entry)) = unspoken(reader, row, sealed).await? else { continue };
            let wrong = FirstWrong::new(
                number,
                entry,
                "按客户检索的索引中有此条并未涉及的客户",
                "The index names a client for this entry that it does not speak of",
            );
            let known = first.take().filter(|known| known.number <= wrong.number);
            first = Some(known.unwrap_or(wrong));
        }
    }
    Ok(first)
}

/// The entry of a row that the entry does not speak of, and its number.
async fn unspoken(
    reader: &mut Reader,
    row: &Row,
    sealed: u64,
) -> Result<Option<(u64, Option<String>)>> {
    let (Ok(client), Ok(at), Ok(id)) = (row.id::<ClientId>(0), row.micros(1), row.id::<EntryId>(2))
    else {
        return Ok(Some((sealed, None)));
    };
    let entry =
        reader.row("SELECT number, body FROM record_entry WHERE id = $1", &[id.into()]).await?;
    let Some(entry) = entry else { return Ok(Some((sealed, Some(id.to_string())))) };
    let spoken = Body::parse(entry.lent_text(1)?)
        .is_ok_and(|body| body.at == at && body.clients.contains(&client));
    if spoken {
        return Ok(None);
    }
    let number = entry.opt_int(0)?.and_then(|number| u64::try_from(number).ok());
    Ok(Some((number.unwrap_or(sealed), Some(id.to_string()))))
}

/// The rows of the index, page after page.
struct Pages {
    after: Option<(Vec<u8>, i64, Vec<u8>)>,
    ended: bool,
}

impl Pages {
    const fn new() -> Self {
        Self { after: None, ended: false }
    }

    async fn next(&mut self, reader: &mut Reader) -> Result<Option<Vec<Row>>> {
        if self.ended {
            return Ok(None);
        }
        let (client, at, entry) = self.after.take().unwrap_or((Vec::new(), i64::MIN, Vec::new()));
        let rows = reader
            .rows(
                "SELECT client_id, at, entry_id FROM record_client \
                 WHERE (client_id, at, entry_id) > ($1, $2, $3) \
                 ORDER BY client_id, at, entry_id LIMIT $4",
                &[client.into(), at.into(), entry.into(), PAGE.into()],
            )
            .await?;
        match rows.last().map(|row| (row.bytes(0), row.int(1), row.bytes(2))) {
            Some((Ok(client), Ok(at), Ok(entry))) => self.after = Some((client, at, entry)),
            // Where to go on cannot be said: what is there has been seen, and is a fault.
            _ => self.ended = true,
        }
        Ok((!rows.is_empty()).then_some(rows))
    }
}
