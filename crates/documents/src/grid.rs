//! A file as the grids of its sheets: every cell where it stands, with the merged ranges, for
//! readers that find out by themselves what a sheet holds.

use std::path::Path;

use crate::cell::Row;
use crate::error::{ReadError, Reason};
use crate::html;
use crate::limits::Limits;
use crate::source::Origin;
use crate::text::{from_utf16, is_web_page};
use crate::workbook::{Workbook, open_origin};

/// Cells that were merged: the text stands in the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// The first row as Excel counts, from 1.
    pub first_row: usize,
    /// The last row.
    pub last_row: usize,
    /// The index of the first column, from 0.
    pub first_column: usize,
    /// The index of the last column.
    pub last_column: usize,
}

/// One sheet. Rows without content are left out; each says its own number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The sheet's name.
    pub sheet: String,
    /// Not shown to who opens the file.
    pub hidden: bool,
    /// The rows that hold something, in order.
    pub rows: Vec<Row>,
    /// The merged ranges, where the format tells them.
    pub merged: Vec<Merged>,
}

/// The grids of a file that is held in memory: a workbook, a text table or a web page.
///
/// # Errors
/// If the file is not one that can be read, or asks for more than the limits allow.
pub fn grids(bytes: impl Into<Vec<u8>>, limits: &Limits) -> Result<Vec<Grid>, ReadError> {
    of_origin(Origin::memory(bytes.into()), limits)
}

/// The grids of a file on disk.
///
/// # Errors
/// If the file is not one that can be read, or asks for more than the limits allow.
pub fn grids_path(path: impl AsRef<Path>, limits: &Limits) -> Result<Vec<Grid>, ReadError> {
    of_origin(Origin::Path(path.as_ref().to_path_buf()), limits)
}

fn of_origin(origin: Origin, limits: &Limits) -> Result<Vec<Grid>, ReadError> {
    let size = origin.size().map_err(ReadError::io)?;
    if size > limits.max_bytes {
        return Err(ReadError::new(Reason::TooLarge).limit(limits.max_bytes));
    }
    let plain = from_utf16(&origin)?;
    let readable = plain.as_ref().unwrap_or(&origin);
    if is_web_page(readable)? {
        let bytes = readable.bytes().map_err(ReadError::io)?;
        return Ok(vec![html::page(&html::decode(&bytes), limits)?]);
    }
    let mut book = open_origin(origin, limits)?;
    of_book(&mut book, limits)
}

fn of_book(book: &mut Workbook, limits: &Limits) -> Result<Vec<Grid>, ReadError> {
    let mut grids = Vec::new();
    let mut cells = 0_usize;
    for sheet in book.sheets().to_vec() {
        let rows = book.all_rows(&sheet.name, &mut cells, limits)?;
        let merged = if rows.is_empty() { Vec::new() } else { book.merged(&sheet.name)? };
        if merged.len() > limits.max_merged {
            return Err(ReadError::new(Reason::TooManyMerged).limit(limits.max_merged as u64));
        }
        grids.push(Grid { sheet: sheet.name, hidden: sheet.hidden, rows, merged });
    }
    Ok(grids)
}
