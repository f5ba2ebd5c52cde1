//! Whoever holds the store can alter it, but not unnoticed: the first wrong entry is named.

use trust::record::tree::{Frontier, leaf_hash};
use trust::record::{FirstWrong, Signer};

use crate::harness::*;

/// A house whose record holds `batches` checkpoints over ten entries each.
async fn recorded(batches: i64) -> House {
    let house = House::new().await;
    go_on(&house, 0, batches).await;
    house
}

async fn go_on(house: &House, from: i64, batches: i64) {
    let trust = house.open().await;
    let actor = person(&["principal"]);
    for batch in from..from + batches {
        house.clock.advance_seconds(1);
        let permit = trust.access.authorize::<RunImport>(&actor, ()).await.unwrap();
        let mut tx = trust.db.write(&permit).await.unwrap();
        tx.execute("DELETE FROM note", &[]).await.unwrap();
        tx.commit(permit.entry(trust::record::Change::none())).await.unwrap();
        for id in 0..9 {
            write_note(&trust, &actor, batch * 10 + id).await.unwrap();
        }
        // The sealer at work may have cut the batch in two.
        trust.record.seal().await.unwrap();
    }
    trust.record.stop().await.unwrap();
}

async fn wrong(house: &House) -> Option<FirstWrong> {
    let trust = house.open().await;
    let found = verdict(&trust).await;
    drop(trust);
    found.first_wrong
}

