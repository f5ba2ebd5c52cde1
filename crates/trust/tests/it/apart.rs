//! The core store: apart, under its own keys, and whole after a crash at any step.

use trust::Trust;
use trust::access::Actor;
use trust::record::Change;
use trust::vault::{CoreAddress, CoreItem, Keeps, OpensCore};
use values::{ClientId, Kind};

use crate::harness::*;

/// Another kind of content than [`Figures`].
struct Letters;
impl CoreItem for Letters {
    const ITEM: &'static str = "tax_return";
}
impl OpensCore<Letters> for ViewFigures {}
impl Keeps<Letters> for SaveFigures {}

async fn store(trust: &Trust, actor: &Actor, client: ClientId, text: &str) -> CoreAddress {
    let permit = trust.access.authorize::<SaveFigures>(actor, client).await.unwrap();
    let kept = trust.core.put::<Figures, _>(&permit, &[text.as_bytes()]).await.unwrap();
    let mut tx = trust.db.write(&permit).await.unwrap();
    let mut address = None;
    for kept in kept {
        address = Some(kept.refer(&mut tx, &values::FixedClock::new(NOW)).await.unwrap());
    }
    tx.commit(permit.entry(Change::none())).await.unwrap();
    address.unwrap()
}

async fn read(
    trust: &Trust,
    actor: &Actor,
    client: ClientId,
    address: CoreAddress,
) -> Result<String, values::Error> {
    let permit = trust.access.authorize::<ViewFigures>(actor, client).await.unwrap();
    let mut tx = trust.core.read(&trust.db, &permit).await?;
    let content = tx.content::<Figures>(address).await?;
    Ok(String::from_utf8(content.to_vec()).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revision_is_read_back_by_its_client_and_kind_only() {
    let house = House::with_core().await;
    let trust = house.open_with_core().await;
    let (actor, client, other) = (person(&["principal"]), a_client(), a_client());
    let address = store(&trust, &actor, client, "货币资金 560750.00").await;
    assert_eq!(read(&trust, &actor, client, address).await.unwrap(), "货币资金 560750.00");
    assert!(read(&trust, &actor, other, address).await.is_err());
    let permit = trust.access.authorize::<ViewFigures>(&actor, client).await.unwrap();
    let mut tx = trust.core.read(&trust.db, &permit).await.unwrap();
    assert!(tx.content::<Letters>(address).await.is_err());
    // Equal contents of two clients do not show as equal; of one client they are one.
    assert_ne!(store(&trust, &actor, other, "货币资金 560750.00").await, address);
    assert_eq!(store(&trust, &actor, client, "货币资金 560750.00").await, address);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_is_durable_on_record_before_anything_is_opened() {
    let house = House::with_core().await;
    let trust = house.open_with_core().await;
    let (actor, client) = (person(&["principal"]), a_client());
    let address = store(&trust, &actor, client, "x").await;
    let permit = trust.access.authorize::<ViewFigures>(&actor, client).await.unwrap();
    let mut tx = trust.core.read(&trust.db, &permit).await.unwrap();
    let shown = "SELECT COUNT(*) FROM record_entry WHERE outcome = 'shown' \
                 AND action = 'client.view'";
    assert_eq!(house.number(shown).await, 1);
    tx.content::<Figures>(address).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_before_writing_leaves_nothing() {
    let house = House::with_core().await;
    {
        let trust = house.open_with_core().await;
        let actor = person(&["principal"]);
        let permit = trust.access.authorize::<SaveFigures>(&actor, a_client()).await.unwrap();
        let _tx = trust.db.write(&permit).await.unwrap();
    }
    let trust = house.open_with_core().await;
    assert_eq!(trust.core.check().await.unwrap().revisions, 0);
    assert_eq!(trust.core.sweep().await.unwrap(), trust::vault::Collected::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_between_the_stores_leaves_an_orphan_that_waits_a_month_and_no_reference() {
    let house = House::with_core().await;
    let (actor, client) = (person(&["principal"]), a_client());
    for referred in [false, true] {
        let trust = house.open_with_core().await;
        let permit = trust.access.authorize::<SaveFigures>(&actor, client).await.unwrap();
        let text = format!("revision {referred}");
        let kept = trust.core.put::<Figures, _>(&permit, &[text.as_bytes()]).await.unwrap();
        let mut tx = trust.db.write(&permit).await.unwrap();
        for kept in kept {
            if referred {
                let _ = kept.refer(&mut tx, &*house.clock).await.unwrap();
            }
        }
        // The transaction is never committed.
        drop(tx);
    }
    let trust = house.open_with_core().await;
    assert_eq!(house.number("SELECT COUNT(*) FROM core_reference").await, 0);
    let check = trust.core.check().await.unwrap();
    assert_eq!((check.revisions, check.orphans, check.missing), (2, 2, 0));
    // One just written may still be referred to; after an hour it is marked, after a month gone.
    assert_eq!(trust.core.sweep().await.unwrap().orphans, 2);
    let marked = "SELECT COUNT(*) FROM core_revision WHERE orphaned_at IS NOT NULL";
    assert_eq!(house.core_column::<i64>(marked).await, [0]);
    house.clock.advance_seconds(2 * 3600);
    assert_eq!(trust.core.sweep().await.unwrap().orphans, 2);
    assert_eq!(house.core_column::<i64>(marked).await, [2]);
    // Who tries again in time loses nothing.
    let again = store(&trust, &actor, client, "revision true").await;
    house.clock.advance_seconds(31 * 24 * 3600);
    let swept = trust.core.sweep().await.unwrap();
    assert_eq!((swept.removed, swept.orphans, swept.missing), (1, 0, 0));
    assert_eq!(read(&trust, &actor, client, again).await.unwrap(), "revision true");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_committed_is_there_after_a_crash() {
    let house = House::with_core().await;
    let (actor, client) = (person(&["principal"]), a_client());
    let address = {
        let trust = house.open_with_core().await;
        store(&trust, &actor, client, "kept").await
    };
    let trust = house.open_with_core().await;
    assert_eq!(trust.core.sweep().await.unwrap(), trust::vault::Collected::default());
    assert_eq!(read(&trust, &actor, client, address).await.unwrap(), "kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_revision_is_reported_and_never_passed_over() {
    let house = House::with_core().await;
    let trust = house.open_with_core().await;
    let (actor, client) = (person(&["principal"]), a_client());
    let address = store(&trust, &actor, client, "gone").await;
    house.tamper_core("DELETE FROM core_revision").await;
    assert_eq!(trust.core.check().await.unwrap().missing, 1);
    assert_eq!(trust.core.sweep().await.unwrap().missing, 1);
    assert_eq!(read(&trust, &actor, client, address).await.unwrap_err().kind(), Kind::Internal);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_revision_does_not_open() {
    let house = House::with_core().await;
    let trust = house.open_with_core().await;
    let (actor, client) = (person(&["principal"]), a_client());
    let first = store(&trust, &actor, client, "first").await;
    let second = store(&trust, &actor, client, "second").await;
    let swap = format!(
        "UPDATE core_revision SET sealed = (SELECT r.sealed FROM core_revision r \
         WHERE r.address = {second}), wrapped = (SELECT r.wrapped FROM core_revision r \
         WHERE r.address = {second}) WHERE address = {first}",
        first = house.literal(first.as_bytes()),
        second = house.literal(second.as_bytes()),
    );
    house.tamper_core(&swap).await;
    assert!(read(&trust, &actor, client, first).await.is_err());
    assert_eq!(read(&trust, &actor, client, second).await.unwrap(), "second");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rotation_wraps_keys_anew_and_leaves_contents_and_addresses_alone() {
    let house = House::with_core().await;
    let (actor, client) = (person(&["principal"]), a_client());
    let trust = house.open_with_core().await;
    let mut addresses = Vec::new();
    for number in 0..5 {
        addresses.push(store(&trust, &actor, client, &format!("number {number}")).await);
    }
    let sealed = "SELECT sealed FROM core_revision ORDER BY address";
    let wrapped = "SELECT wrapped FROM core_revision ORDER BY address";
    let before = house.core_column::<Vec<u8>>(sealed).await;
    let keys = house.core_column::<Vec<u8>>(wrapped).await;
    let keeper = person(&["secadmin"]);
    let permit = trust.access.authorize::<RotateKeys>(&keeper, ()).await.unwrap();
    trust.core.rotate(&permit).await.unwrap();
    for (number, address) in addresses.iter().enumerate() {
        let text = read(&trust, &actor, client, *address).await.unwrap();
        assert_eq!(text, format!("number {number}"));
    }
    let done = trust.core.rewrap(&permit).await.unwrap();
    assert_eq!((done.done, done.more), (5, false));
    assert_eq!(trust.core.rewrap(&permit).await.unwrap().done, 0);
    assert_eq!(house.core_column::<Vec<u8>>(sealed).await, before);
    let rewrapped = house.core_column::<Vec<u8>>(wrapped).await;
    assert!(rewrapped.iter().zip(&keys).all(|(now, then)| now != then));
    // Nothing needs the retired key any more, and the address key is the same.
    drop(trust);
    house.tamper_core("DELETE FROM core_key WHERE retired_at IS NOT NULL").await;
    let trust = house.open_with_core().await;
    assert_eq!(read(&trust, &actor, client, addresses[3]).await.unwrap(), "number 3");
    assert_eq!(store(&trust, &actor, client, "number 3").await, addresses[3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_another_process_rotated_are_taken_up() {
    let house = House::with_core().await;
    let (actor, client) = (person(&["principal"]), a_client());
    let (here, there) = (house.open_with_core().await, house.open_with_core().await);
    let old = store(&here, &actor, client, "old").await;
    assert_eq!(read(&there, &actor, client, old).await.unwrap(), "old");
    let keeper = person(&["secadmin"]);
    let permit = there.access.authorize::<RotateKeys>(&keeper, ()).await.unwrap();
    there.core.rotate(&permit).await.unwrap();
    assert_eq!(there.core.rewrap(&permit).await.unwrap().done, 1);
    let new = store(&there, &actor, client, "new").await;
    assert_eq!(read(&here, &actor, client, old).await.unwrap(), "old");
    assert_eq!(read(&here, &actor, client, new).await.unwrap(), "new");
    // What is written first after another rotation is sealed with its key, not the retired one.
    there.core.rotate(&permit).await.unwrap();
    store(&here, &actor, client, "newest").await;
    assert_eq!(there.core.rewrap(&permit).await.unwrap().done, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_condemned_cannot_be_referred_to_anew() {
    let house = House::with_core().await;
    let trust = house.open_with_core().await;
    let (actor, client) = (person(&["principal"]), a_client());
    let address = store(&trust, &actor, client, "old").await;
    let permit = trust.access.authorize::<DestroyFigures>(&actor, client).await.unwrap();
    let mut tx = trust.db.write(&permit).await.unwrap();
    trust.core.condemn::<Figures, _>(&mut tx, address).await.unwrap();
    tx.commit(permit.entry(Change::none())).await.unwrap();
    let permit = trust.access.authorize::<SaveFigures>(&actor, client).await.unwrap();
    let kept = trust.core.put::<Figures, _>(&permit, &[b"old"]).await.unwrap();
    let mut tx = trust.db.write(&permit).await.unwrap();
    for kept in kept {
        let error = kept.refer(&mut tx, &*house.clock).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::NotFound, "core.destroyed"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_destroyed_revision_leaves_its_hash_and_the_record_verifies() {
    let house = House::with_core().await;
    let trust = house.open_with_core().await;
    let (actor, client) = (person(&["principal"]), a_client());
    let address = store(&trust, &actor, client, "old").await;
    let crashed = store(&trust, &actor, client, "older").await;
    for (address, finish) in [(address, true), (crashed, false)] {
        let permit = trust.access.authorize::<DestroyFigures>(&actor, client).await.unwrap();
        let mut tx = trust.db.write(&permit).await.unwrap();
        trust.core.condemn::<Figures, _>(&mut tx, address).await.unwrap();
        let receipt = tx.commit(permit.entry(Change::none())).await.unwrap();
        if finish {
            trust.core.destroy::<Figures, _>(&receipt, address).await.unwrap();
        }
    }
    assert_eq!(read(&trust, &actor, client, address).await.unwrap_err().code(), "core.destroyed");
    // What a crash cut short, the next sweep does.
    assert_eq!(trust.core.sweep().await.unwrap().destroyed, 1);
    assert_eq!(read(&trust, &actor, client, crashed).await.unwrap_err().code(), "core.destroyed");
    let left = "SELECT COUNT(*) FROM core_revision WHERE sealed IS NOT NULL";
    assert_eq!(house.core_column::<i64>(left).await, [0]);
    let check = trust.core.check().await.unwrap();
    assert_eq!((check.revisions, check.destroyed, check.missing), (2, 2, 0));
    trust.record.seal().await.unwrap();
    assert_eq!(verdict(&trust).await.first_wrong, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_core_store_the_rest_works_and_it_is_taken_back_when_it_returns() {
    let house = House::with_core().await;
    let Some(file) = house.core_file() else { return };
    let trust = house.open_with_core().await;
    let (actor, client) = (person(&["principal"]), a_client());
    let address = store(&trust, &actor, client, "here").await;
    let aside = file.with_extension("aside");
    for trust in [trust.clone(), house.open_with_core().await] {
        std::fs::rename(&file, &aside).unwrap();
        let error = read(&trust, &actor, client, address).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Unavailable, "core.unavailable"));
        assert_eq!(trust.core.ready().await.unwrap_err().code(), "core.unavailable");
        assert!(!file.exists(), "no empty store may take its place");
        let number = i64::from(aside.exists()) + house.number("SELECT COUNT(*) FROM note").await;
        write_note(&trust, &actor, number).await.unwrap();
        std::fs::rename(&aside, &file).unwrap();
        assert_eq!(read(&trust, &actor, client, address).await.unwrap(), "here");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_core_store_is_not_taken_for_its_own() {
    let (house, stranger) = (House::with_core().await, House::with_core().await);
    let actor = person(&["principal"]);
    let trust = house.open_with_core().await;
    let client = a_client();
    let address = store(&trust, &actor, client, "mine").await;
    drop(trust);
    let mut mixed = house;
    mixed.core = {
        let other = stranger.open_with_core().await;
        store(&other, &actor, client, "theirs").await;
        stranger.core.clone()
    };
    let trust = mixed.open_with_core().await;
    let error = read(&trust, &actor, client, address).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::Unavailable, "core.foreign"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_content_stands_in_clear_in_any_file() {
    let house = House::with_core().await;
    let trust = house.open_with_core().await;
    let (actor, client) = (person(&["principal"]), a_client());
    let secret = "金额=98765432109";
    let address = store(&trust, &actor, client, secret).await;
    read(&trust, &actor, client, address).await.unwrap();
    trust.record.flush().await;
    let mut looked = 0;
    for folder in [house.folder.path().to_owned(), house.folder.path().join("store")] {
        let Ok(found) = std::fs::read_dir(&folder) else { continue };
        for path in found.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            let bytes = std::fs::read(&path).unwrap();
            looked += 1;
            let held = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
            assert!(!held(b"98765432109"), "{}", path.display());
            assert!(!held("金额".as_bytes()), "{}", path.display());
        }
    }
    assert!(looked > 0);
}
