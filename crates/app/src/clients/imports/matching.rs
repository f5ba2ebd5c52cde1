//! Which column of a workbook holds which field: by name, however people write it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use fiscal::capital::Unit;
use fiscal::names;
use sha2::{Digest, Sha256};
use values::{Error, Result};

use super::rules::Mode;
use crate::clients::fields::{Choice, Keeping, Kind, LISTS, Section, Spec};
use crate::clients::rules::STAGES;

/// Names that say too little outside their own list.
const PLAIN: &[&str] = &["编号", "说明", "进度", "证件号", "有效期至", "与客户关系", "关联关系"];

/// What workbooks call fields besides what the archive's own table says.
const ALSO: &[(&str, &[&str])] = &[
    (
        "name",
        &[
            "企业全称",
            "公司全称",
            "客户全称",
            "单位全称",
            "企业",
            "公司",
            "单位",
            "客户",
            "商户名称",
        ],
    ),
    (
        "uscc",
        &[
            "统一社会信用代码证号",
            "统一代码",
            "社会统一信用代码",
            "税务登记号",
            "营业执照号码",
            "营业执照注册号",
            "注册号",
            "纳税人识别码",
            "识别号",
            "企业代码",
            "企业税号",
            "公司税号",
        ],
    ),
    ("legal_rep_name", &["法定代表人姓名", "法人代表姓名", "企业法人", "法定负责人", "法人名称"]),
    (
        "legal_rep_id_no",
        &[
            "法定代表人身份证号",
            "法定代表人身份证",
            "法人代表身份证号",
            "法人身份证号码",
            "法人身份证件号码",
            "身份证号",
            "身份证号码",
        ],
    ),
    ("registered_on", &["成立", "设立日期", "开业日期", "注册日", "工商注册日期", "营业执照日期"]),
    ("registered_capital_fen", &["资本金", "注册资本总额", "认缴资本", "认缴出资额"]),
    ("enterprise_kind", &["企业性质", "公司性质", "单位类型", "登记类型", "市场主体类型"]),
    ("scope", &["经营项目", "营业范围"]),
    ("province", &["所属省份", "注册省份", "省市"]),
    ("city", &["所属城市", "地市", "区域", "所属地区"]),
    ("address", &["注册地", "注册住所", "工商注册地址", "登记地址", "单位地址", "住址"]),
    ("office_address", &["实际地址", "实际办公地址", "通讯地址", "联系地址"]),
    ("taxpayer_kind", &["纳税人种类", "增值税纳税人类型", "纳税类型", "纳税人性质"]),
    ("tax_bureau", &["税务所", "所属税务局", "所属税务机关", "主管税局"]),
    ("staff_count", &["员工数", "从业人员", "职工数", "用工人数", "从业人员数", "参保人数"]),
    ("total_assets_fen", &["资产"]),
    ("revenue_fen", &["销售额", "年销售额", "收入总额"]),
    ("industry_code", &["行业名称", "行业类别", "所属行业代码", "行业类型"]),
    ("contacts.name", &["联系人名称", "客户联系人", "主要联系人", "财务联系人"]),
    ("contacts.role", &["联系人职务", "职位", "岗位"]),
    (
        "contacts.mobile",
        &[
            "手机号码",
            "移动电话",
            "联系手机",
            "联系电话号码",
            "电话号码",
            "联系人手机",
            "联系人手机号",
            "联系人联系方式",
            "法人电话",
            "法人手机",
            "法人联系电话",
        ],
    ),
    ("contacts.landline", &["办公电话", "公司电话", "企业电话"]),
    ("contacts.email", &["电子邮件", "邮箱地址", "电邮"]),
    ("contacts.wechat", &["微信号码"]),
    ("bank_accounts.bank", &["开户行名称", "基本户开户行", "银行名称", "开户网点"]),
    (
        "bank_accounts.account_no",
        &[
            "银行账号",
            "银行帐号",
            "帐号",
            "开户账号",
            "开户帐号",
            "基本户账号",
            "对公账户",
            "银行账户号",
        ],
    ),
    ("bank_accounts.kind", &["账户类型"]),
];

