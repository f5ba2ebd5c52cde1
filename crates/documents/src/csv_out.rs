//! Text tables out: UTF-8 with its mark, so that Excel reads the Chinese, and no text that a
//! program could take for a formula.

use std::io::Write;

use crate::csv_in::is_formula_like;
use crate::error::WriteError;
use crate::layout::{Layout, Value, yes_no, yuan};

/// Writes a text table row by row.
pub struct CsvWriter<W: Write> {
    out: csv::Writer<W>,
    width: usize,
}

impl<W: Write> CsvWriter<W> {
    /// Begins with the mark, the notice if there is one, and the column names.
    ///
    /// # Errors
    /// If the target cannot be written, or there are no columns.
    pub fn new(mut out: W, layout: &Layout) -> Result<Self, WriteError> {
        if layout.columns.is_empty() {
            return Err(WriteError::Columns(0));
        }
        out.write_all("\u{FEFF}".as_bytes())?;
        let mut out = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        if let Some(notice) = &layout.notice {
            out.write_record([defused(notice.clone())])?;
        }
        out.write_record(layout.columns.iter().map(|column| defused(column.header.clone())))?;
        Ok(Self { out, width: layout.columns.len() })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If the row has another width than the table, or the target cannot be written.
    pub fn row(&mut self, values: &[Value]) -> Result<(), WriteError> {
        if values.len() != self.width {
            return Err(WriteError::Width { expected: self.width, found: values.len() });
        }
        Ok(self.out.write_record(values.iter().map(text))?)
    }

    /// Ends the table.
    ///
    /// # Errors
    /// If the target cannot be written.
    pub fn finish(self) -> Result<W, WriteError> {
        self.out.into_inner().map_err(|error| WriteError::Io(error.into_error()))
    }
}

/// A whole text table.
///
/// # Errors
/// If a row has another width than the table.
pub fn write_csv(
    layout: &Layout,
    rows: impl IntoIterator<Item = Vec<Value>>,
) -> Result<Vec<u8>, WriteError> {
    let mut writer = CsvWriter::new(Vec::new(), layout)?;
    for row in rows {
        writer.row(&row)?;
    }
    writer.finish()
}

fn text(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => defused(text.clone()),
        Value::Integer(number) => number.to_string(),
        Value::Fen(fen) => yuan(*fen),
        Value::Date(date) => date.to_string(),
        Value::Bool(yes) => yes_no(*yes).to_owned(),
    }
}

/// An apostrophe before what could be taken for a formula; reading takes it off again.
fn defused(text: String) -> String {
    if is_formula_like(&text) { format!("'{text}") } else { text }
}
