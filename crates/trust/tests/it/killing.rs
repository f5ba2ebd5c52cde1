//! Kill -9 in the middle of writes loses no acknowledged write.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::task::JoinSet;
use trust::database::Address;

use crate::harness::*;

const STORE: &str = "HENG_TEST_KILLED_STORE";
const FOLDER: &str = "HENG_TEST_KILLED_FOLDER";
const FROM: &str = "HENG_TEST_KILLED_FROM";
const ROUNDS: i64 = 50;

/// The child: four writers that acknowledge each note on standard output once it is committed.
/// Without its parent it has nothing to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_child_that_is_killed_writes_until_then() {
    let Ok(from) = std::env::var(FROM) else { return };
    let mut house = House::new().await;
    let folder = std::path::PathBuf::from(std::env::var(FOLDER).unwrap());
    std::fs::copy(folder.join("master.key"), house.folder.path().join("master.key")).unwrap();
    house.outside = false;
    house.address = match std::env::var(STORE) {
        Ok(url) => Address::Postgres(url),
        Err(_) => Address::Sqlite(folder.join("store/heng.db")),
    };
    let trust = house.open().await;
    let next = Arc::new(AtomicI64::new(from.parse().unwrap()));
    let mut writers = JoinSet::new();
    for _ in 0..4 {
        let (trust, next) = (trust.clone(), Arc::clone(&next));
        writers.spawn(async move {
            let actor = person(&["principal"]);
            loop {
                let id = next.fetch_add(1, Ordering::SeqCst);
                write_note(&trust, &actor, id).await.unwrap();
                let mut out = std::io::stdout().lock();
                writeln!(out, "\nkept {id}").and_then(|()| out.flush()).unwrap();
            }
        });
    }
    writers.join_all().await;
}

/// Lets a child write, kills it once it has acknowledged `enough`, and says what it acknowledged.
fn killed_child(house: &House, from: i64, enough: usize) -> Vec<i64> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "killing::the_child_that_is_killed_writes_until_then", "--nocapture"])
        .env_remove("TEST_DATABASE")
        .env(FROM, from.to_string())
        .env(FOLDER, house.folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Address::Postgres(url) = &house.address {
        command.env(STORE, url);
    }
    let mut child = command.spawn().unwrap();
    let mut kept = Vec::new();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines.map_while(Result::ok) {
        if let Some(id) = line.strip_prefix("kept ").and_then(|id| id.parse().ok()) {
            kept.push(id);
        }
        if kept.len() == enough {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(kept.len() >= enough, "the child ended by itself after {}", kept.len());
    kept
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_kills_in_the_middle_of_writes_lose_no_acknowledged_write() {
    let house = House::new().await;
    house.open().await.record.stop().await.unwrap();
    let mut acknowledged: Vec<i64> = Vec::new();
    for round in 0..ROUNDS {
        let from = round * 100_000;
        let enough = usize::try_from(1 + round * 7 % 23).unwrap();
        acknowledged.extend(tokio::task::block_in_place(|| killed_child(&house, from, enough)));
        let stored = house.column::<i64>("SELECT id FROM note ORDER BY id").await;
        for id in &acknowledged {
            assert!(stored.binary_search(id).is_ok(), "{id} was lost in round {round}");
        }
        // A note and its entry were written together or not at all; both are counted in one
        // statement, since a server may still finish what a killed client had sent.
        let alone = house
            .number("SELECT (SELECT COUNT(*) FROM record_entry) - (SELECT COUNT(*) FROM note)")
            .await;
        assert_eq!(alone, 0);
    }
    let trust = house.open().await;
    trust.record.seal().await.unwrap();
    let found = verdict(&trust).await;
    assert_eq!(found.first_wrong, None);
    assert!(usize::try_from(found.entries).unwrap() >= acknowledged.len());
}
