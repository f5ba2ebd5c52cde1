//! What stands in an export: blocks of clients become rows of a table, as far as the caller sees.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use documents::{CsvWriter, Layout, Value, XlsxWriter};
use tokio::sync::mpsc;
use trust::access::{Actor, Permit, RowScope};
use trust::database::Reader;
use trust::record::Receipt;
use trust::vault::Keyring;
use values::{ClientId, Error, Micros, Result};

use super::columns::{self, Source};
use super::{Format, Going, rows};
use crate::App;
use crate::clients::actions::{ExportUnmasked, ListConfidential};
use crate::clients::fields::{Keeping, Spec};
use crate::clients::list;
use crate::clients::rows::{Client, size_of};
use crate::clients::rules::{self, Stored};
use crate::clients::scratch;
use crate::clients::seal::{self, Glimpse, Home};
use crate::clients::view::Standing;

/// Clients that are read at once.
const BLOCK: usize = 200;

/// How much an export sees of a stored value.
pub trait Sight: Send + Sync {
    /// Those of a block whose confidential fields may be shown at all.
    fn confidential(
        &self,
        reader: &mut Reader,
        ids: &[ClientId],
    ) -> impl Future<Output = Result<HashSet<ClientId>>> + Send;

    /// The text of a value; nothing when there is nothing to show.
    ///
    /// # Errors
    /// Internal when a sealed value was changed or belongs elsewhere.
    fn text(&self, spec: &Spec, home: Home, value: &Stored) -> Result<Option<String>>;
}

/// As lists show it: names, numbers and accounts by their masks.
pub struct Masked<'a> {
    /// The keys.
    pub keyring: &'a Keyring,
    /// The right to confidential fields and the rows it holds for.
    pub confidential: Option<&'a (Permit<'a, ListConfidential>, RowScope)>,
}

impl Sight for Masked<'_> {
    async fn confidential(
        &self,
        reader: &mut Reader,
        ids: &[ClientId],
    ) -> Result<HashSet<ClientId>> {
        match self.confidential {
            Some((_, scope)) => rows::within(reader, scope, ids).await,
            None => Ok(HashSet::new()),
        }
    }

    fn text(&self, spec: &Spec, home: Home, value: &Stored) -> Result<Option<String>> {
        let permit = self.confidential.map(|(permit, _)| permit);
        Ok(match seal::glimpse(self.keyring, permit, spec, home, value)? {
            Glimpse::Clear(text) => Some(columns::masked(spec, text)),
            Glimpse::Masked(text) => Some(text),
            Glimpse::Locked => None,
        })
    }
}

/// In full, after the entry that says so.
pub struct Open<'a> {
    /// The keys.
    pub keyring: &'a Keyring,
    /// The proof that it is on record.
    pub receipt: &'a Receipt<'a, ExportUnmasked>,
}

impl Sight for Open<'_> {
    async fn confidential(
        &self,
        _reader: &mut Reader,
        ids: &[ClientId],
    ) -> Result<HashSet<ClientId>> {
        Ok(ids.iter().copied().collect())
    }

    fn text(&self, spec: &Spec, home: Home, value: &Stored) -> Result<Option<String>> {
        if spec.keeping == Keeping::Identity {
            return Ok(None);
        }
        if let Stored::Clear(text) = value {
            return Ok(Some(text.clone()));
        }
        let text = seal::reveal_confidential(self.keyring, self.receipt, spec, home, value)?;
        Ok(Some(text.to_string()))
    }
}

/// Bytes that were written and not sent yet.
#[derive(Clone, Default)]
pub struct Spill(Arc<Mutex<Vec<u8>>>);

