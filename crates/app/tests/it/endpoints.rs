//! Every operation of the API as nobody and as each role: which answer each gets is a reviewed
//! file, and each answer is checked against the record.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use app::identity::ROLES;
use serde_json::{Value, json};
use testkit::{Client, PASSWORD, Reply, TestApp};

use crate::openapi::operations;
use crate::record::{self, Call};
use crate::sample::{self, IDENTITY, checked_in, padded, request_of};

/// Operations that nobody tries here yet; this list may only shrink.
const UNTRIED: &[&str] = &[];

/// What can be called without being signed in.
const PUBLIC: &[&str] = &["create_session", "download_feed"];

/// Operations that would change what later ones find: they come last, in this order.
const LAST: [&str; 2] = ["renew_proof", "end_current_session"];

/// What is sent besides the address.
enum Sent {
    Nothing,
    Json(Value),
    File(&'static str, String),
}

/// Operations that are sent no body; every other one is named in [`sent`].
const BODYLESS: &[&str] = &[
    "approve_export",
    "approve_reset",
    "cancel_import",
    "create_feed",
    "delete_view",
    "disable_user",
    "download_feed",
    "download_import_errors",
    "download_import_template",
    "download_staff_template",
    "enable_user",
    "end_current_session",
    "end_session",
    "enroll_totp",
    "explain_access",
    "export_clients",
    "export_record",
    "find_similar_clients",
    "get_me",
    "get_user",
    "list_calendar_duties",
    "list_catalogue",
    "list_client_record",
    "list_clients",
    "list_departments",
    "list_export_requests",
    "list_fields",
    "list_import_notes",
    "list_imports",
    "list_keys",
    "list_merged",
    "list_outcomes",
    "list_record",
    "list_roles",
    "list_rules",
    "list_sessions",
    "list_settings",
    "list_statement_revisions",
    "list_statements",
    "list_tokens",
    "list_users",
    "list_versions",
    "list_views",
    "prove_record",
    "recycle_client",
    "refuse_export",
    "remove_department",
    "remove_item",
    "reset_user",
    "restore_client",
    "revoke_feed",
    "revoke_token",
    "rotate_keys",
    "run_import",
    "search_clients",
    "export_report_pdf",
    "export_report_xlsx",
    "list_guideposts",
    "show_accuracy",
    "show_analysis",
    "show_facts",
    "show_readiness",
    "show_shares",
    "show_calendar",
    "show_chart",
    "show_checkpoint",
    "show_due",
    "show_duty_counts",
    "show_feed",
    "show_overview",
    "take_export",
    "undo_import",
    "verify_record",
    "view_client",
    "view_import",
    "view_statement",
];

/// A small request for an operation; `None` when there is none here.
fn sent(operation: &str, number: usize, at: &Place) -> Option<Sent> {
    let id = |text: &str| text.to_owned();
    Some(match operation {
        "create_session" | "change_password" => Sent::Json(json!({})),
        "confirm_totp" => Sent::Json(json!({ "code": "000000" })),
        "create_token" => {
            Sent::Json(json!({ "name": "程序", "scope": ["read"], "expires_on": "2026-06-30" }))
        }
        "create_user" => {
            Sent::Json(json!({ "name": format!("new{number}"), "display_name": "新人" }))
        }
        "update_user" => Sent::Json(json!({ "display_name": "改名" })),
        "import_staff" => Sent::File("staff.csv", id("甲,乙\n1,2\n")),
        "create_department" => Sent::Json(json!({ "name": format!("新部门{number}") })),
        "update_department" => Sent::Json(json!({ "name": format!("改部门{number}") })),
        "create_client" => Sent::Json(json!({ "fields": { "name": format!("新客户{number}") } })),
        "bulk_clients" => Sent::Json(json!({ "ids": [at.client], "op": "tag", "tags": ["重点"] })),
        "update_client" => Sent::Json(json!({ "fields": { "short_name": "简称" }, "why": "补" })),
        "add_item" => Sent::Json(json!({ "fields": { "name": "王五" } })),
        "change_item" => Sent::Json(json!({ "fields": { "role": "经理" } })),
        "advance_client" => Sent::Json(json!({ "to": "onboarding" })),
        "assign_client" => Sent::Json(json!({ "reviewer": at.reviewer })),
        "hold_client" | "release_hold" | "remove_client" => Sent::Json(json!({ "why": "保全" })),
        "reveal_field" => Sent::Json(json!({ "field": "legal_rep_id_no", "purpose": "办理登记" })),
        "verify_identity" => Sent::Json(json!({ "field": "legal_rep_id_no", "value": IDENTITY })),
        "upload_import" => Sent::File("名单.csv", format!("企业名称\n导入公司{number}\n")),
        "preview_notice" | "import_notice" => {
            Sent::File("n.csv", id("month,deadline\n1,2027-01-18\n"))
        }
        "check_import" => Sent::Json(json!({ "mode": "create" })),
        "update_settings" => Sent::Json(json!({ "locale": "zh-CN" })),
        "confirm_recovery" => Sent::Json(json!({ "block": "AAAA" })),
        "renew_proof" => Sent::Json(json!({ "password": PASSWORD, "totp": at.code })),
        "define_field" => Sent::Json(json!({ "key": format!("custom.extra{number}"),
            "section": "basic", "kind": "text", "zh": format!("附加{number}"),
            "item": "registration" })),
        "save_view" => {
            Sent::Json(json!({ "name": format!("视图{number}"), "query": "stage=active" }))
        }
        "request_export" => Sent::Json(json!({ "purpose": "核对" })),
        "preview_merge" | "merge_clients" => {
            Sent::Json(json!({ "from": at.client, "into": at.other }))
        }
        "save_statement" => {
            let mut body = sample::statements(1);
            body["why"] = json!("补录");
            Sent::Json(body)
        }
        "upload_statements" => Sent::File("报表.csv", id(sample::SHEET)),
        "confirm_statements" => Sent::Json(json!({})),
        "advance_statement" => Sent::Json(json!({ "step": "submit" })),
        "add_exception" => Sent::Json(json!({ "rule": "BS-03", "why": "待查" })),
        "save_facts" => Sent::Json(json!({ "depreciation": 100 })),
        "change_guidepost" => Sent::Json(json!({ "ratio": "R01", "industry": "C",
            "guidepost": { "better": "lower", "good": 6000, "alarm": 7500 } })),
        "change_rule" => Sent::Json(json!({ "severity": "warning" })),
        _ if BODYLESS.contains(&operation) => Sent::Nothing,
        _ => return None,
    })
}

fn query(operation: &str) -> &'static str {
    match operation {
        "explain_access" => "?action=user.list",
        "show_facts" | "save_facts" => "?period=2026-04",
        "show_shares" => "?kind=balance_sheet",
        "export_report_pdf" | "export_report_xlsx" => "?period=2026-04&purpose=check",
        "find_similar_clients" => "?name=%E7%A4%BA%E4%BE%8B",
        "search_clients" => "?q=%E7%A4%BA%E4%BE%8B",
        "show_due" => "?tax=VAT_G&period=2026-09",
        "preview_notice" | "import_notice" => "?kind=deadlines&year=2027&source=x",
        "export_clients" | "export_record" => "?format=csv&purpose=check",
        _ => "",
    }
}

