//! How far two sides may lie apart, in the notation of the rules.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use values::{Error, Fen};

/// A tolerance. Where a source was rounded to its unit, no tolerance but [`Tolerance::Rounding`]
/// is narrower than one reporting unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Tolerance {
    /// `T0`: exact when the source carries fen, else one reporting unit.
    Exact,
    /// `TR`: exact when the source carries fen, else half a unit for each addend and the total.
    Rounding,
    /// `T1`: 0.01 yuan for each addend.
    Addends,
    /// `P(x%,f)`: a share of the larger side in basis points, at least so many yuan.
    Share(u32, Fen),
    /// Plain yuan, such as `0.05`.
    Amount(Fen),
    /// `ratio`: a limit of the rule's own, in basis points where a firm has set one.
    Ratio(Option<u32>),
    /// `–`: nothing is measured.
    None,
}

impl Tolerance {
    /// What it allows between two sides of so many addends, where the coarsest source was rounded
    /// to `unit` (zero when all carry fen).
    #[must_use]
    pub fn allowed(self, left: Fen, right: Fen, addends: usize, unit: Fen) -> Fen {
        let count = i64::try_from(addends).unwrap_or(i64::MAX);
        let half_units = Fen(unit.0.saturating_mul(count.saturating_add(1)) / 2);
        match self {
            Self::Exact | Self::Ratio(_) | Self::None => unit,
            Self::Rounding => half_units,
            Self::Addends => Fen(count).max(half_units),
            Self::Share(points, floor) => {
                share(left.abs().max(right.abs()), points).max(floor).max(unit)
            }
            Self::Amount(amount) => amount.max(unit),
        }
    }
}

/// So many basis points of an amount, rounded half away from zero.
#[must_use]
pub fn share(amount: Fen, points: u32) -> Fen {
    scaled(amount, i64::from(points), 10_000)
}

/// `amount × times / by`, rounded half away from zero.
#[must_use]
pub fn scaled(amount: Fen, times: i64, by: i64) -> Fen {
    let (product, by) = (i128::from(amount.0) * i128::from(times), i128::from(by.max(1)));
    let half = if product < 0 { -by / 2 } else { by / 2 };
    let limit = if product < 0 { i64::MIN } else { i64::MAX };
    Fen(i64::try_from((product + half) / by).unwrap_or(limit))
}

impl fmt::Display for Tolerance {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Exact => out.write_str("T0"),
            Self::Rounding => out.write_str("TR"),
            Self::Addends => out.write_str("T1"),
            Self::Share(0, floor) => write!(out, "P(0,{})", floor.0 / 100),
            Self::Share(points, floor) => {
                write!(out, "P({}", points / 100)?;
                if points % 100 != 0 {
                    let tenths = format!("{:02}", points % 100);
                    write!(out, ".{}", tenths.trim_end_matches('0'))?;
                }
                write!(out, "%,{})", floor.0 / 100)
            }
            Self::Amount(amount) => write!(out, "{}.{:02}", amount.0 / 100, amount.0 % 100),
            Self::Ratio(None) => out.write_str("ratio"),
            Self::Ratio(Some(points)) => write!(out, "ratio({points})"),
            Self::None => out.write_str("–"),
        }
    }
}

impl From<Tolerance> for String {
    fn from(tolerance: Tolerance) -> Self {
        tolerance.to_string()
    }
}

impl TryFrom<String> for Tolerance {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl FromStr for Tolerance {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parsed = match text.trim() {
            "T0" => Some(Self::Exact),
            "TR" => Some(Self::Rounding),
            "T1" => Some(Self::Addends),
            "ratio" => Some(Self::Ratio(None)),
            "–" => Some(Self::None),
            text => bracketed(text).or_else(|| hundredths(text).map(|n| Self::Amount(Fen(n)))),
        };
        parsed.ok_or_else(|| {
            Error::invalid(
                "tolerance",
                "rule.tolerance",
                "容差应写成 T0、TR、T1、P(5%,1000)、ratio(3000) 或金额（元），如 0.05",
                "A tolerance is written T0, TR, T1, P(5%,1000), ratio(3000) or yuan such as 0.05",
            )
        })
    }
}

fn bracketed(text: &str) -> Option<Tolerance> {
    if let Some(points) = text.strip_prefix("ratio(").and_then(|text| text.strip_suffix(')')) {
        return points.parse().ok().map(|points| Tolerance::Ratio(Some(points)));
    }
    let (percent, floor) = text.strip_prefix("P(")?.strip_suffix(')')?.split_once(',')?;
    let points = hundredths(percent.trim_end_matches('%'))?;
    Some(Tolerance::Share(u32::try_from(points).ok()?, Fen(hundredths(floor)?)))
}

/// A plain number with up to two decimals, times a hundred, up to ten billion.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 10 || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<2}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tolerances_are_read_as_they_are_written() {
        for text in
            ["T0", "TR", "T1", "P(1%,100)", "P(0.5%,10)", "P(0,1000)", "0.05", "1.00", "ratio", "–"]
        {
            assert_eq!(text.parse::<Tolerance>().unwrap().to_string(), text);
        }
        assert_eq!("ratio(3000)".parse::<Tolerance>().unwrap(), Tolerance::Ratio(Some(3000)));
        for text in ["", "T2", "P(1%)", "-1", "1.234", "P(x,1)", "99999999999"] {
            assert_eq!(text.parse::<Tolerance>().unwrap_err().code(), "rule.tolerance", "{text}");
        }
    }

    #[test]
    fn rounding_widens_every_tolerance_to_the_unit() {
        let (a, b, wan) = (Fen(100_000_000), Fen(90_000_000), Fen(1_000_000));
        let allowed = |tolerance: Tolerance, unit| tolerance.allowed(a, b, 3, unit);
        assert_eq!(allowed(Tolerance::Exact, Fen::ZERO), Fen::ZERO);
        assert_eq!(allowed(Tolerance::Exact, wan), wan);
        assert_eq!(allowed(Tolerance::Rounding, Fen::ZERO), Fen::ZERO);
        assert_eq!(allowed(Tolerance::Rounding, wan), Fen(2_000_000));
        assert_eq!(allowed(Tolerance::Addends, Fen::ZERO), Fen(3));
        assert_eq!(allowed(Tolerance::Share(100, Fen(100)), Fen::ZERO), Fen(1_000_000));
        assert_eq!(allowed(Tolerance::Amount(Fen(5)), Fen::ZERO), Fen(5));
        assert_eq!(allowed(Tolerance::Amount(Fen(5)), wan), wan);
    }

    #[test]
    fn shares_are_rounded_half_away_from_zero_and_stop_at_the_limits() {
        assert_eq!(share(Fen(5), 1000), Fen(1));
        assert_eq!(share(Fen(-5), 1000), Fen(-1));
        assert_eq!(share(Fen(4), 1000), Fen(0));
        assert_eq!(scaled(Fen(i64::MAX), 3, 1), Fen(i64::MAX));
    }
}
