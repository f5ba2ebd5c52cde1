//! Rules within the income statement.

use jiff::civil::date;
use values::{Fen, Part};

use super::Applies::{Both, General, Small};
use super::facts::Fact;
use super::outcome::{Cause, Label, Missing, Relation};
use super::run::{Run, Sheet};
use super::tolerance::Tolerance;
use super::{Rule, rule};
use crate::Severity::{Error, Hint, Warning};
use crate::statements::StatementKind::Income;
use crate::statements::{Column, Layout};
use Tolerance::{Exact, Ratio, Rounding, Share};

const TAXES: [&str; 7] = [
    "tax_consumption",
    "tax_business",
    "tax_urban_maintenance",
    "tax_resource",
    "tax_land_vat",
    "tax_land_house_vehicle_stamp",
    "surcharges_education_mineral",
];

pub(super) const RULES: &[Rule] = &[
    rule(
        "IS-01",
        Small,
        ("营业利润", "operating profit"),
        "营业利润 = 营业收入 − 营业成本 − 税金及附加 − 销售费用 − 管理费用 − 财务费用 + 投资收益",
        Rounding,
        Error,
        "无",
        |run| run.totals(Income, &["operating_profit"]),
    ),
    rule(
        "IS-02",
        General,
        ("营业利润", "operating profit"),
        "营业利润 = 收入 − 成本 − 税金 − 各项费用 + 其他收益 + 投资收益 + 各项损益（减值损失为负数）",
        Rounding,
        Error,
        "减值损失误填正数：改符号后相符的，提示改符号",
        |run| run.totals(Income, &["operating_profit"]),
    ),
    rule(
        "IS-03",
        Both,
        ("利润总额", "profit before tax"),
        "利润总额 = 营业利润 + 营业外收入 − 营业外支出",
        Rounding,
        Error,
        "无",
        |run| run.totals(Income, &["profit_before_tax"]),
    ),
    rule(
        "IS-04",
        Both,
        ("净利润", "net profit"),
        "净利润 = 利润总额 − 所得税费用",
        Rounding,
        Error,
        "无",
        |run| run.totals(Income, &["net_profit"]),
    ),
    rule(
        "IS-05",
        Small,
        ("税金及附加其中项", "taxes and surcharges, parts"),
        "各其中项之和 ≤ 税金及附加；大于为错误，小于为提示",
        Rounding,
        Error,
        "环境保护税、水利基金等没有单独行次",
        tax_parts,
    ),
    rule(
        "IS-06",
        Small,
        ("销售费用其中项", "selling expenses, parts"),
        "商品维修费 + 广告费和业务宣传费 ≤ 销售费用",
        Rounding,
        Error,
        "销售费用中有贷方冲减",
        |run| run.parts(Income, "selling_expenses", &["goods_repair", "advertising"]),
    ),
    rule(
        "IS-07",
        Small,
        ("管理费用其中项", "administrative expenses, parts"),
        "开办费 + 业务招待费 + 研究费用 ≤ 管理费用",
        Rounding,
        Error,
        "管理费用中有贷方冲减",
        |run| {
            let parts = ["startup_costs", "entertainment", "research_expenses"];
            run.parts(Income, "admin_expenses", &parts);
        },
    ),
    rule(
        "IS-08",
        Small,
        ("营业外收入其中项", "non-operating income, part"),
        "政府补助 ≤ 营业外收入",
        Rounding,
        Error,
        "无",
        |run| run.parts(Income, "nonoperating_income", &["government_grants"]),
    ),
    rule(
        "IS-09",
        Small,
        ("营业外支出其中项", "non-operating expenses, parts"),
        "各其中项之和 ≤ 营业外支出",
        Rounding,
        Error,
        "无",
        |run| {
            run.parts(
                Income,
                "nonoperating_expenses",
                &[
                    "bad_debt_loss",
                    "lt_bond_loss",
                    "lt_equity_loss",
                    "force_majeure_loss",
                    "tax_late_fee",
                ],
            );
        },
    ),
    rule(
        "IS-10",
        Small,
        ("营业税应为0", "business tax is nothing"),
        "营业税 = 0（2016年6月起）",
        Exact,
        Warning,
        "以前期间更正",
        |run| {
            for sheet in run.columns(Income) {
                run.on(Income, sheet.column);
                run.left(Ok(sheet), 1, "tax_business");
                run.equal(("营业税", "business tax"), ("应为", "should be"));
            }
        },
    )
    .until(Some(date(2016, 6, 1)), None),
    rule(
        "IS-11",
        General,
        ("持续+终止经营", "continuing and discontinued"),
        "持续经营净利润 + 终止经营净利润 = 净利润",
        Rounding,
        Error,
        "小企业可两项均不填",
        continuing,
    ),
    rule(
        "IS-12",
        General,
        ("其他综合收益", "other comprehensive income"),
        "其他综合收益 = 不能重分类 + 将重分类；各自等于其明细之和",
        Rounding,
        Error,
        "企业自行增加的明细项目",
        |run| {
            run.totals(Income, &["oci_net", "oci_not_recyclable", "oci_recyclable"]);
        },
    ),
    rule(
        "IS-13",
        General,
        ("综合收益总额", "total comprehensive income"),
        "综合收益总额 = 净利润 + 其他综合收益的税后净额",
        Rounding,
        Error,
        "无",
        comprehensive,
    ),
    rule(
        "IS-14",
        General,
        ("减值损失符号", "sign of impairment"),
        "信用减值损失 ≤ 0，资产减值损失 ≤ 0",
        Exact,
        Hint,
        "减值准备转回",
        impairment_signs,
    ),
    rule(
        "IS-15",
        Both,
        ("收入非负", "revenue not negative"),
        "营业收入 ≥ 0，营业成本 ≥ 0",
        Exact,
        Warning,
        "红字冲销当月",
        |run| {
            for sheet in run.columns(Income) {
                run.floors(&sheet, &["revenue", "cost_of_sales"]);
            }
        },
    ),
    rule(
        "IS-16",
        Both,
        ("毛利率", "gross margin"),
        "营业成本 > 营业收入 → 提示；与前12个月平均毛利率相差超过20个百分点 → 提示",
        Ratio(None),
        Hint,
        "促销、存货跌价",
        margin,
    ),
    rule(
        "IS-17",
        Both,
        ("所得税费用符号", "sign of income tax"),
        "所得税费用 < 0 → 提示；季末利润总额 > 0 而所得税费用 = 0 → 提示",
        Exact,
        Hint,
        "弥补以前年度亏损；企业会计准则的递延所得税",
        income_tax,
    ),
    rule(
        "IS-18",
        General,
        ("财务费用构成", "what finance expenses are made of"),
        "财务费用 ≥ 利息费用 − 利息收入 − |汇兑损益|；利息收入 ≥ 0",
        Share(2000, Fen::from_yuan(1000)),
        Hint,
        "汇兑损益、手续费",
        finance,
    ),
];

