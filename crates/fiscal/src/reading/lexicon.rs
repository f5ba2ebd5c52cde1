//! Which line of which form a name means: the forms' own names, and other words for the same line.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::names::name;
use crate::statements::chart::{LineKind, chart};
use crate::statements::{Layout, Standard, StatementKind};

/// What a name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) standard: Standard,
    pub(crate) kind: StatementKind,
    pub(crate) line: u16,
    /// The line it is a part of.
    pub(crate) parent: Option<u16>,
    /// Another word for the line, not the form's own.
    pub(crate) alias: bool,
}

use StatementKind::{BalanceSheet as Bs, CashFlow as Cf, Income as Is};

/// Other words for a line, by its stable name; they hold wherever the standard has the line.
const ALIASES: &[(StatementKind, &str, &[&str])] = &[
    (Bs, "trading_fin_assets", &["以公允价值计量且其变动计入当期损益的金融资产"]),
    (Bs, "short_term_investments", &["短期投资净额"]),
    (Bs, "accounts_receivable", &["应收账款净额"]),
    (Bs, "prepayments", &["预付账款", "预付款项", "预付货款"]),
    (Bs, "inventories", &["存货净额"]),
    (Bs, "finished_goods", &["产成品", "库存商品(产成品)"]),
    (Bs, "turnover_materials", &["低值易耗品及包装物", "周转材料(包装物、低值易耗品)"]),
    (Bs, "lt_bond_investments", &["长期债权投资"]),
    (Bs, "fixed_assets_cost", &["固定资产原值"]),
    (Bs, "fixed_assets_net", &["固定资产净值", "固定资产净额", "固定资产账面净值"]),
    (Bs, "fixed_assets", &["固定资产净额", "固定资产合计"]),
    (Bs, "assets_total", &["资产合计", "资产总额"]),
    (Bs, "advances_received", &["预收账款", "预收款项", "预收货款"]),
    (Bs, "taxes_payable", &["应交税金", "应缴税费", "应缴税金", "未交税金"]),
    (Bs, "profit_payable", &["应付股利", "应付利润(股利)", "应付股利(利润)"]),
    (Bs, "noncurrent_liabilities_total", &["长期负债合计"]),
    (Bs, "provisions", &["预计非流动负债"]),
    (Bs, "deferred_income", &["长期递延收益"]),
    (Bs, "liabilities_total", &["负债总计", "负债总额"]),
    (Bs, "paid_in_capital", &["股本", "实收资本净额", "实收资本(或股本)净额", "实收股本"]),
    (Bs, "capital_reserve", &["资本公积金"]),
    (Bs, "surplus_reserve", &["盈余公积金"]),
    (Bs, "equity_total", &["所有者权益总计", "权益合计", "净资产合计", "所有者权益总额"]),
    (
        Bs,
        "liabilities_equity_total",
        &["负债和所有者权益合计", "负债和权益总计", "负债及权益合计", "负债和所有者权益总额"],
    ),
    (Is, "revenue", &["营业收入合计"]),
    (Is, "taxes_surcharges", &["营业税金及附加", "税金和附加"]),
    (Is, "selling_expenses", &["营业费用", "经营费用"]),
    (Is, "research_expenses", &["研发费用", "研究与开发费用", "研究开发费用"]),
    (Is, "rd_expenses", &["研究费用", "研究与开发费用", "研究开发费用"]),
    (Is, "interest_expense", &["利息支出", "利息费用"]),
    (Is, "investment_income", &["投资净收益"]),
    (Is, "income_tax", &["所得税", "应交所得税"]),
    (Is, "fair_value_gain", &["公允价值变动净收益"]),
    (Is, "government_grants", &["政府补助收入"]),
    (Cf, "cf_sales", &["销售商品、提供劳务收到的现金", "销售产成品、商品、提供劳务收到的现金"]),
    (Cf, "cf_purchases", &["购买商品、接受劳务支付的现金", "购买原材料、商品、接受劳务支付的现金"]),
    (Cf, "cf_payroll", &["支付给职工以及为职工支付的现金", "支付的职工薪酬"]),
    (Cf, "cf_taxes", &["支付的各项税费", "支付的税费"]),
    (Cf, "cf_capital_in", &["吸收投资收到的现金", "吸收投资者投资收到的现金"]),
    (Cf, "cf_net_increase", &["现金及现金等价物净增加额", "现金净增加额"]),
    (Cf, "cf_begin", &["期初现金及现金等价物余额", "期初现金余额"]),
    (Cf, "cf_end", &["期末现金及现金等价物余额", "期末现金余额"]),
];

