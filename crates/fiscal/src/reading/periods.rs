//! Stretches of time as heads, titles and file names spell them.

use jiff::civil::Date;
use values::{Part, Period};

use crate::text::{half_width, is_blank};

/// A stretch of time that a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    /// One day: the end of what is reported on.
    Day(Date),
    /// Months of one year, both ends included.
    Months { year: i16, first: i8, last: i8 },
}

impl Span {
    /// The year it ends in.
    pub(crate) fn year(self) -> i16 {
        match self {
            Self::Day(day) => day.year(),
            Self::Months { year, .. } => year,
        }
    }

    /// The month it ends in.
    pub(crate) fn last_month(self) -> i8 {
        match self {
            Self::Day(day) => day.month(),
            Self::Months { last, .. } => last,
        }
    }

    /// The stretch from the start of this one to the end of another of the same year.
    pub(crate) fn until(self, end: Self) -> Option<Self> {
        let first = match self {
            Self::Day(day) => day.month(),
            Self::Months { first, .. } => first,
        };
        let (year, last) = (end.year(), end.last_month());
        (self.year() == year && first <= last).then_some(Self::Months { year, first, last })
    }

    /// The month, quarter or year that it is; a stretch from January on is known by its end.
    pub(crate) fn period(self) -> Option<Period> {
        match self {
            Self::Day(day) => Period::month_of(day),
            Self::Months { year, first: 1, last: 12 } => Period::year(year),
            Self::Months { year, first, last } if last == first + 2 && last % 3 == 0 => {
                Period::quarter(year, last / 3)
            }
            Self::Months { year, first: 1, last: 6 } => Period::quarter(year, 2),
            Self::Months { year, first: 1, last: 9 } => Period::quarter(year, 3),
            Self::Months { year, last, .. } => Period::month(year, last),
        }
    }

    /// The longest period that ends with this day, as tables by date mean it: a year at its end,
    /// else a quarter, else the month.
    pub(crate) fn longest(self) -> Option<Period> {
        let (year, month) = (self.year(), self.last_month());
        match month {
            12 => Period::year(year),
            3 | 6 | 9 => Period::quarter(year, month / 3),
            _ => Period::month(year, month),
        }
    }
}

/// A span and where it stood, in characters.
struct Found {
    span: Span,
    start: usize,
    end: usize,
}

/// The first stretch of time in a text; two with a dash between them are one from end to end.
pub(crate) fn find(text: &str) -> Option<Span> {
    let chars: Vec<char> =
        half_width(text).chars().filter(|c| !is_blank(*c)).map(plain_dash).collect();
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < chars.len() && found.len() < 2 {
        match span_at(&chars, at) {
            Some((span, end)) => {
                found.push(Found { span, start: at, end });
                at = end;
            }
            None => at += 1,
        }
    }
    let first = found.first()?;
    if let Some(second) = found.get(1) {
        let between: String =
            chars.get(first.end..second.start).unwrap_or_default().iter().collect();
        if matches!(between.as_str(), "-" | "--" | "至" | "到" | "~")
            && let Some(whole) = first.span.until(second.span)
        {
            return Some(whole);
        }
    }
    Some(first.span)
}

/// Whether a text is a stretch of time and nothing else.
pub(crate) fn whole(text: &str) -> Option<Span> {
    let chars: Vec<char> =
        half_width(text).chars().filter(|c| !is_blank(*c)).map(plain_dash).collect();
    let (span, end) = span_at(&chars, 0)?;
    (end == chars.len()).then_some(span)
}

const fn plain_dash(c: char) -> char {
    match c {
        '—' | '–' | '－' | '−' => '-',
        '～' => '~',
        other => other,
    }
}

fn number(chars: &[char], at: usize, most: usize) -> Option<(i16, usize)> {
    let digits: String =
        chars.iter().skip(at).take(most).take_while(|c| c.is_ascii_digit()).collect();
    let value = digits.parse().ok()?;
    Some((value, at + digits.len()))
}

