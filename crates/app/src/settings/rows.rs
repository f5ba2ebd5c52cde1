//! The table of settings.

use trust::database::{Reader, Writer};
use values::{Micros, Result, UserId};

/// A setting as it is stored.
pub struct SettingRow {
    /// Its key.
    pub key: String,
    /// Its value as text.
    pub value: String,
    /// When it was changed last.
    pub changed_at: Micros,
}

/// All that were ever changed.
pub async fn all(reader: &mut Reader) -> Result<Vec<SettingRow>> {
    let rows = reader.rows("SELECT key, value, changed_at FROM setting ORDER BY key", &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(SettingRow { key: row.text(0)?, value: row.text(1)?, changed_at: row.micros(2)? })
        })
        .collect()
}

/// Sets one.
pub async fn set(
    writer: &mut Writer,
    key: &str,
    value: &str,
    now: Micros,
    by: UserId,
) -> Result<()> {
    writer
        .change(
            "INSERT INTO setting (key, value, changed_at, changed_by) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value, \
             changed_at = excluded.changed_at, changed_by = excluded.changed_by",
            &[key.into(), value.into(), now.into(), by.into()],
            1,
        )
        .await
}
