//! Two archives of one client become one: field by field as chosen, lists and tags united, and
//! nothing lost. What the merged one held stays readable in its versions.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use trust::access::{
    Actor, Holder, Permit, RelationKind, move_relations, relations_of, set_relation,
};
use trust::database::{Reader, Writer};
use trust::record::Change;
use utoipa::ToSchema;
use values::{ClientId, Error, Kind, Micros, Result, UserId};

use super::actions::{MergeClient, ViewConfidential, ViewHistory};
use super::fields::{LISTS, Spec};
use super::history::{self, FieldChange};
use super::holds;
use super::operations::{self, author, taken};
use super::rows::{self, Client, Token, Version};
use super::rules::Stored;
use super::seal::{self, Home};
use super::seats::Seats;
use super::view::{self, ClientView, Shown, Standing};
use super::{custom, search};
use crate::{App, identity};

/// Whose value stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The one that is merged away.
    From,
    /// The one that stays.
    Into,
}

/// One of the two clients.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Party {
    /// The id.
    #[schema(value_type = String)]
    id: ClientId,
    /// The code.
    code: String,
    /// The name.
    name: String,
    /// The version that was compared.
    version: i64,
}

/// A field of both, as the caller sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Compared {
    /// The key; also `stage`, `lead`, `reviewer` and `department`.
    field: String,
    /// Its Chinese name.
    zh: String,
    /// Its English name.
    en: String,
    /// What the one that is merged away has.
    from: Option<Shown>,
    /// What the one that stays has.
    into: Option<Shown>,
    /// Whether both have a value, and not the same.
    differs: bool,
    /// Whose stays unless the other is chosen.
    kept: Side,
}

/// The rows of a list that come together.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Union {
    /// The list.
    list: &'static str,
    /// Its Chinese name.
    zh: &'static str,
    /// Its English name.
    en: &'static str,
    /// Rows of the one that is merged away.
    from: usize,
    /// Rows of the one that stays.
    into: usize,
}

/// What a merge would do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Preview {
    /// The one that is merged away.
    from: Party,
    /// The one that stays.
    into: Party,
    /// Field by field.
    fields: Vec<Compared>,
    /// The lists.
    lists: Vec<Union>,
    /// The tags of both.
    tags: Vec<String>,
    /// The fields that differ.
    conflicts: Vec<String>,
}

/// A merge that was decided.
#[derive(Debug, Clone)]
pub struct Order {
    /// The one that is merged away.
    pub from: ClientId,
    /// The one that stays.
    pub into: ClientId,
    /// Whose value stays, by field.
    pub choices: BTreeMap<String, Side>,
    /// The versions that were compared: of the one that goes, and of the one that stays.
    pub seen: (Option<i64>, Option<i64>),
    /// Why.
    pub why: String,
}

/// What is chosen like a field and is none.
const STANDING: [(&str, &str, &str); 4] = [
    ("stage", "阶段", "Stage"),
    ("lead", "负责人", "Lead"),
    ("reviewer", "复核人", "Reviewer"),
    ("department", "部门", "Department"),
];

fn same_client() -> Error {
    Error::invalid(
        "from",
        "client.merge_itself",
        "不能与自身合并",
        "A client is not merged into itself",
    )
}

/// Compares two clients as the caller sees them.
///
/// # Errors
/// NotFound or Denied unless the caller may merge both.
pub async fn preview(app: &App, actor: &Actor, from: ClientId, into: ClientId) -> Result<Preview> {
    if from == into {
        return Err(same_client());
    }
    let (of_from, permit) = both(app, actor, from, into).await?;
    let sight = (
        app.access.may::<ViewConfidential>(actor, from).await?,
        app.access.may::<ViewConfidential>(actor, into).await?,
    );
    let mut tx = app.db.read(&permit).await?;
    tx.shows([of_from.target()]);
    if sight.0.is_some() || sight.1.is_some() {
        tx.shows_class("contact");
    }
    let source = rows::client(&mut tx, from).await?.ok_or_else(Error::not_found)?;
    let target = rows::client(&mut tx, into).await?.ok_or_else(Error::not_found)?;
    let keys: BTreeSet<&String> = source.fields.keys().chain(target.fields.keys()).collect();
    custom::meet_in(app, &mut tx, keys.iter().map(|key| key.as_str())).await?;
    let names = identity::names(&mut tx).await?;
    let standing_from = Standing::named(&source.seats, &names);
    let standing_into = Standing::named(&target.seats, &names);
    let tokens = (own_tokens(&mut tx, from).await?, own_tokens(&mut tx, into).await?);
    drop(tx);
    let mut fields = standings((&source, &standing_from), (&target, &standing_into));
    for key in keys {
        let Some(spec) = custom::spec(app, None, key) else { continue };
        let pair = (source.fields.get(key), target.fields.get(key));
        let show = |client: &Client, value: Option<&Stored>, permit: Option<&Permit<'_, _>>| {
            let home = Home::Client(client.id);
            value.map(|value| view::shown(app, permit, spec, home, value)).transpose()
        };
        fields.push(Compared {
            field: key.clone(),
            zh: spec.zh.to_owned(),
            en: spec.en.to_owned(),
            differs: differs(spec, pair, (&tokens.0, &tokens.1)),
            kept: if pair.1.is_some() { Side::Into } else { Side::From },
            from: show(&source, pair.0, sight.0.as_ref())?,
            into: show(&target, pair.1, sight.1.as_ref())?,
        });
    }
    Ok(Preview {
        conflicts: fields.iter().filter(|f| f.differs).map(|f| f.field.clone()).collect(),
        lists: unions(&source, &target),
        tags: united(&source.tags, &target.tags),
        from: party(&source),
        into: party(&target),
        fields,
    })
}

