//! Files as the plain sheets that statements are read from: the one place where what `documents`
//! hands out becomes what `fiscal` takes in.

use documents::{Limits, ReadError};
use fiscal::reading::{Cell, Merged, Row, Sheet};
use jiff::civil::Date;

/// What a workbook of statements may ask for: no honest one comes near.
fn limits() -> Limits {
    Limits {
        max_bytes: 32 << 20,
        max_rows: 20_000,
        max_grid_cells: 1_000_000,
        max_unpacked_bytes: 512 << 20,
        ..Limits::default()
    }
}

/// The visible sheets of a file in memory; hidden ones hold drafts and helper tables.
///
/// # Errors
/// If it is no file that can be read, or asks for more than the limits allow.
pub fn read(file: &str, bytes: Vec<u8>) -> Result<Vec<Sheet>, ReadError> {
    let grids = documents::grids(bytes, &limits())?;
    let visible = grids.into_iter().filter(|grid| !grid.hidden);
    Ok(visible.map(|grid| sheet(file, grid)).collect())
}

fn sheet(file: &str, grid: documents::Grid) -> Sheet {
    let number = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
    let rows = grid.rows.into_iter().map(|row| Row {
        number: number(row.number),
        cells: row.cells.into_iter().map(cell).collect(),
    });
    let merged = grid.merged.iter().map(|range| Merged {
        first_row: number(range.first_row),
        last_row: number(range.last_row),
        first_column: range.first_column,
        last_column: range.last_column,
    });
    Sheet {
        file: file.to_owned(),
        name: grid.sheet,
        rows: rows.collect(),
        merged: merged.collect(),
    }
}

fn cell(cell: documents::Cell) -> Cell {
    match cell {
        documents::Cell::Empty => Cell::Blank,
        documents::Cell::Text(text) => Cell::Text(text),
        documents::Cell::Number { text, rounded: false } => Cell::Number(text),
        documents::Cell::Number { text, rounded: true } | documents::Cell::Error(text) => {
            Cell::Fault(text)
        }
        documents::Cell::Date(day) | documents::Cell::Moment(day, _) => day_cell(day),
        documents::Cell::Bool(yes) => Cell::Text(if yes { "TRUE" } else { "FALSE" }.to_owned()),
    }
}

fn day_cell(day: documents::Date) -> Cell {
    let parts = (i16::try_from(day.year()), i8::try_from(day.month()), i8::try_from(day.day()));
    let (Ok(year), Ok(month), Ok(number)) = parts else { return Cell::Text(day.to_string()) };
    Date::new(year, month, number).map_or_else(|_| Cell::Text(day.to_string()), Cell::Day)
}
