//! The keys of the store as people see them: where the master key lies, rotation, and the
//! recovery sheet.
//!
//! Rotation wraps every key anew and makes new data keys at once; what is sealed with old ones
//! stays readable and is sealed again in the background, batch by batch. A walk that was cut short
//! begins anew at the next start: a value that is sealed with the current key is left alone.

mod actions;
mod jobs;
mod operations;
mod routes;
#[cfg(test)]
mod tests;

pub use jobs::{reseal, resume, start};
pub use operations::{KeysView, LevelKey, Progress, confirm_recovery, rotate, status, unsettled};
pub use routes::routes;

use crate::permissions::{Listed, listed};

/// The actions of this context.
#[must_use]
pub fn permissions() -> Vec<Listed> {
    vec![
        listed::<actions::ListKeys>(false),
        listed::<actions::RotateKeys>(false),
        listed::<actions::ConfirmRecovery>(false),
        listed::<actions::SealAgain>(false),
    ]
}
