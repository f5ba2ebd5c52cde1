//! What is done to one client: authorize, write, rows, commit.

use std::collections::BTreeMap;

use jiff::civil::Date;
use trust::access::{
    Action, Actor, Holder, Permit, RelationKind, Stance, relations_of, set_relation,
};
use trust::database::{ReadTx, Writer};
use trust::record::Change;
use values::{ClientId, Error, ItemId, Kind, Micros, Result};

use super::actions::{
    AdvanceClient, AssignClient, CreateClient, CreateConfidential, FindSimilar, RecycleClient,
    RestoreClient, TagClient, UpdateClient, UpdateConfidential, ViewClient, ViewConfidential,
    ViewHistory, ViewRecord,
};
use super::custom;
use super::fields::{LISTS, Section, Spec};
use super::holds;
use super::repeats::RequestKey;
use super::rows::{self, Authorship, Client, Item, NewClient, Token};
use super::rules::{self, Fields, STAGES, Stored};
use super::seal::{self, Home};
use super::seats::Seats;
use super::view::{self, ClientView, May, Standing};
use crate::{App, identity};

/// Texts by field, as they were typed; `None` empties the field.
pub type Draft = BTreeMap<String, Option<String>>;

/// The client is not there, or not for the caller to know of.
pub(super) fn gone() -> Error {
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
    let (mut tokens, mut wrong) = (Vec::new(), Vec::new());
    for (key, text) in draft {
        let Some(spec) = custom::spec(app, list, key) else {
            wrong.push(unknown_field(key));
            continue;
        };
        let checked = match text.as_deref().map(|text| rules::check(spec, text, today)) {
            Some(Err(finding)) => {
                wrong.push(refused(spec, finding));
                continue;
            }
            Some(Ok(checked)) => checked,
            None => None,
        };
        let Some(checked) = checked else {
            fields.remove(key);
            continue;
        };
        tokens.extend(rows::tokens_of(&app.keyring, spec, home, &checked.value)?);
        fields.insert(key.clone(), seal::stored(&app.keyring, spec, home, &checked.value)?);
        let named = checked.currency.filter(|_| !draft.contains_key("capital_currency"));
        if let (Some(currency), None, "registered_capital_fen") = (named, list, key.as_str()) {
            // 300万美元 is an amount and its currency, and nothing without the latter.
            fields.insert("capital_currency".to_owned(), Stored::Clear(currency.to_owned()));
        }
    }
    Error::all(wrong)?;
    Ok(tokens)
}

/// Keeps an error of input beside the others; any other ends the work.
pub(super) fn gather<T: Default>(outcome: Result<T>, wrong: &mut Vec<Error>) -> Result<T> {
    match outcome {
        Err(error) if error.kind() == Kind::Invalid => {
            wrong.push(error);
            Ok(T::default())
        }
        other => other,
    }
}

/// What a client lacks that it cannot be saved without: its name, and the firm's own required
/// fields of these sections.
pub(super) fn lacking(app: &App, fields: &Fields, of: &dyn Fn(Section) -> bool) -> Vec<Error> {
    let mut lacks = Vec::new();
    if !fields.contains_key("name") {
        lacks.push(Error::invalid("name", "name.missing", "请填写企业名称", "A name is needed"));
    }
    for spec in app.added.all() {
        let own = spec.key.starts_with(custom::PREFIX) && spec.required && of(spec.section);
        if own && !fields.contains_key(spec.key) {
            lacks.push(Error::invalid(
                spec.key,
                "field.required",
                format!("“{}”为必填项，请填写后保存", spec.zh),
                format!("{} is required", spec.en),
            ));
        }
    }
    lacks
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
    create_once(app, actor, draft, lists, why, None).await
}

/// As [`create`]; asked again with the same key, it gives what was made the first time.
///
/// # Errors
/// As [`create`]; Invalid when the key was used for something else.
pub async fn create_once(
    app: &App,
    actor: &Actor,
    draft: &Draft,
    lists: &BTreeMap<String, Vec<Draft>>,
    why: &str,
    key: Option<&str>,
) -> Result<ClientView> {
    let key = RequestKey::of(app, key, (draft, lists, why))?;
    custom::meet(app, draft.keys().map(String::as_str)).await?;
    let own = highest(app, None, draft);
    let rows = lists.iter().flat_map(|(list, rows)| rows.iter().map(move |row| (list, row)));
    let level = rows.map(|(list, row)| highest(app, Some(list), row)).fold(own, u8::max);
    if level >= 3 {
        let permit = app.access.authorize::<CreateConfidential>(actor, ()).await?;
        return create_under(app, permit, draft, lists, why, key).await;
    }
    let permit = app.access.authorize::<CreateClient>(actor, ()).await?;
    create_under(app, permit, draft, lists, why, key).await
}

