//! People, departments, roles, sessions, second factors, tokens, one-time links and set-up.
//!
//! What always holds: no password but those that people chose; the gate answers alike for names
//! that exist and names that do not; nobody holds two of the three offices, and each office has an
//! active holder; a session or token opens nothing from the second in which its owner's account is
//! closed; secrets are kept as digests, and the seeds of one-time codes sealed.

mod actions;
mod credentials;
mod operations;
mod people;
mod routes;
mod rows;
mod rules;
mod unwritten;

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use trust::access::{Actor, Holder};
use trust::database::{Reader, Writer};
use trust::vault::Keyring;
use values::{DepartmentId, Micros, Result, UserId};

pub use actions::permissions;
pub use credentials::{Work, code_at, hash_now, seed_text};
pub use operations::explanation::{Explained, explain};
pub use operations::gate::{actor_of, verify_session, verify_token};
pub use operations::links::{approve, reset};
pub use operations::own::proof_needed;
pub use operations::people::{Draft, Page, Update, create, disable, enable, find, list, update};
pub use operations::setup::{Founder, Founding, begin_setup, found, setup_is_open};
pub use people::{Account, Department, OneTimeLink};
pub use routes::{ExplanationView, pages, routes};
pub use rules::{ROLES, Role, RoleKind, check_password, role};
pub use unwritten::Unwritten;

use rows::{accounts, names, sessions};

/// What each column of this context's tables holds.
pub const COLUMNS: &str = include_str!("columns.toml");

/// The shown names of some people, within the caller's own transaction.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn names_of(reader: &mut Reader, ids: &[UserId]) -> Result<HashMap<UserId, String>> {
    accounts::names(reader, ids).await
}

/// When everything ended that opens by a secret instead of a password: a new password, a new second
/// factor or the end of the account ends tokens, and what other contexts made before it is void.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn tokens_ended_at(reader: &mut Reader, user: UserId) -> Result<Micros> {
    sessions::tokens_ended_at(reader, user).await
}

/// The names of people and departments: of everybody, or of those that were asked for.
#[derive(Debug, Clone, Default)]
pub struct Names {
    people: HashMap<UserId, (String, bool)>,
    departments: HashMap<DepartmentId, String>,
}

impl Names {
    /// The shown name of a person; empty when there is none.
    #[must_use]
    pub fn user(&self, id: UserId) -> String {
        self.people.get(&id).map(|(name, _)| name.clone()).unwrap_or_default()
    }

    /// The name of a department; empty when there is none.
    #[must_use]
    pub fn department(&self, id: DepartmentId) -> String {
        self.departments.get(&id).cloned().unwrap_or_default()
    }

    /// Whether a person exists and may sign in.
    #[must_use]
    pub fn is_active(&self, id: UserId) -> bool {
        self.people.get(&id).is_some_and(|(_, active)| *active)
    }

    /// The department that is called just this.
    #[must_use]
    pub fn department_named(&self, text: &str) -> Option<DepartmentId> {
        let text = text.trim();
        self.departments.iter().find(|(_, name)| name.as_str() == text).map(|(id, _)| *id)
    }

    /// Whether a department exists.
    #[must_use]
    pub fn has_department(&self, id: DepartmentId) -> bool {
        self.departments.contains_key(&id)
    }
}

/// All names, within the caller's own transaction.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn names(reader: &mut Reader) -> Result<Names> {
    let people = accounts::everybody(reader).await?;
    let departments = accounts::departments(reader).await?;
    Ok(Names {
        people: people.into_iter().map(|(id, name, active)| (id, (name, active))).collect(),
        departments: departments.into_iter().map(|d| (d.id, d.name)).collect(),
    })
}

/// The names of some holders of relations, within the caller's own transaction.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn names_among(
    reader: &mut Reader,
    holders: impl IntoIterator<Item = Holder>,
) -> Result<Names> {
    let (mut people, mut departments) = (BTreeSet::new(), BTreeSet::new());
    for holder in holders {
        match holder {
            Holder::User(id) => drop(people.insert(id)),
            Holder::Department(id) => drop(departments.insert(id)),
        }
    }
    Ok(Names {
        people: names::people(reader, people).await?,
        departments: names::departments(reader, departments).await?,
    })
}

/// The active people whose name to sign in with, or shown name, is just this text.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn people_named(reader: &mut Reader, text: &str) -> Result<Vec<UserId>> {
    accounts::named(reader, &rules::folded(text), text.trim()).await
}

/// Whether a person exists and may sign in.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn is_active(reader: &mut Reader, id: UserId) -> Result<bool> {
    Ok(accounts::by_id(reader, id).await?.is_some_and(|account| account.active))
}

/// The department of a person.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn department_of(reader: &mut Reader, id: UserId) -> Result<Option<DepartmentId>> {
    let account = accounts::by_id(reader, id).await?;
    Ok(account.and_then(|account| account.department).map(|(id, _)| id))
}

/// All departments, within the caller's own transaction.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn departments(reader: &mut Reader) -> Result<Vec<Department>> {
    accounts::departments(reader).await
}

/// A department and all below it; none when it does not exist.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn departments_below(reader: &mut Reader, id: DepartmentId) -> Result<Vec<DepartmentId>> {
    accounts::below(reader, id).await
}

/// What waits to be settled about people.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unsettled {
    /// The caller has to set up a second factor and has not.
    pub without_second_factor: bool,
    /// How many active accounts have no role.
    pub without_roles: i64,
}

/// What waits to be settled about people, within the caller's own transaction.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn unsettled(reader: &mut Reader, actor: &Actor) -> Result<Unsettled> {
    Ok(Unsettled {
        without_second_factor: rules::needs_factor(actor.roles(), actor.clearance())
            && !actor.mfa(),
        without_roles: accounts::without_roles(reader).await?,
    })
}

/// How many seeds of one-time codes are sealed, set up or begun.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn sealed_seeds(reader: &mut Reader) -> Result<i64> {
    let seeds = accounts::sealed_seeds(reader).await?;
    let count = |sealed: bool| i64::from(sealed);
    Ok(seeds.iter().map(|(_, set, begun)| count(set.is_some()) + count(begun.is_some())).sum())
}

/// Seals the seeds of one-time codes again under the newest key, and says how many it sealed.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn reseal(writer: &mut Writer, keyring: &Keyring) -> Result<i64> {
    let mut sealed = 0;
    for (user, totp, pending) in accounts::sealed_seeds(writer).await? {
        let place =
            || trust::vault::Place { table: "account", column: "totp", row: user.as_bytes() };
        let renew = |old: &Option<Vec<u8>>| match old {
            Some(bytes) => Ok(keyring.resealed(place(), bytes)?.or_else(|| Some(bytes.clone()))),
            None => Ok::<_, values::Error>(None),
        };
        let (new_totp, new_pending) = (renew(&totp)?, renew(&pending)?);
        if (&new_totp, &new_pending) != (&totp, &pending) {
            accounts::replace_seeds(writer, user, new_totp, new_pending).await?;
            sealed += 1;
        }
    }
    Ok(sealed)
}
