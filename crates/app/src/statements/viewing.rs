//! Looking at statements: what there is of a client, one set with its figures and what rules say,
//! its history, the firm's open outcomes and its accuracy.

use fiscal::rules::RuleResult;
use trust::access::Actor;
use values::{ClientId, Error, Period, Result, UserId};

use super::actions::{
    ApproveStatements, CorrectStatements, Figures, ImportStatements, ListOutcomes, ListStatements,
    ReadChart, Reason, ReviewStatements, SubmitStatements, ViewStatements,
};
use super::checking;
use super::operations::{found, standing};
use super::rows::{self, RevisionRow, RuleSettingRow, Set, Signed};
use super::rows_open::{self, OpenFilter, OpenRow};
use super::rows_uploads::{self, AccuracyRow, By, FirstFilter, FirstRow};
use super::rules::{self, Cause, Revision, SetKind, State, Step};
use crate::App;

/// What a caller may do with a set now.
#[derive(Debug, Clone)]
pub struct May {
    /// `import`, `correct`, `submit`, `send_back`, `review`, `accept`, `approve` or `reopen`.
    pub what: &'static str,
    /// Why not, in Chinese and English; nothing when it is allowed.
    pub refused: Option<(String, String)>,
}

/// An accepted exception with its reason.
#[derive(Debug, Clone)]
pub struct Exception {
    /// The rule.
    pub rule: String,
    /// The revision that it was accepted for.
    pub number: i64,
    /// By whom and when.
    pub signed: Signed,
    /// Why.
    pub why: String,
}

/// A set with its figures.
#[derive(Debug, Clone)]
pub struct Page {
    /// The set.
    pub set: Set,
    /// The revision that is shown.
    pub revision: Revision,
    /// What rules say, of the newest revision only.
    pub results: Vec<RuleResult>,
    /// Exceptions of the newest revision.
    pub exceptions: Vec<Exception>,
    /// What the caller may do.
    pub may: Vec<May>,
}

/// What there is of a client, the newest period first; no figure.
///
/// # Errors
/// NotFound outside the caller's row scope.
pub async fn list(app: &App, actor: &Actor, client: ClientId) -> Result<(Vec<Set>, Vec<May>)> {
    let permit = app.access.authorize::<ListStatements>(actor, client).await?;
    let mut tx = app.db.read(&permit).await?;
    let sets = rows::sets(&mut tx, client).await?;
    drop(tx);
    let import = app.access.may::<ImportStatements>(actor, client).await?.is_some();
    let view = app.access.may::<ViewStatements>(actor, client).await?.is_some();
    let may = |what, allowed: bool| May { what, refused: (!allowed).then(no_right) };
    Ok((sets, vec![may("import", import), may("view", view)]))
}

fn no_right() -> (String, String) {
    ("您的角色或密级没有此项权限".to_owned(), "Your role or clearance lacks this right".to_owned())
}

/// A set as its page shows it: the newest revision, or an earlier one.
///
/// # Errors
/// NotFound when there is none; Unavailable `core.unavailable`.
pub async fn view(
    app: &App,
    actor: &Actor,
    client: ClientId,
    (kind, period): (SetKind, Period),
    number: Option<i64>,
) -> Result<Page> {
    let permit = app.access.authorize::<ViewStatements>(actor, client).await?;
    let mut tx = app.core.read(&app.db, &permit).await?;
    let sets = rows::sets(&mut tx, client).await?;
    let set = found(sets.clone(), kind, period)?;
    let mut address = set.head;
    if let Some(number) = number.filter(|number| *number != set.number) {
        let all = rows::revisions(&mut tx, client, kind, period).await?;
        let wanted = all.into_iter().find(|revision| revision.number == number);
        address = wanted.ok_or_else(Error::not_found)?.address;
    }
    let revision = checking::parsed(&tx.content::<Figures>(address).await?)?;
    let accepted = rows::exceptions(&mut tx, client).await?;
    let mut exceptions = Vec::new();
    for one in &accepted {
        if (one.kind, one.period, one.number) == (kind, period, set.number) {
            let why = tx.content::<Reason>(one.reason).await?;
            exceptions.push(Exception {
                rule: one.rule.clone(),
                number: one.number,
                signed: one.signed.clone(),
                why: String::from_utf8_lossy(&why).into_owned(),
            });
        }
    }
    let mut results = Vec::new();
    if address == set.head {
        let settings = rows::rule_settings(&mut tx).await?;
        results = checking::results(&mut tx, &sets, &accepted, &settings, period).await?;
        results.retain(|result| checking::is_about(result, &set, &sets));
    }
    let authors = rows::authors(&mut tx, &set).await?;
    drop(tx);
    let may = may(app, actor, &set, authors).await?;
    Ok(Page { set, revision, results, exceptions, may })
}

