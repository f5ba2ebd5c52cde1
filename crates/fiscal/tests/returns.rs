//! The returns of an invented client keep to the charts: every formula holds, and a changed
//! figure breaks one.

#[cfg(test)]
mod sample {
    use std::collections::BTreeMap;

    use fiscal::returns::chart::{chart, line};
    use fiscal::returns::formula::How;
    use fiscal::returns::{Form, LineNo, Lines};
    use values::{Fen, Period};

    type Returns = BTreeMap<Form, BTreeMap<Period, BTreeMap<LineNo, String>>>;

    fn fen(text: &str) -> Fen {
        let (yuan, rest) = text.split_once('.').unwrap();
        Fen(yuan.parse::<i64>().unwrap() * 100 + rest[..2].parse::<i64>().unwrap())
    }

    fn returns() -> Vec<(Form, Period, Lines)> {
        let read: Returns = serde_json::from_str(include_str!("returns.json")).unwrap();
        let each = read.into_iter().flat_map(|(form, periods)| {
            periods.into_iter().map(move |(period, lines)| (form, period, lines))
        });
        each.map(|(form, period, lines)| {
            let lines = lines.into_iter().map(|(number, amount)| (number, fen(&amount)));
            (form, period, lines.collect())
        })
        .collect()
    }

    fn broken(form: Form, period: Period, lines: &Lines) -> Vec<LineNo> {
        let off = |line: &&&fiscal::returns::chart::ReturnLine| line.fits(lines) == Some(false);
        chart(form, period).iter().filter(off).map(|line| line.number).collect()
    }

    #[test]
    fn every_line_is_known_and_every_formula_holds() {
        let all = returns();
        assert_eq!(all.len(), 4);
        let mut compared = 0;
        for (form, period, lines) in &all {
            for number in lines.keys() {
                assert!(line(*form, *period, *number).is_some(), "{form:?} {number}");
            }
            assert_eq!(broken(*form, *period, lines), [], "{form:?} {period}");
            compared += chart(*form, *period).iter().filter(|l| l.fits(lines).is_some()).count();
        }
        assert!(compared > 40, "{compared}");
    }

    #[test]
    fn a_changed_figure_breaks_a_formula_that_it_enters() {
        for (form, period, lines) in returns() {
            for of in chart(form, period) {
                if !matches!(of.how, How::Formula(_)) || !lines.contains_key(&of.number) {
                    continue;
                }
                let mut changed = lines.clone();
                changed.insert(of.number, lines[&of.number] + Fen(1));
                assert!(broken(form, period, &changed).contains(&of.number), "{form:?} {of:?}");
            }
        }
    }

    #[test]
    fn what_is_carried_was_in_the_return_before() {
        let vat: BTreeMap<Period, Lines> = returns()
            .into_iter()
            .filter(|(form, ..)| *form == Form::VatGeneral)
            .map(|(_, period, lines)| (period, lines))
            .collect();
        let mut compared = 0;
        for (period, lines) in &vat {
            let Some(before) = period.previous().and_then(|before| vat.get(&before)) else {
                continue;
            };
            for of in chart(Form::VatGeneral, *period) {
                let How::Carried(from) = of.how else { continue };
                assert_eq!(lines.get(&of.number), before.get(&from), "{period} {of:?}");
                compared += usize::from(lines.contains_key(&of.number));
            }
        }
        assert_eq!(compared, 2);
    }
}
