//! What would repair broken sums: a single change that mends them and breaks nothing else.
//!
//! Every proposal has been tried: the rules were run again with the change made.

use std::collections::BTreeSet;

use serde::Serialize;
use values::{Fen, Period};

use super::outcome::{Cell, Relation, RuleResult, Subject};
use super::{Case, Rule, Settings, check_with};
use crate::Severity;
use crate::statements::{Column, StatementKind};

/// How many changes are tried at most.
const TRIES: usize = 64;

/// A kind of slip, the likeliest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Slip {
    /// Two columns were taken for each other.
    Swapped,
    /// The wrong sign.
    Sign,
    /// 元 for 万元 or the other way round.
    Unit,
    /// Two neighbouring digits changed places.
    Digits,
    /// Counted twice.
    Duplicated,
    /// Left out.
    Omitted,
}

/// A change that mends rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// What went wrong.
    pub slip: Slip,
    /// The cell to change; of swapped columns, none.
    pub cell: Option<Cell>,
    /// The columns that were swapped.
    pub columns: Option<(StatementKind, Column, Column)>,
    /// What the cell holds.
    pub from_fen: Option<Fen>,
    /// What it should hold.
    pub to_fen: Option<Fen>,
    /// The rules that the change mends.
    pub mends: Vec<&'static str>,
    /// The proposal, in Chinese.
    pub zh: String,
    /// The proposal, in English.
    pub en: String,
}

type Broken = BTreeSet<(&'static str, Subject)>;

/// Rules whose break a repair must mend or must not cause: exact ones within this period.
fn is_tried(rule: &Rule) -> bool {
    let family = rule.id.split('-').next().unwrap_or_default();
    matches!(family, "BS" | "IS" | "CF")
        || matches!(rule.id, "X-01" | "X-02" | "X-03" | "X-04" | "X-05")
        || matches!(rule.id, "P-01" | "P-02" | "P-03" | "P-04" | "P-06")
}

fn broken(results: &[RuleResult]) -> Broken {
    let grave = |result: &&RuleResult| result.is_broken() && result.severity == Severity::Error;
    results.iter().filter(grave).map(|result| (result.rule, result.subject)).collect()
}

/// A change to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Set(Slip, StatementKind, Column, u16, Fen),
    Swap(StatementKind, Column, Column),
}

/// Proposes single changes that mend broken rules of this period, the best first.
#[must_use]
pub fn propose(
    case: &Case,
    settings: &Settings,
    period: Period,
    results: &[RuleResult],
) -> Vec<Repair> {
    let ours: Vec<_> = results
        .iter()
        .filter(|r| r.is_broken() && r.period == period && r.severity == Severity::Error)
        .collect();
    if ours.is_empty() {
        return Vec::new();
    }
    let before = broken(&check_with(case, settings, period, is_tried));
    let mut scratch = case.clone();
    let mut repairs: Vec<Repair> = Vec::new();
    for change in changes(&ours, period).into_iter().take(TRIES) {
        let Some(undo) = apply(&mut scratch, period, change) else { continue };
        let after = broken(&check_with(&scratch, settings, period, is_tried));
        undo_change(&mut scratch, period, change, undo);
        let mended: BTreeSet<_> = before.difference(&after).map(|(rule, _)| *rule).collect();
        let enough = match change {
            // A blank can take up any difference, so one mended rule proves nothing.
            Change::Set(Slip::Omitted | Slip::Duplicated, ..) => 2,
            Change::Set(..) | Change::Swap(..) => 1,
        };
        if after.is_subset(&before) && mended.len() >= enough {
            repairs.push(describe(case, period, change, mended.into_iter().collect()));
        }
    }
    repairs.sort_by(|a, b| b.mends.len().cmp(&a.mends.len()).then(a.slip.cmp(&b.slip)));
    repairs
}

