//! The trial balance (科目余额表): its rows, and the lines of statements that follow from it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use values::{Fen, Part, Period};

use super::amounts::{self, Amount, Figure};
use super::doubts::{Doubt, Unreadable};
use super::{Cell, Row, Sheet, heads, periods};
use crate::statements::chart::{LineKind, chart};
use crate::statements::{Column, Figures, Layout, Place, Standard, Statement, StatementKind, Unit};

/// One account. Balances are positive where debit, negative where credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its code, digits only: 1002, 100201.
    pub code: String,
    /// Its name.
    pub name: String,
    /// At the beginning of the period or year.
    pub opening: Fen,
    /// Debits of the period.
    pub debit: Fen,
    /// Credits of the period.
    pub credit: Fen,
    /// Debits of the year to date, where the table has them.
    pub year_debit: Option<Fen>,
    /// Credits of the year to date.
    pub year_credit: Option<Fen>,
    /// At the end.
    pub closing: Fen,
    /// Where its code stands.
    pub place: Place,
}

/// A trial balance that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialBalance {
    /// The period.
    pub period: Period,
    /// Whether the file itself names the period.
    pub period_named: bool,
    /// The head says that the opening balances are those of the year, not of the period.
    pub opening_of_year: bool,
    /// The accounts, as listed.
    pub accounts: Vec<Account>,
    /// Where its head stands.
    pub place: Place,
    /// Cells that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// What was not certain.
    pub doubts: Vec<Doubt>,
}

/// Statements that follow from a trial balance.
#[derive(Debug, Clone, PartialEq)]
pub struct Derived {
    /// Balance sheet and income statement.
    pub statements: Vec<Statement>,
    /// Accounts with a balance or movement that no line takes, to be mapped once per client.
    pub unmapped: Vec<Account>,
    /// What was not certain: balances moved to the other side.
    pub doubts: Vec<Doubt>,
}

/// Accounts that a client maps by hand: the code, or the beginning of it, and the line's name.
pub type Mapping = BTreeMap<String, String>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part4 {
    Opening,
    Turnover,
    Year,
    Closing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Debit,
    Credit,
    /// One column of balances, with the side in a column before it or in the sign.
    Both,
    /// The column that says 借 or 贷.
    Word,
}

struct Table {
    code: usize,
    name: usize,
    body: usize,
    of_year: bool,
    columns: BTreeMap<(Part4, Side), usize>,
}

/// The trial balance that a sheet holds, if it holds one.
pub(crate) fn find(sheet: &Sheet, fallback: Period) -> Option<TrialBalance> {
    let table = table(sheet)?;
    let mut found = TrialBalance {
        period: fallback,
        period_named: false,
        opening_of_year: table.of_year,
        accounts: Vec::new(),
        place: sheet.place(sheet.rows.get(table.body)?.number, table.code),
        unreadable: Vec::new(),
        doubts: Vec::new(),
    };
    for row in sheet.rows.get(table.body..).unwrap_or_default() {
        let Some(code) = code(row, table.code) else { continue };
        let account = account(sheet, row, &table, code, &mut found.unreadable);
        found.accounts.push(account);
    }
    if found.accounts.len() < 3 {
        return None;
    }
    period(sheet, table.body, &mut found);
    Some(found)
}

fn period(sheet: &Sheet, body: usize, found: &mut TrialBalance) {
    let head = sheet.rows.get(..body).unwrap_or_default();
    let texts = head.iter().flat_map(|row| row.cells.iter().filter_map(Cell::text));
    let own = texts.filter(|text| !heads::is_other_day(text));
    let named = own.filter_map(periods::find).next().and_then(periods::Span::period);
    if let Some(period) = named {
        found.period = period;
        found.period_named = true;
        return;
    }
    for name in [&sheet.name, &sheet.file] {
        if let Some(period) = periods::find(name).and_then(periods::Span::period) {
            found.period = period;
            found.doubts.push(Doubt::period_from_name(name, period));
            return;
        }
    }
    found.doubts.push(Doubt::period_assumed(found.period));
}

