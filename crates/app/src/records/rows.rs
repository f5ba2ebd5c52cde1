//! The newest checkpoint; everything else about the record's tables is `trust::record`'s.

use trust::database::Reader;
use values::Result;

/// The newest signed checkpoint.
pub async fn newest_checkpoint(reader: &mut Reader) -> Result<Option<String>> {
    let row =
        reader.row("SELECT text FROM record_checkpoint ORDER BY size DESC LIMIT 1", &[]).await?;
    row.map(|row| row.text(0)).transpose()
}
