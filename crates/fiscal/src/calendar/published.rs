//! Deadlines as tax bureaus publish them: by month, for the country, a province or a city, for
//! all returns that are due by the 15th or for one tax.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::Date;
use values::{Error, Result};

use super::taxes::Tax;
use crate::divisions;

static TABLE: &str = include_str!("deadlines.csv");

/// A division's six-digit code, or the country.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Region(String);

impl Region {
    /// The whole country.
    #[must_use]
    pub const fn national() -> Self {
        Self(String::new())
    }

    /// The code; empty for the country.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0
    }

    /// Whether it is the country.
    #[must_use]
    pub fn is_national(&self) -> bool {
        self.0.is_empty()
    }

    /// Its Chinese name as far as the table of divisions knows it.
    #[must_use]
    pub fn name(&self) -> String {
        if self.is_national() {
            return "全国".to_owned();
        }
        let name = divisions::place(&self.0).text();
        if name.is_empty() { self.0.clone() } else { name }
    }

    /// Itself, its city, its province and the country: the order in which rows are looked for.
    fn upwards(&self) -> impl Iterator<Item = Self> {
        let level = |digits: usize| {
            let head = self.0.get(..digits)?;
            Some(Self(format!("{head:0<6}")))
        };
        let mut all = vec![Some(self.clone()), level(4), level(2)];
        all.push(Some(Self::national()));
        let mut all: Vec<Self> = all.into_iter().flatten().collect();
        all.dedup();
        all.into_iter()
    }
}

impl FromStr for Region {
    type Err = Error;

    /// Two, four or six digits; the province must be one that exists. Empty is the country.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let known = || text.get(..2).and_then(divisions::name_of).is_some();
        if text.is_empty() || (digits && matches!(text.len(), 2 | 4 | 6) && known()) {
            let code = if text.is_empty() { String::new() } else { format!("{text:0<6}") };
            return Ok(Self(code));
        }
        Err(Error::invalid(
            "region",
            "calendar.region",
            "地区应为行政区划代码，如 440000；全国请留空",
            "A region is the code of an administrative division, such as 440000; none for all",
        ))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// One published deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The year of the filing month.
    pub year: i16,
    /// The filing month, 1 to 12.
    pub month: i8,
    /// Whom it concerns.
    pub region: Region,
    /// The one tax it is for; none for all that are due by the 15th.
    pub tax: Option<Tax>,
    /// The last day.
    pub deadline: Date,
    /// The notice's number; empty when it is not known.
    pub notice: String,
}

/// Published deadlines, looked up from the nearest region upwards.
#[derive(Debug, Clone, Default)]
pub struct PublishedDeadlines {
    rows: BTreeMap<(i16, i8), Vec<Published>>,
}

impl PublishedDeadlines {
    /// Those of 2021 to 2026 for the country.
    #[must_use]
    pub fn national() -> &'static Self {
        static ROWS: LazyLock<PublishedDeadlines> = LazyLock::new(|| {
            let mut all = PublishedDeadlines::default();
            for row in TABLE.lines().skip(1).filter_map(read_line) {
                all.publish(row);
            }
            all
        });
        &ROWS
    }

    /// Takes one in; it replaces the one for the same month, region and tax.
    pub fn publish(&mut self, row: Published) {
        let month = self.rows.entry((row.year, row.month)).or_default();
        month.retain(|other| (&other.region, other.tax) != (&row.region, row.tax));
        month.push(row);
    }

    /// The row that applies in a month: one for the tax itself before one for all, and of those
    /// the one for the nearest region. Rows for all count only where `general` says so.
    #[must_use]
    pub fn find(
        &self,
        (year, month): (i16, i8),
        region: &Region,
        tax: Option<Tax>,
        general: bool,
    ) -> Option<&Published> {
        let rows = self.rows.get(&(year, month))?;
        let nearest = |wanted: Option<Tax>| {
            region
                .upwards()
                .find_map(|at| rows.iter().find(|row| row.region == at && row.tax == wanted))
        };
        let own = tax.and_then(|tax| nearest(Some(tax)));
        own.or_else(|| general.then(|| nearest(None)).flatten())
    }

    /// All rows, by month.
    pub fn rows(&self) -> impl Iterator<Item = &Published> {
        self.rows.values().flatten()
    }
}

fn read_line(line: &str) -> Option<Published> {
    let mut cells = line.trim_end().split(',');
    let (year, month) = (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
    let region = cells.next()?.parse().ok()?;
    let tax = match cells.next()? {
        "" => None,
        key => Some(key.parse().ok()?),
    };
    let deadline = cells.next()?.parse().ok()?;
    Some(Published { year, month, region, tax, deadline, notice: cells.next()?.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn row(region: &str, tax: Option<Tax>, day: i8) -> Published {
        Published {
            year: 2026,
            month: 4,
            region: region.parse().unwrap(),
            tax,
            deadline: date(2026, 4, day),
            notice: String::new(),
        }
    }

    #[test]
    fn six_years_of_months_are_published() {
        let national = PublishedDeadlines::national();
        assert_eq!(national.rows().count(), 72);
        assert_eq!(TABLE.lines().count(), 73, "every line was read");
    }

    #[test]
    fn the_nearest_region_decides() {
        let mut all = PublishedDeadlines::national().clone();
        all.publish(row("440000", None, 24));
        all.publish(row("440300", None, 27));
        all.publish(row("440000", Some(Tax::VatG), 28));
        let day = |region: &str, tax| {
            let region = region.parse().unwrap();
            all.find((2026, 4), &region, tax, true).unwrap().deadline.day()
        };
        assert_eq!(day("", None), 20);
        assert_eq!(day("110000", Some(Tax::VatG)), 20);
        assert_eq!(day("440000", None), 24);
        assert_eq!(day("440100", None), 24, "a city falls back to its province");
        assert_eq!(day("440305", None), 27, "a district to its city");
        assert_eq!(day("440305", Some(Tax::VatG)), 28, "the tax's own row comes first");
        let none = all.find((2026, 4), &"440305".parse().unwrap(), Some(Tax::CitY), false);
        assert_eq!(none, None);
    }

    #[test]
    fn a_later_row_replaces_an_earlier_one() {
        let mut all = PublishedDeadlines::default();
        all.publish(row("", None, 20));
        all.publish(row("", None, 28));
        assert_eq!(all.rows().count(), 1);
        assert_eq!(all.rows().next().unwrap().deadline.day(), 28);
    }

    #[test]
    fn a_region_is_a_code_of_a_division() {
        for good in ["", "44", "4403", "440305", " 440000 "] {
            good.parse::<Region>().unwrap();
        }
        assert_eq!("44".parse::<Region>().unwrap().code(), "440000");
        for bad in ["广东", "990000", "44000", "4400000", "-40000"] {
            assert_eq!(bad.parse::<Region>().unwrap_err().code(), "calendar.region", "{bad}");
        }
    }
}