fn is(chars: &[char], at: usize, text: &str) -> bool {
    text.chars().enumerate().all(|(offset, c)| chars.get(at + offset) == Some(&c))
}

fn month_number(value: i16) -> Option<i8> {
    i8::try_from(value).ok().filter(|month| (1..=12).contains(month))
}

fn quarter_of(chars: &[char], at: usize) -> Option<(i8, usize)> {
    let quarter = match chars.get(at)? {
        '1' | '一' => 1,
        '2' | '二' => 2,
        '3' | '三' => 3,
        '4' | '四' => 4,
        _ => return None,
    };
    Some((quarter, at + 1))
}

const fn quarter_span(year: i16, quarter: i8) -> Span {
    Span::Months { year, first: quarter * 3 - 2, last: quarter * 3 }
}

/// The span that begins exactly here, and where it ends.
fn span_at(chars: &[char], at: usize) -> Option<(Span, usize)> {
    if at.checked_sub(1).and_then(|before| chars.get(before)).is_some_and(char::is_ascii_digit) {
        return None;
    }
    let run = chars.iter().skip(at).take_while(|c| c.is_ascii_digit()).count();
    let (year, after) = number(chars, at, 4)?;
    if !(1990..=2099).contains(&year) {
        return None;
    }
    match run {
        4 => after_year(chars, year, after),
        6 => {
            let (month, end) = number(chars, after, 2)?;
            let month = month_number(month)?;
            Some((Span::Months { year, first: month, last: month }, end))
        }
        8 => {
            let (month, day_at) = number(chars, after, 2)?;
            let (day, end) = number(chars, day_at, 2)?;
            let day = Date::new(year, month_number(month)?, i8::try_from(day).ok()?).ok()?;
            Some((Span::Day(day), end))
        }
        _ => None,
    }
}

fn after_year(chars: &[char], year: i16, at: usize) -> Option<(Span, usize)> {
    match chars.get(at) {
        Some('年') => after_year_sign(chars, year, at + 1),
        Some(separator @ ('-' | '/' | '.')) => {
            let (month, end) = number(chars, at + 1, 2)?;
            let month = month_number(month)?;
            if chars.get(end) == Some(separator)
                && let Some((day, day_end)) = number(chars, end + 1, 2)
                && let Some(day) =
                    i8::try_from(day).ok().and_then(|day| Date::new(year, month, day).ok())
            {
                return Some((Span::Day(day), day_end));
            }
            let end = if chars.get(end) == Some(&'月') { end + 1 } else { end };
            Some((Span::Months { year, first: month, last: month }, end))
        }
        Some('Q' | 'q') => {
            let (quarter, end) = quarter_of(chars, at + 1)?;
            Some((quarter_span(year, quarter), end))
        }
        _ => None,
    }
}

fn after_year_sign(chars: &[char], year: i16, at: usize) -> Option<(Span, usize)> {
    let at = if chars.get(at) == Some(&'度') { at + 1 } else { at };
    let from = if chars.get(at) == Some(&'第') { at + 1 } else { at };
    if let Some((quarter, end)) = quarter_of(chars, from)
        && chars.get(end) == Some(&'季')
    {
        let end = if is(chars, end, "季度") { end + 2 } else { end + 1 };
        return Some((quarter_span(year, quarter), end));
    }
    if let Some((month, end)) = number(chars, from, 2)
        && chars.get(end) == Some(&'期')
        && let Some(month) = month_number(month)
    {
        return Some((Span::Months { year, first: month, last: month }, end + 1));
    }
    if is(chars, at, "上半年") {
        return Some((Span::Months { year, first: 1, last: 6 }, at + 3));
    }
    if is(chars, at, "半年度") {
        return Some((Span::Months { year, first: 1, last: 6 }, at + 3));
    }
    if let Some((month, end)) = number(chars, at, 2)
        && let Some(month) = month_number(month)
    {
        if chars.get(end) == Some(&'月') {
            return Some(after_month(chars, year, month, end + 1));
        }
        if matches!(chars.get(end), Some('-' | '至' | '~' | '到'))
            && let Some((last, last_end)) = number(chars, end + 1, 2)
            && let Some(last) = month_number(last).filter(|last| *last >= month)
            && chars.get(last_end) == Some(&'月')
        {
            return Some((Span::Months { year, first: month, last }, last_end + 1));
        }
    }
    Some((Span::Months { year, first: 1, last: 12 }, at))
}