async fn both<'a>(
    app: &App,
    actor: &'a Actor,
    from: ClientId,
    into: ClientId,
) -> Result<(Permit<'a, MergeClient>, Permit<'a, MergeClient>)> {
    let of_from = app.access.authorize::<MergeClient>(actor, from).await?;
    Ok((of_from, app.access.authorize::<MergeClient>(actor, into).await?))
}

fn party(client: &Client) -> Party {
    Party {
        id: client.id,
        code: client.code.clone(),
        name: client.clear("name").unwrap_or_default().to_owned(),
        version: client.version,
    }
}

fn unions(from: &Client, into: &Client) -> Vec<Union> {
    LISTS
        .iter()
        .map(|list| Union {
            list: list.key,
            zh: list.zh,
            en: list.en,
            from: from.list(list.key).count(),
            into: into.list(list.key).count(),
        })
        .filter(|union| union.from + union.into > 0)
        .collect()
}

fn united(one: &[String], other: &[String]) -> Vec<String> {
    let tags: BTreeSet<&String> = one.iter().chain(other).collect();
    tags.into_iter().cloned().collect()
}

/// Stage and people, compared like fields.
fn standings(from: (&Client, &Standing), into: (&Client, &Standing)) -> Vec<Compared> {
    let texts = |(client, standing): (&Client, &Standing)| {
        [
            Some(super::rules::STAGES.iter().find(|(key, ..)| *key == client.stage))
                .flatten()
                .map(|(_, zh, _)| (*zh).to_owned()),
            standing.lead.as_ref().map(|person| person.name.clone()),
            standing.reviewer.as_ref().map(|person| person.name.clone()),
            standing.department.clone(),
        ]
    };
    let plain = |value: Option<String>| {
        value.map(|text| Shown {
            value: Some(text),
            masked: false,
            locked: false,
            level: 1,
            revealable: false,
        })
    };
    STANDING
        .iter()
        .zip(texts(from).into_iter().zip(texts(into)))
        .map(|((field, zh, en), (from, into))| Compared {
            field: (*field).to_owned(),
            zh: (*zh).to_owned(),
            en: (*en).to_owned(),
            differs: from.is_some() && into.is_some() && from != into,
            kept: if into.is_some() { Side::Into } else { Side::From },
            from: plain(from),
            into: plain(into),
        })
        .collect()
}

/// Whether two values are not the same; sealed ones are told apart by their tokens.
fn differs(
    spec: &Spec,
    pair: (Option<&Stored>, Option<&Stored>),
    tokens: (&[Token], &[Token]),
) -> bool {
    let (Some(from), Some(into)) = pair else { return false };
    if let (Some(from), Some(into)) = (from.clear(), into.clear()) {
        return from != into;
    }
    let token = |of: &[Token]| {
        of.iter().find(|token| token.field == spec.path()).map(|token| token.token.clone())
    };
    match (token(tokens.0), token(tokens.1)) {
        (Some(from), Some(into)) => from != into,
        _ => true,
    }
}

