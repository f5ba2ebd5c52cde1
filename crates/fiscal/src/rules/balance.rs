//! Rules within the balance sheet.

use super::Applies::{Both, General, Small};
use super::outcome::{Label, Relation};
use super::run::{Run, sheet_of};
use super::tolerance::{Tolerance, share};
use super::{Rule, rule};
use crate::Severity::{Error, Hint, Warning};
use crate::statements::Column;
use crate::statements::StatementKind::BalanceSheet;
use Tolerance::{Exact, Ratio, Rounding};

pub(super) const RULES: &[Rule] = &[
    rule(
        "BS-01",
        Both,
        ("资产=负债+权益（期末）", "assets = liabilities + equity, closing"),
        "资产总计 = 负债和所有者权益总计（期末）",
        Exact,
        Error,
        "无",
        |run| balanced(run, Column::Closing),
    ),
    rule(
        "BS-02",
        Both,
        ("资产=负债+权益（年初）", "assets = liabilities + equity, opening"),
        "资产总计 = 负债和所有者权益总计（年初）",
        Exact,
        Error,
        "无",
        |run| balanced(run, Column::Opening),
    ),
    rule(
        "BS-03",
        Both,
        ("流动资产合计", "current assets"),
        "流动资产合计 = 各流动资产项目之和（存货“其中”项不加）",
        Rounding,
        Error,
        "企业自行增加的项目：经对照后计入合计",
        |run| run.totals(BalanceSheet, &["current_assets_total"]),
    ),
    rule(
        "BS-04",
        Both,
        ("非流动资产合计", "non-current assets"),
        "非流动资产合计 = 各非流动资产项目之和（原价、累计折旧不加）",
        Rounding,
        Error,
        "企业自行增加的项目：经对照后计入合计",
        |run| run.totals(BalanceSheet, &["noncurrent_assets_total"]),
    ),
    rule(
        "BS-05",
        Both,
        ("资产总计", "total assets"),
        "资产总计 = 流动资产合计 + 非流动资产合计",
        Rounding,
        Error,
        "无",
        |run| run.totals(BalanceSheet, &["assets_total"]),
    ),
    rule(
        "BS-06",
        Small,
        ("固定资产账面价值", "net fixed assets"),
        "固定资产账面价值 = 固定资产原价 − 累计折旧",
        Rounding,
        Error,
        "无",
        |run| run.totals(BalanceSheet, &["fixed_assets_net"]),
    ),
    rule(
        "BS-07",
        Both,
        ("流动负债合计", "current liabilities"),
        "流动负债合计 = 各流动负债项目之和",
        Rounding,
        Error,
        "无",
        |run| run.totals(BalanceSheet, &["current_liabilities_total"]),
    ),
    rule(
        "BS-08",
        Both,
        ("非流动负债合计", "non-current liabilities"),
        "非流动负债合计 = 各非流动负债项目之和（优先股、永续债“其中”项不加）",
        Rounding,
        Error,
        "无",
        |run| run.totals(BalanceSheet, &["noncurrent_liabilities_total"]),
    ),
    rule(
        "BS-09",
        Both,
        ("负债合计", "total liabilities"),
        "负债合计 = 流动负债合计 + 非流动负债合计",
        Rounding,
        Error,
        "无",
        |run| run.totals(BalanceSheet, &["liabilities_total"]),
    ),
    rule(
        "BS-10",
        Both,
        ("所有者权益合计", "total equity"),
        "所有者权益合计 = 各权益项目之和（减：库存股）",
        Rounding,
        Error,
        "库存股误填负数：应询问，不得重复取负",
        |run| run.totals(BalanceSheet, &["equity_total"]),
    ),
    rule(
        "BS-11",
        Both,
        ("负债和所有者权益总计", "total liabilities and equity"),
        "负债和所有者权益总计 = 负债合计 + 所有者权益合计",
        Rounding,
        Error,
        "无",
        |run| run.totals(BalanceSheet, &["liabilities_equity_total"]),
    ),
    rule(
        "BS-12",
        Small,
        ("存货其中项", "inventory parts"),
        "原材料 + 在产品 + 库存商品 + 周转材料 ≤ 存货",
        Rounding,
        Warning,
        "材料成本差异、商品进销差价为贷方时，其中项可能大于合计",
        |run| {
            let parts =
                ["raw_materials", "work_in_progress", "finished_goods", "turnover_materials"];
            run.parts(BalanceSheet, "inventories", &parts);
        },
    ),
    rule(
        "BS-13",
        Small,
        ("累计折旧≤原价", "depreciation up to cost"),
        "0 ≤ 累计折旧 ≤ 固定资产原价",
        Exact,
        Error,
        "只有土地，或已提足折旧尚未清理：仍应成立",
        depreciation_within_cost,
    ),
    rule(
        "BS-14",
        Both,
        ("货币资金非负", "cash not negative"),
        "货币资金 ≥ 0",
        Exact,
        Error,
        "银行透支应列短期借款",
        |run| run.closing_floors(&["cash"]),
    ),
    rule(
        "BS-15",
        Both,
        ("存货、固定资产、借款、实收资本非负", "stock, assets, loans, capital not negative"),
        "存货、固定资产、在建工程、短期借款、长期借款、实收资本 ≥ 0",
        Exact,
        Error,
        "无",
        |run| {
            run.closing_floors(&[
                "inventories",
                "fixed_assets_cost",
                "fixed_assets_net",
                "fixed_assets",
                "construction_in_progress",
                "short_term_loans",
                "long_term_loans",
                "paid_in_capital",
            ]);
        },
    ),
    rule(
        "BS-16",
        Both,
        ("往来负数重分类", "negative balances presented on the other side"),
        "应收、预付、其他应收、应付、预收、其他应付 ≥ 0",
        Exact,
        Warning,
        "负数应重分类到对方科目；月度内部草稿可接受",
        |run| {
            run.closing_floors(&[
                "accounts_receivable",
                "notes_accounts_receivable",
                "prepayments",
                "other_receivables",
                "accounts_payable",
                "notes_accounts_payable",
                "advances_received",
                "other_payables",
            ]);
        },
    ),
    rule(
        "BS-17",
        Both,
        ("应交税费负数", "negative taxes payable"),
        "应交税费 < 0 → 提示",
        Exact,
        Hint,
        "留抵或预缴税款；企业会计准则应重分类到其他流动资产",
        |run| run.closing_floors(&["taxes_payable"]),
    ),
    rule(
        "BS-18",
        Both,
        ("应付职工薪酬负数", "negative payroll payable"),
        "应付职工薪酬 ≥ 0",
        Exact,
        Warning,
        "预支工资应列其他应收款",
        |run| run.closing_floors(&["payroll_payable"]),
    ),
    rule(
        "BS-19",
        Both,
        ("资不抵债", "negative equity"),
        "所有者权益合计 < 0 → 提示",
        Exact,
        Warning,
        "初创企业尚未实缴资本",
        |run| run.closing_floors(&["equity_total"]),
    ),
    rule(
        "BS-20",
        Both,
        ("未分配利润为负", "accumulated loss"),
        "未分配利润 < 0 → 提示",
        Exact,
        Hint,
        "累计亏损",
        |run| run.closing_floors(&["retained_earnings"]),
    ),
    rule(
        "BS-21",
        General,
        ("永续债、优先股其中项", "preference shares and perpetual bonds"),
        "优先股 + 永续债 ≤ 应付债券；优先股 + 永续债 ≤ 其他权益工具",
        Rounding,
        Error,
        "无",
        |run| {
            run.parts(BalanceSheet, "bonds_payable", &["bonds_pref", "bonds_perp"]);
            run.parts(BalanceSheet, "other_equity_instruments", &["oei_pref", "oei_perp"]);
        },
    ),
    rule(
        "BS-22",
        Both,
        ("其他应收、其他应付占比", "weight of other receivables and payables"),
        "其他应收款 ÷ 资产 > 30%，或其他应付款 ÷ 负债 > 50% → 提示",
        Ratio(None),
        Hint,
        "股东往来资金；银行会要求提供明细",
        weights,
    ),
];

