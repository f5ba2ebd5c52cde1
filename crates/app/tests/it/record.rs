//! What is done and what is shown leaves its entry; what is in clear stays where it belongs.

use std::path::Path;

use serde_json::json;
use testkit::{START, TestApp};
use trust::database::Dialect;
use trust::record::{Body, Outcome};
use values::ClientId;

use crate::sample::{
    self, ACCOUNT, EMAIL, IDENTITY, LEGAL_REP, PHONE, SEALED, encoded, entries, keep_log, logged,
    look, request_of,
};

/// An operation that was called, and how it ended.
pub(crate) struct Call {
    pub(crate) what: String,
    pub(crate) operation: String,
    pub(crate) writes: bool,
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) client: Option<ClientId>,
    pub(crate) request: String,
}

impl Call {
    const fn done(&self) -> bool {
        self.status < 300
    }
}

/// Reads of what is about nobody: lists of names that every form needs, empty forms, the caller's
/// own account.
const NOT_RECORDED: &[&str] = &[
    "download_import_template",
    "download_staff_template",
    "get_me",
    "list_departments",
    "list_roles",
];

/// What is sent as a write and only looks.
pub(crate) const READS: &[&str] = &["preview_merge", "preview_notice", "verify_record"];

/// The gate keeps sessions alive under the same request; that is not what the request did.
fn of_the_request(call: &Call, entry: &Body) -> bool {
    call.operation == "create_session" || entry.action != "session.open"
}

/// A write that was done has one entry, and has it at once: it came with the change itself. One
/// that was refused has none.
pub(crate) async fn assert_writes_are_there(test: &TestApp, call: &Call) {
    if !call.writes {
        return;
    }
    let entries = entries(test, Some(&call.request)).await;
    let done: Vec<&Body> = entries
        .iter()
        .filter(|entry| entry.outcome == Outcome::Done && of_the_request(call, entry))
        .collect();
    let what = &call.what;
    // A bulk action may have failed for each client.
    let for_none = call.operation == "bulk_clients" && done.is_empty();
    // What runs on in the background puts its own entries under the request that began it.
    let goes_on = matches!(call.operation.as_str(), "check_import" | "run_import" | "rotate_keys");
    let expected = usize::from(call.done());
    if !(for_none || goes_on && call.done() && !done.is_empty()) {
        assert_eq!(done.len(), expected, "{what} ({} {}): {done:?}", call.status, call.code);
    }
    if let (Some(client), Some(entry)) = (call.client, done.first()) {
        assert!(entry.clients.contains(&client), "{what} does not name its client");
    }
}