/// What a caller may do with a set now, and why not.
pub async fn may(app: &App, actor: &Actor, set: &Set, authors: Vec<UserId>) -> Result<Vec<May>> {
    let client = set.client;
    let (correct, submit, review, approve) = (
        app.access.may::<CorrectStatements>(actor, client).await?.is_some(),
        app.access.may::<SubmitStatements>(actor, client).await?.is_some(),
        app.access.may::<ReviewStatements>(actor, client).await?.is_some(),
        app.access.may::<ApproveStatements>(actor, client).await?.is_some(),
    );
    let standing = standing(set, authors);
    let decided = |what, right: bool, rule: Result<()>| {
        let refused = if right {
            rule.err().map(|error| (error.zh().to_owned(), error.en().to_owned()))
        } else {
            Some(no_right())
        };
        May { what, refused }
    };
    let step = |step| rules::after(step, &standing, actor.user()).map(drop);
    let saved = |cause| rules::after_saving(set.state, set.first.is_some(), cause).map(drop);
    let accepted = rules::acceptable(&standing, actor.user());
    let import = app.access.may::<ImportStatements>(actor, client).await?.is_some();
    let typed = if set.state == State::Draft { saved(None) } else { step(Step::Submit) };
    Ok(vec![
        decided("import", import, typed),
        decided("correct", correct, saved(Some(Cause::Firm))),
        decided("submit", submit, step(Step::Submit)),
        decided("send_back", review, step(Step::SendBack)),
        decided("review", review, step(Step::Review)),
        decided("accept", review, accepted),
        decided("approve", approve, step(Step::Approve)),
        decided("reopen", approve, step(Step::Reopen)),
    ])
}

/// The revisions of a set, the newest first; no figure.
///
/// # Errors
/// NotFound when there is no such set.
pub async fn history(
    app: &App,
    actor: &Actor,
    client: ClientId,
    (kind, period): (SetKind, Period),
) -> Result<Vec<RevisionRow>> {
    let permit = app.access.authorize::<ListStatements>(actor, client).await?;
    let mut tx = app.db.read(&permit).await?;
    let found = rows::revisions(&mut tx, client, kind, period).await?;
    if found.is_empty() { Err(Error::not_found()) } else { Ok(found) }
}

/// Open outcomes per page.
const PAGE: u64 = 50;

/// A page of the firm's open outcomes with the counts of all of them.
#[derive(Debug, Clone)]
pub struct OpenPage {
    /// The gravest first, then the oldest.
    pub rows: Vec<OpenRow>,
    /// Whether there are more.
    pub more: bool,
    /// How many there are of each severity.
    pub counts: Vec<(String, i64)>,
}

/// The open outcomes of all clients in the caller's scope (数据体检); no figure.
///
/// # Errors
/// Denied for who may see no client's.
pub async fn open(app: &App, actor: &Actor, filter: &OpenFilter) -> Result<OpenPage> {
    let (permit, scope) = app.access.authorize_list::<ListOutcomes>(actor).await?;
    let mut tx = app.db.read(&permit).await?;
    let counts = rows_open::open_counts(&mut tx, &scope, filter).await?;
    let mut rows = rows_open::open(&mut tx, &scope, filter, PAGE + 1).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    tx.shows(rows.iter().map(|row| row.client.0));
    Ok(OpenPage { rows, more, counts })
}

/// The share of first submissions that broke no rule of level error.
#[derive(Debug, Clone)]
pub struct Accuracy {
    /// By client, person, team or month.
    pub groups: Vec<AccuracyRow>,
    /// First submissions in all.
    pub submitted: i64,
    /// Those that were right.
    pub right: i64,
    /// First submissions one by one, the newest first: what the figure is made of.
    pub firsts: Vec<FirstRow>,
}

/// First submissions that a drill-down shows.
const FIRSTS: u64 = 200;

/// Accuracy within the caller's scope.
///
/// # Errors
/// Denied for who may see no client's.
pub async fn accuracy(app: &App, actor: &Actor, filter: &FirstFilter, by: By) -> Result<Accuracy> {
    let (permit, scope) = app.access.authorize_list::<ListOutcomes>(actor).await?;
    let mut tx = app.db.read(&permit).await?;
    let all = FirstFilter { wrong: false, ..filter.clone() };
    let mut groups = rows_uploads::accuracy(&mut tx, &scope, &all, by).await?;
    let firsts = rows_uploads::firsts(&mut tx, &scope, filter, FIRSTS).await?;
    let names = crate::identity::names(&mut tx).await?;
    if by == By::Team {
        for group in &mut groups {
            let id = group.id.as_deref().map(values::DepartmentId::from_bytes).transpose()?;
            group.name = id.map(|id| names.department(id));
        }
    }
    groups.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    let (submitted, right) = (
        groups.iter().map(|group| group.submitted).sum(),
        groups.iter().map(|group| group.right).sum(),
    );
    tx.shows(firsts.iter().map(|first| first.client.0));
    Ok(Accuracy { groups, submitted, right, firsts })
}

/// What the firm has changed in the rules, the oldest first.
///
/// # Errors
/// Denied without the right.
pub async fn rule_settings(app: &App, actor: &Actor) -> Result<Vec<RuleSettingRow>> {
    let permit = app.access.authorize::<ReadChart>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    rows::rule_settings(&mut tx).await
}

/// Whether the caller may read the chart of lines.
///
/// # Errors
/// Denied without the right.
pub async fn chart(app: &App, actor: &Actor) -> Result<()> {
    let permit = app.access.authorize::<ReadChart>(actor, ()).await?;
    app.db.read(&permit).await.map(drop)
}
