//! What keeps a client from being deleted, and what removes it for good: a legal hold, which one
//! person sets and two release; and final removal after retention, which two people decide. Of a
//! removed client the record alone remains.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use trust::access::Actor;
use trust::database::{Reader, Writer};
use trust::record::Change;
use trust::vault::Catalogue;
use utoipa::ToSchema;
use values::{ClientId, Error, Kind, Result, UserId};

use super::actions::{HoldClient, ReleaseHold, RemoveClient};
use super::operations::{author, gone};
use super::rows::{self, Client};
use super::search;
use crate::App;

/// A legal hold.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HoldView {
    /// Who set it.
    pub by: String,
    /// Why.
    pub why: String,
    /// Since when (RFC 3339).
    pub since: String,
    /// Who asked for its release; another person releases it.
    pub release_by: Option<String>,
    /// Why it is to be released.
    pub release_why: Option<String>,
}

/// What stands between a client in the recycle bin and its final removal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RemovalView {
    /// The first day on which it may be removed for good.
    pub due: String,
    /// Whether that day has come.
    pub open: bool,
    /// Who asked for it; another person removes.
    pub asked_by: Option<String>,
    /// Why.
    pub why: Option<String>,
}

fn why_needed(why: &str) -> Result<&str> {
    let why = why.trim();
    if why.is_empty() || why.chars().count() > 200 {
        let (zh, en) = ("请说明原因（1 到 200 个字）", "Say why, in 1 to 200 characters");
        return Err(Error::invalid("why", "why.needed", zh, en));
    }
    Ok(why)
}

/// The refusal of whatever would delete a client on hold.
#[must_use]
pub fn held() -> Error {
    let (zh, en) =
        ("该客户处于法律保全中，不能删除、合并或移除", "The client is on legal hold and is kept");
    Error::new(Kind::Conflict, "client.held", zh, en)
}

fn second_person() -> Error {
    let (zh, en) = ("须由另一人确认，不能由同一人完成", "Another person must confirm it");
    Error::new(Kind::Conflict, "client.second_person", zh, en)
}

/// Whether a client is on hold.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn is_held(reader: &mut Reader, id: ClientId) -> Result<bool> {
    let sql = "SELECT at FROM client_hold WHERE client_id = $1";
    Ok(reader.row(sql, &[id.into()]).await?.is_some())
}

/// The hold of a client, as its page shows it.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn hold_of(reader: &mut Reader, id: ClientId) -> Result<Option<HoldView>> {
    let sql = "SELECT by_name, why, at, release_name, release_why FROM client_hold \
               WHERE client_id = $1";
    let Some(row) = reader.row(sql, &[id.into()]).await? else { return Ok(None) };
    Ok(Some(HoldView {
        by: row.text(0)?,
        why: row.text(1)?,
        since: row.micros(2)?.rfc3339(),
        release_by: row.opt_text(3)?,
        release_why: row.opt_text(4)?,
    }))
}

/// Sets a legal hold.
///
/// # Errors
/// Conflict when there is one.
pub async fn hold(app: &App, actor: &Actor, id: ClientId, why: &str) -> Result<()> {
    let permit = app.access.authorize::<HoldClient>(actor, id).await?;
    let why = why_needed(why)?;
    let mut tx = app.db.write(&permit).await?;
    let before = rows::held(&mut tx, id).await?.ok_or_else(gone)?;
    if before.on_hold {
        let (zh, en) = ("该客户已处于法律保全中", "The client is on hold already");
        return Err(Error::new(Kind::Conflict, "client.held_already", zh, en));
    }
    let now = app.clock.now();
    tx.execute(
        "INSERT INTO client_hold (client_id, by_id, by_name, why, at) \
         VALUES ($1, $2, $3, $4, $5)",
        &[id.into(), actor.user().into(), actor.name().into(), why.into(), now.into()],
    )
    .await?;
    let version = noted(app, &mut tx, actor, &before, &format!("设置法律保全：{why}")).await?;
    let change = Change::none().versions(Some(before.version), version).purpose(why);
    tx.commit(permit.entry(change)).await?;
    Ok(())
}

