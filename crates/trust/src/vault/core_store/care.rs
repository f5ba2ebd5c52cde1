//! Looking after the core store: revisions that nothing refers to, references that lead nowhere,
//! wrapping keys anew, and destroying what has been kept long enough.

use std::sync::PoisonError;

use values::{Error, Micros, Result};

use super::{CoreAddress, CoreItem, CoreStore, Destroys, Opened, away, gone, named};
use crate::access::{Action, Permit};
use crate::database::{Address, Value, WriteTx};
use crate::record::Receipt;

/// A revision may wait so long for the transaction that refers to it.
const GRACE: i64 = 3_600_000_000;
/// So long nothing may refer to a revision before it goes. Whoever brings back an older copy of the
/// main store has this time to notice: until then what it lacks is still there.
const PATIENCE: i64 = 30 * 86_400_000_000;
/// Revisions of one step.
const STEP: usize = 500;

/// What a sweep found and did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Collected {
    /// Revisions that nothing refers to, kept for now.
    pub orphans: i64,
    /// Those that went because nothing had referred to them for a month.
    pub removed: i64,
    /// Condemned revisions whose destruction a crash had cut short.
    pub destroyed: i64,
    /// References to revisions that are not there.
    pub missing: i64,
}

/// What there is, for `heng doctor` and the overview.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CoreCheck {
    /// Revisions, destroyed ones among them.
    pub revisions: i64,
    /// Revisions of which only the hash is left.
    pub destroyed: i64,
    /// Revisions that nothing refers to.
    pub orphans: i64,
    /// References to revisions that are not there.
    pub missing: i64,
}

/// One step of wrapping keys anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rewrapped {
    /// Keys that were wrapped anew.
    pub done: i64,
    /// Whether some are left.
    pub more: bool,
}

fn bytes(address: CoreAddress) -> Value {
    address.as_bytes().to_vec().into()
}

impl CoreStore {
    /// Whether it can be used: there, or not needed yet.
    ///
    /// # Errors
    /// Unavailable `core.unavailable` or `core.foreign`.
    pub async fn ready(&self) -> Result<()> {
        let Some(opened) = self.opened(false).await? else { return Ok(()) };
        let mut reader = opened.store.reader().await.map_err(named)?;
        let row = reader.row("SELECT core_id FROM core_state WHERE one = 1", &[]).await;
        row.map_err(named)?.map(drop).ok_or_else(|| away("the core store is empty"))
    }

    /// The addresses after one, in order.
    async fn addresses(&self, opened: &Opened, after: &[u8]) -> Result<Vec<(Vec<u8>, bool, bool)>> {
        let mut reader = opened.store.reader().await?;
        let rows = reader
            .rows(
                "SELECT address, destroyed_at IS NOT NULL, orphaned_at IS NOT NULL \
                 FROM core_revision WHERE address > $1 ORDER BY address LIMIT 500",
                &[after.to_vec().into()],
            )
            .await?;
        rows.iter().map(|row| Ok((row.bytes(0)?, row.bool(1)?, row.bool(2)?))).collect()
    }

    /// The references after one, in order, and whether each is condemned.
    async fn references(&self, after: &[u8]) -> Result<Vec<(Vec<u8>, bool)>> {
        let mut reader = self.0.around.main.look_up().await?;
        let rows = reader
            .rows(
                "SELECT address, condemned_at IS NOT NULL FROM core_reference \
                 WHERE address > $1 ORDER BY address LIMIT 500",
                &[after.to_vec().into()],
            )
            .await?;
        rows.iter().map(|row| Ok((row.bytes(0)?, row.bool(1)?))).collect()
    }

    /// Whether the main store refers to an address now.
    async fn is_referred_to(&self, address: &[u8]) -> Result<bool> {
        let mut reader = self.0.around.main.look_up().await?;
        let row = reader
            .row("SELECT 1 FROM core_reference WHERE address = $1", &[address.to_vec().into()])
            .await?;
        Ok(row.is_some())
    }

    async fn is_there(&self, opened: &Opened, address: &[u8]) -> Result<Option<bool>> {
        let mut reader = opened.store.reader().await?;
        let row = reader
            .row(
                "SELECT destroyed_at IS NOT NULL FROM core_revision WHERE address = $1",
                &[address.to_vec().into()],
            )
            .await?;
        row.map(|row| row.bool(0)).transpose()
    }

