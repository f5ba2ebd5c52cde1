//! Who asks. An actor comes only from a credential that was verified.

use values::{DepartmentId, Micros, UserId};

/// Where a request came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The network address, or the terminal for the local operator.
    pub address: String,
    /// What the browser or program calls itself, shortened.
    pub agent: String,
    /// The request's id, which the user sees with every error.
    pub request: String,
}

/// What verification found out about the caller.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The user.
    pub user: UserId,
    /// The name that is shown and recorded.
    pub name: String,
    /// The roles, business and office.
    pub roles: Vec<String>,
    /// The departments whose clients count as the caller's own: theirs and those below it.
    pub departments: Vec<DepartmentId>,
    /// 1 to 4.
    pub clearance: u8,
    /// Whether a second factor was shown in this session.
    pub mfa: bool,
    /// Whether the confidentiality training holds today.
    pub trained: bool,
    /// When the caller last proved who they are in this session.
    pub proved_at: Option<Micros>,
}

/// Who asks, from where, and what for.
#[derive(Debug, Clone)]
pub struct Actor {
    pub(crate) who: Verified,
    pub(crate) kind: &'static str,
    pub(crate) origin: Origin,
    pub(crate) purpose: String,
    pub(crate) fresh: bool,
}

/// How long a proof of identity is fresh enough for revealing a masked field.
const PROOF_SECONDS: i64 = 300;

impl Actor {
    /// A person, after a session or token was verified.
    #[must_use]
    pub fn person(who: Verified, origin: Origin, now: Micros) -> Self {
        let fresh =
            who.proved_at.is_some_and(|at| at <= now && now.0 - at.0 <= PROOF_SECONDS * 1_000_000);
        Self { who, kind: "person", origin, purpose: String::new(), fresh }
    }

    /// The operator at the machine itself, named by the operating system.
    #[must_use]
    pub fn local_operator(os_user: &str, origin: Origin) -> Self {
        Self::part("local_operator", &format!("本机操作员 {os_user}"), 4, origin)
    }

    /// A part of Heng that acts by itself: the sign-in gate, set-up, a job.
    #[must_use]
    pub fn part_of_heng(part: &'static str, origin: Origin) -> Self {
        Self::part(part, part, 1, origin)
    }

    /// The same acting for one person, whose name goes on record: a sign-in that was accepted.
    #[must_use]
    pub fn part_for(part: &'static str, user: UserId, name: &str, origin: Origin) -> Self {
        let mut actor = Self::part(part, name, 1, origin);
        actor.who.user = user;
        actor
    }

    fn part(kind: &'static str, name: &str, clearance: u8, origin: Origin) -> Self {
        Self {
            who: Verified {
                user: UserId(uuid::Uuid::nil()),
                name: name.to_owned(),
                roles: vec![kind.to_owned()],
                departments: Vec::new(),
                clearance,
                mfa: true,
                trained: true,
                proved_at: None,
            },
            kind,
            origin,
            purpose: String::new(),
            fresh: false,
        }
    }

    /// The same actor with a purpose of its own; ordinary work takes its purpose from the
    /// relation to the client.
    #[must_use]
    pub fn for_purpose(mut self, purpose: &str) -> Self {
        purpose.clone_into(&mut self.purpose);
        self
    }

    /// The user's id; nil for parts of Heng and the local operator.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.who.user
    }

    /// The name that is recorded.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.who.name
    }

    /// The roles.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        &self.who.roles
    }

    /// The departments whose clients count as the caller's own.
    #[must_use]
    pub fn departments(&self) -> &[DepartmentId] {
        &self.who.departments
    }

    /// The clearance, 1 to 4.
    #[must_use]
    pub const fn clearance(&self) -> u8 {
        self.who.clearance
    }

    /// Whether a second factor was shown in this session.
    #[must_use]
    pub const fn mfa(&self) -> bool {
        self.who.mfa
    }

    /// Whether the caller proved who they are a short while ago.
    #[must_use]
    pub const fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// Where the request came from.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }
}
