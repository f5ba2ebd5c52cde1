//! What was not certain while reading, in words a person can act on.

use serde::{Deserialize, Serialize};
use values::Period;

use super::amounts::Fault;
use crate::statements::{Place, Standard, Unit};

/// A cell that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// Which cell.
    pub place: Place,
    /// The row's name.
    pub name: String,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

impl Unreadable {
    pub(crate) fn new(place: Place, name: &str, fault: Fault) -> Self {
        Self { place, name: name.to_owned(), zh: fault.zh().to_owned(), en: fault.en().to_owned() }
    }
}

/// Something that a person should look at before the statement is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// Its stable name.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// The cell it is about, if it is about one.
    pub place: Option<Place>,
}

impl Doubt {
    pub(crate) fn new(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code: code.to_owned(), zh: zh.into(), en: en.into(), place: None }
    }

    pub(crate) fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    pub(crate) fn period_from_name(name: &str, period: Period) -> Self {
        Self::new(
            "period.from_name",
            format!("表内没有写明期间，按名称“{name}”取 {period}"),
            format!("The sheet names no period; {period} is taken from the name \"{name}\""),
        )
    }

    pub(crate) fn period_from_companion(period: Period) -> Self {
        Self::new(
            "period.from_companion",
            format!("表内没有写明期间，随同一批其他报表取 {period}"),
            format!("The sheet names no period; {period} is taken from the other statements"),
        )
    }

    pub(crate) fn period_assumed(period: Period) -> Self {
        Self::new(
            "period.assumed",
            format!("没有找到期间，暂按 {period}，请填写所属期"),
            format!("No period was found; {period} is assumed. State the period"),
        )
    }

    pub(crate) fn unit_assumed() -> Self {
        let zh = "没有写明单位，暂按元";
        Self::new("unit.assumed", zh, "No unit is stated; yuan is assumed")
    }

    pub(crate) fn unit_ambiguous(taken: Unit) -> Self {
        let (zh, en) = match taken {
            Unit::Yuan => ("元", "yuan"),
            Unit::Thousand => ("千元", "thousand yuan"),
            Unit::TenThousand => ("万元", "ten thousand yuan"),
        };
        Self::new(
            "unit.ambiguous",
            format!("写了不止一种单位，暂按{zh}"),
            format!("More than one unit is stated; {en} is taken"),
        )
    }

    pub(crate) fn standard_assumed(taken: Standard) -> Self {
        let (zh, en) = match taken {
            Standard::Small => ("小企业会计准则", "the standard for small enterprises"),
            Standard::General => ("企业会计准则", "the general standard"),
        };
        Self::new(
            "standard.assumed",
            format!("行次看不出适用准则，暂按《{zh}》"),
            format!("The rows do not tell the standard; {en} is taken"),
        )
    }

    pub(crate) fn column_assumed(place: Place) -> Self {
        let zh = "这一列没有表头，只有这一列金额，暂作本期（期末）数";
        let en = "This column has no head; as the only one it is taken as current (closing)";
        Self::new("column.assumed", zh, en).at(place)
    }

    pub(crate) fn column_unknown(place: Place) -> Self {
        let zh = "不认识这一列的表头，这一列没有读取";
        Self::new("column.unknown", zh, "The head of this column is not known; it was not read")
            .at(place)
    }

    pub(crate) fn opening_by_word(place: Place) -> Self {
        let zh = "表头写“期初”，按年初余额读取";
        let en = "The head says \"beginning of period\"; it is read as the beginning of the year";
        Self::new("column.opening", zh, en).at(place)
    }

    pub(crate) fn repeated(name: &str, place: Place) -> Self {
        Self::new(
            "line.repeated",
            format!("“{name}”出现不止一次且金额不同，只取第一处"),
            format!("\"{name}\" stands more than once with other figures; the first is taken"),
        )
        .at(place)
    }

    pub(crate) fn out_of_place(name: &str, place: Place) -> Self {
        Self::new(
            "line.out_of_place",
            format!("“{name}”不在它应在的部分，没有对应行次"),
            format!("\"{name}\" stands outside its part of the form and was not matched"),
        )
        .at(place)
    }

    pub(crate) fn alias(name: &str, line: &str, place: Place) -> Self {
        Self::new(
            "line.alias",
            format!("“{name}”按“{line}”对应"),
            format!("\"{name}\" is matched with \"{line}\""),
        )
        .at(place)
    }

    pub(crate) fn nameless(place: Place) -> Self {
        let zh = "有金额而没有项目名称，没有读取";
        Self::new("row.nameless", zh, "Figures without a row name; not read").at(place)
    }

    pub(crate) fn rounded(place: Place) -> Self {
        let zh = "金额不足一分的部分已四舍五入";
        Self::new("amount.rounded", zh, "Less than a fen was rounded").at(place)
    }

    pub(crate) fn printed_form(zh: &str) -> Self {
        Self::new(
            "standard.form_number",
            format!("表头印有“{zh}”，但行次属于另一准则，以行次为准"),
            format!("The form number \"{zh}\" is of the other standard than the rows; rows count"),
        )
    }
}
