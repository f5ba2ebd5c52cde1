//! Ratios that lenders look at, each with its formula, the lines it is made of, and a guidepost.
//!
//! Source: `quality_complaints.md` section 7.4 (usual bank practice; no law sets these values).
//! Values are counted in ten-thousandths, so that a ratio is exact to four places.

use serde::{Deserialize, Serialize};
use values::{Fen, Period};

use super::ratio_table::RATIOS;
use super::{Book, Gather, Missing, Used};

/// How a ratio is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// 40.67%
    Percent,
    /// 2.01
    Times,
    /// 20.9 days
    Days,
}

/// Which side of a guidepost is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The lower the better.
    Lower,
    /// The higher the better.
    Higher,
}

/// What is usual: a guidepost from experience (经验值), which a firm or an industry may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guidepost {
    /// The good side.
    pub better: Better,
    /// From here on it is good, in ten-thousandths.
    pub good: i64,
    /// Beyond this a lender will ask, in ten-thousandths.
    pub alarm: i64,
}

/// How a value stands to its guidepost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// On the good side.
    Good,
    /// Between good and alarm.
    Watch,
    /// Beyond the alarm.
    Alarm,
}

impl Guidepost {
    /// How a value stands to it.
    #[must_use]
    pub const fn standing(self, value: i64) -> Standing {
        let (good, alarm) = match self.better {
            Better::Lower => (value <= self.good, value > self.alarm),
            Better::Higher => (value >= self.good, value < self.alarm),
        };
        match (good, alarm) {
            (true, _) => Standing::Good,
            (false, true) => Standing::Alarm,
            (false, false) => Standing::Watch,
        }
    }
}

/// What a ratio came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Value {
    /// In ten-thousandths.
    Known {
        /// The value.
        value: i64,
    },
    /// The denominator is zero or negative, so the quotient would say nothing.
    NotMeaningful,
    /// A component is missing.
    Withheld {
        /// What is missing.
        missing: Vec<Missing>,
    },
}

/// A ratio of one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ratio {
    /// Its stable name, `R01` to `R33`.
    pub id: &'static str,
    /// The Chinese name.
    pub zh: &'static str,
    /// The English name.
    pub en: &'static str,
    /// The formula in words.
    pub formula: &'static str,
    /// How it is written.
    pub measure: Measure,
    /// The period it is for.
    pub period: Period,
    /// What it came to.
    #[serde(flatten)]
    pub value: Value,
    /// Whether flows of part of a year were scaled to a year.
    pub annualised: bool,
    /// The lines that entered it.
    pub used: Vec<Used>,
    /// The guidepost that was applied.
    pub guidepost: Option<Guidepost>,
    /// How it stands to the guidepost.
    pub standing: Option<Standing>,
}

/// What the statements do not say and some ratios need; all of it optional.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Depreciation and amortisation charged from 1 January on.
    pub depreciation: Option<Fen>,
    /// Interest that was capitalised from 1 January on.
    pub capitalised_interest: Option<Fen>,
    /// Loans that are applied for.
    pub loans_applied: Option<Fen>,
    /// Guarantees given to others.
    pub guarantees_given: Option<Fen>,
    /// Principal due in the period.
    pub principal_due: Option<Fen>,
    /// Interest due in the period.
    pub interest_due: Option<Fen>,
    /// Income tax paid in the period.
    pub tax_paid: Option<Fen>,
    /// Capital expenditure that keeps up what exists.
    pub maintenance_capex: Option<Fen>,
    /// Increase of the working capital.
    pub working_capital_increase: Option<Fen>,
}

/// A quotient before it is divided.
pub(crate) struct Quotient {
    pub above: i128,
    pub below: i128,
    pub annualised: bool,
}

impl Quotient {
    pub const fn of(above: i128, below: i128) -> Self {
        Self { above, below, annualised: false }
    }
}

/// One line of the table of ratios.
pub(crate) struct Definition {
    pub id: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub formula: &'static str,
    pub measure: Measure,
    pub guidepost: Option<Guidepost>,
    pub make: fn(&mut Gather<'_>, &Facts) -> Quotient,
}

/// All ratios for a period, in the order of the table. `guidepost` may replace the usual one.
pub fn ratios(
    book: Book<'_>,
    period: Period,
    facts: &Facts,
    guidepost: impl Fn(&str) -> Option<Guidepost>,
) -> Vec<Ratio> {
    let of = |definition: &Definition| {
        let usual = definition.guidepost;
        ratio(definition, book, period, facts, guidepost(definition.id).or(usual))
    };
    RATIOS.iter().map(of).collect()
}

fn ratio(
    definition: &Definition,
    book: Book<'_>,
    period: Period,
    facts: &Facts,
    guidepost: Option<Guidepost>,
) -> Ratio {
    let mut gather = Gather::new(book, period);
    let quotient = (definition.make)(&mut gather, facts);
    let Gather { used, missing, .. } = gather;
    let value = if missing.is_empty() {
        match divided(quotient.above, quotient.below) {
            Some(value) => Value::Known { value },
            None => Value::NotMeaningful,
        }
    } else {
        Value::Withheld { missing }
    };
    let standing = match (&value, guidepost) {
        (Value::Known { value }, Some(guidepost)) => Some(guidepost.standing(*value)),
        _ => None,
    };
    Ratio {
        id: definition.id,
        zh: definition.zh,
        en: definition.en,
        formula: definition.formula,
        measure: definition.measure,
        period,
        value,
        annualised: quotient.annualised,
        used,
        guidepost,
        standing,
    }
}

/// In ten-thousandths, rounded half away from zero; none for a denominator that says nothing.
pub(crate) fn divided(above: i128, below: i128) -> Option<i64> {
    if below <= 0 {
        return None;
    }
    let twice = above.checked_mul(20_000)?;
    let half = if twice < 0 { -below } else { below };
    i64::try_from(twice.checked_add(half)?.checked_div(below.checked_mul(2)?)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_are_rounded_half_away_from_zero() {
        let cases = [
            ((1, 3), Some(3333)),
            ((2, 3), Some(6667)),
            ((-2, 3), Some(-6667)),
            ((1, 20_000), Some(1)),
            ((-1, 20_000), Some(-1)),
            ((1, 0), None),
            ((1, -5), None),
        ];
        for ((above, below), expected) in cases {
            assert_eq!(divided(above, below), expected, "{above}/{below}");
        }
    }

    #[test]
    fn a_guidepost_has_a_good_side_and_an_alarm() {
        let debt = Guidepost { better: Better::Lower, good: 7000, alarm: 8000 };
        assert_eq!(debt.standing(7000), Standing::Good);
        assert_eq!(debt.standing(7500), Standing::Watch);
        assert_eq!(debt.standing(8001), Standing::Alarm);
        let current = Guidepost { better: Better::Higher, good: 15_000, alarm: 10_000 };
        assert_eq!(current.standing(15_000), Standing::Good);
        assert_eq!(current.standing(12_000), Standing::Watch);
        assert_eq!(current.standing(9_999), Standing::Alarm);
    }
}
