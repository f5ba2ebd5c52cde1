//! Saving figures, the steps from draft to approved, exceptions, and the firm's rules.

use std::collections::BTreeMap;

use fiscal::Severity;
use fiscal::returns::Return;
use fiscal::rules::{Fact, Tolerance};
use fiscal::statements::Statement;
use trust::access::{Actor, Holder, Permit, RelationKind, relations_of};
use trust::database::WriteTx;
use trust::record::Change;
use trust::vault::{Keeps, OpensCore};
use values::{ClientId, Error, Kind, Period, Result, UserId};

use super::actions::{
    ApproveStatements, ChangeRules, CorrectStatements, Figures, ImportStatements, Reason,
    ReviewStatements, SubmitStatements,
};
use super::rows::{self, First, RevisionRow, RuleSettingRow, Set, Signed};
use super::rules::{self, Cause, Revision, SetKind, State, Step, explained};
use super::{checking, rows_open};
use crate::App;

/// What somebody wants to save.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// The statements of a period.
    pub statements: Vec<Statement>,
    /// Or one return.
    pub filed: Option<Return>,
    /// What is known of the client at that period besides.
    pub facts: BTreeMap<Fact, i64>,
}

/// A saving: where, what, why.
#[derive(Debug, Clone)]
pub struct Saving {
    /// Statements or a return.
    pub kind: SetKind,
    /// Of which period.
    pub period: Period,
    /// The figures.
    pub content: Content,
    /// `upload`, `typed` or `command`.
    pub source: &'static str,
    /// The cause, of a correction.
    pub cause: Option<Cause>,
    /// Why, in somebody's words; kept with the figures.
    pub why: String,
    /// The version that was seen; none for a new set.
    pub seen: Option<i64>,
}

/// The error of who saw an older version.
#[must_use]
pub fn stale() -> Error {
    Error::new(
        Kind::Conflict,
        "statement.stale",
        "您打开后，他人已修改了这套报表，请刷新后重试",
        "Somebody changed it after you opened it: reload and try again",
    )
}

/// Somebody who acts now.
#[must_use]
pub fn signed(app: &App, actor: &Actor) -> Signed {
    Signed { id: actor.user(), name: actor.name().to_owned(), at: app.clock.now() }
}

/// Saves figures as a revision and runs the rules on everything that it touches.
///
/// # Errors
/// Conflict `statement.locked`, `statement.cause` or `statement.stale`; Invalid when the content
/// does not fit; Unavailable `core.unavailable`.
pub async fn save(app: &App, actor: &Actor, client: ClientId, saving: Saving) -> Result<Set> {
    if saving.cause.is_some() {
        let permit = app.access.authorize::<CorrectStatements>(actor, client).await?;
        return save_under(app, permit, saving).await;
    }
    let permit = app.access.authorize::<ImportStatements>(actor, client).await?;
    save_under(app, permit, saving).await
}

async fn save_under<A: Keeps<Figures> + OpensCore<Figures>>(
    app: &App,
    permit: Permit<'_, A>,
    saving: Saving,
) -> Result<Set> {
    let client = permit.target();
    let (kind, period, seen) = (saving.kind, saving.period, saving.seen);
    let mut tx = app.db.write(&permit).await?;
    rows::lock(&mut tx, client).await?;
    let sets = rows::sets(&mut tx, client).await?;
    let before =
        sets.into_iter().find(|set| (set.kind, set.period) == (saving.kind, saving.period));
    if before.as_ref().map(|set| set.version) != seen {
        return Err(stale());
    }
    write(app, &permit, &mut tx, before, saving).await?;
    checking::recheck(app, &mut tx, client, period).await?;
    let after = found(rows::sets(&mut tx, client).await?, kind, period)?;
    let change = Change::none().fields([place(kind, period)]).versions(seen, after.version);
    tx.commit(permit.entry(change)).await?;
    Ok(after)
}

/// A set's name on record.
pub(super) fn place(kind: SetKind, period: Period) -> String {
    format!("{}.{period}", kind.key())
}

