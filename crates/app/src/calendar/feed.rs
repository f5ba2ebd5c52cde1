//! A calendar to subscribe to (iCalendar, RFC 5545). Of clients it says short names at most.

use jiff::civil::Date;
use values::Micros;

/// One thing that is due on a day.
pub struct Event {
    pub day: Date,
    /// The same at each fetch, so that a subscriber's copy does not double.
    pub uid: String,
    pub summary: String,
    pub description: String,
}

/// How long a subscription lasts, in days.
const LASTING: i64 = 365;

/// When a subscription ends by itself.
pub fn ends_at(made_at: Micros) -> Micros {
    made_at.plus_seconds(LASTING * 86_400)
}

/// Whether a subscription still works: it is younger than a year, and than the last time when the
/// tokens of its owner ended.
pub fn lives(made_at: Micros, tokens_ended_at: Micros, now: Micros) -> bool {
    tokens_ended_at < made_at && now < ends_at(made_at)
}

/// The calendar as text.
pub fn text(name: &str, events: &[Event], now: Micros) -> String {
    let stamp = jiff::Timestamp::from_microsecond(now.0).unwrap_or_default();
    let stamp = stamp.strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut out = String::new();
    let head = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Heng//Tax calendar//ZH".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        format!("X-WR-CALNAME:{}", escaped(name)),
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H".to_owned(),
    ];
    head.iter().for_each(|line| fold(&mut out, line));
    for event in events {
        let after = event.day.tomorrow().unwrap_or(event.day);
        let lines = [
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}", event.uid),
            format!("DTSTAMP:{stamp}"),
            format!("DTSTART;VALUE=DATE:{}", event.day.strftime("%Y%m%d")),
            format!("DTEND;VALUE=DATE:{}", after.strftime("%Y%m%d")),
            format!("SUMMARY:{}", escaped(&event.summary)),
            format!("DESCRIPTION:{}", escaped(&event.description)),
            "TRANSP:TRANSPARENT".to_owned(),
            "CLASS:PRIVATE".to_owned(),
            "END:VEVENT".to_owned(),
        ];
        lines.iter().for_each(|line| fold(&mut out, line));
    }
    fold(&mut out, "END:VCALENDAR");
    out
}

/// Text as RFC 5545 wants it; control characters other than line ends have no place in it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// A line of at most 75 bytes, gone on with a blank, never cut within a character.
fn fold(out: &mut String, line: &str) {
    let (mut width, mut first) = (0, true);
    for letter in line.chars() {
        let most = if first { 75 } else { 74 };
        if width + letter.len_utf8() > most {
            out.push_str("\r\n ");
            (width, first) = (0, false);
        }
        out.push(letter);
        width += letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_subscription_lasts_a_year_and_no_longer_than_tokens_made_with_it() {
        let made = Micros(1_780_275_600_000_000);
        let later = made.plus_seconds(1);
        assert!(lives(made, Micros(0), ends_at(made).plus_seconds(-1)));
        assert!(!lives(made, Micros(0), ends_at(made)));
        assert!(!lives(made, later, later) && lives(later, made, later));
        assert!(!lives(made, made, later), "what ended in the same moment has ended");
    }

    #[test]
    fn a_calendar_is_written_as_the_standard_wants() {
        let event = Event {
            day: date(2026, 10, 26),
            uid: "2026-10-26-VAT_G@heng".to_owned(),
            summary: "增值税申报截止; 3 户".to_owned(),
            description: "甲, 乙\n".repeat(30),
        };
        let text = text("税务日历", &[event], Micros(1_780_275_600_000_000));
        assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
        assert!(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
        assert!(text.contains("DTSTART;VALUE=DATE:20261026\r\nDTEND;VALUE=DATE:20261027\r\n"));
        assert!(text.contains("DTSTAMP:20260601T010000Z\r\n"));
        assert!(text.contains("SUMMARY:增值税申报截止\\; 3 户"));
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
        let whole = text.replace("\r\n ", "");
        assert!(whole.contains(&format!("DESCRIPTION:{}", "甲\\, 乙\\n".repeat(30))));
    }
}
