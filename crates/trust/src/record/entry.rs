//! Evidence: what an action did, made from the permit it was done under.

use values::{ClientId, EntryId, Micros};

use super::Message;
use super::body::{self, Body, Outcome, PURPOSE_MOST};
use crate::access::{Action, Permit, Target};

/// What was done, in names and counts only: never a value.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub(super) clients: Vec<ClientId>,
    pub(super) classes: Vec<&'static str>,
    pub(super) change: body::Change,
    pub(super) purpose: Option<String>,
}

impl Change {
    /// A change of which the action and its target say all.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Names clients besides the target; a bulk action names all of them in one entry.
    #[must_use]
    pub fn clients(mut self, clients: impl IntoIterator<Item = ClientId>) -> Self {
        self.clients.extend(clients);
        self
    }

    /// Names a class of field besides those of the action.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Self {
        self.classes.push(class);
        self
    }

    /// Names fields that were changed or shown.
    #[must_use]
    pub fn fields<T: Into<String>>(mut self, fields: impl IntoIterator<Item = T>) -> Self {
        self.change.fields.extend(fields.into_iter().map(Into::into));
        self
    }

    /// Adds a count, such as the created rows of an import.
    #[must_use]
    pub fn count(mut self, name: &'static str, count: i64) -> Self {
        self.change.counts.insert(name.to_owned(), count);
        self
    }

    /// The versions before and after.
    #[must_use]
    pub const fn versions(mut self, from: Option<i64>, to: i64) -> Self {
        self.change.from = from;
        self.change.to = Some(to);
        self
    }

    /// The purpose, where it is not the actor's own.
    #[must_use]
    pub fn purpose(mut self, purpose: impl Into<String>) -> Self {
        self.purpose = Some(purpose.into());
        self
    }
}

/// Evidence that only a permit makes, so that it cannot lie about who or what.
#[must_use = "an entry is evidence only once a transaction commits with it"]
pub struct Entry<'a, A: Action> {
    pub(super) permit: Permit<'a, A>,
    pub(super) change: Change,
}

impl<'a, A: Action> Permit<'a, A> {
    /// Turns the permit into the evidence of its use.
    pub fn entry(self, change: Change) -> Entry<'a, A> {
        Entry { permit: self, change }
    }
}

impl<A: Action> Entry<'_, A> {
    pub(crate) fn target(&self) -> A::Target {
        self.permit.target()
    }
}

/// Proof that an entry was written and committed.
pub struct Receipt<'a, A: Action> {
    permit: Permit<'a, A>,
    entry: EntryId,
    at: Micros,
}

impl<'a, A: Action> Receipt<'a, A> {
    pub(super) const fn new(permit: Permit<'a, A>, entry: EntryId, at: Micros) -> Self {
        Self { permit, entry, at }
    }

    /// The entry.
    #[must_use]
    pub const fn entry(&self) -> EntryId {
        self.entry
    }

    /// When it was written.
    #[must_use]
    pub const fn at(&self) -> Micros {
        self.at
    }

    /// What was acted on.
    #[must_use]
    pub const fn target(&self) -> A::Target {
        self.permit.target()
    }
}

/// A read in progress: what it shows is gathered and put on record when it ends.
pub(crate) struct Shown {
    pub(super) pending: Option<Body>,
    pub(super) seat: Option<tokio::sync::mpsc::OwnedPermit<Message>>,
    /// Whether there is something to put on record when it ends.
    pub(super) owed: bool,
}

impl Shown {
    /// A read of what an entry names already, or of what is never on record.
    pub(crate) const fn named() -> Self {
        Self { pending: None, seat: None, owed: false }
    }

    pub(crate) fn clients(&mut self, clients: impl IntoIterator<Item = ClientId>) {
        if let Some(pending) = &mut self.pending {
            let known = pending.clients.len();
            pending.clients.extend(clients);
            self.owed |= pending.clients.len() > known;
        }
    }

    pub(crate) fn class(&mut self, class: &'static str) {
        if let Some(pending) = &mut self.pending {
            pending.classes.push(class.to_owned());
            self.owed = true;
        }
    }

    /// Nothing was shown after all.
    pub(crate) fn forget(&mut self) {
        self.owed = false;
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if self.owed
            && let (Some(pending), Some(seat)) = (self.pending.take(), self.seat.take())
        {
            seat.send(Message::Entry(Box::new(pending)));
        }
    }
}

/// The body of an entry about a permit's use.
pub(super) fn body_of<A: Action>(
    permit: &Permit<'_, A>,
    outcome: Outcome,
    change: Change,
    id: EntryId,
    at: Micros,
) -> Body {
    let actor = permit.actor();
    let mut clients: Vec<ClientId> = permit.target().client().into_iter().collect();
    clients.extend(change.clients);
    let mut classes: Vec<String> = A::CLASSES.iter().map(|c| (*c).to_owned()).collect();
    classes.extend(change.classes.into_iter().map(str::to_owned));
    let origin = actor.origin();
    let stated = change.purpose.unwrap_or_else(|| actor.purpose.clone());
    // Nobody is asked what ordinary work is for: the relation to the client says it.
    let purpose = match (stated.is_empty(), permit.relation()) {
        (true, Some(relation)) => relation.zh().to_owned(),
        _ => stated,
    };
    Body {
        action: A::NAME.to_owned(),
        actor: actor.user().to_string(),
        actor_kind: actor.kind.to_owned(),
        actor_name: actor.name().to_owned(),
        at,
        change: change.change,
        classes,
        clients,
        id,
        origin: format!("{} {}", origin.address, origin.agent).trim().to_owned(),
        outcome,
        purpose: purpose.chars().take(PURPOSE_MOST).collect(),
        refusal: String::new(),
        request: origin.request.clone(),
        target: permit.target().label(),
    }
}
