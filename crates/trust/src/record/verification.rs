//! Verification: everything is computed anew, and the first wrong entry is named.

use values::{Error, Result};

use super::body::Body;
use super::checkpoint::{Checkpoint, Verifier};
use super::proof::Proof;
use super::sealer::newest_outside;
use super::tree::{self, Frontier, Prover};
use super::Record;
use crate::database::{Reader, Row};

/// Entries read at a time.
const PAGE: i64 = 5000;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Sealed entries, all recomputed.
    pub entries: u64,
    /// Entries that wait to be sealed; they are no fault.
    pub unsealed: u64,
    /// Checkpoints whose signature and root were checked.
    pub checkpoints: u64,
    /// The newest checkpoint, as strangers may be given it.
    pub checkpoint: Option<String>,
    /// The first thing that is wrong.
    pub first_wrong: Option<FirstWrong>,
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstWrong {
    /// The entry's place in the tree, from 0.
    pub number: i64,
    /// The entry, where it is still there.
    pub entry: Option<String>,
    /// What is wrong, in Chinese.
    pub zh: String,
    /// What is wrong, in English.
    pub en: String,
}

impl FirstWrong {
    fn new(number: i64, entry: Option<String>, zh: &str, en: &str) -> Self {
        Self { number, entry, zh: zh.to_owned(), en: en.to_owned() }
    }
}

/// What has been recomputed so far.
struct Walk {
    frontier: Frontier,
    checkpoints: Vec<(u64, String)>,
    checked: u64,
    verifier: Verifier,
}

impl Walk {
    /// Checks the checkpoint that stands at the present size, if one does.
    fn at_checkpoint(&mut self) -> Option<FirstWrong> {
        let (size, text) = self.checkpoints.last()?;
        if *size != self.frontier.size() {
            return None;
        }
        let good = self
            .verifier
            .verify(text)
            .is_ok_and(|c| c.size == *size && c.root == self.frontier.root());
        let number = i64::try_from(size.saturating_sub(1)).unwrap_or(i64::MAX);
        self.checkpoints.pop();
        self.checked += 1;
        (!good).then(|| {
            FirstWrong::new(
                number,
                None,
                "检查点与重新计算的结果不符：此条或其与上一检查点之间的记录被改动",
                "The checkpoint does not fit: this entry or one since the last checkpoint was altered",
            )
        })
    }

    fn take(&mut self, row: &Row) -> Result<Option<FirstWrong>> {
        let number = row.int(2)?;
        let expected = i64::try_from(self.frontier.size()).map_err(Error::internal)?;
        let id: values::EntryId = row.id(0)?;
        let wrong = |zh, en| Ok(Some(FirstWrong::new(expected, Some(id.to_string()), zh, en)));
        if number != expected {
            return Ok(Some(FirstWrong::new(
                expected,
                None,
                "记录缺失：编号不连续",
                "An entry is missing: the numbers have a gap",
            )));
        }
        let text = row.text(3)?;
        let leaf = tree::leaf_hash(text.as_bytes());
        if row.opt_bytes(4)?.as_deref() != Some(&leaf[..]) {
            return wrong("记录内容被改动", "The entry was altered");
        }
        if !fits(row, &text, &id.to_string())? {
            return wrong("检索列与记录内容不符", "The entry's columns do not fit its body");
        }
        self.frontier.push(leaf);
        Ok(self.at_checkpoint())
    }
}

/// Whether the columns that lists filter by say what the body says.
fn fits(row: &Row, text: &str, id: &str) -> Result<bool> {
    let Ok(body) = Body::parse(text) else { return Ok(false) };
    let actor: values::UserId = row.id(5)?;
    Ok(body.at == row.micros(1)?
        && body.id.to_string() == id
        && body.actor == actor.to_string()
        && body.action == row.text(6)?
        && body.outcome.as_str() == row.text(7)?)
}

