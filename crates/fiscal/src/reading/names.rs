//! Row names in one spelling, so that what a system prints and what the form says compare equal.

use crate::statements::Unit;
use crate::text::{half_width, is_blank};

/// A row's name, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Name {
    /// The name in the one spelling; empty when nothing is left.
    pub(crate) key: String,
    /// Printed as a part of the row above.
    pub(crate) of_which: bool,
    /// Ends with a colon: it heads a group and carries no figures.
    pub(crate) heading: bool,
    /// Printed with a minus before it: 减：.
    pub(crate) deducted: bool,
    /// Printed with a note that a loss has the minus sign.
    pub(crate) signed: bool,
    /// The unit that the name carries in brackets.
    pub(crate) unit: Option<Unit>,
}

/// Words that stand before a name and are no part of it.
const BEFORE: [&str; 9] =
    ["加:", "减:", "加;", "减;", "附:", "附注:", "每股收益:", "其他综合收益:", "项目:"];
/// Characters that spellings differ in and that no two lines of a form differ in.
const DROPPED: [char; 22] = [
    '的', '所', '和', '与', '及', '或', '、', ',', ';', '.', '。', '"', '\'', '“', '”', '‘', '’',
    ':', '*', '(', ')', '·',
];

/// Takes a printed name apart.
pub(crate) fn name(text: &str) -> Name {
    let mut bare: String = half_width(text).chars().filter(|c| !is_blank(*c)).collect();
    bare = bare.replace(['【', '〔', '［'], "(").replace(['】', '〕', '］'], ")");
    let unit = take_unit(&mut bare);
    let mut name = Name { unit, ..Name::default() };
    if let Some(stripped) = bare.strip_suffix(':') {
        name.heading = true;
        bare = stripped.to_owned();
    }
    name.signed = bare.contains("号填列");
    name.deducted = bare.contains("减:") && !bare.contains("(减:");
    let mut rest = bare.as_str();
    while let Some(shorter) = without_prefix(rest, &mut name.of_which) {
        rest = shorter;
    }
    name.key = spell(&without_notes(rest));
    name
}

/// The spelling under which a row's name is remembered.
#[must_use]
pub fn row_key(text: &str) -> String {
    name(text).key
}

/// A name that is known to be bare, in the one spelling.
pub(crate) fn spell(text: &str) -> String {
    let mut spelt: String = text
        .chars()
        .map(|c| match c {
            '帐' => '账',
            other => other.to_ascii_lowercase(),
        })
        .collect();
    for (from, to) in [
        ("(或股东权益)", ""),
        ("(股东权益)", ""),
        ("(或股本)", ""),
        ("(股本)", ""),
        ("(或所有者权益)", ""),
        ("股东权益", "所有者权益"),
        ("业主权益", "所有者权益"),
        ("以及", "及"),
    ] {
        spelt = spelt.replace(from, to);
    }
    spelt.retain(|c| !DROPPED.contains(&c));
    spelt
}

/// Takes a unit in brackets off the end, also when the closing bracket was cut off.
fn take_unit(text: &mut String) -> Option<Unit> {
    let at = text.rfind('(')?;
    let inner = text.get(at + 1..)?.trim_end_matches(')');
    let inner = inner.trim_start_matches("单位:").trim_start_matches("人民币");
    let unit = unit_named(inner)?;
    text.truncate(at);
    Some(unit)
}

/// The unit that a word is.
pub(crate) fn unit_named(word: &str) -> Option<Unit> {
    match word {
        "元" => Some(Unit::Yuan),
        "千元" => Some(Unit::Thousand),
        "万元" => Some(Unit::TenThousand),
        _ => None,
    }
}

fn without_prefix<'t>(text: &'t str, of_which: &mut bool) -> Option<&'t str> {
    for word in BEFORE {
        if let Some(rest) = text.strip_prefix(word) {
            return Some(rest);
        }
    }
    for word in ["其中:", "其中;", "其中"] {
        if let Some(rest) = text.strip_prefix(word) {
            *of_which = true;
            return Some(rest);
        }
    }
    if let Some(rest) = text.strip_prefix(['☆', '★', '△', '▲', '*', '#', '-', '—', '_', '√'])
    {
        return Some(rest);
    }
    ordinal(text)
}

/// What follows 一、 （一） 1. 1、 (1) ①.
fn ordinal(text: &str) -> Option<&str> {
    let counts = |c: char| "一二三四五六七八九十".contains(c) || c.is_ascii_digit();
    if let Some(rest) = text.strip_prefix('(') {
        let (inner, rest) = rest.split_once(')')?;
        return (!inner.is_empty() && inner.chars().all(counts)).then_some(rest);
    }
    if let Some(first) = text.chars().next()
        && ('①'..='⑳').contains(&first)
    {
        return text.strip_prefix(first);
    }
    let rest = text.trim_start_matches(counts);
    if rest.len() == text.len() {
        return None;
    }
    rest.strip_prefix(['、', '.', ':', '．', ',', ')'])
}

/// Without the bracketed notes on how to fill in: （损失以“-”号填列）.
fn without_notes(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let (before, from) = rest.split_at(open);
        let Some(close) = from.find(')') else { break };
        let (note, after) = from.split_at(close + 1);
        kept.push_str(before);
        let how = ["填列", "以-", "以\"-", "以“-", "号表示", "注", "适用"];
        if !how.iter().any(|word| note.contains(word)) {
            kept.push_str(note);
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_one() {
        let same = [
            ["一、营业收入", "营业收入", "１．营业收入", "  营业收入："],
            ["减：累计折旧", "减:累计折旧", "累计折旧", "　　减：累 计 折 旧"],
            ["实收资本（或股本）", "实收资本(或股本)(万元)", "实收资本", "实收资本（股本）"],
            [
                "二、营业利润（亏损以“-”号填列）",
                "营业利润",
                "二、营业利润（亏损以\"－\"号填列）",
                "二.营业利润(亏损以-号填列)",
            ],
            [
                "收到的其他与经营活动有关的现金",
                "收到其他与经营活动有关的现金",
                "收到的其他与经营活动有关的现金(万元)",
                "（3）收到其他与经营活动有关的现金",
            ],
            ["应收账款", "应收帐款", "应收账款(万元", "☆应收账款"],
            [
                "负债和所有者权益（或股东权益）总计",
                "负债及所有者权益总计",
                "负债与股东权益总计",
                "负债和所有者权益(或股东权益)总计(万元)",
            ],
        ];
        for spellings in same {
            let keys: Vec<String> = spellings.iter().map(|text| row_key(text)).collect();
            assert!(keys.iter().all(|key| Some(key) == keys.first()), "{keys:?}");
        }
    }

    #[test]
    fn what_a_name_carries_is_told() {
        let part = name("其中：原材料");
        assert!(part.of_which && !part.heading);
        assert!(name("流动资产：").heading);
        assert_eq!(name("货币资金(万元)").unit, Some(Unit::TenThousand));
        assert_eq!(name("向中央银行借款净增加额(万元").unit, Some(Unit::TenThousand));
        assert_eq!(name("基本每股收益").unit, None);
        assert_eq!(name("——").key, "");
    }
}
