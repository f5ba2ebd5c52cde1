//! How a rule reads its case and comes to a result.
//!
//! A rule names the cells of its left and right side; the run adds them up, notes what is blank and
//! what is missing, and decides by the rule's relation and tolerance.

use values::{Fen, Period};

use super::Rule;
use super::case::{Case, Change, Settings, to_date_column};
use super::facts::{Fact, Measure};
use super::outcome::{
    Breach, Cause, Cell, Entry, Label, Missing, Outcome, Relation, RuleResult, Subject,
};
use super::tolerance::Tolerance;
use crate::Severity;
use crate::returns::{Form, LineNo, Lines, Return, ReturnColumn};
use crate::statements::chart::{Chart, LineKind, chart};
use crate::statements::{Column, Figures, Layout, Standard, Statement, StatementKind};

/// A column that holds figures.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'a> {
    pub statement: &'a Statement,
    pub column: Column,
    pub figures: &'a Figures,
    pub chart: &'static Chart,
}

impl Sheet<'_> {
    fn cell(&self, line: u16) -> Cell {
        let of = self.statement;
        Cell::Statement(of.standard, of.layout, of.period, of.kind, self.column, line)
    }

    /// The number of a line; none when this layout has no such line.
    pub fn number(&self, code: &str) -> Option<u16> {
        self.chart.by_code(code).map(|line| line.number)
    }

    /// What a line holds, by its stable name.
    pub fn figure(&self, code: &str) -> Option<Fen> {
        self.figures.get(&self.number(code)?).copied()
    }

    fn is_total(&self, line: u16) -> bool {
        matches!(self.chart.line(line).map(|line| &line.kind), Some(LineKind::Sum(_)))
    }
}

/// A column, or what of it is missing.
pub(super) type Source<'a> = Result<Sheet<'a>, Missing>;

/// A column of a return, or what of it is missing.
pub(super) type Filed<'a> = Result<(&'a Return, ReturnColumn, &'a Lines), Missing>;

/// What one rule has gathered so far.
#[derive(Default)]
struct Gathered {
    subject: Option<Subject>,
    left: Fen,
    right: Fen,
    addends: usize,
    unit: Fen,
    entries: Vec<(Cell, bool, i8, Fen)>,
    blanks: Vec<Cell>,
    assumed: Vec<Fact>,
    missing: Vec<Missing>,
    severity: Option<Severity>,
    graver: Option<Severity>,
    cause: Option<Cause>,
    measure: Option<Measure>,
    quiet: bool,
}

/// A case under one rule at one period.
pub(super) struct Run<'a> {
    pub case: &'a Case,
    pub settings: &'a Settings,
    pub period: Period,
    pub rule: &'static Rule,
    change: Change,
    weight: Option<Severity>,
    out: &'a mut Vec<RuleResult>,
    at: Gathered,
}

impl<'a> Run<'a> {
    pub fn new(
        case: &'a Case,
        settings: &'a Settings,
        period: Period,
        rule: &'static Rule,
        out: &'a mut Vec<RuleResult>,
    ) -> Self {
        let at = Gathered::default();
        let change = Change::default();
        Self { case, settings, period, rule, change, weight: None, out, at }
    }

    /// Turns to the next rule, keeping what is allocated.
    pub fn turn(&mut self, rule: &'static Rule) {
        self.rule = rule;
        self.weight = None;
        let changes = &self.settings.rules;
        self.change = if changes.is_empty() {
            Change::default()
        } else {
            changes.get(rule.id).copied().unwrap_or_default()
        };
    }

    pub fn tolerance(&self) -> Tolerance {
        self.change.tolerance.unwrap_or(self.rule.tolerance)
    }

    /// The limit of a ratio rule: the rule's own, or what the firm has set.
    pub fn ratio(&self, own: u32) -> u32 {
        match self.change.tolerance {
            Some(Tolerance::Ratio(Some(points))) => points,
            _ => own,
        }
    }

