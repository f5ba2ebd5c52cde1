//! Sealing again in the background: every context with sealed columns is one line here.

use std::collections::BTreeMap;

use trust::access::{Actor, Origin};
use trust::database::Reader;
use trust::record::Change;
use trust::vault;
use values::{ClientId, ImportId, Result};

use super::actions::SealAgain;
use crate::{App, clients, identity};

/// What one step of a walk did.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// Sealed values that it looked at.
    pub seen: i64,
    /// Where the next step begins; nothing when the walk has ended.
    pub next: Option<Vec<u8>>,
}

/// The sealed columns of one context.
#[derive(Debug, Clone, Copy)]
enum Walk {
    /// The seeds of one-time codes.
    Seeds,
    /// The archive: fields, rows of lists, and what versions remember.
    Archive,
    /// The core store: each revision's own key.
    Core,
    /// The files of imports, kept beside the store; they are not counted among its values.
    Originals,
}

/// Every context that seals.
const WALKS: [Walk; 4] = [Walk::Seeds, Walk::Archive, Walk::Core, Walk::Originals];
/// Clients of one step.
const CLIENTS: i64 = 200;

impl Walk {
    /// How many values are sealed, by level.
    async fn count(self, reader: &mut Reader) -> Result<Vec<(u8, i64)>> {
        match self {
            Self::Seeds => Ok(vec![(4, identity::sealed_seeds(reader).await?)]),
            Self::Archive => {
                let (confidential, strict) = clients::sealed_values(reader).await?;
                Ok(vec![(3, confidential), (4, strict)])
            }
            // The core's keys are its own: those of the levels do not count them.
            Self::Core | Self::Originals => Ok(Vec::new()),
        }
    }

    /// Seals the next few again.
    async fn step(self, app: &App, actor: &Actor, from: Option<Vec<u8>>) -> Result<Step> {
        match self {
            Self::Seeds => {
                let permit = app.access.authorize::<SealAgain>(actor, ()).await?;
                let mut tx = app.db.write(&permit).await?;
                let sealed = identity::reseal(&mut tx, &app.keyring).await?;
                let seen = identity::sealed_seeds(&mut tx).await?;
                tx.commit(permit.entry(Change::none().count("resealed", sealed))).await?;
                Ok(Step { seen, next: None })
            }
            Self::Archive => {
                let from = from.map(|id| ClientId::from_bytes(&id)).transpose()?;
                let permit = app.access.authorize::<SealAgain>(actor, ()).await?;
                let mut tx = app.db.write(&permit).await?;
                let done = clients::reseal_batch(&mut tx, &app.keyring, from, CLIENTS).await?;
                tx.commit(permit.entry(Change::none().count("resealed", done.sealed))).await?;
                let next = done.last.map(|id| id.as_bytes().to_vec());
                Ok(Step { seen: done.seen, next })
            }
            Self::Core => {
                let permit = app.access.authorize::<SealAgain>(actor, ()).await?;
                let tx = app.db.write(&permit).await?;
                let done = app.core.rewrap(&permit).await?;
                tx.commit(permit.entry(Change::none().count("rewrapped", done.done))).await?;
                Ok(Step { seen: done.done, next: done.more.then(Vec::new) })
            }
            Self::Originals => {
                let from = from.map(|id| ImportId::from_bytes(&id)).transpose()?;
                let permit = app.access.authorize::<SealAgain>(actor, ()).await?;
                let done = tokio::task::block_in_place(|| clients::reseal_import_file(app, from))?;
                let Some((pieces, file)) = done else { return Ok(Step::default()) };
                let tx = app.db.write(&permit).await?;
                tx.commit(permit.entry(Change::none().count("resealed", pieces))).await?;
                Ok(Step { seen: 0, next: Some(file.as_bytes().to_vec()) })
            }
        }
    }
}

/// How many values are sealed, by level.
pub async fn counts(reader: &mut Reader) -> Result<BTreeMap<u8, i64>> {
    let mut all = BTreeMap::new();
    for walk in WALKS {
        for (level, values) in walk.count(reader).await? {
            *all.entry(level).or_insert(0) += values;
        }
    }
    Ok(all)
}

/// Seals again whatever a retired key has sealed, noting how far it is.
///
/// # Errors
/// Unavailable when the store is away; the walk then begins anew at the next start.
pub async fn reseal(app: &App) -> Result<()> {
    let actor = Actor::part_of_heng("job", Origin::default());
    let permit = app.access.authorize::<SealAgain>(&actor, ()).await?;
    let total: i64 = counts(&mut *app.db.read(&permit).await?).await?.values().sum();
    // What is away is wrapped anew at a later start; it does not keep the rest from being done.
    let total = total + app.core.sealed().await.unwrap_or(0);
    let mut done = 0;
    for walk in WALKS {
        let mut next = None;
        loop {
            let step = walk.step(app, &actor, next).await?;
            done = (done + step.seen).min(total);
            next = step.next;
            if next.is_none() {
                break;
            }
            // The last value is noted only once every walk has ended.
            note(app, &actor, done.min(total - 1), total).await?;
        }
    }
    note(app, &actor, total, total).await?;
    tracing::info!(values = total, "sealed again with the current keys");
    Ok(())
}

async fn note(app: &App, actor: &Actor, done: i64, total: i64) -> Result<()> {
    let permit = app.access.authorize::<SealAgain>(actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    vault::note_rotation(&mut tx, done.max(0), total).await?;
    tx.commit(permit.entry(Change::none().count("resealed", done))).await?;
    Ok(())
}

/// Goes on with a rotation that a stop cut short; called once at start.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn resume(app: &App) -> Result<()> {
    let actor = Actor::part_of_heng("job", Origin::default());
    let permit = app.access.authorize::<SealAgain>(&actor, ()).await?;
    let (_, done, total) = vault::rotation_progress(&mut *app.db.read(&permit).await?).await?;
    if done < total {
        start(app);
    }
    Ok(())
}

/// Seals again in the background.
pub fn start(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = reseal(&app).await {
            tracing::error!(?error, "sealing again stopped; it goes on at the next start");
        }
    });
}
