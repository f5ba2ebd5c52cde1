//! The tables of imports: runs, refused rows, changed clients, and remembered layouts.

use std::collections::HashMap;

use sea_query::{Cond, Expr, ExprTrait, Order, Query};
use trust::access::{Actor, RelationKind};
use trust::database::{Dialect, Reader, Row, Value, Writer};
use values::{ClientId, DepartmentId, Error, ImportId, Micros, Result, UserId};

use super::rules::{Counts, Mode, Reasons, State};

/// An import as it is stored.
#[derive(Debug, Clone)]
pub struct Run {
    /// The id.
    pub id: ImportId,
    /// The name of the file.
    pub file_name: String,
    /// Who brought it.
    pub by: UserId,
    /// Their name then.
    pub by_name: String,
    /// Their department then.
    pub department: Option<DepartmentId>,
    /// When.
    pub at: Micros,
    /// Where it stands.
    pub state: State,
    /// What it does.
    pub mode: Mode,
    /// The mark of its layout.
    pub layout: String,
    /// The field of each column.
    pub mapping: Vec<Option<String>>,
    /// The names of its columns.
    pub header: Vec<String>,
    /// All rows, where they were counted.
    pub total: i64,
    /// Rows that were dealt with.
    pub done: i64,
    /// What came of them.
    pub counts: Counts,
    /// Why some were refused.
    pub reasons: Reasons,
    /// Until when a worker holds it.
    pub leased_until: Micros,
    /// Where a new client stands whose row does not say.
    pub stage: String,
}

const COLUMNS: [&str; 19] = [
    "id",
    "file_name",
    "by_id",
    "by_name",
    "department_id",
    "at",
    "state",
    "mode",
    "layout",
    "mapping",
    "header",
    "total",
    "done",
    "created",
    "updated",
    "unchanged",
    "rejected",
    "duplicates",
    "reasons",
];

fn run_of(row: &Row) -> Result<Run> {
    let number = |index| row.int(index).map(|n| u64::try_from(n).unwrap_or(0));
    Ok(Run {
        id: row.id(0)?,
        file_name: row.text(1)?,
        by: row.id(2)?,
        by_name: row.text(3)?,
        department: match row.opt_bytes(4)? {
            Some(bytes) => Some(DepartmentId::from_bytes(&bytes)?),
            None => None,
        },
        at: row.micros(5)?,
        state: State::read(&row.text(6)?),
        mode: Mode::read(&row.text(7)?)?,
        layout: row.text(8)?,
        mapping: json(&row.text(9)?)?,
        header: json(&row.text(10)?)?,
        total: row.int(11)?,
        done: row.int(12)?,
        counts: Counts {
            created: number(13)?,
            updated: number(14)?,
            unchanged: number(15)?,
            rejected: number(16)?,
            duplicates: number(17)?,
        },
        reasons: json(&row.text(18)?)?,
        leased_until: row.micros(19)?,
        stage: row.text(20)?,
    })
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::internal)
}

fn text<T: serde::Serialize>(value: &T) -> Result<Value> {
    Ok(serde_json::to_string(value).map_err(Error::internal)?.into())
}

fn count(number: u64) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

/// Keeps a new import.
pub async fn insert(writer: &mut Writer, run: &Run) -> Result<()> {
    writer
        .change(
            "INSERT INTO import_run (id, file_name, by_id, by_name, department_id, at, state, \
             mode, layout, mapping, header, total, done, created, updated, unchanged, rejected, \
             duplicates, reasons, leased_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
             $11, $12, 0, 0, 0, 0, 0, 0, $13, 0)",
            &[
                run.id.into(),
                run.file_name.as_str().into(),
                run.by.into(),
                run.by_name.as_str().into(),
                run.department.into(),
                run.at.into(),
                run.state.word().into(),
                run.mode.word().into(),
                run.layout.as_str().into(),
                text(&run.mapping)?,
                text(&run.header)?,
                run.total.into(),
                text(&run.reasons)?,
            ],
            1,
        )
        .await
}

/// Which imports a person may see: their own, those of their departments, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Whatever the person may see.
    Seen,
    /// Only what the person brought, or may decide about in their stead.
    Owned,
}

fn within(actor: &Actor, reach: Reach) -> Cond {
    if actor.roles().iter().any(|role| role == "principal") {
        return Cond::all();
    }
    let own = Expr::col("by_id").eq(actor.user().as_bytes().to_vec());
    let departments: Vec<Vec<u8>> =
        actor.departments().iter().map(|id| id.as_bytes().to_vec()).collect();
    if reach == Reach::Owned || departments.is_empty() {
        return Cond::all().add(own);
    }
    Cond::any().add(own).add(Expr::col("department_id").is_in(departments))
}

