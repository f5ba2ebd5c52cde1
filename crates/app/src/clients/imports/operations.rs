//! Taking a file in, matching its columns, starting the check and the run, stopping them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use documents::Limits;
use trust::access::{Actor, Permit};
use trust::record::Change;
use values::{DepartmentId, Error, ImportId, Kind, Micros, Result};

use super::matching;
use super::rows::{self, Reach, Run};
use super::rows_notes::{self, Noted};
use super::rules::{Counts, Mode, Reasons, State};
use super::{originals, refusals, rights, run};
use crate::App;
use crate::clients::actions::{ListImports, RunImport};
use crate::clients::custom;
use crate::clients::rules::STAGES;

/// The largest file that is taken.
pub const UPLOAD_MOST: u64 = 100 << 20;
/// Rows that the matching page shows of each column.
const SAMPLE: usize = 3;

/// The error of a file that is too large.
pub fn too_large() -> Error {
    Error::new(
        Kind::Limited,
        "too_large",
        "文件超过 100 MB，请拆分后再上传",
        "The file is larger than 100 MB; split it",
    )
}

/// A column as the matching page shows it.
#[derive(Debug, Clone)]
pub struct ColumnSeen {
    /// Its name.
    pub header: String,
    /// What its first rows hold.
    pub sample: Vec<String>,
}

/// A file that was taken in.
#[derive(Debug, Clone)]
pub struct Uploaded {
    /// The import.
    pub run: Run,
    /// The columns.
    pub columns: Vec<ColumnSeen>,
    /// Whether its columns were matched before.
    pub remembered: bool,
}

struct Surveyed {
    columns: Vec<ColumnSeen>,
    rows: i64,
}

/// Looks through a file once: its columns, and how many rows it has if that is asked for.
fn survey(path: &Path, count: bool) -> Result<Surveyed> {
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > UPLOAD_MOST {
        return Err(too_large());
    }
    let mut book = documents::open_path(path, &Limits::default())?;
    let table = book.table()?;
    let mut columns: Vec<ColumnSeen> = table
        .header
        .iter()
        .map(|header| ColumnSeen { header: header.clone(), sample: Vec::new() })
        .collect();
    let mut rows = 0;
    for row in book.rows(&table)? {
        let row = row?;
        if row.is_blank() {
            continue;
        }
        rows += 1;
        for (index, column) in columns.iter_mut().enumerate() {
            let text = row.text(index);
            if !text.is_empty() && column.sample.len() < SAMPLE {
                column.sample.push(text.chars().take(60).collect());
            }
        }
        if !count && rows >= 20 {
            return Ok(Surveyed { columns, rows: 0 });
        }
    }
    Ok(Surveyed { columns, rows: if count { rows } else { 0 } })
}

fn unreadable(error: std::io::Error) -> Error {
    Error::invalid("file", "import.file_unreadable", "无法读取这个文件", "The file cannot be read")
        .with_source(error)
}

/// Takes a file in: looks through it, matches its columns, keeps it sealed.
///
/// # Errors
/// Invalid or Limited when it is no table, or too large a one; Denied without the right.
pub async fn upload(
    app: &App,
    actor: &Actor,
    file_name: &str,
    path: &Path,
    count: bool,
) -> Result<Uploaded> {
    let permit = app.access.authorize::<RunImport>(actor, ()).await?;
    let surveyed = tokio::task::block_in_place(|| survey(path, count))?;
    let header: Vec<String> = surveyed.columns.iter().map(|c| c.header.clone()).collect();
    let layout = matching::layout_of(&header);
    let id = ImportId::new(&*app.clock, &*app.entropy);
    tokio::task::block_in_place(|| originals::keep(app, id, path))?;
    let arrived = Arrived { id, file_name, layout, header, surveyed };
    let kept = insert(app, actor, permit, arrived).await;
    if kept.is_err() {
        originals::discard(app, id)?;
    }
    kept
}

struct Arrived<'a> {
    id: ImportId,
    file_name: &'a str,
    layout: String,
    header: Vec<String>,
    surveyed: Surveyed,
}

async fn insert(
    app: &App,
    actor: &Actor,
    permit: Permit<'_, RunImport>,
    arrived: Arrived<'_>,
) -> Result<Uploaded> {
    let Arrived { id, file_name, layout, header, surveyed } = arrived;
    let mut tx = app.db.write(&permit).await?;
    custom::read(app, &mut tx).await?;
    let specs = app.added.all();
    let known = rows::remembered(&mut tx, &layout).await?.filter(|mapping| {
        mapping.len() == header.len()
            && mapping.iter().flatten().all(|path| matching::spec_at(&specs, path).is_some())
    });
    let remembered = known.is_some();
    let run = Run {
        id,
        file_name: documents::safe_file_name(file_name),
        by: actor.user(),
        by_name: actor.name().to_owned(),
        department: own_department(actor),
        at: app.clock.now(),
        state: State::Uploaded,
        mode: Mode::Create,
        layout,
        mapping: known.unwrap_or_else(|| matching::guess(&specs, &header)),
        header,
        total: surveyed.rows,
        done: 0,
        counts: Counts::default(),
        reasons: Reasons::default(),
        leased_until: Micros(0),
        stage: "prospect".to_owned(),
    };
    rows::insert(&mut tx, &run).await?;
    tx.commit(permit.entry(Change::none().count("rows", run.total))).await?;
    Ok(Uploaded { run, columns: surveyed.columns, remembered })
}

