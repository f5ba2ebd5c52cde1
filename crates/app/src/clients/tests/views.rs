//! Filters with a name.

use serde_json::{Value, json};
use testkit::TestApp;

fn view(name: &str, shared: bool, query: &str) -> Value {
    json!({ "name": name, "shared": shared, "query": query })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_is_seen_by_its_owner_or_by_all_and_deleted_by_who_may() {
    let test = TestApp::new().await;
    let (clerk, reviewer) = (test.as_clerk().await, test.as_role("reviewer").await);
    let own = clerk.post("/views", view("我的", false, "stage=active&sort=-name")).await;
    assert_eq!(own.status, 201, "{}", own.body);
    let shared = clerk.post("/views", view("大家的", true, "?findings=true&columns=name")).await;
    assert_eq!(shared.status, 201, "{}", shared.body);
    let again = clerk.post("/views", view(" 我的 ", true, "")).await;
    assert_eq!((again.status, again.code()), (409, "view.name_taken"));
    assert_eq!(reviewer.post("/views", view("我的", false, "")).await.status, 201);

    let seen = reviewer.get("/views").await;
    let names: Vec<String> = seen.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["name"].as_str().unwrap(), one["own"]))
        .collect();
    assert_eq!(names, ["我的 true", "大家的 false"]);
    let path = |reply: &testkit::Reply| format!("/views/{}", reply.str("/id"));
    assert_eq!(reviewer.delete(&path(&own)).await.status, 404);
    assert_eq!(reviewer.delete(&path(&shared)).await.code(), "view.not_own");
    assert_eq!(test.as_principal().await.delete(&path(&own)).await.status, 404);
    assert_eq!(test.as_principal().await.delete(&path(&shared)).await.status, 204);
    assert_eq!(clerk.delete(&path(&own)).await.status, 204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_that_the_list_would_not_take_is_refused() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let long = format!("q={}", "a".repeat(5000));
    for query in ["limit=many", "sort=secret", &long] {
        let refused = clerk.post("/views", view("视图", false, query)).await;
        assert_eq!(refused.status, 422, "{query}");
    }
    assert_eq!(clerk.post("/views", view(" ", false, "")).await.code(), "view.invalid");
}
