//! Where in a sheet statements stand: heads, name columns, and the columns of figures beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::heads::{self, Role, Stated};
use super::lexicon::meanings;
use super::names::{Name, name};
use super::{Cell, Row, Sheet};
use crate::statements::StatementKind;

/// A column that names lines, with the columns of figures that belong to it.
#[derive(Debug, Clone)]
pub(crate) struct NameColumn {
    pub(crate) index: usize,
    pub(crate) figures: Vec<FigureColumn>,
    /// The head of the names, such as 报告日期.
    pub(crate) by_date: bool,
}

/// A column of figures.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FigureColumn {
    pub(crate) index: usize,
    pub(crate) role: Option<Role>,
    /// Where its head stands, or the first row of the figures.
    pub(crate) head_row: u32,
    /// The head only says 期初.
    pub(crate) says_period_start: bool,
}

/// A row of a statement: its name and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct NamedRow {
    /// The index of the row in the sheet's rows.
    pub(crate) row: usize,
    /// Which of the block's name columns.
    pub(crate) side: usize,
    pub(crate) name: Name,
    pub(crate) printed: String,
}

/// One statement's place in a sheet.
#[derive(Debug)]
pub(crate) struct Block<'s> {
    pub(crate) sheet: &'s Sheet,
    pub(crate) kind: StatementKind,
    pub(crate) columns: Vec<NameColumn>,
    pub(crate) rows: Vec<NamedRow>,
    /// Rows above the figures, with titles and heads.
    pub(crate) above: Range<usize>,
    pub(crate) units: Vec<Stated>,
}

/// A head and the rows under it.
struct Segment {
    above: Range<usize>,
    body: Range<usize>,
    /// Roles by column; empty without a head.
    roles: BTreeMap<usize, (Role, u32, String)>,
}

/// All statements of a sheet.
pub(crate) fn find(sheet: &Sheet) -> Vec<Block<'_>> {
    let names: Vec<BTreeMap<usize, Name>> = sheet.rows.iter().map(row_names).collect();
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for segment in segments(sheet, &names) {
        for block in blocks_of(sheet, &segment, &names) {
            match blocks.last_mut().filter(|last| goes_on(last, &block)) {
                Some(last) => last.rows.extend(block.rows),
                None => blocks.push(block),
            }
        }
    }
    blocks
}

/// Whether a block is the rest of the one above, printed on a second page with its head again.
fn goes_on(last: &Block<'_>, next: &Block<'_>) -> bool {
    let same_columns = || {
        let indices = |block: &Block<'_>| -> Vec<(usize, Vec<usize>)> {
            let figures = |column: &NameColumn| column.figures.iter().map(|f| f.index).collect();
            block.columns.iter().map(|column| (column.index, figures(column))).collect()
        };
        indices(last) == indices(next)
    };
    let keys = |block: &Block<'_>| -> BTreeSet<String> {
        block.rows.iter().map(|row| row.name.key.clone()).collect()
    };
    let titled = next.above.clone().any(|row| {
        next.sheet.rows.get(row).is_some_and(|row| {
            row.cells.iter().filter_map(Cell::text).any(|text| heads::titled(text).is_some())
        })
    });
    last.kind == next.kind && !titled && same_columns() && keys(last).is_disjoint(&keys(next))
}

/// The texts of a row that are names of lines, by column.
fn row_names(row: &Row) -> BTreeMap<usize, Name> {
    let named = row.cells.iter().enumerate().filter_map(|(column, cell)| {
        let text = cell.text().filter(|text| text.len() < 400)?;
        let name = name(text);
        (!name.key.is_empty()).then_some((column, name))
    });
    named.collect()
}

fn is_line(name: &Name) -> bool {
    !meanings(&name.key).is_empty()
}

