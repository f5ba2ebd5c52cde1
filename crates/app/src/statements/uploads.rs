//! Taking workbooks in: the original is kept in the core store, what it holds is shown with every
//! doubt, and only what was confirmed is saved. A confirmed match is remembered for its layout, by
//! a keyed token of the row's name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fiscal::reading::{Asked, Choice, Choices, Reading, Sheet, read, row_key};
use fiscal::statements::StatementKind;
use trust::access::Actor;
use trust::database::{Reader, WriteTx};
use trust::record::Change;
use values::{ClientId, Error, ItemId, Kind, Period, Result};

use super::actions::{CorrectStatements, Figures, ImportStatements, Original};
use super::checking;
use super::operations::{self, Content, Saving, found, place, signed};
use super::rows::{self, Set};
use super::rows_uploads::{self, Upload};
use super::rules::{Cause, SetKind};
use crate::{App, sheets};

/// The largest workbook of statements that is taken.
pub const WORKBOOK_MOST: u64 = 20 << 20;

/// A workbook that was taken in, and what it holds.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The upload, to confirm by.
    pub id: ItemId,
    /// What the file was called.
    pub file_name: String,
    /// What was found.
    pub reading: Reading,
}

/// What a person confirmed.
#[derive(Debug, Clone, Default)]
pub struct Confirmed {
    /// Rows that they matched, by statement and name as printed.
    pub choices: Vec<(StatementKind, String, Choice)>,
    /// Periods of found statements, by their position; where the file names none or a wrong one.
    pub statement_periods: BTreeMap<usize, Period>,
    /// Periods of found returns.
    pub return_periods: BTreeMap<usize, Period>,
    /// Found statements that are not to be saved, by their position.
    pub skipped: BTreeSet<usize>,
    /// The cause, where submitted figures are corrected.
    pub cause: Option<Cause>,
    /// Why.
    pub why: String,
}

/// The period to suppose where a file names none: the month before this one.
fn supposed(app: &App) -> Result<Period> {
    Period::month_of(app.today())
        .and_then(Period::previous)
        .ok_or_else(|| Error::internal("a day beyond the calendar"))
}

fn token(app: &App, kind: StatementKind, name: &str) -> Result<Vec<u8>> {
    app.keyring.token("statement_match.name", &format!("{kind:?}:{}", row_key(name)))
}

/// What was confirmed for the layouts of a reading before.
async fn remembered(app: &App, reader: &mut Reader, reading: &Reading) -> Result<Choices> {
    let mut choices = Choices::new();
    for found in &reading.statements {
        let known: BTreeMap<Vec<u8>, i64> =
            rows_uploads::matched(reader, &found.layout_key).await?.into_iter().collect();
        if known.is_empty() {
            continue;
        }
        let kind = found.statement.kind;
        let names = found.matched.iter().map(|one| &one.name);
        for name in names.chain(found.statement.unlisted.iter().map(|row| &row.name)) {
            if let Some(line) = known.get(&token(app, kind, name)?) {
                let line = u16::try_from(*line).map_err(Error::internal)?;
                let choice = if line == 0 { Choice::Ignore } else { Choice::Line(line) };
                choices.entry(kind).or_default().insert(row_key(name), choice);
            }
        }
    }
    Ok(choices)
}

/// A file that was parsed, with what it holds if nothing is remembered. Parsing takes seconds of a
/// large file, so it is done before anybody's writer is taken.
struct Parsed {
    sheets: Vec<Sheet>,
    asked: Asked,
    first: Reading,
}

fn parsed(app: &App, file: &str, bytes: &[u8]) -> Result<Parsed> {
    let asked = Asked::only(supposed(app)?);
    tokio::task::block_in_place(|| {
        let sheets = sheets::read(file, bytes.to_vec())?;
        let first = read(&sheets, &asked);
        Ok(Parsed { sheets, asked, first })
    })
}