fn after_month(chars: &[char], year: i16, month: i8, at: usize) -> (Span, usize) {
    if let Some((day, end)) = number(chars, at, 2)
        && matches!(chars.get(end), Some('日' | '号'))
        && let Some(day) = i8::try_from(day).ok().and_then(|day| Date::new(year, month, day).ok())
    {
        return (Span::Day(day), end + 1);
    }
    if matches!(chars.get(at), Some('-' | '至' | '~' | '到'))
        && let Some((last, end)) = number(chars, at + 1, 2)
        && let Some(last) = month_number(last).filter(|last| *last >= month)
        && chars.get(end) == Some(&'月')
    {
        return (Span::Months { year, first: month, last }, end + 1);
    }
    let at = if chars.get(at) == Some(&'份') { at + 1 } else { at };
    (Span::Months { year, first: month, last: month }, at)
}

/// The period of a statement whose title says `span`, when its heads speak of a month, a quarter
/// or a year; none when they say nothing.
pub(crate) fn settle(span: Span, heads: Option<Part>) -> Option<Period> {
    match (span, heads) {
        (Span::Day(_), Some(Part::Year)) if span.last_month() == 12 => Period::year(span.year()),
        (Span::Day(_), Some(Part::Quarter(_))) if span.last_month() % 3 == 0 => {
            Period::quarter(span.year(), span.last_month() / 3)
        }
        _ => span.period(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_titles_spell_them() {
        let spelt = [
            ("2026年3月31日", "2026-03"),
            ("2026年 3月", "2026-03"),
            ("编制单位：甲公司　２０２６年３月　单位：元", "2026-03"),
            ("2026年第一季度", "2026Q1"),
            ("2026年2季度", "2026Q2"),
            ("2026年度第3季度", "2026Q3"),
            ("2026Q4", "2026Q4"),
            ("2026年度", "2026"),
            ("2026年", "2026"),
            ("2026-03-31", "2026-03"),
            ("2026/3/31", "2026-03"),
            ("2026.03", "2026-03"),
            ("会计期间:2026-01 至 2026-03", "2026Q1"),
            ("税款所属期间：2026年01月01日 至 2026年12月31日", "2026"),
            ("2026年1-3月", "2026Q1"),
            ("2026年1月—6月", "2026Q2"),
            ("2026年1-5月", "2026-05"),
            ("报表202603", "2026-03"),
            ("资产负债表20260331.xlsx", "2026-03"),
            ("2026年上半年", "2026Q2"),
            ("2026年03期", "2026-03"),
            ("2026年第3期", "2026-03"),
        ];
        for (text, period) in spelt {
            let found = find(text).and_then(Span::period).map(|period| period.to_string());
            assert_eq!(found.as_deref(), Some(period), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "金额", "财会〔2019〕6号", "2026", "12345678", "91110105MA00ABC16K"]
        {
            assert_eq!(find(text), None, "{text}");
        }
        assert_eq!(whole("截至2026年3月31日"), None);
        assert!(whole("2026-03-31").is_some());
    }

    #[test]
    fn a_day_at_a_years_end_is_a_year_where_the_heads_say_so() {
        let end = find("2025年12月31日").unwrap();
        assert_eq!(settle(end, Some(Part::Year)), Period::year(2025));
        assert_eq!(settle(end, Some(Part::Month(1))), Period::month(2025, 12));
        assert_eq!(end.longest(), Period::year(2025));
    }
}
