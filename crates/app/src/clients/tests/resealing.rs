//! Sealing the archive again after a rotation.

use serde_json::json;
use testkit::TestApp;

use super::{IDENTITY, MOBILE, draft, made};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_rotation_all_of_the_archive_is_sealed_again_and_no_version_is_made() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let client = made(&clerk, draft("示例衡器有限公司")).await;
    let (path, contact) =
        (format!("/clients/{}", client.str("/id")), client.str("/lists/contacts/0/id"));
    let item = format!("{path}/lists/contacts/{contact}");
    let with = clerk.clone().with("if-match", "\"v1\"");
    let changed = with.patch(&item, json!({ "fields": { "mobile": "13712345678" } })).await;
    assert_eq!(changed.status, 200, "{}", changed.body);

    let rotated = test.as_secadmin().await.post("/keys/rotate", json!({})).await;
    assert_eq!(rotated.status, 202, "{}", rotated.body);
    let reply = loop {
        let reply = test.as_secadmin().await.get("/keys").await;
        if reply.body["rotation"]["running"] == false {
            break reply;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(reply.body["rotation"]["done"], reply.body["rotation"]["total"]);
    let (mut total, mut again) = (super::super::Resealed::default(), 0);
    let job = trust::access::Actor::part_of_heng("job", trust::access::Origin::default());
    for _ in 0..2 {
        let permit = test.app.access.authorize::<Walk>(&job, ()).await.unwrap();
        let mut tx = test.app.db.write(&permit).await.unwrap();
        let keyring = &test.app.keyring;
        total = super::super::reseal_batch(&mut tx, keyring, None, 10).await.unwrap();
        again += total.sealed;
    }
    // A contact's name, the number it has and had, the account, the identity and its mask: nothing
    // was left for another walk.
    assert!(total.seen >= 7, "{total:?}");
    assert_eq!((again, total.last), (0, None));

    let seen = clerk.get(&path).await;
    assert_eq!(seen.body["version"], 2);
    let verify = json!({ "field": "legal_rep_id_no", "value": IDENTITY });
    assert_eq!(clerk.post(&format!("{path}/verify"), verify).await.body["match"], true);
    let versions = clerk.get(&format!("{path}/versions")).await;
    let before = versions.str("/0/changes/0/before");
    assert!(before.contains("139****") && !before.contains(MOBILE), "{before}");
}

struct Walk;
impl trust::access::Action for Walk {
    const NAME: &'static str = "job.run";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}
