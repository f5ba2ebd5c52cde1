//! The archive over HTTP.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use trust::record::Body;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use values::{ClientId, Error, ItemId, Kind, Micros};

use super::actions::ListFields;
use super::fields::{LISTS, List, SPECS};
use super::list::{self, ClientPage, ListQuery};
use super::operations::{self, Assignment, Edit, Edited};
use super::reveal::{self, Which};
use super::view::ClientView;
use super::{history, imports, rows};
use crate::App;
use crate::http::{Answer, Caller, Problem};

/// The routes of the archive.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_clients, create_client))
        .routes(routes!(similar_clients))
        .routes(routes!(bulk_clients))
        .routes(routes!(view_client, update_client, recycle_client))
        .routes(routes!(restore_client))
        .routes(routes!(add_item))
        .routes(routes!(change_item, remove_item))
        .routes(routes!(advance_client))
        .routes(routes!(assign_client))
        .routes(routes!(list_versions))
        .routes(routes!(list_client_record))
        .routes(routes!(reveal_field))
        .routes(routes!(verify_identity))
        .routes(routes!(list_fields))
        .routes(routes!(search_clients))
        .merge(imports::routes())
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
    responses((status = 201, body = ClientView)))]
async fn create_client(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<ClientCreate>,
) -> Answer<Response> {
    let client =
        operations::create(&app, &caller.actor, &body.fields, &body.lists, &body.why).await?;
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
    let error = Error::new(
        Kind::Conflict,
        "client.stale",
        "您打开后，他人已修改了这份档案",
        "Somebody changed this client after you opened it",
    );
    let extra = serde_json::json!({"current_version": stale.version, "changed": changed});
    Err(Problem::with(error, extra))
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
    edited(operations::edit(&app, &caller.actor, id.parse()?, seen, &edit, &body.why).await?)
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
    edited(operations::edit(&app, &caller.actor, id.parse()?, seen, &edit, &body.why).await?)
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
    edited(operations::edit(&app, &caller.actor, id.parse()?, seen, &edit, &body.why).await?)
}

#[utoipa::path(delete, path = "/api/clients/{id}/lists/{list}/{item}", tag = "clients",
    params(("id" = String, Path), ("list" = String, Path), ("item" = String, Path)),
    responses((status = 200, body = ClientView), (status = 412)))]
async fn remove_item(
    State(app): State<App>,
    caller: Caller,
    Path((id, list, item)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Answer<Response> {
    let edit = Edit::Remove(&list, item.parse()?);
    let seen = seen(&headers)?;
    edited(operations::edit(&app, &caller.actor, id.parse()?, seen, &edit, "").await?)
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
    params(("id" = String, Path)), request_body = Step,
    responses((status = 200, body = ClientView)))]
async fn advance_client(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Step>,
) -> Answer<Response> {
    let client =
        operations::advance(&app, &caller.actor, id.parse()?, &body.to, &body.why).await?;
    Ok(tagged(client))
}

/// Who is to stand how to a client. A key that is absent leaves things; null clears.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct AssignBody {
    /// 负责人.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    lead: Option<Option<String>>,
    /// 复核人.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    reviewer: Option<Option<String>>,
    /// The department.
    department: Option<String>,
    /// Collaborators to add.
    collaborators: Vec<Collaborator>,
}

/// A collaborator, perhaps until a day.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Collaborator {
    id: String,
    /// The last day, `YYYY-MM-DD`.
    until: Option<String>,
}

/// Tells a null from an absent key.
fn given<'de, D: serde::Deserializer<'de>>(
    from: D,
) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(from).map(Some)
}

fn assignment(app: &App, body: &AssignBody) -> Result<Assignment, Error> {
    let user = |given: &Option<Option<String>>| -> Result<_, Error> {
        given
            .as_ref()
            .map(|id| id.as_deref().filter(|id| !id.is_empty()).map(str::parse).transpose())
            .transpose()
    };
    let mut collaborators = Vec::new();
    for person in &body.collaborators {
        let until = match person.until.as_deref() {
            None | Some("") => None,
            Some(day) => Some(end_of(app, day)?),
        };
        collaborators.push((person.id.parse()?, until));
    }
    Ok(Assignment {
        lead: user(&body.lead)?,
        reviewer: user(&body.reviewer)?,
        department: body.department.as_deref().map(str::parse).transpose()?,
        collaborators,
    })
}

