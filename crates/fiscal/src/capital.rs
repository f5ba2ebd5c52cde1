//! Registered capital as registers write it: `200(万元人民币)`, `3000万人民币`, `1,000(万美元)`.
//!
//! The arithmetic is exact; nothing passes through a floating-point number.

use serde::Serialize;

use crate::Finding;
use crate::numerals;
use crate::placeholders::is_placeholder;
use crate::text::{half_width, is_blank, is_digits};

/// An amount of capital in hundredths of its currency's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Capital {
    /// Hundredths: fen for yuan, cents for dollars; also for currencies without a small coin.
    pub amount_fen: i64,
    /// The ISO 4217 code, such as `CNY`.
    pub currency: &'static str,
}

/// What a bare number counts, when a column's head says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 元.
    Yuan,
    /// 万元.
    TenThousand,
}

/// Names of currencies as they are written after or before the number.
const CURRENCIES: [(&str, &[&str]); 22] = [
    ("CNY", &["人民币", "人民币元", "RMB", "CNY", "¥", "￥"]),
    ("USD", &["美元", "美金", "USD", "US$", "$"]),
    ("HKD", &["港币", "港元", "香港元", "港币元", "HKD", "HK$"]),
    ("MOP", &["澳门元", "澳门币", "MOP"]),
    ("TWD", &["新台币", "台币", "新台币元", "TWD"]),
    ("JPY", &["日元", "日币", "日本元", "JPY"]),
    ("EUR", &["欧元", "EUR", "€"]),
    ("GBP", &["英镑", "GBP", "£"]),
    ("AUD", &["澳大利亚元", "澳元", "AUD"]),
    ("CAD", &["加拿大元", "加元", "CAD"]),
    ("SGD", &["新加坡元", "新币", "SGD"]),
    ("NZD", &["新西兰元", "NZD"]),
    ("CHF", &["瑞士法郎", "CHF"]),
    ("SEK", &["瑞典克朗", "SEK"]),
    ("DKK", &["丹麦克朗", "DKK"]),
    ("NOK", &["挪威克朗", "NOK"]),
    ("KRW", &["韩元", "韩国元", "韩币", "KRW"]),
    ("THB", &["泰铢", "泰国铢", "THB"]),
    ("MYR", &["马来西亚林吉特", "林吉特", "MYR"]),
    ("RUB", &["俄罗斯卢布", "卢布", "RUB"]),
    ("DEM", &["德国马克", "马克", "DEM"]),
    ("FRF", &["法国法郎", "法郎", "FRF"]),
];

/// Reads capital that names its unit; a placeholder gives `None`.
///
/// # Errors
/// A finding that says why the text cannot be read.
pub fn parse(text: &str) -> Result<Option<Capital>, Finding> {
    parse_with(text, None)
}

/// Reads capital; a bare number counts what `bare` says.
///
/// # Errors
/// A finding that says why the text cannot be read.
pub fn parse_with(text: &str, bare: Option<Unit>) -> Result<Option<Capital>, Finding> {
    if is_placeholder(text) {
        return Ok(None);
    }
    let narrow = half_width(text).to_uppercase();
    let joined: String = narrow.chars().filter(|&c| !is_blank(c) && !"()".contains(c)).collect();
    if !joined.contains(|c: char| c.is_ascii_digit()) {
        return written_out(&joined, bare, text).map(Some);
    }
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    let start = joined.find(is_number).ok_or_else(|| unreadable(text))?;
    let (before, from_number) = joined.split_at(start);
    let end = from_number.find(|c| !is_number(c)).unwrap_or(from_number.len());
    let (number, after) = from_number.split_at(end);
    if after.contains(|c: char| c.is_ascii_digit()) {
        return Err(unreadable(text));
    }
    let (multiplier, currency) = unit_and_currency(before, after, bare, text)?;
    let amount_fen = fen(number, multiplier, text)?;
    Ok(Some(Capital { amount_fen, currency }))
}

/// An amount in Chinese numerals, such as 人民币壹佰万元整 or 伍拾元叁角.
fn written_out(joined: &str, bare: Option<Unit>, text: &str) -> Result<Capital, Finding> {
    let start = joined.find(numerals::is_numeral).ok_or_else(|| unreadable(text))?;
    let (before, from_number) = joined.split_at(start);
    let end = from_number.find(|c| !numerals::is_numeral(c)).unwrap_or(from_number.len());
    let (number, after) = from_number.split_at(end);
    let whole = numerals::read(number).ok_or_else(|| unreadable(text))?;
    let (coins, after) = coins(after).ok_or_else(|| unreadable(text))?;
    // 万 and 亿 belong to the number here, so it names its own size.
    let sized = number.contains(['万', '萬', '亿', '億']);
    let after = if sized && after.is_empty() { "元" } else { after };
    let (multiplier, currency) = unit_and_currency(before, after, bare, text)?;
    let amount = whole.checked_mul(multiplier * 100).map(|fen| fen + coins);
    let amount_fen =
        amount.and_then(|fen| i64::try_from(fen).ok()).ok_or_else(|| too_large(text))?;
    Ok(Capital { amount_fen, currency })
}

