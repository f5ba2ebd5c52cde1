//! The work itself: rows are read and planned on one thread and written in batches on another.

use std::path::PathBuf;

use documents::Limits;
use jiff::civil::Date;
use tokio::sync::mpsc;
use trust::access::{Action, Actor, Origin, Permit};
use trust::database::Writer;
use trust::record::Change;
use values::{ClientId, Error, ImportId, Kind, Result};

use super::matching::Mapping;
use super::placing::{Place, Placing};
use super::rows::{self, Refused, Run};
use super::rules::{Draft, Mode, Note, Planned, Planner, Refusal, State};
use super::{changes, originals, rights, rows_notes};
use crate::App;
use crate::clients::actions::RunImport;
use crate::clients::rows::{self as archive, Authorship, NewClient};
use crate::clients::{custom, scratch};

/// Rows of one transaction that writes clients.
const BATCH: usize = 1_000;
/// Rows of one transaction that only notes what would be written.
const CHECK_BATCH: usize = 5_000;
/// How long a worker that says nothing is still taken for alive.
const LEASE_SECONDS: i64 = 60;
/// How often a batch is tried again when somebody took one of its codes meanwhile.
const TRIES: usize = 3;

/// Finding the imports that a stop cut short, and ending those that cannot go on; what goes on is
/// done in the name of who began it.
struct ResumeImports;

impl Action for ResumeImports {
    const NAME: &'static str = "job.run";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

/// A planned row with its number.
type Row = (i64, Planned);

/// What the reading thread needs.
struct Reading {
    path: PathBuf,
    mapping: Mapping,
    today: Date,
    mode: Mode,
    skip: i64,
    batch: usize,
}

/// Reads and plans a file. Rows that were dealt with before are planned again, so that a code
/// that is repeated is known again, but not handed on.
fn read(reading: &Reading, batches: &mpsc::Sender<Vec<Row>>) -> Result<()> {
    let mut book = documents::open_path(&reading.path, &Limits::default())?;
    let table = book.table()?;
    let width = table.header.len();
    let mut planner = Planner::new(&reading.mapping, width, reading.today, reading.mode);
    let (mut seen, mut batch) = (0_i64, Vec::with_capacity(reading.batch));
    for row in book.rows(&table)? {
        let row = row?;
        if row.is_blank() {
            continue;
        }
        seen += 1;
        let planned = planner.plan(&row);
        if seen <= reading.skip {
            continue;
        }
        batch.push((i64::try_from(row.number).unwrap_or(i64::MAX), planned));
        if batch.len() >= reading.batch {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(reading.batch));
            if batches.blocking_send(full).is_err() {
                return Ok(());
            }
        }
    }
    // Nobody waits for the last rows once the import was stopped.
    let _ = batches.blocking_send(batch);
    Ok(())
}

/// Checks or runs an import to its end, or until it is stopped.
///
/// # Errors
/// What kept it from going on; it is then failed, and what had come in stays.
pub async fn work(app: &App, actor: &Actor, id: ImportId) -> Result<()> {
    let outcome = attempt(app, actor, id).await;
    if let Err(error) = &outcome {
        tracing::error!(import = %id, code = error.code(), ?error, "an import could not go on");
        fail(app, id, error).await?;
    }
    outcome
}

async fn attempt(app: &App, actor: &Actor, id: ImportId) -> Result<()> {
    let permit = app.access.authorize::<RunImport>(actor, ()).await?;
    let found = rows::run(&mut *app.db.read(&permit).await?, id).await?;
    let Some(mut run) = found.filter(|run| run.state.active()) else { return Ok(()) };
    custom::meet(app, run.mapping.iter().flatten().map(String::as_str)).await?;
    let plain = tokio::task::block_in_place(|| originals::open(app, &permit, id))?;
    drop(permit);
    let reading = Reading {
        path: plain.path().to_owned(),
        mapping: Mapping::new(&app.added.all(), &run.header, &run.mapping, run.mode)?,
        today: app.today(),
        mode: run.mode,
        skip: run.done,
        batch: if run.state == State::Running { BATCH } else { CHECK_BATCH },
    };
    let (sender, mut batches) = mpsc::channel(2);
    let reader = tokio::task::spawn_blocking(move || read(&reading, &sender));
    let mut stopped = false;
    while let Some(batch) = batches.recv().await {
        match write(app, actor, &run, &batch).await? {
            Some(next) => run = next,
            None => {
                stopped = true;
                break;
            }
        }
    }
    drop(batches);
    reader.await.map_err(Error::internal)??;
    if !stopped {
        finish(app, actor, &run).await?;
    }
    Ok(())
}

