//! Statements (报表) and returns (申报表) of clients: kept apart in the core store, checked by rules,
//! reviewed by a second person, locked by approval.
//!
//! A set is the three statements of a period, or one return. Its figures are immutable revisions in
//! the core store; the main store knows where they lie, where the set stands and which rules it
//! breaks, and no amount. Every saving runs the rules on all periods that it touches. The first
//! submission is frozen for the accuracy figure; what was submitted once changes only with a cause,
//! and what is approved not at all until it is opened again.

mod actions;
mod analysis;
#[cfg(test)]
mod analysis_tests;
mod checking;
mod guideposts;
mod operations;
mod reports;
mod routes;
mod rows;
mod rows_analysis;
mod rows_open;
mod rows_uploads;
mod rules;
#[cfg(test)]
mod tests;
mod uploads;
mod viewing;

pub use actions::permissions;
pub use routes::routes;
pub use uploads::{ImportedFile, ImportedSet, import_file};
