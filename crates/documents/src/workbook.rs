//! Opening a file, whatever its name says it is, and reading its tables row by row.

use std::io::Read;
use std::path::Path;

use calamine::{Reader, SheetType, SheetVisible, Xls, XlsError, Xlsx};

use crate::cell::{Cell, Row};
use crate::csv_in::{CsvFeed, TextTable};
use crate::error::{ReadError, Reason, guarded};
use crate::excel::{XlsFeed, XlsxFeed};
use crate::grid::Merged;
use crate::header;
use crate::limits::Limits;
use crate::package::{check_ole, check_zip};
use crate::source::{Origin, Source};
use crate::text::{Encoding, from_utf16, survey};

const ZIP: [u8; 4] = [0x50, 0x4B, 0x03, 0x04];
const OLE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// What the one table of a text file is called.
const TEXT_SHEET: &str = "CSV";

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Office Open XML, `.xlsx` and `.xlsm`.
    Xlsx,
    /// The binary format up to 2003.
    Xls,
    /// Text with delimiters.
    Csv,
}

/// A sheet's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// As on its tab.
    pub name: String,
    /// Not shown to who opens the file.
    pub hidden: bool,
}

/// A table found on a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The sheet's name.
    pub sheet: String,
    /// The column names, trimmed; a column without a name has an empty one.
    pub header: Vec<String>,
    /// The row the names stand in, from 1.
    pub header_row: usize,
}

enum Inner {
    Xlsx(Box<Xlsx<Source>>),
    Xls(Box<Xls<Source>>),
    Text(Box<TextTable>),
}

/// An open file.
pub struct Workbook {
    inner: Inner,
    sheets: Vec<Sheet>,
    limits: Limits,
}

/// Opens a file that is held in memory.
///
/// # Errors
/// If the file is not one that can be read, or asks for more than the limits allow.
pub fn open(bytes: impl Into<Vec<u8>>, limits: &Limits) -> Result<Workbook, ReadError> {
    open_origin(Origin::memory(bytes.into()), limits)
}

/// Opens a file on disk; it must stay there while the workbook is in use.
///
/// # Errors
/// If the file is not one that can be read, or asks for more than the limits allow.
pub fn open_path(path: impl AsRef<Path>, limits: &Limits) -> Result<Workbook, ReadError> {
    open_origin(Origin::Path(path.as_ref().to_path_buf()), limits)
}

pub(crate) fn open_origin(origin: Origin, limits: &Limits) -> Result<Workbook, ReadError> {
    let size = origin.size().map_err(ReadError::io)?;
    if size > limits.max_bytes {
        return Err(ReadError::new(Reason::TooLarge).limit(limits.max_bytes));
    }
    let start = || origin.open().map_err(ReadError::io);
    let mut head = Vec::new();
    start()?.take(8).read_to_end(&mut head).map_err(ReadError::io)?;
    let (inner, sheets) = if head.starts_with(&ZIP) {
        guarded(|| check_zip(start()?, size, limits))?;
        open_xlsx(start()?)?
    } else if head.starts_with(&OLE) {
        check_ole(start()?)?;
        open_xls(start()?)?
    } else {
        let origin = from_utf16(&origin)?.unwrap_or(origin);
        let shape = survey(&origin)?;
        let sheet = Sheet { name: TEXT_SHEET.to_owned(), hidden: false };
        (Inner::Text(Box::new(TextTable { origin, shape })), vec![sheet])
    };
    Ok(Workbook { inner, sheets, limits: *limits })
}

fn open_xlsx(source: Source) -> Result<(Inner, Vec<Sheet>), ReadError> {
    let book = guarded(|| {
        Xlsx::new(source).map_err(|error| ReadError::new(Reason::Damaged).because(error))
    })?;
    let sheets = sheets(book.sheets_metadata());
    Ok((Inner::Xlsx(Box::new(book)), sheets))
}

fn open_xls(source: Source) -> Result<(Inner, Vec<Sheet>), ReadError> {
    let book = guarded(|| {
        Xls::new(source).map_err(|error| match error {
            XlsError::Password => ReadError::new(Reason::Encrypted),
            other => ReadError::new(Reason::Damaged).because(other),
        })
    })?;
    let sheets = sheets(book.sheets_metadata());
    Ok((Inner::Xls(Box::new(book)), sheets))
}

fn sheets(found: &[calamine::Sheet]) -> Vec<Sheet> {
    found
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| Sheet {
            name: sheet.name.clone(),
            hidden: sheet.visible != SheetVisible::Visible,
        })
        .collect()
}

impl Workbook {
    /// What the file is.
    #[must_use]
    pub const fn format(&self) -> Format {
        match self.inner {
            Inner::Xlsx(_) => Format::Xlsx,
            Inner::Xls(_) => Format::Xls,
            Inner::Text(_) => Format::Csv,
        }
    }

