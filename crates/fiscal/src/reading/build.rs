//! Statements out of blocks: standard, period, unit, and the figures.

use std::collections::{BTreeMap, BTreeSet};

use values::{Fen, Part, Period};

use super::amounts::{self, Amount, Fault, Figure};
use super::blocks::{Block, FigureColumn, NamedRow};
use super::doubts::{Doubt, Unreadable};
use super::heads::{self, Role, Scope, Stated};
use super::lines::{self, Fate};
use super::periods::{self, Span};
use super::sets::{Source, annual, companions};
use super::{Asked, By, Cell, Choice, Found, Match, layout};
use crate::statements::chart::chart;
use crate::statements::{Column, Layout, Standard, Statement, StatementKind, Unit, Unlisted};

/// A statement that a block holds: which of its columns are which.
struct Draft {
    span: Option<Span>,
    /// The longest period that ends there is meant, as in tables with a column for each date.
    longest: bool,
    scope: Option<Scope>,
    /// By kind of figures, the column on each side.
    columns: BTreeMap<Column, BTreeMap<usize, usize>>,
    doubts: Vec<Doubt>,
}

/// The statements of all blocks.
pub(crate) fn statements(blocks: Vec<Block<'_>>, asked: &Asked) -> Vec<Found> {
    let standards = standards(&blocks, asked);
    let units = units(&blocks);
    let mut built: Vec<(Found, Source)> = Vec::new();
    for ((block, (standard, sure)), (unit, unit_doubt)) in blocks.iter().zip(standards).zip(units) {
        let choices = asked.choices.get(&block.kind);
        let fates = lines::resolve(block, standard, choices);
        for draft in drafts(block) {
            let context = Context { block, standard, unit, fates: &fates, choices };
            let (mut found, source) = context.build(draft, asked.period);
            found.doubts.extend(unit_doubt.clone());
            if !sure {
                found.doubts.push(Doubt::standard_assumed(standard));
            }
            if !found.statement.columns.is_empty() || !found.matched.is_empty() {
                built.push((found, source));
            }
        }
    }
    companions(&mut built);
    built.into_iter().map(|(found, _)| found).collect()
}

