//! Reports over HTTP.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use values::Result;

use crate::App;
use crate::http::{Answer, Caller};
use crate::statements::reports::{self, Format, Report};

/// The routes of reports.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(export_report_pdf)).routes(routes!(export_report_xlsx))
}

/// Which period, and what for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
struct ReportQuery {
    /// The newest one unless told, such as `2026-09`, `2026Q3` or `2026`.
    period: Option<String>,
    /// What for.
    purpose: String,
}

/// A file as the browser's save dialogue gets it, its name in any script.
fn attachment(report: Report, format: Format) -> Response {
    let mut encoded = String::new();
    for byte in report.name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    let kind = match format {
        Format::Pdf => "application/pdf",
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    let plain = format!("report.{}", format.ending());
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let mut response = report.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

async fn taken(
    app: &App,
    caller: &Caller,
    id: &str,
    query: &ReportQuery,
    format: Format,
) -> Result<Response> {
    let period = query.period.as_deref().filter(|text| !text.is_empty());
    let period = period.map(str::parse).transpose()?;
    let wanted = (period, format);
    let report = reports::report(app, &caller.actor, id.parse()?, wanted, &query.purpose).await?;
    Ok(attachment(report, format))
}

/// The report on a client's statements (财务体检报告) as a paper; on record before it is made.
#[utoipa::path(get, path = "/api/clients/{id}/report.pdf", tag = "statements",
    params(("id" = String, Path), ReportQuery),
    responses((status = 200, content_type = "application/pdf", body = [u8]), (status = 503)))]
async fn export_report_pdf(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Answer<Response> {
    Ok(taken(&app, &caller, &id, &query, Format::Pdf).await?)
}

/// The same as a workbook whose totals and quotients are live formulas.
#[utoipa::path(get, path = "/api/clients/{id}/report.xlsx", tag = "statements",
    params(("id" = String, Path), ReportQuery),
    responses((status = 200, body = [u8],
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn export_report_xlsx(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Answer<Response> {
    Ok(taken(&app, &caller, &id, &query, Format::Xlsx).await?)
}
