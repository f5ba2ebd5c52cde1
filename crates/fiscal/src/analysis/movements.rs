//! Unusual movements (异常变动): lines that changed by more than 30% and by more than is material,
//! with a sentence on what usually lies behind it.
//!
//! Source: rule P-12 of the articulation rules; the reasons are practice, not law.

use serde::Serialize;
use values::{Fen, Period};

use super::ratios::divided;
use super::{Book, year_to_date};
use crate::statements::{Column, StatementKind, chart};

/// From which change on a line is worth a question, in ten-thousandths.
const NOTABLE: i64 = 3_000;

/// A change is material from this share of total assets or of revenue on, in ten-thousandths.
const MATERIAL: i64 = 500;

/// A line that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Movement {
    /// The statement it stands in.
    pub statement: StatementKind,
    /// Its number in the form.
    pub line: u16,
    /// Its stable name.
    pub code: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// The period it was compared with.
    pub earlier: Period,
    /// The figure there.
    pub before: Fen,
    /// The figure now.
    pub now: Fen,
    /// The change in ten-thousandths of the earlier figure; none when that was zero.
    pub change: Option<i64>,
    /// What to ask, in Chinese.
    pub question_zh: &'static str,
    /// What to ask, in English.
    pub question_en: &'static str,
}

/// What usually lies behind a large change of a line: code, Chinese, English.
const QUESTIONS: &[(&str, &str, &str)] = &[
    (
        "cash",
        "是否有大额收付款、贷款到账或保证金变动？",
        "Large payments, a loan paid out, or deposits?",
    ),
    (
        "accounts_receivable",
        "赊销是否增加、回款是否变慢，或有已核销的坏账？",
        "More credit sales, slower collection, or bad debts written off?",
    ),
    (
        "other_receivables",
        "是否有股东或关联方借款？银行会要求明细。",
        "Loans to owners or related parties? A bank will ask for the details.",
    ),
    ("prepayments", "是否预付了设备或货款，对方是谁？", "Equipment or goods paid ahead; to whom?"),
    (
        "inventories",
        "是备货、滞销，还是成本没有结转？",
        "Stock built up, unsold, or cost not carried over?",
    ),
    ("fixed_assets_net", "是否购置、处置或报废了资产？", "Assets bought, sold or scrapped?"),
    ("fixed_assets", "是否购置、处置或报废了资产？", "Assets bought, sold or scrapped?"),
    (
        "short_term_loans",
        "是否新借或归还了贷款？用途与合同是否一致？",
        "Loans drawn or repaid? Is the use as agreed?",
    ),
    (
        "long_term_loans",
        "是否新借或归还了贷款？用途与合同是否一致？",
        "Loans drawn or repaid? Is the use as agreed?",
    ),
    (
        "accounts_payable",
        "是否延长了付款，或有暂估入账？",
        "Later payment, or goods booked by estimate?",
    ),
    ("other_payables", "是否有股东垫款或往来未清？", "Advances of owners, or open balances?"),
    (
        "taxes_payable",
        "是否有留抵、缓缴或未申报的税款？",
        "Credit carried forward, deferred or undeclared tax?",
    ),
    (
        "paid_in_capital",
        "是否办理了变更登记并缴纳印花税？",
        "Was the change registered and stamp duty paid?",
    ),
    (
        "retained_earnings",
        "是否分配了利润或调整了以前年度损益？",
        "Profit distributed, or earlier years adjusted?",
    ),
    (
        "revenue",
        "是季节性、大单，还是开票时点造成的？",
        "Season, one large order, or the date of invoicing?",
    ),
    (
        "cost_of_sales",
        "与收入变动是否一致？成本结转口径是否改变？",
        "In step with revenue? Has the way of carrying cost over changed?",
    ),
    (
        "admin_expenses",
        "是否有一次性支出或费用跨期？",
        "One-off items, or expenses of another period?",
    ),
    (
        "selling_expenses",
        "是否有集中投放或费用跨期？",
        "A campaign, or expenses of another period?",
    ),
    ("finance_expenses", "利息与借款余额是否相称？", "Is the interest in proportion to the loans?"),
    ("net_profit", "是经营变化，还是营业外或一次性项目造成的？", "Operations, or one-off items?"),
    ("cf_op_net", "利润与现金流是否背离？", "Do profit and cash flow part ways?"),
];

