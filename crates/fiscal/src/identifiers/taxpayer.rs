//! The taxpayer number (纳税人识别号): 18 characters today, with 15, 17 and 20 from older times.

use jiff::civil::Date;

use super::{Assessment, organisation, resident, uscc};
use crate::Finding;
use crate::text::{is_digits, part};

/// Whether a text was most likely meant as the 20-character form: mostly digits.
pub(super) fn looks_like_twenty(text: &str) -> bool {
    text.len() == 20 && is_digits(part(text, 0, 17))
}

/// Checks a normalised text as a taxpayer number.
#[must_use]
pub fn assess(number: &str, today: Date) -> Assessment {
    let length = number.chars().count();
    if !number.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
        return Assessment::refused(Finding::error(
            "taxpayer.characters",
            "纳税人识别号只用数字和大写字母",
            "A taxpayer number has digits and capital letters only",
        ));
    }
    match length {
        18 => eighteen(number, today),
        15 => fifteen(number, today),
        17 => seventeen(number, today),
        20 => twenty(number, today),
        _ => Assessment::refused(Finding::error(
            "taxpayer.length",
            format!("纳税人识别号应为 18 位（旧号 15、17、20 位），现为 {length} 位"),
            format!("A taxpayer number has 18 characters (15, 17, 20 formerly), not {length}"),
        )),
    }
}

fn eighteen(number: &str, today: Date) -> Assessment {
    let as_code = uscc::assess(number);
    if as_code.valid() {
        return as_code;
    }
    let as_person = resident::assess(number, today);
    if as_person.valid() || resident::looks_like(number) { as_person } else { as_code }
}

fn legacy(assessment: &mut Assessment, form: &str) {
    assessment.parts.push(("form", "号码形式", form.to_owned()));
    assessment.findings.push(Finding::warning(
        "taxpayer.legacy",
        "这是旧式纳税人识别号，存续企业应使用 18 位统一社会信用代码",
        "This is a legacy number; a live enterprise uses its 18-character code",
    ));
}

fn fifteen(number: &str, today: Date) -> Assessment {
    let (region, body) = (part(number, 0, 6), part(number, 6, 15));
    if !is_digits(region) {
        return Assessment::refused(Finding::error(
            "taxpayer.region",
            "15 位旧号的前 6 位应为数字",
            "The first six characters of a 15-character number are digits",
        ));
    }
    let mut assessment = Assessment::default();
    let of_unit = organisation::assess(body).valid();
    if of_unit {
        legacy(&mut assessment, "行政区划码加组织机构代码");
    } else if resident::assess(number, today).valid() {
        legacy(&mut assessment, "15 位身份证号");
    } else {
        legacy(&mut assessment, "15 位旧号");
        assessment.findings.push(Finding::warning(
            "taxpayer.organisation",
            "后 9 位不是有效的组织机构代码，可能是旧的工商注册号",
            "The last nine are no valid organisation code; it may be an old registration number",
        ));
    }
    if of_unit {
        assessment.parts.push(("org_code", "组织机构代码", body.to_owned()));
    }
    assessment
}

fn seventeen(number: &str, today: Date) -> Assessment {
    let person = resident::assess(part(number, 0, 15), today);
    if !is_digits(number) || !person.valid() {
        return Assessment::refused(Finding::error(
            "taxpayer.seventeen",
            "17 位旧号应为 15 位身份证号加 2 位顺序号",
            "A 17-digit number is a 15-digit identity number and two digits",
        ));
    }
    let mut assessment = Assessment::default();
    legacy(&mut assessment, "15 位身份证号加顺序号");
    assessment
}

fn twenty(number: &str, today: Date) -> Assessment {
    let (person, order) = (part(number, 0, 18), part(number, 18, 20));
    let shape = is_digits(part(person, 0, 17)) && is_digits(order);
    if !shape || !(person.ends_with('X') || is_digits(person)) {
        return Assessment::refused(Finding::error(
            "taxpayer.twenty",
            "20 位号码应为 18 位身份证号加 2 位顺序号",
            "A 20-character number is an 18-character identity number and two digits",
        ));
    }
    let mut assessment = Assessment::default();
    legacy(&mut assessment, "身份证号加顺序号");
    if !resident::assess(person, today).valid() {
        assessment.findings.push(Finding::warning(
            "taxpayer.person",
            "前 18 位不是有效的身份证号，请核对",
            "The first 18 are no valid identity number; please check",
        ));
    }
    assessment
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn result(number: &str) -> (bool, Vec<&'static str>) {
        let assessment = assess(number, date(2026, 1, 15));
        (assessment.valid(), assessment.findings.iter().map(|f| f.code).collect())
    }

    #[test]
    fn eighteen_characters_are_a_code_or_a_person() {
        assert_eq!(result("91110000600037341L"), (true, vec![]));
        assert_eq!(result("11010519491231002X"), (true, vec![]));
        assert_eq!(result("91110000600037341K"), (false, vec!["uscc.check"]));
        assert_eq!(result("110105194912310021"), (false, vec!["resident.check"]));
    }

    #[test]
    fn older_forms_stand_with_a_warning() {
        for number in
            ["110000600037341", "110105491231002", "11010549123100201", "11010519491231002X01"]
        {
            assert_eq!(result(number), (true, vec!["taxpayer.legacy"]), "{number}");
        }
        assert_eq!(
            result("110000600037342"),
            (true, vec!["taxpayer.legacy", "taxpayer.organisation"])
        );
        assert_eq!(
            result("11010519491231003X01"),
            (true, vec!["taxpayer.legacy", "taxpayer.person"])
        );
    }

    #[test]
    fn refusals_say_why() {
        for (number, reason) in [
            ("", "taxpayer.length"),
            ("1234567890123456", "taxpayer.length"),
            ("一1000060003734L", "taxpayer.characters"),
            ("A10000600037341", "taxpayer.region"),
            ("91440300192203821", "taxpayer.seventeen"),
            ("9111000060003734L", "taxpayer.seventeen"),
            ("11010519491231002X0A", "taxpayer.twenty"),
        ] {
            assert_eq!(result(number), (false, vec![reason]), "{number}");
        }
    }
}
