//! Reading the record: itself an action under a permit, and so itself on record.

use sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement};
use values::{ClientId, EntryId, Micros, Result, UserId};

use crate::database::{Reader, Row};

/// Which entries are wanted; newest first.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of one actor.
    pub actor: Option<UserId>,
    /// Of one action, such as `client.view`.
    pub action: Option<String>,
    /// Of any action but this one.
    pub but: Option<String>,
    /// `done`, `shown` or `denied`.
    pub outcome: Option<String>,
    /// That touch one client.
    pub client: Option<ClientId>,
    /// Not before.
    pub from: Option<Micros>,
    /// Before.
    pub to: Option<Micros>,
    /// After this one in the list: its moment and id.
    pub after: Option<(Micros, EntryId)>,
    /// How many at most.
    pub limit: u64,
}

/// An entry as a list shows it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The entry.
    pub id: EntryId,
    /// When.
    pub at: Micros,
    /// Its place in the tree, once sealed.
    pub number: Option<i64>,
    /// The canonical text, which says all.
    pub body: String,
}

/// The entries that a filter wants.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn list(reader: &mut Reader, filter: &Filter) -> Result<Vec<Listed>> {
    let mut query = wanted(filter);
    query
        .column(("record_entry", "id"))
        .column(("record_entry", "at"))
        .column(("record_entry", "number"))
        .column(("record_entry", "body"))
        .order_by(("record_entry", "at"), Order::Desc)
        .order_by(("record_entry", "id"), Order::Desc)
        .limit(filter.limit);
    if let Some((at, id)) = filter.after {
        query.cond_where(
            Cond::any().add(Expr::col(("record_entry", "at")).lt(at.0)).add(
                Cond::all()
                    .add(Expr::col(("record_entry", "at")).eq(at.0))
                    .add(Expr::col(("record_entry", "id")).lt(id.as_bytes().to_vec())),
            ),
        );
    }
    reader.select(&query).await?.iter().map(listed).collect()
}

/// How many entries a filter wants, wherever the page begins; counted up to `most`.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn count(reader: &mut Reader, filter: &Filter, most: u64) -> Result<i64> {
    let mut inner = wanted(filter);
    inner.column(("record_entry", "id")).limit(most);
    let mut outer = Query::select();
    outer.expr(Expr::cust("COUNT(*)")).from_subquery(inner, "counted");
    reader.select(&outer).await?.first().map_or(Ok(0), |row| row.int(0))
}

fn wanted(filter: &Filter) -> SelectStatement {
    let mut query = Query::select();
    query.from("record_entry");
    if let Some(client) = filter.client {
        let mut touching = Query::select();
        touching
            .column("entry_id")
            .from("record_client")
            .and_where(Expr::col("client_id").eq(client.as_bytes().to_vec()));
        query.and_where(Expr::col(("record_entry", "id")).in_subquery(touching));
    }
    if let Some(actor) = filter.actor {
        query.and_where(Expr::col(("record_entry", "actor")).eq(actor.as_bytes().to_vec()));
    }
    if let Some(action) = &filter.action {
        query.and_where(Expr::col(("record_entry", "action")).eq(action.clone()));
    }
    if let Some(outcome) = &filter.outcome {
        query.and_where(Expr::col(("record_entry", "outcome")).eq(outcome.clone()));
    }
    if let Some(from) = filter.from {
        query.and_where(Expr::col(("record_entry", "at")).gte(from.0));
    }
    if let Some(to) = filter.to {
        query.and_where(Expr::col(("record_entry", "at")).lt(to.0));
    }
    if let Some(action) = &filter.but {
        query.and_where(Expr::col(("record_entry", "action")).ne(action.clone()));
    }
    query
}

fn listed(row: &Row) -> Result<Listed> {
    Ok(Listed { id: row.id(0)?, at: row.micros(1)?, number: row.opt_int(2)?, body: row.text(3)? })
}