async fn write(app: &App, actor: &Actor, run: &Run, batch: &[Row]) -> Result<Option<Run>> {
    let mut tries = 1;
    loop {
        match write_once(app, actor, run, batch).await {
            Err(error) if error.kind() == Kind::Conflict && tries < TRIES => tries += 1,
            outcome => return outcome,
        }
    }
}

/// What a batch comes to.
struct Outcome<'d> {
    next: Run,
    refused: Vec<Refused>,
    create: Vec<(&'d Draft, Place)>,
    notes: Vec<(i64, Vec<Note>)>,
    touched: Vec<ClientId>,
}

impl Outcome<'_> {
    fn refuse(&mut self, row: i64, duplicate: bool, refusal: &Refusal) {
        let counts = &mut self.next.counts;
        *(if duplicate { &mut counts.duplicates } else { &mut counts.rejected }) += 1;
        self.next.reasons.refuse(refusal.code);
        let (code, reason) = (refusal.code.to_owned(), refusal.zh.clone());
        self.refused.push(Refused { row, duplicate, code, reason });
    }

    fn note(&mut self, row: i64, notes: Vec<Note>) {
        self.next.reasons.warn(&notes);
        if !notes.is_empty() {
            self.notes.push((row, notes));
        }
    }
}

/// One batch in one transaction. Nothing comes back when the import was stopped meanwhile.
async fn write_once(app: &App, actor: &Actor, run: &Run, batch: &[Row]) -> Result<Option<Run>> {
    let actor = rights::present(app, actor, run).await?;
    let permit = app.access.authorize::<RunImport>(&actor, ()).await?;
    let writes = run.state == State::Running;
    let why = format!("导入 {}", run.file_name);
    let author = Authorship {
        by: (run.by, &run.by_name),
        source: "import",
        why: &why,
        at: app.clock.now(),
        today: app.today(),
    };
    let mut tx = app.db.write(&permit).await?;
    let author = writes.then_some(&author);
    let outcome = judge(app, &permit, &mut tx, run, batch, author).await?;
    let mut clients = outcome.touched;
    if let Some(author) = author {
        clients.extend(create(app, &mut tx, run, &outcome.create, author).await?);
    }
    rows::refuse(&mut tx, run.id, &outcome.refused).await?;
    rows_notes::note(&mut tx, run.id, &outcome.notes).await?;
    let mut next = outcome.next;
    next.done += i64::try_from(batch.len()).unwrap_or(i64::MAX);
    next.leased_until = lease(app);
    if !rows::advance(&mut tx, &next, run.done).await? {
        return Ok(None);
    }
    let change = evidence(app, run, &next, clients)?;
    tx.commit(permit.entry(change)).await?;
    Ok(Some(next))
}