fn roles_of(row: &Row) -> BTreeMap<usize, Role> {
    let roles = row.cells.iter().enumerate().filter_map(|(column, cell)| {
        let role = match cell {
            Cell::Text(text) => heads::role(text)?,
            Cell::Day(day) => Role::When(super::periods::Span::Day(*day)),
            _ => return None,
        };
        Some((column, role))
    });
    roles.collect()
}

/// Whether a row is a head, by itself or as the second row of one.
fn is_head(row: &Row, names: &BTreeMap<usize, Name>, below_a_head: bool) -> bool {
    if row.cells.iter().any(|cell| matches!(cell, Cell::Number(_))) || names.values().any(is_line) {
        return false;
    }
    let roles = roles_of(row);
    let count = |wanted: fn(&Role) -> bool| roles.values().filter(|role| wanted(role)).count();
    let figures = count(|role| matches!(role, Role::Figures(..)));
    let amounts = count(|role| matches!(role, Role::Amounts));
    let when = count(|role| matches!(role, Role::When(_)));
    let named = count(|role| matches!(role, Role::Names)) > 0;
    if below_a_head {
        let texts = row.cells.iter().filter(|cell| !cell.is_blank()).count();
        return texts > 0 && roles.len() == texts && figures + amounts + when > 0;
    }
    figures >= 2 || when >= 2 || (named && figures + amounts + when >= 1)
}

fn segments(sheet: &Sheet, names: &[BTreeMap<usize, Name>]) -> Vec<Segment> {
    let mut heads: Vec<Range<usize>> = Vec::new();
    for (index, row) in sheet.rows.iter().enumerate() {
        let nothing = BTreeMap::new();
        let names = names.get(index).unwrap_or(&nothing);
        let before = heads.last_mut().filter(|head| head.end == index && head.len() < 3);
        if let Some(head) = before {
            if is_head(row, names, true) {
                head.end = index + 1;
            }
            continue;
        }
        if is_head(row, names, false) {
            // A row above that only says 项目 over merged cells belongs to the head.
            let start = index.checked_sub(1).filter(|above| {
                heads.last().is_none_or(|last| last.end <= *above)
                    && sheet.rows.get(*above).is_some_and(|row| {
                        roles_of(row).values().any(|role| matches!(role, Role::Names))
                    })
            });
            heads.push(start.unwrap_or(index)..index + 1);
        }
    }
    let all = 0..sheet.rows.len();
    if heads.is_empty() {
        let first = names.iter().position(|row| row.values().any(is_line)).unwrap_or(0);
        return vec![Segment { above: 0..first, body: first..all.end, roles: BTreeMap::new() }];
    }
    let mut segments = Vec::new();
    let mut free = 0;
    for (at, head) in heads.iter().enumerate() {
        let end = heads.get(at + 1).map_or(all.end, |next| next.start);
        let body = head.end..end;
        let roles = head_roles(sheet, head);
        segments.push(Segment { above: free..head.end, body: body.clone(), roles });
        let last =
            body.rev().find(|row| names.get(*row).is_some_and(|names| names.values().any(is_line)));
        free = last.map_or(head.end, |row| row + 1);
    }
    segments
}

/// What each column's head says, from the lowest row of the head up; merged cells reach down and
/// to the right, and so does a head over several others.
fn head_roles(sheet: &Sheet, head: &Range<usize>) -> BTreeMap<usize, (Role, u32, String)> {
    let rows: Vec<&Row> = sheet.rows.get(head.clone()).unwrap_or_default().iter().collect();
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut roles = BTreeMap::new();
    for column in 0..width {
        let mut chosen: Option<(Role, u32, String)> = None;
        for (depth, row) in rows.iter().enumerate().rev() {
            let below = rows.get(depth + 1);
            let Some((role, text)) = head_cell(sheet, row, column, below.copied()) else {
                continue;
            };
            let certain = |role: &Role| matches!(role, Role::Figures(..) | Role::When(_));
            let weight = |role: &Role| match role {
                Role::Figures(..) => 4,
                Role::When(_) => 3,
                Role::Names | Role::Numbers => 2,
                Role::Amounts => 1,
            };
            let better = chosen
                .as_ref()
                .is_none_or(|(known, ..)| !certain(known) && weight(&role) > weight(known));
            if better {
                chosen = Some((role, row.number, text));
            }
        }
        if let Some(found) = chosen {
            roles.insert(column, found);
        }
    }
    roles
}