/// The movements of a period against the same period of the year before if there is one, else
/// against the start of the year for balances; biggest first.
#[must_use]
pub fn movements(book: Book<'_>, period: Period) -> Vec<Movement> {
    let mut found: Vec<Movement> = QUESTIONS
        .iter()
        .flat_map(|(code, zh, en)| {
            [StatementKind::BalanceSheet, StatementKind::Income, StatementKind::CashFlow]
                .into_iter()
                .filter_map(|kind| movement(book, kind, period, (code, zh, en)))
        })
        .collect();
    found.sort_by_key(|movement| std::cmp::Reverse((movement.now - movement.before).abs()));
    found
}

fn movement(
    book: Book<'_>,
    kind: StatementKind,
    period: Period,
    (code, question_zh, question_en): (&str, &'static str, &'static str),
) -> Option<Movement> {
    let statement = book.statement(kind, period)?;
    let line = chart::by_code(statement.standard, kind, code)?;
    let column = match kind {
        StatementKind::BalanceSheet => Column::Closing,
        _ => year_to_date(statement)?,
    };
    let now = statement.figure(column, line.number)?;
    let year_before = period.year_before().and_then(|earlier| {
        let other = book.statement(kind, earlier)?;
        let number = chart::by_code(other.standard, kind, code)?.number;
        let column =
            if kind == StatementKind::BalanceSheet { column } else { year_to_date(other)? };
        Some((earlier, other.figure(column, number)?))
    });
    let opening = || {
        let earlier = Period::year(period.in_year())?.previous()?;
        Some((earlier, statement.figure(Column::Opening, line.number)?))
    };
    let (earlier, before) = year_before.or_else(opening)?;
    let base_code = match kind {
        StatementKind::BalanceSheet => "assets_total",
        StatementKind::Income => "revenue",
        StatementKind::CashFlow => "cf_sales",
    };
    let base = chart::by_code(statement.standard, kind, base_code)?.number;
    let base = i128::from(statement.figure(column, base)?.0);
    let moved = now - before;
    let material = divided(i128::from(moved.abs().0), base).is_none_or(|share| share >= MATERIAL);
    let change = divided(i128::from(moved.0), i128::from(before.abs().0));
    let notable = change.map_or(moved != Fen::ZERO, |change| change.abs() > NOTABLE);
    (material && notable).then_some(Movement {
        statement: kind,
        line: line.number,
        code: line.code,
        zh: line.zh,
        en: line.en,
        earlier,
        before,
        now,
        change,
        question_zh,
        question_en,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::small;
    use super::*;

    #[test]
    fn only_large_and_material_changes_are_asked_about() {
        let closing: &[(&str, f64)] = &[
            ("cash", 500.0),
            ("accounts_receivable", 160.0),
            ("prepayments", 8.0),
            ("inventories", 120.0),
            ("assets_total", 1_000.0),
        ];
        let opening: &[(&str, f64)] = &[
            ("cash", 490.0),
            ("accounts_receivable", 100.0),
            ("prepayments", 2.0),
            ("inventories", 100.0),
        ];
        let statements = [small(
            StatementKind::BalanceSheet,
            "2026-03",
            &[(Column::Closing, closing), (Column::Opening, opening)],
        )];
        let found = movements(Book::new(&statements), "2026-03".parse().unwrap());
        let said: Vec<_> = found.iter().map(|one| (one.code, one.change)).collect();
        assert_eq!(said, [("accounts_receivable", Some(6_000))], "others are small or in step");
        assert_eq!(found[0].earlier.to_string(), "2025");
    }

    #[test]
    fn the_same_period_of_the_year_before_goes_first() {
        let year = |period: &str, revenue: f64| {
            small(StatementKind::Income, period, &[(Column::YearToDate, &[("revenue", revenue)])])
        };
        let statements = [year("2025-03", 100.0), year("2026-03", 250.0)];
        let found = movements(Book::new(&statements), "2026-03".parse().unwrap());
        assert_eq!(found[0].earlier.to_string(), "2025-03");
        assert_eq!(found[0].change, Some(15_000));
    }
}