/// What a request is aimed at, made for it alone.
#[derive(Default)]
struct Place {
    client: String,
    other: String,
    item: String,
    thing: String,
    reviewer: String,
    code: String,
}

/// An id that nothing has.
const NOTHING: &str = "01900000-0000-7000-8000-000000000000";

async fn place(test: &TestApp, operation: &str, path: &str, number: usize) -> Place {
    let mut at = Place { thing: NOTHING.to_owned(), ..Place::default() };
    let named = matches!(operation, "bulk_clients" | "preview_merge" | "merge_clients");
    if path.starts_with("/api/clients/{id}") || named {
        let clerk = test.as_clerk().await;
        let made = sample::made(&clerk, &format!("示例{number}有限公司")).await;
        (at.client, at.item) = (made.str("/id"), made.str("/lists/contacts/0/id"));
        at.thing.clone_from(&at.client);
        if operation.contains("merge_") || operation.contains("_merge") {
            at.other = sample::made(&clerk, &format!("另一{number}有限公司")).await.str("/id");
        }
        if operation == "confirm_statements" {
            let path = format!("/clients/{}/statement-uploads", at.client);
            let taken = clerk.upload(&path, "报表.csv", sample::SHEET.as_bytes(), &[]).await;
            assert_eq!(taken.status, 201, "{}", taken.body);
            at.item = taken.str("/id");
        }
        if operation == "save_facts" {
            let path = format!("/clients/{}/analysis/facts?period=2026-04", at.client);
            assert_eq!(clerk.put(&path, json!({})).await.status, 200);
        }
        if ["/statements/", "/analysis", "/report."].iter().any(|part| path.contains(part)) {
            let path = format!("/clients/{}/statements/FS/2026-04", at.client);
            let saved = clerk.put(&path, sample::statements(1)).await;
            assert_eq!(saved.status, 201, "{}", saved.body);
            if operation == "add_exception" {
                let submit = json!({ "step": "submit" });
                let clerk = clerk.with("if-match", "\"v1\"");
                let submitted = clerk.post(&format!("{path}/steps"), submit).await;
                assert_eq!(submitted.status, 200, "{}", submitted.body);
            }
        }
    } else if path.starts_with("/api/imports/{id}") {
        let clerk = test.as_clerk().await;
        let text = format!("企业名称\n导入公司{number}\n");
        at.thing = clerk.upload("/imports", "a.csv", text.as_bytes(), &[]).await.str("/id");
    } else if path.starts_with("/api/users/{id}") {
        let body = json!({ "name": format!("someone{number}"), "display_name": "某人" });
        at.thing = test.as_sysadmin().await.post("/users", body).await.str("/user/id");
        if at.thing.is_empty() {
            let users = test.as_sysadmin().await.get(&format!("/users?q=someone{number}")).await;
            at.thing = users.str("/items/0/id");
        }
    } else if path.starts_with("/api/departments/{id}") {
        let body = json!({ "name": format!("部门{number}") });
        at.thing = test.as_sysadmin().await.post("/departments", body).await.str("/id");
    }
    if operation == "assign_client" {
        at.reviewer = sample::user_of(test, "reviewer").await;
    }
    assert!(!at.thing.is_empty(), "{operation}: nothing was made to aim at");
    at
}

