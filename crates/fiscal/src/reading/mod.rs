//! Reading statements out of sheets as firms really have them: what a sheet holds is found by its
//! content, not by its place, and whatever was not certain is said.
//!
//! Pure: sheets come in as plain cells, from whatever file they were read.

mod amounts;
mod blocks;
mod build;
mod doubts;
mod filings;
mod heads;
mod layout;
mod lexicon;
mod lines;
mod names;
mod periods;
mod sets;
pub mod trial_balance;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use values::Period;

pub use doubts::{Doubt, Unreadable};
pub use filings::FoundReturn;
pub use names::row_key;

use crate::statements::{Place, Standard, Statement, StatementKind, Unlisted};

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Blank,
    /// Text as it stands.
    Text(String),
    /// A number, as plain decimal text.
    Number(String),
    /// A day.
    Day(Date),
    /// A formula's error, or a number whose digits are lost.
    Fault(String),
}

impl Cell {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn is_blank(&self) -> bool {
        match self {
            Self::Blank => true,
            Self::Text(text) => text.chars().all(crate::text::is_blank),
            _ => false,
        }
    }
}

/// A row of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Its number in the sheet, from 1.
    pub number: u32,
    /// Its cells, from the first column on.
    pub cells: Vec<Cell>,
}

/// Cells that were merged: the text stands in the first. Rows count from 1, columns from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// The first row's number.
    pub first_row: u32,
    /// The last row's number.
    pub last_row: u32,
    /// The first column's index.
    pub first_column: usize,
    /// The last column's index.
    pub last_column: usize,
}

/// One sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// The name of the file it is from.
    pub file: String,
    /// Its own name.
    pub name: String,
    /// The rows that hold something, in order.
    pub rows: Vec<Row>,
    /// The merged ranges.
    pub merged: Vec<Merged>,
}

impl Sheet {
    fn place(&self, row: u32, column: usize) -> Place {
        let column = u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1);
        Place { file: self.file.clone(), sheet: self.name.clone(), row, column }
    }
}

/// What a person decided that a row of a layout means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// This line of the form.
    Line(u16),
    /// Nothing that enters the statement.
    Ignore,
}

/// What was decided before, by statement and [`row_key`].
pub type Choices = BTreeMap<StatementKind, BTreeMap<String, Choice>>;

/// What is known before the sheets are read.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The standard, where it is known; else it is found out.
    pub standard: Option<Standard>,
    /// The period to take, marked as doubtful, where nothing names one.
    pub period: Period,
    /// Rows that a person has matched.
    pub choices: Choices,
}

impl Asked {
    /// Nothing is known but the period to fall back on.
    #[must_use]
    pub const fn only(period: Period) -> Self {
        Self { standard: None, period, choices: Choices::new() }
    }
}

/// How a row came to its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The form's own name.
    Name,
    /// Another word for it.
    Alias,
    /// A person's choice.
    Choice,
}

/// A row that was matched with a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// The line.
    pub line: u16,
    /// The row's name as printed.
    pub name: String,
    /// How.
    pub by: By,
    /// Where the name stands.
    pub place: Place,
}

/// A statement that was found, and all that is to be said about how.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The statement.
    pub statement: Statement,
    /// The sheet it is from.
    pub place: Place,
    /// Whether the file itself names the period.
    pub period_named: bool,
    /// Names this row list and its heads, whatever the figures and the period.
    pub layout_key: String,
    /// Rows with a line.
    pub matched: Vec<Match>,
    /// Rows after the end of a cash flow statement: its supplement.
    pub supplement: Vec<Unlisted>,
    /// Cells that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// What was not certain.
    pub doubts: Vec<Doubt>,
}

/// What a set of sheets holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// The statements, in the order of the sheets.
    pub statements: Vec<Found>,
    /// The returns.
    pub returns: Vec<FoundReturn>,
    /// The trial balances.
    pub balances: Vec<trial_balance::TrialBalance>,
    /// Sheets in which nothing was recognised.
    pub passed_over: Vec<Place>,
}

/// Reads the sheets of one client.
#[must_use]
pub fn read(sheets: &[Sheet], asked: &Asked) -> Reading {
    let mut reading = Reading::default();
    let mut blocks = Vec::new();
    for sheet in sheets {
        // An annual return prints an income statement too, so returns are looked for first.
        if let Some(found) = filings::find(sheet, asked.period) {
            reading.returns.push(found);
            continue;
        }
        if let Some(found) = trial_balance::find(sheet, asked.period) {
            reading.balances.push(found);
            continue;
        }
        let found = blocks::find(sheet);
        if found.is_empty() {
            reading.passed_over.push(sheet.place(1, 0));
        }
        blocks.extend(found);
    }
    reading.statements = build::statements(blocks, asked);
    reading
}
