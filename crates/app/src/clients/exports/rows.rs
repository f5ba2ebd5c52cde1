//! The SQL of exports: which clients, their rows in blocks, numbers, and requests that wait.

use std::collections::HashMap;

use sea_query::{Expr, ExprTrait, Order, Query};
use trust::access::{Actor, RowScope};
use trust::database::{Reader, Row, Value, Writer};
use values::{ClientId, Error, ItemId, Micros, Result, UserId};

use crate::App;
pub use crate::clients::list::within;
use crate::clients::list::{self, ListQuery};
use crate::clients::rows::{Client, Item, to_client};

/// The ids of all clients that match within a scope, in the order of the list; of a request, only
/// those that it was approved for.
pub async fn matching(
    app: &App,
    actor: &Actor,
    scope: &RowScope,
    reader: &mut Reader,
    (query, ids, request): (&ListQuery, &[ClientId], Option<ItemId>),
) -> Result<Vec<ClientId>> {
    let mut select = list::filtered(app, actor, scope, query)?;
    select.column(("client", "id"));
    list::sorted(&mut select, query.sort.as_deref())?;
    if !ids.is_empty() {
        let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.as_bytes().to_vec()).collect();
        select.and_where(Expr::col(("client", "id")).is_in(ids));
    }
    if let Some(request) = request {
        let approved = Query::select()
            .column("client_id")
            .from("export_request_client")
            .and_where(Expr::col("request_id").eq(request.as_bytes().to_vec()))
            .take();
        select.and_where(Expr::col(("client", "id")).in_subquery(approved));
    }
    reader.select(&select).await?.iter().map(|row| row.id(0)).collect()
}

fn bytes(ids: &[ClientId]) -> Vec<Vec<u8>> {
    ids.iter().map(|id| id.as_bytes().to_vec()).collect()
}

/// Clients in the order of their ids, each with how complete it is; with the rows of their lists
/// if these are wanted.
pub async fn block(
    reader: &mut Reader,
    ids: &[ClientId],
    lists: bool,
) -> Result<Vec<(Client, i64)>> {
    let mut select = Query::select();
    select
        .columns([
            "id",
            "number",
            "code",
            "version",
            "stage",
            "fields",
            "tags",
            "created_at",
            "updated_at",
            "recycled_at",
            "completeness",
        ])
        .from("client")
        .and_where(Expr::col("id").is_in(bytes(ids)));
    let mut found: HashMap<ClientId, (Client, i64)> = HashMap::with_capacity(ids.len());
    for row in reader.select(&select).await? {
        let client = to_client(&row)?;
        found.insert(client.id, (client, row.int(10)?));
    }
    if lists {
        let mut select = Query::select();
        select
            .columns(["client_id", "id", "list", "position", "fields"])
            .from("client_item")
            .and_where(Expr::col("client_id").is_in(bytes(ids)))
            .order_by("list", Order::Asc)
            .order_by("position", Order::Asc);
        for row in reader.select(&select).await? {
            let Some((client, _)) = found.get_mut(&row.id::<ClientId>(0)?) else { continue };
            client.items.push(Item {
                id: row.id(1)?,
                list: row.text(2)?,
                position: row.int(3)?,
                fields: serde_json::from_str(&row.text(4)?).map_err(Error::internal)?,
            });
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Takes the next number of an export.
pub async fn next_number(writer: &mut Writer) -> Result<i64> {
    let row = writer
        .row("UPDATE export_number SET last = last + 1 WHERE one = 1 RETURNING last", &[])
        .await?
        .ok_or_else(|| Error::internal("the export number is missing"))?;
    row.int(0)
}

/// A request for an unmasked export.
#[derive(Debug, Clone)]
pub struct Request {
    /// The id.
    pub id: ItemId,
    /// Who asks.
    pub by: (UserId, String),
    /// What for: an order as JSON.
    pub query: String,
    /// How many clients matched when it was asked for.
    pub clients: i64,
    /// What for.
    pub purpose: String,
    /// When.
    pub at: Micros,
    /// `pending`, `approved`, `refused`, `taken` or `expired`.
    pub state: String,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Micros>,
}

/// Keeps a request with the clients that it is for.
pub async fn insert(writer: &mut Writer, request: &Request, ids: &[ClientId]) -> Result<()> {
    let rows: Vec<Vec<Value>> =
        ids.iter().map(|id| vec![request.id.into(), (*id).into()]).collect();
    let columns = &["request_id", "client_id"];
    writer.insert_many("export_request_client", columns, &rows).await?;
    writer
        .change(
            "INSERT INTO export_request (id, by_id, by_name, query, clients, purpose, at, state) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                request.id.into(),
                request.by.0.into(),
                request.by.1.as_str().into(),
                request.query.as_str().into(),
                request.clients.into(),
                request.purpose.as_str().into(),
                request.at.into(),
                request.state.as_str().into(),
            ],
            1,
        )
        .await
}

fn to_request(row: &Row) -> Result<Request> {
    Ok(Request {
        id: row.id(0)?,
        by: (row.id(1)?, row.text(2)?),
        query: row.text(3)?,
        clients: row.int(4)?,
        purpose: row.text(5)?,
        at: row.micros(6)?,
        state: row.text(7)?,
        decided_by: row.opt_text(8)?,
        decided_at: row.opt_int(9)?.map(Micros),
    })
}

/// One request.
pub async fn request(reader: &mut Reader, id: ItemId) -> Result<Option<Request>> {
    let row = reader
        .row(
            "SELECT id, by_id, by_name, query, clients, purpose, at, state, decided_name, \
             decided_at FROM export_request WHERE id = $1",
            &[id.into()],
        )
        .await?;
    row.as_ref().map(to_request).transpose()
}

/// The latest requests: of one person, or of everybody.
pub async fn requests(reader: &mut Reader, by: Option<UserId>) -> Result<Vec<Request>> {
    let rows = match by {
        Some(by) => {
            reader
                .rows(
                    "SELECT id, by_id, by_name, query, clients, purpose, at, state, \
                     decided_name, decided_at FROM export_request WHERE by_id = $1 \
                     ORDER BY at DESC, id DESC LIMIT 100",
                    &[by.into()],
                )
                .await?
        }
        None => {
            reader
                .rows(
                    "SELECT id, by_id, by_name, query, clients, purpose, at, state, \
                     decided_name, decided_at FROM export_request \
                     ORDER BY CASE state WHEN 'pending' THEN 0 ELSE 1 END, at DESC, id DESC \
                     LIMIT 100",
                    &[],
                )
                .await?
        }
    };
    rows.iter().map(to_request).collect()
}

/// Decides a pending request.
pub async fn decide(
    writer: &mut Writer,
    id: ItemId,
    state: &str,
    by: (UserId, &str),
    at: Micros,
) -> Result<()> {
    writer
        .change(
            "UPDATE export_request SET state = $1, decided_by = $2, decided_name = $3, \
             decided_at = $4 WHERE id = $5 AND state = 'pending' AND by_id <> $2",
            &[state.into(), by.0.into(), by.1.into(), at.into(), id.into()],
            1,
        )
        .await
}

/// Takes an approved request, once, if it was approved after a moment.
pub async fn take(
    writer: &mut Writer,
    id: ItemId,
    by: UserId,
    approved_after: Micros,
) -> Result<()> {
    writer
        .change(
            "UPDATE export_request SET state = 'taken' WHERE id = $1 AND by_id = $2 \
             AND state = 'approved' AND decided_at > $3",
            &[id.into(), by.into(), approved_after.into()],
            1,
        )
        .await
}
