//! An invented client that balances in every respect, and small edits that break it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use values::{Fen, Period};

use super::{Case, Fact};
use crate::returns::{Form, Header, LineNo, Lines, Return, ReturnColumn};
use crate::statements::{Column, Figures, Layout, Standard, Statement, StatementKind, Unit};

const SAMPLE: &str = include_str!("sample.json");

pub(super) fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn fen(text: &Value) -> Fen {
    let text = text.as_str().unwrap();
    Fen(text.replace('.', "").parse().unwrap())
}

fn figures(of: &Value) -> Figures {
    let lines = of.as_object().unwrap();
    lines.iter().map(|(line, amount)| (line.parse().unwrap(), fen(amount))).collect()
}

fn lines(of: &Value) -> Lines {
    let lines = of.as_object().unwrap();
    lines.iter().map(|(line, amount)| (line.parse().unwrap(), fen(amount))).collect()
}

/// A statement of whole fen.
pub(super) fn statement(
    standard: Standard,
    period: Period,
    kind: StatementKind,
    columns: BTreeMap<Column, Figures>,
) -> Statement {
    Statement {
        standard,
        layout: Layout::Prescribed,
        kind,
        period,
        unit: Unit::Yuan,
        carries_fen: true,
        printed: columns.values().flat_map(|figures| figures.keys().copied()).collect(),
        columns,
        unlisted: Vec::new(),
        places: BTreeMap::new(),
    }
}

/// A return with one column.
pub(super) fn filed(form: Form, period: Period, lines: Lines) -> Return {
    Return {
        form,
        period,
        filed_on: None,
        columns: BTreeMap::from([(ReturnColumn::Main, lines)]),
        rows: Vec::new(),
        header: Header::default(),
    }
}

/// The first quarter of a small enterprise: three months of statements and VAT returns, and the
/// prepayment of income tax.
pub(super) fn small_client() -> Case {
    let sample: Value = serde_json::from_str(SAMPLE).unwrap();
    let mut case = Case::default();
    for (month, of) in sample["periods"].as_object().unwrap() {
        let month = period(month);
        let pair = |one, first: &str, other, second: &str| {
            BTreeMap::from([(one, figures(&of[first])), (other, figures(&of[second]))])
        };
        let mut add = |kind, columns| case.add(statement(Standard::Small, month, kind, columns));
        let balances = pair(Column::Closing, "BS_end", Column::Opening, "BS_begin");
        add(StatementKind::BalanceSheet, balances);
        let income = pair(Column::Current, "IS_month", Column::YearToDate, "IS_ytd");
        add(StatementKind::Income, income);
        let flows = pair(Column::Current, "CF_month", Column::YearToDate, "CF_ytd");
        add(StatementKind::CashFlow, flows);
        case.file(filed(Form::VatGeneral, month, lines(&of["VAT_general_month"])));
    }
    let mut prepayment = filed(Form::CitPrepayment, period("2026Q1"), lines(&sample["cit"]));
    prepayment.header = Header {
        staff_opening: Some(8),
        staff_closing: Some(8),
        assets_opening: Some(Fen(109_000_000)),
        assets_closing: Some(Fen(156_410_000)),
        restricted: Some(false),
        small_low_profit: Some(true),
        ..Header::default()
    };
    case.file(prepayment);
    case
}

/// Every line counts as printed, so that an edit may blank it.
pub(super) fn printed(kind: StatementKind, standard: Standard) -> BTreeSet<u16> {
    crate::statements::chart::lines(standard, kind).map(|line| line.number).collect()
}

/// Applies edits such as `bs30+1` (closing), `bs0.1-5` (opening), `ism2=0`, `isy1+3`, `cfy22+1`,
/// `vat11+1`, `cit18+1`, `-bs30` (blank), `-cf` (away), `RestrictedCash=50000`; amounts in yuan.
pub(super) fn edit(case: &mut Case, at: Period, edits: &str) {
    for one in edits.split_whitespace() {
        edit_one(case, at, one);
    }
}

fn edit_one(case: &mut Case, at: Period, text: &str) {
    if let Some((fact, value)) = text.split_once('=')
        && fact.starts_with(|c: char| c.is_ascii_uppercase())
    {
        let known = Fact::ALL.iter().find(|known| format!("{known:?}") == fact);
        let known = *known.unwrap_or_else(|| panic!("no fact {fact}"));
        let times = if known.measure() == super::Measure::Money { 100 } else { 1 };
        case.know(at, known, value.parse::<i64>().unwrap() * times);
        return;
    }
    let (text, blank) = text.strip_prefix('-').map_or((text, false), |text| (text, true));
    let names = [
        ("bs0.", Some((StatementKind::BalanceSheet, Column::Opening)), None),
        ("bs", Some((StatementKind::BalanceSheet, Column::Closing)), None),
        ("ism", Some((StatementKind::Income, Column::Current)), None),
        ("isy", Some((StatementKind::Income, Column::YearToDate)), None),
        ("isp", Some((StatementKind::Income, Column::Prior)), None),
        ("is", Some((StatementKind::Income, Column::YearToDate)), None),
        ("cfm", Some((StatementKind::CashFlow, Column::Current)), None),
        ("cfy", Some((StatementKind::CashFlow, Column::YearToDate)), None),
        ("cf", Some((StatementKind::CashFlow, Column::YearToDate)), None),
        ("vats", None, Some(Form::VatSmall)),
        ("vat", None, Some(Form::VatGeneral)),
        ("cit", None, Some(Form::CitPrepayment)),
        ("year", None, Some(Form::CitAnnual)),
    ];
    let (name, of, form) = names.into_iter().find(|(name, ..)| text.starts_with(name)).unwrap();
    let rest = &text[name.len()..];
    let at_sign = rest.find(['+', '-', '=']).unwrap_or(rest.len());
    let (line, change) = rest.split_at(at_sign);
    if let Some((kind, column)) = of {
        let key = (case.ending(at, kind).map_or(at, |found| found.period), kind);
        if line.is_empty() {
            case.statements.remove(&key);
            return;
        }
        let statement = case.statements.get_mut(&key).unwrap();
        let figures = statement.columns.entry(column).or_default();
        apply(figures, line.parse().unwrap(), change, blank);
    } else if let Some(form) = form {
        let key = (case.filed_ending(at, form).map_or(at, |found| found.period), form);
        if line.is_empty() {
            case.returns.remove(&key);
            return;
        }
        let found = case.returns.get_mut(&key).unwrap();
        let lines = found.columns.entry(ReturnColumn::Main).or_default();
        apply(lines, line.parse::<LineNo>().unwrap(), change, blank);
    }
}

fn apply<K: Ord>(into: &mut BTreeMap<K, Fen>, line: K, change: &str, blank: bool) {
    if blank {
        into.remove(&line);
        return;
    }
    let amount = |text: &str| Fen((text.parse::<f64>().unwrap() * 100.0).round() as i64);
    let slot = into.entry(line).or_default();
    *slot = match change.split_at(1) {
        ("+", text) => *slot + amount(text),
        ("-", text) => *slot - amount(text),
        (_, text) => amount(text),
    };
}
