//! Every URL on one page.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{App, calendar, clients, http, identity, keys, overview, records, settings};

#[derive(OpenApi)]
#[openapi(info(
    title = "Heng 衡",
    description = "Everything the web UI does. Errors are RFC 9457 problems with a stable code."
))]
struct Document;

/// The largest body that is read; routes that take workbooks in say so themselves.
const BODY_MAX: usize = 2 * 1024 * 1024;

fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(identity::routes())
        .merge(clients::routes())
        .merge(records::routes())
        .merge(keys::routes())
        .merge(settings::routes())
        .merge(overview::routes())
        .merge(calendar::routes())
        .merge(crate::statements::routes())
}

/// The whole of Heng as one service.
pub fn router(app: App) -> Router {
    let (routes, _) = api().split_for_parts();
    routes
        .route("/api/openapi.json", axum::routing::get(|| async { axum::Json(openapi()) }))
        .merge(identity::pages())
        .fallback(http::serve_web)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::from_fn(http::guard))
        .layer(middleware::from_fn(http::request_id))
        .with_state(app)
}

/// The description of the API.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().split_for_parts().1
}
