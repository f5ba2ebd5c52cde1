//! Where a new client is to stand: what its row says, as far as the importer may say it.

use trust::access::{Actor, RelationKind};
use trust::database::{Reader, Value};
use values::{ClientId, DepartmentId, Result, UserId};

use super::rows::Run;
use super::rules::{Draft, Note};
use crate::App;
use crate::clients::actions::PlaceImported;
use crate::identity::{self, Names};

/// Where a new client is to stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The stage.
    pub stage: String,
    /// 负责人; nobody for 待分配.
    pub lead: Option<UserId>,
    /// The department.
    pub department: Option<DepartmentId>,
}

impl Place {
    /// Who stands how to a client that is put here.
    pub fn relations(&self, id: ClientId) -> impl Iterator<Item = (ClientId, RelationKind, Value)> {
        let lead = self.lead.map(|lead| (id, RelationKind::Lead, lead.into()));
        let department = self.department.map(|d| (id, RelationKind::Department, d.into()));
        lead.into_iter().chain(department)
    }
}

/// Reads what rows say of places, with the importer's rights and the firm's names at hand.
pub struct Placing<'a> {
    run: &'a Run,
    actor: &'a Actor,
    others: bool,
    names: Names,
}

impl<'a> Placing<'a> {
    /// For a batch of one import.
    ///
    /// # Errors
    /// Unavailable when the store is away.
    pub async fn new(
        app: &App,
        actor: &'a Actor,
        run: &'a Run,
        reader: &mut Reader,
    ) -> Result<Self> {
        let others = app.access.may::<PlaceImported>(actor, ()).await?.is_some();
        Ok(Self { run, actor, others, names: identity::names(reader).await? })
    }

    /// Where a new client is to stand; what cannot be followed is noted.
    ///
    /// # Errors
    /// Unavailable when the store is away.
    pub async fn place(
        &self,
        reader: &mut Reader,
        draft: &Draft,
        notes: &mut Vec<Note>,
    ) -> Result<Place> {
        let stage = draft.place.get("stage").unwrap_or(&self.run.stage).clone();
        let mut place = Place { stage, lead: None, department: self.run.department };
        if let Some(text) = draft.place.get("department") {
            let found = self.names.department_named(text);
            let own = found.is_some_and(|id| self.actor.departments().contains(&id));
            match found {
                None => notes.push(self.note(
                    "department.unknown",
                    format!("没有名为“{text}”的部门，归导入人所在部门"),
                    text,
                )),
                Some(_) if !own && !self.others => notes.push(self.note(
                    "department.not_allowed",
                    "您只能导入到自己的部门，归导入人所在部门".to_owned(),
                    text,
                )),
                found => place.department = found,
            }
        }
        if let Some(text) = draft.place.get("lead") {
            match identity::people_named(reader, text).await?.as_slice() {
                [one] if self.others || *one == self.actor.user() => place.lead = Some(*one),
                [_] => notes.push(self.note(
                    "lead.not_allowed",
                    "您只能将自己设为负责人，该客户列入待分配".to_owned(),
                    text,
                )),
                [] => notes.push(self.note(
                    "lead.unknown",
                    format!("没有名为“{text}”的在职人员，该客户列入待分配"),
                    text,
                )),
                _ => notes.push(self.note(
                    "lead.ambiguous",
                    format!("有多名“{text}”，请改用登录名；该客户列入待分配"),
                    text,
                )),
            }
        }
        Ok(place)
    }

    /// A note on the column of a place, whose key the code begins with.
    fn note(&self, code: &'static str, zh: String, text: &str) -> Note {
        let key = code.split('.').next();
        let position = self.run.mapping.iter().position(|path| path.as_deref() == key);
        Note { position, code, zh, value: Some(text.to_owned()) }
    }
}
