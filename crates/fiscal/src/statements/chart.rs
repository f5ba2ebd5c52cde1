//! The chart of statement lines: number, code, names, and how totals are made.
//!
//! `lines.csv` holds the forms that the standards prescribe, `before_2019.csv` what the older
//! general-enterprise forms have besides: lines of their own, numbered from 101, and totals made
//! otherwise. A line that both know keeps the number and code of the form of 2019, so rules that
//! name a line read any layout.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Layout, Standard, StatementKind};

/// How a line comes about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineKind {
    /// Entered.
    Item,
    /// "Of which" of the parent line; information, never added.
    Of(u16),
    /// Calculated: signed line numbers.
    Sum(Vec<(i8, u16)>),
    /// One figure for several lines; where it carries one, those are information.
    Covers(Vec<u16>),
    /// A cash inflow.
    In,
    /// A cash outflow, printed positive.
    Out,
}

/// One line of a statement form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The standard it belongs to.
    pub standard: Standard,
    /// The statement it belongs to.
    pub statement: StatementKind,
    /// Its number in the form.
    pub number: u16,
    /// Its stable name, such as `current_assets_total`.
    pub code: &'static str,
    /// The Chinese name as the form prints it.
    pub zh: &'static str,
    /// The English name.
    pub en: &'static str,
    /// How it comes about.
    pub kind: LineKind,
    /// What to know about it.
    pub note: &'static str,
}

/// The lines of one statement in one layout.
#[derive(Debug, Default)]
pub struct Chart {
    lines: Vec<Line>,
    numbers: Vec<Option<u16>>,
    codes: HashMap<&'static str, u16>,
}

impl Chart {
    fn of(lines: Vec<Line>) -> Self {
        let last = lines.iter().map(|line| line.number).max().unwrap_or_default();
        let mut chart = Self { numbers: vec![None; usize::from(last) + 1], ..Self::default() };
        for (index, line) in (0_u16..).zip(&lines) {
            if let Some(slot) = chart.numbers.get_mut(usize::from(line.number)) {
                *slot = Some(index);
            }
            chart.codes.insert(line.code, index);
        }
        chart.lines = lines;
        chart
    }

    /// All lines: in the form's order, then the older forms' own.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// One line by its number.
    #[must_use]
    pub fn line(&self, number: u16) -> Option<&Line> {
        let index = *self.numbers.get(usize::from(number))?.as_ref()?;
        self.lines.get(usize::from(index))
    }

    /// One line by its stable name.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Line> {
        self.lines.get(usize::from(*self.codes.get(code)?))
    }

    /// The signed lines that make a total; nothing when the line is no total.
    #[must_use]
    pub fn addends(&self, number: u16) -> &[(i8, u16)] {
        match self.line(number).map(|line| &line.kind) {
            Some(LineKind::Sum(addends)) => addends,
            _ => &[],
        }
    }
}

const fn place(kind: StatementKind) -> usize {
    match kind {
        StatementKind::BalanceSheet => 0,
        StatementKind::Income => 1,
        StatementKind::CashFlow => 2,
    }
}

static SMALL: LazyLock<[Chart; 3]> = LazyLock::new(|| charts(Standard::Small, &[PRESCRIBED]));
static GENERAL: LazyLock<[Chart; 3]> = LazyLock::new(|| charts(Standard::General, &[PRESCRIBED]));
static OLDER: LazyLock<[Chart; 3]> =
    LazyLock::new(|| charts(Standard::General, &[PRESCRIBED, BEFORE_2019]));
static NO_LINES: LazyLock<Chart> = LazyLock::new(Chart::default);

const PRESCRIBED: &str = include_str!("lines.csv");
const BEFORE_2019: &str = include_str!("before_2019.csv");

