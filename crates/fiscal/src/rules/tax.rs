//! Rules between returns and statements, and within the income tax returns: the table.

use values::Fen;

use super::Applies::{Both, VatGeneral, VatSmall};
use super::outcome::Missing;
use super::run::Run;
use super::tolerance::Tolerance::{Amount, Exact, None as Nothing, Ratio, Share};
use super::{Rule, income_tax, rule, stamp, wages};
use crate::Severity::{Error, Hint, Warning};
use crate::returns::{Form, ReturnColumn};

const ONE_YUAN: super::Tolerance = Amount(Fen(100));
const ONE_FEN: super::Tolerance = Amount(Fen(1));
const TWO_FEN: super::Tolerance = Amount(Fen(2));
const FIVE_FEN: super::Tolerance = Amount(Fen(5));

const fn yuan(yuan: i64) -> Fen {
    Fen::from_yuan(yuan)
}

pub(super) const RULES: &[Rule] = &[
    rule(
        "T-01",
        VatGeneral,
        ("增值税销售额 ↔ 营业收入", "VAT sales and revenue"),
        "本年累计(1+5+7+8 两列) 与本年累计营业收入比较；相差超过30%为错误",
        Share(1000, yuan(10_000)),
        Warning,
        "开票与确认时点、视同应税、处置资产、差额征税、投资利息、出口离岸价、销售折扣",
        |run| income_tax::sales_and_revenue(run, Form::VatGeneral, &[1, 5, 7, 8]),
    ),
    rule(
        "T-02",
        VatSmall,
        ("小规模销售额 ↔ 收入", "small-scale sales and revenue"),
        "本年累计(1+4+7+9+13) 与本年累计营业收入比较",
        Share(1000, yuan(5000)),
        Warning,
        "同上",
        |run| income_tax::sales_and_revenue(run, Form::VatSmall, &[1, 4, 7, 9, 13]),
    ),
    rule(
        "T-03",
        Both,
        ("三方收入比对", "revenue in three places"),
        "|预缴营业收入 − 增值税累计销售额| ÷ 预缴营业收入 > 10% → 提示",
        Ratio(None),
        Warning,
        "同增值税销售额与收入比对",
        income_tax::three_revenues,
    ),
    rule(
        "T-04",
        Both,
        ("预缴营业收入、成本", "prepayment: revenue and cost"),
        "预缴表1 = 营业收入；2 = 营业成本",
        ONE_YUAN,
        Error,
        "申报后更正报表",
        |run| income_tax::prepaid_lines(run, &[(1, "revenue"), (2, "cost_of_sales")]),
    ),
    rule(
        "T-05",
        Both,
        ("预缴利润总额", "prepayment: profit"),
        "预缴表18（2025年10月前第3行）= 利润总额",
        ONE_YUAN,
        Error,
        "按上年应纳税所得额平均额预缴的不填利润",
        income_tax::prepaid_profit,
    ),
    rule(
        "T-06",
        Both,
        ("预缴费用行", "prepayment: expenses"),
        "预缴表3–7 = 税金、销售、管理（不含研发）、研发、财务费用",
        ONE_YUAN,
        Warning,
        "小企业会计准则研究费用含在管理费用中：按客户统一口径",
        income_tax::prepaid_expenses,
    ),
    rule(
        "T-07",
        Both,
        ("预缴表内", "within the prepayment return"),
        "15、18、25、27 = max(25,0) × 26、32 = 27 − 28 − 29 − 30 − 31",
        TWO_FEN,
        Error,
        "负数按零；总分机构分摊",
        income_tax::within_prepayment,
    ),
    rule(
        "T-08",
        Both,
        ("小微减免", "relief for small low-profit"),
        "符合条件：28.1 = 25 × 20%；不符合：0",
        FIVE_FEN,
        Error,
        "选择其他优惠、放弃享受",
        income_tax::small_relief,
    ),
    rule(
        "T-09",
        Both,
        ("已预缴税额", "prepaid this year"),
        "30 = 本年以前期间实际预缴税额之和",
        ONE_FEN,
        Error,
        "退税、查补",
        income_tax::prepaid_so_far,
    ),
    rule(
        "T-10",
        Both,
        ("资产总额", "total assets in the header"),
        "表头季末资产总额（万元）= 资产总计 ÷ 10000",
        ONE_FEN,
        Warning,
        "汇总分支机构",
        income_tax::assets_in_header,
    ),
    rule(
        "T-11",
        Both,
        ("从业人数", "persons employed"),
        "预缴表季末从业人数、个税申报人数、社保参保人数互相比较",
        Share(2000, yuan(2)),
        Warning,
        "劳务派遣、退休返聘、新入职",
        wages::persons,
    ),
    rule(
        "T-12",
        Both,
        ("年度表 ↔ 利润表", "annual return and income statement"),
        "年度主表1–18 = 年度利润表各项",
        ONE_YUAN,
        Error,
        "申报前审计调整：用审定版本",
        income_tax::annual_lines,
    ),
    rule(
        "T-13",
        Both,
        ("年度表内", "within the annual return"),
        "15、18、24、28、30 = 28 × 29、33、36、38、45",
        TWO_FEN,
        Error,
        "应纳税所得额为负时税额为零",
        income_tax::within_annual,
    ),
    rule(
        "T-14",
        Both,
        ("年度已预缴", "prepaid in the year"),
        "年度主表37 = 本年各期预缴税额之和",
        ONE_FEN,
        Error,
        "–",
        income_tax::prepaid_in_year,
    ),
    rule(
        "T-15",
        Both,
        ("弥补亏损", "losses used"),
        "年度主表26 ≤ 前5年（高新、科技型中小10年）可弥补亏损余额",
        Exact,
        Error,
        "–",
        income_tax::losses,
    ),
    rule(
        "T-16",
        Both,
        ("工资 ↔ 个税", "wages in three places"),
        "全年个税工资薪金收入、税前扣除工资、实际支付工资互相比较",
        Share(500, yuan(10_000)),
        Warning,
        "汇缴前支付、劳务派遣、实习生、奖金时点",
        wages::year,
    ),
    rule(
        "T-17",
        Both,
        ("工资 ↔ 应付职工薪酬", "wages of the month"),
        "当月个税收入 ≈ 当月实发工资总额",
        Share(500, yuan(1000)),
        Warning,
        "非货币福利",
        wages::month,
    ),
    rule(
        "T-18",
        Both,
        ("个税表内", "within the withholding return"),
        "应纳税额 = 应纳税所得额 × 预扣率 − 速算扣除数；应补退 = 应纳 − 减免 − 已缴",
        ONE_FEN,
        Error,
        "年度中间多扣不退",
        wages::rows,
    ),
    rule(
        "T-19",
        Both,
        ("股东分红个税", "tax on dividends"),
        "向自然人分配利润 > 0 → 按20%申报利息股息红利个税",
        Share(100, yuan(1)),
        Warning,
        "外籍个人免税",
        wages::dividends,
    ),
    rule(
        "T-20",
        Both,
        ("股东借款", "loan to a shareholder"),
        "年末自然人股东借款未归还 → 视同分红风险",
        Nothing,
        Hint,
        "财税〔2003〕158号",
        wages::shareholder,
    ),
    rule(
        "T-21",
        Both,
        ("印花税：营业账簿", "stamp duty: capital"),
        "实收资本与资本公积增加 → 申报税额 ≥ 增加额 × 0.25‰",
        FIVE_FEN,
        Warning,
        "小规模、小微企业减半",
        stamp::capital,
    ),
    rule(
        "T-22",
        Both,
        ("印花税：借款合同", "stamp duty: loans"),
        "本期新增银行借款 → 申报税额 = 金额 × 0.05‰",
        Share(100, yuan(1)),
        Warning,
        "金融机构与小微企业的借款合同免征至2027-12-31",
        stamp::loans,
    ),
    rule(
        "T-23",
        Both,
        ("印花税：买卖合同", "stamp duty: sales contracts"),
        "(采购+销售合同金额) × 0.3‰ 与申报税额比较",
        Share(3000, yuan(50)),
        Hint,
        "无书面合同；订单视同合同",
        stamp::contracts,
    ),
    rule(
        "T-24",
        Both,
        ("房产税、土地使用税", "property and land tax"),
        "账面有房产或土地使用权 → 有相应申报",
        Nothing,
        Warning,
        "减免税",
        stamp::property,
    ),
    rule(
        "T-25",
        Both,
        ("税金及附加 ↔ 申报", "taxes and surcharges declared"),
        "税金及附加 = 申报的附加税费 + 印花税 + 房产税等",
        Share(500, yuan(100)),
        Warning,
        "权责发生与缴纳时点、尾差",
        stamp::taxes_declared,
    ),
    rule(
        "T-26",
        Both,
        ("所得税费用 ↔ 申报", "income tax declared"),
        "季末所得税费用 = 预缴表32 + 30（小企业会计准则）",
        ONE_YUAN,
        Warning,
        "企业会计准则：递延所得税",
        income_tax::tax_expense,
    ),
    rule(
        "T-27",
        Both,
        ("税负率", "VAT burden"),
        "增值税税负率与自身12个月均值、行业值相差超过30% → 提示",
        Ratio(None),
        Hint,
        "–",
        stamp::burden,
    ),
    rule(
        "T-28",
        Both,
        ("零申报", "zero return"),
        "零申报而银行流入或开票 > 0",
        Exact,
        Error,
        "资本金、借款、本企业账户间划转",
        stamp::zero_return,
    ),
    rule(
        "T-29",
        Both,
        ("贷款用途", "use of a loan"),
        "放款后30日内其他应收款、投资增加超过借款10% → 提示",
        Ratio(None),
        Warning,
        "挪用信贷资金的迹象",
        stamp::use_of_loan,
    ),
    rule(
        "T-30",
        Both,
        ("报送财务报表", "statements filed"),
        "每个申报期报送税务机关的报表存在，且与内部批准版本一致",
        Exact,
        Error,
        "–",
        stamp::statements_filed,
    ),
];

