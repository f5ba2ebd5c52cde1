//! The engine: from the day that the law names to the day a return is due, with every step.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use values::{Error, Kind, Period, Result};

use super::holidays::{DayKind, Holidays};
use super::published::{Published, PublishedDeadlines, Region};
use super::taxes::{Extension, Rule, Tax};
use super::words;

/// Whether a day was published or worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// A tax bureau published it.
    Published,
    /// It follows from the rule and is an estimate until published.
    Computed,
}

/// One step from the law's day to the due day, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Step {
    /// A step in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// When something is due, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The last day.
    pub date: Date,
    /// Published or computed.
    pub basis: Basis,
    /// How the day comes about.
    pub steps: Vec<Step>,
    /// Whether a year it was computed from is not announced, so that the day may still move.
    pub unannounced: bool,
}

/// Holidays and published deadlines together.
#[derive(Debug, Clone, Default)]
pub struct TaxCalendar {
    /// The holidays it counts with.
    pub holidays: Holidays,
    /// The deadlines that override what is counted.
    pub published: PublishedDeadlines,
}

/// A run of rest days inside a period.
pub(super) struct Run {
    pub first: Date,
    pub last: Date,
    pub days: i32,
    pub name: String,
}

impl TaxCalendar {
    /// What is known without anything that a firm imported: 2021 to 2026.
    #[must_use]
    pub fn statutory() -> Self {
        Self {
            holidays: Holidays::statutory().clone(),
            published: PublishedDeadlines::national().clone(),
        }
    }

    /// When a tax is due for a period in a region.
    ///
    /// # Errors
    /// When the tax has no returns for such a period, or its day is set by the province and none
    /// was published.
    pub fn due(&self, tax: Tax, period: Period, region: &Region) -> Result<Due> {
        let rule = tax.rule(period)?;
        let (year, month) = (rule.base.year(), rule.base.month());
        let general = rule.extension == Extension::Fifteenth;
        let row = self.published.find((year, month), region, Some(tax), general);
        if rule.extension == Extension::Local {
            return row.map(|row| local(tax, period, row)).ok_or_else(|| by_province(tax));
        }
        let mut due = self.by_rule(&rule, words::base(tax, period, &rule));
        if let Some(row) = row {
            override_by(&mut due, row);
        }
        Ok(due)
    }

    /// When returns that are due by the 15th of a month are due in it.
    ///
    /// # Errors
    /// When there is no such month.
    pub fn month(&self, year: i16, month: i8, region: &Region) -> Result<Due> {
        let asked = Period::month(year, month).ok_or_else(no_such_month)?;
        let rule = Rule {
            base: asked.first_day().saturating_add(jiff::Span::new().days(14)),
            extension: Extension::Fifteenth,
            law_zh: "",
            law_en: "",
        };
        let mut due = self.by_rule(&rule, words::month(asked));
        if let Some(row) = self.published.find((year, month), region, None, true) {
            override_by(&mut due, row);
        }
        Ok(due)
    }

    /// The general deadline of each month of a year.
    ///
    /// # Errors
    /// When Heng does not know the year.
    pub fn year(&self, year: i16, region: &Region) -> Result<Vec<Due>> {
        (1..=12).map(|month| self.month(year, month, region)).collect()
    }

    /// The day kinds of a month, from its first day on.
    #[must_use]
    pub fn days(&self, year: i16, month: i8) -> Vec<(Date, DayKind)> {
        let Some(period) = Period::month(year, month) else { return Vec::new() };
        let last = period.last_day().day();
        (1..=last).map(|day| date(year, month, day)).map(|d| (d, self.holidays.kind(d))).collect()
    }

    /// When something is due a number of days after an event, such as 15 days after a document
    /// was signed or 7 after real property was sold.
    #[must_use]
    pub fn after_event(&self, event: Date, days: u8) -> Due {
        let end = event.saturating_add(jiff::Span::new().days(i64::from(days)));
        let steps = vec![words::event(event, days, end)];
        self.counted(after(event), end, steps)
    }

    /// The day by the rule alone, whatever was published.
    ///
    /// # Errors
    /// As [`TaxCalendar::due`].
    pub fn computed(&self, tax: Tax, period: Period) -> Result<Due> {
        let rule = tax.rule(period)?;
        if rule.extension == Extension::Local {
            return Err(by_province(tax));
        }
        Ok(self.by_rule(&rule, words::base(tax, period, &rule)))
    }

