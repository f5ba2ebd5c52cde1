//! The resident identity number (居民身份证号), GB 11643-1999, with its 15-digit forerunner, the
//! residence permits for Hong Kong, Macao and Taiwan and the foreigner's permanent one.

use jiff::civil::{Date, date};

use super::Assessment;
use crate::text::{is_digits, part, weighted};
use crate::{Finding, divisions};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The check character of the first seventeen digits; `None` when they are not seventeen digits.
#[must_use]
pub fn check_character(first17: &str) -> Option<char> {
    let sum = weighted(first17, &WEIGHTS, |c| c.to_digit(10))?;
    "10X98765432".chars().nth(usize::try_from(sum % 11).ok()?)
}

/// The whole number of the first seventeen digits.
#[must_use]
pub fn complete(first17: &str) -> Option<String> {
    Some(format!("{first17}{}", check_character(first17)?))
}

/// The 18-character form of a 15-digit number; `None` when it is not 15 digits.
#[must_use]
pub fn upgrade(old: &str) -> Option<String> {
    if old.len() != 15 || !is_digits(old) {
        return None;
    }
    complete(&format!("{}19{}", part(old, 0, 6), part(old, 6, 15)))
}

/// The date written in eight digits, when there is such a day.
fn day(eight: &str) -> Option<Date> {
    if eight.len() != 8 || !is_digits(eight) {
        return None;
    }
    let year = part(eight, 0, 4).parse().ok()?;
    let month = part(eight, 4, 6).parse().ok()?;
    Date::new(year, month, part(eight, 6, 8).parse().ok()?).ok()
}

/// Whether a text was most likely meant as an identity number: digits with a year and a month.
pub(super) fn looks_like(text: &str) -> bool {
    let length = text.chars().count();
    let months = 1..=12;
    if (17..=19).contains(&length) && is_digits(part(text, 0, 17)) {
        let month = part(text, 10, 12).parse().unwrap_or(0);
        return matches!(part(text, 6, 8), "18" | "19" | "20") && months.contains(&month);
    }
    false
}

/// Checks a normalised text as an identity number; `today` bounds the date of birth.
#[must_use]
pub fn assess(number: &str, today: Date) -> Assessment {
    let length = number.chars().count();
    if length != 15 && length != 18 {
        return Assessment::refused(Finding::error(
            "resident.length",
            format!("身份证号应为 18 位，现为 {length} 位"),
            format!("An identity number has 18 characters, not {length}"),
        ));
    }
    let digits = part(number, 0, length - 1);
    let last = number.chars().last().unwrap_or(' ');
    if !is_digits(digits) || !(last.is_ascii_digit() || (length == 18 && last == 'X')) {
        return Assessment::refused(Finding::error(
            "resident.characters",
            "身份证号只能是数字，末位可以是 X",
            "An identity number has digits only; the last may be X",
        ));
    }
    let mut assessment = Assessment::default();
    if let Some(upgraded) = upgrade(number) {
        assess_full(&upgraded, today, &mut assessment);
        assessment.parts.push(("upgraded", "升位后的号码", upgraded));
        assessment.findings.push(Finding::warning(
            "resident.old_15",
            "这是 15 位的旧身份证号，已按规则换算为 18 位，请与证件核对",
            "This is an old 15-digit number; its 18-digit form is given, compare with the card",
        ));
    } else {
        assess_full(number, today, &mut assessment);
    }
    assessment
}

fn assess_full(number: &str, today: Date, assessment: &mut Assessment) {
    let holder = match part(number, 0, 2) {
        "81" => "香港居民居住证",
        "82" => "澳门居民居住证",
        "83" => "台湾居民居住证",
        _ if number.starts_with('9') => "外国人永久居留身份证",
        _ => "居民身份证",
    };
    assessment.parts.push(("document", "证件种类", holder.to_owned()));
    if holder == "居民身份证" {
        region(part(number, 0, 6), assessment);
    }
    birth(part(number, 6, 14), today, assessment);
    if let Ok(order) = part(number, 14, 17).parse::<u16>() {
        let sex = if order % 2 == 1 { "男" } else { "女" };
        assessment.parts.push(("sex", "性别", sex.to_owned()));
    }
    if check_character(part(number, 0, 17)) != number.chars().last() {
        assessment.findings.push(Finding::error(
            "resident.check",
            "身份证号校验位不符，号码中可能有录入错误",
            "The check character does not match; a digit may be mistyped",
        ));
    }
}

