//! Rules on the whole set of statements: copies given to others, gaps, and the standard.

use jiff::civil::Date;
use values::Period;

use super::case::Receiver;
use super::facts::Fact;
use super::outcome::{Label, Missing, Relation, Subject};
use super::periods::everything;
use super::run::{Run, sheet_of};
use crate::statements::StatementKind::{BalanceSheet, CashFlow, Income};
use crate::statements::{Column, Standard, Statement};

pub(super) fn one_set(run: &mut Run<'_>) {
    for kind in [BalanceSheet, Income, CashFlow] {
        let Some(statement) = run.own(kind) else { continue };
        compare_copies(run, statement, |_| true);
    }
}

/// Compares a statement with the copies that others have, column by column.
pub(super) fn compare_copies<'a>(
    run: &mut Run<'a>,
    statement: &'a Statement,
    of: impl Fn(Receiver) -> bool,
) {
    let case = run.case;
    let copies = case.given.iter().filter(|given| {
        let copy = &given.statement;
        of(given.to) && copy.kind == statement.kind && copy.period == statement.period
    });
    let mut any = false;
    for given in copies {
        any = true;
        for column in statement.columns.keys() {
            let own = sheet_of(statement, *column);
            let copy = sheet_of(&given.statement, *column);
            run.each_line(
                (statement.kind, *column),
                &[(true, 1, &own), (false, 1, &copy)],
                everything,
                Relation::Equal,
                (("本机构", "ours"), given.to.names()),
            );
        }
    }
    if !any {
        let column = statement.columns.keys().next().copied().unwrap_or(Column::Closing);
        run.only_missing(statement.kind, column, Missing::Copies(statement.period));
    }
}

pub(super) fn no_gap(run: &mut Run<'_>) {
    let Some(main) =
        [BalanceSheet, Income, CashFlow].into_iter().find(|kind| run.own(*kind).is_some())
    else {
        return;
    };
    run.begin(Subject::Client);
    if run.case.fact(run.period, Fact::ApprovedVersions).is_some_and(|count| count > 1) {
        run.counts();
        run.broken(Relation::Flag, ("本期有多个已批准版本", "several approved versions"), ("", ""));
        return;
    }
    let first: Option<Date> = run
        .case
        .statements
        .keys()
        .filter(|(other, kind)| *kind == main && same_length(*other, run.period))
        .map(|(other, _)| other.first_day())
        .min();
    let Some(before) = run.period.previous() else { return };
    let expected = first.is_some_and(|first| before.first_day() >= first);
    let strange = expected && run.case.statement(before, main).is_none();
    run.flag(strange, ("上一期间的报表缺失", "the period before has no statement"), ("", ""));
}

fn same_length(one: Period, other: Period) -> bool {
    std::mem::discriminant(&one.part()) == std::mem::discriminant(&other.part())
}

pub(super) fn standard_changes(run: &mut Run<'_>) {
    let Some(statement) = run.own(BalanceSheet).or_else(|| run.own(Income)) else { return };
    let earlier = run.case.statements.values().filter(|other| {
        other.kind == statement.kind && other.period.last_day() < statement.period.last_day()
    });
    let Some(earlier) = earlier.max_by_key(|other| other.period.last_day()) else { return };
    run.begin(Subject::Client);
    let says: (bool, Label) = match (earlier.standard, statement.standard) {
        (Standard::General, Standard::Small) => (
            true,
            ("由企业会计准则转回小企业会计准则", "back to the standard for small enterprises"),
        ),
        (Standard::Small, Standard::General) if run.period.first_month() != 1 => {
            (true, ("准则切换不在年初", "the standard changes within a year"))
        }
        (Standard::Small, Standard::General) => (
            run.truth(Fact::OpeningMapped) != Some(true),
            ("准则切换的期初对照未完成", "opening balances are not mapped to the new standard"),
        ),
        _ => (false, ("", "")),
    };
    run.flag(says.0, says.1, ("", ""));
}