impl Parsed {
    /// What it holds, by what was confirmed for its layouts before and by one's own choices.
    async fn with_memory(
        self,
        app: &App,
        reader: &mut Reader,
        own: &[(StatementKind, String, Choice)],
    ) -> Result<Reading> {
        let mut choices = remembered(app, reader, &self.first).await?;
        for (kind, name, choice) in own {
            choices.entry(*kind).or_default().insert(row_key(name), *choice);
        }
        if choices.is_empty() {
            return Ok(self.first);
        }
        let asked = Asked { choices, ..self.asked };
        Ok(tokio::task::block_in_place(|| read(&self.sheets, &asked)))
    }
}

fn nothing_found() -> Error {
    Error::invalid(
        "file",
        "statement.nothing_found",
        "没有在文件中认出财务报表或申报表：请核对文件，或改用手工录入",
        "Neither a statement nor a return was recognised: check the file, or type the figures in",
    )
}

/// Takes a workbook in: keeps it as it came and says what it holds. Nothing is saved yet.
///
/// # Errors
/// Invalid when it cannot be read or holds no statement; Unavailable `core.unavailable`.
pub async fn upload(
    app: &App,
    actor: &Actor,
    client: ClientId,
    file_name: &str,
    bytes: &[u8],
) -> Result<Taken> {
    let permit = app.access.authorize::<ImportStatements>(actor, client).await?;
    let file_name = documents::safe_file_name(file_name);
    let parsed = parsed(app, &file_name, bytes)?;
    if parsed.first.statements.is_empty() && parsed.first.returns.is_empty() {
        return Err(nothing_found());
    }
    let mut tx = app.db.read(&permit).await?;
    let reading = parsed.with_memory(app, &mut tx, &[]).await?;
    let seen = versions(&rows::sets(&mut tx, client).await?);
    drop(tx);
    let mut tx = app.db.write(&permit).await?;
    let kept = app.core.put::<Original, _>(&permit, &[bytes]).await?;
    let id = ItemId::new(&*app.clock, &*app.entropy);
    for kept in kept {
        let original = kept.refer(&mut tx, &*app.clock).await?;
        let upload = Upload {
            id,
            client,
            file_name: file_name.clone(),
            original,
            signed: signed(app, actor),
            confirmed_at: None,
            seen: seen.clone(),
        };
        rows_uploads::add_upload(&mut tx, &upload).await?;
    }
    let count = |all: usize| i64::try_from(all).unwrap_or(i64::MAX);
    let change = Change::none()
        .count("statements", count(reading.statements.len()))
        .count("returns", count(reading.returns.len()));
    tx.commit(permit.entry(change)).await?;
    Ok(Taken { id, file_name, reading })
}

/// What a reading comes to, set by set.
fn by_set(reading: Reading, confirmed: &Confirmed) -> Result<BTreeMap<(Period, SetKind), Content>> {
    let unnamed = |at: &str| {
        Error::invalid(
            "period",
            "statement.period_needed",
            format!("{at} 没有写明期间，请选择"),
            format!("{at} names no period: choose one"),
        )
    };
    let mut sets: BTreeMap<(Period, SetKind), Content> = BTreeMap::new();
    for (index, found) in reading.statements.into_iter().enumerate() {
        if confirmed.skipped.contains(&index) {
            continue;
        }
        let chosen = confirmed.statement_periods.get(&index).copied();
        let mut statement = found.statement;
        match chosen {
            Some(period) => statement.period = period,
            None if found.period_named => {}
            None => return Err(unnamed(&found.place.sheet)),
        }
        let content = sets.entry((statement.period, SetKind::Statements)).or_default();
        content.statements.push(statement);
    }
    for (index, found) in reading.returns.into_iter().enumerate() {
        let mut filed = found.filed;
        match confirmed.return_periods.get(&index) {
            Some(period) => filed.period = *period,
            None if found.period_named => {}
            None => return Err(unnamed(&found.place.sheet)),
        }
        let place = (filed.period, SetKind::Return(filed.form));
        sets.entry(place).or_default().filed = Some(filed);
    }
    if sets.is_empty() { Err(nothing_found()) } else { Ok(sets) }
}

