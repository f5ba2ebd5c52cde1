//! One cell and one row, with the text an import works on.

use std::borrow::Cow;
use std::fmt;

/// A day of the calendar, without time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// A day that exists, or nothing.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        (1..=last).contains(&day).then_some(Self { year, month, day })
    }

    /// A day written `YYYY-MM-DD`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let year = parts.next().filter(|part| part.len() == 4)?.parse().ok()?;
        let month = parts.next().filter(|part| part.len() == 2)?.parse().ok()?;
        let day = parts.next().filter(|part| part.len() == 2)?.parse().ok()?;
        Self::new(year, month, day)
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A time of day, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    /// Seconds since midnight.
    pub second_of_day: u32,
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (minutes, second) = (self.second_of_day / 60, self.second_of_day % 60);
        write!(f, "{:02}:{:02}:{second:02}", minutes / 60, minutes % 60)
    }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text as it stands.
    Text(String),
    /// A number, as the shortest decimal text that means it; never in scientific notation.
    Number {
        /// The digits.
        text: String,
        /// The number is longer than a workbook's 15 digits: its end may already be lost.
        rounded: bool,
    },
    /// A day.
    Date(Date),
    /// A day with a time.
    Moment(Date, Time),
    /// True or false.
    Bool(bool),
    /// A formula's error, such as `#N/A`.
    Error(String),
}

impl Cell {
    /// The text an import works on: trimmed, integers without `.0`, dates as `YYYY-MM-DD`.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(trim(text)),
            Self::Number { text, .. } | Self::Error(text) => Cow::Borrowed(text),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Moment(date, time) => Cow::Owned(format!("{date} {time}")),
            Self::Bool(true) => Cow::Borrowed("TRUE"),
            Self::Bool(false) => Cow::Borrowed("FALSE"),
        }
    }

    /// Whether there is nothing to read in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => trim(text).is_empty(),
            _ => false,
        }
    }

    /// The day, if it is one, with or without a time.
    #[must_use]
    pub const fn date(&self) -> Option<Date> {
        match self {
            Self::Date(date) | Self::Moment(date, _) => Some(*date),
            _ => None,
        }
    }

    /// A number as workbooks store it. They keep 15 digits, so a fraction is read with 15: what
    /// lies behind is noise of the binary form.
    pub(crate) fn number(value: f64) -> Self {
        if !value.is_finite() {
            return Self::Error("#NUM!".to_owned());
        }
        if value == 0.0 {
            return Self::Number { text: "0".to_owned(), rounded: false };
        }
        if value.fract() == 0.0 {
            return Self::Number { text: value.to_string(), rounded: value.abs() >= 1e15 };
        }
        let short = format!("{value:.14e}").parse().unwrap_or(value);
        Self::Number { text: short.to_string(), rounded: false }
    }

    /// Cuts a text that is too long; true if it did.
    pub(crate) fn cut(&mut self, max_chars: usize) -> bool {
        let Self::Text(text) = self else { return false };
        if text.len() <= max_chars {
            return false;
        }
        let Some((end, _)) = text.char_indices().nth(max_chars) else { return false };
        text.truncate(end);
        true
    }
}

/// Trims blanks of every kind, with those that have no width.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\0')
    })
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The row as Excel counts, from 1.
    pub number: usize,
    /// The cells; a workbook's row has at least as many as the header, a text row as many as its
    /// line.
    pub cells: Vec<Cell>,
    /// The line as it stood in the text file; none for a workbook.
    pub raw: Option<String>,
    /// The line has more or fewer fields than the header.
    pub width_mismatch: bool,
    /// The line opens a quotation it does not close, or goes on after closing one.
    pub broken_quotes: bool,
    /// Characters are lost: the line holds U+FFFD, of its own or because it could not be decoded.
    pub garbled: bool,
    /// The index of the first cell that was cut for its length.
    pub too_long: Option<usize>,
}

impl Row {
    /// The cell at an index; empty beyond the end.
    #[must_use]
    pub fn cell(&self, index: usize) -> &Cell {
        self.cells.get(index).unwrap_or(&Cell::Empty)
    }

    /// The text of the cell at an index.
    #[must_use]
    pub fn text(&self, index: usize) -> Cow<'_, str> {
        self.cell(index).text()
    }

    /// Whether nothing is in any cell.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }

    /// How many cells hold something.
    pub(crate) fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_blank()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_wrote_them() {
        let texts: Vec<String> =
            [12.0, -0.0, 0.1 + 0.2, 1_234.560_000_000_000_1, -7.25, 9.132_012_5e17, 1e-7]
                .into_iter()
                .map(|value| Cell::number(value).text().into_owned())
                .collect();
        let expected = ["12", "0", "0.3", "1234.56", "-7.25", "913201250000000000", "0.0000001"];
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_number_beyond_fifteen_digits_says_it_may_be_rounded() {
        assert!(matches!(
            Cell::number(913_201_250_000_009_948.0),
            Cell::Number { rounded: true, .. }
        ));
        assert!(matches!(Cell::number(999_999_999_999_999.0), Cell::Number { rounded: false, .. }));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        assert_eq!(Date::new(2023, 2, 29), None);
        assert_eq!(
            Date::parse("2024-02-29").map(|date| date.to_string()).as_deref(),
            Some("2024-02-29")
        );
        assert_eq!(Date::parse("2024-2-29"), None);
        assert_eq!(Date::new(1900, 2, 29), None);
    }

    #[test]
    fn blanks_of_every_kind_are_trimmed() {
        assert_eq!(Cell::Text("\u{FEFF}\u{3000} 甲公司\u{A0}\t\n".into()).text(), "甲公司");
        assert!(Cell::Text("\u{200B} ".into()).is_blank());
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let mut cell = Cell::Text("甲乙丙丁".into());
        assert!(cell.cut(3));
        assert_eq!(cell, Cell::Text("甲乙丙".into()));
        assert!(!cell.cut(3));
    }
}
