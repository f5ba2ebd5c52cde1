//! The catalogue of fields over HTTP.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::clients::actions::ListFields;
use crate::clients::fields::{Keeping, Kind, LISTS, List, SPECS, Section};
use crate::clients::rules::STAGES;
use crate::http::{Answer, Caller};

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
    fields: Vec<FieldView>,
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

#[utoipa::path(get, path = "/api/fields", tag = "clients",
    responses((status = 200, body = FieldsView)))]
pub(super) async fn list_fields(State(app): State<App>, caller: Caller) -> Answer<Json<FieldsView>> {
    let _permit = app.access.authorize::<ListFields>(&caller.actor, ()).await?;
    let fields = SPECS
        .iter()
        .map(|spec| FieldView {
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
            custom: false,
            choices: choices(spec.choices),
        })
        .collect();
    let lists = LISTS.to_vec();
    Ok(Json(FieldsView { fields, lists, stages: choices(&STAGES) }))
}