/// Merges one client into another.
///
/// # Errors
/// NotFound or Denied unless the caller may merge both; Conflict when one of them was changed
/// since it was compared, lies in the recycle bin, or 负责人 and 复核人 would be one person.
pub async fn merge(app: &App, actor: &Actor, order: &Order) -> Result<ClientView> {
    let (from, into) = (order.from, order.into);
    if from == into {
        return Err(same_client());
    }
    let (of_from, permit) = both(app, actor, from, into).await?;
    let mut tx = app.db.write(&permit).await?;
    // Always in the same order, so that two merges never wait for each other.
    for id in [from.min(into), from.max(into)] {
        rows::held(&mut tx, id).await?;
    }
    let source = rows::client(&mut tx, of_from.target()).await?.ok_or_else(Error::not_found)?;
    let before = rows::client(&mut tx, into).await?.ok_or_else(Error::not_found)?;
    fits(order, &source, &before)?;
    custom::meet_in(app, &mut tx, source.fields.keys().map(String::as_str)).await?;
    check_choices(app, order)?;
    let mut after = before.clone();
    let own = own_tokens(&mut tx, from).await?;
    let (mut tokens, mut changed) = (Vec::new(), Vec::new());
    for (key, value) in &source.fields {
        if !taken_over(order, key, before.fields.contains_key(key)) {
            continue;
        }
        let spec = custom::spec(app, None, key);
        let spec = spec.ok_or_else(|| Error::internal("a field without its definition"))?;
        let homes = (Home::Client(from), Home::Client(into));
        let value = seal::moved(&app.keyring, &permit, spec, homes, value)?;
        after.fields.insert(key.clone(), value);
        let tail = format!("{}.tail", spec.path());
        let of_field = |token: &&Token| token.field == spec.path() || token.field == tail;
        tokens.extend(own.iter().filter(of_field).cloned());
        changed.push(key.clone());
    }
    if order.choices.get("stage") == Some(&Side::From) {
        after.stage.clone_from(&source.stage);
    }
    let (seats, lost) = seated(order, &source.seats, &before.seats)?;
    after.seats = seats;
    after.tags = united(&source.tags, &before.tags);
    for list in LISTS {
        let last = before.list(list.key).map(|item| item.position).max().unwrap_or(-1);
        for (next, item) in (last + 1..).zip(source.list(list.key)) {
            after.items.push(rows::Item { position: next, ..item.clone() });
        }
    }
    let author = author(app, actor, "merge", &order.why);
    take_away(&mut tx, &source, into, &author).await?;
    let version = rows::save(&mut tx, &before, &after, &tokens, &author).await.map_err(taken)?;
    relate(&mut tx, order, lost, author.at).await?;
    let items = i64::try_from(source.items.len()).unwrap_or(i64::MAX);
    let change = Change::none()
        .clients([from])
        .fields(changed)
        .count("items", items)
        .versions(Some(before.version), version);
    tx.commit(permit.entry(change)).await?;
    operations::view(app, actor, into, None).await
}

/// Whether the value of the one that goes is taken over: by choice, or because there is no other.
fn taken_over(order: &Order, key: &str, there: bool) -> bool {
    match order.choices.get(key) {
        Some(Side::From) => true,
        Some(Side::Into) => false,
        None => !there,
    }
}

fn fits(order: &Order, from: &Client, into: &Client) -> Result<()> {
    if from.on_hold {
        return Err(holds::held());
    }
    if from.recycled_at.is_some() || into.recycled_at.is_some() {
        return Err(Error::new(
            Kind::Conflict,
            "client.recycled",
            "回收站中的客户不能合并，请先恢复",
            "A client in the recycle bin is not merged; restore it first",
        ));
    }
    let stale = |seen: Option<i64>, client: &Client| seen.is_some_and(|v| v != client.version);
    if stale(order.seen.0, from) || stale(order.seen.1, into) {
        return Err(Error::new(
            Kind::Conflict,
            "client.stale",
            "比对之后档案已被他人修改，请重新比对",
            "One of them was changed after you compared them; compare again",
        ));
    }
    Ok(())
}

fn check_choices(app: &App, order: &Order) -> Result<()> {
    for key in order.choices.keys() {
        let standing = STANDING.iter().any(|(field, ..)| field == key);
        if !standing && custom::spec(app, None, key).is_none() {
            return Err(Error::invalid(
                key.clone(),
                "client.field_unknown",
                "没有这个字段",
                "There is no such field",
            ));
        }
    }
    Ok(())
}