fn table(sheet: &Sheet) -> Option<Table> {
    let position = |row: &Row, words: &[&str]| {
        row.cells.iter().position(|cell| {
            cell.text().is_some_and(|text| words.contains(&heads::bare(text).as_str()))
        })
    };
    let (head, code, name) = sheet.rows.iter().enumerate().take(20).find_map(|(index, row)| {
        let code = position(row, &["科目编码", "科目代码", "科目编号", "科目号", "编码"])?;
        let name = position(row, &["科目名称", "科目", "名称", "会计科目"])?;
        Some((index, code, name))
    })?;
    let body = sheet
        .rows
        .iter()
        .enumerate()
        .skip(head + 1)
        .find_map(|(index, row)| self::code(row, code).map(|_| index))?;
    let rows = sheet.rows.get(head..body)?;
    let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut columns = BTreeMap::new();
    for column in (0..width).filter(|column| *column != code && *column != name) {
        let found = if says_side_only(rows, column) {
            // 方向 stands before the balance that it is about, without saying which.
            meaning(sheet, rows, column + 1).map(|(part, _)| (part, Side::Word))
        } else {
            meaning(sheet, rows, column)
        };
        if let Some(found) = found {
            columns.entry(found).or_insert(column);
        }
    }
    let closing = columns.keys().any(|(part, _)| *part == Part4::Closing);
    let of_year = rows
        .iter()
        .flat_map(|row| row.cells.iter().filter_map(Cell::text))
        .any(|text| heads::bare(text).starts_with("年初"));
    (closing && columns.len() >= 2).then_some(Table { code, name, body, of_year, columns })
}

fn says_side_only(head: &[Row], column: usize) -> bool {
    let texts = head.iter().filter_map(|row| row.cells.get(column).and_then(Cell::text));
    let own: String = texts.map(heads::bare).collect();
    matches!(own.as_str(), "方向" | "借贷方向" | "借/贷" | "余额方向" | "借贷")
}

fn meaning(sheet: &Sheet, head: &[Row], column: usize) -> Option<(Part4, Side)> {
    let mut words = String::new();
    for row in head {
        let cell = row.cells.get(column).unwrap_or(&Cell::Blank);
        let covering = sheet.merged.iter().find(|range| {
            (range.first_row..=range.last_row).contains(&row.number)
                && (range.first_column..=range.last_column).contains(&column)
        });
        let text = match (cell.text(), covering) {
            (Some(text), _) if !cell.is_blank() => Some(text),
            (_, Some(range)) => sheet
                .rows
                .iter()
                .find(|row| row.number == range.first_row)
                .and_then(|row| row.cells.get(range.first_column)?.text()),
            (_, None) => {
                let left = row.cells.get(..column).unwrap_or_default();
                left.iter().rev().find(|cell| !cell.is_blank()).and_then(Cell::text)
            }
        };
        words.push_str(&text.map(heads::bare).unwrap_or_default());
    }
    let says = |word: &str| words.contains(word);
    let part = if says("期末") || says("年末") {
        Part4::Closing
    } else if says("累计") {
        Part4::Year
    } else if says("本期") || says("发生") || says("本月") {
        Part4::Turnover
    } else if says("期初") || says("年初") {
        Part4::Opening
    } else {
        return None;
    };
    let side = if says("方向") {
        Side::Word
    } else if says("借") && !says("贷") {
        Side::Debit
    } else if says("贷") && !says("借") {
        Side::Credit
    } else {
        Side::Both
    };
    Some((part, side))
}

/// The code of an account: digits, perhaps with dots or dashes between its levels.
fn code(row: &Row, column: usize) -> Option<String> {
    let text = match row.cells.get(column)? {
        Cell::Text(text) => heads::bare(text),
        Cell::Number(text) => text.clone(),
        _ => return None,
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let only = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '\''));
    (only && (4..=24).contains(&digits.len())).then_some(digits)
}

fn account(
    sheet: &Sheet,
    row: &Row,
    table: &Table,
    code: String,
    unreadable: &mut Vec<Unreadable>,
) -> Account {
    let name = row.cells.get(table.name).and_then(Cell::text).unwrap_or_default();
    let name = name.trim_matches(crate::text::is_blank).to_owned();
    let mut amount = |part: Part4, side: Side| -> Option<Fen> {
        let index = *table.columns.get(&(part, side))?;
        let cell = row.cells.get(index).unwrap_or(&Cell::Blank);
        match amounts::read(cell) {
            Amount::Figure(figure) => Figure::fen(figure, Unit::Yuan).map(|(fen, _)| fen),
            Amount::Blank | Amount::Words => Some(Fen::ZERO),
            Amount::Unreadable(fault) => {
                let place = sheet.place(row.number, index);
                unreadable.push(Unreadable::new(place, &name, fault));
                None
            }
        }
    };
    let mut balance = |part: Part4| -> Fen {
        if let Some(single) = amount(part, Side::Both) {
            let word = table
                .columns
                .get(&(part, Side::Word))
                .and_then(|index| row.cells.get(*index).and_then(Cell::text).map(heads::bare));
            return if word.is_some_and(|word| word.starts_with('贷')) { -single } else { single };
        }
        let debit = amount(part, Side::Debit).unwrap_or_default();
        debit - amount(part, Side::Credit).unwrap_or_default()
    };
    let (opening, closing) = (balance(Part4::Opening), balance(Part4::Closing));
    let debit = amount(Part4::Turnover, Side::Debit).unwrap_or_default();
    let credit = amount(Part4::Turnover, Side::Credit).unwrap_or_default();
    let year_debit = amount(Part4::Year, Side::Debit);
    let year_credit = amount(Part4::Year, Side::Credit);
    let place = sheet.place(row.number, table.code);
    Account { code, name, opening, debit, credit, year_debit, year_credit, closing, place }
}

