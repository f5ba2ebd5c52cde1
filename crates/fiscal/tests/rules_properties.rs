//! Random statements that balance pass; a changed cell is found by a rule that contains it.

#[cfg(test)]
mod properties {
    use std::collections::BTreeMap;

    use fiscal::rules::{Case, Cell, Settings, check_period};
    use fiscal::statements::chart::{LineKind, chart};
    use fiscal::statements::{Column, Figures, Layout, Standard, Statement, StatementKind, Unit};
    use proptest::prelude::*;
    use values::{Fen, Period};

    const KINDS: [StatementKind; 3] =
        [StatementKind::BalanceSheet, StatementKind::Income, StatementKind::CashFlow];

    fn period() -> Period {
        Period::month(2026, 5).unwrap()
    }

    /// A column whose totals follow from its items; retained earnings close the balance sheet.
    fn column(standard: Standard, kind: StatementKind, items: &[i64]) -> Figures {
        let chart = chart(standard, Layout::Prescribed, kind);
        let mut figures = Figures::new();
        for (line, amount) in chart.lines().iter().zip(items) {
            if matches!(line.kind, LineKind::Item | LineKind::In | LineKind::Out) {
                figures.insert(line.number, Fen(*amount));
            }
        }
        fill_totals(standard, kind, &mut figures);
        let number = |code: &str| chart.by_code(code).map(|line| line.number);
        if let (Some(assets), Some(all), Some(plug)) = (
            number("assets_total"),
            number("liabilities_equity_total"),
            number("retained_earnings"),
        ) {
            let short = figures[&assets] - figures[&all];
            let retained = figures[&plug] + short;
            figures.insert(plug, retained);
            fill_totals(standard, kind, &mut figures);
        }
        if let (Some(net), Some(one), Some(other)) =
            (number("net_profit"), number("np_continuing"), number("np_discontinued"))
        {
            let continuing = figures[&net] - figures[&other];
            figures.insert(one, continuing);
        }
        figures
    }

    fn fill_totals(standard: Standard, kind: StatementKind, figures: &mut Figures) {
        let lines = chart(standard, Layout::Prescribed, kind).lines();
        // Other comprehensive income is a total of totals that stand below it.
        for line in lines.iter().chain(lines).chain(lines) {
            if let LineKind::Sum(addends) = &line.kind {
                let signed = |(sign, line): &(i8, u16)| {
                    let amount = figures.get(line).copied().unwrap_or_default();
                    if *sign < 0 { -amount } else { amount }
                };
                let total = addends.iter().map(signed).sum();
                figures.insert(line.number, total);
            }
        }
    }

    fn case(standard: Standard, items: &[Vec<i64>]) -> Case {
        let mut case = Case::default();
        for (kind, items) in KINDS.into_iter().zip(items) {
            let at =
                if kind == StatementKind::BalanceSheet { Column::Closing } else { Column::Current };
            case.add(Statement {
                standard,
                layout: Layout::Prescribed,
                kind,
                period: period(),
                unit: Unit::Yuan,
                carries_fen: true,
                columns: BTreeMap::from([(at, column(standard, kind, items))]),
                printed: std::collections::BTreeSet::new(),
                unlisted: Vec::new(),
                places: BTreeMap::new(),
            });
        }
        case
    }

    /// Rules that are exact equalities within one statement.
    fn exact(rule: &str) -> bool {
        const EXACT: [&str; 22] = [
            "BS-01", "BS-03", "BS-04", "BS-05", "BS-06", "BS-07", "BS-08", "BS-09", "BS-10",
            "BS-11", "IS-01", "IS-02", "IS-03", "IS-04", "IS-11", "IS-12", "IS-13", "CF-01",
            "CF-02", "CF-03", "CF-04", "CF-05",
        ];
        EXACT.contains(&rule)
    }

    fn standards() -> impl Strategy<Value = Standard> {
        prop_oneof![Just(Standard::Small), Just(Standard::General)]
    }

    fn items() -> impl Strategy<Value = Vec<Vec<i64>>> {
        prop::collection::vec(prop::collection::vec(0_i64..100_000_000_000, 80), 3)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_balanced_statement_passes(standard in standards(), items in items()) {
            let found = check_period(&case(standard, &items), &Settings::default(), period());
            for result in found.iter().filter(|result| exact(result.rule)) {
                prop_assert!(!result.is_broken(), "{}", result.zh());
            }
        }

        #[test]
        fn a_changed_cell_is_found_by_a_rule_that_contains_it(
            standard in standards(),
            items in items(),
            which in 0_usize..3,
            at in any::<prop::sample::Index>(),
            by in prop_oneof![1_i64..1_000_000, -1_000_000_i64..-1],
        ) {
            let mut case = case(standard, &items);
            let kind = KINDS[which];
            let statement = case.statements.get_mut(&(period(), kind)).unwrap();
            let (_, figures) = statement.columns.iter_mut().next().unwrap();
            // Figures per share enter no equality.
            let lines: Vec<u16> = figures
                .keys()
                .copied()
                .filter(|line| !(kind == StatementKind::Income && *line > 40))
                .collect();
            let line = lines[at.index(lines.len())];
            *figures.get_mut(&line).unwrap() = figures[&line] + Fen(by);
            let found = check_period(&case, &Settings::default(), period());
            let contains = |cell: &Cell| {
                let Cell::Statement(_, _, _, of, _, number) = cell else { return false };
                *of == kind && *number == line
            };
            let caught = found.iter().filter(|result| exact(result.rule) && result.is_broken()).any(
                |result| {
                    let holds_it = |entry: &fiscal::rules::Entry| contains(&entry.cell);
                    result.breach().is_some_and(|b| b.entries.iter().any(holds_it))
                },
            );
            prop_assert!(caught, "{kind:?} line {line} by {by}");
        }
    }
}