impl Spill {
    fn drain(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Spill {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The table that is being written.
pub enum Sheet {
    /// A workbook; it can be sent once it is whole.
    Xlsx(Box<XlsxWriter>),
    /// Text; sent as it comes.
    Csv(Box<CsvWriter<Spill>>, Spill),
}

impl Sheet {
    /// Begins a table with its notice and the names of its columns.
    ///
    /// # Errors
    /// Internal when there is no room for it.
    pub fn begin(app: &App, actor: &Actor, going: &Going, at: Micros) -> Result<Self> {
        let columns = going.columns.iter().map(|column| column.layout(going.open)).collect();
        let layout = Layout::new("客户清单", columns);
        let when = columns::minute(at, &app.running.zone);
        let mark = format!("{} {when} 导出编号 {}", actor.name(), going.number);
        let state = if going.open { "未脱敏" } else { "已脱敏" };
        let notice = format!("{mark}，{state}。含客户信息，仅限所述用途，请妥善保管。");
        // Of text tables too it is the first line: spreadsheets show it above the names of the
        // columns, and a line at the end would be taken for a client by whoever reads it in again.
        let layout = layout.notice(notice);
        match going.format {
            Format::Csv => {
                let spill = Spill::default();
                let writer = CsvWriter::new(spill.clone(), &layout).map_err(Error::internal)?;
                Ok(Self::Csv(Box::new(writer), spill))
            }
            Format::Xlsx => {
                let layout = layout.watermark(mark).scratch(scratch::folder(app)?);
                let writer = XlsxWriter::new(&layout).map_err(Error::internal)?;
                Ok(Self::Xlsx(Box::new(writer)))
            }
        }
    }

    fn row(&mut self, values: &[Value]) -> Result<()> {
        match self {
            Self::Xlsx(writer) => writer.row(values).map_err(Error::internal),
            Self::Csv(writer, _) => writer.row(values).map_err(Error::internal),
        }
    }

    /// What can be sent already.
    fn ready(&self) -> Vec<u8> {
        match self {
            Self::Xlsx(_) => Vec::new(),
            Self::Csv(_, spill) => spill.drain(),
        }
    }

    fn finish(self) -> Result<Vec<u8>> {
        match self {
            Self::Xlsx(writer) => {
                tokio::task::block_in_place(|| writer.finish()).map_err(Error::internal)
            }
            Self::Csv(writer, spill) => {
                writer.finish().map_err(Error::internal)?;
                Ok(spill.drain())
            }
        }
    }
}

/// Writes all clients, block by block. Stops when nobody waits for the rest.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn write<S: Sight>(
    app: &App,
    reader: &mut Reader,
    going: &Going,
    mut sheet: Sheet,
    sight: &S,
    out: &mpsc::Sender<Result<Vec<u8>>>,
) -> Result<()> {
    let lists = going.columns.iter().any(|c| matches!(c.source, Source::Listed(_)));
    let confidential = going.columns.iter().any(columns::Chosen::confidential);
    for ids in going.ids.chunks(BLOCK) {
        let clients = rows::block(reader, ids, lists).await?;
        let people = list::people_of(reader, ids).await?;
        let seen = match confidential {
            true => sight.confidential(reader, ids).await?,
            false => HashSet::new(),
        };
        for (client, completeness) in &clients {
            let completeness = *completeness;
            let line = Line { app, client, completeness, people: &people, seen: &seen, sight };
            let cells = going.columns.iter().map(|column| line.cell(column.source));
            sheet.row(&cells.collect::<Result<Vec<_>>>()?)?;
        }
        let ready = sheet.ready();
        if !ready.is_empty() && out.send(Ok(ready)).await.is_err() {
            return Ok(());
        }
    }
    let rest = sheet.finish()?;
    // Whoever asked may have gone; that it was asked for is on record.
    let _ = out.send(Ok(rest)).await;
    Ok(())
}

/// One client as a row.
struct Line<'a, S: Sight> {
    app: &'a App,
    client: &'a Client,
    completeness: i64,
    people: &'a HashMap<ClientId, Standing>,
    seen: &'a HashSet<ClientId>,
    sight: &'a S,
}

impl<S: Sight> Line<'_, S> {
    fn cell(&self, source: Source) -> Result<Value> {
        let client = self.client;
        let standing = self.people.get(&client.id);
        let person = |pick: fn(&Standing) -> Option<String>| standing.and_then(pick).into();
        Ok(match source {
            Source::Code => client.code.as_str().into(),
            Source::Stage => columns::stage(&client.stage).into(),
            Source::Size => {
                let size = size_of(&client.fields, self.app.today()).size;
                size.map(|size| size.zh().to_owned()).into()
            }
            Source::Lead => person(|s| s.lead.as_ref().map(|p| p.name.clone())),
            Source::Reviewer => person(|s| s.reviewer.as_ref().map(|p| p.name.clone())),
            Source::Department => person(|s| s.department.clone()),
            Source::Tags => client.tags.join("、").into(),
            Source::Completeness => self.completeness.into(),
            Source::UpdatedAt => columns::minute(client.updated_at, &self.app.running.zone).into(),
            Source::Own(spec) => self.own(spec)?,
            Source::Listed(spec) => self.listed(spec)?,
        })
    }

    fn hidden(&self, spec: &Spec) -> bool {
        spec.level >= 3 && !self.seen.contains(&self.client.id)
    }

    fn own(&self, spec: &Spec) -> Result<Value> {
        let Some(value) = self.client.fields.get(spec.key) else { return Ok(Value::Empty) };
        if self.hidden(spec) {
            return Ok(Value::Empty);
        }
        let text = self.sight.text(spec, Home::Client(self.client.id), value)?;
        let currency = rules::foreign_currency(&self.client.fields);
        if let (Some(currency), "registered_capital_fen") = (currency, spec.key) {
            // The column counts yuan, so another currency is named and is no number there.
            return Ok(text
                .map(|text| format!("{currency} {}", columns::worded(spec, text)))
                .into());
        }
        Ok(text.map_or(Value::Empty, |text| columns::cell(spec, text)))
    }

    /// The values of all rows of a list in one cell.
    fn listed(&self, spec: &Spec) -> Result<Value> {
        let Some(list) = spec.list.filter(|_| !self.hidden(spec)) else {
            return Ok(Value::Empty);
        };
        let mut texts = Vec::new();
        for item in self.client.list(list) {
            let Some(value) = item.fields.get(spec.key) else { continue };
            let text = self.sight.text(spec, Home::Item(item.id), value)?;
            texts.extend(text.map(|text| columns::worded(spec, text)));
        }
        if texts.is_empty() {
            return Ok(Value::Empty);
        }
        Ok(texts.join("；").into())
    }
}
