//! Dates as people write them in Chinese workbooks.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::Finding;
use crate::placeholders::is_placeholder;
use crate::text::{half_width, is_digits, part};

/// What a cell that should hold a date says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateText {
    /// A day.
    Day(Date),
    /// Nothing: an empty cell, N/A, or one of the days that systems write for "no date".
    Placeholder,
    /// No end: 长期, 永久.
    OpenEnded,
}

impl DateText {
    /// The day, if it is one.
    #[must_use]
    pub const fn day(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::Placeholder | Self::OpenEnded => None,
        }
    }
}

/// Reads a date: 2001-08-30, 2001/8/30, 2001.8.30, 2001年8月30日, 20010830, or the serial number
/// of a workbook as text; a time of day after it is dropped.
///
/// # Errors
/// A finding when the text names no day, or a day that never was.
pub fn read(text: &str) -> Result<DateText, Finding> {
    let narrow = half_width(text);
    let bare = narrow.trim().trim_start_matches('\'').trim();
    if is_placeholder(bare) {
        return Ok(DateText::Placeholder);
    }
    if matches!(bare, "长期" | "永久" | "永久有效" | "长期有效" | "无固定期限") {
        return Ok(DateText::OpenEnded);
    }
    if let Some(day) = serial(bare) {
        return Ok(settle(day));
    }
    let (year, month, day) = numbers(bare).ok_or_else(|| unreadable(text))?;
    if (year, month, day) == (0, 0, 0) {
        return Ok(DateText::Placeholder);
    }
    let impossible = || {
        Finding::error(
            "date.impossible",
            format!("没有这一天：{}", text.trim()),
            format!("There is no such day: {}", text.trim()),
        )
    };
    if !(1..=9999).contains(&year) {
        return Err(impossible());
    }
    let day = Date::new(year, month, day).map_err(|_| impossible())?;
    Ok(settle(day))
}

fn unreadable(text: &str) -> Finding {
    Finding::error(
        "date.unreadable",
        format!("读不懂这个日期：{}，请写成 2001-08-30", text.trim()),
        format!("Cannot read this date: {}; write it as 2001-08-30", text.trim()),
    )
}

/// Days that systems write when they have none.
fn settle(day: Date) -> DateText {
    let none = [date(1, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)];
    if none.contains(&day) || day.year() == 9999 {
        DateText::Placeholder
    } else {
        DateText::Day(day)
    }
}

/// The serial number of a workbook (days since 1899-12-30): five digits, perhaps a time of day.
fn serial(text: &str) -> Option<Date> {
    let (whole, time) = text.split_once('.').unwrap_or((text, "0"));
    if whole.len() != 5 || !is_digits(whole) || !is_digits(time) {
        return None;
    }
    date(1899, 12, 30).checked_add(whole.parse::<i64>().ok()?.days()).ok()
}

fn numbers(text: &str) -> Option<(i16, i8, i8)> {
    let first = text.split([' ', 'T', '\t']).next().unwrap_or("");
    // Blanks inside a Chinese date (2001年 8月 30日) belong to it; a time after it does not.
    let day_part = match (text.contains('年'), text.split_once('日')) {
        (true, Some((head, _))) => head.replace(' ', ""),
        (true, None) => text.replace(' ', ""),
        (false, _) => first.to_owned(),
    };
    if day_part.len() == 8 && is_digits(&day_part) {
        let (y, m, d) = (part(&day_part, 0, 4), part(&day_part, 4, 6), part(&day_part, 6, 8));
        return Some((y.parse().ok()?, m.parse().ok()?, d.parse().ok()?));
    }
    let mut pieces = day_part.split(['-', '/', '.', '年', '月', '\u{2013}', '\u{2014}']);
    let (year, month, day) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let lengths = year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
    if pieces.next().is_some() || !lengths || ![year, month, day].iter().all(|p| is_digits(p)) {
        return None;
    }
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_day_in_many_spellings() {
        for text in [
            "2001-08-30",
            "2001/8/30",
            "2001.08.30",
            "2001年8月30日",
            "2001年 8月 30日",
            "２００１年８月３０日",
            "20010830",
            "37133",
            "37133.0",
            "37133.75",
            " 2001-08-30 00:00:00",
            "2001-08-30T09:30:00",
            "2001年08月30日 09:30",
            "'2001-08-30",
        ] {
            assert_eq!(read(text), Ok(DateText::Day(date(2001, 8, 30))), "{text}");
        }
    }

    #[test]
    fn systems_write_some_days_for_none() {
        for text in [
            "",
            "N/A",
            "-",
            "无",
            "1900-01-01",
            "0000-00-00",
            "9999-12-31",
            "1899/12/30",
            "0001-01-01",
            "00000000",
        ] {
            assert_eq!(read(text), Ok(DateText::Placeholder), "{text}");
        }
        assert_eq!(read("长期"), Ok(DateText::OpenEnded));
        assert_eq!(read("长期").unwrap().day(), None);
    }

    #[test]
    fn refusals_say_why() {
        for (text, code) in [
            ("2001-02-29", "date.impossible"),
            ("2001-13-01", "date.impossible"),
            ("20011301", "date.impossible"),
            ("2001年8月", "date.unreadable"),
            ("01-08-30", "date.unreadable"),
            ("8/30/2001", "date.unreadable"),
            ("昨天", "date.unreadable"),
            ("2001", "date.unreadable"),
            ("2001-08-30-01", "date.unreadable"),
        ] {
            assert_eq!(read(text).unwrap_err().code, code, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(days in 700_000_i64..750_000) {
            let day = date(1, 1, 1).checked_add(days.days()).unwrap();
            prop_assert_eq!(read(&day.to_string()), Ok(DateText::Day(day)));
        }

        #[test]
        fn no_text_upsets_the_reader(text in ".{0,24}") {
            let _ = read(&text);
        }
    }
}