/// 角 and 分 after 元, in fen, and the text without them.
fn coins(after: &str) -> Option<(i128, &str)> {
    let Some(rest) = after.strip_prefix(['元', '圆', '圓']) else { return Some((0, after)) };
    let rest = rest.trim_end_matches(['整', '正']);
    if !rest.contains(['角', '分']) {
        return Some((0, after.trim_end_matches(['整', '正'])));
    }
    let (jiao, rest) = rest.split_once('角').unwrap_or(("零", rest));
    let fen = rest.trim_start_matches('零').strip_suffix('分');
    let fen = if rest.is_empty() { Some("零") } else { fen };
    let (jiao, fen) = (numerals::read(jiao)?, numerals::read(fen?)?);
    (jiao < 10 && fen < 10).then_some((jiao * 10 + fen, "元"))
}

fn unreadable(text: &str) -> Finding {
    let text = text.trim();
    Finding::error(
        "capital.unreadable",
        format!("读不懂这个金额：{text}，请写成 200万元人民币"),
        format!("Cannot read this amount: {text}; write it as 200万元人民币"),
    )
}

fn unit_and_currency(
    before: &str,
    after: &str,
    bare: Option<Unit>,
    text: &str,
) -> Result<(i128, &'static str), Finding> {
    let (scale, rest) = scale(after);
    let before = before.trim_end_matches([':', '约']);
    let sign_only = matches!(before, "" | "¥" | "￥" | "人民币" | "RMB" | "CNY");
    if scale.is_none() && rest.is_empty() && sign_only {
        let multiplier = match bare {
            Some(Unit::Yuan) => 1,
            Some(Unit::TenThousand) => 10_000,
            None => {
                return Err(Finding::error(
                    "capital.unit_missing",
                    format!("金额没有写单位：{}，请注明元或万元", text.trim()),
                    format!("The amount names no unit: {}", text.trim()),
                ));
            }
        };
        return Ok((multiplier, "CNY"));
    }
    let rest = rest.trim_end_matches('整').trim_start_matches('元');
    let currency = match (before, rest) {
        ("", "" | "圆") => Some("CNY"),
        (before, "" | "圆") => currency(before),
        ("", after) => currency(after),
        (before, after) => currency(before).filter(|code| currency(after) == Some(*code)),
    };
    Ok((scale.unwrap_or(1), currency.ok_or_else(|| unreadable(text))?))
}

/// The multiplier a text after a number starts with, and the rest of it.
fn scale(after: &str) -> (Option<i128>, &str) {
    const SCALES: [(&str, i128); 6] = [
        ("万亿", 1_000_000_000_000),
        ("亿", 100_000_000),
        ("千万", 10_000_000),
        ("百万", 1_000_000),
        ("万", 10_000),
        ("千", 1_000),
    ];
    let found = SCALES.iter().find_map(|(word, by)| Some((*by, after.strip_prefix(word)?)));
    found.map_or((None, after), |(by, rest)| (Some(by), rest))
}

fn currency(word: &str) -> Option<&'static str> {
    CURRENCIES.iter().find(|(_, words)| words.contains(&word)).map(|(code, _)| *code)
}

/// The number times the multiplier, in hundredths, without rounding.
fn fen(number: &str, multiplier: i128, text: &str) -> Result<i64, Finding> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = ungrouped(whole).ok_or_else(|| unreadable(text))?;
    if !fraction.is_empty() && !is_digits(fraction) || (number.contains('.') && fraction.is_empty())
    {
        return Err(unreadable(text));
    }
    let too_large = || too_large(text);
    let fraction = fraction.trim_end_matches('0');
    if digits.len() + fraction.len() > 24 {
        return Err(too_large());
    }
    let places = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
    let scaled: i128 = format!("{digits}{fraction}").parse().map_err(|_| unreadable(text))?;
    let divisor = 10_i128.checked_pow(places).ok_or_else(too_large)?;
    let total = scaled.checked_mul(multiplier * 100).ok_or_else(too_large)?;
    if total % divisor != 0 {
        return Err(Finding::error(
            "capital.too_fine",
            format!("金额的小数位细于分：{}", text.trim()),
            format!("The amount is finer than a hundredth: {}", text.trim()),
        ));
    }
    i64::try_from(total / divisor).map_err(|_| too_large())
}

fn too_large(text: &str) -> Finding {
    Finding::error(
        "capital.too_large",
        format!("金额过大：{}", text.trim()),
        format!("The amount is too large: {}", text.trim()),
    )
}