/// Who sits where after the merge, and who loses a seat by it.
fn seated(order: &Order, from: &Seats, into: &Seats) -> Result<(Seats, Vec<UserId>)> {
    let taken = |key: &str| order.choices.get(key) == Some(&Side::From);
    let mut lost = Vec::new();
    let mut seat = |key: &str, from: Option<UserId>, into: Option<UserId>| {
        let (kept, other) = if taken(key) { (from.or(into), into) } else { (into.or(from), from) };
        lost.extend(other.filter(|_| kept != other));
        kept
    };
    let department = match (taken("department"), from.department, into.department) {
        (true, Some(from), _) | (_, Some(from), None) => Some(from),
        (_, _, into) => into,
    };
    let seats = Seats {
        lead: seat("lead", from.lead, into.lead),
        reviewer: seat("reviewer", from.reviewer, into.reviewer),
        department,
    };
    if seats.check().is_err() {
        return Err(Error::new(
            Kind::Conflict,
            "client.same_person",
            "合并后负责人与复核人为同一人，请另行选择",
            "负责人 and 复核人 would be one person; choose otherwise",
        ));
    }
    Ok((seats, lost))
}

/// Brings the people together: who loses a seat stays on as a collaborator.
async fn relate(writer: &mut Writer, order: &Order, lost: Vec<UserId>, now: Micros) -> Result<()> {
    move_relations(writer, order.from, order.into).await?;
    let stands = relations_of(writer, order.into).await?;
    for person in lost {
        let holder = Holder::User(person);
        if !stands.iter().any(|relation| relation.holder == holder) {
            let kind = RelationKind::Collaborator;
            set_relation(writer, order.into, kind, Some(holder), None, now).await?;
        }
    }
    Ok(())
}

/// The tokens of a client's own sealed fields.
async fn own_tokens(reader: &mut Reader, id: ClientId) -> Result<Vec<Token>> {
    let rows = reader
        .rows(
            "SELECT field, token FROM client_token WHERE client_id = $1 AND item_id = $2",
            &[id.into(), vec![0_u8; 16].into()],
        )
        .await?;
    let token = |row: &trust::database::Row| {
        Ok(Token { item: None, field: row.text(0)?, token: row.bytes(1)? })
    };
    rows.iter().map(token).collect()
}

/// Takes a client out of every list: its rows go to the other, its code becomes free, and its
/// last version says what it had. Its own fields and its versions stay where they are.
async fn take_away(
    writer: &mut Writer,
    source: &Client,
    into: ClientId,
    author: &rows::Authorship<'_>,
) -> Result<()> {
    let (from, version) = (source.id, source.version + 1);
    writer
        .change(
            "UPDATE client SET merged_into = $1, version = $2, updated_at = $3 \
             WHERE id = $4 AND version = $5",
            &[into.into(), version.into(), author.at.into(), from.into(), source.version.into()],
            1,
        )
        .await?;
    // Those merged into it before go along, so that their versions are found.
    writer
        .execute(
            "UPDATE client SET merged_into = $1 WHERE merged_into = $2",
            &[into.into(), from.into()],
        )
        .await?;
    writer
        .execute(
            "DELETE FROM client_token WHERE client_id = $1 AND item_id = $2",
            &[from.into(), vec![0_u8; 16].into()],
        )
        .await?;
    writer
        .execute(
            "UPDATE client_token SET client_id = $1 WHERE client_id = $2",
            &[into.into(), from.into()],
        )
        .await?;
    // The same rows come back under the other client, with the ids that their seals are bound to.
    writer.execute("DELETE FROM client_item WHERE client_id = $1", &[from.into()]).await?;
    writer.execute("DELETE FROM client_tag WHERE client_id = $1", &[from.into()]).await?;
    search::remove(writer, source.number).await?;
    let nobody = Seats::default();
    let empty = Client { items: Vec::new(), tags: Vec::new(), seats: nobody, ..source.clone() };
    rows::add_version(writer, source, &empty, author).await
}

/// A client that was merged into another, with its versions.
pub struct Merged {
    /// The code it had.
    pub code: String,
    /// The name it had.
    pub name: String,
    /// Its versions, newest first; the newest is the merge.
    pub versions: Vec<(Version, Vec<FieldChange>)>,
}

/// The clients that were merged into one, with their versions.
///
/// # Errors
/// NotFound outside the caller's row scope.
pub async fn merged(app: &App, actor: &Actor, into: ClientId) -> Result<Vec<Merged>> {
    let permit = app.access.authorize::<ViewHistory>(actor, into).await?;
    let confidential = app.access.may::<ViewConfidential>(actor, into).await?;
    let mut tx = app.db.read(&permit).await?;
    let mut all = Vec::new();
    for client in rows::merged_into(&mut tx, into).await? {
        tx.shows([client.id]);
        let versions = rows::versions(&mut tx, client.id).await?;
        let (code, name) =
            (client.code.clone(), client.clear("name").unwrap_or_default().to_owned());
        let client = Client { tags: Vec::new(), ..client };
        let versions = history::told(app, &mut tx, confidential.as_ref(), client, versions).await?;
        all.push(Merged { code, name, versions });
    }
    Ok(all)
}
