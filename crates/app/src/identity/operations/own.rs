//! One's own account: who I am, my sessions, my second factor, my password, my tokens.

use jiff::civil::Date;
use trust::access::{Actor, Verified};
use trust::record::Change;
use trust::vault::Sealed;
use uuid::Uuid;
use values::{Error, Kind, Micros, Result, new_uuid};

use super::gate::{Factor, Marks, factor, lasting, recovery_digest, refuse, spend};
use super::{gate_of, seed_place};
use crate::App;
use crate::identity::actions::{
    ChangePassword, ChangeToken, EndOwnSession, EnrolFactor, GateLookup, ListOwnSessions,
    ListSessions, ListTokens, RenewProof, RevokeSession, TotpSeed, ViewSelf,
};
use crate::identity::people::{Account, Session, Token};
use crate::identity::rows::{accounts, sessions};
use crate::identity::{credentials, rules};
use crate::{permissions, settings};

/// Who the caller is and what they may do.
pub struct Me {
    /// The account.
    pub account: Account,
    /// The actions that policy allows, as far as they do not depend on one client.
    pub permissions: Vec<&'static str>,
    /// Whether a second factor must be set up before other things are open.
    pub factor_needed: bool,
    /// The name of the firm.
    pub firm: String,
    /// The language that the firm starts with.
    pub locale: String,
    /// The purposes offered for revealing and for exports.
    pub purposes: (Vec<String>, Vec<String>),
}

/// The caller's own account.
///
/// # Errors
/// Denied to parts of Heng, which have none.
pub async fn me(app: &App, actor: &Actor) -> Result<Me> {
    let permit = app.access.authorize::<ViewSelf>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let account = accounts::by_id(&mut tx, actor.user()).await?.ok_or_else(Error::not_found)?;
    let settings = settings::current(&mut tx).await?;
    let (firm, locale) = (settings.firm_name().to_owned(), settings.locale().to_owned());
    let purposes = (settings.reveal_purposes(), settings.export_purposes());
    drop(tx);
    let able = able(app, actor, &account);
    let mut names = Vec::new();
    for listed in permissions::all() {
        let relations: &[_] = if listed.client { &trust::access::RelationKind::ALL } else { &[] };
        if !names.contains(&listed.name)
            && app.access.allows(&able, listed.name, listed.level, listed.client, relations)?
        {
            names.push(listed.name);
        }
    }
    names.sort_unstable();
    let factor_needed = rules::needs_factor(&account.roles, account.clearance) && !actor.mfa();
    Ok(Me { account, permissions: names, factor_needed, firm, locale, purposes })
}

/// The caller as they would be with a purpose and a fresh proof: these are asked for when the
/// time comes and do not decide whether a button is there.
fn able(app: &App, actor: &Actor, account: &Account) -> Actor {
    let now = app.clock.now();
    let who = Verified {
        user: actor.user(),
        name: actor.name().to_owned(),
        roles: actor.roles().to_vec(),
        departments: actor.departments().to_vec(),
        clearance: actor.clearance(),
        mfa: actor.mfa(),
        trained: rules::trained(account.training_until, app.today()),
        proved_at: Some(now),
    };
    Actor::person(who, actor.origin().clone(), now).for_purpose("may")
}

/// Proves again, in this session, who the caller is.
///
/// # Errors
/// Unauthenticated when the password or code is wrong, or the name is locked.
pub async fn renew_proof(
    app: &App,
    actor: &Actor,
    session: Uuid,
    password: &str,
    code: Option<&str>,
) -> Result<()> {
    let proven = proven(app, actor, password, code).await?;
    let permit = app.access.authorize::<RenewProof>(actor, actor.user()).await?;
    let mut tx = app.db.write(&permit).await?;
    let now = app.clock.now();
    proven.marks.check_again(app, &mut tx).await?;
    if !spend(&mut tx, proven.account.id, &proven.factor, now).await? {
        drop(tx);
        return proven.refuse(app, actor).await;
    }
    sessions::note_proof(&mut tx, session, proven.factor.is_shown(), now).await?;
    tx.commit(permit.entry(Change::none())).await?;
    Ok(())
}

/// A caller whose password and code were right, and where failures are counted until the code is
/// spent.
struct Proven {
    account: Account,
    factor: Factor,
    marks: Marks,
}

impl Proven {
    /// The code was spent before: that counts as a wrong one does.
    async fn refuse<T>(&self, app: &App, actor: &Actor) -> Result<T> {
        let gate = gate_of(actor.origin());
        refuse(app, &gate, &self.marks, self.account.id, "refused.proof").await
    }
}

