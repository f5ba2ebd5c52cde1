//! Opening a store: migrations forward only, a copy first, and safely side by side.

use tokio::task::JoinSet;
use values::Kind;

use crate::harness::*;

fn copies(house: &House) -> Vec<std::path::PathBuf> {
    let Some(file) = house.file() else { return Vec::new() };
    let found = std::fs::read_dir(file.parent().unwrap()).unwrap();
    found
        .map(|entry| entry.unwrap().path())
        .filter(|p| p.to_string_lossy().contains("before"))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_from_a_newer_heng_is_refused() {
    let house = House::new().await;
    house.try_open(&[NOTES, LATER], &[]).await.unwrap().record.stop().await.unwrap();
    let refused = house.try_open(&[NOTES], &[]).await.err().unwrap();
    assert_eq!((refused.kind(), refused.code()), (Kind::Conflict, "store.newer"));
    // It was left as it was.
    house.try_open(&[NOTES, LATER], &[]).await.unwrap();
    assert!(copies(&house).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_is_copied_before_it_is_migrated_and_only_then() {
    let house = House::new().await;
    for _ in 0..2 {
        let trust = house.open().await;
        assert!(copies(&house).is_empty());
        trust.record.stop().await.unwrap();
    }
    let trust = house.open().await;
    write_note(&trust, &person(&["principal"]), 1).await.unwrap();
    trust.record.stop().await.unwrap();
    drop(trust);
    let trust = house.try_open(&[NOTES, LATER], &[]).await.unwrap();
    assert!(house.column::<i64>("SELECT id FROM later").await.is_empty());
    let columns = trust.db.columns().await.unwrap();
    assert!(columns.contains(&("later".to_owned(), "id".to_owned())));
    if house.file().is_none() {
        return; // PostgreSQL's copies are its operator's.
    }
    let copies = copies(&house);
    assert_eq!(copies.len(), 1);
    let copy = rusqlite::Connection::open(&copies[0]).unwrap();
    let count = |sql: &str| copy.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT COUNT(*) FROM note"), 1);
    assert_eq!(count("SELECT COUNT(*) FROM sqlite_master WHERE name = 'later'"), 0);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_and_its_copies_are_for_their_owners_eyes_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let house = House::new().await;
    let Some(file) = house.file() else { return };
    house.open().await.record.stop().await.unwrap();
    let trust = house.try_open(&[NOTES, LATER], &[]).await.unwrap();
    write_note(&trust, &person(&["principal"]), 1).await.unwrap();
    for entry in std::fs::read_dir(file.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
}

/// That six who open the store at once all work with the same keys.
async fn open_at_once(house: House) {
    let house = std::sync::Arc::new(house);
    let mut opening = JoinSet::new();
    for id in 0..6 {
        let house = std::sync::Arc::clone(&house);
        opening.spawn(async move {
            let trust = house.open().await;
            write_note(&trust, &person(&["principal"]), id).await.unwrap();
            let keys: Vec<(u32, String)> =
                trust.keyring.status().into_iter().map(|key| (key.id, key.purpose)).collect();
            (keys, trust.keyring.token("contact.phone", "1").unwrap(), trust.key_state.salt)
        });
    }
    let mut seen = opening.join_all().await;
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(house.number("SELECT COUNT(*) FROM note").await, 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_open_a_new_store_at_once_open_the_same_one() {
    open_at_once(House::new().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_find_a_store_without_keys_make_them_once() {
    let house = House::new().await;
    house.open().await.record.stop().await.unwrap();
    house.tamper("DELETE FROM data_key").await;
    open_at_once(house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_that_fails_leaves_the_store_as_it_was() {
    let house = House::new().await;
    house.open().await.record.stop().await.unwrap();
    let broken = trust::database::Migration::same(
        "V0003__later",
        "CREATE TABLE later (id BIGINT PRIMARY KEY); CREATE TABLE note (id BIGINT);",
    );
    assert!(house.try_open(&[NOTES, broken], &[]).await.is_err());
    let trust = house.open().await;
    assert!(trust.db.columns().await.unwrap().iter().all(|(table, _)| table != "later"));
}
