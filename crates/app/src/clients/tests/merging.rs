//! Two archives of one client become one, and nothing is lost.

use serde_json::{Value, json};
use testkit::TestApp;

use super::{IDENTITY, MOBILE, code, draft, entries, made};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_unites_lists_tags_and_people_and_moves_what_is_sealed() {
    let test = TestApp::new().await;
    let (clerk, manager) = (test.as_clerk().await, test.as_role("client_manager").await);
    let principal = test.as_principal().await;
    let mut body = draft("示例衡器有限公司");
    body["fields"]["uscc"] = code(1).into();
    body["fields"]["short_name"] = "旧衡器".into();
    let from = made(&clerk, body).await.str("/id");
    let body = json!({
        "fields": { "name": "示例衡器有限责任公司", "short_name": "衡器" },
        "lists": { "contacts": [{ "name": "钱出纳", "mobile": "13712345678" }] }
    });
    let into = made(&manager, body).await.str("/id");
    for (id, tag) in [(&from, "重点"), (&into, "年检")] {
        let tags = json!({ "ids": [id], "op": "tag", "tags": [tag] });
        assert_eq!(principal.post("/clients/bulk", tags).await.body["done"], 1);
    }

    let pair = json!({ "from": from, "into": into });
    let compared = principal.post("/clients/merge/preview", pair).await;
    assert_eq!(compared.status, 200, "{}", compared.body);
    let field = |key: &str| -> Value {
        let all = compared.body["fields"].as_array().unwrap();
        all.iter().find(|field| field["field"] == key).unwrap().clone()
    };
    assert_eq!(
        (field("uscc")["kept"].clone(), field("name")["kept"].clone()),
        (json!("from"), json!("into"))
    );
    assert_eq!(field("short_name")["differs"], true);
    assert!(!compared.text().contains(IDENTITY) && !compared.text().contains(MOBILE));
    assert!(compared.body["conflicts"].as_array().unwrap().contains(&json!("lead")));

    let order = json!({
        "from": from, "into": into, "choices": { "short_name": "from" }, "why": "重复建档",
        "from_version": compared.body["from"]["version"],
        "into_version": compared.body["into"]["version"]
    });
    assert_eq!(clerk.post("/clients/merge", order.clone()).await.status, 403);
    let merged = principal.post("/clients/merge", order).await;
    assert_eq!(merged.status, 200, "{}", merged.body);
    assert_eq!(merged.str("/fields/uscc/value"), code(1));
    assert_eq!(merged.str("/fields/short_name/value"), "旧衡器");
    assert_eq!(merged.str("/name"), "示例衡器有限责任公司");
    assert_eq!(merged.body["lists"]["contacts"].as_array().unwrap().len(), 2);
    assert_eq!(merged.body["lists"]["bank_accounts"].as_array().unwrap().len(), 1);
    assert_eq!(merged.body["tags"], json!(["年检", "重点"]));
    assert_eq!(merged.str("/lead/name"), "柯经理");

    // Who had the one that went still sees the client, and the moved number still compares.
    assert_eq!(clerk.get(&format!("/clients/{into}")).await.status, 200);
    assert_eq!(principal.get(&format!("/clients/{from}")).await.status, 404);
    let verify = json!({ "field": "legal_rep_id_no", "value": IDENTITY });
    let path = format!("/clients/{into}/verify");
    assert_eq!(manager.post(&path, verify).await.body["match"], true);
    let found = principal.get(&format!("/clients?q={MOBILE}")).await;
    assert_eq!(found.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(found.str("/items/0/id"), into);
    let listed = principal.get("/clients").await;
    assert_eq!(listed.body["total"]["count"], 1);

    let old = principal.get(&format!("/clients/{into}/merged")).await;
    assert_eq!(old.str("/items/0/name"), "示例衡器有限公司");
    let versions = old.body["items"][0]["versions"].as_array().unwrap();
    assert_eq!((versions.len(), &versions[0]["source"]), (3, &json!("merge")));
    assert!(versions[0]["changes"].to_string().contains("联系人"), "{}", versions[0]);
    let done = entries(&test, "client.merge").await;
    let done: Vec<_> = done.iter().filter(|entry| entry["outcome"] == "done").collect();
    assert_eq!((done.len(), &done[0]["clients_count"]), (1, &json!(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_is_refused_when_the_comparison_is_stale_or_two_people_would_be_one() {
    let test = TestApp::new().await;
    let (clerk, principal) = (test.as_clerk().await, test.as_principal().await);
    let from = made(&clerk, json!({ "fields": { "name": "甲公司" } })).await.str("/id");
    let into = made(&principal, json!({ "fields": { "name": "乙公司" } })).await.str("/id");
    let reviewer = clerk.get("/me").await.str("/id");
    let assign = json!({ "reviewer": reviewer });
    assert_eq!(principal.post(&format!("/clients/{into}/assign"), assign).await.status, 204);
    let merge = |more: Value| {
        let mut order = json!({ "from": from, "into": into });
        order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        order
    };
    let stale = principal.post("/clients/merge", merge(json!({ "from_version": 7 }))).await;
    assert_eq!(stale.code(), "client.stale");
    let one = merge(json!({ "choices": { "lead": "from" } }));
    assert_eq!(principal.post("/clients/merge", one).await.code(), "client.same_person");
    let odd = merge(json!({ "choices": { "nothing": "from" } }));
    assert_eq!(principal.post("/clients/merge", odd).await.code(), "client.field_unknown");
    let itself = json!({ "from": into, "into": into });
    assert_eq!(principal.post("/clients/merge", itself).await.code(), "client.merge_itself");
    assert_eq!(principal.get(&format!("/clients/{from}")).await.status, 200);
}
