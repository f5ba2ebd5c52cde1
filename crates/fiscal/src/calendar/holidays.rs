//! The State Council's holidays and make-up working days, and which years are announced.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday, date};

use super::due::Step;

static TABLE: &str = include_str!("holidays.csv");

/// What the State Council's notice makes of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RestDay {
    /// A day of a holiday (放假).
    Holiday,
    /// A Saturday or Sunday that is worked (调休上班).
    MakeUp,
}

impl RestDay {
    /// The word in files: `holiday` or `workday`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Holiday => "holiday",
            Self::MakeUp => "workday",
        }
    }

    /// Reads the word of a file; the Chinese words of notices are understood too.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text.trim() {
            "holiday" | "放假" | "休" | "节假日" => Some(Self::Holiday),
            "workday" | "上班" | "班" | "调休上班" | "补班" => Some(Self::MakeUp),
            _ => None,
        }
    }
}

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// An ordinary working day.
    Workday,
    /// A Saturday or Sunday.
    Weekend,
    /// A day of a State Council holiday.
    Holiday,
    /// A Saturday or Sunday that is worked.
    MakeUp,
}

impl DayKind {
    /// Whether nobody works.
    #[must_use]
    pub const fn is_rest(self) -> bool {
        matches!(self, Self::Weekend | Self::Holiday)
    }
}

/// One row of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolidayRow {
    /// The day.
    pub day: Date,
    /// What it is called, such as 春节.
    pub name: String,
    /// Holiday or make-up.
    pub kind: RestDay,
}

/// The days that notices name, and the years whose notice is known.
#[derive(Debug, Clone, Default)]
pub struct Holidays {
    days: BTreeMap<Date, (RestDay, String)>,
    years: BTreeSet<i16>,
}

impl Holidays {
    /// Those of 2021 to 2026.
    #[must_use]
    pub fn statutory() -> &'static Self {
        static HOLIDAYS: LazyLock<Holidays> = LazyLock::new(|| {
            let mut holidays = Holidays::default();
            for row in TABLE.lines().skip(1).filter_map(read_line) {
                holidays.years.insert(row.day.year());
                holidays.days.insert(row.day, (row.kind, row.name));
            }
            holidays
        });
        &HOLIDAYS
    }

    /// Takes a year's notice in: it replaces what was known of that year. A notice may also name
    /// days of the year before (2023's began on 2022-12-31); those are added.
    pub fn announce(&mut self, year: i16, rows: impl IntoIterator<Item = HolidayRow>) {
        self.days.retain(|day, _| day.year() != year);
        self.years.insert(year);
        for row in rows {
            self.days.insert(row.day, (row.kind, row.name));
        }
    }

    /// Whether the notice of a year is known.
    #[must_use]
    pub fn announced(&self, year: i16) -> bool {
        self.years.contains(&year)
    }

    /// The years whose notice is known.
    pub fn years(&self) -> impl Iterator<Item = i16> {
        self.years.iter().copied()
    }

    /// What a day is. In a year that is not announced only weekends are known.
    #[must_use]
    pub fn kind(&self, day: Date) -> DayKind {
        match self.days.get(&day) {
            Some((RestDay::Holiday, _)) => DayKind::Holiday,
            Some((RestDay::MakeUp, _)) => DayKind::MakeUp,
            None if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) => {
                DayKind::Weekend
            }
            None => DayKind::Workday,
        }
    }

    /// Whether nobody works on a day.
    #[must_use]
    pub fn is_rest(&self, day: Date) -> bool {
        self.kind(day).is_rest()
    }

    /// What the notice calls a day, if it names it.
    #[must_use]
    pub fn name(&self, day: Date) -> Option<&str> {
        self.days.get(&day).map(|(_, name)| name.as_str())
    }

    /// The named days from one day to another, both included.
    pub fn named(
        &self,
        from: Date,
        to: Date,
    ) -> impl Iterator<Item = (Date, RestDay, &str)> + use<'_> {
        let to = to.max(from);
        self.days.range(from..=to).map(|(day, (kind, name))| (*day, *kind, name.as_str()))
    }

    /// The sentence for a year whose notice is not known.
    #[must_use]
    pub fn unannounced(year: i16) -> Step {
        if year < 2021 {
            return Step::new(
                format!("{year} 年放假安排未收录，按周末推算，仅供参考"),
                format!("The holidays of {year} are not on file; computed from weekends only"),
            );
        }
        Step::new(
            format!("{year} 年放假安排尚未公布，仅按周末推算，公布后可能变动"),
            format!(
                "The holidays of {year} are not announced yet; computed from weekends only, \
                 and may move"
            ),
        )
    }

    /// What is wrong with a year's notice as a whole: the days that the law itself makes holidays
    /// must be there, or only a part of the notice was typed.
    #[must_use]
    pub fn missing_of(year: i16, rows: &[HolidayRow]) -> Vec<Date> {
        let by_law = [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)];
        let has = |day: Date| rows.iter().any(|r| r.day == day && r.kind == RestDay::Holiday);
        by_law.into_iter().map(|(month, day)| date(year, month, day)).filter(|d| !has(*d)).collect()
    }
}

