//! Imports over HTTP.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Multipart, Path, Query, State as Shared};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use values::{Error, ImportId, Micros, Result};

use super::operations::{self, Standing, UPLOAD_MOST, too_large};
use super::originals::Plain;
use super::rows::Run;
use super::rules::{Mode, State};
use super::{matching, refusals, run, template, undo};
use crate::App;
use crate::clients::actions::RunImport;
use crate::clients::custom;
use crate::http::{Answer, Caller};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The routes of imports.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(download_import_template))
        .routes(routes!(list_imports, upload_import))
        .routes(routes!(view_import))
        .routes(routes!(list_import_notes))
        .routes(routes!(check_import))
        .routes(routes!(run_import))
        .routes(routes!(cancel_import))
        .routes(routes!(undo_import))
        .routes(routes!(download_import_errors))
}

/// A file as the browser's save dialogue gets it, its name in any script.
fn attachment(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// The empty workbook to fill in.
#[utoipa::path(get, path = "/api/imports/template", tag = "imports",
    responses((status = 200, content_type = XLSX, body = [u8])))]
async fn download_import_template(Shared(app): Shared<App>, caller: Caller) -> Answer<Response> {
    let _permit = app.access.authorize::<RunImport>(&caller.actor, ()).await?;
    custom::meet(&app, []).await?;
    let specs = app.added.all();
    let bytes = tokio::task::block_in_place(|| template::workbook(&specs))?;
    Ok(attachment("客户导入模板.xlsx", XLSX, bytes))
}

/// A file to import.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the form for the API document; it is read as a stream")]
struct ImportUpload {
    /// An .xlsx, .xls or .csv file of at most 100 MB.
    #[schema(value_type = String, format = Binary)]
    file: String,
}

/// A column of an uploaded file.
#[derive(Debug, Serialize, ToSchema)]
struct ImportColumn {
    index: usize,
    header: String,
    /// What its first rows hold.
    sample: Vec<String>,
    /// The path of the field that it seems to hold, such as `contacts.mobile`.
    field: Option<String>,
}

/// A file that was taken in.
#[derive(Debug, Serialize, ToSchema)]
struct ImportUploaded {
    id: String,
    columns: Vec<ImportColumn>,
    rows: i64,
    /// Whether its columns were matched in an earlier import.
    layout_remembered: bool,
}

/// Takes a file in.
#[utoipa::path(post, path = "/api/imports", tag = "imports",
    request_body(content = ImportUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = ImportUploaded)))]
async fn upload_import(
    Shared(app): Shared<App>,
    caller: Caller,
    mut form: Multipart,
) -> Answer<(StatusCode, Json<ImportUploaded>)> {
    let permit = app.access.authorize::<RunImport>(&caller.actor, ()).await?;
    drop(permit);
    let (name, plain) = received(&app, &mut form).await?;
    let taken = operations::upload(&app, &caller.actor, &name, plain.path(), true).await?;
    let columns = taken.columns.into_iter().zip(&taken.run.mapping).enumerate();
    let columns = columns
        .map(|(index, (column, field))| ImportColumn {
            index,
            header: column.header,
            sample: column.sample,
            field: field.clone(),
        })
        .collect();
    let uploaded = ImportUploaded {
        id: taken.run.id.to_string(),
        columns,
        rows: taken.run.total,
        layout_remembered: taken.remembered,
    };
    Ok((StatusCode::CREATED, Json(uploaded)))
}

/// The first file of a form, piece by piece into a file of its own.
async fn received(app: &App, form: &mut Multipart) -> Result<(String, Plain)> {
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let mut plain = Plain::new(app)?;
        let mut size = 0_u64;
        while let Some(piece) = field.chunk().await.map_err(broken)? {
            size += piece.len() as u64;
            if size > UPLOAD_MOST {
                return Err(too_large());
            }
            tokio::task::block_in_place(|| plain.write(&piece))?;
        }
        plain.close()?;
        return Ok((name, plain));
    }
    Err(Error::invalid("file", "import.file_missing", "请选择要导入的文件", "Choose a file"))
}

