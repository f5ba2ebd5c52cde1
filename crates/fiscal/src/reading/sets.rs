//! What statements of one set say about each other: one period, and columns that mean the same.

use std::collections::BTreeSet;

use values::{Part, Period};

use super::Found;
use super::doubts::Doubt;
use crate::statements::{Column, Figures, Statement, StatementKind};

/// Where a period comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The sheet.
    Sheet,
    /// The name of the sheet or file.
    Name,
    /// Nowhere: it is assumed.
    Nowhere,
}

/// In a statement of a whole year, the year's figures are both the period's and the year's to date.
pub(crate) fn annual(statement: &mut Statement) {
    if statement.kind == StatementKind::BalanceSheet || statement.period.part() != Part::Year {
        return;
    }
    for (from, to) in [(Column::Current, Column::YearToDate), (Column::YearToDate, Column::Current)]
    {
        if statement.columns.contains_key(&to) {
            continue;
        }
        let Some(figures) = statement.columns.get(&from).cloned() else { continue };
        let places: Vec<_> = statement
            .places
            .iter()
            .filter(|((column, _), _)| *column == from)
            .map(|((_, line), place)| ((to, *line), place.clone()))
            .collect();
        statement.columns.insert(to, Figures::clone(&figures));
        statement.places.extend(places);
    }
}

/// Statements of one set have one period: a balance sheet of a day takes the quarter or year that
/// the others are for and that ends on that day, and one without a period takes theirs.
pub(crate) fn companions(built: &mut [(Found, Source)]) {
    let named: Vec<(StatementKind, Period)> = built
        .iter()
        .filter(|(_, source)| *source != Source::Nowhere)
        .map(|(found, _)| (found.statement.kind, found.statement.period))
        .collect();
    for (found, source) in built.iter_mut() {
        let statement = &mut found.statement;
        if *source == Source::Nowhere {
            let other = named.iter().map(|(_, period)| *period).max_by_key(|p| p.last_day());
            match other {
                Some(period) => {
                    statement.period = period;
                    found.doubts.push(Doubt::period_from_companion(period));
                    annual(statement);
                }
                None => found.doubts.push(Doubt::period_assumed(statement.period)),
            }
        }
        if statement.kind == StatementKind::BalanceSheet
            && matches!(statement.period.part(), Part::Month(_))
        {
            let end = statement.period.last_day();
            let flows: BTreeSet<Period> = named
                .iter()
                .filter(|(kind, period)| {
                    *kind != StatementKind::BalanceSheet && period.last_day() == end
                })
                .map(|(_, period)| *period)
                .collect();
            if let (Some(only), 1) = (flows.first(), flows.len()) {
                statement.period = *only;
            }
        }
    }
}