async fn create_under<A: Action<Target = ()>>(
    app: &App,
    permit: Permit<'_, A>,
    draft: &Draft,
    lists: &BTreeMap<String, Vec<Draft>>,
    why: &str,
    key: Option<RequestKey>,
) -> Result<ClientView> {
    let actor = permit.actor();
    let id = ClientId::new(&*app.clock, &*app.entropy);
    let mut fields = Fields::new();
    let mut wrong = Vec::new();
    let own = apply(app, None, Home::Client(id), draft, &mut fields);
    let mut tokens = gather(own, &mut wrong)?;
    if wrong.is_empty() {
        wrong.extend(lacking(app, &fields, &|_| true));
    }
    let items = rows_of(app, lists, &mut tokens, &mut wrong)?;
    Error::all(wrong)?;
    let mut tx = app.db.write(&permit).await?;
    if let Some(key) = key
        && let Some(made) = key.claim(&mut tx, actor.user(), id, app.clock.now()).await?
    {
        drop(tx);
        return view(app, actor, made, None).await;
    }
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

/// The rows of a new client's lists.
fn rows_of(
    app: &App,
    lists: &BTreeMap<String, Vec<Draft>>,
    tokens: &mut Vec<Token>,
    wrong: &mut Vec<Error>,
) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    for (list, drafts) in lists {
        if !LISTS.iter().any(|known| known.key == list) {
            return Err(unknown_field(list));
        }
        for (position, draft) in drafts.iter().enumerate() {
            let item = ItemId::new(&*app.clock, &*app.entropy);
            let mut fields = Fields::new();
            let row = apply(app, Some(list), Home::Item(item), draft, &mut fields);
            tokens.extend(gather(row, wrong)?);
            let position = i64::try_from(position).unwrap_or(i64::MAX);
            items.push(Item { id: item, list: list.clone(), position, fields });
        }
    }
    Ok(items)
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
    let names = identity::names_among(&mut tx, client.seats.holders()).await?;
    let standing = Standing::named(&client.seats, &names);
    let hold = holds::hold_of(&mut tx, id).await?;
    let removal = holds::removal_of(app, &mut tx, &client).await?;
    drop(tx);
    let may = may(&stance, &client)?;
    let mut page = view::page(app, &client, confidential.as_ref(), standing, may)?;
    // What is revealed is the value of today, so a page of the past offers none.
    let today = as_of.is_none();
    let identity = today && stance.would::<super::actions::RevealIdentity>()?;
    let confidential = today && stance.would::<super::actions::RevealConfidential>()?;
    view::limit_revealing(app, &mut page, identity, confidential);
    (page.hold, page.removal) = (hold, removal);
    page.as_of = as_of.map(|day| day.to_string());
    Ok(page)
}

async fn standing(tx: &mut ReadTx, id: ClientId) -> Result<Standing> {
    let seats = Seats::of(&relations_of(tx, id).await?);
    let names = identity::names_among(tx, seats.holders()).await?;
    Ok(Standing::named(&seats, &names))
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

fn may(stance: &Stance<'_>, client: &Client) -> Result<BTreeMap<&'static str, May>> {
    let mut may = BTreeMap::new();
    macro_rules! ask {
        ($($key:literal => $action:ty),*) => {$(
            let allowed = stance.may::<$action>()?.is_some();
            let reason = (!allowed).then(|| "您的角色没有此项权限".to_owned());
            may.insert($key, May { allowed, reason });
        )*};
    }
    ask!(
        "update" => UpdateClient, "update_confidential" => UpdateConfidential,
        "assign" => AssignClient, "advance" => AdvanceClient, "tag" => TagClient,
        "recycle" => RecycleClient, "restore" => RestoreClient, "history" => ViewHistory,
        "record" => ViewRecord, "verify" => super::actions::VerifyIdentity,
        "merge" => super::actions::MergeClient, "hold" => super::actions::HoldClient,
        "release_hold" => super::actions::ReleaseHold, "remove" => super::actions::RemoveClient
    );
    let state = state_of(client);
    for (to, ..) in STAGES {
        if let Err((zh, _)) = rules::may_advance(&client.stage, to, &state) {
            may.insert(to, May { allowed: false, reason: Some(zh.to_owned()) });
        } else {
            may.insert(to, May { allowed: true, reason: None });
        }
    }
    Ok(may)
}

/// What a step of the life cycle looks at.
pub(super) fn state_of(client: &Client) -> rules::Standing {
    let seats = &client.seats;
    let closed = |item: &&Item| {
        let status = item.fields.get("status").and_then(rules::Stored::clear);
        !matches!(status, Some("settled" | "declined"))
    };
    rules::Standing {
        uscc: client.fields.contains_key("uscc"),
        lead: seats.lead.is_some(),
        reviewer: seats.reviewer.is_some() && seats.lead != seats.reviewer,
        contacts: client.list("contacts").count(),
        open_needs: client.list("financing_needs").filter(closed).count(),
    }
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
