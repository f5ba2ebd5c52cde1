//! How a line of a return comes about, read from the few forms that the chart's table uses:
//! `=12+13-14`, `=min(17;11)`, `=pos(25+26-27)`, `=25*26`, `=33*34-35`, `=3%(1+7)+5%(4)`,
//! `=parts`, `>=2+3`, `<=19+21`, `of 5`, `prev 20`, `note 38`.

use std::str::FromStr;

use values::{Error, Fen, Result};

use super::{LineNo, Lines};

/// A signed line.
pub type Term = (i8, LineNo);

/// How a line comes about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// It is entered.
    Entered,
    /// It follows from other lines of its column.
    Formula(Formula),
    /// It is entered within a bound.
    Bound(Bound),
    /// It was a line of the return before.
    Carried(LineNo),
}

/// A calculation over the lines of one column; a line that is not printed counts as nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    /// A signed sum.
    Sum(Vec<Term>),
    /// A signed sum, or nothing where it is below nothing.
    Positive(Vec<Term>),
    /// The smaller of two lines, or nothing where that is below nothing.
    Least(LineNo, LineNo),
    /// A line times a rate that stands in another (25% as 0.25), less a third; never negative.
    Rated {
        /// What is taxed.
        base: LineNo,
        /// The line of the rate.
        rate: LineNo,
        /// What is taken off, such as the quick deduction.
        less: Option<LineNo>,
    },
    /// Percentages of sums.
    Percent(Vec<(i64, Vec<Term>)>),
    /// The lines within the line: 28 is 28.1 + 28.2 and so on.
    Parts,
}

/// What an entered line must keep to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// No less than the sum.
    AtLeast(Vec<Term>),
    /// No more than the sum.
    AtMost(Vec<Term>),
    /// A part of another line.
    Of(LineNo),
    /// Information about another line, not bound by it.
    About(LineNo),
}

fn at(lines: &Lines, line: LineNo) -> Fen {
    lines.get(&line).copied().unwrap_or_default()
}

fn sum(terms: &[Term], lines: &Lines) -> Fen {
    terms.iter().map(|(sign, line)| signed(*sign, at(lines, *line))).sum()
}

fn signed(sign: i8, amount: Fen) -> Fen {
    if sign < 0 { -amount } else { amount }
}

/// `amount` × `part` ÷ `whole`, rounded half away from zero.
fn share(amount: Fen, part: i64, whole: i64) -> Fen {
    let (product, whole) = (i128::from(amount.0) * i128::from(part), i128::from(whole));
    let rounded = (product * 2 + whole * product.signum()) / (whole * 2);
    Fen(i64::try_from(rounded).unwrap_or(if product < 0 { i64::MIN } else { i64::MAX }))
}

impl Formula {
    /// Its value; none where a rate is not printed, or a line has no parts.
    #[must_use]
    pub fn value(&self, own: LineNo, lines: &Lines) -> Option<Fen> {
        match self {
            Self::Sum(terms) => Some(sum(terms, lines)),
            Self::Positive(terms) => Some(sum(terms, lines).max(Fen::ZERO)),
            Self::Least(one, other) => Some(at(lines, *one).min(at(lines, *other)).max(Fen::ZERO)),
            Self::Rated { base, rate, less } => {
                let rate = lines.get(rate)?.0;
                let less = less.map_or(Fen::ZERO, |line| at(lines, line));
                Some((share(at(lines, *base), rate, 100) - less).max(Fen::ZERO))
            }
            Self::Percent(groups) => {
                Some(groups.iter().map(|(rate, of)| share(sum(of, lines), *rate, 100)).sum())
            }
            Self::Parts => {
                let mut parts =
                    lines.iter().filter(|(line, _)| line.whole == own.whole && line.part > 0);
                let first = *parts.next()?.1;
                Some(parts.fold(first, |total, (_, part)| total + *part))
            }
        }
    }

    fn refers_to(&self) -> Vec<LineNo> {
        let of = |terms: &[Term]| terms.iter().map(|(_, line)| *line).collect();
        match self {
            Self::Sum(terms) | Self::Positive(terms) => of(terms),
            Self::Least(one, other) => vec![*one, *other],
            Self::Rated { base, rate, less } => {
                [Some(*base), Some(*rate), *less].into_iter().flatten().collect()
            }
            Self::Percent(groups) => {
                groups.iter().flat_map(|(_, terms)| terms.iter().map(|(_, line)| *line)).collect()
            }
            Self::Parts => Vec::new(),
        }
    }
}

impl Bound {
    /// Whether an amount keeps to it; none where the line it is a part of is not printed.
    #[must_use]
    pub fn holds(&self, own: Fen, lines: &Lines) -> Option<bool> {
        match self {
            Self::AtLeast(terms) => Some(own >= sum(terms, lines)),
            Self::AtMost(terms) => Some(own <= sum(terms, lines)),
            Self::Of(whole) => Some(own <= *lines.get(whole)?),
            Self::About(_) => None,
        }
    }
}

impl How {
    /// The lines it refers to.
    #[must_use]
    pub fn refers_to(&self) -> Vec<LineNo> {
        match self {
            Self::Entered => Vec::new(),
            Self::Formula(formula) => formula.refers_to(),
            Self::Bound(Bound::AtLeast(terms) | Bound::AtMost(terms)) => {
                terms.iter().map(|(_, line)| *line).collect()
            }
            Self::Bound(Bound::Of(line) | Bound::About(line)) | Self::Carried(line) => vec![*line],
        }
    }
}

