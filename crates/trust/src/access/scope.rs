//! The row scope of a list: the decision table of the six truths, written as SQL.

use sea_query::{Cond, Condition, Expr};
use values::Micros;

use super::Actor;
use super::relations::{RelationKind, Standing};

/// Which of the six truths a row needs, as a tree of questions asked in a fixed order.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tree {
    All,
    Nothing,
    Ask { kind: RelationKind, yes: Box<Tree>, no: Box<Tree> },
}

impl Tree {
    /// The smallest tree for the combinations in which the first `fixed` truths are `bits`.
    fn of(allowed: &[bool; Standing::COMBINATIONS], fixed: usize, bits: usize) -> Self {
        let Some(kind) = RelationKind::ALL.get(fixed).copied() else {
            return if allowed.get(bits).copied().unwrap_or(false) {
                Self::All
            } else {
                Self::Nothing
            };
        };
        let no = Self::of(allowed, fixed + 1, bits);
        let yes = Self::of(allowed, fixed + 1, bits | (1 << fixed));
        if yes == no { no } else { Self::Ask { kind, yes: Box::new(yes), no: Box::new(no) } }
    }

    fn condition(
        &self,
        client: (&'static str, &'static str),
        actor: &Actor,
        now: Micros,
    ) -> Condition {
        match self {
            Self::All => Cond::all(),
            // Written out: PostgreSQL takes parameters on both sides for text.
            Self::Nothing => Cond::all().add(Expr::cust("1 = 0")),
            Self::Ask { kind, yes, no } => {
                let truth = || kind.condition(client, actor, now);
                let when_true = match **yes {
                    Self::All => truth(),
                    _ => Cond::all().add(truth()).add(yes.condition(client, actor, now)),
                };
                match **no {
                    Self::Nothing => when_true,
                    // Where the truth only ever helps, `no` holds whatever it is.
                    _ if yes.contains(no) => {
                        Cond::any().add(when_true).add(no.condition(client, actor, now))
                    }
                    _ => Cond::any()
                        .add(when_true)
                        .add(Cond::all().add(truth().not()).add(no.condition(client, actor, now))),
                }
            }
        }
    }

    /// Whether everything that `other` lets through is let through here too.
    fn contains(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) | (_, Self::Nothing) => true,
            (Self::Nothing, _) => false,
            (Self::Ask { yes, no, .. }, Self::All) => yes.contains(other) && no.contains(other),
            (Self::Ask { kind, yes, no }, Self::Ask { kind: k, yes: y, no: n }) => {
                if kind == k {
                    yes.contains(y) && no.contains(n)
                } else if (*kind as usize) < (*k as usize) {
                    yes.contains(other) && no.contains(other)
                } else {
                    self.contains(y) && self.contains(n)
                }
            }
        }
    }
}

/// The rows of a list that the caller may see.
#[derive(Debug, Clone)]
pub struct RowScope {
    tree: Tree,
    actor: Actor,
    now: Micros,
}

impl RowScope {
    pub(super) fn new(
        allowed: &[bool; Standing::COMBINATIONS],
        actor: &Actor,
        now: Micros,
    ) -> Self {
        Self { tree: Tree::of(allowed, 0, 0), actor: actor.clone(), now }
    }

    /// The condition on a column that names a client.
    #[must_use]
    pub fn condition(&self, client: (&'static str, &'static str)) -> Condition {
        self.tree.condition(client, &self.actor, self.now)
    }

    /// Whether every row is inside.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.tree == Tree::All
    }

    /// Whether no row is.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.tree == Tree::Nothing
    }
}
