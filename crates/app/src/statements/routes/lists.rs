//! The firm's lists: the chart of lines, the rules, open outcomes (数据体检) and accuracy.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fiscal::Severity;
use fiscal::statements::chart::{LineKind, chart};
use fiscal::statements::{Layout, Standard, StatementKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use values::{ClientId, Error, Result};

use super::shapes::text_of;
use crate::App;
use crate::http::{Answer, Body, Caller};
use crate::statements::checking::{changes, severity_word};
use crate::statements::rows_open::{OpenFilter, OpenRow};
use crate::statements::rows_uploads::{By, FirstFilter};
use crate::statements::{operations, viewing};

/// Which chart.
#[derive(Debug, Deserialize, IntoParams)]
pub struct ChartQuery {
    /// `small` unless told, or `general`.
    standard: Option<String>,
}

/// A line of a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChartLine {
    number: u16,
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    /// `item`, `of`, `sum`, `covers`, `in` or `out`.
    kind: &'static str,
    /// The line that an `of` belongs to.
    parent: Option<u16>,
    /// The signed lines that make a `sum`: what live totals add up.
    addends: Vec<Addend>,
    note: &'static str,
}

/// A line that enters a total.
#[derive(Debug, Serialize, ToSchema)]
pub struct Addend {
    sign: i8,
    line: u16,
}

/// The chart of lines of one standard.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChartView {
    standard: String,
    /// By `balance_sheet`, `income` and `cash_flow`.
    statements: BTreeMap<String, Vec<ChartLine>>,
}

/// The chart of statement lines, for typing figures in.
#[utoipa::path(get, path = "/api/statements/chart", tag = "statements", params(ChartQuery),
    responses((status = 200, body = ChartView)))]
pub async fn show_chart(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ChartQuery>,
) -> Answer<Json<ChartView>> {
    viewing::chart(&app, &caller.actor).await?;
    let standard = match query.standard.as_deref() {
        None | Some("small") => Standard::Small,
        Some("general") => Standard::General,
        Some(_) => {
            return Err(Error::invalid(
                "standard",
                "statement.standard",
                "会计准则应为 small 或 general",
                "The standard is small or general",
            )
            .into());
        }
    };
    let kinds = [StatementKind::BalanceSheet, StatementKind::Income, StatementKind::CashFlow];
    let lines = |kind| {
        let all = chart(standard, Layout::Prescribed, kind).lines();
        all.iter()
            .map(|line| {
                let (kind, parent, addends) = match &line.kind {
                    LineKind::Item => ("item", None, Vec::new()),
                    LineKind::Of(parent) => ("of", Some(*parent), Vec::new()),
                    LineKind::Sum(parts) => {
                        let part = |(sign, line): &(i8, u16)| Addend { sign: *sign, line: *line };
                        ("sum", None, parts.iter().map(part).collect())
                    }
                    LineKind::Covers(_) => ("covers", None, Vec::new()),
                    LineKind::In => ("in", None, Vec::new()),
                    LineKind::Out => ("out", None, Vec::new()),
                };
                let (number, code, zh, en, note) =
                    (line.number, line.code, line.zh, line.en, line.note);
                ChartLine { number, code, zh, en, kind, parent, addends, note }
            })
            .collect()
    };
    let statements = kinds.into_iter().map(|kind| (text_of(kind), lines(kind))).collect();
    Ok(Json(ChartView { standard: text_of(standard), statements }))
}

/// A rule as the firm applies it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleView {
    id: &'static str,
    /// `both`, `ASSE`, `ASBE`, `general` or `small`.
    applies: &'static str,
    zh: &'static str,
    en: &'static str,
    formula: &'static str,
    exceptions: &'static str,
    /// The rule's own.
    severity: &'static str,
    /// The rule's own.
    tolerance: String,
    /// The firm's, where it differs.
    own_severity: Option<&'static str>,
    /// The firm's, where it differs.
    own_tolerance: Option<String>,
}

/// The rules, in the table's order, and the version of the firm's changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleList {
    version: i64,
    items: Vec<RuleView>,
}

/// All articulation rules as the firm applies them.
#[utoipa::path(get, path = "/api/statements/rules", tag = "statements",
    responses((status = 200, body = RuleList)))]
