//! The record through HTTP, as each role.

use serde_json::{Value, json};
use testkit::TestApp;

async fn entries(app: &TestApp, query: &str) -> Vec<Value> {
    app.flush().await;
    let page = app.as_auditor().await.get(&format!("/record?{query}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.body["items"].as_array().unwrap().clone()
}

async fn client(app: &TestApp, name: &str) -> (String, String) {
    let fields = json!({ "fields": { "name": name } });
    let made = app.as_clerk().await.post("/clients", fields).await;
    assert_eq!(made.status, 201, "{}", made.body);
    (made.str("/id"), made.str("/code"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_auditor_reads_the_record_and_a_refusal_is_on_it() {
    let app = TestApp::new().await;
    for role in ["accountant", "principal", "sysadmin", "secadmin", "compliance"] {
        let refused = app.as_role(role).await.get("/record").await;
        assert_eq!(refused.status, 403, "{role}: {}", refused.body);
    }
    assert_eq!(app.as_nobody().get("/record").await.status, 401);
    let denied = entries(&app, "outcome=denied&action=record.list").await;
    assert_eq!(denied.len(), 5);
    assert!(denied.iter().all(|entry| entry["refusal"] == "denied.role"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_the_record_is_itself_recorded() {
    let app = TestApp::new().await;
    entries(&app, "limit=1").await;
    let shown = entries(&app, "action=record.list&outcome=shown").await;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0]["actor_name"], "申计员");
    assert_eq!(shown[0]["classes"], json!(["audit_record"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_are_found_by_client_code_and_by_who_did_it() {
    let app = TestApp::new().await;
    let (id, code) = client(&app, "示例甲演示有限公司").await;
    client(&app, "示例乙演示有限公司").await;
    let by_id = entries(&app, &format!("client={id}&action=client.create")).await;
    let by_code = entries(&app, &format!("client={code}&action=client.create")).await;
    assert_eq!((by_id.len(), &by_id), (1, &by_code));
    assert_eq!(by_id[0]["clients_count"], 1);
    let actor = by_id[0]["actor"].as_str().unwrap();
    let of_actor = entries(&app, &format!("actor={actor}&action=client.create")).await;
    assert_eq!(of_actor.len(), 2);
    let unknown = app.as_auditor().await.get("/record?client=KH999999").await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_follow_one_another_without_gap_or_repeat() {
    let app = TestApp::new().await;
    for _ in 0..5 {
        app.as_clerk().await.get("/overview").await;
    }
    let all = entries(&app, "action=overview.show").await;
    assert_eq!(all.len(), 5);
    let auditor = app.as_auditor().await;
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let path = format!("/record?action=overview.show&limit=2&cursor={next}");
        let page = auditor.get(&path).await;
        seen.extend(page.body["items"].as_array().unwrap().iter().map(|e| e["id"].clone()));
        next = page.str("/next");
        if next.is_empty() {
            break;
        }
    }
    let all: Vec<Value> = all.iter().map(|entry| entry["id"].clone()).collect();
    assert_eq!(seen, all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_that_cannot_be_is_refused_with_its_field() {
    let app = TestApp::new().await;
    let auditor = app.as_auditor().await;
    for (query, field) in [
        ("actor=x", "actor"),
        ("outcome=maybe", "outcome"),
        ("from=soon", "from"),
        ("to=2026-13-01", "to"),
        ("cursor=1", "cursor"),
    ] {
        let refused = auditor.get(&format!("/record?{query}")).await;
        assert_eq!((refused.status, refused.str("/field")), (422, field.to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verification_recomputes_everything_and_a_proof_can_be_taken_away() {
    let app = TestApp::new().await;
    client(&app, "示例甲演示有限公司").await;
    app.flush().await;
    app.app.trust.record.seal().await.unwrap();
    let auditor = app.as_auditor().await;
    let found = auditor.post("/record/verify", json!({})).await;
    assert_eq!((found.status, &found.body["ok"]), (200, &true.into()), "{}", found.body);
    assert!(found.body["entries"].as_u64().unwrap() > 0);
    let made = entries(&app, "action=client.create").await;
    let entry = made[0]["id"].as_str().unwrap();
    assert_eq!(made[0]["sealed"], true);
    let proof = auditor.get(&format!("/record/{entry}/proof")).await;
    assert_eq!(proof.status, 200);
    let shown = auditor.get("/record/checkpoint").await;
    let key = shown.str("/verifier_key").parse().unwrap();
    let proven = trust::record::verify_proof(&proof.text(), &key).unwrap();
    assert!(proven.body.contains("client.create"));
    assert_eq!(auditor.get("/record/x/proof").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_needs_a_purpose_and_holds_no_formula() {
    let app = TestApp::new().await;
    let auditor = app.as_auditor().await;
    let refused = auditor.get("/record/export?format=csv").await;
    assert_eq!((refused.status, refused.code()), (403, "denied.purpose"));
    let path = "/record/export?format=csv&purpose=%3D1%2B1";
    let first = auditor.with("user-agent", "=cmd|' /C calc'!A0").get(path).await;
    assert_eq!(first.status, 200, "{}", first.text());
    app.flush().await;
    let file = app.as_auditor().await.get(path).await.text();
    assert!(file.starts_with('\u{feff}'));
    assert!(file.contains("record.export"));
    let cells = file.lines().flat_map(|line| line.split(','));
    assert!(!cells.into_iter().any(|cell| cell.trim_matches('"').starts_with('=')));
    let lines = app.as_auditor().await.get("/record/export?format=jsonl&purpose=x").await.text();
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    assert_eq!(app.as_auditor().await.get("/record/export?format=pdf&purpose=x").await.status, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_says_how_many_entries_there_are_wherever_it_begins() {
    let app = TestApp::new().await;
    for name in ["示例甲", "示例乙", "示例丙"] {
        let body = serde_json::json!({ "fields": { "name": name } });
        assert_eq!(app.as_clerk().await.post("/clients", body).await.status, 201);
    }
    app.flush().await;
    let auditor = app.as_auditor().await;
    let first = auditor.get("/record?action=client.create&limit=1").await;
    assert_eq!(first.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(first.body["total"], serde_json::json!({ "count": 3, "capped": false }));
    let next = format!("/record?action=client.create&limit=1&cursor={}", first.str("/next"));
    assert_eq!(auditor.get(&next).await.body["total"]["count"], 3);
}
