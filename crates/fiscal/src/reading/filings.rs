//! Tax returns in sheets: known by their titles, read by the line numbers that they print.

use std::collections::BTreeMap;

use values::{Fen, Part, Period};

use super::amounts::{self, Amount, Fault};
use super::doubts::{Doubt, Unreadable};
use super::{Cell, Row, Sheet, heads, periods};
use crate::returns::{Form, Header, LineNo, Lines, Return, ReturnColumn};
use crate::statements::{Place, Unit};

/// A return that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundReturn {
    /// The return.
    pub filed: Return,
    /// The sheet it is from.
    pub place: Place,
    /// Whether the file itself names the period.
    pub period_named: bool,
    /// Where each figure stood.
    pub places: BTreeMap<(ReturnColumn, LineNo), Place>,
    /// Cells that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// What was not certain.
    pub doubts: Vec<Doubt>,
}

/// Fewer lines than this are not the main table of a return.
const FEWEST_LINES: usize = 6;

/// More rows than any form has above its lines.
const HEAD_ROWS: usize = 30;

/// The return that a sheet holds, if it holds one.
pub(crate) fn find(sheet: &Sheet, fallback: Period) -> Option<FoundReturn> {
    let (title_row, form) = sheet.rows.iter().enumerate().take(12).find_map(|(index, row)| {
        let texts = || row.cells.iter().filter_map(Cell::text);
        // Whom a return is for may stand in the row below its name.
        let below = sheet.rows.get(index + 1).into_iter().flat_map(|row| &row.cells);
        let below: Vec<&str> = below.filter_map(Cell::text).collect();
        let form = texts().find_map(titled).or_else(|| {
            let name = texts().find(|text| text.contains("申报表"))?;
            below.iter().find_map(|whom| titled(&format!("{name}{whom}")))
        })?;
        Some((index, form))
    })?;
    let numbers = number_column(sheet, title_row)?;
    let first = sheet.rows.iter().position(|row| line_no(row, numbers).is_some())?;
    let columns = columns(sheet, form, title_row + 1..first, first, numbers);
    let mut found = FoundReturn {
        filed: Return {
            form,
            period: fallback,
            filed_on: None,
            columns: BTreeMap::new(),
            rows: Vec::new(),
            header: Header::default(),
        },
        place: sheet.place(sheet.rows.get(title_row).map_or(1, |row| row.number), 0),
        period_named: false,
        places: BTreeMap::new(),
        unreadable: Vec::new(),
        doubts: Vec::new(),
    };
    period(sheet, first, &mut found);
    if columns.is_empty() {
        found.doubts.push(Doubt::column_unknown(found.place.clone()));
    }
    for row in sheet.rows.get(first..).unwrap_or_default() {
        let Some(line) = line_no(row, numbers) else { continue };
        for (index, column) in &columns {
            enter(sheet, row, line, (*index, *column), &mut found);
        }
    }
    let lines = sheet.rows.iter().filter(|row| line_no(row, numbers).is_some()).count();
    (lines >= FEWEST_LINES).then_some(found)
}

/// Which return a title names; its annexes have titles of their own.
fn titled(text: &str) -> Option<Form> {
    let narrow = heads::bare(text).to_ascii_uppercase();
    let says = |word: &str| narrow.contains(word);
    if narrow.chars().count() > 60 || says("附列资料") || says("明细表") || says("封面") {
        return None;
    }
    if says("增值税") && says("申报表") {
        return if says("小规模") {
            Some(Form::VatSmall)
        } else if says("一般纳税人") {
            Some(Form::VatGeneral)
        } else {
            None
        };
    }
    if says("A200000") || (says("企业所得税") && says("预缴") && says("申报表")) {
        return (!says("B类")).then_some(Form::CitPrepayment);
    }
    (says("A100000") || (says("企业所得税") && says("年度纳税申报表"))).then_some(Form::CitAnnual)
}

