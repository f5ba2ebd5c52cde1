//! The body of an entry: what is hashed into the record's tree.
//!
//! It is canonical JSON: one line, keys sorted, nothing that is empty, so that the same entry has
//! always the same bytes. It says who did what to which clients, when, why and how it ended. It
//! never carries the values of a field: a change names its fields, and names are checked for being
//! names.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use values::{ClientId, EntryId, Error, Micros, Result};

/// The longest purpose that is kept, in characters.
pub const PURPOSE_MOST: usize = 500;
/// The longest name of a field, an action or a class.
const NAME_MOST: usize = 80;

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Something was changed.
    Done,
    /// The right was missing.
    Denied,
    /// Something was shown.
    Shown,
}

impl Outcome {
    /// The word that stores and filters use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Denied => "denied",
            Self::Shown => "shown",
        }
    }
}

/// What a change touched: names, versions and counts, never values.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Change {
    /// Counts, such as the created and the rejected rows of an import.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, i64>,
    /// The names of the fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The version after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
}

impl Change {
    /// No change, as of a view.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether nothing was changed.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// The body of an entry. The fields are declared in the order of their names, which is the order
/// they are written in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The name of the action.
    pub action: String,
    /// Who: a user's id, or the name of a job or of a local operator.
    pub actor: String,
    /// What kind of actor: `user`, `token`, `job`, `operator`, `nobody`.
    pub actor_kind: String,
    /// The name that the actor went by.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub actor_name: String,
    /// When.
    #[serde(with = "moment")]
    pub at: Micros,
    /// What was changed.
    #[serde(default, skip_serializing_if = "Change::is_none")]
    pub change: Change,
    /// The classes of the fields that were touched or shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// Every client that was touched or shown; written as packed ids in base64url.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "packed")]
    pub clients: Vec<ClientId>,
    /// The entry's own id, so that two entries cannot change places.
    pub id: EntryId,
    /// From where: the address and what the browser calls itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub origin: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What for; what a person typed when asked is kept as typed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    /// The code of the refusal, when the right was missing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub refusal: String,
    /// The id of the request.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request: String,
    /// What the action was aimed at, when that is not a client.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
}

impl Body {
    /// The canonical text.
    ///
    /// # Errors
    /// Internal when an action, class, field or count has something else than a name, or the
    /// purpose is too long; such an entry must not be written.
    pub fn canonical(&self) -> Result<String> {
        let names = [&self.action, &self.actor_kind]
            .into_iter()
            .chain(&self.classes)
            .chain(&self.change.fields)
            .chain(self.change.counts.keys());
        for name in names {
            if !is_name(name) {
                return Err(Error::internal("an entry of the record carries more than names"));
            }
        }
        if self.purpose.chars().count() > PURPOSE_MOST {
            return Err(Error::internal("the purpose of an entry is too long"));
        }
        serde_json::to_string(self).map_err(Error::internal)
    }

    /// The body of a stored text.
    ///
    /// # Errors
    /// Internal when the text is no body.
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(Error::internal)
    }
}

/// What verification compares of a body, borrowed from the stored text: making a whole body of each
/// of a million entries would take longer than hashing them.
#[derive(Debug, Deserialize)]
pub(super) struct Stated<'t> {
    #[serde(borrow)]
    pub(super) action: Cow<'t, str>,
    #[serde(borrow)]
    pub(super) actor: Cow<'t, str>,
    #[serde(borrow)]
    pub(super) at: Cow<'t, str>,
    #[serde(borrow, default)]
    pub(super) clients: Cow<'t, str>,
    #[serde(borrow)]
    pub(super) id: Cow<'t, str>,
    #[serde(borrow)]
    pub(super) outcome: Cow<'t, str>,
}