fn read_line(line: &str) -> Option<HolidayRow> {
    let mut cells = line.trim_end().splitn(3, ',');
    let day = cells.next()?.parse().ok()?;
    let name = cells.next()?.to_owned();
    Some(HolidayRow { day, name, kind: RestDay::read(cells.next()?)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_years_are_announced_with_all_their_days() {
        let holidays = Holidays::statutory();
        assert_eq!(holidays.years().collect::<Vec<_>>(), (2021..=2026).collect::<Vec<_>>());
        assert!(!holidays.announced(2027));
        let count = |kind| holidays.days.values().filter(|(k, _)| *k == kind).count();
        assert_eq!((count(RestDay::Holiday), count(RestDay::MakeUp)), (178, 40));
        assert_eq!(TABLE.lines().count(), 1 + 178 + 40, "every line was read");
    }

    #[test]
    fn a_day_is_told_from_its_neighbours() {
        let holidays = Holidays::statutory();
        assert_eq!(holidays.kind(date(2026, 10, 7)), DayKind::Holiday);
        assert_eq!(holidays.kind(date(2026, 10, 10)), DayKind::MakeUp);
        assert_eq!(holidays.kind(date(2026, 10, 11)), DayKind::Weekend);
        assert_eq!(holidays.kind(date(2026, 10, 12)), DayKind::Workday);
        assert!(!holidays.is_rest(date(2026, 10, 10)) && holidays.is_rest(date(2026, 10, 11)));
        assert_eq!(holidays.name(date(2026, 2, 16)), Some("春节"));
    }

    #[test]
    fn a_notice_replaces_its_own_year_and_adds_to_the_year_before() {
        let mut holidays = Holidays::statutory().clone();
        let row = |day, kind| HolidayRow { day, name: "元旦".to_owned(), kind };
        holidays.announce(
            2027,
            [row(date(2026, 12, 31), RestDay::Holiday), row(date(2027, 1, 1), RestDay::Holiday)],
        );
        assert!(holidays.announced(2027) && holidays.announced(2026));
        assert!(holidays.is_rest(date(2026, 12, 31)) && holidays.is_rest(date(2026, 10, 1)));
        holidays.announce(2027, [row(date(2027, 1, 4), RestDay::Holiday)]);
        assert!(!holidays.is_rest(date(2027, 1, 1)), "the second notice stands alone");
    }

    #[test]
    fn half_a_notice_is_noticed() {
        let rows =
            [HolidayRow {
                day: date(2027, 1, 1), name: "元旦".to_owned(), kind: RestDay::Holiday
            }];
        let missing = Holidays::missing_of(2027, &rows);
        assert_eq!(missing.first(), Some(&date(2027, 5, 1)));
        let of_2026: Vec<_> = TABLE.lines().skip(1).filter_map(read_line).collect();
        for year in 2021..=2026 {
            assert_eq!(Holidays::missing_of(year, &of_2026), []);
        }
    }
}
