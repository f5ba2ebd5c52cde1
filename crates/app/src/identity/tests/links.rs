//! One-time links: how long they work, and which wait for a second person.

use serde_json::{Value, json};
use testkit::{PASSWORD, TestApp};

use super::{NEW_PASSWORD, set_password, sign_in, user_id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_link_works_once_and_takes_the_second_factor_along() {
    let app = TestApp::new().await;
    let sysadmin = app.as_sysadmin().await;
    let id = user_id(&app, "auditor").await;
    let auditor = app.as_auditor().await;
    let link = sysadmin.post(&format!("/users/{id}/reset-link"), json!({})).await;
    assert_eq!(link.body["needs_second"], true, "no administrator becomes another alone");
    assert_eq!(set_password(&app, &link.str("/link"), NEW_PASSWORD).await, 404);
    let secadmin = app.as_secadmin().await;
    let yes = secadmin.post(&format!("/users/{id}/reset-link/approve"), json!({})).await;
    assert_eq!(yes.status, 204);
    let page = app.as_nobody().get(&link.str("/link").replace("http://heng.test", "/")).await;
    assert!(page.status == 200 && page.text().contains("申计员"));
    assert_eq!(set_password(&app, &link.str("/link"), "weak").await, 422);
    assert_eq!(set_password(&app, &link.str("/link"), NEW_PASSWORD).await, 200);
    assert_eq!(set_password(&app, &link.str("/link"), NEW_PASSWORD).await, 404);
    assert_eq!(auditor.get("/me").await.status, 401, "earlier sessions ended");
    assert_eq!(sign_in(&app, "auditor", PASSWORD).await.code(), "session.refused");
    let reply = sign_in(&app, "auditor", NEW_PASSWORD).await;
    assert_eq!((reply.status, &reply.body["mfa"]), (200, &json!(false)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn resetting_clearance_three_takes_a_second_person() {
    let app = TestApp::new().await;
    let sysadmin = app.as_sysadmin().await;
    let id = user_id(&app, "accountant").await;
    let link = sysadmin.post(&format!("/users/{id}/reset-link"), json!({})).await;
    assert_eq!(link.body["needs_second"], true);
    assert_eq!(set_password(&app, &link.str("/link"), NEW_PASSWORD).await, 404);
    let path = format!("/users/{id}/reset-link/approve");
    assert_eq!(sysadmin.post(&path, json!({})).await.status, 403);
    assert_eq!(app.as_secadmin().await.post(&path, json!({})).await.status, 204);
    assert_eq!(set_password(&app, &link.str("/link"), NEW_PASSWORD).await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_link_ends_after_a_day_and_with_the_next_one() {
    let app = TestApp::new().await;
    let id = user_id(&app, "auditor").await;
    let path = format!("/users/{id}/reset-link");
    let first = app.as_sysadmin().await.post(&path, json!({})).await.str("/link");
    let second = app.as_sysadmin().await.post(&path, json!({})).await.str("/link");
    assert_eq!(set_password(&app, &first, NEW_PASSWORD).await, 404);
    app.clock.advance_seconds(24 * 3600);
    assert_eq!(set_password(&app, &second, NEW_PASSWORD).await, 404);
}

/// Whether the list of people flags somebody's link as waiting.
async fn waits(app: &TestApp, name: &str) -> Value {
    let found = app.as_secadmin().await.get(&format!("/users?q={name}")).await;
    found.body["items"][0]["reset_waits"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_made_before_a_grant_of_weight_waits_for_a_second_person() {
    for grant in [
        json!({ "roles": ["accountant"], "clearance": 3 }),
        json!({ "roles": ["auditor"], "clearance": 2 }),
    ] {
        let app = TestApp::new().await;
        let body = json!({ "name": "xiaozheng", "display_name": "小郑" });
        let made = app.as_sysadmin().await.post("/users", body).await;
        assert_eq!(
            (&made.body["needs_second"], &made.body["reset_waits"]),
            (&json!(false), &json!(false))
        );
        let secadmin = app.as_secadmin().await;
        let path = format!("/users/{}", made.str("/id"));
        let granted = secadmin.patch(&path, grant).await;
        assert_eq!(granted.body["reset_waits"], true, "{}", granted.body);
        assert_eq!(set_password(&app, &made.str("/link"), NEW_PASSWORD).await, 404);
        // Another link is no way around it: the account has no password yet.
        let again = app.as_sysadmin().await.post(&format!("{path}/reset-link"), json!({})).await;
        assert_eq!(again.body["needs_second"], true);
        assert_eq!(set_password(&app, &again.str("/link"), NEW_PASSWORD).await, 404);
        assert_eq!(waits(&app, "xiaozheng").await, true);
        let approve = format!("{path}/reset-link/approve");
        assert_eq!(secadmin.post(&approve, json!({})).await.status, 204);
        assert_eq!(waits(&app, "xiaozheng").await, false);
        assert_eq!(set_password(&app, &again.str("/link"), NEW_PASSWORD).await, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_stays_open_through_a_grant_below_clearance_three() {
    let app = TestApp::new().await;
    let body = json!({ "name": "xiaozheng", "display_name": "小郑" });
    let made = app.as_sysadmin().await.post("/users", body).await;
    let grant = json!({ "roles": ["accountant"], "clearance": 2 });
    let path = format!("/users/{}", made.str("/id"));
    let granted = app.as_secadmin().await.patch(&path, grant).await;
    assert_eq!(granted.body["reset_waits"], false);
    assert_eq!(set_password(&app, &made.str("/link"), NEW_PASSWORD).await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_waits_is_no_longer_flagged_when_it_is_out_of_date() {
    let app = TestApp::new().await;
    let id = user_id(&app, "accountant").await;
    app.as_sysadmin().await.post(&format!("/users/{id}/reset-link"), json!({})).await;
    assert_eq!(waits(&app, "accountant").await, true);
    app.clock.advance_seconds(24 * 3600);
    app.forget_sessions();
    assert_eq!(waits(&app, "accountant").await, false);
}
