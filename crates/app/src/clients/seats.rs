//! The three places that a client gives: 负责人, 复核人 and department. They stand in the table of
//! relations, as access needs them there, and change by versions like any field.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use trust::access::{Holder, Relation, RelationKind, set_relation};
use trust::database::Writer;
use values::{ClientId, DepartmentId, Error, Kind, Micros, Result, UserId};

/// Who sits where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seats {
    /// 负责人.
    pub lead: Option<UserId>,
    /// 复核人.
    pub reviewer: Option<UserId>,
    /// The department.
    pub department: Option<DepartmentId>,
}

/// What a version calls 负责人.
pub const LEAD: &str = "@lead";
/// What a version calls 复核人.
pub const REVIEWER: &str = "@reviewer";
/// What a version calls the department.
pub const DEPARTMENT: &str = "@department";

impl Seats {
    /// The seats among a client's relations.
    #[must_use]
    pub fn of(relations: &[Relation]) -> Self {
        let mut seats = Self::default();
        for relation in relations {
            match (relation.kind, relation.holder) {
                (RelationKind::Lead, Holder::User(id)) => seats.lead = Some(id),
                (RelationKind::Reviewer, Holder::User(id)) => seats.reviewer = Some(id),
                (RelationKind::Department, Holder::Department(id)) => seats.department = Some(id),
                _ => {}
            }
        }
        seats
    }

    /// Those who sit there.
    pub fn holders(&self) -> impl Iterator<Item = Holder> + use<> {
        let users = [self.lead, self.reviewer].into_iter().flatten().map(Holder::User);
        users.chain(self.department.map(Holder::Department))
    }

    /// Refuses one person in two seats.
    ///
    /// # Errors
    /// Conflict `client.same_person`.
    pub fn check(&self) -> Result<()> {
        if self.lead.is_none() || self.lead != self.reviewer {
            return Ok(());
        }
        Err(Error::new(
            Kind::Conflict,
            "client.same_person",
            "负责人与复核人不能为同一人",
            "负责人 and 复核人 must be two people",
        ))
    }

    /// Notes what was before in the seats that changed.
    pub fn note(&self, after: &Self, was: &mut BTreeMap<String, Json>) {
        let text = |id: Option<String>| id.map_or(Json::Null, Json::from);
        let user = |id: Option<UserId>| text(id.map(|id| id.to_string()));
        if self.lead != after.lead {
            was.insert(LEAD.to_owned(), user(self.lead));
        }
        if self.reviewer != after.reviewer {
            was.insert(REVIEWER.to_owned(), user(self.reviewer));
        }
        if self.department != after.department {
            was.insert(DEPARTMENT.to_owned(), text(self.department.map(|id| id.to_string())));
        }
    }

    /// Puts one seat back to what a version noted; false when the key names no seat.
    ///
    /// # Errors
    /// Internal when the note is no id.
    pub fn put_back(&mut self, key: &str, was: &Json) -> Result<bool> {
        let id = was.as_str();
        match key {
            LEAD => self.lead = id.map(str::parse).transpose()?,
            REVIEWER => self.reviewer = id.map(str::parse).transpose()?,
            DEPARTMENT => self.department = id.map(str::parse).transpose()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// Writes the seats that changed.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn save(
    writer: &mut Writer,
    client: ClientId,
    before: &Seats,
    after: &Seats,
    now: Micros,
) -> Result<()> {
    let user = |id: Option<UserId>| id.map(Holder::User);
    let places = [
        (RelationKind::Lead, user(before.lead), user(after.lead)),
        (RelationKind::Reviewer, user(before.reviewer), user(after.reviewer)),
        (
            RelationKind::Department,
            before.department.map(Holder::Department),
            after.department.map(Holder::Department),
        ),
    ];
    for (kind, was, is) in places {
        if was != is {
            set_relation(writer, client, kind, is, None, now).await?;
        }
    }
    Ok(())
}
