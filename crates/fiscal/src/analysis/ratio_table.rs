//! The table of ratios: one entry each, with its formula in words and in code.

use super::Gather;
use super::ratios::{Better, Definition, Facts, Guidepost, Measure, Quotient};
use crate::statements::Standard;

use Measure::{Days, Percent, Times};

const fn below(good: i64, alarm: i64) -> Option<Guidepost> {
    Some(Guidepost { better: Better::Lower, good, alarm })
}

const fn above(good: i64, alarm: i64) -> Option<Guidepost> {
    Some(Guidepost { better: Better::Higher, good, alarm })
}

const fn entry(
    id: &'static str,
    names: (&'static str, &'static str),
    formula: &'static str,
    measure: Measure,
    guidepost: Option<Guidepost>,
    make: fn(&mut Gather<'_>, &Facts) -> Quotient,
) -> Definition {
    Definition { id, zh: names.0, en: names.1, formula, measure, guidepost, make }
}

pub(crate) const RATIOS: &[Definition] = &[
    entry(
        "R01",
        ("资产负债率", "Debt ratio"),
        "负债合计 ÷ 资产总计",
        Percent,
        below(7_000, 8_000),
        |g, _| Quotient::of(g.closing("liabilities_total"), g.closing("assets_total")),
    ),
    entry(
        "R02",
        ("流动比率", "Current ratio"),
        "流动资产合计 ÷ 流动负债合计",
        Times,
        above(15_000, 10_000),
        |g, _| {
            Quotient::of(g.closing("current_assets_total"), g.closing("current_liabilities_total"))
        },
    ),
    entry(
        "R03",
        ("速动比率", "Quick ratio"),
        "（流动资产合计 − 存货 − 预付款项）÷ 流动负债合计",
        Times,
        above(10_000, 6_000),
        |g, _| {
            let quick = g.closing("current_assets_total")
                - g.closing("inventories")
                - g.closing("prepayments");
            Quotient::of(quick, g.closing("current_liabilities_total"))
        },
    ),
    entry(
        "R04",
        ("现金比率", "Cash ratio"),
        "（货币资金 + 短期投资或交易性金融资产）÷ 流动负债合计",
        Times,
        above(2_000, 500),
        |g, _| {
            let liquid = g.closing("cash") + trading(g);
            Quotient::of(liquid, g.closing("current_liabilities_total"))
        },
    ),
    entry(
        "R05",
        ("产权比率", "Debt to equity"),
        "负债合计 ÷ 所有者权益合计",
        Times,
        below(20_000, 30_000),
        |g, _| Quotient::of(g.closing("liabilities_total"), g.closing("equity_total")),
    ),
    entry(
        "R06",
        ("有形净值债务率", "Debt to tangible net worth"),
        "负债合计 ÷（所有者权益合计 − 无形资产 − 商誉）",
        Times,
        below(25_000, 40_000),
        |g, _| {
            let tangible = g.closing("equity_total")
                - g.closing("intangible_assets")
                - g.closing_if_any("goodwill");
            Quotient::of(g.closing("liabilities_total"), tangible)
        },
    ),
    entry(
        "R07",
        ("利息保障倍数", "Interest cover"),
        "（利润总额 + 利息费用）÷（利息费用 + 资本化利息）",
        Times,
        above(20_000, 10_000),
        |g, facts| {
            let interest = g.income("interest_expense");
            let capitalised = facts.capitalised_interest.map_or(0, |fen| i128::from(fen.0));
            Quotient::of(g.income("profit_before_tax") + interest, interest + capitalised)
        },
    ),
    entry(
        "R08",
        ("EBITDA 利息保障倍数", "EBITDA interest cover"),
        "（利润总额 + 利息费用 + 折旧与摊销）÷ 利息费用",
        Times,
        above(30_000, 15_000),
        |g, facts| {
            let earned = ebitda(g, facts);
            Quotient::of(earned, g.income("interest_expense"))
        },
    ),
    entry(
        "R09",
        ("有息负债 ÷ EBITDA", "Debt to EBITDA"),
        "有息负债 ÷（利润总额 + 利息费用 + 折旧与摊销），期中按年换算",
        Times,
        below(40_000, 50_000),
        |g, facts| {
            let owed = interest_bearing(g) * g.months();
            let earned = ebitda(g, facts) * 12;
            Quotient { above: owed, below: earned, annualised: g.months() < 12 }
        },
    ),
    entry(
        "R10",
        ("经营现金流 ÷ 流动负债", "Operating cash to current liabilities"),
        "经营活动现金流量净额 ÷ 流动负债合计",
        Times,
        above(1_000, 0),
        |g, _| Quotient::of(g.cash("cf_op_net"), g.closing("current_liabilities_total")),
    ),
    entry(
        "R11",
        ("经营现金流 ÷ 净利润", "Operating cash to net profit"),
        "经营活动现金流量净额 ÷ 净利润",
        Times,
        above(8_000, 0),
        |g, _| Quotient::of(g.cash("cf_op_net"), g.income("net_profit")),
    ),
    entry(
        "R12",
        ("毛利率", "Gross margin"),
        "（营业收入 − 营业成本）÷ 营业收入",
        Percent,
        None,
        |g, _| {
            let revenue = g.income("revenue");
            Quotient::of(revenue - g.income("cost_of_sales"), revenue)
        },
    ),
    entry(
        "R13",
        ("销售净利率", "Net margin"),
        "净利润 ÷ 营业收入",
        Percent,
        above(0, 0),
        |g, _| Quotient::of(g.income("net_profit"), g.income("revenue")),
    ),
    entry(
        "R14",
        ("净资产收益率", "Return on equity"),
        "净利润 ÷ 平均所有者权益",
        Percent,
        None,
        |g, _| Quotient::of(2 * g.income("net_profit"), g.twice_average("equity_total")),
    ),
    entry(
        "R15",
        ("总资产报酬率", "Return on assets"),
        "（利润总额 + 利息费用）÷ 平均资产总计",
        Percent,
        None,
        |g, _| {
            let earned = g.income("profit_before_tax") + g.income("interest_expense");
            Quotient::of(2 * earned, g.twice_average("assets_total"))
        },
    ),
    entry(
        "R16",
        ("应收账款周转天数", "Days sales outstanding"),
        "360 × 平均应收账款 ÷ 营业收入",
        Days,
        below(900_000, 1_350_000),
        |g, _| days(g, "accounts_receivable", "revenue"),
    ),
    entry(
        "R17",
        ("存货周转天数", "Days inventory outstanding"),
        "360 × 平均存货 ÷ 营业成本",
        Days,
        below(1_200_000, 1_800_000),
        |g, _| days(g, "inventories", "cost_of_sales"),
    ),
    entry(
        "R18",
        ("应付账款周转天数", "Days payable outstanding"),
        "360 × 平均应付账款 ÷ 营业成本",
        Days,
        below(900_000, 1_800_000),
        |g, _| days(g, "accounts_payable", "cost_of_sales"),
    ),
    entry(
        "R19",
        ("现金循环周期", "Cash conversion cycle"),
        "应收账款周转天数 + 存货周转天数 − 应付账款周转天数",
        Days,
        below(1_200_000, 1_800_000),
        cycle,
    ),
    entry(
        "R20",
        ("总资产周转率", "Asset turnover"),
        "营业收入 ÷ 平均资产总计，期中按年换算",
        Times,
        above(5_000, 2_000),
        |g, _| {
            let sold = 2 * 12 * g.income("revenue");
            let held = g.twice_average("assets_total") * g.months();
            Quotient { above: sold, below: held, annualised: g.months() < 12 }
        },
    ),
    entry(
        "R22",
        ("短期债务占比", "Share of short-term debt"),
        "短期有息负债 ÷ 有息负债",
        Percent,
        below(7_000, 9_000),
        |g, _| Quotient::of(short_term(g), interest_bearing(g)),
    ),
    entry(
        "R23",
        ("现金短债比", "Cash to short-term debt"),
        "货币资金 ÷ 短期有息负债",
        Times,
        above(10_000, 5_000),
        |g, _| Quotient::of(g.closing("cash"), short_term(g)),
    ),
    entry(
        "R24",
        ("贷款销售比", "Loans to sales"),
        "（借款 + 拟申请贷款）÷ 营业收入，期中按年换算",
        Percent,
        below(3_000, 5_000),
        |g, facts| {
            let applied = facts.loans_applied.map_or(0, |fen| i128::from(fen.0));
            let owed = g.closing("short_term_loans") + g.closing("long_term_loans") + applied;
            let (months, sold) = (g.months(), g.income("revenue"));
            Quotient { above: owed * months, below: sold * 12, annualised: months < 12 }
        },
    ),
    entry(
        "R25",
        ("或有负债率", "Contingent liabilities"),
        "对外担保 ÷ 所有者权益合计",
        Percent,
        below(5_000, 10_000),
        |g, facts| {
            let given = g.fact(facts.guarantees_given, "对外担保余额", "Guarantees given");
            Quotient::of(given, g.closing("equity_total"))
        },
    ),
    entry(
        "R26",
        ("其他应收款占比", "Share of other receivables"),
        "其他应收款 ÷ 资产总计",
        Percent,
        below(1_000, 3_000),
        |g, _| Quotient::of(g.closing("other_receivables"), g.closing("assets_total")),
    ),
    entry(
        "R27",
        ("偿债备付率 DSCR", "Debt service cover"),
        "（EBITDA − 缴纳所得税 − 维持性资本支出 − 营运资金增加）÷（当期应还本金 + 利息）",
        Times,
        above(13_000, 12_000),
        |g, facts| {
            let free = ebitda(g, facts)
                - g.fact(facts.tax_paid, "缴纳的所得税", "Income tax paid")
                - g.fact(facts.maintenance_capex, "维持性资本支出", "Maintenance expenditure")
                - g.fact(
                    facts.working_capital_increase,
                    "营运资金增加额",
                    "Working capital increase",
                );
            let due = g.fact(facts.principal_due, "当期应还本金", "Principal due")
                + g.fact(facts.interest_due, "当期应付利息", "Interest due");
            Quotient::of(free, due)
        },
    ),
    entry(
        "R33",
        ("Z' 值（非上市制造业）", "Z' score (private, manufacturing)"),
        "0.717×营运资本÷资产 + 0.847×留存收益÷资产 + 3.107×息税前利润÷资产 \
         + 0.420×权益÷负债 + 0.998×收入÷资产，期中按年换算",
        Times,
        above(29_000, 12_300),
        z_score,
    ),
];

fn trading(g: &mut Gather<'_>) -> i128 {
    match g.standard() {
        Some(Standard::General) => g.closing("trading_fin_assets"),
        _ => g.closing("short_term_investments"),
    }
}

fn short_term(g: &mut Gather<'_>) -> i128 {
    g.closing("short_term_loans") + g.closing_if_any("noncurrent_liab_due_1y")
}

fn interest_bearing(g: &mut Gather<'_>) -> i128 {
    short_term(g)
        + g.closing("long_term_loans")
        + g.closing_if_any("bonds_payable")
        + g.closing_if_any("lease_liabilities")
}

fn ebitda(g: &mut Gather<'_>, facts: &Facts) -> i128 {
    g.income("profit_before_tax")
        + g.income("interest_expense")
        + g.fact(facts.depreciation, "折旧与摊销", "Depreciation and amortisation")
}

/// 360 × average ÷ (flow × 12 ÷ months), kept in whole numbers.
fn days(g: &mut Gather<'_>, balance: &str, flow: &str) -> Quotient {
    let held = g.twice_average(balance);
    let (months, flow) = (g.months(), g.income(flow));
    Quotient { above: 360 * held * months, below: 2 * 12 * flow, annualised: months < 12 }
}

fn cycle(g: &mut Gather<'_>, _: &Facts) -> Quotient {
    let receivable = g.twice_average("accounts_receivable");
    let (inventory, payable) =
        (g.twice_average("inventories"), g.twice_average("accounts_payable"));
    let (revenue, cost) = (g.income("revenue"), g.income("cost_of_sales"));
    let months = g.months();
    let meaningful = revenue > 0 && cost > 0;
    // Fen cubed over fen squared: a thousand billion yuan still fits once amounts are in yuan.
    let yuan = |fen: i128| fen / 100;
    let above = 360
        * months
        * (yuan(receivable) * yuan(cost) + (yuan(inventory) - yuan(payable)) * yuan(revenue));
    let below = if meaningful { 24 * yuan(revenue) * yuan(cost) } else { 0 };
    Quotient { above, below, annualised: months < 12 }
}

fn z_score(g: &mut Gather<'_>, _: &Facts) -> Quotient {
    let assets = g.closing("assets_total");
    let working = g.closing("current_assets_total") - g.closing("current_liabilities_total");
    let retained = g.closing("surplus_reserve") + g.closing("retained_earnings");
    let earned = g.income("profit_before_tax") + g.income("interest_expense");
    let (equity, liabilities) = (g.closing("equity_total"), g.closing("liabilities_total"));
    let sold = g.income("revenue");
    let months = g.months();
    let annualised = months < 12;
    if assets <= 0 || liabilities <= 0 {
        return Quotient { above: 0, below: 0, annualised };
    }
    let per_assets = (717 * working + 847 * retained) * months + (3_107 * earned + 998 * sold) * 12;
    // Each term in millionths first, so that two denominators need no product of three amounts.
    let first = per_assets * 1_000 / (assets * months);
    let second = 420 * equity * 1_000 / liabilities;
    Quotient { above: first + second, below: 1_000_000, annualised }
}

#[cfg(test)]
mod tests {
    use values::Fen;

    use super::super::Book;
    use super::super::ratios::{Facts, Ratio, Value, ratios};
    use super::super::tests::small;
    use crate::statements::{Column, Statement, StatementKind};

    /// An invented client at the end of March, figures in yuan.
    fn march() -> Vec<Statement> {
        let closing: &[(&str, f64)] = &[
            ("cash", 800_000.0),
            ("accounts_receivable", 300_000.0),
            ("prepayments", 20_000.0),
            ("inventories", 130_000.0),
            ("current_assets_total", 1_250_000.0),
            ("assets_total", 1_500_000.0),
            ("short_term_loans", 400_000.0),
            ("accounts_payable", 200_000.0),
            ("current_liabilities_total", 625_000.0),
            ("liabilities_total", 625_000.0),
            ("surplus_reserve", 20_000.0),
            ("retained_earnings", 355_000.0),
            ("equity_total", 875_000.0),
        ];
        let opening: &[(&str, f64)] = &[
            ("accounts_receivable", 200_000.0),
            ("inventories", 150_000.0),
            ("accounts_payable", 120_000.0),
            ("assets_total", 1_100_000.0),
            ("equity_total", 657_000.0),
        ];
        let income: &[(&str, f64)] = &[
            ("revenue", 1_200_000.0),
            ("cost_of_sales", 720_000.0),
            ("interest_expense", 4_000.0),
            ("profit_before_tax", 296_000.0),
            ("net_profit", 281_200.0),
        ];
        vec![
            small(
                StatementKind::BalanceSheet,
                "2026-03",
                &[(Column::Closing, closing), (Column::Opening, opening)],
            ),
            small(StatementKind::Income, "2026-03", &[(Column::YearToDate, income)]),
        ]
    }

    fn made(statements: &[Statement], facts: &Facts) -> Vec<Ratio> {
        ratios(Book::new(statements), "2026-03".parse().unwrap(), facts, |_| None)
    }

    fn value(ratios: &[Ratio], id: &str) -> Value {
        ratios.iter().find(|ratio| ratio.id == id).unwrap().value.clone()
    }

    #[test]
    fn ratios_follow_their_formulas() {
        let made = made(&march(), &Facts::default());
        let expected = [
            ("R01", 4_167),
            ("R02", 20_000),
            ("R03", 17_600),
            ("R04", 12_800),
            ("R05", 7_143),
            ("R07", 750_000),
            ("R12", 4_000),
            ("R13", 2_343),
            // 360 × 250,000 ÷ 4,800,000 and so on: a quarter's flows are taken four times.
            ("R16", 187_500),
            ("R17", 175_000),
            ("R18", 200_000),
            ("R19", 162_500),
            ("R22", 10_000),
            ("R24", 833),
        ];
        for (id, ten_thousandths) in expected {
            assert_eq!(value(&made, id), Value::Known { value: ten_thousandths }, "{id}");
        }
        let receivable = made.iter().find(|ratio| ratio.id == "R16").unwrap();
        assert!(receivable.annualised);
        assert_eq!(receivable.used.len(), 3, "opening, closing and revenue");
    }

    #[test]
    fn a_missing_component_withholds_and_a_zero_denominator_means_nothing() {
        let mut statements = march();
        let without = made(&statements, &Facts::default());
        assert!(matches!(value(&without, "R27"), Value::Withheld { .. }));
        assert!(matches!(value(&without, "R10"), Value::Withheld { .. }), "no cash-flow statement");

        let facts = Facts {
            depreciation: Some(Fen::from_yuan(30_000)),
            tax_paid: Some(Fen::from_yuan(10_000)),
            maintenance_capex: Some(Fen::ZERO),
            working_capital_increase: Some(Fen::from_yuan(20_000)),
            principal_due: Some(Fen::from_yuan(196_000)),
            interest_due: Some(Fen::from_yuan(4_000)),
            ..Facts::default()
        };
        let with = made(&statements, &facts);
        assert_eq!(value(&with, "R27"), Value::Known { value: 15_000 });

        for figures in statements[0].columns.values_mut() {
            figures.insert(52, Fen(-5));
        }
        let broke = made(&statements, &Facts::default());
        assert_eq!(value(&broke, "R05"), Value::NotMeaningful, "negative equity");
    }

    #[test]
    fn every_ratio_has_its_own_name() {
        let mut ids: Vec<_> = super::RATIOS.iter().map(|one| one.id).collect();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all);
        assert!(ids.is_sorted());
    }
}
