//! The charts of returns: number, code, names, how a line comes about, and since when.
//!
//! A form changes with the law: a row holds for periods whose first day of filing, the day after
//! the period, lies in its span. `lines.csv` is the table; [`chart`] gives the lines of one form
//! as they are for one period.

use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::Date;
use values::{Fen, Period};

use super::formula::How;
use super::{Form, LineNo, Lines};

static TABLE: &str = include_str!("lines.csv");

/// One line of a return, or one column of a form that has rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnLine {
    /// The form.
    pub form: Form,
    /// Its number.
    pub number: LineNo,
    /// Its stable name, such as `output_tax`.
    pub code: &'static str,
    /// The Chinese name as the form prints it.
    pub zh: &'static str,
    /// The English name.
    pub en: &'static str,
    /// How it comes about.
    pub how: How,
    /// What to know about it; where it comes from.
    pub note: &'static str,
    /// The first day of filing it holds for; none for as far back as Heng goes.
    pub valid_from: Option<Date>,
    /// The first day it no longer holds for.
    pub valid_to: Option<Date>,
}

impl ReturnLine {
    /// Whether it belongs to the form for a period.
    #[must_use]
    pub fn holds_for(&self, period: Period) -> bool {
        let filing = period.last_day().tomorrow().unwrap_or(period.last_day());
        self.valid_from.is_none_or(|from| from <= filing)
            && self.valid_to.is_none_or(|to| filing < to)
    }

    /// What the line must be, from the other lines of its column; nothing when it is entered, or
    /// when the figures it needs are not printed.
    #[must_use]
    pub fn expected(&self, lines: &Lines) -> Option<Fen> {
        match &self.how {
            How::Formula(formula) => formula.value(self.number, lines),
            How::Entered | How::Bound(_) | How::Carried(_) => None,
        }
    }

    /// Whether the line fits the others, to the fen; nothing when there is nothing to compare.
    #[must_use]
    pub fn fits(&self, lines: &Lines) -> Option<bool> {
        let own = lines.get(&self.number).copied();
        match &self.how {
            How::Entered | How::Carried(_) => None,
            How::Formula(formula) => {
                let expected = formula.value(self.number, lines)?;
                Some(own.unwrap_or_default() == expected)
            }
            How::Bound(bound) => bound.holds(own?, lines),
        }
    }

    /// The lines that enter its formula or bound.
    #[must_use]
    pub fn refers_to(&self) -> Vec<LineNo> {
        self.how.refers_to()
    }
}

static LINES: LazyLock<Vec<ReturnLine>> =
    LazyLock::new(|| TABLE.lines().skip(1).filter_map(read).collect());

fn read(row: &'static str) -> Option<ReturnLine> {
    let mut cells = row.trim_end().splitn(9, ',');
    let form = Form::from_key(cells.next()?)?;
    let mut day = || match cells.next()? {
        "" => Some(None),
        text => Some(Some(text.parse::<Date>().ok()?)),
    };
    let (valid_from, valid_to) = (day()?, day()?);
    let number = cells.next()?.parse().ok()?;
    let (code, zh, en) = (cells.next()?, cells.next()?, cells.next()?);
    let how = How::from_str(cells.next()?).ok()?;
    Some(ReturnLine { form, number, code, zh, en, how, note: cells.next()?, valid_from, valid_to })
}

/// Every line of every form, with those that no longer hold.
#[must_use]
pub fn all() -> &'static [ReturnLine] {
    &LINES
}

/// The lines of a form as they are for a period, in the form's order.
#[must_use]
pub fn chart(form: Form, period: Period) -> Vec<&'static ReturnLine> {
    let mut lines: Vec<_> =
        LINES.iter().filter(|line| line.form == form && line.holds_for(period)).collect();
    lines.sort_by_key(|line| line.number);
    lines
}

