//! Taking a whole import back.

use trust::access::Actor;
use trust::record::Change;
use values::{ClientId, Error, ImportId, ItemId, Kind, Result};

use super::operations::{self, Standing};
use super::rows::{self, Reach, Run, Touched};
use super::rules::State;
use crate::App;
use crate::clients::actions::{RecycleClient, UndoImport, UpdateClient, UpdateConfidential};
use crate::clients::custom;
use crate::clients::rows::{self as archive, Authorship, Client, Token};

/// Takes a whole import back in one transaction: the clients that it made are forgotten, those
/// that it changed become what they were.
///
/// # Errors
/// Denied `import.out_of_reach` when the caller may not change one of them by hand; Conflict
/// `import.worked_on` when somebody has worked on its clients, `import.state` when there
/// is nothing to take back; NotFound for another's import.
pub async fn undo(app: &App, actor: &Actor, id: ImportId) -> Result<Standing> {
    let permit = app.access.authorize::<UndoImport>(actor, id).await?;
    let mut tx = app.db.write(&permit).await?;
    let found = rows::find(&mut tx, actor, id, Reach::Owned).await?;
    let run = found.ok_or_else(Error::not_found)?;
    if !run.state.ended() {
        return Err(Error::new(
            Kind::Conflict,
            "import.state",
            "只有已结束的导入可以撤销",
            "Only an import that has ended can be taken back",
        ));
    }
    rows::lock(&mut tx, id).await?;
    let worked_on = rows::worked_on(&mut tx, &run).await?;
    if worked_on > 0 {
        let (zh, en) = why_not(worked_on);
        return Err(Error::new(Kind::Conflict, "import.worked_on", zh, en));
    }
    let made = rows::made(&mut tx, id).await?;
    let touched = rows::touched(&mut tx, id).await?;
    let mut refused = beyond(app, actor, &run, &made).await?;
    for one in &touched {
        refused += i64::from(!take_back(app, actor, &mut tx, &run, one).await?);
    }
    if refused > 0 {
        // The transaction ends here uncommitted, with whatever was taken back so far.
        return Err(out_of_reach(refused));
    }
    rows::forget(&mut tx, id).await?;
    if !rows::settle(&mut tx, id, run.state, State::Undone, run.total).await? {
        return Err(Error::internal("an import that had ended went on"));
    }
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let (forgotten, restored) = (count(made.len()), count(touched.len()));
    let clients: Vec<ClientId> =
        made.into_iter().chain(touched.iter().map(|one| one.client)).collect();
    let change =
        Change::none().clients(clients).count("forgotten", forgotten).count("restored", restored);
    tx.commit(permit.entry(change)).await?;
    operations::view(app, actor, id).await
}

/// How many of the clients that an import made the caller may not make go away. Who imported them
/// may, as long as nobody worked on them; anybody else needs the right to delete each.
async fn beyond(app: &App, actor: &Actor, run: &Run, made: &[ClientId]) -> Result<i64> {
    if run.by == actor.user() {
        return Ok(0);
    }
    let mut beyond = 0;
    for id in made {
        beyond += i64::from(app.access.may::<RecycleClient>(actor, *id).await?.is_none());
    }
    Ok(beyond)
}

fn out_of_reach(clients: i64) -> Error {
    Error::new(
        Kind::Denied,
        "import.out_of_reach",
        format!("其中 {clients} 个客户您没有修改权限，不能整体撤销，请联系其负责人"),
        format!("You may not change {clients} of its clients, so it cannot be taken back"),
    )
}

/// Whether the caller may change by hand what taking an import back changes of a client.
async fn may_restore(app: &App, actor: &Actor, now: &Client, before: &Client) -> Result<bool> {
    if app.access.may::<UpdateClient>(actor, now.id).await?.is_none() {
        return Ok(false);
    }
    let keys = now.fields.keys().chain(before.fields.keys());
    let mut changed = keys.filter(|key| now.fields.get(*key) != before.fields.get(*key));
    let high = |key: &String| custom::spec(app, None, key).is_none_or(|spec| spec.level >= 3);
    if now.items == before.items && !changed.any(high) {
        return Ok(true);
    }
    Ok(app.access.may::<UpdateConfidential>(actor, now.id).await?.is_some())
}

/// Why an import cannot be taken back, in both languages.
#[must_use]
pub fn why_not(worked_on: i64) -> (String, String) {
    (
        format!("导入后已有 {worked_on} 个客户被修改、分配、合并或删除，不能整体撤销"),
        format!("{worked_on} of its clients were worked on since; it cannot be taken back"),
    )
}

/// Gives a client back what it was before; says no, and writes nothing, without the right to.
async fn take_back(
    app: &App,
    actor: &Actor,
    writer: &mut trust::database::Writer,
    run: &Run,
    touched: &Touched,
) -> Result<bool> {
    let now = archive::client(writer, touched.client).await?.ok_or_else(Error::not_found)?;
    let versions = archive::versions(writer, touched.client).await?;
    let version = versions
        .iter()
        .find(|version| version.version == touched.version)
        .ok_or_else(|| Error::internal("the version of an import is missing"))?;
    let mut before = now.clone();
    archive::take_back(&mut before, version)?;
    if !may_restore(app, actor, &now, &before).await? {
        return Ok(false);
    }
    // The stored values come back as they were sealed, so their old tokens hold again.
    let there = rows::tokens(writer, touched.client).await?;
    let tokens = touched
        .tokens
        .iter()
        .filter(|token| !there.contains(token))
        .map(|(item, field, token)| {
            let own = item.iter().all(|byte| *byte == 0);
            let item = if own { None } else { Some(ItemId::from_bytes(item)?) };
            Ok(Token { item, field: field.clone(), token: token.clone() })
        })
        .collect::<Result<Vec<_>>>()?;
    let why = format!("撤销导入 {}", run.file_name);
    let author = Authorship {
        by: (actor.user(), actor.name()),
        source: "undo",
        why: &why,
        at: app.clock.now(),
        today: app.today(),
    };
    archive::save(writer, &now, &before, &tokens, &author).await?;
    Ok(true)
}
