//! Locking after failures: what is counted, and that nobody gets more answers than are counted.

use futures::future::join_all;
use serde_json::{Value, json};
use testkit::{PASSWORD, TestApp};

use super::sign_in;

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
