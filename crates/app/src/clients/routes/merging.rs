//! Merging over HTTP.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{VersionView, tagged};
use crate::App;
use crate::clients::merging::{self, Order, Preview, Side};
use crate::clients::view::ClientView;
use crate::http::{Answer, Body, Caller};

/// Two clients to be compared.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Pair {
    /// The one that would be merged away.
    from: String,
    /// The one that would stay.
    into: String,
}

/// Two clients to be merged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MergeBody {
    /// The one that is merged away.
    from: String,
    /// The one that stays.
    into: String,
    /// Whose value stays, by field, where it is not the default.
    #[serde(default)]
    choices: BTreeMap<String, Side>,
    /// The version of `from` that was compared.
    from_version: Option<i64>,
    /// The version of `into` that was compared.
    into_version: Option<i64>,
    /// Why.
    #[serde(default)]
    why: String,
}

/// Compares two clients field by field.
#[utoipa::path(post, path = "/api/clients/merge/preview", tag = "clients", request_body = Pair,
    responses((status = 200, body = Preview)))]
pub(super) async fn preview_merge(
    State(app): State<App>,
    caller: Caller,
    Body(pair): Body<Pair>,
) -> Answer<Json<Preview>> {
    let (from, into) = (pair.from.parse()?, pair.into.parse()?);
    Ok(Json(merging::preview(&app, &caller.actor, from, into).await?))
}

/// Merges one client into another.
#[utoipa::path(post, path = "/api/clients/merge", tag = "clients", request_body = MergeBody,
    responses((status = 200, body = ClientView)))]
pub(super) async fn merge_clients(
    State(app): State<App>,
    caller: Caller,
    Body(body): Body<MergeBody>,
) -> Answer<Response> {
    let order = Order {
        from: body.from.parse()?,
        into: body.into.parse()?,
        choices: body.choices,
        seen: (body.from_version, body.into_version),
        why: body.why,
    };
    Ok(tagged(merging::merge(&app, &caller.actor, &order).await?))
}

/// A client that was merged into this one.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MergedView {
    code: String,
    name: String,
    versions: Vec<VersionView>,
}

/// The clients that were merged into this one.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MergedViews {
    items: Vec<MergedView>,
}

/// The clients that were merged into this one, with the versions they had.
#[utoipa::path(get, path = "/api/clients/{id}/merged", tag = "clients",
    params(("id" = String, Path)), responses((status = 200, body = MergedViews)))]
pub(super) async fn list_merged(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<MergedViews>> {
    let merged = merging::merged(&app, &caller.actor, id.parse()?).await?;
    let items = merged.into_iter().map(|one| MergedView {
        code: one.code,
        name: one.name,
        versions: one.versions.into_iter().map(VersionView::of).collect(),
    });
    Ok(Json(MergedViews { items: items.collect() }))
}