    fn by_rule(&self, rule: &Rule, first: Step) -> Due {
        let steps = vec![first];
        match rule.extension {
            Extension::Fifteenth => self.counted(rule.base.first_of_month(), rule.base, steps),
            Extension::Roll => self.rolled(rule.base, steps),
            Extension::Fixed | Extension::Local => {
                let mut steps = steps;
                steps.push(words::fixed());
                Due { date: rule.base, basis: Basis::Computed, steps, unannounced: false }
            }
        }
    }

    /// Extended by the breaks from `start` to `end`; without one, rolled off a rest day.
    fn counted(&self, start: Date, end: Date, mut steps: Vec<Step>) -> Due {
        let breaks: Vec<Run> =
            self.runs(start, end).into_iter().filter(|run| run.days >= 3).collect();
        let extension: i32 = breaks.iter().map(|run| run.days).sum();
        if extension == 0 {
            steps.push(words::no_break(start, end));
            return self.rolled(end, steps);
        }
        steps.extend(breaks.iter().map(words::a_break));
        let (mut day, mut left, mut made_up) = (end, extension, Vec::new());
        while left > 0 && day < Date::MAX {
            day = after(day);
            if !self.holidays.is_rest(day) {
                left -= 1;
            }
            if self.holidays.kind(day) == DayKind::MakeUp {
                made_up.push(day);
            }
        }
        steps.push(words::extended(extension, end, day));
        if !made_up.is_empty() {
            steps.push(words::made_up(&made_up));
        }
        self.finish(day, (start, day), steps)
    }

    /// The first day that is no rest day, from `base` on.
    fn rolled(&self, base: Date, mut steps: Vec<Step>) -> Due {
        let mut day = base;
        while self.holidays.is_rest(day) && day < Date::MAX {
            day = after(day);
        }
        steps.push(if day == base {
            words::stands(base, self.holidays.kind(base))
        } else {
            words::rolled(base, self.holidays.kind(base), self.holidays.name(base), day)
        });
        self.finish(day, (base, day), steps)
    }

    fn finish(&self, day: Date, (from, to): (Date, Date), mut steps: Vec<Step>) -> Due {
        let unknown = (from.year()..=to.year()).find(|year| !self.holidays.announced(*year));
        steps.extend(unknown.map(Holidays::unannounced));
        Due { date: day, basis: Basis::Computed, steps, unannounced: unknown.is_some() }
    }

    /// The runs of rest days inside a period that hold a State Council holiday; a run is cut
    /// where the period begins and ends.
    fn runs(&self, start: Date, end: Date) -> Vec<Run> {
        let (mut runs, mut open) = (Vec::new(), None::<Run>);
        let mut day = start;
        while day <= end && day < Date::MAX {
            if self.holidays.is_rest(day) {
                let run = open.get_or_insert_with(|| Run {
                    first: day,
                    last: day,
                    days: 0,
                    name: String::new(),
                });
                (run.last, run.days) = (day, run.days + 1);
                if run.name.is_empty() && self.holidays.kind(day) == DayKind::Holiday {
                    run.name = self.holidays.name(day).unwrap_or("放假").to_owned();
                }
            } else {
                runs.extend(open.take());
            }
            day = after(day);
        }
        runs.extend(open);
        runs.retain(|run| !run.name.is_empty());
        runs
    }
}

/// The next day; the last of all days stays.
fn after(day: Date) -> Date {
    day.tomorrow().unwrap_or(day)
}

fn override_by(due: &mut Due, row: &Published) {
    due.steps.push(words::published(row, due.date));
    (due.date, due.basis, due.unannounced) = (row.deadline, Basis::Published, false);
}

fn local(tax: Tax, period: Period, row: &Published) -> Due {
    let steps = vec![words::local(tax, period), words::published(row, row.deadline)];
    Due { date: row.deadline, basis: Basis::Published, steps, unannounced: false }
}

fn by_province(tax: Tax) -> Error {
    Error::new(
        Kind::NotFound,
        "calendar.by_province",
        format!("{}的申报期限由各省规定，尚未登记所在地区的期限", tax.zh()),
        format!("{}: the day is set by each province, and none is on file", tax.en()),
    )
}

fn no_such_month() -> Error {
    Error::invalid("month", "calendar.month", "没有这个月份", "There is no such month")
}

#[cfg(test)]
#[path = "due_tests.rs"]
mod tests;
