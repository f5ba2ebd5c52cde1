//! The invented months of a client: what was sold, bought, paid and owed, so that everything that
//! is printed from it balances by construction.

use std::collections::BTreeMap;

use values::Period;

use super::Fields;
use super::make::Dice;
use crate::statements::Standard;

/// Amounts in fen by the codes of statement lines; a code that a standard lacks is left out of it.
pub(super) type Amounts = BTreeMap<&'static str, i64>;

/// How the months of a year differ, in percent of the average.
const SEASON: [i64; 12] = [92, 74, 96, 98, 101, 106, 97, 95, 104, 103, 112, 122];

const YUAN: i64 = 100;

/// How an invented client does business.
pub(super) struct Trading {
    /// The standard of its statements.
    pub(super) standard: Standard,
    /// Whether it is a general taxpayer of VAT.
    pub(super) general: bool,
    /// Sales of an average month.
    sales: i64,
    /// Growth a month, in hundredths of a percent.
    growth: i64,
    /// Cost of sales in percent of sales.
    cost: i64,
    wages: i64,
    rent: i64,
    promotion: i64,
    depreciation: i64,
    loan: i64,
    /// Interest a year in hundredths of a percent.
    rate: i64,
    /// What is borrowed anew, and in which month of the second year.
    borrowed: (i8, i64),
    /// Employees.
    pub(super) staff: i64,
}

impl Trading {
    /// Follows from the archive and the dice.
    pub(super) fn of(dice: &mut Dice, fields: &Fields) -> Self {
        let number = |key: &str| fields.get(key).and_then(|text| text.parse::<i64>().ok());
        let general = fields.get("taxpayer_kind").is_some_and(|kind| kind == "general");
        let month = number("revenue_fen").unwrap_or_default() / 12;
        // Below the line of registration for small-scale taxpayers, above that of exemption.
        let (least, most) = if general { (320_000, 1_000_000) } else { (125_000, 290_000) };
        let sales = month.clamp(least * YUAN, most * YUAN);
        let loan = if dice.between(1, 4) == 1 { 0 } else { sales / 10_000_000 * 10_000_000 };
        Self {
            standard: if general && dice.between(1, 3) == 1 {
                Standard::General
            } else {
                Standard::Small
            },
            general,
            sales,
            growth: dice.between(-50, 80),
            cost: dice.between(63, 67),
            wages: sales * dice.between(10, 12) / 100,
            rent: sales * dice.between(2, 4) / 100,
            promotion: sales * dice.between(1, 3) / 100,
            depreciation: sales / 40,
            loan,
            rate: dice.between(345, 560),
            borrowed: (i8::try_from(dice.between(3, 8)).unwrap_or(6), loan / 2),
            staff: number("staff_count").unwrap_or(6).clamp(2, 90),
        }
    }

    fn sales_in(&self, index: i64, month: i8) -> i64 {
        let at = usize::try_from(month - 1).unwrap_or_default();
        let season = SEASON.get(at).copied().unwrap_or(100);
        let grown = self.sales / 10_000 * (10_000 + self.growth * index);
        // Whole hundreds of yuan, so that taxes come out to the fen.
        grown * season / 100 / 10_000 * 10_000
    }

    /// VAT in percent of sales.
    const fn vat(&self) -> i64 {
        if self.general { 13 } else { 1 }
    }

    /// The part of purchases that is deducted as input VAT, in percent.
    const fn input(&self) -> i64 {
        if self.general { 13 } else { 0 }
    }
}

/// One month: what happened in it, and what there is at its end.
#[derive(Debug, Clone, Default)]
pub(super) struct Month {
    /// Balances at the end.
    pub(super) closing: Amounts,
    /// Income and expenses of the month.
    pub(super) income: Amounts,
    /// Cash in and out of the month.
    pub(super) flows: Amounts,
    /// Output VAT; of a small-scale taxpayer what it owes.
    pub(super) output: i64,
    /// Input VAT.
    pub(super) input: i64,
    /// Enterprise income tax due for the quarter that ends here.
    pub(super) income_tax: i64,
}

impl Month {
    /// VAT that is owed for the month.
    pub(super) const fn vat(&self) -> i64 {
        self.output - self.input
    }

    fn balance(&self, code: &str) -> i64 {
        self.closing.get(code).copied().unwrap_or_default()
    }
}

/// The urban maintenance tax and both education surcharges on VAT, halved for small enterprises.
pub(super) const fn surcharges(vat: i64) -> (i64, i64, i64) {
    (half_up(vat * 35, 1_000), half_up(vat * 15, 1_000), half_up(vat, 100))
}

const fn half_up(above: i64, below: i64) -> i64 {
    (above + below / 2) / below
}

/// The books of a client from the start of a year: the first entry is what it starts with.
pub(super) fn months(trading: &Trading, from: i16, count: i64) -> Vec<(Option<Period>, Month)> {
    let mut all = vec![(None, start(trading))];
    // Owed at the start: VAT of a month and its surcharges, paid with the first taxes.
    let mut owed = all.last().map_or(0, |(_, month)| month.balance("taxes_payable"));
    let (mut profit, mut prepaid) = (0, 0);
    for index in 0..count {
        let (year, month) = (from + i16::try_from(index / 12).unwrap_or_default(), index % 12 + 1);
        let month = i8::try_from(month).unwrap_or(1);
        let Some((_, before)) = all.last() else { break };
        // A small-scale taxpayer pays after the quarter, a general one after the month.
        let paid = if trading.general || month % 3 == 1 { std::mem::take(&mut owed) } else { 0 };
        let mut now = turn(trading, before, (index, month), paid);
        let (urban, education, local) = surcharges(now.vat());
        let dues = now.vat() + urban + education + local;
        owed += dues;
        if month == 1 {
            (profit, prepaid) = (0, 0);
        }
        profit += before_tax(&now);
        if month % 3 == 0 {
            // 25% less the relief of 20% for small low-profit enterprises.
            let due = (half_up(profit * 25, 100) - half_up(profit * 20, 100) - prepaid).max(0);
            (now.income_tax, prepaid) = (due, prepaid + due);
            now.income.insert("income_tax", due);
            owed += due;
        }
        close(&mut now, before, month, owed);
        all.push((Period::month(year, month), now));
    }
    all
}

