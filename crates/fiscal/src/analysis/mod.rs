//! What the statements of a client say about it: ratios with the lines they are made of, shares
//! and movements, rolling sales, and the working capital that it needs.
//!
//! A figure that cannot be had withholds what depends on it, and the result names it; nothing
//! missing is taken for zero.

pub mod movements;
mod ratio_table;
pub mod ratios;
pub mod readiness;
pub mod rolling_sales;
pub mod shares;
pub mod working_capital;

use serde::Serialize;
use values::{Fen, Part, Period};

use crate::statements::{Column, Standard, Statement, StatementKind, chart};

/// The statements of one client, of any periods, one of each kind and period.
#[derive(Debug, Clone, Copy)]
pub struct Book<'a> {
    statements: &'a [Statement],
}

/// A line that entered a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Used {
    /// Which statement it stands in.
    pub statement: StatementKind,
    /// The period of that statement.
    pub period: Period,
    /// The column it was read from.
    pub column: Column,
    /// Its number in the form.
    pub line: u16,
    /// Its stable name.
    pub code: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// The figure.
    pub fen: Fen,
}

/// What kept a result from being made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The Chinese sentence.
    pub zh: String,
    /// The English sentence.
    pub en: String,
}

impl<'a> Book<'a> {
    /// The statements as they are.
    #[must_use]
    pub const fn new(statements: &'a [Statement]) -> Self {
        Self { statements }
    }

    /// The statement of a kind for a period. A December stands for its year, a quarter's last
    /// month for the quarter, and the other way round, as both end on the same day.
    #[must_use]
    pub fn statement(&self, kind: StatementKind, period: Period) -> Option<&'a Statement> {
        let of_kind = || self.statements.iter().filter(move |statement| statement.kind == kind);
        of_kind()
            .find(|statement| statement.period == period)
            .or_else(|| of_kind().find(|other| other.period.last_day() == period.last_day()))
    }

    /// The statements it holds.
    #[must_use]
    pub const fn statements(&self) -> &'a [Statement] {
        self.statements
    }

    /// The periods that have a statement, in order of their last day, one for each such day.
    #[must_use]
    pub fn periods(&self) -> Vec<Period> {
        let mut periods: Vec<Period> = self.statements.iter().map(|one| one.period).collect();
        periods.sort_by_key(|period| (period.last_day(), *period));
        periods.dedup_by_key(|period| period.last_day());
        periods
    }
}

/// The column with the flows from 1 January on: 本年累计, or the period itself when it starts there.
pub(crate) fn year_to_date(statement: &Statement) -> Option<Column> {
    let whole = statement.period.first_month() == 1;
    [Column::YearToDate, Column::Current]
        .into_iter()
        .filter(|column| *column == Column::YearToDate || whole)
        .find(|column| statement.columns.contains_key(column))
}

/// Collects figures, and remembers which ones were used and which ones were not there.
pub(crate) struct Gather<'a> {
    book: Book<'a>,
    period: Period,
    pub used: Vec<Used>,
    pub missing: Vec<Missing>,
}

impl<'a> Gather<'a> {
    pub fn new(book: Book<'a>, period: Period) -> Self {
        Self { book, period, used: Vec::new(), missing: Vec::new() }
    }

    /// How many months the flows of the period cover.
    pub fn months(&self) -> i128 {
        match self.period.part() {
            Part::Year => 12,
            _ => i128::from(self.period.last_month()),
        }
    }

    /// A balance at the end of the period.
    pub fn closing(&mut self, code: &str) -> i128 {
        self.take(StatementKind::BalanceSheet, Some(Column::Closing), code)
    }

    /// A balance at the start of the year.
    pub fn opening(&mut self, code: &str) -> i128 {
        self.take(StatementKind::BalanceSheet, Some(Column::Opening), code)
    }

    /// Opening and closing balance added up: twice the average, so that nothing is rounded early.
    pub fn twice_average(&mut self, code: &str) -> i128 {
        self.opening(code).saturating_add(self.closing(code))
    }

    /// An income-statement figure from 1 January to the period's end.
    pub fn income(&mut self, code: &str) -> i128 {
        self.take(StatementKind::Income, None, code)
    }

    /// A cash-flow figure from 1 January to the period's end.
    pub fn cash(&mut self, code: &str) -> i128 {
        self.take(StatementKind::CashFlow, None, code)
    }

