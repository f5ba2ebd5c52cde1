//! People, departments and roles over HTTP.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use values::{DepartmentId, Result};

use super::{LinkView, UserRow, date, present};
use crate::App;
use crate::http::{Answer, Body, Caller, ProblemBody, Visitor};
use crate::identity::operations::explanation::Explained;
use crate::identity::operations::{departments, links, people};
use crate::identity::people::Department;
use crate::identity::rules::{Role, RoleKind};

/// How many people are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UserQuery {
    /// Part of a name.
    q: Option<String>,
    /// Where the page begins.
    cursor: Option<String>,
    /// How many at most.
    limit: Option<u64>,
}

/// How many there are.
#[derive(Serialize, ToSchema)]
struct Total {
    count: i64,
    capped: bool,
}

/// A page of people.
#[derive(Serialize, ToSchema)]
pub(super) struct UserPage {
    items: Vec<UserRow>,
    next: Option<String>,
    total: Total,
}

/// People by name.
#[utoipa::path(get, path = "/api/users", tag = "identity", params(UserQuery),
    responses((status = 200, body = UserPage), (status = 403, body = ProblemBody)))]
pub(super) async fn list_users(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<UserQuery>,
) -> Answer<Json<UserPage>> {
    let limit = query.limit.unwrap_or(50);
    let page = people::list(&app, &caller.actor, query.q, query.cursor, limit).await?;
    Ok(Json(UserPage {
        items: page.items.iter().map(|one| UserRow::of(one, &app)).collect(),
        next: page.next,
        total: Total { count: page.total, capped: false },
    }))
}

/// A new account. Roles, clearance and training are for the security administrator to grant.
#[derive(Deserialize, ToSchema)]
pub(super) struct UserCreate {
    name: String,
    display_name: String,
    department_id: Option<Uuid>,
    email: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    clearance: Option<u8>,
    training_until: Option<String>,
}

/// A new account and the link by which its owner sets a password.
#[derive(Serialize, ToSchema)]
pub(super) struct UserCreated {
    #[serde(flatten)]
    user: UserRow,
    #[serde(flatten)]
    link: LinkView,
}

fn day(text: Option<&str>) -> Result<Option<jiff::civil::Date>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| date("training_until", text)).transpose()
}

/// Makes an account.
#[utoipa::path(post, path = "/api/users", tag = "identity", request_body = UserCreate,
    responses((status = 201, body = UserCreated), (status = 422, body = ProblemBody)))]
pub(super) async fn create_user(
    State(app): State<App>,
    caller: Caller,
    visitor: Visitor,
    Body(body): Body<UserCreate>,
) -> Answer<(StatusCode, Json<UserCreated>)> {
    let draft = people::Draft {
        name: body.name,
        display_name: body.display_name,
        department: body.department_id.map(DepartmentId),
        email: body.email,
        roles: body.roles,
        clearance: body.clearance,
        training_until: day(body.training_until.as_deref())?,
    };
    let (account, link) = people::create(&app, &caller.actor, &draft).await?;
    let link = LinkView::of(&link, &visitor.base);
    let user = UserRow::of(&account, &app);
    Ok((StatusCode::CREATED, Json(UserCreated { user, link })))
}

/// One person.
#[utoipa::path(get, path = "/api/users/{id}", tag = "identity", params(("id" = String, Path)),
    responses((status = 200, body = UserRow), (status = 404, body = ProblemBody)))]
pub(super) async fn get_user(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<UserRow>> {
    let found = people::view(&app, &caller.actor, id.parse()?).await?;
    Ok(Json(UserRow::of(&found, &app)))
}

/// What is to be changed; what is left out stays.
#[derive(Deserialize, ToSchema)]
pub(super) struct UserUpdate {
    display_name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    department_id: Option<Option<Uuid>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    roles: Option<Vec<String>>,
    clearance: Option<u8>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    training_until: Option<Option<String>>,
}

/// Changes an account.
#[utoipa::path(patch, path = "/api/users/{id}", tag = "identity",
    params(("id" = String, Path)), request_body = UserUpdate,
    responses((status = 200, body = UserRow), (status = 403, body = ProblemBody)))]
