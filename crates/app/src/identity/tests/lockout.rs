//! Locking after failures: what is counted, and that nobody gets more answers than are counted.

use futures::future::join_all;
use serde_json::{Value, json};
use testkit::{PASSWORD, TestApp};
use trust::access::Origin;

use super::sign_in;
use crate::identity::operations::gate::{self, Typed};

fn without_request(mut body: Value) -> Value {
    body.as_object_mut().unwrap().remove("request_id");
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_name_and_a_wrong_password_are_answered_alike() {
    let app = TestApp::new().await;
    let unknown = sign_in(&app, "nobody", "Wrong-Horse-99").await;
    let wrong = sign_in(&app, "accountant", "Wrong-Horse-99").await;
    assert_eq!((unknown.status, unknown.code()), (401, "session.refused"));
    assert_eq!(unknown.status, wrong.status);
    assert_eq!(without_request(unknown.body), without_request(wrong.body));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_failures_lock_a_name_whether_it_exists_or_not() {
    let app = TestApp::new().await;
    for name in ["accountant", "nobody"] {
        for _ in 0..5 {
            assert_eq!(sign_in(&app, name, "Wrong-Horse-99").await.code(), "session.refused");
        }
        assert_eq!(sign_in(&app, name, PASSWORD).await.code(), "session.locked");
    }
    app.clock.advance_seconds(15 * 60);
    assert_eq!(sign_in(&app, "accountant", PASSWORD).await.code(), "session.totp_required");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_passwords_side_by_side_get_no_more_answers_than_the_limit() {
    let app = TestApp::new().await;
    let guesses = (0..12).map(|number| {
        // The right password is among the guesses, too late to be answered.
        let password = if number == 11 { PASSWORD.to_owned() } else { format!("Wrong-{number}") };
        let app = &app;
        async move { sign_in(app, "accountant", &password).await.code().to_owned() }
    });
    let answers = join_all(guesses).await;
    let of = |code: &str| answers.iter().filter(|answer| *answer == code).count();
    assert_eq!((of("session.refused"), of("session.locked")), (5, 7), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_proofs_and_recovery_codes_count_as_wrong_sign_ins_do() {
    for path in ["/session/renew-proof", "/password"] {
        let app = TestApp::new().await;
        let clerk = app.as_clerk().await;
        let typed = json!({ "password": PASSWORD, "totp": "aaaaa-bbbbb",
                            "new_password": "Another-Horse-7" });
        for _ in 0..5 {
            let wrong = clerk.post(path, typed.clone()).await;
            assert_eq!((wrong.status, wrong.code()), (401, "session.refused"), "{path}");
        }
        assert_eq!(clerk.post(path, typed).await.code(), "session.locked", "{path}");
        assert_eq!(sign_in(&app, "accountant", PASSWORD).await.code(), "session.locked");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_was_spent_counts_as_a_wrong_one() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    // The code of this half minute was spent by the sign-in.
    let typed = json!({ "password": PASSWORD, "totp": app.code() });
    for _ in 0..5 {
        let spent = clerk.post("/session/renew-proof", typed.clone()).await;
        assert_eq!(spent.code(), "session.refused");
    }
    assert_eq!(clerk.post("/session/renew-proof", typed).await.code(), "session.locked");
}

/// This crate's own view of the same process's parts.
fn inside(app: &TestApp) -> crate::App {
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
async fn attempts_on_a_locked_name_count_against_the_address_and_are_on_record_once_a_minute() {
    let test = TestApp::new().await;
    let app = inside(&test);
    let origin = Origin { address: "203.0.113.9".to_owned(), ..Origin::default() };
    let attempt = async |origin: &Origin| {
        let typed = Typed { name: "accountant", password: "Wrong-Horse-99", code: None };
        gate::sign_in(&app, &typed, origin).await.err().unwrap().code()
    };
    for _ in 0..5 {
        assert_eq!(attempt(&origin).await, "session.refused");
    }
    for _ in 0..20 {
        assert_eq!(attempt(&origin).await, "session.locked");
    }
    test.clock.advance_seconds(60);
    for _ in 0..15 {
        assert_eq!(attempt(&origin).await, "session.locked");
    }
    // Forty in all: the address has to wait, another one does not.
    assert_eq!(attempt(&origin).await, "session.throttled");
    let other = Origin { address: "203.0.113.10".to_owned(), ..Origin::default() };
    assert_eq!(attempt(&other).await, "session.locked");
    test.flush().await;
    let path = "/record/export?format=jsonl&purpose=x&action=session.open";
    let entries = test.as_auditor().await.get(path).await.text();
    assert_eq!(entries.matches("refused.locked").count(), 2, "{entries}");
    test.clock.advance_seconds(15 * 60);
    assert_eq!(attempt(&origin).await, "session.refused");
}
