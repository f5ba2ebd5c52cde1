//! The taxes and filings with a due date: which periods they have, the day the law names, and
//! how that day moves.

use std::str::FromStr;

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use values::{Error, Part, Period, Result};

/// A tax or filing, by the key that files and the command line use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Tax {
    /// 增值税（一般纳税人）
    VatG,
    /// 增值税（小规模纳税人）
    VatS,
    /// 企业所得税预缴
    CitP,
    /// 企业所得税年度汇算清缴
    CitY,
    /// 个人所得税扣缴
    IitW,
    /// 个人所得税经营所得
    IitB,
    /// 印花税
    Stamp,
    /// 消费税
    Cons,
    /// 财务报表报送
    Fs,
    /// 企业年度报告
    Pub,
    /// 社会保险费
    Soc,
    /// 房产税、城镇土地使用税
    Prop,
}

/// How the day that the law names moves with holidays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extension {
    /// From the 1st to the 15th of a month: extended by breaks inside, rolled off rest days.
    Fifteenth,
    /// Rolled off a rest day, never extended.
    Roll,
    /// The day stands whatever it is.
    Fixed,
    /// Each province sets the day.
    Local,
}

/// When a tax is due before holidays are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The day the law names; for [`Extension::Local`] the end of the month after the period.
    pub base: Date,
    /// How it moves.
    pub extension: Extension,
    /// The law in Chinese.
    pub law_zh: &'static str,
    /// The law in English.
    pub law_en: &'static str,
}

impl Tax {
    /// All of them, in the order of lists.
    pub const ALL: [Self; 12] = [
        Self::VatG,
        Self::VatS,
        Self::CitP,
        Self::CitY,
        Self::IitW,
        Self::IitB,
        Self::Stamp,
        Self::Cons,
        Self::Fs,
        Self::Pub,
        Self::Soc,
        Self::Prop,
    ];

    /// The key, such as `VAT_G`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::VatG => "VAT_G",
            Self::VatS => "VAT_S",
            Self::CitP => "CIT_P",
            Self::CitY => "CIT_Y",
            Self::IitW => "IIT_W",
            Self::IitB => "IIT_B",
            Self::Stamp => "STAMP",
            Self::Cons => "CONS",
            Self::Fs => "FS",
            Self::Pub => "PUB",
            Self::Soc => "SOC",
            Self::Prop => "PROP",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::VatG => "增值税（一般纳税人）",
            Self::VatS => "增值税（小规模纳税人）",
            Self::CitP => "企业所得税预缴",
            Self::CitY => "企业所得税年度汇算清缴",
            Self::IitW => "个人所得税扣缴",
            Self::IitB => "个人所得税（经营所得）",
            Self::Stamp => "印花税",
            Self::Cons => "消费税",
            Self::Fs => "财务报表报送",
            Self::Pub => "企业年度报告（工商年报）",
            Self::Soc => "社会保险费",
            Self::Prop => "房产税、城镇土地使用税",
        }
    }

    /// The English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::VatG => "VAT (general taxpayer)",
            Self::VatS => "VAT (small-scale taxpayer)",
            Self::CitP => "Corporate income tax, prepayment",
            Self::CitY => "Corporate income tax, annual",
            Self::IitW => "Individual income tax withheld",
            Self::IitB => "Individual income tax on business income",
            Self::Stamp => "Stamp duty",
            Self::Cons => "Consumption tax",
            Self::Fs => "Financial statements to the tax bureau",
            Self::Pub => "Annual report of the enterprise",
            Self::Soc => "Social insurance",
            Self::Prop => "Property and land-use tax",
        }
    }

    /// Whether each province sets its day.
    #[must_use]
    pub const fn is_local(self) -> bool {
        matches!(self, Self::Soc | Self::Prop)
    }

    /// Whether it is filed by month, by quarter, by year.
    const fn periods(self) -> (bool, bool, bool) {
        match self {
            Self::VatG | Self::VatS | Self::CitP => (true, true, false),
            Self::IitW | Self::Cons | Self::Soc => (true, false, false),
            Self::CitY | Self::Pub => (false, false, true),
            Self::IitB | Self::Fs => (true, true, true),
            Self::Stamp | Self::Prop => (false, true, true),
        }
    }

    /// Whether it has returns for a period of this kind.
    #[must_use]
    pub const fn has(self, part: Part) -> bool {
        let (month, quarter, year) = self.periods();
        match part {
            Part::Month(_) => month,
            Part::Quarter(_) => quarter,
            Part::Year => year,
        }
    }

    /// The day the law names for a period, and how it moves.
    ///
    /// # Errors
    /// When the tax has no returns for such a period.
    pub fn rule(self, period: Period) -> Result<Rule> {
        if !self.has(period.part()) {
            return Err(self.wrong_period(period));
        }
        let yearly = period.part() == Part::Year;
        let year = period.in_year() + 1;
        let (base, extension) = match self {
            Self::CitY => (date(year, 5, 31), Extension::Roll),
            Self::Fs if yearly => (date(year, 5, 31), Extension::Roll),
            Self::IitB if yearly => (date(year, 3, 31), Extension::Roll),
            Self::Pub => (date(year, 6, 30), Extension::Fixed),
            Self::Soc | Self::Prop => (month_after(period).last_of_month(), Extension::Local),
            _ => (month_after(period), Extension::Fifteenth),
        };
        let (law_zh, law_en) = self.law(yearly);
        Ok(Rule { base, extension, law_zh, law_en })
    }

    const fn law(self, yearly: bool) -> (&'static str, &'static str) {
        match (self, yearly) {
            (Self::VatG | Self::VatS, _) => ("增值税法第三十条", "VAT Law, art 30"),
            (Self::CitP | Self::CitY, _) => {
                ("企业所得税法第五十四条", "Corporate Income Tax Law, art 54")
            }
            (Self::IitW, _) => ("个人所得税法第十四条", "Individual Income Tax Law, art 14"),
            (Self::IitB, _) => ("个人所得税法第十二条", "Individual Income Tax Law, art 12"),
            (Self::Stamp, _) => ("印花税法第十六条", "Stamp Duty Law, art 16"),
            (Self::Cons, _) => ("按月申报，期满之日起15日内", "monthly, within 15 days"),
            (Self::Fs, false) => ("随企业所得税预缴申报报送", "sent with the prepayment return"),
            (Self::Fs, true) => ("随企业所得税年度申报报送", "sent with the annual return"),
            (Self::Pub, _) => ("企业年度报告公示，1月1日至6月30日", "from 1 January to 30 June"),
            (Self::Soc | Self::Prop, _) => ("期限由各省规定", "the day is set by each province"),
        }
    }

    fn wrong_period(self, period: Period) -> Error {
        let (month, quarter, year) = self.periods();
        let kinds = [(month, "月（2026-09）", "month (2026-09)")];
        let kinds = kinds.into_iter().chain([
            (quarter, "季（2026Q3）", "quarter (2026Q3)"),
            (year, "年（2026）", "year (2026)"),
        ]);
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        for (_, in_zh, in_en) in kinds.filter(|(has, ..)| *has) {
            zh.push(in_zh);
            en.push(in_en);
        }
        Error::invalid(
            "period",
            "calendar.period_kind",
            format!("{}按{}申报，不能用 {period}", self.zh(), zh.join("或")),
            format!("{} is filed by {}, not for {period}", self.en(), en.join(" or ")),
        )
    }
}

