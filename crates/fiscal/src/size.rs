//! Enterprise size (大、中、小、微型) by the statistical division of 2017, 国统字〔2017〕213号.
//!
//! A level needs every listed indicator at or above its lower bound; otherwise the next one down
//! is tried, and what is left is micro.

use jiff::civil::{Date, date};
use serde::Serialize;

/// The four sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Size {
    /// 微型.
    Micro,
    /// 小型.
    Small,
    /// 中型.
    Medium,
    /// 大型.
    Large,
}

impl Size {
    /// The Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Micro => "微型",
            Self::Small => "小型",
            Self::Medium => "中型",
            Self::Large => "大型",
        }
    }

    /// The English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Micro => "micro",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }
}

/// Lower bounds of large, medium and small.
type Bounds = Option<[i64; 3]>;

/// One row of the table; staff in persons, revenue and assets in 万元.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// A short code.
    pub code: &'static str,
    /// The industry's Chinese name.
    pub zh: &'static str,
    /// Bounds on staff.
    pub staff: Bounds,
    /// Bounds on revenue.
    pub revenue: Bounds,
    /// Bounds on assets.
    pub assets: Bounds,
}

/// A version of the table.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// The regulation it follows.
    pub source: &'static str,
    /// The first day it holds.
    pub valid_from: Date,
    /// Its rows.
    pub rows: &'static [Row],
}

const fn row(
    code: &'static str,
    zh: &'static str,
    staff: Bounds,
    revenue: Bounds,
    assets: Bounds,
) -> Row {
    Row { code, zh, staff, revenue, assets }
}

const ROWS_2017: [Row; 16] = [
    row("AGRI", "农、林、牧、渔业", None, Some([20_000, 500, 50]), None),
    row("IND", "工业", Some([1_000, 300, 20]), Some([40_000, 2_000, 300]), None),
    row("CONS", "建筑业", None, Some([80_000, 6_000, 300]), Some([80_000, 5_000, 300])),
    row("WHOL", "批发业", Some([200, 20, 5]), Some([40_000, 5_000, 1_000]), None),
    row("RET", "零售业", Some([300, 50, 10]), Some([20_000, 500, 100]), None),
    row("TRAN", "交通运输业", Some([1_000, 300, 20]), Some([30_000, 3_000, 200]), None),
    row("STOR", "仓储业", Some([200, 100, 20]), Some([30_000, 1_000, 100]), None),
    row("POST", "邮政业", Some([1_000, 300, 20]), Some([30_000, 2_000, 100]), None),
    row("HOTE", "住宿业", Some([300, 100, 10]), Some([10_000, 2_000, 100]), None),
    row("CATE", "餐饮业", Some([300, 100, 10]), Some([10_000, 2_000, 100]), None),
    row("INFO", "信息传输业", Some([2_000, 100, 10]), Some([100_000, 1_000, 100]), None),
    row("SOFT", "软件和信息技术服务业", Some([300, 100, 10]), Some([10_000, 1_000, 50]), None),
    row("REAL", "房地产开发经营", None, Some([200_000, 1_000, 100]), Some([10_000, 5_000, 2_000])),
    row("PROP", "物业管理", Some([1_000, 300, 100]), Some([5_000, 1_000, 500]), None),
    row("RENT", "租赁和商务服务业", Some([300, 100, 10]), None, Some([120_000, 8_000, 100])),
    row("OTHER", "其他未列明行业", Some([300, 100, 10]), None, None),
];

/// The versions of the table, newest first.
pub const TABLES: [Table; 1] = [Table {
    source: "统计上大中小微型企业划分办法（2017），国统字〔2017〕213号",
    valid_from: date(2017, 12, 28),
    rows: &ROWS_2017,
}];

/// What is known of an enterprise; money in fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures<'a> {
    /// Its industry code, such as `F5141`.
    pub industry_code: Option<&'a str>,
    /// Persons employed.
    pub staff: Option<i64>,
    /// Revenue of the year.
    pub revenue_fen: Option<i64>,
    /// Total assets.
    pub assets_fen: Option<i64>,
}

/// The size, or why it cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The size; `None` when a figure or the industry is missing.
    pub size: Option<Size>,
    /// The code of the row that applied.
    pub row: Option<&'static str>,
    /// The first day of the table that applied.
    pub valid_from: Option<Date>,
    /// Why, in Chinese.
    pub reason: String,
    /// Why, in English.
    pub reason_en: String,
}

impl Verdict {
    fn unknown(reason: impl Into<String>, reason_en: impl Into<String>) -> Self {
        Self {
            size: None,
            row: None,
            valid_from: None,
            reason: reason.into(),
            reason_en: reason_en.into(),
        }
    }
}

