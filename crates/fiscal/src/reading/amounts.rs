//! Figures as people and systems write them in cells.

use values::Fen;

use super::Cell;
use crate::statements::Unit;
use crate::text::{half_width, is_blank};

/// What a cell says about an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Amount {
    /// Nothing: empty, or one of the signs that stand for nothing.
    Blank,
    /// A figure.
    Figure(Figure),
    /// Words.
    Words,
    /// Something that ought to be a figure and cannot be read.
    Unreadable(Fault),
}

/// A decimal number, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Figure {
    digits: i128,
    places: u32,
}

/// Why a cell could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A formula's error.
    Formula,
    /// A day where an amount should be.
    Day,
    /// Separators that do not part thousands.
    Grouping,
    /// A share in percent.
    Percent,
    /// A dash that may be a minus or a sign for nothing.
    Dash,
    /// Digits were lost: scientific notation, or more digits than a workbook keeps.
    Lost,
    /// Beyond every balance sheet.
    TooLarge,
    /// Digits among other characters.
    Mixed,
}

impl Fault {
    pub(crate) const fn zh(self) -> &'static str {
        match self {
            Self::Formula => "公式出错",
            Self::Day => "应为金额，却是日期",
            Self::Grouping => "千分位分隔不规范",
            Self::Percent => "应为金额，却是百分比",
            Self::Dash => "横线不知是负号还是空白",
            Self::Lost => "数字位数已丢失",
            Self::TooLarge => "金额过大",
            Self::Mixed => "数字中夹有其他字符",
        }
    }

    pub(crate) const fn en(self) -> &'static str {
        match self {
            Self::Formula => "the formula gives an error",
            Self::Day => "a date where an amount should be",
            Self::Grouping => "the separators do not part thousands",
            Self::Percent => "a percentage where an amount should be",
            Self::Dash => "the dash may be a minus or mean nothing",
            Self::Lost => "digits were lost",
            Self::TooLarge => "the amount is too large",
            Self::Mixed => "digits among other characters",
        }
    }
}

impl Figure {
    /// The amount in fen, and whether it had to be rounded to one.
    pub(crate) fn fen(self, unit: Unit) -> Option<(Fen, bool)> {
        let scaled = self.digits.checked_mul(i128::from(unit.fen().0))?;
        let divisor = 10_i128.checked_pow(self.places)?;
        let (whole, rest) = (scaled / divisor, scaled % divisor);
        let up = rest.unsigned_abs() * 2 >= divisor.unsigned_abs();
        let rounded = if up { whole + rest.signum() } else { whole };
        let fen = i64::try_from(rounded).ok().filter(|fen| fen.abs() < i64::MAX / 1000)?;
        Some((Fen(fen), rest != 0))
    }

    /// Whether it is nothing.
    pub(crate) const fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The whole number, if it is one.
    pub(crate) const fn whole(self) -> Option<i128> {
        if self.places == 0 { Some(self.digits) } else { None }
    }

    /// How many decimals were written, blanks at the end included.
    pub(crate) const fn places(self) -> u32 {
        self.places
    }
}

/// Reads a cell where an amount may stand.
pub(crate) fn read(cell: &Cell) -> Amount {
    match cell {
        Cell::Blank => Amount::Blank,
        Cell::Fault(_) => Amount::Unreadable(Fault::Formula),
        Cell::Day(_) => Amount::Unreadable(Fault::Day),
        Cell::Number(text) => decimal(text).map_or(Amount::Unreadable(Fault::Lost), Amount::Figure),
        Cell::Text(text) => words(text),
    }
}

/// A plain decimal: a sign, digits, perhaps a point and digits.
fn decimal(text: &str) -> Option<Figure> {
    let (negative, body) = match text.strip_prefix('-') {
        Some(body) => (true, body),
        None => (false, text),
    };
    let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let empty = whole.is_empty() && fraction.is_empty();
    if empty || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    // Behind twelve decimals there is only what binary fractions leave.
    let fraction = fraction.get(..12).unwrap_or(fraction);
    let digits: i128 = format!("0{whole}{fraction}").parse().ok()?;
    let places = u32::try_from(fraction.len()).ok()?;
    (digits < 10_i128.pow(30))
        .then_some(Figure { digits: if negative { -digits } else { digits }, places })
}

fn words(text: &str) -> Amount {
    let narrow: String = half_width(text).chars().filter(|c| !is_blank(*c)).collect();
    let narrow = narrow.trim_start_matches('\'');
    if stands_for_nothing(narrow) {
        return Amount::Blank;
    }
    if !narrow.contains(|c: char| c.is_ascii_digit()) {
        return Amount::Words;
    }
    let (negative, bare) = signs(narrow);
    if bare.starts_with(['—', '–']) {
        return Amount::Unreadable(Fault::Dash);
    }
    if bare.ends_with('%') && is_number_like(bare.trim_end_matches('%')) {
        return Amount::Unreadable(Fault::Percent);
    }
    if !is_number_like(bare) {
        let scientific = bare.parse::<f64>().is_ok();
        if scientific {
            return Amount::Unreadable(Fault::Lost);
        }
        let figures = bare.chars().filter(char::is_ascii_digit).count();
        // A note that happens to hold a digit is words; digits with a letter slipped in are not.
        let mixed = figures * 2 > bare.chars().count() && !bare.contains(['年', '月', '日']);
        return if mixed { Amount::Unreadable(Fault::Mixed) } else { Amount::Words };
    }
    let Some(plain) = ungrouped(bare) else { return Amount::Unreadable(Fault::Grouping) };
    match decimal(&plain) {
        Some(figure) if negative => {
            Amount::Figure(Figure { digits: -figure.digits, places: figure.places })
        }
        Some(figure) => Amount::Figure(figure),
        None => Amount::Unreadable(Fault::Mixed),
    }
}

