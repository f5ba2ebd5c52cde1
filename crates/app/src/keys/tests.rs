//! Keys through HTTP, as each role.

use serde_json::{Value, json};
use testkit::TestApp;

async fn status(app: &TestApp) -> Value {
    let shown = app.as_secadmin().await.get("/keys").await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    shown.body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_security_administrator_sees_and_rotates_keys() {
    let app = TestApp::new().await;
    for role in ["accountant", "principal", "sysadmin", "auditor"] {
        let person = app.as_role(role).await;
        assert_eq!(person.get("/keys").await.status, 403, "{role}");
        assert_eq!(person.post("/keys/rotate", json!({})).await.status, 403, "{role}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_rotation_new_keys_seal_and_what_was_sealed_still_opens() {
    let app = TestApp::new().await;
    let before = status(&app).await;
    assert_eq!(before["rotation"]["running"], false);
    let rotated = app.as_secadmin().await.post("/keys/rotate", json!({})).await;
    assert_eq!(rotated.status, 202, "{}", rotated.body);
    super::reseal(&reopened(&app)).await.unwrap();
    let after = status(&app).await;
    assert_ne!(before["levels"][0]["key_id"], after["levels"][0]["key_id"]);
    assert_eq!(after["rotation"]["running"], false);
    assert_eq!(after["rotation"]["done"], after["rotation"]["total"]);
    // The seeds of one-time codes were sealed with the old key; people still sign in.
    app.clock.advance_seconds(60);
    app.forget_sessions();
    assert_eq!(app.as_secadmin().await.get("/keys").await.status, 200);
}

/// The same process's parts, as this crate's own tests see them.
fn reopened(app: &TestApp) -> crate::App {
    let running = &app.app.running;
    crate::App::new(
        app.app.trust.clone(),
        app.app.clock.clone(),
        app.app.entropy.clone(),
        crate::Running {
            zone: running.zone.clone(),
            data_dir: running.data_dir.clone(),
            secure_cookies: running.secure_cookies,
            trusted_proxies: running.trusted_proxies.clone(),
            master: running.master.clone(),
            strict_offices: running.strict_offices,
            web_dir: running.web_dir.clone(),
        },
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_recovery_sheet_is_confirmed_by_its_last_block_only() {
    let app = TestApp::new().await;
    let blocks = trust::vault::blocks(&app.app.trust.master);
    let secadmin = app.as_secadmin().await;
    let wrong = json!({ "block": blocks[0] });
    let refused = secadmin.post("/keys/recovery/confirm", wrong).await;
    assert_eq!((refused.status, refused.code()), (422, "key.block_wrong"));
    assert_eq!(status(&app).await["master"]["recovery_confirmed"], false);
    let right = json!({ "block": blocks.last().unwrap().to_lowercase() });
    assert_eq!(secadmin.post("/keys/recovery/confirm", right).await.status, 204);
    assert_eq!(status(&app).await["master"]["recovery_confirmed"], true);
}