/// The column of line numbers: headed 栏次 or 行次, else the one that counts the most lines.
fn number_column(sheet: &Sheet, title_row: usize) -> Option<usize> {
    let headed = sheet.rows.iter().skip(title_row).take(15).find_map(|row| {
        row.cells.iter().position(|cell| {
            cell.text().is_some_and(|text| {
                matches!(heads::bare(text).as_str(), "栏次" | "行次" | "行" | "序号")
            })
        })
    });
    if headed.is_some() {
        return headed;
    }
    let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).min(12);
    let counted = (0..width).map(|column| {
        let lines = sheet.rows.iter().filter(|row| line_no(row, column).is_some()).count();
        (lines, std::cmp::Reverse(column))
    });
    let (lines, column) = counted.max()?;
    (lines >= FEWEST_LINES).then_some(column.0)
}

/// The line number in a cell: 17, 17=12+13-14-15+16, 28.1.
fn line_no(row: &Row, column: usize) -> Option<LineNo> {
    let text = match row.cells.get(column)? {
        Cell::Text(text) => heads::bare(text),
        Cell::Number(text) => text.clone(),
        _ => return None,
    };
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let formula = rest.is_empty() || rest.starts_with(['=', '≥', '(', '<', '＝', '≤', '栏']);
    let line: LineNo = number.parse().ok().filter(|_| formula)?;
    (line.whole <= 60).then_some(line)
}

/// Which column of figures is which, by the words above it.
fn columns(
    sheet: &Sheet,
    form: Form,
    head: std::ops::Range<usize>,
    first: usize,
    numbers: usize,
) -> Vec<(usize, ReturnColumn)> {
    let head = sheet.rows.get(head).unwrap_or_default();
    // Heads stand right above the lines; a file that says otherwise only wants to keep us busy.
    let head = head.get(head.len().saturating_sub(HEAD_ROWS)..).unwrap_or_default();
    let body = sheet.rows.get(first..).unwrap_or_default();
    let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut columns = Vec::new();
    for column in (0..width).filter(|column| *column != numbers) {
        let words = words_above(sheet, head, column);
        let says = |word: &str| words.contains(word);
        let to_date = says("累计");
        let amount = to_date || ["本月数", "本期数", "金额"].iter().any(|word| says(word));
        if !amount {
            continue;
        }
        let second = match form {
            Form::VatGeneral => says("即征即退"),
            Form::VatSmall => says("服务"),
            _ => false,
        };
        let single = matches!(form, Form::CitPrepayment | Form::CitAnnual);
        let kind = match (second, to_date && !single) {
            (false, false) => ReturnColumn::Main,
            (false, true) => ReturnColumn::MainToDate,
            (true, false) => ReturnColumn::Second,
            (true, true) => ReturnColumn::SecondToDate,
        };
        let known = columns.iter().position(|(_, other)| *other == kind);
        // Of two columns under one head, the figures are in the right one.
        match known {
            Some(at) if single => {
                let filled = body.iter().any(|row| figure(row, column));
                if let (Some(slot), true) = (columns.get_mut(at), filled) {
                    *slot = (column, kind);
                }
            }
            Some(_) => {}
            None => columns.push((column, kind)),
        }
    }
    columns
}

fn figure(row: &Row, column: usize) -> bool {
    let cell = row.cells.get(column).unwrap_or(&Cell::Blank);
    matches!(amounts::read(cell), Amount::Figure(_))
}

/// All words above a column, those of merged cells and of heads to the left included.
fn words_above(sheet: &Sheet, head: &[Row], column: usize) -> String {
    let mut words = String::new();
    for row in head {
        let cell = row.cells.get(column).unwrap_or(&Cell::Blank);
        let text = match cell {
            Cell::Text(text) => Some(text.as_str()),
            Cell::Blank => above_or_left(sheet, row, column),
            _ => None,
        };
        let narrow = text.map(heads::bare).unwrap_or_default();
        // What stands around the table is no head.
        if narrow.chars().count() <= 20 && !narrow.contains("单位") {
            words.push_str(&narrow);
            words.push(' ');
        }
    }
    words
}