/// A column's name without width, blanks and marks, and what stood in its last brackets.
fn parts(header: &str) -> (String, Vec<String>) {
    let key = names::compare_key(header);
    let (mut bare, mut notes, mut note) = (String::new(), Vec::new(), None::<String>);
    for c in key.chars() {
        match (c, &mut note) {
            ('(', None) => note = Some(String::new()),
            (')', Some(_)) => notes.extend(note.take()),
            (c, Some(note)) => note.push(c),
            (c, None) if is_mark(c) => {}
            (c, None) => bare.push(c),
        }
    }
    notes.extend(note);
    (bare, notes)
}

const fn is_mark(c: char) -> bool {
    matches!(c, '*' | ':' | '_' | '-' | '·' | '"' | '.' | '、' | '。' | '#' | '/' | '\\' | '!')
}

/// What a bare number of an amount counts, as the column's name says; nothing where it is silent.
#[must_use]
pub fn unit_of(header: &str) -> Option<Unit> {
    let (bare, notes) = parts(header);
    let ten_thousand = |text: &str| text.contains('万');
    if notes.iter().any(|note| ten_thousand(note)) || bare.ends_with("万元") || bare.ends_with('万')
    {
        Some(Unit::TenThousand)
    } else if notes.iter().any(|note| note.contains('元')) || bare.ends_with('元') {
        Some(Unit::Yuan)
    } else {
        None
    }
}

