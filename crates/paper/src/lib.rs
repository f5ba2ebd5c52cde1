//! A4 papers as PDF (报告): title, text, tables and charts in, bytes out. Knows no client and no database.
//!
//! Text is handed to the typesetter as text, never as markup, so nothing in a name can run. A font
//! with the characters of GBK is inside the binary; what neither it nor a font of the machine can
//! show is printed as 〓 and listed at the end, instead of vanishing.

mod chart;
mod press;

use serde::Serialize;

pub use chart::{Chart, ChartKind, Series};
pub use press::Press;

/// A paper to be set.
#[derive(Debug, Clone, Serialize)]
pub struct Paper {
    /// The title, large on the first page and small on the others.
    pub title: String,
    /// The line under it.
    pub subtitle: String,
    /// Who made it, when, on which figures: name and value.
    pub facts: Vec<(String, String)>,
    /// At the foot of each page, such as who printed it and when.
    pub foot: String,
    /// What it says, in order.
    pub blocks: Vec<Block>,
}

/// A part of a paper.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// A heading.
    Heading {
        /// Its words.
        text: String,
    },
    /// A paragraph.
    Text {
        /// Its words.
        text: String,
    },
    /// A paragraph that stands out.
    Notice {
        /// How it stands out.
        tone: Tone,
        /// Its words.
        text: String,
    },
    /// A table; its head is repeated on each page.
    Table(Table),
    /// A chart.
    Chart(Chart),
    /// What follows begins a page.
    PageBreak,
}

/// How grave something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Fine.
    Good,
    /// Worth a look.
    Notice,
    /// Doubtful.
    Warning,
    /// Wrong.
    Error,
}

/// A table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<TableColumn>,
    /// Its rows; a row with fewer cells than columns is filled up.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Debug, Clone, Serialize)]
pub struct TableColumn {
    /// Its head.
    pub title: String,
    /// Whether figures stand in it, flush right.
    pub figures: bool,
    /// Its share of the width.
    pub share: u8,
}

/// A row of a table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row {
    /// Its cells.
    pub cells: Vec<String>,
    /// Whether it is a total.
    pub total: bool,
    /// How it is marked, if it is.
    pub tone: Option<Tone>,
}

impl TableColumn {
    /// A column of words.
    pub fn words(title: impl Into<String>, share: u8) -> Self {
        Self { title: title.into(), figures: false, share }
    }

    /// A column of figures.
    pub fn figures(title: impl Into<String>, share: u8) -> Self {
        Self { title: title.into(), figures: true, share }
    }
}

impl Row {
    /// A plain row.
    pub fn of<I: IntoIterator<Item = S>, S: Into<String>>(cells: I) -> Self {
        Self { cells: cells.into_iter().map(Into::into).collect(), total: false, tone: None }
    }
}
