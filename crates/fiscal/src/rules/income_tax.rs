//! How the rules on income tax returns are checked.

use values::{Fen, Part, Period};

use super::facts::Fact;
use super::outcome::{Label, Missing};
use super::run::{Filed, Run};
use super::tax::to_date_of_return;
use super::tolerance::{scaled, share};
use crate::Severity;
use crate::returns::{Form, LineNo, Prepayment, ReturnColumn};
use crate::statements::Standard;
use crate::statements::StatementKind::Income;

const DECLARED: Label = ("申报数", "declared");
const IN_STATEMENT: Label = ("利润表", "the income statement");
const FORMULA: Label = ("公式结果", "the formula");

pub(super) fn sales_and_revenue(run: &mut Run<'_>, form: Form, lines: &[u16]) {
    if !run.leads_filed(form, &[Income]) {
        return;
    }
    let income = run.to_date(Income);
    run.on_return(form);
    to_date_of_return(run, true, 1, form, lines);
    before_conversion(run, form);
    run.right(income, 1, "revenue");
    let (sales, revenue) = run.sides();
    let far = (sales - revenue).abs() > share(sales.abs().max(revenue.abs()), 3000);
    if form == Form::VatGeneral && far && (sales - revenue).abs() > run.allowed() {
        run.graver(Severity::Error);
    }
    run.equal(("增值税销售额", "VAT sales"), ("营业收入", "revenue"));
}

/// Sales of the same year that were declared in the other form, before the client's kind changed.
fn before_conversion(run: &mut Run<'_>, form: Form) {
    let (other, lines): (Form, &[u16]) = match form {
        Form::VatGeneral => (Form::VatSmall, &[1, 4, 7, 9, 13]),
        _ => (Form::VatGeneral, &[1, 5, 7, 8]),
    };
    let (year, begins) = (run.period.in_year(), run.period.first_day());
    let earlier: Vec<_> = run
        .case
        .returns
        .keys()
        .filter(|(period, of)| *of == other && period.in_year() == year)
        .filter(|(period, _)| period.last_day() < begins)
        .map(|(period, _)| *period)
        .collect();
    for period in earlier {
        for column in [ReturnColumn::Main, ReturnColumn::Second] {
            let filed = run.filed(period, other, column);
            if filed.is_ok() {
                run.filed_lines(true, filed, 1, lines);
            }
        }
    }
}

/// The prepayment return of this period, if this is the period to judge it at.
fn prepayment<'a>(run: &mut Run<'a>) -> Option<Filed<'a>> {
    let due = run.period.last_month() % 3 == 0;
    let filed = run.case.filed(run.period, Form::CitPrepayment).is_some();
    if !filed && (!due || !run.leads_filed(Form::CitPrepayment, &[Income])) {
        return None;
    }
    run.on_return(Form::CitPrepayment);
    Some(run.filed(run.period, Form::CitPrepayment, ReturnColumn::Main))
}

fn is_new(filed: Filed<'_>) -> bool {
    filed.map_or(true, |(of, ..)| of.since_october_2025())
}

pub(super) fn three_revenues(run: &mut Run<'_>) {
    let Some(filed) = prepayment(run) else { return };
    run.filed_lines(true, filed, 1, &[1]);
    if run.vat_form() == Form::VatSmall {
        to_date_of_return(run, false, 1, Form::VatSmall, &[1, 4, 7, 9, 13]);
    } else {
        to_date_of_return(run, false, 1, Form::VatGeneral, &[1, 5, 7, 8]);
    }
    let (declared, sales) = run.sides();
    let strange = (declared - sales).abs() > share(declared.abs(), run.ratio(1000));
    run.flag(strange, ("预缴营业收入", "revenue prepaid on"), ("增值税销售额", "VAT sales"));
}

pub(super) fn prepaid_lines(run: &mut Run<'_>, lines: &[(u16, &str)]) {
    let income = run.to_date(Income);
    for (line, code) in lines {
        let Some(filed) = prepayment(run) else { return };
        run.filed_lines(true, filed, 1, &[*line]);
        run.right(income, 1, code);
        if run.equal(DECLARED, IN_STATEMENT).is_none() {
            return;
        }
    }
}

/// How the tax is prepaid: as the head says, else by what is filled in, since only those who
/// prepay on their profit declare revenue and profit.
fn method(filed: Filed<'_>) -> Prepayment {
    let Ok((of, ..)) = filed else { return Prepayment::ActualProfit };
    let profit = if of.since_october_2025() { [1, 18] } else { [1, 3] };
    let blank =
        profit.iter().all(|line| of.main(LineNo::new(*line)).is_none_or(|fen| fen == Fen::ZERO));
    let base = if of.since_october_2025() { 25 } else { 10 };
    let based = of.main(LineNo::new(base)).is_some_and(|fen| fen != Fen::ZERO);
    let seen = match (blank, based) {
        (true, true) => Prepayment::LastYearAverage,
        _ => Prepayment::ActualProfit,
    };
    of.header.prepayment.unwrap_or(seen)
}

