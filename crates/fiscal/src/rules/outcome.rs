//! What came of a rule: it holds, is broken, cannot be checked, or is excepted.

use serde::Serialize;
use values::{Fen, Period};

use super::case::Accepted;
use super::facts::{Fact, Measure};
use crate::Severity;
use crate::returns::{Form, LineNo, ReturnColumn};
use crate::statements::chart::{Line, chart};
use crate::statements::{Column, Layout, Place, Standard, StatementKind};

/// A name in Chinese and English.
pub type Label = (&'static str, &'static str);

/// What a result is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A column of a statement.
    Statement(StatementKind, Column),
    /// A return.
    Return(Form),
    /// The client at that period.
    Client,
}

/// A cell that enters a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// Of a statement.
    Statement(Standard, Layout, Period, StatementKind, Column, u16),
    /// Of a return.
    Return(Period, Form, ReturnColumn, LineNo),
    /// A fact.
    Fact(Period, Fact),
}

impl Cell {
    /// The line of the chart, of a statement's cell.
    #[must_use]
    pub fn line(&self) -> Option<&'static Line> {
        match *self {
            Self::Statement(standard, layout, _, kind, _, number) => {
                chart(standard, layout, kind).line(number)
            }
            Self::Return(..) | Self::Fact(..) => None,
        }
    }

    /// Its name in Chinese and English.
    #[must_use]
    pub fn names(&self) -> (String, String) {
        match *self {
            Self::Statement(_, _, _, _, _, number) => self.line().map_or_else(
                || (format!("第{number}行"), format!("line {number}")),
                |line| (plain(line.zh).to_owned(), line.en.to_owned()),
            ),
            Self::Return(_, form, _, line) => {
                (format!("{}第{line}栏", form.zh()), format!("{} line {line}", form.en()))
            }
            Self::Fact(_, fact) => (fact.zh().to_owned(), fact.en().to_owned()),
        }
    }
}

/// A line's name without its numbering, its "less" and its remark on signs.
#[must_use]
pub fn plain(name: &str) -> &str {
    let name = name.split_once('、').map_or(name, |(number, rest)| {
        if number.chars().all(|c| "一二三四五六七八九十".contains(c)) {
            rest
        } else {
            name
        }
    });
    let name = ["其中：", "减：", "加："]
        .iter()
        .fold(name, |name, head| name.strip_prefix(head).unwrap_or(name));
    name.split_once('（').map_or(name, |(before, _)| if before.is_empty() { name } else { before })
}

/// A cell with what it holds and how it enters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which cell.
    pub cell: Cell,
    /// Whether it stands on the left side.
    pub left: bool,
    /// With which sign it is added; 0 where it enters through a calculation.
    pub sign: i8,
    /// What it holds.
    pub amount: Fen,
    /// Where it stood in the file, if it came from one.
    pub place: Option<Place>,
}

/// How the two sides should stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Equal.
    Equal,
    /// The left at most the right.
    AtMost,
    /// The left at least the right.
    AtLeast,
    /// Nothing is compared: something is missing or strange.
    Flag,
}

/// Why a broken rule weighs less than it normally would.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Nothing special.
    Plain,
    /// The row list is older or foreign, and its items fall short of the total.
    Unlisted,
    /// A fact that would explain the difference has not been declared.
    Undeclared(Fact),
}

/// Both sides of a broken rule, and what entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// What the left side is.
    pub left_name: Label,
    /// What the right side is.
    pub right_name: Label,
    /// The left side.
    pub left: Fen,
    /// The right side.
    pub right: Fen,
    /// Left less right.
    pub difference: Fen,
    /// What the sides count; a count stands in hundredths, as money does.
    pub measure: Measure,
    /// How they should stand to each other.
    pub relation: Relation,
    /// Why it weighs less than normally.
    pub cause: Cause,
    /// The cells that entered.
    pub entries: Vec<Entry>,
}