/// One import within a person's reach.
pub async fn find(
    reader: &mut Reader,
    actor: &Actor,
    id: ImportId,
    reach: Reach,
) -> Result<Option<Run>> {
    let mut query = Query::select();
    query
        .columns(COLUMNS)
        .columns(["leased_until", "stage"])
        .from("import_run")
        .and_where(Expr::col("id").eq(id.as_bytes().to_vec()))
        .cond_where(within(actor, reach));
    reader.select(&query).await?.first().map(run_of).transpose()
}

/// An import, whoever brought it; for the worker.
pub async fn run(reader: &mut Reader, id: ImportId) -> Result<Option<Run>> {
    let mut query = Query::select();
    query
        .columns(COLUMNS)
        .columns(["leased_until", "stage"])
        .from("import_run")
        .and_where(Expr::col("id").eq(id.as_bytes().to_vec()));
    reader.select(&query).await?.first().map(run_of).transpose()
}

/// A page of the imports that a person may see, newest first.
pub async fn list(
    reader: &mut Reader,
    actor: &Actor,
    after: Option<(Micros, ImportId)>,
    limit: u64,
) -> Result<Vec<Run>> {
    let mut query = Query::select();
    query
        .columns(COLUMNS)
        .columns(["leased_until", "stage"])
        .from("import_run")
        .cond_where(within(actor, Reach::Seen))
        .order_by("at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(limit);
    if let Some((at, id)) = after {
        query.cond_where(
            Cond::any().add(Expr::col("at").lt(at.0)).add(
                Cond::all()
                    .add(Expr::col("at").eq(at.0))
                    .add(Expr::col("id").lt(id.as_bytes().to_vec())),
            ),
        );
    }
    reader.select(&query).await?.iter().map(run_of).collect()
}

/// The imports at which a worker was when its lease ran out, or runs out later.
pub async fn active(reader: &mut Reader) -> Result<Vec<Run>> {
    let mut query = Query::select();
    query
        .columns(COLUMNS)
        .columns(["leased_until", "stage"])
        .from("import_run")
        .and_where(Expr::col("state").is_in(["running", "checking"]))
        .order_by("at", Order::Asc);
    reader.select(&query).await?.iter().map(run_of).collect()
}

/// Begins a check or a run anew: nothing is done yet.
pub async fn begin(writer: &mut Writer, run: &Run, from: State) -> Result<()> {
    writer
        .change(
            "UPDATE import_run SET state = $1, mode = $2, mapping = $3, done = 0, created = 0, \
             updated = 0, unchanged = 0, rejected = 0, duplicates = 0, reasons = $4, \
             leased_until = $5, stage = $6 WHERE id = $7 AND state = $8",
            &[
                run.state.word().into(),
                run.mode.word().into(),
                text(&run.mapping)?,
                text(&Reasons::default())?,
                run.leased_until.into(),
                run.stage.as_str().into(),
                run.id.into(),
                from.word().into(),
            ],
            1,
        )
        .await?;
    writer.execute("DELETE FROM import_refusal WHERE import_id = $1", &[run.id.into()]).await?;
    writer.execute("DELETE FROM import_note WHERE import_id = $1", &[run.id.into()]).await?;
    Ok(())
}

/// Takes the lease of an import whose worker is gone.
pub async fn take_lease(writer: &mut Writer, run: &Run, until: Micros) -> Result<bool> {
    let taken = writer
        .execute(
            "UPDATE import_run SET leased_until = $1 \
             WHERE id = $2 AND state = $3 AND leased_until = $4",
            &[until.into(), run.id.into(), run.state.word().into(), run.leased_until.into()],
        )
        .await?;
    Ok(taken == 1)
}

/// Notes a batch with what it did. Says no when the import was stopped or another worker has it.
pub async fn advance(writer: &mut Writer, run: &Run, done_before: i64) -> Result<bool> {
    let advanced = writer
        .execute(
            "UPDATE import_run SET done = $1, created = $2, updated = $3, unchanged = $4, \
             rejected = $5, duplicates = $6, reasons = $7, leased_until = $8 \
             WHERE id = $9 AND state = $10 AND done = $11",
            &[
                run.done.into(),
                count(run.counts.created),
                count(run.counts.updated),
                count(run.counts.unchanged),
                count(run.counts.rejected),
                count(run.counts.duplicates),
                text(&run.reasons)?,
                run.leased_until.into(),
                run.id.into(),
                run.state.word().into(),
                done_before.into(),
            ],
        )
        .await?;
    Ok(advanced == 1)
}

/// Moves an import to another state, if it still is in the one it was seen in.
pub async fn settle(
    writer: &mut Writer,
    id: ImportId,
    from: State,
    to: State,
    total: i64,
) -> Result<bool> {
    let settled = writer
        .execute(
            "UPDATE import_run SET state = $1, total = $2 WHERE id = $3 AND state = $4",
            &[to.word().into(), total.into(), id.into(), from.word().into()],
        )
        .await?;
    Ok(settled == 1)
}

/// A row that did not come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The row as Excel counts.
    pub row: i64,
    /// Whether its code is taken, rather than wrong.
    pub duplicate: bool,
    /// The code of the reason.
    pub code: String,
    /// The reason.
    pub reason: String,
}

