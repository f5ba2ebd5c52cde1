//! The working capital that a borrower needs (流动资金贷款需求量), by the lenders' formula.
//!
//! Source: annex of the working-capital loan rules (流动资金贷款管理办法, 金融监管总局令 2024 年第 2 号;
//! the formula is the one of the 2010 annex). Day counts use a year of 360 days.

use serde::Serialize;
use values::{Fen, Period};

use super::{Book, Gather, Missing, Used};

/// What the borrower and the lender agree on beside the statements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Assumptions {
    /// Expected growth of sales, in ten-thousandths.
    pub growth: i64,
    /// Own funds put into working capital; if not given, current assets less current liabilities.
    pub own_funds: Option<Fen>,
    /// Working-capital loans that exist; if not given, the short-term loans.
    pub existing_loans: Option<Fen>,
    /// Money from elsewhere.
    pub other_sources: Fen,
}

/// The turnover that the formula needs, in days × 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Turnover {
    /// 存货周转天数
    pub inventory: i64,
    /// 应收账款周转天数
    pub receivable: i64,
    /// 应付账款周转天数
    pub payable: i64,
    /// 预付账款周转天数
    pub prepaid: i64,
    /// 预收账款周转天数
    pub advances: i64,
}

impl Turnover {
    /// Days in which money goes out and comes back.
    #[must_use]
    pub const fn cycle(self) -> i64 {
        self.inventory + self.receivable - self.payable + self.prepaid - self.advances
    }
}

/// What the formula came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Need {
    /// A need.
    Known {
        /// The days it rests on.
        turnover: Turnover,
        /// 营运资金量
        working_capital: Fen,
        /// Own funds that were set against it.
        own_funds: Fen,
        /// Loans that were set against it.
        existing_loans: Fen,
        /// 新增流动资金贷款额度; zero when own means suffice.
        new_loan: Fen,
        /// The lines that entered it.
        used: Vec<Used>,
    },
    /// The cycle is zero or negative: suppliers and customers finance the business.
    NoNeedByFormula {
        /// The days it rests on.
        turnover: Turnover,
    },
    /// A component is missing.
    Withheld {
        /// What is missing.
        missing: Vec<Missing>,
    },
}

/// The need from a year's statements.
#[must_use]
pub fn need(book: Book<'_>, year: Period, assumptions: Assumptions) -> Need {
    let mut g = Gather::new(book, year);
    let (revenue, cost) = (g.income("revenue"), g.income("cost_of_sales"));
    let profit = g.income("profit_before_tax");
    let mut balance = |code: &str| g.twice_average(code);
    let (inventory, receivable) = (balance("inventories"), balance("accounts_receivable"));
    let (payable, prepaid) = (balance("accounts_payable"), balance("prepayments"));
    let advances = balance("advances_received");
    let own_funds = match assumptions.own_funds {
        Some(fen) => i128::from(fen.0),
        None => g.closing("current_assets_total") - g.closing("current_liabilities_total"),
    };
    let loans = match assumptions.existing_loans {
        Some(fen) => i128::from(fen.0),
        None => g.closing("short_term_loans"),
    };
    if g.months() < 12 {
        g.miss("需要全年的报表".into(), "A whole year's statements are needed".into());
    }
    if revenue <= 0 || cost <= 0 {
        g.miss("营业收入和营业成本须大于零".into(), "Revenue and cost must be above zero".into());
    }
    let Gather { used, missing, .. } = g;
    if !missing.is_empty() {
        return Need::Withheld { missing };
    }
    let days = |twice: i128, flow: i128| {
        i64::try_from(360 * 10_000 * twice / (2 * flow)).unwrap_or(i64::MAX / 8)
    };
    let turnover = Turnover {
        inventory: days(inventory, cost),
        receivable: days(receivable, revenue),
        payable: days(payable, cost),
        prepaid: days(prepaid, cost),
        advances: days(advances, revenue),
    };
    if turnover.cycle() <= 0 {
        return Need::NoNeedByFormula { turnover };
    }
    let working_capital = formula(revenue, profit, assumptions.growth, turnover.cycle());
    let fen = |amount: i128| Fen(i64::try_from(amount).unwrap_or(i64::MAX));
    let gap = working_capital - own_funds - loans - i128::from(assumptions.other_sources.0);
    Need::Known {
        turnover,
        working_capital: fen(working_capital),
        own_funds: fen(own_funds),
        existing_loans: fen(loans),
        new_loan: fen(gap.max(0)),
        used,
    }
}

/// Sales × (1 − margin) × (1 + growth) ÷ (360 ÷ cycle days); the days in ten-thousandths.
fn formula(revenue: i128, profit: i128, growth: i64, cycle: i64) -> i128 {
    let spent = revenue - profit;
    let grown = spent * i128::from(10_000 + growth);
    let above = grown.saturating_mul(i128::from(cycle));
    let below = 10_000 * 360 * 10_000_i128;
    (above + below / 2).div_euclid(below)
}

#[cfg(test)]
mod tests {
    use super::super::tests::small;
    use super::*;
    use crate::statements::{Column, StatementKind};

    #[test]
    fn the_worked_example_comes_out() {
        // Sales of 1,000万, 10% profit, 10% growth, 60 days: 165万 needed.
        let wan = 1_000_000_i128;
        assert_eq!(formula(1_000 * wan, 100 * wan, 1_000, 600_000), 165 * wan);
    }

    #[test]
    fn the_need_follows_from_a_year_s_statements() {
        let balances: &[(&str, f64)] = &[
            ("accounts_receivable", 1_666_666.67),
            ("inventories", 900_000.0),
            ("prepayments", 200_000.0),
            ("accounts_payable", 800_000.0),
            ("advances_received", 416_666.67),
            ("current_assets_total", 2_000_000.0),
            ("current_liabilities_total", 1_400_000.0),
            ("short_term_loans", 500_000.0),
        ];
        let income: &[(&str, f64)] = &[
            ("revenue", 10_000_000.0),
            ("cost_of_sales", 7_200_000.0),
            ("profit_before_tax", 1_000_000.0),
        ];
        let statements = [
            small(
                StatementKind::BalanceSheet,
                "2025-12",
                &[(Column::Closing, balances), (Column::Opening, balances)],
            ),
            small(StatementKind::Income, "2025", &[(Column::Current, income)]),
        ];
        let year = "2025".parse().unwrap();
        let assumptions = Assumptions { growth: 1_000, ..Assumptions::default() };
        let Need::Known { turnover, working_capital, new_loan, own_funds, .. } =
            need(Book::new(&statements), year, assumptions)
        else {
            panic!("known")
        };
        assert_eq!(turnover.receivable, 600_000);
        assert_eq!(turnover.cycle(), 600_000 + 450_000 - 400_000 + 100_000 - 150_000);
        assert_eq!(working_capital, Fen::from_yuan(1_650_000));
        assert_eq!(own_funds, Fen::from_yuan(600_000));
        assert_eq!(new_loan, Fen::from_yuan(550_000));

        let quarter = need(Book::new(&statements), "2025Q3".parse().unwrap(), assumptions);
        assert!(matches!(quarter, Need::Withheld { .. }));
    }
}
