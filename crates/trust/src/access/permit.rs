//! A permit: that one actor may do one action to one target, now.

use std::fmt::Debug;
use std::marker::PhantomData;

use values::{ClientId, DepartmentId, EntryId, ImportId, UserId};

use super::{Actor, RelationKind};

/// Something that can be done, and what it touches.
pub trait Action: Send + Sync + 'static {
    /// The literal question put to policy, such as `client.view`.
    const NAME: &'static str;
    /// The highest level of what it touches, 1 to 4.
    const LEVEL: u8;
    /// The catalogue items that it touches.
    const CLASSES: &'static [&'static str];
    /// Whether reading under it is put on record; only lookups that touch no client and show
    /// nobody anything (the gate's look at a session) are not.
    const RECORDED: bool = true;
    /// What it is done to.
    type Target: Target;
}

/// What an action is done to: a client, or the firm and what belongs to it.
pub trait Target: Copy + PartialEq + Debug + Send + Sync + 'static {
    /// The client, when it is one.
    fn client(&self) -> Option<ClientId> {
        None
    }
    /// The name on record.
    fn label(&self) -> String;
}

impl Target for () {
    fn label(&self) -> String {
        String::new()
    }
}

impl Target for ClientId {
    fn client(&self) -> Option<ClientId> {
        Some(*self)
    }
    fn label(&self) -> String {
        format!("client:{self}")
    }
}

macro_rules! firm_target {
    ($($id:ty => $label:literal),*) => {$(
        impl Target for $id {
            fn label(&self) -> String {
                format!(concat!($label, ":{}"), self)
            }
        }
    )*};
}

firm_target!(
    UserId => "user", DepartmentId => "department", ImportId => "import", EntryId => "entry"
);

/// The right to do one thing to one target; made by policy only, spent by one entry.
#[must_use = "a permit that is not used was asked for in vain"]
pub struct Permit<'a, A: Action> {
    actor: &'a Actor,
    target: A::Target,
    relation: Option<RelationKind>,
    action: PhantomData<fn() -> A>,
}

impl<'a, A: Action> Permit<'a, A> {
    pub(crate) const fn new(actor: &'a Actor, target: A::Target) -> Self {
        Self { actor, target, relation: None, action: PhantomData }
    }

    pub(super) const fn through(mut self, relation: Option<RelationKind>) -> Self {
        self.relation = relation;
        self
    }

    /// The closest way in which the actor stands to the client; the purpose of ordinary work.
    pub(crate) const fn relation(&self) -> Option<RelationKind> {
        self.relation
    }

    /// What may be acted on.
    #[must_use]
    pub const fn target(&self) -> A::Target {
        self.target
    }

    /// Who may act.
    #[must_use]
    pub const fn actor(&self) -> &'a Actor {
        self.actor
    }
}
