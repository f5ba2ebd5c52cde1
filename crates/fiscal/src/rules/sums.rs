//! Checks that many rules share: totals, parts of a line, and lines that cannot be negative.

use values::Fen;

use super::outcome::{Cause, Label, Missing, Relation};
use super::run::{Run, Sheet, is_open, sheet_of};
use crate::Severity;
use crate::statements::chart::LineKind;
use crate::statements::{Column, Layout, StatementKind};

const ADDED: Label = ("各项之和", "sum of its items");
const NOTHING: Label = ("零", "zero");

impl<'a> Run<'a> {
    /// The columns of the period's statement that hold figures. Where the year to date is the
    /// period itself, as in January and in annual statements, it is one column and not two.
    pub(super) fn columns(&self, kind: StatementKind) -> impl Iterator<Item = Sheet<'a>> + use<'a> {
        self.own(kind).into_iter().flat_map(|statement| {
            let of = |column| statement.columns.get(&column);
            let same =
                of(Column::Current).is_some() && of(Column::Current) == of(Column::YearToDate);
            let columns = statement.columns.keys().copied();
            columns
                .filter(move |column| !(same && *column == Column::YearToDate))
                .filter_map(|column| sheet_of(statement, column).ok())
        })
    }

    /// Totals of every column are what the chart's formulas make.
    pub(super) fn totals(&mut self, kind: StatementKind, codes: &[&str]) {
        for sheet in self.columns(kind) {
            for code in codes {
                if let Some(total) = sheet.number(code) {
                    self.total(&sheet, total);
                }
            }
        }
    }

    /// One total by its stable name.
    pub(super) fn total_of(&mut self, sheet: &Sheet<'a>, code: &str) {
        if let Some(total) = sheet.number(code) {
            self.total(sheet, total);
        }
    }

    fn total(&mut self, sheet: &Sheet<'a>, total: u16) {
        self.on(sheet.statement.kind, sheet.column);
        self.rounded(sheet.statement);
        let addends = sheet.chart.addends(total);
        let of_totals = addends.iter().all(|(_, line)| {
            sheet.figures.contains_key(line) && !sheet.chart.addends(*line).is_empty()
        });
        let covered = covered(sheet, addends);
        for (sign, line) in addends {
            if !covered.contains(line) {
                self.addend(sheet, *sign, *line);
            }
        }
        if !sheet.figures.contains_key(&total) && self.sides().1 == Fen::ZERO {
            // Neither the total nor anything in it: nothing is claimed.
            self.holds();
            return;
        }
        let items = self.items();
        self.line(true, sheet, 1, total);
        let name = sheet.chart.line(total).map_or(ADDED, |line| (line.zh, line.en));
        // The total itself is no addend.
        self.count_addends(items);
        if !self.is_missing() && !of_totals {
            self.take_unlisted(sheet, addends);
        }
        self.equal(name, ADDED);
    }

    /// In an older or foreign row list, and where a form may be extended, items that fall short of
    /// their total are unlisted.
    fn take_unlisted(&mut self, sheet: &Sheet<'a>, addends: &[(i8, u16)]) {
        let (left, right) = self.sides();
        if (left - right).abs() <= self.allowed() {
            return;
        }
        let statement = sheet.statement;
        let unlisted = statement.unlisted.iter().any(|row| row.figures.contains_key(&sheet.column));
        if statement.layout == Layout::Foreign && self.other_sign(sheet, addends) {
            return;
        }
        let subtracts = addends.iter().any(|(sign, _)| *sign < 0);
        let extends = is_open(statement.layout) || (unlisted && self.rule.id == "IS-12");
        if extends && (left > right || (subtracts && unlisted)) {
            self.lighter(Severity::Warning, Cause::Unlisted);
        }
    }

