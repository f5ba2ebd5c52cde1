//! The stretch of time that a statement or a return is about: a month, a quarter or a year.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A month, a quarter or a year, written `2026-09`, `2026Q3` and `2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Period {
    year: i16,
    part: Part,
}

/// Which part of the year a period is; ordered so that periods of one year sort by their length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// 1 to 12.
    Month(i8),
    /// 1 to 4.
    Quarter(i8),
    /// All of it.
    Year,
}

impl Period {
    /// A month; none when there is no such month.
    #[must_use]
    pub fn month(year: i16, month: i8) -> Option<Self> {
        Self::new(year, Part::Month(month))
    }

    /// A quarter; none when there is no such quarter.
    #[must_use]
    pub fn quarter(year: i16, quarter: i8) -> Option<Self> {
        Self::new(year, Part::Quarter(quarter))
    }

    /// A calendar year, which is the financial year by law.
    #[must_use]
    pub fn year(year: i16) -> Option<Self> {
        Self::new(year, Part::Year)
    }

    fn new(year: i16, part: Part) -> Option<Self> {
        let fits = match part {
            Part::Month(month) => (1..=12).contains(&month),
            Part::Quarter(quarter) => (1..=4).contains(&quarter),
            Part::Year => true,
        };
        (fits && (1949..=2999).contains(&year)).then_some(Self { year, part })
    }

    /// The month that a day lies in.
    #[must_use]
    pub fn month_of(day: Date) -> Option<Self> {
        Self::month(day.year(), day.month())
    }

    /// The calendar year it lies in.
    #[must_use]
    pub const fn in_year(self) -> i16 {
        self.year
    }

    /// Which part of the year it is.
    #[must_use]
    pub const fn part(self) -> Part {
        self.part
    }

    /// Its first month, 1 to 12.
    #[must_use]
    pub const fn first_month(self) -> i8 {
        match self.part {
            Part::Month(month) => month,
            Part::Quarter(quarter) => (quarter - 1) * 3 + 1,
            Part::Year => 1,
        }
    }

    /// Its last month, 1 to 12.
    #[must_use]
    pub const fn last_month(self) -> i8 {
        match self.part {
            Part::Month(month) => month,
            Part::Quarter(quarter) => quarter * 3,
            Part::Year => 12,
        }
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        date(self.year, self.first_month(), 1)
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        date(self.year, self.last_month(), 1).last_of_month()
    }

    /// The one of the same length before it; none before the first year that Heng knows.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        match self.part {
            Part::Month(1) => Self::month(self.year - 1, 12),
            Part::Month(month) => Self::month(self.year, month - 1),
            Part::Quarter(1) => Self::quarter(self.year - 1, 4),
            Part::Quarter(quarter) => Self::quarter(self.year, quarter - 1),
            Part::Year => Self::year(self.year - 1),
        }
    }

    /// The one of the same length after it; none after the last year that Heng knows.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        match self.part {
            Part::Month(12) => Self::month(self.year + 1, 1),
            Part::Month(month) => Self::month(self.year, month + 1),
            Part::Quarter(4) => Self::quarter(self.year + 1, 1),
            Part::Quarter(quarter) => Self::quarter(self.year, quarter + 1),
            Part::Year => Self::year(self.year + 1),
        }
    }

    /// The same part of the year before.
    #[must_use]
    pub fn year_before(self) -> Option<Self> {
        Self::new(self.year - 1, self.part)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Part::Month(month) => write!(out, "{:04}-{month:02}", self.year),
            Part::Quarter(quarter) => write!(out, "{:04}Q{quarter}", self.year),
            Part::Year => write!(out, "{:04}", self.year),
        }
    }
}

impl FromStr for Period {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let year = |digits: &str| {
            let whole = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
            whole.then(|| digits.parse::<i16>().ok()).flatten()
        };
        let period = if let Some((before, month)) = text.split_once('-') {
            let whole = month.len() == 2 && month.bytes().all(|byte| byte.is_ascii_digit());
            let month = whole.then(|| month.parse().ok()).flatten();
            year(before).zip(month).and_then(|(year, month)| Self::month(year, month))
        } else if let Some((before, quarter)) = text.split_once(['Q', 'q']) {
            let quarter = (quarter.len() == 1).then(|| quarter.parse().ok()).flatten();
            year(before).zip(quarter).and_then(|(year, quarter)| Self::quarter(year, quarter))
        } else {
            year(text).and_then(Self::year)
        };
        period.ok_or_else(|| {
            Error::invalid(
                "period",
                "period.form",
                "期间应写成 2026-09、2026Q3 或 2026",
                "A period is written 2026-09, 2026Q3 or 2026",
            )
        })
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl TryFrom<String> for Period {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_read_as_it_is_written() {
        for text in ["2026-09", "2026Q3", "2026"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in ["2026-13", "2026-9", "2026Q5", "2026Q", "26", "2026-00", "", "9999", "+026"] {
            assert_eq!(text.parse::<Period>().unwrap_err().code(), "period.form", "{text}");
        }
    }

    #[test]
    fn a_period_knows_its_days_and_neighbours() {
        let quarter = Period::quarter(2026, 1).unwrap();
        assert_eq!(
            (quarter.first_day(), quarter.last_day()),
            (date(2026, 1, 1), date(2026, 3, 31))
        );
        assert_eq!(quarter.previous().unwrap().to_string(), "2025Q4");
        assert_eq!(Period::month(2025, 12).unwrap().next().unwrap().to_string(), "2026-01");
        assert_eq!(Period::year(2024).unwrap().last_day(), date(2024, 12, 31));
        assert_eq!(Period::month(2024, 2).unwrap().last_day(), date(2024, 2, 29));
        assert_eq!(Period::year(1949).unwrap().previous(), None);
    }
}
