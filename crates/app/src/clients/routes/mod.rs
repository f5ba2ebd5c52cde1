//! The archive over HTTP.

mod exports;
mod fields;
mod holds;
mod merging;
mod people;
mod sealed;
mod views;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use values::{ClientId, Error};

use crate::App;
use crate::clients::deeds::{self, Deed};
use crate::clients::edits::{self, Edit, Edited};
use crate::clients::list::{self, ClientPage, ListQuery};
use crate::clients::operations;
use crate::clients::view::ClientView;
use crate::clients::{history, imports, rows};
use crate::http::{Answer, Caller, Problem};

/// The largest workbook that is taken in, with what a form puts around it.
const UPLOAD_MAX: usize = 128 * 1024 * 1024;

/// The routes of the archive.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_clients, create_client))
        .routes(routes!(similar_clients))
        .routes(routes!(people::bulk_clients))
        .routes(routes!(view_client, update_client, recycle_client))
        .routes(routes!(restore_client))
        .routes(routes!(holds::hold_client))
        .routes(routes!(holds::release_hold))
        .routes(routes!(holds::remove_client))
        .routes(routes!(add_item))
        .routes(routes!(change_item, remove_item))
        .routes(routes!(advance_client))
        .routes(routes!(people::assign_client))
        .routes(routes!(list_versions))
        .routes(routes!(list_client_record))
        .routes(routes!(sealed::reveal_field))
        .routes(routes!(sealed::verify_identity))
        .routes(routes!(fields::list_fields, fields::define_field))
        .routes(routes!(merging::preview_merge))
        .routes(routes!(merging::merge_clients))
        .routes(routes!(merging::list_merged))
        .routes(routes!(views::list_views, views::save_view))
        .routes(routes!(views::delete_view))
        .routes(routes!(exports::export_clients))
        .routes(routes!(exports::list_export_requests, exports::request_export))
        .routes(routes!(exports::approve_export))
        .routes(routes!(exports::refuse_export))
        .routes(routes!(exports::take_export))
        .routes(routes!(search_clients))
        .merge(imports::routes().layer(DefaultBodyLimit::max(UPLOAD_MAX)))
}

#[utoipa::path(get, path = "/api/clients", params(ListQuery), tag = "clients",
    responses((status = 200, body = ClientPage)))]
async fn list_clients(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Answer<Json<ClientPage>> {
    Ok(Json(list::list(&app, &caller.actor, &query).await?))
}

/// A client to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ClientCreate {
    /// Texts by field.
    fields: BTreeMap<String, Option<String>>,
    /// Rows of lists.
    #[serde(default)]
    lists: BTreeMap<String, Vec<BTreeMap<String, Option<String>>>>,
    /// Why.
    #[serde(default)]
    why: String,
}

#[utoipa::path(post, path = "/api/clients", request_body = ClientCreate, tag = "clients",
    params(("Idempotency-Key" = Option<String>, Header,
        description = "Sent again within a day with the same body, it makes nothing twice.")),
    responses((status = 201, body = ClientView)))]
async fn create_client(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json<ClientCreate>,
) -> Answer<Response> {
    let key = headers.get("idempotency-key").map(|key| String::from_utf8_lossy(key.as_bytes()));
    let ClientCreate { fields, lists, why } = body;
    let client =
        operations::create_once(&app, &caller.actor, &fields, &lists, &why, key.as_deref()).await?;
    Ok((StatusCode::CREATED, tagged(client)).into_response())
}

/// A client with its version as an ETag.
fn tagged(client: ClientView) -> Response {
    let tag = HeaderValue::from_str(&format!("\"v{}\"", client.version));
    let mut response = Json(client).into_response();
    if let Ok(tag) = tag {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The version that the caller saw, where they say it.
fn perhaps_seen(headers: &HeaderMap) -> Result<Option<i64>, Error> {
    if headers.contains_key(header::IF_MATCH) { seen(headers).map(Some) } else { Ok(None) }
}

fn seen(headers: &HeaderMap) -> Result<i64, Error> {
    let version = headers
        .get(header::IF_MATCH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim_matches('"').strip_prefix('v')?.parse().ok());
    version.ok_or_else(|| {
        Error::invalid(
            "If-Match",
            "client.version_needed",
            "缺少版本号，请刷新后重试",
            "Say in If-Match which version you saw",
        )
    })
}

fn edited(outcome: Edited) -> Answer<Response> {
    let stale = match outcome {
        Edited::Done(client) => return Ok(tagged(*client)),
        Edited::Stale(stale) => stale,
    };
    let changed: Vec<_> = stale
        .changed
        .iter()
        .map(|(field, by, at)| serde_json::json!({"field": field, "by": by, "at": at.rfc3339()}))
        .collect();
    let extra = serde_json::json!({"current_version": stale.version, "changed": changed});
    Err(Problem::with(deeds::stale(), extra))
}

/// A view of a day.
#[derive(Debug, Deserialize, IntoParams)]
struct AsOf {
    /// `YYYY-MM-DD`: the state at the end of that day.
    as_of: Option<String>,
}

#[utoipa::path(get, path = "/api/clients/{id}", tag = "clients",
    params(("id" = String, Path), AsOf), responses((status = 200, body = ClientView)))]
