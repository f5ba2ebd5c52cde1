//! Lists: every sort, page after page, and what a typed text finds.

use std::collections::BTreeSet;

use serde_json::json;
use testkit::TestApp;

use super::{code, made};

const SORTS: [&str; 14] = [
    "name",
    "code",
    "short_name",
    "uscc",
    "stage",
    "taxpayer_kind",
    "industry",
    "size",
    "registered_capital_fen",
    "registered_on",
    "region",
    "completeness",
    "findings",
    "updated_at",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_sort_shows_every_client_once_page_after_page() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    for number in 0..7 {
        let mut fields = json!({ "name": format!("青禾示例{number}号有限公司") });
        // Some have no value to sort by, and two have the same.
        if number % 3 != 0 {
            fields["uscc"] = code(number).into();
            fields["short_name"] = format!("青禾{}", number / 2).into();
            fields["registered_capital_fen"] = format!("{}万元", 100 * (number / 2)).into();
            fields["registered_on"] = format!("2020-01-0{}", 1 + number / 2).into();
        }
        made(&clerk, json!({ "fields": fields })).await;
    }
    for sort in SORTS {
        for direction in ["", "-"] {
            let base = format!("/clients?sort={direction}{sort}&limit=2");
            let (mut path, mut seen) = (base.clone(), Vec::new());
            loop {
                let page = clerk.get(&path).await;
                assert_eq!(page.status, 200, "{sort}: {}", page.body);
                assert_eq!(page.body["total"], json!({ "count": 7, "capped": false }));
                let items = page.body["items"].as_array().unwrap();
                seen.extend(items.iter().map(|item| item["code"].as_str().unwrap().to_owned()));
                let Some(next) = page.body["next"].as_str() else { break };
                path = format!("{base}&cursor={next}");
            }
            assert_eq!(seen.len(), 7, "{direction}{sort}: {seen:?}");
            assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 7, "{direction}{sort}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_without_a_value_come_before_those_with_one() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    for (name, day) in [("甲示例公司", Some("2021-05-06")), ("乙示例公司", None)] {
        let fields = json!({ "fields": { "name": name, "registered_on": day } });
        made(&clerk, fields).await;
    }
    for (sort, first) in [("registered_on", "乙示例公司"), ("-registered_on", "甲示例公司")]
    {
        let page = clerk.get(&format!("/clients?sort={sort}")).await;
        assert_eq!(page.str("/items/0/name"), first, "{sort}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_is_found_in_several_ways_is_shown_once() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let uscc = code(3);
    // The name begins as the credit code does, so that both find it.
    let name = format!("{}示例公司", &uscc[..6]);
    let client = made(&clerk, json!({ "fields": { "name": name, "uscc": uscc } })).await;
    made(&clerk, json!({ "fields": { "name": "别的示例公司" } })).await;
    for text in [uscc[..6].to_owned(), client.str("/code")] {
        let page = clerk.get(&format!("/clients?q={text}")).await;
        assert_eq!(page.body["items"].as_array().unwrap().len(), 1, "{text}: {}", page.body);
        assert_eq!(page.str("/items/0/name"), name);
    }
}
