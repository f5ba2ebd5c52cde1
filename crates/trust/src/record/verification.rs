//! Verification: everything is computed anew, and the first wrong entry is named.

use values::{EntryId, Error, Micros, Result};

use super::Record;
use super::body::Stated;
use super::checkpoint::Verifier;
use super::proof::Proof;
use super::sealer::copies_outside;
use super::touching::{self, Tally};
use super::tree::{self, Frontier, Prover};
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
    pub(super) fn new(number: u64, entry: Option<String>, zh: &str, en: &str) -> Self {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        Self { number, entry, zh: zh.to_owned(), en: en.to_owned() }
    }
}

/// What has been recomputed so far.
struct Walk {
    frontier: Frontier,
    /// The store's checkpoints that are still ahead, the largest first.
    inside: Vec<(u64, String)>,
    /// The copies outside that are still ahead, the largest first.
    outside: Vec<(u64, String)>,
    /// Where the last checkpoint stood: everything before is proved.
    proved: u64,
    /// The entry before, when it was sealed together with the next one.
    before: Option<(Micros, EntryId)>,
    checked: u64,
    verifier: Verifier,
    /// The rows that the index by client must have.
    touching: Tally,
}

impl Walk {
    /// Checks the checkpoints that stand at the present size, in the store and outside.
    fn at_checkpoint(&mut self) -> Option<FirstWrong> {
        let size = self.frontier.size();
        let inside = self.inside.pop_if(|(at, _)| *at == size).map(|(_, text)| text);
        let mut texts = Vec::from_iter(inside.clone());
        while let Some((_, copy)) = self.outside.pop_if(|(at, _)| *at == size) {
            if inside.as_ref() != Some(&copy) {
                texts.push(copy);
            }
        }
        for text in texts {
            if let Some(wrong) = self.refuted(&text) {
                return Some(wrong);
            }
            self.proved = size;
        }
        if inside.is_some() {
            self.checked += 1;
            self.before = None;
        }
        None
    }

    fn refuted(&self, text: &str) -> Option<FirstWrong> {
        let (size, from) = (self.frontier.size(), self.proved);
        let Ok(stated) = self.verifier.verify(text) else {
            let last = size.saturating_sub(1);
            return Some(FirstWrong::new(
                last,
                None,
                &format!("第 {size} 条处的检查点签名不符：并非本库所签"),
                &format!("The checkpoint at {size} entries is not signed by this store's key"),
            ));
        };
        if stated.size == size && stated.root == self.frontier.root() {
            return None;
        }
        Some(FirstWrong::new(
            from,
            None,
            &format!("编号 {from} 起、{size} 之前的记录与检查点不符：其中有条目被改写或移除"),
            &format!(
                "Entries from number {from} to before {size} do not fit the checkpoint: one of \
                 them was rewritten or removed"
            ),
        ))
    }

    fn take(&mut self, row: &Row) -> Option<FirstWrong> {
        let expected = self.frontier.size();
        if row.int(2).ok() != i64::try_from(expected).ok() {
            return Some(FirstWrong::new(
                expected,
                None,
                "记录缺失：编号不连续",
                "An entry is missing: the numbers have a gap",
            ));
        }
        let wrong = |zh, en| {
            let id = row.id::<EntryId>(0).map(|id| id.to_string()).ok();
            Some(FirstWrong::new(expected, id, zh, en))
        };
        // A column that holds another kind of value was altered as well.
        let Ok(text) = row.lent_text(3) else {
            return wrong("记录内容被改动", "The entry was altered");
        };
        let leaf = tree::leaf_hash(text.as_bytes());
        if row.lent_bytes(4).ok() != Some(&leaf[..]) {
            return wrong("记录内容被改动", "The entry was altered");
        }
        let Some(place) = fits(row, text, &mut self.touching) else {
            return wrong("检索列与记录内容不符", "The entry's columns do not fit its body");
        };
        if let Some((at, before)) = self.before.replace(place)
            && (at, before) > place
        {
            return Some(FirstWrong::new(
                expected.saturating_sub(1),
                Some(before.to_string()),
                "记录的次序被改动",
                "The entry does not stand in its order",
            ));
        }
        self.frontier.push(leaf);
        self.at_checkpoint()
    }
}

/// The moment and id of an entry whose columns, which lists filter by, say what its body says; its
/// clients are added to those that the index must name.
fn fits(row: &Row, text: &str, touching: &mut Tally) -> Option<(Micros, EntryId)> {
    let said = Stated::of(text)?;
    let (id, at): (EntryId, Micros) = (row.id(0).ok()?, row.micros(1).ok()?);
    let actor: values::UserId = row.id(5).ok()?;
    let mut hyphenated = [0; 36];
    let fits = *said.id == *id.0.hyphenated().encode_lower(&mut hyphenated)
        && *said.actor == *actor.0.hyphenated().encode_lower(&mut hyphenated)
        && said.action == row.lent_text(6).ok()?
        && said.outcome == row.lent_text(7).ok()?
        && said.at == at.rfc3339();
    touching.state(&said.clients, at, id).ok()?;
    fits.then_some((at, id))
}

