//! Writers side by side: all acknowledged writes are durable, no writer sinks or blocks another.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;
use trust::Trust;
use trust::record::Change;
use values::{Kind, Result};

use crate::harness::*;

/// Nothing here takes so long unless it hangs.
const FOREVER: Duration = Duration::from_secs(30);

/// That no transaction was left open: another connection may write at once.
async fn nothing_is_open(house: &House) {
    let Some(file) = house.file() else { return };
    let raw = rusqlite::Connection::open(file).unwrap();
    // Long enough for the sealer at its work, too short for it to end what was left open.
    raw.busy_timeout(Duration::from_millis(80)).unwrap();
    raw.execute_batch("BEGIN IMMEDIATE; ROLLBACK").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_writers_at_once_are_all_acknowledged_and_durable() {
    let house = House::new().await;
    let trust = house.open().await;
    let mut writers = JoinSet::new();
    for id in 0..64 {
        let trust = trust.clone();
        writers.spawn(async move { write_note(&trust, &person(&["principal"]), id).await });
    }
    for done in writers.join_all().await {
        done.unwrap();
    }
    assert_eq!(house.number("SELECT COUNT(*) FROM note").await, 64);
    assert_eq!(house.number("SELECT COUNT(*) FROM record_entry").await, 64);
    nothing_is_open(&house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_constraint_does_not_sink_the_neighbours() {
    let house = House::new().await;
    let trust = house.open().await;
    write_note(&trust, &person(&["principal"]), 1000).await.unwrap();
    let mut writers = JoinSet::new();
    for id in 0..48 {
        let trust = trust.clone();
        let id = if id % 3 == 0 { 1000 } else { id };
        writers.spawn(async move { (id, write_note(&trust, &person(&["principal"]), id).await) });
    }
    for (id, done) in writers.join_all().await {
        match done {
            Ok(()) => assert_ne!(id, 1000),
            Err(error) => assert_eq!((id, error.kind()), (1000, Kind::Conflict)),
        }
    }
    assert_eq!(house.number("SELECT COUNT(*) FROM note").await, 33);
    assert_eq!(house.number("SELECT COUNT(*) FROM record_entry").await, 33);
    nothing_is_open(&house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_with_a_failed_statement_cannot_be_committed() {
    let house = House::new().await;
    let trust = house.open().await;
    let actor = person(&["principal"]);
    write_note(&trust, &actor, 1).await.unwrap();
    let permit = trust.access.authorize::<RunImport>(&actor, ()).await.unwrap();
    let mut tx = trust.db.write(&permit).await.unwrap();
    tx.execute("INSERT INTO note (id, text) VALUES (2, 'half')", &[]).await.unwrap();
    let taken = tx.execute("INSERT INTO note (id, text) VALUES (1, 'again')", &[]).await;
    assert_eq!(taken.unwrap_err().kind(), Kind::Conflict);
    assert!(tx.execute("INSERT INTO note (id, text) VALUES (3, 'on')", &[]).await.is_err());
    assert!(tx.commit(permit.entry(Change::none())).await.is_err());
    assert_eq!(house.column::<i64>("SELECT id FROM note").await, [1]);
    write_note(&trust, &actor, 4).await.unwrap();
    nothing_is_open(&house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_that_goes_away_leaves_no_trace_among_those_that_commit() {
    let house = House::new().await;
    let trust = house.open().await;
    let mut writers = JoinSet::new();
    for id in 0..60 {
        let trust = trust.clone();
        writers.spawn(async move {
            let actor = person(&["principal"]);
            if id % 2 == 0 {
                return write_note(&trust, &actor, id).await;
            }
            let permit = trust.access.authorize::<RunImport>(&actor, ()).await?;
            let mut tx = trust.db.write(&permit).await?;
            tx.execute("INSERT INTO note (id, text) VALUES ($1, 'x')", &[id.into()]).await?;
            Ok(())
        });
    }
    for done in writers.join_all().await {
        done.unwrap();
    }
    let kept = house.column::<i64>("SELECT id FROM note ORDER BY id").await;
    assert_eq!(kept, (0..60).step_by(2).collect::<Vec<i64>>());
    nothing_is_open(&house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelled_writers_neither_block_nor_lose_the_others() {
    let house = House::new().await;
    let trust = house.open().await;
    for round in 0..12_i64 {
        let (mut kept, mut cancelled) = (JoinSet::new(), Vec::new());
        for index in 0..24 {
            let id = round * 100 + index;
            let trust = trust.clone();
            let work =
                async move { write_note(&trust, &person(&["principal"]), id).await.map(|()| id) };
            if index % 2 == 0 {
                kept.spawn(work);
            } else {
                cancelled.push(tokio::spawn(work));
            }
        }
        for (index, task) in cancelled.iter().enumerate() {
            for _ in 0..(index * 7 + usize::try_from(round).unwrap() * 3) % 40 {
                tokio::task::yield_now().await;
            }
            task.abort();
        }
        let mut acknowledged: Vec<i64> = Vec::new();
        for done in timeout(FOREVER, kept.join_all()).await.expect("a writer hangs") {
            acknowledged.push(done.unwrap());
        }
        assert_eq!(acknowledged.len(), 12);
        for task in cancelled {
            // One that was quick enough is acknowledged all the same.
            if let Ok(done) = task.await {
                acknowledged.push(done.unwrap());
            }
        }
        let stored = house.column::<i64>("SELECT id FROM note").await;
        assert!(acknowledged.iter().all(|id| stored.contains(id)));
    }
    // Every note has its entry and every entry its note.
    let notes = house.number("SELECT COUNT(*) FROM note").await;
    assert_eq!(house.number("SELECT COUNT(*) FROM record_entry").await, notes);
    timeout(FOREVER, write_note(&trust, &person(&["principal"]), 9999)).await.unwrap().unwrap();
    nothing_is_open(&house).await;
}

/// Takes the writer, says so, and holds it until told to let it go.
async fn hold(trust: Trust, has: oneshot::Sender<()>, go: oneshot::Receiver<()>) -> Result<()> {
    let actor = person(&["principal"]);
    let permit = trust.access.authorize::<RunImport>(&actor, ()).await?;
    let mut tx = trust.db.write(&permit).await?;
    tx.execute("INSERT INTO note (id, text) VALUES (500, 'held')", &[]).await?;
    // Nobody listens when the other's commit was quicker.
    let _ = has.send(());
    let _ = go.await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_whose_members_all_went_away_is_not_left_open() {
    let house = House::new().await;
    let trust = house.open().await;
    if house.file().is_none() {
        return; // Only SQLite has groups.
    }
    for _ in 0..20 {
        let actor = person(&["principal"]);
        let permit = trust.access.authorize::<RunImport>(&actor, ()).await.unwrap();
        let mut first = trust.db.write(&permit).await.unwrap();
        first.execute("DELETE FROM note", &[]).await.unwrap();
        // Another waits for the writer, so the first one's commit hands on and waits in the group.
        let ((has, had), (go, gone)) = (oneshot::channel(), oneshot::channel());
        let second = tokio::spawn(hold(trust.clone(), has, gone));
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        let committing = first.commit(permit.entry(Change::none()));
        tokio::select! {
            // Either the holder has the writer now and the commit goes away unfinished, or the
            // holder came too late and the commit was done alone.
            _ = had => {}
            done = committing => drop(done.unwrap()),
        }
        let _ = go.send(());
        second.await.unwrap().unwrap();
        nothing_is_open(&house).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_no_acknowledged_write() {
    let house = House::new().await;
    if house.file().is_none() {
        return; // PostgreSQL's disk is not ours.
    }
    let trust = house.open().await;
    let actor = person(&["principal"]);
    let permit = trust.access.authorize::<RunImport>(&actor, ()).await.unwrap();
    let mut tx = trust.db.write(&permit).await.unwrap();
    tx.rows("PRAGMA max_page_count = 80", &[]).await.unwrap();
    drop(tx);
    let mut writers = JoinSet::new();
    for id in 0..40_i64 {
        let trust = trust.clone();
        writers.spawn(async move {
            let actor = person(&["principal"]);
            let permit = trust.access.authorize::<RunImport>(&actor, ()).await?;
            let mut tx = trust.db.write(&permit).await?;
            let size = if id % 4 == 0 { 2_000_000 } else { 10 };
            let text = "x".repeat(size);
            let insert = "INSERT INTO note (id, text) VALUES ($1, $2)";
            // The failure is ignored on purpose: nothing after it may be kept.
            let _ = tx.execute(insert, &[id.into(), text.into()]).await;
            let _ = tx.execute(insert, &[(1000 + id).into(), "after".into()]).await;
            tx.commit(permit.entry(Change::none())).await.map(|_| id)
        });
    }
    let mut acknowledged: Vec<i64> = Vec::new();
    for done in timeout(FOREVER, writers.join_all()).await.unwrap() {
        match done {
            Ok(id) => acknowledged.extend([id, 1000 + id]),
            Err(error) => {
                assert!(matches!(error.kind(), Kind::Unavailable | Kind::Internal), "{error:?}");
            }
        }
    }
    acknowledged.sort_unstable();
    assert_eq!(house.column::<i64>("SELECT id FROM note ORDER BY id").await, acknowledged);
    assert!(acknowledged.iter().all(|id| id % 4 != 0));
    // With room again, writing goes on.
    let mut tx = trust.db.write(&permit).await.unwrap();
    tx.rows("PRAGMA max_page_count = 1000000", &[]).await.unwrap();
    drop(tx);
    write_note(&trust, &actor, 5000).await.unwrap();
    nothing_is_open(&house).await;
    assert_eq!(verdict(&trust).await.first_wrong, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_see_what_was_committed_and_nothing_else() {
    let house = House::new().await;
    let trust = house.open().await;
    let actor = person(&["principal"]);
    write_note(&trust, &actor, 1).await.unwrap();
    let permit = trust.access.authorize::<RunImport>(&actor, ()).await.unwrap();
    let mut reader = trust.db.read(&permit).await.unwrap();
    let count = "SELECT COUNT(*) FROM note";
    assert_eq!(reader.row(count, &[]).await.unwrap().unwrap().int(0).unwrap(), 1);
    write_note(&trust, &actor, 2).await.unwrap();
    // A reader keeps the moment at which it first looked.
    assert_eq!(reader.row(count, &[]).await.unwrap().unwrap().int(0).unwrap(), 1);
    drop(reader);
    let mut reader = trust.db.read(&permit).await.unwrap();
    assert_eq!(reader.row(count, &[]).await.unwrap().unwrap().int(0).unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_goes_away_while_a_transaction_begins_leaves_it_to_nobody() {
    let house = House::new().await;
    let trust = house.open().await;
    let actor = person(&["principal"]);
    let permit = trust.access.authorize::<RunImport>(&actor, ()).await.unwrap();
    for round in 0..60 {
        let moment = async {
            for _ in 0..round % 12 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            begun = trust.db.read(&permit) => drop(begun.unwrap()),
            () = moment => {}
        }
        // A connection that was handed on inside a reader's transaction could not write.
        write_note(&trust, &actor, round).await.unwrap();
    }
}
