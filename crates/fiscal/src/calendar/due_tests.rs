//! The engine against every published month, and the cases that other readings get wrong.

use super::*;
use crate::calendar::{HolidayRow, RestDay};

fn due(tax: Tax, period: &str) -> Due {
    TaxCalendar::statutory().due(tax, period.parse().unwrap(), &Region::national()).unwrap()
}

fn without_publication() -> TaxCalendar {
    TaxCalendar { published: PublishedDeadlines::default(), ..TaxCalendar::statutory() }
}

#[test]
fn the_rule_gives_every_published_month() {
    let (by_rule, nation) = (without_publication(), Region::national());
    let mut compared = 0;
    for row in PublishedDeadlines::national().rows() {
        let computed = by_rule.month(row.year, row.month, &nation).unwrap();
        let told = (computed.date, computed.basis, computed.unannounced);
        assert_eq!(told, (row.deadline, Basis::Computed, false), "{}-{}", row.year, row.month);
        let published = TaxCalendar::statutory().month(row.year, row.month, &nation).unwrap();
        assert_eq!((published.date, published.basis), (row.deadline, Basis::Published));
        compared += 1;
    }
    assert_eq!(compared, 72);
}

#[test]
fn annual_filings_roll_and_are_never_extended() {
    let days = [
        ("2020", "2021-05-31"),
        ("2021", "2022-05-31"),
        ("2022", "2023-05-31"),
        ("2023", "2024-05-31"),
        ("2024", "2025-06-03"),
        ("2025", "2026-06-01"),
    ];
    for (period, day) in days {
        assert_eq!(due(Tax::CitY, period).date.to_string(), day);
        assert_eq!(due(Tax::Fs, period).date.to_string(), day);
    }
    assert_eq!(due(Tax::IitB, "2023").date, date(2024, 4, 1));
    assert_eq!(due(Tax::Pub, "2023").date, date(2024, 6, 30), "a Sunday, and it stands");
}

#[test]
fn a_weekend_joined_to_a_one_day_holiday_counts() {
    let computed = without_publication().month(2024, 6, &Region::national()).unwrap();
    assert_eq!(computed.date, date(2024, 6, 19));
    assert!(computed.steps.iter().any(|s| s.zh.contains("2024-06-08 至 2024-06-10 连续休假 3 日")));
    let cut = without_publication().month(2025, 6, &Region::national()).unwrap();
    assert_eq!(cut.date, date(2025, 6, 16), "only two days of the break lie inside June");
}

#[test]
fn a_make_up_working_day_counts_as_one() {
    let in_february = due(Tax::VatG, "2024-01");
    let steps: String = in_february.steps.iter().map(|s| s.zh.as_str()).collect();
    assert_eq!(in_february.date, date(2024, 2, 23));
    assert!(steps.contains("2024-02-18 为调休上班日"), "{steps}");
    let october = due(Tax::CitP, "2026Q3");
    assert_eq!((october.date, october.basis), (date(2026, 10, 26), Basis::Published));
    assert!(october.steps.iter().any(|s| s.zh.contains("第 7 个工作日为 2026-10-26")));
    let worked = HolidayRow { day: date(2028, 5, 14), name: String::new(), kind: RestDay::MakeUp };
    let mut calendar = without_publication();
    calendar.holidays.announce(2028, [worked]);
    let sunday = calendar.after_event(date(2028, 4, 29), 15);
    assert_eq!(sunday.date, date(2028, 5, 14), "a Sunday that is worked stands");
    assert!(sunday.steps.iter().any(|s| s.zh.contains("调休上班日")));
}

#[test]
fn days_after_an_event_are_extended_by_breaks_inside_them() {
    let calendar = TaxCalendar::statutory();
    let signed = calendar.after_event(date(2026, 9, 28), 15);
    assert_eq!(signed.date, date(2026, 10, 22), "seven working days after 10-13");
    let sold = calendar.after_event(date(2026, 6, 8), 7);
    assert_eq!(sold.date, date(2026, 6, 15));
    let on_a_weekend = calendar.after_event(date(2026, 7, 4), 7);
    assert_eq!(on_a_weekend.date, date(2026, 7, 13));
}

