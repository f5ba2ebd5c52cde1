//! Every action of every context on one page: its name, its level, and whether it is done to a
//! client. Policy, the permission matrix and `GET /api/me` read it.

use trust::access::Action;

/// An action as a line of the registry.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// The literal question.
    pub name: &'static str,
    /// The level of what it touches.
    pub level: u8,
    /// Whether it is done to a client.
    pub client: bool,
}

pub(crate) const fn listed<A: Action>(client: bool) -> Listed {
    Listed { name: A::NAME, level: A::LEVEL, client }
}

/// All actions, context by context.
#[must_use]
pub fn all() -> Vec<Listed> {
    [
        crate::identity::permissions(),
        crate::clients::permissions(),
        crate::records::permissions(),
        crate::keys::permissions(),
        crate::settings::permissions(),
        crate::overview::permissions(),
        crate::calendar::permissions(),
        crate::statements::permissions(),
    ]
    .concat()
}

/// Declares actions: what each is, its name, level, target and field classes.
macro_rules! actions {
    ($(
        $(#[$doc:meta])*
        $action:ident = $name:literal, $level:literal, $target:ty, $classes:expr;
    )*) => {
        $(
            $(#[$doc])*
            pub struct $action;
            impl trust::access::Action for $action {
                const NAME: &'static str = $name;
                const LEVEL: u8 = $level;
                const CLASSES: &'static [&'static str] = $classes;
                type Target = $target;
            }
        )*
    };
}

pub(crate) use actions;
