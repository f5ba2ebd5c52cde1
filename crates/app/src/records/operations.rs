//! Reading, verifying, proving and exporting the record.

use documents::{Column, CsvWriter, Kind, Layout, Value};
use trust::access::Actor;
use trust::database::Reader;
use trust::record::{self, Filter, Listed, Verification};
use values::{EntryId, Error, Kind as ErrorKind, Micros, Result};

use super::actions::{ExportRecord, ListRecord, ProveRecord, ShowCheckpoint, VerifyRecord};
use super::rows;
use super::rules::{self, Body, PAGE, PAGE_MOST, Query};
use crate::App;
use crate::clients::{COUNTED, Total};

/// Entries that one export holds at most.
const EXPORT_MOST: u64 = 200_000;
/// Entries read at a time for an export.
const EXPORT_PAGE: u64 = 2_000;

/// An entry as a list shows it.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// The entry.
    pub id: EntryId,
    /// When.
    pub at: Micros,
    /// Its place in the tree, once sealed.
    pub number: Option<i64>,
    /// What it says.
    pub body: Body,
}

/// A page of entries, newest first.
#[derive(Debug, Clone)]
pub struct Page {
    /// The entries.
    pub items: Vec<EntryRow>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many there are, counted up to a bound.
    pub total: Total,
}

/// How entries are exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A text table for Excel.
    Csv,
    /// One JSON object a line, with the body as it was hashed.
    JsonLines,
}

impl Format {
    /// The format of a name; a text table when nothing is said.
    ///
    /// # Errors
    /// Invalid when there is no such format.
    pub fn named(name: Option<&str>) -> Result<Self> {
        match name {
            None | Some("csv") => Ok(Self::Csv),
            Some("jsonl") => Ok(Self::JsonLines),
            Some(_) => Err(Error::invalid(
                "format",
                "record.format",
                "导出格式应为 csv 或 jsonl",
                "The format must be csv or jsonl",
            )),
        }
    }
}

/// An exported file.
#[derive(Debug)]
pub struct Export {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many entries are in it.
    pub entries: u64,
}

/// The newest checkpoint and the key that it is checked with.
#[derive(Debug, Clone)]
pub struct CheckpointView {
    /// The signed checkpoint; nothing before the first entry is sealed.
    pub checkpoint: Option<String>,
    /// The verifier key, `name+hash+base64`.
    pub verifier_key: String,
}

async fn filter(app: &App, reader: &mut Reader, query: &Query, most: u64) -> Result<Filter> {
    let zone = &app.running.zone;
    let client = match &query.client {
        None => None,
        Some(text) => match text.parse() {
            Ok(id) => Some(id),
            Err(_) => {
                Some(crate::clients::id_of_code(reader, text).await?.ok_or_else(Error::not_found)?)
            }
        },
    };
    let moment = |field, text: &Option<String>, end| {
        text.as_deref().map(|text| rules::read_moment(field, text, zone, end)).transpose()
    };
    Ok(Filter {
        actor: query.actor.as_deref().map(rules::read_actor).transpose()?,
        action: query.action.clone(),
        but: None,
        outcome: query.outcome.clone().map(rules::read_outcome).transpose()?,
        client,
        from: moment("from", &query.from, false)?,
        to: moment("to", &query.to, true)?,
        after: query.cursor.as_deref().map(rules::read_cursor).transpose()?,
        limit: query.limit.unwrap_or(PAGE).clamp(1, most),
    })
}

fn entry_row(listed: Listed) -> EntryRow {
    let body = Body::read(&listed.body);
    EntryRow { id: listed.id, at: listed.at, number: listed.number, body }
}

/// A page of the record.
///
/// # Errors
/// Invalid for a filter that cannot be, Denied without the right.
pub async fn list(app: &App, actor: &Actor, query: &Query) -> Result<Page> {
    let permit = app.access.authorize::<ListRecord>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let mut filter = filter(app, &mut tx, query, PAGE_MOST).await?;
    let wanted = usize::try_from(filter.limit).map_err(Error::internal)?;
    filter.limit += 1;
    let mut found = record::list(&mut tx, &filter).await?;
    let more = found.len() > wanted;
    found.truncate(wanted);
    let next = found.last().filter(|_| more).map(|last| rules::cursor(last.at, last.id));
    let bound = COUNTED.unsigned_abs() + 1;
    let count = record::count(&mut tx, &filter, bound).await?;
    let total = Total { count: count.min(COUNTED), capped: count > COUNTED };
    Ok(Page { items: found.into_iter().map(entry_row).collect(), next, total })
}

/// Recomputes the whole record.
///
/// # Errors
/// Denied without the right, Unavailable when the store is away.
pub async fn verify(app: &App, actor: &Actor) -> Result<Verification> {
    let permit = app.access.authorize::<VerifyRecord>(actor, ()).await?;
    app.trust.record.flush().await;
    let mut tx = app.db.read(&permit).await?;
    app.trust.record.verify(&mut tx).await
}