/// The mark by which a layout is known again: its names in their order, however they are spaced.
#[must_use]
pub fn layout_of(headers: &[String]) -> String {
    let mut hash = Sha256::new();
    for header in headers {
        hash.update(names::compare_key(header).as_bytes());
        hash.update(b"\n");
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every known name of every field; where two fields share one, the first field has it.
fn known(specs: &[&'static Spec]) -> BTreeMap<String, &'static Spec> {
    let mut known = BTreeMap::new();
    let mut add = |name: &str, spec: &'static Spec| {
        let (bare, _) = parts(name);
        if !bare.is_empty() {
            known.entry(bare).or_insert(spec);
        }
    };
    for spec in specs.iter().copied().chain(PLACES) {
        add(&spec.path(), spec);
        let titles = || std::iter::once(&spec.zh).chain(spec.aliases);
        let plain = spec.list.is_some() && PLAIN.contains(&spec.zh);
        if !plain {
            titles().for_each(|title| add(title, spec));
        }
        if let Some(list) = LISTS.iter().find(|list| Some(list.key) == spec.list) {
            titles().for_each(|title| add(&format!("{}{title}", list.zh), spec));
        } else {
            add(spec.en, spec);
        }
    }
    for (path, names) in ALSO {
        if let Some(spec) = spec_at(specs, path) {
            names.iter().for_each(|name| add(name, spec));
        }
    }
    known
}

/// Where a new client is to stand: columns that are no fields of its archive.
pub const PLACES: &[Spec] = &[
    place(
        "stage",
        "阶段",
        "Stage",
        Kind::Choice,
        &["客户阶段", "客户状态", "服务状态", "合作状态"],
    ),
    place("lead", "负责人", "Lead", Kind::Text, &["客户负责人", "主办会计", "经办人", "跟进人"]),
    place("department", "部门", "Department", Kind::Text, &["所属部门", "归属部门", "服务部门"]),
];

const fn place(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    kind: Kind,
    aliases: &'static [&'static str],
) -> Spec {
    let choices: &[Choice] = if matches!(kind, Kind::Choice) { &STAGES } else { &[] };
    Spec {
        key,
        list: None,
        section: Section::Basic,
        kind,
        keeping: Keeping::Clear,
        item: "staff_account",
        level: 1,
        required: false,
        zh,
        en,
        choices,
        aliases,
    }
}

/// Whether a column says where a client is to stand.
#[must_use]
pub fn places(spec: &Spec) -> bool {
    PLACES.iter().any(|place| std::ptr::eq(place, spec))
}

/// The field of a path such as `contacts.mobile`, or a place such as `lead`.
#[must_use]
pub fn spec_at(specs: &[&'static Spec], path: &str) -> Option<&'static Spec> {
    specs.iter().copied().chain(PLACES).find(|spec| spec.path() == path)
}

/// The field of each column, as far as its name tells; no field twice.
#[must_use]
pub fn guess(specs: &[&'static Spec], headers: &[String]) -> Vec<Option<String>> {
    let known = known(specs);
    let found = |header: &String| {
        let (bare, notes) = parts(header);
        let whole = format!("{bare}{}", notes.concat());
        known.get(&whole).or_else(|| known.get(&bare)).copied()
    };
    let mut guessed: Vec<Option<String>> =
        headers.iter().map(|header| found(header).map(Spec::path)).collect();
    part_phones(headers, &mut guessed);
    let mut taken = BTreeSet::new();
    for path in &mut guessed {
        if path.as_ref().is_some_and(|path| !taken.insert(path.clone())) {
            *path = None;
        }
    }
    guessed
}

/// Where a workbook has both 手机 and 联系电话, the latter is the landline.
fn part_phones(headers: &[String], guessed: &mut [Option<String>]) {
    let is = |path: &Option<String>, wanted: &str| path.as_deref() == Some(wanted);
    let mobiles = guessed.iter().filter(|path| is(path, "contacts.mobile")).count();
    if mobiles < 2 || guessed.iter().any(|path| is(path, "contacts.landline")) {
        return;
    }
    let spoken = |header: &String| header.contains("手机") || header.contains("移动");
    if !headers.iter().zip(guessed.iter()).any(|(h, p)| is(p, "contacts.mobile") && spoken(h)) {
        return;
    }
    let other = headers
        .iter()
        .zip(guessed.iter_mut())
        .find(|(header, path)| is(path, "contacts.mobile") && !spoken(header));
    if let Some((_, path)) = other {
        *path = Some("contacts.landline".to_owned());
    }
}

/// The field that a column fills.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The field.
    pub spec: &'static Spec,
    /// What a bare number of an amount counts, where the column's name says so.
    pub unit: Option<Unit>,
}

/// Which column fills which field.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    columns: Vec<Option<Target>>,
}

impl Mapping {
    /// The mapping of a file's columns; a name is needed, and for updates the credit code.
    ///
    /// # Errors
    /// Invalid when a field does not exist, is filled twice, or one that is needed is not filled.
    pub fn new(
        specs: &[&'static Spec],
        headers: &[String],
        fields: &[Option<String>],
        mode: Mode,
    ) -> Result<Self> {
        let mut taken = BTreeSet::new();
        let mut columns = Vec::with_capacity(headers.len());
        for (header, path) in headers.iter().zip(fields) {
            let Some(path) = path else {
                columns.push(None);
                continue;
            };
            let spec = spec_at(specs, path).ok_or_else(|| unknown(header))?;
            if !taken.insert(path.clone()) {
                return Err(twice(spec));
            }
            columns.push(Some(Target { spec, unit: unit_of(header) }));
        }
        let mapping = Self { columns };
        if mode != Mode::Update && mapping.column("name").is_none() {
            return Err(needed("企业名称", "the name"));
        }
        if mode != Mode::Create && mapping.column("uscc").is_none() {
            return Err(needed("统一社会信用代码", "the credit code"));
        }
        Ok(mapping)
    }

    /// The column of a field.
    #[must_use]
    pub fn column(&self, path: &str) -> Option<usize> {
        self.columns
            .iter()
            .position(|target| target.is_some_and(|target| target.spec.path() == path))
    }

    /// The columns that fill a field.
    pub fn filled(&self) -> impl Iterator<Item = (usize, Target)> + '_ {
        self.columns.iter().enumerate().filter_map(|(index, target)| Some((index, (*target)?)))
    }

    /// The catalogue items that the file holds.
    #[must_use]
    pub fn classes(&self) -> BTreeSet<&'static str> {
        self.filled().map(|(_, target)| target.spec.item).collect()
    }

    /// Whether a column is an amount of money.
    #[must_use]
    pub fn is_money(target: Target) -> bool {
        target.spec.kind == Kind::Money
    }
}

fn unknown(header: &str) -> Error {
    Error::invalid(
        header.to_owned(),
        "import.field_unknown",
        format!("列“{header}”对应的字段不存在"),
        format!("The field chosen for column \"{header}\" does not exist"),
    )
}

fn twice(spec: &Spec) -> Error {
    Error::invalid(
        spec.path(),
        "import.field_twice",
        format!("“{}”对应了两列，请只留一列", spec.zh),
        format!("Two columns fill {}; keep one", spec.en),
    )
}

fn needed(zh: &str, en: &str) -> Error {
    Error::invalid(
        "mapping",
        "import.field_needed",
        format!("请指定“{zh}”所在的列"),
        format!("Say which column holds {en}"),
    )
}
