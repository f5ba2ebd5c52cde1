//! The first start: one link on the console, the firm and its first people, the recovery sheet.

use trust::access::{Actor, Origin};
use trust::database::Reader;
use trust::record::Change;
use trust::vault;
use values::{DepartmentId, Error, Kind, Result, UserId};

use super::people::Draft;
use super::{own, seed_place};
use crate::App;
use crate::identity::actions::{CompleteSetup, LookAtSetup, ShowRecovery, TotpSeed};
use crate::identity::rows::links::NewLink;
use crate::identity::rows::{accounts, links};
use crate::identity::{credentials, rules};
use crate::settings;

/// How far a set-up has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The firm and its first people are to be named.
    People,
    /// The recovery sheet is to be kept and its last block typed back.
    Recovery,
}

fn setup_actor(origin: Origin) -> Actor {
    Actor::part_of_heng("setup", origin)
}

/// Begins set-up on a store without people, or goes on with one that was not finished. The secret
/// of the one-time link comes back; an earlier link stops working.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn begin_setup(app: &App) -> Result<Option<String>> {
    let actor = setup_actor(Origin::default());
    let permit = app.access.authorize::<CompleteSetup>(&actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    if accounts::any(&mut tx).await? && !links::setup_open(&mut tx).await? {
        return Ok(None);
    }
    let secret = credentials::secret(&*app.entropy);
    let now = app.clock.now();
    let new = NewLink {
        digest: credentials::digest(&secret),
        kind: "setup",
        user: None,
        made_by: actor.user(),
        needs_second: false,
        expires_at: now.plus_seconds(rules::LINK_SECONDS),
    };
    links::insert(&mut tx, &new, now).await?;
    tx.commit(permit.entry(Change::none().fields(["setup.begun"]))).await?;
    Ok(Some(secret))
}

/// Whether set-up waits to be finished.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn setup_is_open(app: &App) -> Result<bool> {
    let actor = setup_actor(Origin::default());
    let permit = app.access.authorize::<LookAtSetup>(&actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    Ok(!accounts::any(&mut tx).await? || links::setup_open(&mut tx).await?)
}

async fn check_link(app: &App, reader: &mut Reader, secret: &str) -> Result<()> {
    let link = links::by_digest(reader, &credentials::digest(secret)).await?;
    let good = link.is_some_and(|link| {
        link.kind == "setup" && !link.used && app.clock.now() < link.expires_at
    });
    if good { Ok(()) } else { Err(rules::link_refused()) }
}