impl Record {
    /// Recomputes the whole tree, checks every checkpoint, and the newest one kept outside.
    ///
    /// # Errors
    /// Unavailable when the store is away.
    pub async fn verify(&self, reader: &mut Reader) -> Result<Verification> {
        let rows = reader
            .rows("SELECT size, text FROM record_checkpoint ORDER BY size DESC", &[])
            .await?;
        let mut checkpoints = Vec::with_capacity(rows.len());
        for row in &rows {
            checkpoints.push((u64::try_from(row.int(0)?).map_err(Error::internal)?, row.text(1)?));
        }
        let checkpoint = checkpoints.first().map(|(_, text)| text.clone());
        let outside = match &self.0.settings.outside {
            Some(folder) => newest_outside(folder)?,
            None => None,
        };
        let verifier = self.verifier();
        let mut walk = Walk { frontier: Frontier::new(), checkpoints, checked: 0, verifier };
        let mut first_wrong = None;
        let mut after = -1_i64;
        'pages: loop {
            let page = reader
                .rows(
                    "SELECT id, at, number, body, leaf, actor, action, outcome FROM record_entry \
                     WHERE number > $1 ORDER BY number LIMIT $2",
                    &[after.into(), PAGE.into()],
                )
                .await?;
            let Some(last) = page.last() else { break };
            after = last.int(2)?;
            for row in &page {
                first_wrong = walk.take(row)?;
                if first_wrong.is_some() {
                    break 'pages;
                }
            }
        }
        if first_wrong.is_none() {
            first_wrong = ending(reader, &walk, outside.as_deref()).await?;
        }
        let unsealed = reader
            .row("SELECT COUNT(*) FROM record_entry WHERE number IS NULL", &[])
            .await?
            .map_or(Ok(0), |row| row.int(0))?;
        Ok(Verification {
            entries: walk.frontier.size(),
            unsealed: u64::try_from(unsealed).map_err(Error::internal)?,
            checkpoints: walk.checked,
            checkpoint,
            first_wrong,
        })
    }

    /// The printable proof that an entry is in the tree, against the newest checkpoint.
    ///
    /// # Errors
    /// NotFound when there is no such entry, Conflict when it is not sealed yet.
    pub async fn prove(&self, reader: &mut Reader, entry: values::EntryId) -> Result<String> {
        let row = reader
            .row("SELECT number, body FROM record_entry WHERE id = $1", &[entry.into()])
            .await?
            .ok_or_else(Error::not_found)?;
        let newest = reader
            .row("SELECT size, text FROM record_checkpoint ORDER BY size DESC LIMIT 1", &[])
            .await?;
        let (Some(number), Some(newest)) = (row.opt_int(0)?, newest) else {
            return Err(Error::new(
                values::Kind::Conflict,
                "record.unsealed",
                "此条记录尚未封存，请稍候一秒再试",
                "The entry is not sealed yet; try again in a second",
            ));
        };
        let index = u64::try_from(number).map_err(Error::internal)?;
        let size = newest.int(0)?;
        let whole = u64::try_from(size).map_err(Error::internal)?;
        let mut prover = Prover::inclusion(index, whole)?;
        let mut after = -1_i64;
        while after + 1 < size {
            let page = reader
                .rows(
                    "SELECT number, leaf FROM record_entry \
                     WHERE number > $1 AND number < $2 ORDER BY number LIMIT $3",
                    &[after.into(), size.into(), PAGE.into()],
                )
                .await?;
            let Some(last) = page.last() else { break };
            after = last.int(0)?;
            for row in &page {
                let leaf = row.bytes(1)?;
                prover.push(leaf.try_into().map_err(|_| Error::internal("a leaf cut short"))?);
            }
        }
        let proof =
            Proof { index, body: row.text(1)?, path: prover.finish()?, checkpoint: newest.text(1)? };
        Ok(proof.text())
    }
}

/// Checks that nothing is missing at the end: against the tree's state, the newest checkpoint in
/// the store, and the newest one outside.
async fn ending(
    reader: &mut Reader,
    walk: &Walk,
    outside: Option<&str>,
) -> Result<Option<FirstWrong>> {
    let size = walk.frontier.size();
    let number = i64::try_from(size).map_err(Error::internal)?;
    let row = reader.row("SELECT frontier FROM record_tree WHERE one = 1", &[]).await?;
    let state = row.map(|row| row.bytes(0)).transpose()?;
    let state = state.map(|bytes| Frontier::from_bytes(&bytes)).transpose()?.unwrap_or_default();
    if state.size() != size || state.root() != walk.frontier.root() || !walk.checkpoints.is_empty()
    {
        return Ok(Some(FirstWrong::new(
            number,
            None,
            "末尾的记录被移除",
            "The newest entries were removed",
        )));
    }
    let Some(outside) = outside else { return Ok(None) };
    let Ok(kept) = walk.verifier.verify(outside) else {
        return Ok(Some(FirstWrong::new(
            number,
            None,
            "外部保存的检查点签名不符",
            "The checkpoint kept outside is not signed by this store's key",
        )));
    };
    let good = kept.size <= size && root_at(reader, &kept).await?;
    Ok((!good).then(|| {
        FirstWrong::new(
            i64::try_from(kept.size.min(size)).unwrap_or(i64::MAX),
            None,
            "与外部保存的检查点不符：末尾的记录被移除或改写",
            "It does not fit the checkpoint kept outside: newest entries were removed or rewritten",
        )
    }))
}

async fn root_at(reader: &mut Reader, kept: &Checkpoint) -> Result<bool> {
    let size = i64::try_from(kept.size).map_err(Error::internal)?;
    let row = reader
        .row("SELECT text FROM record_checkpoint WHERE size = $1", &[size.into()])
        .await?;
    let Some(row) = row else { return Ok(false) };
    Ok(Checkpoint::parse(&row.text(0)?).is_ok_and(|c| c.root == kept.root))
}
