//! The rows that did not come in, as a workbook with their own columns and the reason.

use std::path::Path;

use documents::{Column, Kind as CellKind, Layout, Limits, Value, XlsxWriter};
use trust::access::Actor;
use trust::database::Reader;
use values::{Error, ImportId, Kind, Result};

use super::matching::Mapping;
use super::originals;
use super::rows::{self, Reach, Refused, Run};
use super::rows_notes::{self, Noted};
use crate::App;
use crate::clients::actions::RunImport;
use crate::clients::{custom, scratch};

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
    let notes = all_notes(&mut tx, id).await?;
    let plain = tokio::task::block_in_place(|| originals::open(app, &permit, id))?;
    let folder = scratch::folder(app)?;
    let bytes =
        tokio::task::block_in_place(|| write(&run, (&refused, &notes), plain.path(), &folder))?;
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

async fn all_notes(reader: &mut Reader, id: ImportId) -> Result<Vec<Noted>> {
    let mut all: Vec<Noted> = Vec::new();
    loop {
        let after = all.last().map_or((0, 0), |last| (last.row, last.number));
        let page = rows_notes::noted(reader, id, after, PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// The sheet of what was left out of rows that came in.
fn second_sheet(scratch: &Path) -> Layout {
    let columns = vec![
        Column::new("原行号", CellKind::Integer),
        Column::new("列", CellKind::Text).width(24.0),
        Column::new("原值", CellKind::Text).width(36.0),
        Column::new("原因", CellKind::Text).width(60.0),
    ];
    Layout::new("未采用或须核对的值", columns).scratch(scratch)
}

/// A note as its row of the second sheet; confidential values are in the file alone.
fn noted(run: &Run, note: &Noted, row: &documents::Row) -> Vec<Value> {
    let column = note.position.and_then(|at| run.header.get(at)).cloned();
    let value = note.position.map(|at| row.text(at).into_owned()).or_else(|| note.value.clone());
    vec![
        Value::Integer(note.row),
        column.into(),
        value.filter(|value| !value.is_empty()).into(),
        note.reason.clone().into(),
    ]
}

fn write(
    run: &Run,
    (refused, notes): (&[Refused], &[Noted]),
    path: &Path,
    scratch: &Path,
) -> Result<Vec<u8>> {
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
    columns.push(Column::new("原行号", CellKind::Integer));
    columns.push(Column::new(last, CellKind::Text).width(50.0));
    let layout = Layout::new("未导入", columns).scratch(scratch);
    let mut writer = XlsxWriter::new(&layout).map_err(Error::internal)?;
    let width = run.header.len() + extra;
    let mut book = documents::open_path(path, &Limits::default())?;
    let table = book.table()?;
    let (mut waiting, mut notes) = (refused.iter().peekable(), notes.iter().peekable());
    let mut left_out = Vec::new();
    for row in book.rows(&table)? {
        if waiting.peek().is_none() && notes.peek().is_none() {
            break;
        }
        let row = row?;
        let number = i64::try_from(row.number).unwrap_or(i64::MAX);
        while let Some(note) = notes.next_if(|note| note.row <= number) {
            left_out.push(noted(run, note, &row));
        }
        let Some(next) = waiting.next_if(|next| next.row == number) else { continue };
        let mut cells: Vec<Value> = (0..width)
            .map(|index| match row.text(index) {
                text if text.is_empty() => Value::Empty,
                text => Value::Text(text.into_owned()),
            })
            .collect();
        cells.push(Value::Integer(next.row));
        cells.push(Value::Text(next.reason.clone()));
        writer.row(&cells).map_err(Error::internal)?;
    }
    if !left_out.is_empty() {
        writer.next_table(&second_sheet(scratch)).map_err(Error::internal)?;
        for cells in &left_out {
            writer.row(cells).map_err(Error::internal)?;
        }
    }
    writer.finish().map_err(Error::internal)
}
