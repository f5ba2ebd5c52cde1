//! What stands above the figures: which column is which, the unit, the kind of statement.

use values::Part;

use super::names::{spell, unit_named};
use super::periods::{self, Span};
use crate::statements::{Column, StatementKind, Unit};
use crate::text::{half_width, is_blank};

/// What a cell in a head says about its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Names of lines.
    Names,
    /// The form's own row numbers, or numbers of notes.
    Numbers,
    /// Figures of a kind; with what length of time the words speak of, if they do.
    Figures(Column, Option<Scope>),
    /// Figures, of which kind the word does not say.
    Amounts,
    /// Figures of a day, a month or a year.
    When(Span),
}

/// The length of time that a head speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Month,
    Quarter,
    Year,
}

impl Scope {
    pub(crate) const fn part(self) -> Part {
        match self {
            Self::Month => Part::Month(1),
            Self::Quarter => Part::Quarter(1),
            Self::Year => Part::Year,
        }
    }
}

/// A text without blanks, in narrow characters.
pub(crate) fn bare(text: &str) -> String {
    half_width(text).chars().filter(|c| !is_blank(*c)).collect()
}

/// Heads of the columns that name lines, in the one spelling.
const NAMES: [&str; 17] = [
    "资产",
    "项目",
    "负债有者权益",
    "负债有者权益类",
    "负债权益",
    "资产类",
    "负债类",
    "权益",
    "有者权益",
    "报告日期",
    "报告期",
    "报表项目",
    "报表日期",
    "科目",
    "指标",
    "资产项目",
    "项目名称",
];
const NUMBERS: [&str; 9] =
    ["行次", "栏次", "行号", "序号", "附注", "注释", "附注编号", "注释号", "附注号"];

use Column::{Closing, Current, Opening, Prior, YearToDate};
use Scope::{Month, Quarter, Year};

const FIGURES: &[(Column, Option<Scope>, &[&str])] = &[
    (
        Closing,
        None,
        &[
            "期末余额",
            "期末数",
            "期末",
            "期末金额",
            "年末余额",
            "年末数",
            "本期期末",
            "本期末",
            "期末账面余额",
            "月末余额",
            "月末数",
            "季末余额",
            "期末账面价值",
            "年末金额",
            "本年末",
        ],
    ),
    (
        Opening,
        None,
        &[
            "年初余额",
            "年初数",
            "年初",
            "年初金额",
            "上年年末余额",
            "上年末余额",
            "上年年末数",
            "上年年末",
            "上年末",
            "上年末数",
            "本年年初",
            "上年期末",
            "上年期末余额",
            "期初余额",
            "期初数",
            "期初",
            "期初金额",
            "上年年末金额",
        ],
    ),
    (
        Current,
        Some(Month),
        &["本月金额", "本月数", "本月", "本月发生额", "当月金额", "当月数", "本月发生数"],
    ),
    (Current, Some(Quarter), &["本季金额", "本季数", "本季度", "本季度金额", "本季", "本季度数"]),
    (
        Current,
        Some(Year),
        &["本年金额", "本年数", "本年", "本年度", "本年度金额", "本年实际", "本年发生额"],
    ),
    (
        Current,
        None,
        &["本期金额", "本期数", "本期", "本期发生额", "当期金额", "本期发生数", "本期实际数"],
    ),
    (
        YearToDate,
        None,
        &[
            "本年累计金额",
            "本年累计数",
            "本年累计",
            "累计金额",
            "累计数",
            "累计",
            "本年累计发生额",
            "年初至今",
            "年累计",
            "本年累计发生数",
            "年初至本期末",
            "本年累计额",
            "年累计金额",
            "年初至报告期末",
        ],
    ),
    (
        Prior,
        Some(Year),
        &["上年金额", "上年数", "上年", "上年度", "上年度金额", "上年实际", "上年发生额"],
    ),
    (
        Prior,
        None,
        &[
            "上期金额",
            "上期数",
            "上期",
            "上期发生额",
            "上年同期",
            "上年同期金额",
            "上年同期数",
            "去年同期",
            "上年同期累计",
            "上年累计数",
            "上年累计",
            "上年同期累计金额",
            "上期发生数",
            "上年同期累计数",
            "去年同期累计",
        ],
    ),
];
const AMOUNTS: [&str; 4] = ["金额", "余额", "数额", "人民币金额"];

/// What a cell of a head says.
pub(crate) fn role(text: &str) -> Option<Role> {
    let narrow = bare(text);
    let chars = narrow.chars().count();
    if chars == 0 || chars > 40 {
        return None;
    }
    let word = without_unit(&narrow);
    let spelt = spell(word);
    if NAMES.contains(&spelt.as_str()) {
        return Some(Role::Names);
    }
    if NUMBERS.contains(&word) {
        return Some(Role::Numbers);
    }
    for (column, scope, words) in FIGURES {
        if words.contains(&word) {
            return Some(Role::Figures(*column, *scope));
        }
    }
    if AMOUNTS.contains(&word) {
        return Some(Role::Amounts);
    }
    periods::whole(word).map(Role::When)
}