    /// How a text file spells characters; nothing for a workbook.
    #[must_use]
    pub fn encoding(&self) -> Option<&'static str> {
        match &self.inner {
            Inner::Text(table) => Some(match table.shape.encoding {
                Encoding::Utf8 => "UTF-8",
                Encoding::Gb18030 => "GB18030",
            }),
            _ => None,
        }
    }

    /// Its sheets, in order; a text file has one.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The table of the first visible sheet that has one.
    ///
    /// # Errors
    /// If no sheet has a row of column names.
    pub fn table(&mut self) -> Result<Table, ReadError> {
        let names: Vec<String> = self.visible().collect();
        let mut first = None;
        for name in names {
            match self.table_in(&name) {
                Ok(table) => return Ok(table),
                Err(error) => first = keep_telling(first, error),
            }
        }
        Err(first.unwrap_or(ReadError::new(Reason::Empty)))
    }

    /// The tables of all visible sheets; those without column names are left out.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn tables(&mut self) -> Result<Vec<Table>, ReadError> {
        let names: Vec<String> = self.visible().collect();
        let mut tables = Vec::new();
        for name in names {
            match self.table_in(&name) {
                Ok(table) => tables.push(table),
                Err(error) if matches!(error.reason(), Reason::Empty | Reason::NoHeader) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(tables)
    }

    fn visible(&self) -> impl Iterator<Item = String> {
        self.sheets.iter().filter(|sheet| !sheet.hidden).map(|sheet| sheet.name.clone())
    }

    /// The table of one sheet: the first row that looks like column names begins it.
    ///
    /// # Errors
    /// If there is no such sheet, or nothing on it, or no such row.
    pub fn table_in(&mut self, sheet: &str) -> Result<Table, ReadError> {
        let sample = self.sample(sheet, None)?;
        if sample.iter().all(Row::is_blank) {
            return Err(ReadError::new(Reason::Empty).sheet_named(sheet));
        }
        let found = header::find(&sample).and_then(|index| sample.get(index));
        let row = found.ok_or_else(|| ReadError::new(Reason::NoHeader).sheet_named(sheet))?;
        self.table_from(sheet, row)
    }

    /// The table of one sheet whose column names a person has pointed at.
    ///
    /// # Errors
    /// If there is no such sheet, or nothing in that row.
    pub fn table_at(&mut self, sheet: &str, header_row: usize) -> Result<Table, ReadError> {
        let sample = self.sample(sheet, Some(header_row))?;
        let found = sample.iter().find(|row| row.number == header_row && !row.is_blank());
        let row = found.ok_or_else(|| {
            ReadError::new(Reason::NoHeader).sheet_named(sheet).at(header_row, None)
        })?;
        self.table_from(sheet, row)
    }

    fn table_from(&self, sheet: &str, row: &Row) -> Result<Table, ReadError> {
        let header = header::names(row);
        if header.len() > self.limits.max_columns {
            return Err(ReadError::new(Reason::TooManyColumns)
                .limit(self.limits.max_columns as u64)
                .sheet_named(sheet)
                .at(row.number, None));
        }
        Ok(Table { sheet: sheet.to_owned(), header, header_row: row.number })
    }

    /// The first rows of a sheet, or those around one of its rows.
    fn sample(&mut self, sheet: &str, upto: Option<usize>) -> Result<Vec<Row>, ReadError> {
        let mut feed = self.feed(sheet, None)?;
        let mut rows = Vec::new();
        while rows.len() < header::SAMPLE_ROWS {
            match feed.next_row().map_err(|error| error.sheet_named(sheet))? {
                Some(row) if upto.is_some_and(|wanted| row.number < wanted) => {}
                Some(row) => rows.push(row),
                None => break,
            }
        }
        Ok(rows)
    }

    /// The rows below a table's column names, read as they are asked for. Rows without any content
    /// are passed over in a workbook; in a text file they come as blank rows, so that lines and
    /// rows count alike.
    ///
    /// # Errors
    /// If the table's sheet cannot be read.
    pub fn rows(&mut self, table: &Table) -> Result<Rows<'_>, ReadError> {
        let limits = self.limits;
        Ok(Rows {
            feed: self.feed(&table.sheet, Some(table.header.len()))?,
            sheet: table.sheet.clone(),
            header_row: table.header_row,
            width: table.header.len(),
            limits,
            given: 0,
            ended: false,
        })
    }

    /// Every row of a sheet that holds something; `cells` counts on over the sheets of a file.
    pub(crate) fn all_rows(
        &mut self,
        sheet: &str,
        cells: &mut usize,
        limits: &Limits,
    ) -> Result<Vec<Row>, ReadError> {
        let mut feed = self.feed(sheet, None)?;
        let mut rows = Vec::new();
        while let Some(mut row) = feed.next_row().map_err(|error| error.sheet_named(sheet))? {
            if row.is_blank() {
                continue;
            }
            row.raw = None;
            for cell in &mut row.cells {
                cell.cut(limits.max_cell_chars);
            }
            *cells += row.cells.len();
            let over = |reason, limit: usize| {
                ReadError::new(reason).limit(limit as u64).sheet_named(sheet).at(row.number, None)
            };
            if *cells > limits.max_grid_cells {
                return Err(over(Reason::TooManyCells, limits.max_grid_cells));
            }
            if rows.len() >= limits.max_rows {
                return Err(over(Reason::TooManyRows, limits.max_rows));
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// The merged ranges of a sheet; a text file has none.
    pub(crate) fn merged(&mut self, sheet: &str) -> Result<Vec<Merged>, ReadError> {
        let ranges = match &mut self.inner {
            Inner::Xlsx(book) => guarded(|| {
                let ranges = book.merge_cells_by_sheet_name(sheet);
                ranges.map_err(|error| damaged(sheet, error))
            })?,
            Inner::Xls(book) => guarded(|| {
                let ranges = book.merge_cells_by_sheet_name(sheet);
                ranges.map_err(|error| damaged(sheet, error))
            })?,
            Inner::Text(_) => Vec::new(),
        };
        let merged = ranges.iter().map(|range| Merged {
            first_row: range.start.0 as usize + 1,
            last_row: range.end.0 as usize + 1,
            first_column: range.start.1 as usize,
            last_column: range.end.1 as usize,
        });
        Ok(merged.collect())
    }

    fn feed(&mut self, sheet: &str, width: Option<usize>) -> Result<Feed<'_>, ReadError> {
        if !self.sheets.iter().any(|known| known.name == sheet) {
            return Err(ReadError::new(Reason::NoSuchSheet).sheet_named(sheet));
        }
        let max_columns = self.limits.max_columns;
        match &mut self.inner {
            Inner::Xlsx(book) => guarded(|| {
                let cells = book.worksheet_cells_reader(sheet);
                let cells = cells.map_err(|error| damaged(sheet, error))?;
                Ok(Feed::Xlsx(Box::new(XlsxFeed::new(cells, max_columns))))
            }),
            Inner::Xls(book) => guarded(|| {
                let range = book.worksheet_range(sheet);
                Ok(Feed::Xls(XlsFeed::new(range.map_err(|error| damaged(sheet, error))?)))
            }),
            Inner::Text(table) => Ok(Feed::Csv(Box::new(CsvFeed::new(table, width, max_columns)?))),
        }
    }
}

/// Of several sheets' errors the one to tell: an empty sheet says less than any other.
fn keep_telling(known: Option<ReadError>, error: ReadError) -> Option<ReadError> {
    match known {
        Some(known) if known.reason() != Reason::Empty => Some(known),
        _ => Some(error),
    }
}

fn damaged(sheet: &str, error: impl std::error::Error + Send + Sync + 'static) -> ReadError {
    ReadError::new(Reason::Damaged).sheet_named(sheet).because(error)
}

enum Feed<'w> {
    Xlsx(Box<XlsxFeed<'w>>),
    Xls(XlsFeed),
    Csv(Box<CsvFeed>),
}

impl Feed<'_> {
    fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        match self {
            Self::Xlsx(feed) => feed.next_row(),
            Self::Xls(feed) => Ok(feed.next_row()),
            Self::Csv(feed) => feed.next_row(),
        }
    }
}

