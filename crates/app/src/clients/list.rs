//! Lists of clients: filters, sorts, the caller's row scope, paging by key.

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_query::{Cond, Condition, Expr, ExprTrait, Func, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use trust::access::{Actor, Holder, RelationKind, RowScope};
use trust::database::{Reader, Row};
use utoipa::{IntoParams, ToSchema};
use values::{ClientId, Error, Result, UserId};

use super::actions::{FindConfidential, ListClients};
use super::rules::{self, Fields};
use super::{search, view};
use crate::App;
use crate::identity;

/// Which clients are wanted.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[serde(default)]
pub struct ListQuery {
    /// Part of a name, pinyin, a code, a phone.
    pub q: Option<String>,
    /// A stage.
    pub stage: Option<String>,
    /// A tag.
    pub tag: Option<String>,
    /// 负责人: a user's id, `me`, or `none`.
    pub lead: Option<String>,
    /// A department's id.
    pub department: Option<String>,
    /// `all`, `mine`, `team`, `unassigned` or `recycled`.
    pub view: Option<String>,
    /// `general` or `small`.
    pub taxpayer_kind: Option<String>,
    /// An enterprise size.
    pub size: Option<String>,
    /// At most this complete.
    pub completeness_max: Option<i64>,
    /// Only those with warnings.
    pub findings: Option<bool>,
    /// A column, with `-` for descending.
    pub sort: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// How many rows, 50 unless told, 200 at most.
    pub limit: Option<u64>,
    /// `exact` counts beyond 10,000; `none` does not count.
    pub count: Option<String>,
}

/// A row of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClientRow {
    /// The id.
    #[schema(value_type = String)]
    pub id: ClientId,
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The short name.
    pub short_name: Option<String>,
    /// The credit code.
    pub uscc: Option<String>,
    /// The stage.
    pub stage: String,
    /// `general` or `small`.
    pub taxpayer_kind: Option<String>,
    /// The legal representative, as the caller may see it.
    pub legal_rep_name: Option<String>,
    /// The industry.
    pub industry: Option<String>,
    /// The enterprise size.
    pub size: Option<String>,
    /// In fen.
    pub registered_capital_fen: Option<i64>,
    /// The currency of the registered capital, where it is not yuan.
    pub capital_currency: Option<String>,
    /// A day.
    pub registered_on: Option<String>,
    /// Province and city.
    pub region: Option<String>,
    /// The tags.
    pub tags: Vec<String>,
    /// 0 to 100.
    pub completeness: i64,
    /// Warnings.
    pub findings: i64,
    /// When it was last changed (RFC 3339).
    pub updated_at: String,
    /// The version.
    pub version: i64,
    /// 负责人.
    pub lead: Option<view::Person>,
    /// 复核人.
    pub reviewer: Option<view::Person>,
    /// The department.
    pub department: Option<String>,
}

/// How many there are.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Total {
    /// The count, or the most that was counted.
    pub count: i64,
    /// Whether there are more than `count`.
    pub capped: bool,
}

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClientPage {
    /// The rows.
    pub items: Vec<ClientRow>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many there are in all.
    pub total: Option<Total>,
}

/// Counts are exact up to this.
pub const COUNTED: i64 = 10_000;

const SHOWN: [&str; 18] = [
    "id",
    "code",
    "name",
    "short_name",
    "uscc",
    "stage",
    "taxpayer_kind",
    "legal_rep_name",
    "industry_code",
    "size_class",
    "registered_capital_fen",
    "registered_on",
    "region",
    "tags",
    "completeness",
    "findings",
    "updated_at",
    "version",
];

/// A column to sort by: its name, whether it holds numbers, and whether it may be empty.
struct Sort {
    column: &'static str,
    number: bool,
    nullable: bool,
    descending: bool,
}

