//! Legal holds and final removal over HTTP.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tagged;
use crate::App;
use crate::clients::view::ClientView;
use crate::clients::{holds, operations};
use crate::http::{Answer, Caller};

/// Why something is done.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WhyBody {
    /// Why; needed unless another person asked already.
    #[serde(default)]
    why: String,
}

#[utoipa::path(post, path = "/api/clients/{id}/hold", tag = "clients",
    params(("id" = String, Path)), request_body = WhyBody,
    responses((status = 200, body = ClientView)))]
pub(super) async fn hold_client(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<WhyBody>,
) -> Answer<Response> {
    let id = id.parse()?;
    holds::hold(&app, &caller.actor, id, &body.why).await?;
    Ok(tagged(operations::view(&app, &caller.actor, id, None).await?))
}

/// The first person's call asks; another person's call releases.
#[utoipa::path(post, path = "/api/clients/{id}/hold/release", tag = "clients",
    params(("id" = String, Path)), request_body = WhyBody,
    responses((status = 200, body = ClientView)))]
pub(super) async fn release_hold(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<WhyBody>,
) -> Answer<Response> {
    let id = id.parse()?;
    holds::release(&app, &caller.actor, id, &body.why).await?;
    Ok(tagged(operations::view(&app, &caller.actor, id, None).await?))
}

/// What became of a removal.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemovalResult {
    /// Whether the client is gone; else another person must confirm.
    removed: bool,
}

/// The first person's call asks; another person's call removes for good.
#[utoipa::path(post, path = "/api/clients/{id}/removal", tag = "clients",
    params(("id" = String, Path)), request_body = WhyBody,
    responses((status = 200, body = RemovalResult)))]
pub(super) async fn remove_client(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<WhyBody>,
) -> Answer<Json<RemovalResult>> {
    let removed = holds::remove(&app, &caller.actor, id.parse()?, &body.why).await?;
    Ok(Json(RemovalResult { removed }))
}