/// Which row of the table an industry code falls under.
enum Choice {
    /// The row of this code.
    Row(&'static str),
    /// The code has too few digits to tell.
    TooCoarse,
    /// The regulation does not cover the industry.
    Outside,
}

fn choose(code: &str) -> Choice {
    let digits = code.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let two = digits.get(..2).unwrap_or("");
    let three = digits.get(..3);
    Choice::Row(match two.parse().unwrap_or(0) {
        1..=4 => "AGRI",
        6..=46 => "IND",
        47..=50 => "CONS",
        51 => "WHOL",
        52 => "RET",
        54..=58 => "TRAN",
        59 => match three {
            Some("591") => "TRAN",
            Some(_) => "STOR",
            None => return Choice::TooCoarse,
        },
        60 => "POST",
        61 => "HOTE",
        62 => "CATE",
        63 | 64 => "INFO",
        65 => "SOFT",
        70 => match three {
            Some("701") => "REAL",
            Some("702") => "PROP",
            Some(_) => "OTHER",
            None => return Choice::TooCoarse,
        },
        71 | 72 => "RENT",
        73..=82 | 85..=90 => "OTHER",
        0 => return section_only(code),
        _ => return Choice::Outside,
    })
}

/// A bare section letter is enough where the whole section shares one row.
fn section_only(code: &str) -> Choice {
    match code {
        "B" | "C" | "D" => Choice::Row("IND"),
        "E" => Choice::Row("CONS"),
        "L" => Choice::Row("RENT"),
        "M" | "N" | "O" | "R" => Choice::Row("OTHER"),
        "J" | "P" | "S" | "T" => Choice::Outside,
        _ => Choice::TooCoarse,
    }
}

/// One indicator that counts: its names, its figure, how many of the figure make one unit of the
/// bounds, and the bounds.
struct Indicator {
    zh: &'static str,
    en: &'static str,
    value: Option<i64>,
    per_unit: i64,
    bounds: [i64; 3],
}

impl Indicator {
    /// Whether the figure reaches the lower bound of a level (0 large, 1 medium, 2 small).
    fn reaches(&self, level: usize) -> Option<bool> {
        let bound = self.bounds.get(level)?.saturating_mul(self.per_unit);
        Some(self.value? >= bound)
    }

