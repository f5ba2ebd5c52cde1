//! The rules as a whole: the table, the invented client, and edits that break single rules.

use crate::returns::{Form, ReturnColumn};
use crate::statements::{Layout, StatementKind};

use super::fixture::{edit, period, small_client};
use super::*;

fn results(case: &Case, at: &str) -> Vec<RuleResult> {
    check_period(case, &Settings::default(), period(at))
}

fn of<'r>(results: &'r [RuleResult], rule: &str) -> Vec<&'r RuleResult> {
    results.iter().filter(|result| result.rule == rule).collect()
}

#[test]
fn the_table_of_rules_is_complete_and_agrees_with_its_list() {
    let listed: Vec<_> =
        include_str!("rules.csv").lines().skip(1).map(crate::statements::chart::fields).collect();
    assert_eq!(listed.len(), 138);
    let ids: Vec<_> = all().map(|rule| rule.id).collect();
    assert_eq!(ids, listed.iter().map(|row| row[0]).collect::<Vec<_>>());
    for (rule, row) in all().zip(&listed) {
        assert_eq!(rule.applies.key(), row[1], "{}", rule.id);
        // What follows a semicolon is a case of its own, which the rule's check knows.
        let tolerance = row[2].split(';').next().unwrap_or_default();
        assert_eq!(rule.tolerance.to_string(), tolerance, "{}", rule.id);
        let severity = format!("{:?}", rule.severity).to_lowercase();
        let said = row[3];
        let fits = said.starts_with(&severity) || said.contains("error when") || said == "as X-01";
        assert!(fits, "{} {severity} {said}", rule.id);
        assert!(!rule.zh.is_empty() && !rule.en.is_empty() && !rule.formula.is_empty());
    }
}

#[test]
fn the_invented_client_breaks_nothing_grave() {
    let case = small_client();
    for at in ["2026-01", "2026-02", "2026-03", "2026Q1"] {
        for result in results(&case, at) {
            if result.is_broken() {
                println!("{at} {} {:?} {}", result.rule, result.severity, result.zh());
            }
            let grave = result.is_broken() && result.severity == Severity::Error;
            assert!(!grave, "{at} {}: {}", result.rule, result.zh());
        }
    }
}

#[test]
fn one_wrong_figure_is_found_where_it_enters() {
    let broken = |at: &str, edits: &str| -> Vec<&'static str> {
        let mut case = small_client();
        edit(&mut case, period(at), edits);
        let found = results(&case, at);
        found.iter().filter(|r| r.is_broken()).map(|r| r.rule).collect()
    };
    assert!(broken("2026-02", "bs9+1").contains(&"BS-03"));
    assert!(broken("2026-02", "ism2=105000").contains(&"IS-01"));
    assert!(broken("2026-03", "bs0.51+1").contains(&"P-02"));
    assert!(broken("2026-03", "bs1-50000").contains(&"X-01"));
    assert!(!broken("2026-03", "bs1+50000 RestrictedCash=50000").contains(&"X-01"));
}

#[test]
fn sums_of_the_invented_client_are_all_checked() {
    let case = small_client();
    let found = results(&case, "2026-03");
    for rule in ["BS-01", "BS-03", "BS-11", "IS-01", "IS-04", "CF-01", "CF-05", "X-01", "X-09"] {
        let found = of(&found, rule);
        assert!(!found.is_empty(), "{rule}");
        assert!(found.iter().all(|result| result.outcome == Outcome::Holds), "{rule}: {found:?}");
    }
    let quarter = results(&case, "2026Q1");
    for rule in ["T-04", "T-05", "T-06", "T-07", "T-08", "T-10", "T-26"] {
        let found = of(&quarter, rule);
        assert!(!found.is_empty(), "{rule}");
        assert!(found.iter().all(|result| result.outcome == Outcome::Holds), "{rule}: {found:?}");
    }
}

#[test]
fn a_blank_subtotal_counts_as_what_its_items_make() {
    let mut case = small_client();
    for statement in case.statements.values_mut() {
        for figures in statement.columns.values_mut() {
            if statement.kind == StatementKind::BalanceSheet {
                figures.remove(&15);
            }
        }
    }
    let found = results(&case, "2026-03");
    assert!(of(&found, "BS-05").iter().all(|result| result.outcome == Outcome::Holds));
    let without = of(&found, "BS-03");
    let uncheckable = |result: &&RuleResult| matches!(result.outcome, Outcome::Uncheckable(_));
    assert!(without.iter().all(uncheckable), "its own sum cannot be checked: {without:?}");
}

#[test]
fn a_vendor_s_totals_without_items_are_short_and_not_wrong() {
    let mut case = small_client();
    for statement in case.statements.values_mut() {
        statement.layout = Layout::Foreign;
        for figures in statement.columns.values_mut() {
            if statement.kind == StatementKind::BalanceSheet {
                figures.retain(|line, _| [30, 47, 52, 53].contains(line));
            }
        }
    }
    let found = results(&case, "2026-03");
    let assets = of(&found, "BS-05");
    assert!(!assets.is_empty());
    assert!(assets.iter().all(|one| one.is_broken() && one.severity == Severity::Warning));
}

#[test]
fn where_the_year_to_date_is_the_period_itself_a_sum_is_checked_once() {
    let found = results(&small_client(), "2026-01");
    assert_eq!(of(&found, "IS-01").len(), 1);
    let later = results(&small_client(), "2026-02");
    assert_eq!(of(&later, "IS-01").len(), 2);
}

#[test]
fn a_month_of_returned_goods_credits_the_smaller_amount() {
    // Output tax of −500 against 2,000 to credit: the form takes −500; only a negative line 17
    // makes zero.
    let credited = |edits: &str| {
        let mut case = small_client();
        edit(&mut case, period("2026-02"), edits);
        of(&results(&case, "2026-02"), "V-02").iter().all(|one| one.outcome == Outcome::Holds)
    };
    assert!(credited("vat11=-500 vat17=2000 vat18=-500"));
    assert!(!credited("vat11=-500 vat17=2000 vat18=0"));
    assert!(credited("vat11=500 vat17=-3 vat18=0"));
}

#[test]
fn a_prepayment_on_last_year_s_average_declares_no_profit() {
    let mut case = small_client();
    let quarter = period("2026Q1");
    let filed = case.returns.get_mut(&(quarter, Form::CitPrepayment)).unwrap();
    filed.header.prepayment = None;
    let lines = filed.columns.get_mut(&ReturnColumn::Main).unwrap();
    lines.retain(|line, _| line.whole >= 25);
    for rule in ["T-05", "T-07"] {
        let found = results(&case, "2026Q1");
        let found = of(&found, rule);
        assert!(!found.is_empty(), "{rule}");
        assert!(found.iter().all(|one| one.outcome == Outcome::Holds), "{rule}: {found:?}");
    }
}

#[test]
fn a_movement_is_looked_at_against_last_month_and_against_last_year() {
    let mut case = small_client();
    let (now, before) = (period("2026-03"), period("2025-03"));
    let mut earlier = case.statements[&(now, StatementKind::Income)].clone();
    earlier.period = before;
    for figures in earlier.columns.values_mut() {
        figures.values_mut().for_each(|fen| fen.0 /= 3);
    }
    case.statements.insert((before, StatementKind::Income), earlier);
    let found = results(&case, "2026-03");
    let said: Vec<_> = of(&found, "P-12").iter().map(|one| one.zh()).collect();
    assert!(said.iter().any(|zh| zh.contains("上年同期")), "{said:?}");
    assert!(said.iter().any(|zh| zh.contains("上期")), "{said:?}");
}
