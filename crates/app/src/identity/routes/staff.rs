//! Staff from a workbook.

use axum::Json;
use axum::extract::{Multipart, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use values::{Error, Kind};

use super::LinkView;
use crate::App;
use crate::http::{Answer, Caller, ProblemBody, Visitor};
use crate::identity::operations::staff;

/// Why a row was refused.
#[derive(Serialize, ToSchema)]
struct RefusedRow {
    /// The row as Excel counts.
    row: usize,
    message: String,
}

/// An account that was made, and the link by which its owner sets a password.
#[derive(Serialize, ToSchema)]
struct CreatedRow {
    name: String,
    display_name: String,
    #[serde(flatten)]
    link: LinkView,
}

/// What became of the rows.
#[derive(Serialize, ToSchema)]
pub(super) struct StaffImported {
    created: usize,
    rejected: usize,
    reasons: Vec<RefusedRow>,
    links: Vec<CreatedRow>,
}

/// Makes accounts, without roles, from a workbook.
#[utoipa::path(post, path = "/api/users/import", tag = "identity",
    request_body(content = Vec<u8>, content_type = "multipart/form-data"),
    responses((status = 200, body = StaffImported), (status = 422, body = ProblemBody)))]
pub(super) async fn import_staff(
    State(app): State<App>,
    caller: Caller,
    visitor: Visitor,
    mut form: Multipart,
) -> Answer<Json<StaffImported>> {
    let mut bytes = None;
    while let Some(field) = form.next_field().await.map_err(|_| unreadable())? {
        if field.name() == Some("file") {
            bytes = Some(field.bytes().await.map_err(|_| unreadable())?.to_vec());
        }
    }
    let bytes = bytes.ok_or_else(unreadable)?;
    let done = staff::import(&app, &caller.actor, bytes).await?;
    let created = done.created.iter().map(|(account, link)| CreatedRow {
        name: account.name.clone(),
        display_name: account.display_name.clone(),
        link: LinkView::of(link, &visitor.base),
    });
    Ok(Json(StaffImported {
        created: done.created.len(),
        rejected: done.refused.len(),
        links: created.collect(),
        reasons: done
            .refused
            .into_iter()
            .map(|(row, message)| RefusedRow { row, message })
            .collect(),
    }))
}

fn unreadable() -> Error {
    Error::new(
        Kind::Invalid,
        "staff.upload",
        "没有收到文件，请重新选择",
        "No file arrived; choose it again",
    )
}

/// An empty workbook to fill in.
#[utoipa::path(get, path = "/api/users/import/template",
    operation_id = "download_staff_template", tag = "identity",
    responses((status = 200, content_type = "application/octet-stream")))]
pub(super) async fn staff_template(State(app): State<App>, caller: Caller) -> Answer<Response> {
    let bytes = staff::template(&app, &caller.actor).await?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let disposition = "attachment; filename=\"staff.xlsx\"";
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, bytes).into_response())
}
