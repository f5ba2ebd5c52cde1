//! How the rules on wages, withheld income tax and persons are checked.

use values::{Fen, Part, Period};

use super::facts::Fact;
use super::outcome::{Cell, Label, Missing};
use super::run::Run;
use super::tolerance::{scaled, share};
use crate::returns::{Form, LineNo, Return, ReturnColumn, Row};
use crate::statements::StatementKind::{BalanceSheet, Income};

const INCOME: LineNo = LineNo::new(8);
const TAXABLE: LineNo = LineNo::new(33);
const RATE: LineNo = LineNo::new(34);
const QUICK: LineNo = LineNo::new(35);
const TAX: LineNo = LineNo::new(36);
const RELIEF: LineNo = LineNo::new(37);
const PAID: LineNo = LineNo::new(38);
const DUE: LineNo = LineNo::new(39);

fn cell(row: &Row, column: LineNo) -> Fen {
    row.cells.get(&column).copied().unwrap_or_default()
}

fn wage_rows(filed: &Return) -> impl Iterator<Item = &Row> {
    filed.rows.iter().filter(|row| row.item.contains("工资") || row.item.contains("薪金"))
}

impl<'a> Run<'a> {
    /// Adds a worked-out sum of a return's rows as one entry.
    pub(super) fn row_sum(&mut self, left: bool, of: &Return, column: LineNo, amount: Fen) {
        let cell = Cell::Return(of.period, of.form, ReturnColumn::Main, column);
        self.entered(left, 0, cell, amount);
        self.amount(left, amount);
    }

    fn withholding(&self, period: Period) -> Option<&'a Return> {
        self.case.filed(period, Form::IitWithholding)
    }
}

const RETURN_HEADCOUNT: Label = ("预缴表从业人数", "persons in the prepayment return");

/// Compares the headcount of the prepayment return with whatever other count is known.
pub(super) fn persons(run: &mut Run<'_>) {
    if !run.starts(Form::CitPrepayment) {
        return;
    }
    let header = run.case.filed(run.period, Form::CitPrepayment);
    let staff = header.and_then(|filed| filed.header.staff_closing);
    let month = Period::month(run.period.in_year(), run.period.last_month());
    let rows = month.and_then(|month| run.withholding(month));
    let rows = rows.and_then(|filed| i64::try_from(wage_rows(filed).count()).ok());
    let withheld = run.case.fact(run.period, Fact::IitPersons).or(rows);
    let insured = run.case.fact(run.period, Fact::InsuredPersons);
    let counts = [
        (withheld, Fact::IitPersons, ("个税申报人数", "persons withheld for")),
        (insured, Fact::InsuredPersons, ("社保参保人数", "persons insured")),
    ];
    for (count, fact, label) in counts {
        run.on_return(Form::CitPrepayment);
        run.counts();
        match staff {
            None => run.lacks(Missing::ReturnColumn(run.period, Form::CitPrepayment)),
            Some(staff) => run.amount(true, Fen(staff.saturating_mul(100))),
        }
        match count {
            None => run.lacks(Missing::Fact(run.period, fact)),
            Some(count) => run.amount(false, Fen(count.saturating_mul(100))),
        }
        run.equal(RETURN_HEADCOUNT, label);
    }
}

/// Wages of the year by the twelve withholding returns, against what was deducted and paid.
pub(super) fn year(run: &mut Run<'_>) {
    if !matches!(run.period.part(), Part::Year) || !run.leads_filed(Form::CitAnnual, &[Income]) {
        return;
    }
    let year = run.period.in_year();
    for (fact, label) in [
        (Fact::DeductibleWages, ("税前扣除工资薪金", "wages deducted")),
        (Fact::GrossPayrollPaid, ("实发工资总额", "payroll paid")),
    ] {
        run.on_return(Form::CitAnnual);
        if run.case.fact(run.period, Fact::IitWages).is_some() {
            run.fact(true, 1, Fact::IitWages);
        } else {
            for month in (1..=12).filter_map(|month| Period::month(year, month)) {
                match run.withholding(month) {
                    None => run.lacks(Missing::Return(month, Form::IitWithholding)),
                    Some(filed) => {
                        let sum = wage_rows(filed).map(|row| cell(row, INCOME)).sum();
                        run.row_sum(true, filed, INCOME, sum);
                    }
                }
            }
        }
        run.fact(false, 1, fact);
        run.equal(("个税工资薪金收入", "wages withheld for"), label);
    }
}