fn sort_of(text: Option<&str>) -> Result<Sort> {
    let text = text.unwrap_or("-updated_at");
    let (descending, name) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (column, number, nullable) = match name {
        "name" => ("name", false, false),
        "code" => ("code", false, false),
        "short_name" => ("short_name", false, true),
        "uscc" => ("uscc", false, true),
        "stage" => ("stage", false, false),
        "taxpayer_kind" => ("taxpayer_kind", false, true),
        "industry" => ("industry_code", false, true),
        "size" => ("size_class", false, true),
        "registered_capital_fen" => ("registered_capital_fen", true, true),
        "registered_on" => ("registered_on", false, true),
        "region" => ("region", false, true),
        "completeness" => ("completeness", true, false),
        "findings" => ("findings", true, false),
        "updated_at" => ("updated_at", true, false),
        _ => {
            return Err(Error::invalid(
                "sort",
                "list.sort",
                "不支持按该列排序",
                "This column cannot be sorted by",
            ));
        }
    };
    Ok(Sort { column, number, nullable, descending })
}

impl Sort {
    /// What is sorted by: empty comes before everything.
    fn expr(&self) -> Expr {
        let column = Expr::col(("client", self.column));
        // Written as the indexes have it: one with a parameter inside would not be theirs.
        let empty = if self.number { "-1" } else { "''" };
        let empty = Expr::cust(empty);
        if self.nullable { Func::coalesce([column, empty]).into() } else { column }
    }

    /// Where a row stands, from the columns that are shown.
    fn at(&self, row: &Row) -> Result<At> {
        let index = SHOWN.iter().position(|column| *column == self.column);
        let index = index.ok_or_else(|| Error::internal("sorted by what is not shown"))?;
        Ok(if self.number {
            At::Number(row.opt_int(index)?.unwrap_or(-1))
        } else {
            At::Text(row.opt_text(index)?.unwrap_or_default())
        })
    }

    /// What comes after a place: the first bound is one that an index can begin at.
    fn beyond(&self, (at, id): (At, ClientId)) -> Condition {
        let id = id.as_bytes().to_vec();
        let (at, key) = (Expr::from(at), Expr::col(("client", "id")));
        let (bound, past, next) = if self.descending {
            (self.expr().lte(at.clone()), self.expr().lt(at.clone()), key.lt(id))
        } else {
            (self.expr().gte(at.clone()), self.expr().gt(at.clone()), key.gt(id))
        };
        let tied = Cond::all().add(self.expr().eq(at)).add(next);
        Cond::all().add(bound).add(Cond::any().add(past).add(tied))
    }

    fn order(&self) -> Order {
        if self.descending { Order::Desc } else { Order::Asc }
    }
}

/// Whether the list can be sorted so.
///
/// # Errors
/// Invalid when it cannot.
pub fn sortable(sort: Option<&str>) -> Result<()> {
    sort_of(sort).map(drop)
}

