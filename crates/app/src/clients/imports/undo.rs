//! Taking a whole import back.

use trust::access::Actor;
use trust::record::Change;
use values::{ClientId, Error, ImportId, ItemId, Kind, Result};

use super::operations::{self, Standing};
use super::rows::{self, Reach, Run, Touched};
use super::rules::State;
use crate::App;
use crate::clients::actions::UndoImport;
use crate::clients::rows::{self as archive, Authorship, Token};

/// Takes a whole import back in one transaction: the clients that it made are forgotten, those
/// that it changed become what they were.
///
/// # Errors
/// Conflict `import.worked_on` when somebody has worked on its clients, `import.state` when there
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
    let worked_on = rows::worked_on(&mut tx, &run).await?;
    if worked_on > 0 {
        let (zh, en) = why_not(worked_on);
        return Err(Error::new(Kind::Conflict, "import.worked_on", zh, en));
    }
    let made = rows::made(&mut tx, id).await?;
    let touched = rows::touched(&mut tx, id).await?;
    for one in &touched {
        take_back(app, actor, &mut tx, &run, one).await?;
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

/// Why an import cannot be taken back, in both languages.
#[must_use]
pub fn why_not(worked_on: i64) -> (String, String) {
    (
        format!("导入后已有 {worked_on} 个客户被修改、分配、合并或删除，不能整体撤销"),
        format!("{worked_on} of its clients were worked on since; it cannot be taken back"),
    )
}

async fn take_back(
    app: &App,
    actor: &Actor,
    writer: &mut trust::database::Writer,
    run: &Run,
    touched: &Touched,
) -> Result<()> {
    let now = archive::client(writer, touched.client).await?.ok_or_else(Error::not_found)?;
    let versions = archive::versions(writer, touched.client).await?;
    let version = versions
        .iter()
        .find(|version| version.version == touched.version)
        .ok_or_else(|| Error::internal("the version of an import is missing"))?;
    let mut before = now.clone();
    archive::take_back(&mut before, version)?;
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
    Ok(())
}
