//! Deeds: what is done to a client besides editing its fields, to one or to many at once. A deed
//! decides on the client that it is given, and changes nothing by itself.

use trust::access::{Action, Actor, Holder, Permit, RelationKind, set_relation};
use trust::database::Writer;
use trust::record::Change;
use values::{ClientId, DepartmentId, Error, Kind, Micros, Result, UserId};

use super::actions::{
    AdvanceClient, AdvanceClients, AssignClient, AssignClients, ListClients, RecycleClient,
    RecycleClients, RestoreClient, RestoreClients, TagClient, TagClients,
};
use super::holds;
use super::list::{self, ListQuery};
use super::operations::{author, gone, state_of};
use super::rows::{self, Client};
use super::rules::{self, STAGES};
use crate::App;
use crate::identity::{self, Names};

/// Who is to stand how to a client; `None` leaves it, `Some(None)` clears it.
#[derive(Debug, Clone, Default)]
pub struct Assignment {
    /// 负责人.
    pub lead: Option<Option<UserId>>,
    /// 复核人.
    pub reviewer: Option<Option<UserId>>,
    /// The department.
    pub department: Option<DepartmentId>,
    /// Collaborators to add, with the day their access ends.
    pub collaborators: Vec<(UserId, Option<Micros>)>,
}

/// What can be done to a client.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Names 负责人, 复核人, collaborators and department.
    Assign(Assignment),
    /// Adds the first and takes away the second tags.
    Tag(Vec<String>, Vec<String>),
    /// Moves it along its life cycle.
    Advance(String),
    /// Puts it into the recycle bin.
    Recycle,
    /// Takes it out of the recycle bin.
    Restore,
}

impl Deed {
    /// Refuses what is wrong whatever the client.
    fn check(&self, names: &Names) -> Result<()> {
        match self {
            Self::Assign(assignment) => check_people(assignment, names),
            Self::Tag(add, _)
                if add.iter().any(|t| t.trim().is_empty() || t.chars().count() > 20) =>
            {
                let (zh, en) = ("标签为 1 到 20 个字", "1 to 20 characters");
                Err(Error::invalid("tags", "client.tag", zh, en))
            }
            Self::Advance(to) if !STAGES.iter().any(|(key, ..)| key == to) => {
                let (zh, en) = ("没有这个阶段", "No such stage");
                Err(Error::invalid("to", "client.stage_unknown", zh, en))
            }
            _ => Ok(()),
        }
    }

    /// The client as it is after the deed.
    fn apply(&self, before: &Client, now: Micros) -> Result<Client> {
        let mut after = before.clone();
        match self {
            Self::Assign(assignment) => {
                let seats = &mut after.seats;
                seats.lead = assignment.lead.unwrap_or(seats.lead);
                seats.reviewer = assignment.reviewer.unwrap_or(seats.reviewer);
                seats.department = assignment.department.or(seats.department);
                seats.check()?;
            }
            Self::Tag(add, remove) => {
                after.tags.retain(|tag| !remove.contains(tag));
                after.tags.extend(add.iter().map(|tag| tag.trim().to_owned()));
                after.tags.sort();
                after.tags.dedup();
            }
            Self::Advance(to) => {
                rules::may_advance(&before.stage, to, &state_of(before)).map_err(|(zh, en)| {
                    Error::new(Kind::Conflict, "client.stage_closed", zh, en)
                })?;
                after.stage.clone_from(to);
            }
            Self::Recycle if before.on_hold => return Err(holds::held()),
            Self::Recycle if matches!(before.stage.as_str(), "active" | "suspended") => {
                return Err(Error::new(
                    Kind::Conflict,
                    "client.in_service",
                    "服务中或暂停的客户不能删除，请先终止服务",
                    "A client in service cannot be deleted; end the service first",
                ));
            }
            Self::Recycle => after.recycled_at = before.recycled_at.or(Some(now)),
            Self::Restore => after.recycled_at = None,
        }
        Ok(after)
    }

    /// What the entry says was touched.
    fn fields(&self) -> Vec<&'static str> {
        match self {
            Self::Assign(a) => [
                a.lead.map(|_| "lead"),
                a.reviewer.map(|_| "reviewer"),
                a.department.map(|_| "department"),
                (!a.collaborators.is_empty()).then_some("collaborators"),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Tag(..) => vec!["tags"],
            Self::Advance(_) => vec!["stage"],
            Self::Recycle | Self::Restore => Vec::new(),
        }
    }

