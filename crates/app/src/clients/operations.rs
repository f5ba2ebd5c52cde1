//! What is done to one client: authorize, write, rows, commit.

use std::collections::BTreeMap;

use jiff::civil::Date;
use trust::access::{
    Action, Actor, Holder, Permit, RelationKind, Stance, relations_of, set_relation,
};
use trust::database::{ReadTx, Writer};
use trust::record::Change;
use values::{ClientId, DepartmentId, Error, ItemId, Kind, Micros, Result, UserId};

use super::actions::{
    AdvanceClient, AssignClient, CreateClient, CreateConfidential, FindSimilar, RecycleClient,
    RestoreClient, TagClient, UpdateClient, UpdateConfidential, ViewClient, ViewConfidential,
    ViewHistory, ViewRecord,
};
use super::custom;
use super::fields::{LISTS, Spec};
use super::rows::{self, Authorship, Client, Item, NewClient, Token};
use super::rules::{self, Fields, STAGES};
use super::seal::{self, Home};
use super::view::{self, ClientView, May, Standing};
use crate::{App, identity};

/// Texts by field, as they were typed; `None` empties the field.
pub type Draft = BTreeMap<String, Option<String>>;

/// The client is not there, or not for the caller to know of.
fn gone() -> Error {
    Error::not_found()
}

pub(super) fn unknown_field(key: &str) -> Error {
    Error::invalid(key, "client.field_unknown", "没有这个字段", "There is no such field")
}

fn refused(spec: &Spec, finding: fiscal::Finding) -> Error {
    Error::invalid(spec.path(), finding.code, finding.zh, finding.en)
}

/// Checks and seals what was typed for one home; what is empty is taken out.
pub(super) fn apply(
    app: &App,
    list: Option<&str>,
    home: Home,
    draft: &Draft,
    fields: &mut Fields,
) -> Result<Vec<Token>> {
    let today = app.today();
    let mut tokens = Vec::new();
    for (key, text) in draft {
        let spec = custom::spec(app, list, key).ok_or_else(|| unknown_field(key))?;
        let checked = match text {
            Some(text) => rules::check(spec, text, today).map_err(|f| refused(spec, f))?,
            None => None,
        };
        let Some(checked) = checked else {
            fields.remove(key);
            continue;
        };
        tokens.extend(rows::tokens_of(&app.keyring, spec, home, &checked.value)?);
        fields.insert(key.clone(), seal::stored(&app.keyring, spec, home, &checked.value)?);
    }
    Ok(tokens)
}

/// The highest level of what a draft speaks of.
pub(super) fn highest(app: &App, list: Option<&str>, draft: &Draft) -> u8 {
    let specs = draft.keys().filter_map(|key| custom::spec(app, list, key));
    specs.map(|spec| spec.level).max().unwrap_or(1)
}

pub(super) fn author<'a>(
    app: &App,
    actor: &'a Actor,
    source: &'a str,
    why: &'a str,
) -> Authorship<'a> {
    Authorship {
        by: (actor.user(), actor.name()),
        source,
        why,
        at: app.clock.now(),
        today: app.today(),
    }
}

/// Makes a client with its lists; its maker becomes 负责人 unless it is made for a department.
///
/// # Errors
/// Invalid with the field; Conflict `client.uscc_taken`.
pub async fn create(
    app: &App,
    actor: &Actor,
    draft: &Draft,
    lists: &BTreeMap<String, Vec<Draft>>,
    why: &str,
) -> Result<ClientView> {
    custom::meet(app, draft.keys().map(String::as_str)).await?;
    let own = highest(app, None, draft);
    let rows = lists.iter().flat_map(|(list, rows)| rows.iter().map(move |row| (list, row)));
    let level = rows.map(|(list, row)| highest(app, Some(list), row)).fold(own, u8::max);
    if level >= 3 {
        let permit = app.access.authorize::<CreateConfidential>(actor, ()).await?;
        return create_under(app, permit, draft, lists, why).await;
    }
    let permit = app.access.authorize::<CreateClient>(actor, ()).await?;
    create_under(app, permit, draft, lists, why).await
}

