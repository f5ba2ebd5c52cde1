//! Masked values asked for, and identity numbers compared, over HTTP.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use values::{Error, ItemId};

use crate::App;
use crate::clients::reveal::{self, Which};
use crate::http::{Answer, Caller};

/// A masked value that is asked for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RevealBody {
    /// The field; of a list as `contacts.mobile`.
    field: String,
    /// The row of the list.
    item: Option<String>,
    /// What for.
    #[serde(default)]
    purpose: String,
    /// For verifying: the number to compare with.
    #[serde(default)]
    value: String,
}

impl RevealBody {
    fn which(&self) -> Result<Which<'_>, Error> {
        Ok(match (self.field.split_once('.'), &self.item) {
            (Some((list, key)), Some(item)) => {
                Which { item: Some((list, item.parse::<ItemId>()?)), key }
            }
            _ => Which { item: None, key: &self.field },
        })
    }
}

/// A revealed value.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revealed {
    value: String,
    /// After so many seconds the screen hides it again.
    hide_after_s: u32,
}

#[utoipa::path(post, path = "/api/clients/{id}/reveal", tag = "clients",
    params(("id" = String, Path)), request_body = RevealBody,
    responses((status = 200, body = Revealed)))]
pub(super) async fn reveal_field(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<RevealBody>,
) -> Answer<Json<Revealed>> {
    let (id, which) = (id.parse()?, body.which()?);
    let value = reveal::reveal(&app, &caller.actor, id, which, &body.purpose).await?;
    Ok(Json(Revealed { value: value.to_string(), hide_after_s: 60 }))
}

/// The outcome of a comparison.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verified {
    #[serde(rename = "match")]
    matched: bool,
}

#[utoipa::path(post, path = "/api/clients/{id}/verify", tag = "clients",
    params(("id" = String, Path)), request_body = RevealBody,
    responses((status = 200, body = Verified)))]
pub(super) async fn verify_identity(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<RevealBody>,
) -> Answer<Json<Verified>> {
    let (id, which) = (id.parse()?, body.which()?);
    let matched = reveal::verify_identity(&app, &caller.actor, id, which, &body.value).await?;
    Ok(Json(Verified { matched }))
}
