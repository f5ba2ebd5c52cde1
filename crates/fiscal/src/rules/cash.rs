//! Rules within the cash flow statement.

use super::Applies::{Both, General};
use super::facts::Fact;
use super::run::Run;
use super::tolerance::Tolerance::{Exact, Rounding};
use super::{Rule, rule};
use crate::Severity::{Error, Warning};
use crate::statements::Column;
use crate::statements::StatementKind::CashFlow;
use crate::statements::chart::LineKind;

pub(super) const RULES: &[Rule] = &[
    rule(
        "CF-01",
        Both,
        ("经营活动净额", "net operating cash flow"),
        "经营活动净额 = 流入小计 − 流出小计；小计 = 各项之和",
        Rounding,
        Error,
        "无",
        |run| run.totals(CashFlow, &["cf_op_in", "cf_op_out", "cf_op_net"]),
    ),
    rule(
        "CF-02",
        Both,
        ("投资活动净额", "net investing cash flow"),
        "投资活动净额 = 流入小计 − 流出小计；小计 = 各项之和",
        Rounding,
        Error,
        "无",
        |run| run.totals(CashFlow, &["cf_inv_in", "cf_inv_out", "cf_inv_net"]),
    ),
    rule(
        "CF-03",
        Both,
        ("筹资活动净额", "net financing cash flow"),
        "筹资活动净额 = 流入小计 − 流出小计；小计 = 各项之和",
        Rounding,
        Error,
        "无",
        |run| run.totals(CashFlow, &["cf_fin_in", "cf_fin_out", "cf_fin_net"]),
    ),
    rule(
        "CF-04",
        Both,
        ("现金净增加额", "net increase in cash"),
        "现金净增加额 = 经营 + 投资 + 筹资活动净额（+ 汇率影响）",
        Rounding,
        Error,
        "无",
        |run| run.totals(CashFlow, &["cf_net_increase"]),
    ),
    rule(
        "CF-05",
        Both,
        ("期末现金", "closing cash"),
        "期末现金余额 = 现金净增加额 + 期初现金余额",
        Rounding,
        Error,
        "无",
        |run| run.totals(CashFlow, &["cf_end"]),
    ),
    rule(
        "CF-06",
        Both,
        ("流量项目非负", "flows not negative"),
        "各流入、流出项目 ≥ 0（处置净额、汇率影响除外）",
        Exact,
        Warning,
        "退款冲减：应按总额列示",
        flows,
    ),
    rule(
        "CF-07",
        General,
        ("间接法=直接法", "indirect = direct method"),
        "补充资料的经营活动净额 = 主表经营活动净额",
        Rounding,
        Error,
        "未提供补充资料则不检查",
        indirect,
    ),
];

fn flows(run: &mut Run<'_>) {
    for sheet in run.columns(CashFlow) {
        // The form for small enterprises has no outflow line for a net loss on disposal.
        let net = |code: &str| {
            code == "cf_disposal_net"
                && sheet.statement.standard == crate::statements::Standard::Small
        };
        let numbers = sheet
            .chart
            .lines()
            .iter()
            .filter(|line| matches!(line.kind, LineKind::In | LineKind::Out) && !net(line.code))
            .map(|line| line.number);
        run.floor_lines(&sheet, numbers);
    }
}

fn indirect(run: &mut Run<'_>) {
    if run.own(CashFlow).is_none() {
        return;
    }
    let sheet = run.to_date(CashFlow);
    run.on(CashFlow, Column::YearToDate);
    run.fact(true, 1, Fact::IndirectOperatingCash);
    run.right(sheet, 1, "cf_op_net");
    run.equal(
        ("补充资料经营活动净额", "operating cash flow, indirect"),
        ("经营活动净额", "net operating cash flow"),
    );
}
