//! Tax returns (纳税申报表) as values: which form, which period, and an exact figure for each line.

pub mod chart;
pub mod formula;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use values::{Error, Fen, Period, Result};

/// A form of return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Form {
    /// 增值税及附加税费申报表（一般纳税人适用）
    #[serde(rename = "VAT_G")]
    VatGeneral,
    /// 增值税及附加税费申报表（小规模纳税人适用）
    #[serde(rename = "VAT_S")]
    VatSmall,
    /// 企业所得税月（季）度预缴纳税申报表（A类）A200000
    #[serde(rename = "CIT_P")]
    CitPrepayment,
    /// 企业所得税年度纳税申报主表 A100000
    #[serde(rename = "CIT_Y")]
    CitAnnual,
    /// 个人所得税扣缴申报表
    #[serde(rename = "IIT_W")]
    IitWithholding,
    /// 财产和行为税纳税申报表：印花税
    #[serde(rename = "STAMP")]
    Stamp,
}

impl Form {
    /// All forms.
    pub const ALL: [Self; 6] = [
        Self::VatGeneral,
        Self::VatSmall,
        Self::CitPrepayment,
        Self::CitAnnual,
        Self::IitWithholding,
        Self::Stamp,
    ];

    /// The stable key, such as `VAT_G`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::VatGeneral => "VAT_G",
            Self::VatSmall => "VAT_S",
            Self::CitPrepayment => "CIT_P",
            Self::CitAnnual => "CIT_Y",
            Self::IitWithholding => "IIT_W",
            Self::Stamp => "STAMP",
        }
    }

    /// The form with this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.key() == key)
    }

    /// Its Chinese name, short.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::VatGeneral => "增值税申报表（一般纳税人）",
            Self::VatSmall => "增值税申报表（小规模纳税人）",
            Self::CitPrepayment => "企业所得税预缴申报表",
            Self::CitAnnual => "企业所得税年度申报表",
            Self::IitWithholding => "个人所得税扣缴申报表",
            Self::Stamp => "印花税申报表",
        }
    }

    /// Its English name, short.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::VatGeneral => "VAT return (general taxpayer)",
            Self::VatSmall => "VAT return (small-scale taxpayer)",
            Self::CitPrepayment => "enterprise income tax prepayment return",
            Self::CitAnnual => "annual enterprise income tax return",
            Self::IitWithholding => "individual income tax withholding return",
            Self::Stamp => "stamp duty return",
        }
    }
}

/// The number of a line (栏次、行次), such as 28 or 28.1; in forms with rows, of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct LineNo {
    /// Before the point.
    pub whole: u16,
    /// After the point; 0 for none.
    pub part: u16,
}

impl LineNo {
    /// A line without a part.
    #[must_use]
    pub const fn new(whole: u16) -> Self {
        Self { whole, part: 0 }
    }

    /// A line within a line, such as 28.1.
    #[must_use]
    pub const fn sub(whole: u16, part: u16) -> Self {
        Self { whole, part }
    }
}

impl From<u16> for LineNo {
    fn from(whole: u16) -> Self {
        Self::new(whole)
    }
}

impl fmt::Display for LineNo {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            0 => write!(out, "{}", self.whole),
            part => write!(out, "{}.{part}", self.whole),
        }
    }
}

impl FromStr for LineNo {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let number = |digits: &str| {
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<u16>().ok()).flatten().filter(|number| *number > 0)
        };
        let line = match text.split_once('.') {
            Some((whole, part)) => number(whole).zip(number(part)).map(|(w, p)| Self::sub(w, p)),
            None => number(text).map(Self::new),
        };
        line.ok_or_else(|| {
            let zh = "行次应写成 28 或 28.1";
            Error::invalid("line", "return.line", zh, "A line number is written 28 or 28.1")
        })
    }
}

impl From<LineNo> for String {
    fn from(line: LineNo) -> Self {
        line.to_string()
    }
}

impl TryFrom<String> for LineNo {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

/// A column of figures in a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnColumn {
    /// 本期数: of 一般项目 (VAT_G), of 货物及劳务 (VAT_S), and the only column of the other forms.
    Main,
    /// 本年累计 of the main column.
    MainToDate,
    /// 本期数 of the second group: 即征即退项目 (VAT_G), 服务、不动产和无形资产 (VAT_S).
    Second,
    /// 本年累计 of the second group.
    SecondToDate,
}