impl Record {
    /// Recomputes the whole tree, checks every checkpoint, and the newest one kept outside.
    ///
    /// # Errors
    /// Unavailable when the store is away.
    pub async fn verify(&self, reader: &mut Reader) -> Result<Verification> {
        // Read before the reader's snapshot is taken, so that it cannot be ahead of the store.
        let outside = match &self.0.settings.outside {
            Some(folder) => tokio::task::block_in_place(|| copies_outside(folder))?,
            None => Vec::new(),
        };
        let rows =
            reader.rows("SELECT size, text FROM record_checkpoint ORDER BY size DESC", &[]).await?;
        let inside: Vec<(u64, String)> = rows.iter().filter_map(checkpoint_of).collect();
        let readable = inside.len() == rows.len();
        let newest = inside.first().cloned();
        let mut walk = Walk {
            frontier: Frontier::new(),
            inside,
            outside,
            proved: 0,
            before: None,
            checked: 0,
            verifier: self.verifier(),
            touching: Tally::new(&*self.0.entropy),
        };
        let mut first_wrong = walk_through(reader, &mut walk).await?;
        if first_wrong.is_none() {
            first_wrong = ending(reader, &walk, newest.as_ref().map(|(size, _)| *size)).await?;
        }
        if first_wrong.is_none() && !readable {
            first_wrong = Some(FirstWrong::new(
                walk.frontier.size(),
                None,
                "检查点表被改动",
                "The table of checkpoints was altered",
            ));
        }
        if first_wrong.is_none() {
            let touching = walk.touching.clone();
            first_wrong = touching::first_wrong(reader, touching, walk.frontier.size()).await?;
        }
        let unsealed = reader
            .row("SELECT COUNT(*) FROM record_entry WHERE number IS NULL", &[])
            .await?
            .map_or(Ok(0), |row| row.int(0))?;
        Ok(Verification {
            entries: walk.frontier.size(),
            unsealed: u64::try_from(unsealed).map_err(Error::internal)?,
            checkpoints: walk.checked,
            checkpoint: newest.map(|(_, text)| text),
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
        let (path, checkpoint) = (prover.finish()?, newest.text(1)?);
        Ok(Proof { index, body: row.text(1)?, path, checkpoint }.text())
    }
}

/// The size and text of a stored checkpoint, where they are what they must be.
fn checkpoint_of(row: &Row) -> Option<(u64, String)> {
    let size = u64::try_from(row.int(0).ok()?).ok().filter(|size| *size > 0)?;
    Some((size, row.text(1).ok()?))
}

/// Recomputes entry by entry until the first wrong one or the end.
async fn walk_through(reader: &mut Reader, walk: &mut Walk) -> Result<Option<FirstWrong>> {
    let mut after = -1_i64;
    loop {
        let page = reader
            .rows(
                "SELECT id, at, number, body, leaf, actor, action, outcome FROM record_entry \
                 WHERE number > $1 ORDER BY number LIMIT $2",
                &[after.into(), PAGE.into()],
            )
            .await?;
        for row in &page {
            if let Some(wrong) = walk.take(row) {
                return Ok(Some(wrong));
            }
        }
        let Some(last) = page.last() else { return Ok(None) };
        after = last.int(2)?;
    }
}

/// Checks that nothing is missing at the end: against the tree's state, the newest checkpoint in
/// the store, and those outside.
async fn ending(
    reader: &mut Reader,
    walk: &Walk,
    newest: Option<u64>,
) -> Result<Option<FirstWrong>> {
    let size = walk.frontier.size();
    let wrong = |zh, en| Ok(Some(FirstWrong::new(size, None, zh, en)));
    if !walk.outside.is_empty() {
        return wrong(
            "与外部保存的检查点不符：末尾的记录被移除",
            "It does not fit the checkpoint kept outside: the newest entries were removed",
        );
    }
    let row = reader.row("SELECT frontier FROM record_tree WHERE one = 1", &[]).await?;
    let state = row.and_then(|row| row.bytes(0).ok());
    let state = state.map_or(Ok(Frontier::new()), |bytes| Frontier::from_bytes(&bytes));
    let removed = state.as_ref().is_ok_and(|state| state.size() > size);
    if removed || !walk.inside.is_empty() {
        return wrong("末尾的记录被移除", "The newest entries were removed");
    }
    if !state.is_ok_and(|state| state == walk.frontier) {
        return wrong("树的状态被改动", "The state of the tree was altered");
    }
    if newest.unwrap_or(0) != size {
        return wrong("最新的检查点缺失", "The newest checkpoint is missing");
    }
    Ok(None)
}
