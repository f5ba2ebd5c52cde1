//! Running the rules on what lies in the core store, and noting how they end, without a figure.

use std::collections::{BTreeMap, BTreeSet};

use fiscal::Severity;
use fiscal::rules::{
    Accepted, Case, Change, Outcome, RuleResult, Settings, Subject, by_id, check_period,
};
use jiff::ToSpan;
use jiff::civil::Date;
use trust::database::WriteTx;
use trust::vault::{CoreRead, OpensCore};
use values::{ClientId, Error, Period, Result};

use super::actions::Figures;
use super::rows::{self, ExceptionRow, OutcomeRow, RuleSettingRow, Set};
use super::rules::{Revision, SetKind};
use crate::App;

/// The word of a severity in the store.
#[must_use]
pub const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

/// The severity of a word.
#[must_use]
pub fn severity_of(word: &str) -> Option<Severity> {
    [Severity::Error, Severity::Warning, Severity::Hint]
        .into_iter()
        .find(|severity| severity_word(*severity) == word)
}

/// What the firm has changed, by rule: the last change holds.
pub fn changes(settings: &[RuleSettingRow]) -> Result<BTreeMap<String, Change>> {
    let mut changed = BTreeMap::new();
    for row in settings {
        let change = Change {
            severity: row.severity.as_deref().and_then(severity_of),
            tolerance: row.tolerance.as_deref().map(|text| text.parse()).transpose()?,
        };
        changed.insert(row.rule.clone(), change);
    }
    Ok(changed)
}

/// The exceptions that hold: those of the revisions of now. Reasons are added by who may read them.
pub(super) fn accepted(sets: &[Set], exceptions: &[ExceptionRow]) -> Vec<Accepted> {
    let holds = |one: &&ExceptionRow| {
        sets.iter()
            .any(|set| (set.kind, set.period, set.number) == (one.kind, one.period, one.number))
    };
    exceptions
        .iter()
        .filter(holds)
        .map(|one| Accepted {
            rule: one.rule.clone(),
            period: Some(one.period),
            by: one.signed.name.clone(),
            why: String::new(),
        })
        .collect()
}

/// The case of a client, from the newest revisions.
pub(super) fn case_of<'r>(revisions: impl Iterator<Item = &'r Revision>) -> Case {
    let mut case = Case::default();
    for revision in revisions {
        for statement in &revision.statements {
            case.add(statement.clone());
        }
        if let Some(filed) = &revision.filed {
            case.file(filed.clone());
        }
        for (fact, value) in &revision.facts {
            case.know(revision.period, *fact, *value);
        }
    }
    case
}

/// The first day whose figures may enter a rule about a period: two years back.
fn reach_back(period: Period) -> Result<Date> {
    period.first_day().checked_sub(2.years()).map_err(Error::internal)
}

/// Sets that may enter a rule about a period.
pub fn neighbours(sets: &[Set], period: Period) -> Result<Vec<&Set>> {
    let from = reach_back(period)?;
    let near =
        |set: &&Set| set.period.last_day() >= from && set.period.first_day() <= period.last_day();
    Ok(sets.iter().filter(near).collect())
}

/// A revision as it lies in the core store.
pub fn parsed(bytes: &[u8]) -> Result<Revision> {
    serde_json::from_slice(bytes).map_err(Error::internal)
}

/// What rules say about one period, for who may see figures.
pub async fn results<A: OpensCore<Figures>>(
    tx: &mut CoreRead<A>,
    sets: &[Set],
    exceptions: &[ExceptionRow],
    settings: &[RuleSettingRow],
    period: Period,
) -> Result<Vec<RuleResult>> {
    let mut revisions = Vec::new();
    for set in neighbours(sets, period)? {
        revisions.push(parsed(&tx.content::<Figures>(set.head).await?)?);
    }
    let case = case_of(revisions.iter());
    let settings = Settings { rules: changes(settings)?, accepted: accepted(sets, exceptions) };
    Ok(check_period(&case, &settings, period))
}

/// Whether a result belongs to a set: its statements, its return, or the client as a whole, which
/// the statements answer for, or else the first of the period's returns.
#[must_use]
pub fn is_about(result: &RuleResult, set: &Set, sets: &[Set]) -> bool {
    if result.period != set.period {
        return false;
    }
    match result.subject {
        Subject::Statement(..) => set.kind == SetKind::Statements,
        Subject::Return(form) => set.kind == SetKind::Return(form),
        Subject::Client => {
            let of_period = sets.iter().filter(|other| other.period == set.period);
            of_period.map(|other| other.kind).min() == Some(set.kind)
        }
    }
}

/// Outcomes as the main store keeps them: one for a rule, the gravest of its columns.
#[must_use]
pub fn outcomes(results: &[RuleResult], set: &Set, sets: &[Set]) -> Vec<OutcomeRow> {
    let mut worst: BTreeMap<&'static str, (u8, i64, OutcomeRow)> = BTreeMap::new();
    for result in results.iter().filter(|result| is_about(result, set, sets)) {
        let weight = match result.outcome {
            Outcome::Holds => continue,
            Outcome::Broken(_) => 0,
            Outcome::Excepted(..) => 1,
            Outcome::Uncheckable(_) => 2,
        };
        let rank = match result.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Hint => 2,
        };
        let row = OutcomeRow {
            rule: result.rule.to_owned(),
            severity: severity_word(result.severity).to_owned(),
            state: result.outcome.key().to_owned(),
            rank,
        };
        let graver = worst.get(result.rule).is_none_or(|(w, r, _)| (weight, rank) < (*w, *r));
        if graver {
            worst.insert(result.rule, (weight, rank, row));
        }
    }
    worst.into_values().map(|(.., row)| row).collect()
}

/// Runs the rules on every period that a change of one touches and notes how they end: the period
/// itself and, since later ones compare themselves with it, a year and a half after it.
pub async fn recheck<A: OpensCore<Figures>>(
    app: &App,
    tx: &mut WriteTx<A>,
    client: ClientId,
    changed: Period,
) -> Result<()> {
    let sets = rows::sets(tx, client).await?;
    let until = changed.last_day().checked_add(18.months()).map_err(Error::internal)?;
    let touched: BTreeSet<Period> = sets
        .iter()
        .map(|set| set.period)
        .filter(|period| period.last_day() >= changed.first_day() && period.last_day() <= until)
        .collect();
    let exceptions = rows::exceptions(tx, client).await?;
    let settings = rows::rule_settings(tx).await?;
    let settings = Settings { rules: changes(&settings)?, accepted: accepted(&sets, &exceptions) };
    let (from, mut revisions) = (reach_back(changed)?, Vec::new());
    for set in &sets {
        if set.period.last_day() >= from && set.period.first_day() <= until {
            revisions.push(parsed(&app.core.open_within::<Figures, A>(tx, set.head).await?)?);
        }
    }
    let case = case_of(revisions.iter());
    let now = app.clock.now();
    for period in touched {
        let results = check_period(&case, &settings, period);
        for set in sets.iter().filter(|set| set.period == period) {
            rows::replace_outcomes(tx, set, &outcomes(&results, set, &sets), now).await?;
        }
    }
    Ok(())
}

/// Whether there is such a rule.
///
/// # Errors
/// Invalid when there is none.
pub fn known(rule: &str) -> Result<&'static fiscal::rules::Rule> {
    by_id(rule).ok_or_else(|| {
        Error::invalid("rule", "statement.rule", "没有这条勾稽规则", "There is no such rule")
    })
}
