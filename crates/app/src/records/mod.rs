//! The record as people read it: who did, saw or was refused what, verification, proofs, exports.
//!
//! The record itself is kept by `trust::record`; nothing here can change it. Reading it is an
//! action like any other and so leaves an entry of its own.

mod actions;
mod operations;
mod routes;
mod rows;
mod rules;
#[cfg(test)]
mod tests;

pub use operations::{
    CheckpointView, EntryRow, Export, Format, Page, checkpoint, export, list, prove, verify,
};
pub use routes::routes;
pub use rules::Query;

use crate::permissions::{Listed, listed};

/// The actions of this context.
#[must_use]
pub fn permissions() -> Vec<Listed> {
    vec![
        listed::<actions::ListRecord>(false),
        listed::<actions::VerifyRecord>(false),
        listed::<actions::ExportRecord>(false),
        listed::<actions::ProveRecord>(false),
        listed::<actions::ShowCheckpoint>(false),
    ]
}
