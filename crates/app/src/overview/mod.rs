//! 工作台: how many clients, what waits for me, where the data is doubtful.
//!
//! It keeps nothing of its own: every number comes from the context that answers for it, under
//! that context's own permission, so a person sees only what their scope holds.

mod actions;
mod operations;
mod routes;
#[cfg(test)]
mod tests;

pub use operations::{Overview, Todo, show};
pub use routes::routes;

use crate::permissions::{Listed, listed};

/// The actions of this context.
#[must_use]
pub fn permissions() -> Vec<Listed> {
    vec![listed::<actions::ShowOverview>(false)]
}
