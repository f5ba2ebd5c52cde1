//! How the cross rules on loans, payments and taxes are checked.

use values::{Fen, Part};

use super::facts::Fact;
use super::outcome::{Cause, Label, Missing};
use super::run::{Run, Source};
use super::tax::to_date_of_return;
use super::tolerance::{scaled, share};
use crate::Severity::Hint;
use crate::returns::Form;
use crate::statements::StatementKind::{BalanceSheet, CashFlow, Income};
use crate::statements::{Column, Standard};

const LOANS: [&str; 3] = ["short_term_loans", "long_term_loans", "bonds_payable"];

/// Begins a rule that is about cash paid or received; none when another period leads.
fn on_cash_flow<'a>(run: &mut Run<'a>) -> Option<Source<'a>> {
    run.leads(CashFlow, &[BalanceSheet]).then(|| {
        run.on(CashFlow, Column::YearToDate);
        run.to_date(CashFlow)
    })
}

const CHANGE_OF_LOANS: Label = ("借款变动", "the change of loans");
const BORROWED: Label = ("取得借款减偿还", "borrowed less repaid");

pub(super) fn loans_small(run: &mut Run<'_>) {
    let Some(flow) = on_cash_flow(run) else { return };
    run.change(true, 1, &LOANS);
    run.right(flow, 1, "cf_borrowed");
    run.right(flow, -1, "cf_principal");
    run.equal(CHANGE_OF_LOANS, BORROWED);
}

pub(super) fn loans_general(run: &mut Run<'_>) {
    let Some(flow) = on_cash_flow(run) else { return };
    run.change(true, 1, &LOANS);
    run.adjustment(true, 1, Fact::LoansDueWithinYear);
    run.adjustment(true, -1, Fact::LoansDueWithinYearOpening);
    run.right(flow, 1, "cf_borrowed");
    run.right(flow, 1, "cf_bonds_issued");
    run.right(flow, -1, "cf_debt_repaid");
    run.adjustment(false, 1, Fact::AccruedInterestInLoans);
    run.equal(CHANGE_OF_LOANS, BORROWED);
}

pub(super) fn interest(run: &mut Run<'_>) {
    let Some(flow) = on_cash_flow(run) else { return };
    let income = run.to_date(Income);
    run.left(flow, 1, "cf_interest");
    run.right(income, 1, "interest_expense");
    run.adjustment(false, 1, Fact::CapitalisedInterest);
    run.change(false, -1, &["interest_payable"]);
    run.equal(("利息支付的现金", "interest paid"), ("应付利息", "interest due"));
}

pub(super) fn profit_paid(run: &mut Run<'_>) {
    let Some(flow) = on_cash_flow(run) else { return };
    run.left(flow, 1, "cf_profit_paid");
    if run.truth(Fact::NoDistributionConfirmed) != Some(true) {
        run.fact(false, 1, Fact::ProfitDeclared);
    }
    run.change(false, -1, &["profit_payable"]);
    run.equal(("分配利润支付的现金", "profit paid"), ("应支付的利润", "profit due"));
}

pub(super) fn depreciation(run: &mut Run<'_>) {
    if !run.leads(BalanceSheet, &[Income]) {
        return;
    }
    let closing = run.closing();
    run.on(BalanceSheet, Column::Closing);
    let printed = closing.is_ok_and(|sheet| sheet.figure("accumulated_depreciation").is_some());
    if printed || run.standard() == Some(Standard::Small) {
        run.change(true, 1, &["accumulated_depreciation"]);
    } else {
        run.fact(true, 1, Fact::AccumulatedDepreciation);
        run.fact(true, -1, Fact::AccumulatedDepreciationOpening);
    }
    run.fact(false, 1, Fact::DepreciationCharge);
    run.adjustment(false, -1, Fact::DepreciationOfDisposals);
    run.equal(
        ("累计折旧变动", "the change of accumulated depreciation"),
        ("计提折旧减处置转出", "depreciation charged less disposals"),
    );
}