/// A version that changes no field: it says what happened.
async fn noted(
    app: &App,
    writer: &mut Writer,
    actor: &Actor,
    client: &Client,
    why: &str,
) -> Result<i64> {
    rows::save(writer, client, client, &[], &author(app, actor, "edit", why)).await
}

/// Asks for the release of a hold, or, when another person asked, releases it. Says whether it is
/// released.
///
/// # Errors
/// Conflict when there is none, and for the same person twice.
pub async fn release(app: &App, actor: &Actor, id: ClientId, why: &str) -> Result<bool> {
    let permit = app.access.authorize::<ReleaseHold>(actor, id).await?;
    let mut tx = app.db.write(&permit).await?;
    let client = rows::held(&mut tx, id).await?.ok_or_else(gone)?;
    let sql = "SELECT release_by, release_why FROM client_hold WHERE client_id = $1";
    let row = tx.row(sql, &[id.into()]).await?.ok_or_else(|| {
        let (zh, en) = ("该客户不在法律保全中", "The client is not on hold");
        Error::new(Kind::Conflict, "client.not_held", zh, en)
    })?;
    let asked = row.opt_bytes(0)?;
    let Some(asked) = asked else {
        let why = why_needed(why)?;
        tx.change(
            "UPDATE client_hold SET release_by = $1, release_name = $2, release_why = $3, \
             release_at = $4 WHERE client_id = $5",
            &[
                actor.user().into(),
                actor.name().into(),
                why.into(),
                app.clock.now().into(),
                id.into(),
            ],
            1,
        )
        .await?;
        tx.commit(permit.entry(Change::none().count("asked", 1).purpose(why))).await?;
        return Ok(false);
    };
    if asked == actor.user().as_bytes() {
        return Err(second_person());
    }
    let why = row.opt_text(1)?.unwrap_or_default();
    tx.change("DELETE FROM client_hold WHERE client_id = $1", &[id.into()], 1).await?;
    let version = noted(app, &mut tx, actor, &client, &format!("解除法律保全：{why}")).await?;
    let change =
        Change::none().versions(Some(client.version), version).count("released", 1).purpose(why);
    tx.commit(permit.entry(change)).await?;
    Ok(true)
}

/// So many years a client is kept after it was put away: the longest that an item of its fields
/// asks for. Putting it away is later than every end that the catalogue counts from.
fn years_kept(app: &App) -> Result<i64> {
    let catalogue = Catalogue::embedded()?;
    let specs = app.added.all();
    let years = specs
        .iter()
        .filter_map(|spec| catalogue.item(spec.item))
        .filter_map(|item| item.retention.years)
        .max();
    Ok(i64::from(years.unwrap_or(10)))
}

fn due(app: &App, client: &Client) -> Result<Option<Date>> {
    let Some(at) = client.recycled_at else { return Ok(None) };
    let day = at.date_in(&app.running.zone);
    day.checked_add(years_kept(app)?.years()).map(Some).map_err(Error::internal)
}

/// What stands before the final removal of a client in the recycle bin.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn removal_of(
    app: &App,
    reader: &mut Reader,
    client: &Client,
) -> Result<Option<RemovalView>> {
    let Some(due) = due(app, client)? else { return Ok(None) };
    let asked = asked_of(reader, client.id).await?;
    let (asked_by, why) = asked.map(|asked| (asked.name, asked.why)).unzip();
    Ok(Some(RemovalView { due: due.to_string(), open: app.today() >= due, asked_by, why }))
}

struct Asked {
    by: UserId,
    name: String,
    why: String,
}

