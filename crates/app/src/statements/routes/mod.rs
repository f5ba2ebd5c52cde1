//! Statements and returns over HTTP.

mod analysis;
mod analysis_shapes;
mod lists;
mod reports;
mod shapes;
mod uploads;

use axum::Json;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use values::{ClientId, Error, Period, Result};

use super::operations::{self, Saving};
use super::rows::Set;
use super::rules::{SetKind, Step};
use super::viewing;
use crate::App;
use crate::http::{Answer, Body, Caller};
use shapes::{RevisionView, StatementList, StatementRow, StatementSave, StatementView};

/// The largest body of an upload: a workbook with what a form puts around it.
const UPLOAD_MAX: usize = 24 * 1024 * 1024;

/// The routes of this context.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_statements))
        .routes(routes!(view_statement, save_statement))
        .routes(routes!(list_statement_revisions))
        .routes(routes!(advance_statement))
        .routes(routes!(add_exception))
        .routes(routes!(lists::show_chart))
        .routes(routes!(lists::list_rules))
        .routes(routes!(lists::change_rule))
        .routes(routes!(lists::list_outcomes))
        .routes(routes!(lists::show_accuracy))
        .merge(analysis::routes())
        .merge(reports::routes())
        .merge(uploads::routes().layer(DefaultBodyLimit::max(UPLOAD_MAX)))
}

/// A client's set by its address.
type Addressed = (String, String, String);

fn place((id, kind, period): &Addressed) -> Result<(ClientId, (SetKind, Period))> {
    Ok((id.parse()?, (SetKind::read(kind)?, period.parse()?)))
}

/// The version that was seen; none when the caller saw no set yet.
fn seen(headers: &HeaderMap) -> Result<Option<i64>> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let version =
        value.to_str().ok().and_then(|text| text.trim_matches('"').strip_prefix('v')?.parse().ok());
    version.map(Some).ok_or_else(|| {
        Error::invalid(
            "If-Match",
            "statement.version_needed",
            "版本号有误，请刷新后重试",
            "If-Match is not one of ours: reload and try again",
        )
    })
}

fn needed(headers: &HeaderMap) -> Result<i64> {
    seen(headers)?.ok_or_else(|| {
        Error::invalid(
            "If-Match",
            "statement.version_needed",
            "缺少版本号，请刷新后重试",
            "Say in If-Match which version you saw",
        )
    })
}

/// An answer with the version as an ETag.
fn tagged(version: i64, mut response: Response) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"v{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn row(set: &Set) -> Response {
    tagged(set.version, Json(StatementRow::from(set)).into_response())
}

/// What there is of a client, the newest period first; no figure.
#[utoipa::path(get, path = "/api/clients/{id}/statements", tag = "statements",
    params(("id" = String, Path)), responses((status = 200, body = StatementList)))]
async fn list_statements(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<StatementList>> {
    let (sets, may) = viewing::list(&app, &caller.actor, id.parse()?).await?;
    let items = sets.iter().map(Into::into).collect();
    Ok(Json(StatementList { items, may: shapes::may(may) }))
}

/// Which revision.
#[derive(Debug, Deserialize, IntoParams)]
struct Wanted {
    /// The newest when left out.
    revision: Option<i64>,
}

/// A set with its figures and what rules say of them.
#[utoipa::path(get, path = "/api/clients/{id}/statements/{kind}/{period}", tag = "statements",
    params(("id" = String, Path), ("kind" = String, Path), ("period" = String, Path), Wanted),
    responses((status = 200, body = StatementView)))]
async fn view_statement(
    State(app): State<App>,
    caller: Caller,
    Path(at): Path<Addressed>,
    Query(wanted): Query<Wanted>,
) -> Answer<Response> {
    let (client, at) = place(&at)?;
    let page = viewing::view(&app, &caller.actor, client, at, wanted.revision).await?;
    let version = page.set.version;
    Ok(tagged(version, Json(StatementView::of(page)).into_response()))
}

/// Saves figures that were typed, or corrects what was submitted; the whole set at once. Without
/// `If-Match` a set is made; with it the one that was seen is changed.
#[utoipa::path(put, path = "/api/clients/{id}/statements/{kind}/{period}", tag = "statements",
    params(("id" = String, Path), ("kind" = String, Path), ("period" = String, Path)),
    request_body = StatementSave,
    responses((status = 200, body = StatementRow), (status = 201, body = StatementRow),
        (status = 409), (status = 412)))]
async fn save_statement(
    State(app): State<App>,
    caller: Caller,
    Path(at): Path<Addressed>,
    headers: HeaderMap,
    Body(mut body): Body<StatementSave>,
) -> Answer<Response> {
    let (client, (kind, period)) = place(&at)?;
    let seen = seen(&headers)?;
    let content = body.content(period)?;
    let (cause, why) = (body.cause, body.why);
    let saving = Saving { kind, period, content, source: "typed", cause, why, seen };
    let set = operations::save(&app, &caller.actor, client, saving).await?;
    let status = if seen.is_none() { StatusCode::CREATED } else { StatusCode::OK };
    let mut answer = row(&set);
    *answer.status_mut() = status;
    Ok(answer)
}

/// The revisions of a set, the newest first; no figure.
#[utoipa::path(get, path = "/api/clients/{id}/statements/{kind}/{period}/revisions",
    tag = "statements",
    params(("id" = String, Path), ("kind" = String, Path), ("period" = String, Path)),
    responses((status = 200, body = Vec<RevisionView>)))]
async fn list_statement_revisions(
    State(app): State<App>,
    caller: Caller,
    Path(at): Path<Addressed>,
) -> Answer<Json<Vec<RevisionView>>> {
    let (client, at) = place(&at)?;
    let revisions = viewing::history(&app, &caller.actor, client, at).await?;
    Ok(Json(revisions.iter().map(Into::into).collect()))
}

/// A step to take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StatementStep {
    /// `submit`, `send_back`, `review`, `approve` or `reopen`.
    step: Step,
}

/// Submits, sends back, reviews, approves or opens again.
#[utoipa::path(post, path = "/api/clients/{id}/statements/{kind}/{period}/steps",
    tag = "statements",
    params(("id" = String, Path), ("kind" = String, Path), ("period" = String, Path)),
    request_body = StatementStep,
    responses((status = 200, body = StatementRow), (status = 409), (status = 412)))]
async fn advance_statement(
    State(app): State<App>,
    caller: Caller,
    Path(at): Path<Addressed>,
    headers: HeaderMap,
    Body(body): Body<StatementStep>,
) -> Answer<Response> {
    let (client, at) = place(&at)?;
    let seen = needed(&headers)?;
    let set = operations::advance(&app, &caller.actor, client, at, body.step, seen).await?;
    Ok(row(&set))
}

/// A broken rule to accept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExceptionCreate {
    /// The rule's id.
    rule: String,
    /// Why; kept with the figures.
    why: String,
}

/// Accepts that a rule is broken, for the revision of now; never for one's own work.
#[utoipa::path(post, path = "/api/clients/{id}/statements/{kind}/{period}/exceptions",
    tag = "statements",
    params(("id" = String, Path), ("kind" = String, Path), ("period" = String, Path)),
    request_body = ExceptionCreate, responses((status = 200, body = StatementRow), (status = 409)))]
async fn add_exception(
    State(app): State<App>,
    caller: Caller,
    Path(at): Path<Addressed>,
    Body(body): Body<ExceptionCreate>,
) -> Answer<Response> {
    let (client, at) = place(&at)?;
    let set = operations::accept(&app, &caller.actor, client, at, &body.rule, &body.why).await?;
    Ok(row(&set))
}