/// Writes a revision: first to the core store, then that it is the newest of its set.
pub(super) async fn write<A: Keeps<Figures> + OpensCore<Figures>>(
    app: &App,
    permit: &Permit<'_, A>,
    tx: &mut WriteTx<A>,
    before: Option<Set>,
    saving: Saving,
) -> Result<()> {
    let Saving { kind, period, content, source, cause, why, .. } = saving;
    let seen = before.as_ref().map(|set| set.version);
    let state = match &before {
        Some(set) => rules::after_saving(set.state, set.first.is_some(), cause)?,
        None => State::Draft,
    };
    let number = before.as_ref().map_or(0, |set| set.number) + 1;
    let revision = Revision {
        kind: kind.key().to_owned(),
        period,
        number,
        statements: content.statements,
        filed: content.filed,
        facts: content.facts,
        why: explained(&why, cause.is_some())?,
    };
    revision.check(kind)?;
    let bytes = zeroize::Zeroizing::new(serde_json::to_vec(&revision).map_err(Error::internal)?);
    let kept = app.core.put::<Figures, A>(permit, &[&bytes]).await?;
    let mut head = None;
    for kept in kept {
        head = Some(kept.refer(tx, &*app.clock).await?);
    }
    let head = head.ok_or_else(|| Error::internal("nothing was kept"))?;
    let prepared = signed(app, permit.actor());
    let version = seen.unwrap_or(0) + 1;
    let after = match before {
        // A change asks for a review anew.
        Some(set) => Set {
            state,
            version,
            number,
            head,
            prepared: prepared.clone(),
            reviewed: None,
            approved: None,
            ..set
        },
        None => Set {
            client: permit.target(),
            kind,
            period,
            state,
            version,
            number,
            head,
            prepared: prepared.clone(),
            submitted: None,
            reviewed: None,
            approved: None,
            first: None,
            counts: rows::Counts::default(),
            settled: 0,
        },
    };
    rows::save_set(tx, &after, seen).await?;
    let cause = cause.map(|cause| cause.word().to_owned());
    let row =
        RevisionRow { number, address: head, signed: prepared, source: source.to_owned(), cause };
    rows::add_revision(tx, &after, &row).await
}

/// The set of a kind and period.
///
/// # Errors
/// NotFound when there is none.
pub fn found(sets: Vec<Set>, kind: SetKind, period: Period) -> Result<Set> {
    let wanted = |set: &Set| (set.kind, set.period) == (kind, period);
    sets.into_iter().find(wanted).ok_or_else(Error::not_found)
}

/// Takes a step: submits, sends back, reviews, approves or opens again.
///
/// # Errors
/// Conflict when the step is not open; Denied `statement.own_work` for one's own work.
pub async fn advance(
    app: &App,
    actor: &Actor,
    client: ClientId,
    at: (SetKind, Period),
    step: Step,
    seen: i64,
) -> Result<Set> {
    match step {
        Step::Submit => {
            let permit = app.access.authorize::<SubmitStatements>(actor, client).await?;
            advance_under(app, permit, at, step, seen).await
        }
        Step::SendBack | Step::Review => {
            let permit = app.access.authorize::<ReviewStatements>(actor, client).await?;
            advance_under(app, permit, at, step, seen).await
        }
        Step::Approve | Step::Reopen => {
            let permit = app.access.authorize::<ApproveStatements>(actor, client).await?;
            advance_under(app, permit, at, step, seen).await
        }
    }
}

async fn advance_under<A: OpensCore<Figures>>(
    app: &App,
    permit: Permit<'_, A>,
    (kind, period): (SetKind, Period),
    step: Step,
    seen: i64,
) -> Result<Set> {
    let client = permit.target();
    let mut tx = app.db.write(&permit).await?;
    rows::lock(&mut tx, client).await?;
    let set = found(rows::sets(&mut tx, client).await?, kind, period)?;
    if set.version != seen {
        return Err(stale());
    }
    let standing = standing(&set, rows::authors(&mut tx, &set).await?);
    let now = signed(app, permit.actor());
    let state = rules::after(step, &standing, now.id)?;
    let mut after = Set { state, version: set.version + 1, ..set };
    match step {
        Step::Submit => {
            if after.first.is_none() {
                let relations = relations_of(&mut tx, client).await?;
                let of = relations.iter().find(|one| one.kind == RelationKind::Department);
                after.first = Some(First {
                    address: after.head,
                    signed: now.clone(),
                    month: app.today().strftime("%Y-%m").to_string(),
                    department: of.and_then(|one| match one.holder {
                        Holder::Department(id) => Some(id),
                        Holder::User(_) => None,
                    }),
                    errors: after.counts.errors,
                });
            }
            after.submitted = Some(now);
        }
        Step::Review => after.reviewed = Some(now),
        Step::Approve => (after.approved, after.settled) = (Some(now), after.number),
        Step::SendBack | Step::Reopen => (after.reviewed, after.approved) = (None, None),
    }
    rows::save_set(&mut tx, &after, Some(seen)).await?;
    let place = place(kind, period);
    let change = Change::none().fields([place, state.word().to_owned()]);
    tx.commit(permit.entry(change.versions(Some(seen), after.version))).await?;
    Ok(after)
}