async fn view_client(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(as_of): Query<AsOf>,
) -> Answer<Response> {
    let day = as_of.as_of.as_deref().map(str::parse::<Date>).transpose().map_err(|_| {
        Error::invalid("as_of", "date.unreadable", "日期应为 YYYY-MM-DD", "YYYY-MM-DD")
    })?;
    let client = operations::view(&app, &caller.actor, id.parse()?, day).await?;
    Ok(tagged(client))
}

/// Fields to be changed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ClientUpdate {
    /// Texts by field; null empties.
    fields: BTreeMap<String, Option<String>>,
    /// Why.
    #[serde(default)]
    why: String,
}

#[utoipa::path(patch, path = "/api/clients/{id}", tag = "clients",
    params(("id" = String, Path)), request_body = ClientUpdate,
    responses((status = 200, body = ClientView), (status = 412)))]
async fn update_client(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<ClientUpdate>,
) -> Answer<Response> {
    let edit = Edit::Fields(&body.fields);
    let seen = seen(&headers)?;
    edited(edits::edit(&app, &caller.actor, id.parse()?, seen, &edit, &body.why).await?)
}

#[utoipa::path(post, path = "/api/clients/{id}/lists/{list}", tag = "clients",
    params(("id" = String, Path), ("list" = String, Path)), request_body = ClientUpdate,
    responses((status = 200, body = ClientView), (status = 412)))]
async fn add_item(
    State(app): State<App>,
    caller: Caller,
    Path((id, list)): Path<(String, String)>,
    headers: HeaderMap,
    Json(body): Json<ClientUpdate>,
) -> Answer<Response> {
    let edit = Edit::Add(&list, &body.fields);
    let seen = seen(&headers)?;
    edited(edits::edit(&app, &caller.actor, id.parse()?, seen, &edit, &body.why).await?)
}

#[utoipa::path(patch, path = "/api/clients/{id}/lists/{list}/{item}", tag = "clients",
    params(("id" = String, Path), ("list" = String, Path), ("item" = String, Path)),
    request_body = ClientUpdate, responses((status = 200, body = ClientView), (status = 412)))]
async fn change_item(
    State(app): State<App>,
    caller: Caller,
    Path((id, list, item)): Path<(String, String, String)>,
    headers: HeaderMap,
    Json(body): Json<ClientUpdate>,
) -> Answer<Response> {
    let edit = Edit::Change(&list, item.parse()?, &body.fields);
    let seen = seen(&headers)?;
    edited(edits::edit(&app, &caller.actor, id.parse()?, seen, &edit, &body.why).await?)
}

/// Why something is taken away.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Reason {
    /// Why; it is kept with the version.
    #[serde(default)]
    why: String,
}

#[utoipa::path(delete, path = "/api/clients/{id}/lists/{list}/{item}", tag = "clients",
    params(("id" = String, Path), ("list" = String, Path), ("item" = String, Path), Reason),
    responses((status = 200, body = ClientView), (status = 412)))]
async fn remove_item(
    State(app): State<App>,
    caller: Caller,
    Path((id, list, item)): Path<(String, String, String)>,
    Query(reason): Query<Reason>,
    headers: HeaderMap,
) -> Answer<Response> {
    let edit = Edit::Remove(&list, item.parse()?);
    let seen = seen(&headers)?;
    edited(edits::edit(&app, &caller.actor, id.parse()?, seen, &edit, &reason.why).await?)
}

/// A step of the life cycle.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Step {
    /// The stage to go to.
    to: String,
    /// Why.
    #[serde(default)]
    why: String,
}

#[utoipa::path(post, path = "/api/clients/{id}/stage", tag = "clients",
    params(("id" = String, Path), ("If-Match" = Option<String>, Header,
        description = "The version that was seen; another one is refused.")),
    request_body = Step, responses((status = 200, body = ClientView), (status = 412)))]
async fn advance_client(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Step>,
) -> Answer<Response> {
    let (id, seen) = (id.parse()?, perhaps_seen(&headers)?);
    deeds::one(&app, &caller.actor, id, seen, &Deed::Advance(body.to), &body.why).await?;
    Ok(tagged(operations::view(&app, &caller.actor, id, None).await?))
}

#[utoipa::path(delete, path = "/api/clients/{id}", tag = "clients",
    params(("id" = String, Path), Reason), responses((status = 204)))]
