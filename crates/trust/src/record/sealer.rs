//! The sealer: orders what was entered into the tree and signs where it stands.

use std::fs::OpenOptions;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use values::{Error, Result};

use super::checkpoint::Checkpoint;
use super::tree::{self, Frontier};
use super::{Inner, Record};
use crate::database::Writer;

/// Entries sealed in one transaction at most, so that writers are not kept waiting.
const BATCH: i64 = 2000;

impl Record {
    /// Seals all that waits. Who seals at the same time takes turns: the tree's row is locked by
    /// the first statement.
    ///
    /// # Errors
    /// Unavailable when the store is away.
    pub async fn seal(&self) -> Result<()> {
        loop {
            let mut writer = self.0.store.writer().await?;
            let (sealed, checkpoint) = seal_batch(&self.0, &mut writer).await?;
            if sealed == 0 {
                // What another has sealed may wait for its commit yet; this waits for it as well.
                return writer.commit().await;
            }
            writer.commit().await?;
            if let (Some(folder), Some(text)) = (&self.0.settings.outside, &checkpoint)
                && let Err(error) = tokio::task::block_in_place(|| copy_outside(folder, text))
            {
                tracing::error!(?error, "the checkpoint could not be copied outside");
            }
        }
    }
}

/// The state of the tree, its row locked.
pub(super) async fn locked_tree(writer: &mut Writer) -> Result<Frontier> {
    writer
        .execute(
            "INSERT INTO record_tree (one, size, frontier) VALUES (1, 0, $1) \
             ON CONFLICT (one) DO UPDATE SET size = record_tree.size",
            &[Frontier::new().to_bytes().into()],
        )
        .await?;
    let row = writer.row("SELECT frontier FROM record_tree WHERE one = 1", &[]).await?;
    let row = row.ok_or_else(|| Error::internal("the tree's state was not made"))?;
    Frontier::from_bytes(&row.bytes(0)?)
}

async fn seal_batch(inner: &Inner, writer: &mut Writer) -> Result<(usize, Option<String>)> {
    let waiting =
        writer.row("SELECT id FROM record_entry WHERE number IS NULL LIMIT 1", &[]).await?;
    if waiting.is_none() {
        return Ok((0, None));
    }
    let mut frontier = locked_tree(writer).await?;
    let rows = writer
        .rows(
            "SELECT id, body FROM record_entry WHERE number IS NULL ORDER BY at, id LIMIT $1",
            &[BATCH.into()],
        )
        .await?;
    for row in &rows {
        let leaf = tree::leaf_hash(row.text(1)?.as_bytes());
        let number = i64::try_from(frontier.size()).map_err(Error::internal)?;
        frontier.push(leaf);
        writer
            .change(
                "UPDATE record_entry SET number = $1, leaf = $2 WHERE id = $3 AND number IS NULL",
                &[number.into(), leaf.to_vec().into(), row.bytes(0)?.into()],
                1,
            )
            .await?;
    }
    let size = i64::try_from(frontier.size()).map_err(Error::internal)?;
    writer
        .change(
            "UPDATE record_tree SET size = $1, frontier = $2 WHERE one = 1",
            &[size.into(), frontier.to_bytes().into()],
            1,
        )
        .await?;
    let text = inner.signer.sign(frontier.size(), frontier.root());
    writer
        .execute(
            "INSERT INTO record_checkpoint (size, at, text) VALUES ($1, $2, $3) \
             ON CONFLICT (size) DO NOTHING",
            &[size.into(), inner.clock.now().into(), text.as_str().into()],
        )
        .await?;
    Ok((rows.len(), Some(text)))
}

/// The file outside that holds every checkpoint, one after the other.
const OUTSIDE: &str = "heng-checkpoints.txt";

fn copy_outside(folder: &Path, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(OUTSIDE);
    let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
    // The last copy may have been cut by a power cut; the next one starts on a line of its own.
    let mut end = [0; 2];
    let cut = file.seek(SeekFrom::End(-2)).is_ok()
        && (file.read_exact(&mut end).is_err() || end != *b"\n\n");
    let apart = if cut { "\n\n" } else { "" };
    file.write_all(format!("{apart}{text}\n").as_bytes())?;
    file.sync_data()
}

/// The characters of a signature line's last word: key id and signature, base64.
const SIGNATURE: usize = 92;

/// Every checkpoint that was copied outside, with its size, the largest first. Copies that were
/// cut short by a power cut are passed over.
pub(super) fn copies_outside(folder: &Path) -> Result<Vec<(u64, String)>> {
    let path = folder.join(OUTSIDE);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let bytes = std::fs::read(path).map_err(Error::unavailable)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    let mut copies = Vec::new();
    for five in lines.windows(5) {
        let &[_, _, _, "", signature] = five else { continue };
        let whole = signature.rsplit(' ').next().is_some_and(|word| word.len() == SIGNATURE);
        if !whole || !signature.starts_with("— ") {
            continue;
        }
        let copy = format!("{}\n", five.join("\n"));
        if let Ok(stated) = Checkpoint::parse(&copy) {
            copies.push((stated.size, copy));
        }
    }
    copies.sort_by(|a, b| b.cmp(a));
    copies.dedup();
    Ok(copies)
}
