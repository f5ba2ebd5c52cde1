//! Rows out of a text table. A line that is cut, ragged or badly quoted is handed on as it stands,
//! and never swallows the lines after it.

use std::collections::VecDeque;

use crate::cell::{Cell, Row};
use crate::error::ReadError;
use crate::source::Origin;
use crate::text::{Line, Lines, Shape};

/// How far a quotation may run over line ends.
const MAX_JOINED_LINES: usize = 50;
/// How long a record joined over line ends may be.
const MAX_JOINED_BYTES: usize = 128 << 10;
/// What makes a program that opens a CSV file take a text for a formula.
const FORMULA_STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// How a line's quotations came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quotes {
    /// All are closed, and nothing follows but a delimiter.
    Sound,
    /// The last one is open at the end.
    Open,
    /// Text goes on after a closing quote.
    Broken,
}

/// A line cut into fields.
pub(crate) struct Split {
    pub(crate) fields: Vec<String>,
    pub(crate) quotes: Quotes,
}

/// Cuts a line at a delimiter outside quotations; a quote within an unquoted field is itself.
pub(crate) fn split(line: &str, delimiter: char) -> Split {
    let mut fields = Vec::new();
    let mut quotes = Quotes::Sound;
    let mut field = String::new();
    let mut chars = line.chars().peekable();
    let mut within = false;
    let mut fresh = true;
    while let Some(c) = chars.next() {
        match c {
            '"' if within && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if within => {
                within = false;
                if chars.peek().is_some_and(|next| *next != delimiter) {
                    quotes = Quotes::Broken;
                }
            }
            '"' if fresh => within = true,
            c if c == delimiter && !within => {
                fields.push(std::mem::take(&mut field));
                fresh = true;
                continue;
            }
            c => field.push(c),
        }
        fresh = false;
    }
    fields.push(field);
    if within {
        quotes = Quotes::Open;
    }
    Split { fields, quotes }
}

/// Whether a program might take this text for a formula; apostrophes put before it aside.
pub(crate) fn is_formula_like(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA_STARTS)
}

/// A text table.
pub(crate) struct TextTable {
    pub(crate) origin: Origin,
    pub(crate) shape: Shape,
}

/// Its rows.
pub(crate) struct CsvFeed {
    lines: Lines,
    shape: Shape,
    waiting: VecDeque<Line>,
    number: usize,
    width: usize,
    max_columns: usize,
}

impl CsvFeed {
    /// From the first line; a record over several lines counts as one if it has `width` fields.
    pub(crate) fn new(
        table: &TextTable,
        width: Option<usize>,
        max_columns: usize,
    ) -> Result<Self, ReadError> {
        let mut feed = Self {
            lines: Lines::open(&table.origin, &table.shape)?,
            shape: table.shape,
            waiting: VecDeque::new(),
            number: 0,
            width: width.unwrap_or(table.shape.width),
            max_columns,
        };
        if table.shape.names_delimiter {
            feed.next_line()?;
        }
        Ok(feed)
    }

    fn next_line(&mut self) -> Result<Option<Line>, ReadError> {
        match self.waiting.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }

    pub(crate) fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        let Some(line) = self.next_line()? else { return Ok(None) };
        self.number += 1;
        let mut cut = split(&line.text, self.shape.delimiter);
        let mut raw = line.text;
        let mut garbled = line.garbled;
        if cut.quotes == Quotes::Open
            && let Some((joined, whole, lost)) = self.join(&raw)?
        {
            cut = whole;
            raw = joined;
            garbled |= lost;
        }
        let Split { mut fields, quotes } = cut;
        while fields.len() > self.width && fields.last().is_some_and(|last| last.trim().is_empty())
        {
            fields.pop();
        }
        let blank = raw.trim().is_empty();
        let width_mismatch = !blank && fields.len() != self.width;
        fields.truncate(self.max_columns);
        let cells = fields.into_iter().map(cell).collect();
        let broken_quotes = quotes != Quotes::Sound;
        let number = self.number;
        let raw = Some(raw);
        Ok(Some(Row { number, cells, raw, width_mismatch, broken_quotes, garbled, too_long: None }))
    }

    /// Tries to close an open quotation with the lines that follow. It counts only if the whole
    /// then has the table's width; otherwise those lines stay rows of their own.
    fn join(&mut self, first: &str) -> Result<Option<(String, Split, bool)>, ReadError> {
        let mut joined = first.to_owned();
        let mut used = Vec::new();
        while used.len() < MAX_JOINED_LINES && joined.len() < MAX_JOINED_BYTES {
            let Some(line) = self.next_line()? else { break };
            joined.push('\n');
            joined.push_str(&line.text);
            used.push(line);
            let whole = split(&joined, self.shape.delimiter);
            match whole.quotes {
                Quotes::Open => {}
                Quotes::Sound if self.fits(&whole.fields) => {
                    let garbled = used.iter().any(|line| line.garbled);
                    return Ok(Some((joined, whole, garbled)));
                }
                Quotes::Sound | Quotes::Broken => break,
            }
        }
        for line in used.into_iter().rev() {
            self.waiting.push_front(line);
        }
        Ok(None)
    }

    fn fits(&self, fields: &[String]) -> bool {
        let extra = fields.get(self.width..);
        extra.is_some_and(|extra| extra.iter().all(|field| field.trim().is_empty()))
    }
}

/// A field as a cell: what was put around it against formulas and rounding is taken off.
fn cell(field: String) -> Cell {
    if field.is_empty() {
        return Cell::Empty;
    }
    if let Some(inner) = field.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return Cell::Text(inner.to_owned());
    }
    match field.strip_prefix('\'') {
        Some(rest) if is_formula_like(rest) => Cell::Text(rest.to_owned()),
        _ => Cell::Text(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str) -> (Vec<String>, Quotes) {
        let split = split(line, ',');
        (split.fields, split.quotes)
    }

    #[test]
    fn quoted_fields_keep_delimiters_and_doubled_quotes() {
        let (fields, quotes) = cut(r#"甲,"1,000(万元)","他说""好""",,末"#);
        assert_eq!(fields, ["甲", "1,000(万元)", "他说\"好\"", "", "末"]);
        assert_eq!(quotes, Quotes::Sound);
    }

    #[test]
    fn bad_quotation_is_named_and_loses_nothing() {
        assert_eq!(cut(r#"a,"b"c,d"#), (vec!["a".into(), "bc".into(), "d".into()], Quotes::Broken));
        assert_eq!(cut(r#"a,"b,c"#), (vec!["a".into(), "b,c".into()], Quotes::Open));
        assert_eq!(cut(r#"a,b"c,d"#).1, Quotes::Sound);
    }

    #[test]
    fn what_was_put_around_a_field_is_taken_off() {
        assert_eq!(cell("'=1+1".into()), Cell::Text("=1+1".into()));
        assert_eq!(cell("''=1+1".into()), Cell::Text("'=1+1".into()));
        assert_eq!(cell("'quoted".into()), Cell::Text("'quoted".into()));
        assert_eq!(cell("=\"00123\"".into()), Cell::Text("00123".into()));
    }
}
