//! What a field's text must be, how the archive's completeness is counted, and which steps of the
//! life cycle are open. Pure: values in, values out.

use std::collections::BTreeMap;

use fiscal::identifiers::{self, Kind as IdentifierKind};
use fiscal::{Finding, bank, capital, dates, industries, masks, phones};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::fields::{self, Keeping, Kind, LISTS, SPECS, Section, Spec};

/// A value as it is kept: in clear, or sealed in base64 with, at level 4, its sealed mask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Stored {
    /// In clear.
    Clear(String),
    /// Sealed.
    Sealed {
        /// The sealed value.
        s: String,
        /// The sealed mask.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        m: Option<String>,
    },
}

impl Stored {
    /// The text of a value in clear.
    #[must_use]
    pub fn clear(&self) -> Option<&str> {
        match self {
            Self::Clear(text) => Some(text),
            Self::Sealed { .. } => None,
        }
    }
}

/// The fields of a client or of a row of one of its lists.
pub type Fields = BTreeMap<String, Stored>;

/// A text that passed: what is kept, and what should be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What is kept.
    pub value: String,
    /// Warnings and hints.
    pub findings: Vec<Finding>,
    /// The currency, for capital that is not in yuan.
    pub currency: Option<&'static str>,
}

impl Checked {
    fn plain(value: impl Into<String>) -> Self {
        Self { value: value.into(), findings: Vec::new(), currency: None }
    }
}

/// Longest text of a line and of a long field, in characters.
const LINE_MOST: usize = 200;
const LONG_MOST: usize = 20_000;

/// Reads a text for a field. `None` is a placeholder that says nothing, such as `N/A`.
///
/// # Errors
/// The finding that makes it wrong.
pub fn check(spec: &Spec, raw: &str, today: Date) -> Result<Option<Checked>, Finding> {
    let text = raw.trim();
    if text.is_empty() || fiscal::placeholders::is_placeholder(text) {
        return Ok(None);
    }
    if fiscal::placeholders::looks_garbled(text) {
        return Err(Finding::error(
            "text.garbled",
            format!("“{}”是乱码，请用正确的编码重新导出", spec.zh),
            format!("{} is garbled; export it again in the right encoding", spec.en),
        ));
    }
    let most = if spec.kind == Kind::Long { LONG_MOST } else { LINE_MOST };
    if text.chars().count() > most {
        return Err(Finding::error(
            "text.too_long",
            format!("“{}”超过 {most} 个字", spec.zh),
            format!("{} is longer than {most} characters", spec.en),
        ));
    }
    by_kind(spec, text, today)
}

fn by_kind(spec: &Spec, text: &str, today: Date) -> Result<Option<Checked>, Finding> {
    Ok(Some(match spec.kind {
        Kind::Text | Kind::Long => Checked::plain(text),
        Kind::Int => Checked::plain(whole(spec, text)?),
        Kind::Money => return money(spec, text),
        Kind::Percent => Checked::plain(percent(text)?),
        Kind::Date => match dates::read(text)? {
            dates::DateText::Day(day) => Checked::plain(day.to_string()),
            dates::DateText::OpenEnded => Checked::plain("9999-12-31"),
            dates::DateText::Placeholder => return Ok(None),
        },
        Kind::Choice => Checked::plain(choice(spec, text)?),
        Kind::Uscc => identifier(text, IdentifierKind::Uscc, today)?,
        Kind::IdentityNumber => identity(text, today)?,
        Kind::Phone => {
            let phone = phones::read(text)?;
            Checked { value: phone.normalised, findings: phone.findings, currency: None }
        }
        Kind::Email => Checked::plain(email(text)?),
        Kind::Account => {
            let (value, findings) = bank::corporate_account(text)?;
            Checked { value, findings, currency: None }
        }
        Kind::Industry => Checked::plain(industries::lookup(text)?.code),
    }))
}

fn whole(spec: &Spec, text: &str) -> Result<String, Finding> {
    let digits: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ' | '人')).collect();
    match digits.parse::<i64>() {
        Ok(number) if (0..=1_000_000_000).contains(&number) => Ok(number.to_string()),
        _ => Err(Finding::error(
            "number.unreadable",
            format!("“{}”应为非负整数", spec.zh),
            format!("{} must be a whole number, not negative", spec.en),
        )),
    }
}

/// Money: with a unit as registers write it, else in yuan.
fn money(spec: &Spec, text: &str) -> Result<Option<Checked>, Finding> {
    let Some(read) = capital::parse_with(text, Some(capital::Unit::Yuan))? else {
        return Ok(None);
    };
    if read.amount_fen < 0 {
        return Err(Finding::error(
            "money.negative",
            format!("“{}”不能为负数", spec.zh),
            format!("{} must not be negative", spec.en),
        ));
    }
    let currency = (read.currency != "CNY").then_some(read.currency);
    Ok(Some(Checked { value: read.amount_fen.to_string(), findings: Vec::new(), currency }))
}