pub(super) fn prepaid_profit(run: &mut Run<'_>) {
    let Some(filed) = prepayment(run) else { return };
    if method(filed) != Prepayment::ActualProfit {
        run.holds();
        return;
    }
    let income = run.to_date(Income);
    run.filed_lines(true, filed, 1, &[if is_new(filed) { 18 } else { 3 }]);
    run.right(income, 1, "profit_before_tax");
    run.equal(DECLARED, IN_STATEMENT);
}

/// Small enterprises keep research inside administrative expenses: either way of showing it will
/// do, as long as the two lines agree together.
pub(super) fn prepaid_expenses(run: &mut Run<'_>) {
    let income = run.to_date(Income);
    let Some(filed) = prepayment(run) else { return };
    if !is_new(filed) {
        run.holds();
        return;
    }
    for (line, code) in [(3, "taxes_surcharges"), (4, "selling_expenses"), (7, "finance_expenses")]
    {
        run.on_return(Form::CitPrepayment);
        run.filed_lines(true, filed, 1, &[line]);
        run.right(income, 1, code);
        if run.equal(DECLARED, IN_STATEMENT).is_none() {
            return;
        }
    }
    run.on_return(Form::CitPrepayment);
    research(run, filed, 1, income);
}

/// Lines 5 and 6 of either income tax form against administration and research.
fn research<'a>(run: &mut Run<'a>, filed: Filed<'a>, sign: i8, income: super::run::Source<'a>) {
    let declared =
        |line| filed.ok().and_then(|(_, _, lines)| lines.get(&LineNo::new(line)).copied());
    let of = |code: &str| income.ok().and_then(|sheet| sheet.figure(code)).unwrap_or_default();
    let small = income.is_ok_and(|sheet| sheet.statement.standard == Standard::Small);
    if small {
        let inside = of("research_expenses");
        let together = declared(6).unwrap_or_default() == Fen::ZERO;
        run.filed_lines(true, filed, sign, &[5, 6]);
        run.right(income, 1, "admin_expenses");
        let apart = (declared(6).unwrap_or_default() - inside).abs() <= run.allowed();
        if !together && !apart {
            // Neither of the two ways: the line for research is what disagrees.
            run.on_return(Form::CitPrepayment);
            run.filed_lines(true, filed, sign, &[6]);
            run.right(income, 1, "research_expenses");
        }
        run.equal(DECLARED, IN_STATEMENT);
        return;
    }
    run.filed_lines(true, filed, sign, &[5]);
    run.right(income, 1, "admin_expenses");
    if run.equal(DECLARED, IN_STATEMENT).is_some() {
        run.on_return(Form::CitPrepayment);
        run.filed_lines(true, filed, sign, &[6]);
        run.right(income, 1, "rd_expenses");
        run.equal(DECLARED, IN_STATEMENT);
    }
}

type Formula = (u16, &'static [(i8, u16)]);

const PROFIT: &[(i8, u16)] = &[
    (1, 1),
    (-1, 2),
    (-1, 3),
    (-1, 4),
    (-1, 5),
    (-1, 6),
    (-1, 7),
    (1, 8),
    (1, 9),
    (1, 10),
    (1, 11),
    (1, 12),
    (1, 13),
    (1, 14),
];

/// Checks formulas of a form; a result that the form shows as zero when negative may be zero.
fn formulas<'a>(run: &mut Run<'a>, form: Form, filed: Filed<'a>, formulas: &[Formula]) -> bool {
    for (total, terms) in formulas {
        run.on_return(form);
        run.filed_lines(true, filed, 1, &[*total]);
        for (sign, line) in *terms {
            run.filed_lines(false, filed, *sign, &[*line]);
        }
        let (declared, worked) = run.sides();
        if declared == Fen::ZERO && worked.is_negative() && shown_as_zero(form, *total) {
            run.holds();
            continue;
        }
        if run.equal(DECLARED, FORMULA).is_none() {
            return false;
        }
    }
    true
}

/// Lines that a form fills with zero when they would be negative.
const fn shown_as_zero(form: Form, line: u16) -> bool {
    match form {
        Form::CitPrepayment => matches!(line, 16 | 32),
        Form::CitAnnual => matches!(line, 28 | 33 | 36),
        _ => false,
    }
}

/// A tax is a base, if positive, times a rate that stands as a fraction.
fn tax_line<'a>(
    run: &mut Run<'a>,
    form: Form,
    filed: Filed<'a>,
    (tax, base, rate): (u16, u16, u16),
) {
    run.on_return(form);
    run.filed_lines(true, filed, 1, &[tax]);
    let base = run.filed_line(false, filed, 0, LineNo::new(base)).max(Fen::ZERO);
    let rate = run.filed_line(false, filed, 0, LineNo::new(rate));
    run.amount(false, scaled(base, rate.0, 100));
    run.equal(DECLARED, FORMULA);
}