const ACCOUNTS: &str = include_str!("accounts.csv");

/// Lines that a balance of the other sign is moved to.
const OTHER_SIDE: [(&str, &str); 6] = [
    ("accounts_receivable", "advances_received"),
    ("advances_received", "accounts_receivable"),
    ("accounts_payable", "prepayments"),
    ("prepayments", "accounts_payable"),
    ("other_receivables", "other_payables"),
    ("other_payables", "other_receivables"),
];

/// The lines that take an account: statement, line's name, and whether credit counts positive.
fn lines_of(standard: Standard, code: &str) -> Vec<(StatementKind, &'static str, bool)> {
    let own = match standard {
        Standard::Small => "small",
        Standard::General => "general",
    };
    let rows = ACCOUNTS.lines().skip(1).filter_map(|row| {
        let fields: Vec<&'static str> = row.split(',').collect();
        let [of, prefix, statement, line, sign] = *fields.as_slice() else { return None };
        let fits = (of == "both" || of == own) && code.starts_with(prefix);
        let kind =
            if statement == "BS" { StatementKind::BalanceSheet } else { StatementKind::Income };
        fits.then_some((kind, line, sign == "-"))
    });
    rows.collect()
}

fn mapped(
    standard: Standard,
    code: &str,
    mapping: &Mapping,
) -> Vec<(StatementKind, &'static str, bool)> {
    let chosen = mapping
        .iter()
        .filter(|(prefix, _)| code.starts_with(prefix.as_str()))
        .max_by_key(|(prefix, _)| prefix.len());
    let Some((_, wanted)) = chosen else { return lines_of(standard, code) };
    for kind in [StatementKind::BalanceSheet, StatementKind::Income] {
        let chart = chart(standard, Layout::Prescribed, kind);
        if let Some(line) = chart.by_code(wanted) {
            return vec![(kind, line.code, is_credit_line(kind, line.code, line.number))];
        }
    }
    Vec::new()
}

/// Whether a line grows with credits: liabilities and equity, income.
fn is_credit_line(kind: StatementKind, code: &str, number: u16) -> bool {
    match kind {
        StatementKind::BalanceSheet => {
            let assets = ["assets_total", "accumulated_depreciation"];
            assets.iter().all(|asset| *asset != code) && number > 30 && !code.contains("assets")
        }
        _ => ["revenue", "income", "gain", "grants"].iter().any(|word| code.contains(word)),
    }
}

/// The statements that a trial balance gives. Leaf accounts are taken, so that a receivable with
/// a credit balance is shown among the liabilities, as the forms ask.
#[must_use]
pub fn derive(balance: &TrialBalance, standard: Standard, mapping: &Mapping) -> Derived {
    let codes: BTreeSet<&str> = balance.accounts.iter().map(|one| one.code.as_str()).collect();
    let is_leaf = |code: &str| {
        let after = (std::ops::Bound::Excluded(code), std::ops::Bound::Unbounded);
        codes.range::<str, _>(after).next().is_none_or(|next| !next.starts_with(code))
    };
    let mut totals: BTreeMap<(StatementKind, Column, u16), Fen> = BTreeMap::new();
    let mut derived =
        Derived { statements: Vec::new(), unmapped: Vec::new(), doubts: balance.doubts.clone() };
    let mut seen = BTreeSet::new();
    for account in balance.accounts.iter().filter(|account| is_leaf(&account.code)) {
        if !seen.insert(account.code.as_str()) {
            continue;
        }
        let lines = mapped(standard, &account.code, mapping);
        if lines.is_empty() {
            let moved = [account.opening, account.closing, account.debit, account.credit];
            if moved.iter().any(|fen| *fen != Fen::ZERO) {
                derived.unmapped.push(account.clone());
            }
            continue;
        }
        for (kind, code, credit) in lines {
            for (column, fen) in figures(balance, account, kind, credit) {
                let code = turned(code, fen, account, column, &mut derived.doubts);
                let fen = if code.1 { -fen } else { fen };
                let chart = chart(standard, Layout::Prescribed, kind);
                let Some(line) = chart.by_code(code.0) else { continue };
                let total = totals.entry((kind, column, line.number)).or_default();
                *total = *total + fen;
            }
        }
    }
    for kind in [StatementKind::BalanceSheet, StatementKind::Income] {
        let year = balance.accounts.iter().any(|account| account.year_debit.is_some());
        derived.statements.push(statement(balance, standard, kind, year, &totals));
    }
    derived
}