/// What a set's steps are decided by.
#[must_use]
pub fn standing(set: &Set, authors: Vec<UserId>) -> rules::Standing {
    rules::Standing {
        state: set.state,
        prepared_by: set.prepared.id,
        authors,
        submitted_by: set.submitted.as_ref().map(|signed| signed.id),
        errors: set.counts.errors,
        warnings: set.counts.warnings,
    }
}

/// Accepts that a rule is broken, for the revision of now, with a reason; never for one's own work.
///
/// # Errors
/// Conflict `statement.not_broken` when it is not, `statement.step` while it is a draft; Denied
/// `statement.own_work`.
pub async fn accept(
    app: &App,
    actor: &Actor,
    client: ClientId,
    (kind, period): (SetKind, Period),
    rule: &str,
    why: &str,
) -> Result<Set> {
    let permit = app.access.authorize::<ReviewStatements>(actor, client).await?;
    let rule = checking::known(rule)?.id;
    let why = explained(why, true)?;
    let mut tx = app.db.write(&permit).await?;
    rows::lock(&mut tx, client).await?;
    let set = found(rows::sets(&mut tx, client).await?, kind, period)?;
    let standing = standing(&set, rows::authors(&mut tx, &set).await?);
    rules::acceptable(&standing, actor.user())?;
    if !rows_open::is_broken(&mut tx, &set, rule).await? {
        return Err(Error::new(
            Kind::Conflict,
            "statement.not_broken",
            "这条规则当前没有不符，或已被接受",
            "This rule is not broken now, or was accepted already",
        ));
    }
    let kept = app.core.put::<Reason, _>(&permit, &[why.as_bytes()]).await?;
    let now = signed(app, actor);
    for kept in kept {
        let reason = kept.refer(&mut tx, &*app.clock).await?;
        rows::add_exception(&mut tx, &set, rule, &now, reason).await?;
    }
    checking::recheck(app, &mut tx, client, period).await?;
    let after = found(rows::sets(&mut tx, client).await?, kind, period)?;
    let place = place(kind, period);
    tx.commit(permit.entry(Change::none().fields([place, rule.to_owned()]))).await?;
    Ok(after)
}

/// Changes the firm's severity and tolerance of a rule; each change is a version. Pages show it
/// at once, the list of open outcomes when the client's figures are next saved.
///
/// # Errors
/// Invalid for an unknown rule or a tolerance that cannot be read; Denied without the right.
pub async fn change_rule(
    app: &App,
    actor: &Actor,
    rule: &str,
    severity: Option<Severity>,
    tolerance: Option<&str>,
) -> Result<()> {
    let permit = app.access.authorize::<ChangeRules>(actor, ()).await?;
    let rule = checking::known(rule)?.id;
    let tolerance = tolerance.map(str::parse::<Tolerance>).transpose()?;
    let mut tx = app.db.write(&permit).await?;
    let number = rows::rule_settings(&mut tx).await?.last().map_or(0, |last| last.number) + 1;
    let row = RuleSettingRow {
        number,
        rule: rule.to_owned(),
        severity: severity.map(|severity| checking::severity_word(severity).to_owned()),
        tolerance: tolerance.map(String::from),
        signed: signed(app, actor),
    };
    rows::add_rule_setting(&mut tx, &row).await?;
    let change = Change::none().fields([rule]).versions(Some(number - 1), number);
    tx.commit(permit.entry(change)).await?;
    Ok(())
}