    /// A balance that only some standards show; one without that line has none of it.
    pub fn closing_if_any(&mut self, code: &str) -> i128 {
        let balance = self.book.statement(StatementKind::BalanceSheet, self.period);
        match balance {
            Some(one) if chart::by_code(one.standard, one.kind, code).is_none() => 0,
            _ => self.closing(code),
        }
    }

    /// A figure that comes from elsewhere than the statements.
    pub fn fact(&mut self, fact: Option<Fen>, zh: &str, en: &str) -> i128 {
        let Some(fen) = fact else {
            self.miss(format!("未填写{zh}"), format!("{en} is not given"));
            return 0;
        };
        i128::from(fen.0)
    }

    pub fn miss(&mut self, zh: String, en: String) {
        let missing = Missing { zh, en };
        if !self.missing.contains(&missing) {
            self.missing.push(missing);
        }
    }

    /// The standard of the balance sheet at hand.
    pub fn standard(&self) -> Option<Standard> {
        self.book.statement(StatementKind::BalanceSheet, self.period).map(|one| one.standard)
    }

    fn take(&mut self, kind: StatementKind, column: Option<Column>, code: &str) -> i128 {
        let (zh, en) = kind.names();
        let Some(statement) = self.book.statement(kind, self.period) else {
            self.miss(
                format!("没有{}的{zh}", self.period),
                format!("There is no {en} for {}", self.period),
            );
            return 0;
        };
        let Some(line) = chart::by_code(statement.standard, kind, code) else {
            self.miss(format!("{zh}没有所需的项目"), format!("The {en} has no such line: {code}"));
            return 0;
        };
        let Some(column) = column.or_else(|| year_to_date(statement)) else {
            self.miss(
                format!("{}的{zh}没有本年累计", statement.period),
                format!("The {en} for {} has no year-to-date column", statement.period),
            );
            return 0;
        };
        let figure = statement.figure(column, line.number).or_else(|| {
            let blank = statement.printed.contains(&line.number);
            (blank && statement.columns.contains_key(&column)).then_some(Fen::ZERO)
        });
        let Some(fen) = figure else {
            self.miss(
                format!("{}的{zh}没有列出“{}”", statement.period, line.zh),
                format!("The {en} for {} does not show {}", statement.period, line.en),
            );
            return 0;
        };
        self.used.push(Used {
            statement: kind,
            period: statement.period,
            column,
            line: line.number,
            code: line.code,
            zh: line.zh,
            fen,
        });
        i128::from(fen.0)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::statements::{Layout, Unit};

    /// A statement of the small-enterprise standard with the figures in yuan by code; all lines
    /// printed.
    pub fn small(
        kind: StatementKind,
        period: &str,
        columns: &[(Column, &[(&str, f64)])],
    ) -> Statement {
        let line = |code: &str| chart::by_code(Standard::Small, kind, code).unwrap().number;
        let fen = |yuan: f64| Fen((yuan * 100.0).round() as i64);
        let columns = columns.iter().map(|(column, figures)| {
            (*column, figures.iter().map(|(code, yuan)| (line(code), fen(*yuan))).collect())
        });
        Statement {
            standard: Standard::Small,
            layout: Layout::Prescribed,
            kind,
            period: period.parse().unwrap(),
            unit: Unit::Yuan,
            carries_fen: true,
            columns: columns.collect(),
            printed: chart::lines(Standard::Small, kind).map(|line| line.number).collect(),
            unlisted: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    #[test]
    fn a_figure_that_is_not_there_is_named_and_not_taken_for_zero() {
        let balance =
            small(StatementKind::BalanceSheet, "2026-03", &[(Column::Closing, &[("cash", 10.0)])]);
        let statements = [balance];
        let mut gather = Gather::new(Book::new(&statements), "2026Q1".parse().unwrap());
        assert_eq!(gather.closing("cash"), 1000);
        assert_eq!(gather.closing("inventories"), 0, "printed and blank is zero");
        assert!(gather.missing.is_empty());
        gather.opening("cash");
        gather.income("revenue");
        let said: Vec<_> = gather.missing.iter().map(|one| one.zh.as_str()).collect();
        assert_eq!(said, ["2026-03的资产负债表没有列出“货币资金”", "没有2026Q1的利润表"]);
        assert_eq!(gather.used.len(), 2);
    }
}