fn tax_parts(run: &mut Run<'_>) {
    for sheet in run.columns(Income) {
        run.on(Income, sheet.column);
        let Some(label) = run.gather_parts(&sheet, "taxes_surcharges", &TAXES) else {
            run.holds();
            continue;
        };
        let (parts, whole) = run.sides();
        if parts < whole {
            run.lighter(Hint, Cause::Plain);
        }
        run.equal(("其中项之和", "sum of the parts"), label);
    }
}

fn continuing(run: &mut Run<'_>) {
    for sheet in run.columns(Income) {
        run.on(Income, sheet.column);
        let filled = ["np_continuing", "np_discontinued"];
        if filled.iter().all(|code| sheet.figure(code).is_none()) {
            run.holds();
            continue;
        }
        run.left(Ok(sheet), 1, "np_continuing");
        run.left(Ok(sheet), 1, "np_discontinued");
        run.count_addends(2);
        run.right(Ok(sheet), 1, "net_profit");
        run.count_addends(2);
        run.equal(("持续经营与终止经营净利润", "continuing and discontinued"), NET_PROFIT);
    }
}

const NET_PROFIT: Label = ("净利润", "net profit");

/// Small filers leave the whole block of comprehensive income blank.
fn comprehensive(run: &mut Run<'_>) {
    for sheet in run.columns(Income) {
        if ["oci_net", "comprehensive_income"].iter().all(|code| sheet.figure(code).is_none()) {
            run.on(Income, sheet.column);
            run.holds();
            continue;
        }
        run.total_of(&sheet, "comprehensive_income");
    }
}

