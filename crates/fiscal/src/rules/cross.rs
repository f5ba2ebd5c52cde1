//! Rules between the statements: cash, retained earnings, capital, loans and what is paid.

use values::Fen;

use super::Applies::{Both, General, Small};
use super::facts::Fact;
use super::flows;
use super::outcome::{Cause, Label};
use super::run::Run;
use super::tolerance::Tolerance::{Exact, None as Nothing, Ratio, Share};
use super::tolerance::share;
use super::{Rule, rule};
use crate::Severity::{Error, Hint, Warning};
use crate::statements::Column;
use crate::statements::StatementKind::{BalanceSheet, CashFlow, Income};

const fn yuan(yuan: i64) -> Fen {
    Fen::from_yuan(yuan)
}

pub(super) const RULES: &[Rule] = &[
    rule(
        "X-01",
        Small,
        ("现金期末 ↔ 货币资金", "closing cash and bank"),
        "现金流量表期末现金 = 货币资金 − 受限资金",
        Exact,
        Error,
        "保证金、冻结或质押存款、不能随时支取的定期存款",
        closing_cash,
    ),
    rule(
        "X-02",
        General,
        ("现金期末 ↔ 货币资金", "closing cash and bank"),
        "期末现金及现金等价物 = 货币资金 − 受限资金 + 现金等价物",
        Exact,
        Error,
        "现金等价物：三个月内到期的投资",
        closing_cash,
    ),
    rule(
        "X-03",
        Both,
        ("现金期初 ↔ 年初货币资金", "opening cash and bank"),
        "现金流量表期初现金 = 年初货币资金（同样调整）",
        Exact,
        Error,
        "重述须注明",
        opening_cash,
    ),
    rule(
        "X-04",
        Both,
        ("现金净增加 ↔ 货币资金变动", "increase in cash and bank"),
        "现金净增加额 = 货币资金期末 − 年初（调整受限资金变动）",
        Exact,
        Error,
        "保证金、冻结或质押存款、不能随时支取的定期存款",
        cash_moves,
    ),
    rule(
        "X-05",
        Both,
        ("净利润 ↔ 留存收益变动", "profit and retained earnings"),
        "Δ(盈余公积+未分配利润) = 净利润 − 分配利润 + 以前年度损益调整 + 其他结转",
        Exact,
        Error,
        "利润分配、以前年度损益调整、转增、其他综合收益结转、专项储备、首次执行",
        retained,
    ),
    rule(
        "X-06",
        Both,
        ("法定公积金", "statutory reserve"),
        "年末：可供提取基数 > 0 且盈余公积 < 注册资本的50% 时，Δ盈余公积 ≥ 基数 × 10%",
        Share(100, yuan(100)),
        Hint,
        "分配利润时提取（公司法第二百一十条）；非公司制企业",
        statutory_reserve,
    ),
    rule(
        "X-07",
        General,
        ("其他综合收益变动", "accumulated OCI"),
        "Δ其他综合收益 = 其他综合收益税后净额 − 结转",
        Exact,
        Warning,
        "处置其他权益工具投资转入留存收益",
        accumulated_oci,
    ),
    rule(
        "X-08",
        Both,
        ("资本投入", "capital put in"),
        "吸收投资收到的现金 ≤ Δ(实收资本+资本公积)",
        Share(100, yuan(1)),
        Hint,
        "非货币出资、公积转增、款项先到后登记",
        capital_in,
    ),
    rule(
        "X-09",
        Small,
        ("借款变动", "loans"),
        "Δ(短期借款+长期借款) = 取得借款 − 偿还本金",
        Share(100, yuan(1000)),
        Warning,
        "票据贴现、汇率、无现金展期、委托贷款",
        flows::loans_small,
    ),
    rule(
        "X-10",
        General,
        ("借款变动", "loans"),
        "Δ(短期借款+长期借款+应付债券+一年内到期的借款) = 取得借款 − 偿还债务 + 应计利息变动",
        Share(200, yuan(1000)),
        Warning,
        "票据贴现、汇率、展期；应计利息包含在借款账面",
        flows::loans_general,
    ),
    rule(
        "X-11",
        Small,
        ("利息", "interest"),
        "偿还利息支付的现金 = 利息费用 + 资本化利息 − Δ应付利息",
        Share(500, yuan(1000)),
        Warning,
        "利息收入已在利息费用中抵减",
        flows::interest,
    ),
    rule(
        "X-12",
        Small,
        ("利润分配", "profit paid out"),
        "分配利润支付的现金 = 宣告分配利润 − Δ应付利润",
        Exact,
        Warning,
        "代扣税款次月缴纳",
        flows::profit_paid,
    ),
    rule(
        "X-13",
        Both,
        ("折旧变动", "depreciation"),
        "Δ累计折旧 = 本年计提折旧 − 处置转出折旧",
        Exact,
        Warning,
        "数据来自固定资产台账",
        flows::depreciation,
    ),
    rule(
        "X-14",
        Both,
        ("有固定资产无折旧", "fixed assets without depreciation"),
        "固定资产 > 0 且连续两个月计提为 0 → 提示",
        Nothing,
        Warning,
        "已提足折旧、土地、大修理",
        flows::no_depreciation,
    ),
    rule(
        "X-15",
        Both,
        ("购建资产付现", "capital expenditure"),
        "购建资产支付的现金 ≤ Δ原价 + 处置 + Δ在建 + 进项税额 + 应付设备款减少",
        Share(2000, yuan(10_000)),
        Hint,
        "租赁、非现金取得",
        flows::capital_expenditure,
    ),
    rule(
        "X-16",
        Both,
        ("销售收现 ↔ 收入", "cash from sales"),
        "销售收到的现金 ≈ 收入 + 销项税额 − Δ应收 + Δ预收 − 核销",
        Share(500, yuan(10_000)),
        Warning,
        "票据背书、抵账、代销",
        flows::cash_from_sales,
    ),
    rule(
        "X-17",
        Both,
        ("购货付现 ↔ 成本", "cash for purchases"),
        "购货支付的现金 ≈ 成本 − 成本中工资与折旧 + Δ存货 + 进项税额 − Δ应付 + Δ预付",
        Share(1000, yuan(10_000)),
        Hint,
        "生产企业需成本构成",
        flows::cash_for_purchases,
    ),
    rule(
        "X-18",
        Both,
        ("薪酬付现", "payroll paid"),
        "支付的职工薪酬 ≈ 计提薪酬 − Δ应付职工薪酬",
        Share(500, yuan(1000)),
        Warning,
        "含个人所得税与社会保险费",
        flows::payroll,
    ),
    rule(
        "X-19",
        Both,
        ("税费付现", "taxes paid"),
        "支付的税费 ≈ 税金及附加 + 所得税费用 + 应纳增值税 − Δ应交税费",
        Share(1000, yuan(1000)),
        Hint,
        "直接购买印花、退税按总额列示",
        flows::taxes_paid,
    ),
    rule(
        "X-20",
        Both,
        ("有借款无利息", "loans without interest"),
        "平均借款 > 0 且利息 = 0 → 提示",
        Nothing,
        Warning,
        "股东无息借款、资本化、贴息",
        flows::loans_without_interest,
    ),
    rule(
        "X-21",
        Both,
        ("无借款有利息", "interest without loans"),
        "全年借款 = 0 且利息 > 0 → 提示",
        Share(0, yuan(1000)),
        Hint,
        "票据贴现、租赁",
        flows::interest_without_loans,
    ),
    rule(
        "X-22",
        Both,
        ("实际利率", "effective interest"),
        "利息 ÷ 平均借款（年化）超出 2%–12% → 提示",
        Ratio(None),
        Hint,
        "期间较短",
        flows::effective_interest,
    ),
    rule(
        "X-23",
        Both,
        ("留抵 ↔ 应交税费", "VAT credit and taxes payable"),
        "有期末留抵时：应交增值税借方余额 ≈ 期末留抵 + 待认证",
        Share(100, yuan(100)),
        Hint,
        "待抵扣、待认证明细科目",
        flows::vat_credit,
    ),
    rule(
        "X-24",
        Both,
        ("政府补助 ↔ 递延收益", "grants and deferred income"),
        "确认的政府补助 ≤ 收到的补助 + 年初递延收益",
        Share(0, yuan(1)),
        Hint,
        "–",
        flows::grants,
    ),
];