async fn create_under<A: Action<Target = ()>>(
    app: &App,
    permit: Permit<'_, A>,
    draft: &Draft,
    lists: &BTreeMap<String, Vec<Draft>>,
    why: &str,
) -> Result<ClientView> {
    let actor = permit.actor();
    let id = ClientId::new(&*app.clock, &*app.entropy);
    let mut fields = Fields::new();
    let mut tokens = apply(app, None, Home::Client(id), draft, &mut fields)?;
    if !fields.contains_key("name") {
        return Err(Error::invalid("name", "name.missing", "请填写企业名称", "A name is needed"));
    }
    let mut items = Vec::new();
    for (list, drafts) in lists {
        if !LISTS.iter().any(|known| known.key == list) {
            return Err(unknown_field(list));
        }
        for (position, draft) in drafts.iter().enumerate() {
            let item = ItemId::new(&*app.clock, &*app.entropy);
            let mut fields = Fields::new();
            tokens.extend(apply(app, Some(list), Home::Item(item), draft, &mut fields)?);
            let position = i64::try_from(position).unwrap_or(i64::MAX);
            items.push(Item { id: item, list: list.clone(), position, fields });
        }
    }
    let mut tx = app.db.write(&permit).await?;
    let number = rows::next_numbers(&mut tx, 1).await?;
    let names: Vec<String> = fields.keys().cloned().collect();
    let stage = "prospect";
    let client = NewClient { id, number, stage, fields, items, tokens, import: None };
    let author = author(app, actor, "create", why);
    rows::insert_clients(&mut tx, &[client], &author).await.map_err(taken)?;
    place(&mut tx, actor, id, true, app.clock.now()).await?;
    let change = Change::none().clients([id]).fields(names).versions(None, 1);
    tx.commit(permit.entry(change)).await?;
    view(app, actor, id, None).await
}

/// Puts a new client into its maker's department and, when made by hand, into their care.
pub async fn place(
    writer: &mut Writer,
    actor: &Actor,
    id: ClientId,
    lead: bool,
    now: Micros,
) -> Result<()> {
    if let Some(department) = actor.departments().first() {
        let holder = Some(Holder::Department(*department));
        set_relation(writer, id, RelationKind::Department, holder, None, now).await?;
    }
    if lead && actor.user().0 != uuid::Uuid::nil() {
        let holder = Some(Holder::User(actor.user()));
        set_relation(writer, id, RelationKind::Lead, holder, None, now).await?;
    }
    Ok(())
}

pub(super) fn taken(error: Error) -> Error {
    if error.code() != "taken" {
        return error;
    }
    Error::new(
        Kind::Conflict,
        "client.uscc_taken",
        "该统一社会信用代码已有档案",
        "There is a client with this credit code already",
    )
    .with_source(error)
}

/// A client as its page shows it, today or as of a day.
///
/// # Errors
/// NotFound outside the caller's row scope, and for a day before the client was made.
pub async fn view(
    app: &App,
    actor: &Actor,
    id: ClientId,
    as_of: Option<Date>,
) -> Result<ClientView> {
    let stance = app.access.stance(actor, id).await?;
    let permit = stance.authorize::<ViewClient>().await?;
    let confidential = stance.may::<ViewConfidential>()?;
    let mut tx = app.db.read(&permit).await?;
    if confidential.is_some() {
        tx.shows_class("contact");
    }
    let mut client = rows::client(&mut tx, id).await?.ok_or_else(gone)?;
    if let Some(day) = as_of {
        turn_back(app, &mut tx, &mut client, day).await?;
    }
    custom::meet_in(app, &mut tx, client.fields.keys().map(String::as_str)).await?;
    let standing = standing(&mut tx, id).await?;
    drop(tx);
    let may = may(&stance, &client, &standing)?;
    let mut page = view::page(app, &client, confidential.as_ref(), standing, may)?;
    page.as_of = as_of.map(|day| day.to_string());
    Ok(page)
}

async fn standing(tx: &mut ReadTx, id: ClientId) -> Result<Standing> {
    let relations = relations_of(tx, id).await?;
    let holders = relations.iter().map(|relation| relation.holder);
    let names = identity::names_among(tx, holders).await?;
    Ok(Standing::of(&relations, &names))
}

async fn turn_back(app: &App, tx: &mut ReadTx, client: &mut Client, day: Date) -> Result<()> {
    let next = day.tomorrow().map_err(Error::internal)?;
    let end = Micros::start_of(next, &app.running.zone).ok_or_else(gone)?;
    if client.created_at >= end {
        return Err(gone());
    }
    for version in rows::versions(tx, client.id).await? {
        if version.at < end {
            break;
        }
        rows::take_back(client, &version)?;
    }
    Ok(())
}

