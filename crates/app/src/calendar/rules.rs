//! Which returns a client files, for which periods, and in which month.

use std::collections::{BTreeMap, HashMap};

use fiscal::calendar::{Basis, Due, Region, Tax, TaxCalendar};
use jiff::civil::Date;
use values::{Period, Result};

/// How often a tax is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cycle {
    Month,
    Quarter,
    Year,
}

/// A return that is filed again and again.
pub type Filing = (Tax, Cycle);

/// What every enterprise with books files besides its value added tax, unless its archive names
/// its taxes.
const USUAL: [Filing; 4] = [
    (Tax::CitP, Cycle::Quarter),
    (Tax::CitY, Cycle::Year),
    (Tax::IitW, Cycle::Month),
    (Tax::Stamp, Cycle::Quarter),
];

/// What is filed whatever taxes are due.
const ALWAYS: [Filing; 3] =
    [(Tax::Fs, Cycle::Quarter), (Tax::Fs, Cycle::Year), (Tax::Pub, Cycle::Year)];

/// The filings of a client, from its taxpayer kind and the taxes that its archive names, such as
/// `增值税、企业所得税、印花税（按年）`. A kind that is not known leaves value added tax out.
pub fn filings(kind: Option<&str>, taxes: Option<&str>) -> Vec<Filing> {
    let vat = match kind {
        Some("general") => Some((Tax::VatG, Cycle::Month)),
        Some("small") => Some((Tax::VatS, Cycle::Quarter)),
        _ => None,
    };
    let mut found: Vec<Filing> = match taxes.map(str::trim).filter(|text| !text.is_empty()) {
        None => vat.into_iter().chain(USUAL).collect(),
        Some(text) => text
            .split(['、', '，', ',', '；', ';', '\n', '/', ' '])
            .flat_map(|part| named(part, vat))
            .collect(),
    };
    found.extend(ALWAYS);
    found.sort_unstable();
    found.dedup();
    found
}

/// The filings that one named tax means; what is not understood means none.
fn named(part: &str, vat: Option<Filing>) -> Vec<Filing> {
    let said = [("按月", Cycle::Month), ("按季", Cycle::Quarter), ("按年", Cycle::Year)];
    let cycle = said.into_iter().find(|(word, _)| part.contains(word)).map(|(_, cycle)| cycle);
    let usual: Vec<Filing> = match part {
        _ if part.contains("增值税") && !part.contains("土地增值税") => {
            vat.into_iter().collect()
        }
        _ if part.contains("企业所得税") => {
            vec![(Tax::CitP, Cycle::Quarter), (Tax::CitY, Cycle::Year)]
        }
        _ if part.contains("经营所得") => {
            vec![(Tax::IitB, Cycle::Quarter), (Tax::IitB, Cycle::Year)]
        }
        _ if part.contains("个人所得税") || part.contains("个税") => {
            vec![(Tax::IitW, Cycle::Month)]
        }
        _ if part.contains("印花税") => vec![(Tax::Stamp, Cycle::Quarter)],
        _ if part.contains("消费税") => vec![(Tax::Cons, Cycle::Month)],
        _ if part.contains("社会保险") || part.contains("社保") => {
            vec![(Tax::Soc, Cycle::Month)]
        }
        _ if part.contains("房产税") || part.contains("土地使用税") => {
            vec![(Tax::Prop, Cycle::Quarter)]
        }
        _ => Vec::new(),
    };
    let with = |(tax, usual): Filing| match cycle {
        Some(said) if usual != Cycle::Year && fits(tax, said) => (tax, said),
        _ => (tax, usual),
    };
    usual.into_iter().map(with).collect()
}

fn fits(tax: Tax, cycle: Cycle) -> bool {
    sample(cycle).is_some_and(|period| tax.has(period.part()))
}

fn sample(cycle: Cycle) -> Option<Period> {
    match cycle {
        Cycle::Month => Period::month(2026, 1),
        Cycle::Quarter => Period::quarter(2026, 1),
        Cycle::Year => Period::year(2026),
    }
}