/// The 15th of the month after a period.
fn month_after(period: Period) -> Date {
    let (year, month) = (period.in_year(), period.last_month());
    if month == 12 { date(year + 1, 1, 15) } else { date(year, month + 1, 15) }
}

impl FromStr for Tax {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wanted = text.trim();
        Self::ALL.into_iter().find(|tax| tax.key().eq_ignore_ascii_case(wanted)).ok_or_else(|| {
            let keys = Self::ALL.map(Self::key).join(", ");
            Error::invalid(
                "tax",
                "calendar.tax",
                format!("没有这个税种：{wanted}；可用 {keys}"),
                format!("There is no such tax: {wanted}; one of {keys}"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(tax: Tax, period: &str) -> Result<Rule> {
        tax.rule(period.parse().unwrap())
    }

    #[test]
    fn each_tax_has_the_day_that_the_law_names() {
        let days = [
            (Tax::VatG, "2026-09", "2026-10-15", Extension::Fifteenth),
            (Tax::VatS, "2026Q4", "2027-01-15", Extension::Fifteenth),
            (Tax::CitP, "2026Q3", "2026-10-15", Extension::Fifteenth),
            (Tax::CitY, "2025", "2026-05-31", Extension::Roll),
            (Tax::IitW, "2026-12", "2027-01-15", Extension::Fifteenth),
            (Tax::IitB, "2025", "2026-03-31", Extension::Roll),
            (Tax::IitB, "2026Q1", "2026-04-15", Extension::Fifteenth),
            (Tax::Stamp, "2026", "2027-01-15", Extension::Fifteenth),
            (Tax::Fs, "2026Q2", "2026-07-15", Extension::Fifteenth),
            (Tax::Fs, "2025", "2026-05-31", Extension::Roll),
            (Tax::Pub, "2025", "2026-06-30", Extension::Fixed),
            (Tax::Prop, "2026Q1", "2026-04-30", Extension::Local),
        ];
        for (tax, period, base, extension) in days {
            let found = rule(tax, period).unwrap();
            assert_eq!((found.base.to_string().as_str(), found.extension), (base, extension));
        }
    }

    #[test]
    fn a_period_of_the_wrong_kind_is_told_with_the_right_kinds() {
        for (tax, period) in [
            (Tax::VatG, "2026"),
            (Tax::CitY, "2026Q1"),
            (Tax::CitY, "2026-05"),
            (Tax::IitW, "2026Q1"),
            (Tax::IitW, "2026"),
            (Tax::Stamp, "2026-05"),
            (Tax::Pub, "2026-05"),
        ] {
            let error = rule(tax, period).unwrap_err();
            assert_eq!(error.code(), "calendar.period_kind", "{tax:?} {period}");
            assert!(error.zh().contains('按') && error.en().contains("filed by"));
        }
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        for tax in Tax::ALL {
            assert_eq!(tax.key().parse::<Tax>().unwrap(), tax);
            let written = serde_json::to_value(tax).unwrap();
            assert_eq!(written, tax.key());
        }
        assert_eq!("vat".parse::<Tax>().unwrap_err().code(), "calendar.tax");
    }
}
