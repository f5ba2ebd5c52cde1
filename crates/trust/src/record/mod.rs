//! The record: every write, every look and every refusal, in an order that nobody can alter
//! unnoticed.
//!
//! Writes enter in their own transaction. Looks of level 1 to 3 go through a bounded queue that
//! is flushed well within a second and drained on stop; level 4 is durable before it is shown. The
//! sealer orders entries into an RFC 6962 Merkle tree and signs checkpoints.

mod body;
mod checkpoint;
mod entry;
mod proof;
mod reading;
mod sealer;
mod touching;
pub mod tree;
mod verification;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::Receiver;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};
use values::{Clock, Entropy, EntryId, Error, Micros, Result, UserId};

pub use body::{Body, Outcome, PURPOSE_MOST};
pub use checkpoint::{Checkpoint, Signer, Verifier};
pub(crate) use entry::Shown;
pub use entry::{Change, Entry, Receipt};
pub use proof::{Proven, verify_text as verify_proof};
pub use reading::{Filter, Listed, count, list};
pub use verification::{FirstWrong, Verification};

use crate::access::{Action, Actor, Permit};
use crate::database::{Store, Value, Writer};

/// Looks that may wait to be written before the next look has to wait for them.
const QUEUE: usize = 4096;
/// How long a look waits for others to be written with it.
const GATHER: Duration = Duration::from_millis(120);
/// How long a stop waits for reads that have begun.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often the sealer looks for entries.
const SEAL_EVERY: Duration = Duration::from_millis(400);

pub(crate) enum Message {
    Entry(Box<Body>),
    Flush(oneshot::Sender<()>),
    Stop(oneshot::Sender<()>),
}

/// Where checkpoints are copied to and under which name the tree is known.
#[derive(Debug, Clone)]
pub struct RecordSettings {
    /// The origin line of checkpoints.
    pub origin: String,
    /// A folder outside the store; a copy there detects that the newest entries were removed.
    pub outside: Option<PathBuf>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    queue: mpsc::Sender<Message>,
    dirty: Arc<AtomicBool>,
    signer: Signer,
    settings: RecordSettings,
}

/// The record of one store. Cheap to clone.
#[derive(Clone)]
pub struct Record(Arc<Inner>);

impl Record {
    pub(crate) fn start(
        store: Store,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        signer: Signer,
        settings: RecordSettings,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let dirty = Arc::new(AtomicBool::new(true));
        tokio::spawn(flush_looks(store.clone(), Arc::clone(&dirty), waiting));
        let record =
            Self(Arc::new(Inner { store, clock, entropy, queue, dirty, signer, settings }));
        tokio::spawn(seal_regularly(Arc::downgrade(&record.0)));
        record
    }

    fn now(&self) -> (EntryId, Micros) {
        let (clock, entropy) = (&*self.0.clock, &*self.0.entropy);
        (EntryId::new(clock, entropy), clock.now())
    }

    /// Announces a look. Level 4 is written before this returns; others when the look ends.
    pub(crate) async fn shown<A: Action>(&self, permit: &Permit<'_, A>) -> Result<Shown> {
        if !A::RECORDED {
            return Ok(Shown::named());
        }
        let seat = self.0.queue.clone().reserve_owned().await.map_err(Error::unavailable)?;
        let (id, at) = self.now();
        let mut pending = entry::body_of(permit, Outcome::Shown, Change::none(), id, at);
        if A::LEVEL >= 4 {
            let mut writer = self.0.store.writer().await?;
            enter_all(&mut writer, std::slice::from_mut(&mut pending)).await?;
            writer.commit().await?;
            self.dirty();
            // The rows it turns out to show are named by a second entry when it ends.
            (pending.id, pending.at) = self.now();
        }
        Ok(Shown { pending: Some(pending), seat: Some(seat), owed: A::LEVEL < 4 })
    }

    /// Puts a refusal on record.
    pub(crate) async fn denied<A: Action>(
        &self,
        actor: &Actor,
        target: A::Target,
        code: &'static str,
    ) -> Result<()> {
        let (id, at) = self.now();
        let permit = Permit::<A>::new(actor, target);
        let mut pending = entry::body_of(&permit, Outcome::Denied, Change::none(), id, at);
        code.clone_into(&mut pending.refusal);
        let sent = self.0.queue.send(Message::Entry(Box::new(pending))).await;
        sent.map_err(|_| Error::unavailable("the record has stopped"))
    }