fn percent(text: &str) -> Result<String, Finding> {
    let wrong = || {
        Finding::error(
            "percent.unreadable",
            "比例应在 0 到 100 之间，最多两位小数",
            "A share is 0 to 100 with at most two decimals",
        )
    };
    let bare = text.trim_end_matches(['%', '％']).trim();
    let (whole, part) = bare.split_once('.').unwrap_or((bare, ""));
    let fits = !whole.is_empty()
        && whole.len() <= 3
        && part.len() <= 2
        && whole.chars().chain(part.chars()).all(|c| c.is_ascii_digit());
    let number: i64 = whole.parse().map_err(|_| wrong())?;
    let rest: i64 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
    if fits && number * 100 + rest <= 10_000 { Ok(bare.to_owned()) } else { Err(wrong()) }
}

fn choice(spec: &Spec, text: &str) -> Result<String, Finding> {
    let meant = |(key, zh, en): &&fields::Choice| {
        *key == text || text.contains(zh) || en.eq_ignore_ascii_case(text)
    };
    spec.choices.iter().find(meant).map(|(key, ..)| (*key).to_owned()).ok_or_else(|| {
        let known: Vec<&str> = spec.choices.iter().map(|(_, zh, _)| *zh).collect();
        Finding::error(
            "choice.unknown",
            format!("“{}”只能填：{}", spec.zh, known.join("、")),
            format!("{} is none of its choices", spec.en),
        )
    })
}

fn identifier(text: &str, kind: IdentifierKind, today: Date) -> Result<Checked, Finding> {
    let report = identifiers::check(text, Some(kind), today);
    if let Some(error) = report.findings.iter().find(|finding| finding.is_error()) {
        return Err(error.clone());
    }
    Ok(Checked { value: report.normalised, findings: report.findings, currency: None })
}

/// A person's number, or a company's code where an owner or guarantor may be either.
fn identity(text: &str, today: Date) -> Result<Checked, Finding> {
    identifier(text, IdentifierKind::ResidentId, today).or_else(|refused| {
        let plain = identifiers::normalise(text);
        let passport = (6..=20).contains(&plain.len())
            && plain.chars().all(|c| c.is_ascii_alphanumeric())
            && plain.chars().any(|c| c.is_ascii_alphabetic())
            && plain.len() != 18;
        if let Ok(company) = identifier(text, IdentifierKind::Uscc, today) {
            Ok(company)
        } else if passport {
            Ok(Checked::plain(plain))
        } else {
            Err(refused)
        }
    })
}

fn email(text: &str) -> Result<String, Finding> {
    let good = text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !text.contains(char::is_whitespace)
    });
    if good {
        return Ok(text.to_lowercase());
    }
    Err(Finding::error("email.unreadable", "邮箱格式不正确", "This is no e-mail address"))
}

/// The mask that a value is shown by.
#[must_use]
pub fn mask(spec: &Spec, value: &str) -> String {
    match (spec.keeping, spec.kind) {
        (Keeping::Clear, _) => value.to_owned(),
        (Keeping::Identity, _) => masks::id_number(value),
        (Keeping::Account, _) => masks::bank_account(value),
        (_, Kind::Phone) => masks::phone(value),
        (_, Kind::Email) => masks::email(value),
        (Keeping::Person, _) => masks::person_name(value),
        _ if spec.item == "contact_im" => masks::wechat(value),
        _ => masks::person_name(value),
    }
}

/// What is missing of one section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SectionState {
    /// The section.
    pub section: Section,
    /// How much of what is required is there, 0 to 100.
    pub percent: i64,
    /// What is missing.
    pub missing: Vec<Missing>,
}

/// A field or list that is required and missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Missing {
    /// Its key.
    pub key: String,
    /// Its Chinese name.
    pub zh: String,
}

/// Counts completeness: the whole, and each section with what is missing.
#[must_use]
pub fn completeness(fields: &Fields, rows: &dyn Fn(&str) -> usize) -> (i64, Vec<SectionState>) {
    let (mut needed_all, mut there_all) = (0_i64, 0_i64);
    let mut states = Vec::new();
    for section in [Section::Basic, Section::Business] {
        let mut missing = Vec::new();
        let mut needed = 0_i64;
        for spec in SPECS {
            if spec.list.is_none() && spec.required && spec.section == section {
                needed += 1;
                if !fields.contains_key(spec.key) {
                    missing.push(Missing { key: spec.key.to_owned(), zh: spec.zh.to_owned() });
                }
            }
        }
        for list in LISTS.iter().filter(|list| list.required && list.section == section) {
            needed += 1;
            if rows(list.key) == 0 {
                missing.push(Missing { key: list.key.to_owned(), zh: list.zh.to_owned() });
            }
        }
        let there = needed - i64::try_from(missing.len()).unwrap_or(0);
        needed_all += needed;
        there_all += there;
        states.push(SectionState { section, percent: there * 100 / needed.max(1), missing });
    }
    (there_all * 100 / needed_all.max(1), states)
}

/// The steps of a client's life cycle.
pub const STAGES: [(&str, &str, &str); 6] = [
    ("prospect", "潜在", "Prospect"),
    ("onboarding", "建档中", "Onboarding"),
    ("active", "服务中", "Active"),
    ("suspended", "暂停", "Suspended"),
    ("ended", "已终止", "Ended"),
    ("archived", "已归档", "Archived"),
];