fn may(
    stance: &Stance<'_>,
    client: &Client,
    standing: &Standing,
) -> Result<BTreeMap<&'static str, May>> {
    let mut may = BTreeMap::new();
    macro_rules! ask {
        ($($key:literal => $action:ty),*) => {$(
            let allowed = stance.may::<$action>()?.is_some();
            let reason = (!allowed).then(|| "您的岗位没有此项权限".to_owned());
            may.insert($key, May { allowed, reason });
        )*};
    }
    ask!(
        "update" => UpdateClient, "update_confidential" => UpdateConfidential,
        "assign" => AssignClient, "advance" => AdvanceClient, "tag" => TagClient,
        "recycle" => RecycleClient, "restore" => RestoreClient, "history" => ViewHistory,
        "record" => ViewRecord, "verify" => super::actions::VerifyIdentity,
        "merge" => super::actions::MergeClient
    );
    let state = state_of(client, standing);
    for (to, ..) in STAGES {
        if let Err((zh, _)) = rules::may_advance(&client.stage, to, &state) {
            may.insert(to, May { allowed: false, reason: Some(zh.to_owned()) });
        } else {
            may.insert(to, May { allowed: true, reason: None });
        }
    }
    Ok(may)
}

fn state_of(client: &Client, standing: &Standing) -> rules::Standing {
    let different = match (&standing.lead, &standing.reviewer) {
        (Some(lead), Some(reviewer)) => lead.id != reviewer.id,
        _ => false,
    };
    let closed = |item: &&Item| {
        let status = item.fields.get("status").and_then(rules::Stored::clear);
        !matches!(status, Some("settled" | "declined"))
    };
    rules::Standing {
        uscc: client.fields.contains_key("uscc"),
        lead: standing.lead.is_some(),
        reviewer: different,
        contacts: client.list("contacts").count(),
        open_needs: client.list("financing_needs").filter(closed).count(),
    }
}

/// Moves a client along its life cycle.
///
/// # Errors
/// Conflict when the step is not open, with what it lacks.
pub async fn advance(
    app: &App,
    actor: &Actor,
    id: ClientId,
    to: &str,
    why: &str,
) -> Result<ClientView> {
    let permit = app.access.authorize::<AdvanceClient>(actor, id).await?;
    let Some((to, ..)) = STAGES.iter().find(|(key, ..)| *key == to) else {
        return Err(Error::invalid("to", "client.stage_unknown", "没有这个阶段", "No such stage"));
    };
    let mut tx = app.db.write(&permit).await?;
    let before = rows::client(&mut tx, id).await?.ok_or_else(gone)?;
    let relations = relations_of(&mut tx, id).await?;
    let names = identity::names(&mut tx).await?;
    let state = state_of(&before, &Standing::of(&relations, &names));
    rules::may_advance(&before.stage, to, &state)
        .map_err(|(zh, en)| Error::new(Kind::Conflict, "client.stage_closed", zh, en))?;
    let after = Client { stage: (*to).to_owned(), ..before.clone() };
    let author = author(app, actor, "edit", why);
    let version = rows::save(&mut tx, &before, &after, &[], &author).await?;
    let change = Change::none().fields(["stage"]).versions(Some(before.version), version);
    tx.commit(permit.entry(change)).await?;
    view(app, actor, id, None).await
}

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

/// Names 负责人, 复核人, collaborators and department of a client.
///
/// # Errors
/// Conflict when 负责人 and 复核人 would be one person.
pub async fn assign(app: &App, actor: &Actor, id: ClientId, assignment: &Assignment) -> Result<()> {
    let permit = app.access.authorize::<AssignClient>(actor, id).await?;
    let mut tx = app.db.write(&permit).await?;
    let now = app.clock.now();
    let names = identity::names(&mut tx).await?;
    let people = [assignment.lead.flatten(), assignment.reviewer.flatten()];
    let added = assignment.collaborators.iter().map(|(id, _)| *id);
    for user in people.into_iter().flatten().chain(added) {
        if !names.is_active(user) {
            return Err(Error::invalid(
                "lead",
                "client.person_unknown",
                "人员不存在或已停用",
                "There is no such person, or they have left",
            ));
        }
    }
    for (kind, holder) in
        [(RelationKind::Lead, assignment.lead), (RelationKind::Reviewer, assignment.reviewer)]
    {
        if let Some(holder) = holder {
            set_relation(&mut tx, id, kind, holder.map(Holder::User), None, now).await?;
        }
    }
    if let Some(department) = assignment.department {
        let holder = Some(Holder::Department(department));
        set_relation(&mut tx, id, RelationKind::Department, holder, None, now).await?;
    }
    for (user, until) in &assignment.collaborators {
        let holder = Some(Holder::User(*user));
        set_relation(&mut tx, id, RelationKind::Collaborator, holder, *until, now).await?;
    }
    let relations = relations_of(&mut tx, id).await?;
    let standing = Standing::of(&relations, &names);
    if let (Some(lead), Some(reviewer)) = (&standing.lead, &standing.reviewer)
        && lead.id == reviewer.id
    {
        return Err(Error::new(
            Kind::Conflict,
            "client.same_person",
            "负责人与复核人不能为同一人",
            "负责人 and 复核人 must be two people",
        ));
    }
    tx.commit(permit.entry(Change::none().fields(["lead", "reviewer", "department"]))).await?;
    Ok(())
}