fn before_tax(month: &Month) -> i64 {
    let of = |code: &str| month.income.get(code).copied().unwrap_or_default();
    let costs = ["cost_of_sales", "taxes_surcharges", "selling_expenses", "admin_expenses"];
    of("revenue") - costs.iter().map(|code| of(code)).sum::<i64>() - of("finance_expenses")
}

/// What a client starts with.
fn start(trading: &Trading) -> Month {
    let sales = trading.sales;
    let cost = sales * trading.cost / 100;
    let assets = [
        ("cash", sales * 5 / 4),
        ("accounts_receivable", sales * 7 / 10),
        ("inventories", cost * 3 / 2),
        ("fixed_assets_cost", sales * 3),
        ("accumulated_depreciation", sales * 9 / 10),
    ];
    let total = sales * 5 / 4 + sales * 7 / 10 + cost * 3 / 2 + sales * 3 - sales * 9 / 10;
    let (payable, taxes) = (cost / 2, sales * trading.vat() / 400);
    let equity = total - payable - taxes - trading.loan;
    let capital = equity * 6 / 10 / 1_000_000 * 1_000_000;
    let surplus = (equity - capital) / 10;
    let mut closing = Amounts::from(assets);
    closing
        .extend([("fixed_assets", sales * 3 - sales * 9 / 10), ("finished_goods", cost * 3 / 2)]);
    closing.extend([
        ("accounts_payable", payable),
        ("taxes_payable", taxes),
        ("short_term_loans", trading.loan),
        ("paid_in_capital", capital),
        ("surplus_reserve", surplus),
        ("retained_earnings", equity - capital - surplus),
    ]);
    Month { output: taxes, closing, ..Month::default() }
}

/// What happens in a month, before the income tax of its quarter.
fn turn(trading: &Trading, before: &Month, (index, month): (i64, i8), paid: i64) -> Month {
    let sales = trading.sales_in(index, month);
    let cost = sales * trading.cost / 100;
    let bought = cost * (98 + (index * 7) % 5) / 100 / 100 * 100;
    let (output, input) = (sales * trading.vat() / 100, bought * trading.input() / 100);
    let mut now = Month { output, input, closing: before.closing.clone(), ..Month::default() };
    let (urban, education, local) = surcharges(now.vat());
    let loan = before.balance("short_term_loans");
    let interest = half_up(loan * trading.rate, 120_000);
    let borrowed =
        if (index / 12, month) == (1, trading.borrowed.0) { trading.borrowed.1 } else { 0 };
    let receivable = (sales + output) * 7 / 10;
    let payable = (bought + input) / 2;
    let received = sales + output + before.balance("accounts_receivable") - receivable;
    let spent = bought + input + before.balance("accounts_payable") - payable;
    now.income = Amounts::from([
        ("revenue", sales),
        ("cost_of_sales", cost),
        ("taxes_surcharges", urban + education + local),
        ("tax_urban_maintenance", urban),
        ("surcharges_education_mineral", education + local),
        ("selling_expenses", trading.promotion),
        ("advertising", trading.promotion),
        ("admin_expenses", trading.wages + trading.rent + trading.depreciation),
        ("finance_expenses", interest),
        ("interest_expense", interest),
    ]);
    now.flows = Amounts::from([
        ("cf_sales", received),
        ("cf_purchases", spent),
        ("cf_payroll", trading.wages),
        ("cf_taxes", paid),
        ("cf_other_op_out", trading.rent + trading.promotion),
        ("cf_borrowed", borrowed),
        ("cf_interest", interest),
        ("cf_dividends_interest", interest),
    ]);
    let cash = received - spent - trading.wages - trading.rent - trading.promotion - paid
        + borrowed
        - interest;
    now.closing.extend([
        ("cash", before.balance("cash") + cash),
        ("accounts_receivable", receivable),
        ("inventories", before.balance("inventories") + bought - cost),
        ("accounts_payable", payable),
        ("short_term_loans", loan + borrowed),
        (
            "accumulated_depreciation",
            before.balance("accumulated_depreciation") + trading.depreciation,
        ),
    ]);
    now
}

/// Closes a month: taxes owed, profit kept; in December a tenth of the year's goes to reserves.
fn close(now: &mut Month, before: &Month, month: i8, owed: i64) {
    let net = before_tax(now) - now.income.get("income_tax").copied().unwrap_or_default();
    let year = if month == 1 { 0 } else { before.balance("profit_of_year") } + net;
    let reserved = if month == 12 { half_up(year.max(0), 10) } else { 0 };
    let closing = [
        ("taxes_payable", owed),
        ("surplus_reserve", before.balance("surplus_reserve") + reserved),
        ("retained_earnings", before.balance("retained_earnings") + net - reserved),
        ("profit_of_year", year),
    ];
    now.closing.extend(closing);
    let of = |code: &str| now.closing.get(code).copied().unwrap_or_default();
    let fixed = of("fixed_assets_cost") - of("accumulated_depreciation");
    now.closing.extend([("fixed_assets", fixed), ("finished_goods", of("inventories"))]);
    now.income.insert("np_continuing", net);
}