pub(super) async fn update_user(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<UserUpdate>,
) -> Answer<Json<UserRow>> {
    let training_until = match body.training_until {
        Some(text) => Some(day(text.as_deref())?),
        None => None,
    };
    let wanted = people::Update {
        display_name: body.display_name,
        department: body.department_id.map(|id| id.map(DepartmentId)),
        email: body.email,
        roles: body.roles,
        clearance: body.clearance,
        training_until,
    };
    let changed = people::update(&app, &caller.actor, id.parse()?, &wanted).await?;
    Ok(Json(UserRow::of(&changed, &app)))
}

/// Closes an account; its sessions and tokens end the same second.
#[utoipa::path(post, path = "/api/users/{id}/disable", tag = "identity",
    params(("id" = String, Path)),
    responses((status = 204), (status = 409, body = ProblemBody)))]
pub(super) async fn disable_user(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    people::disable(&app, &caller.actor, id.parse()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Opens a closed account again.
#[utoipa::path(post, path = "/api/users/{id}/enable", tag = "identity",
    params(("id" = String, Path)), responses((status = 204)))]
pub(super) async fn enable_user(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    people::enable(&app, &caller.actor, id.parse()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a one-time link for a lost password or second factor.
#[utoipa::path(post, path = "/api/users/{id}/reset-link", tag = "identity",
    params(("id" = String, Path)), responses((status = 200, body = LinkView)))]
pub(super) async fn reset_user(
    State(app): State<App>,
    caller: Caller,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Answer<Json<LinkView>> {
    let link = links::reset(&app, &caller.actor, id.parse()?).await?;
    Ok(Json(LinkView::of(&link, &visitor.base)))
}

/// The second person's yes to a reset of clearance 3 or more.
#[utoipa::path(post, path = "/api/users/{id}/reset-link/approve", tag = "identity",
    params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub(super) async fn approve_reset(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    links::approve(&app, &caller.actor, id.parse()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A right that is missing.
#[derive(Serialize, ToSchema)]
struct MissingRight {
    right: &'static str,
    zh: &'static str,
    en: &'static str,
}

/// A policy that decided.
#[derive(Serialize, ToSchema)]
struct PolicyView {
    id: String,
    file: String,
    line: u32,
    text: String,
    /// What it says, in Chinese.
    zh: Option<String>,
}

/// What policy was told.
#[derive(Serialize, ToSchema)]
struct AttributesView {
    roles: Vec<String>,
    clearance: u8,
    mfa: bool,
    trained: bool,
    active: bool,
    /// Whether the client is inside the row scope.
    visible: bool,
    /// How the person stands to the client.
    relations: Vec<&'static str>,
}

/// Why a person may or may not do something.
#[derive(Serialize, ToSchema)]
pub struct ExplanationView {
    allowed: bool,
    missing: Vec<MissingRight>,
    policies: Vec<PolicyView>,
    attributes: AttributesView,
}

fn missing(right: &'static str) -> MissingRight {
    let (zh, en) = match right {
        "proof" => ("需要重新验证身份", "A fresh proof of identity"),
        "mfa" => ("需要两步验证", "A second factor"),
        "training" => ("需要有效的保密培训", "A valid confidentiality training"),
        "clearance" => ("密级不足", "A higher clearance"),
        "purpose" => ("需要说明用途", "A purpose"),
        _ => ("角色或与客户的关系不够", "A role or a relation to the client"),
    };
    MissingRight { right, zh, en }
}

impl From<Explained> for ExplanationView {
    fn from(found: Explained) -> Self {
        let why = found.why;
        let policies = why.policies.into_iter().map(|policy| {
            let (file, line) = policy.place.rsplit_once(':').unwrap_or((&policy.place, "0"));
            PolicyView {
                file: file.to_owned(),
                line: line.parse().unwrap_or(0),
                id: policy.place.clone(),
                text: policy.text,
                zh: policy.zh,
            }
        });
        Self {
            allowed: why.allowed,
            missing: why.missing.map(missing).into_iter().collect(),
            policies: policies.collect(),
            attributes: AttributesView {
                roles: found.account.roles.clone(),
                clearance: found.account.clearance,
                mfa: found.account.has_factor(),
                trained: found.trained,
                active: found.account.active,
                visible: why.visible,
                relations: why.relations,
            },
        }
    }
}

/// A department.
#[derive(Serialize, ToSchema)]
pub(super) struct DepartmentView {
    id: Uuid,
    name: String,
    parent_id: Option<Uuid>,
    /// How many active people belong to it.
    people: i64,
}

impl From<&Department> for DepartmentView {
    fn from(department: &Department) -> Self {
        Self {
            id: department.id.0,
            name: department.name.clone(),
            parent_id: department.parent.map(|id| id.0),
            people: department.people,
        }
    }
}

/// A list of departments.
#[derive(Serialize, ToSchema)]
pub(super) struct DepartmentPage {
    items: Vec<DepartmentView>,
    next: Option<String>,
}

/// All departments.
#[utoipa::path(get, path = "/api/departments", tag = "identity",
    responses((status = 200, body = DepartmentPage)))]
pub(super) async fn list_departments(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Json<DepartmentPage>> {
    let found = departments::list(&app, &caller.actor).await?;
    Ok(Json(DepartmentPage { items: found.iter().map(Into::into).collect(), next: None }))
}

/// A department to be made.
#[derive(Deserialize, ToSchema)]
pub(super) struct DepartmentCreate {
    name: String,
    parent_id: Option<Uuid>,
}

/// Makes a department.
#[utoipa::path(post, path = "/api/departments", tag = "identity",
    request_body = DepartmentCreate,
    responses((status = 201, body = DepartmentView), (status = 422, body = ProblemBody)))]
