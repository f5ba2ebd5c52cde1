//! Changes to a client's fields and lists, by people who may be two at the same time.

use trust::access::Actor;
use trust::database::Writer;
use trust::record::Change;
use values::{ClientId, Error, ItemId, Micros, Result};

use super::actions::{UpdateClient, UpdateConfidential};
use super::custom;
use super::fields::{self, LISTS};
use super::operations::{Draft, apply, author, highest, lacking, taken, unknown_field, view};
use super::rows::{self, Client, Item, Token};
use super::rules::Fields;
use super::seal::Home;
use super::view::ClientView;
use crate::App;

/// What a change does to a client that was read for it.
pub enum Edit<'a> {
    /// Changes fields of the client itself.
    Fields(&'a Draft),
    /// Adds a row to a list.
    Add(&'a str, &'a Draft),
    /// Changes a row of a list.
    Change(&'a str, ItemId, &'a Draft),
    /// Takes a row out of a list.
    Remove(&'a str, ItemId),
}

impl Edit<'_> {
    fn level(&self, app: &App) -> u8 {
        match self {
            Self::Fields(draft) => highest(app, None, draft),
            Self::Add(list, draft) | Self::Change(list, _, draft) => {
                highest(app, Some(list), draft)
            }
            Self::Remove(list, _) => {
                fields::of_list(list).map(|spec| spec.level.min(3)).max().unwrap_or(1)
            }
        }
    }

    fn names(&self) -> Vec<String> {
        match self {
            Self::Fields(draft) => draft.keys().cloned().collect(),
            Self::Add(list, draft) | Self::Change(list, _, draft) => {
                draft.keys().map(|key| format!("{list}.{key}")).collect()
            }
            Self::Remove(list, _) => vec![(*list).to_owned()],
        }
    }

    fn apply(&self, app: &App, client: &mut Client) -> Result<Vec<Token>> {
        match self {
            Self::Fields(draft) => {
                let home = Home::Client(client.id);
                let tokens = apply(app, None, home, draft, &mut client.fields)?;
                let specs = draft.keys().filter_map(|key| custom::spec(app, None, key));
                let sections: Vec<_> = specs.map(|spec| spec.section).collect();
                let touched = |section| sections.contains(&section);
                Error::all(lacking(app, &client.fields, &touched))?;
                Ok(tokens)
            }
            Self::Add(list, draft) => {
                if !LISTS.iter().any(|known| known.key == *list) {
                    return Err(unknown_field(list));
                }
                let id = ItemId::new(&*app.clock, &*app.entropy);
                let mut fields = Fields::new();
                let tokens = apply(app, Some(list), Home::Item(id), draft, &mut fields)?;
                let last = client.list(list).map(|item| item.position).max().unwrap_or(-1);
                let list = (*list).to_owned();
                client.items.push(Item { id, list, position: last + 1, fields });
                Ok(tokens)
            }
            Self::Change(list, id, draft) => {
                let item = client
                    .items
                    .iter_mut()
                    .find(|item| item.id == *id && item.list == *list)
                    .ok_or_else(Error::not_found)?;
                apply(app, Some(list), Home::Item(*id), draft, &mut item.fields)
            }
            Self::Remove(list, id) => {
                let before = client.items.len();
                client.items.retain(|item| !(item.id == *id && item.list == *list));
                if client.items.len() == before { Err(Error::not_found()) } else { Ok(Vec::new()) }
            }
        }
    }
}

/// Someone else was faster: what changed since, so that the second can choose.
pub struct Stale {
    /// The version that stands now.
    pub version: i64,
    /// The changes since: field, who, when.
    pub changed: Vec<(String, String, Micros)>,
}

/// How an edit ended.
pub enum Edited {
    /// It stands; this is the client now.
    Done(Box<ClientView>),
    /// Someone else was faster.
    Stale(Stale),
}

/// Changes a client if it is still at the version that the caller saw.
///
/// # Errors
/// Invalid with the field; Denied when a right is missing.
pub async fn edit(
    app: &App,
    actor: &Actor,
    id: ClientId,
    seen: i64,
    edit: &Edit<'_>,
    why: &str,
) -> Result<Edited> {
    if let Edit::Fields(draft) = edit {
        custom::meet(app, draft.keys().map(String::as_str)).await?;
    }
    if edit.level(app) >= 3 {
        let permit = app.access.authorize::<UpdateConfidential>(actor, id).await?;
        return edit_under(app, actor, permit, seen, edit, why).await;
    }
    let permit = app.access.authorize::<UpdateClient>(actor, id).await?;
    edit_under(app, actor, permit, seen, edit, why).await
}

async fn edit_under<A: trust::access::Action<Target = ClientId>>(
    app: &App,
    actor: &Actor,
    permit: trust::access::Permit<'_, A>,
    seen: i64,
    edit: &Edit<'_>,
    why: &str,
) -> Result<Edited> {
    let id = permit.target();
    let mut tx = app.db.write(&permit).await?;
    let before = rows::client(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    if before.version != seen {
        let stale = stale(&mut tx, &before, seen).await?;
        return Ok(Edited::Stale(stale));
    }
    let mut after = before.clone();
    let tokens = edit.apply(app, &mut after)?;
    let author = author(app, actor, "edit", why);
    let version = rows::save(&mut tx, &before, &after, &tokens, &author).await.map_err(taken)?;
    let change = Change::none().fields(edit.names()).versions(Some(seen), version);
    tx.commit(permit.entry(change)).await?;
    Ok(Edited::Done(Box::new(view(app, actor, id, None).await?)))
}

async fn stale(writer: &mut Writer, client: &Client, seen: i64) -> Result<Stale> {
    let mut changed = Vec::new();
    for version in rows::versions(writer, client.id).await? {
        if version.version <= seen {
            break;
        }
        let by = version.by.1;
        changed.extend(version.before.into_keys().map(|key| (key, by.clone(), version.at)));
    }
    Ok(Stale { version: client.version, changed })
}
