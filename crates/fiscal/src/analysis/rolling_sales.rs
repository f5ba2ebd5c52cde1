//! Sales over twelve months in a row, against the line for registering as a general VAT taxpayer.
//!
//! Source: 增值税法 art. 9: a small-scale taxpayer has annual taxable sales of at most 500万元; the
//! twelve months are counted in a row, across calendar years.

use serde::Serialize;
use values::{Fen, Period};

/// The line, in fen.
pub const REGISTRATION_LINE: Fen = Fen::from_yuan(5_000_000);

/// From this share of the line on, people are warned, in percent.
const NEAR: i64 = 80;

/// How sales stand to the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nearness {
    /// Below four fifths of it.
    Below,
    /// From four fifths on: time to prepare.
    Near,
    /// Over it: must register.
    Over,
}

/// The sales of the twelve months that end with a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RollingSales {
    /// The last of the twelve months.
    pub month: Period,
    /// Their sum; what is missing in it is listed beside.
    pub sales: Fen,
    /// Months among the twelve without a figure.
    pub missing: Vec<Period>,
    /// How it stands to the line; with months missing it can only be worse than said.
    pub nearness: Nearness,
}

/// Twelve-month sums for each month from the first to the last that has a figure. A quarter's sales
/// are spread over its months, since only the sum matters once the quarter is over.
#[must_use]
pub fn rolling_sales(sales: &[(Period, Fen)]) -> Vec<RollingSales> {
    let mut months: std::collections::BTreeMap<Period, Fen> = std::collections::BTreeMap::new();
    for (period, amount) in sales {
        spread(*period, *amount, &mut months);
    }
    let (Some(first), Some(last)) =
        (months.keys().next().copied(), months.keys().next_back().copied())
    else {
        return Vec::new();
    };
    let mut sums = Vec::new();
    let mut month = Some(first);
    while let Some(end) = month.filter(|month| *month <= last) {
        sums.push(ending(end, first, &months));
        month = end.next();
    }
    sums
}

fn spread(period: Period, amount: Fen, months: &mut std::collections::BTreeMap<Period, Fen>) {
    let count = i64::from(period.last_month() - period.first_month()) + 1;
    let part = amount.0 / count;
    for (place, number) in (period.first_month()..=period.last_month()).enumerate() {
        let Some(month) = Period::month(period.in_year(), number) else { continue };
        let rest = if place == 0 { amount.0 - part * count } else { 0 };
        let sum = months.entry(month).or_default();
        *sum = *sum + Fen(part + rest);
    }
}

fn ending(
    end: Period,
    first: Period,
    months: &std::collections::BTreeMap<Period, Fen>,
) -> RollingSales {
    let mut sales = Fen::ZERO;
    let mut missing = Vec::new();
    let mut month = Some(end);
    for _ in 0..12 {
        let Some(at) = month else { break };
        match months.get(&at) {
            Some(amount) => sales = sales + *amount,
            // Before the first figure nothing is known to be missing: business may not have begun.
            None if at > first => missing.push(at),
            None => {}
        }
        month = at.previous();
    }
    missing.reverse();
    let nearness = if sales > REGISTRATION_LINE {
        Nearness::Over
    } else if sales.0 >= REGISTRATION_LINE.0 / 100 * NEAR {
        Nearness::Near
    } else {
        Nearness::Below
    };
    RollingSales { month: end, sales, missing, nearness }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn twelve_months_are_counted_across_the_turn_of_the_year() {
        let sales = [
            (period("2025Q3"), Fen::from_yuan(3_000_001)),
            (period("2025Q4"), Fen::from_yuan(1_000_000)),
            (period("2026Q1"), Fen::from_yuan(500_000)),
            (period("2026Q2"), Fen::from_yuan(500_000)),
            (period("2026Q3"), Fen::ZERO),
        ];
        let sums = rolling_sales(&sales);
        let at = |month: &str| sums.iter().find(|one| one.month == period(month)).unwrap();
        assert_eq!(at("2025-12").nearness, Nearness::Near);
        assert_eq!(at("2026-06").sales, Fen::from_yuan(5_000_001));
        assert_eq!(at("2026-06").nearness, Nearness::Over, "one yuan above the line");
        assert_eq!(at("2026-09").sales, Fen::from_yuan(2_000_000));
        assert_eq!(at("2026-09").nearness, Nearness::Below);
        assert_eq!(sums.len(), 15);
    }

    #[test]
    fn months_without_a_figure_are_named() {
        let sales =
            [(period("2026-01"), Fen::from_yuan(1)), (period("2026-03"), Fen::from_yuan(2))];
        let sums = rolling_sales(&sales);
        assert_eq!(sums.last().unwrap().missing, [period("2026-02")]);
        assert!(rolling_sales(&[]).is_empty());
    }
}