type Lexicon = HashMap<String, Vec<Meaning>>;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(build);
fn build() -> Lexicon {
    let mut lexicon = Lexicon::new();
    for standard in [Standard::Small, Standard::General] {
        for kind in [Bs, Is, Cf] {
            for line in chart(standard, Layout::Foreign, kind).lines() {
                let parent = if let LineKind::Of(parent) = line.kind { Some(parent) } else { None };
                let meaning = Meaning { standard, kind, line: line.number, parent, alias: false };
                lexicon.entry(name(line.zh).key).or_default().push(meaning);
            }
        }
        for (kind, code, words) in ALIASES {
            let every = chart(standard, Layout::Foreign, *kind);
            let Some(line) = every.by_code(code) else { continue };
            let parent = if let LineKind::Of(parent) = line.kind { Some(parent) } else { None };
            for word in *words {
                let meanings = lexicon.entry(name(word).key).or_default();
                let known = meanings.iter().any(|other| {
                    (other.standard, other.kind, other.line) == (standard, *kind, line.number)
                });
                if !known {
                    let (kind, line) = (*kind, line.number);
                    meanings.push(Meaning { standard, kind, line, parent, alias: true });
                }
            }
        }
    }
    lexicon
}

/// What a name in the one spelling may mean.
pub(crate) fn meanings(key: &str) -> &'static [Meaning] {
    LEXICON.get(key).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_lines_of_one_form_share_a_spelling_but_those_of_two_parents() {
        for (key, meanings) in LEXICON.iter() {
            for standard in [Standard::Small, Standard::General] {
                for kind in [Bs, Is, Cf] {
                    let same: Vec<_> = meanings
                        .iter()
                        .filter(|one| one.standard == standard && one.kind == kind && !one.alias)
                        .collect();
                    // Of one name are the parts of two parents, and impairment with either sign.
                    let apart = same.iter().all(|one| one.parent.is_some())
                        || (kind == Is && same.iter().any(|one| one.line > 100));
                    assert!(same.len() < 2 || apart, "{key}: {same:?}");
                }
            }
        }
    }

    #[test]
    fn every_alias_names_a_line() {
        for (kind, code, words) in ALIASES {
            let known = [Standard::Small, Standard::General]
                .iter()
                .any(|standard| chart(*standard, Layout::Foreign, *kind).by_code(code).is_some());
            assert!(known, "{code}");
            for word in *words {
                assert!(meanings(&name(word).key).iter().any(|one| one.kind == *kind), "{word}");
            }
        }
    }

    #[test]
    fn names_of_both_standards_are_told_apart() {
        let of = |text: &str| -> Vec<(Standard, u16)> {
            let lines = meanings(&name(text).key).iter().map(|one| (one.standard, one.line));
            lines.collect()
        };
        assert_eq!(of("货币资金"), [(Standard::Small, 1), (Standard::General, 1)]);
        assert_eq!(of("短期投资"), [(Standard::Small, 2)]);
        assert_eq!(of("预付款项"), [(Standard::Small, 5), (Standard::General, 7)]);
        assert_eq!(of("商誉"), [(Standard::General, 29)]);
        assert!(of("结算备付金").is_empty());
    }
}
