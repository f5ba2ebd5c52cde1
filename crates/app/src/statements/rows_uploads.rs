//! The SQL of uploads, of confirmed matches, and of the accuracy figure.

use sea_query::{Expr, ExprTrait, Order, Query};
use trust::access::RowScope;
use trust::database::{Reader, Writer};
use trust::vault::CoreAddress;
use values::{ClientId, ItemId, Micros, Result, UserId};

use super::rows::Signed;

/// An uploaded workbook.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its id.
    pub id: ItemId,
    /// Whose.
    pub client: ClientId,
    /// What the file was called.
    pub file_name: String,
    /// Where it lies as it came.
    pub original: CoreAddress,
    /// By whom and when.
    pub signed: Signed,
    /// When its statements were saved.
    pub confirmed_at: Option<Micros>,
    /// The versions that the client's sets had when it was shown.
    pub seen: String,
}

/// Keeps an upload.
pub async fn add_upload(writer: &mut Writer, upload: &Upload) -> Result<()> {
    writer
        .execute(
            "INSERT INTO statement_upload (id, client_id, file_name, original, at, by_id, \
             by_name, seen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                upload.id.into(),
                upload.client.into(),
                (&upload.file_name).into(),
                upload.original.as_bytes().to_vec().into(),
                upload.signed.at.into(),
                upload.signed.id.into(),
                (&upload.signed.name).into(),
                (&upload.seen).into(),
            ],
        )
        .await
        .map(drop)
}

/// An upload of a client.
pub async fn upload(reader: &mut Reader, client: ClientId, id: ItemId) -> Result<Option<Upload>> {
    let row = reader
        .row(
            "SELECT file_name, original, at, by_id, by_name, confirmed_at, seen \
             FROM statement_upload WHERE id = $1 AND client_id = $2",
            &[id.into(), client.into()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Upload {
        id,
        client,
        file_name: row.text(0)?,
        original: CoreAddress::from_bytes(&row.bytes(1)?)?,
        signed: Signed { id: row.id(3)?, name: row.text(4)?, at: row.micros(2)? },
        confirmed_at: row.opt_int(5)?.map(Micros),
        seen: row.text(6)?,
    }))
}

/// Notes that an upload's statements were saved.
///
/// # Errors
/// Conflict when they were already.
pub async fn confirm_upload(writer: &mut Writer, id: ItemId, now: Micros) -> Result<()> {
    writer
        .change(
            "UPDATE statement_upload SET confirmed_at = $1 \
             WHERE id = $2 AND confirmed_at IS NULL",
            &[now.into(), id.into()],
            1,
        )
        .await
}

/// The line that a name was confirmed to be in a layout: 0 when it is none.
pub async fn matched(reader: &mut Reader, layout: &str) -> Result<Vec<(Vec<u8>, i64)>> {
    let rows = reader
        .rows("SELECT name, line FROM statement_match WHERE layout = $1", &[layout.into()])
        .await?;
    rows.iter().map(|row| Ok((row.bytes(0)?, row.int(1)?))).collect()
}

/// Remembers what a name of a layout was confirmed to be.
pub async fn remember(
    writer: &mut Writer,
    layout: &str,
    name: Vec<u8>,
    line: i64,
    signed: &Signed,
) -> Result<()> {
    writer
        .execute(
            "INSERT INTO statement_match (layout, name, line, at, by_id) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (layout, name) \
             DO UPDATE SET line = excluded.line, at = excluded.at, by_id = excluded.by_id",
            &[layout.into(), name.into(), line.into(), signed.at.into(), signed.id.into()],
        )
        .await
        .map(drop)
}

/// What accuracy is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The client.
    Client,
    /// Who submitted.
    Person,
    /// The client's department then.
    Team,
    /// The month of the submission.
    Month,
}

/// First submissions of one client, person, team or month.
#[derive(Debug, Clone)]
pub struct AccuracyRow {
    /// Sixteen bytes of an id, or none.
    pub id: Option<Vec<u8>>,
    /// The month, or a client's or person's name.
    pub name: Option<String>,
    /// First submissions.
    pub submitted: i64,
    /// Those without a broken rule of level error.
    pub right: i64,
}

/// A first submission.
#[derive(Debug, Clone)]
pub struct FirstRow {
    /// The client, its code and name.
    pub client: (ClientId, String, String),
    /// The set's kind.
    pub kind: String,
    /// The set's period.
    pub period: String,
    /// By whom and when.
    pub signed: Signed,
    /// Error-level outcomes that it had.
    pub errors: i64,
}

