//! A legal hold keeps a client; retention and two people decide about its end.

use serde_json::{Value, json};
use testkit::TestApp;

use super::{draft, entries, made};

async fn signed_in_again(test: &TestApp, days: i64) {
    test.clock.advance_seconds(days * 24 * 3600);
    test.forget_sessions();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_on_hold_is_neither_deleted_nor_merged_until_two_people_release_it() {
    let test = TestApp::new().await;
    let (clerk, principal) = (test.as_clerk().await, test.as_principal().await);
    let compliance = test.as_role("compliance").await;
    let id = made(&clerk, draft("示例保全有限公司")).await.str("/id");
    let other = made(&clerk, json!({ "fields": { "name": "别家有限公司" } })).await.str("/id");
    let (hold, release) = (format!("/clients/{id}/hold"), format!("/clients/{id}/hold/release"));
    let why = json!({ "why": "诉讼保全" });
    assert_eq!(clerk.post(&hold, why.clone()).await.status, 403);
    assert_eq!(principal.post(&hold, json!({})).await.code(), "why.needed");
    let set = principal.post(&hold, why.clone()).await;
    assert_eq!((set.status, set.str("/hold/why")), (200, "诉讼保全".into()), "{}", set.body);
    assert_eq!(principal.post(&hold, why.clone()).await.code(), "client.held_already");
    assert_eq!(principal.delete(&format!("/clients/{id}")).await.code(), "client.held");
    let bulk = json!({ "ids": [id], "op": "recycle", "why": "清理" });
    let bulk = principal.post("/clients/bulk", bulk).await;
    assert_eq!(bulk.str("/failed/0/code"), "client.held");
    let merge = json!({ "from": id, "into": other });
    assert_eq!(principal.post("/clients/merge", merge).await.code(), "client.held");

    let asked = principal.post(&release, json!({ "why": "已结案" })).await;
    assert!(asked.body["hold"]["release_by"].is_string(), "{}", asked.body);
    assert_eq!(principal.post(&release, json!({})).await.code(), "client.second_person");
    assert_eq!(principal.delete(&format!("/clients/{id}")).await.code(), "client.held");
    let released = compliance.post(&release, json!({})).await;
    assert_eq!((released.status, &released.body["hold"]), (200, &Value::Null));
    assert_eq!(principal.delete(&format!("/clients/{id}")).await.status, 204);
    assert_eq!(entries(&test, "client.hold").await.len(), 2);
    let done = entries(&test, "client.release_hold").await;
    let done: Vec<_> = done.iter().filter(|entry| entry["outcome"] == "done").collect();
    assert_eq!((done.len(), &done[0]["purpose"]), (2, &json!("已结案")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recycled_client_is_removed_by_two_people_once_its_retention_has_passed() {
    let test = TestApp::new().await;
    let (clerk, principal) = (test.as_clerk().await, test.as_principal().await);
    let id = made(&clerk, draft("示例期满有限公司")).await.str("/id");
    let path = format!("/clients/{id}/removal");
    let why = json!({ "why": "保存期满" });
    assert_eq!(principal.post(&path, why.clone()).await.code(), "client.not_recycled");
    assert_eq!(principal.delete(&format!("/clients/{id}")).await.status, 204);
    let page = principal.get(&format!("/clients/{id}")).await;
    assert_eq!((&page.body["removal"]["open"], page.status), (&json!(false), 200));
    assert_eq!(principal.post(&path, why.clone()).await.code(), "client.retention");

    signed_in_again(&test, 366 * 10).await;
    let (principal, compliance) = (test.as_principal().await, test.as_role("compliance").await);
    let asked = principal.post(&path, why.clone()).await;
    assert_eq!((asked.status, &asked.body["removed"]), (200, &json!(false)), "{}", asked.body);
    assert_eq!(principal.post(&path, why.clone()).await.code(), "client.second_person");
    let hold = format!("/clients/{id}/hold");
    assert_eq!(principal.post(&hold, json!({ "why": "诉讼" })).await.status, 200);
    assert_eq!(compliance.post(&path, json!({})).await.code(), "client.held");
    let release = format!("{hold}/release");
    assert_eq!(principal.post(&release, json!({ "why": "结案" })).await.status, 200);
    assert_eq!(compliance.post(&release, json!({})).await.status, 200);

    let removed = compliance.post(&path, json!({})).await;
    assert_eq!((removed.status, &removed.body["removed"]), (200, &json!(true)));
    assert_eq!(principal.get(&format!("/clients/{id}")).await.status, 404);
    assert_eq!(principal.get("/clients?view=recycled").await.body["total"]["count"], 0);
    let left = entries(&test, "client.remove").await;
    let left: Vec<_> = left.iter().filter(|entry| entry["outcome"] == "done").collect();
    assert_eq!((left.len(), &left[0]["purpose"]), (2, &json!("保存期满")));
    assert_eq!(left[0]["clients_count"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_comes_back_is_no_longer_to_be_removed() {
    let test = TestApp::new().await;
    let principal = test.as_principal().await;
    let id = made(&principal, draft("示例恢复有限公司")).await.str("/id");
    assert_eq!(principal.delete(&format!("/clients/{id}")).await.status, 204);
    signed_in_again(&test, 366 * 10).await;
    let principal = test.as_principal().await;
    let path = format!("/clients/{id}/removal");
    assert_eq!(principal.post(&path, json!({ "why": "期满" })).await.status, 200);
    let back = principal.post(&format!("/clients/{id}/restore"), json!({})).await;
    assert_eq!((back.status, &back.body["removal"]), (200, &Value::Null));
    assert_eq!(principal.delete(&format!("/clients/{id}")).await.status, 204);
    signed_in_again(&test, 366 * 10).await;
    let compliance = test.as_role("compliance").await;
    let asked = compliance.post(&path, json!({ "why": "期满" })).await;
    assert_eq!(asked.body["removed"], json!(false), "the old wish is forgotten");
}
