//! The classification catalogue: every kind of information Heng keeps, with its level, who sees it,
//! how it is masked, how long it is kept, and whether it is sealed and searchable.
//!
//! The catalogue itself is data (`catalogue.toml`). Which column of the store holds which item is
//! stated beside the tables, in a text that [`Columns::parse`] reads:
//!
//! ```toml
//! [client]
//! id = "technical"
//! name = "enterprise_name"
//! legal_rep_id_no = "legal_rep_id_no"                              # sealed, as the item says
//! legal_rep_id_no_token = { item = "legal_rep_id_no", form = "token" }
//!
//! [contact]
//! phone = { item = "contact", mask = "phone" }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use values::{Error, Result};

/// Keys, versions, moments and other columns that say nothing about anyone.
pub const TECHNICAL: &str = "technical";

/// Whom `readers`, `writers` and `reveal` may name.
const HOLDERS: [&str; 18] = [
    "all",
    "self",
    "system",
    "client",
    "external",
    "sysadmin",
    "secadmin",
    "auditor",
    "principal",
    "supervisor",
    "reviewer",
    "accountant",
    "tax_adviser",
    "financing_adviser",
    "client_manager",
    "quality",
    "complaint_officer",
    "compliance",
];

/// Declares an enum whose variants are words of the catalogue.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        pub enum $name {
            $($(#[$inner])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// The word that the catalogue and the API use.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

words! {
    /// What kind of information an item is.
    Category {
        /// Public knowledge about an organisation.
        OrganisationPublic "organisation_public",
        /// How an organisation does business.
        OrganisationBusiness "organisation_business",
        /// An organisation's money.
        OrganisationFinance "organisation_finance",
        /// An organisation's taxes.
        OrganisationTax "organisation_tax",
        /// What an organisation keeps from its competitors.
        OrganisationSecret "organisation_secret",
        /// About an organisation and persons at once.
        OrganisationPersonal "organisation_personal",
        /// Personal information.
        Personal "personal",
        /// Sensitive personal information.
        PersonalSensitive "personal_sensitive",
        /// What proves who someone is.
        Authentication "authentication",
        /// Records of the firm's own work.
        Record "record",
        /// Internal to the firm.
        Internal "internal",
        /// Internal to the firm, and harmful if known.
        InternalSecret "internal_secret",
        /// Computed from other items.
        Derived "derived",
        /// Public.
        Public "public",
        /// What keeps the system safe.
        Security "security",
        /// Everything at once.
        Mixed "mixed",
        /// Figures of operation about nobody.
        Operational "operational",
    }
}

words! {
    /// How a value is shown to those who may not see it whole.
    Mask {
        /// As it is.
        None "none",
        /// First and last character.
        IdNumber "id_number",
        /// Mobile: first three, last four; landline: area code, last two.
        Phone "phone",
        /// First character.
        PersonName "person_name",
        /// Last four.
        BankAccount "bank_account",
        /// First character and domain.
        Email "email",
        /// Down to the district.
        Address "address",
        /// A band of amounts.
        AmountBand "amount_band",
        /// First character of a nick name or account.
        FirstCharacter "first_character",
        /// The other party's name.
        Counterparty "counterparty",
        /// Nothing.
        Hidden "hidden",
        /// A digest in place of identities.
        Digest "digest",
    }
}

words! {
    /// Where the time of keeping counts from.
    Basis {
        /// When it was made.
        Created "created",
        /// The end of its tax year.
        YearEnd "year_end",
        /// The client's end.
        ClientEnd "client_end",
        /// The engagement's end.
        EngagementEnd "engagement_end",
        /// The engagement's end, or the withdrawal of consent if that comes first.
        EngagementOrConsentEnd "engagement_or_consent_end",
        /// The end of the relation with the person or account.
        RelationEnd "relation_end",
        /// The end of employment.
        EmploymentEnd "employment_end",
        /// When what it was gathered for is done.
        PurposeEnd "purpose_end",
        /// The loan's end.
        LoanEnd "loan_end",
        /// The close of the complaint.
        ComplaintClose "complaint_close",
        /// The end of its validity.
        ValidityEnd "validity_end",
        /// Annual ones for ever, others from when they were made.
        AnnualPermanent "annual_permanent",
        /// As long as the statements it comes from.
        WithStatements "with_statements",
        /// As long as it is in use.
        InUse "in_use",
        /// As long as its version is current.
        ByVersion "by_version",
        /// No rule: public and replaceable.
        Free "none",
    }
}

words! {
    /// How an item can be searched.
    Search {
        /// Not at all.
        None "none",
        /// In clear.
        Text "text",
        /// By exact value, through a keyed index.
        Blind "blind",
    }
}

words! {
    /// How a column holds its item.
    Form {
        /// In clear.
        Clear "clear",
        /// Sealed.
        Sealed "sealed",
        /// As a keyed token for exact search.
        Token "token",
        /// As a one-way hash, such as a password's.
        Hashed "hashed",
        /// As a key wrapped under the master key.
        Wrapped "wrapped",
    }
}

/// How long an item is kept: a basis, and at most one length from it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Where the time counts from.
    pub basis: Basis,
    /// For so many years.
    pub years: Option<u16>,
    /// For so many months.
    pub months: Option<u16>,
    /// For so many days.
    pub days: Option<u16>,
}

/// One item of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub struct Item {
    /// Its name in code and data.
    pub key: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// What kind of information it is.
    pub category: Category,
    /// 1 to 4.
    pub level: u8,
    /// Who sees it by default.
    pub readers: Vec<String>,
    /// Who enters it by default.
    pub writers: Vec<String>,
    /// How it is masked; one for each kind of field in it.
    pub mask: Vec<Mask>,
    /// How long it is kept.
    pub retention: Retention,
    /// Whether it is encrypted field by field.
    pub sealed: bool,
    /// How it can be searched.
    pub searchable: Search,
    /// Who may reveal it, where it must be revealed.
    pub reveal_roles: Vec<String>,
}