fn region(code: &str, assessment: &mut Assessment) {
    let name = divisions::place(code).text();
    if !name.is_empty() {
        assessment.parts.push(("region_name", "签发地", name));
    }
    if divisions::name_of(code).is_none() {
        assessment.findings.push(Finding::hint(
            "resident.region",
            format!("行政区划码 {code} 不在现行区划表中，可能已撤销"),
            format!("Division {code} is not in the present table; it may have been withdrawn"),
        ));
    }
}

fn birth(eight: &str, today: Date, assessment: &mut Assessment) {
    let (zh, en) = match day(eight) {
        None => ("出生日期不存在", "There is no such date of birth"),
        Some(born) if born > today => ("出生日期晚于今天", "The date of birth is in the future"),
        Some(born) if born < date(1870, 1, 1) => {
            ("出生日期早于 1870 年", "The date of birth is before 1870")
        }
        Some(born) => {
            assessment.parts.push(("birth", "出生日期", born.to_string()));
            return;
        }
    };
    assessment.findings.push(Finding::error("resident.date", zh, en));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        date(2026, 1, 15)
    }

    fn codes(text: &str) -> Vec<&'static str> {
        assess(text, today()).findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn public_and_synthetic_numbers_pass() {
        for number in [
            "11010519491231002X",
            "440524188001010014",
            "360426199101010071",
            "110105189912310015",
            "44030418990615888X",
            "510104188808081236",
            "65010219000101456X",
        ] {
            assert!(assess(number, today()).valid(), "{number}: {:?}", codes(number));
            assert_eq!(complete(&number[..17]).as_deref(), Some(number));
        }
    }

    #[test]
    fn a_right_check_digit_does_not_save_a_day_that_never_was() {
        assert_eq!(complete("31010419000229001").as_deref(), Some("310104190002290018"));
        assert_eq!(codes("310104190002290018"), vec!["resident.date"]);
    }

    #[test]
    fn refusals_say_why() {
        for (number, reason) in [
            ("110105194912310021", "resident.check"),
            ("1101051949123100", "resident.length"),
            ("1101051949123100AX", "resident.characters"),
            ("11010518691231001X", "resident.date"),
            ("110105202612310013", "resident.date"),
            ("", "resident.length"),
            ("身份证号身份证号身份证号身份证号身份", "resident.characters"),
        ] {
            assert!(!assess(number, today()).valid(), "{number}");
            assert!(codes(number).contains(&reason), "{number}: {:?}", codes(number));
        }
    }

    #[test]
    fn the_15_digit_form_is_upgraded() {
        assert_eq!(upgrade("110105491231002").as_deref(), Some("11010519491231002X"));
        assert_eq!(upgrade("11010549123100"), None);
        let assessment = assess("110105491231002", today());
        assert!(assessment.valid());
        assert_eq!(codes("110105491231002"), vec!["resident.old_15"]);
        assert!(
            assessment
                .parts
                .iter()
                .any(|(k, _, v)| { *k == "upgraded" && v == "11010519491231002X" })
        );
        assert!(codes("110105491331002").contains(&"resident.date"));
    }

    #[test]
    fn permits_of_other_holders_follow_the_same_rule() {
        for (first17, kind) in [
            ("81000018990101001", "香港居民居住证"),
            ("82000018990101001", "澳门居民居住证"),
            ("83000018990101001", "台湾居民居住证"),
            ("91112318990101001", "外国人永久居留身份证"),
        ] {
            let number = complete(first17).unwrap();
            let assessment = assess(&number, today());
            assert!(assessment.valid() && assessment.findings.is_empty(), "{number}");
            assert_eq!(assessment.parts[0].2, kind);
        }
    }

    #[test]
    fn an_unknown_division_is_a_hint() {
        let number = complete("11019918990101002").unwrap();
        assert!(assess(&number, today()).valid());
        assert_eq!(codes(&number), vec!["resident.region"]);
    }

    #[test]
    fn the_parts_tell_birth_and_sex() {
        let parts = assess("44030418990615888X", today()).parts;
        assert!(parts.contains(&("birth", "出生日期", "1899-06-15".to_owned())));
        assert!(parts.contains(&("sex", "性别", "女".to_owned())));
    }
}
