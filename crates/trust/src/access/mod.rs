//! The only door: an [`Actor`] asks for an action on a target, policy decides, and a [`Permit`]
//! comes back or the denial goes on record.
//!
//! Policy sees a client only through six truths about it and the caller (负责人, 复核人, team,
//! collaborator, granted, same department). Each is one predicate over the table `relation`; the
//! single decision looks them up, and a list's row scope is the table of all their combinations
//! turned into SQL. That the schema knows no other attribute of a client is what keeps a policy
//! from deciding about rows by anything that a list could not follow.

mod actor;
mod permit;
mod policies;
mod relations;
mod scope;
mod stance;

use std::sync::Arc;

use values::{ClientId, Clock, Error, Kind, Result};

pub use actor::{Actor, Origin, Verified};
pub use permit::{Action, Permit, Target};
pub use policies::{PolicyFile, PolicyText};
pub use relations::{Holder, Relation, RelationKind, move_relations, relations_of, set_relation};
pub use scope::RowScope;
pub use stance::Stance;

use crate::database::Store;
use crate::record::Record;
use policies::{Asked, Policies};
use relations::Standing;

/// Decides. One for the whole process; cheap to clone.
#[derive(Clone)]
pub struct Access {
    policies: Arc<Policies>,
    store: Store,
    record: Record,
    clock: Arc<dyn Clock>,
}

/// Why an answer came out as it did, for people.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// Whether it is allowed.
    pub allowed: bool,
    /// Whether the client is inside the row scope at all.
    pub visible: bool,
    /// What is missing, by the names of [`Access::authorize`]'s refusals.
    pub missing: Option<&'static str>,
    /// The policies that decided, with file and line.
    pub policies: Vec<PolicyText>,
    /// How the actor stands to the client.
    pub relations: Vec<&'static str>,
}

impl Access {
    /// Reads the shipped policies and the firm's own.
    ///
    /// # Errors
    /// Invalid, with file and line, when a policy does not fit the schema.
    pub(crate) fn new(
        own: &[PolicyFile],
        store: Store,
        record: Record,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        Ok(Self { policies: Arc::new(Policies::load(own)?), store, record, clock })
    }