/// An item as the file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    key: String,
    name: Name,
    class: Class,
    readers: Vec<String>,
    writers: Vec<String>,
    #[serde(default)]
    mask: Vec<Mask>,
    retention: Retention,
    #[serde(default)]
    sealed: bool,
    searchable: Option<Search>,
    #[serde(default)]
    reveal: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    category: Category,
    level: u8,
}

impl From<Written> for Item {
    fn from(written: Written) -> Self {
        Self {
            key: written.key,
            zh: written.name.zh,
            en: written.name.en,
            category: written.class.category,
            level: written.class.level,
            readers: written.readers,
            writers: written.writers,
            mask: written.mask,
            retention: written.retention,
            sealed: written.sealed,
            searchable: written.searchable.unwrap_or(Search::None),
            reveal_roles: written.reveal,
        }
    }
}

impl Item {
    /// What is wrong with it, if anything.
    fn fault(&self) -> Option<&'static str> {
        let named = |c: char| c.is_ascii_lowercase() || c == '_';
        let holders = [&self.readers, &self.writers, &self.reveal_roles];
        let lengths = [self.retention.years, self.retention.months, self.retention.days];
        if self.key.is_empty() || self.key == TECHNICAL || !self.key.chars().all(named) {
            Some("its key is no name")
        } else if self.zh.is_empty() || self.en.is_empty() {
            Some("it lacks a name")
        } else if !(1..=4).contains(&self.level) {
            Some("its level is not 1 to 4")
        } else if holders.into_iter().flatten().any(|h| !HOLDERS.contains(&h.as_str())) {
            Some("it names an unknown role")
        } else if self.mask.contains(&Mask::None) {
            Some("it has a mask that hides nothing")
        } else if lengths.iter().flatten().count() > 1 {
            Some("its retention has more than one length")
        } else if self.sealed && self.level < 3 {
            Some("it is sealed below level 3, for which there is no key")
        } else if self.searchable == Search::Blind && !self.sealed {
            Some("it has a keyed index without being sealed")
        } else if self.searchable == Search::Text && self.sealed {
            Some("it is sealed but searched in clear")
        } else {
            None
        }
    }
}

/// The catalogue.
#[derive(Debug, Clone)]
pub struct Catalogue {
    items: Vec<Item>,
    places: BTreeMap<String, usize>,
}

impl Catalogue {
    /// The catalogue that Heng ships.
    ///
    /// # Errors
    /// Internal when it is faulty, which a test prevents.
    pub fn embedded() -> Result<Self> {
        Self::parse(include_str!("catalogue.toml"))
    }

    /// The catalogue of a text.
    ///
    /// # Errors
    /// Invalid when the text is no catalogue or an item is faulty; the message names the item.
    pub fn parse(text: &str) -> Result<Self> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Document {
            item: Vec<Item>,
        }
        let document: Document = toml::from_str(text).map_err(|e| faulty("catalogue", &e))?;
        let mut places = BTreeMap::new();
        for (place, item) in document.item.iter().enumerate() {
            if let Some(fault) = item.fault() {
                return Err(faulty(&item.key, &fault));
            }
            if places.insert(item.key.clone(), place).is_some() {
                return Err(faulty(&item.key, &"its key stands twice"));
            }
        }
        Ok(Self { items: document.item, places })
    }

    /// All items in their order.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The item of a key.
    #[must_use]
    pub fn item(&self, key: &str) -> Option<&Item> {
        self.items.get(*self.places.get(key)?)
    }
}

/// What a column of the store holds, with everything resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnClass {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The key of the catalogue item, or [`TECHNICAL`].
    pub item: String,
    /// The level: the item's, or a higher one.
    pub level: u8,
    /// How it is masked.
    pub mask: Mask,
    /// How it is held.
    pub form: Form,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Item(String),
    Full(Full),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Full {
    item: String,
    mask: Option<Mask>,
    form: Option<Form>,
    level: Option<u8>,
}

