//! Showing keys, rotating them, and confirming the recovery sheet.

use std::collections::BTreeMap;

use trust::access::Actor;
use trust::database::Reader;
use trust::record::Change;
use trust::vault;
use values::{Error, Micros, Result};

use super::actions::{ConfirmRecovery, ListKeys, RotateKeys};
use super::jobs;
use crate::App;

/// The key that seals one level now.
#[derive(Debug, Clone)]
pub struct LevelKey {
    /// The level.
    pub level: u8,
    /// The id that sealed values carry.
    pub key_id: u32,
    /// When it was made.
    pub created_at: Micros,
    /// How many values of this level are sealed.
    pub values: i64,
}

/// How far sealing again has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Values that are done.
    pub done: i64,
    /// Values there were when it began.
    pub total: i64,
}

impl Progress {
    /// Whether something is left.
    #[must_use]
    pub const fn running(self) -> bool {
        self.done < self.total
    }
}

/// What people may know of the keys.
#[derive(Debug, Clone)]
pub struct KeysView {
    /// What new values are sealed with.
    pub algorithm: String,
    /// Where the master key comes from; the words of a command are left out.
    pub source: String,
    /// Whether it lies beside the store, so that a copied folder carries it along.
    pub beside_store: bool,
    /// Whether the last block of the recovery sheet was typed back.
    pub recovery_confirmed: bool,
    /// What should be put right about the key's place, in Chinese and English.
    pub warnings: Vec<(String, String)>,
    /// The keys in use.
    pub levels: Vec<LevelKey>,
    /// Sealing again.
    pub progress: Progress,
}

/// What is unsettled about the master key: whether it lies beside the store, and whether the
/// recovery sheet waits to be confirmed.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn unsettled(app: &App, reader: &mut Reader) -> Result<(bool, bool)> {
    let (confirmed, _, _) = vault::rotation_progress(reader).await?;
    Ok((app.running.master.1, !confirmed))
}

fn level_of(purpose: &str) -> Option<u8> {
    purpose.strip_prefix("level-")?.parse().ok()
}

/// The keys.
///
/// # Errors
/// Denied without the right.
pub async fn status(app: &App, actor: &Actor) -> Result<KeysView> {
    let permit = app.access.authorize::<ListKeys>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let (recovery_confirmed, done, total) = vault::rotation_progress(&mut tx).await?;
    let counts = jobs::counts(&mut tx).await?;
    let mut levels: BTreeMap<u8, LevelKey> = BTreeMap::new();
    for key in app.keyring.status().into_iter().filter(|key| !key.retired) {
        let Some(level) = level_of(&key.purpose) else { continue };
        let values = counts.get(&level).copied().unwrap_or(0);
        let key = LevelKey { level, key_id: key.id, created_at: key.created_at, values };
        levels.insert(level, key);
    }
    let source = &app.running.master.0;
    let warnings = app.trust.key_warnings.iter().map(|w| (w.zh(), w.en())).collect();
    Ok(KeysView {
        algorithm: app.keyring.algorithm().to_string(),
        source: if source.starts_with("command:") { "command".into() } else { source.clone() },
        beside_store: app.running.master.1,
        recovery_confirmed,
        warnings,
        levels: levels.into_values().collect(),
        progress: Progress { done, total },
    })
}

/// Wraps every key anew and makes new data keys. What old ones sealed is left to
/// [`jobs::reseal`], which the caller starts.
///
/// # Errors
/// Denied without the right.
pub async fn rotate(app: &App, actor: &Actor) -> Result<Progress> {
    let permit = app.access.authorize::<RotateKeys>(actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    let rotation = app.keyring.rotate(&mut tx, &app.trust.master, &*app.clock).await?;
    app.core.rotate(&permit).await?;
    let total: i64 = jobs::counts(&mut tx).await?.values().sum();
    let total = total + app.core.sealed().await?;
    vault::note_rotation(&mut tx, 0, total).await?;
    tx.commit(permit.entry(Change::none().count("values", total))).await?;
    app.keyring.install(rotation);
    Ok(Progress { done: 0, total })
}

/// Confirms the recovery sheet by its last block.
///
/// # Errors
/// Invalid when the block is another, Denied without the right.
pub async fn confirm_recovery(app: &App, actor: &Actor, block: &str) -> Result<()> {
    let permit = app.access.authorize::<ConfirmRecovery>(actor, ()).await?;
    let last = vault::blocks(&app.trust.master).len();
    if !vault::block_matches(&app.trust.master, last, block) {
        return Err(Error::invalid(
            "block",
            "key.block_wrong",
            "与恢复单最后一组不符，请对照恢复单重新输入",
            "This is not the last block of the sheet: type it again from the paper",
        ));
    }
    let mut tx = app.db.write(&permit).await?;
    vault::confirm_recovery(&mut tx).await?;
    tx.commit(permit.entry(Change::none())).await?;
    Ok(())
}
