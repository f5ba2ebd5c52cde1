//! All SQL of the archive's tables; row structs never leave the context.

use std::collections::BTreeMap;

use fiscal::names;
use jiff::civil::Date;
use serde_json::Value as Json;
use trust::access::relations_of;
use trust::database::{Reader, Row, Value, Writer};
use trust::vault::Keyring;
use values::{ClientId, Error, ImportId, ItemId, Micros, Result, UserId};

use super::fields::Spec;
use super::holds;
pub use super::projection::size_of;
use super::projection::{INSERTED, UPDATE, project};
use super::rules::{Fields, Stored};
use super::seal::{self, Home};
use super::search;
use super::seats::{self, Seats};
pub use super::versions::{Version, difference, take_back, versions};

/// A client as it stands.
#[derive(Debug, Clone)]
pub struct Client {
    /// The id.
    pub id: ClientId,
    /// The running number.
    pub number: i64,
    /// The code people use.
    pub code: String,
    /// The version.
    pub version: i64,
    /// The stage of the life cycle.
    pub stage: String,
    /// The fields.
    pub fields: Fields,
    /// The tags, sorted.
    pub tags: Vec<String>,
    /// When it was made.
    pub created_at: Micros,
    /// When it was last changed.
    pub updated_at: Micros,
    /// When it was put into the recycle bin.
    pub recycled_at: Option<Micros>,
    /// The rows of its lists.
    pub items: Vec<Item>,
    /// Who stands how to it; read with a whole client only.
    pub seats: Seats,
    /// Whether a legal hold keeps it; read with a whole client only.
    pub on_hold: bool,
}

/// A row of one of a client's lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The id.
    pub id: ItemId,
    /// The list.
    pub list: String,
    /// Its place in the list.
    pub position: i64,
    /// The fields.
    pub fields: Fields,
}

impl Client {
    /// A field in clear.
    #[must_use]
    pub fn clear(&self, key: &str) -> Option<&str> {
        self.fields.get(key).and_then(Stored::clear)
    }

    /// The rows of a list.
    pub fn list<'a>(&'a self, list: &'a str) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(move |item| item.list == list)
    }
}

/// A text that is found again by a keyed token.
#[derive(Debug, Clone)]
pub struct Token {
    /// The row of the list, or `None` for the client's own field.
    pub item: Option<ItemId>,
    /// The path of the field.
    pub field: String,
    /// The token.
    pub token: Vec<u8>,
}

/// A client that is to be made.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// The id.
    pub id: ClientId,
    /// The running number.
    pub number: i64,
    /// The stage it begins in.
    pub stage: &'static str,
    /// The fields, sealed where they are.
    pub fields: Fields,
    /// The rows of its lists.
    pub items: Vec<Item>,
    /// The tokens of its sealed fields.
    pub tokens: Vec<Token>,
    /// The import that brings it.
    pub import: Option<ImportId>,
}

/// Who changes something, why, and where it comes from.
#[derive(Debug, Clone)]
pub struct Authorship<'a> {
    /// Who.
    pub by: (UserId, &'a str),
    /// `create`, `edit`, `import`, `merge`, `undo`.
    pub source: &'a str,
    /// Why.
    pub why: &'a str,
    /// When.
    pub at: Micros,
    /// The day in the firm's zone, for what depends on it.
    pub today: Date,
}

/// The code of a running number.
#[must_use]
pub fn code_of(number: i64) -> String {
    format!("C{number:06}")
}

/// Takes `count` running numbers and gives the first.
pub async fn next_numbers(writer: &mut Writer, count: i64) -> Result<i64> {
    let row = writer
        .row(
            "UPDATE client_number SET last = last + $1 WHERE one = 1 RETURNING last",
            &[count.into()],
        )
        .await?
        .ok_or_else(|| Error::internal("the client number is missing"))?;
    Ok(row.int(0)? - count + 1)
}