    /// The permit for an action on a target, or the refusal, which is put on record.
    ///
    /// # Errors
    /// NotFound when the target is outside the caller's row scope; Denied with the missing right
    /// when it is inside, or when the caller sees no client at all before a second factor.
    pub async fn authorize<'a, A: Action>(
        &self,
        actor: &'a Actor,
        target: A::Target,
    ) -> Result<Permit<'a, A>> {
        let standing = self.standing(actor, target.client()).await?;
        self.settle::<A>(actor, target, standing).await
    }

    /// The permit, or the refusal, which is put on record, of one who stands so to the target.
    async fn settle<'a, A: Action>(
        &self,
        actor: &'a Actor,
        target: A::Target,
        standing: Standing,
    ) -> Result<Permit<'a, A>> {
        if let Some(permit) = self.decide::<A>(actor, target, standing)? {
            return Ok(permit);
        }
        let refusal = self.refusal::<A>(actor, target, standing)?;
        self.record.denied::<A>(actor, target, refusal.code()).await?;
        Err(refusal)
    }

    /// The permit, or `None` without a word on record: for showing beforehand what is possible.
    ///
    /// # Errors
    /// Unavailable when the store is away.
    pub async fn may<'a, A: Action>(
        &self,
        actor: &'a Actor,
        target: A::Target,
    ) -> Result<Option<Permit<'a, A>>> {
        let standing = self.standing(actor, target.client()).await?;
        self.decide::<A>(actor, target, standing)
    }

    /// How an actor stands to a client now, to ask for several things at once.
    ///
    /// # Errors
    /// Unavailable when the store is away.
    pub async fn stance<'a>(&'a self, actor: &'a Actor, client: ClientId) -> Result<Stance<'a>> {
        let standing = self.standing(actor, Some(client)).await?;
        Ok(Stance::new(self, actor, client, standing))
    }

    fn decide<'a, A: Action>(
        &self,
        actor: &'a Actor,
        target: A::Target,
        standing: Standing,
    ) -> Result<Option<Permit<'a, A>>> {
        let asked = Asked::of::<A>(target.client().is_some(), standing);
        let permit = || Permit::new(actor, target).through(standing.closest());
        Ok(self.policies.allows(actor, &asked)?.then(permit))
    }

    /// The permit for a list and the rows it may hold: just those for which the single decision
    /// says yes. Who may see no row at all is refused.
    ///
    /// # Errors
    /// Denied when there is no row that the caller could see.
    pub async fn authorize_list<'a, A: Action<Target = ()>>(
        &self,
        actor: &'a Actor,
    ) -> Result<(Permit<'a, A>, RowScope)> {
        if let Some(permitted) = self.may_list::<A>(actor)? {
            return Ok(permitted);
        }
        let everything = Standing::of_kinds(&RelationKind::ALL);
        let right = self.policies.missing(actor, &Asked::listed::<A>(everything))?;
        let refusal = denied(right.unwrap_or("role"), A::NAME, A::LEVEL);
        self.record.denied::<A>(actor, (), refusal.code()).await?;
        Err(refusal)
    }

    /// As [`Self::authorize_list`], but `None`, without a word on record, for who may see no row.
    ///
    /// # Errors
    /// Internal when policy cannot be evaluated.
    pub fn may_list<'a, A: Action<Target = ()>>(
        &self,
        actor: &'a Actor,
    ) -> Result<Option<(Permit<'a, A>, RowScope)>> {
        let mut allowed = [false; Standing::COMBINATIONS];
        for (bits, slot) in allowed.iter_mut().enumerate() {
            let standing = Standing::from_bits(bits);
            *slot = self.policies.allows(actor, &Asked::listed::<A>(standing))?;
        }
        let scope = RowScope::new(&allowed, actor, self.clock.now());
        Ok((!scope.is_nothing()).then(|| (Permit::new(actor, ()), scope)))
    }

    /// Why `actor` may or may not do `action` (of `level`) to a client.
    ///
    /// # Errors
    /// Unavailable when the store is away.
    pub async fn explain(
        &self,
        actor: &Actor,
        action: &'static str,
        level: u8,
        client: Option<ClientId>,
    ) -> Result<Explanation> {
        let standing = self.standing(actor, client).await?;
        let asked = Asked { action, level, client: client.is_some(), standing };
        let (allowed, policies) = self.policies.why(actor, &asked)?;
        let visible = client.is_none() || self.policies.allows(actor, &Asked::visible(standing))?;
        let missing = if allowed { None } else { self.policies.missing(actor, &asked)? };
        Ok(Explanation { allowed, visible, missing, policies, relations: standing.names() })
    }

    /// Every action that the schema knows, for the permission matrix.
    #[must_use]
    pub fn actions(&self) -> Vec<String> {
        self.policies.actions()
    }

    /// Whether policy allows an action by name, told how the actor stands to the client.
    ///
    /// # Errors
    /// Internal when policy cannot be evaluated.
    pub fn allows(
        &self,
        actor: &Actor,
        action: &'static str,
        level: u8,
        client: bool,
        relations: &[RelationKind],
    ) -> Result<bool> {
        let standing = Standing::of_kinds(relations);
        self.policies.allows(actor, &Asked { action, level, client, standing })
    }

    /// The policies in force, shipped ones first, as readable text.
    #[must_use]
    pub fn texts(&self) -> Vec<PolicyText> {
        self.policies.texts()
    }

    async fn standing(&self, actor: &Actor, client: Option<ClientId>) -> Result<Standing> {
        let Some(client) = client else { return Ok(Standing::NONE) };
        let mut reader = self.store.look_up().await?;
        relations::standing(&mut reader, actor, client, self.clock.now()).await
    }

    fn refusal<A: Action>(
        &self,
        actor: &Actor,
        target: A::Target,
        standing: Standing,
    ) -> Result<Error> {
        let asked = Asked::of::<A>(target.client().is_some(), standing);
        if asked.client && self.policies.lacks_factor(actor)? {
            // Said of every client alike, so that it does not tell which ones there are.
            return Ok(denied("mfa", A::NAME, A::LEVEL));
        }
        if asked.client && !self.policies.allows(actor, &Asked::visible(standing))? {
            return Ok(Error::not_found());
        }
        let right = self.policies.missing(actor, &asked)?.unwrap_or("role");
        Ok(denied(right, A::NAME, A::LEVEL))
    }
}

/// The refusal that names the right that would have helped.
fn denied(right: &'static str, action: &str, level: u8) -> Error {
    let (code, zh, en) = match right {
        "proof" => {
            ("denied.proof", "请先重新验证身份".to_owned(), "Prove who you are again".into())
        }
        "mfa" => (
            "denied.mfa",
            "需要先启用并通过两步验证".to_owned(),
            "A second factor is needed".into(),
        ),
        "training" => (
            "denied.training",
            "没有有效的保密培训，密级暂按 2 级；请安全管理员登记培训有效期".to_owned(),
            "Without a valid confidentiality training clearance counts as 2; ask the security \
             administrator to enter its last day"
                .into(),
        ),
        "clearance" => (
            "denied.clearance",
            format!("需要 {level} 级密级许可"),
            format!("Clearance {level} is needed"),
        ),
        "purpose" => ("denied.purpose", "请说明用途".to_owned(), "Say what it is for".to_owned()),
        _ => (
            "denied.role",
            format!("您的角色没有此项权限（{action}）"),
            format!("Your role lacks this right ({action})"),
        ),
    };
    Error::new(Kind::Denied, code, zh, en)
}
