//! Telephone numbers of mainland China.

use serde::Serialize;

use crate::Finding;
use crate::text::{half_width, is_blank, is_digits, part};

/// The kinds of number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneKind {
    /// Eleven digits that start with 1.
    Mobile,
    /// Area code and number, perhaps an extension.
    Landline,
    /// 400 and 800.
    Service,
    /// 95xxx and 96xxx.
    Short,
}

/// A number that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Its kind.
    pub kind: PhoneKind,
    /// How it is stored: 13800001234, 010-12345678-90, 400-123-4567, 95588.
    pub normalised: String,
    /// Hints.
    pub findings: Vec<Finding>,
}

/// Reads a telephone number; +86 and 0086 are dropped.
///
/// # Errors
/// A finding that says why it is none.
pub fn read(text: &str) -> Result<Phone, Finding> {
    let narrow = half_width(text);
    if narrow.contains('*') {
        return Err(Finding::error(
            "phone.masked",
            "号码带星号，不是完整号码",
            "The number is masked with stars",
        ));
    }
    let (international, cleaned) = clean(&narrow);
    let digits: String = cleaned.chars().filter(char::is_ascii_digit).collect();
    if cleaned.is_empty() || cleaned.chars().any(|c| c != '-' && !c.is_ascii_digit()) {
        return Err(unreadable());
    }
    let phone = |kind, normalised| Phone { kind, normalised, findings: Vec::new() };
    if digits.len() == 11 && digits.starts_with('1') {
        return mobile(digits);
    }
    if digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800")) {
        let (a, b, c) = (part(&digits, 0, 3), part(&digits, 3, 6), part(&digits, 6, 10));
        return Ok(phone(PhoneKind::Service, format!("{a}-{b}-{c}")));
    }
    let short = digits.starts_with("95") || digits.starts_with("96");
    if short && (5..=6).contains(&digits.len()) {
        return Ok(phone(PhoneKind::Short, digits));
    }
    let cleaned =
        if international && !cleaned.starts_with('0') { format!("0{cleaned}") } else { cleaned };
    if (7..=8).contains(&digits.len()) && !digits.starts_with(['0', '1']) {
        return Err(Finding::error(
            "phone.area_missing",
            "座机号码缺少区号",
            "The landline number lacks its area code",
        ));
    }
    landline(&cleaned).map(|normalised| phone(PhoneKind::Landline, normalised))
}

fn unreadable() -> Finding {
    Finding::error(
        "phone.unreadable",
        "不是有效的电话号码（手机 11 位，座机加区号）",
        "Not a telephone number (mobile: 11 digits; landline: with its area code)",
    )
}

/// The digits and the hyphens between their groups, without the country code.
fn clean(narrow: &str) -> (bool, String) {
    let trimmed: String = narrow.trim_matches(is_blank).trim_start_matches('\'').to_owned();
    let unified = trimmed.replace("转", "-").replace("分机", "-").replace('—', "-");
    let mut out = String::new();
    for c in unified.chars().filter(|&c| !is_blank(c)) {
        match c {
            '(' | ')' | '-' | '–' | '/' if !out.is_empty() && !out.ends_with('-') => {
                out.push('-')
            }
            '(' | ')' | '-' | '–' | '/' => {}
            _ => out.push(c),
        }
    }
    let out = out.trim_end_matches('-').to_owned();
    for code in ["+86", "0086"] {
        if let Some(rest) = out.strip_prefix(code) {
            return (true, rest.trim_start_matches('-').to_owned());
        }
    }
    let digits: String = out.chars().filter(char::is_ascii_digit).collect();
    match out.strip_prefix("86") {
        Some(rest) if digits.len() == 13 && part(&digits, 2, 3) == "1" => {
            (true, rest.trim_start_matches('-').to_owned())
        }
        _ => (false, out),
    }
}

