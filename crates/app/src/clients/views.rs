//! Saved views: filters with a name, for oneself or for everybody.

use serde::Serialize;
use trust::access::Actor;
use trust::database::{Reader, Row, Writer};
use trust::record::Change;
use utoipa::ToSchema;
use values::{Error, ItemId, Kind, Micros, Result, UserId};

use super::actions::{ListViews, SaveView};
use crate::{App, identity};

/// Longest name, in characters, and longest query, in bytes.
const NAME_MOST: usize = 40;
const QUERY_MOST: usize = 4_096;
/// So many views may one person have.
const MOST: i64 = 100;

/// A saved view as the caller sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SavedView {
    /// The id.
    #[schema(value_type = String)]
    pub id: ItemId,
    /// The name.
    pub name: String,
    /// Whether everybody sees it.
    pub shared: bool,
    /// The filters, as they stand in the address of the list.
    pub query: String,
    /// Whether it is the caller's own.
    pub own: bool,
    /// Whose it is.
    pub owner: String,
    /// Whether the caller may delete it.
    pub may_delete: bool,
}

struct Saved {
    id: ItemId,
    owner: UserId,
    name: String,
    shared: bool,
    query: String,
}

impl Saved {
    fn of(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.id(0)?,
            owner: row.id(1)?,
            name: row.text(2)?,
            shared: row.bool(3)?,
            query: row.text(4)?,
        })
    }

    /// Its owner, or the principal where everybody sees it.
    fn may_delete(&self, actor: &Actor) -> bool {
        self.owner == actor.user()
            || (self.shared && actor.roles().iter().any(|role| role == "principal"))
    }

    fn shown(self, actor: &Actor, owner: String) -> SavedView {
        SavedView {
            may_delete: self.may_delete(actor),
            own: self.owner == actor.user(),
            id: self.id,
            name: self.name,
            shared: self.shared,
            query: self.query,
            owner,
        }
    }
}

async fn visible(reader: &mut Reader, user: UserId) -> Result<Vec<Saved>> {
    let rows = reader
        .rows(
            "SELECT id, owner, name, shared, query FROM saved_view \
             WHERE owner = $1 OR shared = 1 ORDER BY shared, name, id",
            &[user.into()],
        )
        .await?;
    rows.iter().map(Saved::of).collect()
}

async fn insert(writer: &mut Writer, view: &Saved, now: Micros) -> Result<()> {
    writer
        .execute(
            "INSERT INTO saved_view (id, owner, name, shared, query, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                view.id.into(),
                view.owner.into(),
                view.name.as_str().into(),
                view.shared.into(),
                view.query.as_str().into(),
                now.into(),
            ],
        )
        .await?;
    Ok(())
}

/// The caller's own views and those that are shared.
///
/// # Errors
/// Denied without the right.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<SavedView>> {
    let permit = app.access.authorize::<ListViews>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let found = visible(&mut tx, actor.user()).await?;
    let owners: Vec<UserId> = found.iter().map(|view| view.owner).collect();
    let names = identity::names_of(&mut tx, &owners).await?;
    let owner = |view: &Saved| names.get(&view.owner).cloned().unwrap_or_default();
    Ok(found
        .into_iter()
        .map(|view| {
            let owner = owner(&view);
            view.shown(actor, owner)
        })
        .collect())
}

fn wrong(field: &'static str, zh: &str, en: &str) -> Error {
    Error::invalid(field, "view.invalid", zh, en)
}

/// Saves a view; that its query fits the list was checked at the border.
///
/// # Errors
/// Invalid when name or query do not fit; Conflict when the caller has a view of this name.
pub async fn save(
    app: &App,
    actor: &Actor,
    name: &str,
    shared: bool,
    query: String,
) -> Result<SavedView> {
    let permit = app.access.authorize::<SaveView>(actor, ()).await?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MOST {
        return Err(wrong("name", "视图名称为 1 到 40 个字", "A name of 1 to 40 characters"));
    }
    if query.len() > QUERY_MOST {
        return Err(wrong("query", "筛选条件过长", "The query is longer than 4 KB"));
    }
    let mut tx = app.db.write(&permit).await?;
    let row =
        tx.row("SELECT COUNT(*) FROM saved_view WHERE owner = $1", &[actor.user().into()]).await?;
    if row.map_or(Ok(0), |row| row.int(0))? >= MOST {
        return Err(wrong("name", "每人最多保存 100 个视图", "100 views at most"));
    }
    let id = ItemId::new(&*app.clock, &*app.entropy);
    let view = Saved { id, owner: actor.user(), name: name.to_owned(), shared, query };
    insert(&mut tx, &view, app.clock.now()).await.map_err(taken)?;
    tx.commit(permit.entry(Change::none().count("saved", 1))).await?;
    Ok(view.shown(actor, actor.name().to_owned()))
}

fn taken(error: Error) -> Error {
    if error.code() != "taken" {
        return error;
    }
    let (zh, en) = ("您已有同名视图", "You have a view of this name already");
    Error::new(Kind::Conflict, "view.name_taken", zh, en).with_source(error)
}

/// Deletes a view: its owner may, and the principal where it is shared.
///
/// # Errors
/// NotFound for a view that the caller does not see; Denied for a shared one of somebody else.
pub async fn delete(app: &App, actor: &Actor, id: ItemId) -> Result<()> {
    let permit = app.access.authorize::<SaveView>(actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    let seen = visible(&mut tx, actor.user()).await?;
    let view = seen.into_iter().find(|view| view.id == id).ok_or_else(Error::not_found)?;
    if !view.may_delete(actor) {
        return Err(Error::new(
            Kind::Denied,
            "view.not_own",
            "只有创建人或机构负责人可以删除共享视图",
            "Only its owner or the principal may delete a shared view",
        ));
    }
    tx.change("DELETE FROM saved_view WHERE id = $1", &[id.into()], 1).await?;
    tx.commit(permit.entry(Change::none().count("deleted", 1))).await?;
    Ok(())
}