/// What might have gone wrong, by the differences.
fn changes(results: &[&RuleResult], period: Period) -> Vec<Change> {
    let mut found = Vec::new();
    for result in results {
        if let Subject::Statement(kind, _) = result.subject {
            let (one, other) = match kind {
                StatementKind::BalanceSheet => (Column::Closing, Column::Opening),
                StatementKind::Income | StatementKind::CashFlow => {
                    (Column::Current, Column::YearToDate)
                }
            };
            found.push(Change::Swap(kind, one, other));
        }
        let Some(breach) = result.breach().filter(|breach| breach.relation == Relation::Equal)
        else {
            continue;
        };
        for entry in &breach.entries {
            let sign = if entry.left { entry.sign } else { -entry.sign };
            let Cell::Statement(_, _, at, kind, column, line) = entry.cell else { continue };
            if at != period || sign == 0 {
                continue;
            }
            let off = if sign < 0 { -breach.difference } else { breach.difference };
            let amount = entry.amount;
            for slip in slips(amount, off) {
                found.push(Change::Set(slip, kind, column, line, amount - off));
            }
        }
        for blank in &result.blanks {
            let Cell::Statement(_, _, at, kind, column, line) = *blank else { continue };
            if at == period {
                // The sign that a blank would enter with is not kept, so both are tried.
                for amount in [breach.difference, -breach.difference] {
                    found.push(Change::Set(Slip::Omitted, kind, column, line, amount));
                }
            }
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|change| seen.insert(*change));
    found.sort_by_key(|change| match change {
        Change::Swap(..) => Slip::Swapped,
        Change::Set(slip, ..) => *slip,
    });
    found
}

/// The slips by which an amount would be too large by `off`.
fn slips(amount: Fen, off: Fen) -> Vec<Slip> {
    let right = amount - off;
    let mut slips = Vec::new();
    if off == Fen::ZERO || amount == Fen::ZERO {
        return slips;
    }
    if right == -amount {
        slips.push(Slip::Sign);
    }
    let times = |small: Fen, large: Fen| small.0.checked_mul(10_000) == Some(large.0);
    if times(amount, right) || times(right, amount) {
        slips.push(Slip::Unit);
    }
    if off.0 % 9 == 0 && transposed(amount, right) {
        slips.push(Slip::Digits);
    }
    if right == Fen::ZERO || amount.0.checked_mul(2) == Some(right.0) || amount == right + right {
        slips.push(Slip::Duplicated);
    }
    slips
}

/// Whether two amounts differ by two neighbouring digits that changed places.
fn transposed(one: Fen, other: Fen) -> bool {
    let (one, other) = (one.0.to_string(), other.0.to_string());
    let (a, b) = (one.as_bytes(), other.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut differ = a.iter().zip(b).enumerate().filter(|(_, (a, b))| a != b);
    let (Some((i, (a1, b1))), Some((j, (a2, b2))), None) =
        (differ.next(), differ.next(), differ.next())
    else {
        return false;
    };
    j == i + 1 && a1 == b2 && a2 == b1
}

/// Makes the change; what was there before, or none when there is nothing to change.
fn apply(case: &mut Case, period: Period, change: Change) -> Option<Option<Fen>> {
    match change {
        Change::Set(_, kind, column, line, amount) => {
            let statement = case.statements.get_mut(&(period, kind))?;
            Some(statement.columns.get_mut(&column)?.insert(line, amount))
        }
        Change::Swap(kind, one, other) => {
            let columns = &mut case.statements.get_mut(&(period, kind))?.columns;
            if columns.get(&one)? == columns.get(&other)? {
                return None;
            }
            let (first, second) = (columns.remove(&one)?, columns.remove(&other)?);
            columns.insert(one, second);
            columns.insert(other, first);
            Some(None)
        }
    }
}

fn undo_change(case: &mut Case, period: Period, change: Change, before: Option<Fen>) {
    match change {
        Change::Swap(..) => {
            apply(case, period, change);
        }
        Change::Set(_, kind, column, line, _) => {
            let statement = case.statements.get_mut(&(period, kind));
            if let Some(figures) = statement.and_then(|of| of.columns.get_mut(&column)) {
                match before {
                    Some(amount) => figures.insert(line, amount),
                    None => figures.remove(&line),
                };
            }
        }
    }
}

fn describe(case: &Case, period: Period, change: Change, mends: Vec<&'static str>) -> Repair {
    match change {
        Change::Swap(kind, one, other) => {
            let (of, of_en) = super::kind_names(kind);
            let (a, b) = (super::column_names(one), super::column_names(other));
            Repair {
                slip: Slip::Swapped,
                cell: None,
                columns: Some((kind, one, other)),
                from_fen: None,
                to_fen: None,
                mends,
                zh: format!("{of}“{}”与“{}”两栏可能填反", a.0, b.0),
                en: format!("{} and {} of the {of_en} may be swapped", a.1, b.1),
            }
        }
        Change::Set(slip, kind, column, line, to) => {
            let statement = case.statement(period, kind);
            let from = statement.and_then(|statement| statement.figure(column, line));
            let cell = statement
                .map(|of| Cell::Statement(of.standard, of.layout, period, kind, column, line));
            let (name, name_en) = cell.map(|cell| cell.names()).unwrap_or_default();
            let (why, why_en) = match slip {
                Slip::Sign => ("正负号可能填反", "may have the wrong sign"),
                Slip::Unit => ("单位可能相差一万倍", "may be off by ten thousand"),
                Slip::Digits => ("相邻两位数字可能颠倒", "may have two digits changed round"),
                Slip::Duplicated => ("可能重复计算", "may be counted twice"),
                Slip::Omitted => ("可能漏填", "may have been left out"),
                Slip::Swapped => ("可能填反", "may be swapped"),
            };
            Repair {
                slip,
                cell,
                columns: None,
                from_fen: from,
                to_fen: Some(to),
                mends,
                zh: format!("“{name}”{why}：应为 {to}"),
                en: format!("\"{name_en}\" {why_en}: it should be {to}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{edit, period, small_client};
    use super::*;

    fn proposed(edits: &str) -> Vec<Repair> {
        let mut case = small_client();
        let at = period("2026-02");
        edit(&mut case, at, edits);
        let results = super::super::check_period(&case, &Settings::default(), at);
        propose(&case, &Settings::default(), at, &results)
    }

    #[test]
    fn single_slips_are_recognised() {
        for (edits, slip, to) in [
            ("bs33=-119400", Slip::Sign, 119_400),
            ("bs4=25.45", Slip::Unit, 254_500),
            ("ism2=105000", Slip::Digits, 150_000),
            ("-ism2", Slip::Omitted, 150_000),
        ] {
            let repairs = proposed(edits);
            let best = repairs.first().unwrap_or_else(|| panic!("{edits}"));
            let found =
                repairs.iter().any(|r| r.slip == slip && r.to_fen == Some(Fen::from_yuan(to)));
            assert!(found || best.slip == slip, "{edits}: {repairs:?}");
        }
    }

    #[test]
    fn swapped_columns_are_recognised() {
        let mut case = small_client();
        let at = period("2026-02");
        let swap = Change::Swap(StatementKind::BalanceSheet, Column::Closing, Column::Opening);
        apply(&mut case, at, swap).unwrap();
        let results = super::super::check_period(&case, &Settings::default(), at);
        let repairs = propose(&case, &Settings::default(), at, &results);
        assert_eq!(repairs.first().map(|repair| repair.slip), Some(Slip::Swapped), "{repairs:?}");
    }

    #[test]
    fn what_no_single_change_mends_gets_no_proposal() {
        assert!(proposed("bs9+1.11 bs33+7.77 ism2+3.33").is_empty());
        assert!(proposed("").is_empty());
    }

    #[test]
    fn neighbouring_digits_only() {
        assert!(transposed(Fen(105_000), Fen(150_000)));
        assert!(!transposed(Fen(501_000), Fen(105_000 + 9)));
        assert!(!transposed(Fen(1), Fen(10)));
    }
}
