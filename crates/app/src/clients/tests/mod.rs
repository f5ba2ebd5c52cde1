//! Exports, merging, views, fields of the firm's own and sealing again, through HTTP as each role.

mod custom;
mod deeds;
mod exports;
mod holds;
mod lists;
mod merging;
mod repeats;
mod resealing;
mod views;

use serde_json::{Value, json};
use testkit::{Client, Reply, TestApp};

const MOBILE: &str = "13912345678";
const ACCOUNT: &str = "110912345610301234";
/// The example of the standard; nobody's.
const IDENTITY: &str = "11010519491231002X";

/// A valid credit code that belongs to nobody.
fn code(number: usize) -> String {
    fiscal::identifiers::uscc::complete(&format!("91990099MA{number:07}")).unwrap()
}

fn draft(name: &str) -> Value {
    json!({
        "fields": { "name": name, "legal_rep_name": "司马代表", "legal_rep_id_no": IDENTITY },
        "lists": {
            "contacts": [{ "name": "赵联络", "role": "出纳", "mobile": MOBILE }],
            "bank_accounts": [{ "bank": "示例银行", "account_no": ACCOUNT, "kind": "basic" }]
        }
    })
}

async fn made(by: &Client<'_>, body: Value) -> Reply {
    let reply = by.post("/clients", body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply
}

/// The entries of an action, newest first, as the auditor reads them.
async fn entries(test: &TestApp, action: &str) -> Vec<Value> {
    test.flush().await;
    let reply = test.as_auditor().await.get(&format!("/record?action={action}")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body["items"].as_array().unwrap().clone()
}
