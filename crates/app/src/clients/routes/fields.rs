//! The catalogue of fields over HTTP.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::clients::actions::ListFields;
use crate::clients::custom::{self, FieldCreate, PREFIX};
use crate::clients::fields::{Keeping, Kind, LISTS, List, Section, Spec};
use crate::clients::rules::STAGES;
use crate::http::{Answer, Body, Caller};

/// A field of the archive, for forms and imports.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldView {
    key: String,
    path: String,
    list: Option<&'static str>,
    #[schema(value_type = String)]
    section: Section,
    #[schema(value_type = String)]
    kind: Kind,
    zh: String,
    en: String,
    item: String,
    level: u8,
    required: bool,
    sealed: bool,
    masked: bool,
    custom: bool,
    choices: Vec<ChoiceView>,
}

/// A choice.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChoiceView {
    value: String,
    zh: String,
    en: String,
}

/// The fields and the lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldsView {
    items: Vec<FieldView>,
    lists: Vec<List>,
    stages: Vec<ChoiceView>,
}

fn choices(of: &[(&'static str, &'static str, &'static str)]) -> Vec<ChoiceView> {
    let view = |(value, zh, en): &(&str, &str, &str)| ChoiceView {
        value: (*value).to_owned(),
        zh: (*zh).to_owned(),
        en: (*en).to_owned(),
    };
    of.iter().map(view).collect()
}

impl FieldView {
    fn of(spec: &Spec) -> Self {
        Self {
            key: spec.key.to_owned(),
            path: spec.path(),
            list: spec.list,
            section: spec.section,
            kind: spec.kind,
            zh: spec.zh.to_owned(),
            en: spec.en.to_owned(),
            item: spec.item.to_owned(),
            level: spec.level,
            required: spec.required,
            sealed: spec.sealed(),
            masked: spec.keeping != Keeping::Clear,
            custom: spec.list.is_none() && spec.key.starts_with(PREFIX),
            choices: choices(spec.choices),
        }
    }
}

#[utoipa::path(get, path = "/api/fields", tag = "clients",
    responses((status = 200, body = FieldsView)))]
pub(super) async fn list_fields(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Json<FieldsView>> {
    let permit = app.access.authorize::<ListFields>(&caller.actor, ()).await?;
    custom::read(&app, &mut *app.db.read(&permit).await?).await?;
    let items = app.added.all().into_iter().map(FieldView::of).collect();
    Ok(Json(FieldsView { items, lists: LISTS.to_vec(), stages: choices(&STAGES) }))
}

/// Adds a field of the firm's own.
#[utoipa::path(post, path = "/api/fields", tag = "clients", request_body = FieldCreate,
    responses((status = 201, body = FieldView)))]
pub(super) async fn define_field(
    State(app): State<App>,
    caller: Caller,
    Body(field): Body<FieldCreate>,
) -> Answer<(StatusCode, Json<FieldView>)> {
    let spec = custom::define(&app, &caller.actor, field).await?;
    Ok((StatusCode::CREATED, Json(FieldView::of(spec))))
}