fn stands_for_nothing(text: &str) -> bool {
    let dashes = text.chars().all(|c| matches!(c, '-' | '—' | '–' | '−' | '/' | '\\' | '*' | '×'));
    dashes || matches!(text, "无" | "不适用" | "N/A" | "n/a" | "NA" | "nil" | "Nil" | "空")
}

/// Takes off currency signs, brackets and signs; says whether they make it negative.
fn signs(text: &str) -> (bool, &str) {
    let mut bare = currency(text);
    let mut negative = false;
    if let Some(inner) = bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        negative = true;
        bare = currency(inner);
    }
    if let Some(rest) = bare.strip_prefix(['-', '−', '﹣']) {
        negative = !negative;
        bare = currency(rest);
    } else if let Some(rest) = bare.strip_suffix(['-', '−']) {
        negative = !negative;
        bare = currency(rest);
    } else if let Some(rest) = bare.strip_prefix('+') {
        bare = currency(rest);
    }
    (negative, bare)
}

fn currency(text: &str) -> &str {
    let mut bare = text;
    for sign in ["人民币", "RMB", "CNY", "¥", "￥", "$"] {
        bare = bare.strip_prefix(sign).unwrap_or(bare);
    }
    bare.strip_suffix('元').unwrap_or(bare)
}

fn is_number_like(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '，' | '、'))
}

/// The number without separators; none when they do not part it by threes.
fn ungrouped(text: &str) -> Option<String> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    if fraction.is_some_and(|part| !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let groups: Vec<&str> = whole.split([',', '，', '、']).collect();
    if let Some((first, rest)) = groups.split_first()
        && !rest.is_empty()
        && !((1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3))
    {
        return None;
    }
    let mut plain = groups.concat();
    if let Some(fraction) = fraction {
        plain.push('.');
        plain.push_str(fraction);
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fen(text: &str) -> Option<i64> {
        match read(&Cell::Text(text.to_owned())) {
            Amount::Figure(figure) => figure.fen(Unit::Yuan).map(|(fen, _)| fen.0),
            _ => None,
        }
    }

    #[test]
    fn figures_are_read_as_people_write_them() {
        let written = [
            ("1,234.56", 123_456),
            ("１，２３４．５６", 123_456),
            ("(1,234.50)", -123_450),
            ("（1,234.5）", -123_450),
            ("-12", -1200),
            ("－12", -1200),
            ("−12.3", -1230),
            ("12.30-", -1230),
            ("¥ 1,000", 100_000),
            ("￥-3.00", -300),
            ("人民币5元", 500),
            ("'0012.5", 1250),
            ("0", 0),
            ("-0.004", 0),
            (".5", 50),
        ];
        for (text, expected) in written {
            assert_eq!(fen(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn nothing_is_not_nought() {
        for text in ["", " ", "--", "—", "——", "-", "－", "/", "N/A", "无", "不适用"] {
            assert_eq!(read(&Cell::Text(text.to_owned())), Amount::Blank, "{text}");
        }
        assert!(matches!(read(&Cell::Text("0.00".into())), Amount::Figure(f) if f.is_zero()));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let faults = [
            ("1,23,456", Fault::Grouping),
            ("12.5%", Fault::Percent),
            ("—12", Fault::Dash),
            ("1.2E+07", Fault::Lost),
            ("12o45", Fault::Mixed),
            ("1.2.3", Fault::Grouping),
        ];
        for (text, fault) in faults {
            assert_eq!(read(&Cell::Text(text.into())), Amount::Unreadable(fault), "{text}");
        }
        assert_eq!(read(&Cell::Fault("#REF!".into())), Amount::Unreadable(Fault::Formula));
        assert_eq!(read(&Cell::Text("制表人：甲".into())), Amount::Words);
        assert_eq!(read(&Cell::Text("2026年3月31日".into())), Amount::Words);
    }

    #[test]
    fn units_are_exact_and_what_is_less_than_a_fen_is_rounded() {
        let read = |text: &str| match read(&Cell::Number(text.to_owned())) {
            Amount::Figure(figure) => figure,
            other => panic!("{other:?}"),
        };
        assert_eq!(read("361535.5").fen(Unit::TenThousand), Some((Fen(361_535_500_000), false)));
        assert_eq!(read("-1.005").fen(Unit::Yuan), Some((Fen(-101), true)));
        assert_eq!(read("99999999999999999999").fen(Unit::TenThousand), None);
    }
}