pub(super) fn within_prepayment(run: &mut Run<'_>) {
    const NEW: &[Formula] = &[
        (15, PROFIT),
        (18, &[(1, 15), (1, 16), (-1, 17)]),
        (25, &[(1, 18), (1, 19), (-1, 20), (-1, 21), (-1, 22), (-1, 23), (-1, 24)]),
        (32, &[(1, 27), (-1, 28), (-1, 29), (-1, 30), (-1, 31)]),
    ];
    const OLD: &[Formula] = &[
        (10, &[(1, 3), (1, 4), (-1, 5), (-1, 6), (-1, 7), (-1, 8), (-1, 9)]),
        (16, &[(1, 12), (-1, 13), (-1, 14), (-1, 15)]),
    ];
    if run.case.filed(run.period, Form::CitPrepayment).is_none() {
        return;
    }
    let Some(filed) = prepayment(run) else { return };
    let new = is_new(filed);
    let all = if new { NEW } else { OLD };
    let due = all.last().map_or(all, std::slice::from_ref);
    let asked = match method(filed) {
        Prepayment::ActualProfit => all,
        // Only the tax that follows from an average or assigned base can be checked.
        Prepayment::LastYearAverage => due,
        Prepayment::Assigned => {
            run.holds();
            return;
        }
    };
    if formulas(run, Form::CitPrepayment, filed, asked) {
        let lines = if new { (27, 25, 26) } else { (12, 10, 11) };
        tax_line(run, Form::CitPrepayment, filed, lines);
    }
}

pub(super) fn small_relief(run: &mut Run<'_>) {
    if run.case.filed(run.period, Form::CitPrepayment).is_none() {
        return;
    }
    let Some(filed) = prepayment(run) else { return };
    let (relief, base) = if is_new(filed) { (28, 25) } else { (13, 10) };
    run.filed_line(true, filed, 1, LineNo::sub(relief, 1));
    let base = run.filed_line(false, filed, 0, LineNo::new(base)).max(Fen::ZERO);
    let header = filed.ok().and_then(|(of, ..)| of.header.small_low_profit);
    match header.or(run.truth(Fact::SmallLowProfit)) {
        Some(true) => run.amount(false, share(base, 2000)),
        Some(false) => {}
        None => run.lacks(Missing::Fact(run.period, Fact::SmallLowProfit)),
    }
    run.equal(("小微企业减免", "the relief"), ("按条件应为", "by the conditions"));
}

/// Tax due in prepayment returns of the year before this one; none when a return is missing.
fn earlier_prepayments(run: &mut Run<'_>, from: Option<Period>) {
    let year = run.period.in_year();
    let mut at = from.filter(|period| period.in_year() == year);
    while let Some(period) = at {
        let filed = run.filed(period, Form::CitPrepayment, ReturnColumn::Main);
        let due = if is_new(filed) { 32 } else { 16 };
        let paid = run.filed_line(false, filed, 0, LineNo::new(due)).max(Fen::ZERO);
        run.amount(false, paid);
        at = period.previous().filter(|period| period.in_year() == year);
    }
}

pub(super) fn prepaid_so_far(run: &mut Run<'_>) {
    if run.case.filed(run.period, Form::CitPrepayment).is_none() {
        return;
    }
    let Some(filed) = prepayment(run) else { return };
    run.filed_lines(true, filed, 1, &[if is_new(filed) { 30 } else { 14 }]);
    if run.case.fact(run.period, Fact::CitPaid).is_some() {
        run.fact(false, 1, Fact::CitPaid);
    } else {
        earlier_prepayments(run, run.period.previous());
    }
    run.equal(DECLARED, ("以前各期预缴", "earlier prepayments"));
}

/// The header counts in ten thousand yuan with two decimals, and so does the comparison.
pub(super) fn assets_in_header(run: &mut Run<'_>) {
    let Some(filed) = prepayment(run) else { return };
    let closing = run.closing();
    let assets = run.value(false, closing, "assets_total");
    match filed {
        Err(missing) => run.lacks(missing),
        Ok((of, ..)) => match of.header.assets_closing {
            None => run.lacks(Missing::ReturnColumn(of.period, of.form)),
            Some(header) => run.amount(true, scaled(header, 1, 10_000)),
        },
    }
    run.amount(false, scaled(assets, 1, 10_000));
    run.equal(
        ("表头资产总额（万元）", "assets in the header, 10,000 yuan"),
        ("资产总计（万元）", "total assets, 10,000 yuan"),
    );
}

