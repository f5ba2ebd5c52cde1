//! What a table that goes out looks like, and the values that fill it.

use std::path::PathBuf;

use crate::cell::Date;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text; also codes and numbers that are names, which must not be computed with.
    Text,
    /// Whole numbers.
    Integer,
    /// Money, given in fen and shown in yuan with two decimals.
    Money,
    /// Days.
    Date,
    /// Yes or no, written 是 and 否.
    Bool,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub(crate) header: String,
    pub(crate) kind: Kind,
    pub(crate) width: Option<f64>,
    pub(crate) note: Option<String>,
    pub(crate) choices: Vec<String>,
    pub(crate) required: bool,
}

impl Column {
    /// A column with its name.
    #[must_use]
    pub fn new(header: impl Into<String>, kind: Kind) -> Self {
        Self {
            header: header.into(),
            kind,
            width: None,
            note: None,
            choices: Vec::new(),
            required: false,
        }
    }

    /// Its width in characters; by default its name and kind decide.
    #[must_use]
    pub const fn width(mut self, characters: f64) -> Self {
        self.width = Some(characters);
        self
    }

    /// What to know when filling it in; shown as a note on its name in a template.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The only values it takes; offered as a list in a template.
    #[must_use]
    pub fn choices<S: Into<String>>(mut self, choices: impl IntoIterator<Item = S>) -> Self {
        self.choices = choices.into_iter().map(Into::into).collect();
        self
    }

    /// It must be filled in.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The width it is shown with. Chinese characters take two places.
    pub(crate) fn shown_width(&self) -> f64 {
        let least = match self.kind {
            Kind::Text => 14,
            Kind::Integer | Kind::Bool => 10,
            Kind::Money => 18,
            Kind::Date => 13,
        };
        let places: u32 = self.header.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        self.width.unwrap_or_else(|| f64::from((places + 5).clamp(least, 50))).clamp(1.0, 255.0)
    }
}

/// A sheet that goes out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout {
    pub(crate) sheet: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) notice: Option<String>,
    pub(crate) watermark: Option<String>,
    pub(crate) scratch: Option<PathBuf>,
}

impl Layout {
    /// A sheet with its columns.
    #[must_use]
    pub fn new(sheet: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { sheet: sheet.into(), columns, ..Self::default() }
    }

    /// A line above the column names.
    #[must_use]
    pub fn notice(mut self, notice: impl Into<String>) -> Self {
        self.notice = Some(notice.into());
        self
    }

    /// Who took this out and when; printed at the head and foot of every page.
    #[must_use]
    pub fn watermark(mut self, watermark: impl Into<String>) -> Self {
        self.watermark = Some(watermark.into());
        self
    }

    /// Where rows of a long sheet wait while it is written, unnamed and unsealed; by default the
    /// system's temporary directory.
    #[must_use]
    pub fn scratch(mut self, directory: impl Into<PathBuf>) -> Self {
        self.scratch = Some(directory.into());
        self
    }
}

/// A value that goes out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Text, written as text whatever it begins with.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Money in fen.
    Fen(i64),
    /// A day.
    Date(Date),
    /// Yes or no.
    Bool(bool),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// Fen as yuan with two decimals.
pub(crate) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// Yes and no as people write them.
pub(crate) const fn yes_no(yes: bool) -> &'static str {
    if yes { "是" } else { "否" }
}
