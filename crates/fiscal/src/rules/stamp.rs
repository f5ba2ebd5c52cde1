//! How the rules on stamp duty and the smaller taxes, on zero returns and on filings are checked.

use values::{Fen, Part};

use super::case::Receiver;
use super::facts::Fact;
use super::outcome::{Label, Missing, Subject};
use super::run::Run;
use super::sets::compare_copies;
use super::tax::to_date_of_return;
use super::tolerance::{scaled, share};
use crate::returns::{Form, LineNo, Return, ReturnColumn};
use crate::statements::Column;
use crate::statements::StatementKind::{BalanceSheet, CashFlow, Income};

const TAX: LineNo = LineNo::new(2);
const DECLARED: Label = ("申报印花税", "stamp duty declared");
const DUE: Label = ("按金额计算", "worked out from the amount");

impl Run<'_> {
    /// Adds the duty declared on one taxable item in this return.
    fn duty(&mut self, left: bool, filed: &Return, item: &str) {
        let rows = filed.rows.iter().filter(|row| row.item.contains(item));
        let sum = rows.filter_map(|row| row.cells.get(&TAX).copied()).sum();
        self.row_sum(left, filed, TAX, sum);
    }

    /// Adds the duty on one item (or all) in all returns of the year up to this period.
    fn duty_of_year(&mut self, left: bool, item: &str) {
        let (year, end) = (self.period.in_year(), self.period.last_day());
        let case = self.case;
        for filed in case.returns.values().filter(|filed| {
            filed.form == Form::Stamp
                && filed.period.in_year() == year
                && filed.period.last_day() <= end
        }) {
            self.duty(left, filed, item);
        }
    }
}

/// Capital stands in the balance sheet since 1 January, so the year's returns are added.
pub(super) fn capital(run: &mut Run<'_>) {
    if !run.leads_filed(Form::Stamp, &[BalanceSheet]) || run.period.last_month() % 3 != 0 {
        return;
    }
    run.on_return(Form::Stamp);
    run.change(false, 1, &["paid_in_capital", "capital_reserve"]);
    let grown = run.sides().1;
    if !run.is_missing() && grown <= Fen::ZERO {
        run.holds();
        return;
    }
    if run.case.filed_ending(run.period, Form::Stamp).is_none() {
        run.lacks(Missing::Return(run.period, Form::Stamp));
    }
    run.duty_of_year(true, "营业账簿");
    run.amount(false, scaled(grown, 25, 100_000) - grown);
    run.at_least(DECLARED, DUE);
}

pub(super) fn loans(run: &mut Run<'_>) {
    if !run.leads_filed(Form::Stamp, &[CashFlow]) || run.period.last_month() % 3 != 0 {
        return;
    }
    run.on_return(Form::Stamp);
    let new = Fen(run.fact(false, 0, Fact::NewBankLoans));
    let exempt = run.truth(Fact::LoanStampExempt) == Some(true);
    if !run.is_missing() && (new <= Fen::ZERO || exempt) {
        run.holds();
        return;
    }
    match run.case.filed_ending(run.period, Form::Stamp) {
        None => run.lacks(Missing::Return(run.period, Form::Stamp)),
        Some(filed) => run.duty(true, filed, "借款"),
    }
    run.amount(false, scaled(new, 5, 100_000));
    run.equal(DECLARED, DUE);
}

pub(super) fn contracts(run: &mut Run<'_>) {
    if !run.starts(Form::Stamp) {
        return;
    }
    let Some(filed) = run.case.filed(run.period, Form::Stamp) else { return };
    let bought = run.fact(false, 0, Fact::PurchaseContracts);
    let sold = run.fact(false, 0, Fact::SalesContracts);
    run.duty(true, filed, "买卖合同");
    run.amount(false, scaled(Fen(bought) + Fen(sold), 30, 100_000));
    run.equal(DECLARED, DUE);
}

pub(super) fn property(run: &mut Run<'_>) {
    if run.own(BalanceSheet).is_none() || run.period.last_month() % 3 != 0 {
        return;
    }
    let closing = run.closing();
    run.on(BalanceSheet, Column::Closing);
    let let_out = run.value(true, closing, "investment_property");
    let owned = if let_out > Fen::ZERO { let_out } else { Fen(run.fact(true, 1, Fact::Buildings)) };
    if owned > Fen::ZERO && run.truth(Fact::PropertyReturnFiled).is_none() {
        run.lacks(Missing::Fact(run.period, Fact::PropertyReturnFiled));
    }
    let strange = owned > Fen::ZERO && run.truth(Fact::PropertyReturnFiled) == Some(false);
    let label = ("有房产或土地使用权而未申报", "property on the books and no return");
    run.flag(strange, label, ("", ""));
}

pub(super) fn taxes_declared(run: &mut Run<'_>) {
    let form = run.vat_form();
    if !run.leads_filed(form, &[Income]) {
        return;
    }
    let income = run.to_date(Income);
    run.on_return(form);
    run.left(income, 1, "taxes_surcharges");
    let lines: &[u16] = if form == Form::VatSmall { &[23, 24, 25] } else { &[39, 40, 41] };
    to_date_of_return(run, false, 1, form, lines);
    run.duty_of_year(false, "");
    run.adjustment(false, 1, Fact::OtherMinorTaxes);
    run.equal(
        ("税金及附加", "taxes and surcharges"),
        ("申报的税费合计", "taxes and surcharges declared"),
    );
}

