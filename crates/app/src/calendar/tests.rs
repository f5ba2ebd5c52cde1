//! The tax calendar through HTTP, as each role.

use serde_json::{Value, json};
use testkit::{Client, PASSWORD, Reply, TestApp};

const NOTICE: &str = "date,name,kind\n2027-01-01,元旦,holiday\n2027-01-02,元旦,holiday\n\
    2027-01-03,元旦,holiday\n2027-05-01,劳动节,holiday\n2027-10-01,国庆节,holiday\n\
    2027-10-02,国庆节,holiday\n2027-10-03,国庆节,holiday\n";

async fn client(by: &Client<'_>, name: &str, fields: Value) -> String {
    let mut all = json!({ "name": name });
    for (key, value) in fields.as_object().unwrap() {
        all[key] = value.clone();
    }
    let body = json!({ "fields": all });
    let made = by.clone().with("idempotency-key", name).post("/clients", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.str("/id");
    let to = json!({ "to": "onboarding" });
    let moved = by.clone().with("if-match", "\"v1\"");
    let moved = moved.post(&format!("/clients/{id}/stage"), to).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    id
}

async fn firm(app: &TestApp) {
    let clerk = app.as_clerk().await;
    let general = json!({ "taxpayer_kind": "general", "short_name": "甲示例" });
    client(&clerk, "示例甲演示有限公司", general).await;
    let small = json!({ "taxpayer_kind": "small", "province": "广东省" });
    client(&clerk, "示例乙演示有限公司", small).await;
}

async fn offer(by: &Client<'_>, path: &str, query: &str, file: &str) -> Reply {
    by.upload(&format!("/calendar/{path}?{query}"), "n.csv", file.as_bytes(), &[]).await
}

const HOLIDAYS: &str = "kind=holidays&year=2027&source=test";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_year_shows_deadlines_rest_days_and_what_is_not_announced() {
    let app = TestApp::new().await;
    for role in ["accountant", "principal", "quality", "sysadmin"] {
        let shown = app.as_role(role).await.get("/calendar/year?year=2026").await;
        assert_eq!(shown.status, 200, "{role}: {}", shown.body);
        assert_eq!(shown.body["announced"], true);
        assert_eq!(shown.str("/months/9/due/due"), "2026-10-26");
        assert_eq!(shown.str("/months/9/due/basis"), "published");
    }
    let next = app.as_clerk().await.get("/calendar/year?year=2027").await;
    assert_eq!((&next.body["announced"], next.status), (&false.into(), 200));
    assert!(next.str("/warning/zh").contains("2027 年放假安排尚未公布"));
    assert!(next.str("/warning/en").contains("not announced"));
    for role in ["auditor", "secadmin"] {
        let refused = app.as_role(role).await.get("/calendar/year").await;
        assert_eq!(refused.status, 403, "{role}");
    }
    assert_eq!(app.as_nobody().get("/calendar/year").await.status, 401);
    let wrong = app.as_clerk().await.get("/calendar/year?region=xx").await;
    assert_eq!((wrong.status, wrong.code()), (422, "calendar.region"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_due_date_tells_how_it_came_about() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let due = clerk.get("/calendar/due?tax=CIT_Y&period=2024").await;
    assert_eq!((due.str("/due"), due.str("/basis")), ("2025-06-03".into(), "computed".into()));
    assert!(due.body["steps"].as_array().unwrap().len() >= 2);
    for (query, status, code) in [
        ("tax=VAT_G&period=2026", 422, "calendar.period_kind"),
        ("tax=VAT&period=2026-09", 422, "calendar.tax"),
        ("tax=VAT_G&period=soon", 422, "period.form"),
        ("tax=SOC&period=2026-09", 404, "calendar.by_province"),
    ] {
        let wrong = clerk.get(&format!("/calendar/due?{query}")).await;
        assert_eq!((wrong.status, wrong.code()), (status, code), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_person_sees_the_duties_of_their_own_clients() {
    let app = TestApp::new().await;
    firm(&app).await;
    let grid = app.as_clerk().await.get("/calendar/duties?year=2026&month=10").await;
    assert_eq!(grid.status, 200, "{}", grid.body);
    let rows = grid.body["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let taxes = |row: &Value| {
        let duties = row["duties"].as_array().unwrap().clone();
        duties.iter().map(|duty| duty["tax"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(taxes(&rows[0]), ["VAT_G", "CIT_P", "IIT_W", "STAMP", "FS"]);
    assert_eq!(taxes(&rows[1])[0], "VAT_S");
    assert_eq!(rows[1]["region"], "440000");
    assert_eq!(rows[0]["duties"][0]["due"], "2026-10-26");
    assert_eq!(rows[0]["duties"][0]["period"], "2026-09");
    let one = app.as_clerk().await.get("/calendar/duties?year=2026&month=10&tax=VAT_S").await;
    assert_eq!(one.body["rows"][0]["duties"].as_array().unwrap().len(), 0);
    let page = app.as_clerk().await.get("/calendar/duties?month=10&limit=1").await;
    let next = page.str("/next");
    let page = app.as_clerk().await.get(&format!("/calendar/duties?limit=1&cursor={next}")).await;
    assert_eq!(page.body["rows"][0]["name"], "示例乙演示有限公司");
    for (role, clients) in [("principal", 2), ("supervisor", 2), ("client_manager", 0)] {
        let counts = app.as_role(role).await.get("/calendar/counts?year=2026").await;
        assert_eq!(counts.status, 200, "{role}: {}", counts.body);
        assert_eq!(counts.body["clients"], clients, "{role}");
    }
    for role in ["sysadmin", "auditor"] {
        for path in ["duties", "counts"] {
            let refused = app.as_role(role).await.get(&format!("/calendar/{path}")).await;
            assert_eq!(refused.status, 403, "{role}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prospect_has_no_duties_and_a_deleted_client_none_any_more() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let body = json!({ "fields": { "name": "示例丙演示有限公司", "taxpayer_kind": "small" } });
    clerk.clone().with("idempotency-key", "1").post("/clients", body).await;
    let counts = clerk.get("/calendar/counts?year=2026").await;
    assert_eq!(counts.body["clients"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_is_previewed_confirmed_and_moves_what_it_said() {
    let app = TestApp::new().await;
    firm(&app).await;
    let sysadmin = app.as_sysadmin().await;
    let seen = offer(&sysadmin, "imports/preview", HOLIDAYS, NOTICE).await;
    assert_eq!(seen.status, 200, "{}", seen.body);
    assert_eq!((seen.body["entries"].clone(), seen.body["faults"].clone()), (7.into(), json!([])));
    assert_eq!(seen.body["months"][0]["to"], "2027-01-20");
    let moved = seen.body["moved"].as_array().unwrap();
    let iit = moved.iter().find(|of| of["tax"] == "IIT_W" && of["period"] == "2026-12").unwrap();
    assert_eq!((&iit["from"], &iit["to"]), (&"2027-01-15".into(), &"2027-01-20".into()));
    assert_eq!(iit["duties"], 2);
    let before = sysadmin.get("/calendar/year?year=2027").await;
    assert_eq!(before.body["announced"], false, "a preview keeps nothing");

    let unseen = offer(&sysadmin, "imports", HOLIDAYS, NOTICE).await;
    assert_eq!((unseen.status, unseen.code()), (409, "calendar.preview_changed"));
    let confirm = format!("{HOLIDAYS}&seen={}", seen.str("/seen"));
    let done = offer(&sysadmin, "imports", &confirm, NOTICE).await;
    assert_eq!(done.status, 201, "{}", done.body);
    let after = app.as_clerk().await.get("/calendar/year?year=2027").await;
    assert_eq!(after.body["announced"], true);
    assert_eq!(after.str("/months/0/due/due"), "2027-01-20");
    assert_eq!(after.body["notices"][0]["entries"], 7);
    app.flush().await;
    let path = "/record/export?format=jsonl&purpose=x&action=calendar.import";
    let entries = app.as_auditor().await.get(path).await.text();
    assert!(entries.contains("duties_moved") && !entries.contains("元旦"), "{entries}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_published_deadline_of_a_province_moves_its_clients_only() {
    let app = TestApp::new().await;
    firm(&app).await;
    let principal = app.as_principal().await;
    let file = "month,region,deadline\n10,440000,2026-10-28\n";
    let query = "kind=deadlines&year=2026&source=test&notice=1";
    let seen = offer(&principal, "imports/preview", query, file).await;
    assert_eq!(seen.status, 200, "{}", seen.body);
    assert_eq!(seen.body["months"].as_array().unwrap().len(), 1);
    let confirm = format!("{query}&seen={}", seen.str("/seen"));
    assert_eq!(offer(&principal, "imports", &confirm, file).await.status, 201);
    let grid = app.as_clerk().await.get("/calendar/duties?year=2026&month=10").await;
    assert_eq!(grid.body["rows"][0]["duties"][0]["due"], "2026-10-26");
    assert_eq!(grid.body["rows"][1]["duties"][0]["due"], "2026-10-28");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_notice_changes_nothing_and_says_where() {
    let app = TestApp::new().await;
    let sysadmin = app.as_sysadmin().await;
    let half = "date,name,kind\n2027-01-01,元旦,holiday\n2027-01-04,元旦,workday\n";
    let seen = offer(&sysadmin, "imports/preview", HOLIDAYS, half).await;
    assert_eq!(seen.status, 200);
    assert_eq!(seen.body["faults"].as_array().unwrap().len(), 2, "{}", seen.body);
    assert_eq!(seen.body["faults"][0]["row"], 3);
    let refused = offer(&sysadmin, "imports", HOLIDAYS, half).await;
    assert_eq!((refused.status, refused.code()), (422, "calendar.row"));
    for (query, file, code) in [
        ("kind=x&year=2027&source=t", NOTICE, "calendar.kind"),
        ("kind=holidays&year=27&source=t", NOTICE, "calendar.year"),
        ("kind=holidays&year=2027&source=", NOTICE, "calendar.source"),
        ("kind=holidays&year=2027&source=t", "a,b\n1,2\n", "calendar.column"),
        ("kind=deadlines&year=2027&source=t", NOTICE, "calendar.column"),
    ] {
        let refused = offer(&sysadmin, "imports/preview", query, file).await;
        assert_eq!((refused.status, refused.code()), (422, code), "{}", refused.body);
    }
    for role in ["accountant", "supervisor", "quality", "auditor", "secadmin"] {
        let refused = offer(&app.as_role(role).await, "imports/preview", HOLIDAYS, NOTICE).await;
        assert_eq!(refused.status, 403, "{role}");
    }
    let year = sysadmin.get("/calendar/year?year=2027").await;
    assert_eq!((&year.body["announced"], &year.body["notices"]), (&false.into(), &json!([])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_shows_short_names_only_and_ends_when_revoked() {
    let app = TestApp::new().await;
    firm(&app).await;
    let clerk = app.as_clerk().await;
    assert_eq!(clerk.get("/calendar/feed").await.body["active"], false);
    let made = clerk.post("/calendar/feed", json!({})).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let path = |url: &str| url[url.find("/calendar/feeds/").unwrap()..].to_owned();
    let first = path(&made.str("/url"));
    let fetched = app.as_nobody().get(&first).await;
    assert_eq!(fetched.status, 200);
    assert_eq!(fetched.headers["content-type"], "text/calendar; charset=utf-8");
    let text = fetched.text().replace("\r\n ", "");
    assert!(text.contains("SUMMARY:申报截止：增值税（一般纳税人） 2026-05（1 户）"), "{text}");
    assert!(text.contains("甲示例") && !text.contains("演示有限公司"));
    let english = app.as_nobody().get(&format!("{first}?lang=en")).await.text();
    assert!(english.contains("SUMMARY:Due: VAT"), "{english}");
    assert!(clerk.get("/calendar/feed").await.body["fetched_at"].is_string());

    let second = path(&clerk.post("/calendar/feed", json!({})).await.str("/url"));
    assert_eq!(app.as_nobody().get(&first).await.status, 404, "the old address has ended");
    assert_eq!(app.as_nobody().get(&second).await.status, 200);
    assert_eq!(clerk.delete("/calendar/feed").await.status, 204);
    assert_eq!(clerk.delete("/calendar/feed").await.status, 404);
    assert_eq!(app.as_nobody().get(&second).await.status, 404);
    app.flush().await;
    let path = "/record/export?format=jsonl&purpose=x&action=calendar.feed";
    let entries = app.as_auditor().await.get(path).await.text();
    assert_eq!(entries.matches("feed.fetched").count(), 3, "{entries}");
    assert_eq!(app.as_role("auditor").await.post("/calendar/feed", json!({})).await.status, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_takes_a_fresh_proof_and_ends_with_the_password_and_after_a_year() {
    let app = TestApp::new().await;
    let path = |url: &str| url[url.find("/calendar/feeds/").unwrap()..].to_owned();
    let make = async || {
        app.forget_sessions();
        let clerk = app.as_clerk().await;
        let made = clerk.post("/calendar/feed", json!({})).await;
        assert_eq!(made.status, 201, "{}", made.body);
        assert!(made.body["ends_at"].is_string());
        path(&made.str("/url"))
    };
    let fetched = async |path: &str| app.as_nobody().get(path).await.status;
    let first = make().await;
    assert_eq!(fetched(&first).await, 200);
    app.clock.advance_seconds(1200);
    let clerk = app.as_clerk().await;
    let old = clerk.post("/calendar/feed", json!({})).await;
    assert_eq!((old.status, old.code()), (403, "denied.proof"));

    let change = json!({ "password": PASSWORD, "totp": app.code(),
                         "new_password": "Another-Horse-7" });
    let changed = clerk.post("/password", change).await;
    assert!(changed.status < 300, "{}", changed.body);
    assert_eq!(fetched(&first).await, 404, "a new password ends it");
    assert_eq!(clerk.get("/calendar/feed").await.body["active"], false);

    app.clock.advance_seconds(60);
    let back = json!({ "password": "Another-Horse-7", "totp": app.code(),
                       "new_password": PASSWORD });
    let changed = clerk.post("/password", back).await;
    assert!(changed.status < 300, "{}", changed.body);
    app.clock.advance_seconds(60);
    let second = make().await;
    app.clock.advance_seconds(364 * 86_400);
    assert_eq!(fetched(&second).await, 200);
    app.clock.advance_seconds(86_400);
    assert_eq!(fetched(&second).await, 404, "a year is the end");
}
