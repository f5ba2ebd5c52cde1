//! A refusal names the right that is missing, and is on record.

use trust::access::{Action, Actor, Holder, RelationKind};
use trust::record::Outcome;
use values::{ClientId, Kind};

use crate::harness::*;

async fn code<A: Action<Target = ClientId>>(actor: &Actor, leading: bool) -> &'static str {
    let house = House::new().await;
    let trust = house.open().await;
    let client = a_client();
    let holder = Holder::User(if leading { actor.user() } else { a_user() });
    relate(&trust, client, &[(RelationKind::Lead, holder, None)]).await;
    let refusal = trust.access.authorize::<A>(actor, client).await.err().unwrap();
    trust.record.flush().await;
    let entries = entries(&trust).await;
    let denied: Vec<_> = entries.iter().filter(|e| e.outcome == Outcome::Denied).collect();
    assert_eq!(denied.len(), 1);
    assert_eq!((denied[0].action.as_str(), denied[0].refusal.as_str()), (A::NAME, refusal.code()));
    assert_eq!(denied[0].clients, [client]);
    assert_eq!(denied[0].actor, actor.user().to_string());
    assert!(matches!(refusal.kind(), Kind::Denied | Kind::NotFound));
    refusal.code()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_clearance_is_named() {
    let mut who = verified(&["accountant"]);
    who.clearance = 2;
    assert_eq!(code::<ViewConfidential>(&acting(who), true).await, "denied.clearance");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_second_factor_is_named() {
    let mut who = verified(&["accountant"]);
    who.mfa = false;
    assert_eq!(code::<ViewConfidential>(&acting(who.clone()), true).await, "denied.mfa");
    // Of several things that are missing, the one to begin with.
    (who.clearance, who.trained) = (2, false);
    assert_eq!(code::<ViewConfidential>(&acting(who), true).await, "denied.mfa");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_a_second_factor_every_client_is_refused_alike() {
    let mut who = verified(&["principal"]);
    (who.mfa, who.clearance) = (false, 4);
    for leading in [true, false] {
        assert_eq!(code::<ViewClient>(&acting(who.clone()), leading).await, "denied.mfa");
        assert_eq!(code::<UpdateClient>(&acting(who.clone()), leading).await, "denied.mfa");
    }
    // Who would see no client with one either learns nothing new.
    who.roles = vec!["sysadmin".to_owned()];
    assert_eq!(code::<ViewClient>(&acting(who.clone()), true).await, "not_found");
    // Below clearance 3 a password is enough for what is not confidential.
    (who.roles, who.clearance) = (vec!["accountant".to_owned()], 2);
    assert_eq!(code::<ViewConfidential>(&acting(who), true).await, "denied.mfa");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_training_is_named() {
    let mut who = verified(&["accountant"]);
    who.trained = false;
    assert_eq!(code::<ViewConfidential>(&acting(who.clone()), true).await, "denied.training");
    who.clearance = 2;
    assert_eq!(code::<ViewConfidential>(&acting(who), true).await, "denied.training");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_purpose_is_named() {
    assert_eq!(code::<ExportClient>(&person(&["accountant"]), true).await, "denied.purpose");
    assert_eq!(code::<Reveal>(&person(&["tax_adviser"]), true).await, "denied.purpose");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_proof_of_identity_is_named() {
    let mut who = verified(&["tax_adviser"]);
    for proved_at in [None, Some(NOW.plus_seconds(-301)), Some(NOW.plus_seconds(1))] {
        who.proved_at = proved_at;
        let actor = acting(who.clone()).for_purpose("贷款申请");
        assert_eq!(code::<Reveal>(&actor, true).await, "denied.proof");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_role_is_named() {
    assert_eq!(code::<AssignClient>(&person(&["accountant"]), true).await, "denied.role");
    let revealing = person(&["principal"]).for_purpose("核对");
    assert_eq!(code::<Reveal>(&revealing, false).await, "denied.role");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_outside_the_row_scope_is_not_found_whatever_is_asked() {
    let accountant = person(&["accountant"]).for_purpose("核对");
    assert_eq!(code::<ViewClient>(&accountant, false).await, "not_found");
    assert_eq!(code::<UpdateClient>(&accountant, false).await, "not_found");
    assert_eq!(code::<Reveal>(&person(&["tax_adviser"]), false).await, "not_found");
    // An office alone opens no client.
    assert_eq!(code::<ViewClient>(&person(&["sysadmin", "auditor"]), false).await, "not_found");
    let mut anybody = verified(&[]);
    anybody.clearance = 1;
    assert_eq!(code::<ViewClient>(&acting(anybody), false).await, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_every_right_the_permit_comes_and_nothing_is_denied() {
    let house = House::new().await;
    let trust = house.open().await;
    let client = a_client();
    let actor = person(&["tax_adviser"]).for_purpose("贷款申请");
    let holder = Holder::User(actor.user());
    relate(&trust, client, &[(RelationKind::Lead, holder, None)]).await;
    let permit = trust.access.authorize::<Reveal>(&actor, client).await.unwrap();
    assert_eq!(permit.target(), client);
    trust.record.flush().await;
    assert!(entries(&trust).await.iter().all(|entry| entry.outcome != Outcome::Denied));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_beforehand_what_is_possible_leaves_no_entry() {
    let house = House::new().await;
    let trust = house.open().await;
    let actor = person(&["accountant"]);
    assert!(trust.access.may::<ViewClient>(&actor, a_client()).await.unwrap().is_none());
    trust.record.flush().await;
    assert_eq!(house.number("SELECT COUNT(*) FROM record_entry").await, 0);
}