/// Adds lines of a VAT return from 1 January to the period's end: the year-to-date columns where
/// they are filled in, else every return of the year.
pub(super) fn to_date_of_return(
    run: &mut Run<'_>,
    left: bool,
    sign: i8,
    form: Form,
    lines: &[u16],
) {
    let year = run.period.in_year();
    let to_date = [ReturnColumn::MainToDate, ReturnColumn::SecondToDate];
    let filled = run.filed(run.period, form, ReturnColumn::MainToDate);
    if filled.is_ok() {
        for column in to_date {
            let filed = run.filed(run.period, form, column);
            if column == ReturnColumn::MainToDate || filed.is_ok() {
                run.filed_lines(left, filed, sign, lines);
            }
        }
        return;
    }
    let mut at = run.period;
    let Some(last) = run.case.filed_ending(at, form) else {
        run.lacks(Missing::Return(at, form));
        return;
    };
    at = last.period;
    loop {
        for column in [ReturnColumn::Main, ReturnColumn::Second] {
            let filed = run.filed(at, form, column);
            if column == ReturnColumn::Main || filed.is_ok() {
                run.filed_lines(left, filed, sign, lines);
            }
        }
        match at.previous().filter(|before| before.in_year() == year) {
            Some(before) if !run.is_missing() => at = before,
            _ => return,
        }
    }
}

impl Run<'_> {
    /// Adds the output VAT of the year to date, from the fact or the returns; false when unknown.
    pub(super) fn output_vat(&mut self, left: bool) -> bool {
        if self.case.fact(self.period, super::Fact::OutputVat).is_some() {
            return self.adjustment(left, 1, super::Fact::OutputVat);
        }
        let form = self.vat_form();
        if self.case.filed_ending(self.period, form).is_none() {
            return false;
        }
        let lines: &[u16] = if form == Form::VatSmall { &[20] } else { &[11, 21] };
        to_date_of_return(self, left, 1, form, lines);
        true
    }
}
