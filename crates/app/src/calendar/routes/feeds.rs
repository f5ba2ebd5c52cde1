//! A person's own subscription of the calendar: its address, and what a calendar program fetches.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use values::Micros;

use crate::App;
use crate::calendar::{feed, operations};
use crate::http::{Answer, Caller, Visitor};

/// One's subscription.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FeedView {
    /// Whether there is one.
    active: bool,
    made_at: Option<String>,
    fetched_at: Option<String>,
    /// When it ends by itself; a new password or second factor ends it before.
    ends_at: Option<String>,
    /// The address, told only when it was made just now.
    url: Option<String>,
}

/// When one's subscription was made and fetched; its address is not told again.
#[utoipa::path(get, path = "/api/calendar/feed", operation_id = "show_feed", tag = "calendar",
    responses((status = 200, body = FeedView)))]
pub(super) async fn show_feed(State(app): State<App>, caller: Caller) -> Answer<Json<FeedView>> {
    let own = operations::own_feed(&app, &caller.actor).await?;
    Ok(Json(FeedView {
        active: own.is_some(),
        made_at: own.map(|(made, _)| made.rfc3339()),
        fetched_at: own.and_then(|(_, fetched)| fetched).map(|at| Micros(at).rfc3339()),
        ends_at: own.map(|(made, _)| feed::ends_at(made).rfc3339()),
        url: None,
    }))
}

/// Makes one's subscription anew; an earlier address stops working.
#[utoipa::path(post, path = "/api/calendar/feed", operation_id = "create_feed", tag = "calendar",
    responses((status = 201, body = FeedView)))]
pub(super) async fn create_feed(
    State(app): State<App>,
    caller: Caller,
    visitor: Visitor,
) -> Answer<(StatusCode, Json<FeedView>)> {
    let (secret, made_at) = operations::make_feed(&app, &caller.actor).await?;
    let url = format!("{}/api/calendar/feeds/{secret}", visitor.base);
    Ok((
        StatusCode::CREATED,
        Json(FeedView {
            active: true,
            made_at: Some(made_at.rfc3339()),
            fetched_at: None,
            ends_at: Some(feed::ends_at(made_at).rfc3339()),
            url: Some(url),
        }),
    ))
}

/// Ends one's subscription.
#[utoipa::path(delete, path = "/api/calendar/feed", operation_id = "revoke_feed",
    tag = "calendar", responses((status = 204)))]
pub(super) async fn revoke_feed(State(app): State<App>, caller: Caller) -> Answer<StatusCode> {
    operations::revoke_feed(&app, &caller.actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The language of a subscription.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct FeedQuery {
    /// `zh` or `en`.
    #[serde(default)]
    lang: String,
}

/// A subscription as calendar programs fetch it; the address is the secret.
#[utoipa::path(get, path = "/api/calendar/feeds/{secret}", operation_id = "download_feed",
    tag = "calendar", params(("secret" = String, Path), FeedQuery),
    responses((status = 200, content_type = "text/calendar", body = String)))]
pub(super) async fn download_feed(
    State(app): State<App>,
    visitor: Visitor,
    Path(secret): Path<String>,
    Query(asked): Query<FeedQuery>,
) -> Answer<Response> {
    let text = operations::fetch(&app, &secret, asked.lang == "en", visitor.origin).await?;
    let mut response = text.into_response();
    let kind = HeaderValue::from_static("text/calendar; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}