/// One column of a return: line → figure. A rate of 25% stands as 0.25, hence as 25.
pub type Lines = BTreeMap<LineNo, Fen>;

/// One row of a form that has rows: a person and kind of income (IIT_W), a taxable item (STAMP).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// 所得项目 or 税目, as the form prints it: 工资薪金, 劳务报酬; 借款合同, 买卖合同, 营业账簿 …
    pub item: String,
    /// Figures by the form's column numbers (IIT_W: 8 收入, 33 应纳税所得额, 34 预扣率,
    /// 35 速算扣除数, 36 应纳税额, 37 减免税额, 38 已缴税额, 39 应补退税额; STAMP: 1 计税金额,
    /// 2 应纳税额, 3 减免税额, 4 已缴税额, 5 应补退税额).
    pub cells: Lines,
}

/// How enterprise income tax is prepaid (预缴方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prepayment {
    /// 按照实际利润额预缴
    ActualProfit,
    /// 按照上一纳税年度应纳税所得额平均额预缴
    LastYearAverage,
    /// 按照税务机关确定的其他方法预缴
    Assigned,
}

/// What stands above the lines of an income tax return.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Header {
    /// 预缴方式
    pub prepayment: Option<Prepayment>,
    /// 季初从业人数
    pub staff_opening: Option<i64>,
    /// 季末从业人数
    pub staff_closing: Option<i64>,
    /// 季初资产总额; the form prints 万元 with two decimals.
    pub assets_opening: Option<Fen>,
    /// 季末资产总额
    pub assets_closing: Option<Fen>,
    /// 国家限制或禁止行业
    pub restricted: Option<bool>,
    /// 小型微利企业
    pub small_low_profit: Option<bool>,
}

/// One return of one period. Amounts are in fen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// Its form.
    pub form: Form,
    /// The month, quarter or year it is for.
    pub period: Period,
    /// When it was filed; some lines changed their meaning by the day of filing.
    #[serde(default)]
    pub filed_on: Option<Date>,
    /// Its columns. A column that is absent is missing, not zero.
    pub columns: BTreeMap<ReturnColumn, Lines>,
    /// Its rows, in forms that have rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// What stands above the lines.
    #[serde(default)]
    pub header: Header,
}

impl Return {
    /// A line of a column; none when the column is missing or the line blank.
    #[must_use]
    pub fn figure(&self, column: ReturnColumn, line: LineNo) -> Option<Fen> {
        self.columns.get(&column)?.get(&line).copied()
    }

    /// A line of the main column.
    #[must_use]
    pub fn main(&self, line: LineNo) -> Option<Fen> {
        self.figure(ReturnColumn::Main, line)
    }

    /// Whether a prepayment return has the lines that hold since 2025-10-01 (third quarter filed
    /// in October 2025 onwards): 18 is the profit there, and was 3 before.
    #[must_use]
    pub fn since_october_2025(&self) -> bool {
        self.period.last_day() >= date(2025, 9, 30)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_numbers_are_read_as_they_are_written_and_sort_as_numbers() {
        for text in ["28", "28.1", "1", "9.2"] {
            assert_eq!(text.parse::<LineNo>().unwrap().to_string(), text);
        }
        for text in ["", "0", "28.", ".1", "28.0", "+1", "1.2.3", "-3", "99999"] {
            assert_eq!(text.parse::<LineNo>().unwrap_err().code(), "return.line", "{text}");
        }
        assert!(LineNo::sub(28, 1) > LineNo::new(28) && LineNo::sub(28, 10) < LineNo::new(29));
    }

    #[test]
    fn a_return_is_written_with_its_key_and_line_numbers() {
        let lines = Lines::from([(LineNo::sub(28, 1), Fen(5)), (LineNo::new(3), Fen(-7))]);
        let filed = Return {
            form: Form::CitPrepayment,
            period: Period::quarter(2026, 1).unwrap(),
            filed_on: None,
            columns: BTreeMap::from([(ReturnColumn::Main, lines)]),
            rows: Vec::new(),
            header: Header::default(),
        };
        let json = serde_json::to_value(&filed).unwrap();
        assert_eq!(json["form"], "CIT_P");
        assert_eq!(json["columns"]["main"]["28.1"], 5);
        assert_eq!(serde_json::from_value::<Return>(json).unwrap(), filed);
        assert_eq!(filed.main(LineNo::new(3)), Some(Fen(-7)));
        assert!(Form::ALL.iter().all(|form| Form::from_key(form.key()) == Some(*form)));
    }
}