/// What would be needed to check a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// A statement.
    Statement(Period, StatementKind),
    /// A column of a statement.
    Column(Period, StatementKind, Column),
    /// A cell that must be filled in, such as a total.
    Cell(Cell),
    /// A return.
    Return(Period, Form),
    /// A column of a return.
    ReturnColumn(Period, Form),
    /// A fact.
    Fact(Period, Fact),
    /// Earlier periods to compare with.
    Earlier(Period),
    /// A copy of what was handed to others.
    Copies(Period),
    /// Both periods in one standard.
    Standard(Period),
}

impl Missing {
    /// What is missing, in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Statement(period, kind) => format!("{period} {}", kind_names(*kind).0),
            Self::Column(period, kind, column) => {
                format!("{period} {}“{}”栏", kind_names(*kind).0, column_names(*column).0)
            }
            Self::Cell(cell) => format!("“{}”未填", cell.names().0),
            Self::Return(period, form) => format!("{period} {}", form.zh()),
            Self::ReturnColumn(period, form) => format!("{period} {}的对应栏", form.zh()),
            Self::Fact(period, fact) => format!("{period} {}", fact.zh()),
            Self::Earlier(period) => format!("{period} 之前的各期数据"),
            Self::Copies(period) => format!("{period} 报送外部的报表"),
            Self::Standard(period) => format!("{period} 与本期采用的会计准则不同"),
        }
    }

    /// What is missing, in English.
    #[must_use]
    pub fn en(&self) -> String {
        match self {
            Self::Statement(period, kind) => format!("{} of {period}", kind_names(*kind).1),
            Self::Column(period, kind, column) => {
                let (kind, column) = (kind_names(*kind).1, column_names(*column).1);
                format!("column \"{column}\" of the {kind} of {period}")
            }
            Self::Cell(cell) => format!("a figure for \"{}\"", cell.names().1),
            Self::Return(period, form) => format!("{} of {period}", form.en()),
            Self::ReturnColumn(period, form) => {
                format!("a column of the {} of {period}", form.en())
            }
            Self::Fact(period, fact) => format!("{} of {period}", fact.en()),
            Self::Earlier(period) => format!("figures of the periods before {period}"),
            Self::Copies(period) => format!("the statements of {period} that others were given"),
            Self::Standard(period) => format!("{period} follows another accounting standard"),
        }
    }
}

/// The names of a statement.
#[must_use]
pub const fn kind_names(kind: StatementKind) -> Label {
    match kind {
        StatementKind::BalanceSheet => ("资产负债表", "balance sheet"),
        StatementKind::Income => ("利润表", "income statement"),
        StatementKind::CashFlow => ("现金流量表", "cash flow statement"),
    }
}

/// The names of a column.
#[must_use]
pub const fn column_names(column: Column) -> Label {
    match column {
        Column::Closing => ("期末余额", "closing"),
        Column::Opening => ("年初余额", "opening"),
        Column::Current => ("本期金额", "current period"),
        Column::YearToDate => ("本年累计金额", "year to date"),
        Column::Prior => ("上期金额", "prior period"),
    }
}

/// What came of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds within its tolerance.
    Holds,
    /// It does not.
    Broken(Breach),
    /// 无法检查: this is missing.
    Uncheckable(Vec<Missing>),
    /// It does not hold, and somebody has accepted that.
    Excepted(Breach, Accepted),
}

impl Outcome {
    /// The stable key: holds, broken, uncheckable, excepted.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Broken(_) => "broken",
            Self::Uncheckable(_) => "uncheckable",
            Self::Excepted(..) => "excepted",
        }
    }
}

/// The result of one rule for one column, return or period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleResult {
    /// The rule's id.
    pub rule: &'static str,
    /// The rule's name.
    pub name: Label,
    /// The period it is about.
    pub period: Period,
    /// What it is about.
    pub subject: Subject,
    /// What came of it.
    pub outcome: Outcome,
    /// How grave it is (or would be).
    pub severity: Severity,
    /// What the sides may lie apart.
    pub tolerance: Fen,
    /// Blank cells that counted as zero.
    pub blanks: Vec<Cell>,
    /// Adjustments that nobody has declared and that counted as zero.
    pub assumed: Vec<Fact>,
}