/// Inserts clients with their lists, tokens, first versions and words, many rows a statement.
pub async fn insert_clients(
    writer: &mut Writer,
    clients: &[NewClient],
    author: &Authorship<'_>,
) -> Result<()> {
    let (mut rows, mut items, mut tokens) = (Vec::new(), Vec::new(), Vec::new());
    let (mut versions, mut words) = (Vec::new(), Vec::new());
    for client in clients {
        let p = project(client.stage, &client.fields, &client.items, &[], author)?;
        let mut row = p.row;
        row.extend([
            client.id.into(),
            client.number.into(),
            code_of(client.number).into(),
            1_i64.into(),
            author.at.into(),
            client.import.into(),
        ]);
        rows.push(row);
        words.push((client.number, p.tokens));
        for item in &client.items {
            items.push(item_row(client.id, item)?);
        }
        tokens.extend(client.tokens.iter().map(|token| token_row(client.id, token)));
        versions.push(version_row(client.id, 1, author, &BTreeMap::new())?);
    }
    writer.insert_many("client", INSERTED, &rows).await?;
    writer.insert_many("client_item", ITEM, &items).await?;
    writer.insert_many("client_token", TOKEN, &tokens).await?;
    writer.insert_many("client_version", VERSION, &versions).await?;
    search::add(writer, &words).await
}

const ITEM: &[&str] = &["id", "client_id", "list", "position", "fields"];
const TOKEN: &[&str] = &["client_id", "item_id", "field", "token"];
const VERSION: &[&str] =
    &["client_id", "version", "at", "by_id", "by_name", "source", "why", "before"];

pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn item_row(client: ClientId, item: &Item) -> Result<Vec<Value>> {
    Ok(vec![
        item.id.into(),
        client.into(),
        item.list.as_str().into(),
        item.position.into(),
        json(&item.fields)?.into(),
    ])
}

fn token_row(client: ClientId, token: &Token) -> Vec<Value> {
    let item = token.item.map_or_else(|| vec![0; 16], |id| id.as_bytes().to_vec());
    vec![client.into(), item.into(), token.field.as_str().into(), token.token.clone().into()]
}

fn version_row(
    client: ClientId,
    version: i64,
    author: &Authorship<'_>,
    before: &BTreeMap<String, Json>,
) -> Result<Vec<Value>> {
    Ok(vec![
        client.into(),
        version.into(),
        author.at.into(),
        author.by.0.into(),
        author.by.1.into(),
        author.source.into(),
        author.why.into(),
        json(before)?.into(),
    ])
}

/// Reads a client that is going to be changed: whoever else is changing it finishes first.
pub async fn held(writer: &mut Writer, id: ClientId) -> Result<Option<Client>> {
    writer.execute("UPDATE client SET version = version WHERE id = $1", &[id.into()]).await?;
    client(writer, id).await
}