/// Sorts a query of clients as the list does.
///
/// # Errors
/// Invalid when it cannot be sorted so.
pub fn sorted(select: &mut SelectStatement, sort: Option<&str>) -> Result<()> {
    let sort = sort_of(sort)?;
    select.order_by_expr(sort.expr(), sort.order()).order_by(("client", "id"), sort.order());
    Ok(())
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum At {
    Number(i64),
    Text(String),
}

impl From<At> for Expr {
    fn from(at: At) -> Self {
        match at {
            At::Number(number) => Self::val(number),
            At::Text(text) => Self::val(text),
        }
    }
}

fn cursor_of(text: &str) -> Result<(At, ClientId)> {
    let wrong = || {
        Error::invalid("cursor", "list.cursor", "翻页位置已失效", "The cursor is not one of ours")
    };
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
    serde_json::from_slice(&bytes).map_err(|_| wrong())
}

/// Adds what a list query asks for; also used by exports and bulk actions on "all that match".
pub fn filtered(
    app: &App,
    actor: &Actor,
    scope: &RowScope,
    query: &ListQuery,
) -> Result<SelectStatement> {
    let mut select = Query::select();
    select
        .from("client")
        .and_where(Expr::col(("client", "merged_into")).is_null())
        .cond_where(scope.condition(("client", "id")));
    let recycled = query.view.as_deref() == Some("recycled");
    let bin = Expr::col(("client", "recycled_at"));
    select.and_where(if recycled { bin.is_not_null() } else { bin.is_null() });
    match query.view.as_deref() {
        None | Some("all" | "recycled") => {}
        Some("mine") => {
            select.cond_where(held_by(&[RelationKind::Lead], actor.user()));
        }
        Some("team") => {
            let kinds = [RelationKind::Reviewer, RelationKind::Team, RelationKind::Collaborator];
            select.cond_where(held_by(&kinds, actor.user()));
        }
        Some("unassigned") => {
            select.and_where(led().not());
        }
        Some(_) => {
            return Err(Error::invalid("view", "list.view", "没有这个视图", "No such view"));
        }
    }
    narrow(app, actor, query, &mut select)?;
    Ok(select)
}

/// Narrows a list by what was typed and chosen.
fn narrow(app: &App, actor: &Actor, query: &ListQuery, select: &mut SelectStatement) -> Result<()> {
    if let Some(text) = query.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        let confidential = app.access.may_list::<FindConfidential>(actor)?.map(|(_, scope)| scope);
        let (dialect, scope) = (app.db.dialect(), confidential.as_ref());
        select.cond_where(search::condition(dialect, &app.keyring, text, scope)?);
    }
    for (column, value) in [
        ("stage", &query.stage),
        ("taxpayer_kind", &query.taxpayer_kind),
        ("size_class", &query.size),
    ] {
        if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
            select.and_where(Expr::col(("client", column)).eq(value));
        }
    }
    if let Some(most) = query.completeness_max {
        select.and_where(Expr::col(("client", "completeness")).lte(most));
    }
    if query.findings == Some(true) {
        select.and_where(Expr::col(("client", "findings")).gt(0));
    }
    if let Some(tag) = query.tag.as_deref().filter(|tag| !tag.is_empty()) {
        let mut tagged = Query::select();
        tagged.column("client_id").from("client_tag").and_where(Expr::col("tag").eq(tag));
        select.and_where(Expr::col(("client", "id")).in_subquery(tagged));
    }
    match query.lead.as_deref() {
        None | Some("") => {}
        Some("none") => {
            select.and_where(led().not());
        }
        Some("me") => {
            select.cond_where(held_by(&[RelationKind::Lead], actor.user()));
        }
        Some(id) => {
            select.cond_where(held_by(&[RelationKind::Lead], id.parse()?));
        }
    }
    if let Some(id) = query.department.as_deref().filter(|id| !id.is_empty()) {
        let id: values::DepartmentId = id.parse()?;
        let mut of = Query::select();
        of.column("client_id")
            .from("relation")
            .and_where(Expr::col("kind").eq(RelationKind::Department.word()))
            .and_where(Expr::col("holder").eq(id.as_bytes().to_vec()));
        select.and_where(Expr::col(("client", "id")).in_subquery(of));
    }
    Ok(())
}

fn held_by(kinds: &[RelationKind], holder: UserId) -> Condition {
    let mut held = Query::select();
    held.column("client_id")
        .from("relation")
        .and_where(Expr::col("kind").is_in(kinds.iter().map(|kind| kind.word())))
        .and_where(Expr::col("holder").eq(holder.as_bytes().to_vec()));
    Cond::all().add(Expr::col(("client", "id")).in_subquery(held))
}

/// That there is a 负责人, whoever it is; looked up row by row, as most clients have one.
fn led() -> Expr {
    let mut lead = Query::select();
    lead.expr(Expr::cust("1"))
        .from("relation")
        .and_where(Expr::col(("relation", "client_id")).equals(("client", "id")))
        .and_where(Expr::col(("relation", "kind")).eq(RelationKind::Lead.word()));
    Expr::exists(lead)
}

