//! What the firm has decided about itself: its name, how long a session may idle, what people may
//! say an export is for.
//!
//! Every setting has a type and bounds, and a default that holds until somebody decides otherwise.
//! Settings that the configuration file decides are shown beside them and cannot be changed here.
//! A change is on record by the names of the settings that were changed.

mod actions;
mod operations;
mod routes;
mod rows;
mod rules;
#[cfg(test)]
mod tests;

pub use operations::{Page, Shown, list, local_operator_allowed, update};
pub use routes::routes;
pub use rules::{Choice, Kind, Settings, Spec, Value};

use crate::permissions::{Listed, listed};
use trust::database::{Reader, Writer};
use values::{Error, Micros, Result, UserId};

/// What each column of this context's table holds.
pub const COLUMNS: &str = include_str!("columns.toml");

/// The settings in force, read within the caller's own transaction.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn current(reader: &mut Reader) -> Result<Settings> {
    let stored = rows::all(reader).await?;
    Ok(Settings::of(stored.iter().map(|row| (row.key.as_str(), row.value.as_str()))))
}

/// Gives the firm its name, within the caller's own transaction; set-up does.
///
/// # Errors
/// Invalid when the name does not fit.
pub async fn name_firm(writer: &mut Writer, name: &str, now: Micros) -> Result<()> {
    let spec = rules::spec("firm_name").ok_or_else(|| Error::internal("no firm_name"))?;
    let name = spec.check(Value::Text(name.to_owned()))?.stored();
    rows::set(writer, spec.key, &name, now, UserId(uuid::Uuid::nil())).await
}

/// The actions of this context.
#[must_use]
pub fn permissions() -> Vec<Listed> {
    vec![
        listed::<actions::ListSettings>(false),
        listed::<actions::UpdateSettings>(false),
        listed::<crate::catalogue::ListCatalogue>(false),
    ]
}