fn impairment_signs(run: &mut Run<'_>) {
    let nothing = ("零", "zero");
    for sheet in run.columns(Income) {
        let strange = ["credit_impairment", "asset_impairment"]
            .into_iter()
            .filter(|code| sheet.figure(code).is_some_and(|amount| amount > Fen::ZERO));
        let mut any = false;
        // An older form prints a loss positive, on lines of its own.
        for code in strange.filter(|_| sheet.statement.layout == Layout::Prescribed) {
            any = true;
            run.on(Income, sheet.column);
            run.left(Ok(sheet), 1, code);
            run.broken(Relation::AtMost, ("减值损失", "impairment"), nothing);
        }
        if !any {
            run.on(Income, sheet.column);
            run.holds();
        }
    }
}

fn margin(run: &mut Run<'_>) {
    const COST: Label = ("营业成本", "cost of sales");
    const REVENUE: Label = ("营业收入", "revenue");
    for sheet in run.columns(Income) {
        if sheet.column != Column::Prior {
            run.on(Income, sheet.column);
            run.left(Ok(sheet), 1, "cost_of_sales");
            run.right(Ok(sheet), 1, "revenue");
            run.at_most(COST, REVENUE);
        }
    }
    let Some(sheet) = run.columns(Income).find(|sheet| sheet.column == Column::Current) else {
        return;
    };
    if matches!(run.period.part(), Part::Month(_)) {
        margin_moved(run, &sheet);
    }
}

/// Compares this month's margin with that of the twelve months before, three at least.
fn margin_moved<'a>(run: &mut Run<'a>, sheet: &Sheet<'a>) {
    let (mut revenue, mut cost, mut months, mut at) = (Fen::ZERO, Fen::ZERO, 0, run.period);
    for _ in 0..12 {
        let Some(before) = at.previous() else { break };
        at = before;
        let Some(statement) = run.case.statement(at, Income) else { continue };
        let of = |code: &str| {
            let line = sheet.number(code)?;
            statement.figure(Column::Current, line)
        };
        if let Some(sold) = of("revenue") {
            (revenue, cost) = (revenue + sold, cost + of("cost_of_sales").unwrap_or_default());
            months += 1;
        }
    }
    run.on(Income, Column::Current);
    if months < 3 || revenue <= Fen::ZERO {
        run.lacks(Missing::Earlier(run.period));
    }
    let sold = run.value(true, Ok(*sheet), "revenue");
    let spent = run.value(true, Ok(*sheet), "cost_of_sales");
    let points = |profit: Fen, sales: Fen| {
        i64::try_from(i128::from(profit.0) * 10_000 / i128::from(sales.0.max(1))).unwrap_or(0)
    };
    let (now, mean) = (points(sold - spent, sold), points(revenue - cost, revenue));
    run.amount(true, Fen(now));
    run.amount(false, Fen(mean));
    let limit = i64::from(run.ratio(2000));
    let strange = sold > Fen::ZERO && (now - mean).abs() > limit;
    run.flag(
        strange,
        ("毛利率（%）", "gross margin in percent"),
        ("前12个月平均", "mean of 12 months"),
    );
}

fn income_tax(run: &mut Run<'_>) {
    const TAX: Label = ("所得税费用", "income tax");
    if run.own(Income).is_none() {
        return;
    }
    for sheet in run.columns(Income) {
        run.floors(&sheet, &["income_tax"]);
    }
    if run.period.last_month() % 3 == 0 {
        let sheet = run.to_date(Income);
        run.on(Income, Column::YearToDate);
        let tax = run.value(true, sheet, "income_tax");
        let profit = run.value(false, sheet, "profit_before_tax");
        run.amount(true, tax);
        run.amount(false, profit);
        let strange = profit > Fen::ZERO && tax == Fen::ZERO;
        run.flag(strange, TAX, ("利润总额", "profit before tax"));
    }
}

fn finance(run: &mut Run<'_>) {
    for sheet in run.columns(Income) {
        run.floors(&sheet, &["interest_income"]);
        run.on(Income, sheet.column);
        let parts = ["interest_expense", "interest_income"];
        if parts.iter().all(|code| sheet.figure(code).is_none()) {
            run.holds();
            continue;
        }
        run.left(Ok(sheet), 1, "finance_expenses");
        run.right(Ok(sheet), 1, "interest_expense");
        run.right(Ok(sheet), -1, "interest_income");
        // An exchange gain only lowers what is asked for.
        let gain = run.case.fact(run.period, Fact::FxGain).map_or(Fen::ZERO, Fen).abs();
        run.adjustment(false, 0, Fact::FxGain);
        run.amount(false, -gain);
        run.at_least(
            ("财务费用", "finance expenses"),
            ("利息费用减利息收入和汇兑损益", "interest less interest income and exchange gain"),
        );
    }
}