/// The department that new clients belong to: the importer's own, not those below it.
fn own_department(actor: &Actor) -> Option<DepartmentId> {
    actor.departments().first().copied()
}

fn wrong_state(run: &Run) -> Error {
    let zh = match run.state {
        State::Checking | State::Running => "导入正在进行，请稍候",
        State::Uploaded => "请先检查，再导入",
        _ => "这次导入已结束，请重新上传",
    };
    Error::new(Kind::Conflict, "import.state", zh, "The import is not at this step")
}

/// Begins the check of all rows with a confirmed matching, which is remembered for the layout.
///
/// # Errors
/// Invalid for a matching that cannot be; Denied for confidential columns without the right to
/// these; Conflict at another step; NotFound for another's import.
pub async fn begin_check(
    app: &App,
    actor: &Actor,
    id: ImportId,
    (mode, stage): (Mode, &str),
    fields: Option<Vec<Option<String>>>,
) -> Result<Run> {
    if !STAGES.iter().any(|(key, ..)| *key == stage) {
        let (zh, en) = ("没有这个阶段", "There is no such stage");
        return Err(Error::invalid("stage", "import.stage", zh, en));
    }
    let permit = app.access.authorize::<RunImport>(actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    let found = rows::find(&mut tx, actor, id, Reach::Owned).await?;
    let mut run = found.ok_or_else(Error::not_found)?;
    if !matches!(run.state, State::Uploaded | State::Checked) {
        return Err(wrong_state(&run));
    }
    let from = run.state;
    run.mapping = fields.unwrap_or(run.mapping);
    run.mode = mode;
    run.stage = stage.to_owned();
    rights::confidential(app, actor, &run).await?;
    run.state = State::Checking;
    run.leased_until = run::lease(app);
    rows::begin(&mut tx, &run, from).await?;
    rows::remember(&mut tx, &run, app.clock.now()).await?;
    tx.commit(permit.entry(Change::none().count("rows", run.total))).await?;
    reread(app, actor, id).await
}

/// Begins the run of a checked import.
///
/// # Errors
/// Conflict at another step; NotFound for another's import.
pub async fn begin_run(app: &App, actor: &Actor, id: ImportId) -> Result<Run> {
    let permit = app.access.authorize::<RunImport>(actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    let found = rows::find(&mut tx, actor, id, Reach::Owned).await?;
    let mut run = found.ok_or_else(Error::not_found)?;
    if run.state != State::Checked {
        return Err(wrong_state(&run));
    }
    rights::confidential(app, actor, &run).await?;
    run.state = State::Running;
    run.leased_until = run::lease(app);
    rows::begin(&mut tx, &run, State::Checked).await?;
    tx.commit(permit.entry(Change::none().count("rows", run.total))).await?;
    reread(app, actor, id).await
}

async fn reread(app: &App, actor: &Actor, id: ImportId) -> Result<Run> {
    let permit = app.access.authorize::<RunImport>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    rows::find(&mut tx, actor, id, Reach::Owned).await?.ok_or_else(Error::not_found)
}

/// Stops an import between two batches. What had come in stays, and can be taken back.
///
/// # Errors
/// Conflict when it has ended; NotFound for another's import.
pub async fn cancel(app: &App, actor: &Actor, id: ImportId) -> Result<Run> {
    let permit = app.access.authorize::<RunImport>(actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    let found = rows::find(&mut tx, actor, id, Reach::Owned).await?;
    let run = found.ok_or_else(Error::not_found)?;
    if run.state.ended() || run.state == State::Undone {
        return Err(wrong_state(&run));
    }
    rows::settle(&mut tx, id, run.state, State::Cancelled, run.total).await?;
    tx.commit(permit.entry(Change::none().count("rows", run.done))).await?;
    if run.state != State::Running {
        originals::discard(app, id)?;
    }
    reread(app, actor, id).await
}

/// An import with whether it can be taken back: how many of its clients somebody worked on.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The import.
    pub run: Run,
    /// Clients that somebody worked on since; not counted for a list.
    pub worked_on: i64,
}

/// One import.
///
/// # Errors
/// NotFound for one that is not the caller's or their department's.
pub async fn view(app: &App, actor: &Actor, id: ImportId) -> Result<Standing> {
    let permit = app.access.authorize::<ListImports>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let found = rows::find(&mut tx, actor, id, Reach::Seen).await?;
    let run = found.ok_or_else(Error::not_found)?;
    let worked_on = if run.state.ended() { rows::worked_on(&mut tx, &run).await? } else { 0 };
    Ok(Standing { run, worked_on })
}

/// Notes per page.
const NOTES: usize = 100;

/// A page of what was left out of an import's rows, and whether there is more.
///
/// # Errors
/// NotFound for one that is not the caller's or their department's.
pub async fn notes(
    app: &App,
    actor: &Actor,
    id: ImportId,
    after: (i64, i64),
) -> Result<(Run, Vec<Noted>, bool)> {
    let permit = app.access.authorize::<ListImports>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let found = rows::find(&mut tx, actor, id, Reach::Seen).await?;
    let run = found.ok_or_else(Error::not_found)?;
    let limit = i64::try_from(NOTES + 1).map_err(Error::internal)?;
    let mut notes = rows_notes::noted(&mut tx, id, after, limit).await?;
    let more = notes.len() > NOTES;
    notes.truncate(NOTES);
    Ok((run, notes, more))
}

/// Imports per page.
const PAGE: u64 = 50;

/// A page of imports, newest first, and whether there are more.
///
/// # Errors
/// Denied without the right.
pub async fn list(
    app: &App,
    actor: &Actor,
    after: Option<(Micros, ImportId)>,
) -> Result<(Vec<Run>, bool)> {
    let permit = app.access.authorize::<ListImports>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let mut runs = rows::list(&mut tx, actor, after, PAGE + 1).await?;
    let more = runs.len() as u64 > PAGE;
    runs.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    Ok((runs, more))
}

/// How a file is imported from the command line.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// What is done with known and with new clients.
    pub mode: Mode,
    /// Only tell what would happen.
    pub dry_run: bool,
    /// Where the refused rows go.
    pub errors: Option<PathBuf>,
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ImportSummary {
    /// All rows.
    pub rows: u64,
    /// New clients.
    pub created: u64,
    /// Known clients that changed.
    pub updated: u64,
    /// Known clients that were so already.
    pub unchanged: u64,
    /// Wrong rows.
    pub rejected: u64,
    /// Rows whose code is taken.
    pub duplicates: u64,
    /// Refused rows by the code of their reason.
    pub reasons: BTreeMap<String, u64>,
    /// Values that were left out of rows that came in, by code.
    #[serde(skip)]
    pub warnings: BTreeMap<String, u64>,
}

/// Imports a file from its upload to its result, as the command line does.
///
/// # Errors
/// Invalid when it is no table or no column holds the name; Denied without the right.
pub async fn import_file(
    app: &App,
    actor: &Actor,
    path: &Path,
    options: ImportOptions,
) -> Result<ImportSummary> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let uploaded = upload(app, actor, &name.unwrap_or_default(), path, false).await?;
    let id = uploaded.run.id;
    let ended = carry_out(app, actor, uploaded.run, &options).await;
    if options.dry_run || ended.is_err() {
        dismiss(app, actor, id).await?;
    }
    let run = ended?;
    Ok(ImportSummary {
        rows: run.counts.rows(),
        created: run.counts.created,
        updated: run.counts.updated,
        unchanged: run.counts.unchanged,
        rejected: run.counts.rejected,
        duplicates: run.counts.duplicates,
        reasons: run.reasons.refused,
        warnings: run.reasons.warned,
    })
}

/// Checks or runs an import in the foreground and writes its refused rows.
async fn carry_out(app: &App, actor: &Actor, mut run: Run, options: &ImportOptions) -> Result<Run> {
    run.mode = options.mode;
    rights::confidential(app, actor, &run).await?;
    let permit = app.access.authorize::<RunImport>(actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    run.state = if options.dry_run { State::Checking } else { State::Running };
    run.leased_until = run::lease(app);
    rows::begin(&mut tx, &run, State::Uploaded).await?;
    tx.commit(permit.entry(Change::none())).await?;
    run::work(app, actor, run.id).await?;
    if let Some(path) = &options.errors {
        let workbook = refusals::workbook(app, actor, run.id).await?;
        tokio::task::block_in_place(|| std::fs::write(path, workbook.bytes)).map_err(unwritable)?;
    }
    reread(app, actor, run.id).await
}

fn unwritable(error: std::io::Error) -> Error {
    Error::invalid(
        "errors",
        "import.errors_unwritable",
        "无法写入错误清单文件",
        "The file of refused rows cannot be written",
    )
    .with_source(error)
}

/// Ends an import of which nothing is to stay: a dry run, or one that could not begin.
async fn dismiss(app: &App, actor: &Actor, id: ImportId) -> Result<()> {
    let permit = app.access.authorize::<RunImport>(actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    let found = rows::run(&mut tx, id).await?;
    let Some(run) = found.filter(|run| matches!(run.state, State::Uploaded | State::Checked))
    else {
        return Ok(());
    };
    rows::settle(&mut tx, id, run.state, State::Cancelled, run.total).await?;
    tx.commit(permit.entry(Change::none())).await?;
    originals::discard(app, id)
}
