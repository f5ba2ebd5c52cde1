//! What leaves the house, and on whose word.

use documents::{Limits, Workbook};
use serde_json::json;
use testkit::{Client, Reply, TestApp};

use super::{ACCOUNT, IDENTITY, MOBILE, draft, entries, made};

const PURPOSE: &str = "purpose=%E5%B9%B4%E6%A3%80";

fn lines(reply: &Reply) -> Vec<Vec<String>> {
    let mut book: Workbook = documents::open(reply.bytes.clone(), &Limits::default()).unwrap();
    let table = book.table().unwrap();
    let width = table.header.len();
    let mut all = vec![table.header.clone()];
    for row in book.rows(&table).unwrap() {
        let row = row.unwrap();
        all.push((0..width).map(|index| row.text(index).into_owned()).collect());
    }
    all
}

async fn exported(by: &Client<'_>, query: &str) -> Reply {
    let reply = by.get(&format!("/exports/clients?{PURPOSE}&{query}")).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.body);
    reply
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_without_a_purpose_is_refused_and_the_refusal_is_on_record() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    made(&clerk, draft("示例衡器有限公司")).await;
    for query in ["", "?purpose=", "?purpose=%20"] {
        let refused = clerk.get(&format!("/exports/clients{query}")).await;
        assert_eq!((refused.status, refused.code()), (403, "denied.purpose"), "{query}");
    }
    let outcomes = entries(&test, "client.export").await;
    assert_eq!(outcomes.len(), 3);
    assert!(outcomes.iter().all(|entry| entry["outcome"] == "denied"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_holds_the_callers_own_rows_masked_and_is_one_entry() {
    let test = TestApp::new().await;
    let (clerk, other) = (test.as_clerk().await, test.as_role("client_manager").await);
    let own = made(&clerk, draft("示例衡器有限公司")).await;
    made(&other, draft("旁人客户有限公司")).await;
    let columns = "columns=name,legal_rep_name,contacts.name,contacts.mobile,\
                   bank_accounts.account_no,lead";
    for format in ["csv", "xlsx"] {
        let file = exported(&clerk, &format!("format={format}&{columns}")).await;
        let rows = lines(&file);
        let row = rows.iter().find(|row| row[0] == "示例衡器有限公司").unwrap();
        assert!(!rows.concat().contains(&"旁人客户有限公司".to_owned()));
        assert!(row[1].starts_with('司') && !row[1].contains("马代表"), "{row:?}");
        assert!(row[2].starts_with('赵') && !row[2].contains("联络"), "{row:?}");
        assert!(row[3].starts_with("139") && row[3].contains('*'), "{row:?}");
        assert!(row[4].ends_with("1234") && row[4].contains('*'), "{row:?}");
        assert_eq!(row[5], "匡计");
        let name = file.headers["content-disposition"].to_str().unwrap();
        assert!(name.starts_with("attachment; filename=\"clients-"), "{name}");
        assert!(name.contains("filename*=UTF-8''%E5%AE%A2"), "{name}");
        // Who took it, when and by which number stands in the first line of either kind.
        assert_eq!(format == "csv", file.bytes.starts_with("\u{FEFF}匡计 20".as_bytes()));
    }
    let done = entries(&test, "client.export").await;
    assert_eq!(done.len(), 2, "{done:?}");
    assert_eq!((&done[0]["outcome"], &done[0]["clients_count"]), (&json!("done"), &json!(1)));
    assert_eq!(done[0]["purpose"], "年检");
    let quality = test.as_role("quality").await;
    assert_eq!(quality.get(&format!("/exports/clients?{PURPOSE}")).await.status, 403);
    let picked = exported(&clerk, &format!("format=csv&ids={}", own.str("/id"))).await;
    assert_eq!(lines(&picked).len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn capital_in_another_currency_is_not_exported_as_yuan() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let fields = json!({ "name": "示例外资有限公司", "registered_capital_fen": "300万美元" });
    let client = made(&clerk, json!({ "fields": fields })).await;
    assert_eq!(client.body["fields"]["capital_currency"]["value"], "USD", "{}", client.body);
    let listed = clerk.get("/clients").await;
    assert_eq!(listed.body["items"][0]["capital_currency"], "USD", "{}", listed.body);
    for format in ["csv", "xlsx"] {
        let query = format!("format={format}&columns=name,registered_capital_fen");
        let rows = lines(&exported(&clerk, &query).await);
        assert_eq!(rows[1], ["示例外资有限公司", "USD 3000000.00"], "{format}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_cell_of_an_export_is_a_formula_and_no_identity_number_leaves() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let evil = "=HYPERLINK(\"http://example.com\",\"点我\")";
    made(&clerk, json!({ "fields": { "name": "示例", "short_name": evil } })).await;
    let csv = exported(&clerk, "format=csv&columns=name,short_name").await;
    assert!(!csv.text().contains(",=") && !csv.text().contains("\"=HYPER"), "{}", csv.text());
    assert!(csv.text().contains("'=HYPER"), "{}", csv.text());
    let xlsx = exported(&clerk, "columns=name,short_name").await;
    let rows = lines(&xlsx);
    assert!(rows.concat().iter().any(|cell| cell == evil), "a text stays a text: {rows:?}");
    for column in ["legal_rep_id_no", "shareholders.id_no", "guarantors.id_no"] {
        let path = format!("/exports/clients?{PURPOSE}&columns=name,{column}");
        let refused = clerk.get(&path).await;
        assert_eq!((refused.status, refused.code()), (422, "export.identity"), "{column}");
    }
    let unknown = clerk.get(&format!("/exports/clients?{PURPOSE}&columns=secret")).await;
    assert_eq!(unknown.code(), "export.column_unknown");
}

async fn asked(by: &Client<'_>) -> String {
    let body = json!({ "filters": {}, "purpose": "移交档案" });
    let request = by.post("/exports/unmasked", body).await;
    assert_eq!((request.status, request.str("/state").as_str()), (201, "pending"));
    request.str("/id")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unmasked_export_needs_a_second_person_and_is_taken_once() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    made(&clerk, draft("示例衡器有限公司")).await;
    let (principal, supervisor) = (test.as_principal().await, test.as_supervisor().await);
    let order = json!({ "filters": {}, "purpose": "移交档案" });
    assert_eq!(clerk.post("/exports/unmasked", order.clone()).await.status, 403);
    assert_eq!(supervisor.post("/exports/unmasked", order).await.status, 403);
    let none = principal.post("/exports/unmasked", json!({ "filters": {} })).await;
    assert_eq!((none.status, none.code()), (403, "denied.purpose"));

    let id = asked(&principal).await;
    let (file, approve) =
        (format!("/exports/unmasked/{id}/file"), format!("/exports/unmasked/{id}/approve"));
    assert_eq!(principal.get(&file).await.code(), "export.pending");
    let own = principal.post(&approve, json!({})).await;
    assert_eq!((own.status, own.code()), (403, "export.own_request"));
    assert_eq!(clerk.post(&approve, json!({})).await.status, 403);
    let waiting = supervisor.get("/exports/unmasked").await;
    assert_eq!(waiting.body["items"][0]["may_decide"], true, "{}", waiting.body);
    assert_eq!(supervisor.post(&approve, json!({})).await.status, 200);
    assert_eq!(supervisor.post(&approve, json!({})).await.code(), "export.decided");
    assert_eq!(clerk.get(&file).await.status, 403);

    let taken = principal.get(&format!("{file}?format=csv")).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    let text = taken.text();
    assert!(text.contains(MOBILE) && text.contains(ACCOUNT) && text.contains("司马代表"), "{text}");
    assert!(!text.contains(IDENTITY));
    assert_eq!(principal.get(&file).await.code(), "export.taken");
    let done = entries(&test, "client.export_unmasked").await;
    let named: Vec<_> = done.iter().filter(|entry| entry["outcome"] == "done").collect();
    assert_eq!(named.len(), 1, "{done:?}");
    assert_eq!((&named[0]["clients_count"], &named[0]["purpose"]), (&json!(1), &json!("移交档案")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approval_lasts_a_day_and_a_refusal_opens_nothing() {
    let test = TestApp::new().await;
    made(&test.as_clerk().await, draft("示例衡器有限公司")).await;
    let (late, refused) =
        (asked(&test.as_principal().await).await, asked(&test.as_principal().await).await);
    let supervisor = test.as_supervisor().await;
    let decide = |id: &str, what: &str| format!("/exports/unmasked/{id}/{what}");
    assert_eq!(supervisor.post(&decide(&late, "approve"), json!({})).await.status, 200);
    assert_eq!(supervisor.post(&decide(&refused, "refuse"), json!({})).await.status, 200);
    test.clock.advance_seconds(24 * 3600);
    test.forget_sessions();
    let principal = test.as_principal().await;
    assert_eq!(principal.get(&decide(&late, "file")).await.code(), "export.expired");
    assert_eq!(principal.get(&decide(&refused, "file")).await.code(), "export.refused");
    let listed = principal.get("/exports/unmasked").await;
    assert!(listed.body["items"].as_array().unwrap().iter().all(|one| one["may_take"] == false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_enters_the_filter_after_approval_is_not_exported() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    made(&clerk, draft("示例衡器有限公司")).await;
    let left = made(&clerk, draft("示例离去有限公司")).await;
    let id = asked(&test.as_principal().await).await;
    let supervisor = test.as_supervisor().await;
    let waiting = supervisor.get("/exports/unmasked").await;
    assert_eq!(waiting.body["items"][0]["clients"], 2, "the approver sees how many");
    let approve = format!("/exports/unmasked/{id}/approve");
    assert_eq!(supervisor.post(&approve, json!({})).await.status, 200);
    made(&clerk, draft("示例后到有限公司")).await;
    let recycled = supervisor.delete(&format!("/clients/{}", left.str("/id"))).await;
    assert!(recycled.status < 300, "{}", recycled.body);

    let principal = test.as_principal().await;
    let taken = principal.get(&format!("/exports/unmasked/{id}/file?format=csv")).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    let text = taken.text();
    assert!(text.contains("示例衡器有限公司"), "{text}");
    assert!(!text.contains("示例后到有限公司") && !text.contains("示例离去有限公司"), "{text}");
    let done = entries(&test, "client.export_unmasked").await;
    let named: Vec<_> = done.iter().filter(|entry| entry["outcome"] == "done").collect();
    assert_eq!(named[0]["clients_count"], 1);
}
