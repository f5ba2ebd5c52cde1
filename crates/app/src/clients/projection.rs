//! What lists filter, sort and show of a client, computed from its fields alone and written in
//! one order, whether the client is new or changed.

use fiscal::{names, size};
use jiff::civil::Date;
use trust::database::Value;
use values::Result;

use super::fields::SPECS;
use super::rows::{Authorship, Item, json};
use super::rules::{self, Fields, Stored};
use super::search;

/// The columns of a new client: those of its [`Projection`] first.
pub const INSERTED: &[&str] = &[
    "stage",
    "fields",
    "name",
    "name_key",
    "pinyin",
    "short_name",
    "uscc",
    "legal_rep_name",
    "taxpayer_kind",
    "industry_code",
    "size_class",
    "registered_capital_fen",
    "registered_on",
    "region",
    "tags",
    "completeness",
    "findings",
    "updated_at",
    "id",
    "number",
    "code",
    "version",
    "created_at",
    "import_id",
];

/// Changes a client that is still at the version it was read at: the columns of its
/// [`Projection`] first.
pub const UPDATE: &str = "UPDATE client SET stage = $1, fields = $2, name = $3, name_key = \
     $4, pinyin = $5, short_name = $6, uscc = $7, legal_rep_name = \
     $8, taxpayer_kind = $9, industry_code = $10, size_class = $11, \
     registered_capital_fen = $12, registered_on = $13, region = $14, \
     tags = $15, completeness = $16, findings = $17, updated_at = \
     $18, version = $19, recycled_at = $20 WHERE id = $21 AND version \
     = $22";

/// A client's columns in the order of the statements above, and the words it is found by.
pub struct Projection {
    /// The columns.
    pub row: Vec<Value>,
    /// The words.
    pub tokens: String,
}

/// The size of an enterprise as its fields say.
#[must_use]
pub fn size_of(fields: &Fields, today: Date) -> size::Verdict {
    let number = |key: &str| fields.get(key).and_then(Stored::clear)?.parse().ok();
    let figures = size::Figures {
        industry_code: fields.get("industry_code").and_then(Stored::clear),
        staff: number("staff_count"),
        revenue_fen: number("revenue_fen"),
        assets_fen: number("total_assets_fen"),
    };
    size::classify(&figures, today)
}

/// Computes a client's columns.
///
/// # Errors
/// Internal when the fields cannot be written as text.
pub fn project(
    stage: &str,
    fields: &Fields,
    items: &[Item],
    tags: &[String],
    author: &Authorship<'_>,
) -> Result<Projection> {
    let clear = |key: &str| fields.get(key).and_then(Stored::clear).map(str::to_owned);
    let name = clear("name").unwrap_or_default();
    let indexed = search::index(&name, clear("short_name").as_deref());
    let size_class = size_of(fields, author.today).size.and_then(|size| {
        serde_json::to_value(size).ok().and_then(|v| v.as_str().map(str::to_owned))
    });
    let capital: Option<i64> = clear("registered_capital_fen").and_then(|text| text.parse().ok());
    let region: String = [clear("province"), clear("city")].into_iter().flatten().collect();
    let count = |list: &str| items.iter().filter(|item| item.list == list).count();
    let (completeness, _) = rules::completeness(fields, &count);
    let row = vec![
        stage.into(),
        json(fields)?.into(),
        name.as_str().into(),
        names::compare_key(&name).into(),
        indexed.pinyin.into(),
        clear("short_name").into(),
        clear("uscc").into(),
        clear("legal_rep_name").into(),
        clear("taxpayer_kind").into(),
        clear("industry_code").into(),
        size_class.into(),
        capital.into(),
        clear("registered_on").into(),
        (!region.is_empty()).then_some(region).into(),
        json(&tags)?.into(),
        completeness.into(),
        findings(fields, author.today).into(),
        author.at.into(),
    ];
    Ok(Projection { row, tokens: indexed.tokens })
}

/// How many warnings the clear fields carry.
fn findings(fields: &Fields, today: Date) -> i64 {
    let count = SPECS
        .iter()
        .filter(|spec| spec.list.is_none() && !spec.sealed())
        .filter_map(|spec| Some((spec, fields.get(spec.key)?.clear()?)))
        .filter_map(|(spec, text)| rules::check(spec, text, today).ok().flatten())
        .flat_map(|checked| checked.findings)
        .filter(|finding| finding.severity != fiscal::Severity::Hint)
        .count();
    i64::try_from(count).unwrap_or(i64::MAX)
}
