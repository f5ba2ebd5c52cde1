//! The second factor: set-up, use, and what is closed before it.

use serde_json::json;
use testkit::{Client, PASSWORD, TestApp};

use super::{NEW_PASSWORD, app_code, newcomer, sign_in};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_is_set_up_and_its_recovery_codes_work_once() {
    let app = TestApp::new().await;
    newcomer(&app, "xiaozhou").await;
    let cookie = sign_in(&app, "xiaozhou", NEW_PASSWORD).await.cookie().unwrap();
    let client = app.as_nobody().with("cookie", &cookie);
    let begun = client.post("/totp/enroll", json!({})).await;
    assert!(begun.str("/uri").starts_with("otpauth://totp/"), "{}", begun.body);
    assert!(begun.str("/qr_svg").contains("<svg"));
    let wrong = client.post("/totp/confirm", json!({ "code": "000000" })).await;
    assert_eq!((wrong.status, wrong.code()), (422, "totp.wrong"));
    let code = app_code(&begun.str("/secret"), &app);
    let done = client.post("/totp/confirm", json!({ "code": code })).await;
    let codes = done.body["recovery_codes"].as_array().unwrap().clone();
    assert_eq!(codes.len(), 10);
    assert_eq!(client.get("/me").await.body["mfa"], true);
    let typed = json!({ "name": "xiaozhou", "password": NEW_PASSWORD, "totp": codes[0] });
    let first = app.as_nobody().post("/session", typed.clone()).await;
    assert_eq!((first.status, &first.body["mfa"]), (200, &json!(true)));
    assert_eq!(app.as_nobody().post("/session", typed).await.code(), "session.refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_without_second_factor_may_only_set_one_up() {
    let app = TestApp::new().await;
    let id = newcomer(&app, "second_sysadmin").await;
    let grant = json!({ "roles": ["sysadmin"], "clearance": 2 });
    app.as_secadmin().await.patch(&format!("/users/{id}"), grant).await;
    let cookie = sign_in(&app, "second_sysadmin", NEW_PASSWORD).await.cookie().unwrap();
    let client = app.as_nobody().with("cookie", &cookie);
    assert_eq!(client.get("/me").await.body["totp_needed"], true);
    let refused = client.get("/users").await;
    assert_eq!((refused.status, refused.code()), (403, "denied.mfa"));
    assert_eq!(client.post("/totp/enroll", json!({})).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_one_time_code_works_once() {
    let app = TestApp::new().await;
    let body = json!({ "name": "accountant", "password": PASSWORD, "totp": app.code() });
    assert_eq!(app.as_nobody().post("/session", body.clone()).await.status, 200);
    let again = app.as_nobody().post("/session", body).await;
    assert_eq!((again.status, again.code()), (401, "session.refused"));
    app.clock.advance_seconds(30);
    let body = json!({ "name": "accountant", "password": PASSWORD, "totp": app.code() });
    assert_eq!(app.as_nobody().post("/session", body).await.status, 200);
}

/// A new person who was given a role and a clearance, signed in with a password only.
async fn without_factor<'a>(app: &'a TestApp, name: &str, role: &str, clearance: u8) -> Client<'a> {
    let id = newcomer(app, name).await;
    let grant = json!({ "roles": [role], "clearance": clearance, "training_until": "2026-12-31" });
    let granted = app.as_secadmin().await.patch(&format!("/users/{id}"), grant).await;
    assert_eq!(granted.status, 200, "{}", granted.body);
    let cookie = sign_in(app, name, NEW_PASSWORD).await.cookie().unwrap();
    app.as_nobody().with("cookie", &cookie)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clearance_four_without_a_second_factor_neither_lists_nor_edits_clients() {
    let app = TestApp::new().await;
    let body = json!({ "fields": { "name": "试行贸易有限公司" } });
    let made = app.as_principal().await.post("/clients", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let path = format!("/clients/{}", made.str("/id"));
    let client = without_factor(&app, "second_principal", "principal", 4).await;
    let nowhere = "/clients/00000000-0000-7000-8000-000000000001";
    for path in ["/clients", path.as_str(), nowhere, "/imports", "/views", "/users"] {
        let refused = client.get(path).await;
        assert_eq!((refused.status, refused.code()), (403, "denied.mfa"), "{path}");
    }
    let change = json!({ "fields": { "name": "改名贸易有限公司" } });
    let refused = client.clone().with("if-match", &made.etag()).patch(&path, change).await;
    assert_eq!((refused.status, refused.code()), (403, "denied.mfa"), "{}", refused.body);
    let refused = client.post("/clients", json!({ "fields": { "name": "再试公司" } })).await;
    assert_eq!((refused.status, refused.code()), (403, "denied.mfa"));
    let token = json!({ "name": "t", "scope": ["read"], "expires_on": "2026-12-31" });
    assert_eq!(client.post("/tokens", token).await.code(), "denied.mfa");
    let me = client.get("/me").await;
    assert_eq!(me.body["permissions"], json!(["overview.show", "session.own"]));
    assert_eq!(client.get("/overview").await.status, 200);
    let begun = client.post("/totp/enroll", json!({})).await;
    let code = app_code(&begun.str("/secret"), &app);
    assert_eq!(client.post("/totp/confirm", json!({ "code": code })).await.status, 200);
    assert_eq!(client.get(&path).await.status, 200, "open once the factor is set up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clearance_two_works_with_a_password_alone() {
    let app = TestApp::new().await;
    let client = without_factor(&app, "second_manager", "client_manager", 2).await;
    assert_eq!(client.get("/clients").await.status, 200);
}