/// The currency of a client's registered capital, where it is not yuan.
#[must_use]
pub fn foreign_currency(fields: &Fields) -> Option<&str> {
    let currency = fields.get("capital_currency").and_then(Stored::clear)?;
    (!matches!(currency, "CNY" | "RMB" | "人民币" | "人民币元")).then_some(currency)
}

/// What a step looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// A credit code is there.
    pub uscc: bool,
    /// A 负责人 is named.
    pub lead: bool,
    /// A 复核人 is named, and is another person.
    pub reviewer: bool,
    /// Contacts.
    pub contacts: usize,
    /// Financing needs that are neither settled nor declined.
    pub open_needs: usize,
}

/// Whether a client may go from one stage to another.
///
/// # Errors
/// Why not, in Chinese and English.
pub fn may_advance(
    from: &str,
    to: &str,
    client: &Standing,
) -> Result<(), (&'static str, &'static str)> {
    let open = matches!(
        (from, to),
        ("prospect", "onboarding" | "archived")
            | ("onboarding", "active" | "prospect" | "ended")
            | ("active", "suspended" | "ended")
            | ("suspended", "active" | "ended")
            | ("ended", "archived" | "onboarding")
            | ("archived", "onboarding")
    );
    if !open {
        return Err(("当前阶段不能直接进入该阶段", "This step is not open from here"));
    }
    match to {
        "onboarding" if !client.lead => Err(("请先指定负责人", "Name a 负责人 first")),
        "active" if !client.uscc => Err(("请先填写统一社会信用代码", "The credit code is missing")),
        "active" if !client.lead || !client.reviewer => Err((
            "请先指定负责人和复核人（不能为同一人）",
            "Name 负责人 and 复核人, two people, first",
        )),
        "active" if client.contacts == 0 => {
            Err(("请先登记至少一位联系人", "At least one contact is needed"))
        }
        "archived" if client.open_needs > 0 => {
            Err(("仍有未了结的融资需求", "Financing needs are still open"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(key: &str, raw: &str) -> Result<Option<String>, &'static str> {
        let spec = fields::field(key).or_else(|| fields::list_field("contacts", key)).unwrap();
        check(spec, raw, date(2026, 6, 1))
            .map(|checked| checked.map(|c| c.value))
            .map_err(|finding| finding.code)
    }

    #[test]
    fn texts_are_read_as_their_kind_says() {
        let kept = |value: &str| Ok(Some(value.to_owned()));
        assert_eq!(read("name", "  示例公司 "), kept("示例公司"));
        assert_eq!(read("name", "N/A"), Ok(None));
        assert_eq!(read("registered_on", "2001年8月30日"), kept("2001-08-30"));
        assert_eq!(read("registered_capital_fen", "200(万元人民币)"), kept("200000000"));
        assert_eq!(read("registered_capital_fen", "12.5"), kept("1250"));
        assert_eq!(read("staff_count", "1,200人"), kept("1200"));
        assert_eq!(read("staff_count", "-3"), Err("number.unreadable"));
        assert_eq!(read("taxpayer_kind", "小规模纳税人"), kept("small"));
        assert_eq!(read("taxpayer_kind", "大户"), Err("choice.unknown"));
        assert_eq!(read("email", "A@Example.com"), kept("a@example.com"));
        assert_eq!(read("email", "nobody"), Err("email.unreadable"));
        assert_eq!(read("uscc", " 9 1110000-600037341l "), kept("91110000600037341L"));
        assert_eq!(read("uscc", "91110000600037341K"), Err("uscc.check"));
        assert_eq!(read("legal_rep_id_no", "11010519491231002x"), kept("11010519491231002X"));
    }

    #[test]
    fn a_client_goes_along_its_life_cycle_step_by_step() {
        let ready = Standing { uscc: true, lead: true, reviewer: true, contacts: 1, open_needs: 0 };
        assert!(may_advance("prospect", "onboarding", &ready).is_ok());
        assert!(may_advance("onboarding", "active", &ready).is_ok());
        assert!(may_advance("prospect", "active", &ready).is_err());
        let lacking = [
            Standing { uscc: false, ..ready },
            Standing { lead: false, ..ready },
            Standing { reviewer: false, ..ready },
            Standing { contacts: 0, ..ready },
        ];
        for client in lacking {
            assert!(may_advance("onboarding", "active", &client).is_err());
        }
        assert!(may_advance("ended", "archived", &Standing { open_needs: 1, ..ready }).is_err());
    }

    #[test]
    fn completeness_counts_what_is_required_and_names_what_is_missing() {
        let (nothing, states) = completeness(&Fields::new(), &|_| 0);
        assert_eq!(nothing, 0);
        assert!(states[0].missing.iter().any(|m| m.key == "contacts"));
        let full: Fields = SPECS
            .iter()
            .filter(|s| s.list.is_none())
            .map(|s| (s.key.to_owned(), Stored::Clear("x".into())))
            .collect();
        assert_eq!(completeness(&full, &|_| 1).0, 100);
    }
}
