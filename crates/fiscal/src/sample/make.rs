//! How one invented client is made; each depends on the seed and its own number only.

use std::collections::BTreeMap;

use super::words::{
    BANKS, FANCIES, GIVEN, LICENCES, NEED_STATES, PLACES, POSTS, PURPOSES, RELATIONS, STREETS,
    SURNAMES, TRADES, Trade,
};
use super::{Fields, Flaw, SampleClient};
use crate::identifiers::{organisation, resident, uscc};

const FEN_IN_WAN: i64 = 1_000_000;

/// `SplitMix64`, for repeatable choices only.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64, index: u64) -> Self {
        Self(seed ^ index.wrapping_add(1).wrapping_mul(0xD605_1C4E_9B2F_6E35))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `from` to `to`, both included.
    pub(super) fn between(&mut self, from: i64, to: i64) -> i64 {
        let span = to.abs_diff(from).saturating_add(1);
        from.saturating_add_unsigned(self.next() % span)
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        let count = u64::try_from(from.len()).ok().filter(|count| *count > 0)?;
        from.get(usize::try_from(self.next() % count).ok()?)
    }

    fn word(&mut self, from: &[&'static str]) -> &'static str {
        self.pick(from).copied().unwrap_or("示例")
    }

    fn one_in(&mut self, n: i64) -> bool {
        self.between(1, n) == 1
    }

    fn person(&mut self) -> String {
        format!("{}{}", self.word(&SURNAMES), self.word(&GIVEN))
    }

    /// An identity number of somebody born from 1880 to 1899.
    fn resident_id(&mut self, region: &str) -> String {
        let (year, month) = (self.between(1880, 1899), self.between(1, 12));
        let (day, order) = (self.between(1, 28), self.between(1, 999));
        let head = format!("{region}{year:04}{month:02}{day:02}{order:03}");
        resident::complete(&head).unwrap_or(head)
    }

    /// A mobile number of the prefix 154, which no operator was given.
    fn mobile(&mut self) -> String {
        format!("1540000{:04}", self.between(0, 9_999))
    }

    /// A landline of the area code 026, which no place was given.
    fn landline(&mut self) -> String {
        format!("026-2000{:04}", self.between(0, 9_999))
    }
}

fn row<const N: usize>(pairs: [(&'static str, String); N]) -> Fields {
    BTreeMap::from(pairs)
}

fn flaw_of(index: u64) -> Option<Flaw> {
    if index % 12 != 7 {
        return None;
    }
    Some(match index / 12 % 5 {
        0 => Flaw::NoLegalRepresentative,
        1 => Flaw::OldNumberOnly,
        2 => Flaw::WrongOrganisationDigit,
        3 => Flaw::NoContacts,
        _ => Flaw::DuplicateName,
    })
}

/// The parts of a name, which decide the trade as well.
fn naming(seed: u64, index: u64) -> (Dice, &'static str, &'static Trade) {
    let mut dice = Dice::new(seed, index);
    let fancy = dice.word(&FANCIES);
    let [fallback, ..] = &TRADES;
    let trade = dice.pick(&TRADES).unwrap_or(fallback);
    (dice, fancy, trade)
}

fn full_name(fancy: &str, trade: &Trade, index: u64, sole: bool) -> String {
    let tail = if sole { "经营部" } else { "有限公司" };
    format!("示例{fancy}{}{tail}（演示{:04}）", trade.word, index + 1)
}

/// One client in ten is a sole proprietor.
const fn is_sole(index: u64) -> bool {
    index % 10 == 3
}

/// The client of this number.
pub(super) fn client(seed: u64, index: u64) -> SampleClient {
    let (mut dice, fancy, trade) = naming(seed, index);
    let flaw = flaw_of(index);
    let place = dice.pick(&PLACES).copied().unwrap_or(("110105", "北京市", "北京市", "朝阳区"));
    let mut fields = basics(&mut dice, fancy, trade, index);
    locate(&mut dice, place, &mut fields);
    register(&mut dice, place.0, index, flaw, &mut fields);
    figures(&mut dice, trade, &mut fields);
    if flaw == Some(Flaw::DuplicateName) {
        let (_, fancy, trade) = naming(seed, index - 1);
        let same = full_name(fancy, trade, index - 1, is_sole(index - 1));
        fields.insert("name", same.replace('（', " (").replace('）', ")"));
    }
    if flaw == Some(Flaw::NoLegalRepresentative) {
        fields.remove("legal_rep_name");
        fields.remove("legal_rep_id_no");
    }
    let mut lists = lists(&mut dice, place.0, &fields);
    if flaw == Some(Flaw::NoContacts) {
        lists.insert("contacts", Vec::new());
    }
    SampleClient { fields, lists, flaw }
}

fn basics(dice: &mut Dice, fancy: &str, trade: &Trade, index: u64) -> Fields {
    let sole = is_sole(index);
    let kind = if sole { "个体工商户" } else { dice.word(&COMPANY_KINDS) };
    let scope = format!("一般项目：{}；技术服务；货物进出口（示例经营范围）。", trade.business);
    let year = dice.between(2001, 2024);
    let registered_on = format!("{year:04}-{:02}-{:02}", dice.between(1, 12), dice.between(1, 28));
    row([
        ("name", full_name(fancy, trade, index, sole)),
        ("short_name", format!("示例{fancy}{}{}", trade.word, index + 1)),
        ("enterprise_kind", kind.to_owned()),
        ("registered_on", registered_on),
        ("scope", scope),
        ("main_business", trade.business.to_owned()),
        ("industry_code", trade.industry_code.to_owned()),
        ("upstream", trade.upstream.to_owned()),
        ("downstream", trade.downstream.to_owned()),
    ])
}

const COMPANY_KINDS: [&str; 4] = [
    "有限责任公司（自然人投资或控股）",
    "有限责任公司（自然人独资）",
    "有限责任公司（法人独资）",
    "股份有限公司（非上市）",
];

fn locate(dice: &mut Dice, place: (&str, &str, &str, &str), fields: &mut Fields) {
    let (_, province, city, district) = place;
    let city_in_address = if province == city { "" } else { city };
    let street = dice.word(&STREETS);
    let (number, room) = (dice.between(1, 999), dice.between(101, 2_899));
    fields.insert("province", province.to_owned());
    fields.insert("city", city.to_owned());
    fields.insert(
        "address",
        format!("{province}{city_in_address}{district}{street}{number}号演示大厦{room}室"),
    );
    fields.insert("tax_bureau", format!("{city}{district}税务局（示例）"));
}

fn register(dice: &mut Dice, region: &str, index: u64, flaw: Option<Flaw>, fields: &mut Fields) {
    fields.insert("legal_rep_name", dice.person());
    fields.insert("legal_rep_id_no", dice.resident_id(region));
    if flaw == Some(Flaw::OldNumberOnly) {
        let note = format!("（备注：旧注册号 {region}9{:08}，待换发统一代码）", index + 1);
        fields.entry("scope").or_default().push_str(&note);
        return;
    }
    let prefix = if is_sole(index) { "92" } else { "91" };
    // No organisation code that was ever given out starts with DE.
    let body = format!("DE{:06}", (index + 1) % 1_000_000);
    let right = organisation::check_character(&body).unwrap_or('0');
    let check = match (flaw, right) {
        (Some(Flaw::WrongOrganisationDigit), '1') => '2',
        (Some(Flaw::WrongOrganisationDigit), _) => '1',
        _ => right,
    };
    if let Some(code) = uscc::complete(&format!("{prefix}{region}{body}{check}")) {
        fields.insert("uscc", code);
    }
}

fn figures(dice: &mut Dice, trade: &Trade, fields: &mut Fields) {
    let factor = dice.between(20, 260);
    let revenue_fen = trade.revenue_wan * factor / 100 * FEN_IN_WAN + dice.between(0, 99_999_999);
    let general = revenue_fen > 500 * FEN_IN_WAN;
    let grade = dice.word(&["A", "B", "B", "B", "M", "M", "C"]);
    let capital_wan = dice.pick(&[10, 30, 50, 100, 200, 500, 1_000]).copied().unwrap_or(100);
    let staff = (revenue_fen / (40 * FEN_IN_WAN)).max(1) + dice.between(0, 6);
    let assets_fen = revenue_fen / 10 * dice.between(4, 14);
    let kind = if general { "general" } else { "small" };
    fields.extend([
        ("registered_capital_fen", (capital_wan * FEN_IN_WAN).to_string()),
        ("taxpayer_kind", kind.to_owned()),
        ("tax_credit_grade", grade.to_owned()),
        ("staff_count", staff.to_string()),
        ("total_assets_fen", assets_fen.to_string()),
        ("revenue_fen", revenue_fen.to_string()),
    ]);
}

fn lists(dice: &mut Dice, region: &str, fields: &Fields) -> BTreeMap<&'static str, Vec<Fields>> {
    let mut lists = BTreeMap::from([
        ("contacts", Vec::new()),
        ("bank_accounts", Vec::new()),
        ("shareholders", shareholders(dice, region, fields)),
        ("guarantors", Vec::new()),
        ("financing_needs", Vec::new()),
        ("licences", Vec::new()),
    ]);
    let mut fill = |key, count, make: &dyn Fn(&mut Dice, i64) -> Fields| {
        lists.insert(key, (0..count).map(|at| make(dice, at)).collect::<Vec<_>>());
    };
    let count = |low: u64, high: u64, salt: &str| {
        // How many rows each list has follows from the name, so that it is repeatable too.
        let name = fields.get("short_name").map_or("", String::as_str);
        let sum: u64 = name.bytes().chain(salt.bytes()).map(u64::from).sum();
        i64::try_from(low + sum % (high - low + 1)).unwrap_or(1)
    };
    fill("contacts", count(1, 3, "contacts"), &contact);
    fill("bank_accounts", count(1, 2, "accounts"), &account);
    fill("guarantors", count(0, 1, "guarantors"), &|dice, _| guarantor(dice, region));
    fill("financing_needs", count(0, 2, "needs"), &need);
    fill("licences", count(0, 2, "licences"), &licence);
    lists
}

fn contact(dice: &mut Dice, at: i64) -> Fields {
    let handle = format!("sample_{:05}", dice.between(0, 99_999));
    let role = if at == 0 { "财务负责人" } else { dice.word(&POSTS) };
    row([
        ("name", dice.person()),
        ("role", role.to_owned()),
        ("mobile", dice.mobile()),
        ("landline", dice.landline()),
        ("email", format!("{handle}@shili.example")),
        ("wechat", handle),
    ])
}

fn account(dice: &mut Dice, at: i64) -> Fields {
    row([
        ("bank", format!("{}演示支行", dice.word(&BANKS))),
        ("account_no", format!("0000{:012}", dice.between(1, 999_999_999_999))),
        ("kind", if at == 0 { "basic" } else { "general" }.to_owned()),
    ])
}

fn shareholders(dice: &mut Dice, region: &str, fields: &Fields) -> Vec<Fields> {
    let first_name = fields.get("legal_rep_name").cloned().unwrap_or_else(|| dice.person());
    let first_id =
        fields.get("legal_rep_id_no").cloned().unwrap_or_else(|| dice.resident_id(region));
    let holder = |name: String, kind: &str, id_no: String, share: i64| {
        row([
            ("name", name),
            ("kind", kind.to_owned()),
            ("id_no", id_no),
            ("share_percent", share.to_string()),
        ])
    };
    if dice.one_in(3) {
        return vec![holder(first_name, "person", first_id, 100)];
    }
    let share = dice.between(51, 90);
    let second = if dice.one_in(5) {
        let body = format!("DF{:06}", dice.between(1, 999_999));
        let inner = organisation::complete(&body).unwrap_or(body);
        let code = uscc::complete(&format!("91{region}{inner}")).unwrap_or_default();
        holder("示例持股平台有限公司（演示）".to_owned(), "company", code, 100 - share)
    } else {
        let (name, id_no) = (dice.person(), dice.resident_id(region));
        holder(name, "person", id_no, 100 - share)
    };
    vec![holder(first_name, "person", first_id, share), second]
}

fn guarantor(dice: &mut Dice, region: &str) -> Fields {
    row([
        ("name", dice.person()),
        ("id_no", dice.resident_id(region)),
        ("mobile", dice.mobile()),
        ("relation", dice.word(&RELATIONS).to_owned()),
    ])
}

fn need(dice: &mut Dice, _at: i64) -> Fields {
    let term = dice.pick(&[6, 12, 12, 24, 36]).copied().unwrap_or(12);
    row([
        ("amount_fen", (dice.between(2, 60) * 10 * FEN_IN_WAN).to_string()),
        ("term_months", term.to_string()),
        ("purpose", dice.word(&PURPOSES).to_owned()),
        ("status", dice.word(&NEED_STATES).to_owned()),
        ("bank", dice.word(&BANKS).to_owned()),
    ])
}

fn licence(dice: &mut Dice, _at: i64) -> Fields {
    let until = format!(
        "{:04}-{:02}-{:02}",
        dice.between(2025, 2030),
        dice.between(1, 12),
        dice.between(1, 28)
    );
    row([
        ("name", dice.word(&LICENCES).to_owned()),
        ("number", format!("YANSHI{:08}", dice.between(1, 99_999_999))),
        ("valid_until", until),
    ])
}