/// The digits of a whole number; commas are allowed where they part groups of three.
fn ungrouped(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut digits = first.to_owned();
    let mut grouped = false;
    for group in groups {
        grouped = true;
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    let fits = is_digits(&digits) && (!grouped || (1..=3).contains(&first.len()));
    fits.then_some(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WAN: i64 = 1_000_000;

    #[test]
    fn the_spellings_of_registers_are_read() {
        for (text, amount_fen, currency) in [
            ("200(万元人民币)", 200 * WAN, "CNY"),
            ("2,000(万元人民币)", 2_000 * WAN, "CNY"),
            ("12(万元)", 12 * WAN, "CNY"),
            ("12（万元）", 12 * WAN, "CNY"),
            ("12(万)", 12 * WAN, "CNY"),
            ("12万", 12 * WAN, "CNY"),
            ("12万元", 12 * WAN, "CNY"),
            ("12万元整", 12 * WAN, "CNY"),
            ("3000万人民币", 3_000 * WAN, "CNY"),
            ("50(万人民币元)", 50 * WAN, "CNY"),
            ("12万人民币元", 12 * WAN, "CNY"),
            ("14万元人民币", 14 * WAN, "CNY"),
            ("100(万元(人民币))", 100 * WAN, "CNY"),
            ("200(万元（人民币）)", 200 * WAN, "CNY"),
            ("12(万人民币 )", 12 * WAN, "CNY"),
            ("2000人民币元", 200_000, "CNY"),
            ("人民币200万元", 200 * WAN, "CNY"),
            ("RMB 200 万元", 200 * WAN, "CNY"),
            ("1.5亿元", 15_000 * WAN, "CNY"),
            ("壹佰万元整", 100 * WAN, "CNY"),
            ("人民币壹佰万圆整", 100 * WAN, "CNY"),
            ("一百万元", 100 * WAN, "CNY"),
            ("壹仟万", 1_000 * WAN, "CNY"),
            ("伍拾万美元", 50 * WAN, "USD"),
            ("壹仟元叁角", 100_030, "CNY"),
            ("壹仟元零伍分", 100_005, "CNY"),
            ("一百二万元", 0, ""),
            ("123.4500(万元人民币)", 123_450_000, "CNY"),
            ("1,234.5670(万元人民币)", 1_234_567_000, "CNY"),
            ("1,234,567.8901(万元人民币)", 1_234_567_890_100, "CNY"),
            ("500(万美元)", 500 * WAN, "USD"),
            ("12(万元美元)", 12 * WAN, "USD"),
            ("12(万元(美元))", 12 * WAN, "USD"),
            ("20(万美元 )", 20 * WAN, "USD"),
            ("USD 50万", 50 * WAN, "USD"),
            ("400(万港币)", 400 * WAN, "HKD"),
            ("12(万元(港币))", 12 * WAN, "HKD"),
            ("1,000(万香港元)", 1_000 * WAN, "HKD"),
            ("2,000(万元香港元)", 2_000 * WAN, "HKD"),
            ("0万港元", 0, "HKD"),
            ("100,001(万日元)", 100_001 * WAN, "JPY"),
            ("765.4321(万欧元)", 765_432_100, "EUR"),
            ("25.0500(万澳大利亚元)", 25_050_000, "AUD"),
            ("30(万德国马克)", 30 * WAN, "DEM"),
            ("￥3，000，000.00元", 300 * WAN, "CNY"),
        ] {
            if currency.is_empty() {
                assert_eq!(parse(text).unwrap_err().code, "capital.unreadable", "{text}");
            } else {
                assert_eq!(parse(text), Ok(Some(Capital { amount_fen, currency })), "{text}");
            }
        }
    }

    #[test]
    fn nothing_is_nothing() {
        for text in ["", "N/A", "-", "无", "（无）"] {
            assert_eq!(parse(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn refusals_say_why() {
        for (text, code) in [
            ("10()", "capital.unit_missing"),
            ("1,234", "capital.unit_missing"),
            ("壹", "capital.unit_missing"),
            ("壹佰万贝壳", "capital.unreadable"),
            ("200万贝壳", "capital.unreadable"),
            ("1,00万元", "capital.unreadable"),
            ("1000,000万元", "capital.unreadable"),
            ("1.2.3万元", "capital.unreadable"),
            ("1.万元", "capital.unreadable"),
            (".5万元", "capital.unreadable"),
            ("-5万元", "capital.unreadable"),
            ("5万-6万元", "capital.unreadable"),
            ("人民币5万美元", "capital.unreadable"),
            ("0.0000001万元", "capital.too_fine"),
            ("99999999999999999999万元", "capital.too_large"),
            ("999999999999999999999999999999999999999999万元", "capital.too_large"),
        ] {
            assert_eq!(parse(text).map_err(|f| f.code), Err(code), "{text}");
        }
    }

    #[test]
    fn the_head_of_a_column_may_name_the_unit() {
        let fen = |text, unit| parse_with(text, Some(unit)).unwrap().unwrap().amount_fen;
        assert_eq!(fen("10()", Unit::TenThousand), 10 * WAN);
        assert_eq!(fen("1,234", Unit::Yuan), 123_400);
        assert_eq!(fen("12.34元", Unit::TenThousand), 1_234);
    }

    proptest! {
        #[test]
        fn any_amount_survives_writing_and_reading(fen in 0_i64..i64::MAX / 2) {
            let text = format!("{}.{:02}元", fen / 100, fen % 100);
            prop_assert_eq!(parse(&text).unwrap().unwrap().amount_fen, fen);
        }

        #[test]
        fn no_text_upsets_the_reader(text in "[0-9,.万亿元人民币() 美整-]{0,40}|.{0,20}") {
            let _ = parse(&text);
        }
    }
}
