//! Masked values asked for in full, and identity numbers verified against: on record before
//! anything is shown.

use trust::access::Actor;
use trust::record::Change;
use values::{ClientId, Error, ItemId, Kind, Result};
use zeroize::Zeroizing;

use super::actions::{RevealConfidential, RevealIdentity, VerifyIdentity};
use super::custom;
use super::fields::{Keeping, Spec};
use super::rows;
use super::rules::{self, Stored};
use super::seal::{self, Home};
use crate::{App, settings};

/// Which value is meant: a field of the client, or of a row of one of its lists.
#[derive(Debug, Clone, Copy)]
pub struct Which<'a> {
    /// The list and its row.
    pub item: Option<(&'a str, ItemId)>,
    /// The field.
    pub key: &'a str,
}

impl Which<'_> {
    async fn spec(&self, app: &App) -> Result<&'static Spec> {
        custom::meet(app, [self.key]).await?;
        let spec = custom::spec(app, self.item.map(|(list, _)| list), self.key);
        spec.filter(|spec| spec.sealed()).ok_or_else(|| {
            Error::invalid("field", "client.not_sealed", "该字段未加密", "This field is not sealed")
        })
    }

    const fn home(&self, client: ClientId) -> Home {
        match self.item {
            Some((_, id)) => Home::Item(id),
            None => Home::Client(client),
        }
    }
}

/// Reveals a masked value for a purpose: decided, counted, recorded, and only then opened.
///
/// # Errors
/// Denied with the missing right; Limited when today's number is used up.
pub async fn reveal(
    app: &App,
    actor: &Actor,
    client: ClientId,
    which: Which<'_>,
    purpose: &str,
) -> Result<Zeroizing<String>> {
    let spec = which.spec(app).await?;
    if purpose.trim().is_empty() {
        return Err(Error::invalid(
            "purpose",
            "purpose.needed",
            "请说明用途",
            "Say what it is for",
        ));
    }
    let actor = actor.clone().for_purpose(purpose.trim());
    if spec.keeping == Keeping::Identity {
        let permit = app.access.authorize::<RevealIdentity>(&actor, client).await?;
        let mut tx = app.db.write(&permit).await?;
        let value = value(&mut tx, client, which).await?;
        if let Some(limit) = used_up(app, &mut tx, &actor, "").await? {
            tx.commit(permit.entry(Change::none().fields(["refused.limit"]))).await?;
            return Err(limit);
        }
        let receipt = tx.commit(permit.entry(Change::none().fields([spec.path()]))).await?;
        return seal::reveal_identity(&app.keyring, &receipt, spec, which.home(client), &value);
    }
    let permit = app.access.authorize::<RevealConfidential>(&actor, client).await?;
    let mut tx = app.db.write(&permit).await?;
    let value = value(&mut tx, client, which).await?;
    let receipt = tx.commit(permit.entry(Change::none().fields([spec.path()]))).await?;
    seal::reveal_confidential(&app.keyring, &receipt, spec, which.home(client), &value)
}

async fn value(
    tx: &mut trust::database::Writer,
    client: ClientId,
    which: Which<'_>,
) -> Result<Stored> {
    let client = rows::client(tx, client).await?.ok_or_else(Error::not_found)?;
    let fields = match which.item {
        None => &client.fields,
        Some((list, id)) => {
            let item = client.list(list).find(|item| item.id == id);
            return item
                .and_then(|item| item.fields.get(which.key).cloned())
                .ok_or_else(Error::not_found);
        }
    };
    fields.get(which.key).cloned().ok_or_else(Error::not_found)
}

/// Counts one more of today's, and gives the refusal when they are used up; the attempt is on
/// record either way.
async fn used_up(
    app: &App,
    tx: &mut trust::database::Writer,
    actor: &Actor,
    what: &str,
) -> Result<Option<Error>> {
    let most = settings::current(tx).await?.reveal_daily_limit();
    let day = format!("{what}{}", app.today());
    let shown = rows::count_reveal(tx, actor.user(), &day).await?;
    Ok((shown > most).then(|| {
        Error::new(
            Kind::Limited,
            "client.reveal_limit",
            format!("今日次数已达上限（{most} 次）"),
            format!("Today's {most} are used up"),
        )
    }))
}

/// Compares a typed identity number with the stored one; that it was compared is on record,
/// neither number is.
///
/// # Errors
/// NotFound when none is stored; Invalid when the typed one is no identity number.
pub async fn verify_identity(
    app: &App,
    actor: &Actor,
    client: ClientId,
    which: Which<'_>,
    typed: &str,
) -> Result<bool> {
    let spec = which.spec(app).await?;
    let permit = app.access.authorize::<VerifyIdentity>(actor, client).await?;
    let checked = rules::check(spec, typed, app.today())
        .map_err(|f| Error::invalid("value", f.code, f.zh, f.en))?
        .ok_or_else(|| {
            Error::invalid("value", "value.missing", "请输入证件号", "Enter the number")
        })?;
    let token = app.keyring.token(seal::kind_of(spec.kind), &checked.value)?;
    let mut tx = app.db.write(&permit).await?;
    // A number can be guessed from the division and the birth date: guesses are few.
    if let Some(limit) = used_up(app, &mut tx, actor, "verify ").await? {
        tx.commit(permit.entry(Change::none().fields(["refused.limit"]))).await?;
        return Err(limit);
    }
    let item = which.item.map(|(_, id)| id);
    let matched = rows::token_matches(&mut tx, client, item, &spec.path(), token)
        .await?
        .ok_or_else(|| {
            Error::new(
                Kind::NotFound,
                "client.identity_missing",
                "尚未登记证件号",
                "No number is stored",
            )
        })?;
    tx.commit(permit.entry(Change::none().fields([spec.path()]))).await?;
    Ok(matched)
}