fn end_of(app: &App, day: &str) -> Result<Micros, Error> {
    let wrong =
        || Error::invalid("until", "date.unreadable", "日期应为 YYYY-MM-DD", "YYYY-MM-DD");
    let day: Date = day.parse().map_err(|_| wrong())?;
    let next = day.tomorrow().map_err(|_| wrong())?;
    Micros::start_of(next, &app.running.zone).ok_or_else(wrong)
}

#[utoipa::path(post, path = "/api/clients/{id}/assign", tag = "clients",
    params(("id" = String, Path)), request_body = AssignBody, responses((status = 204)))]
async fn assign_client(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<AssignBody>,
) -> Answer<StatusCode> {
    let assignment = assignment(&app, &body)?;
    operations::assign(&app, &caller.actor, id.parse()?, &assignment).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(delete, path = "/api/clients/{id}", tag = "clients",
    params(("id" = String, Path)), responses((status = 204)))]
async fn recycle_client(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    operations::recycle(&app, &caller.actor, id.parse()?, "").await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(post, path = "/api/clients/{id}/restore", tag = "clients",
    params(("id" = String, Path)), responses((status = 200, body = ClientView)))]
async fn restore_client(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Response> {
    Ok(tagged(operations::restore(&app, &caller.actor, id.parse()?).await?))
}

/// One thing done to many clients.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Bulk {
    /// The clients.
    ids: Vec<String>,
    /// `assign`, `tag`, `untag`, `recycle` or `restore`.
    op: String,
    /// For `assign`.
    #[serde(default)]
    assign: AssignBody,
    /// For `tag` and `untag`.
    #[serde(default)]
    tags: Vec<String>,
    /// Why.
    #[serde(default)]
    why: String,
}

/// What became of each client.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkResult {
    /// How many it was done to.
    done: usize,
    /// Those it was not done to, and why.
    failed: Vec<BulkFailure>,
}

/// A client that it was not done to.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkFailure {
    id: String,
    code: &'static str,
    detail: String,
}

/// Clients in one bulk action at most.
const BULK_MOST: usize = 500;

#[utoipa::path(post, path = "/api/clients/bulk", tag = "clients", request_body = Bulk,
    responses((status = 200, body = BulkResult)))]
async fn bulk_clients(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<Bulk>,
) -> Answer<Json<BulkResult>> {
    if body.ids.len() > BULK_MOST {
        return Err(Error::invalid("ids", "bulk.too_many", "一次最多 500 个客户", "500 at most").into());
    }
    let assignment = assignment(&app, &body.assign)?;
    let (mut done, mut failed) = (0, Vec::new());
    for id in &body.ids {
        match one_of_bulk(&app, &caller, &body, &assignment, id).await {
            Ok(()) => done += 1,
            Err(error) if error.kind() == Kind::Internal => return Err(error.into()),
            Err(error) => failed.push(BulkFailure {
                id: id.clone(),
                code: error.code(),
                detail: error.zh().to_owned(),
            }),
        }
    }
    Ok(Json(BulkResult { done, failed }))
}

async fn one_of_bulk(
    app: &App,
    caller: &Caller,
    body: &Bulk,
    assignment: &Assignment,
    id: &str,
) -> Result<(), Error> {
    let (actor, id): (_, ClientId) = (&caller.actor, id.parse()?);
    match body.op.as_str() {
        "assign" => operations::assign(app, actor, id, assignment).await,
        "tag" => operations::tag(app, actor, id, &body.tags, &[]).await,
        "untag" => operations::tag(app, actor, id, &[], &body.tags).await,
        "recycle" => operations::recycle(app, actor, id, &body.why).await,
        "restore" => operations::restore(app, actor, id).await.map(drop),
        _ => Err(Error::invalid("op", "bulk.unknown", "没有这个操作", "No such action")),
    }
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

#[utoipa::path(get, path = "/api/clients/similar", params(Typed), tag = "clients",
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

#[utoipa::path(get, path = "/api/clients/{id}/versions", tag = "clients",
    params(("id" = String, Path)), responses((status = 200, body = Vec<VersionView>)))]
async fn list_versions(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<Vec<VersionView>>> {
    let versions = history::versions(&app, &caller.actor, id.parse()?).await?;
    let view = |(version, changes): (rows::Version, Vec<history::FieldChange>)| VersionView {
        version: version.version,
        at: version.at.rfc3339(),
        by: version.by.1,
        source: version.source,
        why: version.why,
        changes: changes
            .into_iter()
            .map(|c| ChangeView { field: c.field, zh: c.zh, before: c.before, after: c.after })
            .collect(),
    };
    Ok(Json(versions.into_iter().map(view).collect()))
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
}

#[utoipa::path(get, path = "/api/clients/{id}/record", tag = "clients",
    params(("id" = String, Path)), responses((status = 200, body = Vec<ClientEntry>)))]
