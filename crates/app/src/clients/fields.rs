//! What the archive holds of a client: its fields, by section and list, each with its kind and
//! its item in the classification catalogue. Forms, import, completeness, masking and export are
//! made from the table in `specs`.

use serde::Serialize;
use utoipa::ToSchema;

pub use super::specs::{LISTS, SPECS};

/// The three sections of the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Section {
    /// 基础信息.
    Basic,
    /// 经营信息.
    Business,
    /// 财务信息: statements arrive with the next stage.
    Financial,
}

/// What a field's text must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A line.
    Text,
    /// Several lines.
    Long,
    /// A whole number, not negative.
    Int,
    /// Money, kept in fen, typed in yuan.
    Money,
    /// A day.
    Date,
    /// One of the choices.
    Choice,
    /// 统一社会信用代码.
    Uscc,
    /// Any telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A person's or company's identity number.
    IdentityNumber,
    /// A bank account.
    Account,
    /// GB/T 4754-2017.
    Industry,
    /// A share, up to 100 with two decimals.
    Percent,
}

/// How a field is kept and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// In clear.
    Clear,
    /// In clear, a person's name: masked in exports.
    Person,
    /// Sealed at level 3; shown masked to who may see confidential fields.
    Contact,
    /// Sealed at level 3.
    Account,
    /// Sealed at level 4; its mask sealed at level 3.
    Identity,
}

/// A choice: what is stored, and what people read.
pub type Choice = (&'static str, &'static str, &'static str);

/// A field of the archive.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The key, the same in the API, in imports and on record.
    pub key: &'static str,
    /// The list it belongs to, when a client may have several.
    pub list: Option<&'static str>,
    /// The section.
    pub section: Section,
    /// What its text must be.
    pub kind: Kind,
    /// How it is kept.
    pub keeping: Keeping,
    /// Its item in the catalogue.
    pub item: &'static str,
    /// Its level.
    pub level: u8,
    /// Whether the archive is incomplete without it.
    pub required: bool,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// Its choices.
    pub choices: &'static [Choice],
    /// What the columns of people's workbooks call it, besides its Chinese name.
    pub aliases: &'static [&'static str],
}

/// A list of a client: its key, section, names, and whether one row is needed.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct List {
    /// The key.
    pub key: &'static str,
    /// The section.
    pub section: Section,
    /// The Chinese name.
    pub zh: &'static str,
    /// The English name.
    pub en: &'static str,
    /// Whether the archive is incomplete without a row.
    pub required: bool,
}

/// A field of the client itself.
#[must_use]
pub fn field(key: &str) -> Option<&'static Spec> {
    SPECS.iter().find(|spec| spec.list.is_none() && spec.key == key)
}

/// A field of a list.
#[must_use]
pub fn list_field(list: &str, key: &str) -> Option<&'static Spec> {
    SPECS.iter().find(|spec| spec.list == Some(list) && spec.key == key)
}

/// The fields of a list, in order.
pub fn of_list(list: &str) -> impl Iterator<Item = &'static Spec> {
    SPECS.iter().filter(move |spec| spec.list == Some(list))
}

impl Spec {
    /// `contacts.mobile`, or the key alone: as imports and the record name the field.
    #[must_use]
    pub fn path(&self) -> String {
        self.list.map_or_else(|| self.key.to_owned(), |list| format!("{list}.{}", self.key))
    }

    /// Whether its value is sealed.
    #[must_use]
    pub const fn sealed(&self) -> bool {
        matches!(self.keeping, Keeping::Contact | Keeping::Account | Keeping::Identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_path_of_its_own_and_a_list_that_exists() {
        let mut paths: Vec<String> = SPECS.iter().map(Spec::path).collect();
        paths.sort();
        let before = paths.len();
        paths.dedup();
        assert_eq!(paths.len(), before);
        for spec in SPECS {
            assert!(spec.list.is_none_or(|key| LISTS.iter().any(|list| list.key == key)));
            assert!(!spec.zh.is_empty() && !spec.en.is_empty(), "{}", spec.path());
            assert_eq!(spec.kind == Kind::Choice, !spec.choices.is_empty(), "{}", spec.path());
        }
    }
}