async fn named(house: &House) -> i64 {
    wrong(house).await.expect("it goes unnoticed").number
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_altered_body_is_named() {
    let house = recorded(3).await;
    assert_eq!(wrong(&house).await, None);
    house
        .tamper("UPDATE record_entry SET body = REPLACE(body, '林一', '林二') WHERE number = 14")
        .await;
    let first = wrong(&house).await.unwrap();
    assert_eq!(first.number, 14);
    let id =
        house.column::<Vec<u8>>("SELECT id FROM record_entry WHERE number = 14").await.remove(0);
    assert_eq!(first.entry, Some(uuid::Uuid::from_slice(&id).unwrap().to_string()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_altered_body_with_its_hash_made_anew_is_noticed() {
    let house = recorded(3).await;
    let body = "SELECT body FROM record_entry WHERE number = 14";
    let text = house.column::<String>(body).await.remove(0);
    let other = text.replace("林一", "林二");
    let leaf = house.literal(&leaf_hash(other.as_bytes()));
    house
        .tamper(&format!(
            "UPDATE record_entry SET body = '{other}', leaf = {leaf} WHERE number = 14"
        ))
        .await;
    let first = named(&house).await;
    let proved =
        house.number("SELECT COALESCE(MAX(size), 0) FROM record_checkpoint WHERE size <= 14").await;
    assert_eq!(first, proved);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_altered_column_is_named() {
    let someone = uuid::Uuid::from_u128(7);
    for column in [
        "action = 'client.view'".to_owned(),
        "outcome = 'shown'".to_owned(),
        "at = at + 1".to_owned(),
        "actor = ".to_owned(),
        "id = ".to_owned(),
        "leaf = ".to_owned(),
    ] {
        let house = recorded(2).await;
        let bytes = house.literal(someone.as_bytes());
        let set = if column.ends_with("= ") { format!("{column}{bytes}") } else { column };
        house.tamper(&format!("UPDATE record_entry SET {set} WHERE number = 7")).await;
        assert_eq!(named(&house).await, 7, "{set}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn columns_of_another_kind_are_a_fault_that_is_named() {
    let house = recorded(2).await;
    if house.file().is_none() {
        return; // PostgreSQL keeps a column's kind.
    }
    house.tamper("UPDATE record_entry SET body = x'00ff', at = 'soon' WHERE number = 3").await;
    assert_eq!(named(&house).await, 3);
    house.tamper("UPDATE record_tree SET frontier = 'none'").await;
    assert_eq!(named(&house).await, 3);
    let house = recorded(2).await;
    house.tamper("INSERT INTO record_checkpoint (size, at, text) VALUES (-5, 0, 'x')").await;
    assert!(wrong(&house).await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_entries_that_changed_places_are_named() {
    for (one, other) in [(4, 5), (11, 17), (3, 23)] {
        let house = recorded(3).await;
        house
            .tamper(&format!(
                "UPDATE record_entry SET number = -1 WHERE number = {one};
                 UPDATE record_entry SET number = {one} WHERE number = {other};
                 UPDATE record_entry SET number = {other} WHERE number = -1;"
            ))
            .await;
        assert_eq!(named(&house).await, one, "{one} and {other}");
    }
    let house = recorded(2).await;
    house
        .tamper(
            "UPDATE record_entry SET body = (SELECT o.body FROM record_entry o WHERE o.number = \
             21 - record_entry.number) WHERE number IN (9, 12)",
        )
        .await;
    assert_eq!(named(&house).await, 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_taken_out_of_the_middle_is_named() {
    let house = recorded(2).await;
    house.tamper("DELETE FROM record_entry WHERE number = 8").await;
    assert_eq!(named(&house).await, 8);
    // Closing the gap does not help.
    house.tamper("UPDATE record_entry SET number = number - 1000 WHERE number > 8").await;
    house.tamper("UPDATE record_entry SET number = number + 999 WHERE number < 0").await;
    assert!(named(&house).await <= 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_made_to_wait_again_is_missed() {
    let house = recorded(2).await;
    house.tamper("UPDATE record_entry SET number = NULL WHERE number = 6").await;
    assert_eq!(named(&house).await, 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_entries_cannot_be_cut_off() {
    let house = recorded(2).await;
    house.tamper("DELETE FROM record_entry WHERE number >= 18").await;
    assert_eq!(named(&house).await, 18);
}

/// Puts the record back to where it stood when `kept` was made, tree and checkpoints as well.
const PUT_BACK: &str = "
    DELETE FROM record_entry WHERE number IS NULL OR number >= (SELECT size FROM kept);
    DELETE FROM record_checkpoint WHERE size > (SELECT size FROM kept);
    DELETE FROM record_tree;
    INSERT INTO record_tree SELECT * FROM kept;
    DROP TABLE kept;";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_put_back_to_an_older_state_is_told_by_the_checkpoint_outside() {
    let mut house = recorded(2).await;
    house.tamper("CREATE TABLE kept AS SELECT * FROM record_tree").await;
    go_on(&house, 2, 1).await;
    house.tamper(PUT_BACK).await;
    assert_eq!(named(&house).await, 20);
    // Going on from there does not hide it, however many checkpoints follow.
    go_on(&house, 3, 3).await;
    let first = wrong(&house).await.unwrap();
    assert!((0..=30).contains(&first.number), "{first:?}");
    // Nothing but the copy outside tells it.
    house.outside = false;
    assert_eq!(wrong(&house).await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_outside_that_was_cut_short_is_passed_over() {
    let house = recorded(2).await;
    let file = std::fs::read_dir(house.outside_folder()).unwrap().next().unwrap().unwrap().path();
    let whole = std::fs::read_to_string(&file).unwrap();
    let newest = whole.trim_end().rfind("\n\n— ").unwrap();
    for end in [newest - 30, newest + 1, newest + 9, newest + 40, whole.len() - 1] {
        let end = (0..=end).rev().find(|at| whole.is_char_boundary(*at)).unwrap();
        std::fs::write(&file, &whole[..end]).unwrap();
        assert_eq!(wrong(&house).await, None, "cut at {end}");
        go_on(&house, 100, 1).await;
        assert_eq!(wrong(&house).await, None, "going on after {end}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_checkpoints_are_refused() {
    let mut house = recorded(2).await;
    house.outside = false;
    // All entries from 5 on are taken away, and everything is made to fit but the signature.
    let leaves = house.column::<Vec<u8>>("SELECT leaf FROM record_entry ORDER BY number").await;
    let shorter: Frontier =
        leaves.iter().take(5).map(|leaf| <[u8; 32]>::try_from(&leaf[..]).unwrap()).collect();
    let state = house.literal(&shorter.to_bytes());
    house
        .tamper(&format!(
            "DELETE FROM record_entry WHERE number >= 5; DELETE FROM record_checkpoint;
             UPDATE record_tree SET size = 5, frontier = {state};"
        ))
        .await;
    assert!(wrong(&house).await.is_some(), "without any checkpoint");
    let forged = Signer::new("heng/test", &[7; 32]).unwrap().sign(5, shorter.root());
    house
        .tamper(&format!(
            "INSERT INTO record_checkpoint (size, at, text) VALUES (5, 0, '{forged}')"
        ))
        .await;
    assert_eq!(named(&house).await, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forged_checkpoint_outside_is_refused() {
    let house = recorded(1).await;
    let file = std::fs::read_dir(house.outside_folder()).unwrap().next().unwrap().unwrap().path();
    let forged = Signer::new("heng/test", &[7; 32]).unwrap().sign(5, [9; 32]);
    let whole = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{whole}{forged}\n")).unwrap();
    assert_eq!(named(&house).await, 4);
}

/// Lets clients be seen, three in one look, and seals that; the number of the last look.
async fn looked_at(house: &House) -> i64 {
    let trust = house.open().await;
    let actor = person(&["principal"]);
    for _ in 0..4 {
        let (permit, _) = trust.access.authorize_list::<ListClients>(&actor).await.unwrap();
        let mut tx = trust.db.read(&permit).await.unwrap();
        tx.shows([a_client(), a_client(), a_client()]);
    }
    trust.record.stop().await.unwrap();
    house
        .number(
            "SELECT MAX(number) FROM record_entry WHERE id IN (SELECT entry_id FROM record_client)",
        )
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_taken_out_of_the_index_by_client_is_named() {
    let house = recorded(2).await;
    let last = looked_at(&house).await;
    assert_eq!(wrong(&house).await, None);
    house
        .tamper(&format!(
            "DELETE FROM record_client WHERE entry_id = \
             (SELECT id FROM record_entry WHERE number = {last}) AND client_id = \
             (SELECT client_id FROM record_client WHERE entry_id = \
             (SELECT id FROM record_entry WHERE number = {last}) ORDER BY client_id LIMIT 1)"
        ))
        .await;
    let first = wrong(&house).await.unwrap();
    assert_eq!(first.number, last);
    let id = format!("SELECT id FROM record_entry WHERE number = {last}");
    let id = house.column::<Vec<u8>>(&id).await.remove(0);
    assert_eq!(first.entry, Some(uuid::Uuid::from_slice(&id).unwrap().to_string()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_slipped_into_the_index_by_client_is_named() {
    let house = recorded(2).await;
    let last = looked_at(&house).await;
    let someone = house.literal(uuid::Uuid::from_u128(7).as_bytes());
    house
        .tamper(&format!(
            "INSERT INTO record_client (client_id, at, entry_id) \
             SELECT {someone}, at, id FROM record_entry WHERE number = {last}"
        ))
        .await;
    assert_eq!(named(&house).await, last);
    // One row in place of another is found as well, and so is one of an entry that is not there.
    house
        .tamper(&format!(
            "DELETE FROM record_client WHERE entry_id = \
             (SELECT id FROM record_entry WHERE number = {last}) AND client_id <> {someone}"
        ))
        .await;
    assert_eq!(named(&house).await, last);
    let house = recorded(1).await;
    let size = house.number("SELECT COUNT(*) FROM record_entry").await;
    house
        .tamper(&format!(
            "INSERT INTO record_client (client_id, at, entry_id) VALUES ({someone}, 5, {someone})"
        ))
        .await;
    assert_eq!(named(&house).await, size);
}
