//! Sound books break no rule, and each slip breaks the one that it is meant to.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::books::{Books, Slip, books};
use super::clients;
use crate::Severity;
use crate::rules::{Case, Outcome, RuleResult, Settings, check_period};

fn books_of(seed: u64, index: u64, today: Date) -> Books {
    let client = clients(seed).nth(usize::try_from(index).unwrap()).unwrap();
    books(seed, index, &client, today)
}

fn results(books: &Books) -> Vec<RuleResult> {
    let mut case = Case::default();
    for set in &books.sets {
        for statement in &set.statements {
            case.add(statement.clone());
        }
        if let Some(filed) = &set.filed {
            case.file(filed.clone());
        }
        for (fact, value) in &set.facts {
            case.know(set.period, *fact, *value);
        }
    }
    let periods = case.periods();
    periods.into_iter().flat_map(|at| check_period(&case, &Settings::default(), at)).collect()
}

/// Rules of level error or warning that are broken.
fn broken(results: &[RuleResult]) -> BTreeSet<&'static str> {
    let grave = |one: &&RuleResult| one.is_broken() && one.severity != Severity::Hint;
    results.iter().filter(grave).map(|result| result.rule).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn sound_books_break_no_rule_of_level_error_or_warning(
        seed in 0..1_000_u64, index in 0..40_u64, month in 1..=12_i8, year in 2026..=2027_i16,
    ) {
        let index = index * 3;
        let books = books_of(seed, index, date(year, month, 10));
        prop_assert_eq!(books.slip, None);
        let grave: Vec<_> = results(&books)
            .into_iter()
            .filter(|found| found.is_broken() && found.severity != Severity::Hint)
            .map(|found| (found.rule, found.period.to_string(), format!("{:?}", found.outcome)))
            .collect();
        prop_assert!(grave.is_empty(), "{:?}", grave);
    }
}

#[test]
fn each_slip_breaks_its_rule() {
    let rule = |slip, general: bool| match slip {
        Slip::Sign => {
            if general {
                "IS-02"
            } else {
                "IS-01"
            }
        }
        Slip::Unit | Slip::Subtotal => "BS-03",
        Slip::CashBelowFlow => {
            if general {
                "X-02"
            } else {
                "X-01"
            }
        }
        Slip::Opening => "P-01",
        Slip::Declared => "T-04",
        Slip::NoCashFlow | Slip::Late => "",
    };
    let today = date(2026, 11, 23);
    let mut seen = BTreeSet::new();
    for index in (2..80).step_by(3) {
        let books = books_of(7, index, today);
        let slip = books.slip.unwrap();
        let general = books
            .sets
            .iter()
            .flat_map(|set| &set.statements)
            .any(|one| one.standard == crate::statements::Standard::General);
        let found = results(&books);
        let wanted = rule(slip, general);
        if wanted.is_empty() {
            assert!(broken(&found).is_empty(), "{slip:?}: {:?}", broken(&found));
        } else {
            assert!(broken(&found).contains(wanted), "{index} {slip:?}: {:?}", broken(&found));
        }
        if slip == Slip::NoCashFlow {
            let unchecked = |one: &RuleResult| matches!(one.outcome, Outcome::Uncheckable(_));
            assert!(found.iter().any(|one| one.rule.starts_with("X-0") && unchecked(one)));
        }
        if slip == Slip::Late {
            let on_time = books_of(7, index - 2, today);
            let last = |books: &Books| books.sets.iter().map(|set| set.period.last_day()).max();
            assert!(last(&books) < last(&on_time) || last(&books) <= Some(date(2026, 9, 30)));
        }
        seen.insert(format!("{slip:?}"));
    }
    assert_eq!(seen.len(), Slip::ALL.len());
}

#[test]
fn books_reach_two_calendar_years_and_are_the_same_for_the_same_seed() {
    let today = date(2026, 11, 23);
    for index in 0..12 {
        let once = books_of(3, index, today);
        assert_eq!(once, books_of(3, index, today));
        let first = once.sets.iter().map(|set| set.period.first_day()).min();
        assert_eq!(first, Some(date(2025, 1, 1)));
        assert!(once.sets.len() >= 20, "{}", once.sets.len());
    }
}

#[test]
fn sound_books_have_what_the_rules_of_statements_and_returns_compare() {
    let today = date(2026, 11, 23);
    let held: BTreeSet<_> = (0..150)
        .step_by(3)
        .flat_map(|index| results(&books_of(7, index, today)))
        .filter(|one| one.outcome == Outcome::Holds)
        .map(|one| one.rule)
        .collect();
    let wanted = [
        "BS-01", "BS-11", "IS-01", "IS-02", "CF-05", "X-01", "X-02", "X-05", "X-09", "X-18",
        "P-01", "P-02", "P-03", "P-06", "P-14", "V-03", "V-06", "V-08", "V-15", "V-17", "V-18",
        "V-21", "T-01", "T-02", "T-04", "T-07", "T-08", "T-09", "T-10", "T-12", "T-13", "T-14",
        "T-26",
    ];
    let absent: Vec<_> = wanted.into_iter().filter(|rule| !held.contains(rule)).collect();
    assert!(absent.is_empty(), "{absent:?}");
}