/// Says of each row what it comes to, and changes the known clients; without an author nothing is
/// written.
async fn judge<'d>(
    app: &App,
    permit: &Permit<'_, RunImport>,
    writer: &mut Writer,
    run: &Run,
    batch: &'d [Row],
    author: Option<&Authorship<'_>>,
) -> Result<Outcome<'d>> {
    let codes: Vec<&str> = batch.iter().filter_map(|(_, planned)| planned.uscc()).collect();
    let holders = rows::holders(writer, &codes).await?;
    let placing = Placing::new(app, permit.actor(), run, writer).await?;
    let mut outcome = Outcome {
        next: run.clone(),
        refused: Vec::new(),
        create: Vec::new(),
        notes: Vec::new(),
        touched: Vec::new(),
    };
    for (row, planned) in batch {
        let draft = match planned {
            Planned::Draft(draft) => draft,
            Planned::Rejected(refusal) => {
                outcome.refuse(*row, false, refusal);
                continue;
            }
            Planned::Duplicate(refusal) => {
                outcome.refuse(*row, true, refusal);
                continue;
            }
        };
        let holder = draft.uscc().and_then(|code| holders.get(code));
        if let Some((duplicate, refusal)) = turned_away(run.mode, holder) {
            outcome.refuse(*row, duplicate, &refusal);
            continue;
        }
        let Some(holder) = holder else {
            let mut notes = draft.notes.clone();
            let place = placing.place(writer, draft, &mut notes).await?;
            outcome.note(*row, notes);
            outcome.next.counts.created += 1;
            outcome.create.push((draft, place));
            continue;
        };
        if !changes::may_change(app, permit.actor(), holder.id, draft).await? {
            outcome.refuse(*row, false, &out_of_reach());
            continue;
        }
        let mut notes = draft.notes.clone();
        if !draft.place.is_empty() {
            let zh = "已有客户的阶段、负责人、部门不随导入改变，请在档案中修改";
            notes.push(Note::row("place.known", zh));
        }
        outcome.note(*row, notes);
        let to = (run.id, holder.id, draft);
        if !changes::update(app, permit, writer, to, author).await? {
            outcome.next.counts.unchanged += 1;
            continue;
        }
        outcome.next.counts.updated += 1;
        if author.is_some() {
            outcome.touched.push(holder.id);
        }
    }
    Ok(outcome)
}

/// Names the clients of a batch and counts what was done.
fn evidence(app: &App, run: &Run, next: &Run, clients: Vec<ClientId>) -> Result<Change> {
    let by = |now: u64, before: u64| i64::try_from(now - before).unwrap_or(i64::MAX);
    let (now, before) = (next.counts, run.counts);
    let mapping = Mapping::new(&app.added.all(), &run.header, &run.mapping, run.mode)?;
    let mut change = Change::none()
        .clients(clients)
        .fields(run.mapping.iter().flatten().cloned())
        .count("created", by(now.created, before.created))
        .count("updated", by(now.updated, before.updated))
        .count("unchanged", by(now.unchanged, before.unchanged))
        .count("rejected", by(now.rejected, before.rejected))
        .count("duplicates", by(now.duplicates, before.duplicates))
        .count("checked_only", i64::from(run.state == State::Checking));
    for class in mapping.classes() {
        change = change.class(class);
    }
    Ok(change)
}

/// Makes a batch's new clients.
async fn create(
    app: &App,
    writer: &mut Writer,
    run: &Run,
    drafts: &[(&Draft, Place)],
    author: &Authorship<'_>,
) -> Result<Vec<ClientId>> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let mut clients: Vec<NewClient> = drafts
        .iter()
        .map(|(draft, place)| changes::new_client(app, draft, &place.stage, run.id))
        .collect::<Result<_>>()?;
    let count = i64::try_from(clients.len()).map_err(Error::internal)?;
    let first = archive::next_numbers(writer, count).await?;
    for (number, client) in (first..).zip(&mut clients) {
        client.number = number;
    }
    archive::insert_clients(writer, &clients, author).await?;
    let ids: Vec<ClientId> = clients.iter().map(|client| client.id).collect();
    let placed = ids.iter().zip(drafts).flat_map(|(id, (_, place))| place.relations(*id));
    rows::assign(writer, placed.collect(), author.at).await?;
    Ok(ids)
}

/// Why a row does not come in, from what the store holds; true for a duplicate.
fn turned_away(mode: Mode, holder: Option<&rows::Holder>) -> Option<(bool, Refusal)> {
    match (mode, holder) {
        (Mode::Create, Some(holder)) if holder.recycled => Some((
            true,
            Refusal::new("uscc.recycled", "回收站中已有该信用代码的客户，请先恢复或彻底删除"),
        )),
        (Mode::Create, Some(_)) => {
            Some((true, Refusal::new("uscc.exists", "该信用代码的客户已存在")))
        }
        (Mode::Update, None) => {
            Some((false, Refusal::new("client.unknown", "没有该信用代码的客户，无法更新")))
        }
        (_, Some(holder)) if holder.recycled => {
            Some((false, Refusal::new("client.recycled", "该客户在回收站中，请先恢复")))
        }
        _ => None,
    }
}