/// The versions of sets, by their names on record.
fn versions(sets: &[Set]) -> String {
    let one = |set: &Set| format!("{}={}", place(set.kind, set.period), set.version);
    sets.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Whether a set is still the one that a preview was made beside; a new one is not.
fn unchanged(seen: &str, set: &Set) -> bool {
    let now = versions(std::slice::from_ref(set));
    seen.split(' ').any(|one| one == now)
}

/// An upload that waits to be confirmed.
async fn waiting(reader: &mut Reader, client: ClientId, id: ItemId) -> Result<Upload> {
    let upload = rows_uploads::upload(reader, client, id).await?.ok_or_else(Error::not_found)?;
    if upload.confirmed_at.is_none() {
        return Ok(upload);
    }
    Err(Error::new(
        Kind::Conflict,
        "statement.confirmed",
        "这个文件已经保存过，请重新上传",
        "This file was saved already: upload it again",
    ))
}

/// Saves what was confirmed of an upload: all of it, or nothing.
///
/// # Errors
/// NotFound for another client's upload; Conflict when it was confirmed already, a set that it
/// touches was changed since the preview or is locked, or it would change what was submitted
/// without a cause.
pub async fn confirm(
    app: &App,
    actor: &Actor,
    client: ClientId,
    id: ItemId,
    confirmed: &Confirmed,
    source: &'static str,
) -> Result<Vec<Set>> {
    if confirmed.cause.is_some() {
        // Correcting is asked for besides importing; the entry is that of the import.
        let right = app.access.authorize::<CorrectStatements>(actor, client).await?;
        drop(right);
    }
    let permit = app.access.authorize::<ImportStatements>(actor, client).await?;
    let own = &confirmed.choices;
    let mut tx = app.core.read(&app.db, &permit).await?;
    let upload = waiting(&mut tx, client, id).await?;
    let bytes = tx.content::<Original>(upload.original).await?;
    let reading = parsed(app, &upload.file_name, &bytes)?.with_memory(app, &mut tx, own).await?;
    drop(tx);
    let mut tx = app.db.write(&permit).await?;
    rows::lock(&mut tx, client).await?;
    waiting(&mut tx, client, id).await?;
    let now = signed(app, actor);
    for found in &reading.statements {
        let kind = found.statement.kind;
        for (_, name, choice) in own.iter().filter(|(of, ..)| *of == kind) {
            let line = match choice {
                Choice::Line(line) => i64::from(*line),
                Choice::Ignore => 0,
            };
            let name = token(app, kind, name)?;
            rows_uploads::remember(&mut tx, &found.layout_key, name, line, &now).await?;
        }
    }
    let mut saved = Vec::new();
    for ((period, kind), mut content) in by_set(reading, confirmed)? {
        let sets = rows::sets(&mut tx, client).await?;
        let before = sets.into_iter().find(|set| (set.kind, set.period) == (kind, period));
        if let Some(before) = &before {
            // What one saved oneself is no surprise: two workbooks of a set are previewed together.
            if before.prepared.id != actor.user() && !unchanged(&upload.seen, before) {
                return Err(operations::stale());
            }
            merge(app, &mut tx, before, &mut content).await?;
        }
        let (cause, why) = (confirmed.cause, confirmed.why.clone());
        let saving = Saving { kind, period, content, source, cause, why, seen: None };
        operations::write(app, &permit, &mut tx, before, saving).await?;
        saved.push((kind, period));
    }
    for (_, period) in &saved {
        checking::recheck(app, &mut tx, client, *period).await?;
    }
    rows_uploads::confirm_upload(&mut tx, id, now.at).await?;
    let sets = rows::sets(&mut tx, client).await?;
    let after: Result<Vec<Set>> =
        saved.iter().map(|(kind, period)| found(sets.clone(), *kind, *period)).collect();
    let places = saved.into_iter().map(|(kind, period)| place(kind, period));
    tx.commit(permit.entry(Change::none().fields(places))).await?;
    after
}

/// Keeps what the file does not bring: the other statements of the period, and facts.
async fn merge(
    app: &App,
    tx: &mut WriteTx<ImportStatements>,
    before: &Set,
    content: &mut Content,
) -> Result<()> {
    let bytes = app.core.open_within::<Figures, ImportStatements>(tx, before.head).await?;
    let old = checking::parsed(&bytes)?;
    let brought: Vec<StatementKind> = content.statements.iter().map(|one| one.kind).collect();
    content.statements.extend(old.statements.into_iter().filter(|s| !brought.contains(&s.kind)));
    content.facts = old.facts;
    Ok(())
}

/// A set that came from a file: how its rules end, and no figure.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ImportedSet {
    /// `FS`, or the key of a return.
    pub kind: &'static str,
    /// The period.
    pub period: Period,
    /// The revision that it became.
    pub revision: i64,
    /// Broken rules of level error.
    pub errors: i64,
    /// Broken rules of level warning.
    pub warnings: i64,
    /// Broken rules of level hint.
    pub hints: i64,
    /// Rules that could not be checked.
    pub uncheckable: i64,
}