pub(super) async fn create_department(
    State(app): State<App>,
    caller: Caller,
    Body(body): Body<DepartmentCreate>,
) -> Answer<(StatusCode, Json<DepartmentView>)> {
    let parent = body.parent_id.map(DepartmentId);
    let made = departments::create(&app, &caller.actor, &body.name, parent).await?;
    Ok((StatusCode::CREATED, Json((&made).into())))
}

/// What is to be changed of a department.
#[derive(Deserialize, ToSchema)]
pub(super) struct DepartmentUpdate {
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    parent_id: Option<Option<Uuid>>,
}

/// Renames or moves a department.
#[utoipa::path(patch, path = "/api/departments/{id}", tag = "identity",
    params(("id" = String, Path)), request_body = DepartmentUpdate,
    responses((status = 200, body = DepartmentView), (status = 422, body = ProblemBody)))]
pub(super) async fn update_department(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<DepartmentUpdate>,
) -> Answer<Json<DepartmentView>> {
    let parent = body.parent_id.map(|id| id.map(DepartmentId));
    let name = body.name.as_deref();
    let changed = departments::update(&app, &caller.actor, id.parse()?, name, parent).await?;
    Ok(Json((&changed).into()))
}

/// Removes a department to which nobody belongs.
#[utoipa::path(delete, path = "/api/departments/{id}", tag = "identity",
    params(("id" = String, Path)),
    responses((status = 204), (status = 409, body = ProblemBody)))]
pub(super) async fn remove_department(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    departments::remove(&app, &caller.actor, id.parse()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A role.
#[derive(Serialize, ToSchema)]
pub(super) struct RoleView {
    id: &'static str,
    zh: &'static str,
    en: &'static str,
    /// `office` or `business`.
    kind: &'static str,
    /// The clearance that usually goes with it.
    clearance: u8,
    about: &'static str,
}

impl From<&Role> for RoleView {
    fn from(role: &Role) -> Self {
        let kind = match role.kind {
            RoleKind::Office => "office",
            RoleKind::Business => "business",
        };
        let Role { id, zh, en, clearance, about, .. } = *role;
        Self { id, zh, en, kind, clearance, about }
    }
}

/// The roles there are.
#[utoipa::path(get, path = "/api/roles", tag = "identity",
    responses((status = 200, body = Vec<RoleView>)))]
pub(super) async fn list_roles(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Json<Vec<RoleView>>> {
    let roles = people::roles(&app, &caller.actor).await?;
    Ok(Json(roles.iter().map(Into::into).collect()))
}
