//! The articulation rules (勾稽规则): 138 rules on statements and returns, each with its formula,
//! tolerance and severity, and what it makes of a case.
//!
//! The table is split by family; a row is one rule, and its last field says how it is checked.
//! A blank cell or a line that is not printed counts as zero inside a printed total and is named;
//! what is missing altogether makes a rule 无法检查, never broken.

mod balance;
mod case;
mod cash;
mod cross;
mod facts;
mod flows;
mod income;
mod income_tax;
mod json;
mod outcome;
mod periods;
mod repairs;
mod run;
mod sets;
mod stamp;
mod sums;
mod surcharges;
mod tax;
mod tolerance;
mod vat;
mod wages;

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;
use values::Period;

pub use case::{Accepted, Case, Change, Given, Receiver, Settings, to_date_column};
pub use facts::{Fact, Measure};
pub use outcome::{
    Breach, Cause, Cell, Entry, Label, Missing, Outcome, Relation, RuleResult, Subject,
    column_names, kind_names, plain,
};
pub use repairs::{Repair, Slip, propose};
pub use tolerance::Tolerance;

use crate::Severity;
use crate::returns::Form;
use crate::statements::Standard;
use run::Run;

/// Whom a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Applies {
    /// Both standards, both kinds of VAT taxpayer.
    Both,
    /// 《小企业会计准则》
    Small,
    /// 《企业会计准则》
    General,
    /// 一般纳税人
    VatGeneral,
    /// 小规模纳税人
    VatSmall,
}

impl Applies {
    /// As the table of rules writes it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Small => "ASSE",
            Self::General => "ASBE",
            Self::VatGeneral => "general",
            Self::VatSmall => "small",
        }
    }
}

/// One rule.
pub struct Rule {
    /// Its id, which never changes.
    pub id: &'static str,
    /// Whom it is for.
    pub applies: Applies,
    /// Its name in Chinese.
    pub zh: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// Its formula, for the reader.
    pub formula: &'static str,
    /// What the two sides may lie apart.
    pub tolerance: Tolerance,
    /// How grave it is when broken; some rules take some cases lighter.
    pub severity: Severity,
    /// What may rightly break it.
    pub exceptions: &'static str,
    /// The first day of the periods that it is for.
    pub valid_from: Option<Date>,
    /// The last.
    pub valid_to: Option<Date>,
    check: fn(&mut Run<'_>),
}

impl fmt::Debug for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Rule({})", self.id)
    }
}

impl Rule {
    const fn until(self, valid_from: Option<Date>, valid_to: Option<Date>) -> Self {
        Self { valid_from, valid_to, ..self }
    }

    fn is_for(&self, period: Period, standard: Option<Standard>, case: &Case) -> bool {
        let (first, last) = (period.first_day(), period.last_day());
        if self.valid_from.is_some_and(|from| last < from)
            || self.valid_to.is_some_and(|to| first > to)
        {
            return false;
        }
        let files = |form| case.returns.keys().any(|(_, filed)| *filed == form);
        match self.applies {
            Applies::Both => true,
            Applies::Small => standard == Some(Standard::Small),
            Applies::General => standard == Some(Standard::General),
            Applies::VatGeneral => files(Form::VatGeneral) || !files(Form::VatSmall),
            Applies::VatSmall => files(Form::VatSmall),
        }
    }
}

/// A row of the table.
#[expect(clippy::too_many_arguments, reason = "a row of a table reads best in one piece")]
const fn rule(
    id: &'static str,
    applies: Applies,
    (zh, en): Label,
    formula: &'static str,
    tolerance: Tolerance,
    severity: Severity,
    exceptions: &'static str,
    check: fn(&mut Run<'_>),
) -> Rule {
    let (valid_from, valid_to) = (None, None);
    Rule {
        id,
        applies,
        zh,
        en,
        formula,
        tolerance,
        severity,
        exceptions,
        valid_from,
        valid_to,
        check,
    }
}

static FAMILIES: [&[Rule]; 7] = [
    balance::RULES,
    income::RULES,
    cash::RULES,
    cross::RULES,
    periods::RULES,
    vat::RULES,
    tax::RULES,
];

/// All rules, in the table's order.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// The rule with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// Checks every period of a case.
#[must_use]
pub fn check(case: &Case, settings: &Settings) -> Vec<RuleResult> {
    case.periods().into_iter().flat_map(|period| check_period(case, settings, period)).collect()
}

/// Checks what is about one period; other periods are read where a rule compares them.
#[must_use]
pub fn check_period(case: &Case, settings: &Settings, period: Period) -> Vec<RuleResult> {
    check_with(case, settings, period, |_| true)
}

/// Checks only rules that are wanted.
#[must_use]
pub fn check_with(
    case: &Case,
    settings: &Settings,
    period: Period,
    wanted: impl Fn(&Rule) -> bool,
) -> Vec<RuleResult> {
    let mut out = Vec::with_capacity(256);
    let standard = case.standard(period);
    let mut rules = all().filter(|rule| wanted(rule) && rule.is_for(period, standard, case));
    if let Some(first) = rules.next() {
        let mut run = Run::new(case, settings, period, first, &mut out);
        for rule in std::iter::once(first).chain(rules) {
            run.turn(rule);
            (rule.check)(&mut run);
        }
    }
    out
}

#[cfg(test)]
mod examples;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