fn aimed(path: &str, at: &Place) -> String {
    let path = path.strip_prefix("/api").unwrap();
    path.replace("{id}", &at.thing)
        .replace("{list}", "contacts")
        .replace("{item}", &at.item)
        .replace("{secret}", NOTHING)
        .replace("{kind}", "FS")
        .replace("{period}", "2026-04")
        .replace("{rule}", "BS-03")
}

async fn send(client: &Client<'_>, method: &str, path: &str, sent: Sent) -> Reply {
    let client = client.clone().with("if-match", "\"v1\"");
    match (method, sent) {
        ("GET", _) => client.get(path).await,
        ("DELETE", _) => client.delete(path).await,
        (_, Sent::File(name, text)) => client.upload(path, name, text.as_bytes(), &[]).await,
        ("POST", Sent::Json(body)) => client.post(path, body).await,
        ("POST", Sent::Nothing) => client.post(path, json!({})).await,
        ("PATCH", Sent::Json(body)) => client.patch(path, body).await,
        ("PUT", Sent::Json(body)) => client.put(path, body).await,
        (method, _) => panic!("{method} {path} is not sent here"),
    }
}

fn in_order() -> Vec<(String, String, String)> {
    let mut all = operations();
    all.sort_by_key(|(id, ..)| LAST.iter().position(|last| last == id).map_or(0, |at| at + 1));
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_operation_answers_each_role_as_reviewed_and_leaves_its_entry() {
    let test = TestApp::new().await;
    for role in ROLES {
        test.as_role(role.id).await;
    }
    let mut calls: Vec<Call> = Vec::new();
    let mut lines = Vec::new();
    let mut untried = BTreeSet::new();
    let mut number = 0;
    for (operation, method, path) in in_order() {
        if sent(&operation, 0, &Place::default()).is_none() {
            untried.insert(operation);
            continue;
        }
        let mut cells = Vec::new();
        let nobody = test.as_nobody();
        let at = Place { thing: NOTHING.to_owned(), item: NOTHING.to_owned(), ..Place::default() };
        let target = aimed(&path, &at) + query(&operation);
        let reply = send(&nobody, &method, &target, sent(&operation, 0, &at).unwrap()).await;
        let stranger = reply.status == 401 && reply.code() == "session.needed";
        assert_eq!(stranger, !PUBLIC.contains(&operation.as_str()), "{operation} to nobody");
        cells.push(reply.status.to_string());
        for role in ROLES {
            number += 1;
            let mut at = place(&test, &operation, &path, number).await;
            if operation == "renew_proof" {
                test.clock.advance_seconds(30);
                at.code = test.code();
            }
            let target = aimed(&path, &at) + query(&operation);
            let who = test.as_role(role.id).await;
            let reply = send(&who, &method, &target, sent(&operation, number, &at).unwrap()).await;
            cells.push(reply.status.to_string());
            let call = Call {
                what: format!("{operation} as {}", role.id),
                operation: operation.clone(),
                writes: method != "GET" && !record::READS.contains(&operation.as_str()),
                status: reply.status,
                code: reply.code().to_owned(),
                client: at.client.parse().ok(),
                request: request_of(&reply),
            };
            assert_a_problem_says_what_is_wrong(&call, &reply);
            record::assert_writes_are_there(&test, &call).await;
            calls.push(call);
        }
        lines.push((operation, method, path, cells));
    }
    test.flush().await;
    record::assert_all_left_their_entries(&test, &calls).await;
    lines.sort();
    checked_in("tests/it/endpoints.txt", &table(&lines));
    let listed: BTreeSet<String> = UNTRIED.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(untried, listed, "an operation is tried here, or on the list that only shrinks");
}

fn assert_a_problem_says_what_is_wrong(call: &Call, reply: &Reply) {
    if reply.status < 400 {
        return;
    }
    let what = &call.what;
    assert!(reply.status < 500, "{what}: {} {}", reply.status, reply.body);
    assert_eq!(reply.headers["content-type"], "application/problem+json", "{what}");
    assert!(!reply.code().is_empty() && !reply.str("/detail").is_empty(), "{what}");
    assert!(!reply.str("/detail_en").is_empty(), "{what}");
    assert_eq!(reply.str("/request_id"), call.request, "{what}");
}

fn table(lines: &[(String, String, String, Vec<String>)]) -> String {
    let mut text = String::from(
        "The answer to each operation, by role. The client belongs to the accountant and to the\n\
         first department, which is also that of principal, supervisor, reviewer and tax_adviser.\n\
         UPDATE=1 writes this file anew; review what changed.\n\n",
    );
    text.push_str(&padded("", 26));
    text.push_str("nobody ");
    let names: Vec<String> = ROLES.iter().map(|role| padded(role.id, role.id.len() + 1)).collect();
    writeln!(text, "{}", names.concat().trim_end()).unwrap();
    for (operation, method, path, cells) in lines {
        let widths = std::iter::once(7).chain(ROLES.iter().map(|role| role.id.len() + 1));
        let cells: String =
            cells.iter().zip(widths).map(|(cell, width)| padded(cell, width)).collect();
        writeln!(text, "{}{cells}{method} {path}", padded(operation, 26)).unwrap();
    }
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_write_is_taken_from_another_site() {
    let test = TestApp::new().await;
    let principal = test.as_principal().await;
    let at = Place { thing: NOTHING.to_owned(), item: NOTHING.to_owned(), ..Place::default() };
    for (operation, method, path) in operations() {
        if method == "GET" {
            continue;
        }
        let Some(_) = sent(&operation, 0, &at) else { continue };
        for cross in [
            principal.clone().without("x-heng-csrf"),
            principal.clone().with("sec-fetch-site", "cross-site"),
            principal.clone().with("sec-fetch-site", "same-site"),
            principal.clone().with("origin", "https://elsewhere.test"),
        ] {
            let body = sent(&operation, 0, &at).unwrap();
            let reply = send(&cross, &method, &aimed(&path, &at), body).await;
            assert_eq!((reply.status, reply.code()), (403, "csrf"), "{operation}");
        }
    }
    let same = principal.clone().with("sec-fetch-site", "same-origin");
    assert_ne!(same.post("/clients/bulk", json!({ "ids": [], "op": "tag" })).await.code(), "csrf");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_a_problem_like_any_other() {
    let test = TestApp::new().await;
    let principal = test.as_principal().await;
    let at = Place { thing: NOTHING.to_owned(), item: NOTHING.to_owned(), ..Place::default() };
    let mut wrong = Vec::new();
    let mut check = |what: String, reply: &Reply, statuses: &[u16]| {
        let kind = reply.headers.get("content-type").and_then(|kind| kind.to_str().ok());
        let problem = kind == Some("application/problem+json") && !reply.code().is_empty();
        if !problem || !statuses.contains(&reply.status) {
            wrong.push(format!("{what}: {} {kind:?} {}", reply.status, reply.text()));
        }
    };
    for (operation, method, path) in operations() {
        let Some(Sent::Json(_)) = sent(&operation, 0, &at) else { continue };
        let body = Sent::Json(json!(["not", 1, "object"]));
        let reply = send(&principal, &method, &aimed(&path, &at), body).await;
        check(operation, &reply, &[422, 403, 404]);
    }
    for address in ["/clients?limit=many", "/search", "/record?limit=many", "/users?limit=many"] {
        check(address.to_owned(), &principal.get(address).await, &[422, 403]);
    }
    for address in ["/clients/1", "/clients/C000001", "/imports/x", "/users/x", "/nowhere"] {
        check(address.to_owned(), &principal.get(address).await, &[404]);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