    fn unit(&self) -> (&'static str, &'static str) {
        if self.per_unit == 1 { ("人", " persons") } else { ("万元", " × 10,000 yuan") }
    }
}

fn indicators(row: &Row, figures: &Figures<'_>) -> Vec<Indicator> {
    const WAN_IN_FEN: i64 = 1_000_000;
    [
        ("从业人员", "staff", row.staff, figures.staff, 1),
        ("营业收入", "revenue", row.revenue, figures.revenue_fen, WAN_IN_FEN),
        ("资产总额", "assets", row.assets, figures.assets_fen, WAN_IN_FEN),
    ]
    .into_iter()
    .filter_map(|(zh, en, bounds, value, per_unit)| {
        Some(Indicator { zh, en, value, per_unit, bounds: bounds? })
    })
    .collect()
}

/// The size of an enterprise on a day.
#[must_use]
pub fn classify(figures: &Figures<'_>, on: Date) -> Verdict {
    let Some(table) = TABLES.iter().find(|table| table.valid_from <= on) else {
        return Verdict::unknown("该日期没有适用的划分标准", "No table holds on that day");
    };
    let Some(industry) = figures.industry_code.and_then(|c| crate::industries::lookup(c).ok())
    else {
        return Verdict::unknown("缺少行业代码，无法划型", "The industry code is missing");
    };
    let code = match choose(&industry.code) {
        Choice::Row(code) => code,
        Choice::TooCoarse => {
            return Verdict::unknown(
                format!("行业代码 {} 太粗，请填到中类或小类", industry.code),
                format!("Industry code {} is too coarse; give three or four digits", industry.code),
            );
        }
        Choice::Outside => {
            return Verdict::unknown(
                format!("行业 {} 不在划型办法的范围内", industry.code),
                format!("Industry {} is outside the regulation", industry.code),
            );
        }
    };
    let Some(row) = table.rows.iter().find(|row| row.code == code) else {
        return Verdict::unknown("划分标准中没有该行业", "The table has no such industry");
    };
    Verdict { valid_from: Some(table.valid_from), row: Some(code), ..by_row(row, figures) }
}

fn by_row(row: &Row, figures: &Figures<'_>) -> Verdict {
    let indicators = indicators(row, figures);
    // One indicator below the bound of small is enough for micro, whatever else is unknown.
    if let Some(low) = indicators.iter().find(|i| i.reaches(2) == Some(false)) {
        return decided(Size::Micro, row, &[low], 2);
    }
    let missing: Vec<&Indicator> = indicators.iter().filter(|i| i.value.is_none()).collect();
    if !missing.is_empty() {
        let zh: Vec<_> = missing.iter().map(|i| i.zh).collect();
        let en: Vec<_> = missing.iter().map(|i| i.en).collect();
        return Verdict::unknown(
            format!("缺少{}，无法划型", zh.join("、")),
            format!("Missing: {}", en.join(", ")),
        );
    }
    let all: Vec<&Indicator> = indicators.iter().collect();
    for (level, size) in [Size::Large, Size::Medium, Size::Small].into_iter().enumerate() {
        if indicators.iter().all(|i| i.reaches(level) == Some(true)) {
            return decided(size, row, &all, level);
        }
    }
    decided(Size::Micro, row, &all, 2)
}

fn decided(size: Size, row: &Row, because: &[&Indicator], level: usize) -> Verdict {
    let sign = if size == Size::Micro { ("低于", "below") } else { ("不低于", "at least") };
    let bound = |i: &Indicator| i.bounds.get(level).copied().unwrap_or(0);
    let zh: Vec<_> =
        because.iter().map(|i| format!("{}{} {} {}", i.zh, sign.0, bound(i), i.unit().0)).collect();
    let en: Vec<_> =
        because.iter().map(|i| format!("{} {} {}{}", i.en, sign.1, bound(i), i.unit().1)).collect();
    Verdict {
        size: Some(size),
        row: None,
        valid_from: None,
        reason: format!("按{}标准，{}，为{}企业", row.zh, zh.join("且"), size.zh()),
        reason_en: format!("{}: {}, hence {}", row.code, en.join(" and "), size.en()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hundredths of 万元 as fen.
    fn hundredths(value: i64) -> Option<i64> {
        Some(value * 10_000)
    }

    fn size_of(
        code: &str,
        staff: Option<i64>,
        revenue_fen: Option<i64>,
        assets_fen: Option<i64>,
    ) -> Verdict {
        let figures = Figures { industry_code: Some(code), staff, revenue_fen, assets_fen };
        classify(&figures, date(2026, 1, 15))
    }

    #[test]
    fn the_vectors_of_the_regulation_come_out() {
        let wan = |value: i64| hundredths(value * 100);
        for (code, staff, revenue, assets, size) in [
            ("C39", Some(300), wan(2_000), None, Size::Medium),
            ("C39", Some(299), wan(50_000), None, Size::Small),
            ("C39", Some(1_000), wan(39_999), None, Size::Medium),
            ("C39", Some(1_000), wan(40_000), None, Size::Large),
            ("I65", Some(103), hundredths(1_573_528), None, Size::Medium),
            ("K7010", None, wan(200_000), wan(4_999), Size::Small),
            ("L72", Some(9), None, wan(900_000), Size::Micro),
            ("A01", None, hundredths(4_999), None, Size::Micro),
            ("A01", None, wan(50), None, Size::Small),
            ("F51", Some(5), wan(1_000), None, Size::Small),
            ("F52", Some(50), wan(500), None, Size::Medium),
            ("E47", None, wan(6_000), wan(5_000), Size::Medium),
            ("G5910", Some(299), wan(3_000), None, Size::Small),
            ("G5990", Some(100), wan(1_000), None, Size::Medium),
            ("K7020", Some(99), wan(9_000), None, Size::Micro),
            ("K7040", Some(10), None, None, Size::Small),
            ("Q85", Some(300), None, None, Size::Large),
            ("M", Some(9), None, None, Size::Micro),
        ] {
            let verdict = size_of(code, staff, revenue, assets);
            assert_eq!(verdict.size, Some(size), "{code}: {}", verdict.reason);
            assert!(verdict.reason.contains(size.zh()));
            assert_eq!(verdict.valid_from, Some(date(2017, 12, 28)));
        }
    }

    #[test]
    fn a_low_figure_alone_makes_micro_and_other_gaps_are_named() {
        assert_eq!(size_of("C39", Some(19), None, None).size, Some(Size::Micro));
        let verdict = size_of("C39", Some(20), None, None);
        assert_eq!(verdict.size, None);
        assert_eq!(verdict.reason, "缺少营业收入，无法划型");
        assert_eq!(verdict.row, Some("IND"));
    }

    #[test]
    fn industries_without_a_row_are_said_to_be_outside() {
        for (code, word) in [
            ("A05", "范围"),
            ("J66", "范围"),
            ("G53", "范围"),
            ("P83", "范围"),
            ("Q84", "范围"),
            ("K70", "太粗"),
            ("G59", "太粗"),
            ("F", "太粗"),
            ("X1", "行业代码"),
        ] {
            let verdict = size_of(code, Some(1), Some(1), Some(1));
            assert_eq!(verdict.size, None, "{code}");
            assert!(verdict.reason.contains(word), "{code}: {}", verdict.reason);
        }
        let nothing = classify(&Figures::default(), date(2026, 1, 15));
        assert_eq!(nothing.reason, "缺少行业代码，无法划型");
        assert!(classify(&Figures::default(), date(2010, 1, 1)).reason.contains("没有适用"));
    }

    #[test]
    fn bounds_fall_from_large_to_small() {
        for row in ROWS_2017 {
            for bounds in [row.staff, row.revenue, row.assets].into_iter().flatten() {
                assert!(bounds[0] > bounds[1] && bounds[1] > bounds[2], "{}", row.code);
            }
        }
    }
}