async fn list_client_record(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<Vec<ClientEntry>>> {
    let entries = history::record_of(&app, &caller.actor, id.parse()?).await?;
    let view = |(sealed, body): (bool, Body)| ClientEntry {
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

/// A masked value that is asked for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RevealBody {
    /// The field; of a list as `contacts.mobile`.
    field: String,
    /// The row of the list.
    item: Option<String>,
    /// What for.
    #[serde(default)]
    purpose: String,
    /// For verifying: the number to compare with.
    #[serde(default)]
    value: String,
}

impl RevealBody {
    fn which(&self) -> Result<Which<'_>, Error> {
        Ok(match (self.field.split_once('.'), &self.item) {
            (Some((list, key)), Some(item)) => {
                Which { item: Some((list, item.parse::<ItemId>()?)), key }
            }
            _ => Which { item: None, key: &self.field },
        })
    }
}

/// A revealed value.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revealed {
    value: String,
    /// After so many seconds the screen hides it again.
    hide_after_s: u32,
}

#[utoipa::path(post, path = "/api/clients/{id}/reveal", tag = "clients",
    params(("id" = String, Path)), request_body = RevealBody,
    responses((status = 200, body = Revealed)))]
async fn reveal_field(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<RevealBody>,
) -> Answer<Json<Revealed>> {
    let (id, which) = (id.parse()?, body.which()?);
    let value = reveal::reveal(&app, &caller.actor, id, which, &body.purpose).await?;
    Ok(Json(Revealed { value: value.to_string(), hide_after_s: 60 }))
}

/// The outcome of a comparison.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verified {
    #[serde(rename = "match")]
    matched: bool,
}

#[utoipa::path(post, path = "/api/clients/{id}/verify", tag = "clients",
    params(("id" = String, Path)), request_body = RevealBody,
    responses((status = 200, body = Verified)))]
async fn verify_identity(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<RevealBody>,
) -> Answer<Json<Verified>> {
    let (id, which) = (id.parse()?, body.which()?);
    let matched = reveal::verify_identity(&app, &caller.actor, id, which, &body.value).await?;
    Ok(Json(Verified { matched }))
}

/// A field of the archive, for forms and imports.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldView {
    key: String,
    path: String,
    list: Option<&'static str>,
    #[schema(value_type = String)]
    section: super::fields::Section,
    #[schema(value_type = String)]
    kind: super::fields::Kind,
    zh: String,
    en: String,
    item: String,
    level: u8,
    required: bool,
    sealed: bool,
    masked: bool,
    custom: bool,
    choices: Vec<ChoiceView>,
}

/// A choice.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChoiceView {
    value: String,
    zh: String,
    en: String,
}

/// The fields and the lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldsView {
    fields: Vec<FieldView>,
    lists: Vec<List>,
    stages: Vec<ChoiceView>,
}

fn choices(of: &[(&'static str, &'static str, &'static str)]) -> Vec<ChoiceView> {
    let view = |(value, zh, en): &(&str, &str, &str)| ChoiceView {
        value: (*value).to_owned(),
        zh: (*zh).to_owned(),
        en: (*en).to_owned(),
    };
    of.iter().map(view).collect()
}

#[utoipa::path(get, path = "/api/fields", tag = "clients",
    responses((status = 200, body = FieldsView)))]
async fn list_fields(State(app): State<App>, caller: Caller) -> Answer<Json<FieldsView>> {
    let _permit = app.access.authorize::<ListFields>(&caller.actor, ()).await?;
    let fields = SPECS
        .iter()
        .map(|spec| FieldView {
            key: spec.key.to_owned(),
            path: spec.path(),
            list: spec.list,
            section: spec.section,
            kind: spec.kind,
            zh: spec.zh.to_owned(),
            en: spec.en.to_owned(),
            item: spec.item.to_owned(),
            level: spec.level,
            required: spec.required,
            sealed: spec.sealed(),
            masked: spec.keeping != super::fields::Keeping::Clear,
            custom: false,
            choices: choices(spec.choices),
        })
        .collect();
    let lists = LISTS.to_vec();
    Ok(Json(FieldsView { fields, lists, stages: choices(&super::rules::STAGES) }))
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

