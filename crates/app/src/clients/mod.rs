//! The archive: what the firm holds of its clients, in three sections, with every change a
//! version.
//!
//! A client's fields are described once, in `fields`; forms, import, masking, completeness and
//! export follow from there. A client has one 负责人 and one 复核人, two people. What is sealed
//! is bound to its row, found by keyed tokens, and opened under the permits named in `actions`.

mod actions;
mod custom;
mod deeds;
mod edits;
mod exports;
mod fields;
mod financing;
mod history;
mod holds;
mod imports;
mod list;
mod merging;
mod operations;
mod overview;
mod projection;
mod repeats;
mod resealing;
mod reveal;
mod routes;
mod rows;
mod rules;
mod scratch;
mod seal;
mod search;
mod seats;
mod specs;
mod taxed;
mod upkeep;
mod versions;
mod view;
mod views;

#[cfg(test)]
mod tests;

pub use actions::permissions;
pub use custom::Added;
pub use deeds::{Assignment, Deed, one as deed};
pub use exports::{Waiting, waiting};
pub use financing::{Financing, financing};
pub use imports::{
    ImportOptions, ImportSummary, Mode as ImportMode, import_file,
    reseal_file as reseal_import_file, resume as resume_imports,
};
pub use list::{COUNTED, ClientPage, ClientRow, ListQuery, Total, list};
pub use operations::{Draft, create, view};
pub use overview::{Overview, overview};
pub use resealing::{Resealed, reseal_batch, sealed_values};
pub use routes::routes;
pub use rows::{id_of_code, ids_named};
pub use taxed::{Page as TaxedPage, TaxProfile, Taxed, tax_profiles, taxed};
pub use upkeep::upkeep;
pub use view::{ClientView, Person, Standing};