/// The periods of a filing whose law names a day in this month.
pub fn periods(filing: Filing, year: i16, month: i8) -> Vec<Period> {
    let (tax, cycle) = filing;
    let Some(this) = Period::month(year, month) else { return Vec::new() };
    let ended = match cycle {
        Cycle::Month => this.previous(),
        Cycle::Quarter if matches!(month, 1 | 4 | 7 | 10) => {
            this.previous().and_then(|last| Period::quarter(last.in_year(), last.last_month() / 3))
        }
        Cycle::Quarter => None,
        Cycle::Year => Period::year(year - 1),
    };
    let here = |period: &Period| {
        let base = tax.rule(*period).ok().map(|rule| rule.base);
        base.is_some_and(|base| (base.year(), base.month()) == (year, month))
    };
    ended.into_iter().filter(here).collect()
}

/// A return that is due, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duty {
    pub tax: Tax,
    pub period: Period,
    /// None where the province sets the day and none is on file.
    pub due: Option<Date>,
    pub published: bool,
    pub unannounced: bool,
}

impl Duty {
    fn of(tax: Tax, period: Period, due: Option<&Due>) -> Self {
        Self {
            tax,
            period,
            due: due.map(|due| due.date),
            published: due.is_some_and(|due| due.basis == Basis::Published),
            unannounced: due.is_some_and(|due| due.unannounced),
        }
    }
}

/// The calendar with the duties of a month worked out once for each group of like clients.
pub struct Planner<'c> {
    calendar: &'c TaxCalendar,
    known: HashMap<(Tax, Period, Region), Duty>,
}

impl<'c> Planner<'c> {
    pub fn new(calendar: &'c TaxCalendar) -> Self {
        Self { calendar, known: HashMap::new() }
    }

    /// One duty.
    pub fn duty(&mut self, tax: Tax, period: Period, region: &Region) -> Duty {
        let key = (tax, period, region.clone());
        let calendar = self.calendar;
        *self.known.entry(key).or_insert_with(|| {
            Duty::of(tax, period, calendar.due(tax, period, region).ok().as_ref())
        })
    }

    /// The duties of some filings in a month, by their day.
    pub fn month(
        &mut self,
        filings: &[Filing],
        region: &Region,
        year: i16,
        month: i8,
    ) -> Vec<Duty> {
        let due = filings.iter().flat_map(|filing| {
            periods(*filing, year, month).into_iter().map(|period| (filing.0, period))
        });
        let mut duties: Vec<Duty> =
            due.map(|(tax, period)| self.duty(tax, period, region)).collect();
        duties.sort_by_key(|duty| (duty.due.is_none(), duty.due, duty.tax));
        duties
    }
}

/// Clients that are alike to the calendar, and how many they are.
pub type Group = (Vec<Filing>, Region, i64);

/// A day that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub tax: Tax,
    pub period: Period,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub published: bool,
    pub duties: i64,
}

/// What a notice changes: days that move, and duties whose day stays but is certain now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moves {
    pub moved: Vec<Move>,
    pub confirmed: i64,
}

/// A return of a period, its day before and after, and whether the later one is published.
type Moved = (Tax, Period, Option<Date>, Option<Date>, bool);

/// Compares two calendars over the filing months of some years.
pub fn moves(before: &TaxCalendar, after: &TaxCalendar, years: &[i16], groups: &[Group]) -> Moves {
    let (mut old, mut new) = (Planner::new(before), Planner::new(after));
    let mut found: BTreeMap<Moved, i64> = BTreeMap::new();
    let mut confirmed = 0;
    for (filings, region, count) in groups {
        for (year, month) in years.iter().flat_map(|year| (1..=12).map(move |m| (*year, m))) {
            for filing in filings {
                for period in periods(*filing, year, month) {
                    let was = old.duty(filing.0, period, region);
                    let is = new.duty(filing.0, period, region);
                    if was.due != is.due {
                        let key = (filing.0, period, was.due, is.due, is.published);
                        *found.entry(key).or_default() += count;
                    } else if was != is {
                        confirmed += count;
                    }
                }
            }
        }
    }
    let moved = found.into_iter().map(|((tax, period, from, to, published), duties)| Move {
        tax,
        period,
        from,
        to,
        published,
        duties,
    });
    Moves { moved: moved.collect(), confirmed }
}

/// The general deadline of a month before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthMove {
    pub year: i16,
    pub month: i8,
    pub region: Region,
    pub from: Date,
    pub to: Date,
    pub published: bool,
}

