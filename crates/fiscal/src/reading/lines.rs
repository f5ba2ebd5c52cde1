//! Which line each row of a block is, for a given standard.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::{Block, NamedRow};
use super::lexicon::{Meaning, meanings};
use super::{By, Choice};
use crate::statements::chart::{Chart, LineKind, chart};
use crate::statements::{Layout, Standard, StatementKind};

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is this line.
    Line(u16, By),
    /// A line that stood before already.
    Repeated(u16),
    /// The name is a line's, but not in this part of the form.
    OutOfPlace,
    /// No line has this name.
    Unknown,
    /// A person decided that it is to be passed over.
    Ignored,
    /// It stands after the statement's end.
    Supplement,
}

/// The first line number that only the forms from before 2019 have.
pub(crate) const OLDER: u16 = 101;

struct Walk<'w> {
    standard: Standard,
    kind: StatementKind,
    chart: &'static Chart,
    choices: Option<&'w BTreeMap<String, Choice>>,
    used: BTreeSet<u16>,
    /// The line whose parts may follow.
    open_parent: Option<u16>,
    supplement: bool,
    /// Rows of gains that stand after impairment where impairment is deducted.
    gains_seen: bool,
}

/// The fate of each row of a block, in the order of its rows.
pub(crate) fn resolve(
    block: &Block<'_>,
    standard: Standard,
    choices: Option<&BTreeMap<String, Choice>>,
) -> Vec<Fate> {
    let mut banned = BTreeSet::new();
    // A row that turns out to be misplaced leaves its line to a later row of the same name.
    for _ in 0..3 {
        let fates = walk(block, standard, choices, &banned);
        let wrong = misplaced(block, standard, &fates);
        if wrong.is_empty() {
            return fates;
        }
        banned.extend(wrong);
    }
    walk(block, standard, choices, &banned)
}

fn walk(
    block: &Block<'_>,
    standard: Standard,
    choices: Option<&BTreeMap<String, Choice>>,
    banned: &BTreeSet<usize>,
) -> Vec<Fate> {
    let mut fates = vec![Fate::Unknown; block.rows.len()];
    let mut used = BTreeSet::new();
    for side in 0..block.columns.len() {
        let mut walk = Walk {
            standard,
            kind: block.kind,
            chart: chart(standard, Layout::Foreign, block.kind),
            choices,
            used: std::mem::take(&mut used),
            open_parent: None,
            supplement: false,
            gains_seen: false,
        };
        for (index, (row, fate)) in block.rows.iter().zip(&mut fates).enumerate() {
            if row.side == side && !row.name.key.is_empty() {
                let out = banned.contains(&index);
                *fate = if out { Fate::OutOfPlace } else { walk.step(row) };
            }
        }
        used = walk.used;
    }
    fates
}

impl Walk<'_> {
    fn step(&mut self, row: &NamedRow) -> Fate {
        let key = &row.name.key;
        match self.choices.and_then(|choices| choices.get(key)) {
            Some(Choice::Ignore) => return Fate::Ignored,
            Some(Choice::Line(line)) => {
                self.used.insert(*line);
                return Fate::Line(*line, By::Choice);
            }
            None => {}
        }
        if self.kind == StatementKind::CashFlow {
            if key.starts_with("补充资料") {
                self.supplement = true;
            }
            if self.supplement {
                return Fate::Supplement;
            }
        }
        let candidates: Vec<&Meaning> = meanings(key)
            .iter()
            .filter(|one| one.standard == self.standard && one.kind == self.kind)
            .collect();
        if candidates.is_empty() || row.name.heading {
            return Fate::Unknown;
        }
        let fits = |one: &&&Meaning| match one.parent {
            // What older forms print above the line it belongs to is known by its name alone.
            Some(parent) if one.line < OLDER => self.open_parent == Some(parent),
            _ => true,
        };
        let mut open: Vec<&Meaning> = candidates.iter().filter(fits).copied().collect();
        if open.is_empty() {
            return Fate::OutOfPlace;
        }
        if self.kind == StatementKind::Income && open.len() > 1 {
            let deducted = row.name.deducted || (!row.name.signed && !self.gains_seen);
            open.retain(|one| (one.line >= OLDER) == deducted);
        }
        let Some(chosen) = open.iter().find(|one| !self.used.contains(&one.line)) else {
            return open.first().map_or(Fate::Unknown, |one| Fate::Repeated(one.line));
        };
        let by = if chosen.alias { By::Alias } else { By::Name };
        self.take(chosen);
        Fate::Line(chosen.line, by)
    }

    fn take(&mut self, chosen: &Meaning) {
        self.used.insert(chosen.line);
        let code = self.chart.line(chosen.line).map_or("", |line| line.code);
        self.gains_seen |= matches!(code, "investment_income" | "fair_value_gain");
        self.supplement |= code == "cf_end";
        if chosen.parent.is_none() {
            let is_parent = |kind: &LineKind| *kind == LineKind::Of(chosen.line);
            let has_parts = self.chart.lines().iter().any(|line| is_parent(&line.kind));
            self.open_parent = has_parts.then_some(chosen.line);
        }
    }
}

/// Lines that stand on the wrong side of a printed total are not those lines: a row 递延收益 among
/// the current liabilities is another thing than the line of that name below.
fn misplaced(block: &Block<'_>, standard: Standard, fates: &[Fate]) -> Vec<usize> {
    if block.kind == StatementKind::Income {
        return Vec::new();
    }
    let chart = chart(standard, Layout::Foreign, block.kind);
    let mut totals: Vec<(usize, usize, u16, Vec<u16>)> = Vec::new();
    for (row, fate) in block.rows.iter().zip(fates) {
        if let Fate::Line(line, _) = fate
            && !chart.addends(*line).is_empty()
        {
            let addends = chart.addends(*line).iter().map(|(_, addend)| *addend).collect();
            totals.push((row.side, row.row, *line, addends));
        }
    }
    let rows = block.rows.iter().zip(fates).enumerate();
    let wrong = rows.filter(|(_, (row, fate))| {
        let Fate::Line(line, By::Name | By::Alias) = **fate else { return false };
        totals.iter().any(|(side, at, total, addends)| {
            let addend = addends.contains(&line);
            *side == row.side
                && *total != line
                && line < OLDER
                && *total < OLDER
                && ((addend && *at < row.row) || (!addend && *total < line && row.row < *at))
        })
    });
    wrong.map(|(index, _)| index).collect()
}

/// How well a standard explains a block: lines matched by the form's own name count double.
pub(crate) fn score(fates: &[Fate]) -> usize {
    let points = fates.iter().map(|fate| match fate {
        Fate::Line(line, By::Name) if *line < OLDER => 2,
        Fate::Line(..) => 1,
        _ => 0,
    });
    points.sum()
}
