//! Asking twice makes one client; what is wrong is all said at once.

use serde_json::{Value, json};
use testkit::TestApp;

use super::{draft, made};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_sent_again_makes_one_client_and_gives_the_same_answer() {
    let test = TestApp::new().await;
    let keyed = test.as_clerk().await.with("idempotency-key", "k-1");
    let body = draft("示例重复有限公司");
    let first = keyed.post("/clients", body.clone()).await;
    let again = keyed.post("/clients", body.clone()).await;
    assert_eq!((first.status, again.status), (201, 201), "{}", again.body);
    assert_eq!(first.body, again.body);
    let principal = test.as_principal().await;
    assert_eq!(principal.get("/clients").await.body["total"]["count"], 1);

    let other = keyed.post("/clients", draft("另一家有限公司")).await;
    assert_eq!((other.status, other.code()), (422, "idempotency.other_body"));
    // Another person's key is another key, and after a day it is free again.
    let theirs = principal.clone().with("idempotency-key", "k-1").post("/clients", body).await;
    assert_eq!(theirs.status, 201);
    assert_ne!(theirs.str("/id"), first.str("/id"));
    test.clock.advance_seconds(25 * 3600);
    test.forget_sessions();
    let keyed = test.as_clerk().await.with("idempotency-key", "k-1");
    assert_eq!(keyed.post("/clients", draft("另一家有限公司")).await.status, 201);
    let long = "k".repeat(201);
    let long = test.as_clerk().await.with("idempotency-key", &long);
    assert_eq!(long.post("/clients", draft("丙")).await.code(), "idempotency.key");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_request_sent_twice_at_once_makes_one_client() {
    let test = TestApp::new().await;
    let keyed = test.as_clerk().await.with("idempotency-key", "k-2");
    let body = json!({ "fields": { "name": "示例同时有限公司" } });
    let (one, two) =
        tokio::join!(keyed.post("/clients", body.clone()), keyed.post("/clients", body.clone()));
    assert_eq!((one.status, two.status), (201, 201));
    assert_eq!(one.str("/id"), two.str("/id"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_request_leaves_its_key_free() {
    let test = TestApp::new().await;
    let keyed = test.as_clerk().await.with("idempotency-key", "k-3");
    let wrong = json!({ "fields": { "name": "示例", "staff_count": "许多" } });
    assert_eq!(keyed.post("/clients", wrong).await.status, 422);
    let right = json!({ "fields": { "name": "示例", "staff_count": "3" } });
    assert_eq!(keyed.post("/clients", right).await.status, 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_is_wrong_is_said_at_once_each_at_its_field() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let fields = json!({ "name": "示例", "staff_count": "许多", "uscc": "123" });
    let lists = json!({ "contacts": [{ "name": "赵", "mobile": "12" }] });
    let refused = clerk.post("/clients", json!({ "fields": fields, "lists": lists })).await;
    assert_eq!(refused.status, 422);
    let named = |reply: &testkit::Reply| -> Vec<String> {
        let errors = reply.body["errors"].as_array().unwrap();
        errors.iter().map(|one| one["field"].as_str().unwrap().to_owned()).collect()
    };
    let mut all = named(&refused);
    all.sort();
    assert_eq!(all, ["contacts.mobile", "staff_count", "uscc"]);
    assert!(refused.body["errors"][0]["detail_en"].is_string());

    let id = made(&clerk, draft("示例多处有限公司")).await.str("/id");
    let edit = json!({ "fields": { "staff_count": "许多", "uscc": "123" }, "why": "核对" });
    let with = clerk.clone().with("if-match", "\"v1\"");
    let refused = with.patch(&format!("/clients/{id}"), edit).await;
    assert_eq!((refused.status, named(&refused).len()), (422, 2));
    let one = json!({ "fields": { "uscc": "123" }, "why": "核对" });
    let refused = with.patch(&format!("/clients/{id}"), one).await;
    assert_eq!((refused.str("/field"), &refused.body["errors"]), ("uscc".into(), &Value::Null));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_taken_out_of_a_list_says_why() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let client = made(&clerk, draft("示例删除有限公司")).await;
    let (id, item) = (client.str("/id"), client.str("/lists/contacts/0/id"));
    let path = format!("/clients/{id}/lists/contacts/{item}?why=%E7%A6%BB%E8%81%8C");
    let gone = clerk.clone().with("if-match", "\"v1\"").delete(&path).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
    let versions = clerk.get(&format!("/clients/{id}/versions")).await;
    assert_eq!(versions.str("/0/why"), "离职");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_a_day_stand_together_after_what_was_opened() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let id = made(&clerk, draft("示例浏览有限公司")).await.str("/id");
    for _ in 0..3 {
        clerk.get("/clients").await;
        test.flush().await;
    }
    clerk.get(&format!("/clients/{id}")).await;
    test.flush().await;
    let seen = test.as_principal().await.get(&format!("/clients/{id}/record")).await;
    let rows = seen.body.as_array().unwrap();
    let lists: Vec<&Value> = rows.iter().filter(|row| row["action"] == "client.list").collect();
    assert_eq!(lists.len(), 1, "{}", seen.body);
    assert_eq!((&lists[0]["count"], lists[0]["times"].as_array().unwrap().len()), (&json!(3), 3));
    assert_eq!(rows.last().unwrap()["action"], "client.list");
    assert!(rows.iter().any(|row| row["action"] == "client.view"), "{}", seen.body);
}