fn wrong() -> Error {
    Error::invalid("formula", "return.formula", "看不懂这条公式", "This formula is not understood")
}

/// `12+13-14` as signed lines.
fn terms(text: &str) -> Result<Vec<Term>> {
    let (mut found, mut sign, mut digits) = (Vec::new(), 1, String::new());
    for letter in text.chars().chain(['+']) {
        match letter {
            '+' | '-' => {
                found.push((sign, digits.parse().map_err(|_| wrong())?));
                digits.clear();
                sign = if letter == '-' { -1 } else { 1 };
            }
            other => digits.push(other),
        }
    }
    Ok(found)
}

fn within<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')')
}

fn formula(text: &str) -> Result<Formula> {
    if text == "parts" {
        return Ok(Formula::Parts);
    }
    if let Some(pair) = within(text, "min") {
        let (one, other) = pair.split_once(';').ok_or_else(wrong)?;
        return Ok(Formula::Least(one.parse()?, other.parse()?));
    }
    if let Some(inner) = within(text, "pos") {
        return Ok(Formula::Positive(terms(inner)?));
    }
    if text.contains('%') {
        let group = |part: &str| {
            let (rate, of) = part.split_once("%(").ok_or_else(wrong)?;
            Ok((rate.parse().map_err(|_| wrong())?, terms(of.trim_end_matches(')'))?))
        };
        return Ok(Formula::Percent(text.split(")+").map(group).collect::<Result<_>>()?));
    }
    if let Some((base, rest)) = text.split_once('*') {
        let (rate, less) = match rest.split_once('-') {
            Some((rate, less)) => (rate, Some(less.parse()?)),
            None => (rest, None),
        };
        return Ok(Formula::Rated { base: base.parse()?, rate: rate.parse()?, less });
    }
    Ok(Formula::Sum(terms(text)?))
}

impl FromStr for How {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::Entered);
        }
        if let Some(rest) = text.strip_prefix(">=") {
            return Ok(Self::Bound(Bound::AtLeast(terms(rest)?)));
        }
        if let Some(rest) = text.strip_prefix("<=") {
            return Ok(Self::Bound(Bound::AtMost(terms(rest)?)));
        }
        if let Some(rest) = text.strip_prefix('=') {
            return Ok(Self::Formula(formula(rest)?));
        }
        match text.split_once(' ') {
            Some(("of", line)) => Ok(Self::Bound(Bound::Of(line.parse()?))),
            Some(("note", line)) => Ok(Self::Bound(Bound::About(line.parse()?))),
            Some(("prev", line)) => Ok(Self::Carried(line.parse()?)),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, lines: &[(&str, i64)]) -> Option<i64> {
        let lines: Lines =
            lines.iter().map(|(line, fen)| (line.parse().unwrap(), Fen(*fen))).collect();
        let How::Formula(formula) = text.parse::<How>().unwrap() else { panic!("{text}") };
        formula.value(LineNo::new(28), &lines).map(|fen| fen.0)
    }

    #[test]
    fn each_form_of_formula_is_calculated() {
        assert_eq!(value("=1+2-3", &[("1", 10), ("3", 4)]), Some(6));
        assert_eq!(value("=min(17;11)", &[("17", 10), ("11", 7)]), Some(7));
        assert_eq!(value("=min(17;11)", &[("17", -10), ("11", 7)]), Some(0));
        assert_eq!(value("=pos(1-2)", &[("1", 1), ("2", 5)]), Some(0));
        assert_eq!(value("=25*26", &[("25", 28_531_800), ("26", 25)]), Some(7_132_950));
        assert_eq!(value("=25*26", &[("25", -100), ("26", 25)]), Some(0));
        assert_eq!(value("=25*26", &[("25", 100)]), None, "no rate, no tax");
        assert_eq!(value("=33*34-35", &[("33", 10_000), ("34", 10), ("35", 252)]), Some(748));
        assert_eq!(value("=3%(1+7)+5%(4)", &[("1", 1000), ("7", 50), ("4", 10)]), Some(33));
        assert_eq!(value("=parts", &[("28.1", 5), ("28.2", 6), ("29", 9)]), Some(11));
        assert_eq!(value("=parts", &[("29", 9)]), None);
    }

    #[test]
    fn bounds_hold_or_do_not() {
        let lines = Lines::from([(LineNo::new(2), Fen(5)), (LineNo::new(3), Fen(4))]);
        let holds = |text: &str, own| match text.parse::<How>().unwrap() {
            How::Bound(bound) => bound.holds(Fen(own), &lines),
            other => panic!("{other:?}"),
        };
        assert_eq!((holds(">=2+3", 9), holds(">=2+3", 8)), (Some(true), Some(false)));
        assert_eq!((holds("<=2+3", 9), holds("<=2+3", 10)), (Some(true), Some(false)));
        assert_eq!(
            (holds("of 2", 5), holds("of 2", 6), holds("of 7", 1)),
            (Some(true), Some(false), None)
        );
        assert_eq!(holds("note 2", 6), None);
    }

    #[test]
    fn what_is_no_formula_is_refused() {
        for text in ["1+2", "=1++2", "=", "=a", "of", "of x", "=min(1)", "=3%1", "prev", "=1*x"] {
            assert!(text.parse::<How>().is_err(), "{text}");
        }
    }
}