/// The rows of a table, in order. It ends after the first error.
pub struct Rows<'w> {
    feed: Feed<'w>,
    sheet: String,
    header_row: usize,
    width: usize,
    limits: Limits,
    given: usize,
    ended: bool,
}

impl Rows<'_> {
    fn step(&mut self) -> Result<Option<Row>, ReadError> {
        loop {
            let Some(mut row) = self.feed.next_row()? else { return Ok(None) };
            if row.number <= self.header_row {
                continue;
            }
            if self.given >= self.limits.max_rows {
                return Err(ReadError::new(Reason::TooManyRows)
                    .limit(self.limits.max_rows as u64)
                    .at(row.number, None));
            }
            self.given += 1;
            if row.raw.is_none() && row.cells.len() < self.width {
                row.cells.resize(self.width, Cell::Empty);
            }
            for (index, cell) in row.cells.iter_mut().enumerate() {
                if cell.cut(self.limits.max_cell_chars) && row.too_long.is_none() {
                    row.too_long = Some(index);
                }
            }
            return Ok(Some(row));
        }
    }
}

const _: fn() = || {
    const fn is_send<T: Send>() {}
    is_send::<Workbook>();
};

impl Iterator for Rows<'_> {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.step() {
            Ok(Some(row)) => Some(Ok(row)),
            Ok(None) => {
                self.ended = true;
                None
            }
            Err(error) => {
                self.ended = true;
                Some(Err(error.sheet_named(&self.sheet)))
            }
        }
    }
}