pub(super) fn month(run: &mut Run<'_>) {
    if !run.starts(Form::IitWithholding) {
        return;
    }
    let Some(filed) = run.withholding(run.period) else { return };
    let sum = wage_rows(filed).map(|row| cell(row, INCOME)).sum();
    run.row_sum(true, filed, INCOME, sum);
    run.fact(false, 1, Fact::GrossPayrollPaid);
    run.equal(("个税工资薪金收入", "wages withheld for"), ("实发工资总额", "payroll paid"));
}

/// Each row: the tax by rate and quick deduction, and what is due of it. A rate of 3% stands as
/// 0.03; a negative result is not refunded within the year.
pub(super) fn rows(run: &mut Run<'_>) {
    if !run.starts(Form::IitWithholding) {
        return;
    }
    let Some(filed) = run.withholding(run.period) else { return };
    if filed.rows.is_empty() {
        run.lacks(Missing::ReturnColumn(run.period, Form::IitWithholding));
        run.uncheckable();
        return;
    }
    let mut holds = true;
    for row in &filed.rows {
        let tax = scaled(cell(row, TAXABLE), cell(row, RATE).0, 100) - cell(row, QUICK);
        let due = cell(row, TAX) - cell(row, RELIEF) - cell(row, PAID);
        for (column, worked, label) in
            [(TAX, tax.max(Fen::ZERO), ("应纳税额", "tax")), (DUE, due, ("应补退税额", "tax due"))]
        {
            let declared = cell(row, column);
            if column == DUE && declared == Fen::ZERO && worked.is_negative() {
                continue;
            }
            run.on_return(Form::IitWithholding);
            run.quietly();
            run.row_sum(true, filed, column, declared);
            run.amount(false, worked);
            holds &= run.equal(label, ("公式结果", "the formula")) != Some(false);
        }
    }
    if holds {
        run.on_return(Form::IitWithholding);
        run.holds();
    }
}

pub(super) fn dividends(run: &mut Run<'_>) {
    let distributed = run.case.fact(run.period, Fact::ProfitToPersons);
    let Some(distributed) = distributed.filter(|amount| *amount > 0) else {
        if run.withholding(run.period).is_some() {
            run.on_return(Form::IitWithholding);
            match distributed {
                Some(_) => run.holds(),
                None => {
                    run.lacks(Missing::Fact(run.period, Fact::ProfitToPersons));
                    run.uncheckable();
                }
            }
        }
        return;
    };
    run.on_return(Form::IitWithholding);
    match run.withholding(run.period) {
        None => run.lacks(Missing::Return(run.period, Form::IitWithholding)),
        Some(filed) => {
            let rows = filed.rows.iter().filter(|row| row.item.contains("股息"));
            let tax = rows.map(|row| cell(row, TAX)).sum();
            run.row_sum(true, filed, TAX, tax);
        }
    }
    run.fact(false, 0, Fact::ProfitToPersons);
    run.amount(false, share(Fen(distributed), 2000));
    run.equal(("申报股息红利个税", "tax declared on dividends"), ("分配额的20%", "20% of them"));
}

pub(super) fn shareholder(run: &mut Run<'_>) {
    if run.period.last_month() != 12 || run.own(BalanceSheet).is_none() {
        return;
    }
    run.on(BalanceSheet, crate::statements::Column::Closing);
    let open = run.fact(true, 1, Fact::ShareholderReceivable);
    let label = ("自然人股东借款年末未归还", "a shareholder's loan is open at year end");
    run.flag(open > 0, label, ("", ""));
}
