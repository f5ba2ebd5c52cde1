//! Chinese business knowledge that has no side effects: identifiers and their check digits,
//! phone and bank numbers, capital and dates as people write them, classifications, size
//! tests, masks, and an invented firm for demonstrations.
//!
//! Nothing here reads a clock, a file or a network; today's date is handed in where it matters.

pub mod analysis;
pub mod bank;
pub mod calendar;
pub mod capital;
pub mod dates;
pub mod divisions;
pub mod findings;
pub mod identifiers;
pub mod industries;
pub mod masks;
pub mod names;
mod numerals;
pub mod phones;
pub mod placeholders;
pub mod reading;
pub mod returns;
pub mod rules;
pub mod sample;
pub mod size;
pub mod small_low_profit;
pub mod statements;
mod text;

pub use findings::{Finding, Severity};