/// A client with its lists.
pub async fn client(reader: &mut Reader, id: ClientId) -> Result<Option<Client>> {
    let row = reader
        .row(
            "SELECT id, number, code, version, stage, fields, tags, created_at, \
             updated_at, recycled_at FROM client WHERE id = $1 AND merged_into IS NULL",
            &[id.into()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut client = to_client(&row)?;
    let items = reader
        .rows(
            "SELECT id, list, position, fields FROM client_item WHERE client_id = $1 \
             ORDER BY list, position",
            &[id.into()],
        )
        .await?;
    for row in &items {
        client.items.push(Item {
            id: row.id(0)?,
            list: row.text(1)?,
            position: row.int(2)?,
            fields: serde_json::from_str(&row.text(3)?).map_err(Error::internal)?,
        });
    }
    client.seats = Seats::of(&relations_of(reader, id).await?);
    client.on_hold = holds::is_held(reader, id).await?;
    Ok(Some(client))
}

/// A client without its lists.
pub(super) fn to_client(row: &Row) -> Result<Client> {
    Ok(Client {
        id: row.id(0)?,
        number: row.int(1)?,
        code: row.text(2)?,
        version: row.int(3)?,
        stage: row.text(4)?,
        fields: serde_json::from_str(&row.text(5)?).map_err(Error::internal)?,
        tags: serde_json::from_str(&row.text(6)?).map_err(Error::internal)?,
        created_at: row.micros(7)?,
        updated_at: row.micros(8)?,
        recycled_at: row.opt_int(9)?.map(Micros),
        items: Vec::new(),
        seats: Seats::default(),
        on_hold: false,
    })
}

/// The clients that were merged into one, as they stood.
pub async fn merged_into(reader: &mut Reader, into: ClientId) -> Result<Vec<Client>> {
    let rows = reader
        .rows(
            "SELECT id, number, code, version, stage, fields, tags, created_at, \
             updated_at, recycled_at FROM client WHERE merged_into = $1 ORDER BY number",
            &[into.into()],
        )
        .await?;
    rows.iter().map(to_client).collect()
}

/// Notes what a change took from a client, as its next version.
pub async fn add_version(
    writer: &mut Writer,
    before: &Client,
    after: &Client,
    author: &Authorship<'_>,
) -> Result<()> {
    let was = difference(before, after)?;
    let row = version_row(before.id, before.version + 1, author, &was)?;
    writer.insert_many("client_version", VERSION, &[row]).await
}

/// The id of a client's code.
pub async fn id_of_code(reader: &mut Reader, code: &str) -> Result<Option<ClientId>> {
    let row =
        reader.row("SELECT id FROM client WHERE code = $1", &[code.to_uppercase().into()]).await?;
    row.map(|row| row.id(0)).transpose()
}

/// The clients of just this name; two are enough to know that it is not one.
pub async fn ids_named(reader: &mut Reader, name: &str) -> Result<Vec<ClientId>> {
    let sql = "SELECT id FROM client WHERE name = $1 ORDER BY id LIMIT 2";
    let rows = reader.rows(sql, &[name.into()]).await?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// Writes a changed client: its row if nobody was faster, its lists, tokens, words, and what was
/// before as a version.
pub async fn save(
    writer: &mut Writer,
    before: &Client,
    after: &Client,
    tokens: &[Token],
    author: &Authorship<'_>,
) -> Result<i64> {
    let version = before.version + 1;
    let p = project(&after.stage, &after.fields, &after.items, &after.tags, author)?;
    let mut row = p.row;
    row.extend([version.into(), after.recycled_at.into(), after.id.into(), before.version.into()]);
    writer.change(UPDATE, &row, 1).await?;
    save_items(writer, before, after).await?;
    save_tokens(writer, before, after, tokens).await?;
    if before.clear("name") != after.clear("name")
        || before.clear("short_name") != after.clear("short_name")
    {
        search::put(writer, after.number, &p.tokens).await?;
    }
    if before.tags != after.tags {
        save_tags(writer, after).await?;
    }
    seats::save(writer, after.id, &before.seats, &after.seats, author.at).await?;
    let row = version_row(after.id, version, author, &difference(before, after)?)?;
    writer.insert_many("client_version", VERSION, &[row]).await?;
    Ok(version)
}

async fn save_items(writer: &mut Writer, before: &Client, after: &Client) -> Result<()> {
    for old in &before.items {
        if !after.items.contains(old) {
            writer.execute("DELETE FROM client_item WHERE id = $1", &[old.id.into()]).await?;
        }
    }
    let mut rows = Vec::new();
    for new in &after.items {
        if !before.items.contains(new) {
            rows.push(item_row(after.id, new)?);
        }
    }
    writer.insert_many("client_item", ITEM, &rows).await
}

/// Tokens stay but for the fields that changed; those come with new ones.
async fn save_tokens(
    writer: &mut Writer,
    before: &Client,
    after: &Client,
    tokens: &[Token],
) -> Result<()> {
    let nil = vec![0_u8; 16];
    for (key, old) in &before.fields {
        if after.fields.get(key) != Some(old) {
            forget(writer, after.id, nil.clone(), key).await?;
        }
    }
    for old in &before.items {
        let new = after.items.iter().find(|item| item.id == old.id);
        for (key, value) in &old.fields {
            if new.and_then(|item| item.fields.get(key)) != Some(value) {
                let path = format!("{}.{key}", old.list);
                forget(writer, after.id, old.id.as_bytes().to_vec(), &path).await?;
            }
        }
    }
    let rows: Vec<Vec<Value>> = tokens.iter().map(|t| token_row(after.id, t)).collect();
    writer.insert_many("client_token", TOKEN, &rows).await
}

async fn forget(writer: &mut Writer, client: ClientId, item: Vec<u8>, path: &str) -> Result<()> {
    writer
        .execute(
            "DELETE FROM client_token WHERE client_id = $1 AND item_id = $2 \
             AND field IN ($3, $4)",
            &[client.into(), item.into(), path.into(), format!("{path}.tail").into()],
        )
        .await?;
    Ok(())
}

async fn save_tags(writer: &mut Writer, after: &Client) -> Result<()> {
    writer.execute("DELETE FROM client_tag WHERE client_id = $1", &[after.id.into()]).await?;
    let rows: Vec<Vec<Value>> =
        after.tags.iter().map(|tag| vec![after.id.into(), tag.as_str().into()]).collect();
    writer.insert_many("client_tag", &["client_id", "tag"], &rows).await
}

/// The tokens of one checked value.
pub fn tokens_of(keyring: &Keyring, spec: &Spec, home: Home, value: &str) -> Result<Vec<Token>> {
    let item = match home {
        Home::Client(_) => None,
        Home::Item(id) => Some(id),
    };
    let found = seal::tokens(keyring, spec, value)?;
    Ok(found.into_iter().map(|(field, token)| Token { item, field, token }).collect())
}

/// Whether a client's stored identity number has this token.
pub async fn token_matches(
    reader: &mut Reader,
    client: ClientId,
    item: Option<ItemId>,
    path: &str,
    token: Vec<u8>,
) -> Result<Option<bool>> {
    let item = item.map_or_else(|| vec![0; 16], |id| id.as_bytes().to_vec());
    let row = reader
        .row(
            "SELECT token FROM client_token \
             WHERE client_id = $1 AND item_id = $2 AND field = $3",
            &[client.into(), item.into(), path.into()],
        )
        .await?;
    row.map(|row| row.bytes(0).map(|stored| stored == token)).transpose()
}

/// A client like the one being typed: its name and id.
pub async fn similar(
    reader: &mut Reader,
    name: &str,
    uscc: &str,
) -> Result<Vec<(ClientId, String)>> {
    let key = names::compare_key(name);
    let rows = reader
        .rows(
            "SELECT id, name FROM client WHERE merged_into IS NULL \
             AND ((name_key = $1 AND $1 <> '') OR (uscc = $2 AND $2 <> '')) \
             ORDER BY name, id LIMIT 5",
            &[key.into(), uscc.into()],
        )
        .await?;
    rows.iter().map(|row| Ok((row.id(0)?, row.text(1)?))).collect()
}

/// Counts a reveal of today and gives the count.
pub async fn count_reveal(writer: &mut Writer, user: UserId, day: &str) -> Result<i64> {
    let row = writer
        .row(
            "INSERT INTO reveal_count (user_id, day, shown) VALUES ($1, $2, 1) \
             ON CONFLICT (user_id, day) DO UPDATE SET shown = reveal_count.shown + 1 \
             RETURNING shown",
            &[user.into(), day.into()],
        )
        .await?
        .ok_or_else(|| Error::internal("the count of reveals was not kept"))?;
    row.int(0)
}