/// Keeps refused rows.
pub async fn refuse(writer: &mut Writer, id: ImportId, refused: &[Refused]) -> Result<()> {
    let rows: Vec<Vec<Value>> = refused
        .iter()
        .map(|r| {
            vec![
                id.into(),
                r.row.into(),
                if r.duplicate { "duplicate" } else { "rejected" }.into(),
                r.code.as_str().into(),
                r.reason.as_str().into(),
            ]
        })
        .collect();
    let columns = &["import_id", "row", "kind", "code", "reason"];
    writer.insert_many("import_refusal", columns, &rows).await
}

/// The refused rows after one, in the order of the file.
pub async fn refused(
    reader: &mut Reader,
    id: ImportId,
    after: i64,
    limit: i64,
) -> Result<Vec<Refused>> {
    let rows = reader
        .rows(
            "SELECT row, kind, code, reason FROM import_refusal \
             WHERE import_id = $1 AND row > $2 ORDER BY row LIMIT $3",
            &[id.into(), after.into(), limit.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Refused {
                row: row.int(0)?,
                duplicate: row.text(1)? == "duplicate",
                code: row.text(2)?,
                reason: row.text(3)?,
            })
        })
        .collect()
}

/// What a layout was filled with last.
pub async fn remembered(reader: &mut Reader, layout: &str) -> Result<Option<Vec<Option<String>>>> {
    let row =
        reader.row("SELECT mapping FROM import_layout WHERE layout = $1", &[layout.into()]).await?;
    row.map(|row| json(&row.text(0)?)).transpose()
}

/// Remembers a confirmed mapping for its layout.
pub async fn remember(writer: &mut Writer, run: &Run, now: Micros) -> Result<()> {
    writer
        .change(
            "INSERT INTO import_layout (layout, mapping, at) VALUES ($1, $2, $3) \
             ON CONFLICT (layout) DO UPDATE SET mapping = excluded.mapping, at = excluded.at",
            &[run.layout.as_str().into(), text(&run.mapping)?, now.into()],
            1,
        )
        .await
}

/// A client that has a credit code.
#[derive(Debug, Clone, Copy)]
pub struct Holder {
    /// The client.
    pub id: ClientId,
    /// Whether it lies in the recycle bin.
    pub recycled: bool,
}

/// The clients that have some of these credit codes.
pub async fn holders(reader: &mut Reader, codes: &[&str]) -> Result<HashMap<String, Holder>> {
    if codes.is_empty() {
        return Ok(HashMap::new());
    }
    let mut found = HashMap::with_capacity(codes.len());
    for some in codes.chunks(500) {
        let mut query = Query::select();
        query
            .columns(["uscc", "id", "recycled_at"])
            .from("client")
            .and_where(Expr::col("uscc").is_in(some.iter().copied()))
            .and_where(Expr::col("merged_into").is_null());
        for row in reader.select(&query).await? {
            let holder = Holder { id: row.id(1)?, recycled: row.opt_int(2)?.is_some() };
            found.insert(row.text(0)?, holder);
        }
    }
    Ok(found)
}

/// Puts new clients where their rows or their importer put them: who stands how to which.
pub async fn assign(
    writer: &mut Writer,
    placed: Vec<(ClientId, RelationKind, Value)>,
    now: Micros,
) -> Result<()> {
    let rows: Vec<Vec<Value>> = placed
        .into_iter()
        .map(|(id, kind, holder)| {
            vec![id.into(), kind.word().into(), holder, Value::Null, now.into()]
        })
        .collect();
    let columns = &["client_id", "kind", "holder", "until", "since"];
    writer.insert_many("relation", columns, &rows).await
}

/// A keyed token as it is stored: of which row, of which field.
pub type TokenRow = (Vec<u8>, String, Vec<u8>);

/// The keyed tokens of a client.
pub async fn tokens(reader: &mut Reader, client: ClientId) -> Result<Vec<TokenRow>> {
    let rows = reader
        .rows(
            "SELECT item_id, field, token FROM client_token WHERE client_id = $1 \
             ORDER BY item_id, field",
            &[client.into()],
        )
        .await?;
    rows.iter().map(|row| Ok((row.bytes(0)?, row.text(1)?, row.bytes(2)?))).collect()
}

