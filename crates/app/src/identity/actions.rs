//! What people, and the sign-in gate, may do here; the names are those of the policies.

use trust::access::Action;
use trust::vault::{Field, Opens};
use values::{DepartmentId, UserId};

use crate::permissions::{Listed, listed};

macro_rules! action {
    (
        $(#[$doc:meta])*
        $name:ident, $text:literal, $level:literal, $target:ty, $recorded:literal
    ) => {
        $(#[$doc])*
        pub struct $name;

        impl Action for $name {
            const NAME: &'static str = $text;
            const LEVEL: u8 = $level;
            const CLASSES: &'static [&'static str] = &["staff_account"];
            const RECORDED: bool = $recorded;
            type Target = $target;
        }
    };
}

action!(
    /// The gate looks up a session, a token or an account; nobody is shown anything.
    GateLookup, "session.open", 1, (), false
);
action!(
    /// A sign-in, accepted or refused; nil where the name does not exist.
    SignIn, "session.open", 1, UserId, true
);
action!(
    /// The gate notes that a session or token is in use.
    KeepSession, "session.open", 1, UserId, true
);
action!(
    /// The holder of a one-time link sets a password.
    UseLink, "session.open", 1, UserId, true
);
action!(
    /// People look at their own account.
    ViewSelf, "session.own", 1, (), false
);
action!(
    /// People list their own sessions.
    ListOwnSessions, "session.own", 1, (), true
);
action!(
    /// People end one of their own sessions.
    EndOwnSession, "session.own", 1, UserId, true
);
action!(
    /// People prove again who they are.
    RenewProof, "session.own", 1, UserId, true
);
action!(
    /// People set up a second factor.
    EnrolFactor, "session.own", 1, UserId, true
);
action!(
    /// People change their password.
    ChangePassword, "session.own", 1, UserId, true
);
action!(
    /// Administrators list everybody's sessions.
    ListSessions, "session.list", 1, (), true
);
action!(
    /// Administrators end somebody's session.
    RevokeSession, "session.revoke", 1, UserId, true
);
action!(
    /// People list their own tokens.
    ListTokens, "token.own", 1, (), true
);
action!(
    /// People make or revoke a token of their own.
    ChangeToken, "token.own", 1, UserId, true
);
action!(
    /// The list of people.
    ListUsers, "user.list", 1, (), true
);
action!(
    /// One person.
    ViewUser, "user.list", 1, UserId, true
);
action!(
    /// A new account, without roles.
    CreateUser, "user.create", 1, UserId, true
);
action!(
    /// Name, department and address of an account.
    UpdateUser, "user.update", 1, UserId, true
);
action!(
    /// An account is closed or opened again.
    DisableUser, "user.disable", 1, UserId, true
);
action!(
    /// A one-time link for a lost password or second factor.
    ResetUser, "user.reset", 1, UserId, true
);
action!(
    /// Roles, clearance and training.
    GrantRoles, "role.grant", 1, UserId, true
);
action!(
    /// The second person's yes to a reset.
    ApproveReset, "role.grant", 1, UserId, true
);
action!(
    /// The catalogue of roles.
    ListRoles, "role.list", 1, (), false
);
action!(
    /// What somebody can see, and why.
    ExplainAccess, "access.explain", 1, UserId, true
);
action!(
    /// The departments.
    ListDepartments, "department.list", 1, (), false
);
action!(
    /// A department is made, renamed, moved or removed.
    EditDepartment, "department.edit", 1, DepartmentId, true
);
action!(
    /// The first start: the firm, its first people, the recovery sheet.
    CompleteSetup, "setup.complete", 1, (), true
);
action!(
    /// The server looks whether set-up is done; nobody is shown anything.
    LookAtSetup, "setup.complete", 1, (), false
);
action!(
    /// The recovery sheet is shown or confirmed.
    ShowRecovery, "key.confirm_recovery", 1, (), true
);

/// The seed of one-time codes.
pub struct TotpSeed;

impl Field for TotpSeed {
    const ITEM: &'static str = "credentials";
    const LEVEL: u8 = 4;
}

impl Opens<TotpSeed> for GateLookup {}
impl Opens<TotpSeed> for EnrolFactor {}

/// Every permission of this context.
#[must_use]
pub fn permissions() -> Vec<Listed> {
    vec![
        listed::<GateLookup>(false),
        listed::<ViewSelf>(false),
        listed::<ListSessions>(false),
        listed::<RevokeSession>(false),
        listed::<ListTokens>(false),
        listed::<ListUsers>(false),
        listed::<CreateUser>(false),
        listed::<UpdateUser>(false),
        listed::<DisableUser>(false),
        listed::<ResetUser>(false),
        listed::<GrantRoles>(false),
        listed::<ListRoles>(false),
        listed::<ExplainAccess>(false),
        listed::<ListDepartments>(false),
        listed::<EditDepartment>(false),
        listed::<CompleteSetup>(false),
        listed::<ShowRecovery>(false),
    ]
}