impl<'t> Stated<'t> {
    /// What a stored text states; nothing when it is no body.
    pub(super) fn of(text: &'t str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// Whether a text is a name: letters, digits and `. _ -` only, so no value slips in as one.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (1..=NAME_MOST).contains(&text.len())
        && text.chars().all(fits)
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Ids packed one after the other, sixteen bytes each, in base64url without padding.
#[must_use]
pub fn pack(clients: &[ClientId]) -> String {
    let mut bytes = Vec::with_capacity(clients.len() * 16);
    clients.iter().for_each(|id| bytes.extend_from_slice(id.as_bytes()));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The ids of a packed text.
///
/// # Errors
/// Internal when the text holds no whole ids.
pub fn unpack(text: &str) -> Result<Vec<ClientId>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(Error::internal)?;
    let (ids, left_over) = bytes.as_chunks::<16>();
    if !left_over.is_empty() {
        return Err(Error::internal("packed ids are cut short"));
    }
    ids.iter().map(|id| ClientId::from_bytes(id)).collect()
}

mod packed {
    use super::*;

    pub(super) fn serialize<S: Serializer>(ids: &[ClientId], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&pack(ids))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<ClientId>, D::Error> {
        let text = String::deserialize(from)?;
        unpack(&text).map_err(|_| D::Error::custom("no packed ids"))
    }
}

mod moment {
    use super::*;

    pub(super) fn serialize<S: Serializer>(at: &Micros, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&at.rfc3339())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Micros, D::Error> {
        let text = String::deserialize(from)?;
        let stamp: Timestamp = text.parse().map_err(|_| D::Error::custom("no moment"))?;
        Ok(Micros(stamp.as_microsecond()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use values::{FixedClock, SeededEntropy};

    use super::*;

    fn client(seed: u64) -> ClientId {
        ClientId::new(&FixedClock::new(Micros(1)), &SeededEntropy::new(seed))
    }

    fn body() -> Body {
        Body {
            action: "client.update".into(),
            actor: "01890000-0000-7000-8000-000000000001".into(),
            actor_kind: "user".into(),
            actor_name: String::new(),
            at: Micros(1_767_196_800_000_001),
            change: Change {
                fields: vec!["short_name".into(), "custom.region".into()],
                from: Some(3),
                to: Some(4),
                ..Change::none()
            },
            classes: vec!["enterprise_name".into()],
            clients: vec![client(1), client(2)],
            id: "01890000-0000-7000-8000-00000000000a".parse().unwrap(),
            origin: "10.0.0.7".into(),
            outcome: Outcome::Done,
            purpose: "年检\n更名".into(),
            refusal: String::new(),
            request: "r-1".into(),
            target: String::new(),
        }
    }

    #[test]
    fn a_body_is_one_line_of_json_with_sorted_keys_and_nothing_empty() {
        let text = body().canonical().unwrap();
        assert_eq!(
            text,
            format!(
                "{{\"action\":\"client.update\",\
                 \"actor\":\"01890000-0000-7000-8000-000000000001\",\"actor_kind\":\"user\",\
                 \"at\":\"2025-12-31T16:00:00.000001Z\",\
                 \"change\":{{\"fields\":[\"short_name\",\"custom.region\"],\"from\":3,\"to\":4}},\
                 \"classes\":[\"enterprise_name\"],\"clients\":\"{}\",\
                 \"id\":\"01890000-0000-7000-8000-00000000000a\",\"origin\":\"10.0.0.7\",\
                 \"outcome\":\"done\",\"purpose\":\"年检\\n更名\",\"request\":\"r-1\"}}",
                pack(&[client(1), client(2)])
            )
        );
        let sorted: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&sorted).unwrap(), text);
    }

    #[test]
    fn a_body_with_something_else_than_names_is_refused() {
        let refused = |change: &dyn Fn(&mut Body)| {
            let mut body = body();
            change(&mut body);
            body.canonical().is_err()
        };
        assert!(refused(&|b| b.change.fields.push("13800001234".into())));
        assert!(refused(&|b| b.change.fields.push("张三".into())));
        assert!(refused(&|b| b.change.fields.push(String::new())));
        assert!(refused(&|b| b.classes.push("a b".into())));
        assert!(refused(&|b| b.action.push('"')));
        assert!(refused(&|b| {
            b.change.counts.insert("某公司".into(), 1);
        }));
        assert!(refused(&|b| b.purpose = "字".repeat(PURPOSE_MOST + 1)));
        assert!(!refused(&|b| b.purpose = "字".repeat(PURPOSE_MOST)));
    }

    #[test]
    fn packed_ids_that_are_cut_short_are_refused() {
        let text = pack(&[client(1)]);
        assert_eq!(unpack(&text).unwrap(), [client(1)]);
        assert_eq!(unpack("").unwrap(), []);
        assert!(unpack(&text[..20]).is_err());
        assert!(unpack("!").is_err());
    }

    proptest! {
        #[test]
        fn every_body_reads_back_and_writes_the_same_text(
            purpose in ".{0,60}",
            origin in ".{0,60}",
            target in ".{0,30}",
            seeds in proptest::collection::vec(any::<u64>(), 0..5),
            at in 0_i64..4_000_000_000_000_000,
            counted in proptest::option::of(any::<i64>()),
            from in proptest::option::of(any::<i64>()),
        ) {
            let change = Change {
                counts: counted.into_iter().map(|n| ("rows".to_owned(), n)).collect(),
                fields: Vec::new(),
                from,
                to: None,
            };
            let clients = seeds.into_iter().map(client).collect();
            let body = Body { purpose, origin, target, clients, at: Micros(at), change, ..body() };
            let text = body.canonical().unwrap();
            prop_assert!(!text.contains('\n'));
            let back = Body::parse(&text).unwrap();
            prop_assert_eq!(back.canonical().unwrap(), text);
            prop_assert_eq!(back, body);
        }
    }
}
