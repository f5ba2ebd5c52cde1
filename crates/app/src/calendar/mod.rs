//! The tax calendar (税务日历): deadlines by month, duties per client, and what a firm takes in of
//! the notices that the State Council and tax bureaus publish.
//!
//! How a day comes about is `fiscal`'s; this context adds the firm's notices to what `fiscal`
//! knows, asks the archive for the taxes of each client, and shows who has what to file when,
//! within the caller's row scope. A notice is taken in only after its preview was seen. A
//! subscription's address is a secret of one person, kept as a digest, and shows what that person
//! could see themselves, by short names only.

mod actions;
mod feed;
mod imports;
mod operations;
mod reading;
mod routes;
mod rows;
mod rules;
#[cfg(test)]
mod tests;

pub use routes::routes;

use crate::permissions::{Listed, listed};

/// The actions of this context.
#[must_use]
pub fn permissions() -> Vec<Listed> {
    vec![
        listed::<actions::ShowCalendar>(false),
        listed::<actions::ImportNotice>(false),
        listed::<actions::OwnFeed>(false),
    ]
}