fn charts(standard: Standard, tables: &[&'static str]) -> [Chart; 3] {
    [StatementKind::BalanceSheet, StatementKind::Income, StatementKind::CashFlow].map(|kind| {
        let mut lines: Vec<Line> = Vec::new();
        for row in tables.iter().flat_map(|table| table.lines().skip(1)) {
            let Some(line) = read(row) else { continue };
            if line.standard != standard || line.statement != kind {
                continue;
            }
            match lines.iter_mut().find(|known| known.number == line.number) {
                Some(known) => *known = line,
                None => lines.push(line),
            }
        }
        Chart::of(lines)
    })
}

/// The chart for a standard and layout. A foreign row list is read with the older forms' lines too,
/// and the standard for small enterprises has had one form only.
#[must_use]
pub fn chart(standard: Standard, layout: Layout, statement: StatementKind) -> &'static Chart {
    let charts = match (standard, layout) {
        (Standard::Small, _) => &SMALL,
        (Standard::General, Layout::Prescribed) => &GENERAL,
        (Standard::General, Layout::Before2019 | Layout::Foreign) => &OLDER,
    };
    charts.get(place(statement)).unwrap_or(&NO_LINES)
}

/// The lines of one prescribed statement, in the form's order.
pub fn lines(standard: Standard, statement: StatementKind) -> impl Iterator<Item = &'static Line> {
    chart(standard, Layout::Prescribed, statement).lines().iter()
}

/// One line of a prescribed statement by its number.
#[must_use]
pub fn line(standard: Standard, statement: StatementKind, number: u16) -> Option<&'static Line> {
    chart(standard, Layout::Prescribed, statement).line(number)
}

/// One line of a prescribed statement by its stable name.
#[must_use]
pub fn by_code(standard: Standard, statement: StatementKind, code: &str) -> Option<&'static Line> {
    chart(standard, Layout::Prescribed, statement).by_code(code)
}

/// One row of the table; none when it is not understood, which a test would notice.
fn read(row: &'static str) -> Option<Line> {
    let fields = fields(row);
    let [standard, statement, number, code, zh, en, kind, formula, note] = *fields.as_slice()
    else {
        return None;
    };
    Some(Line {
        standard: match standard {
            "ASSE" => Standard::Small,
            "ASBE" => Standard::General,
            _ => return None,
        },
        statement: match statement {
            "BS" => StatementKind::BalanceSheet,
            "IS" => StatementKind::Income,
            "CF" => StatementKind::CashFlow,
            _ => return None,
        },
        number: number.parse().ok()?,
        code,
        zh,
        en,
        kind: match kind {
            "item" => LineKind::Item,
            "of" => LineKind::Of(formula.parse().ok()?),
            "sum" => LineKind::Sum(signed(formula)?),
            "covers" => LineKind::Covers(signed(formula)?.into_iter().map(|(_, l)| l).collect()),
            "in" => LineKind::In,
            "out" => LineKind::Out,
            _ => return None,
        },
        note,
    })
}

