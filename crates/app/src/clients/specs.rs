//! The table of the archive's fields and lists, as they ship.

use super::fields::{Choice, Keeping, Kind, List, Section, Spec};

const TAXPAYER: &[Choice] = &[
    ("general", "一般纳税人", "General taxpayer"),
    ("small", "小规模纳税人", "Small-scale taxpayer"),
];
const GRADE: &[Choice] =
    &[("A", "A", "A"), ("B", "B", "B"), ("M", "M", "M"), ("C", "C", "C"), ("D", "D", "D")];
const ACCOUNT: &[Choice] = &[
    ("basic", "基本户", "Basic"),
    ("general", "一般户", "General"),
    ("special", "专用户", "Special-purpose"),
    ("temporary", "临时户", "Temporary"),
];
const OWNER: &[Choice] =
    &[("person", "自然人", "Person"), ("company", "法人", "Company"), ("other", "其他", "Other")];
const NEED: &[Choice] = &[
    ("considering", "意向", "Considering"),
    ("preparing", "准备资料", "Preparing"),
    ("applied", "已申请", "Applied"),
    ("approved", "已批复", "Approved"),
    ("drawn", "已提款", "Drawn"),
    ("settled", "已结清", "Settled"),
    ("declined", "未通过", "Declined"),
];
const PLAIN: Spec = Spec {
    key: "",
    list: None,
    section: Section::Basic,
    kind: Kind::Text,
    keeping: Keeping::Clear,
    item: "registration",
    level: 1,
    required: false,
    zh: "",
    en: "",
    choices: &[],
    aliases: &[],
};

const fn basic(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    kind: Kind,
    item: &'static str,
    level: u8,
) -> Spec {
    Spec { key, zh, en, kind, item, level, ..PLAIN }
}

const fn listed(
    list: &'static str,
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    kind: Kind,
    item: &'static str,
    keeping: Keeping,
) -> Spec {
    let level = match keeping {
        Keeping::Identity => 4,
        _ => 3,
    };
    Spec { list: Some(list), key, zh, en, kind, item, keeping, level, ..PLAIN }
}

