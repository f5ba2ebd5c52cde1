//! One-time links: a first password, a lost password, a lost second factor.

use trust::access::{Actor, Origin};
use trust::database::Writer;
use trust::record::Change;
use values::{Error, Kind, Result, UserId};

use super::{gate_for, gate_of};
use crate::App;
use crate::identity::actions::{ApproveReset, GateLookup, ResetUser, UseLink};
use crate::identity::people::{Account, Link, OneTimeLink};
use crate::identity::rows::links::NewLink;
use crate::identity::rows::{accounts, links, sessions};
use crate::identity::{credentials, rules};

/// Makes the link by which a person sets a password.
pub(super) async fn make(
    app: &App,
    writer: &mut Writer,
    actor: &Actor,
    user: UserId,
    needs_second: bool,
) -> Result<OneTimeLink> {
    let secret = credentials::secret(&*app.entropy);
    let now = app.clock.now();
    let expires_at = now.plus_seconds(rules::LINK_SECONDS);
    let new = NewLink {
        digest: credentials::digest(&secret),
        kind: "reset",
        user: Some(user),
        made_by: actor.user(),
        needs_second,
        expires_at,
    };
    links::insert(writer, &new, now).await?;
    Ok(OneTimeLink { path: format!("/reset?token={secret}"), expires_at, needs_second })
}

/// Makes a one-time link for a person who lost password or second factor, or has none yet. For an
/// office and for clearance 3 and more it works only after a second person's yes, unless the
/// operator at the machine makes it.
///
/// # Errors
/// NotFound when there is nobody or the account is closed; Denied without the right.
pub async fn reset(app: &App, actor: &Actor, id: UserId) -> Result<OneTimeLink> {
    let permit = app.access.authorize::<ResetUser>(actor, id).await?;
    let mut tx = app.db.write(&permit).await?;
    let account = accounts::by_id(&mut tx, id).await?.filter(|account| account.active);
    let account = account.ok_or_else(Error::not_found)?;
    let operator = actor.roles().iter().any(|role| role == "local_operator");
    let second = !operator && rules::needs_second_person(&account.roles, account.clearance);
    let link = make(app, &mut tx, actor, id, second).await?;
    let note = if second { "link.waits_for_second" } else { "link.made" };
    tx.commit(permit.entry(Change::none().fields([note]))).await?;
    Ok(link)
}

/// The second person's yes.
///
/// # Errors
/// NotFound when no link waits; Denied when the same person made it or it is their own.
pub async fn approve(app: &App, actor: &Actor, id: UserId) -> Result<()> {
    let permit = app.access.authorize::<ApproveReset>(actor, id).await?;
    let mut tx = app.db.write(&permit).await?;
    let link = links::open_of(&mut tx, id).await?.filter(|link| link.needs_second);
    let link = link.ok_or_else(Error::not_found)?;
    if link.made_by == actor.user() || id == actor.user() {
        return Err(Error::new(
            Kind::Denied,
            "link.same_person",
            "须由另一人批准",
            "Another person must approve it",
        ));
    }
    links::approve(&mut tx, id, actor.user()).await?;
    tx.commit(permit.entry(Change::none().fields(["link.approved"]))).await?;
    Ok(())
}

/// Whom a link is for, if it works.
///
/// # Errors
/// NotFound, in the same words whatever is wrong with it.
pub async fn look(app: &App, secret: &str, origin: &Origin) -> Result<Account> {
    let gate = gate_of(origin);
    let permit = app.access.authorize::<GateLookup>(&gate, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let link = links::by_digest(&mut tx, &credentials::digest(secret)).await?;
    let user = link.filter(|link| works(app, link)).and_then(|link| link.user);
    let user = user.ok_or_else(rules::link_refused)?;
    let account = accounts::by_id(&mut tx, user).await?.filter(|account| account.active);
    account.ok_or_else(rules::link_refused)
}

fn works(app: &App, link: &Link) -> bool {
    link.kind == "reset"
        && !link.used
        && app.clock.now() < link.expires_at
        && (!link.needs_second || link.approved)
}

/// Sets the password through a link, once. The second factor, sessions and tokens go with the old
/// password, and a locked name is open again.
///
/// # Errors
/// NotFound when the link does not work; Invalid when the password is weak.
pub async fn redeem(app: &App, secret: &str, password: &str, origin: &Origin) -> Result<()> {
    let account = look(app, secret, origin).await?;
    rules::check_password(password, &account.name)?;
    let hash = credentials::hash(password, &*app.entropy).await?;
    let gate = gate_for(origin, account.id, &account.display_name);
    let permit = app.access.authorize::<UseLink>(&gate, account.id).await?;
    let mut tx = app.db.write(&permit).await?;
    let now = app.clock.now();
    let digest = credentials::digest(secret);
    let link = links::by_digest(&mut tx, &digest).await?.filter(|link| works(app, link));
    if link.is_none() || !links::spend(&mut tx, &digest, now).await? {
        return Err(rules::link_refused());
    }
    accounts::set_password(&mut tx, account.id, &hash).await?;
    accounts::clear_factor(&mut tx, account.id).await?;
    sessions::end_all(&mut tx, account.id, None, now).await?;
    sessions::revoke_tokens(&mut tx, account.id, now).await?;
    let mark = app.keyring.token("sign_in.name", &rules::folded(&account.name))?;
    sessions::forget_failures(&mut tx, &mark).await?;
    tx.commit(permit.entry(Change::none().fields(["link.used"]))).await?;
    Ok(())
}