/// Sets a client's tags.
///
/// # Errors
/// Invalid when a tag is empty or too long.
pub async fn tag(
    app: &App,
    actor: &Actor,
    id: ClientId,
    add: &[String],
    remove: &[String],
) -> Result<()> {
    let permit = app.access.authorize::<TagClient>(actor, id).await?;
    if add.iter().any(|tag| tag.trim().is_empty() || tag.chars().count() > 20) {
        return Err(Error::invalid(
            "tag",
            "client.tag",
            "标签为 1 到 20 个字",
            "1 to 20 characters",
        ));
    }
    let mut tx = app.db.write(&permit).await?;
    let before = rows::client(&mut tx, id).await?.ok_or_else(gone)?;
    let mut after = before.clone();
    after.tags.retain(|tag| !remove.contains(tag));
    after.tags.extend(add.iter().map(|tag| tag.trim().to_owned()));
    after.tags.sort();
    after.tags.dedup();
    if after.tags == before.tags {
        return Ok(());
    }
    let author = author(app, actor, "edit", "");
    let version = rows::save(&mut tx, &before, &after, &[], &author).await?;
    let change = Change::none().fields(["tags"]).versions(Some(before.version), version);
    tx.commit(permit.entry(change)).await?;
    Ok(())
}

/// Puts a client into the recycle bin; it can be taken out again.
///
/// # Errors
/// Conflict while the client is being served.
pub async fn recycle(app: &App, actor: &Actor, id: ClientId, why: &str) -> Result<()> {
    let permit = app.access.authorize::<RecycleClient>(actor, id).await?;
    let mut tx = app.db.write(&permit).await?;
    let before = rows::client(&mut tx, id).await?.ok_or_else(gone)?;
    if matches!(before.stage.as_str(), "active" | "suspended") {
        return Err(Error::new(
            Kind::Conflict,
            "client.in_service",
            "服务中或暂停的客户不能删除，请先终止服务",
            "A client in service cannot be deleted; end the service first",
        ));
    }
    let after = Client { recycled_at: Some(app.clock.now()), ..before.clone() };
    let author = author(app, actor, "edit", why);
    let version = rows::save(&mut tx, &before, &after, &[], &author).await?;
    tx.commit(permit.entry(Change::none().versions(Some(before.version), version))).await?;
    Ok(())
}

/// Takes a client out of the recycle bin.
///
/// # Errors
/// NotFound outside the caller's row scope.
pub async fn restore(app: &App, actor: &Actor, id: ClientId) -> Result<ClientView> {
    let permit = app.access.authorize::<RestoreClient>(actor, id).await?;
    let mut tx = app.db.write(&permit).await?;
    let before = rows::client(&mut tx, id).await?.ok_or_else(gone)?;
    let after = Client { recycled_at: None, ..before.clone() };
    let author = author(app, actor, "edit", "");
    let version = rows::save(&mut tx, &before, &after, &[], &author).await?;
    tx.commit(permit.entry(Change::none().versions(Some(before.version), version))).await?;
    view(app, actor, id, None).await
}

/// A client like the one being typed: its name and who looks after it, no more.
///
/// # Errors
/// Denied when the caller may not make clients.
pub async fn similar(
    app: &App,
    actor: &Actor,
    name: &str,
    uscc: &str,
) -> Result<Vec<(String, Option<String>)>> {
    let permit = app.access.authorize::<FindSimilar>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let uscc = fiscal::identifiers::normalise(uscc);
    let found = rows::similar(&mut tx, name, &uscc).await?;
    tx.shows(found.iter().map(|(id, _)| *id));
    let mut out = Vec::with_capacity(found.len());
    for (id, name) in found {
        let owner = standing(&mut tx, id).await?.lead.map(|person| person.name);
        out.push((name, owner));
    }
    Ok(out)
}
