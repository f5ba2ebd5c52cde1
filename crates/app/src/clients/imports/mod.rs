//! Workbooks of clients coming in: upload, matching of columns, check, run, result, undo.
//!
//! Every row of a file comes to exactly one thing: created, updated, unchanged, rejected or a
//! duplicate. A check tells this beforehand and writes nothing. A run works in batches, each one
//! transaction with its own entry on record and the count of rows that are done, so that it can be
//! stopped between two, goes on after a restart where it was, and never leaves half a row. The
//! uploaded file is kept sealed; refused rows come back as a workbook with their own columns and
//! the reason. An import is taken back as a whole as long as nobody has worked on its clients.

mod changes;
mod matching;
mod operations;
mod originals;
mod placing;
mod refusals;
mod rights;
mod routes;
mod rows;
mod rows_notes;
mod rules;
mod run;
mod template;
#[cfg(test)]
mod tests;
mod undo;

pub use operations::{ImportOptions, ImportSummary, import_file};
pub use originals::reseal_file;
pub use routes::routes;
pub use rules::Mode;
pub use run::resume;
