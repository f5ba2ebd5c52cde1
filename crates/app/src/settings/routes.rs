//! Settings and the catalogue over HTTP.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use values::{Error, Result};

use super::operations::{self, Page};
use super::rules::Value;
use crate::App;
use crate::catalogue::{self, CatalogueRow};
use crate::http::{Answer, Caller};

/// The value of a setting: text, a whole number, or yes and no.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
enum Plain {
    Bool(bool),
    Int(i64),
    Text(String),
}

impl From<&Value> for Plain {
    fn from(value: &Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text.clone()),
            Value::Int(number) => Self::Int(*number),
            Value::Bool(yes) => Self::Bool(*yes),
        }
    }
}

impl From<Plain> for Value {
    fn from(plain: Plain) -> Self {
        match plain {
            Plain::Text(text) => Self::Text(text),
            Plain::Int(number) => Self::Int(number),
            Plain::Bool(yes) => Self::Bool(yes),
        }
    }
}

type SettingsView = BTreeMap<String, Plain>;

fn view(page: &Page) -> SettingsView {
    let changeable = page.settings.iter().map(|(key, value)| (key.to_owned(), value.into()));
    let fixed = page.shown.iter().map(|shown| (shown.key.to_owned(), (&shown.value).into()));
    changeable.chain(fixed).collect()
}

/// The settings of the firm, by key; those that the configuration file decides are among them.
#[utoipa::path(get, path = "/api/settings", operation_id = "list_settings", tag = "settings",
    responses((status = 200, body = BTreeMap<String, Plain>)))]
async fn list_settings(State(app): State<App>, caller: Caller) -> Answer<Json<SettingsView>> {
    Ok(Json(view(&operations::list(&app, &caller.actor).await?)))
}

/// Changes the settings that are named; all of them, or none when one is wrong.
#[utoipa::path(put, path = "/api/settings", operation_id = "update_settings", tag = "settings",
    request_body = BTreeMap<String, Plain>,
    responses((status = 200, body = BTreeMap<String, Plain>)))]
async fn update_settings(
    State(app): State<App>,
    caller: Caller,
    Json(wanted): Json<BTreeMap<String, Plain>>,
) -> Answer<Json<SettingsView>> {
    if wanted.len() > 100 {
        let zh = "设置项过多";
        return Err(Error::invalid("", "setting.unknown", zh, "Too many settings").into());
    }
    let wanted = wanted.into_iter().map(|(key, value)| (key, value.into())).collect();
    Ok(Json(view(&operations::update(&app, &caller.actor, wanted).await?)))
}

/// An item of the classification catalogue.
#[derive(Debug, Serialize, ToSchema)]
struct CatalogueItem {
    item: String,
    zh: String,
    en: String,
    category: String,
    category_en: String,
    level: u8,
    masking: String,
    masking_en: String,
    /// Who sees it by default.
    read: String,
    read_en: String,
    /// Who enters it by default.
    write: String,
    write_en: String,
    /// Who may reveal it, where it must be revealed.
    reveal: String,
    reveal_en: String,
    retention: String,
    retention_en: String,
    sealed: bool,
    searchable: bool,
}

impl From<CatalogueRow> for CatalogueItem {
    fn from(row: CatalogueRow) -> Self {
        Self {
            item: row.item,
            zh: row.name.zh,
            en: row.name.en,
            category: row.category.zh,
            category_en: row.category.en,
            level: row.level,
            masking: row.masking.zh,
            masking_en: row.masking.en,
            read: row.read.zh,
            read_en: row.read.en,
            write: row.write.zh,
            write_en: row.write.en,
            reveal: row.reveal.zh,
            reveal_en: row.reveal.en,
            retention: row.retention.zh,
            retention_en: row.retention.en,
            sealed: row.sealed,
            searchable: row.searchable,
        }
    }
}

/// The classification catalogue: what is kept, how sensitive it is, who sees it and for how long.
#[utoipa::path(get, path = "/api/catalogue", operation_id = "list_catalogue", tag = "settings",
    responses((status = 200, body = [CatalogueItem])))]
async fn list_catalogue(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Json<Vec<CatalogueItem>>> {
    let rows: Result<Vec<CatalogueRow>> = catalogue::list(&app, &caller.actor).await;
    Ok(Json(rows?.into_iter().map(Into::into).collect()))
}

/// The routes of this context.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_settings, update_settings))
        .routes(routes!(list_catalogue))
}
