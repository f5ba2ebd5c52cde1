//! What became of a client: its versions, and who looked at it.

use trust::access::{Action, Actor, Permit};
use trust::database::Reader;
use trust::record::{self, Body, Filter};
use values::{ClientId, Error, Micros, Result};

use super::actions::{ListClients, ViewConfidential, ViewHistory, ViewRecord};
use super::custom;
use super::fields::{self, LISTS};
use super::rows::{self, Client, Version};
use super::rules::STAGES;
use super::seal::Home;
use super::seats;
use super::view::{self, Shown};
use crate::App;
use crate::identity::{self, Names};

/// Entries about one client that are shown at most, besides lists that it stood in.
const ENTRIES: u64 = 200;
/// Lists that it stood in that are gathered at most.
const LISTED: u64 = 2_000;

/// What somebody did with a client; or all the lists of one day that showed it to them.
pub struct Viewing {
    /// Whether the newest entry is sealed.
    pub sealed: bool,
    /// The newest entry.
    pub body: Body,
    /// When, newest first; more than one for the lists of a day.
    pub times: Vec<Micros>,
}

/// Who did what with a client, newest first; then the lists that showed it, one row for each
/// person and day.
///
/// # Errors
/// NotFound outside the caller's row scope.
pub async fn record_of(app: &App, actor: &Actor, id: ClientId) -> Result<Vec<Viewing>> {
    let permit = app.access.authorize::<ViewRecord>(actor, id).await?;
    let mut tx = app.db.read(&permit).await?;
    let lists = Some(ListClients::NAME.to_owned());
    let of_it = Filter { client: Some(id), ..Filter::default() };
    let deeds = Filter { but: lists.clone(), limit: ENTRIES, ..of_it.clone() };
    let lists = Filter { action: lists, limit: LISTED, ..of_it };
    let mut viewings = Vec::new();
    for entry in record::list(&mut tx, &deeds).await? {
        viewings.push(viewing(&entry)?);
    }
    let first = viewings.len();
    for entry in record::list(&mut tx, &lists).await? {
        let one = viewing(&entry)?;
        let day = |at: Micros| at.date_in(&app.running.zone);
        let same = |known: &&mut Viewing| {
            known.body.actor == one.body.actor && day(known.body.at) == day(one.body.at)
        };
        match viewings.iter_mut().skip(first).find(same) {
            Some(known) => known.times.extend(one.times),
            None => viewings.push(one),
        }
    }
    Ok(viewings)
}

fn viewing(entry: &record::Listed) -> Result<Viewing> {
    let body = Body::parse(&entry.body)?;
    Ok(Viewing { sealed: entry.number.is_some(), times: vec![body.at], body })
}

/// A change of one field, as the version table shows it.
#[derive(Debug, Clone)]
pub struct FieldChange {
    /// The field's path, or `list#id`.
    pub field: String,
    /// Its Chinese name.
    pub zh: String,
    /// What was before.
    pub before: Option<String>,
    /// What came after.
    pub after: Option<String>,
}