/// One line of a form for a period. Reliefs are printed one by one under 22, 23 and 28: each of
/// 22.1, 22.2 … is the line 22.1 of the chart.
#[must_use]
pub fn line(form: Form, period: Period, number: LineNo) -> Option<&'static ReturnLine> {
    let find = |wanted: LineNo| {
        LINES
            .iter()
            .find(|line| line.form == form && line.number == wanted && line.holds_for(period))
    };
    let repeated = || {
        let lists = form == Form::CitPrepayment && matches!(number.whole, 22 | 23 | 28);
        (lists && number.part > 1).then(|| find(LineNo::sub(number.whole, 1))).flatten()
    };
    find(number).or_else(repeated)
}

/// One line by its stable name.
#[must_use]
pub fn by_code(form: Form, period: Period, code: &str) -> Option<&'static ReturnLine> {
    LINES.iter().find(|line| line.form == form && line.code == code && line.holds_for(period))
}

/// An item of stamp duty (税目) and its rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StampItem {
    /// Its stable name.
    pub code: &'static str,
    /// The Chinese name in the law's table.
    pub zh: &'static str,
    /// The English name.
    pub en: &'static str,
    /// The rate in hundred-thousandths: 0.3‰ is 30.
    pub rate_per_100k: i64,
}

impl StampItem {
    /// The tax on an amount, rounded to the fen.
    #[must_use]
    pub fn tax(&self, amount: Fen) -> Fen {
        let product = i128::from(amount.0) * i128::from(self.rate_per_100k);
        let rounded = (product * 2 + 100_000 * product.signum()) / 200_000;
        Fen(i64::try_from(rounded).unwrap_or(i64::MAX))
    }
}

const fn item(
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    rate_per_100k: i64,
) -> StampItem {
    StampItem { code, zh, en, rate_per_100k }
}

/// The items of stamp duty under the law in force since 2022-07-01.
pub const STAMP_ITEMS: [StampItem; 17] = [
    item("loan", "借款合同", "Loan contract", 5),
    item("finance_lease", "融资租赁合同", "Finance lease contract", 5),
    item("sale", "买卖合同", "Sale contract", 30),
    item("work", "承揽合同", "Contract for work", 30),
    item("construction", "建设工程合同", "Construction contract", 30),
    item("transport", "运输合同", "Transport contract", 30),
    item("technology", "技术合同", "Technology contract", 30),
    item("lease", "租赁合同", "Lease contract", 100),
    item("custody", "保管合同", "Custody contract", 100),
    item("storage", "仓储合同", "Storage contract", 100),
    item("property_insurance", "财产保险合同", "Property insurance contract", 100),
    item("land_use", "土地使用权出让、转让书据", "Transfer of land-use right", 50),
    item("buildings", "房屋等建筑物、构筑物所有权转让书据", "Transfer of buildings", 50),
    item("equity", "股权转让书据", "Transfer of equity", 50),
    item(
        "intellectual_property",
        "商标专用权、著作权、专利权、专有技术使用权转让书据",
        "Transfer of intellectual property",
        30,
    ),
    item("account_books", "营业账簿", "Capital accounts", 25),
    item("securities", "证券交易", "Securities trading", 100),
];

