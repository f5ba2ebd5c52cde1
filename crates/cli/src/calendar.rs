//! `heng calendar`: due dates and the year of filing months. Needs no store, key or configuration.

use fiscal::calendar::{Basis, Due, Holidays, Region, RestDay, TaxCalendar};
use jiff::civil::Date;
use serde_json::{Value, json};
use values::{Error, Period, Result};

use crate::args::{CalendarDue, CalendarVerb, CalendarYear};
use crate::output::{Output, Verdict};

/// Answers one question.
pub fn run(verb: &CalendarVerb, output: &Output) -> Result<Verdict> {
    match verb {
        CalendarVerb::Due(asked) => due(asked, output),
        CalendarVerb::Year(asked) => year(asked, output),
    }
}

fn due(asked: &CalendarDue, output: &Output) -> Result<Verdict> {
    let (tax, region) = (asked.tax.parse()?, asked.region.parse()?);
    let due = TaxCalendar::statutory().due(tax, asked.period.parse()?, &region)?;
    let steps: Vec<&str> = due.steps.iter().map(|s| output.say(&s.zh, &s.en)).collect();
    let answer = json!({ "due": due.date.to_string(), "basis": due.basis, "steps": steps });
    output.answer(&answer, || {
        let mut lines = vec![format!("{}  {}", due.date, basis(&due, output))];
        lines.extend(steps.iter().map(|step| format!("  {step}")));
        lines.join("\n")
    })
}

fn basis<'t>(due: &Due, output: &Output) -> &'t str {
    match (due.basis, due.unannounced, output.is_english()) {
        (Basis::Published, _, false) => "已公布",
        (Basis::Published, _, true) => "published",
        (Basis::Computed, false, false) => "推算，尚未公布",
        (Basis::Computed, false, true) => "computed, not yet published",
        (Basis::Computed, true, false) => "推算，放假安排尚未公布",
        (Basis::Computed, true, true) => "computed, holidays not announced yet",
    }
}

/// One month of the year as it is printed.
struct Month {
    period: Period,
    due: Due,
    holidays: Vec<(Date, String)>,
    make_up: Vec<Date>,
}

fn year(asked: &CalendarYear, output: &Output) -> Result<Verdict> {
    let region: Region = asked.region.parse()?;
    let calendar = TaxCalendar::statutory();
    let months: Vec<Month> = (1..=12)
        .map(|month| month_of(&calendar, asked.year, month, &region))
        .collect::<Result<_>>()?;
    let announced = calendar.holidays.announced(asked.year);
    let answer = json!({
        "year": asked.year,
        "region": region.code(),
        "announced": announced,
        "months": months.iter().map(|month| month.json(output)).collect::<Vec<_>>(),
    });
    output.answer(&answer, || {
        let mut lines: Vec<String> = months.iter().map(|month| month.line(output)).collect();
        if !announced {
            let said = Holidays::unannounced(asked.year);
            lines.insert(0, output.say(&said.zh, &said.en).to_owned());
        }
        lines.join("\n")
    })
}

fn month_of(calendar: &TaxCalendar, year: i16, month: i8, region: &Region) -> Result<Month> {
    let period = Period::month(year, month).ok_or_else(|| {
        let (zh, en) = ("年份应在 1949 至 2999 之间", "The year must be between 1949 and 2999");
        Error::invalid("year", "calendar.year", zh, en)
    })?;
    let (mut holidays, mut make_up) = (Vec::new(), Vec::new());
    let named = calendar.holidays.named(period.first_day(), period.last_day());
    for (day, kind, name) in named {
        match kind {
            RestDay::Holiday => holidays.push((day, name.to_owned())),
            RestDay::MakeUp => make_up.push(day),
        }
    }
    Ok(Month { period, due: calendar.month(year, month, region)?, holidays, make_up })
}

impl Month {
    fn json(&self, output: &Output) -> Value {
        let holidays: Vec<_> = self
            .holidays
            .iter()
            .map(|(day, name)| json!({ "date": day.to_string(), "name": name }))
            .collect();
        let make_up: Vec<_> = self.make_up.iter().map(Date::to_string).collect();
        let steps: Vec<_> = self.due.steps.iter().map(|s| output.say(&s.zh, &s.en)).collect();
        json!({
            "month": self.period.to_string(),
            "due": self.due.date.to_string(),
            "basis": self.due.basis,
            "announced": !self.due.unannounced,
            "holidays": holidays,
            "make_up_days": make_up,
            "steps": steps,
        })
    }

    fn line(&self, output: &Output) -> String {
        let mut line = format!("{}  {}  {}", self.period, self.due.date, basis(&self.due, output));
        if !self.holidays.is_empty() {
            let days = runs(&self.holidays);
            line.push_str(&format!("  {} {days}", output.say("休", "off")));
        }
        if !self.make_up.is_empty() {
            let days: Vec<_> = self.make_up.iter().map(|day| day.strftime("%m-%d")).collect();
            let days: Vec<_> = days.iter().map(ToString::to_string).collect();
            line.push_str(&format!("  {} {}", output.say("班", "worked"), days.join(" ")));
        }
        line
    }
}

/// Neighbouring days of one name as one: 国庆节 10-01–10-07.
fn runs(days: &[(Date, String)]) -> String {
    let mut found: Vec<(Date, Date, &str)> = Vec::new();
    for (day, name) in days {
        match found.last_mut() {
            Some((_, last, of)) if *of == name && last.tomorrow().ok() == Some(*day) => {
                *last = *day;
            }
            _ => found.push((*day, *day, name)),
        }
    }
    let short = |day: Date| day.strftime("%m-%d").to_string();
    let said = found.into_iter().map(|(first, last, name)| {
        if first == last {
            format!("{name} {}", short(first))
        } else {
            format!("{name} {}–{}", short(first), short(last))
        }
    });
    said.collect::<Vec<_>>().join(" ")
}
