//! Saved views over HTTP.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use values::{Error, Result};

use crate::App;
use crate::clients::list::{self, ListQuery};
use crate::clients::views::{self, SavedView};
use crate::http::{Answer, Body, Caller};

/// The views that the caller sees.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedViews {
    items: Vec<SavedView>,
}

/// A view to be saved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewCreate {
    /// The name.
    name: String,
    /// Whether everybody sees it.
    #[serde(default)]
    shared: bool,
    /// The filters, as they stand in the address of the list.
    query: String,
}

/// Whether a query is one that the list takes.
fn checked(query: &str) -> Result<()> {
    let wrong = || {
        Error::invalid("query", "view.invalid", "筛选条件不正确", "The list takes no such query")
    };
    let uri: Uri = format!("/?{query}").parse().map_err(|_| wrong())?;
    let Query(query) = Query::<ListQuery>::try_from_uri(&uri).map_err(|_| wrong())?;
    list::sortable(query.sort.as_deref())
}

#[utoipa::path(get, path = "/api/views", tag = "clients",
    responses((status = 200, body = SavedViews)))]
pub(super) async fn list_views(State(app): State<App>, caller: Caller) -> Answer<Json<SavedViews>> {
    Ok(Json(SavedViews { items: views::list(&app, &caller.actor).await? }))
}

#[utoipa::path(post, path = "/api/views", tag = "clients", request_body = ViewCreate,
    responses((status = 201, body = SavedView)))]
pub(super) async fn save_view(
    State(app): State<App>,
    caller: Caller,
    Body(view): Body<ViewCreate>,
) -> Answer<(StatusCode, Json<SavedView>)> {
    let query = view.query.trim_start_matches('?').to_owned();
    checked(&query)?;
    let saved = views::save(&app, &caller.actor, &view.name, view.shared, query).await?;
    Ok((StatusCode::CREATED, Json(saved)))
}

#[utoipa::path(delete, path = "/api/views/{id}", tag = "clients",
    params(("id" = String, Path)), responses((status = 204)))]
pub(super) async fn delete_view(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    views::delete(&app, &caller.actor, id.parse()?).await?;
    Ok(StatusCode::NO_CONTENT)
}
