//! How personal and financial values are shown to those who may not read them in full.
//!
//! A mask never shows more than its rule says, whatever the length; short values vanish wholly.

use crate::divisions;
use crate::phones::area_length;

fn stars(count: usize) -> String {
    "*".repeat(count)
}

/// The first `head` and last `tail` characters with stars between.
fn around(text: &str, head: usize, tail: usize) -> String {
    let count = text.chars().count();
    if count <= head + tail {
        return stars(count);
    }
    let first: String = text.chars().take(head).collect();
    let last: String = text.chars().skip(count - tail).collect();
    format!("{first}{}{last}", stars(count - head - tail))
}

/// Identity number: the first and the last character (`1****************X`).
#[must_use]
pub fn id_number(text: &str) -> String {
    around(text.trim(), 1, 1)
}

/// Mobile number: first three, last four (`138****1234`); other lengths show the last two at most.
#[must_use]
pub fn mobile(text: &str) -> String {
    let text = text.trim();
    match text.chars().count() {
        11 => around(text, 3, 4),
        0..=5 => stars(text.chars().count()),
        _ => around(text, 0, 2),
    }
}

/// Landline: area code and last two (`010-******45`); an extension is dropped.
#[must_use]
pub fn landline(text: &str) -> String {
    let text = text.trim();
    let (area, rest) = match text.split_once('-') {
        Some((area, rest)) => (area, rest),
        None if text.starts_with('0') => {
            text.split_at_checked(area_length(text)).unwrap_or(("", text))
        }
        None => ("", text),
    };
    // A bare number of seven or eight digits with an extension has no area code to show.
    let (area, rest) = if area.chars().count() > 4 { ("", area) } else { (area, rest) };
    let number: String = match rest.rsplit_once('-') {
        Some((number, extension)) if number.len() >= 7 && extension.len() <= 6 => number.to_owned(),
        _ => rest.to_owned(),
    };
    let digits: String = number.chars().filter(|c| *c != '-').collect();
    let masked = if digits.chars().count() < 5 {
        stars(digits.chars().count())
    } else {
        around(&digits, 0, 2)
    };
    if area.is_empty() { masked } else { format!("{area}-{masked}") }
}

/// A number of either kind: eleven digits from 1 are a mobile number.
#[must_use]
pub fn phone(text: &str) -> String {
    let trimmed = text.trim();
    if trimmed.len() == 11 && trimmed.starts_with('1') { mobile(text) } else { landline(text) }
}

/// Personal name: the first character and a star for each other (`张**`).
#[must_use]
pub fn person_name(text: &str) -> String {
    around(text.trim(), 1, 0)
}

/// Bank account: the last four (`************0670`).
#[must_use]
pub fn bank_account(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() < 8 { stars(text.chars().count()) } else { around(text, 0, 4) }
}

/// E-mail: the first character and the domain (`z***@qq.com`).
#[must_use]
pub fn email(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    match text.rsplit_once('@') {
        Some((local, domain)) if local.chars().count() > 1 => {
            let first: String = local.chars().take(1).collect();
            format!("{first}***@{domain}")
        }
        Some((_, domain)) => format!("***@{domain}"),
        None => "***".to_owned(),
    }
}

/// WeChat name: the first character (`z***`).
#[must_use]
pub fn wechat(text: &str) -> String {
    let text = text.trim();
    let first: String = text.chars().take(1).collect();
    match text.chars().count() {
        0 => String::new(),
        1..=2 => "***".to_owned(),
        _ => format!("{first}***"),
    }
}

/// Address: province, city and district as far as they are known places, then stars.
#[must_use]
pub fn address(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let kept = text.get(..divisions::prefix_of_address(text)).unwrap_or("");
    if kept.len() == text.len() { kept.to_owned() } else { format!("{kept}****") }
}