/// Without a unit in brackets and a colon at the end.
fn without_unit(text: &str) -> &str {
    let text = text.trim_end_matches(':');
    match text.rsplit_once('(') {
        Some((before, inside)) if unit_of(inside.trim_end_matches(')')).is_some() => before,
        _ => text,
    }
}

fn unit_of(inside: &str) -> Option<Unit> {
    let word = inside.trim_start_matches("单位").trim_start_matches(':');
    unit_named(word.trim_start_matches("人民币"))
}

/// A unit that a text states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stated {
    /// One of the three that are read.
    Known(Unit),
    /// Another: 百万元, 亿元, a foreign currency.
    Other,
}

/// The unit that a text states: 单位：万元, or a head's brackets.
pub(crate) fn unit(text: &str) -> Option<Stated> {
    let narrow = bare(text);
    let mut rest = narrow.as_str();
    while let Some((before, after)) = rest.split_once("单位") {
        rest = after;
        let whose = ["编制", "填报", "报送", "核算", "会计", "报表", "使用"];
        if whose.iter().any(|word| before.ends_with(word)) {
            continue;
        }
        let said = after.trim_start_matches(':').trim_start_matches("人民币");
        for (word, stated) in [
            ("万元", Stated::Known(Unit::TenThousand)),
            ("千元", Stated::Known(Unit::Thousand)),
            ("元", Stated::Known(Unit::Yuan)),
            ("百万元", Stated::Other),
            ("亿元", Stated::Other),
            ("百元", Stated::Other),
            ("美元", Stated::Other),
            ("港元", Stated::Other),
        ] {
            if said.starts_with(word) {
                return Some(stated);
            }
        }
    }
    let (_, inside) = narrow.rsplit_once('(')?;
    unit_of(inside.trim_end_matches(')')).map(Stated::Known)
}

/// Which statement a title names.
pub(crate) fn titled(text: &str) -> Option<StatementKind> {
    let narrow = bare(text);
    // A note on another statement is longer than a title.
    if narrow.chars().count() > 60 {
        return None;
    }
    let says = |words: &[&str]| words.iter().any(|word| narrow.contains(word));
    if says(&["资产负债表", "财务状况表"]) {
        Some(StatementKind::BalanceSheet)
    } else if says(&["现金流量表"]) {
        Some(StatementKind::CashFlow)
    } else if says(&["利润表", "损益表", "利润及利润分配表"]) {
        Some(StatementKind::Income)
    } else {
        None
    }
}

/// Whether a text speaks of another day than the statement's: when it was printed or filed.
pub(crate) fn is_other_day(text: &str) -> bool {
    let narrow = bare(text);
    [
        "打印",
        "填表",
        "申报日期",
        "受理",
        "制表",
        "导出",
        "报送日期",
        "报出",
        "批准",
        "成立",
        "填报日期",
        "编制日期",
        "操作时间",
        "签章",
        "签字",
        "财会",
        "公告",
        "文号",
        "下载",
    ]
    .iter()
    .any(|word| narrow.contains(word))
}

/// Whether a text says that a period follows.
pub(crate) fn names_a_period(text: &str) -> bool {
    let narrow = bare(text);
    ["所属", "会计期间", "报表期", "报告期", "会计年度", "期间"]
        .iter()
        .any(|word| narrow.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_known_by_their_words() {
        let known = [
            ("期末余额", Role::Figures(Closing, None)),
            ("年 初 余 额", Role::Figures(Opening, None)),
            ("上年年末余额（元）", Role::Figures(Opening, None)),
            ("本月金额", Role::Figures(Current, Some(Month))),
            ("本年累计金额", Role::Figures(YearToDate, None)),
            ("上期金额", Role::Figures(Prior, None)),
            ("负债和所有者权益（或股东权益）", Role::Names),
            ("负债和所有者权益", Role::Names),
            ("项　　目", Role::Names),
            ("行次", Role::Numbers),
            ("金额（万元）", Role::Amounts),
        ];
        for (text, expected) in known {
            assert_eq!(role(text), Some(expected), "{text}");
        }
        assert!(matches!(role("2025年12月31日"), Some(Role::When(_))));
        assert_eq!(role("货币资金"), None);
    }

    #[test]
    fn units_are_stated_and_companies_are_not_units() {
        let known = |unit| Some(Stated::Known(unit));
        assert_eq!(unit("单位：  元"), known(Unit::Yuan));
        assert_eq!(unit("金额单位：人民币万元"), known(Unit::TenThousand));
        assert_eq!(unit("编制单位：元亨公司"), None);
        assert_eq!(unit("编制单位：元亨公司 2026年3月 单位：千元"), known(Unit::Thousand));
        assert_eq!(unit("单位：百万元"), Some(Stated::Other));
        assert_eq!(unit("期末余额(万元)"), known(Unit::TenThousand));
    }
}