/// The versions of a client, newest first, each with what it changed.
///
/// # Errors
/// NotFound outside the caller's row scope.
pub async fn versions(
    app: &App,
    actor: &Actor,
    id: ClientId,
) -> Result<Vec<(Version, Vec<FieldChange>)>> {
    let permit = app.access.authorize::<ViewHistory>(actor, id).await?;
    let confidential = app.access.may::<ViewConfidential>(actor, id).await?;
    let mut tx = app.db.read(&permit).await?;
    let present = rows::client(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    let versions = rows::versions(&mut tx, id).await?;
    told(app, &mut tx, confidential.as_ref(), present, versions).await
}

/// Versions, newest first, with what each changed of the client that stands at their end.
///
/// # Errors
/// Internal when a version cannot be read.
pub async fn told(
    app: &App,
    reader: &mut Reader,
    confidential: Permitted<'_, '_>,
    mut present: Client,
    versions: Vec<Version>,
) -> Result<Vec<(Version, Vec<FieldChange>)>> {
    let keys = versions.iter().flat_map(|version| version.before.keys());
    custom::meet_in(app, reader, keys.map(String::as_str)).await?;
    let names = identity::names(reader).await?;
    let mut out = Vec::with_capacity(versions.len());
    for version in versions {
        let after = present.clone();
        rows::take_back(&mut present, &version)?;
        let show = |client: &Client, key: &str| -> Result<Option<(String, Option<String>)>> {
            if let Some((zh, text)) = seat_of(&names, client, key) {
                return Ok(Some((zh.to_owned(), text)));
            }
            shown_of(app, confidential, client, key)
        };
        let mut changes = Vec::new();
        for key in version.before.keys() {
            let (old, new) = (show(&present, key)?, show(&after, key)?);
            let zh = old.as_ref().or(new.as_ref()).map(|(zh, _)| zh.clone());
            changes.push(FieldChange {
                field: key.clone(),
                zh: zh.unwrap_or_else(|| key.clone()),
                before: old.and_then(|(_, text)| text),
                after: new.and_then(|(_, text)| text),
            });
        }
        out.push((version, changes));
    }
    Ok(out)
}

/// The right to confidential fields, if there is one.
pub(super) type Permitted<'p, 'a> = Option<&'p Permit<'a, ViewConfidential>>;

/// The name of a seat, and of who sits there.
fn seat_of(names: &Names, client: &Client, key: &str) -> Option<(&'static str, Option<String>)> {
    let seats = &client.seats;
    match key {
        seats::LEAD => Some(("负责人", seats.lead.map(|id| names.user(id)))),
        seats::REVIEWER => Some(("复核人", seats.reviewer.map(|id| names.user(id)))),
        seats::DEPARTMENT => Some(("部门", seats.department.map(|id| names.department(id)))),
        _ => None,
    }
}

/// A field's name and its text, as the version table shows it.
fn shown_of(
    app: &App,
    permit: Permitted<'_, '_>,
    client: &Client,
    key: &str,
) -> Result<Option<(String, Option<String>)>> {
    let own = |zh: &str, text: String| Ok(Some((zh.to_owned(), Some(text))));
    match key {
        "@stage" => {
            let zh = STAGES.iter().find(|(key, ..)| *key == client.stage).map(|(_, zh, _)| *zh);
            return own("阶段", zh.unwrap_or(&client.stage).to_owned());
        }
        "@tags" => return own("标签", client.tags.join("、")),
        "@recycled_at" => {
            let text = if client.recycled_at.is_some() { "已删除" } else { "正常" };
            return own("回收站", text.to_owned());
        }
        _ => {}
    }
    let Some((list, id)) = key.split_once('#') else {
        let Some(spec) = custom::spec(app, None, key) else { return Ok(None) };
        let Some(value) = client.fields.get(key) else { return Ok(None) };
        let shown = view::shown(app, permit, spec, Home::Client(client.id), value)?;
        return Ok(Some((spec.zh.to_owned(), text_of(shown))));
    };
    let zh = LISTS.iter().find(|known| known.key == list).map_or(list, |known| known.zh);
    let Some(item) = client.items.iter().find(|item| item.id.to_string() == id) else {
        return Ok(None);
    };
    let mut parts = Vec::new();
    for spec in fields::of_list(list) {
        if let Some(value) = item.fields.get(spec.key) {
            let shown = view::shown(app, permit, spec, Home::Item(item.id), value)?;
            parts.extend(text_of(shown).map(|text| format!("{}：{text}", spec.zh)));
        }
    }
    Ok(Some((zh.to_owned(), Some(parts.join("，")))))
}

fn text_of(shown: Shown) -> Option<String> {
    if shown.locked { Some("（无权查看）".to_owned()) } else { shown.value }
}