    /// Counts what is there, what is not referred to and what is missing.
    ///
    /// # Errors
    /// Unavailable when the core store is away.
    pub async fn check(&self) -> Result<CoreCheck> {
        let Some(opened) = self.opened(false).await? else { return Ok(CoreCheck::default()) };
        let mut check = CoreCheck::default();
        let mut after = Vec::new();
        loop {
            let page = self.addresses(&opened, &after).await.map_err(named)?;
            for (address, destroyed, _) in &page {
                check.revisions += 1;
                check.destroyed += i64::from(*destroyed);
                check.orphans += i64::from(!self.is_referred_to(address).await?);
            }
            match page.last() {
                Some((last, ..)) if page.len() == STEP => after.clone_from(last),
                _ => break,
            }
        }
        check.missing = self.walk_references(&opened, false).await?.1;
        Ok(check)
    }

    /// Finishes what a crash cut short: marks revisions that nothing refers to, unmarks those that
    /// something does, removes those that nothing referred to for a month, and destroys what was
    /// condemned. Called once at start.
    ///
    /// # Errors
    /// Unavailable when the core store is away.
    pub async fn sweep(&self) -> Result<Collected> {
        let Some(opened) = self.opened(false).await? else { return Ok(Collected::default()) };
        let now = self.0.around.clock.now();
        let mut collected = Collected::default();
        let mut after = Vec::new();
        loop {
            let page = self.addresses(&opened, &after).await.map_err(named)?;
            for (address, _, marked) in &page {
                let orphan = !self.is_referred_to(address).await?;
                collected.orphans += i64::from(orphan);
                if orphan != *marked {
                    mark(&opened, address, orphan, now).await.map_err(named)?;
                }
            }
            match page.last() {
                Some((last, ..)) if page.len() == STEP => after.clone_from(last),
                _ => break,
            }
        }
        let mut writer = opened.store.writer().await.map_err(named)?;
        let removed = writer
            .execute(
                "DELETE FROM core_revision WHERE orphaned_at IS NOT NULL AND orphaned_at < $1",
                &[(now.0 - PATIENCE).into()],
            )
            .await?;
        writer.commit().await.map_err(named)?;
        collected.removed = i64::try_from(removed).map_err(Error::internal)?;
        collected.orphans -= collected.removed;
        (collected.destroyed, collected.missing) = self.walk_references(&opened, true).await?;
        if collected.missing > 0 {
            tracing::error!(missing = collected.missing, "revisions of the core store are missing");
        }
        Ok(collected)
    }

    /// How many condemned revisions were destroyed, and how many references lead nowhere.
    async fn walk_references(&self, opened: &Opened, finish: bool) -> Result<(i64, i64)> {
        let (mut destroyed, mut missing, mut after) = (0, 0, Vec::new());
        loop {
            let page = self.references(&after).await?;
            for (address, condemned) in &page {
                match self.is_there(opened, address).await.map_err(named)? {
                    None => missing += 1,
                    Some(false) if *condemned && finish => {
                        self.destroy_at(opened, address).await.map_err(named)?;
                        destroyed += 1;
                    }
                    Some(_) => {}
                }
            }
            match page.last() {
                Some((last, _)) if page.len() == STEP => after.clone_from(last),
                _ => return Ok((destroyed, missing)),
            }
        }
    }

