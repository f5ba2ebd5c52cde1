//! The overview through HTTP, as each role.

use serde_json::{Value, json};
use testkit::TestApp;

fn codes(body: &Value) -> Vec<String> {
    let todos = body["todos"].as_array().unwrap();
    todos.iter().map(|todo| todo["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_person_counts_the_clients_of_their_own_scope() {
    let app = TestApp::new().await;
    let fields = json!({ "fields": { "name": "示例甲演示有限公司" } });
    let made = app.as_clerk().await.with("idempotency-key", "1").post("/clients", fields).await;
    assert_eq!(made.status, 201, "{}", made.body);
    for (role, clients) in [("accountant", 1), ("principal", 1), ("client_manager", 0)] {
        let shown = app.as_role(role).await.get("/overview").await;
        assert_eq!(shown.status, 200, "{role}: {}", shown.body);
        assert_eq!(shown.body["cards"]["clients"], clients, "{role}");
        assert_eq!(shown.body["recent"].as_array().unwrap().len(), clients, "{role}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_office_sees_no_client_but_what_it_has_to_settle() {
    let app = TestApp::new().await;
    let shown = app.as_secadmin().await.get("/overview").await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    assert_eq!(shown.body["cards"]["clients"], 0);
    assert!(codes(&shown.body).contains(&"confirm_recovery".to_owned()));
    let made = json!({ "name": "new.person", "display_name": "新同事" });
    assert_eq!(app.as_sysadmin().await.post("/users", made).await.status, 201);
    let shown = app.as_secadmin().await.get("/overview").await;
    assert!(codes(&shown.body).contains(&"users_without_roles".to_owned()));
    assert!(codes(&app.as_clerk().await.get("/overview").await.body).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_may_do_to_a_client_is_explained_by_its_code_or_name() {
    let app = TestApp::new().await;
    let made = json!({ "fields": { "name": "试解释贸易有限公司" } });
    let made = app.as_principal().await.post("/clients", made).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let secadmin = app.as_secadmin().await;
    let people = secadmin.get("/users?q=principal").await;
    let path = format!("/users/{}/explain?action=client.view", people.str("/items/0/id"));
    for client in [made.str("/id"), made.str("/code"), "试解释贸易有限公司".to_owned()] {
        let client: String = client.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let why = secadmin.get(&format!("{path}&client={client}")).await;
        assert_eq!(why.body["allowed"], true, "{client}: {}", why.body);
    }
    let none = secadmin.get(&path).await;
    assert_eq!((none.status, none.code()), (422, "explain.client_needed"));
    let unknown = secadmin.get(&format!("{path}&client=K99999")).await;
    assert_eq!((unknown.status, unknown.code()), (422, "explain.no_client"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_that_waits_for_a_second_person_is_among_what_waits() {
    let app = TestApp::new().await;
    let order = json!({ "filters": {}, "purpose": "移交档案" });
    let asked = app.as_principal().await.post("/exports/unmasked", order).await;
    assert_eq!(asked.status, 201, "{}", asked.body);
    let waits = app.as_supervisor().await.get("/overview").await;
    let todos = waits.body["todos"].as_array().unwrap();
    let todo = todos.iter().find(|todo| todo["code"] == "exports_to_approve").unwrap();
    assert_eq!((&todo["count"], &todo["href"]), (&json!(1), &json!("/exports")));
    let own = app.as_principal().await.get("/overview").await;
    assert!(!codes(&own.body).contains(&"exports_to_approve".to_owned()));
    assert!(codes(&app.as_clerk().await.get("/overview").await.body).is_empty());
}
