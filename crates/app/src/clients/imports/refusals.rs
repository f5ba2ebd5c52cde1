//! The rows that did not come in, as a workbook with their own columns and the reason.

use std::path::Path;

use documents::{Column, Kind as CellKind, Layout, Limits, Value, XlsxWriter};
use trust::access::Actor;
use trust::database::Reader;
use values::{Error, ImportId, Kind, Result};

use super::matching::Mapping;
use super::originals;
use super::rows::{self, Reach, Refused, Run};
use crate::App;
use crate::clients::actions::RunImport;
use crate::clients::custom;

/// Refused rows that are read from the store at a time.
const PAGE: i64 = 20_000;
/// Columns beyond the header that a row that has too many is shown with.
const EXTRA_MOST: usize = 8;

/// A file to hand over.
#[derive(Debug)]
pub struct Workbook {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The refused rows of an import.
///
/// # Errors
/// Conflict while it has not ended; NotFound for another's import, or when its file is gone.
pub async fn workbook(app: &App, actor: &Actor, id: ImportId) -> Result<Workbook> {
    let permit = app.access.authorize::<RunImport>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let found = rows::find(&mut tx, actor, id, Reach::Owned).await?;
    // The rows hold what their uploader had in hand, identity numbers too: nobody else's to see.
    let run = found.filter(|run| run.by == actor.user()).ok_or_else(Error::not_found)?;
    if run.state.active() {
        return Err(Error::new(
            Kind::Conflict,
            "import.state",
            "导入正在进行，请稍候",
            "The import is still under way",
        ));
    }
    custom::read(app, &mut tx).await?;
    let specs = app.added.all();
    for class in Mapping::new(&specs, &run.header, &run.mapping, run.mode)?.classes() {
        tx.shows_class(class);
    }
    let refused = all_refused(&mut tx, id).await?;
    let plain = tokio::task::block_in_place(|| originals::open(app, &permit, id))?;
    let folder = app.running.data_dir.clone();
    let bytes = tokio::task::block_in_place(|| write(&run, &refused, plain.path(), &folder))?;
    let stem = run.file_name.rsplit_once('.').map_or(run.file_name.as_str(), |(stem, _)| stem);
    Ok(Workbook { name: documents::safe_file_name(&format!("{stem}-未导入.xlsx")), bytes })
}

async fn all_refused(reader: &mut Reader, id: ImportId) -> Result<Vec<Refused>> {
    let mut all: Vec<Refused> = Vec::new();
    loop {
        let after = all.last().map_or(0, |last| last.row);
        let page = rows::refused(reader, id, after, PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

fn write(run: &Run, refused: &[Refused], path: &Path, scratch: &Path) -> Result<Vec<u8>> {
    let ragged = refused.iter().any(|one| matches!(one.code.as_str(), "row.width" | "row.garbled"));
    let extra = if ragged { EXTRA_MOST } else { 0 };
    let mut columns: Vec<Column> =
        run.header.iter().map(|header| Column::new(header.clone(), CellKind::Text)).collect();
    columns.extend((1..=extra).map(|n| Column::new(format!("多出的列 {n}"), CellKind::Text)));
    let last = if run.header.iter().any(|header| header == "原因") {
        "未导入原因"
    } else {
        "原因"
    };
    columns.push(Column::new(last, CellKind::Text).width(50.0));
    let layout = Layout::new("未导入", columns).scratch(scratch);
    let mut writer = XlsxWriter::new(&layout).map_err(Error::internal)?;
    let width = run.header.len() + extra;
    let mut book = documents::open_path(path, &Limits::default())?;
    let table = book.table()?;
    let mut waiting = refused.iter().peekable();
    for row in book.rows(&table)? {
        let Some(next) = waiting.peek() else { break };
        let row = row?;
        if i64::try_from(row.number).unwrap_or(i64::MAX) != next.row {
            continue;
        }
        let mut cells: Vec<Value> = (0..width)
            .map(|index| match row.text(index) {
                text if text.is_empty() => Value::Empty,
                text => Value::Text(text.into_owned()),
            })
            .collect();
        cells.push(Value::Text(next.reason.clone()));
        writer.row(&cells).map_err(Error::internal)?;
        waiting.next();
    }
    writer.finish().map_err(Error::internal)
}