fn above_or_left<'s>(sheet: &'s Sheet, row: &'s Row, column: usize) -> Option<&'s str> {
    let covering = sheet.merged.iter().find(|range| {
        (range.first_row..=range.last_row).contains(&row.number)
            && (range.first_column..=range.last_column).contains(&column)
    });
    if let Some(range) = covering {
        let first = sheet.rows.iter().find(|row| row.number == range.first_row)?;
        return first.cells.get(range.first_column)?.text();
    }
    if !sheet.merged.is_empty() {
        return None;
    }
    row.cells.get(..column)?.iter().rev().find(|cell| !cell.is_blank())?.text()
}

fn enter(
    sheet: &Sheet,
    row: &Row,
    line: LineNo,
    (index, column): (usize, ReturnColumn),
    found: &mut FoundReturn,
) {
    let cell = row.cells.get(index).unwrap_or(&Cell::Blank);
    let place = sheet.place(row.number, index);
    let fen = match amounts::read(cell) {
        Amount::Figure(figure) => figure.fen(Unit::Yuan).map(|(fen, _)| fen),
        Amount::Unreadable(Fault::Percent) => cell.text().and_then(percent),
        Amount::Blank | Amount::Words => return,
        Amount::Unreadable(fault) => {
            found.unreadable.push(Unreadable::new(place, &line.to_string(), fault));
            return;
        }
    };
    let Some(fen) = fen else {
        found.unreadable.push(Unreadable::new(place, &line.to_string(), Fault::TooLarge));
        return;
    };
    let lines: &mut Lines = found.filed.columns.entry(column).or_default();
    if lines.insert(line, fen).is_none() {
        found.places.insert((column, line), place);
    } else {
        found.doubts.push(Doubt::repeated(&line.to_string(), place));
    }
}

/// A rate: 25% is 0.25, kept as 25.
fn percent(text: &str) -> Option<Fen> {
    let narrow = heads::bare(text);
    let cell = Cell::Text(narrow.strip_suffix('%')?.to_owned());
    match amounts::read(&cell) {
        Amount::Figure(figure) => figure.fen(Unit::Yuan).map(|(fen, _)| Fen(fen.0 / 100)),
        _ => None,
    }
}

/// A prepayment counts from January on, so a whole year's stretch is its fourth quarter.
fn of_form(form: Form, period: Period) -> Period {
    match (form, period.part()) {
        (Form::CitPrepayment, Part::Year) => Period::quarter(period.in_year(), 4).unwrap_or(period),
        _ => period,
    }
}

fn period(sheet: &Sheet, first: usize, found: &mut FoundReturn) {
    let head = sheet.rows.get(..first).unwrap_or_default();
    let texts: Vec<&str> =
        head.iter().flat_map(|row| row.cells.iter().filter_map(Cell::text)).collect();
    let after = |text: &str| {
        let (_, after) = text.split_once("所属")?;
        periods::find(after)
    };
    let named = texts.iter().find_map(|text| after(text));
    let plain = || {
        let own = texts.iter().filter(|text| !heads::is_other_day(text));
        own.filter_map(|text| periods::find(text)).next()
    };
    if let Some(period) = named.or_else(plain).and_then(periods::Span::period) {
        found.filed.period = of_form(found.filed.form, period);
        found.period_named = true;
        return;
    }
    for name in [&sheet.name, &sheet.file] {
        if let Some(period) = periods::find(name).and_then(periods::Span::period) {
            found.filed.period = of_form(found.filed.form, period);
            found.doubts.push(Doubt::period_from_name(name, found.filed.period));
            return;
        }
    }
    found.doubts.push(Doubt::period_assumed(found.filed.period));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prepayment_that_counts_the_whole_year_is_of_the_fourth_quarter() {
        let year = Period::year(2026).unwrap();
        assert_eq!(of_form(Form::CitPrepayment, year).to_string(), "2026Q4");
        assert_eq!(of_form(Form::CitAnnual, year), year);
        let month = Period::month(2026, 5).unwrap();
        assert_eq!(of_form(Form::CitPrepayment, month), month);
    }
}
