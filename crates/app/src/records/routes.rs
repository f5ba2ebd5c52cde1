//! The record over HTTP.

use axum::Json;
use axum::extract::{Path, Query as QueryString, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use trust::record::Verification;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use values::EntryId;

use super::operations::{self, EntryRow, Format};
use super::rules::Query;
use crate::App;
use crate::clients::Total;
use crate::http::{Answer, Caller};

/// Which entries are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct RecordQuery {
    /// The id of a user.
    actor: Option<String>,
    /// An action, such as `client.view`.
    action: Option<String>,
    /// `done`, `shown` or `denied`.
    outcome: Option<String>,
    /// The id or the code of a client.
    client: Option<String>,
    /// From this day or moment on.
    from: Option<String>,
    /// To this day, and the whole of it, or before this moment.
    to: Option<String>,
    /// `next` of the last page.
    cursor: Option<String>,
    /// How many, 200 at most.
    limit: Option<u64>,
    /// For exports: `csv` or `jsonl`.
    format: Option<String>,
    /// For exports: what for.
    purpose: Option<String>,
}

fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

impl From<RecordQuery> for Query {
    fn from(asked: RecordQuery) -> Self {
        Self {
            actor: given(asked.actor),
            action: given(asked.action),
            outcome: given(asked.outcome),
            client: given(asked.client),
            from: given(asked.from),
            to: given(asked.to),
            cursor: given(asked.cursor),
            limit: asked.limit,
        }
    }
}

/// An entry.
#[derive(Debug, Serialize, ToSchema)]
struct RecordRow {
    id: String,
    at: String,
    actor: String,
    actor_name: String,
    actor_kind: String,
    action: String,
    outcome: String,
    target: Option<String>,
    clients_count: u64,
    classes: Vec<String>,
    purpose: Option<String>,
    origin: Option<String>,
    request: Option<String>,
    refusal: Option<String>,
    sealed: bool,
}

impl From<EntryRow> for RecordRow {
    fn from(row: EntryRow) -> Self {
        let clients_count = row.body.clients_count();
        Self {
            id: row.id.to_string(),
            at: row.at.rfc3339(),
            actor: row.body.actor,
            actor_name: row.body.actor_name,
            actor_kind: row.body.actor_kind,
            action: row.body.action,
            outcome: row.body.outcome,
            target: given(Some(row.body.target)),
            clients_count,
            classes: row.body.classes,
            purpose: given(Some(row.body.purpose)),
            origin: given(Some(row.body.origin)),
            request: given(Some(row.body.request)),
            refusal: given(Some(row.body.refusal)),
            sealed: row.number.is_some(),
        }
    }
}

/// A page of entries.
#[derive(Debug, Serialize, ToSchema)]
struct RecordPage {
    items: Vec<RecordRow>,
    next: Option<String>,
    total: Total,
}

/// The record, newest first.
#[utoipa::path(get, path = "/api/record", operation_id = "list_record", tag = "record",
    params(RecordQuery), responses((status = 200, body = RecordPage)))]
async fn list_record(
    State(app): State<App>,
    caller: Caller,
    QueryString(asked): QueryString<RecordQuery>,
) -> Answer<Json<RecordPage>> {
    let page = operations::list(&app, &caller.actor, &asked.into()).await?;
    let items = page.items.into_iter().map(Into::into).collect();
    Ok(Json(RecordPage { items, next: page.next, total: page.total }))
}

/// The first thing that is wrong with the record.
#[derive(Debug, Serialize, ToSchema)]
struct WrongEntry {
    number: i64,
    entry: Option<String>,
    zh: String,
    en: String,
}

/// What a verification found.
#[derive(Debug, Serialize, ToSchema)]
struct VerificationView {
    ok: bool,
    entries: u64,
    unsealed: u64,
    checkpoints: u64,
    /// In words, with the place of the entry.
    first_wrong: Option<String>,
    wrong: Option<WrongEntry>,
    checkpoint: Option<String>,
}

impl From<Verification> for VerificationView {
    fn from(found: Verification) -> Self {
        let wrong = found.first_wrong.map(|wrong| WrongEntry {
            number: wrong.number,
            entry: wrong.entry,
            zh: wrong.zh,
            en: wrong.en,
        });
        let said = |w: &WrongEntry| format!("#{} {}", w.number, w.zh);
        Self {
            ok: wrong.is_none(),
            entries: found.entries,
            unsealed: found.unsealed,
            checkpoints: found.checkpoints,
            first_wrong: wrong.as_ref().map(said),
            wrong,
            checkpoint: found.checkpoint,
        }
    }
}

/// Recomputes the whole record and names the first wrong entry.
#[utoipa::path(post, path = "/api/record/verify", operation_id = "verify_record", tag = "record",
    responses((status = 200, body = VerificationView)))]
async fn verify_record(State(app): State<App>, caller: Caller) -> Answer<Json<VerificationView>> {
    Ok(Json(operations::verify(&app, &caller.actor).await?.into()))
}

/// The wanted entries as a file; a purpose is needed.
#[utoipa::path(get, path = "/api/record/export", operation_id = "export_record", tag = "record",
    params(RecordQuery), responses((status = 200, content_type = "text/csv")))]
async fn export_record(
    State(app): State<App>,
    caller: Caller,
    QueryString(asked): QueryString<RecordQuery>,
) -> Answer<Response> {
    let format = Format::named(asked.format.as_deref())?;
    let purpose = given(asked.purpose.clone()).unwrap_or_default();
    let export = operations::export(&app, &caller.actor, &purpose, &asked.into(), format).await?;
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"record.csv\""),
        Format::JsonLines => ("application/jsonl", "attachment; filename=\"record.jsonl\""),
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, export.bytes).into_response())
}

/// The proof that an entry is in the record (C2SP tlog-proof), to be checked without Heng.
#[utoipa::path(get, path = "/api/record/{id}/proof", operation_id = "prove_record",
    tag = "record", params(("id" = String, Path, description = "The entry")),
    responses((status = 200, content_type = "text/plain", body = String)))]
async fn prove_record(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Response> {
    let entry: EntryId = id.parse()?;
    let proof = operations::prove(&app, &caller.actor, entry).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], proof).into_response())
}

/// The newest checkpoint and the key that it is checked with.
#[derive(Debug, Serialize, ToSchema)]
struct CheckpointAnswer {
    checkpoint: Option<String>,
    verifier_key: String,
}

/// The newest signed checkpoint (C2SP tlog-checkpoint) and the verifier key.
#[utoipa::path(get, path = "/api/record/checkpoint", operation_id = "show_checkpoint",
    tag = "record", responses((status = 200, body = CheckpointAnswer)))]
async fn show_checkpoint(State(app): State<App>, caller: Caller) -> Answer<Json<CheckpointAnswer>> {
    let shown = operations::checkpoint(&app, &caller.actor).await?;
    Ok(Json(CheckpointAnswer { checkpoint: shown.checkpoint, verifier_key: shown.verifier_key }))
}

/// The routes of this context.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_record))
        .routes(routes!(verify_record))
        .routes(routes!(export_record))
        .routes(routes!(prove_record))
        .routes(routes!(show_checkpoint))
}
