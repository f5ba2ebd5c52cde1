//! Financial statements (财务报表) as values: which standard, which statement, which columns, and
//! an exact figure for each line.
//!
//! Sources: 《小企业会计准则》 (财会〔2011〕17号) forms 会小企01–03; 《企业会计准则》 general format
//! (财会〔2019〕6号, annex 2) forms 会企01–03. The latter prints no row numbers: those are ours.

pub mod chart;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use values::{Fen, Period};

/// The accounting standard that a statement follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standard {
    /// 《小企业会计准则》
    Small,
    /// 《企业会计准则》
    General,
}

/// Which row list a statement was printed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// The form that the standard prescribes today: every line is known, nothing may be left over.
    Prescribed,
    /// A general-enterprise form from before 2019, with formulas of its own.
    Before2019,
    /// Any other row list, such as a data vendor's: items may fall short of their totals.
    Foreign,
}

/// Which of the statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// 资产负债表
    BalanceSheet,
    /// 利润表
    Income,
    /// 现金流量表
    CashFlow,
}

impl StatementKind {
    /// Its Chinese and its English name.
    #[must_use]
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::BalanceSheet => ("资产负债表", "balance sheet"),
            Self::Income => ("利润表", "income statement"),
            Self::CashFlow => ("现金流量表", "cash-flow statement"),
        }
    }
}

/// What a column of figures is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// 期末余额, of a balance sheet.
    Closing,
    /// 年初余额 or 上年年末余额, of a balance sheet.
    Opening,
    /// 本期金额: the period itself (本月, 本季, of an annual statement 本年).
    Current,
    /// 本年累计金额, from 1 January to the end of the period.
    YearToDate,
    /// 上期金额 or 上年金额: the comparative column.
    Prior,
}

/// The unit that a statement was printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 元
    Yuan,
    /// 千元
    Thousand,
    /// 万元
    TenThousand,
}

impl Unit {
    /// One unit in fen.
    #[must_use]
    pub const fn fen(self) -> Fen {
        match self {
            Self::Yuan => Fen(100),
            Self::Thousand => Fen(100_000),
            Self::TenThousand => Fen(1_000_000),
        }
    }
}

/// Where a figure stood in the file, so that a finding can point at it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The file's name, where several were read together.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The sheet's name.
    pub sheet: String,
    /// The row, counted from 1.
    pub row: u32,
    /// The column, counted from 1.
    pub column: u32,
}

/// One column of a statement: line number → figure. A line that is absent was blank or not printed.
pub type Figures = BTreeMap<u16, Fen>;

/// A row with figures that the chart of lines does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unlisted {
    /// Its name as printed.
    pub name: String,
    /// Its figures by column.
    pub figures: BTreeMap<Column, Fen>,
    /// Where its name stands.
    pub place: Place,
}

/// One statement of one period. Amounts are in fen whatever unit was printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The standard whose chart gives the line numbers.
    pub standard: Standard,
    /// The row list it was printed with.
    pub layout: Layout,
    /// Which statement it is.
    pub kind: StatementKind,
    /// The month, quarter or year it is for.
    pub period: Period,
    /// The unit it was printed in.
    pub unit: Unit,
    /// Whether the source carries fen; else it was rounded to the unit.
    pub carries_fen: bool,
    /// The columns that hold figures. A column that is absent is missing, not zero.
    pub columns: BTreeMap<Column, Figures>,
    /// Lines that the source prints, with figures or blank; a blank one counts as zero in a sum.
    pub printed: std::collections::BTreeSet<u16>,
    /// Rows with figures that no line of the chart matches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unlisted: Vec<Unlisted>,
    /// Where each figure stood; empty for what was typed in.
    #[serde(skip)]
    pub places: BTreeMap<(Column, u16), Place>,
}

impl Statement {
    /// The figure of a line; none when the column is missing or the line blank.
    #[must_use]
    pub fn figure(&self, column: Column, line: u16) -> Option<Fen> {
        self.columns.get(&column)?.get(&line).copied()
    }
}
