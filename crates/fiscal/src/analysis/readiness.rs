//! Ready for a loan (融资准备度): what a bank will ask about, point by point, each with its cause.
//!
//! Source: `quality_complaints.md` sections 7.2 and 7.4: the common core of banks' check-lists; a
//! statement goes stale after three months. Banks differ, so these are guideposts.

use jiff::civil::Date;
use serde::Serialize;
use values::Period;

use super::Book;
use super::ratios::{Ratio, Standing, Value};
use crate::Severity;
use crate::returns::Form;
use crate::statements::StatementKind;

/// How a point stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Required, and not there or wrong: a bank will send the papers back.
    NotReady,
    /// A bank will ask.
    Ask,
    /// Fine.
    Ready,
}

/// Where a point comes from; a screen opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cause {
    /// The statements of a period.
    Statements {
        /// The period.
        period: Period,
    },
    /// The returns of a form.
    Returns {
        /// The form.
        form: Form,
    },
    /// A broken rule.
    Rule {
        /// The rule.
        rule: String,
        /// The period it broke in.
        period: Period,
    },
    /// A ratio.
    Ratio {
        /// The ratio.
        id: &'static str,
    },
    /// A part of the client's archive.
    Archive {
        /// The field or list.
        item: &'static str,
    },
}

/// One thing that a bank will ask about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Point {
    /// How it stands.
    pub state: State,
    /// The Chinese sentence.
    pub zh: String,
    /// The English sentence.
    pub en: String,
    /// Where it comes from.
    pub cause: Cause,
}

/// A rule that is broken at present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The rule.
    pub rule: String,
    /// Its Chinese name.
    pub zh: String,
    /// The period.
    pub period: Period,
    /// How grave.
    pub severity: Severity,
}

/// A part of the archive that banks want to see: its name there, its names here, and whether it
/// is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The field or list.
    pub item: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// Whether something stands there.
    pub filled: bool,
}

/// All that the points are made from.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    /// The statements.
    pub book: Book<'a>,
    /// Form and period of each return that is there.
    pub returns: &'a [(Form, Period)],
    /// Rules broken at present.
    pub broken: &'a [Broken],
    /// The ratios of the latest period.
    pub ratios: &'a [Ratio],
    /// The archive's parts.
    pub kept: &'a [Kept],
    /// When the enterprise was founded, if known.
    pub founded: Option<Date>,
    /// Whether it files VAT as a general taxpayer, by the month; else by the quarter.
    pub general_taxpayer: bool,
    /// Today in the firm's zone.
    pub today: Date,
}

/// The points, gravest first.
#[must_use]
pub fn readiness(known: &Known<'_>) -> Vec<Point> {
    let mut points = Vec::new();
    years(known, &mut points);
    latest(known, &mut points);
    vat(known, &mut points);
    for broken in known.broken {
        let state = match broken.severity {
            Severity::Error => State::NotReady,
            Severity::Warning => State::Ask,
            Severity::Hint => continue,
        };
        let Broken { rule, zh, period, .. } = broken;
        points.push(Point {
            state,
            zh: format!("{period} 的勾稽关系 {rule}“{zh}”不成立"),
            en: format!("Rule {rule} is broken in {period}"),
            cause: Cause::Rule { rule: rule.clone(), period: *period },
        });
    }
    points.extend(known.ratios.iter().filter_map(of_ratio));
    points.extend(known.kept.iter().map(of_archive));
    points.sort_by_key(|point| point.state);
    points
}