const ANNUAL: [(u16, &str); 16] = [
    (1, "revenue"),
    (2, "cost_of_sales"),
    (3, "taxes_surcharges"),
    (4, "selling_expenses"),
    (7, "finance_expenses"),
    (8, "other_income"),
    (9, "investment_income"),
    (10, "net_exposure_hedge"),
    (11, "fair_value_gain"),
    (12, "credit_impairment"),
    (13, "asset_impairment"),
    (14, "disposal_gain"),
    (15, "operating_profit"),
    (16, "nonoperating_income"),
    (17, "nonoperating_expenses"),
    (18, "profit_before_tax"),
];

fn annual<'a>(run: &mut Run<'a>) -> Option<Filed<'a>> {
    let Part::Year = run.period.part() else { return None };
    if !run.leads_filed(Form::CitAnnual, &[Income]) {
        return None;
    }
    run.on_return(Form::CitAnnual);
    Some(run.filed(run.period, Form::CitAnnual, ReturnColumn::Main))
}

pub(super) fn annual_lines(run: &mut Run<'_>) {
    let income = run.to_date(Income);
    let Some(filed) = annual(run) else { return };
    let mut holds = true;
    for (line, code) in ANNUAL {
        run.on_return(Form::CitAnnual);
        run.quietly();
        // A line that the standard does not have is not compared.
        if income.is_ok_and(|sheet| sheet.number(code).is_none()) {
            continue;
        }
        run.filed_lines(true, filed, 1, &[line]);
        run.right(income, 1, code);
        match run.equal(DECLARED, IN_STATEMENT) {
            Some(kept) => holds &= kept,
            None => return,
        }
    }
    run.on_return(Form::CitAnnual);
    run.quietly();
    run.filed_lines(true, filed, 1, &[5, 6]);
    run.right(income, 1, "admin_expenses");
    run.right(income, 1, "rd_expenses");
    holds &= run.equal(DECLARED, IN_STATEMENT) == Some(true);
    if holds {
        run.on_return(Form::CitAnnual);
        run.holds();
    }
}

pub(super) fn within_annual(run: &mut Run<'_>) {
    const FORMULAS: &[Formula] = &[
        (15, PROFIT),
        (18, &[(1, 15), (1, 16), (-1, 17)]),
        (24, &[(1, 18), (-1, 19), (1, 20), (-1, 21), (-1, 22), (1, 23)]),
        (28, &[(1, 24), (-1, 25), (-1, 26), (-1, 27)]),
        (33, &[(1, 30), (-1, 31), (-1, 32)]),
        (36, &[(1, 33), (1, 34), (-1, 35)]),
        (38, &[(1, 36), (-1, 37)]),
        (45, &[(1, 38), (-1, 42), (-1, 43), (-1, 44)]),
    ];
    if run.case.filed(run.period, Form::CitAnnual).is_none() {
        return;
    }
    let Some(filed) = annual(run) else { return };
    if formulas(run, Form::CitAnnual, filed, FORMULAS) {
        tax_line(run, Form::CitAnnual, filed, (30, 28, 29));
    }
}

pub(super) fn prepaid_in_year(run: &mut Run<'_>) {
    if run.case.filed(run.period, Form::CitAnnual).is_none() {
        return;
    }
    let Some(filed) = annual(run) else { return };
    run.filed_lines(true, filed, 1, &[37]);
    if run.case.fact(run.period, Fact::CitPaid).is_some() {
        run.fact(false, 1, Fact::CitPaid);
    } else {
        let year = run.period.in_year();
        let december = Period::month(year, 12);
        let monthly = december.filter(|at| run.case.filed(*at, Form::CitPrepayment).is_some());
        earlier_prepayments(run, monthly.or_else(|| Period::quarter(year, 4)));
    }
    run.equal(DECLARED, ("各期预缴之和", "the year's prepayments"));
}

pub(super) fn losses(run: &mut Run<'_>) {
    if run.case.filed(run.period, Form::CitAnnual).is_none() {
        return;
    }
    let Some(filed) = annual(run) else { return };
    run.filed_lines(true, filed, 1, &[26]);
    if run.sides().0 == Fen::ZERO && !run.is_missing() {
        run.holds();
        return;
    }
    run.fact(false, 1, Fact::LossesAvailable);
    run.at_most(("弥补亏损", "losses used"), ("可弥补余额", "losses available"));
}

pub(super) fn tax_expense(run: &mut Run<'_>) {
    if run.standard() != Some(Standard::Small) {
        return;
    }
    let Some(filed) = prepayment(run) else { return };
    let income = run.to_date(Income);
    run.left(income, 1, "income_tax");
    run.filed_lines(false, filed, 1, if is_new(filed) { &[30, 32] } else { &[14, 16] });
    run.equal(("所得税费用", "income tax"), ("已预缴与应补", "prepaid and due"));
}
