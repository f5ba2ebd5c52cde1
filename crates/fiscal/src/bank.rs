//! Bank numbers: accounts of companies, cards of persons, and the numbers around them.

use serde::Serialize;

use crate::Finding;
use crate::identifiers::normalise;
use crate::text::{half_width, is_blank, is_digits, part, weighted};

/// What a personal card number says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Card {
    /// Whether the Luhn check digit is right.
    pub luhn: bool,
    /// Whether it starts with 62, as cards of UnionPay do.
    pub union_pay: bool,
}

/// Reads a company's account number. There is no national check digit, so only the shape counts:
/// 6 to 32 letters, digits and hyphens.
///
/// # Errors
/// A finding when the shape is another.
pub fn corporate_account(text: &str) -> Result<(String, Vec<Finding>), Finding> {
    let number: String = half_width(text).chars().filter(|&c| !is_blank(c)).collect();
    let number = number.trim_start_matches('\'').to_owned();
    let shape = number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !shape || !(6..=32).contains(&number.len()) {
        return Err(Finding::error(
            "bank.account",
            "银行账号应为 6 至 32 位数字、字母或连字符",
            "An account number has 6 to 32 digits, letters or hyphens",
        ));
    }
    let mut findings = Vec::new();
    if is_personal_card(&number) {
        findings.push(Finding::hint(
            "bank.personal_card",
            "这像个人银行卡号，请确认是否为对公账户",
            "This looks like a personal card; is it the company's account?",
        ));
    }
    Ok((number, findings))
}

/// What a text says as a personal card number; `None` when it is not 13 to 19 digits.
#[must_use]
pub fn card(text: &str) -> Option<Card> {
    let number = normalise(text);
    if !is_digits(&number) || !(13..=19).contains(&number.len()) {
        return None;
    }
    Some(Card { luhn: luhn(&number), union_pay: number.starts_with("62") })
}

/// Checks a personal card number.
///
/// # Errors
/// A finding when it has not 13 to 19 digits or its check digit is wrong.
pub fn personal_card(text: &str) -> Result<String, Finding> {
    let Some(card) = card(text) else {
        return Err(Finding::error(
            "bank.card_length",
            "个人银行卡号应为 13 至 19 位数字",
            "A card number has 13 to 19 digits",
        ));
    };
    if card.luhn {
        return Ok(normalise(text));
    }
    Err(Finding::error(
        "bank.card_check",
        "银行卡号校验位不符，可能有录入错误",
        "The card's check digit does not match; a digit may be mistyped",
    ))
}

/// Whether a number is almost surely a person's card: 16 or 19 digits, UnionPay, right check digit.
#[must_use]
pub fn is_personal_card(text: &str) -> bool {
    let length = normalise(text).len();
    (16..=19).contains(&length) && card(text).is_some_and(|card| card.luhn && card.union_pay)
}

fn luhn(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(byte, times)| {
            let doubled = u32::from(byte.wrapping_sub(b'0')) * times;
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Reads a payment-system bank number (支付系统行号): 12 digits.
///
/// # Errors
/// A finding when it is not that.
pub fn cnaps(text: &str) -> Result<String, Finding> {
    let code = normalise(text);
    if code.len() == 12 && is_digits(&code) {
        return Ok(code);
    }
    Err(Finding::error(
        "bank.cnaps",
        "支付系统行号应为 12 位数字",
        "A payment-system bank number has 12 digits",
    ))
}

/// Reads the number of a basic deposit account (基本存款账户编号): J and 13 digits.
///
/// # Errors
/// A finding when it is not that.
pub fn basic_account(text: &str) -> Result<String, Finding> {
    let code = normalise(text);
    if code.strip_prefix('J').is_some_and(|digits| digits.len() == 13 && is_digits(digits)) {
        return Ok(code);
    }
    Err(Finding::error(
        "bank.basic_account",
        "基本存款账户编号应为 J 加 13 位数字",
        "A basic account number is J and 13 digits",
    ))
}

/// What to say of a credit-registry code (中征码); its algorithm is known from practice only, so a
/// miss is a hint.
#[must_use]
pub fn credit_registry(text: &str) -> Option<Finding> {
    const WEIGHTS: [u32; 14] = [1, 3, 5, 7, 11, 2, 13, 1, 1, 17, 19, 97, 23, 29];
    let code = normalise(text);
    let sum = weighted(part(&code, 0, 14), &WEIGHTS, |c| c.to_digit(36));
    let fits = sum.is_some_and(|sum| part(&code, 14, 16) == format!("{:02}", sum % 97 + 1));
    if fits && code.len() == 16 {
        return None;
    }
    Some(Finding::hint(
        "bank.credit_registry",
        "中征码应为 16 位，末两位校验码不符，请核对",
        "A credit-registry code has 16 characters; its last two do not match, please check",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_account_has_only_a_shape() {
        let read = |text| corporate_account(text);
        assert_eq!(read("0000 0000 0012 3456").unwrap().0, "0000000000123456");
        assert_eq!(read("AB-0001").unwrap().0, "AB-0001");
        assert!(read("0000000000123456").unwrap().1.is_empty());
        assert_eq!(read("6222020200012345670").unwrap().1[0].code, "bank.personal_card");
        for wrong in ["", "12345", "账号123456", "1.23E+18", &"1".repeat(33)] {
            assert_eq!(read(wrong).unwrap_err().code, "bank.account", "{wrong}");
        }
    }

    #[test]
    fn personal_cards_follow_luhn() {
        for number in ["6222020200012345670", "6228480402123456780", "6217000000123456786"] {
            assert_eq!(personal_card(number).as_deref(), Ok(number));
            assert!(is_personal_card(number));
        }
        assert_eq!(personal_card("6222 0202 0001 2345 670").unwrap().len(), 19);
        assert_eq!(personal_card("6222020200012345671").unwrap_err().code, "bank.card_check");
        assert_eq!(personal_card("622202").unwrap_err().code, "bank.card_length");
        assert_eq!(card("4000000000000002"), Some(Card { luhn: true, union_pay: false }));
        assert!(!is_personal_card("4000000000000002"));
    }

    #[test]
    fn the_other_numbers_have_their_shapes() {
        assert!(cnaps("102100099996").is_ok());
        assert_eq!(cnaps("10210009999").unwrap_err().code, "bank.cnaps");
        assert_eq!(basic_account("j1000000000001").as_deref(), Ok("J1000000000001"));
        assert_eq!(basic_account("J100000000000").unwrap_err().code, "bank.basic_account");
        assert_eq!(credit_registry("4403010000123450"), None);
        for wrong in ["4403010000123451", "440301000012345", ""] {
            let finding = credit_registry(wrong).unwrap();
            assert_eq!(finding.severity, crate::Severity::Hint, "{wrong}");
        }
    }
}
