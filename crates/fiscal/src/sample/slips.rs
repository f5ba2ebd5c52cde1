//! How sound books are spoilt.

use values::Fen;

use super::books::{SampleSet, Slip};
use crate::returns::{Form, LineNo, ReturnColumn};
use crate::statements::chart::by_code;
use crate::statements::{Column, Statement, StatementKind};

/// Makes one thing wrong in the newest statements or return that it can be wrong in.
pub(super) fn spoil(sets: &mut Vec<SampleSet>, slip: Slip) {
    let (balance, income) = (StatementKind::BalanceSheet, StatementKind::Income);
    match slip {
        Slip::Sign => change(sets, income, &[Column::Current], "selling_expenses", |fen| -fen),
        Slip::Unit => {
            change(sets, balance, &[Column::Closing], "inventories", |fen| fen * 10_000);
        }
        Slip::CashBelowFlow => {
            change(sets, balance, &[Column::Closing], "cash", |fen| fen - 5_000_000);
            change(sets, balance, &[Column::Closing], "other_receivables", |fen| fen + 5_000_000);
        }
        Slip::Opening => {
            let column = [Column::Opening];
            change(sets, balance, &column, "accounts_receivable", |fen| fen - 1_200_000);
            change(sets, balance, &column, "other_receivables", |fen| fen + 1_200_000);
        }
        Slip::Subtotal => {
            change(sets, balance, &[Column::Closing], "current_assets_total", |fen| fen + 90_000);
        }
        Slip::NoCashFlow => {
            for set in newest(sets).into_iter() {
                set.statements.retain(|one| one.kind != StatementKind::CashFlow);
            }
        }
        Slip::Declared => declare(sets),
        Slip::Late => {
            if let Some(last) = sets.iter().map(|set| set.period.last_day()).max() {
                sets.retain(|set| set.period.last_day() != last);
            }
        }
    }
}

/// The newest statements.
fn newest(sets: &mut [SampleSet]) -> Option<&mut SampleSet> {
    sets.iter_mut().rev().find(|set| !set.statements.is_empty())
}

fn change(
    sets: &mut [SampleSet],
    kind: StatementKind,
    columns: &[Column],
    code: &str,
    to: impl Fn(i64) -> i64,
) {
    let of_kind = |one: &&mut Statement| one.kind == kind;
    let Some(found) = newest(sets).and_then(|set| set.statements.iter_mut().find(of_kind)) else {
        return;
    };
    let Some(line) = by_code(found.standard, kind, code) else { return };
    for column in columns {
        if let Some(figures) = found.columns.get_mut(column) {
            let amount = figures.entry(line.number).or_default();
            *amount = Fen(to(amount.0));
        }
    }
}

/// Ten thousand yuan of revenue less in the newest prepayment return.
fn declare(sets: &mut [SampleSet]) {
    let filed = sets.iter_mut().rev().filter_map(|set| set.filed.as_mut());
    let mut prepayments = filed.filter(|filed| filed.form == Form::CitPrepayment);
    let lines = prepayments.next().and_then(|filed| filed.columns.get_mut(&ReturnColumn::Main));
    if let Some(revenue) = lines.and_then(|lines| lines.get_mut(&LineNo::new(1))) {
        *revenue = *revenue - Fen(1_000_000);
    }
}