/// Tax and sales of one return, both groups of columns.
fn tax_and_sales(filed: &Return) -> (Fen, Fen) {
    let (tax, sales): (u16, &[u16]) =
        if filed.form == Form::VatGeneral { (34, &[1, 5, 8]) } else { (22, &[1, 4, 7, 9, 13]) };
    let of = |line: u16| -> Fen {
        [ReturnColumn::Main, ReturnColumn::Second]
            .into_iter()
            .filter_map(|column| filed.figure(column, LineNo::new(line)))
            .sum()
    };
    (of(tax), sales.iter().map(|line| of(*line)).sum())
}

/// The burden of this return against the mean of the ones before, or of the industry.
pub(super) fn burden(run: &mut Run<'_>) {
    let Some(form) = vat_form(run) else { return };
    run.on_return(form);
    let Some(filed) = run.case.filed(run.period, form) else { return };
    let (tax, sales) = tax_and_sales(filed);
    let (mut taxes, mut all, mut months, mut at) = (Fen::ZERO, Fen::ZERO, 0, run.period);
    while let Some(before) = at.previous().filter(|_| months < 12) {
        let Some(earlier) = run.case.filed(before, form) else { break };
        let (tax, sales) = tax_and_sales(earlier);
        (taxes, all) = (taxes + tax, all + sales);
        months += before.last_month() - before.first_month() + 1;
        at = before;
    }
    let points = |tax: Fen, sales: Fen| scaled(Fen(tax.0), 10_000, sales.0.max(1));
    let mean = if months >= 3 && all > Fen::ZERO {
        points(taxes, all)
    } else if let Some(industry) = run.case.fact(run.period, Fact::IndustryVatBurden) {
        Fen(industry)
    } else {
        run.lacks(Missing::Earlier(run.period));
        Fen::ZERO
    };
    let now = points(tax, sales);
    run.amount(true, now);
    run.amount(false, mean);
    let strange = sales > Fen::ZERO && (now - mean).abs() > share(mean.abs(), run.ratio(3000));
    run.flag(strange, ("税负率（%）", "burden in percent"), ("比较值", "compared with"));
}

fn vat_form(run: &Run<'_>) -> Option<Form> {
    [Form::VatGeneral, Form::VatSmall]
        .into_iter()
        .find(|form| run.case.filed(run.period, *form).is_some())
}

pub(super) fn zero_return(run: &mut Run<'_>) {
    let forms = [vat_form(run), Some(Form::CitPrepayment)];
    for form in forms.into_iter().flatten() {
        let Some(filed) = run.case.filed(run.period, form) else { continue };
        run.on_return(form);
        let sales = match form {
            Form::CitPrepayment => filed.main(LineNo::new(1)).unwrap_or_default(),
            Form::VatGeneral | Form::VatSmall => {
                let seven = filed.main(LineNo::new(7)).unwrap_or_default();
                tax_and_sales(filed).1 + seven
            }
            _ => continue,
        };
        if sales != Fen::ZERO {
            run.holds();
            continue;
        }
        let inflow = run.case.fact(run.period, Fact::BankInflow);
        let invoiced = run.case.fact(run.period, Fact::InvoicedSales);
        if inflow.is_none() && invoiced.is_none() {
            run.lacks(Missing::Fact(run.period, Fact::BankInflow));
        }
        for (known, fact) in [(inflow, Fact::BankInflow), (invoiced, Fact::InvoicedSales)] {
            if known.is_some() {
                run.fact(true, 1, fact);
            }
        }
        let active = run.sides().0 > Fen::ZERO;
        run.flag(active, ("银行流入与开票", "bank inflow and invoices"), ("零申报", "declared"));
    }
}

pub(super) fn use_of_loan(run: &mut Run<'_>) {
    if !run.leads(CashFlow, &[BalanceSheet]) {
        return;
    }
    run.on(CashFlow, Column::Current);
    let flow = run.to_date(CashFlow);
    let borrowed = run.value(false, flow, "cf_borrowed");
    if !run.is_missing() && borrowed <= Fen::ZERO {
        run.holds();
        return;
    }
    let loan = run.case.fact(run.period, Fact::NewBankLoans).map_or(borrowed, Fen);
    run.fact(true, 1, Fact::ReceivablesAfterLoan);
    run.amount(false, share(loan, run.ratio(1000)));
    run.at_most(
        ("放款后往来及投资增加", "what rose after the loan"),
        ("借款的10%", "10% of the loan"),
    );
}

/// At the end of a quarter and of a year the tax bureau is given the statements.
pub(super) fn statements_filed(run: &mut Run<'_>) {
    let due = match run.period.part() {
        Part::Month(month) => month % 3 == 0,
        Part::Quarter(_) | Part::Year => true,
    };
    if !due {
        return;
    }
    for kind in [BalanceSheet, Income] {
        let Some(statement) = run.own(kind) else { continue };
        let case = run.case;
        let filed = case.given.iter().any(|given| {
            given.to == Receiver::TaxBureau
                && given.statement.kind == kind
                && given.statement.period == statement.period
        });
        if !filed && !case.given.is_empty() {
            run.begin(Subject::Client);
            let label = ("未报送税务机关", "the tax bureau was not given the statement");
            run.flag(true, label, ("", ""));
            continue;
        }
        compare_copies(run, statement, |to| to == Receiver::TaxBureau);
    }
}
