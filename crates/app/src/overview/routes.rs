//! The overview over HTTP.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::operations::{self, Todo};
use crate::App;
use crate::clients;
use crate::http::{Answer, Caller, ProblemBody};
use crate::identity::ExplanationView;

/// The numbers on top; each is counted within the caller's scope.
#[derive(Debug, Serialize, ToSchema)]
struct Cards {
    clients: i64,
    unassigned: i64,
    incomplete: i64,
    findings: i64,
}

/// Something that waits.
#[derive(Debug, Serialize, ToSchema)]
struct TodoView {
    id: &'static str,
    code: &'static str,
    zh: String,
    en: String,
    count: Option<i64>,
    href: &'static str,
}

impl From<Todo> for TodoView {
    fn from(todo: Todo) -> Self {
        let Todo { code, zh, en, count, href } = todo;
        Self { id: code, code, zh, en, count, href }
    }
}

/// A kind of doubtful data and how often it occurs.
#[derive(Debug, Serialize, ToSchema)]
struct QualityView {
    code: String,
    zh: String,
    en: String,
    count: i64,
}

/// The overview.
#[derive(Debug, Serialize, ToSchema)]
struct OverviewView {
    cards: Cards,
    todos: Vec<TodoView>,
    recent: Vec<clients::ClientRow>,
    quality: Vec<QualityView>,
}

/// What there is and what waits, within the caller's scope.
#[utoipa::path(get, path = "/api/overview", operation_id = "show_overview", tag = "overview",
    responses((status = 200, body = OverviewView)))]
async fn show_overview(State(app): State<App>, caller: Caller) -> Answer<Json<OverviewView>> {
    let shown = operations::show(&app, &caller.actor).await?;
    let clients = shown.clients;
    let quality = clients.quality.into_iter().map(|found| QualityView {
        code: found.code.to_owned(),
        zh: found.zh.to_owned(),
        en: found.en.to_owned(),
        count: found.count,
    });
    Ok(Json(OverviewView {
        cards: Cards {
            clients: clients.clients,
            unassigned: clients.unassigned,
            incomplete: clients.incomplete,
            findings: clients.findings,
        },
        todos: shown.todos.into_iter().map(Into::into).collect(),
        recent: clients.recent,
        quality: quality.collect(),
    }))
}

/// What is to be explained.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExplainQuery {
    /// The client's id, code or full name, where the action is done to one.
    client: Option<String>,
    /// Such as `client.view`.
    action: String,
}

/// What a person can do, and why. It stands here because it takes people and clients together.
#[utoipa::path(get, path = "/api/users/{id}/explain", tag = "identity",
    params(("id" = String, Path), ExplainQuery),
    responses((status = 200, body = ExplanationView), (status = 422, body = ProblemBody)))]
async fn explain_access(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<ExplainQuery>,
) -> Answer<Json<ExplanationView>> {
    let (user, client) = (id.parse()?, query.client.as_deref());
    let found = operations::explain(&app, &caller.actor, user, &query.action, client).await?;
    Ok(Json(found.into()))
}

/// The routes of this context.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_overview)).routes(routes!(explain_access))
}