    /// Writes an entry into the transaction that it speaks of.
    pub(crate) async fn enter<'a, A: Action>(
        &self,
        writer: &mut Writer,
        entry: Entry<'a, A>,
    ) -> Result<Receipt<'a, A>> {
        let (id, at) = self.now();
        let mut pending = entry::body_of(&entry.permit, Outcome::Done, entry.change, id, at);
        enter_all(writer, std::slice::from_mut(&mut pending)).await?;
        Ok(Receipt::new(entry.permit, id, at))
    }

    pub(crate) fn dirty(&self) {
        self.0.dirty.store(true, Ordering::SeqCst);
    }

    /// Waits until every look that has ended so far is written.
    pub async fn flush(&self) {
        let (done, written) = oneshot::channel();
        if self.0.queue.send(Message::Flush(done)).await.is_ok() {
            let _ = written.await;
        }
    }

    /// Writes what waits, seals it and stops; nothing recorded is lost after this. Reads that have
    /// begun are given some seconds to end, so that they are recorded too.
    ///
    /// # Errors
    /// Unavailable when the store is away.
    pub async fn stop(&self) -> Result<()> {
        let (done, written) = oneshot::channel();
        if self.0.queue.send(Message::Stop(done)).await.is_ok() {
            let _ = written.await;
        }
        self.seal().await
    }

    /// The key that checkpoints are checked with, as text for strangers.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        self.0.signer.verifier()
    }
}

/// Writes entries and the index of the clients they touch.
async fn enter_all(writer: &mut Writer, entries: &mut [Body]) -> Result<()> {
    let mut rows = Vec::with_capacity(entries.len());
    let mut clients: Vec<Vec<Value>> = Vec::new();
    for entry in entries {
        entry.clients.sort_unstable();
        entry.clients.dedup();
        clients.extend(
            entry.clients.iter().map(|id| vec![(*id).into(), entry.at.into(), entry.id.into()]),
        );
        let actor: UserId = entry.actor.parse()?;
        rows.push(vec![
            entry.id.into(),
            entry.at.into(),
            actor.into(),
            entry.action.as_str().into(),
            entry.outcome.as_str().into(),
            entry.canonical()?.into(),
        ]);
    }
    writer
        .insert_many("record_entry", &["id", "at", "actor", "action", "outcome", "body"], &rows)
        .await?;
    writer.insert_many("record_client", &["client_id", "at", "entry_id"], &clients).await
}

/// Writes looks in batches until told to stop or until nobody is left to look.
async fn flush_looks(store: Store, dirty: Arc<AtomicBool>, mut waiting: Receiver<Message>) {
    let mut messages = Vec::new();
    let mut entries: Vec<Body> = Vec::new();
    let mut stopping: Vec<oneshot::Sender<()>> = Vec::new();
    let mut patience: Option<Instant> = None;
    loop {
        let first = waiting.recv_many(&mut messages, 1);
        let received = match patience {
            None => first.await,
            Some(until) => timeout_at(until, first).await.unwrap_or(0),
        };
        if received == 0 {
            break;
        }
        gather(&mut waiting, &mut messages).await;
        let mut told = Vec::new();
        for message in messages.drain(..) {
            match message {
                Message::Entry(entry) => entries.push(*entry),
                Message::Flush(done) => told.push(done),
                Message::Stop(done) => {
                    // No new look begins; those that have begun still have their seats.
                    waiting.close();
                    stopping.push(done);
                    patience = Some(Instant::now() + PATIENCE);
                }
            }
        }
        write_looks(&store, &mut entries).await;
        // Reads that have begun get their time however long it took to write those before.
        patience = patience.map(|_| Instant::now() + PATIENCE);
        dirty.store(true, Ordering::SeqCst);
        for done in told {
            let _ = done.send(());
        }
    }
    if patience.is_some_and(|until| Instant::now() >= until) {
        tracing::error!("reads were still going on when the record stopped");
    }
    for done in stopping {
        let _ = done.send(());
    }
}

/// Waits a moment for others to be written together with a first look.
async fn gather(waiting: &mut Receiver<Message>, messages: &mut Vec<Message>) {
    if matches!(messages.first(), Some(Message::Entry(_))) && !waiting.is_closed() {
        tokio::select! {
            () = tokio::time::sleep(GATHER) => {}
            _ = waiting.recv_many(messages, 1023) => {}
        }
    }
    while messages.len() < 1024
        && let Ok(more) = waiting.try_recv()
    {
        messages.push(more);
    }
}

/// Tries until the entries are written: a look that is not on record must not be forgotten.
async fn write_looks(store: &Store, entries: &mut Vec<Body>) {
    while !entries.is_empty() {
        let written = async {
            let mut writer = store.writer().await?;
            enter_all(&mut writer, entries).await?;
            writer.commit().await
        };
        match written.await {
            Ok(()) => entries.clear(),
            Err(error) => {
                tracing::error!(?error, "looks could not be put on record; trying again");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
    }
}

async fn seal_regularly(inner: std::sync::Weak<Inner>) {
    loop {
        tokio::time::sleep(SEAL_EVERY).await;
        let Some(inner) = inner.upgrade() else { return };
        let record = Record(inner);
        if record.0.dirty.swap(false, Ordering::SeqCst)
            && let Err(error) = record.seal().await
        {
            record.dirty();
            tracing::error!(?error, "entries could not be sealed; trying again");
        }
    }
}