pub async fn list_rules(State(app): State<App>, caller: Caller) -> Answer<Json<RuleList>> {
    let settings = viewing::rule_settings(&app, &caller.actor).await?;
    let changed = changes(&settings)?;
    let view = |rule: &'static fiscal::rules::Rule| {
        let own = changed.get(rule.id).copied().unwrap_or_default();
        RuleView {
            id: rule.id,
            applies: rule.applies.key(),
            zh: rule.zh,
            en: rule.en,
            formula: rule.formula,
            exceptions: rule.exceptions,
            severity: severity_word(rule.severity),
            tolerance: rule.tolerance.to_string(),
            own_severity: own.severity.map(severity_word),
            own_tolerance: own.tolerance.map(|tolerance| tolerance.to_string()),
        }
    };
    let version = settings.last().map_or(0, |last| last.number);
    Ok(Json(RuleList { version, items: fiscal::rules::all().map(view).collect() }))
}

/// What the firm changes about a rule; what is left out is the rule's own again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleChange {
    /// `error`, `warning` or `hint`.
    #[schema(value_type = Option<String>)]
    severity: Option<Severity>,
    /// In the notation of the rules: `T0`, `TR`, `T1`, `0.05`, `P(2%,10)`.
    tolerance: Option<String>,
}

/// Changes the firm's severity and tolerance of a rule; never what it says.
#[utoipa::path(put, path = "/api/statements/rules/{rule}", tag = "statements",
    params(("rule" = String, Path)), request_body = RuleChange, responses((status = 204)))]
pub async fn change_rule(
    State(app): State<App>,
    caller: Caller,
    Path(rule): Path<String>,
    Body(body): Body<RuleChange>,
) -> Answer<StatusCode> {
    let tolerance = body.tolerance.as_deref();
    operations::change_rule(&app, &caller.actor, &rule, body.severity, tolerance).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which open outcomes are wanted.
#[derive(Debug, Deserialize, IntoParams)]
pub struct OutcomeQuery {
    /// `error`, `warning` or `hint`.
    severity: Option<String>,
    /// `broken` unless told, `excepted` or `uncheckable`.
    state: Option<String>,
    /// A rule's id.
    rule: Option<String>,
    /// A client's id.
    client: Option<String>,
    /// A lead's id, or `me`.
    lead: Option<String>,
    /// Where the page begins.
    cursor: Option<String>,
}

/// A client as a list names it.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedClient {
    id: String,
    code: String,
    name: String,
}

impl From<(ClientId, String, String)> for NamedClient {
    fn from((id, code, name): (ClientId, String, String)) -> Self {
        Self { id: id.to_string(), code, name }
    }
}

/// An open outcome; no figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenOutcome {
    client: NamedClient,
    kind: String,
    period: String,
    rule: String,
    /// The rule's name in Chinese.
    zh: String,
    /// The rule's name in English.
    en: String,
    severity: String,
    state: String,
    /// Where its set stands.
    set_state: String,
    /// Since when it is open (RFC 3339).
    since: String,
}

/// A page of open outcomes.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutcomePage {
    items: Vec<OpenOutcome>,
    next: Option<String>,
    /// How many there are of each severity, on all pages.
    counts: BTreeMap<String, i64>,
}

type Key = (i64, i64, ClientId, String, String, String);

fn cursor(row: &OpenRow) -> Result<String> {
    let (kind, period, rule) = (row.kind.clone(), row.period.clone(), row.rule.clone());
    let key: Key = (row.rank, row.since.0, row.client.0, kind, period, rule);
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(&key).map_err(Error::internal)?))
}

fn read_cursor(text: &str) -> Result<Key> {
    let wrong = || {
        Error::invalid("cursor", "list.cursor", "翻页位置已失效", "The cursor is not one of ours")
    };
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
    serde_json::from_slice(&bytes).map_err(|_| wrong())
}

/// The open outcomes of all clients in the caller's scope (数据体检): the gravest first.
#[utoipa::path(get, path = "/api/statements/outcomes", tag = "statements", params(OutcomeQuery),
    responses((status = 200, body = OutcomePage)))]
