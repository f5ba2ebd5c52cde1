//! The SQL of the firm's list of open outcomes.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use trust::access::RowScope;
use trust::database::{Reader, Row};
use values::{ClientId, Micros, Result, UserId};

use super::rows::Set;

/// Which open outcomes are wanted.
#[derive(Debug, Clone, Default)]
pub struct OpenFilter {
    /// One severity.
    pub severity: Option<String>,
    /// One state; broken unless told.
    pub state: Option<String>,
    /// One rule.
    pub rule: Option<String>,
    /// One client.
    pub client: Option<ClientId>,
    /// One lead.
    pub lead: Option<UserId>,
    /// Where the page begins: rank, since, client, kind, period, rule.
    pub after: Option<(i64, i64, ClientId, String, String, String)>,
}

/// An open outcome of the firm's list.
#[derive(Debug, Clone)]
pub struct OpenRow {
    /// The client, its code and name.
    pub client: (ClientId, String, String),
    /// The set's kind.
    pub kind: String,
    /// The set's period.
    pub period: String,
    /// The rule.
    pub rule: String,
    /// Its severity.
    pub severity: String,
    /// Its state.
    pub state: String,
    /// Its rank.
    pub rank: i64,
    /// Since when it is open.
    pub since: Micros,
    /// Where its set stands.
    pub set_state: String,
}

fn col(table: &'static str, name: &'static str) -> Expr {
    Expr::col((table, name))
}

/// The open outcomes of clients in scope, narrowed.
fn open_query(scope: &RowScope, filter: &OpenFilter) -> SelectStatement {
    let outcome = "statement_outcome";
    let mut select = Query::select();
    select
        .from(outcome)
        .inner_join("client", col("client", "id").equals((outcome, "client_id")))
        .and_where(col("client", "recycled_at").is_null())
        .and_where(col("client", "merged_into").is_null())
        .and_where(col(outcome, "state").eq(filter.state.as_deref().unwrap_or("broken")))
        .cond_where(scope.condition((outcome, "client_id")));
    if let Some(severity) = &filter.severity {
        select.and_where(col(outcome, "severity").eq(severity.as_str()));
    }
    if let Some(rule) = &filter.rule {
        select.and_where(col(outcome, "rule").eq(rule.as_str()));
    }
    if let Some(client) = filter.client {
        select.and_where(col(outcome, "client_id").eq(client.as_bytes().to_vec()));
    }
    if let Some(lead) = filter.lead {
        let mut led = Query::select();
        led.column("client_id")
            .from("relation")
            .and_where(Expr::col("kind").eq("lead"))
            .and_where(Expr::col("holder").eq(lead.as_bytes().to_vec()));
        select.and_where(col(outcome, "client_id").in_subquery(led));
    }
    select
}

/// How many open outcomes there are of each severity.
pub async fn open_counts(
    reader: &mut Reader,
    scope: &RowScope,
    filter: &OpenFilter,
) -> Result<Vec<(String, i64)>> {
    let outcome = "statement_outcome";
    let mut select = open_query(scope, filter);
    select
        .column((outcome, "severity"))
        .expr(Expr::cust("COUNT(*)"))
        .group_by_col((outcome, "severity"));
    reader.select(&select).await?.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// A page of open outcomes: the gravest first, then the oldest.
pub async fn open(
    reader: &mut Reader,
    scope: &RowScope,
    filter: &OpenFilter,
    limit: u64,
) -> Result<Vec<OpenRow>> {
    let outcome = "statement_outcome";
    let mut select = open_query(scope, filter);
    let keys = ["rank", "since", "client_id", "kind", "period", "rule"];
    select
        .inner_join(
            "statement_set",
            col("statement_set", "client_id")
                .equals((outcome, "client_id"))
                .and(col("statement_set", "kind").equals((outcome, "kind")))
                .and(col("statement_set", "period").equals((outcome, "period"))),
        )
        .columns([("client", "code"), ("client", "name"), (outcome, "severity")])
        .columns([(outcome, "state"), ("statement_set", "state")])
        .columns(keys.map(|key| (outcome, key)))
        .limit(limit);
    for key in keys {
        select.order_by((outcome, key), Order::Asc);
    }
    if let Some((rank, since, client, kind, period, rule)) = &filter.after {
        let at = [
            Expr::val(*rank),
            Expr::val(*since),
            Expr::val(client.as_bytes().to_vec()),
            Expr::val(kind.as_str()),
            Expr::val(period.as_str()),
            Expr::val(rule.as_str()),
        ];
        let keys = keys.map(|key| col(outcome, key));
        select.and_where(Expr::tuple(keys).gt(Expr::tuple(at)));
    }
    let row = |row: &Row| {
        Ok(OpenRow {
            client: (row.id(7)?, row.text(0)?, row.text(1)?),
            severity: row.text(2)?,
            state: row.text(3)?,
            set_state: row.text(4)?,
            rank: row.int(5)?,
            since: row.micros(6)?,
            kind: row.text(8)?,
            period: row.text(9)?,
            rule: row.text(10)?,
        })
    };
    reader.select(&select).await?.iter().map(row).collect()
}

/// Whether a rule is broken for a set now.
pub async fn is_broken(reader: &mut Reader, set: &Set, rule: &str) -> Result<bool> {
    let row = reader
        .row(
            "SELECT 1 FROM statement_outcome WHERE client_id = $1 AND kind = $2 AND period = $3 \
             AND rule = $4 AND state = 'broken'",
            &[set.client.into(), set.kind.key().into(), set.period.to_string().into(), rule.into()],
        )
        .await?;
    Ok(row.is_some())
}
