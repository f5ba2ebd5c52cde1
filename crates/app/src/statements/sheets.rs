//! A workbook as the sheets that statements are read from.

use documents::{Cell as Held, Grid, Limits};
use fiscal::reading::{Cell, Merged, Row, Sheet};
use values::Result;

/// The largest workbook of statements that is taken.
pub const WORKBOOK_MOST: u64 = 20 << 20;

fn limits() -> Limits {
    Limits {
        max_bytes: WORKBOOK_MOST,
        max_grid_cells: 400_000,
        max_unpacked_bytes: 200 << 20,
        ..Limits::default()
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn cell(held: &Held) -> Cell {
    match held {
        Held::Empty => Cell::Blank,
        Held::Text(text) => Cell::Text(text.clone()),
        Held::Number { text, rounded: false } => Cell::Number(text.clone()),
        Held::Date(day) | Held::Moment(day, _) => match day.to_string().parse() {
            Ok(day) => Cell::Day(day),
            Err(_) => Cell::Fault(day.to_string()),
        },
        Held::Bool(_) => Cell::Text(held.text().into_owned()),
        Held::Number { .. } | Held::Error(_) => Cell::Fault(held.text().into_owned()),
    }
}

fn sheet(file: &str, grid: &Grid) -> Sheet {
    let row = |row: &documents::Row| Row {
        number: number(row.number),
        cells: row.cells.iter().map(cell).collect(),
    };
    let merged = |merged: &documents::Merged| Merged {
        first_row: number(merged.first_row),
        last_row: number(merged.last_row),
        first_column: merged.first_column,
        last_column: merged.last_column,
    };
    Sheet {
        file: file.to_owned(),
        name: grid.sheet.clone(),
        rows: grid.rows.iter().map(row).collect(),
        merged: grid.merged.iter().map(merged).collect(),
    }
}

/// The sheets of a workbook that are shown to who opens it. Blocking; nothing is put on disk.
///
/// # Errors
/// Invalid or Limited when it cannot be read.
pub fn sheets(file: &str, bytes: &[u8]) -> Result<Vec<Sheet>> {
    let grids = documents::grids(bytes.to_vec(), &limits())?;
    Ok(grids.iter().filter(|grid| !grid.hidden).map(|grid| sheet(file, grid)).collect())
}