fn mobile(digits: String) -> Result<Phone, Finding> {
    if !matches!(digits.as_bytes().get(1), Some(b'3'..=b'9')) {
        return Err(unreadable());
    }
    let mut findings = Vec::new();
    if ["170", "171", "162", "165", "167"].contains(&part(&digits, 0, 3)) {
        findings.push(Finding::hint(
            "phone.virtual",
            "这是虚拟运营商号段，联系时请留意核实身份",
            "This number belongs to a virtual operator; verify who answers",
        ));
    }
    Ok(Phone { kind: PhoneKind::Mobile, normalised: digits, findings })
}

/// How many digits the area code at the start of a number has.
pub(crate) fn area_length(number: &str) -> usize {
    if number.starts_with("01") || number.starts_with("02") { 3 } else { 4 }
}

fn landline(cleaned: &str) -> Result<String, Finding> {
    let joined =
        cleaned.replacen('-', "", usize::from(cleaned.find('-') == Some(area_length(cleaned))));
    let (main, extension) = joined.split_once('-').unwrap_or((&joined, ""));
    let split = area_length(main);
    let (area, number) = (part(main, 0, split), part(main, split, main.len()));
    let first_ok = area.starts_with('0') && matches!(area.as_bytes().get(1), Some(b'1'..=b'9'));
    let lengths = if split == 3 { 8..=8 } else { 7..=8 };
    let number_ok = is_digits(number)
        && lengths.contains(&number.len())
        && matches!(number.as_bytes().first(), Some(b'2'..=b'9'));
    let extension_ok = extension.is_empty() || (is_digits(extension) && extension.len() <= 6);
    if !first_ok || !number_ok || !extension_ok {
        return Err(unreadable());
    }
    let tail = if extension.is_empty() { String::new() } else { format!("-{extension}") };
    Ok(format!("{area}-{number}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        use PhoneKind::{Landline, Mobile, Service, Short};
        for (text, kind, normalised) in [
            ("15400001234", Mobile, "15400001234"),
            ("154 0000 1234", Mobile, "15400001234"),
            ("154-0000-1234", Mobile, "15400001234"),
            ("+86 154 0000 1234", Mobile, "15400001234"),
            ("0086-15400001234", Mobile, "15400001234"),
            ("8615400001234", Mobile, "15400001234"),
            ("１５４００００１２３４", Mobile, "15400001234"),
            ("'15400001234", Mobile, "15400001234"),
            ("010-20001234", Landline, "010-20001234"),
            ("(010)20001234", Landline, "010-20001234"),
            ("（0755）20001234", Landline, "0755-20001234"),
            ("01020001234", Landline, "010-20001234"),
            ("0755-2000 1234", Landline, "0755-20001234"),
            ("0755—20001234", Landline, "0755-20001234"),
            ("+86 10 20001234", Landline, "010-20001234"),
            ("0311-2000123", Landline, "0311-2000123"),
            ("010-20001234-801", Landline, "010-20001234-801"),
            ("010-20001234转801", Landline, "010-20001234-801"),
            ("400-000-1234", Service, "400-000-1234"),
            ("4000001234", Service, "400-000-1234"),
            ("95588", Short, "95588"),
            ("962288", Short, "962288"),
        ] {
            let phone = read(text).unwrap_or_else(|f| panic!("{text}: {f:?}"));
            assert_eq!((phone.kind, phone.normalised.as_str()), (kind, normalised), "{text}");
            assert!(phone.findings.is_empty(), "{text}");
        }
    }

    #[test]
    fn virtual_operators_are_a_hint() {
        let phone = read("17000001234").unwrap();
        assert_eq!(phone.findings[0].code, "phone.virtual");
    }

    #[test]
    fn refusals_say_why() {
        for (text, code) in [
            ("", "phone.unreadable"),
            ("无", "phone.unreadable"),
            ("12345", "phone.unreadable"),
            ("12000001234", "phone.unreadable"),
            ("1540000123", "phone.unreadable"),
            ("010-10001234", "phone.unreadable"),
            ("010-2000123", "phone.unreadable"),
            ("00-20001234", "phone.unreadable"),
            ("20001234", "phone.area_missing"),
            ("154****1234", "phone.masked"),
            ("15400001234张", "phone.unreadable"),
            ("15400001234、15400001235", "phone.unreadable"),
        ] {
            assert_eq!(read(text).unwrap_err().code, code, "{text}");
        }
    }
}