/// Where the holder of the link is.
///
/// # Errors
/// NotFound when the link does not work.
pub async fn step(app: &App, secret: &str, origin: &Origin) -> Result<Step> {
    let actor = setup_actor(origin.clone());
    let permit = app.access.authorize::<CompleteSetup>(&actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    check_link(app, &mut tx, secret).await?;
    Ok(if accounts::any(&mut tx).await? { Step::Recovery } else { Step::People })
}

/// One of the first people.
#[derive(Debug, Clone, Default)]
pub struct Founder {
    /// The account; its department is named beside it.
    pub draft: Draft,
    /// The name of the department, if any.
    pub department: Option<String>,
    /// The stored form of the password.
    pub password_hash: String,
    /// The seed of one-time codes in base32, for samples; people set theirs up themselves.
    pub totp_seed: Option<String>,
}

/// A firm as it starts.
#[derive(Debug, Clone, Default)]
pub struct Founding {
    /// The name of the firm.
    pub firm: String,
    /// The first people; each office has a holder.
    pub people: Vec<Founder>,
}

/// The stored form of a password typed at set-up.
///
/// # Errors
/// Invalid when it is weak.
pub async fn founder_password(app: &App, password: &str, name: &str) -> Result<String> {
    rules::check_password(password, name)?;
    credentials::hash(password, &*app.entropy).await
}

/// Makes the firm's first people on a store that has none; for set-up, samples and tests.
///
/// # Errors
/// Conflict when there are people; Invalid when an office has no holder or a draft does not fit.
pub async fn found(app: &App, founding: &Founding, origin: &Origin) -> Result<Vec<UserId>> {
    found_through(app, founding, None, origin).await
}

/// The same through the one-time link.
///
/// # Errors
/// As [`found`]; NotFound when the link does not work.
pub async fn found_through(
    app: &App,
    founding: &Founding,
    secret: Option<&str>,
    origin: &Origin,
) -> Result<Vec<UserId>> {
    rules::check_title("firm", &founding.firm)?;
    for office in ["sysadmin", "secadmin", "auditor"] {
        if !founding.people.iter().any(|p| p.draft.roles.iter().any(|role| role == office)) {
            return Err(rules::last_holder(office));
        }
    }
    let actor = setup_actor(origin.clone());
    let permit = app.access.authorize::<CompleteSetup>(&actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    if let Some(secret) = secret {
        check_link(app, &mut tx, secret).await?;
    }
    if accounts::any(&mut tx).await? {
        return Err(already_done());
    }
    let now = app.clock.now();
    settings::name_firm(&mut tx, founding.firm.trim(), now).await?;
    let mut departments: Vec<(String, DepartmentId)> = Vec::new();
    let mut ids = Vec::with_capacity(founding.people.len());
    for person in &founding.people {
        let mut new = person.draft.checked(app, app.running.strict_offices)?;
        if let Some(name) = &person.department {
            let known = departments.iter().find(|(known, _)| known == name).map(|(_, id)| *id);
            new.department = Some(match known {
                Some(id) => id,
                None => {
                    let id = DepartmentId::new(&*app.clock, &*app.entropy);
                    accounts::insert_department(&mut tx, id, name, None).await?;
                    departments.push((name.clone(), id));
                    id
                }
            });
        }
        new.password_hash = Some(person.password_hash.clone());
        if let Some(seed) = &person.totp_seed {
            let sealed = app.keyring.seal::<TotpSeed>(seed_place(&new.id), seed)?;
            new.totp = Some(sealed.to_store());
        }
        accounts::insert(&mut tx, &new, now).await?;
        ids.push(new.id);
    }
    tx.commit(permit.entry(Change::none().fields(["setup.people"]))).await?;
    Ok(ids)
}

fn already_done() -> Error {
    Error::new(
        Kind::Conflict,
        "setup.done",
        "机构与首批人员已经建立",
        "The firm and its first people are there already",
    )
}

/// The blocks of the recovery sheet, for the holder of the set-up link. Their being shown is on
/// record first.
///
/// # Errors
/// NotFound when the link does not work.
pub async fn recovery_blocks(app: &App, secret: &str, origin: &Origin) -> Result<Vec<String>> {
    let actor = setup_actor(origin.clone());
    let permit = app.access.authorize::<CompleteSetup>(&actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    check_link(app, &mut tx, secret).await?;
    let _receipt = tx.commit(permit.entry(Change::none().fields(["setup.recovery_shown"]))).await?;
    Ok(vault::blocks(&app.trust.master))
}

/// Finishes set-up when the last block of the recovery sheet was typed back.
///
/// # Errors
/// Invalid when the block is another; NotFound when the link does not work.
pub async fn finish(app: &App, secret: &str, block: &str, origin: &Origin) -> Result<()> {
    let actor = setup_actor(origin.clone());
    let permit = app.access.authorize::<CompleteSetup>(&actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    check_link(app, &mut tx, secret).await?;
    if !accounts::any(&mut tx).await? {
        return Err(rules::link_refused());
    }
    let last = vault::blocks(&app.trust.master).len();
    if !vault::block_matches(&app.trust.master, last, block) {
        return Err(Error::invalid(
            "block",
            "setup.block",
            "与恢复单最后一组不符，请核对打印件",
            "This is not the last block of the recovery sheet",
        ));
    }
    vault::confirm_recovery(&mut tx).await?;
    if !links::spend(&mut tx, &credentials::digest(secret), app.clock.now()).await? {
        return Err(rules::link_refused());
    }
    tx.commit(permit.entry(Change::none().fields(["setup.finished"]))).await?;
    Ok(())
}

/// The blocks of the recovery sheet, for a security administrator who just proved who they are.
///
/// # Errors
/// Denied without the right or without a fresh proof.
pub async fn print_recovery(app: &App, actor: &Actor) -> Result<Vec<String>> {
    let permit = app.access.authorize::<ShowRecovery>(actor, ()).await?;
    if !actor.is_fresh() {
        return Err(own::proof_needed());
    }
    let tx = app.db.write(&permit).await?;
    let _receipt = tx.commit(permit.entry(Change::none().fields(["recovery.shown"]))).await?;
    Ok(vault::blocks(&app.trust.master))
}
