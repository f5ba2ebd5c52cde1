//! The organisation code (组织机构代码), GB 11714-1997: eight characters and a check character.

use super::Assessment;
use crate::Finding;
use crate::text::{part, weighted};

const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

fn value(c: char) -> Option<u32> {
    if c.is_ascii_lowercase() { None } else { c.to_digit(36) }
}

/// The check character of an eight-character body; `None` when it is not one.
#[must_use]
pub fn check_character(body: &str) -> Option<char> {
    match 11 - weighted(body, &WEIGHTS, value)? % 11 {
        10 => Some('X'),
        11 => Some('0'),
        digit => char::from_digit(digit, 10),
    }
}

/// The whole code of an eight-character body, without the hyphen.
#[must_use]
pub fn complete(body: &str) -> Option<String> {
    Some(format!("{body}{}", check_character(body)?))
}

/// Checks a normalised text as an organisation code.
#[must_use]
pub fn assess(code: &str) -> Assessment {
    let length = code.chars().count();
    if length != 9 {
        return Assessment::refused(Finding::error(
            "organisation.length",
            format!("组织机构代码应为 9 位，现为 {length} 位"),
            format!("An organisation code has 9 characters, not {length}"),
        ));
    }
    if let Some(c) = code.chars().find(|c| value(*c).is_none()) {
        return Assessment::refused(Finding::error(
            "organisation.characters",
            format!("组织机构代码只用数字和大写字母，不能有“{c}”"),
            format!("An organisation code has digits and capital letters only, not {c}"),
        ));
    }
    let (body, check) = (part(code, 0, 8), part(code, 8, 9));
    let mut assessment = Assessment {
        parts: vec![("body", "本体代码", body.to_owned()), ("check", "校验码", check.to_owned())],
        findings: Vec::new(),
    };
    if check_character(body) != check.chars().next() {
        assessment.findings.push(Finding::error(
            "organisation.check",
            "组织机构代码校验位不符",
            "The check character of the organisation code does not match",
        ));
    }
    assessment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_get_their_check_character() {
        for (body, check) in [
            ("60003734", '1'),
            ("71526726", 'X'),
            ("19220382", '1'),
            ("79965505", '8'),
            ("MA00ABC1", '6'),
            ("78901234", 'X'),
        ] {
            assert_eq!(check_character(body), Some(check), "{body}");
            assert!(assess(&complete(body).unwrap()).valid());
        }
        assert_eq!(weighted("60003734", &WEIGHTS, value), Some(109));
    }

    #[test]
    fn a_remainder_of_zero_gives_zero() {
        assert_eq!(check_character("00000000"), Some('0'));
    }

    #[test]
    fn refusals_say_why() {
        for (code, reason) in [
            ("600037342", "organisation.check"),
            ("60003734", "organisation.length"),
            ("6000373四1", "organisation.characters"),
            ("60003734a", "organisation.characters"),
        ] {
            let assessment = assess(code);
            assert!(!assessment.valid(), "{code}");
            assert_eq!(assessment.findings[0].code, reason, "{code}");
        }
    }
}
