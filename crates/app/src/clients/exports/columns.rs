//! The columns of an export: which there are, and what stands in their cells.

use documents::{Column, Kind as CellKind, Value};
use fiscal::masks;
use jiff::tz::TimeZone;
use values::{Error, Result};

use crate::clients::fields::{Keeping, Kind, LISTS, Spec};
use crate::clients::rules::{self, STAGES};

/// Where a column's cells come from.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// The code people use.
    Code,
    /// The stage, in words.
    Stage,
    /// The enterprise size, in words.
    Size,
    /// 负责人.
    Lead,
    /// 复核人.
    Reviewer,
    /// The department.
    Department,
    /// The tags.
    Tags,
    /// 0 to 100.
    Completeness,
    /// When it was last changed.
    UpdatedAt,
    /// A field of the client.
    Own(&'static Spec),
    /// A field of the rows of a list.
    Listed(&'static Spec),
}

/// A column that was chosen.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Its path, as the record names it.
    pub path: String,
    /// What stands above it.
    pub header: String,
    /// Where its cells come from.
    pub source: Source,
}

/// The columns that come unless others are asked for.
const USUAL: [&str; 20] = [
    "code",
    "name",
    "short_name",
    "uscc",
    "stage",
    "taxpayer_kind",
    "legal_rep_name",
    "industry_code",
    "size",
    "registered_capital_fen",
    "registered_on",
    "province",
    "city",
    "tax_bureau",
    "lead",
    "reviewer",
    "department",
    "tags",
    "completeness",
    "updated_at",
];

/// What an unmasked export adds to them.
const OPEN: [&str; 8] = [
    "contacts.name",
    "contacts.role",
    "contacts.mobile",
    "contacts.landline",
    "contacts.email",
    "contacts.wechat",
    "bank_accounts.bank",
    "bank_accounts.account_no",
];

/// The columns asked for by their paths, or the usual ones.
///
/// # Errors
/// Invalid for a column that does not exist or never leaves the house.
pub fn choose(specs: &[&'static Spec], asked: Option<&str>, open: bool) -> Result<Vec<Chosen>> {
    let asked: Vec<&str> = match asked.map(str::trim).filter(|asked| !asked.is_empty()) {
        Some(asked) => asked.split(',').map(str::trim).collect(),
        None if open => USUAL.iter().chain(&OPEN).copied().collect(),
        None => USUAL.to_vec(),
    };
    let mut chosen: Vec<Chosen> = Vec::with_capacity(asked.len());
    for path in asked {
        if !chosen.iter().any(|column| column.path == path) {
            chosen.push(column(specs, path)?);
        }
    }
    Ok(chosen)
}

fn column(specs: &[&'static Spec], path: &str) -> Result<Chosen> {
    let (header, source) = match path {
        "code" => ("客户编号".to_owned(), Source::Code),
        "stage" => ("阶段".to_owned(), Source::Stage),
        "size" => ("企业规模".to_owned(), Source::Size),
        "lead" => ("负责人".to_owned(), Source::Lead),
        "reviewer" => ("复核人".to_owned(), Source::Reviewer),
        "department" => ("部门".to_owned(), Source::Department),
        "tags" => ("标签".to_owned(), Source::Tags),
        "completeness" => ("完整度(%)".to_owned(), Source::Completeness),
        "updated_at" => ("更新时间".to_owned(), Source::UpdatedAt),
        _ => {
            let spec = specs.iter().copied().find(|spec| spec.path() == path);
            named(spec.ok_or_else(unknown)?)?
        }
    };
    Ok(Chosen { path: path.to_owned(), header, source })
}

fn named(spec: &'static Spec) -> Result<(String, Source)> {
    if spec.keeping == Keeping::Identity {
        return Err(Error::invalid(
            "columns",
            "export.identity",
            "证件号码不得导出",
            "Identity numbers are never exported",
        ));
    }
    let unit = if spec.kind == Kind::Money { "(元)" } else { "" };
    Ok(match LISTS.iter().find(|list| Some(list.key) == spec.list) {
        None => (format!("{}{unit}", spec.zh), Source::Own(spec)),
        Some(list) if spec.zh.starts_with(list.zh) => {
            (format!("{}{unit}", spec.zh), Source::Listed(spec))
        }
        Some(list) => (format!("{}{}{unit}", list.zh, spec.zh), Source::Listed(spec)),
    })
}

fn unknown() -> Error {
    Error::invalid("columns", "export.column_unknown", "没有这一列", "There is no such column")
}

impl Chosen {
    /// Its field, if it is one.
    #[must_use]
    pub const fn spec(&self) -> Option<&'static Spec> {
        match self.source {
            Source::Own(spec) | Source::Listed(spec) => Some(spec),
            _ => None,
        }
    }

    /// Whether its cells need the right to confidential fields.
    #[must_use]
    pub fn confidential(&self) -> bool {
        self.spec().is_some_and(|spec| spec.level >= 3)
    }

    /// How it looks in a table; masked amounts are bands, which are text.
    #[must_use]
    pub fn layout(&self, open: bool) -> Column {
        let kind = match self.source {
            Source::Completeness => CellKind::Integer,
            Source::Own(spec) if !spec.sealed() && (open || !banded(spec)) => match spec.kind {
                Kind::Money => CellKind::Money,
                Kind::Int => CellKind::Integer,
                Kind::Date => CellKind::Date,
                _ => CellKind::Text,
            },
            _ => CellKind::Text,
        };
        Column::new(self.header.clone(), kind)
    }
}

/// Whether an amount leaves the house as a band only.
fn banded(spec: &Spec) -> bool {
    spec.kind == Kind::Money && spec.level >= 3
}

/// What a masked export shows of a text that the caller may see.
#[must_use]
pub fn masked(spec: &Spec, text: String) -> String {
    if banded(spec) {
        return text.parse().map_or(text, |fen| masks::amount_band(fen).to_owned());
    }
    rules::mask(spec, &text)
}

/// The cell of a field's text.
#[must_use]
pub fn cell(spec: &Spec, text: String) -> Value {
    let plain = || Value::Text(text.clone());
    match spec.kind {
        Kind::Money => text.parse().map_or_else(|_| plain(), Value::Fen),
        Kind::Int => text.parse().map_or_else(|_| plain(), Value::Integer),
        Kind::Date => documents::Date::parse(&text).map_or_else(plain, Value::Date),
        _ => Value::Text(worded(spec, text)),
    }
}

/// A text as people read it: choices by their names, amounts in yuan.
#[must_use]
pub fn worded(spec: &Spec, text: String) -> String {
    match spec.kind {
        Kind::Choice => {
            let choice = spec.choices.iter().find(|(key, ..)| *key == text);
            choice.map_or(text, |(_, zh, _)| (*zh).to_owned())
        }
        Kind::Money => text
            .parse::<i64>()
            .map_or(text, |fen| format!("{}.{:02}", fen / 100, fen.rem_euclid(100))),
        _ => text,
    }
}

/// The stage in words.
#[must_use]
pub fn stage(key: &str) -> String {
    let known = STAGES.iter().find(|(stage, ..)| *stage == key);
    known.map_or(key, |(_, zh, _)| *zh).to_owned()
}

/// A moment to the minute, in the firm's zone.
#[must_use]
pub fn minute(at: values::Micros, zone: &TimeZone) -> String {
    let stamp = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    stamp.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}
