//! An invented client that balances in every respect, and small edits that break it.

use std::collections::BTreeMap;

use serde_json::Value;
use values::{Fen, Period};

use super::{Case, Fact, Given, Receiver};
use crate::returns::{Form, Header, LineNo, Lines, Return, ReturnColumn, Row};
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

/// Applies edits such as `bs30+1` (closing), `bs0.1-5` (opening), `ism2=0`, `isy1+3`, `cfy22+1`,
/// `vat11+1`, `cit18+1`, `-bs30` (blank), `-cf` (away), `RestrictedCash=50000`; amounts in yuan.
pub(super) fn edit(case: &mut Case, at: Period, edits: &str) {
    for one in edits.split_whitespace() {
        edit_one(case, at, one);
    }
}

fn edit_one(case: &mut Case, at: Period, text: &str) {
    if let Some((other, rest)) = text.split_once(':') {
        return edit_one(case, period(other), rest);
    }
    if edit_more(case, at, text) {
        return;
    }
    let fact_of = |name: &str| {
        let known = Fact::ALL.iter().find(|known| format!("{known:?}") == name);
        *known.unwrap_or_else(|| panic!("no fact {name}"))
    };
    if let Some(fact) = text.strip_prefix('-')
        && fact.starts_with(|c: char| c.is_ascii_uppercase())
    {
        case.facts.remove(&(Some(at), fact_of(fact)));
        return;
    }
    if let Some((fact, value)) = text.split_once('=')
        && fact.starts_with(|c: char| c.is_ascii_uppercase())
    {
        let known = fact_of(fact);
        let times = if known.measure() == super::Measure::Money { 100.0 } else { 1.0 };
        case.know(at, known, (value.parse::<f64>().unwrap() * times).round() as i64);
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
        ("vaty", None, Some(Form::VatGeneral)),
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
        let all = if name == "vaty" { ReturnColumn::MainToDate } else { ReturnColumn::Main };
        let lines = found.columns.entry(all).or_default();
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

/// The invented clients.
#[derive(Debug, Clone, Copy)]
pub(super) enum Base {
    /// A small enterprise's first quarter.
    Small,
    /// An enterprise under the general standard.
    General,
    /// A small-scale taxpayer's four quarters.
    VatSmall,
    /// A whole year with its annual return.
    Year,
    /// The small enterprise with withholding, stamp duty and copies given to the tax bureau.
    Returns,
}

impl Base {
    pub(super) fn case(self) -> Case {
        match self {
            Self::Small => small_client(),
            Self::General => general_client(),
            Self::VatSmall => small_scale_client(),
            Self::Year => year_client(),
            Self::Returns => client_with_returns(),
        }
    }
}

fn yuan(pairs: &[(u16, i64)]) -> Figures {
    pairs.iter().map(|(line, amount)| (*line, Fen::from_yuan(amount * 1000))).collect()
}

/// A month under the general standard; in thousands.
fn general_client() -> Case {
    let (month, mut case) = (period("2026-03"), Case::default());
    let mut add = |kind, columns| {
        case.add(statement(Standard::General, month, kind, BTreeMap::from(columns)));
    };
    let balance = |cash, receivable, payable, retained| {
        let current = cash + receivable + 300;
        let (owed, equity) = (400 + payable, 1100 + retained);
        yuan(&[
            (1, cash),
            (5, receivable),
            (9, 300),
            (14, current),
            (22, 700),
            (33, 700),
            (34, current + 700),
            (35, 400),
            (39, payable),
            (48, owed),
            (60, owed),
            (61, 1000),
            (69, 100),
            (70, retained),
            (71, equity),
            (72, owed + equity),
        ])
    };
    add(
        StatementKind::BalanceSheet,
        [
            (Column::Closing, balance(1000, 500, 300, 700)),
            (Column::Opening, balance(800, 400, 200, 500)),
        ],
    );
    let income = yuan(&[
        (1, 1000),
        (2, 600),
        (3, 10),
        (4, 50),
        (5, 60),
        (6, 30),
        (7, 20),
        (8, 22),
        (9, 2),
        (19, 230),
        (22, 230),
        (23, 30),
        (24, 200),
        (25, 200),
    ]);
    add(StatementKind::Income, [(Column::Current, income.clone()), (Column::YearToDate, income)]);
    let flows = yuan(&[
        (1, 1030),
        (4, 1030),
        (5, 500),
        (6, 150),
        (7, 80),
        (8, 78),
        (9, 808),
        (10, 222),
        (28, 22),
        (30, 22),
        (31, -22),
        (33, 200),
        (34, 800),
        (35, 1000),
    ]);
    add(StatementKind::CashFlow, [(Column::Current, flows.clone()), (Column::YearToDate, flows)]);
    case
}

/// Four quarters of 400,000 yuan each, taxed at 3% reduced to 1%.
fn small_scale_client() -> Case {
    let mut case = Case::default();
    let of = |pairs: &[(u16, i64)]| -> Lines {
        pairs.iter().map(|(line, amount)| (LineNo::new(*line), Fen::from_yuan(*amount))).collect()
    };
    for quarter in ["2025Q2", "2025Q3", "2025Q4", "2026Q1"] {
        let lines = of(&[
            (1, 400_000),
            (3, 400_000),
            (15, 12_000),
            (16, 8_000),
            (20, 4_000),
            (22, 4_000),
            (23, 140),
            (24, 60),
            (25, 40),
        ]);
        case.file(filed(Form::VatSmall, period(quarter), lines));
    }
    let income = yuan(&[(1, 400), (2, 300), (21, 100), (30, 100), (32, 100)]);
    let columns = BTreeMap::from([(Column::Current, income.clone()), (Column::YearToDate, income)]);
    case.add(statement(Standard::Small, period("2026Q1"), StatementKind::Income, columns));
    case
}

/// The small enterprise, whose year is over after three months, and its year before.
fn year_client() -> Case {
    let mut case = small_client();
    let (march, year) = (period("2026-03"), period("2026"));
    for kind in [StatementKind::BalanceSheet, StatementKind::Income, StatementKind::CashFlow] {
        let last = case.statement(march, kind).unwrap().clone();
        let mut december = last.clone();
        december.period = period("2026-12");
        let mut quarter = last.clone();
        quarter.period = period("2026Q1");
        let (mut annual, mut before) = (last.clone(), last);
        (annual.period, before.period) = (year, period("2025"));
        if kind == StatementKind::BalanceSheet {
            let opening = annual.columns[&Column::Opening].clone();
            before.columns = BTreeMap::from([(Column::Closing, opening)]);
        } else {
            let whole = annual.columns[&Column::YearToDate].clone();
            let columns = [(Column::Current, whole.clone()), (Column::Prior, whole.clone())];
            annual.columns = BTreeMap::from(columns);
            before.columns = BTreeMap::from([(Column::Current, whole.clone())]);
            let both = [(Column::Current, whole.clone()), (Column::YearToDate, whole)];
            quarter.columns = BTreeMap::from(both);
            case.add(quarter);
        }
        case.add(december);
        case.add(annual);
        case.add(before);
    }
    let prepayment = case.filed(period("2026Q1"), Form::CitPrepayment).unwrap().clone();
    let mut lines: Lines = prepayment.columns[&ReturnColumn::Main]
        .iter()
        .filter(|(line, _)| line.whole <= 18)
        .map(|(line, amount)| (*line, *amount))
        .collect();
    let of = |line: u16| prepayment.main(LineNo::new(line)).unwrap();
    for (line, amount) in [
        (24, of(18)),
        (28, of(18)),
        (29, of(26)),
        (30, of(27)),
        (31, of(28)),
        (33, of(32)),
        (36, of(32)),
        (37, of(32)),
    ] {
        lines.insert(LineNo::new(line), amount);
    }
    case.file(filed(Form::CitAnnual, year, lines));
    case
}

fn client_with_returns() -> Case {
    let mut case = small_client();
    let cells = |pairs: &[(u16, i64)]| -> Lines {
        pairs.iter().map(|(line, fen)| (LineNo::new(*line), Fen(*fen))).collect()
    };
    let row = |item: &str, pairs: &[(u16, i64)]| Row { item: item.to_owned(), cells: cells(pairs) };
    let mut withheld = filed(Form::IitWithholding, period("2026-03"), Lines::new());
    // 1,000 yuan at 3%; 1,000 yuan of dividends at 20%.
    withheld.rows = vec![
        row("工资薪金", &[(8, 2_000_000), (33, 100_000), (34, 3), (36, 3_000), (39, 3_000)]),
        row(
            "利息、股息、红利所得",
            &[(8, 100_000), (33, 100_000), (34, 20), (36, 20_000), (39, 20_000)],
        ),
    ];
    case.file(withheld);
    let mut stamp = filed(Form::Stamp, period("2026Q1"), Lines::new());
    stamp.rows = vec![row("借款合同", &[(2, 500)]), row("买卖合同", &[(2, 60_000)])];
    case.file(stamp);
    case.given = case
        .statements
        .values()
        .map(|statement| Given { to: Receiver::TaxBureau, statement: statement.clone() })
        .collect();
    case
}

/// The larger edits: a period before a colon, a column away, copies, rows, the header.
fn edit_more(case: &mut Case, at: Period, text: &str) -> bool {
    match text {
        "-given" => case.given.clear(),
        "-rows" => {
            for of in case.returns.values_mut() {
                of.rows.clear();
            }
        }
        "-header" => {
            for of in case.returns.values_mut() {
                of.header = Header::default();
            }
        }
        "row36+1" => {
            let filed = case.returns.get_mut(&(at, Form::IitWithholding)).unwrap();
            *filed.rows[0].cells.get_mut(&LineNo::new(36)).unwrap() = Fen(3_100);
        }
        "std=General" => {
            for ((period, _), of) in &mut case.statements {
                if *period == at {
                    of.standard = Standard::General;
                }
            }
        }
        "~vaty" => {
            let filed = case.returns.get_mut(&(at, Form::VatGeneral)).unwrap();
            filed.columns.remove(&ReturnColumn::MainToDate);
        }
        "~bs" | "~ism" | "~isy" => {
            let (kind, column) = match text {
                "~bs" => (StatementKind::BalanceSheet, Column::Closing),
                "~ism" => (StatementKind::Income, Column::Current),
                _ => (StatementKind::Income, Column::YearToDate),
            };
            case.statements.get_mut(&(at, kind)).unwrap().columns.remove(&column);
        }
        _ => return false,
    }
    true
}