    /// The period's statement of exactly this length.
    pub fn own(&self, kind: StatementKind) -> Option<&'a Statement> {
        self.case.statement(self.period, kind)
    }

    /// Whether this period is the one to judge a rule at that is mainly about one statement: it
    /// has it, or nobody has it at this month's end and the period has one of the others.
    pub fn leads(&self, main: StatementKind, others: &[StatementKind]) -> bool {
        self.own(main).is_some()
            || (self.case.ending(self.period, main).is_none()
                && others.iter().any(|kind| self.own(*kind).is_some()))
    }

    /// The same for a rule that is mainly about a return.
    pub fn leads_filed(&self, form: Form, others: &[StatementKind]) -> bool {
        self.case.filed(self.period, form).is_some()
            || (self.case.filed_ending(self.period, form).is_none()
                && others.iter().any(|kind| self.own(*kind).is_some()))
    }

    pub fn standard(&self) -> Option<Standard> {
        self.case.standard(self.period)
    }

    // Reading.

    pub fn sheet(&self, period: Period, kind: StatementKind, column: Column) -> Source<'a> {
        match self.case.ending(period, kind) {
            None => Err(Missing::Statement(period, kind)),
            Some(statement) => sheet_of(statement, column),
        }
    }

    pub fn closing(&self) -> Source<'a> {
        self.sheet(self.period, StatementKind::BalanceSheet, Column::Closing)
    }

    pub fn opening(&self) -> Source<'a> {
        self.sheet(self.period, StatementKind::BalanceSheet, Column::Opening)
    }

    /// The column from 1 January to the end of the period.
    pub fn to_date(&self, kind: StatementKind) -> Source<'a> {
        self.to_date_of(self.period, kind)
    }

    pub fn to_date_of(&self, period: Period, kind: StatementKind) -> Source<'a> {
        match self.case.ending(period, kind) {
            None => Err(Missing::Statement(period, kind)),
            Some(statement) => sheet_of(statement, to_date_column(statement)),
        }
    }

    pub fn filed(&self, period: Period, form: Form, column: ReturnColumn) -> Filed<'a> {
        match self.case.filed_ending(period, form) {
            None => Err(Missing::Return(period, form)),
            Some(filed) => match filed.columns.get(&column) {
                Some(lines) => Ok((filed, column, lines)),
                None => Err(Missing::ReturnColumn(period, form)),
            },
        }
    }

    // Gathering.

    pub fn begin(&mut self, subject: Subject) {
        let at = &mut self.at;
        at.subject = Some(subject);
        (at.left, at.right, at.addends, at.unit) = (Fen::ZERO, Fen::ZERO, 0, Fen::ZERO);
        at.entries.clear();
        at.blanks.clear();
        at.assumed.clear();
        at.missing.clear();
        (at.severity, at.graver, at.cause, at.measure) = (None, None, None, None);
        at.quiet = false;
    }

    pub fn on(&mut self, kind: StatementKind, column: Column) {
        self.begin(Subject::Statement(kind, column));
    }

    pub fn on_return(&mut self, form: Form) {
        self.begin(Subject::Return(form));
    }

    pub fn left(&mut self, source: Source<'a>, sign: i8, code: &str) {
        self.named(true, source, sign, code);
    }

    pub fn right(&mut self, source: Source<'a>, sign: i8, code: &str) {
        self.named(false, source, sign, code);
    }

    /// Closing less opening of several lines.
    pub fn change(&mut self, left: bool, sign: i8, codes: &[&str]) {
        let (closing, opening) = (self.closing(), self.opening());
        for code in codes {
            self.named(left, closing, sign, code);
            self.named(left, opening, -sign, code);
        }
    }

    fn named(&mut self, left: bool, source: Source<'a>, sign: i8, code: &str) {
        match source {
            Err(missing) => self.lacks(missing),
            Ok(sheet) => {
                if let Some(line) = sheet.number(code) {
                    self.line(left, &sheet, sign, line);
                }
            }
        }
    }

    /// A line by number; a blank item counts as zero and is named, a blank total is missing.
    pub fn line(&mut self, left: bool, sheet: &Sheet<'a>, sign: i8, line: u16) {
        let cell = sheet.cell(line);
        self.rounded(sheet.statement);
        match sheet.figures.get(&line) {
            Some(amount) => self.add(left, sign, cell, *amount),
            None if sheet.is_total(line) => self.lacks(Missing::Cell(cell)),
            None => {
                self.at.addends += 1;
                self.at.blanks.push(cell);
            }
        }
    }

    /// An addend of a printed total. A blank subtotal counts as what its own items make, hence as
    /// zero where they are blank too.
    pub fn addend(&mut self, sheet: &Sheet<'a>, sign: i8, line: u16) {
        let cell = sheet.cell(line);
        match sheet.figures.get(&line) {
            Some(amount) => self.add(false, sign, cell, *amount),
            // A line that only older forms have is not blank where it is not printed.
            None if line > 100 && !sheet.statement.printed.contains(&line) => {}
            None if sheet.is_total(line) => {
                self.at.blanks.push(cell);
                for (inner, item) in sheet.chart.addends(line) {
                    self.addend(sheet, sign * inner, *item);
                }
            }
            None => {
                self.at.addends += 1;
                self.at.blanks.push(cell);
            }
        }
    }

    pub fn rounded(&mut self, statement: &Statement) {
        if !statement.carries_fen {
            self.at.unit = self.at.unit.max(statement.unit.fen());
        }
    }

    /// A line in a comparison of columns, where a blank one is zero whatever it is.
    pub fn compared(&mut self, left: bool, sheet: &Sheet<'a>, sign: i8, line: u16) {
        self.rounded(sheet.statement);
        let cell = sheet.cell(line);
        match sheet.figures.get(&line) {
            Some(amount) => self.add(left, sign, cell, *amount),
            None => self.at.blanks.push(cell),
        }
    }

    /// Lets a total be blank where its whole block is left blank.
    pub fn allow_blank_total(&mut self) {
        let is_total = |missing: &Missing| matches!(missing, Missing::Cell(_));
        self.at.missing.retain(|missing| !is_total(missing));
    }

    /// Notes a cell that enters through a calculation.
    pub fn entered(&mut self, left: bool, sign: i8, cell: Cell, amount: Fen) {
        self.at.entries.push((cell, left, sign, amount));
    }

    fn add(&mut self, left: bool, sign: i8, cell: Cell, amount: Fen) {
        self.at.entries.push((cell, left, sign, amount));
        self.at.addends += 1;
        let signed = match sign {
            0 => Fen::ZERO,
            sign if sign < 0 => -amount,
            _ => amount,
        };
        self.amount(left, signed);
    }

    /// A worked-out amount.
    pub fn amount(&mut self, left: bool, amount: Fen) {
        let side = if left { &mut self.at.left } else { &mut self.at.right };
        *side = *side + amount;
    }

    /// Reads a line that enters through a calculation; zero when blank or missing.
    pub fn value(&mut self, left: bool, source: Source<'a>, code: &str) -> Fen {
        self.named(left, source, 0, code);
        source.ok().and_then(|sheet| sheet.figure(code)).unwrap_or_default()
    }

    /// Lines of a return; blank lines of a filed return are zero.
    pub fn filed_lines(&mut self, left: bool, filed: Filed<'a>, sign: i8, lines: &[u16]) {
        for line in lines {
            self.filed_line(left, filed, sign, LineNo::new(*line));
        }
    }

    pub fn filed_line(&mut self, left: bool, filed: Filed<'a>, sign: i8, line: LineNo) -> Fen {
        match filed {
            Err(missing) => {
                self.lacks(missing);
                Fen::ZERO
            }
            Ok((of, column, lines)) => {
                let amount = lines.get(&line).copied().unwrap_or_default();
                let cell = Cell::Return(of.period, of.form, column, line);
                self.add(left, sign, cell, amount);
                amount
            }
        }
    }

    /// A fact that the rule cannot do without.
    pub fn fact(&mut self, left: bool, sign: i8, fact: Fact) -> i64 {
        let known = self.case.fact(self.period, fact);
        match known {
            None => self.lacks(Missing::Fact(self.period, fact)),
            Some(value) => self.add_fact(left, sign, fact, value),
        }
        known.unwrap_or_default()
    }

    /// An adjustment that is rare: unless declared it counts as nothing, and is named.
    pub fn adjustment(&mut self, left: bool, sign: i8, fact: Fact) -> bool {
        if let Some(value) = self.case.fact(self.period, fact) {
            self.add_fact(left, sign, fact, value);
            return true;
        }
        self.at.assumed.push(fact);
        false
    }

    fn add_fact(&mut self, left: bool, sign: i8, fact: Fact, value: i64) {
        self.add(left, sign, Cell::Fact(self.period, fact), Fen(value));
    }

    pub fn truth(&self, fact: Fact) -> Option<bool> {
        self.case.fact(self.period, fact).map(|value| value != 0)
    }

    pub fn lacks(&mut self, missing: Missing) {
        if !self.at.missing.contains(&missing) {
            self.at.missing.push(missing);
        }
    }

    /// A line without which nothing can be said.
    pub fn lacks_line(&mut self, sheet: &Sheet<'a>, line: u16) {
        self.lacks(Missing::Cell(sheet.cell(line)));
    }

    pub fn is_missing(&self) -> bool {
        !self.at.missing.is_empty()
    }

    pub fn sides(&self) -> (Fen, Fen) {
        (self.at.left, self.at.right)
    }

    /// What the sides may lie apart as gathered so far.
    pub fn allowed(&self) -> Fen {
        let at = &self.at;
        self.tolerance().allowed(at.left, at.right, at.addends, at.unit)
    }

    /// How many addends were gathered so far.
    pub fn items(&self) -> usize {
        self.at.addends
    }

    /// Sets how many addends there are, where a side is itself their total.
    pub fn count_addends(&mut self, addends: usize) {
        self.at.addends = addends;
    }

    /// Counts nothing in money: persons, versions.
    pub fn counts(&mut self) {
        self.at.measure = Some(Measure::Count);
    }

    /// Lets a holding part say nothing, as the whole will.
    pub fn quietly(&mut self) {
        self.at.quiet = true;
    }

    /// Takes a break for less grave than the rule says.
    pub fn lighter(&mut self, severity: Severity, cause: Cause) {
        (self.at.severity, self.at.cause) = (Some(severity), Some(cause));
    }

    /// Takes a break for graver than the rule says, unless the firm has set its severity.
    pub fn graver(&mut self, severity: Severity) {
        self.at.graver = Some(severity);
    }

    /// Takes the whole rule for less grave, as one standard asks for.
    pub fn weigh(&mut self, severity: Severity) {
        self.weight = Some(severity);
    }

    // Deciding. `Some(true)` holds, `Some(false)` is broken, none cannot be checked.

    pub fn equal(&mut self, left: Label, right: Label) -> Option<bool> {
        self.close(Relation::Equal, left, right)
    }

    pub fn at_most(&mut self, left: Label, right: Label) -> Option<bool> {
        self.close(Relation::AtMost, left, right)
    }

    pub fn at_least(&mut self, left: Label, right: Label) -> Option<bool> {
        self.close(Relation::AtLeast, left, right)
    }

    pub fn close(&mut self, relation: Relation, left: Label, right: Label) -> Option<bool> {
        if self.is_missing() {
            self.uncheckable();
            return None;
        }
        let tolerance = self.allowed();
        let apart = self.at.left - self.at.right;
        let holds = match relation {
            Relation::Equal => apart.abs() <= tolerance,
            Relation::AtMost => apart <= tolerance,
            Relation::AtLeast => -apart <= tolerance,
            Relation::Flag => true,
        };
        if !holds {
            self.broken(relation, left, right);
        } else if !self.at.quiet {
            self.holds();
        }
        Some(holds)
    }

    /// A sign of something: broken when `strange`.
    pub fn flag(&mut self, strange: bool, left: Label, right: Label) -> Option<bool> {
        if self.is_missing() {
            self.uncheckable();
            return None;
        }
        if strange {
            self.broken(Relation::Flag, left, right);
        } else if !self.at.quiet {
            self.holds();
        }
        Some(!strange)
    }

    pub fn holds(&mut self) {
        self.push(Outcome::Holds);
    }

    pub fn uncheckable(&mut self) {
        let missing = std::mem::take(&mut self.at.missing);
        self.push(Outcome::Uncheckable(missing));
    }

    pub fn broken(&mut self, relation: Relation, left_name: Label, right_name: Label) {
        let at = &self.at;
        let breach = Breach {
            left_name,
            right_name,
            left: at.left,
            right: at.right,
            difference: at.left - at.right,
            measure: at.measure.unwrap_or(Measure::Money),
            relation,
            cause: at.cause.unwrap_or(Cause::Plain),
            entries: at.entries.iter().map(|entry| self.entry(entry)).collect(),
        };
        let accepted = self.settings.accepted.iter().find(|accepted| {
            accepted.rule == self.rule.id
                && accepted.period.is_none_or(|period| period == self.period)
        });
        self.push(match accepted {
            Some(accepted) => Outcome::Excepted(breach, accepted.clone()),
            None => Outcome::Broken(breach),
        });
    }

    fn entry(&self, (cell, left, sign, amount): &(Cell, bool, i8, Fen)) -> Entry {
        let place = match *cell {
            Cell::Statement(_, _, period, kind, column, line) => self
                .case
                .statement(period, kind)
                .and_then(|statement| statement.places.get(&(column, line)).cloned()),
            Cell::Return(..) | Cell::Fact(..) => None,
        };
        Entry { cell: *cell, left: *left, sign: *sign, amount: *amount, place }
    }

    fn push(&mut self, outcome: Outcome) {
        let own = self.weight.unwrap_or(self.rule.severity);
        let own = self.at.graver.map_or(own, |graver| graver.min(own));
        let base = self.change.severity.unwrap_or(own);
        let severity = self.at.severity.map_or(base, |lighter| lighter.max(base));
        self.out.push(RuleResult {
            rule: self.rule.id,
            name: (self.rule.zh, self.rule.en),
            period: self.period,
            subject: self.at.subject.unwrap_or(Subject::Client),
            severity,
            tolerance: self.allowed(),
            blanks: self.at.blanks.clone(),
            assumed: self.at.assumed.clone(),
            outcome,
        });
    }
}

pub(super) fn sheet_of(statement: &Statement, column: Column) -> Source<'_> {
    match statement.columns.get(&column) {
        Some(figures) if !figures.is_empty() => Ok(Sheet {
            statement,
            column,
            figures,
            chart: chart(statement.standard, statement.layout, statement.kind),
        }),
        _ => Err(Missing::Column(statement.period, statement.kind, column)),
    }
}

/// Whether a layout may have items that the chart does not know.
pub(super) fn is_open(layout: Layout) -> bool {
    layout != Layout::Prescribed
}