fn head_cell(
    sheet: &Sheet,
    row: &Row,
    column: usize,
    below: Option<&Row>,
) -> Option<(Role, String)> {
    let of_cell = |cell: &Cell| match cell {
        Cell::Text(text) => heads::role(text).map(|role| (role, heads::bare(text))),
        Cell::Day(day) => Some((Role::When(super::periods::Span::Day(*day)), day.to_string())),
        _ => None,
    };
    let cell = row.cells.get(column).unwrap_or(&Cell::Blank);
    if !cell.is_blank() {
        return of_cell(cell);
    }
    let covering = sheet.merged.iter().find(|range| {
        (range.first_row..=range.last_row).contains(&row.number)
            && (range.first_column..=range.last_column).contains(&column)
    });
    if let Some(range) = covering {
        let first = sheet.rows.iter().find(|row| row.number == range.first_row)?;
        return of_cell(first.cells.get(range.first_column)?);
    }
    // Without merged ranges, a head over two others stands above the first of them.
    let under = below?.cells.get(column).filter(|cell| !cell.is_blank())?;
    of_cell(under)?;
    let left = row.cells.get(..column)?.iter().rev().find(|cell| !cell.is_blank())?;
    of_cell(left).filter(|(role, _)| !matches!(role, Role::Names | Role::Numbers))
}

const KINDS: [StatementKind; 3] =
    [StatementKind::BalanceSheet, StatementKind::Income, StatementKind::CashFlow];

/// Which statement each name column of a segment belongs to.
fn name_columns(
    segment: &Segment,
    names: &[BTreeMap<usize, Name>],
    title: Option<StatementKind>,
) -> BTreeMap<usize, (StatementKind, usize)> {
    let mut hits: BTreeMap<usize, BTreeMap<StatementKind, BTreeSet<&str>>> = BTreeMap::new();
    for row in names.get(segment.body.clone()).unwrap_or_default() {
        for (column, name) in row {
            for meaning in meanings(&name.key) {
                let kinds = hits.entry(*column).or_default();
                kinds.entry(meaning.kind).or_default().insert(&name.key);
            }
        }
    }
    let mut columns = BTreeMap::new();
    for (column, kinds) in hits {
        let best = kinds
            .iter()
            .map(|(kind, keys)| (*kind, keys.len()))
            .max_by_key(|(kind, count)| (*count, Some(*kind) == title));
        if let Some(best) = best {
            columns.insert(column, best);
        }
    }
    columns
}

fn blocks_of<'s>(
    sheet: &'s Sheet,
    segment: &Segment,
    names: &[BTreeMap<usize, Name>],
) -> Vec<Block<'s>> {
    let texts = || {
        let rows = sheet.rows.get(segment.above.clone()).unwrap_or_default();
        rows.iter().flat_map(|row| row.cells.iter().filter_map(Cell::text))
    };
    let title = texts().find_map(heads::titled).or_else(|| heads::titled(&sheet.name));
    let found = name_columns(segment, names, title);
    let mut blocks = Vec::new();
    for kind in KINDS {
        let total: usize = found.values().filter(|(of, _)| *of == kind).map(|(_, hits)| hits).sum();
        let needed = if title == Some(kind) { 2 } else { 4 };
        if total < needed {
            continue;
        }
        let is_names = |column: &usize, hits: usize| {
            let head = segment.roles.get(column).map(|(role, ..)| *role);
            hits >= 3 || head == Some(Role::Names) || (segment.roles.is_empty() && hits >= 2)
        };
        let mine: Vec<usize> = found
            .iter()
            .filter(|(column, (of, hits))| *of == kind && is_names(column, *hits))
            .map(|(column, _)| *column)
            .collect();
        let others: Vec<usize> = found
            .iter()
            .filter(|(column, (_, hits))| is_names(column, *hits))
            .map(|(column, _)| *column)
            .collect();
        if mine.is_empty() {
            continue;
        }
        let columns: Vec<NameColumn> =
            mine.iter().map(|column| name_column(sheet, segment, *column, &others)).collect();
        let rows = named_rows(sheet, segment, &mine, names);
        let units = texts().filter_map(heads::unit).collect();
        blocks.push(Block { sheet, kind, columns, rows, above: segment.above.clone(), units });
    }
    blocks
}

