//! What people ask of the record, and how an entry reads.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use values::{EntryId, Error, Kind, Micros, Result, UserId};

/// Entries of one page, unless asked otherwise.
pub const PAGE: u64 = 50;
/// The longest purpose of an export, in characters.
const PURPOSE_MOST: usize = 200;
/// Entries of one page at most.
pub const PAGE_MOST: u64 = 200;

/// Which entries are wanted, as people say it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The id of a user.
    pub actor: Option<String>,
    /// An action, such as `client.view`.
    pub action: Option<String>,
    /// `done`, `shown` or `denied`.
    pub outcome: Option<String>,
    /// The id or the code of a client.
    pub client: Option<String>,
    /// From this day or moment on.
    pub from: Option<String>,
    /// To this day, and the whole of it, or before this moment.
    pub to: Option<String>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// How many.
    pub limit: Option<u64>,
}

/// The body of an entry, as much of it as people are shown.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    /// Who.
    pub actor: String,
    /// The name that the actor went by.
    pub actor_name: String,
    /// A person, the local operator, a part of Heng.
    pub actor_kind: String,
    /// What.
    pub action: String,
    /// How it ended.
    pub outcome: String,
    /// The classes that were touched.
    pub classes: Vec<String>,
    /// The clients, packed.
    pub clients: String,
    /// What for.
    pub purpose: String,
    /// From where.
    pub origin: String,
    /// The request.
    pub request: String,
    /// What was acted on.
    pub target: String,
    /// Why it was refused.
    pub refusal: String,
}

impl Body {
    /// The body of an entry's text; an altered text that is none reads as empty, because a list
    /// must still show that the entry is there.
    #[must_use]
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// How many clients the entry names: they are packed ids of sixteen bytes.
    #[must_use]
    pub fn clients_count(&self) -> u64 {
        URL_SAFE_NO_PAD.decode(&self.clients).map_or(0, |bytes| (bytes.len() / 16) as u64)
    }
}

/// The place in the list, for the next page.
#[must_use]
pub fn cursor(at: Micros, id: EntryId) -> String {
    format!("{}.{id}", at.0)
}

/// The place of a cursor.
///
/// # Errors
/// Invalid when it is none.
pub fn read_cursor(text: &str) -> Result<(Micros, EntryId)> {
    let wrong = || Error::invalid("cursor", "cursor", "翻页标记无效", "The cursor is no good");
    let (at, id) = text.split_once('.').ok_or_else(wrong)?;
    Ok((Micros(at.parse().map_err(|_| wrong())?), id.parse().map_err(|_| wrong())?))
}

/// The purpose of an export, trimmed.
///
/// # Errors
/// Denied when nothing is said, Invalid when too much is.
pub fn check_purpose(text: &str) -> Result<&str> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::new(
            Kind::Denied,
            "denied.purpose",
            "导出审计日志须说明用途",
            "Say what the export is for",
        ));
    }
    if text.chars().count() > PURPOSE_MOST {
        return Err(Error::invalid(
            "purpose",
            "purpose.too_long",
            format!("用途最多 {PURPOSE_MOST} 个字符"),
            format!("The purpose may have {PURPOSE_MOST} characters"),
        ));
    }
    Ok(text)
}

/// The user of a filter.
///
/// # Errors
/// Invalid when it is no id.
pub fn read_actor(text: &str) -> Result<UserId> {
    text.parse().map_err(|_| {
        Error::invalid("actor", "record.actor", "操作人应为用户编号", "The actor must be an id")
    })
}

/// The outcome of a filter.
///
/// # Errors
/// Invalid when there is no such outcome.
pub fn read_outcome(text: String) -> Result<String> {
    if matches!(text.as_str(), "done" | "shown" | "denied") {
        return Ok(text);
    }
    Err(Error::invalid(
        "outcome",
        "record.outcome",
        "结果应为 done、shown 或 denied",
        "The outcome must be done, shown or denied",
    ))
}

/// The moment that a day or a moment begins with; for an end, the one it ends with.
///
/// # Errors
/// Invalid when the text is neither `YYYY-MM-DD` nor RFC 3339.
pub fn read_moment(field: &str, text: &str, zone: &TimeZone, end: bool) -> Result<Micros> {
    let wrong = || {
        Error::invalid(
            field,
            "record.moment",
            "时间应写作 2026-01-31 或 2026-01-31T09:00:00Z",
            "Write a time as 2026-01-31 or 2026-01-31T09:00:00Z",
        )
    };
    if let Ok(date) = text.parse::<Date>()
        && text.len() == 10
    {
        let day = if end { date.tomorrow().map_err(|_| wrong())? } else { date };
        return Micros::start_of(day, zone).ok_or_else(wrong);
    }
    let moment: Timestamp = text.parse().map_err(|_| wrong())?;
    Ok(Micros(moment.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shanghai() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }

    #[test]
    fn a_last_day_counts_whole_in_the_firms_zone() {
        let from = read_moment("from", "2026-01-01", &shanghai(), false).unwrap();
        let to = read_moment("to", "2026-01-01", &shanghai(), true).unwrap();
        assert_eq!(from.rfc3339(), "2025-12-31T16:00:00.000000Z");
        assert_eq!(to.0 - from.0, 86_400_000_000);
        assert_eq!(
            read_moment("to", "2026-01-01T00:00:00Z", &shanghai(), true).unwrap().rfc3339(),
            "2026-01-01T00:00:00.000000Z"
        );
        assert!(read_moment("to", "yesterday", &shanghai(), true).is_err());
    }

    #[test]
    fn a_cursor_reads_back() {
        let id: EntryId = "0190c0de-0000-7000-8000-000000000001".parse().unwrap();
        assert_eq!(read_cursor(&cursor(Micros(5), id)).unwrap(), (Micros(5), id));
        assert!(read_cursor("5").is_err());
        assert!(read_cursor("x.y").is_err());
    }

    #[test]
    fn clients_are_counted_from_their_packed_ids() {
        let packed = URL_SAFE_NO_PAD.encode([0_u8; 48]);
        let body = Body::read(&format!("{{\"action\":\"client.list\",\"clients\":\"{packed}\"}}"));
        assert_eq!((body.clients_count(), body.action.as_str()), (3, "client.list"));
        assert_eq!(Body::read("no json").clients_count(), 0);
    }
}
