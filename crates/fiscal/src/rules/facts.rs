//! What a firm knows of a client besides statements and returns. Every fact is optional: what is
//! not known is named in the result, never taken for granted.

use serde::{Deserialize, Serialize};

/// What a fact counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Money, in fen.
    Money,
    /// Persons, versions.
    Count,
    /// Yes (1) or no (0).
    Truth,
    /// Hundredths of a percent.
    Points,
}

macro_rules! facts {
    ($($name:ident $measure:ident $zh:literal $en:literal;)*) => {
        /// A fact about a client at a period, or always. Flows are from 1 January to the period's
        /// end unless the name says otherwise; balances are at its end.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Fact {
            $(#[doc = $zh] $name,)*
        }

        impl Fact {
            /// All facts.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its Chinese name.
            #[must_use]
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$name => $zh,)* }
            }

            /// Its English name.
            #[must_use]
            pub const fn en(self) -> &'static str {
                match self { $(Self::$name => $en,)* }
            }

            /// What it counts.
            #[must_use]
            pub const fn measure(self) -> Measure {
                match self { $(Self::$name => Measure::$measure,)* }
            }
        }
    };
}

facts! {
    RestrictedCash Money "受限资金（期末）" "restricted cash, closing";
    RestrictedCashOpening Money "受限资金（年初）" "restricted cash, opening";
    CashEquivalents Money "现金等价物（期末）" "cash equivalents, closing";
    CashEquivalentsOpening Money "现金等价物（年初）" "cash equivalents, opening";
    IndirectOperatingCash Money "补充资料：间接法经营净额" "operating cash by the indirect method";
    NoDistributionConfirmed Truth "已确认无利润分配、无调整" "no distribution and no adjustment, confirmed";
    ProfitDeclared Money "本年宣告分配利润" "profit declared";
    PriorPeriodAdjustment Money "以前年度损益调整" "prior period adjustment";
    OtherEquityTransfers Money "留存收益其他结转" "other transfers of retained earnings";
    RegisteredCapital Money "注册资本" "registered capital";
    OciTransfers Money "其他综合收益结转" "OCI transferred out";
    NonCashCapital Money "非货币出资、债转股及转增" "capital put in without cash";
    LoansDueWithinYear Money "一年内到期的借款（期末）" "loans due within a year, closing";
    LoansDueWithinYearOpening Money "一年内到期的借款（年初）" "loans due within a year, opening";
    AccruedInterestInLoans Money "借款账面中应计利息的变动" "change of interest accrued inside loans";
    CapitalisedInterest Money "资本化利息" "interest capitalised";
    DepreciationCharge Money "本年计提折旧" "depreciation charged";
    DepreciationOfDisposals Money "处置资产转出的折旧" "depreciation of what was disposed of";
    AccumulatedDepreciation Money "累计折旧（期末）" "accumulated depreciation, closing";
    AccumulatedDepreciationOpening Money "累计折旧（年初）" "accumulated depreciation, opening";
    DisposalsAtCost Money "处置固定资产原价" "cost of what was disposed of";
    AssetInputVat Money "购建资产进项税额" "input VAT on assets";
    AssetPayablesPaid Money "应付设备款减少" "decrease of payables for assets";
    OutputVat Money "销项税额" "output VAT";
    InputVat Money "进项税额" "input VAT";
    WriteOffs Money "应收款核销" "receivables written off";
    LabourAndDepreciationInCost Money "成本中的工资与折旧" "wages and depreciation inside cost";
    PayrollAccrued Money "本年计提职工薪酬" "payroll accrued";
    VatDebitBalance Money "应交增值税借方余额" "debit balance of VAT payable";
    UncertifiedInputVat Money "待认证进项税额" "input VAT not yet certified";
    GrantsRecognised Money "本年确认的政府补助" "grants recognised";
    GrantsReceived Money "本年收到的政府补助" "grants received";
    FxGain Money "汇兑损益（绝对值）" "exchange gain or loss, without sign";
    RegistrationChange Truth "增资、减资登记或实缴凭证已归档" "registration change or payment proof on file";
    OpeningMapped Truth "准则转换期初已对照" "opening balances mapped to the new standard";
    ApprovedVersions Count "本期已批准版本数" "approved versions of this period";
    MarginTaxed Truth "适用差额征税" "taxed on the margin";
    ConfirmedInputVat Money "勾选平台确认的进项税额（本期）" "input VAT confirmed on the platform, period";
    DeclaredInvoicedSales Money "附列资料一开票销售额（本期）" "invoiced sales in attachment 1, period";
    InvoicedSales Money "平台开票销售额（本期）" "invoices on the platform, period";
    ExemptCreditRefund Money "免抵税额（本期）" "exempted and credited tax, period";
    UrbanRate Points "城建税税率" "urban maintenance tax rate";
    SurchargeReduction Points "六税两费减征比例" "reduction of surcharges";
    SpecialInvoices Truth "本期开具专用发票" "special invoices issued in the period";
    OccasionalSales Money "偶发无形资产、不动产销售额" "occasional sales of intangibles and property";
    SmallLowProfit Truth "符合小型微利企业条件" "qualifies as small low-profit";
    CitPaid Money "本年以前期间实际预缴企业所得税" "income tax paid for earlier periods of the year";
    InsuredPersons Count "社保参保人数" "persons in social insurance";
    IitPersons Count "个税申报人数" "persons in the withholding return";
    LossesAvailable Money "可弥补以前年度亏损（A106000）" "losses that may be used";
    DeductibleWages Money "税前扣除工资薪金（A105050）" "tax-deductible wages";
    IitWages Money "全年个税工资薪金收入" "wages in the withholding returns, year";
    GrossPayrollPaid Money "实发工资总额（本期）" "gross payroll paid, period";
    ProfitToPersons Money "向自然人分配的利润（本期）" "profit distributed to natural persons, period";
    ShareholderReceivable Money "自然人股东借款（年末）" "receivable from a shareholder, year end";
    NewBankLoans Money "新增银行借款（本期）" "new bank loans, period";
    LoanStampExempt Truth "借款合同印花税免征（小微企业）" "loan contracts exempt from stamp duty";
    PurchaseContracts Money "采购合同金额（本期）" "purchase contracts, period";
    SalesContracts Money "销售合同金额（本期）" "sales contracts, period";
    Buildings Money "房产与土地使用权账面价值" "buildings and land use rights";
    PropertyReturnFiled Truth "房产税、土地使用税已申报" "property and land tax returns filed";
    OtherMinorTaxes Money "本年申报的房产税、土地税、车船税等" "property, land and vehicle tax declared";
    IndustryVatBurden Points "行业增值税税负率" "VAT burden of the industry";
    BankInflow Money "银行流入（本期）" "bank inflow, period";
    ReceivablesAfterLoan Money "放款后30日内往来及投资增加" "receivables and investments risen within 30 days";
    Materiality Money "重要性水平" "materiality";
}

impl Fact {
    /// The stable key, such as `restricted_cash`.
    #[must_use]
    pub fn key(self) -> String {
        let mut key = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_ascii_uppercase() && !key.is_empty() {
                key.push('_');
            }
            key.push(letter.to_ascii_lowercase());
        }
        key
    }

    /// The fact with this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fact| fact.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_is_known_by_its_key() {
        for fact in Fact::ALL {
            assert_eq!(Fact::from_key(&fact.key()), Some(*fact));
            assert_eq!(serde_json::to_value(fact).unwrap(), fact.key());
        }
        assert_eq!(Fact::RestrictedCash.key(), "restricted_cash");
        assert_eq!(Fact::from_key("nothing"), None);
    }
}