/// Depreciation of the last two months: by the register's charge, else by the balance sheets.
pub(super) fn no_depreciation(run: &mut Run<'_>) {
    let Part::Month(month) = run.period.part() else { return };
    if run.own(BalanceSheet).is_none() || month < 2 {
        return;
    }
    let Some(two_back) = run.period.previous().and_then(|period| period.previous()) else { return };
    let closing = run.closing();
    run.on(BalanceSheet, Column::Closing);
    let cost = run.value(true, closing, "fixed_assets_cost");
    let net = run.value(true, closing, "fixed_assets");
    let assets = cost.max(net);
    run.amount(true, assets);
    let charged = |period| run.case.fact(period, Fact::DepreciationCharge);
    let earlier = if month == 2 { Some(0) } else { charged(two_back) };
    let charge = match charged(run.period).zip(earlier) {
        Some((now, before)) => Fen(now) - Fen(before),
        None => {
            let before = if month == 2 {
                run.opening()
            } else {
                run.sheet(two_back, BalanceSheet, Column::Closing)
            };
            if closing.is_ok_and(|sheet| sheet.number("accumulated_depreciation").is_none()) {
                run.lacks(Missing::Fact(run.period, Fact::DepreciationCharge));
            }
            let now = run.value(false, closing, "accumulated_depreciation");
            now - run.value(false, before, "accumulated_depreciation")
        }
    };
    run.amount(false, charge);
    run.flag(
        assets > Fen::ZERO && charge == Fen::ZERO,
        ("固定资产", "fixed assets"),
        ("两个月计提折旧", "depreciation of two months"),
    );
}

pub(super) fn capital_expenditure(run: &mut Run<'_>) {
    let Some(flow) = on_cash_flow(run) else { return };
    run.left(flow, 1, "cf_capex");
    if !run.is_missing() && run.sides().0 == Fen::ZERO {
        run.holds();
        return;
    }
    let bought = ["construction_in_progress", "engineering_materials", "intangible_assets"];
    run.change(false, 1, &bought);
    if run.standard() == Some(Standard::General) {
        // Only the net figure is printed, so what was written off has to be added back.
        run.change(false, 1, &["fixed_assets"]);
        run.fact(false, 1, Fact::DepreciationCharge);
    } else {
        run.change(false, 1, &["fixed_assets_cost"]);
    }
    run.adjustment(false, 1, Fact::DisposalsAtCost);
    run.adjustment(false, 1, Fact::AssetInputVat);
    run.adjustment(false, 1, Fact::AssetPayablesPaid);
    run.at_most(
        ("购建资产支付的现金", "capital expenditure"),
        ("长期资产增加", "the increase of long-term assets"),
    );
}

pub(super) fn cash_from_sales(run: &mut Run<'_>) {
    let Some(flow) = on_cash_flow(run) else { return };
    let income = run.to_date(Income);
    run.left(flow, 1, "cf_sales");
    run.right(income, 1, "revenue");
    let receivable =
        ["accounts_receivable", "notes_receivable", "receivables_financing", "contract_assets"];
    run.change(false, -1, &receivable);
    run.change(false, 1, &["advances_received", "contract_liabilities"]);
    run.adjustment(false, -1, Fact::WriteOffs);
    let known = run.output_vat(false);
    if !known {
        run.lighter(Hint, Cause::Undeclared(Fact::OutputVat));
        let (cash, sales) = run.sides();
        if !run.is_missing() && (cash - sales).abs() <= share(cash.max(sales), 2000) {
            run.holds();
            return;
        }
    }
    run.equal(
        ("销售收到的现金", "cash from sales"),
        ("按收入推算的收现", "cash expected from revenue"),
    );
}

pub(super) fn cash_for_purchases(run: &mut Run<'_>) {
    let Some(flow) = on_cash_flow(run) else { return };
    let income = run.to_date(Income);
    run.left(flow, 1, "cf_purchases");
    run.right(income, 1, "cost_of_sales");
    run.adjustment(false, -1, Fact::LabourAndDepreciationInCost);
    run.change(false, 1, &["inventories", "prepayments"]);
    run.change(false, -1, &["accounts_payable", "notes_payable"]);
    if run.case.fact(run.period, Fact::InputVat).is_some() {
        run.adjustment(false, 1, Fact::InputVat);
    } else if run.vat_form() == Form::VatGeneral {
        to_date_of_return(run, false, 1, Form::VatGeneral, &[12]);
    }
    run.equal(
        ("购货支付的现金", "cash for purchases"),
        ("按成本推算的付现", "cash expected from cost"),
    );
}

pub(super) fn payroll(run: &mut Run<'_>) {
    let Some(flow) = on_cash_flow(run) else { return };
    run.left(flow, 1, "cf_payroll");
    run.fact(false, 1, Fact::PayrollAccrued);
    run.change(false, -1, &["payroll_payable"]);
    run.equal(
        ("支付的职工薪酬", "payroll paid"),
        ("计提薪酬减应付变动", "payroll accrued less the change of payables"),
    );
}

