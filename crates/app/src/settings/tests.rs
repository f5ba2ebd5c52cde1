//! Settings and the catalogue through HTTP, as each role.

use serde_json::json;
use testkit::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_system_administrator_changes_settings_and_the_record_names_them_only() {
    let app = TestApp::new().await;
    let sysadmin = app.as_sysadmin().await;
    let wanted = json!({ "session_idle_minutes": 45, "firm_name": "秘密的新名字" });
    let changed = sysadmin.put("/settings", wanted).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.body["session_idle_minutes"], 45);
    assert_eq!(sysadmin.get("/settings").await.body["firm_name"], "秘密的新名字");
    app.flush().await;
    let path = "/record/export?format=jsonl&purpose=x&action=setting.update";
    let entries = app.as_auditor().await.get(path).await.text();
    assert!(entries.contains("session_idle_minutes") && entries.contains("firm_name"));
    assert!(!entries.contains("秘密"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_settings_change_or_none() {
    let app = TestApp::new().await;
    let sysadmin = app.as_sysadmin().await;
    let before = sysadmin.get("/settings").await.body;
    let idle = "session_idle_minutes";
    for (wanted, field, code) in [
        (json!({ "locale": "en", idle: 1 }), idle, "setting.range"),
        (json!({ "locale": "en", "nope": 1 }), "nope", "setting.unknown"),
        (json!({ "locale": "en", "time_zone": "UTC" }), "time_zone", "setting.fixed"),
        (json!({ "locale": 7 }), "locale", "setting.type"),
    ] {
        let refused = sysadmin.put("/settings", wanted).await;
        assert_eq!((refused.status, refused.code()), (422, code));
        assert_eq!(refused.str("/field"), field);
    }
    assert_eq!(sysadmin.get("/settings").await.body, before);
    assert_eq!(sysadmin.put("/settings", before.clone()).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_at_work_neither_see_nor_change_settings() {
    let app = TestApp::new().await;
    for role in ["accountant", "principal", "auditor"] {
        let person = app.as_role(role).await;
        assert_eq!(person.get("/settings").await.status, 403, "{role}");
        assert_eq!(person.put("/settings", json!({ "locale": "en" })).await.status, 403, "{role}");
    }
    let secadmin = app.as_secadmin().await;
    assert_eq!(secadmin.get("/settings").await.status, 200);
    assert_eq!(secadmin.put("/settings", json!({ "locale": "en" })).await.status, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_reads_the_catalogue_of_sixty_items() {
    let app = TestApp::new().await;
    for role in ["accountant", "auditor", "sysadmin"] {
        let shown = app.as_role(role).await.get("/catalogue").await;
        assert_eq!(shown.status, 200, "{role}: {}", shown.body);
        let items = shown.body.as_array().unwrap();
        assert_eq!(items.len(), 60);
        let id = items.iter().find(|item| item["item"] == "legal_rep_id_no").unwrap();
        assert_eq!((&id["level"], &id["sealed"]), (&4.into(), &true.into()));
        assert_eq!(id["reveal"], "税务顾问、融资顾问");
    }
    assert_eq!(app.as_nobody().get("/catalogue").await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_column_of_the_settings_is_classified() {
    let app = TestApp::new().await;
    let catalogue = trust::vault::Catalogue::embedded().unwrap();
    let classified = trust::vault::Columns::parse(super::COLUMNS, &catalogue).unwrap();
    let own = |(table, _): &(String, String)| table == "setting";
    let columns: Vec<_> = app.app.db.columns().await.unwrap().into_iter().filter(own).collect();
    assert!(!columns.is_empty());
    assert_eq!(classified.unclassified(&columns), []);
    assert_eq!(classified.absent(&columns), []);
}