/// The standard of each block and whether it is certain. A block whose rows fit both follows the
/// others; where no row tells, the standard for small enterprises is taken.
fn standards(blocks: &[Block<'_>], asked: &Asked) -> Vec<(Standard, bool)> {
    if let Some(standard) = asked.standard {
        return vec![(standard, true); blocks.len()];
    }
    let scores: Vec<(usize, usize)> = blocks
        .iter()
        .map(|block| {
            let choices = asked.choices.get(&block.kind);
            let of = |standard| lines::score(&lines::resolve(block, standard, choices));
            (of(Standard::Small), of(Standard::General))
        })
        .collect();
    let small: usize = scores.iter().map(|(small, general)| small.saturating_sub(*general)).sum();
    let general: usize = scores.iter().map(|(small, general)| general.saturating_sub(*small)).sum();
    let together = if general > small { Standard::General } else { Standard::Small };
    let told = general != small;
    let each = scores.iter().map(|(small, general)| match small.cmp(general) {
        std::cmp::Ordering::Greater => (Standard::Small, true),
        std::cmp::Ordering::Less => (Standard::General, true),
        std::cmp::Ordering::Equal => (together, told),
    });
    each.collect()
}

/// The unit of each block: as it states, else as another of its file states, else yuan.
fn units(blocks: &[Block<'_>]) -> Vec<(Unit, Option<Doubt>)> {
    let known: Vec<BTreeSet<u8>> = blocks.iter().map(stated).collect();
    let each = blocks.iter().zip(&known).map(|(block, stated)| {
        let mut said = stated.iter().copied();
        match (said.next(), said.next()) {
            (Some(only), None) => (unit_of(only), None),
            (Some(first), Some(_)) => {
                let unit = unit_of(first);
                (unit, Some(Doubt::unit_ambiguous(unit)))
            }
            (None, _) => {
                let mut of_file = blocks
                    .iter()
                    .zip(&known)
                    .filter(|(other, _)| other.sheet.file == block.sheet.file)
                    .flat_map(|(_, stated)| stated.iter().copied());
                let first = of_file.next();
                match first.filter(|first| of_file.all(|other| other == *first)) {
                    Some(unit) => (unit_of(unit), None),
                    None => (Unit::Yuan, Some(Doubt::unit_assumed())),
                }
            }
        }
    });
    each.collect()
}

const fn unit_of(rank: u8) -> Unit {
    match rank {
        0 => Unit::Yuan,
        1 => Unit::Thousand,
        _ => Unit::TenThousand,
    }
}

const fn rank(unit: Unit) -> u8 {
    match unit {
        Unit::Yuan => 0,
        Unit::Thousand => 1,
        Unit::TenThousand => 2,
    }
}

fn stated(block: &Block<'_>) -> BTreeSet<u8> {
    let mut stated: BTreeSet<u8> = block
        .units
        .iter()
        .filter_map(|unit| match unit {
            Stated::Known(unit) => Some(rank(*unit)),
            Stated::Other => None,
        })
        .collect();
    if stated.is_empty() {
        stated.extend(block.rows.iter().filter_map(|row| row.name.unit.map(rank)));
    }
    stated
}

/// The statements of a block, by what its heads say.
fn drafts(block: &Block<'_>) -> Vec<Draft> {
    let whens: Vec<(usize, FigureColumn, Span)> = columns_of(block)
        .filter_map(|(side, column)| match column.role {
            Some(Role::When(span)) => Some((side, column, span)),
            _ => None,
        })
        .collect();
    let says_figures =
        columns_of(block).any(|(_, column)| matches!(column.role, Some(Role::Figures(..))));
    if whens.is_empty() || says_figures {
        return vec![by_words(block)];
    }
    let mut spans: Vec<Span> = Vec::new();
    for (.., span) in &whens {
        if !spans.contains(span) {
            spans.push(*span);
        }
    }
    let by_date = block.columns.iter().any(|column| column.by_date);
    if let ([first, second], false) = (spans.as_slice(), by_date)
        && first.year() != second.year()
    {
        let (later, earlier) =
            if first.year() > second.year() { (*first, *second) } else { (*second, *first) };
        let (now, before) = match block.kind {
            StatementKind::BalanceSheet => (Column::Closing, Column::Opening),
            _ => (Column::Current, Column::Prior),
        };
        let mut draft = Draft::of(later);
        draft.longest = block.kind != StatementKind::BalanceSheet;
        for (side, column, span) in &whens {
            let kind =
                if *span == later { Some(now) } else { (*span == earlier).then_some(before) };
            if let Some(kind) = kind {
                draft.columns.entry(kind).or_default().insert(*side, column.index);
            }
        }
        return vec![draft];
    }
    let each = spans.into_iter().map(|span| {
        let mut draft = Draft::of(span);
        draft.longest = by_date || whens.len() > 1;
        let kinds: &[Column] = match (block.kind, draft.longest.then(|| span.longest()).flatten()) {
            (StatementKind::BalanceSheet, _) => &[Column::Closing],
            (_, Some(period)) if period.part() == Part::Year => {
                &[Column::Current, Column::YearToDate]
            }
            (_, Some(_)) => &[Column::YearToDate],
            _ => &[Column::Current],
        };
        for (side, column, _) in whens.iter().filter(|(.., other)| *other == span) {
            for kind in kinds {
                draft.columns.entry(*kind).or_default().insert(*side, column.index);
            }
        }
        draft
    });
    each.collect()
}

fn columns_of<'b>(block: &'b Block<'_>) -> impl Iterator<Item = (usize, FigureColumn)> + 'b {
    let sides = block.columns.iter().enumerate();
    sides.flat_map(|(side, names)| names.figures.iter().map(move |column| (side, *column)))
}

impl Draft {
    const fn of(span: Span) -> Self {
        let columns = BTreeMap::new();
        Self { span: Some(span), longest: false, scope: None, columns, doubts: Vec::new() }
    }
}

/// The one statement of a block whose heads say what the columns are.
fn by_words(block: &Block<'_>) -> Draft {
    let mut draft = Draft {
        span: None,
        longest: false,
        scope: None,
        columns: BTreeMap::new(),
        doubts: Vec::new(),
    };
    let usual = match block.kind {
        StatementKind::BalanceSheet => Column::Closing,
        _ => Column::Current,
    };
    for (side, column) in columns_of(block) {
        let place = block.sheet.place(column.head_row, column.index);
        let alone = block.columns.get(side).is_some_and(|names| names.figures.len() == 1);
        let kind = match column.role {
            Some(Role::Figures(kind, scope)) => {
                draft.scope = draft.scope.or(scope);
                let suits = match kind {
                    Column::Closing | Column::Opening => block.kind == StatementKind::BalanceSheet,
                    _ => block.kind != StatementKind::BalanceSheet,
                };
                if column.says_period_start && suits {
                    draft.doubts.push(Doubt::opening_by_word(place.clone()));
                }
                suits.then_some(kind)
            }
            Some(Role::Amounts) if alone => Some(usual),
            None if alone => {
                draft.doubts.push(Doubt::column_assumed(place.clone()));
                Some(usual)
            }
            _ => None,
        };
        let taken =
            |kind: &Column| draft.columns.get(kind).is_some_and(|sides| sides.contains_key(&side));
        match kind.filter(|kind| !taken(kind)) {
            Some(kind) => {
                draft.columns.entry(kind).or_default().insert(side, column.index);
            }
            None => draft.doubts.push(Doubt::column_unknown(place)),
        }
    }
    draft
}

/// What a block's statements share.
struct Context<'c, 's> {
    block: &'c Block<'s>,
    standard: Standard,
    unit: Unit,
    fates: &'c [Fate],
    choices: Option<&'c BTreeMap<String, Choice>>,
}

impl Context<'_, '_> {
    fn build(&self, draft: Draft, fallback: Period) -> (Found, Source) {
        let block = self.block;
        let (period, source, doubt) = self.period(&draft, fallback);
        let mut found = Found {
            statement: Statement {
                standard: self.standard,
                layout: Layout::Prescribed,
                kind: block.kind,
                period,
                unit: self.unit,
                carries_fen: false,
                columns: BTreeMap::new(),
                printed: BTreeSet::new(),
                unlisted: Vec::new(),
                places: BTreeMap::new(),
            },
            place: self.start(),
            period_named: source == Source::Sheet,
            layout_key: layout::key(block),
            matched: Vec::new(),
            supplement: Vec::new(),
            unreadable: Vec::new(),
            doubts: draft.doubts.clone(),
        };
        found.doubts.extend(doubt);
        if block.units.contains(&Stated::Other) {
            let zh = "单位不是元、千元或万元，金额可能不对";
            let en = "The unit is not yuan, thousand or ten thousand yuan; amounts may be wrong";
            found.doubts.push(Doubt::new("unit.other", zh, en));
        }
        for (row, fate) in block.rows.iter().zip(self.fates) {
            self.row(&mut found, &draft, row, *fate);
        }
        let unlisted = found.statement.unlisted.len();
        found.statement.layout = layout::layout(block, self.standard, self.fates, unlisted);
        annual(&mut found.statement);
        self.form_number(&mut found);
        (found, source)
    }

    fn start(&self) -> crate::statements::Place {
        let first = self.block.rows.first().and_then(|row| self.block.sheet.rows.get(row.row));
        let column = self.block.columns.first().map_or(0, |column| column.index);
        self.block.sheet.place(first.map_or(1, |row| row.number), column)
    }

    /// The figures of a row by column; cells that cannot be read are told of.
    fn figures(
        &self,
        found: &mut Found,
        draft: &Draft,
        row: &NamedRow,
        known: bool,
    ) -> BTreeMap<Column, (Figure, usize)> {
        let mut figures = BTreeMap::new();
        let Some(cells) = self.block.sheet.rows.get(row.row) else { return figures };
        for (column, sides) in &draft.columns {
            let Some(index) = sides.get(&row.side) else { continue };
            let cell = cells.cells.get(*index).unwrap_or(&Cell::Blank);
            let fault = match amounts::read(cell) {
                Amount::Figure(figure) => {
                    figures.insert(*column, (figure, *index));
                    continue;
                }
                Amount::Blank => continue,
                Amount::Words if known => Fault::Mixed,
                Amount::Words => continue,
                Amount::Unreadable(fault) => fault,
            };
            let place = self.block.sheet.place(cells.number, *index);
            let name = row.printed.as_str();
            if (known || !name.is_empty())
                && !found.unreadable.iter().any(|told| told.place == place)
            {
                found.unreadable.push(Unreadable::new(place, name, fault));
            }
        }
        figures
    }

    fn row(&self, found: &mut Found, draft: &Draft, row: &NamedRow, fate: Fate) {
        let number = self.block.sheet.rows.get(row.row).map_or(0, |cells| cells.number);
        let names = self.block.columns.get(row.side).map_or(0, |column| column.index);
        let place = self.block.sheet.place(number, names);
        let line = match fate {
            Fate::Line(line, _) | Fate::Repeated(line) => Some(line),
            _ => None,
        };
        let mut figures = self.figures(found, draft, row, line.is_some());
        match fate {
            Fate::Ignored => {}
            Fate::Line(line, by) => {
                let printed_name = row.printed.clone();
                if by == By::Alias {
                    let chart = chart(self.standard, Layout::Foreign, self.block.kind);
                    let zh = chart.line(line).map_or("", |line| line.zh);
                    found.doubts.push(Doubt::alias(&row.printed, zh, place.clone()));
                }
                found.matched.push(Match { line, name: printed_name, by, place });
                found.statement.printed.insert(line);
                self.enter(found, row, line, number, &figures);
            }
            Fate::Repeated(line) => {
                let other = figures.iter().any(|(column, (figure, _))| {
                    let known = found.statement.figure(*column, line);
                    let fen = figure.fen(self.row_unit(row, line)).map(|(fen, _)| fen);
                    !figure.is_zero() && fen != known
                });
                if other {
                    found.doubts.push(Doubt::repeated(&row.printed, place.clone()));
                    self.unlisted(found, row, place, &figures);
                }
            }
            Fate::Supplement => {
                if let Some(extra) = self.as_unlisted(row, place, &figures) {
                    found.supplement.push(extra);
                }
            }
            Fate::Unknown | Fate::OutOfPlace => {
                figures.retain(|_, (figure, _)| !figure.is_zero());
                if figures.is_empty() {
                    return;
                }
                if row.printed.is_empty() {
                    found.doubts.push(Doubt::nameless(place));
                    return;
                }
                if fate == Fate::OutOfPlace {
                    found.doubts.push(Doubt::out_of_place(&row.printed, place.clone()));
                }
                self.unlisted(found, row, place, &figures);
            }
        }
    }

    /// Earnings per share are in yuan whatever the unit of the rest.
    fn row_unit(&self, row: &NamedRow, line: u16) -> Unit {
        let chart = chart(self.standard, Layout::Foreign, self.block.kind);
        let code = chart.line(line).map_or("", |line| line.code);
        if code.starts_with("eps_") { Unit::Yuan } else { row.name.unit.unwrap_or(self.unit) }
    }

    fn enter(
        &self,
        found: &mut Found,
        row: &NamedRow,
        line: u16,
        number: u32,
        figures: &BTreeMap<Column, (Figure, usize)>,
    ) {
        let unit = self.row_unit(row, line);
        for (column, (figure, index)) in figures {
            let place = self.block.sheet.place(number, *index);
            let Some((fen, rounded)) = figure.fen(unit) else {
                found.unreadable.push(Unreadable::new(place, &row.printed, Fault::TooLarge));
                continue;
            };
            if rounded {
                found.doubts.push(Doubt::rounded(place.clone()));
            }
            let places = match unit {
                Unit::Yuan => 1,
                Unit::Thousand => 4,
                Unit::TenThousand => 5,
            };
            found.statement.carries_fen |= unit == self.unit && figure.places() >= places;
            found.statement.columns.entry(*column).or_default().insert(line, fen);
            found.statement.places.insert((*column, line), place);
        }
    }

    fn as_unlisted(
        &self,
        row: &NamedRow,
        place: crate::statements::Place,
        figures: &BTreeMap<Column, (Figure, usize)>,
    ) -> Option<Unlisted> {
        let unit = row.name.unit.unwrap_or(self.unit);
        let figures: BTreeMap<Column, Fen> = figures
            .iter()
            .filter_map(|(column, (figure, _))| Some((*column, figure.fen(unit)?.0)))
            .collect();
        (!figures.is_empty()).then(|| Unlisted { name: row.printed.clone(), figures, place })
    }

    fn unlisted(
        &self,
        found: &mut Found,
        row: &NamedRow,
        place: crate::statements::Place,
        figures: &BTreeMap<Column, (Figure, usize)>,
    ) {
        found.statement.unlisted.extend(self.as_unlisted(row, place, figures));
    }

    fn period(&self, draft: &Draft, fallback: Period) -> (Period, Source, Option<Doubt>) {
        if let Some(span) = draft.span {
            let period = if draft.longest { span.longest() } else { span.period() };
            if let Some(period) = period {
                return (period, Source::Sheet, None);
            }
        }
        let scope = draft.scope.map(Scope::part).or_else(|| {
            let compared = draft.columns.contains_key(&Column::Prior)
                && !draft.columns.contains_key(&Column::YearToDate);
            compared.then_some(Part::Year)
        });
        if let Some(period) = self.title_span().and_then(|span| periods::settle(span, scope)) {
            return (period, Source::Sheet, None);
        }
        let sheet = self.block.sheet;
        for name in [&sheet.name, &sheet.file] {
            let found = periods::find(name).and_then(|span| periods::settle(span, scope));
            if let Some(period) = found {
                return (period, Source::Name, Some(Doubt::period_from_name(name, period)));
            }
        }
        (fallback, Source::Nowhere, None)
    }

    /// The stretch of time that the rows above the figures name.
    fn title_span(&self) -> Option<Span> {
        let rows = self.block.sheet.rows.get(self.block.above.clone()).unwrap_or_default();
        let mut best: Option<(u8, Span)> = None;
        for cell in rows.iter().flat_map(|row| &row.cells) {
            let (weight, span) = match cell {
                Cell::Text(text) if !heads::is_other_day(text) => {
                    let Some(span) = periods::find(text) else { continue };
                    let titled = heads::titled(text).is_some();
                    let weight = if heads::names_a_period(text) { 3 } else { 1 + u8::from(titled) };
                    (weight, span)
                }
                Cell::Day(day) => (1, Span::Day(*day)),
                _ => continue,
            };
            match best {
                Some((known, _)) if weight < known => {}
                // The first and the last day of a period often stand in two cells.
                Some((3, start)) if weight == 3 => {
                    best = Some((3, start.until(span).unwrap_or(start)));
                }
                Some((known, _)) if weight == known => {}
                _ => best = Some((weight, span)),
            }
        }
        best.map(|(_, span)| span)
    }

    /// Says so when the printed form number is of the other standard.
    fn form_number(&self, found: &mut Found) {
        let rows = self.block.sheet.rows.get(self.block.above.clone()).unwrap_or_default();
        for text in rows.iter().flat_map(|row| row.cells.iter().filter_map(Cell::text)) {
            let narrow = heads::bare(text);
            let printed = if narrow.contains("会小企0") {
                Standard::Small
            } else if narrow.contains("会企0") {
                Standard::General
            } else {
                continue;
            };
            if printed != self.standard && self.choices.is_none() {
                found.doubts.push(Doubt::printed_form(&narrow));
            }
            return;
        }
    }
}
