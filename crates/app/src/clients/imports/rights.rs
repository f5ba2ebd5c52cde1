//! What the person who imports must be allowed, at the start of every step and batch anew.

use trust::access::Actor;
use values::{Error, Kind, Result};

use super::matching::Mapping;
use super::rows::Run;
use crate::App;
use crate::clients::actions::{CreateConfidential, RunImport};
use crate::identity;

/// Refuses columns of confidential fields to who may not fill these by hand.
///
/// # Errors
/// Denied `import.confidential`, naming the columns.
pub async fn confidential(app: &App, actor: &Actor, run: &Run) -> Result<()> {
    let mapping = Mapping::new(&app.added.all(), &run.header, &run.mapping, run.mode)?;
    let columns: Vec<&str> = mapping
        .filled()
        .filter(|(_, target)| target.spec.level >= 3)
        .filter_map(|(index, _)| run.header.get(index).map(String::as_str))
        .collect();
    if columns.is_empty() {
        return Ok(());
    }
    match app.access.authorize::<CreateConfidential>(actor, ()).await {
        Err(error) if error.kind() == Kind::Denied => {
            let (zh, en) = (columns.join("、"), columns.join(", "));
            Err(Error::new(
                Kind::Denied,
                "import.confidential",
                format!("您没有填写保密信息的权限，请将这些列设为不导入：{zh}"),
                format!("You may not fill confidential fields; leave out these columns: {en}"),
            )
            .with_source(error))
        }
        other => other.map(drop),
    }
}

/// Who carries an import out, as they stand now. The operator at the machine has no account.
///
/// # Errors
/// Denied when the account was closed, or has lost the right to import or to fill these columns.
pub async fn present(app: &App, actor: &Actor, run: &Run) -> Result<Actor> {
    if actor.user().0.is_nil() {
        return Ok(actor.clone());
    }
    let now = identity::actor_of(app, actor.user(), actor.origin().clone()).await.map_err(gone)?;
    match app.access.authorize::<RunImport>(&now, ()).await {
        Err(error) if error.kind() == Kind::Denied => {
            return Err(ended(
                error,
                "import.owner_rights",
                "导入人已没有导入权限，导入已停止；已导入的行保留，可整体撤销",
                "The importer may import no longer, so the import has stopped; what came in stays",
            ));
        }
        permit => drop(permit?),
    }
    confidential(app, &now, run).await?;
    Ok(now)
}

/// Why an import ends whose importer's account was closed; another error stays what it is.
pub fn gone(error: Error) -> Error {
    if error.kind() != Kind::Unauthenticated {
        return error;
    }
    ended(
        error,
        "import.owner_gone",
        "导入人的账号已停用，导入已停止；已导入的行保留，可整体撤销",
        "The importer's account was closed, so the import has stopped; what came in stays",
    )
}

fn ended(cause: Error, code: &'static str, zh: &'static str, en: &'static str) -> Error {
    Error::new(Kind::Denied, code, zh, en).with_source(cause)
}
