//! All SQL of this context's tables.

pub(super) mod accounts;
pub(super) mod links;
pub(super) mod names;
pub(super) mod sessions;

use jiff::civil::Date;
use trust::database::Row;
use uuid::Uuid;
use values::{Error, Result};

fn uuid(row: &Row, index: usize) -> Result<Uuid> {
    Uuid::from_slice(&row.bytes(index)?).map_err(Error::internal)
}

fn bytes(id: Uuid) -> Vec<u8> {
    id.as_bytes().to_vec()
}

fn date(row: &Row, index: usize) -> Result<Option<Date>> {
    row.opt_text(index)?.map(|text| text.parse().map_err(Error::internal)).transpose()
}

fn level(row: &Row, index: usize) -> Result<u8> {
    u8::try_from(row.int(index)?).map_err(Error::internal)
}

fn optional<T: trust::database::FromId>(row: &Row, index: usize) -> Result<Option<T>> {
    row.opt_bytes(index)?.map(|bytes| T::from_id(&bytes)).transpose()
}