#[test]
fn a_year_that_is_not_announced_says_so() {
    let january = due(Tax::VatG, "2026-12");
    assert_eq!((january.date, january.basis), (date(2027, 1, 15), Basis::Computed));
    assert!(january.unannounced);
    assert!(january.steps.iter().any(|s| s.zh.contains("2027 年放假安排尚未公布")));
    assert!(january.steps.iter().any(|s| s.en.contains("not announced")));
    assert!(due(Tax::CitY, "2026").unannounced);
    assert!(!due(Tax::CitY, "2025").unannounced);
    let before = without_publication().month(2020, 10, &Region::national()).unwrap();
    assert!(before.unannounced && before.steps.iter().any(|s| s.zh.contains("未收录")));
}

#[test]
fn a_notice_moves_what_was_computed() {
    let mut calendar = TaxCalendar::statutory();
    let days = (1..=3).map(|day| HolidayRow {
        day: date(2027, 1, day),
        name: "元旦".to_owned(),
        kind: RestDay::Holiday,
    });
    calendar.holidays.announce(2027, days);
    let january = calendar.due(Tax::VatG, "2026-12".parse().unwrap(), &Region::national());
    let january = january.unwrap();
    assert_eq!((january.date, january.unannounced), (date(2027, 1, 20), false));
}

#[test]
fn a_published_day_wins_and_the_rule_is_still_told() {
    let mut calendar = TaxCalendar::statutory();
    calendar.published.publish(Published {
        year: 2026,
        month: 10,
        region: "440000".parse().unwrap(),
        tax: None,
        deadline: date(2026, 10, 28),
        notice: "粤税通〔2026〕1号".to_owned(),
    });
    let ask = |region: &str| {
        calendar.due(Tax::VatG, "2026-09".parse().unwrap(), &region.parse().unwrap()).unwrap()
    };
    assert_eq!(ask("").date, date(2026, 10, 26));
    assert_eq!(ask("310000").date, date(2026, 10, 26));
    let city = ask("440300");
    assert_eq!((city.date, city.basis), (date(2026, 10, 28), Basis::Published));
    let last = &city.steps.last().unwrap().zh;
    assert!(last.contains("广东省") && last.contains("与推算的 2026-10-26 不同"), "{last}");
    let yearly = calendar.due(Tax::CitY, "2025".parse().unwrap(), &Region::national()).unwrap();
    assert_eq!(yearly.basis, Basis::Computed, "a month's row says nothing of annual filings");
}

#[test]
fn what_a_province_sets_is_not_guessed() {
    let mut calendar = TaxCalendar::statutory();
    let ask = |calendar: &TaxCalendar| {
        calendar.due(Tax::Soc, "2026-09".parse().unwrap(), &"44".parse().unwrap())
    };
    let error = ask(&calendar).unwrap_err();
    assert_eq!((error.code(), error.kind()), ("calendar.by_province", Kind::NotFound));
    calendar.published.publish(Published {
        year: 2026,
        month: 10,
        region: "440000".parse().unwrap(),
        tax: Some(Tax::Soc),
        deadline: date(2026, 10, 27),
        notice: String::new(),
    });
    assert_eq!(ask(&calendar).unwrap().date, date(2026, 10, 27));
}

#[test]
fn a_month_knows_its_days() {
    let days = TaxCalendar::statutory().days(2026, 2);
    assert_eq!(days.len(), 28);
    assert_eq!(days.iter().filter(|(_, kind)| *kind == DayKind::MakeUp).count(), 2);
    assert_eq!(TaxCalendar::statutory().year(2026, &Region::national()).unwrap().len(), 12);
    assert!(TaxCalendar::statutory().days(2026, 13).is_empty());
}
