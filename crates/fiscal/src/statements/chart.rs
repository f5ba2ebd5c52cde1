//! The chart of statement lines: number, code, names, and how totals are made, from `lines.csv`.

use std::sync::LazyLock;

use super::{Standard, StatementKind};

/// How a line comes about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineKind {
    /// Entered.
    Item,
    /// "Of which" of the parent line; information, never added.
    Of(u16),
    /// Calculated: signed line numbers.
    Sum(Vec<(i8, u16)>),
    /// A cash inflow.
    In,
    /// A cash outflow, printed positive.
    Out,
}

/// One line of a statement form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The standard it belongs to.
    pub standard: Standard,
    /// The statement it belongs to.
    pub statement: StatementKind,
    /// Its number in the form.
    pub number: u16,
    /// Its stable name, such as `current_assets_total`.
    pub code: &'static str,
    /// The Chinese name as the form prints it.
    pub zh: &'static str,
    /// The English name.
    pub en: &'static str,
    /// How it comes about.
    pub kind: LineKind,
    /// What to know about it.
    pub note: &'static str,
}

static CHART: LazyLock<Vec<Line>> = LazyLock::new(Vec::new);

/// The lines of one statement, in the form's order.
pub fn lines(standard: Standard, statement: StatementKind) -> impl Iterator<Item = &'static Line> {
    CHART.iter().filter(move |line| line.standard == standard && line.statement == statement)
}

/// One line by its number.
#[must_use]
pub fn line(standard: Standard, statement: StatementKind, number: u16) -> Option<&'static Line> {
    lines(standard, statement).find(|line| line.number == number)
}

/// One line by its stable name.
#[must_use]
pub fn by_code(standard: Standard, statement: StatementKind, code: &str) -> Option<&'static Line> {
    lines(standard, statement).find(|line| line.code == code)
}