async fn asked_of(reader: &mut Reader, id: ClientId) -> Result<Option<Asked>> {
    let sql = "SELECT by_id, by_name, why FROM client_removal WHERE client_id = $1";
    let Some(row) = reader.row(sql, &[id.into()]).await? else { return Ok(None) };
    Ok(Some(Asked { by: row.id(0)?, name: row.text(1)?, why: row.text(2)? }))
}

/// Forgets that a client was to be removed: it came back from the recycle bin.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn forget_removal(writer: &mut Writer, id: ClientId) -> Result<()> {
    writer.execute("DELETE FROM client_removal WHERE client_id = $1", &[id.into()]).await?;
    Ok(())
}

/// Asks for the final removal of a client, or, when another person asked, removes it with all
/// that hangs on it. Says whether it is removed.
///
/// # Errors
/// Conflict when it is not in the recycle bin, its retention runs, it is on hold, or the same
/// person would do both.
pub async fn remove(app: &App, actor: &Actor, id: ClientId, why: &str) -> Result<bool> {
    let permit = app.access.authorize::<RemoveClient>(actor, id).await?;
    let mut tx = app.db.write(&permit).await?;
    let client = rows::held(&mut tx, id).await?.ok_or_else(gone)?;
    removable(app, &client)?;
    let Some(asked) = asked_of(&mut tx, id).await? else {
        let (why, now) = (why_needed(why)?, app.clock.now());
        tx.execute(
            "INSERT INTO client_removal (client_id, by_id, by_name, why, at) \
             VALUES ($1, $2, $3, $4, $5)",
            &[id.into(), actor.user().into(), actor.name().into(), why.into(), now.into()],
        )
        .await?;
        tx.commit(permit.entry(Change::none().count("asked", 1).purpose(why))).await?;
        return Ok(false);
    };
    if asked.by == actor.user() {
        return Err(second_person());
    }
    let gone = forget(&mut tx, id).await?;
    // What is left of it: an entry with its id and code, who removed it, and why.
    let change = Change::none()
        .clients(gone.iter().copied())
        .fields([client.code])
        .count("removed", i64::try_from(gone.len()).unwrap_or(i64::MAX))
        .purpose(asked.why);
    tx.commit(permit.entry(change)).await?;
    Ok(true)
}

fn removable(app: &App, client: &Client) -> Result<()> {
    let Some(due) = due(app, client)? else {
        let (zh, en) = ("请先移入回收站", "Put the client into the recycle bin first");
        return Err(Error::new(Kind::Conflict, "client.not_recycled", zh, en));
    };
    if client.on_hold {
        return Err(held());
    }
    if app.today() < due {
        return Err(Error::new(
            Kind::Conflict,
            "client.retention",
            format!("保存期限未满，{due} 起可彻底删除"),
            format!("It is kept until {due}"),
        ));
    }
    Ok(())
}

const FORGET: [&str; 8] = [
    "DELETE FROM relation WHERE client_id = $1",
    "DELETE FROM client_tag WHERE client_id = $1",
    "DELETE FROM client_token WHERE client_id = $1",
    "DELETE FROM client_item WHERE client_id = $1",
    "DELETE FROM client_version WHERE client_id = $1",
    "DELETE FROM import_change WHERE client_id = $1",
    "DELETE FROM client_removal WHERE client_id = $1",
    "DELETE FROM client WHERE id = $1",
];

/// Deletes a client and those that were merged into it; gives their ids.
async fn forget(writer: &mut Writer, id: ClientId) -> Result<Vec<ClientId>> {
    let sql = "SELECT id, number FROM client WHERE id = $1 OR merged_into = $1";
    let mut forgotten = Vec::new();
    for row in writer.rows(sql, &[id.into()]).await? {
        let one: ClientId = row.id(0)?;
        search::remove(writer, row.int(1)?).await?;
        for sql in FORGET {
            writer.execute(sql, &[one.into()]).await?;
        }
        forgotten.push(one);
    }
    Ok(forgotten)
}
