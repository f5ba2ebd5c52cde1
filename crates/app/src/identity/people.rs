//! The things of this context: people, departments, sessions, tokens.

use jiff::civil::Date;
use uuid::Uuid;
use values::{DepartmentId, Micros, UserId};

/// A person's account.
#[derive(Debug, Clone)]
pub struct Account {
    /// The user.
    pub id: UserId,
    /// The name that is typed to sign in.
    pub name: String,
    /// The name that is shown.
    pub display_name: String,
    /// The department and its name.
    pub department: Option<(DepartmentId, String)>,
    /// Offices and business roles.
    pub roles: Vec<String>,
    /// 1 to 4.
    pub clearance: u8,
    /// The last day on which the confidentiality training holds.
    pub training_until: Option<Date>,
    /// Where letters go.
    pub email: Option<String>,
    /// Whether the person may sign in.
    pub active: bool,
    /// When the person last used Heng.
    pub seen_at: Option<Micros>,
    /// Grows with each change.
    pub version: i64,
    /// Until when a one-time link waits for a second person's yes.
    pub link_waits_until: Option<Micros>,
    pub(super) password_hash: Option<String>,
    pub(super) totp: Option<Vec<u8>>,
    pub(super) totp_pending: Option<Vec<u8>>,
    pub(super) totp_step: i64,
}

impl Account {
    /// Whether a second factor is set up.
    #[must_use]
    pub const fn has_factor(&self) -> bool {
        self.totp.is_some()
    }

    /// The clearance as it counts on a day: without a valid training nothing confidential is open.
    #[must_use]
    pub fn counted_clearance(&self, today: Date) -> u8 {
        if super::rules::trained(self.training_until, today) {
            self.clearance
        } else {
            self.clearance.min(2)
        }
    }

    /// Whether a one-time link waits for a second person's yes.
    #[must_use]
    pub fn link_waits(&self, now: Micros) -> bool {
        self.active && self.link_waits_until.is_some_and(|until| now < until)
    }
}

/// A department (部门).
#[derive(Debug, Clone)]
pub struct Department {
    /// The department.
    pub id: DepartmentId,
    /// Its name.
    pub name: String,
    /// The one above it.
    pub parent: Option<DepartmentId>,
    /// How many active people belong to it.
    pub people: i64,
}

/// A sign-in that lasts.
#[derive(Debug, Clone)]
pub struct Session {
    /// The name by which it is ended; not the secret.
    pub id: Uuid,
    /// Whose.
    pub user: UserId,
    /// The name that is shown.
    pub display_name: String,
    /// When it began.
    pub created_at: Micros,
    /// When it was last used, to within five minutes.
    pub seen_at: Micros,
    /// When it ends unless it is used.
    pub ends_at: Micros,
    /// Whether a second factor was shown.
    pub mfa: bool,
    /// From where.
    pub address: String,
    /// With what.
    pub agent: String,
}

/// A key for programs.
#[derive(Debug, Clone)]
pub struct Token {
    /// The name by which it is revoked; not the secret.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// Whether it may change things.
    pub writes: bool,
    /// When it was made.
    pub created_at: Micros,
    /// When it ends.
    pub expires_at: Micros,
    /// When it was last used, to within five minutes.
    pub used_at: Option<Micros>,
}

/// What the gate learns about the caller from a session or token.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) credential: Uuid,
    pub(super) user: UserId,
    pub(super) display_name: String,
    pub(super) department: Option<DepartmentId>,
    pub(super) clearance: u8,
    pub(super) training_until: Option<Date>,
    pub(super) roles: Vec<String>,
    pub(super) mfa: bool,
    pub(super) created_at: Micros,
    pub(super) seen_at: Option<Micros>,
    pub(super) proved_at: Option<Micros>,
    pub(super) expires_at: Option<Micros>,
    pub(super) writes: bool,
}

/// A one-time link as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) kind: String,
    pub(super) user: Option<UserId>,
    pub(super) made_by: UserId,
    pub(super) needs_second: bool,
    pub(super) approved: bool,
    pub(super) expires_at: Micros,
    pub(super) used: bool,
}

/// A one-time link to hand to a person.
#[derive(Debug, Clone)]
pub struct OneTimeLink {
    /// The path and query; whoever opens it may set the password.
    pub path: String,
    /// When it ends.
    pub expires_at: Micros,
    /// Whether it works only after a second person's yes.
    pub needs_second: bool,
}