const CASH_FLOW: Label = ("现金流量表", "the cash flow statement");
const BANK: Label = ("资产负债表货币资金", "cash and bank of the balance sheet");

/// Without declared restricted cash, more cash than the cash flow statement says is likely just
/// that; less is doubtful.
fn cash_agrees(run: &mut Run<'_>, declared: bool) {
    if !declared {
        let (flow, bank) = run.sides();
        let severity = if flow > bank { Warning } else { Hint };
        run.lighter(severity, Cause::Undeclared(Fact::RestrictedCash));
    }
    run.equal(CASH_FLOW, BANK);
}

fn closing_cash(run: &mut Run<'_>) {
    if !run.leads(CashFlow, &[BalanceSheet]) {
        return;
    }
    let (flow, bank) = (run.to_date(CashFlow), run.closing());
    // Closing cash is the same whichever column says it.
    let flow = flow.or_else(|_| run.sheet(run.period, CashFlow, Column::Current));
    run.on(CashFlow, Column::YearToDate);
    run.left(flow, 1, "cf_end");
    run.right(bank, 1, "cash");
    let declared = run.adjustment(false, -1, Fact::RestrictedCash);
    run.adjustment(false, 1, Fact::CashEquivalents);
    cash_agrees(run, declared);
}

fn opening_cash(run: &mut Run<'_>) {
    if !run.leads(CashFlow, &[BalanceSheet]) {
        return;
    }
    let (flow, bank) = (run.to_date(CashFlow), run.opening());
    run.on(CashFlow, Column::YearToDate);
    run.left(flow, 1, "cf_begin");
    run.right(bank, 1, "cash");
    let declared = run.adjustment(false, -1, Fact::RestrictedCashOpening);
    run.adjustment(false, 1, Fact::CashEquivalentsOpening);
    cash_agrees(run, declared);
}