/// Checks the caller's password and code, counting failures as a sign-in does.
async fn proven(app: &App, actor: &Actor, password: &str, code: Option<&str>) -> Result<Proven> {
    let gate = gate_of(actor.origin());
    let permit = app.access.authorize::<GateLookup>(&gate, ()).await?;
    let account = {
        let mut tx = app.db.read(&permit).await?;
        accounts::by_id(&mut tx, actor.user()).await?.ok_or_else(rules::ended)?
    };
    // No connection is held while the name's turn is waited for.
    let marks = Marks::of(app, &account.name, actor.origin()).await?;
    let mut tx = app.db.read(&permit).await?;
    if let Some(held) = marks.check(app, &mut tx).await? {
        return Err(held);
    }
    drop(tx);
    let right = credentials::fits(password, account.password_hash.as_deref()).await?;
    let shown = if right { factor(app, &permit, &account, code)? } else { None };
    match shown {
        Some(factor) => Ok(Proven { account, factor, marks }),
        None => refuse(app, &gate, &marks, account.id, "refused.proof").await,
    }
}

/// The refusal of what takes a fresh proof.
#[must_use]
pub fn proof_needed() -> Error {
    Error::new(Kind::Denied, "denied.proof", "请先重新验证身份", "Prove who you are again")
}

/// A second factor to be confirmed.
pub struct Enrolment {
    /// The seed in base32.
    pub secret: String,
    /// The same for authenticators.
    pub uri: String,
    /// The same as a picture.
    pub qr_svg: String,
}

/// Begins setting up a second factor; replacing one takes a fresh proof.
///
/// # Errors
/// Denied (`denied.proof`) when there is one already and the proof is old.
pub async fn enrol_factor(app: &App, actor: &Actor) -> Result<Enrolment> {
    let permit = app.access.authorize::<EnrolFactor>(actor, actor.user()).await?;
    let mut tx = app.db.write(&permit).await?;
    let account = accounts::by_id(&mut tx, actor.user()).await?.ok_or_else(rules::ended)?;
    if account.has_factor() && !actor.is_fresh() {
        return Err(proof_needed());
    }
    let firm = settings::current(&mut tx).await?.firm_name().to_owned();
    let seed = credentials::new_seed(&*app.entropy);
    let sealed = app.keyring.seal::<TotpSeed>(seed_place(&account.id), &seed)?;
    accounts::set_pending_factor(&mut tx, account.id, sealed.to_store()).await?;
    tx.commit(permit.entry(Change::none().fields(["factor.begun"]))).await?;
    let uri = credentials::totp_uri(&seed, &account.name, &firm);
    Ok(Enrolment { qr_svg: credentials::qr_svg(&uri)?, secret: seed.to_string(), uri })
}

/// Confirms the second factor with a first code, and gives the recovery codes. Other sessions end,
/// and all tokens.
///
/// # Errors
/// Invalid when the code is wrong or nothing was begun.
pub async fn confirm_factor(
    app: &App,
    actor: &Actor,
    session: Uuid,
    code: &str,
) -> Result<Vec<String>> {
    let permit = app.access.authorize::<EnrolFactor>(actor, actor.user()).await?;
    let mut tx = app.db.write(&permit).await?;
    let account = accounts::by_id(&mut tx, actor.user()).await?.ok_or_else(rules::ended)?;
    let wrong = || Error::invalid("code", "totp.wrong", "验证码不正确", "The code is wrong");
    let Some(pending) = account.totp_pending.clone() else { return Err(wrong()) };
    let sealed = Sealed::<TotpSeed>::stored(pending.clone());
    let seed = app.keyring.open(&permit, seed_place(&account.id), &sealed)?;
    let now = app.clock.now();
    let Some(step) = credentials::step_of(&seed, code, now)? else { return Err(wrong()) };
    let codes = credentials::recovery_codes(&*app.entropy);
    let digests = codes
        .iter()
        .map(|code| recovery_digest(app, &credentials::plain_code(code)))
        .collect::<Result<Vec<_>>>()?;
    if step <= account.totp_step {
        return Err(wrong());
    }
    accounts::confirm_factor(&mut tx, account.id, pending, step, &digests).await?;
    sessions::note_proof(&mut tx, session, true, now).await?;
    sessions::end_all(&mut tx, account.id, Some(session), now).await?;
    sessions::revoke_tokens(&mut tx, account.id, now).await?;
    tx.commit(permit.entry(Change::none().fields(["factor.confirmed"]))).await?;
    Ok(codes)
}

/// Changes the caller's password; other sessions end, and all tokens.
///
/// # Errors
/// Unauthenticated when the present password is wrong; Invalid when the new one is weak.
pub async fn change_password(
    app: &App,
    actor: &Actor,
    session: Uuid,
    (present, code): (&str, Option<&str>),
    new: &str,
) -> Result<()> {
    let proven = proven(app, actor, present, code).await?;
    let account = &proven.account;
    rules::check_password(new, &account.name)?;
    let hash = credentials::hash(new, &*app.entropy).await?;
    let permit = app.access.authorize::<ChangePassword>(actor, actor.user()).await?;
    let mut tx = app.db.write(&permit).await?;
    let now = app.clock.now();
    proven.marks.check_again(app, &mut tx).await?;
    if !spend(&mut tx, proven.account.id, &proven.factor, now).await? {
        drop(tx);
        return proven.refuse(app, actor).await;
    }
    accounts::set_password(&mut tx, account.id, &hash).await?;
    sessions::end_all(&mut tx, account.id, Some(session), now).await?;
    sessions::revoke_tokens(&mut tx, account.id, now).await?;
    tx.commit(permit.entry(Change::none())).await?;
    Ok(())
}