    /// Wraps every key of the core store anew and makes a new data key; revisions follow by
    /// [`Self::rewrap`]. The address key stays.
    ///
    /// # Errors
    /// Unavailable when the core store is away.
    pub async fn rotate<A: Action>(&self, _permit: &Permit<'_, A>) -> Result<()> {
        let Some(opened) = self.opened(false).await? else { return Ok(()) };
        let around = &self.0.around;
        let mut writer = opened.store.writer().await.map_err(named)?;
        let mut ring = super::Ring::load(
            &mut writer,
            &around.master,
            around.algorithm,
            &*around.clock,
            &*around.entropy,
        )
        .await?;
        ring.rotate(&mut writer, &around.master, around.clock.now(), &*around.entropy).await?;
        writer.commit().await.map_err(named)?;
        *opened.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    /// How many revisions have a key to wrap.
    ///
    /// # Errors
    /// Unavailable when the core store is away.
    pub async fn sealed(&self) -> Result<i64> {
        let Some(opened) = self.opened(false).await? else { return Ok(0) };
        let mut reader = opened.store.reader().await.map_err(named)?;
        let row = reader
            .row("SELECT COUNT(*) FROM core_revision WHERE wrapped IS NOT NULL", &[])
            .await
            .map_err(named)?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// Wraps the keys of some revisions under the data key of today; contents stay as they are.
    ///
    /// # Errors
    /// Unavailable when the core store is away.
    pub async fn rewrap<A: Action>(&self, _permit: &Permit<'_, A>) -> Result<Rewrapped> {
        let nothing = Rewrapped { done: 0, more: false };
        let Some(opened) = self.opened(false).await? else { return Ok(nothing) };
        let mut writer = opened.store.writer().await.map_err(named)?;
        opened.keep_up(&mut writer, &self.0.around.master).await?;
        let current = opened.with(super::Ring::current_id)?;
        let rows = writer
            .rows(
                "SELECT address, wrapped FROM core_revision \
                 WHERE wrapped IS NOT NULL AND key_id <> $1 ORDER BY address LIMIT 500",
                &[current.into()],
            )
            .await?;
        for row in &rows {
            let address = CoreAddress::from_bytes(&row.bytes(0)?)?;
            let wrapped = row.bytes(1)?;
            let (id, again) =
                opened.with(|ring| ring.rewrap(address, &wrapped, &*self.0.around.entropy))?;
            writer
                .change(
                    "UPDATE core_revision SET wrapped = $1, key_id = $2 WHERE address = $3",
                    &[again.into(), id.into(), bytes(address)],
                    1,
                )
                .await?;
        }
        writer.commit().await.map_err(named)?;
        let done = i64::try_from(rows.len()).map_err(Error::internal)?;
        Ok(Rewrapped { done, more: rows.len() == STEP })
    }

    /// Condemns a revision in the transaction that says who decided it and why. It is destroyed by
    /// [`Self::destroy`] once that is committed, or by the next sweep.
    ///
    /// # Errors
    /// Conflict when there is no such reference, or it is condemned already.
    pub async fn condemn<I: CoreItem, A: Destroys<I>>(
        &self,
        tx: &mut WriteTx<A>,
        address: CoreAddress,
    ) -> Result<()> {
        let (now, owner) = (self.0.around.clock.now(), tx.owner());
        tx.change(
            "UPDATE core_reference SET condemned_at = $1 \
             WHERE address = $2 AND owner = $3 AND condemned_at IS NULL",
            &[now.into(), bytes(address), owner.into()],
            1,
        )
        .await
    }

    /// Destroys a condemned revision: its key and its content go, its hash stays.
    ///
    /// # Errors
    /// Internal when it was not condemned; Unavailable when the core store is away, and then the
    /// next sweep does it.
    pub async fn destroy<I: CoreItem, A: Destroys<I>>(
        &self,
        _receipt: &Receipt<'_, A>,
        address: CoreAddress,
    ) -> Result<()> {
        let mut reader = self.0.around.main.look_up().await?;
        let condemned = reader
            .row(
                "SELECT 1 FROM core_reference WHERE address = $1 AND condemned_at IS NOT NULL",
                &[bytes(address)],
            )
            .await?;
        drop(reader);
        if condemned.is_none() {
            return Err(Error::internal("only what is condemned is destroyed"));
        }
        let opened = self.opened(false).await?.ok_or_else(|| gone(address))?;
        self.destroy_at(&opened, address.as_bytes()).await.map_err(named)
    }

    async fn destroy_at(&self, opened: &Opened, address: &[u8]) -> Result<()> {
        let mut writer = opened.store.writer().await?;
        writer
            .change(
                "UPDATE core_revision SET wrapped = NULL, sealed = NULL, key_id = NULL, \
                 destroyed_at = COALESCE(destroyed_at, $1) WHERE address = $2",
                &[self.0.around.clock.now().into(), address.to_vec().into()],
                1,
            )
            .await?;
        writer.commit().await
    }

    /// Whether it is a file beside others or a server's database, for the page of backups.
    #[must_use]
    pub fn is_file(&self) -> bool {
        matches!(self.0.around.address, Address::Sqlite(_))
    }
}

/// Marks or unmarks a revision as one that nothing refers to; one just written is left alone.
async fn mark(opened: &Opened, address: &[u8], orphan: bool, now: Micros) -> Result<()> {
    let mut writer = opened.store.writer().await?;
    let at: Value = if orphan { now.into() } else { Value::Null };
    writer
        .execute(
            "UPDATE core_revision SET orphaned_at = $1 WHERE address = $2 AND at < $3",
            &[at, address.to_vec().into(), (now.0 - GRACE).into()],
        )
        .await?;
    writer.commit().await
}