/// The fields that ship; a firm adds its own.
pub const SPECS: &[Spec] = &[
    Spec {
        required: true,
        aliases: &["企业名称", "公司名称", "单位名称", "客户名称", "名称", "纳税人名称", "name"],
        ..basic("name", "企业名称", "Name", Kind::Text, "enterprise_name", 1)
    },
    Spec {
        aliases: &["企业简称", "客户简称"],
        ..basic("short_name", "简称", "Short name", Kind::Text, "enterprise_name", 1)
    },
    Spec {
        required: true,
        aliases: &[
            "信用代码",
            "社会信用代码",
            "税号",
            "纳税人识别号",
            "统一信用代码",
            "营业执照号",
            "统一社会信用代码/税号",
            "uscc",
        ],
        ..basic("uscc", "统一社会信用代码", "Credit code", Kind::Uscc, "uscc", 1)
    },
    Spec {
        required: true,
        keeping: Keeping::Person,
        aliases: &["法人代表", "法人", "法定代表", "法人姓名", "负责人姓名"],
        ..basic(
            "legal_rep_name",
            "法定代表人",
            "Legal representative",
            Kind::Text,
            "legal_rep_name",
            2,
        )
    },
    Spec {
        keeping: Keeping::Identity,
        aliases: &["法人身份证号", "法人身份证", "法定代表人身份证号码", "法人证件号"],
        ..basic(
            "legal_rep_id_no",
            "法定代表人证件号",
            "Legal representative's ID",
            Kind::IdentityNumber,
            "legal_rep_id_no",
            4,
        )
    },
    Spec {
        aliases: &["类型", "公司类型", "主体类型"],
        ..basic("enterprise_kind", "企业类型", "Kind", Kind::Text, "registration", 1)
    },
    Spec {
        required: true,
        aliases: &["成立日期", "注册时间", "成立时间"],
        ..basic("registered_on", "注册日期", "Registered on", Kind::Date, "registration", 1)
    },
    Spec {
        required: true,
        aliases: &["注册资金", "注册资本金", "注册资本(元)", "注册资本(万元)"],
        ..basic(
            "registered_capital_fen",
            "注册资本",
            "Registered capital",
            Kind::Money,
            "registration",
            1,
        )
    },
    Spec {
        aliases: &["资本币种"],
        ..basic(
            "capital_currency",
            "注册资本币种",
            "Capital currency",
            Kind::Text,
            "registration",
            1,
        )
    },
    Spec {
        aliases: &["业务范围"],
        ..basic("scope", "经营范围", "Business scope", Kind::Long, "registration", 1)
    },
    Spec {
        aliases: &["所在省份", "省"],
        ..basic("province", "省份", "Province", Kind::Text, "registration", 1)
    },
    Spec {
        aliases: &["地区", "市", "所在城市"],
        ..basic("city", "城市", "City", Kind::Text, "registration", 1)
    },
    Spec {
        required: true,
        aliases: &["地址", "住所", "企业地址", "公司地址"],
        ..basic("address", "注册地址", "Registered address", Kind::Long, "registration", 1)
    },
    Spec {
        aliases: &["实际经营地址", "办公地址"],
        ..basic("office_address", "经营地址", "Office address", Kind::Long, "registration", 1)
    },
    Spec {
        required: true,
        choices: TAXPAYER,
        aliases: &["纳税人资格", "纳税人身份"],
        ..basic("taxpayer_kind", "纳税人类型", "Taxpayer kind", Kind::Choice, "taxpayer_profile", 2)
    },
    Spec {
        aliases: &["原税号", "旧税号"],
        ..basic(
            "taxpayer_number",
            "原纳税人识别号",
            "Former taxpayer number",
            Kind::Text,
            "taxpayer_profile",
            2,
        )
    },
    Spec {
        required: true,
        aliases: &["税务机关", "主管税务局", "税务局"],
        ..basic("tax_bureau", "主管税务机关", "Tax bureau", Kind::Text, "taxpayer_profile", 2)
    },
    Spec {
        choices: GRADE,
        aliases: &["纳税信用", "信用等级"],
        ..basic(
            "tax_credit_grade",
            "纳税信用等级",
            "Tax credit grade",
            Kind::Choice,
            "taxpayer_profile",
            2,
        )
    },
    Spec {
        aliases: &["税种", "涉及税种"],
        ..basic("taxes_due", "应纳税种", "Taxes due", Kind::Text, "taxpayer_profile", 2)
    },
    Spec {
        required: true,
        aliases: &["员工人数", "人数", "职工人数"],
        ..basic("staff_count", "从业人数", "Staff", Kind::Int, "industry_size", 1)
    },
    Spec {
        aliases: &["总资产", "资产总计"],
        ..basic("total_assets_fen", "资产总额", "Total assets", Kind::Money, "industry_size", 2)
    },
    Spec {
        aliases: &["年营业额", "年收入", "营业额"],
        ..basic("revenue_fen", "营业收入", "Revenue", Kind::Money, "industry_size", 2)
    },
    Spec {
        aliases: &["年应纳税所得额"],
        ..basic(
            "taxable_income_fen",
            "应纳税所得额",
            "Taxable income",
            Kind::Money,
            "taxpayer_profile",
            2,
        )
    },
    Spec {
        section: Section::Business,
        required: true,
        aliases: &["主要业务", "业务"],
        ..basic("main_business", "主营业务", "Main business", Kind::Long, "registration", 1)
    },
    Spec {
        section: Section::Business,
        required: true,
        aliases: &["行业代码", "所属行业", "国民经济行业"],
        ..basic("industry_code", "行业", "Industry", Kind::Industry, "industry_size", 1)
    },
    Spec {
        section: Section::Business,
        aliases: &["上游", "主要供应商"],
        ..basic("upstream", "上游供应商", "Upstream", Kind::Long, "work_paper", 2)
    },
    Spec {
        section: Section::Business,
        aliases: &["下游", "主要客户"],
        ..basic("downstream", "下游客户", "Downstream", Kind::Long, "work_paper", 2)
    },
    Spec {
        required: true,
        aliases: &["联系人姓名"],
        keeping: Keeping::Contact,
        ..listed("contacts", "name", "联系人", "Contact", Kind::Text, "contact", Keeping::Contact)
    },
    listed("contacts", "role", "职务", "Role", Kind::Text, "contact", Keeping::Clear),
    Spec {
        aliases: &["联系电话", "手机", "手机号", "电话", "联系方式", "联系人电话"],
        ..listed("contacts", "mobile", "手机", "Mobile", Kind::Phone, "contact", Keeping::Contact)
    },
    Spec {
        aliases: &["固定电话", "座机号"],
        ..listed(
            "contacts",
            "landline",
            "座机",
            "Landline",
            Kind::Phone,
            "contact",
            Keeping::Contact,
        )
    },
    Spec {
        aliases: &["电子邮箱", "email", "E-mail"],
        ..listed("contacts", "email", "邮箱", "E-mail", Kind::Email, "contact", Keeping::Contact)
    },
    Spec {
        aliases: &["微信"],
        ..listed(
            "contacts",
            "wechat",
            "微信号",
            "WeChat",
            Kind::Text,
            "contact_im",
            Keeping::Contact,
        )
    },
    Spec {
        aliases: &["开户银行", "银行"],
        ..listed(
            "bank_accounts",
            "bank",
            "开户行",
            "Bank",
            Kind::Text,
            "corporate_account",
            Keeping::Clear,
        )
    },
    Spec {
        aliases: &["银行账户", "账号", "对公账号", "银行卡号"],
        ..listed(
            "bank_accounts",
            "account_no",
            "银行账号",
            "Account",
            Kind::Account,
            "corporate_account",
            Keeping::Account,
        )
    },
    Spec {
        choices: ACCOUNT,
        ..listed(
            "bank_accounts",
            "kind",
            "账户性质",
            "Kind",
            Kind::Choice,
            "corporate_account",
            Keeping::Clear,
        )
    },
    listed("shareholders", "name", "股东", "Shareholder", Kind::Text, "ownership", Keeping::Person),
    Spec {
        choices: OWNER,
        ..listed(
            "shareholders",
            "kind",
            "股东类型",
            "Kind",
            Kind::Choice,
            "ownership",
            Keeping::Clear,
        )
    },
    listed(
        "shareholders",
        "id_no",
        "证件号",
        "ID",
        Kind::IdentityNumber,
        "ownership",
        Keeping::Identity,
    ),
    listed(
        "shareholders",
        "share_percent",
        "持股比例",
        "Share",
        Kind::Percent,
        "ownership",
        Keeping::Clear,
    ),
    listed(
        "beneficial_owners",
        "name",
        "受益所有人",
        "Beneficial owner",
        Kind::Text,
        "ownership",
        Keeping::Person,
    ),
    listed(
        "beneficial_owners",
        "id_no",
        "证件号",
        "ID",
        Kind::IdentityNumber,
        "ownership",
        Keeping::Identity,
    ),
    listed(
        "beneficial_owners",
        "share_percent",
        "受益比例",
        "Share",
        Kind::Percent,
        "ownership",
        Keeping::Clear,
    ),
    // A guarantor is reached like a contact, and named like one; only the number is of level 4.
    listed("guarantors", "name", "担保人", "Guarantor", Kind::Text, "contact", Keeping::Contact),
    listed(
        "guarantors",
        "id_no",
        "证件号",
        "ID",
        Kind::IdentityNumber,
        "collateral",
        Keeping::Identity,
    ),
    listed("guarantors", "mobile", "手机", "Mobile", Kind::Phone, "contact", Keeping::Contact),
    listed(
        "guarantors",
        "relation",
        "与客户关系",
        "Relation",
        Kind::Text,
        "contact",
        Keeping::Clear,
    ),
    Spec {
        level: 2,
        ..listed(
            "related_clients",
            "name",
            "关联企业",
            "Related company",
            Kind::Text,
            "registration",
            Keeping::Clear,
        )
    },
    Spec {
        level: 2,
        ..listed(
            "related_clients",
            "uscc",
            "统一社会信用代码",
            "Credit code",
            Kind::Uscc,
            "uscc",
            Keeping::Clear,
        )
    },
    Spec {
        level: 2,
        ..listed(
            "related_clients",
            "relation",
            "关联关系",
            "Relation",
            Kind::Text,
            "registration",
            Keeping::Clear,
        )
    },
    Spec {
        section: Section::Business,
        level: 1,
        ..listed(
            "licences",
            "name",
            "资质证照",
            "Licence",
            Kind::Text,
            "registration",
            Keeping::Clear,
        )
    },
    Spec {
        section: Section::Business,
        level: 1,
        ..listed("licences", "number", "编号", "Number", Kind::Text, "registration", Keeping::Clear)
    },
    Spec {
        section: Section::Business,
        level: 1,
        ..listed(
            "licences",
            "valid_until",
            "有效期至",
            "Valid until",
            Kind::Date,
            "registration",
            Keeping::Clear,
        )
    },
    Spec {
        section: Section::Business,
        ..listed(
            "financing_needs",
            "amount_fen",
            "融资金额",
            "Amount",
            Kind::Money,
            "loan_application",
            Keeping::Clear,
        )
    },
    Spec {
        section: Section::Business,
        ..listed(
            "financing_needs",
            "term_months",
            "期限（月）",
            "Term (months)",
            Kind::Int,
            "loan_application",
            Keeping::Clear,
        )
    },
    Spec {
        section: Section::Business,
        ..listed(
            "financing_needs",
            "purpose",
            "贷款用途",
            "Purpose",
            Kind::Text,
            "loan_application",
            Keeping::Clear,
        )
    },
    Spec {
        section: Section::Business,
        choices: NEED,
        ..listed(
            "financing_needs",
            "status",
            "进度",
            "Status",
            Kind::Choice,
            "loan_application",
            Keeping::Clear,
        )
    },
    Spec {
        section: Section::Business,
        ..listed(
            "financing_needs",
            "bank",
            "意向银行",
            "Bank",
            Kind::Text,
            "loan_application",
            Keeping::Clear,
        )
    },
    Spec {
        section: Section::Business,
        ..listed(
            "financing_needs",
            "note",
            "说明",
            "Note",
            Kind::Long,
            "loan_application",
            Keeping::Clear,
        )
    },
];

/// The lists, in the order in which they are shown.
pub const LISTS: &[List] = &[
    list("contacts", Section::Basic, "联系人", "Contacts", true),
    list("bank_accounts", Section::Basic, "银行账户", "Bank accounts", true),
    list("shareholders", Section::Basic, "股东", "Shareholders", false),
    list("beneficial_owners", Section::Basic, "受益所有人", "Beneficial owners", false),
    list("guarantors", Section::Basic, "担保人", "Guarantors", false),
    list("related_clients", Section::Basic, "关联企业", "Related companies", false),
    list("licences", Section::Business, "资质证照", "Licences", false),
    list("financing_needs", Section::Business, "融资需求", "Financing needs", true),
];

const fn list(
    key: &'static str,
    section: Section,
    zh: &'static str,
    en: &'static str,
    required: bool,
) -> List {
    List { key, section, zh, en, required }
}