fn out_of_reach() -> Refusal {
    Refusal::new("client.out_of_reach", "您没有修改该客户的权限，请联系其负责人")
}

async fn finish(app: &App, actor: &Actor, run: &Run) -> Result<()> {
    let to = if run.state == State::Running { State::Done } else { State::Checked };
    settle(app, actor, run, to).await
}

async fn settle(app: &App, actor: &Actor, run: &Run, to: State) -> Result<()> {
    let permit = app.access.authorize::<RunImport>(actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    if rows::settle(&mut tx, run.id, run.state, to, run.done).await? {
        tx.commit(permit.entry(Change::none().count("rows", run.done))).await?;
    }
    Ok(())
}

/// Notes that an import could not go on, and why: in Heng's own name, for its importer may have
/// lost the right to.
async fn fail(app: &App, id: ImportId, error: &Error) -> Result<()> {
    let job = Actor::part_of_heng("job", Origin::default());
    let permit = app.access.authorize::<ResumeImports>(&job, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    let Some(mut run) = rows::run(&mut tx, id).await?.filter(|run| run.state.active()) else {
        return Ok(());
    };
    run.reasons.failure = Some(error.zh().to_owned());
    let done = run.done;
    if rows::advance(&mut tx, &run, done).await?
        && rows::settle(&mut tx, id, run.state, State::Failed, run.total).await?
    {
        tx.commit(permit.entry(Change::none().count("rows", done))).await?;
    }
    Ok(())
}

/// When a lease that begins now ends.
#[must_use]
pub fn lease(app: &App) -> values::Micros {
    app.clock.now().plus_seconds(LEASE_SECONDS)
}

/// Works in the background.
pub fn spawn(app: &App, actor: &Actor, id: ImportId) {
    let (app, actor) = (app.clone(), actor.clone());
    tokio::spawn(async move {
        // What kept it from going on is logged and kept with the import.
        let _ = work(&app, &actor, id).await;
    });
}

/// Goes on with the imports that a stop cut short; called once at start. One that another server
/// is at is left to it until its lease runs out.
///
/// # Errors
/// Unavailable when the store or the folder of files is away.
pub async fn resume(app: &App) -> Result<()> {
    originals::sweep(app)?;
    scratch::sweep(app)?;
    let job = Actor::part_of_heng("job", Origin::default());
    let permit = app.access.authorize::<ResumeImports>(&job, ()).await?;
    let runs = rows::active(&mut *app.db.read(&permit).await?).await?;
    for run in runs {
        let app = app.clone();
        tokio::spawn(async move {
            let left = (run.leased_until.0 - app.clock.now().0).max(0);
            tokio::time::sleep(std::time::Duration::from_micros(left.unsigned_abs())).await;
            if let Err(error) = take_over(&app, run.id).await {
                tracing::error!(import = %run.id, ?error, "an import could not be taken up again");
            }
        });
    }
    Ok(())
}

/// Goes on with one import if its worker is gone.
///
/// # Errors
/// Denied when the person who brought it may import no longer.
pub async fn take_over(app: &App, id: ImportId) -> Result<()> {
    let job = Actor::part_of_heng("job", Origin::default());
    let permit = app.access.authorize::<ResumeImports>(&job, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    let Some(run) = rows::run(&mut tx, id).await? else { return Ok(()) };
    let idle = run.state.active() && run.leased_until <= app.clock.now();
    if !idle || !rows::take_lease(&mut tx, &run, lease(app)).await? {
        return Ok(());
    }
    tx.commit(permit.entry(Change::none().count("rows", run.done))).await?;
    tracing::info!(import = %id, rows = run.done, "an import goes on after a stop");
    match importer(app, &run).await {
        Ok(importer) => work(app, &importer, id).await,
        Err(error) => {
            fail(app, id, &error).await?;
            Err(error)
        }
    }
}

/// The person who brought an import, as they stand today.
async fn importer(app: &App, run: &Run) -> Result<Actor> {
    if run.by.0.is_nil() {
        let os_user = run.by_name.rsplit(' ').next().unwrap_or("heng");
        return Ok(Actor::local_operator(os_user, Origin::default()));
    }
    crate::identity::actor_of(app, run.by, Origin::default()).await.map_err(rights::gone)
}
