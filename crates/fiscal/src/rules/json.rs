//! Results as JSON: one flat object for each, with amounts in fen and a sentence for the reader.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::facts::{Fact, Measure};
use super::outcome::{Cell, Entry, Missing, Outcome, RuleResult, Subject};

struct Named(Fact);

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("fact", &self.0)?;
        out.serialize_entry("name", self.0.zh())?;
        out.serialize_entry("name_en", self.0.en())?;
        out.end()
    }
}

fn cell<M: SerializeMap>(cell: &Cell, out: &mut M) -> Result<(), M::Error> {
    match *cell {
        Cell::Statement(_, _, period, kind, column, line) => {
            out.serialize_entry("period", &period)?;
            out.serialize_entry("statement", &kind)?;
            out.serialize_entry("column", &column)?;
            out.serialize_entry("line", &line.to_string())?;
            if let Some(line) = cell.line() {
                out.serialize_entry("code", line.code)?;
            }
        }
        Cell::Return(period, form, column, line) => {
            out.serialize_entry("period", &period)?;
            out.serialize_entry("form", &form)?;
            out.serialize_entry("column", &column)?;
            out.serialize_entry("line", &line)?;
        }
        Cell::Fact(period, fact) => {
            out.serialize_entry("period", &period)?;
            out.serialize_entry("fact", &fact)?;
        }
    }
    let (name, name_en) = cell.names();
    out.serialize_entry("name", &name)?;
    out.serialize_entry("name_en", &name_en)
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        cell(self, &mut out)?;
        out.end()
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        cell(&self.cell, &mut out)?;
        out.serialize_entry("side", if self.left { "left" } else { "right" })?;
        out.serialize_entry("sign", &self.sign)?;
        out.serialize_entry("amount_fen", &self.amount)?;
        if let Some(place) = &self.place {
            out.serialize_entry("place", place)?;
        }
        out.end()
    }
}

impl Serialize for Missing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(Some(2))?;
        out.serialize_entry("zh", &self.zh())?;
        out.serialize_entry("en", &self.en())?;
        out.end()
    }
}

impl Serialize for RuleResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("rule", self.rule)?;
        out.serialize_entry("name", self.name.0)?;
        out.serialize_entry("name_en", self.name.1)?;
        out.serialize_entry("period", &self.period)?;
        match self.subject {
            Subject::Statement(kind, column) => {
                out.serialize_entry("statement", &kind)?;
                out.serialize_entry("column", &column)?;
            }
            Subject::Return(form) => out.serialize_entry("form", &form)?,
            Subject::Client => {}
        }
        out.serialize_entry("outcome", self.outcome.key())?;
        out.serialize_entry("severity", &self.severity)?;
        out.serialize_entry("tolerance_fen", &self.tolerance)?;
        let breach = self.breach();
        let money = breach.filter(|breach| breach.measure == Measure::Money);
        out.serialize_entry("difference_fen", &money.map(|breach| breach.difference))?;
        if let Some(breach) = money {
            out.serialize_entry("left_fen", &breach.left)?;
            out.serialize_entry("right_fen", &breach.right)?;
        }
        if let Some(breach) = breach {
            out.serialize_entry("left_name", breach.left_name.0)?;
            out.serialize_entry("right_name", breach.right_name.0)?;
            out.serialize_entry("relation", &breach.relation)?;
            out.serialize_entry("cause", &breach.cause)?;
        }
        out.serialize_entry("lines", breach.map_or(&[][..], |breach| &breach.entries))?;
        out.serialize_entry("blanks", &self.blanks)?;
        if !self.assumed.is_empty() {
            let assumed: Vec<_> = self.assumed.iter().copied().map(Named).collect();
            out.serialize_entry("assumed", &assumed)?;
        }
        match &self.outcome {
            Outcome::Uncheckable(missing) => out.serialize_entry("missing", missing)?,
            Outcome::Excepted(_, accepted) => {
                out.serialize_entry("by", &accepted.by)?;
                out.serialize_entry("why", &accepted.why)?;
            }
            Outcome::Holds | Outcome::Broken(_) => {}
        }
        out.serialize_entry("message", &self.zh())?;
        out.serialize_entry("message_en", &self.en())?;
        out.end()
    }
}