fn balanced(run: &mut Run<'_>, column: Column) {
    let Some(statement) = run.own(BalanceSheet) else { return };
    let sheet = sheet_of(statement, column);
    run.on(BalanceSheet, column);
    run.left(sheet, 1, "assets_total");
    run.right(sheet, 1, "liabilities_equity_total");
    run.equal(
        ("资产总计", "total assets"),
        ("负债和所有者权益总计", "total liabilities and equity"),
    );
}

fn depreciation_within_cost(run: &mut Run<'_>) {
    const DEPRECIATION: Label = ("累计折旧", "accumulated depreciation");
    let Some(statement) = run.own(BalanceSheet) else { return };
    let sheet = sheet_of(statement, Column::Closing);
    if sheet.is_ok_and(|sheet| {
        sheet.figure("accumulated_depreciation").is_some_and(|amount| amount.is_negative())
    }) {
        run.on(BalanceSheet, Column::Closing);
        run.left(sheet, 1, "accumulated_depreciation");
        run.broken(Relation::AtLeast, DEPRECIATION, ("零", "zero"));
        return;
    }
    run.on(BalanceSheet, Column::Closing);
    run.left(sheet, 1, "accumulated_depreciation");
    run.right(sheet, 1, "fixed_assets_cost");
    run.at_most(DEPRECIATION, ("固定资产原价", "fixed assets at cost"));
}

fn weights(run: &mut Run<'_>) {
    let Some(statement) = run.own(BalanceSheet) else { return };
    let sheet = sheet_of(statement, Column::Closing);
    let mut holds = true;
    for (part, whole, limit, label, of) in [
        (
            "other_receivables",
            "assets_total",
            run.ratio(3000),
            ("其他应收款", "other receivables"),
            ("资产总计的限额", "the limit of total assets"),
        ),
        (
            "other_payables",
            "liabilities_total",
            5000,
            ("其他应付款", "other payables"),
            ("负债合计的限额", "the limit of total liabilities"),
        ),
    ] {
        run.on(BalanceSheet, Column::Closing);
        run.left(sheet, 1, part);
        let whole = run.value(false, sheet, whole);
        run.amount(false, share(whole, limit));
        run.quietly();
        match run.at_most(label, of) {
            Some(kept) => holds &= kept,
            None => return,
        }
    }
    if holds {
        run.holds();
    }
}