/// The last three annual statements, or those since the founding.
fn years(known: &Known<'_>, points: &mut Vec<Point>) {
    let this = known.today.year();
    // The annual statements of last year are due with the annual return at the end of May.
    let last = if known.today.month() > 5 { this - 1 } else { this - 2 };
    for year in (last - 2..=last).filter_map(Period::year) {
        if known.founded.is_some_and(|founded| founded > year.last_day()) {
            continue;
        }
        let missing: Vec<_> = KINDS
            .into_iter()
            .filter(|kind| known.book.statement(*kind, year).is_none())
            .map(StatementKind::names)
            .collect();
        let (zh, en): (Vec<_>, Vec<_>) = missing.into_iter().unzip();
        let cause = Cause::Statements { period: year };
        points.push(if zh.is_empty() {
            let (zh, en) =
                (format!("{year} 年度报表齐全"), format!("Statements of {year} complete"));
            Point { state: State::Ready, zh, en, cause }
        } else {
            let zh = format!("缺 {year} 年度的{}", zh.join("、"));
            let en = format!("Missing for {year}: {}", en.join(", "));
            Point { state: State::NotReady, zh, en, cause }
        });
    }
}

const KINDS: [StatementKind; 3] =
    [StatementKind::BalanceSheet, StatementKind::Income, StatementKind::CashFlow];

/// The latest statements, not older than three months, and those of the same period a year before.
fn latest(known: &Known<'_>, points: &mut Vec<Point>) {
    let periods = known.book.periods();
    let Some(latest) = periods.last().copied() else { return };
    let stale = latest.last_day().saturating_add(jiff::Span::new().months(3)) < known.today;
    let cause = Cause::Statements { period: latest };
    points.push(if stale {
        let zh = format!("最近一期报表是 {latest}，已超过三个月");
        let en = format!("The latest statements are of {latest}, more than three months old");
        Point { state: State::Ask, zh, en, cause }
    } else {
        let zh = format!("最近一期报表 {latest} 在三个月之内");
        let en = format!("The latest statements, {latest}, are fresh");
        Point { state: State::Ready, zh, en, cause }
    });
    let Some(before) = latest.year_before() else { return };
    if known.book.statement(StatementKind::Income, before).is_none() {
        points.push(Point {
            state: State::Ask,
            zh: format!("缺上年同期（{before}）的报表，无法比较"),
            en: format!("No statements of the same period last year ({before}) to compare with"),
            cause: Cause::Statements { period: before },
        });
    }
}

/// The VAT returns of the last twelve months, and the last annual income tax return.
fn vat(known: &Known<'_>, points: &mut Vec<Point>) {
    let form = if known.general_taxpayer { Form::VatGeneral } else { Form::VatSmall };
    let filed = |period: Period| {
        let covers = |other: &Period| {
            other.first_day() <= period.first_day() && other.last_day() >= period.last_day()
        };
        known.returns.iter().any(|(of, other)| *of == form && covers(other))
    };
    let mut missing = Vec::new();
    // The month that has just ended is not due yet.
    let mut month =
        Period::month_of(known.today).and_then(Period::previous).and_then(Period::previous);
    for _ in 0..12 {
        let Some(at) = month else { break };
        let exists = known.founded.is_none_or(|founded| founded <= at.last_day());
        if exists && !filed(at) {
            missing.push(at.to_string());
        }
        month = at.previous();
    }
    missing.reverse();
    let cause = Cause::Returns { form };
    points.push(match missing.as_slice() {
        [] => Point {
            state: State::Ready,
            zh: "近十二个月的增值税申报表齐全".into(),
            en: "VAT returns of the last twelve months complete".into(),
            cause,
        },
        [first, .., last] => Point {
            state: State::NotReady,
            zh: format!("近十二个月缺 {} 个月的增值税申报表（{first} 至 {last}）", missing.len()),
            en: format!("{} VAT returns missing between {first} and {last}", missing.len()),
            cause,
        },
        [only] => Point {
            state: State::NotReady,
            zh: format!("缺 {only} 的增值税申报表"),
            en: format!("The VAT return of {only} is missing"),
            cause,
        },
    });
    let last = known.today.year() - if known.today.month() > 5 { 1 } else { 2 };
    let Some(year) = Period::year(last) else { return };
    let exists = known.founded.is_none_or(|founded| founded <= year.last_day());
    if exists && !known.returns.contains(&(Form::CitAnnual, year)) {
        points.push(Point {
            state: State::NotReady,
            zh: format!("缺 {year} 年度企业所得税申报表"),
            en: format!("The annual income tax return of {year} is missing"),
            cause: Cause::Returns { form: Form::CitAnnual },
        });
    }
}

