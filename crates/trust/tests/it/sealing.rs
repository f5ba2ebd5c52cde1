//! Sealed fields through the keyring: for their place, their permit and their keys only.

use trust::Trust;
use trust::access::Actor;
use trust::record::Change;
use trust::vault::{Algorithm, Key, Place, Sealed, write_new_file};
use values::SystemEntropy;

use crate::harness::*;

const PLACE: Place<'static> = Place { table: "contact", column: "phone", row: b"1" };

async fn rotate(house: &House, trust: &Trust, master: &Key) {
    let keeper = person(&["secadmin"]);
    let permit = trust.access.authorize::<RotateKeys>(&keeper, ()).await.unwrap();
    let mut tx = trust.db.write(&permit).await.unwrap();
    let rotation = trust.keyring.rotate(&mut tx, master, &*house.clock).await.unwrap();
    tx.commit(permit.entry(Change::none())).await.unwrap();
    trust.keyring.install(rotation);
}

async fn opened(trust: &Trust, actor: &Actor, place: Place<'_>, bytes: &[u8]) -> Option<String> {
    let permit = trust.access.authorize::<ViewConfidential>(actor, a_client()).await.unwrap();
    let sealed: Sealed<Phone> = Sealed::stored(bytes.to_vec());
    trust.keyring.open(&permit, place, &sealed).ok().map(|plain| plain.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sealed_field_opens_in_its_place_only() {
    for algorithm in [Algorithm::Aes256Gcm, Algorithm::Sm4Gcm] {
        let mut house = House::new().await;
        house.algorithm = algorithm;
        let trust = house.open().await;
        let actor = person(&["principal"]);
        let sealed: Sealed<Phone> = trust.keyring.seal(PLACE, "138 0000 1234").unwrap();
        let bytes = sealed.to_store();
        let plain = opened(&trust, &actor, PLACE, &bytes).await;
        assert_eq!(plain.as_deref(), Some("138 0000 1234"));
        for place in [
            Place { table: "client", ..PLACE },
            Place { column: "mobile", ..PLACE },
            Place { row: b"2", ..PLACE },
        ] {
            assert_eq!(opened(&trust, &actor, place, &bytes).await, None, "{place:?}");
        }
        for at in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            assert_eq!(opened(&trust, &actor, PLACE, &altered).await, None, "byte {at}");
        }
        assert!(!format!("{sealed:?}").contains("138"));
        // Sealing twice shows nobody that the values are equal.
        assert_ne!(trust.keyring.seal::<Phone>(PLACE, "138 0000 1234").unwrap().to_store(), bytes);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revealed_field_was_put_on_record_first() {
    let house = House::new().await;
    let trust = house.open().await;
    let (client, actor) = (a_client(), person(&["tax_adviser"]).for_purpose("贷款申请"));
    let lead = trust::access::Holder::User(actor.user());
    relate(&trust, client, &[(trust::access::RelationKind::Lead, lead, None)]).await;
    let place = Place { table: "client", column: "legal_rep_id_no", row: client.as_bytes() };
    let sealed: Sealed<IdNumber> = trust.keyring.seal(place, "11010519491231002X").unwrap();
    let permit = trust.access.authorize::<Reveal>(&actor, client).await.unwrap();
    let tx = trust.db.write(&permit).await.unwrap();
    let receipt = tx.commit(permit.entry(Change::none().class("id_no"))).await.unwrap();
    let on_record = "SELECT COUNT(*) FROM record_entry WHERE action = 'client.reveal'";
    assert_eq!(house.number(on_record).await, 1);
    let plain = trust.keyring.reveal(&receipt, place, &sealed).unwrap();
    assert_eq!(plain.as_str(), "11010519491231002X");
    assert_eq!(receipt.target(), client);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_stay_readable_while_keys_are_rotated_and_move_to_the_new_one() {
    let house = House::new().await;
    let trust = house.open().await;
    let mut sealed: Vec<Vec<u8>> = Vec::new();
    for number in 0..50 {
        sealed.push(trust.keyring.seal::<Phone>(PLACE, &number.to_string()).unwrap().to_store());
    }
    let reading = tokio::spawn({
        let (trust, sealed) = (trust.clone(), sealed.clone());
        async move {
            let actor = person(&["principal"]);
            for _ in 0..10 {
                for (number, bytes) in sealed.iter().enumerate() {
                    let plain = opened(&trust, &actor, PLACE, bytes).await;
                    assert_eq!(plain, Some(number.to_string()));
                }
            }
        }
    });
    for _ in 0..5 {
        rotate(&house, &trust, &trust.master).await;
    }
    reading.await.unwrap();
    let actor = person(&["principal"]);
    for (number, bytes) in sealed.iter_mut().enumerate() {
        *bytes = trust.keyring.resealed(PLACE, bytes).unwrap().unwrap();
        assert_eq!(trust.keyring.resealed(PLACE, bytes).unwrap(), None);
        assert!(trust.keyring.resealed(Place { row: b"9", ..PLACE }, bytes).is_ok());
        assert_eq!(opened(&trust, &actor, PLACE, bytes).await, Some(number.to_string()));
    }
    // The store opens again with all keys, and the newest one seals.
    let status = trust.keyring.status();
    assert_eq!(status.iter().filter(|key| !key.retired).count(), 4);
    trust.record.stop().await.unwrap();
    drop(trust);
    let trust = house.open().await;
    assert_eq!(trust.keyring.status().len(), status.len());
    assert_eq!(opened(&trust, &actor, PLACE, &sealed[7]).await, Some("7".to_owned()));
    assert_eq!(trust.keyring.resealed(PLACE, &sealed[7]).unwrap(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_by_another_process_is_noticed_without_a_restart() {
    let house = House::new().await;
    let (server, other) = (house.open().await, house.open().await);
    let actor = person(&["principal"]);
    let old = server.keyring.seal::<Phone>(PLACE, "1").unwrap().to_store();
    rotate(&house, &other, &other.master).await;
    let new = other.keyring.seal::<Phone>(PLACE, "2").unwrap().to_store();
    assert_eq!(opened(&server, &actor, PLACE, &new).await, None, "nothing was read yet");
    // Whoever reads what the other has sealed has its keys.
    let permit = server.access.authorize::<ViewClient>(&actor, a_client()).await.unwrap();
    drop(server.db.read(&permit).await.unwrap());
    assert_eq!(opened(&server, &actor, PLACE, &new).await.as_deref(), Some("2"));
    assert_eq!(opened(&server, &actor, PLACE, &old).await.as_deref(), Some("1"));
    assert!(server.keyring.resealed(PLACE, &old).unwrap().is_some(), "the old key has retired");
    // Whoever writes seals with the newest key.
    rotate(&house, &other, &other.master).await;
    write_note(&server, &actor, 1).await.unwrap();
    let sealed = server.keyring.seal::<Phone>(PLACE, "3").unwrap().to_store();
    assert_eq!(other.keyring.resealed(PLACE, &sealed).unwrap(), None);
    assert_eq!(opened(&other, &actor, PLACE, &sealed).await.as_deref(), Some("3"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rotated_keys_that_were_not_committed_do_not_serve() {
    let house = House::new().await;
    let trust = house.open().await;
    let keeper = person(&["secadmin"]);
    let permit = trust.access.authorize::<RotateKeys>(&keeper, ()).await.unwrap();
    let mut tx = trust.db.write(&permit).await.unwrap();
    let rotation = trust.keyring.rotate(&mut tx, &trust.master, &*house.clock).await.unwrap();
    drop((rotation, tx));
    let sealed = trust.keyring.seal::<Phone>(PLACE, "1").unwrap().to_store();
    trust.record.stop().await.unwrap();
    let trust = house.open().await;
    let plain = opened(&trust, &person(&["principal"]), PLACE, &sealed).await;
    assert_eq!(plain.as_deref(), Some("1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_master_key_opens_the_store_and_the_old_one_no_longer_does() {
    let house = House::new().await;
    let trust = house.open().await;
    let sealed = trust.keyring.seal::<Phone>(PLACE, "1").unwrap().to_store();
    let file = house.folder.path().join("master.key");
    let old = std::fs::read(&file).unwrap();
    let new = Key::generate(&SystemEntropy);
    rotate(&house, &trust, &new).await;
    trust.record.stop().await.unwrap();
    drop(trust);
    let refused = house.try_open(&[NOTES], &[]).await.err().unwrap();
    assert_eq!(refused.code(), "vault.master_wrong");
    std::fs::remove_file(&file).unwrap();
    write_new_file(&file, &new).unwrap();
    let trust = house.open().await;
    let plain = opened(&trust, &person(&["principal"]), PLACE, &sealed).await;
    assert_eq!(plain.as_deref(), Some("1"));
    trust.record.stop().await.unwrap();
    drop(trust);
    std::fs::write(&file, old).unwrap();
    assert!(house.try_open(&[NOTES], &[]).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn equal_values_have_equal_tokens_in_one_column_and_store() {
    let (house, elsewhere) = (House::new().await, House::new().await);
    let trust = house.open().await;
    let token = |column, value| trust.keyring.token(column, value).unwrap();
    let one = token("contact.phone", "13800001234");
    assert_eq!(one, token("contact.phone", "13800001234"));
    assert_ne!(one, token("contact.phone", "13800001235"));
    assert_ne!(one, token("client.phone", "13800001234"));
    // Rotation leaves them as they are: they could not be made anew without the values.
    rotate(&house, &trust, &trust.master).await;
    assert_eq!(one, token("contact.phone", "13800001234"));
    let other = elsewhere.open().await;
    assert_ne!(one, other.keyring.token("contact.phone", "13800001234").unwrap());
}
