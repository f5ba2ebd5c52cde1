//! What is known of one client, and how the firm wants its rules applied.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use values::{Part, Period};

use super::Tolerance;
use super::facts::Fact;
use crate::Severity;
use crate::returns::{Form, Return};
use crate::statements::{Column, Standard, Statement, StatementKind};

/// Everything known of one client: statements and returns of any periods, and facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// Statements by period and kind.
    pub statements: BTreeMap<(Period, StatementKind), Statement>,
    /// Returns by period and form.
    pub returns: BTreeMap<(Period, Form), Return>,
    /// Facts of a period; those without one hold always.
    pub facts: BTreeMap<(Option<Period>, Fact), i64>,
    /// Copies of statements that somebody else was given.
    pub given: Vec<Given>,
}

/// A statement as somebody outside was given it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Who has it.
    pub to: Receiver,
    /// What they have.
    pub statement: Statement,
}

/// Who receives statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiver {
    /// 税务机关
    TaxBureau,
    /// 银行
    Bank,
    /// 股东
    Shareholders,
}

impl Receiver {
    /// In Chinese and English.
    #[must_use]
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::TaxBureau => ("税务机关", "the tax bureau"),
            Self::Bank => ("银行", "the bank"),
            Self::Shareholders => ("股东", "the shareholders"),
        }
    }
}

impl Case {
    /// Adds or replaces a statement.
    pub fn add(&mut self, statement: Statement) {
        self.statements.insert((statement.period, statement.kind), statement);
    }

    /// Adds or replaces a return.
    pub fn file(&mut self, filed: Return) {
        self.returns.insert((filed.period, filed.form), filed);
    }

    /// Notes a fact of a period, or of all.
    pub fn know(&mut self, period: impl Into<Option<Period>>, fact: Fact, value: i64) {
        self.facts.insert((period.into(), fact), value);
    }

    /// A fact: the period's own, else the one that holds always.
    #[must_use]
    pub fn fact(&self, period: Period, fact: Fact) -> Option<i64> {
        if self.facts.is_empty() {
            return None;
        }
        let own = self.facts.get(&(Some(period), fact));
        own.or_else(|| self.facts.get(&(None, fact))).copied()
    }

    /// A statement of exactly this period.
    #[must_use]
    pub fn statement(&self, period: Period, kind: StatementKind) -> Option<&Statement> {
        self.statements.get(&(period, kind))
    }

    /// A return of exactly this period.
    #[must_use]
    pub fn filed(&self, period: Period, form: Form) -> Option<&Return> {
        self.returns.get(&(period, form))
    }

    /// A statement that ends with the same month: of the period itself, else of the month, the
    /// quarter or the year.
    #[must_use]
    pub fn ending(&self, period: Period, kind: StatementKind) -> Option<&Statement> {
        self.statement(period, kind).or_else(|| {
            let same = same_end(period);
            same.into_iter().flatten().find_map(|period| self.statement(period, kind))
        })
    }

    /// A return that ends with the same month.
    #[must_use]
    pub fn filed_ending(&self, period: Period, form: Form) -> Option<&Return> {
        self.filed(period, form).or_else(|| {
            same_end(period).into_iter().flatten().find_map(|period| self.filed(period, form))
        })
    }

    /// The standard of a period's statements.
    #[must_use]
    pub fn standard(&self, period: Period) -> Option<Standard> {
        const KINDS: [StatementKind; 3] =
            [StatementKind::BalanceSheet, StatementKind::Income, StatementKind::CashFlow];
        KINDS.iter().find_map(|kind| self.ending(period, *kind)).map(|found| found.standard)
    }

    /// All periods with a statement or return, in order.
    #[must_use]
    pub fn periods(&self) -> Vec<Period> {
        let statements = self.statements.keys().map(|(period, _)| *period);
        let mut periods: Vec<_> =
            statements.chain(self.returns.keys().map(|(period, _)| *period)).collect();
        periods.sort_by_key(|period| (period.last_day(), *period));
        periods.dedup();
        periods
    }
}

/// The month, quarter and year that end with the same month as a period.
fn same_end(period: Period) -> [Option<Period>; 3] {
    let (year, month) = (period.in_year(), period.last_month());
    [
        Period::month(year, month),
        (month % 3 == 0).then(|| Period::quarter(year, month / 3)).flatten(),
        (month == 12).then(|| Period::year(year)).flatten(),
    ]
}

/// The column that counts from 1 January to the end: for the first period of a year and for a
/// year the current one says the same.
#[must_use]
pub fn to_date_column(statement: &Statement) -> Column {
    let whole = match statement.period.part() {
        Part::Year | Part::Month(1) | Part::Quarter(1) => true,
        Part::Month(_) | Part::Quarter(_) => false,
    };
    if whole && !statement.columns.contains_key(&Column::YearToDate) {
        Column::Current
    } else {
        Column::YearToDate
    }
}

/// What a firm has changed in the rules, and the exceptions it has accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// By rule id.
    pub rules: BTreeMap<String, Change>,
    /// Exceptions for this client.
    pub accepted: Vec<Accepted>,
}

/// What a firm has changed in one rule. The rule's identity cannot be changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// Instead of the rule's tolerance.
    pub tolerance: Option<Tolerance>,
    /// Instead of the rule's severity; a case that the rule itself takes lighter stays lighter.
    pub severity: Option<Severity>,
}

/// A broken rule that somebody has accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The rule's id.
    pub rule: String,
    /// The period it is accepted for; none for all.
    #[serde(default)]
    pub period: Option<Period>,
    /// Who accepted it.
    pub by: String,
    /// Why.
    pub why: String,
}