/// After everything was written: what was shown is there with the client, and what was refused.
pub(crate) async fn assert_all_left_their_entries(test: &TestApp, calls: &[Call]) {
    let all = entries(test, None).await;
    let mut missing = Vec::new();
    for call in calls {
        let mine: Vec<&Body> = all.iter().filter(|entry| entry.request == call.request).collect();
        let has = |outcome: Outcome| {
            mine.iter().any(|entry| {
                let named = call.client.is_none_or(|id| entry.clients.contains(&id));
                entry.outcome == outcome && named && of_the_request(call, entry)
            })
        };
        let listed = NOT_RECORDED.contains(&call.operation.as_str());
        // An export is evidence of its own, there before the first byte leaves.
        let there = has(Outcome::Shown) || has(Outcome::Done);
        if !call.writes && call.done() && there == listed {
            let entry = if listed { "an unexpected entry" } else { "no entry of being shown" };
            missing.push(format!("{}: {entry}", call.what));
        }
        let hidden = call.status == 404 && call.client.is_some();
        if (call.code.starts_with("denied.") || hidden) && !has(Outcome::Denied) {
            missing.push(format!("{}: {} without an entry", call.what, call.code));
        }
        if call.code.starts_with("denied.") {
            let codes: Vec<&str> = mine.iter().map(|entry| entry.refusal.as_str()).collect();
            assert!(codes.contains(&call.code.as_str()), "{}: {codes:?}", call.what);
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

/// A day's work with a client: made, looked at, searched for, changed, verified, revealed.
async fn work(test: &TestApp) {
    let adviser = test.as_role("tax_adviser").await;
    let made = sample::made(&adviser, "示例衡器有限公司").await;
    let id = made.str("/id");
    let contact = made.str("/lists/contacts/0/id");
    for q in [PHONE, "5678", ACCOUNT, "示例"] {
        for path in ["/clients", "/search"] {
            let found = adviser.get(&format!("{path}?q={}", encoded(q))).await;
            assert_eq!(found.status, 200, "{}", found.body);
        }
    }
    let item = format!("/clients/{id}/lists/contacts/{contact}");
    let edit = json!({ "fields": { "mobile": "13987654321" }, "why": "换号" });
    assert_eq!(adviser.clone().with("if-match", "\"v1\"").patch(&item, edit).await.status, 200);
    let back = json!({ "fields": { "mobile": PHONE, "email": EMAIL } });
    assert_eq!(adviser.clone().with("if-match", "\"v2\"").patch(&item, back).await.status, 200);
    let wrong = json!({ "fields": { "legal_rep_id_no": "110105194912310021" } });
    let page = format!("/clients/{id}");
    let refused = adviser.clone().with("if-match", "\"v3\"").patch(&page, wrong).await;
    assert_eq!(refused.status, 422);
    for part in ["", "/versions", "/record"] {
        assert_eq!(adviser.get(&format!("{page}{part}")).await.status, 200);
    }
    let verify = json!({ "field": "legal_rep_id_no", "value": IDENTITY });
    assert_eq!(adviser.post(&format!("{page}/verify"), verify).await.body["match"], true);
    let reveals = [
        json!({ "field": "legal_rep_id_no", "purpose": "办理登记" }),
        json!({ "field": "contacts.mobile", "item": contact, "purpose": "回访" }),
    ];
    for reveal in reveals {
        let shown = adviser.post(&format!("{page}/reveal"), reveal).await;
        assert_eq!(shown.status, 200, "{}", shown.body);
        assert!([IDENTITY, PHONE].contains(&shown.str("/value").as_str()));
    }
    let file =
        format!("企业名称,法人身份证号,联系人,联系电话\n导入公司,{IDENTITY},赵联络,{PHONE}\n");
    let uploaded = adviser.upload("/imports", "名单.csv", file.as_bytes(), &[]).await;
    assert_eq!(uploaded.status, 201, "{}", uploaded.body);
    let stranger = test.as_role("client_manager").await;
    assert_eq!(stranger.get(&page).await.status, 404);
    test.flush().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_value_reaches_the_record_or_the_log() {
    keep_log();
    let test = TestApp::new().await;
    work(&test).await;
    let all = entries(&test, None).await;
    assert!(all.len() > 15);
    let log = logged();
    let names = [LEGAL_REP, "示例衡器", "13987654321", "110105194912310021"];
    for value in SEALED.iter().chain(&names) {
        for entry in &all {
            let body = entry.canonical().unwrap();
            assert!(!body.contains(value), "{value} is in the record: {body}");
        }
        let line = log.lines().find(|line| line.contains(value));
        assert!(line.is_none(), "{value} was logged: {line:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_sealed_stands_in_clear_in_what_is_stored() {
    let test = TestApp::new().await;
    work(&test).await;
    for value in SEALED.iter().chain(&["13987654321"]) {
        for (place, bytes) in stored(&test).await {
            let found = bytes.windows(value.len()).any(|part| part == value.as_bytes());
            assert!(!found, "{value} stands in clear in {place}");
        }
    }
    let (_, all) = stored(&test).await.swap_remove(0);
    let name = "示例衡器".as_bytes();
    assert!(all.windows(name.len()).any(|part| part == name), "the search itself finds nothing");
}

/// Everything that is stored: the files beside the store, and the tables where they are elsewhere.
async fn stored(test: &TestApp) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let mut reader = look(test).await;
    if reader.dialect() == Dialect::Postgres {
        let mut tables: Vec<String> =
            test.app.db.columns().await.unwrap().into_iter().map(|(table, _)| table).collect();
        tables.dedup();
        let mut text = Vec::new();
        for table in tables {
            let sql: &'static str = format!("SELECT CAST(t AS TEXT) FROM \"{table}\" AS t").leak();
            for row in reader.rows(sql, &[]).await.unwrap() {
                text.extend(row.text(0).unwrap().into_bytes());
            }
        }
        all.push(("the tables".to_owned(), text));
    } else {
        let mut text = Vec::new();
        for name in ["heng.db", "heng.db-wal"] {
            text.extend(std::fs::read(test.store().folder().join(name)).unwrap());
        }
        all.push(("heng.db".to_owned(), text));
    }
    files(test.store().folder(), &mut all);
    all
}

fn files(folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_names_just_the_clients_that_it_showed() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let other = test.as_role("client_manager").await;
    let mut ids = Vec::new();
    for name in ["示例甲公司", "示例乙公司", "示例丙公司"] {
        ids.push(sample::made(&clerk, name).await.str("/id").parse::<ClientId>().unwrap());
    }
    sample::made(&other, "示例丁公司").await;
    let page = clerk.get("/clients?limit=2&sort=name").await;
    let hits = clerk.get(&format!("/search?q={}", encoded("示例丙"))).await;
    test.flush().await;
    let shown = |request: String| {
        let test = &test;
        async move {
            let entries = entries(test, Some(&request)).await;
            let [entry] = entries.as_slice() else { panic!("{entries:?}") };
            assert_eq!((entry.outcome, entry.at), (Outcome::Shown, START));
            assert_eq!(entry.action, "client.list");
            entry.clients.clone()
        }
    };
    let mut named: Vec<String> = Vec::new();
    for row in page.body["items"].as_array().unwrap() {
        named.push(row["id"].as_str().unwrap().to_owned());
    }
    let mut listed: Vec<String> =
        shown(request_of(&page)).await.iter().map(ToString::to_string).collect();
    named.sort();
    listed.sort();
    assert_eq!(listed, named);
    assert_eq!(named.len(), 2);
    assert_eq!(shown(request_of(&hits)).await, [ids[2]]);
}