fn broken(error: axum::extract::multipart::MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Error::invalid(
        "file",
        "import.upload_broken",
        "上传中断或表单不完整，请重新上传",
        "The upload was cut short; upload it again",
    )
    .with_source(error)
}

/// How rows came out; together they are all rows that were dealt with.
#[derive(Debug, Serialize, ToSchema)]
struct ImportCounts {
    rows: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
    rejected: u64,
    duplicates: u64,
}

/// Whether an import can be taken back, and why not.
#[derive(Debug, Serialize, ToSchema)]
struct ImportUndoable {
    allowed: bool,
    reason: Option<String>,
    reason_en: Option<String>,
}

/// An import.
#[derive(Debug, Serialize, ToSchema)]
struct ImportView {
    id: String,
    file_name: String,
    /// `uploaded`, `checking`, `checked`, `running`, `done`, `cancelled`, `failed` or `undone`.
    state: String,
    /// `create`, `update` or `both`.
    mode: String,
    /// Where a new client stands whose row does not say.
    stage: String,
    counts: ImportCounts,
    /// Refused rows by the code of their reason.
    reasons: BTreeMap<String, u64>,
    /// Values that were left out of rows that came in, by code.
    warnings: BTreeMap<String, u64>,
    /// Why it could not go on, when it failed.
    failure: Option<String>,
    /// Rows of the file.
    total: i64,
    /// 0 to 100.
    progress: i64,
    /// The field of each column by its index.
    mapping: BTreeMap<String, String>,
    columns: Vec<String>,
    by: String,
    at: String,
    /// In a list only as far as its state says.
    undoable: ImportUndoable,
}

fn undoable(run: &Run, worked_on: i64) -> ImportUndoable {
    let something = run.counts.created + run.counts.updated > 0;
    let why = match (run.state.ended(), something) {
        (false, _) => Some((
            "只有已结束的导入可以撤销".to_owned(),
            "Only an import that has ended can be taken back".to_owned(),
        )),
        (true, false) => Some((
            "这次导入没有新建或更新客户".to_owned(),
            "It made and changed no client".to_owned(),
        )),
        (true, true) => (worked_on > 0).then(|| undo::why_not(worked_on)),
    };
    let (reason, reason_en) = why.unzip();
    ImportUndoable { allowed: reason.is_none(), reason, reason_en }
}

fn view(run: Run, worked_on: i64) -> ImportView {
    let progress = match run.state {
        State::Uploaded => 0,
        State::Checked | State::Done => 100,
        _ => run.done.saturating_mul(100) / run.total.max(run.done).max(1),
    };
    let mapping = run.mapping.iter().enumerate();
    ImportView {
        id: run.id.to_string(),
        state: run.state.word().to_owned(),
        mode: run.mode.word().to_owned(),
        stage: run.stage.clone(),
        undoable: undoable(&run, worked_on),
        counts: ImportCounts {
            rows: run.counts.rows(),
            created: run.counts.created,
            updated: run.counts.updated,
            unchanged: run.counts.unchanged,
            rejected: run.counts.rejected,
            duplicates: run.counts.duplicates,
        },
        mapping: mapping
            .filter_map(|(index, path)| Some((index.to_string(), path.clone()?)))
            .collect(),
        columns: run.header,
        reasons: run.reasons.refused,
        warnings: run.reasons.warned,
        failure: run.reasons.failure,
        total: run.total,
        progress,
        file_name: run.file_name,
        by: run.by_name,
        at: run.at.rfc3339(),
    }
}

fn stood(standing: Standing) -> Json<ImportView> {
    Json(view(standing.run, standing.worked_on))
}