fn of_ratio(ratio: &Ratio) -> Option<Point> {
    let (state, zh, en) = match ratio.standing? {
        Standing::Good => return None,
        Standing::Watch => (State::Ask, "偏离", "is off"),
        Standing::Alarm => (State::Ask, "明显偏离", "is far off"),
    };
    let Value::Known { .. } = ratio.value else { return None };
    Some(Point {
        state,
        zh: format!("{}{zh}经验值，请准备说明", ratio.zh),
        en: format!("{} {en} the usual value; have an explanation ready", ratio.en),
        cause: Cause::Ratio { id: ratio.id },
    })
}

fn of_archive(kept: &Kept) -> Point {
    let (state, zh, en) = if kept.filled {
        (State::Ready, format!("档案中有{}", kept.zh), format!("{}: on file", kept.en))
    } else {
        (State::NotReady, format!("档案中缺{}", kept.zh), format!("{}: missing", kept.en))
    };
    Point { state, zh, en, cause: Cause::Archive { item: kept.item } }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::tests::small;
    use super::*;
    use crate::statements::{Column, Statement};

    fn full(period: &str) -> [Statement; 3] {
        KINDS.map(|kind| {
            let column = match kind {
                StatementKind::BalanceSheet => Column::Closing,
                _ => Column::YearToDate,
            };
            small(kind, period, &[(column, &[])])
        })
    }

    fn known<'a>(statements: &'a [Statement], returns: &'a [(Form, Period)]) -> Known<'a> {
        Known {
            book: Book::new(statements),
            returns,
            broken: &[],
            ratios: &[],
            kept: &[],
            founded: Some(date(2024, 7, 1)),
            general_taxpayer: false,
            today: date(2026, 6, 10),
        }
    }

    fn said(points: &[Point]) -> Vec<&str> {
        points.iter().map(|point| point.zh.as_str()).collect()
    }

    #[test]
    fn a_young_firm_is_not_asked_for_years_before_its_founding() {
        let statements: Vec<_> =
            ["2024", "2025", "2025-03", "2026-03"].iter().flat_map(|period| full(period)).collect();
        let period = |text: &str| text.parse::<Period>().unwrap();
        let returns = [
            (Form::VatSmall, period("2025Q2")),
            (Form::VatSmall, period("2025Q3")),
            (Form::VatSmall, period("2025Q4")),
            (Form::VatSmall, period("2026Q1")),
            (Form::VatSmall, period("2026-04")),
            (Form::CitAnnual, period("2025")),
        ];
        let points = readiness(&known(&statements, &returns));
        assert!(points.iter().all(|point| point.state == State::Ready), "{:?}", said(&points));
        assert_eq!(points.len(), 4, "two years, the latest, VAT");
    }

    #[test]
    fn what_is_missing_is_named_and_goes_first() {
        let statements: Vec<_> = full("2025-11").into_iter().collect();
        let broken = [Broken {
            rule: "BS-01".into(),
            zh: "资产=负债+权益".into(),
            period: "2025-11".parse().unwrap(),
            severity: Severity::Error,
        }];
        let kept = [Kept { item: "shareholders", zh: "股东", en: "Shareholders", filled: false }];
        let known = Known { broken: &broken, kept: &kept, ..known(&statements, &[]) };
        let points = readiness(&known);
        let said = said(&points);
        assert!(said.contains(&"缺 2025 年度的资产负债表、利润表、现金流量表"), "{said:?}");
        assert!(said.contains(&"最近一期报表是 2025-11，已超过三个月"), "{said:?}");
        assert!(
            said.contains(&"近十二个月缺 12 个月的增值税申报表（2025-05 至 2026-04）"),
            "{said:?}"
        );
        assert!(said.contains(&"档案中缺股东"), "{said:?}");
        assert!(said.iter().any(|one| one.contains("BS-01")), "{said:?}");
        assert!(points.is_sorted_by_key(|point| point.state));
    }
}