impl RuleResult {
    /// Both sides, where it is broken, excepted or not.
    #[must_use]
    pub const fn breach(&self) -> Option<&Breach> {
        match &self.outcome {
            Outcome::Broken(breach) | Outcome::Excepted(breach, _) => Some(breach),
            Outcome::Holds | Outcome::Uncheckable(_) => None,
        }
    }

    /// Whether it is broken and not excepted.
    #[must_use]
    pub const fn is_broken(&self) -> bool {
        matches!(self.outcome, Outcome::Broken(_))
    }

    /// The sentence for the reader, in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        let name = self.name.0;
        match &self.outcome {
            Outcome::Holds => format!("{name}：相符"),
            Outcome::Uncheckable(missing) => {
                let what: Vec<_> = missing.iter().map(Missing::zh).collect();
                format!("{name}：无法检查，缺少{}", what.join("；"))
            }
            Outcome::Broken(breach) => format!("{name}：{}", breach.zh()),
            Outcome::Excepted(breach, accepted) => {
                format!("{name}：{}。{} 已说明：{}", breach.zh(), accepted.by, accepted.why)
            }
        }
    }

    /// The sentence for the reader, in English.
    #[must_use]
    pub fn en(&self) -> String {
        let name = self.name.1;
        match &self.outcome {
            Outcome::Holds => format!("{name}: agrees"),
            Outcome::Uncheckable(missing) => {
                let what: Vec<_> = missing.iter().map(Missing::en).collect();
                format!("{name}: cannot be checked without {}", what.join("; "))
            }
            Outcome::Broken(breach) => format!("{name}: {}", breach.en()),
            Outcome::Excepted(breach, accepted) => {
                format!(
                    "{name}: {}. {} has accepted it: {}",
                    breach.en(),
                    accepted.by,
                    accepted.why
                )
            }
        }
    }
}

impl Breach {
    fn amount(&self, amount: Fen) -> String {
        match self.measure {
            Measure::Count => (amount.0 / 100).to_string(),
            Measure::Money | Measure::Truth | Measure::Points => amount.to_string(),
        }
    }

    fn zh(&self) -> String {
        let (l, r) = (plain(self.left_name.0), plain(self.right_name.0));
        let (left, right) = (self.amount(self.left), self.amount(self.right));
        let apart = self.amount(self.difference.abs());
        let said = match self.relation {
            Relation::Equal => format!("{l} {left}，{r} {right}，相差 {apart}"),
            Relation::AtMost => format!("{l} {left} 大于 {r} {right}，超出 {apart}"),
            Relation::AtLeast => format!("{l} {left} 小于 {r} {right}，不足 {apart}"),
            Relation::Flag if r.is_empty() => l.to_owned(),
            Relation::Flag => format!("{l}（{left}；{r} {right}）"),
        };
        match self.cause {
            Cause::Plain => said,
            Cause::Unlisted => format!("{said}；报表为旧格式或其他格式，差额视为未列示项目"),
            Cause::Undeclared(fact) => format!("{said}；尚未申明{}", fact.zh()),
        }
    }

    fn en(&self) -> String {
        let (l, r) = (self.left_name.1, self.right_name.1);
        let (left, right) = (self.amount(self.left), self.amount(self.right));
        let apart = self.amount(self.difference.abs());
        let said = match self.relation {
            Relation::Equal => format!("{l} {left}, {r} {right}, {apart} apart"),
            Relation::AtMost => format!("{l} {left} exceeds {r} {right} by {apart}"),
            Relation::AtLeast => format!("{l} {left} is below {r} {right} by {apart}"),
            Relation::Flag if r.is_empty() => l.to_owned(),
            Relation::Flag => format!("{l} ({left}; {r} {right})"),
        };
        match self.cause {
            Cause::Plain => said,
            Cause::Unlisted => {
                format!("{said}; the row list is not the prescribed one: unlisted items")
            }
            Cause::Undeclared(fact) => format!("{said}; {} is not declared", fact.en()),
        }
    }
}
