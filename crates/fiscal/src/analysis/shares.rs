//! Common-size tables (共同比): each line as a share of total assets or of revenue.

use serde::Serialize;
use values::{Fen, Period};

use super::ratios::divided;
use super::{Book, year_to_date};
use crate::statements::{Column, StatementKind, chart};

/// A line of a common-size table, with one cell per period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShareRow {
    /// Its number in the form.
    pub line: u16,
    /// Its stable name.
    pub code: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// One per period, in the order asked for.
    pub cells: Vec<ShareCell>,
}

/// A figure and its share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ShareCell {
    /// The figure; none when blank or missing.
    pub fen: Option<Fen>,
    /// Its share of the base in ten-thousandths; none when there is no positive base.
    pub share: Option<i64>,
}

/// The common-size table of a statement over periods: of total assets for a balance sheet, of
/// revenue for an income statement, of operating inflow's first line for a cash-flow statement.
/// Periods follow different standards now and then, so rows are matched by their stable names.
#[must_use]
pub fn shares(book: Book<'_>, kind: StatementKind, periods: &[Period]) -> Vec<ShareRow> {
    let base = match kind {
        StatementKind::BalanceSheet => "assets_total",
        StatementKind::Income => "revenue",
        StatementKind::CashFlow => "cf_sales",
    };
    let latest = periods.iter().rev().find_map(|period| book.statement(kind, *period));
    let Some(standard) = latest.map(|statement| statement.standard) else {
        return Vec::new();
    };
    let figure = |period: &Period, code: &str| {
        let statement = book.statement(kind, *period)?;
        let line = chart::by_code(statement.standard, kind, code)?.number;
        let column = match kind {
            StatementKind::BalanceSheet => Column::Closing,
            _ => year_to_date(statement)?,
        };
        statement.figure(column, line)
    };
    let cell = |period: &Period, code: &str| {
        let fen = figure(period, code);
        let whole = figure(period, base).map_or(0, |fen| i128::from(fen.0));
        let share = fen.and_then(|fen| divided(i128::from(fen.0), whole));
        ShareCell { fen, share }
    };
    chart::lines(standard, kind)
        .map(|line| ShareRow {
            line: line.number,
            code: line.code,
            zh: line.zh,
            en: line.en,
            cells: periods.iter().map(|period| cell(period, line.code)).collect(),
        })
        .filter(|row| row.cells.iter().any(|cell| cell.fen.is_some()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::small;
    use super::*;

    #[test]
    fn lines_are_shares_of_the_statement_s_base() {
        let statements = [
            small(
                StatementKind::Income,
                "2026-02",
                &[(Column::YearToDate, &[("revenue", 200.0), ("cost_of_sales", 150.0)])],
            ),
            small(
                StatementKind::Income,
                "2026-03",
                &[(Column::YearToDate, &[("revenue", 300.0), ("cost_of_sales", 100.0)])],
            ),
        ];
        let book = Book::new(&statements);
        let periods = book.periods();
        let rows = shares(book, StatementKind::Income, &periods);
        let cost = rows.iter().find(|row| row.code == "cost_of_sales").unwrap();
        let said: Vec<_> = cost.cells.iter().map(|cell| cell.share).collect();
        assert_eq!(said, [Some(7_500), Some(3_333)]);
        assert_eq!(rows.len(), 2, "lines without any figure are left out");
        assert!(shares(book, StatementKind::CashFlow, &periods).is_empty());
    }
}
