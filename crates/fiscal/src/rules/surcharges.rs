//! The surcharges on VAT: urban maintenance tax and the two for education.

use values::{Fen, Part};

use super::facts::Fact;
use super::outcome::Label;
use super::run::Run;
use super::tolerance::scaled;
use crate::returns::Form;

const DECLARED: Label = ("申报数", "declared");
const DUE: Label = ("按税额计算", "worked out from the tax");

/// The form that a period has, the line of the tax due in it, and the line of a surcharge.
fn form_of(run: &Run<'_>) -> Option<(Form, u16)> {
    [(Form::VatGeneral, 34), (Form::VatSmall, 22)]
        .into_iter()
        .find(|(form, _)| run.case.filed(run.period, *form).is_some())
}

/// Reads the tax that surcharges are levied on.
fn base(run: &mut Run<'_>, form: Form, line: u16) -> Fen {
    run.on_return(form);
    run.both(false, form, 1, &[line]);
    run.adjustment(false, 1, Fact::ExemptCreditRefund);
    let read = run.sides().1;
    // What was read is no side of the comparison; what follows from it is.
    run.amount(false, -read);
    read.max(Fen::ZERO)
}

/// Basis points that may apply: the fact where it is known, else what the law has.
fn points(run: &Run<'_>, fact: Fact, else_any_of: &'static [i64]) -> Vec<i64> {
    match run.case.fact(run.period, fact) {
        Some(known) => vec![known.clamp(0, 10_000)],
        None => else_any_of.to_vec(),
    }
}

/// Compares with whatever of the possible amounts lies nearest.
fn nearest(run: &mut Run<'_>, possible: impl Iterator<Item = Fen>) {
    let declared = run.sides().0;
    let nearest = possible.min_by_key(|amount| (declared - *amount).abs());
    run.amount(false, nearest.unwrap_or_default());
    run.equal(DECLARED, DUE);
}

fn reduced(base: Fen, rate: i64, reduction: i64) -> Fen {
    scaled(base, rate * (10_000 - reduction), 100_000_000)
}

const REDUCTIONS: &[i64] = &[0, 5_000];

pub(super) fn urban(run: &mut Run<'_>) {
    let Some((form, line)) = form_of(run) else { return };
    let base = base(run, form, line);
    run.both(true, form, 1, &[if form == Form::VatGeneral { 39 } else { 23 }]);
    let rates = points(run, Fact::UrbanRate, &[700, 500, 100]);
    let reductions = points(run, Fact::SurchargeReduction, REDUCTIONS);
    let possible = rates
        .iter()
        .flat_map(|rate| reductions.iter().map(move |reduction| reduced(base, *rate, *reduction)));
    nearest(run, possible);
}

pub(super) fn education(run: &mut Run<'_>) {
    let Some((form, line)) = form_of(run) else { return };
    let (lines, sales): (_, &[u16]) = match form {
        Form::VatGeneral => ([(40, 300), (41, 200)], &[1, 5, 7, 8]),
        _ => ([(24, 300), (25, 200)], &[1, 4, 7, 9, 13]),
    };
    let limit = match run.period.part() {
        Part::Month(_) => Fen::from_yuan(100_000),
        Part::Quarter(_) | Part::Year => Fen::from_yuan(300_000),
    };
    run.on_return(form);
    run.both(true, form, 1, sales);
    let exempt = run.sides().0 <= limit;
    for (fee, rate) in lines {
        let base = base(run, form, line);
        run.both(true, form, 1, &[fee]);
        if exempt {
            nearest(run, std::iter::once(Fen::ZERO));
            continue;
        }
        let reductions = points(run, Fact::SurchargeReduction, REDUCTIONS);
        nearest(run, reductions.iter().map(|reduction| reduced(base, rate, *reduction)));
    }
}
