//! Unmasked exports: asked for by one person, approved by another, taken once within a day.

use serde::Serialize;
use tokio::sync::oneshot;
use trust::access::Actor;
use trust::database::{Reader, Writer};
use trust::record::{Change, PURPOSE_MOST};
use utoipa::ToSchema;
use values::{Error, ItemId, Kind, Micros, Result};

use super::rows::{self, Request};
use super::{Export, Format, Order, columns, run_unmasked};
use crate::App;
use crate::clients::actions::{ApproveExport, ExportUnmasked, RequestExport};

/// An approval holds for a day.
const HOLDS_SECONDS: i64 = 24 * 60 * 60;

/// A request as people see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestView {
    /// The id.
    #[schema(value_type = String)]
    id: ItemId,
    /// Who asks.
    by: String,
    /// Whether that is the caller.
    own: bool,
    /// What for.
    purpose: String,
    /// The filters, the columns and the clients that were picked.
    #[schema(value_type = Object)]
    order: serde_json::Value,
    /// How many clients matched when it was asked for.
    clients: i64,
    /// When.
    at: String,
    /// `pending`, `approved`, `refused`, `taken` or `expired`.
    state: String,
    /// Who decided.
    decided_by: Option<String>,
    /// When.
    decided_at: Option<String>,
    /// Whether the caller may decide.
    may_decide: bool,
    /// Whether the caller may take the file.
    may_take: bool,
}

fn shown(app: &App, actor: &Actor, approver: bool, request: Request) -> RequestView {
    let own = request.by.0 == actor.user();
    let over = request.state == "approved" && !holds(app, &request);
    let state = if over { "expired".to_owned() } else { request.state };
    RequestView {
        id: request.id,
        by: request.by.1,
        own,
        purpose: request.purpose,
        order: serde_json::from_str(&request.query).unwrap_or_default(),
        clients: request.clients,
        at: request.at.rfc3339(),
        may_decide: approver && !own && state == "pending",
        may_take: own && state == "approved",
        state,
        decided_by: request.decided_by,
        decided_at: request.decided_at.map(Micros::rfc3339),
    }
}

fn holds(app: &App, request: &Request) -> bool {
    request.decided_at.is_some_and(|at| at > oldest(app))
}

fn oldest(app: &App) -> Micros {
    app.clock.now().plus_seconds(-HOLDS_SECONDS)
}

/// Asks for an unmasked export.
///
/// # Errors
/// Denied without a purpose or the right; Invalid when a column or filter does not exist.
pub async fn request(
    app: &App,
    actor: &Actor,
    order: &Order,
    purpose: &str,
) -> Result<RequestView> {
    let purpose = purpose.trim();
    if purpose.chars().count() > PURPOSE_MOST {
        return Err(Error::invalid("purpose", "purpose.too_long", "用途太长", "Too long"));
    }
    let actor = actor.clone().for_purpose(purpose);
    let (_whole, scope) = app.access.authorize_list::<ExportUnmasked>(&actor).await?;
    let permit = app.access.authorize::<RequestExport>(&actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    crate::clients::custom::read(app, &mut tx).await?;
    columns::choose(&app.added.all(), order.columns.as_deref(), true)?;
    let wanted = (&order.filters, order.ids.as_slice(), None);
    let matching = rows::matching(app, &actor, &scope, &mut tx, wanted).await?;
    let request = Request {
        id: ItemId::new(&*app.clock, &*app.entropy),
        by: (actor.user(), actor.name().to_owned()),
        query: serde_json::to_string(order).map_err(Error::internal)?,
        clients: i64::try_from(matching.len()).unwrap_or(i64::MAX),
        purpose: purpose.to_owned(),
        at: app.clock.now(),
        state: "pending".to_owned(),
        decided_by: None,
        decided_at: None,
    };
    rows::insert(&mut tx, &request, &matching).await?;
    tx.commit(permit.entry(Change::none().count("rows", request.clients))).await?;
    Ok(shown(app, &actor, false, request))
}

/// The requests that the caller may decide, or made.
///
/// # Errors
/// Denied when the caller can neither ask nor decide.
pub async fn list_requests(app: &App, actor: &Actor) -> Result<Vec<RequestView>> {
    let found = match app.access.may::<ApproveExport>(actor, ()).await? {
        Some(permit) => {
            let requests = rows::requests(&mut *app.db.read(&permit).await?, None).await?;
            (true, requests)
        }
        None => {
            let permit = app.access.authorize::<RequestExport>(actor, ()).await?;
            let mut tx = app.db.read(&permit).await?;
            (false, rows::requests(&mut tx, Some(actor.user())).await?)
        }
    };
    let (approver, requests) = found;
    Ok(requests.into_iter().map(|request| shown(app, actor, approver, request)).collect())
}

/// Requests that wait for somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Those that the caller may decide.
    pub to_decide: i64,
    /// Files that the caller may take.
    pub to_take: i64,
}