/// Where a page of imports begins.
#[derive(Debug, Deserialize, IntoParams)]
struct ImportQuery {
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// A page of imports, newest first.
#[derive(Debug, Serialize, ToSchema)]
struct ImportPage {
    items: Vec<ImportView>,
    next: Option<String>,
}

fn read_cursor(text: &str) -> Result<(Micros, ImportId)> {
    let (at, id) = text.split_once('.').ok_or_else(no_place)?;
    let at = at.parse().map_err(|_| no_place())?;
    Ok((Micros(at), id.parse().map_err(|_| no_place())?))
}

/// The imports of the caller and of the caller's departments.
#[utoipa::path(get, path = "/api/imports", tag = "imports", params(ImportQuery),
    responses((status = 200, body = ImportPage)))]
async fn list_imports(
    Shared(app): Shared<App>,
    caller: Caller,
    Query(query): Query<ImportQuery>,
) -> Answer<Json<ImportPage>> {
    let after = query.cursor.as_deref().map(read_cursor).transpose()?;
    let (runs, more) = operations::list(&app, &caller.actor, after).await?;
    let next = runs.last().filter(|_| more).map(|last| format!("{}.{}", last.at.0, last.id));
    let items = runs.into_iter().map(|run| view(run, 0)).collect();
    Ok(Json(ImportPage { items, next }))
}

/// One import: where it stands and what came of it.
#[utoipa::path(get, path = "/api/imports/{id}", tag = "imports",
    params(("id" = String, Path, description = "The import")),
    responses((status = 200, body = ImportView)))]
async fn view_import(
    Shared(app): Shared<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<ImportView>> {
    Ok(stood(operations::view(&app, &caller.actor, id.parse()?).await?))
}

/// Something that was left out of a row that comes in, or should be looked at.
#[derive(Debug, Serialize, ToSchema)]
struct ImportNote {
    /// The row as Excel counts.
    row: i64,
    /// The name of the column; nothing for the whole row.
    column: Option<String>,
    /// What stood there; not shown of confidential fields, which are in the workbook.
    value: Option<String>,
    code: String,
    reason: String,
}

/// A page of notes.
#[derive(Debug, Serialize, ToSchema)]
struct ImportNotes {
    items: Vec<ImportNote>,
    next: Option<String>,
}

fn read_place(text: &str) -> Option<(i64, i64)> {
    let (row, number) = text.split_once('.')?;
    Some((row.parse().ok()?, number.parse().ok()?))
}

/// What was left out of the rows of an import that came in, row by row.
#[utoipa::path(get, path = "/api/imports/{id}/notes", tag = "imports",
    params(("id" = String, Path, description = "The import"), ImportQuery),
    responses((status = 200, body = ImportNotes)))]
async fn list_import_notes(
    Shared(app): Shared<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<ImportQuery>,
) -> Answer<Json<ImportNotes>> {
    let after = match query.cursor.as_deref() {
        None => (0, 0),
        Some(text) => read_place(text).ok_or_else(no_place)?,
    };
    let (run, notes, more) = operations::notes(&app, &caller.actor, id.parse()?, after).await?;
    let next = notes.last().filter(|_| more).map(|last| format!("{}.{}", last.row, last.number));
    let items = notes.into_iter().map(|note| ImportNote {
        row: note.row,
        column: note.position.and_then(|at| run.header.get(at).cloned()),
        value: note.value,
        code: note.code,
        reason: note.reason,
    });
    Ok(Json(ImportNotes { items: items.collect(), next }))
}

fn no_place() -> Error {
    Error::invalid("cursor", "cursor", "翻页位置无效", "No such place in the list")
}

/// What to check with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ImportCheck {
    /// `create` (default), `update` or `both`.
    #[serde(default)]
    mode: Option<String>,
    /// Where new clients stand whose rows do not say; `prospect` when left out.
    #[serde(default)]
    stage: Option<String>,
    /// The path of a field by the index of its column; as it was found when left out.
    #[serde(default)]
    mapping: Option<BTreeMap<String, Option<String>>>,
}