/// A page of the clients that the caller may see.
///
/// # Errors
/// Denied when the caller may see none; Invalid when the query is wrong.
pub async fn list(app: &App, actor: &Actor, query: &ListQuery) -> Result<ClientPage> {
    let (permit, scope) = app.access.authorize_list::<ListClients>(actor).await?;
    let sort = sort_of(query.sort.as_deref())?;
    let limit = usize::try_from(query.limit.unwrap_or(50).clamp(1, 200)).unwrap_or(50);
    filtered(app, actor, &scope, query)?;
    let mut tx = app.db.read(&permit).await?;
    let base = filtered(app, actor, &scope.suited(&mut tx).await?, query)?;
    if query.q.as_deref().is_some_and(search::asks_for_sealed) {
        tx.shows_class("contact");
        tx.shows_class("corporate_account");
    }
    let total = match query.count.as_deref() {
        Some("none") => None,
        exact => {
            let cap = if exact == Some("exact") { i64::MAX } else { COUNTED + 1 };
            let count = count(&mut tx, &base, cap).await?;
            Some(Total { count: Ord::min(count, cap - 1), capped: count >= cap })
        }
    };
    let (rows, more) = page(&mut tx, base, &sort, query.cursor.as_deref(), limit).await?;
    let next = if more { rows.last().map(|row| cursor(row, &sort)).transpose()? } else { None };
    let mut items = rows.iter().map(row_of).collect::<Result<Vec<_>>>()?;
    tx.shows(items.iter().map(|row| row.id));
    name_people(&mut tx, &mut items).await?;
    Ok(ClientPage { items, next, total })
}

/// The rows of a page, and whether more follow. Which rows they are is found in an index alone;
/// only then are they read.
async fn page(
    reader: &mut Reader,
    base: SelectStatement,
    sort: &Sort,
    cursor: Option<&str>,
    limit: usize,
) -> Result<(Vec<Row>, bool)> {
    let mut found = base;
    found
        .column(("client", "id"))
        .order_by_expr(sort.expr(), sort.order())
        .order_by(("client", "id"), sort.order())
        .limit(limit as u64 + 1);
    if let Some(text) = cursor {
        found.cond_where(sort.beyond(cursor_of(text)?));
    }
    let mut ids: Vec<Vec<u8>> =
        reader.select(&found).await?.iter().map(|row| row.bytes(0)).collect::<Result<_>>()?;
    let more = ids.len() > limit;
    ids.truncate(limit);
    let Some(last) = ids.last().cloned() else { return Ok((Vec::new(), false)) };
    // Filled up, so that there are few different texts to prepare.
    let mut wanted = ids.clone();
    wanted.resize(ids.len().next_power_of_two(), last);
    let mut shown = Query::select();
    for column in SHOWN {
        shown.column(("client", column));
    }
    shown.from("client").and_where(Expr::col(("client", "id")).is_in(wanted));
    let rows = reader.select(&shown).await?;
    let mut by_id: HashMap<Vec<u8>, Row> =
        rows.into_iter().map(|row| Ok((row.bytes(0)?, row))).collect::<Result<_>>()?;
    Ok((ids.iter().filter_map(|id| by_id.remove(id)).collect(), more))
}

async fn count(tx: &mut trust::database::ReadTx, base: &SelectStatement, cap: i64) -> Result<i64> {
    let mut inner = base.clone();
    inner.column(("client", "id"));
    if cap < i64::MAX {
        inner.limit(u64::try_from(cap).unwrap_or(0));
    }
    let mut outer = Query::select();
    outer.expr(Expr::cust("COUNT(*)")).from_subquery(inner, "counted");
    let rows = tx.select(&outer).await?;
    rows.first().map_or(Ok(0), |row| row.int(0))
}

fn cursor(row: &Row, sort: &Sort) -> Result<String> {
    let id: ClientId = row.id(0)?;
    let text = serde_json::to_vec(&(sort.at(row)?, id)).map_err(Error::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(text))
}

fn row_of(row: &Row) -> Result<ClientRow> {
    Ok(ClientRow {
        id: row.id(0)?,
        code: row.text(1)?,
        name: row.text(2)?,
        short_name: row.opt_text(3)?,
        uscc: row.opt_text(4)?,
        stage: row.text(5)?,
        taxpayer_kind: row.opt_text(6)?,
        legal_rep_name: view::person(row.opt_text(7)?, false),
        industry: row.opt_text(8)?,
        size: row.opt_text(9)?,
        registered_capital_fen: row.opt_int(10)?,
        capital_currency: None,
        registered_on: row.opt_text(11)?,
        region: row.opt_text(12)?,
        tags: serde_json::from_str(&row.text(13)?).map_err(Error::internal)?,
        completeness: row.int(14)?,
        findings: row.int(15)?,
        updated_at: row.micros(16)?.rfc3339(),
        version: row.int(17)?,
        lead: None,
        reviewer: None,
        department: None,
    })
}