/// The line that really takes a balance, and whether its sign turns.
fn turned(
    code: &'static str,
    fen: Fen,
    account: &Account,
    column: Column,
    doubts: &mut Vec<Doubt>,
) -> (&'static str, bool) {
    let other = OTHER_SIDE.iter().find(|(from, _)| *from == code);
    match other {
        Some((_, to)) if fen.is_negative() && !account.code.starts_with("1231") => {
            if column == Column::Closing {
                let zh =
                    format!("科目 {} {} 余额方向相反，列入对方项目", account.code, account.name);
                let en = format!(
                    "Account {} {} has the other sign and is shown on the other side",
                    account.code, account.name
                );
                doubts.push(Doubt::new("account.turned", zh, en).at(account.place.clone()));
            }
            (to, true)
        }
        _ => (code, false),
    }
}

/// The balance at the beginning of the year, where the table tells it.
fn year_opening(balance: &TrialBalance, account: &Account) -> Option<Fen> {
    if balance.opening_of_year || balance.period.first_month() == 1 {
        return Some(account.opening);
    }
    Some(account.closing - (account.year_debit? - account.year_credit?))
}

fn figures(
    balance: &TrialBalance,
    account: &Account,
    kind: StatementKind,
    credit: bool,
) -> Vec<(Column, Fen)> {
    if kind == StatementKind::BalanceSheet {
        let signed = |fen: Fen| if credit { -fen } else { fen };
        let mut figures = vec![(Column::Closing, signed(account.closing))];
        let opening = year_opening(balance, account);
        figures.extend(opening.map(|fen| (Column::Opening, signed(fen))));
        return figures;
    }
    // Closing the books books the same amount on the other side, so the own side is the flow.
    let mut figures = vec![(Column::Current, if credit { account.credit } else { account.debit })];
    let year = if credit { account.year_credit } else { account.year_debit };
    figures.extend(year.map(|fen| (Column::YearToDate, fen)));
    figures
}

fn statement(
    balance: &TrialBalance,
    standard: Standard,
    kind: StatementKind,
    year: bool,
    totals: &BTreeMap<(StatementKind, Column, u16), Fen>,
) -> Statement {
    let chart = chart(standard, Layout::Prescribed, kind);
    let mut columns: BTreeMap<Column, Figures> = BTreeMap::new();
    for ((of, column, line), fen) in totals {
        if *of == kind {
            columns.entry(*column).or_default().insert(*line, *fen);
        }
    }
    let annual = matches!(balance.period.part(), Part::Year);
    if kind == StatementKind::Income
        && annual
        && !year
        && let Some(current) = columns.get(&Column::Current).cloned()
    {
        columns.insert(Column::YearToDate, current);
    }
    for figures in columns.values_mut() {
        // A total may stand above one that it adds up; no form is deeper than four.
        for _ in 0..4 {
            for line in chart.lines() {
                let LineKind::Sum(addends) = &line.kind else { continue };
                let sum = addends.iter().map(|(sign, addend)| {
                    let fen = figures.get(addend).copied().unwrap_or_default();
                    if *sign < 0 { -fen } else { fen }
                });
                let sum: Fen = sum.sum();
                figures.insert(line.number, sum);
            }
        }
    }
    Statement {
        standard,
        layout: Layout::Prescribed,
        kind,
        period: balance.period,
        unit: Unit::Yuan,
        carries_fen: true,
        columns,
        printed: chart.lines().iter().map(|line| line.number).collect(),
        unlisted: Vec::new(),
        places: BTreeMap::new(),
    }
}