/// What waits for the caller, within a read of their own.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn waiting(app: &App, reader: &mut Reader, actor: &Actor) -> Result<Waiting> {
    let approver = app.access.may::<ApproveExport>(actor, ()).await?.is_some();
    if !approver && app.access.may::<RequestExport>(actor, ()).await?.is_none() {
        return Ok(Waiting::default());
    }
    let by = (!approver).then(|| actor.user());
    let mut waiting = Waiting::default();
    for request in rows::requests(reader, by).await? {
        let view = shown(app, actor, approver, request);
        waiting.to_decide += i64::from(view.may_decide);
        waiting.to_take += i64::from(view.may_take);
    }
    Ok(waiting)
}

fn own_request() -> Error {
    Error::new(
        Kind::Denied,
        "export.own_request",
        "不能审批自己的申请，须由另一人批准",
        "A second person must decide; nobody approves their own request",
    )
}

/// Approves or refuses a request of somebody else.
///
/// # Errors
/// Denied for the caller's own request; Conflict when it was decided already.
pub async fn decide(app: &App, actor: &Actor, id: ItemId, approve: bool) -> Result<RequestView> {
    let permit = app.access.authorize::<ApproveExport>(actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    let request = rows::request(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    if request.by.0 == actor.user() {
        return Err(own_request());
    }
    if request.state != "pending" {
        return Err(Error::new(
            Kind::Conflict,
            "export.decided",
            "该申请已有结论",
            "This request was decided already",
        ));
    }
    let state = if approve { "approved" } else { "refused" };
    let by = (actor.user(), actor.name());
    rows::decide(&mut tx, id, state, by, app.clock.now()).await?;
    let request = rows::request(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    let count = if approve { "approved" } else { "refused" };
    tx.commit(permit.entry(Change::none().count(count, 1).purpose(&request.purpose))).await?;
    Ok(shown(app, actor, true, request))
}

/// The file of an approved request, once; on record, durably, before the first byte leaves.
///
/// # Errors
/// NotFound for a request of somebody else; Conflict when it is not approved, or no longer.
pub async fn unmasked(app: &App, actor: &Actor, id: ItemId, format: Format) -> Result<Export> {
    let asked = app.access.authorize::<RequestExport>(actor, ()).await?;
    let request = rows::request(&mut *app.db.read(&asked).await?, id).await?;
    let request = request.filter(|request| request.by.0 == actor.user());
    let request = request.ok_or_else(Error::not_found)?;
    ready(app, &request)?;
    let mut order: Order = serde_json::from_str(&request.query).map_err(Error::internal)?;
    order.format = format;
    let (begun, begins) = oneshot::channel();
    let (app, actor) = (app.clone(), actor.clone().for_purpose(&request.purpose));
    tokio::spawn(async move { run_unmasked(&app, &actor, id, &order, begun).await });
    begins.await.map_err(Error::internal)?
}

fn ready(app: &App, request: &Request) -> Result<()> {
    let (code, zh, en) = match request.state.as_str() {
        "approved" if holds(app, request) => return Ok(()),
        "approved" | "expired" => {
            ("export.expired", "批准已超过 24 小时，请重新申请", "Approved too long ago")
        }
        "pending" => ("export.pending", "尚未获得第二人批准", "A second person must approve first"),
        "refused" => ("export.refused", "申请未获批准", "The request was refused"),
        _ => ("export.taken", "文件已领取过，请重新申请", "The file was taken already"),
    };
    Err(Error::new(Kind::Conflict, code, zh, en))
}

/// Marks a request as taken, in the transaction that puts the export on record.
///
/// # Errors
/// Conflict when somebody was faster.
pub async fn take(app: &App, actor: &Actor, writer: &mut Writer, id: ItemId) -> Result<()> {
    rows::take(writer, id, actor.user(), oldest(app)).await
}
