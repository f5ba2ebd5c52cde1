//! What a person can do and why, as policy says it.

use trust::access::{Actor, Explanation, Verified};
use values::{ClientId, Error, Result, UserId};

use crate::identity::actions::ExplainAccess;
use crate::identity::people::Account;
use crate::identity::rows::accounts;
use crate::identity::rules;
use crate::{App, permissions};

/// An explanation and what it was made from.
pub struct Explained {
    /// Policy's answer.
    pub why: Explanation,
    /// Whom it is about.
    pub account: Account,
    /// Whether the training holds today.
    pub trained: bool,
}

/// Why a person may or may not do an action, to a client or at all. The person is taken as signed
/// in with the second factor they have.
///
/// # Errors
/// Invalid for an unknown action, or when the client that it is done to is not said; Denied without
/// the right.
pub async fn explain(
    app: &App,
    actor: &Actor,
    user: UserId,
    action: &str,
    client: Option<ClientId>,
) -> Result<Explained> {
    let listed = permissions::all().into_iter().find(|listed| listed.name == action);
    let listed = listed.ok_or_else(|| {
        let (zh, en) = ("没有这个操作", "There is no such action");
        Error::invalid("action", "explain.action", zh, en)
    })?;
    if listed.client && client.is_none() {
        let (zh, en) = (
            "此操作针对某个客户：请填写客户编号或客户全称",
            "This is done to a client: enter its code or full name",
        );
        return Err(Error::invalid("client", "explain.client_needed", zh, en));
    }
    // What is done to no client is explained alike whichever was left in the form.
    let client = client.filter(|_| listed.client);
    let permit = app.access.authorize::<ExplainAccess>(actor, user).await?;
    let mut tx = app.db.read(&permit).await?;
    let account = accounts::by_id(&mut tx, user).await?.ok_or_else(Error::not_found)?;
    let departments = match &account.department {
        Some((id, _)) => accounts::below(&mut tx, *id).await?,
        None => Vec::new(),
    };
    drop(tx);
    let trained = rules::trained(account.training_until, app.today());
    let who = Verified {
        user,
        name: account.display_name.clone(),
        roles: if account.active { account.roles.clone() } else { Vec::new() },
        departments,
        clearance: account.clearance,
        mfa: account.has_factor(),
        trained,
        proved_at: Some(app.clock.now()),
    };
    let person = Actor::person(who, actor.origin().clone(), app.clock.now()).for_purpose("may");
    let why = app.access.explain(&person, listed.name, listed.level, client).await?;
    Ok(Explained { why, account, trained })
}