/// An amount in fen as a band of 万 yuan (`100–500万`).
#[must_use]
pub fn amount_band(fen: i64) -> &'static str {
    const WAN: i64 = 1_000_000;
    match fen {
        ..0 => "负数",
        0 => "0",
        _ if fen < 10 * WAN => "10万以下",
        _ if fen < 50 * WAN => "10–50万",
        _ if fen < 100 * WAN => "50–100万",
        _ if fen < 500 * WAN => "100–500万",
        _ if fen < 1_000 * WAN => "500–1000万",
        _ if fen < 5_000 * WAN => "1000–5000万",
        _ if fen < 10_000 * WAN => "5000万–1亿",
        _ if fen < 100_000 * WAN => "1–10亿",
        _ => "10亿以上",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_kind_shows_what_its_rule_says() {
        assert_eq!(id_number("11010519491231002X"), "1****************X");
        assert_eq!(mobile("13800001234"), "138****1234");
        assert_eq!(landline("010-12345645"), "010-******45");
        assert_eq!(landline("01012345645"), "010-******45");
        assert_eq!(landline("0755-1234567"), "0755-*****67");
        assert_eq!(landline("010-12345645-801"), "010-******45");
        assert_eq!(landline("400-123-4567"), "400-*****67");
        assert_eq!(phone("13800001234"), "138****1234");
        assert_eq!(phone("010-12345645"), "010-******45");
        assert_eq!(person_name("张三丰"), "张**");
        assert_eq!(bank_account("6222020200010670"), "************0670");
        assert_eq!(email("zhang@qq.com"), "z***@qq.com");
        assert_eq!(wechat("zhang_3"), "z***");
        assert_eq!(address("广东省深圳市南山区科苑路8号"), "广东省深圳市南山区****");
        assert_eq!(amount_band(200 * 1_000_000), "100–500万");
    }

    #[test]
    fn short_and_strange_values_give_nothing_away() {
        for mask in
            [id_number, mobile, landline, phone, person_name, bank_account, email, wechat, address]
        {
            assert_eq!(mask(""), "");
            assert!(!mask("7").contains('7'));
        }
        assert_eq!(person_name("张"), "*");
        assert_eq!(id_number("12"), "**");
        assert_eq!(mobile("12345"), "*****");
        assert_eq!(mobile("1380000123"), "********23");
        assert_eq!(landline("1234"), "****");
        assert_eq!(landline("12345678-01"), "******78");
        assert_eq!(bank_account("1234567"), "*******");
        assert_eq!(email("a@b.cn"), "***@b.cn");
        assert_eq!(email("nobody"), "***");
        assert_eq!(address("幸福路5号"), "****");
        assert_eq!(address("深圳市"), "深圳市");
    }

    #[test]
    fn rare_characters_and_compound_surnames_count_as_characters() {
        assert_eq!(person_name("𠮷田"), "𠮷*");
        assert_eq!(person_name("𠮷"), "*");
        assert_eq!(person_name("欧阳娜娜"), "欧***");
        assert_eq!(person_name("䶮𬉼"), "䶮*");
    }

    #[test]
    fn bands_meet_without_gaps() {
        let wan = 1_000_000;
        assert_eq!(amount_band(-1), "负数");
        assert_eq!(amount_band(0), "0");
        assert_eq!(amount_band(10 * wan - 1), "10万以下");
        assert_eq!(amount_band(10 * wan), "10–50万");
        assert_eq!(amount_band(10_000 * wan), "1–10亿");
        assert_eq!(amount_band(i64::MAX), "10亿以上");
    }

    proptest! {
        #[test]
        fn masks_keep_few_characters(text in "[0-9]{0,30}") {
            let shown = |masked: String| masked.chars().filter(char::is_ascii_digit).count();
            prop_assert!(shown(id_number(&text)) <= 2);
            prop_assert!(shown(mobile(&text)) <= 7);
            prop_assert!(shown(landline(&text)) <= 6);
            prop_assert!(shown(bank_account(&text)) <= 4);
            prop_assert!(shown(person_name(&text)) <= 1);
        }
    }
}