/// The fields of a row; a field in quotation marks may hold commas, none holds a quotation mark.
pub(crate) fn fields(row: &'static str) -> Vec<&'static str> {
    let mut fields = Vec::with_capacity(9);
    let mut rest = row;
    loop {
        let (field, after) = if let Some(quoted) = rest.strip_prefix('"') {
            let (field, after) = quoted.split_once('"').unwrap_or((quoted, ""));
            (field, after.strip_prefix(','))
        } else {
            rest.split_once(',').map_or((rest, None), |(field, after)| (field, Some(after)))
        };
        fields.push(field);
        let Some(after) = after else { return fields };
        rest = after;
    }
}

/// `1+2-3` and `Σ(1..13)` as signed lines.
fn signed(formula: &str) -> Option<Vec<(i8, u16)>> {
    let mut addends = Vec::new();
    let mut sign = 1_i8;
    for term in formula.split_inclusive(['+', '-']) {
        let name = term.trim_end_matches(['+', '-']);
        if let Some(run) = name.strip_prefix("Σ(").and_then(|run| run.strip_suffix(')')) {
            let (first, last) = run.split_once("..")?;
            let run = first.parse::<u16>().ok()?..=last.parse::<u16>().ok()?;
            addends.extend(run.map(|line| (sign, line)));
        } else {
            addends.push((sign, name.parse().ok()?));
        }
        sign = if term.ends_with('-') { -1 } else { 1 };
    }
    Some(addends)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Standard::{General, Small};
    use StatementKind::{BalanceSheet, CashFlow, Income};

    const ALL: [(Standard, StatementKind, usize); 6] = [
        (Small, BalanceSheet, 53),
        (Small, Income, 32),
        (Small, CashFlow, 22),
        (General, BalanceSheet, 72),
        (General, Income, 42),
        (General, CashFlow, 35),
    ];

    #[test]
    fn every_line_of_every_form_is_there_in_order() {
        for (standard, kind, count) in ALL {
            let numbers: Vec<_> =
                lines(standard, kind).map(|line| usize::from(line.number)).collect();
            assert_eq!(numbers, (1..=count).collect::<Vec<_>>(), "{standard:?} {kind:?}");
        }
        assert_eq!(ALL.iter().map(|(_, _, count)| count).sum::<usize>(), 256);
    }

    #[test]
    fn every_row_of_both_tables_is_understood() {
        for table in [PRESCRIBED, BEFORE_2019] {
            for row in table.lines().skip(1) {
                assert!(read(row).is_some(), "{row}");
            }
        }
    }

    #[test]
    fn formulas_and_parents_name_lines_of_the_same_form_and_codes_are_unique() {
        for layout in [Layout::Prescribed, Layout::Before2019, Layout::Foreign] {
            for (standard, kind, _) in ALL {
                let chart = chart(standard, layout, kind);
                for line in chart.lines() {
                    let names: Vec<u16> = match &line.kind {
                        LineKind::Sum(addends) => addends.iter().map(|(_, line)| *line).collect(),
                        LineKind::Covers(lines) => lines.clone(),
                        LineKind::Of(parent) => vec![*parent],
                        LineKind::Item | LineKind::In | LineKind::Out => Vec::new(),
                    };
                    for name in names {
                        assert!(chart.line(name).is_some_and(|other| other != line), "{line:?}");
                    }
                    assert_eq!(chart.by_code(line.code), Some(line));
                    assert!(!line.zh.is_empty() && !line.en.is_empty());
                }
            }
        }
    }

    #[test]
    fn formulas_are_read_with_their_signs() {
        assert_eq!(signed("18-19"), Some(vec![(1, 18), (-1, 19)]));
        assert_eq!(signed("2+Σ(5..7)-1"), Some(vec![(1, 2), (1, 5), (1, 6), (1, 7), (-1, 1)]));
        assert_eq!(signed("1+x"), None);
        let chart = chart(General, Layout::Prescribed, BalanceSheet);
        assert_eq!(chart.addends(14).len(), 13);
        assert_eq!(chart.addends(71).iter().find(|(_, line)| *line == 66), Some(&(-1, 66)));
        assert!(chart.addends(1).is_empty());
    }

    #[test]
    fn older_forms_keep_the_numbers_of_what_they_share() {
        let older = chart(General, Layout::Before2019, BalanceSheet);
        assert_eq!(older.by_code("cash").map(|line| line.number), Some(1));
        assert_eq!(older.by_code("held_to_maturity").map(|line| line.number), Some(105));
        assert!(older.addends(33).contains(&(1, 105)));
        let prescribed = chart(General, Layout::Prescribed, BalanceSheet);
        assert!(prescribed.by_code("held_to_maturity").is_none());
        let income = chart(General, Layout::Before2019, Income);
        assert!(income.addends(19).contains(&(-1, 101)), "impairment is deducted there");
        assert_eq!(chart(Small, Layout::Foreign, Income).lines().len(), 32);
    }

    #[test]
    fn a_field_in_quotation_marks_keeps_its_commas() {
        assert_eq!(fields("a,\"b, c\",,d"), ["a", "b, c", "", "d"]);
        assert_eq!(fields("a,\"b\""), ["a", "b"]);
        assert_eq!(fields("a,"), ["a", ""]);
    }
}
