//! Tokens for programs.

use serde_json::{Value, json};
use testkit::{Client, PASSWORD, TestApp};

use super::{app_code, set_password, user_id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_reads_cannot_write() {
    let app = TestApp::new().await;
    let sysadmin = app.as_sysadmin().await;
    let draft = |scope: Value| {
        json!({ "name": "程序", "scope": scope,
                                       "expires_on": "2026-06-30" })
    };
    let reads = sysadmin.post("/tokens", draft(json!(["read"]))).await;
    assert_eq!(reads.status, 201, "{}", reads.body);
    assert!(reads.str("/token").starts_with("heng_"));
    let bearer = |token: &str| {
        let client = app.as_nobody().without("x-heng-csrf");
        client.with("authorization", &format!("Bearer {token}"))
    };
    let program = bearer(&reads.str("/token"));
    assert_eq!(program.get("/users").await.status, 200);
    let refused = program.post("/departments", json!({ "name": "三部" })).await;
    assert_eq!((refused.status, refused.code()), (403, "token.scope"));
    let writes = sysadmin.post("/tokens", draft(json!(["read", "write"]))).await;
    let made = bearer(&writes.str("/token")).post("/departments", json!({ "name": "三部" })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let listed = sysadmin.get("/tokens").await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 2);
    assert!(!listed.text().contains("heng_"), "the secret is shown once");
    assert!(listed.body["items"][0]["last_used_at"].is_string());
    let id = reads.str("/id");
    assert_eq!(sysadmin.delete(&format!("/tokens/{id}")).await.status, 204);
    assert_eq!(program.get("/users").await.status, 401);
    app.clock.advance_seconds(31 * 86_400);
    assert_eq!(bearer(&writes.str("/token")).get("/users").await.status, 401, "out of date");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_makes_no_token_and_lasts_a_year_at_most() {
    let app = TestApp::new().await;
    let sysadmin = app.as_sysadmin().await;
    let far = json!({ "name": "t", "scope": ["read"], "expires_on": "2028-01-01" });
    assert_eq!(sysadmin.post("/tokens", far).await.code(), "token.expiry");
    let good = json!({ "name": "t", "scope": ["read", "write"], "expires_on": "2026-12-31" });
    let token = sysadmin.post("/tokens", good.clone()).await.str("/token");
    let program = app.as_nobody().with("authorization", &format!("Bearer {token}"));
    assert_eq!(program.post("/tokens", good).await.code(), "session.browser_only");
}

async fn token_of(client: &Client<'_>) -> String {
    let draft = json!({ "name": "程序", "scope": ["read"], "expires_on": "2026-12-31" });
    let made = client.post("/tokens", draft).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.str("/token")
}

async fn works(app: &TestApp, token: &str) -> bool {
    let program = app.as_nobody().with("authorization", &format!("Bearer {token}"));
    program.get("/me").await.status == 200
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn making_a_token_takes_a_fresh_proof() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    app.clock.advance_seconds(301);
    let draft = json!({ "name": "程序", "scope": ["read"], "expires_on": "2026-12-31" });
    let stale = clerk.post("/tokens", draft).await;
    assert_eq!((stale.status, stale.code()), (403, "denied.proof"));
    assert_eq!(clerk.get("/tokens").await.body["items"], json!([]));
    let proof = json!({ "password": PASSWORD, "totp": app.code() });
    assert_eq!(clerk.post("/session/renew-proof", proof).await.status, 204);
    assert!(works(&app, &token_of(&clerk).await).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_password_revokes_tokens() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let token = token_of(&clerk).await;
    app.clock.advance_seconds(30);
    let change = json!({ "password": PASSWORD, "totp": app.code(),
                         "new_password": "Third-Horse-42" });
    assert_eq!(clerk.post("/password", change).await.status, 204);
    assert!(!works(&app, &token).await);
    assert_eq!(clerk.get("/tokens").await.body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_second_factor_revokes_tokens() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let token = token_of(&clerk).await;
    let begun = clerk.post("/totp/enroll", json!({})).await;
    assert!(works(&app, &token).await, "nothing changed yet");
    app.clock.advance_seconds(30);
    let code = app_code(&begun.str("/secret"), &app);
    assert_eq!(clerk.post("/totp/confirm", json!({ "code": code })).await.status, 200);
    assert!(!works(&app, &token).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_revokes_tokens() {
    let app = TestApp::new().await;
    let token = token_of(&app.as_clerk().await).await;
    let id = user_id(&app, "accountant").await;
    let path = format!("/users/{id}/reset-link");
    let link = app.as_sysadmin().await.post(&path, json!({})).await.str("/link");
    assert!(works(&app, &token).await, "a link alone ends nothing");
    let yes = app.as_secadmin().await.post(&format!("{path}/approve"), json!({})).await;
    assert_eq!(yes.status, 204);
    assert_eq!(set_password(&app, &link, "Third-Horse-42").await, 200);
    assert!(!works(&app, &token).await);
}