async fn recycle_client(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(reason): Query<Reason>,
) -> Answer<StatusCode> {
    deeds::one(&app, &caller.actor, id.parse()?, None, &Deed::Recycle, &reason.why).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(post, path = "/api/clients/{id}/restore", tag = "clients",
    params(("id" = String, Path)), responses((status = 200, body = ClientView)))]
async fn restore_client(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Response> {
    let id = id.parse()?;
    deeds::one(&app, &caller.actor, id, None, &Deed::Restore, "").await?;
    Ok(tagged(operations::view(&app, &caller.actor, id, None).await?))
}

/// What is being typed.
#[derive(Debug, Deserialize, IntoParams)]
struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    uscc: String,
}

/// A client like the one being typed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Similar {
    name: String,
    owner: Option<String>,
}

#[utoipa::path(get, path = "/api/clients/similar",
    operation_id = "find_similar_clients", params(Typed), tag = "clients",
    responses((status = 200, body = Vec<Similar>)))]
async fn similar_clients(
    State(app): State<App>,
    caller: Caller,
    Query(typed): Query<Typed>,
) -> Answer<Json<Vec<Similar>>> {
    let found = operations::similar(&app, &caller.actor, &typed.name, &typed.uscc).await?;
    Ok(Json(found.into_iter().map(|(name, owner)| Similar { name, owner }).collect()))
}

/// A version of a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionView {
    version: i64,
    at: String,
    by: String,
    source: String,
    why: String,
    changes: Vec<ChangeView>,
}

/// A change of one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeView {
    field: String,
    zh: String,
    before: Option<String>,
    after: Option<String>,
}

impl VersionView {
    fn of((version, changes): (rows::Version, Vec<history::FieldChange>)) -> Self {
        Self {
            version: version.version,
            at: version.at.rfc3339(),
            by: version.by.1,
            source: version.source,
            why: version.why,
            changes: changes
                .into_iter()
                .map(|c| ChangeView { field: c.field, zh: c.zh, before: c.before, after: c.after })
                .collect(),
        }
    }
}

#[utoipa::path(get, path = "/api/clients/{id}/versions", tag = "clients",
    params(("id" = String, Path)), responses((status = 200, body = Vec<VersionView>)))]
async fn list_versions(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<Vec<VersionView>>> {
    let versions = history::versions(&app, &caller.actor, id.parse()?).await?;
    Ok(Json(versions.into_iter().map(VersionView::of).collect()))
}

/// An entry about a client: who did what, when.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientEntry {
    id: String,
    at: String,
    actor_name: String,
    action: String,
    outcome: String,
    classes: Vec<String>,
    purpose: String,
    sealed: bool,
    /// How often: more than once for the lists of one person and day.
    count: usize,
    /// When, newest first.
    times: Vec<String>,
}

#[utoipa::path(get, path = "/api/clients/{id}/record", tag = "clients",
    params(("id" = String, Path)), responses((status = 200, body = Vec<ClientEntry>)))]
async fn list_client_record(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<Vec<ClientEntry>>> {
    let entries = history::record_of(&app, &caller.actor, id.parse()?).await?;
    let view = |history::Viewing { sealed, body, times }| ClientEntry {
        count: times.len(),
        times: times.into_iter().map(values::Micros::rfc3339).collect(),
        id: body.id.to_string(),
        at: body.at.rfc3339(),
        actor_name: body.actor_name,
        action: body.action,
        outcome: body.outcome.as_str().to_owned(),
        classes: body.classes,
        purpose: body.purpose,
        sealed,
    };
    Ok(Json(entries.into_iter().map(view).collect()))
}

/// What is searched for.
#[derive(Debug, Deserialize, IntoParams)]
struct Searched {
    q: String,
}

/// A hit of the search box.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hit {
    #[schema(value_type = String)]
    id: ClientId,
    code: String,
    name: String,
    short_name: Option<String>,
    lead: Option<String>,
}

/// The hits of the search box.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hits {
    clients: Vec<Hit>,
}

#[utoipa::path(get, path = "/api/search", params(Searched), tag = "clients",
    responses((status = 200, body = Hits)))]
async fn search_clients(
    State(app): State<App>,
    caller: Caller,
    Query(searched): Query<Searched>,
) -> Answer<Json<Hits>> {
    if searched.q.trim().is_empty() {
        return Ok(Json(Hits { clients: Vec::new() }));
    }
    let query = ListQuery {
        q: Some(searched.q),
        limit: Some(10),
        count: Some("none".to_owned()),
        ..ListQuery::default()
    };
    let page = list::list(&app, &caller.actor, &query).await?;
    let hit = |row: list::ClientRow| Hit {
        id: row.id,
        code: row.code,
        name: row.name,
        short_name: row.short_name,
        lead: row.lead.map(|person| person.name),
    };
    Ok(Json(Hits { clients: page.items.into_iter().map(hit).collect() }))
}
