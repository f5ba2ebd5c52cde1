//! How one actor stands to one client, looked up once for several questions.

use values::{ClientId, Result};

use super::relations::Standing;
use super::{Access, Action, Actor, Permit};

/// How an actor stands to a client at one moment. A page that asks for a dozen rights looks the
/// relations up once; the stance is the actor's own and is not kept beyond the request.
#[derive(Clone, Copy)]
pub struct Stance<'a> {
    access: &'a Access,
    actor: &'a Actor,
    client: ClientId,
    standing: Standing,
}

impl<'a> Stance<'a> {
    pub(super) const fn new(
        access: &'a Access,
        actor: &'a Actor,
        client: ClientId,
        standing: Standing,
    ) -> Self {
        Self { access, actor, client, standing }
    }

    /// As [`Access::authorize`].
    ///
    /// # Errors
    /// As [`Access::authorize`].
    pub async fn authorize<A: Action<Target = ClientId>>(&self) -> Result<Permit<'a, A>> {
        self.access.settle::<A>(self.actor, self.client, self.standing).await
    }

    /// As [`Access::may`].
    ///
    /// # Errors
    /// Internal when policy cannot be evaluated.
    pub fn may<A: Action<Target = ClientId>>(&self) -> Result<Option<Permit<'a, A>>> {
        self.access.decide::<A>(self.actor, self.client, self.standing)
    }

    /// Whether it would be allowed once a purpose is stated and a fresh proof given, which are
    /// asked for when the time comes; an answer, never a permit.
    ///
    /// # Errors
    /// Internal when policy cannot be evaluated.
    pub fn would<A: Action<Target = ClientId>>(&self) -> Result<bool> {
        let mut proven = self.actor.clone().for_purpose("may");
        proven.fresh = true;
        Ok(self.access.decide::<A>(&proven, self.client, self.standing)?.is_some())
    }
}