/// Which months' general deadlines move in some regions.
pub fn month_moves(
    before: &TaxCalendar,
    after: &TaxCalendar,
    years: &[i16],
    regions: &[Region],
) -> Result<Vec<MonthMove>> {
    let mut found = Vec::new();
    for (year, region) in years.iter().flat_map(|y| regions.iter().map(move |r| (*y, r))) {
        for month in 1..=12 {
            let was = before.month(year, month, region)?;
            let is = after.month(year, month, region)?;
            if was.date != is.date {
                found.push(MonthMove {
                    year,
                    month,
                    region: region.clone(),
                    from: was.date,
                    to: is.date,
                    published: is.basis == Basis::Published,
                });
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fiscal::calendar::{HolidayRow, RestDay};
    use jiff::civil::date;

    fn keys(kind: Option<&str>, taxes: Option<&str>) -> Vec<&'static str> {
        filings(kind, taxes).into_iter().map(|(tax, _)| tax.key()).collect()
    }

    #[test]
    fn a_client_files_what_its_kind_and_its_taxes_say() {
        let general = filings(Some("general"), None);
        assert!(general.contains(&(Tax::VatG, Cycle::Month)));
        assert!(filings(Some("small"), None).contains(&(Tax::VatS, Cycle::Quarter)));
        assert!(!keys(None, None).contains(&"VAT_G") && keys(None, None).contains(&"CIT_P"));
        let named = keys(Some("general"), Some("增值税、个人所得税"));
        assert_eq!(named, ["VAT_G", "IIT_W", "FS", "FS", "PUB"]);
        let yearly = filings(Some("small"), Some("印花税（按年），增值税(按月)"));
        assert!(yearly.contains(&(Tax::Stamp, Cycle::Year)));
        assert!(yearly.contains(&(Tax::VatS, Cycle::Month)));
        assert!(!keys(Some("small"), Some("土地增值税")).contains(&"VAT_S"));
        assert!(keys(None, Some("个人所得税（经营所得）")).contains(&"IIT_B"));
    }

    #[test]
    fn a_period_is_due_in_the_month_the_law_names() {
        let of = |filing, year, month| {
            let all = periods(filing, year, month);
            all.into_iter().map(|p| p.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of((Tax::VatG, Cycle::Month), 2026, 1), ["2025-12"]);
        assert_eq!(of((Tax::CitP, Cycle::Quarter), 2026, 10), ["2026Q3"]);
        assert_eq!(of((Tax::CitP, Cycle::Quarter), 2027, 1), ["2026Q4"]);
        assert!(of((Tax::CitP, Cycle::Quarter), 2026, 11).is_empty());
        assert_eq!(of((Tax::CitY, Cycle::Year), 2026, 5), ["2025"]);
        assert!(of((Tax::CitY, Cycle::Year), 2026, 6).is_empty());
        assert_eq!(of((Tax::Stamp, Cycle::Year), 2027, 1), ["2026"]);
    }

    #[test]
    fn the_duties_of_a_month_come_by_their_day() {
        let calendar = TaxCalendar::statutory();
        let filings = filings(Some("general"), None);
        let duties = Planner::new(&calendar).month(&filings, &Region::national(), 2026, 5);
        let days: Vec<_> = duties.iter().map(|d| (d.tax.key(), d.due.unwrap())).collect();
        assert_eq!(days[0], ("VAT_G", date(2026, 5, 22)));
        assert!(days.contains(&("CIT_Y", date(2026, 6, 1))));
        let local = [(Tax::Soc, Cycle::Month)];
        let duties = Planner::new(&calendar).month(&local, &Region::national(), 2026, 5);
        assert_eq!(duties[0].due, None);
    }

    #[test]
    fn what_a_notice_moves_is_counted() {
        let before = TaxCalendar::statutory();
        let mut after = before.clone();
        let days = (1..=3).map(|day| HolidayRow {
            day: date(2027, 1, day),
            name: "元旦".to_owned(),
            kind: RestDay::Holiday,
        });
        after.holidays.announce(2027, days);
        let groups = vec![(filings(Some("general"), None), Region::national(), 7)];
        let found = moves(&before, &after, &[2027], &groups);
        let vat = found.moved.iter().find(|m| m.tax == Tax::VatG).unwrap();
        assert_eq!((vat.from, vat.to), (Some(date(2027, 1, 15)), Some(date(2027, 1, 20))));
        assert_eq!(vat.duties, 7);
        assert!(found.confirmed > 0, "the other months are certain now");
        let months = month_moves(&before, &after, &[2027], &[Region::national()]).unwrap();
        assert_eq!(months.len(), 1);
        assert_eq!(moves(&before, &before, &[2027], &groups), Moves::default());
    }
}