fn cash_moves(run: &mut Run<'_>) {
    if !run.leads(CashFlow, &[BalanceSheet]) {
        return;
    }
    let flow = run.to_date(CashFlow);
    run.on(CashFlow, Column::YearToDate);
    run.left(flow, 1, "cf_net_increase");
    run.change(false, 1, &["cash"]);
    let closing = run.adjustment(false, -1, Fact::RestrictedCash);
    let opening = run.adjustment(false, 1, Fact::RestrictedCashOpening);
    run.adjustment(false, 1, Fact::CashEquivalents);
    run.adjustment(false, -1, Fact::CashEquivalentsOpening);
    cash_agrees(run, closing && opening);
}

fn retained(run: &mut Run<'_>) {
    if !run.leads(Income, &[BalanceSheet]) {
        return;
    }
    let income = run.to_date(Income);
    run.on(Income, Column::YearToDate);
    run.change(true, 1, &["surplus_reserve", "retained_earnings"]);
    run.right(income, 1, "net_profit");
    if run.truth(Fact::NoDistributionConfirmed) != Some(true) {
        run.adjustment(false, -1, Fact::ProfitDeclared);
        run.adjustment(false, 1, Fact::PriorPeriodAdjustment);
        run.adjustment(false, 1, Fact::OtherEquityTransfers);
        run.lighter(Warning, Cause::Undeclared(Fact::NoDistributionConfirmed));
    }
    run.equal(
        ("留存收益变动", "the change of retained earnings"),
        ("净利润及调整", "net profit and adjustments"),
    );
}

fn statutory_reserve(run: &mut Run<'_>) {
    if run.period.last_month() != 12 || !run.leads(BalanceSheet, &[Income]) {
        return;
    }
    let (income, opening, closing) = (run.to_date(Income), run.opening(), run.closing());
    run.on(BalanceSheet, Column::Closing);
    let profit = run.value(false, income, "net_profit");
    let carried = run.value(false, opening, "retained_earnings");
    let base = profit + Fen(carried.0.min(0));
    let reserve = run.value(true, closing, "surplus_reserve");
    let before = run.value(true, opening, "surplus_reserve");
    let capital = Fen(run.fact(false, 0, Fact::RegisteredCapital));
    if !run.is_missing() && (base <= Fen::ZERO || reserve >= share(capital, 5000)) {
        run.holds();
        return;
    }
    run.amount(true, reserve - before);
    run.amount(false, share(base, 1000));
    run.at_least(
        ("盈余公积本年增加", "the increase of the surplus reserve"),
        ("应提取的法定公积金", "the statutory reserve due"),
    );
}

fn accumulated_oci(run: &mut Run<'_>) {
    if !run.leads(BalanceSheet, &[Income]) {
        return;
    }
    let income = run.to_date(Income);
    run.on(BalanceSheet, Column::Closing);
    run.change(true, 1, &["oci_accumulated"]);
    let oci = run.value(false, income, "oci_net");
    // Who has no other comprehensive income leaves its block blank.
    run.allow_blank_total();
    run.amount(false, oci);
    run.adjustment(false, -1, Fact::OciTransfers);
    run.equal(
        ("其他综合收益变动", "the change of accumulated OCI"),
        ("其他综合收益的税后净额", "OCI of the year"),
    );
}

fn capital_in(run: &mut Run<'_>) {
    if !run.leads(CashFlow, &[BalanceSheet]) {
        return;
    }
    let flow = run.to_date(CashFlow);
    run.on(CashFlow, Column::YearToDate);
    run.left(flow, 1, "cf_capital_in");
    if !run.is_missing() && run.sides().0 == Fen::ZERO {
        run.holds();
        return;
    }
    run.change(false, 1, &["paid_in_capital", "capital_reserve"]);
    run.adjustment(false, 1, Fact::NonCashCapital);
    run.at_most(
        ("吸收投资收到的现金", "capital received"),
        ("实收资本与资本公积增加", "the increase of capital and reserve"),
    );
}