/// What every column of the store holds.
#[derive(Debug, Clone, Default)]
pub struct Columns(BTreeMap<(String, String), ColumnClass>);

impl Columns {
    /// Reads the text that states it: a TOML table for each table, a line for each column.
    ///
    /// # Errors
    /// Invalid when a line names no item, or treats its item less carefully than the catalogue
    /// asks for; the message names table and column.
    pub fn parse(text: &str, catalogue: &Catalogue) -> Result<Self> {
        let tables: BTreeMap<String, BTreeMap<String, Line>> =
            toml::from_str(text).map_err(|e| faulty("columns", &e))?;
        let mut all = BTreeMap::new();
        for (table, lines) in tables {
            for (column, line) in lines {
                let full = match line {
                    Line::Full(full) => full,
                    Line::Item(item) => Full { item, mask: None, form: None, level: None },
                };
                let class = resolve(catalogue, &table, &column, &full)
                    .map_err(|fault| faulty(&format!("{table}.{column}"), &fault))?;
                all.insert((table.clone(), column), class);
            }
        }
        Ok(Self(all))
    }

    /// What a column holds.
    #[must_use]
    pub fn of(&self, table: &str, column: &str) -> Option<&ColumnClass> {
        self.0.get(&(table.to_owned(), column.to_owned()))
    }

    /// All columns, by table and name.
    pub fn iter(&self) -> impl Iterator<Item = &ColumnClass> {
        self.0.values()
    }

    /// Those of a store's columns that are not classified.
    #[must_use]
    pub fn unclassified<S: AsRef<str>>(&self, store: &[(S, S)]) -> Vec<(String, String)> {
        let known = |(table, column): &&(S, S)| self.of(table.as_ref(), column.as_ref()).is_none();
        let owned = |(t, c): &(S, S)| (t.as_ref().to_owned(), c.as_ref().to_owned());
        store.iter().filter(known).map(owned).collect()
    }

    /// Those classified columns that the store does not have.
    #[must_use]
    pub fn absent<S: AsRef<str>>(&self, store: &[(S, S)]) -> Vec<(String, String)> {
        let there: BTreeSet<(&str, &str)> =
            store.iter().map(|(t, c)| (t.as_ref(), c.as_ref())).collect();
        let gone = |(t, c): &&(String, String)| !there.contains(&(t.as_str(), c.as_str()));
        self.0.keys().filter(gone).cloned().collect()
    }
}

fn resolve(
    catalogue: &Catalogue,
    table: &str,
    column: &str,
    line: &Full,
) -> Result<ColumnClass, &'static str> {
    let class = |level, mask, form| ColumnClass {
        table: table.to_owned(),
        column: column.to_owned(),
        item: line.item.clone(),
        level,
        mask,
        form,
    };
    if line.item == TECHNICAL {
        let plain = line.mask.is_none() && line.form.is_none() && line.level.is_none();
        return if plain {
            Ok(class(1, Mask::None, Form::Clear))
        } else {
            Err("a technical column has no mask, form or level")
        };
    }
    let item = catalogue.item(&line.item).ok_or("the catalogue has no such item")?;
    let level = line.level.unwrap_or(item.level);
    if !(item.level..=4).contains(&level) {
        return Err("a column's level may only be higher than its item's, up to 4");
    }
    let form = line.form.unwrap_or(if item.sealed { Form::Sealed } else { Form::Clear });
    match form {
        Form::Clear if item.sealed && level == 4 => {
            return Err("an item of level 4 that is sealed may not be held in clear");
        }
        Form::Sealed if level < 3 => return Err("below level 3 there is no key to seal with"),
        Form::Token if item.searchable != Search::Blind => {
            return Err("the catalogue gives its item no keyed index");
        }
        _ => {}
    }
    let shown = matches!(form, Form::Clear | Form::Sealed);
    let mask = match (line.mask, item.mask.as_slice()) {
        _ if !shown => Mask::Hidden,
        (Some(Mask::None), masks) if masks.contains(&Mask::Hidden) => {
            return Err("its item must be hidden");
        }
        (Some(Mask::None), _) | (None, []) => Mask::None,
        (Some(mask), masks) if masks.contains(&mask) => mask,
        (Some(_), _) => return Err("its item has no such mask"),
        (None, [only]) => *only,
        (None, _) => return Err("its item has several masks; say which"),
    };
    Ok(class(level, mask, form))
}

fn faulty(what: &str, fault: &dyn std::fmt::Display) -> Error {
    Error::invalid(
        what,
        "vault.catalogue",
        format!("分类分级目录有误（{what}）：{fault}"),
        format!("The classification is wrong at {what}: {fault}"),
    )
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
