//! Every write, look and refusal leaves its entry; what is sealed can be proved.

use trust::access::{Holder, RelationKind};
use trust::record::{Change, Outcome, verify_proof};
use values::Kind;

use crate::harness::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_and_its_entry_stand_or_fall_together() {
    let house = House::new().await;
    let trust = house.open().await;
    let actor = person(&["principal"]).for_purpose("年度整理");
    write_note(&trust, &actor, 1).await.unwrap();
    let permit = trust.access.authorize::<RunImport>(&actor, ()).await.unwrap();
    let mut tx = trust.db.write(&permit).await.unwrap();
    tx.execute("INSERT INTO note (id, text) VALUES (2, 'lost')", &[]).await.unwrap();
    drop(tx);
    trust.record.stop().await.unwrap();
    assert_eq!(house.column::<i64>("SELECT id FROM note").await, [1]);
    assert_eq!(house.number("SELECT COUNT(*) FROM record_entry").await, 1);
    let trust = house.open().await;
    let entry = &entries(&trust).await[0];
    assert_eq!((entry.action.as_str(), entry.outcome), ("import.run", Outcome::Done));
    assert_eq!(entry.actor, actor.user().to_string());
    assert_eq!((entry.purpose.as_str(), entry.request.as_str()), ("年度整理", "r-1"));
    assert_eq!(entry.change.counts["notes"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_of_another_target_commits_nothing() {
    let house = House::new().await;
    let trust = house.open().await;
    let actor = person(&["principal"]);
    let (one, other) = (a_client(), a_client());
    let permit = trust.access.authorize::<UpdateClient>(&actor, one).await.unwrap();
    let elsewhere = trust.access.authorize::<UpdateClient>(&actor, other).await.unwrap();
    let mut tx = trust.db.write(&permit).await.unwrap();
    tx.execute("INSERT INTO note (id, text) VALUES (1, 'x')", &[]).await.unwrap();
    let refused = tx.commit(elsewhere.entry(Change::none())).await.err().unwrap();
    assert_eq!(refused.kind(), Kind::Internal);
    trust.record.stop().await.unwrap();
    assert_eq!(house.number("SELECT COUNT(*) FROM note").await, 0);
    assert_eq!(house.number("SELECT COUNT(*) FROM record_entry").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_is_on_record_with_every_client_it_showed() {
    let house = House::new().await;
    let trust = house.open().await;
    let actor = person(&["principal"]);
    let (permit, _) = trust.access.authorize_list::<ListClients>(&actor).await.unwrap();
    let mut shown: Vec<_> = (0..300).map(|_| a_client()).collect();
    let mut tx = trust.db.read(&permit).await.unwrap();
    tx.shows(shown.iter().copied());
    tx.shows(shown.iter().take(5).copied());
    tx.shows_class("contact.phone");
    drop(tx);
    trust.record.flush().await;
    let entry = entries(&trust).await.pop().unwrap();
    shown.sort_unstable();
    assert_eq!((entry.action.as_str(), entry.outcome), ("client.list", Outcome::Shown));
    assert_eq!(entry.clients, shown);
    assert_eq!(entry.classes, ["client.name", "contact.phone"]);
    assert_eq!(house.number("SELECT COUNT(*) FROM record_client").await, 300);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_at_the_highest_level_is_durable_before_it_begins() {
    let house = House::new().await;
    let trust = house.open().await;
    let (client, actor) = (a_client(), person(&["tax_adviser"]).for_purpose("贷款申请"));
    let lead = (RelationKind::Lead, Holder::User(actor.user()), None);
    relate(&trust, client, &[lead]).await;
    let permit = trust.access.authorize::<Reveal>(&actor, client).await.unwrap();
    let mut tx = trust.db.read(&permit).await.unwrap();
    let shown = "SELECT COUNT(*) FROM record_entry WHERE action = 'client.reveal'";
    assert_eq!(house.number(shown).await, 1);
    // What it then shows besides is named by a second entry.
    let besides = a_client();
    tx.shows([besides]);
    drop(tx);
    drop(trust.db.read(&permit).await.unwrap());
    trust.record.stop().await.unwrap();
    assert_eq!(house.number(shown).await, 3);
    let trust = house.open().await;
    let entries = entries(&trust).await;
    let naming = entries.iter().filter(|entry| entry.clients.contains(&besides));
    assert_eq!(naming.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_recorded_is_lost_when_the_record_stops() {
    let house = House::new().await;
    let trust = house.open().await;
    let actor = person(&["principal"]);
    let permit = trust.access.authorize::<ViewClient>(&actor, a_client()).await.unwrap();
    for _ in 0..500 {
        drop(trust.db.read(&permit).await.unwrap());
    }
    // One look is still going on when the stop begins.
    let late = trust.db.read(&permit).await.unwrap();
    let stopping = tokio::spawn({
        let record = trust.record.clone();
        async move { record.stop().await }
    });
    while trust.db.read(&permit).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!stopping.is_finished());
    drop(late);
    stopping.await.unwrap().unwrap();
    let looks = house.number("SELECT COUNT(*) FROM record_entry").await;
    assert!(looks >= 501, "{looks}");
    assert_eq!(house.number("SELECT COUNT(*) FROM record_entry WHERE number IS NULL").await, 0);
    // A look that could not be recorded is not given.
    let refused = trust.db.read(&permit).await.err().unwrap();
    assert_eq!(refused.kind(), Kind::Unavailable);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looks_are_written_even_when_nobody_stops_the_record() {
    let house = House::new().await;
    let trust = house.open().await;
    let actor = person(&["principal"]);
    let permit = trust.access.authorize::<ViewClient>(&actor, a_client()).await.unwrap();
    drop(trust.db.read(&permit).await.unwrap());
    let record = trust.record.clone();
    drop(trust);
    record.flush().await;
    drop(record);
    assert_eq!(house.number("SELECT COUNT(*) FROM record_entry").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_entries_verify_clean() {
    let house = House::new().await;
    let trust = house.open().await;
    let actor = person(&["principal"]);
    let permit = trust.access.authorize::<ViewClient>(&actor, a_client()).await.unwrap();
    for round in 0..6 {
        for _ in 0..900 {
            drop(trust.db.read(&permit).await.unwrap());
        }
        house.clock.advance_seconds(1);
        write_note(&trust, &actor, round).await.unwrap();
        trust.record.flush().await;
        trust.record.seal().await.unwrap();
    }
    let found = verdict(&trust).await;
    assert_eq!(found.first_wrong, None);
    assert_eq!((found.entries, found.unsealed), (5406, 0));
    assert!(found.checkpoints >= 6);
    // Entries that wait to be sealed are told apart and are no fault.
    write_note(&trust, &actor, 100).await.unwrap();
    let found = verdict(&trust).await;
    assert_eq!(found.first_wrong, None);
    assert!(found.entries + found.unsealed >= 5407);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_printed_proof_holds_and_an_altered_one_does_not() {
    let house = House::new().await;
    let trust = house.open().await;
    let actor = person(&["principal"]);
    for id in 0..20 {
        write_note(&trust, &actor, id).await.unwrap();
    }
    trust.record.seal().await.unwrap();
    let all = entries(&trust).await;
    let auditor = person(&["auditor"]);
    let permit = trust.access.authorize::<ListRecord>(&auditor, ()).await.unwrap();
    let mut tx = trust.db.read(&permit).await.unwrap();
    let verifier = trust.record.verifier();
    let stranger = verifier.to_string().parse().unwrap();
    for entry in &all {
        let text = trust.record.prove(&mut tx, entry.id).await.unwrap();
        let proven = verify_proof(&text, &stranger).unwrap();
        assert_eq!(proven.body, entry.canonical().unwrap());
        let at = text.find("index ").unwrap() + 6;
        let mut moved = text.clone();
        moved.replace_range(at..at + 1, if &text[at..=at] == "9" { "8" } else { "9" });
        assert!(verify_proof(&moved, &stranger).is_err());
        assert!(verify_proof(&text.replacen("extra ey", "extra ez", 1), &stranger).is_err());
        assert!(verify_proof(&text.replacen("heng/test", "heng/tast", 1), &stranger).is_err());
    }
    // Neither an entry that is not sealed nor one that does not exist can be proved.
    write_note(&trust, &actor, 100).await.unwrap();
    let nowhere = values::EntryId(uuid::Uuid::nil());
    assert_eq!(trust.record.prove(&mut tx, nowhere).await.unwrap_err().kind(), Kind::NotFound);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_seal_at_once_make_one_order() {
    let house = House::new().await;
    let (one, other) = (house.open().await, house.open().await);
    let actor = person(&["principal"]);
    for round in 0..10 {
        for id in 0..20 {
            write_note(&one, &actor, round * 100 + id).await.unwrap();
        }
        let sealing = [&one, &other].map(|trust| {
            let record = trust.record.clone();
            tokio::spawn(async move { record.seal().await })
        });
        for sealed in sealing {
            sealed.await.unwrap().unwrap();
        }
    }
    let found = verdict(&one).await;
    assert_eq!((found.first_wrong, found.entries), (None, 200));
}