fn fields(
    app: &App,
    run: &Run,
    mapping: BTreeMap<String, Option<String>>,
) -> Result<Vec<Option<String>>> {
    let mut fields = vec![None; run.header.len()];
    for (index, path) in mapping {
        let slot = index.parse::<usize>().ok().and_then(|index| fields.get_mut(index));
        let slot = slot.ok_or_else(|| {
            Error::invalid("mapping", "import.column_unknown", "没有这一列", "No such column")
        })?;
        *slot = path.filter(|path| !path.is_empty());
    }
    let specs = app.added.all();
    for path in fields.iter().flatten() {
        if matching::spec_at(&specs, path).is_none() {
            return Err(Error::invalid(
                path.clone(),
                "import.field_unknown",
                "没有这个字段",
                "There is no such field",
            ));
        }
    }
    Ok(fields)
}

/// Begins to look at all rows; nothing is written to the archive.
#[utoipa::path(post, path = "/api/imports/{id}/check", tag = "imports",
    params(("id" = String, Path, description = "The import")),
    request_body = ImportCheck, responses((status = 202, body = ImportView)))]
async fn check_import(
    Shared(app): Shared<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(asked): Json<ImportCheck>,
) -> Answer<(StatusCode, Json<ImportView>)> {
    let id: ImportId = id.parse()?;
    let mode = asked.mode.as_deref().map(Mode::read).transpose()?.unwrap_or_default();
    let fields = match asked.mapping {
        Some(mapping) => {
            let standing = operations::view(&app, &caller.actor, id).await?;
            Some(fields(&app, &standing.run, mapping)?)
        }
        None => None,
    };
    let begun = {
        let stage = asked.stage.as_deref().unwrap_or("prospect");
        operations::begin_check(&app, &caller.actor, id, (mode, stage), fields).await?
    };
    run::spawn(&app, &caller.actor, id);
    Ok((StatusCode::ACCEPTED, Json(view(begun, 0))))
}

/// Begins to bring the rows of a checked import in.
#[utoipa::path(post, path = "/api/imports/{id}/run", tag = "imports",
    params(("id" = String, Path, description = "The import")),
    responses((status = 202, body = ImportView)))]
async fn run_import(
    Shared(app): Shared<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<(StatusCode, Json<ImportView>)> {
    let id: ImportId = id.parse()?;
    let begun = operations::begin_run(&app, &caller.actor, id).await?;
    run::spawn(&app, &caller.actor, id);
    Ok((StatusCode::ACCEPTED, Json(view(begun, 0))))
}

/// Stops an import between two batches.
#[utoipa::path(post, path = "/api/imports/{id}/cancel", tag = "imports",
    params(("id" = String, Path, description = "The import")),
    responses((status = 200, body = ImportView)))]
async fn cancel_import(
    Shared(app): Shared<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<ImportView>> {
    let run = operations::cancel(&app, &caller.actor, id.parse()?).await?;
    Ok(Json(view(run, 0)))
}

/// Takes a whole import back, unless somebody has worked on its clients.
#[utoipa::path(post, path = "/api/imports/{id}/undo", tag = "imports",
    params(("id" = String, Path, description = "The import")),
    responses((status = 200, body = ImportView)))]
async fn undo_import(
    Shared(app): Shared<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<ImportView>> {
    Ok(stood(undo::undo(&app, &caller.actor, id.parse()?).await?))
}

/// The rows that did not come in, with their own columns and the reason.
#[utoipa::path(get, path = "/api/imports/{id}/errors.xlsx", tag = "imports",
    params(("id" = String, Path, description = "The import")),
    responses((status = 200, content_type = XLSX, body = [u8])))]
async fn download_import_errors(
    Shared(app): Shared<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Response> {
    let workbook = refusals::workbook(&app, &caller.actor, id.parse()?).await?;
    Ok(attachment(&workbook.name, XLSX, workbook.bytes))
}