/// Adds who stands to the clients of a page, in one question.
async fn name_people(tx: &mut trust::database::ReadTx, items: &mut [ClientRow]) -> Result<()> {
    let ids: Vec<ClientId> = items.iter().map(|row| row.id).collect();
    let mut people = people_of(tx, &ids).await?;
    let mut currencies = currencies_of(tx, &ids).await?;
    for item in items {
        item.capital_currency = currencies.remove(&item.id);
        let standing = people.remove(&item.id).unwrap_or_default();
        item.lead = standing.lead;
        item.reviewer = standing.reviewer;
        item.department = standing.department;
    }
    Ok(())
}

/// Those of some clients whose capital is not in yuan, with its currency.
async fn currencies_of(reader: &mut Reader, ids: &[ClientId]) -> Result<HashMap<ClientId, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = Query::select();
    query
        .columns(["id", "fields"])
        .from("client")
        .and_where(Expr::col("id").is_in(ids.iter().map(|id| id.as_bytes().to_vec())))
        .and_where(Expr::col("fields").like("%\"capital_currency\"%"));
    let mut found = HashMap::new();
    for row in reader.select(&query).await? {
        let fields: Fields = serde_json::from_str(&row.text(1)?).map_err(Error::internal)?;
        if let Some(currency) = rules::foreign_currency(&fields) {
            found.insert(row.id(0)?, currency.to_owned());
        }
    }
    Ok(found)
}

/// Who stands how to some clients, in one question.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn people_of(
    reader: &mut Reader,
    ids: &[ClientId],
) -> Result<HashMap<ClientId, view::Standing>> {
    let mut found: HashMap<ClientId, view::Standing> = HashMap::with_capacity(ids.len());
    if ids.is_empty() {
        return Ok(found);
    }
    let mut query = Query::select();
    query
        .columns(["client_id", "kind", "holder"])
        .from("relation")
        .and_where(Expr::col("client_id").is_in(ids.iter().map(|id| id.as_bytes().to_vec())))
        .and_where(Expr::col("kind").is_in(["lead", "reviewer", "department"]));
    let rows = reader.select(&query).await?;
    let mut standing = Vec::with_capacity(rows.len());
    for row in &rows {
        let client: ClientId = row.id(0)?;
        standing.push(match row.text(1)?.as_str() {
            "department" => (client, false, Holder::Department(row.id(2)?)),
            kind => (client, kind == "lead", Holder::User(row.id(2)?)),
        });
    }
    let names = identity::names_among(reader, standing.iter().map(|(.., holder)| *holder)).await?;
    for (client, lead, holder) in standing {
        let of = found.entry(client).or_default();
        match holder {
            Holder::Department(id) => of.department = Some(names.department(id)),
            Holder::User(id) => {
                let person = Some(view::Person { id, name: names.user(id) });
                *(if lead { &mut of.lead } else { &mut of.reviewer }) = person;
            }
        }
    }
    Ok(found)
}

/// Those of some clients that lie within a scope.
pub async fn within(
    reader: &mut Reader,
    scope: &RowScope,
    ids: &[ClientId],
) -> Result<HashSet<ClientId>> {
    if scope.is_everything() {
        return Ok(ids.iter().copied().collect());
    }
    let mut select = Query::select();
    select
        .column(("client", "id"))
        .from("client")
        .and_where(Expr::col(("client", "id")).is_in(ids.iter().map(|id| id.as_bytes().to_vec())))
        .cond_where(scope.condition(("client", "id")));
    reader.select(&select).await?.iter().map(|row| row.id(0)).collect()
}

/// The first ids of a filtered list, in their own order, after one of them.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn ids_after(
    reader: &mut Reader,
    mut select: SelectStatement,
    after: Option<ClientId>,
    most: usize,
) -> Result<Vec<ClientId>> {
    let id = ("client", "id");
    if let Some(after) = after {
        select.and_where(Expr::col(id).gt(after.as_bytes().to_vec()));
    }
    let most = u64::try_from(most).map_err(Error::internal)?;
    select.column(id).order_by(id, Order::Asc).limit(most);
    reader.select(&select).await?.iter().map(|row| row.id(0)).collect()
}
