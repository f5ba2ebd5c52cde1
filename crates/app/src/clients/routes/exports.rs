//! Exports over HTTP.

use axum::Json;
use axum::body::Body as Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::clients::exports::{self, Export, Format, Order, RequestView};
use crate::clients::list::ListQuery;
use crate::http::{Answer, Body, Caller};

/// What is wanted besides the filters of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct ExportQuery {
    /// `xlsx` or `csv`.
    #[param(inline)]
    format: Format,
    /// What for.
    purpose: String,
    /// The paths of columns, separated by commas.
    columns: Option<String>,
    /// Clients that were picked one by one, separated by commas.
    ids: Option<String>,
}

/// A file as the browser's save dialogue gets it, its name in any script; its bytes are sent as
/// they are written, and a fault breaks the connection rather than passing for the end.
fn attachment(export: Export) -> Response {
    let mut encoded = String::new();
    for byte in export.name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    let kind = match export.format {
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format::Csv => "text/csv; charset=utf-8",
    };
    let plain = format!("clients-{}.{}", export.number, export.format.ending());
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let stream = futures::stream::unfold(export.bytes, async |mut bytes| {
        let next = bytes.recv().await?;
        Some((next.map_err(std::io::Error::other), bytes))
    });
    let mut response = Bytes::from_stream(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// The clients that match, masked, as a file.
#[utoipa::path(get, path = "/api/exports/clients", params(ListQuery, ExportQuery),
    tag = "exports", responses((status = 200, content_type = "text/csv", body = [u8])))]
pub(super) async fn export_clients(
    State(app): State<App>,
    caller: Caller,
    Query(filters): Query<ListQuery>,
    Query(wanted): Query<ExportQuery>,
) -> Answer<Response> {
    let ids = Order::picked(wanted.ids.as_deref())?;
    let order = Order { filters, ids, columns: wanted.columns, format: wanted.format };
    Ok(attachment(exports::masked(&app, &caller.actor, order, &wanted.purpose).await?))
}

/// An unmasked export to be asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportRequest {
    /// The filters of the list.
    #[serde(default)]
    #[schema(value_type = Object)]
    filters: ListQuery,
    /// Clients that were picked one by one.
    #[serde(default)]
    ids: Vec<String>,
    /// The paths of columns, separated by commas.
    columns: Option<String>,
    /// What for.
    #[serde(default)]
    purpose: String,
}

/// Requests for unmasked exports.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Requests {
    items: Vec<RequestView>,
}

/// Asks for an unmasked export, which a second person must approve.
#[utoipa::path(post, path = "/api/exports/unmasked", request_body = ExportRequest,
    tag = "exports", responses((status = 201, body = RequestView)))]
pub(super) async fn request_export(
    State(app): State<App>,
    caller: Caller,
    Body(asked): Body<ExportRequest>,
) -> Answer<(StatusCode, Json<RequestView>)> {
    let ids = Order::picked(Some(&asked.ids.join(",")))?;
    let order =
        Order { filters: asked.filters, ids, columns: asked.columns, format: Format::default() };
    let request = exports::request(&app, &caller.actor, &order, &asked.purpose).await?;
    Ok((StatusCode::CREATED, Json(request)))
}

/// The requests that the caller may decide, or made.
#[utoipa::path(get, path = "/api/exports/unmasked", tag = "exports",
    responses((status = 200, body = Requests)))]
pub(super) async fn list_export_requests(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Json<Requests>> {
    Ok(Json(Requests { items: exports::list_requests(&app, &caller.actor).await? }))
}

/// Approves a request of somebody else.
#[utoipa::path(post, path = "/api/exports/unmasked/{id}/approve", tag = "exports",
    params(("id" = String, Path)), responses((status = 200, body = RequestView)))]
pub(super) async fn approve_export(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<RequestView>> {
    Ok(Json(exports::decide(&app, &caller.actor, id.parse()?, true).await?))
}

/// Refuses a request of somebody else.
#[utoipa::path(post, path = "/api/exports/unmasked/{id}/refuse", tag = "exports",
    params(("id" = String, Path)), responses((status = 200, body = RequestView)))]
pub(super) async fn refuse_export(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<RequestView>> {
    Ok(Json(exports::decide(&app, &caller.actor, id.parse()?, false).await?))
}

/// The kind of file.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct FileQuery {
    /// `xlsx` or `csv`.
    #[param(inline)]
    format: Format,
}

/// The file of an approved request: once, by who asked, within a day.
#[utoipa::path(get, path = "/api/exports/unmasked/{id}/file", tag = "exports",
    params(("id" = String, Path), FileQuery),
    responses((status = 200, content_type = "text/csv", body = [u8])))]
pub(super) async fn take_export(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(wanted): Query<FileQuery>,
) -> Answer<Response> {
    let export = exports::unmasked(&app, &caller.actor, id.parse()?, wanted.format).await?;
    Ok(attachment(export))
}
