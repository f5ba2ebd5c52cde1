//! The sentences of the calendar's steps.

use jiff::civil::Date;
use values::{Part, Period};

use super::due::{Run, Step};
use super::holidays::DayKind;
use super::published::Published;
use super::taxes::{Extension, Rule, Tax};

fn period_zh(period: Period) -> String {
    let year = period.in_year();
    match period.part() {
        Part::Month(month) => format!("{year} 年 {month} 月"),
        Part::Quarter(quarter) => format!("{year} 年第 {quarter} 季度"),
        Part::Year => format!("{year} 年度"),
    }
}

pub(super) fn base(tax: Tax, period: Period, rule: &Rule) -> Step {
    let (law_zh, law_en) = (rule.law_zh, rule.law_en);
    let (limit_zh, limit_en) = match rule.extension {
        Extension::Fifteenth => ("期满之日起 15 日内", "within 15 days after its end"),
        _ => ("法定期限", "the day in the law"),
    };
    Step::new(
        format!(
            "{}，所属期 {}：{limit_zh}申报（{law_zh}），基准日 {}",
            tax.zh(),
            period_zh(period),
            rule.base
        ),
        format!("{} for {period}: {limit_en} ({law_en}), base day {}", tax.en(), rule.base),
    )
}

pub(super) fn month(asked: Period) -> Step {
    Step::new(
        format!("{}征期：当月 1 日至 15 日", period_zh(asked)),
        format!("Filing month {asked}: from the 1st to the 15th"),
    )
}

pub(super) fn event(event: Date, days: u8, end: Date) -> Step {
    Step::new(
        format!("自 {event} 的次日起 {days} 日内，基准日 {end}"),
        format!("Within {days} days from the day after {event}, base day {end}"),
    )
}

pub(super) fn fixed() -> Step {
    Step::new("固定日期，不因节假日顺延", "A fixed day that holidays do not move")
}

pub(super) fn local(tax: Tax, period: Period) -> Step {
    Step::new(
        format!("{}，所属期 {}：期限由各省规定", tax.zh(), period_zh(period)),
        format!("{} for {period}: the day is set by each province", tax.en()),
    )
}

pub(super) fn no_break(start: Date, end: Date) -> Step {
    Step::new(
        format!("{start} 至 {end} 内没有连续 3 日以上的法定休假日，不延长（实施细则第一百零九条）"),
        format!(
            "No statutory break of 3 days or more from {start} to {end}: no extension \
             (Implementing Rules, art 109)"
        ),
    )
}

pub(super) fn a_break(run: &Run) -> Step {
    let Run { first, last, days, name } = run;
    Step::new(
        format!("期限内 {first} 至 {last} 连续休假 {days} 日（{name}）"),
        format!("Inside it {first} to {last} is a break of {days} days ({name})"),
    )
}

pub(super) fn extended(by: i32, end: Date, day: Date) -> Step {
    Step::new(
        format!("按休假日数顺延（实施细则第一百零九条）：{end} 之后的第 {by} 个工作日为 {day}"),
        format!(
            "Extended by as many days (Implementing Rules, art 109): \
             working day {by} after {end} is {day}"
        ),
    )
}

pub(super) fn made_up(days: &[Date]) -> Step {
    let list = |between: &str| days.iter().map(Date::to_string).collect::<Vec<_>>().join(between);
    Step::new(
        format!("其中 {} 为调休上班日，计为工作日", list("、")),
        format!("{} of these are make-up working days and count", list(", ")),
    )
}

pub(super) fn stands(base: Date, kind: DayKind) -> Step {
    if kind == DayKind::MakeUp {
        return Step::new(
            format!("{base} 是周末但为调休上班日，不顺延"),
            format!("{base} is a weekend day that is worked: it stands"),
        );
    }
    Step::new(format!("{base} 是工作日"), format!("{base} is a working day"))
}

pub(super) fn rolled(base: Date, kind: DayKind, name: Option<&str>, day: Date) -> Step {
    let (zh, en) = match (kind, name) {
        (DayKind::Holiday, Some(name)) => {
            (format!("放假日（{name}）"), format!("a holiday ({name})"))
        }
        _ => ("周末".to_owned(), "on a weekend".to_owned()),
    };
    Step::new(
        format!("{base} 是{zh}，顺延至休假日期满的次日 {day}（实施细则第一百零九条）"),
        format!("{base} is {en}: put off to the day after, {day} (Implementing Rules, art 109)"),
    )
}

pub(super) fn published(row: &Published, computed: Date) -> Step {
    let (year, month, day) = (row.year, row.month, row.deadline);
    let notice =
        if row.notice.is_empty() { String::new() } else { format!("（{}）", row.notice) };
    let (same_zh, same_en) = if day == computed {
        (String::new(), String::new())
    } else {
        (
            format!("，与推算的 {computed} 不同，以公布为准"),
            format!("; the rule gives {computed}, the published day wins"),
        )
    };
    let (region, tax_zh) = (row.region.name(), row.tax.map_or("", Tax::zh));
    let (where_en, tax_en) = (row.region.code(), row.tax.map_or("", Tax::en));
    Step::new(
        format!("{region}已公布 {year} 年 {month} 月{tax_zh}申报期限 {day}{notice}{same_zh}"),
        [
            "Published".to_owned(),
            (if where_en.is_empty() { "for the country" } else { "for region" }).to_owned(),
            where_en.to_owned(),
            tax_en.to_owned(),
            format!("({year}-{month:02}): {day}{notice}{same_en}"),
        ]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" "),
    )
}