/// A known client that an import changed.
#[derive(Debug, Clone)]
pub struct Touched {
    /// The client.
    pub client: ClientId,
    /// The version that the import made.
    pub version: i64,
    /// The tokens that it had before.
    pub tokens: Vec<TokenRow>,
}

/// Notes a known client that was changed, with what taking it back will need.
pub async fn touch(writer: &mut Writer, id: ImportId, touched: &Touched) -> Result<()> {
    writer
        .change(
            "INSERT INTO import_change (import_id, client_id, version, tokens) \
             VALUES ($1, $2, $3, $4)",
            &[id.into(), touched.client.into(), touched.version.into(), text(&touched.tokens)?],
            1,
        )
        .await
}

/// The known clients that an import changed.
pub async fn touched(reader: &mut Reader, id: ImportId) -> Result<Vec<Touched>> {
    let rows = reader
        .rows(
            "SELECT client_id, version, tokens FROM import_change WHERE import_id = $1 \
             ORDER BY client_id",
            &[id.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Touched { client: row.id(0)?, version: row.int(1)?, tokens: json(&row.text(2)?)? })
        })
        .collect()
}

/// Holds an import and all its clients until the transaction ends, so that nobody changes one
/// between the look at it and what follows. SQLite has one writer, which is that already.
pub async fn lock(writer: &mut Writer, id: ImportId) -> Result<()> {
    if writer.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    for sql in [
        "SELECT id FROM import_run WHERE id = $1 FOR UPDATE",
        "SELECT id FROM client WHERE import_id = $1 OR id IN \
         (SELECT client_id FROM import_change WHERE import_id = $1) ORDER BY id FOR UPDATE",
    ] {
        writer.rows(sql, &[id.into()]).await?;
    }
    Ok(())
}

/// How many of an import's clients somebody has worked on since: changed, assigned, tagged,
/// merged or recycled.
pub async fn worked_on(reader: &mut Reader, run: &Run) -> Result<i64> {
    let made = reader
        .row(
            "SELECT COUNT(*), COALESCE(SUM(CASE WHEN version <> 1 OR recycled_at IS NOT NULL \
             OR merged_into IS NOT NULL OR EXISTS (SELECT 1 FROM relation r \
             WHERE r.client_id = client.id AND (r.kind NOT IN ('department', 'lead') \
             OR r.since <> client.created_at)) OR EXISTS \
             (SELECT 1 FROM client_tag t WHERE t.client_id = client.id) \
             THEN 1 ELSE 0 END), 0) FROM client WHERE import_id = $1",
            &[run.id.into()],
        )
        .await?
        .ok_or_else(|| Error::internal("nothing was counted"))?;
    let there = made.int(0)?;
    let gone = i64::try_from(run.counts.created).unwrap_or(i64::MAX) - there;
    let changed = reader
        .row(
            "SELECT COUNT(*) FROM import_change x WHERE x.import_id = $1 AND NOT EXISTS \
             (SELECT 1 FROM client c WHERE c.id = x.client_id AND c.version = x.version \
             AND c.merged_into IS NULL)",
            &[run.id.into()],
        )
        .await?
        .ok_or_else(|| Error::internal("nothing was counted"))?;
    Ok(made.int(1)? + Ord::max(gone, 0) + changed.int(0)?)
}

/// The clients that an import made.
pub async fn made(reader: &mut Reader, id: ImportId) -> Result<Vec<ClientId>> {
    let rows =
        reader.rows("SELECT id FROM client WHERE import_id = $1 ORDER BY id", &[id.into()]).await?;
    rows.iter().map(|row| row.id(0)).collect()
}

const FORGET: [&str; 7] = [
    "DELETE FROM client_search WHERE rowid IN (SELECT number FROM client WHERE import_id = $1)",
    "DELETE FROM relation WHERE client_id IN (SELECT id FROM client WHERE import_id = $1)",
    "DELETE FROM client_tag WHERE client_id IN (SELECT id FROM client WHERE import_id = $1)",
    "DELETE FROM client_token WHERE client_id IN (SELECT id FROM client WHERE import_id = $1)",
    "DELETE FROM client_item WHERE client_id IN (SELECT id FROM client WHERE import_id = $1)",
    "DELETE FROM client_version WHERE client_id IN (SELECT id FROM client WHERE import_id = $1)",
    "DELETE FROM client WHERE import_id = $1",
];

/// Forgets the clients that an import made, with all that hangs on them.
pub async fn forget(writer: &mut Writer, id: ImportId) -> Result<()> {
    for sql in FORGET {
        writer.execute(sql, &[id.into()]).await?;
    }
    writer.execute("DELETE FROM import_change WHERE import_id = $1", &[id.into()]).await?;
    Ok(())
}