/// Which first submissions count.
#[derive(Debug, Clone, Default)]
pub struct FirstFilter {
    /// From this month.
    pub from: Option<String>,
    /// To this month.
    pub to: Option<String>,
    /// One client.
    pub client: Option<ClientId>,
    /// One person.
    pub person: Option<UserId>,
    /// One department.
    pub team: Option<values::DepartmentId>,
    /// Only those with errors.
    pub wrong: bool,
}

fn firsts_query(scope: &RowScope, filter: &FirstFilter) -> sea_query::SelectStatement {
    let col = |name: &'static str| Expr::col(("statement_set", name));
    let mut select = Query::select();
    select
        .from("statement_set")
        .inner_join("client", Expr::col(("client", "id")).equals(("statement_set", "client_id")))
        .and_where(col("first_month").is_not_null())
        .and_where(Expr::col(("client", "recycled_at")).is_null())
        .and_where(Expr::col(("client", "merged_into")).is_null())
        .cond_where(scope.condition(("statement_set", "client_id")));
    if let Some(from) = &filter.from {
        select.and_where(col("first_month").gte(from.as_str()));
    }
    if let Some(to) = &filter.to {
        select.and_where(col("first_month").lte(to.as_str()));
    }
    if let Some(client) = filter.client {
        select.and_where(col("client_id").eq(client.as_bytes().to_vec()));
    }
    if let Some(person) = filter.person {
        select.and_where(col("first_by").eq(person.as_bytes().to_vec()));
    }
    if let Some(team) = filter.team {
        select.and_where(col("first_department").eq(team.as_bytes().to_vec()));
    }
    if filter.wrong {
        select.and_where(col("first_errors").gt(0_i64));
    }
    select
}

/// First submissions and those that were right, by client, person, team or month.
pub async fn accuracy(
    reader: &mut Reader,
    scope: &RowScope,
    filter: &FirstFilter,
    by: By,
) -> Result<Vec<AccuracyRow>> {
    let mut select = firsts_query(scope, filter);
    let (id, name) = match by {
        By::Client => (Some(("statement_set", "client_id")), Some(("client", "name"))),
        By::Person => {
            (Some(("statement_set", "first_by")), Some(("statement_set", "first_by_name")))
        }
        By::Team => (Some(("statement_set", "first_department")), None),
        By::Month => (None, Some(("statement_set", "first_month"))),
    };
    for column in [id, name].into_iter().flatten() {
        select.column(column).group_by_col(column);
    }
    select.expr(Expr::cust("COUNT(*)"));
    select.expr(Expr::cust("COUNT(CASE WHEN \"statement_set\".\"first_errors\" = 0 THEN 1 END)"));
    let rows = reader.select(&select).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut at = 0;
        let mut next = || {
            at += 1;
            at - 1
        };
        let id = if id.is_some() { row.opt_bytes(next())? } else { None };
        let name = if name.is_some() { row.opt_text(next())? } else { None };
        let (submitted, right) = (row.int(next())?, row.int(next())?);
        found.push(AccuracyRow { id, name, submitted, right });
    }
    Ok(found)
}

/// First submissions one by one, the newest first; the drill-down of the figure.
pub async fn firsts(
    reader: &mut Reader,
    scope: &RowScope,
    filter: &FirstFilter,
    limit: u64,
) -> Result<Vec<FirstRow>> {
    let mut select = firsts_query(scope, filter);
    select.columns([("client", "code"), ("client", "name")]);
    let columns =
        ["client_id", "kind", "period", "first_by", "first_by_name", "first_at", "first_errors"];
    select
        .columns(columns.map(|column| ("statement_set", column)))
        .order_by(("statement_set", "first_at"), Order::Desc)
        .order_by(("statement_set", "client_id"), Order::Asc)
        .limit(limit);
    let rows = reader.select(&select).await?;
    rows.iter()
        .map(|row| {
            Ok(FirstRow {
                client: (row.id(2)?, row.text(0)?, row.text(1)?),
                kind: row.text(3)?,
                period: row.text(4)?,
                signed: Signed { id: row.id(5)?, name: row.text(6)?, at: row.micros(7)? },
                errors: row.int(8)?,
            })
        })
        .collect()
}
