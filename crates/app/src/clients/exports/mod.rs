//! Lists of clients going out: masked at once, unmasked after a second person agreed.
//!
//! An export stands on record, with every client it names, before its first byte leaves; it is
//! read from the store in blocks and written while it is sent. Its number, who took it and when
//! stand above the table and on every printed page.

mod columns;
mod content;
mod requests;
mod rows;

use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use trust::access::{Action, Actor, Permit, RowScope};
use trust::database::WriteTx;
use trust::record::{Change, Receipt};
use utoipa::ToSchema;
use values::{ClientId, Error, ItemId, Result};

use super::actions::{ExportClients, ListConfidential};
use super::custom;
use super::list::ListQuery;
use crate::App;
use columns::Chosen;
use content::{Masked, Open, Sheet};

pub use requests::{RequestView, Waiting, decide, list_requests, request, unmasked, waiting};

/// Clients that can be picked one by one.
const PICKED_MOST: usize = 2_000;

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A workbook.
    #[default]
    Xlsx,
    /// Text in UTF-8 with its mark.
    Csv,
}

impl Format {
    /// The ending of its files.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }
}

/// Which clients and which of their columns are wanted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Order {
    /// The filters of the list.
    pub filters: ListQuery,
    /// The clients, when they were picked one by one.
    pub ids: Vec<ClientId>,
    /// The paths of columns, separated by commas.
    pub columns: Option<String>,
    /// The kind of file.
    pub format: Format,
}

impl Order {
    /// The ids of a text, separated by commas.
    ///
    /// # Errors
    /// Invalid when there are too many or one is none.
    pub fn picked(text: Option<&str>) -> Result<Vec<ClientId>> {
        let parts = text.unwrap_or_default().split(',').map(str::trim);
        let ids: Vec<ClientId> =
            parts.filter(|id| !id.is_empty()).map(str::parse).collect::<Result<_>>()?;
        if ids.len() > PICKED_MOST {
            return Err(Error::invalid(
                "ids",
                "export.too_many_picked",
                "一次最多勾选 2000 个客户，更多请按条件导出",
                "Pick 2,000 clients at most; export by filter for more",
            ));
        }
        Ok(ids)
    }
}

/// An export that stands on record and is being written.
#[derive(Debug)]
pub struct Export {
    /// The name of the file.
    pub name: String,
    /// Its kind.
    pub format: Format,
    /// Its number.
    pub number: i64,
    /// Its bytes, as they come.
    pub bytes: mpsc::Receiver<Result<Vec<u8>>>,
}

/// How an export begins: told to whoever asked for it, or why it does not.
type Begun = oneshot::Sender<Result<Export>>;

/// Exports what the caller may export, masked.
///
/// # Errors
/// Denied without a purpose or the right; Invalid for a column or filter that does not exist.
pub async fn masked(app: &App, actor: &Actor, order: Order, purpose: &str) -> Result<Export> {
    let (begun, begins) = oneshot::channel();
    let (app, actor) = (app.clone(), actor.clone().for_purpose(purpose.trim()));
    tokio::spawn(async move { run_masked(&app, &actor, &order, begun).await });
    begins.await.map_err(Error::internal)?
}

async fn run_masked(app: &App, actor: &Actor, order: &Order, begun: Begun) {
    let prepared = async {
        let (permit, scope) = app.access.authorize_list::<ExportClients>(actor).await?;
        let tx = app.db.write(&permit).await?;
        record(app, actor, (order, None), (permit, scope, tx)).await
    };
    let (receipt, going) = match prepared.await {
        Ok(prepared) => prepared,
        Err(error) => return drop(begun.send(Err(error))),
    };
    let confidential = match app.access.may_list::<ListConfidential>(actor) {
        Ok(confidential) => confidential,
        Err(error) => return drop(begun.send(Err(error))),
    };
    let sight = Masked { keyring: &app.keyring, confidential: confidential.as_ref() };
    send(app, actor, &receipt, going, begun, &sight).await;
}

async fn run_unmasked(app: &App, actor: &Actor, id: ItemId, order: &Order, begun: Begun) {
    let prepared = async {
        let access = &app.access;
        let (permit, scope) =
            access.authorize_list::<super::actions::ExportUnmasked>(actor).await?;
        let mut tx = app.db.write(&permit).await?;
        requests::take(app, actor, &mut tx, id).await?;
        record(app, actor, (order, Some(id)), (permit, scope, tx)).await
    };
    let (receipt, going) = match prepared.await {
        Ok(prepared) => prepared,
        Err(error) => return drop(begun.send(Err(error))),
    };
    let sight = Open { keyring: &app.keyring, receipt: &receipt };
    send(app, actor, &receipt, going, begun, &sight).await;
}

/// An export on its way.
struct Going {
    ids: Vec<ClientId>,
    columns: Vec<Chosen>,
    number: i64,
    format: Format,
    open: bool,
}

/// Puts an export on record, naming every client; from then on it may be read. What a request was
/// approved for is all that it opens: not who matches its filters since, nor who left the scope.
async fn record<'a, A: Action<Target = ()>>(
    app: &App,
    actor: &Actor,
    (order, request): (&Order, Option<ItemId>),
    (permit, scope, mut tx): (Permit<'a, A>, RowScope, WriteTx<A>),
) -> Result<(Receipt<'a, A>, Going)> {
    custom::read(app, &mut tx).await?;
    let open = request.is_some();
    let columns = columns::choose(&app.added.all(), order.columns.as_deref(), open)?;
    let wanted = (&order.filters, order.ids.as_slice(), request);
    let ids = rows::matching(app, actor, &scope, &mut tx, wanted).await?;
    let number = rows::next_number(&mut tx).await?;
    let mut change = Change::none()
        .clients(ids.iter().copied())
        .fields(columns.iter().map(|column| column.path.clone()))
        .count("rows", i64::try_from(ids.len()).unwrap_or(i64::MAX))
        .count("number", number);
    let mut classes: Vec<&'static str> =
        columns.iter().filter_map(|column| column.spec()).map(|spec| spec.item).collect();
    classes.sort_unstable();
    classes.dedup();
    for class in classes.into_iter().filter(|class| !A::CLASSES.contains(class)) {
        change = change.class(class);
    }
    let receipt = tx.commit(permit.entry(change)).await?;
    Ok((receipt, Going { ids, columns, number, format: order.format, open }))
}

/// Tells that the export begins, and writes it.
async fn send<A: Action<Target = ()>, S: content::Sight>(
    app: &App,
    actor: &Actor,
    receipt: &Receipt<'_, A>,
    going: Going,
    begun: Begun,
    sight: &S,
) {
    let (out, bytes) = mpsc::channel(4);
    let kind = if going.open { "客户清单-未脱敏" } else { "客户清单" };
    let name = format!("{kind}-{}-{}.{}", app.today(), going.number, going.format.ending());
    let name = documents::safe_file_name(&name);
    let export = Export { name, format: going.format, number: going.number, bytes };
    if begun.send(Ok(export)).is_err() {
        return;
    }
    let written = async {
        let mut tx = app.db.read_named(receipt).await?;
        let sheet = Sheet::begin(app, actor, &going, receipt.at())?;
        content::write(app, &mut tx, &going, sheet, sight, &out).await
    };
    if let Err(error) = written.await {
        tracing::error!(?error, number = going.number, "an export broke off");
        let _ = out.send(Err(error)).await;
    }
}