/// The open sessions: the caller's own, or everybody's.
///
/// # Errors
/// Denied when everybody's are asked for without the right.
pub async fn list_sessions(app: &App, actor: &Actor, all: bool) -> Result<Vec<Session>> {
    let now = app.clock.now();
    let (mut found, lasting) = if all {
        let permit = app.access.authorize::<ListSessions>(actor, ()).await?;
        let mut tx = app.db.read(&permit).await?;
        (sessions::list(&mut tx, None).await?, lasting(&mut tx).await?)
    } else {
        let permit = app.access.authorize::<ListOwnSessions>(actor, ()).await?;
        let mut tx = app.db.read(&permit).await?;
        (sessions::list(&mut tx, Some(actor.user())).await?, lasting(&mut tx).await?)
    };
    for session in &mut found {
        session.ends_at = lasting.ends(session.created_at, session.seen_at);
    }
    found.retain(|session| now < session.ends_at);
    Ok(found)
}

/// Ends a session: one's own, or with the right anybody's.
///
/// # Errors
/// NotFound when there is none; Denied when it is another's and the right is missing.
pub async fn end_session(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let permit = app.access.authorize::<ViewSelf>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let session = sessions::by_id(&mut tx, id).await?;
    drop(tx);
    let now = app.clock.now();
    match session {
        Some(session) if session.user == actor.user() => {
            let permit = app.access.authorize::<EndOwnSession>(actor, session.user).await?;
            let mut tx = app.db.write(&permit).await?;
            sessions::end(&mut tx, id, now).await?;
            tx.commit(permit.entry(Change::none())).await?;
        }
        Some(session) => {
            let permit = app.access.authorize::<RevokeSession>(actor, session.user).await?;
            let mut tx = app.db.write(&permit).await?;
            sessions::end(&mut tx, id, now).await?;
            tx.commit(permit.entry(Change::none())).await?;
        }
        None => return Err(Error::not_found()),
    }
    Ok(())
}

/// The caller's tokens.
///
/// # Errors
/// Denied without the right.
pub async fn list_tokens(app: &App, actor: &Actor) -> Result<Vec<Token>> {
    let permit = app.access.authorize::<ListTokens>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    sessions::tokens(&mut tx, actor.user()).await
}

/// What a token is made with.
pub struct TokenDraft<'a> {
    /// What its owner calls it.
    pub name: &'a str,
    /// Whether it may change things.
    pub writes: bool,
    /// The last day on which it works.
    pub expires_on: Date,
}

/// Makes a token; its secret is shown this once. It outlives the session: it takes a fresh proof.
///
/// # Errors
/// Invalid when the last day is past or too far; Denied (`denied.proof`) when the proof is old.
pub async fn create_token(
    app: &App,
    actor: &Actor,
    draft: &TokenDraft<'_>,
) -> Result<(Token, String)> {
    rules::check_title("name", draft.name)?;
    let now = app.clock.now();
    let expires_at = draft
        .expires_on
        .tomorrow()
        .ok()
        .and_then(|day| Micros::start_of(day, &app.running.zone))
        .filter(|at| *at > now && *at <= now.plus_seconds(rules::TOKEN_DAYS * 86_400))
        .ok_or_else(|| {
            Error::invalid(
                "expires_on",
                "token.expiry",
                "到期日须在今天以后、一年以内",
                "The last day must be within the coming year",
            )
        })?;
    let permit = app.access.authorize::<ChangeToken>(actor, actor.user()).await?;
    if !actor.is_fresh() {
        return Err(proof_needed());
    }
    let mut tx = app.db.write(&permit).await?;
    let secret = format!("heng_{}", credentials::secret(&*app.entropy));
    let id = new_uuid(&*app.clock, &*app.entropy);
    let new = sessions::NewToken {
        id,
        digest: credentials::digest(&secret),
        user: actor.user(),
        name: draft.name.trim(),
        writes: draft.writes,
        mfa: actor.mfa(),
        expires_at,
    };
    sessions::insert_token(&mut tx, &new, now).await?;
    tx.commit(permit.entry(Change::none().fields(["token.made"]))).await?;
    let token = Token {
        id,
        name: new.name.to_owned(),
        writes: draft.writes,
        created_at: now,
        expires_at,
        used_at: None,
    };
    Ok((token, secret))
}

/// Revokes one of the caller's tokens.
///
/// # Errors
/// NotFound when the caller has none with this id.
pub async fn revoke_token(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let permit = app.access.authorize::<ChangeToken>(actor, actor.user()).await?;
    let mut tx = app.db.write(&permit).await?;
    if !sessions::revoke_token(&mut tx, actor.user(), id, app.clock.now()).await? {
        return Err(Error::not_found());
    }
    tx.commit(permit.entry(Change::none().fields(["token.revoked"]))).await?;
    Ok(())
}