    /// Writes what it does to a client that is held; nothing when it changes nothing.
    async fn write(
        &self,
        writer: &mut Writer,
        before: &Client,
        after: &Client,
        author: &rows::Authorship<'_>,
    ) -> Result<Option<i64>> {
        let mut version = None;
        if !rows::difference(before, after)?.is_empty() {
            version = Some(rows::save(writer, before, after, &[], author).await?);
        }
        if matches!(self, Self::Restore) {
            holds::forget_removal(writer, before.id).await?;
        }
        if let Self::Assign(assignment) = self {
            for (user, until) in &assignment.collaborators {
                let holder = Some(Holder::User(*user));
                let kind = RelationKind::Collaborator;
                set_relation(writer, before.id, kind, holder, *until, author.at).await?;
                version = version.or(Some(before.version));
            }
        }
        Ok(version)
    }
}

fn check_people(assignment: &Assignment, names: &Names) -> Result<()> {
    let one = |field, person: Option<Option<UserId>>| (field, person.flatten());
    let mut people = vec![one("lead", assignment.lead), one("reviewer", assignment.reviewer)];
    let added = assignment.collaborators.iter();
    people.extend(added.map(|(user, _)| ("collaborators", Some(*user))));
    for (field, person) in people {
        if person.is_some_and(|user| !names.is_active(user)) {
            return Err(Error::invalid(
                field,
                "client.person_unknown",
                "人员不存在或已停用",
                "There is no such person, or they have left",
            ));
        }
    }
    if assignment.department.is_some_and(|id| !names.has_department(id)) {
        let (zh, en) = ("没有这个部门", "There is no such department");
        return Err(Error::invalid("department", "client.department_unknown", zh, en));
    }
    Ok(())
}

/// Somebody changed the client after the caller saw it.
pub fn stale() -> Error {
    Error::new(
        Kind::Conflict,
        "client.stale",
        "您打开后，他人已修改了这份档案",
        "Somebody changed this client after you opened it",
    )
}

/// Does a deed to one client; where the caller says which version they saw, to that one only.
///
/// # Errors
/// NotFound or Denied; Invalid with the field; Conflict when the client's state forbids it, or
/// `client.stale` when somebody was faster.
pub async fn one(
    app: &App,
    actor: &Actor,
    id: ClientId,
    seen: Option<i64>,
    deed: &Deed,
    why: &str,
) -> Result<()> {
    macro_rules! under {
        ($action:ty) => {{
            let permit = app.access.authorize::<$action>(actor, id).await?;
            one_under(app, permit, seen, deed, why).await
        }};
    }
    match deed {
        Deed::Assign(_) => under!(AssignClient),
        Deed::Tag(..) => under!(TagClient),
        Deed::Advance(_) => under!(AdvanceClient),
        Deed::Recycle => under!(RecycleClient),
        Deed::Restore => under!(RestoreClient),
    }
}

async fn one_under<A: Action<Target = ClientId>>(
    app: &App,
    permit: Permit<'_, A>,
    seen: Option<i64>,
    deed: &Deed,
    why: &str,
) -> Result<()> {
    let mut tx = app.db.write(&permit).await?;
    deed.check(&identity::names(&mut tx).await?)?;
    let before = rows::held(&mut tx, permit.target()).await?.ok_or_else(gone)?;
    if seen.is_some_and(|seen| seen != before.version) {
        return Err(stale());
    }
    let author = author(app, permit.actor(), "edit", why);
    let after = deed.apply(&before, author.at)?;
    let version = deed.write(&mut tx, &before, &after, &author).await?;
    let version = version.unwrap_or(before.version);
    let change = Change::none().fields(deed.fields()).versions(Some(before.version), version);
    tx.commit(permit.entry(change)).await?;
    Ok(())
}

/// Which clients a deed is done to at once.
#[derive(Debug, Clone)]
pub enum Chosen {
    /// These.
    Ids(Vec<ClientId>),
    /// Those that a list shows, from the one after this on.
    Matching(Box<ListQuery>, Option<ClientId>),
}

/// Clients that one transaction changes at most.
pub const MOST: usize = 500;

/// A client that a deed was not done to.
#[derive(Debug, Clone)]
pub struct Refused {
    /// The client.
    pub id: ClientId,
    /// Its name, if the caller may see it.
    pub name: Option<String>,
    /// The stable code of why not.
    pub code: &'static str,
    /// Why not, in Chinese.
    pub zh: String,
    /// Why not, in English.
    pub en: String,
}

impl Refused {
    fn of(id: ClientId, name: Option<String>, error: &Error) -> Self {
        let (zh, en) = (error.zh().to_owned(), error.en().to_owned());
        Self { id, name, code: error.code(), zh, en }
    }
}

/// What became of a deed to many.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// How many it changed.
    pub done: usize,
    /// How many were so already.
    pub unchanged: usize,
    /// Those it was not done to.
    pub refused: Vec<Refused>,
    /// Where the rest of those that match begins.
    pub next: Option<ClientId>,
}