fn name_column(sheet: &Sheet, segment: &Segment, index: usize, others: &[usize]) -> NameColumn {
    let body = sheet.rows.get(segment.body.clone()).unwrap_or_default();
    let width = body.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let heads_width = segment.roles.keys().next_back().map_or(0, |last| last + 1);
    let next_names = segment
        .roles
        .iter()
        .find(|(column, (role, ..))| **column > index && *role == Role::Names)
        .map(|(column, _)| *column);
    let next = others.iter().copied().find(|other| *other > index);
    let limit = width.max(heads_width);
    let end = next.unwrap_or(limit).min(next_names.unwrap_or(limit));
    let by_date = segment.roles.get(&index).is_some_and(|(_, _, text)| text.starts_with("报"));
    let figures = (index + 1..end).filter_map(|column| {
        let head = segment.roles.get(&column);
        let role = head.map(|(role, ..)| *role);
        if matches!(role, Some(Role::Numbers | Role::Names)) {
            return None;
        }
        let first = body.iter().find(|row| has_amount(row, column));
        if role.is_none() && (first.is_none() || is_numbering(body, column)) {
            return None;
        }
        let head_row = head.map_or_else(|| first.map_or(1, |row| row.number), |head| head.1);
        let says_period_start = head.is_some_and(|(_, _, text)| text.starts_with("期初"));
        Some(FigureColumn { index: column, role, head_row, says_period_start })
    });
    NameColumn { index, figures: figures.collect(), by_date }
}

fn has_amount(row: &Row, column: usize) -> bool {
    let cell = row.cells.get(column).unwrap_or(&Cell::Blank);
    matches!(super::amounts::read(cell), super::amounts::Amount::Figure(_))
}

/// Whether a column without a head only counts rows: small whole numbers that never fall.
fn is_numbering(body: &[Row], column: usize) -> bool {
    let mut last = 0;
    let mut count = 0;
    for row in body {
        let cell = row.cells.get(column).unwrap_or(&Cell::Blank);
        let super::amounts::Amount::Figure(figure) = super::amounts::read(cell) else { continue };
        match figure.whole() {
            Some(number) if number > last && number <= 200 => last = number,
            _ => return false,
        }
        count += 1;
    }
    count >= 3
}

fn named_rows(
    sheet: &Sheet,
    segment: &Segment,
    columns: &[usize],
    names: &[BTreeMap<usize, Name>],
) -> Vec<NamedRow> {
    let mut rows = Vec::new();
    for row in segment.body.clone() {
        let nothing = BTreeMap::new();
        let found = names.get(row).unwrap_or(&nothing);
        for (side, column) in columns.iter().enumerate() {
            let name = found.get(column).cloned().unwrap_or_default();
            let printed = sheet
                .rows
                .get(row)
                .and_then(|row| row.cells.get(*column))
                .and_then(Cell::text)
                .map(|text| text.trim_matches(crate::text::is_blank).to_owned())
                .unwrap_or_default();
            rows.push(NamedRow { row, side, name, printed });
        }
    }
    rows
}