/// The printable proof that an entry is in the record.
///
/// # Errors
/// NotFound when there is no such entry, Conflict while it waits to be sealed.
pub async fn prove(app: &App, actor: &Actor, entry: EntryId) -> Result<String> {
    let permit = app.access.authorize::<ProveRecord>(actor, entry).await?;
    let mut tx = app.db.read(&permit).await?;
    app.trust.record.prove(&mut tx, entry).await
}

/// The newest checkpoint, for a copy outside or for strangers.
///
/// # Errors
/// Denied without the right.
pub async fn checkpoint(app: &App, actor: &Actor) -> Result<CheckpointView> {
    let permit = app.access.authorize::<ShowCheckpoint>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let checkpoint = rows::newest_checkpoint(&mut tx).await?;
    Ok(CheckpointView { checkpoint, verifier_key: app.trust.record.verifier().to_string() })
}

/// The wanted entries as a file, newest first; no cell of it is ever a formula.
///
/// # Errors
/// Denied without the right or a purpose; Limited when it would hold too many entries.
pub async fn export(
    app: &App,
    actor: &Actor,
    purpose: &str,
    query: &Query,
    format: Format,
) -> Result<Export> {
    let purpose = rules::check_purpose(purpose)?;
    let actor = actor.clone().for_purpose(purpose);
    let permit = app.access.authorize::<ExportRecord>(&actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let mut filter = filter(app, &mut tx, query, PAGE_MOST).await?;
    filter.limit = EXPORT_PAGE;
    let mut file = File::new(format)?;
    let mut entries = 0;
    loop {
        let page = record::list(&mut tx, &filter).await?;
        let Some(last) = page.last() else { break };
        filter.after = Some((last.at, last.id));
        entries += page.len() as u64;
        if entries > EXPORT_MOST {
            return Err(Error::new(
                ErrorKind::Limited,
                "record.export_too_large",
                format!("一次最多导出 {EXPORT_MOST} 条，请缩小时间范围"),
                format!("At most {EXPORT_MOST} entries at once: narrow the period"),
            ));
        }
        for listed in page {
            file.add(listed)?;
        }
    }
    Ok(Export { bytes: file.finish()?, entries })
}

/// A file that is being written.
enum File {
    Csv(Box<CsvWriter<Vec<u8>>>),
    JsonLines(Vec<u8>),
}

const HEADERS: [&str; 14] = [
    "编号",
    "时间",
    "操作人编号",
    "操作人",
    "操作人类别",
    "操作",
    "结果",
    "对象",
    "客户数",
    "数据类别",
    "用途",
    "来源",
    "请求编号",
    "封存序号",
];

impl File {
    fn new(format: Format) -> Result<Self> {
        if format == Format::JsonLines {
            return Ok(Self::JsonLines(Vec::new()));
        }
        let columns = HEADERS.map(|header| Column::new(header, Kind::Text)).to_vec();
        let writer = CsvWriter::new(Vec::new(), &Layout::new("审计日志", columns));
        Ok(Self::Csv(Box::new(writer.map_err(Error::internal)?)))
    }

    fn add(&mut self, listed: Listed) -> Result<()> {
        match self {
            Self::Csv(writer) => writer.row(&cells(entry_row(listed))).map_err(Error::internal),
            Self::JsonLines(out) => {
                // The body goes in letter by letter: its bytes are what was hashed.
                let number = listed.number.map_or_else(|| "null".to_owned(), |n| n.to_string());
                out.extend_from_slice(
                    format!("{{\"number\":{number},\"body\":{}}}\n", listed.body).as_bytes(),
                );
                Ok(())
            }
        }
    }

    fn finish(self) -> Result<Vec<u8>> {
        match self {
            Self::Csv(writer) => writer.finish().map_err(Error::internal),
            Self::JsonLines(out) => Ok(out),
        }
    }
}

fn cells(row: EntryRow) -> Vec<Value> {
    let count = i64::try_from(row.body.clients_count()).unwrap_or(i64::MAX);
    let EntryRow { id, at, number, body } = row;
    vec![
        Value::Text(id.to_string()),
        Value::Text(at.rfc3339()),
        Value::Text(body.actor),
        Value::Text(body.actor_name),
        Value::Text(body.actor_kind),
        Value::Text(body.action),
        Value::Text(body.outcome),
        Value::Text(body.target),
        Value::Integer(count),
        Value::Text(body.classes.join(" ")),
        Value::Text(body.purpose),
        Value::Text(body.origin),
        Value::Text(body.request),
        number.map_or(Value::Empty, Value::Integer),
    ]
}