/// What came of a file.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ImportedFile {
    /// What was saved.
    pub sets: Vec<ImportedSet>,
    /// Rows with figures that no line matches, by name.
    pub unmatched: Vec<String>,
    /// Sheets in which nothing was recognised.
    pub passed_over: Vec<String>,
    /// What was not certain, in Chinese and English.
    pub doubts: Vec<(String, String)>,
}

/// Imports a file from its upload to its sets, as the command line does: nothing is supposed, so a
/// file that names no period is refused.
///
/// # Errors
/// As [`upload`] and [`confirm`].
pub async fn import_file(
    app: &App,
    actor: &Actor,
    client: ClientId,
    path: &Path,
) -> Result<ImportedFile> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let unreadable = |source: std::io::Error| {
        Error::invalid("file", "file.unreadable", "无法读取这个文件", "The file cannot be read")
            .with_source(source)
    };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > WORKBOOK_MOST {
        return Err(too_large());
    }
    let bytes = tokio::task::block_in_place(|| std::fs::read(path)).map_err(unreadable)?;
    let taken = upload(app, actor, client, &name.unwrap_or_default(), &bytes).await?;
    let sets = confirm(app, actor, client, taken.id, &Confirmed::default(), "command").await?;
    let set = |set: &Set| ImportedSet {
        kind: set.kind.key(),
        period: set.period,
        revision: set.number,
        errors: set.counts.errors,
        warnings: set.counts.warnings,
        hints: set.counts.hints,
        uncheckable: set.counts.uncheckable,
    };
    let (found, returns) = (&taken.reading.statements, &taken.reading.returns);
    let rows = found.iter().flat_map(|one| one.statement.unlisted.iter());
    let doubts = found.iter().flat_map(|one| &one.doubts);
    let doubts = doubts.chain(returns.iter().flat_map(|one| &one.doubts));
    Ok(ImportedFile {
        sets: sets.iter().map(set).collect(),
        unmatched: rows.map(|row| row.name.clone()).collect(),
        passed_over: taken.reading.passed_over.iter().map(|at| at.sheet.clone()).collect(),
        doubts: doubts.map(|doubt| (doubt.zh.clone(), doubt.en.clone())).collect(),
    })
}

/// The error of a workbook that is too large.
#[must_use]
pub fn too_large() -> Error {
    Error::new(
        Kind::Limited,
        "too_large",
        "报表文件超过 20 MB，请拆分后再上传",
        "The workbook is larger than 20 MB; split it",
    )
}