/// The item that a return names: its name in the law's table, or a part of a transfer's name such
/// as 股权.
#[must_use]
pub fn stamp_item(name: &str) -> Option<&'static StampItem> {
    let bare = name.trim().trim_start_matches("产权转移书据").trim_matches([':', '：', ' ']);
    let names = [
        ("土地", "land_use"),
        ("房屋", "buildings"),
        ("股权", "equity"),
        ("商标", "intellectual_property"),
        ("著作权", "intellectual_property"),
        ("专利", "intellectual_property"),
        ("专有技术", "intellectual_property"),
    ];
    let by_code = |code: &str| STAMP_ITEMS.iter().find(|item| item.code == code);
    STAMP_ITEMS.iter().find(|item| item.zh == bare).or_else(|| {
        let (_, code) = names.iter().find(|(part, _)| bare.contains(part))?;
        by_code(code)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::returns::formula::{Bound, Formula};

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    fn numbers(form: Form, at: &str) -> Vec<String> {
        chart(form, period(at)).iter().map(|line| line.number.to_string()).collect()
    }

    #[test]
    fn every_row_of_the_table_is_read_and_every_form_is_whole() {
        assert_eq!(LINES.len(), TABLE.lines().count() - 1);
        let whole = |form, at: &str, last: u16| {
            let found = numbers(form, at);
            let wanted: Vec<_> = (1..=last).map(|number| number.to_string()).collect();
            let plain: Vec<_> = found.into_iter().filter(|n| !n.contains('.')).collect();
            assert_eq!(plain, wanted, "{form:?} {at}");
        };
        whole(Form::VatGeneral, "2025-12", 41);
        whole(Form::VatGeneral, "2026-01", 41);
        whole(Form::VatSmall, "2026Q1", 25);
        whole(Form::CitPrepayment, "2025Q2", 24);
        whole(Form::CitPrepayment, "2025Q3", 32);
        whole(Form::CitAnnual, "2025", 45);
        whole(Form::Stamp, "2026Q1", 5);
        assert_eq!(numbers(Form::IitWithholding, "2026-03").first().unwrap(), "8");
        assert_eq!(numbers(Form::IitWithholding, "2026-03").last().unwrap(), "39");
    }

    #[test]
    fn formulas_refer_to_lines_of_the_same_form_and_time() {
        for (form, at) in [
            (Form::VatGeneral, "2025-12"),
            (Form::VatGeneral, "2026-03"),
            (Form::VatSmall, "2026Q1"),
            (Form::CitPrepayment, "2025Q1"),
            (Form::CitPrepayment, "2026Q1"),
            (Form::CitAnnual, "2025"),
            (Form::IitWithholding, "2026-03"),
            (Form::Stamp, "2026Q1"),
        ] {
            for of in chart(form, period(at)) {
                for other in of.refers_to() {
                    assert!(line(form, period(at), other).is_some(), "{form:?} {of:?}");
                    assert_ne!(other, of.number, "{of:?} refers to itself");
                }
            }
        }
    }

    #[test]
    fn codes_and_numbers_are_unique_within_a_form_at_any_time() {
        for at in ["2024-01", "2025-08", "2025-09", "2026-01", "2026-09"] {
            for form in Form::ALL {
                let lines = chart(form, period(at));
                let mut codes: Vec<_> = lines.iter().map(|line| line.code).collect();
                let mut numbers: Vec<_> = lines.iter().map(|line| line.number).collect();
                let count = codes.len();
                codes.sort_unstable();
                codes.dedup();
                numbers.dedup();
                assert_eq!((codes.len(), numbers.len()), (count, count), "{form:?} {at}");
            }
        }
    }

    #[test]
    fn a_line_changes_with_the_law() {
        let goods = |at| line(Form::VatGeneral, period(at), LineNo::new(1)).unwrap();
        assert!(matches!(goods("2025-12").how, How::Bound(Bound::AtLeast(_))));
        assert!(matches!(goods("2026-01").how, How::Formula(Formula::Sum(_))));
        let profit = |at| by_code(Form::CitPrepayment, period(at), "profit").unwrap().number;
        assert_eq!((profit("2025Q2"), profit("2025Q3")), (LineNo::new(3), LineNo::new(18)));
        let relief = line(Form::CitPrepayment, period("2026Q1"), LineNo::sub(28, 3)).unwrap();
        assert_eq!(relief.number, LineNo::sub(28, 1));
        assert_eq!(line(Form::CitPrepayment, period("2026Q1"), LineNo::sub(9, 3)), None);
    }

    #[test]
    fn stamp_duty_is_the_rate_on_the_amount() {
        let tax = |name: &str, yuan| stamp_item(name).unwrap().tax(Fen::from_yuan(yuan)).0;
        assert_eq!(tax("买卖合同", 1_000_000), 30_000);
        assert_eq!(tax("借款合同", 1_000_000), 5_000);
        assert_eq!(tax("租赁合同", 1_000), 100);
        assert_eq!(tax("产权转移书据：股权", 100_000), 5_000);
        assert_eq!(tax("营业账簿", 500_000), 12_500);
        assert_eq!(stamp_item("借款合同").unwrap().tax(Fen(10_000)).0, 1, "half a fen rounds up");
        assert_eq!(stamp_item("礼品合同"), None);
    }
}
