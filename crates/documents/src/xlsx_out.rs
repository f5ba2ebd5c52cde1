//! Workbooks out, row by row. Rows wait on disk, not in memory, until the file is complete.

use std::io::Write;

use rust_xlsxwriter::{
    Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::cell::Date;
use crate::csv_in::is_formula_like;
use crate::error::WriteError;
use crate::layout::{Column, Kind, Layout, Value, yes_no};
use crate::name::safe_sheet_name;

/// Rows of a sheet.
const SHEET_ROWS: u32 = 1_048_576;
/// Columns of a sheet.
const SHEET_COLUMNS: usize = 16_384;
/// Characters of a cell, as Excel counts them.
const CELL_CHARS: usize = 32_767;
const CUT_MARK: &str = "……（超出单元格长度上限，已截断）";
/// Numbers from here on lose digits in Excel and are written as text.
const EXACT: u64 = 1_000_000_000_000_000;

/// The looks of cells.
pub(crate) struct Looks {
    pub(crate) header: Format,
    pub(crate) header_required: Format,
    pub(crate) notice: Format,
    pub(crate) text: Format,
    pub(crate) defused: Format,
    pub(crate) integer: Format,
    pub(crate) money: Format,
    pub(crate) date: Format,
}

impl Looks {
    pub(crate) fn new() -> Self {
        let header = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color(Color::RGB(0x00E8_EEF4))
            .set_border_bottom(FormatBorder::Thin);
        let notice = Format::new()
            .set_font_color(Color::RGB(0x009C_3D10))
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter);
        Self {
            header_required: header.clone().set_font_color(Color::RGB(0x00B0_1E1E)),
            header,
            notice,
            text: Format::new().set_num_format("@"),
            defused: Format::new().set_num_format("@").set_quote_prefix(),
            integer: Format::new().set_num_format("0"),
            money: Format::new().set_num_format("#,##0.00"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
        }
    }

    pub(crate) const fn of(&self, kind: Kind) -> &Format {
        match kind {
            Kind::Text | Kind::Bool => &self.text,
            Kind::Integer => &self.integer,
            Kind::Money => &self.money,
            Kind::Date => &self.date,
        }
    }
}

/// Writes a workbook row by row; what does not fit on one sheet goes on on the next.
pub struct XlsxWriter {
    book: Workbook,
    layout: Layout,
    looks: Looks,
    sheets: usize,
    part: usize,
    next: u32,
}

impl XlsxWriter {
    /// Begins with the notice, if there is one, and the column names.
    ///
    /// # Errors
    /// If there are no columns or too many, or no room for waiting rows.
    pub fn new(layout: &Layout) -> Result<Self, WriteError> {
        let columns = layout.columns.len();
        if columns == 0 || columns > SHEET_COLUMNS {
            return Err(WriteError::Columns(columns));
        }
        let mut book = Workbook::new();
        if let Some(directory) = &layout.scratch {
            book.set_tempdir(directory)?;
        }
        let layout = layout.clone();
        let mut writer = Self { book, layout, looks: Looks::new(), sheets: 0, part: 0, next: 0 };
        writer.begin_sheet()?;
        Ok(writer)
    }

    fn begin_sheet(&mut self) -> Result<(), WriteError> {
        let base = safe_sheet_name(&self.layout.sheet);
        let name = match self.part {
            0 => base,
            more => {
                let short: String = base.chars().take(24).collect();
                format!("{short} ({})", more + 1)
            }
        };
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        self.next = head(sheet, &self.layout, &self.looks)?;
        self.sheets += 1;
        self.part += 1;
        Ok(())
    }

    /// Ends the table and begins another one on a sheet of its own.
    ///
    /// # Errors
    /// If there are no columns or too many, or no room for waiting rows.
    pub fn next_table(&mut self, layout: &Layout) -> Result<(), WriteError> {
        let columns = layout.columns.len();
        if columns == 0 || columns > SHEET_COLUMNS {
            return Err(WriteError::Columns(columns));
        }
        self.end_sheet()?;
        self.layout = layout.clone();
        self.part = 0;
        self.begin_sheet()
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If the row has another width than the table, or cannot be stored.
    pub fn row(&mut self, values: &[Value]) -> Result<(), WriteError> {
        let expected = self.layout.columns.len();
        if values.len() != expected {
            return Err(WriteError::Width { expected, found: values.len() });
        }
        if self.next >= SHEET_ROWS {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        let sheet = self.book.worksheet_from_index(self.sheets - 1)?;
        for (column, value) in (0_u16..).zip(values) {
            put(sheet, self.next, column, value, &self.looks)?;
        }
        self.next += 1;
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), WriteError> {
        let top = u32::from(self.layout.notice.is_some());
        let last = last_column(&self.layout.columns);
        let sheet = self.book.worksheet_from_index(self.sheets - 1)?;
        sheet.autofilter(top, 0, (self.next - 1).max(top), last)?;
        Ok(())
    }

    /// Ends the workbook and writes it to a target.
    ///
    /// # Errors
    /// If the target cannot be written.
    pub fn finish_into<W: Write + Send>(mut self, target: W) -> Result<(), WriteError> {
        self.end_sheet()?;
        Ok(self.book.save_to_writer(target)?)
    }

    /// Ends the workbook and gives its bytes.
    ///
    /// # Errors
    /// If the waiting rows cannot be read back.
    pub fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        self.end_sheet()?;
        Ok(self.book.save_to_buffer()?)
    }
}

/// A whole workbook.
///
/// # Errors
/// If a row has another width than the table.
pub fn write_xlsx(
    layout: &Layout,
    rows: impl IntoIterator<Item = Vec<Value>>,
) -> Result<Vec<u8>, WriteError> {
    let mut writer = XlsxWriter::new(layout)?;
    for row in rows {
        writer.row(&row)?;
    }
    writer.finish()
}

pub(crate) fn last_column(columns: &[Column]) -> u16 {
    u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX)
}

/// Widths, watermark, notice and column names; the first free row comes back.
pub(crate) fn head(
    sheet: &mut Worksheet,
    layout: &Layout,
    looks: &Looks,
) -> Result<u32, WriteError> {
    for (index, column) in (0_u16..).zip(&layout.columns) {
        sheet.set_column_width(index, column.shown_width())?;
    }
    if let Some(watermark) = &layout.watermark {
        sheet.set_header(page_line(watermark));
        sheet.set_footer(format!("{}&R&9&P / &N", page_line(watermark)));
    }
    let mut row = 0;
    if let Some(notice) = &layout.notice {
        let notice = fitting(notice);
        match last_column(&layout.columns) {
            0 => sheet.write_string_with_format(0, 0, notice, &looks.notice)?,
            last => sheet.merge_range(0, 0, 0, last, &notice, &looks.notice)?,
        };
        row = 1;
    }
    for (index, column) in (0_u16..).zip(&layout.columns) {
        let look = if column.required { &looks.header_required } else { &looks.header };
        sheet.write_string_with_format(row, index, fitting(&column.header), look)?;
    }
    sheet.set_freeze_panes(row + 1, 0)?;
    sheet.set_repeat_rows(0, row)?;
    sheet.set_landscape();
    Ok(row + 1)
}

/// A line of a page's head or foot; `&` begins a command there.
fn page_line(text: &str) -> String {
    let short: String = text.chars().filter(|c| !c.is_control()).take(90).collect();
    format!("&C&9 {}", short.replace('&', "&&"))
}

pub(crate) fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value,
    looks: &Looks,
) -> Result<(), XlsxError> {
    match value {
        Value::Empty => {}
        Value::Text(text) if text.is_empty() => {}
        Value::Text(text) => {
            let look = if is_formula_like(text) { &looks.defused } else { &looks.text };
            sheet.write_string_with_format(row, column, fitting(text), look)?;
        }
        Value::Integer(number) => match exact(*number) {
            Some(value) => {
                sheet.write_number_with_format(row, column, value, &looks.integer)?;
            }
            None => {
                sheet.write_string_with_format(row, column, number.to_string(), &looks.text)?;
            }
        },
        Value::Fen(fen) => match exact(*fen) {
            Some(value) => {
                sheet.write_number_with_format(row, column, value / 100.0, &looks.money)?;
            }
            None => {
                let yuan = crate::layout::yuan(*fen);
                sheet.write_string_with_format(row, column, yuan, &looks.text)?;
            }
        },
        Value::Date(date) => put_date(sheet, row, column, *date, looks)?,
        Value::Bool(yes) => {
            sheet.write_string(row, column, yes_no(*yes))?;
        }
    }
    Ok(())
}

/// Excel's calendar begins in 1900; an earlier day is written as text.
fn put_date(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    date: Date,
    looks: &Looks,
) -> Result<(), XlsxError> {
    match ExcelDateTime::from_ymd(date.year(), date.month(), date.day()) {
        Ok(day) => sheet.write_datetime_with_format(row, column, day, &looks.date)?,
        Err(_) => sheet.write_string_with_format(row, column, date.to_string(), &looks.text)?,
    };
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "checked to be within the exact range")]
fn exact(number: i64) -> Option<f64> {
    (number.unsigned_abs() < EXACT).then_some(number as f64)
}

/// A text as it fits into a cell.
fn fitting(text: &str) -> String {
    let mut units = 0;
    let room = CELL_CHARS - CUT_MARK.chars().count();
    if text.len() <= CELL_CHARS || text.encode_utf16().count() <= CELL_CHARS {
        return text.to_owned();
    }
    let kept: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= room
        })
        .collect();
    kept + CUT_MARK
}