pub async fn list_outcomes(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<OutcomeQuery>,
) -> Answer<Json<OutcomePage>> {
    let lead = match query.lead.as_deref() {
        Some("me") => Some(caller.actor.user()),
        Some(id) => Some(id.parse()?),
        None => None,
    };
    let filter = OpenFilter {
        severity: query.severity,
        state: query.state,
        rule: query.rule,
        client: query.client.as_deref().map(str::parse).transpose()?,
        lead,
        after: query.cursor.as_deref().map(read_cursor).transpose()?,
    };
    let page = viewing::open(&app, &caller.actor, &filter).await?;
    let next = match page.rows.last() {
        Some(last) if page.more => Some(cursor(last)?),
        _ => None,
    };
    let item = |row: OpenRow| {
        let names = fiscal::rules::by_id(&row.rule).map(|rule| (rule.zh, rule.en));
        let (zh, en) = names.unwrap_or_default();
        OpenOutcome {
            client: row.client.into(),
            kind: row.kind,
            period: row.period,
            rule: row.rule,
            zh: zh.to_owned(),
            en: en.to_owned(),
            severity: row.severity,
            state: row.state,
            set_state: row.set_state,
            since: row.since.rfc3339(),
        }
    };
    let items = page.rows.into_iter().map(item).collect();
    Ok(Json(OutcomePage { items, next, counts: page.counts.into_iter().collect() }))
}

/// Which first submissions count, and by what.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AccuracyQuery {
    /// `month` unless told, `client`, `person` or `team`.
    by: Option<String>,
    /// From this month of submission, such as `2026-01`.
    from: Option<String>,
    /// To this month.
    to: Option<String>,
    /// A client's id.
    client: Option<String>,
    /// The id of who submitted.
    person: Option<String>,
    /// A department's id.
    team: Option<String>,
    /// Whether only submissions with a broken rule are listed.
    wrong: Option<bool>,
}

/// First submissions of one client, person, team or month.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccuracyGroup {
    id: Option<String>,
    name: Option<String>,
    /// First submissions.
    submitted: i64,
    /// Those without a broken rule of level error.
    right: i64,
}

/// A first submission.
#[derive(Debug, Serialize, ToSchema)]
pub struct FirstSubmission {
    client: NamedClient,
    kind: String,
    period: String,
    by: String,
    at: String,
    errors: i64,
}

/// The share of first submissions that broke no rule of level error.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccuracyView {
    submitted: i64,
    right: i64,
    groups: Vec<AccuracyGroup>,
    /// One by one, the newest first, 200 at most.
    firsts: Vec<FirstSubmission>,
}

/// The accuracy of first submissions within the caller's scope, with what it is made of.
#[utoipa::path(get, path = "/api/statements/accuracy", tag = "statements", params(AccuracyQuery),
    responses((status = 200, body = AccuracyView)))]
pub async fn show_accuracy(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<AccuracyQuery>,
) -> Answer<Json<AccuracyView>> {
    let by = match query.by.as_deref() {
        None | Some("month") => By::Month,
        Some("client") => By::Client,
        Some("person") => By::Person,
        Some("team") => By::Team,
        Some(_) => {
            let (zh, en) =
                ("可按 month、client、person、team 统计", "By month, client, person, team");
            return Err(Error::invalid("by", "statement.by", zh, en).into());
        }
    };
    let filter = FirstFilter {
        from: query.from,
        to: query.to,
        client: query.client.as_deref().map(str::parse).transpose()?,
        person: query.person.as_deref().map(str::parse).transpose()?,
        team: query.team.as_deref().map(str::parse).transpose()?,
        wrong: query.wrong.unwrap_or(false),
    };
    let found = viewing::accuracy(&app, &caller.actor, &filter, by).await?;
    let mut groups = Vec::with_capacity(found.groups.len());
    for group in found.groups {
        let id = group.id.as_deref().map(ClientId::from_bytes).transpose()?;
        groups.push(AccuracyGroup {
            id: id.map(|id| id.to_string()),
            name: group.name,
            submitted: group.submitted,
            right: group.right,
        });
    }
    let firsts = found.firsts.into_iter().map(|first| FirstSubmission {
        client: first.client.into(),
        kind: first.kind,
        period: first.period,
        by: first.signed.name,
        at: first.signed.at.rfc3339(),
        errors: first.errors,
    });
    let (submitted, right) = (found.submitted, found.right);
    Ok(Json(AccuracyView { submitted, right, groups, firsts: firsts.collect() }))
}
