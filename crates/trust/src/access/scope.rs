//! The row scope of a list: the decision table of the six truths, written as SQL.

use sea_query::{Cond, Condition, Expr};
use values::{Micros, Result};

use super::Actor;
use super::relations::{self, Lookup, RelationKind, Standing};
use crate::database::Reader;

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

    fn condition(&self, scope: &RowScope, client: (&'static str, &'static str)) -> Condition {
        match self {
            Self::All => Cond::all(),
            Self::Nothing => Cond::all().add(Expr::cust("1 = 0")),
            Self::Ask { kind, yes, no } => {
                if let Some(kinds) = self.any() {
                    return scope.truth(&kinds, client);
                }
                let truth = || scope.truth(&[*kind], client);
                let when_true = match **yes {
                    Self::All => truth(),
                    _ => Cond::all().add(truth()).add(yes.condition(scope, client)),
                };
                match **no {
                    Self::Nothing => when_true,
                    // Where the truth only ever helps, `no` holds whatever it is.
                    _ if yes.contains(no) => {
                        Cond::any().add(when_true).add(no.condition(scope, client))
                    }
                    _ => Cond::any()
                        .add(when_true)
                        .add(Cond::all().add(truth().not()).add(no.condition(scope, client))),
                }
            }
        }
    }

    /// The truths, where any one of them is enough and nothing else decides: one question then
    /// asks for all of them.
    fn any(&self) -> Option<Vec<RelationKind>> {
        match self {
            Self::All => None,
            Self::Nothing => Some(Vec::new()),
            Self::Ask { kind, yes, no } if **yes == Self::All => {
                let mut kinds = no.any()?;
                kinds.push(*kind);
                Some(kinds)
            }
            Self::Ask { .. } => None,
        }
    }

    /// All truths that are asked for.
    fn kinds(&self, into: &mut Vec<RelationKind>) {
        if let Self::Ask { kind, yes, no } = self {
            into.push(*kind);
            yes.kinds(into);
            no.kinds(into);
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

/// Clients that are gathered before a list is read; an actor with more is looked up row by row.
const GATHERED: u64 = 2_000;

/// The rows of a list that the caller may see.
#[derive(Debug, Clone)]
pub struct RowScope {
    tree: Tree,
    actor: Actor,
    now: Micros,
    lookup: Lookup,
}

impl RowScope {
    pub(super) fn new(
        allowed: &[bool; Standing::COMBINATIONS],
        actor: &Actor,
        now: Micros,
    ) -> Self {
        let (tree, actor) = (Tree::of(allowed, 0, 0), actor.clone());
        Self { tree, actor, now, lookup: Lookup::Gathered }
    }

    fn truth(&self, kinds: &[RelationKind], client: (&'static str, &'static str)) -> Condition {
        relations::condition(kinds, client, &self.actor, self.now, self.lookup)
    }

    /// The condition on a column that names a client.
    #[must_use]
    pub fn condition(&self, client: (&'static str, &'static str)) -> Condition {
        self.tree.condition(self, client)
    }

    /// The same rows, asked for in the way that is quick for as many clients as the actor has.
    ///
    /// # Errors
    /// Unavailable when the store is away.
    pub async fn suited(self, reader: &mut Reader) -> Result<Self> {
        let mut kinds = Vec::new();
        self.tree.kinds(&mut kinds);
        kinds.sort_unstable();
        kinds.dedup();
        let many = relations::is_beyond(reader, &kinds, &self.actor, GATHERED).await?;
        Ok(if many { self.row_by_row() } else { self })
    }

    /// The same rows, each looked up by itself.
    #[must_use]
    pub const fn row_by_row(mut self) -> Self {
        self.lookup = Lookup::RowByRow;
        self
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
