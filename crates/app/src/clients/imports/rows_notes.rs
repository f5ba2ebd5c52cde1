//! The table of notes: what was left out of rows that came in, or should be looked at.

use trust::database::{Reader, Value, Writer};
use values::{ImportId, Result};

use super::rules::Note;

/// A note as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The row as Excel counts.
    pub row: i64,
    /// Which of the row's notes it is.
    pub number: i64,
    /// The column by its place in the file; nothing for the whole row.
    pub position: Option<usize>,
    /// The code of the reason.
    pub code: String,
    /// The reason.
    pub reason: String,
    /// What stood there; not kept of confidential fields.
    pub value: Option<String>,
}

/// Keeps the notes of some rows.
pub async fn note(writer: &mut Writer, id: ImportId, notes: &[(i64, Vec<Note>)]) -> Result<()> {
    let rows: Vec<Vec<Value>> = notes
        .iter()
        .flat_map(|(row, notes)| (0_i64..).zip(notes).map(move |(number, n)| (*row, number, n)))
        .map(|(row, number, note)| {
            vec![
                id.into(),
                row.into(),
                number.into(),
                note.position.and_then(|at| i64::try_from(at).ok()).into(),
                note.code.into(),
                note.zh.as_str().into(),
                note.value.as_deref().into(),
            ]
        })
        .collect();
    let columns = &["import_id", "row", "number", "position", "code", "reason", "value"];
    writer.insert_many("import_note", columns, &rows).await
}

/// The notes after one, in the order of the file.
pub async fn noted(
    reader: &mut Reader,
    id: ImportId,
    (row, number): (i64, i64),
    limit: i64,
) -> Result<Vec<Noted>> {
    let rows = reader
        .rows(
            "SELECT row, number, position, code, reason, value FROM import_note \
             WHERE import_id = $1 AND (row > $2 OR (row = $2 AND number > $3)) \
             ORDER BY row, number LIMIT $4",
            &[id.into(), row.into(), number.into(), limit.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Noted {
                row: row.int(0)?,
                number: row.int(1)?,
                position: row.opt_int(2)?.and_then(|at| usize::try_from(at).ok()),
                code: row.text(3)?,
                reason: row.text(4)?,
                value: row.opt_text(5)?,
            })
        })
        .collect()
}