    /// A foreign list may print impairment as a loss or as a signed gain.
    fn other_sign(&mut self, sheet: &Sheet<'a>, addends: &[(i8, u16)]) -> bool {
        let codes = ["asset_impairment_deducted", "credit_impairment_deducted"];
        let lines = codes.iter().filter_map(|code| sheet.number(code));
        let turned: Fen = lines
            .filter(|line| addends.contains(&(-1, *line)))
            .filter_map(|line| sheet.figures.get(&line).copied())
            .sum();
        let turned = turned + turned;
        let (left, right) = self.sides();
        let mends = turned != Fen::ZERO && (left - right - turned).abs() <= self.allowed();
        if mends {
            self.amount(false, turned);
        }
        mends
    }

    /// The parts of a line ("of which") are at most the line, in every column.
    pub(super) fn parts(&mut self, kind: StatementKind, whole: &str, parts: &[&str]) {
        for sheet in self.columns(kind) {
            self.on(kind, sheet.column);
            if let Some(label) = self.gather_parts(&sheet, whole, parts) {
                self.at_most(("其中项之和", "sum of the parts"), label);
            } else {
                self.holds();
            }
        }
    }

    /// Gathers parts left and their whole right; none when no part is filled in.
    pub(super) fn gather_parts(
        &mut self,
        sheet: &Sheet<'a>,
        whole: &str,
        parts: &[&str],
    ) -> Option<Label> {
        let filled = parts.iter().any(|code| sheet.figure(code).is_some());
        for code in parts {
            self.left(Ok(*sheet), 1, code);
        }
        let items = self.items();
        self.right(Ok(*sheet), 1, whole);
        self.count_addends(items);
        let line = sheet.chart.by_code(whole)?;
        if filled && sheet.figure(whole).is_none() {
            // Parts of nothing: what is missing is the whole.
            self.lacks_line(sheet, line.number);
        }
        filled.then_some((line.zh, line.en))
    }

    /// Lines that cannot be negative; one result for each that is, else one for all.
    pub(super) fn floors(&mut self, sheet: &Sheet<'a>, codes: &[&str]) {
        let numbers = codes.iter().filter_map(|code| sheet.number(code));
        self.floor_lines(sheet, numbers);
    }

    pub(super) fn floor_lines(
        &mut self,
        sheet: &Sheet<'a>,
        numbers: impl Iterator<Item = u16> + Clone,
    ) {
        self.on(sheet.statement.kind, sheet.column);
        self.rounded(sheet.statement);
        // A rounded figure is never negative by rounding, so no tolerance is given here.
        let below = |line: &u16| sheet.figures.get(line).is_some_and(|amount| amount.is_negative());
        if !numbers.clone().any(|line| below(&line)) {
            self.holds();
            return;
        }
        for line in numbers.filter(below) {
            self.on(sheet.statement.kind, sheet.column);
            self.line(true, sheet, 1, line);
            let name = sheet.chart.line(line).map_or(NOTHING, |line| (line.zh, line.en));
            self.broken(Relation::AtLeast, name, NOTHING);
        }
    }

    /// Lines of the closing balance sheet that cannot be negative.
    pub(super) fn closing_floors(&mut self, codes: &[&str]) {
        let Some(statement) = self.own(StatementKind::BalanceSheet) else { return };
        match sheet_of(statement, Column::Closing) {
            Ok(sheet) => self.floors(&sheet, codes),
            Err(missing) => {
                self.only_missing(StatementKind::BalanceSheet, Column::Closing, missing)
            }
        }
    }

    /// One result that says what is missing.
    pub(super) fn only_missing(&mut self, kind: StatementKind, column: Column, missing: Missing) {
        self.on(kind, column);
        self.lacks(missing);
        self.uncheckable();
    }
}

/// Lines that a line with a figure of its own stands for; and lines that stand for others but
/// carry no figure.
fn covered(sheet: &Sheet<'_>, addends: &[(i8, u16)]) -> Vec<u16> {
    let mut covered = Vec::new();
    for (_, number) in addends {
        if let Some(LineKind::Covers(lines)) = sheet.chart.line(*number).map(|line| &line.kind) {
            if sheet.figures.contains_key(number) {
                covered.extend(lines);
            } else {
                covered.push(*number);
            }
        }
    }
    covered
}