pub(super) fn taxes_paid(run: &mut Run<'_>) {
    let Some(flow) = on_cash_flow(run) else { return };
    let income = run.to_date(Income);
    run.left(flow, 1, "cf_taxes");
    run.right(income, 1, "taxes_surcharges");
    run.right(income, 1, "income_tax");
    run.change(false, -1, &["taxes_payable"]);
    if run.vat_form() == Form::VatSmall {
        to_date_of_return(run, false, 1, Form::VatSmall, &[20]);
    } else {
        to_date_of_return(run, false, 1, Form::VatGeneral, &[24]);
    }
    run.equal(("支付的税费", "taxes paid"), ("按申报推算的付现", "taxes expected"));
}

/// The loans at both ends, and the year's interest.
fn loans_and_interest(run: &mut Run<'_>) -> Option<(Fen, Fen)> {
    if !run.leads(BalanceSheet, &[Income]) {
        return None;
    }
    let (closing, opening, income) = (run.closing(), run.opening(), run.to_date(Income));
    run.on(BalanceSheet, Column::Closing);
    let mut loans = Fen::ZERO;
    for code in LOANS {
        loans = loans + run.value(false, closing, code) + run.value(false, opening, code);
    }
    // Who does not fill in the part has the interest in the whole.
    let part = income.is_ok_and(|sheet| sheet.figure("interest_expense").is_some());
    let code = if part { "interest_expense" } else { "finance_expenses" };
    let mut interest = run.value(true, income, code);
    if let Some(capitalised) = run.case.fact(run.period, Fact::CapitalisedInterest) {
        run.adjustment(true, 0, Fact::CapitalisedInterest);
        interest = interest + Fen(capitalised);
    }
    Some((scaled(loans, 1, 2), interest))
}

const INTEREST: Label = ("利息", "interest");
const MEAN_LOANS: Label = ("平均借款", "average loans");

pub(super) fn loans_without_interest(run: &mut Run<'_>) {
    let Some((loans, interest)) = loans_and_interest(run) else { return };
    run.amount(true, interest);
    run.amount(false, loans);
    run.flag(loans > Fen::ZERO && interest == Fen::ZERO, INTEREST, MEAN_LOANS);
}

pub(super) fn interest_without_loans(run: &mut Run<'_>) {
    let Some((loans, interest)) = loans_and_interest(run) else { return };
    if !run.is_missing() && loans != Fen::ZERO {
        run.holds();
        return;
    }
    let part = run.to_date(Income).is_ok_and(|sheet| sheet.figure("interest_expense").is_some());
    run.amount(true, if part { interest } else { Fen::ZERO });
    run.at_most(INTEREST, ("借款", "loans"));
}

pub(super) fn effective_interest(run: &mut Run<'_>) {
    let Some((loans, interest)) = loans_and_interest(run) else { return };
    if !run.is_missing() && (loans <= Fen::ZERO || interest <= Fen::ZERO) {
        run.holds();
        return;
    }
    let year = scaled(interest, 12, i64::from(run.period.last_month()));
    run.amount(true, year);
    run.amount(false, loans);
    let strange = year < share(loans, 200) || year > share(loans, 1200);
    run.flag(strange, ("年化利息", "interest of a year"), MEAN_LOANS);
}

pub(super) fn vat_credit(run: &mut Run<'_>) {
    let column = crate::returns::ReturnColumn::Main;
    if !run.leads_filed(Form::VatGeneral, &[]) {
        return;
    }
    let filed = run.filed(run.period, Form::VatGeneral, column);
    run.on_return(Form::VatGeneral);
    run.filed_lines(false, filed, 1, &[20]);
    if !run.is_missing() && run.sides().1 <= Fen::ZERO {
        run.holds();
        return;
    }
    run.adjustment(false, 1, Fact::UncertifiedInputVat);
    run.fact(true, 1, Fact::VatDebitBalance);
    run.equal(
        ("应交增值税借方余额", "the debit balance of VAT payable"),
        ("期末留抵与待认证", "the credit and what is uncertified"),
    );
}

pub(super) fn grants(run: &mut Run<'_>) {
    if !run.leads(Income, &[BalanceSheet]) {
        return;
    }
    let (income, opening) = (run.to_date(Income), run.opening());
    run.on(Income, Column::YearToDate);
    if run.standard() == Some(Standard::General) {
        run.fact(true, 1, Fact::GrantsRecognised);
    } else {
        run.left(income, 1, "government_grants");
    }
    if !run.is_missing() && run.sides().0 == Fen::ZERO {
        run.holds();
        return;
    }
    run.fact(false, 1, Fact::GrantsReceived);
    run.right(opening, 1, "deferred_income");
    run.at_most(
        ("确认的政府补助", "grants recognised"),
        ("收到的补助与年初递延收益", "grants received and opening deferred income"),
    );
}
