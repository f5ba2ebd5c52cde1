//! Keys over HTTP.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::operations::{self, KeysView, Progress};
use crate::App;
use crate::http::{Answer, Caller};

/// The keys; never a key itself.
#[derive(Debug, Serialize, ToSchema)]
struct KeyStatus {
    algorithm: String,
    master: Master,
    levels: Vec<Level>,
    rotation: Rotation,
    warnings: Vec<Warning>,
}

/// Where the master key is.
#[derive(Debug, Serialize, ToSchema)]
struct Master {
    source: String,
    beside_store: bool,
    recovery_confirmed: bool,
}

/// The key that seals one level now.
#[derive(Debug, Serialize, ToSchema)]
struct Level {
    level: u8,
    key_id: String,
    created_at: String,
    values: i64,
}

/// How far sealing again has come.
#[derive(Debug, Serialize, ToSchema)]
struct Rotation {
    running: bool,
    done: i64,
    total: i64,
}

/// Something that should be put right.
#[derive(Debug, Serialize, ToSchema)]
struct Warning {
    zh: String,
    en: String,
}

impl From<Progress> for Rotation {
    fn from(progress: Progress) -> Self {
        Self { running: progress.running(), done: progress.done, total: progress.total }
    }
}

impl From<KeysView> for KeyStatus {
    fn from(view: KeysView) -> Self {
        let level = |key: operations::LevelKey| Level {
            level: key.level,
            key_id: key.key_id.to_string(),
            created_at: key.created_at.rfc3339(),
            values: key.values,
        };
        Self {
            algorithm: view.algorithm,
            master: Master {
                source: view.source,
                beside_store: view.beside_store,
                recovery_confirmed: view.recovery_confirmed,
            },
            levels: view.levels.into_iter().map(level).collect(),
            rotation: view.progress.into(),
            warnings: view.warnings.into_iter().map(|(zh, en)| Warning { zh, en }).collect(),
        }
    }
}

/// Which keys there are, where the master key is, and how far sealing again has come.
#[utoipa::path(get, path = "/api/keys", operation_id = "list_keys", tag = "keys",
    responses((status = 200, body = KeyStatus)))]
async fn list_keys(State(app): State<App>, caller: Caller) -> Answer<Json<KeyStatus>> {
    Ok(Json(operations::status(&app, &caller.actor).await?.into()))
}

/// Wraps all keys anew and makes new data keys; sealing again goes on in the background.
#[utoipa::path(post, path = "/api/keys/rotate", operation_id = "rotate_keys", tag = "keys",
    responses((status = 202, body = Rotation)))]
async fn rotate_keys(
    State(app): State<App>,
    caller: Caller,
) -> Answer<(StatusCode, Json<Rotation>)> {
    let progress = operations::rotate(&app, &caller.actor).await?;
    super::jobs::start(&app);
    Ok((StatusCode::ACCEPTED, Json(progress.into())))
}

/// What was typed back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecoveryConfirm {
    /// The last block of the sheet.
    block: String,
}

/// Confirms that the recovery sheet is in hand, by its last block.
#[utoipa::path(post, path = "/api/keys/recovery/confirm", operation_id = "confirm_recovery",
    tag = "keys", request_body = RecoveryConfirm, responses((status = 204)))]
async fn confirm_recovery(
    State(app): State<App>,
    caller: Caller,
    Json(typed): Json<RecoveryConfirm>,
) -> Answer<StatusCode> {
    operations::confirm_recovery(&app, &caller.actor, &typed.block).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The routes of this context.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_keys))
        .routes(routes!(rotate_keys))
        .routes(routes!(confirm_recovery))
}