/// Does a deed to many clients in one transaction with one entry that names them all. When some
/// are refused, nothing is done unless `partly` says that the others shall be done.
///
/// # Errors
/// Denied when the caller may do it to no client; Invalid with the field.
pub async fn many(
    app: &App,
    actor: &Actor,
    chosen: Chosen,
    deed: &Deed,
    why: &str,
    partly: bool,
) -> Result<Outcome> {
    let (ids, next) = ids_of(app, actor, chosen).await?;
    macro_rules! under {
        ($many:ty, $one:ty) => {
            many_under::<$many, $one>(app, actor, ids, deed, why, partly).await?
        };
    }
    let mut outcome = match deed {
        Deed::Assign(_) => under!(AssignClients, AssignClient),
        Deed::Tag(..) => under!(TagClients, TagClient),
        Deed::Advance(_) => under!(AdvanceClients, AdvanceClient),
        Deed::Recycle => under!(RecycleClients, RecycleClient),
        Deed::Restore => under!(RestoreClients, RestoreClient),
    };
    outcome.next = next;
    Ok(outcome)
}

/// The chosen clients, in the order in which they are held so that two never wait for each other.
async fn ids_of(
    app: &App,
    actor: &Actor,
    chosen: Chosen,
) -> Result<(Vec<ClientId>, Option<ClientId>)> {
    let (query, after) = match chosen {
        Chosen::Ids(mut ids) => {
            ids.sort_unstable();
            ids.dedup();
            return Ok((ids, None));
        }
        Chosen::Matching(query, after) => (query, after),
    };
    let (permit, scope) = app.access.authorize_list::<ListClients>(actor).await?;
    let select = list::filtered(app, actor, &scope, &query)?;
    let mut tx = app.db.read(&permit).await?;
    let ids = list::ids_after(&mut tx, select, after, MOST).await?;
    let next = if ids.len() == MOST { ids.last().copied() } else { None };
    Ok((ids, next))
}

/// Under the right to many, with the right to one for those that lie outside it: each of them is
/// refused, and on record, as if it had been asked for alone.
async fn many_under<Many: Action<Target = ()>, One: Action<Target = ClientId>>(
    app: &App,
    actor: &Actor,
    ids: Vec<ClientId>,
    deed: &Deed,
    why: &str,
    partly: bool,
) -> Result<Outcome> {
    let Some((permit, scope)) = app.access.may_list::<Many>(actor)? else {
        let mut outcome = Outcome::default();
        refuse::<One>(app, actor, ids, &mut outcome).await;
        return Ok(outcome);
    };
    let mut tx = app.db.write(&permit).await?;
    deed.check(&identity::names(&mut tx).await?)?;
    let allowed = list::within(&mut tx, &scope, &ids).await?;
    let (ids, denied): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| allowed.contains(id));
    let author = author(app, actor, "edit", why);
    let mut outcome = Outcome::default();
    let mut pairs = decide(&mut tx, &ids, deed, author.at, &mut outcome.refused).await?;
    let some_refused = !denied.is_empty() || !outcome.refused.is_empty();
    if some_refused && !partly {
        pairs.clear();
    }
    let mut changed = Vec::new();
    for (before, after) in &pairs {
        match deed.write(&mut tx, before, after, &author).await? {
            Some(_) => changed.push(after.id),
            None => outcome.unchanged += 1,
        }
    }
    outcome.done = changed.len();
    if denied.is_empty() || !changed.is_empty() {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let change = Change::none()
            .fields(deed.fields())
            .count("changed", count(changed.len()))
            .count("refused", count(outcome.refused.len() + denied.len()))
            .clients(if changed.is_empty() { ids } else { changed });
        tx.commit(permit.entry(change)).await?;
    } else {
        drop(tx);
    }
    refuse::<One>(app, actor, denied, &mut outcome).await;
    Ok(outcome)
}

/// Asks for each alone, so that the refusal is on record with its client.
async fn refuse<One: Action<Target = ClientId>>(
    app: &App,
    actor: &Actor,
    denied: Vec<ClientId>,
    outcome: &mut Outcome,
) {
    for id in denied {
        let error = app.access.authorize::<One>(actor, id).await.err().unwrap_or_else(gone);
        outcome.refused.push(Refused::of(id, None, &error));
    }
}

/// Holds the clients and decides on each: what it was and what it becomes, or why not.
async fn decide(
    writer: &mut Writer,
    ids: &[ClientId],
    deed: &Deed,
    now: Micros,
    refused: &mut Vec<Refused>,
) -> Result<Vec<(Client, Client)>> {
    let mut pairs = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(before) = rows::held(writer, *id).await? else {
            refused.push(Refused::of(*id, None, &gone()));
            continue;
        };
        match deed.apply(&before, now) {
            Ok(after) => pairs.push((before, after)),
            Err(error) => {
                let name = before.clear("name").map(str::to_owned);
                refused.push(Refused::of(*id, name, &error));
            }
        }
    }
    Ok(pairs)
}
