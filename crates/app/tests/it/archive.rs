//! The archive as people use it, through HTTP, as the roles of the firm.

use serde_json::{Value, json};
use testkit::{Client, PASSWORD, Reply, TestApp};
use trust::record::Outcome;
use values::ClientId;

use crate::sample::{
    self, ACCOUNT, CONTACT, IDENTITY, PHONE, encoded, entries, keep_log, logged, look, made,
    request_of, tamper, user_of,
};

async fn edited(by: &Client<'_>, id: &str, seen: &str, fields: Value, why: &str) -> Reply {
    let body = json!({ "fields": fields, "why": why });
    by.clone().with("if-match", seen).patch(&format!("/clients/{id}"), body).await
}

/// The names that a list gives.
async fn names(by: &Client<'_>, query: &str) -> Vec<String> {
    let page = by.get(&format!("/clients?sort=name&{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.body);
    let items = page.body["items"].as_array().unwrap();
    items.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_of_two_editors_learns_what_the_first_changed_and_every_version_stays() {
    let test = TestApp::new().await;
    let (clerk, supervisor) = (test.as_clerk().await, test.as_supervisor().await);
    let client = made(&clerk, "示例衡器有限公司").await;
    let id = client.str("/id");
    assert_eq!((client.etag().as_str(), client.str("/stage").as_str()), ("\"v1\"", "prospect"));
    let first = edited(&clerk, &id, "\"v1\"", json!({ "short_name": "衡器" }), "补简称").await;
    assert_eq!((first.status, first.etag().as_str()), (200, "\"v2\""), "{}", first.body);

    let late = edited(&supervisor, &id, "\"v1\"", json!({ "city": "苏州" }), "").await;
    assert_eq!((late.status, late.code()), (412, "client.stale"));
    assert_eq!(late.body["current_version"], 2);
    let changed = &late.body["changed"];
    assert_eq!(changed.as_array().unwrap().len(), 1);
    assert_eq!((&changed[0]["field"], &changed[0]["by"]), (&json!("short_name"), &json!("匡计")));
    let blind = clerk.patch(&format!("/clients/{id}"), json!({ "fields": {} })).await;
    assert_eq!(blind.code(), "client.version_needed");
    let current = supervisor.get(&format!("/clients/{id}")).await;
    assert_eq!(current.body["fields"]["city"], Value::Null, "a stale edit left something");

    test.clock.advance_seconds(20 * 60);
    for role in ["accountant", "supervisor"] {
        test.as_role(role).await.get("/me").await;
    }
    let seen = current.etag();
    let again = edited(&supervisor, &id, &seen, json!({ "short_name": "新衡器" }), "更名").await;
    assert_eq!(again.status, 200, "{}", again.body);
    let versions = clerk.get(&format!("/clients/{id}/versions")).await;
    let versions = versions.body.as_array().unwrap();
    let told: Vec<(i64, &str, &str)> = versions
        .iter()
        .map(|v| {
            (v["version"].as_i64().unwrap(), v["by"].as_str().unwrap(), v["why"].as_str().unwrap())
        })
        .collect();
    assert_eq!(told, [(3, "李主管", "更名"), (2, "匡计", "补简称"), (1, "匡计", "新客户")]);
    let change = &versions[0]["changes"][0];
    assert_eq!(change["field"], "short_name");
    assert_eq!((&change["before"], &change["after"]), (&json!("衡器"), &json!("新衡器")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_archive_can_be_seen_as_it_was_on_a_day() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let client = made(&clerk, "示例衡器有限公司").await;
    let id = client.str("/id");
    edited(&clerk, &id, "\"v1\"", json!({ "short_name": "旧名" }), "").await;
    test.clock.advance_seconds(2 * 24 * 3600);
    test.forget_sessions();
    let clerk = test.as_clerk().await;
    let contact = client.str("/lists/contacts/0/id");
    edited(&clerk, &id, "\"v2\"", json!({ "short_name": "新名", "city": "苏州" }), "").await;
    let item = format!("/clients/{id}/lists/contacts/{contact}");
    let gone = clerk.clone().with("if-match", "\"v3\"").delete(&item).await;
    assert_eq!((gone.status, gone.etag().as_str()), (200, "\"v4\""), "{}", gone.body);

    let on = |day: &'static str| {
        let (clerk, id) = (&clerk, &id);
        async move { clerk.get(&format!("/clients/{id}?as_of={day}")).await }
    };
    let then = on("2026-06-02").await;
    assert_eq!(then.body["fields"]["short_name"]["value"], "旧名");
    assert_eq!(then.body["fields"]["city"], Value::Null);
    let contact = &then.body["lists"]["contacts"][0]["fields"];
    assert_eq!(contact["name"]["value"], CONTACT);
    assert_eq!(contact["mobile"]["value"], "139****5678");
    assert_eq!((then.body["version"].as_i64(), then.str("/as_of")), (Some(2), "2026-06-02".into()));
    let now = on("2026-06-03").await;
    assert_eq!(now.body["fields"]["short_name"]["value"], "新名");
    assert_eq!(now.body["lists"]["contacts"], Value::Null);
    assert_eq!(on("2026-05-31").await.status, 404);
}

/// An answer without what differs from request to request.
fn bare(reply: &Reply) -> Value {
    let mut body = reply.body.clone();
    body.as_object_mut().unwrap().remove("request_id");
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_sees_only_own_clients_and_cannot_tell_others_from_none() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let manager = test.as_role("client_manager").await;
    let own = made(&clerk, "示例甲有限公司").await.str("/id");
    let other = made(&manager, "示例乙有限公司").await;
    let (other_id, other_code) = (other.str("/id"), other.str("/code"));

    assert_eq!(names(&clerk, "").await, ["示例甲有限公司"]);
    let page = clerk.get("/clients?count=exact").await;
    assert_eq!(page.body["total"], json!({ "count": 1, "capped": false }));
    for text in ["示例", "slyy", "乙", &other_code, PHONE, "5678"] {
        let hits = clerk.get(&format!("/search?q={}", encoded(text))).await;
        let found = hits.body["clients"].as_array().unwrap();
        let alien = found.iter().any(|hit| hit["id"] == json!(other_id));
        assert!(!alien, "{text} finds another's client");
        assert!(
            !names(&clerk, &format!("q={}", encoded(text))).await.iter().any(|n| n.contains('乙'))
        );
    }
    let nothing = "01900000-0000-7000-8000-000000000000";
    for part in ["", "/versions", "/record"] {
        let hidden = clerk.get(&format!("/clients/{other_id}{part}")).await;
        let absent = clerk.get(&format!("/clients/{nothing}{part}")).await;
        assert_eq!((hidden.status, absent.status), (404, 404), "{part}");
        assert_eq!(bare(&hidden), bare(&absent), "{part}");
    }
    let hidden = edited(&clerk, &other_id, "\"v1\"", json!({ "city": "苏州" }), "").await;
    let absent = edited(&clerk, nothing, "\"v1\"", json!({ "city": "苏州" }), "").await;
    assert_eq!((hidden.status, bare(&hidden)), (404, bare(&absent)));
    let similar = clerk.get(&format!("/clients/similar?name={}", encoded("示例乙有限公司"))).await;
    assert_eq!(similar.body, json!([{ "name": "示例乙有限公司", "owner": "柯经理" }]));

    assert_eq!(names(&test.as_supervisor().await, "").await, ["示例甲有限公司"]);
    assert_eq!(names(&test.as_principal().await, "").await.len(), 2);
    assert_eq!(test.as_auditor().await.get("/clients").await.code(), "denied.role");
    let refused = clerk.delete(&format!("/clients/{own}")).await;
    assert_eq!((refused.status, refused.code()), (403, "denied.role"));
    assert!(refused.str("/detail").contains("client.recycle"), "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_training_the_confidential_part_is_locked() {
    let test = TestApp::new().await;
    let id = made(&test.as_clerk().await, "示例甲有限公司").await.str("/id");
    test.clock.advance_seconds(220 * 24 * 3600);
    test.forget_sessions();
    let clerk = test.as_clerk().await;
    let page = clerk.get(&format!("/clients/{id}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.body["fields"]["name"]["value"], "示例甲有限公司");
    let mobile = &page.body["lists"]["contacts"][0]["fields"]["mobile"];
    assert_eq!((&mobile["value"], &mobile["locked"]), (&Value::Null, &json!(true)));
    let body = json!({ "fields": { "name": "王五" } });
    let contacts = format!("/clients/{id}/lists/contacts");
    let refused = clerk.with("if-match", "\"v1\"").post(&contacts, body).await;
    assert_eq!((refused.status, refused.code()), (403, "denied.training"), "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_identity_number_is_verified_masked_and_revealed_only_as_the_catalogue_says() {
    let test = TestApp::new().await;
    let adviser = test.as_role("tax_adviser").await;
    let client = made(&adviser, "示例甲有限公司").await;
    let id = client.str("/id");
    let (verify, reveal) = (format!("/clients/{id}/verify"), format!("/clients/{id}/reveal"));
    let shown = &client.body["fields"]["legal_rep_id_no"];
    assert_eq!(shown["value"], format!("1{}X", "*".repeat(16)));
    assert_eq!((&shown["masked"], &shown["level"]), (&json!(true), &json!(4)));
    for (value, expected) in [
        (IDENTITY, json!(true)),
        ("110105 19491231 002x", json!(true)),
        ("110101199003072316", json!(false)),
    ] {
        let body = json!({ "field": "legal_rep_id_no", "value": value });
        assert_eq!(adviser.post(&verify, body).await.body["match"], expected, "{value}");
    }
    let list = adviser.get("/clients").await;
    assert!(!list.text().contains("id_no") && !list.text().contains(IDENTITY));

    let ask = |purpose: &str| json!({ "field": "legal_rep_id_no", "purpose": purpose });
    assert_eq!(adviser.post(&reveal, ask(" ")).await.code(), "purpose.needed");
    test.clock.advance_seconds(301);
    assert_eq!(adviser.post(&reveal, ask("登记")).await.code(), "denied.proof");
    let proof = json!({ "password": PASSWORD, "totp": test.code() });
    assert_eq!(adviser.post("/session/renew-proof", proof).await.status, 204);
    let setting = json!({ "reveal_daily_limit": 1 });
    assert_eq!(test.as_sysadmin().await.put("/settings", setting).await.status, 200);
    let told = adviser.post(&reveal, ask("登记")).await;
    assert_eq!((told.status, told.str("/value").as_str()), (200, IDENTITY), "{}", told.body);
    assert_eq!(told.body["hide_after_s"], 60);
    let entries = entries(&test, Some(&request_of(&told))).await;
    let entry = entries.iter().find(|entry| entry.action == "client.reveal").unwrap();
    assert_eq!((entry.outcome, entry.purpose.as_str()), (Outcome::Done, "登记"));
    assert_eq!(entry.clients, [id.parse::<ClientId>().unwrap()]);
    let more = adviser.post(&reveal, ask("再看")).await;
    assert_eq!((more.status, more.code()), (429, "client.reveal_limit"));

    let principal = test.as_principal().await;
    assert_eq!(principal.post(&reveal, ask("登记")).await.code(), "denied.role");
    let refused = principal.post(&verify, json!({ "field": "legal_rep_id_no", "value": IDENTITY }));
    assert_eq!(refused.await.code(), "denied.role");
    assert_eq!(test.as_clerk().await.post(&reveal, ask("登记")).await.status, 404);
    let plain = json!({ "field": "name", "purpose": "登记" });
    assert_eq!(adviser.post(&reveal, plain).await.code(), "client.not_sealed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_altered_in_the_store_is_refused_and_logged_and_never_shown() {
    keep_log();
    let test = TestApp::new().await;
    let adviser = test.as_role("tax_adviser").await;
    let mut ids = Vec::new();
    for name in ["示例甲有限公司", "示例乙有限公司", "示例丙有限公司"] {
        ids.push(made(&adviser, name).await.str("/id").parse::<ClientId>().unwrap());
    }
    let item = "SELECT fields FROM client_item WHERE client_id = $1 AND list = 'contacts'";
    let mut reader = look(&test).await;
    let of = reader.row(item, &[ids[0].into()]).await.unwrap().unwrap().text(0).unwrap();
    let own = reader.row("SELECT fields FROM client WHERE id = $1", &[ids[1].into()]).await;
    let mut own: Value = serde_json::from_str(&own.unwrap().unwrap().text(0).unwrap()).unwrap();
    drop(reader);

    let sealed = own["legal_rep_id_no"]["m"].as_str().unwrap().to_owned();
    let middle = sealed.len() / 2;
    let other = if &sealed[middle..=middle] == "A" { "B" } else { "A" };
    own["legal_rep_id_no"]["m"] =
        format!("{}{other}{}", &sealed[..middle], &sealed[middle + 1..]).into();
    let set = "UPDATE client SET fields = $1 WHERE id = $2";
    tamper(&test, set, &[own.to_string().as_str().into(), ids[1].into()]).await;
    let swap = "UPDATE client_item SET fields = $1 WHERE client_id = $2 AND list = 'contacts'";
    tamper(&test, swap, &[of.as_str().into(), ids[2].into()]).await;

    assert_eq!(adviser.get(&format!("/clients/{}", ids[0])).await.status, 200);
    for id in &ids[1..] {
        let refused = adviser.get(&format!("/clients/{id}")).await;
        assert_eq!(refused.status, 500, "{}", refused.body);
        let text = refused.text();
        for value in [PHONE, IDENTITY, CONTACT, ACCOUNT, "139****5678"] {
            assert!(!text.contains(value), "{text}");
        }
        let request = request_of(&refused);
        assert!(logged().lines().any(|line| line.contains("ERROR") && line.contains(&request)));
    }
    assert_eq!(names(&adviser, "").await.len(), 3, "the list needs nothing that is sealed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stages_follow_their_rules_and_lead_and_reviewer_are_two_people() {
    let test = TestApp::new().await;
    let principal = test.as_principal().await;
    let client = json!({ "fields": { "name": "示例甲有限公司" } });
    let id = principal.post("/clients", client).await.str("/id");
    let (stage, assign) = (format!("/clients/{id}/stage"), format!("/clients/{id}/assign"));
    let to = |stage: &str| json!({ "to": stage, "why": "按流程" });
    assert_eq!(principal.post(&stage, to("active")).await.code(), "client.stage_closed");
    assert_eq!(principal.post(&stage, to("nowhere")).await.code(), "client.stage_unknown");
    let moved = principal.post(&stage, to("onboarding")).await;
    assert_eq!((moved.status, moved.str("/stage").as_str()), (200, "onboarding"));

    let (lead, reviewer) = (user_of(&test, "accountant").await, user_of(&test, "reviewer").await);
    let same = principal.post(&assign, json!({ "lead": lead, "reviewer": lead })).await;
    assert_eq!((same.status, same.code()), (409, "client.same_person"));
    let kept = principal.get(&format!("/clients/{id}")).await;
    assert_eq!(kept.str("/lead/name"), "钱负责", "a refused assignment left something");
    let given = principal.post(&assign, json!({ "lead": lead, "reviewer": reviewer })).await;
    assert_eq!(given.status, 204, "{}", given.body);

    let lacking = principal.post(&stage, to("active")).await;
    assert!(lacking.str("/detail").contains("统一社会信用代码"), "{}", lacking.body);
    let version = principal.get(&format!("/clients/{id}")).await.etag();
    let uscc = fiscal::identifiers::uscc::complete("91990099MA0000001").unwrap();
    let coded = edited(&principal, &id, &version, json!({ "uscc": uscc }), "").await;
    let contact = json!({ "fields": { "name": CONTACT, "mobile": PHONE } });
    let contacts = format!("/clients/{id}/lists/contacts");
    let added = principal.clone().with("if-match", &coded.etag()).post(&contacts, contact).await;
    assert_eq!(added.status, 200, "{}", added.body);
    assert_eq!(principal.post(&stage, to("active")).await.status, 200);
    let in_service = principal.delete(&format!("/clients/{id}")).await;
    assert_eq!((in_service.status, in_service.code()), (409, "client.in_service"));
    let twin = json!({ "fields": { "name": "另一家", "uscc": uscc } });
    assert_eq!(principal.post("/clients", twin).await.code(), "client.uscc_taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_are_handled_at_once_each_by_its_own_right_and_the_bin_gives_back() {
    let test = TestApp::new().await;
    let (clerk, principal) = (test.as_clerk().await, test.as_principal().await);
    let own = made(&clerk, "示例甲有限公司").await.str("/id");
    let second = made(&clerk, "示例乙有限公司").await.str("/id");
    let other = made(&test.as_role("client_manager").await, "示例丙有限公司").await.str("/id");
    let tag = json!({ "ids": [own, second, other], "op": "tag", "tags": ["重点"], "partly": true });
    let tagged = clerk.post("/clients/bulk", tag).await;
    assert_eq!(tagged.body["done"], 2, "{}", tagged.body);
    assert_eq!(tagged.body["failed"].as_array().unwrap().len(), 1);
    assert_eq!(tagged.str("/failed/0/id"), other);
    let wanted = format!("tag={}", encoded("重点"));
    assert_eq!(names(&principal, &wanted).await, ["示例乙有限公司", "示例甲有限公司"]);

    let reviewer = user_of(&test, "reviewer").await;
    let assign = json!({ "ids": [own, other], "op": "assign", "assign": { "reviewer": reviewer } });
    assert_eq!(principal.post("/clients/bulk", assign).await.body["done"], 2);
    let seen = test.as_role("reviewer").await;
    assert_eq!(seen.get(&format!("/clients/{other}")).await.str("/reviewer/name"), "傅核人");

    let bin = json!({ "ids": [own, other], "op": "recycle", "why": "重复" });
    assert_eq!(principal.post("/clients/bulk", bin).await.body["done"], 2);
    assert_eq!(names(&principal, "").await, ["示例乙有限公司"]);
    let binned = names(&principal, "view=recycled").await;
    assert_eq!(binned, ["示例丙有限公司", "示例甲有限公司"]);
    let back = principal.post(&format!("/clients/{own}/restore"), json!({})).await;
    assert_eq!((back.status, &back.body["recycled_at"]), (200, &Value::Null));
    assert_eq!(names(&principal, "").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_are_found_by_name_pinyin_initials_code_credit_code_and_phone() {
    let test = TestApp::new().await;
    let principal = test.as_principal().await;
    let uscc = fiscal::identifiers::uscc::complete("91990099MA0000007").unwrap();
    let mut draft = sample::draft("苏州衡器（示例）有限公司");
    draft["fields"]["short_name"] = "准星".into();
    draft["fields"]["uscc"] = uscc.as_str().into();
    let client = principal.post("/clients", draft).await;
    assert_eq!(client.status, 201, "{}", client.body);
    let plain = json!({ "fields": { "name": "北京天平商贸有限公司" } });
    assert_eq!(principal.post("/clients", plain).await.status, 201);
    let code = client.str("/code");
    let found = [
        "苏州衡器",
        "衡器(示例)",
        "准星",
        "hengqi",
        "szhq",
        "SZHQ",
        "zhunxing",
        "zx",
        &code,
        &uscc,
        &uscc[..10],
        PHONE,
        "139 1234 5678",
        "5678",
        ACCOUNT,
    ];
    for text in found {
        let hits = principal.get(&format!("/search?q={}", encoded(text))).await;
        let hits = hits.body["clients"].as_array().unwrap();
        assert_eq!(hits.len(), 1, "{text}: {hits:?}");
        assert_eq!(hits[0]["code"], json!(code), "{text}");
        let listed = names(&principal, &format!("q={}", encoded(text))).await;
        assert_eq!(listed, ["苏州衡器（示例）有限公司"], "{text}");
    }
    for text in ["5679", "13912345679", "%", "_", "\"", "'", "* OR 1", "衡天"] {
        assert_eq!(names(&principal, &format!("q={}", encoded(text))).await, [""; 0], "{text}");
    }
    let both = names(&principal, &format!("q={}", encoded("有限公司"))).await;
    assert_eq!(both.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_follow_each_other_without_gap_or_repeat_in_every_order() {
    let test = TestApp::new().await;
    let principal = test.as_principal().await;
    for number in 0..7 {
        let fields = json!({ "name": format!("示例{}号公司", number % 3),
            "registered_capital_fen": if number % 2 == 0 { json!("100万元") } else { Value::Null } });
        assert_eq!(principal.post("/clients", json!({ "fields": fields })).await.status, 201);
    }
    for sort in
        ["name", "-name", "registered_capital_fen", "-registered_capital_fen", "-updated_at"]
    {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = principal.get(&format!("/clients?sort={sort}&limit=2{cursor}")).await;
            assert_eq!(page.body["total"]["count"], 7);
            let items = page.body["items"].as_array().unwrap();
            seen.extend(items.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
            match page.body["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((all, seen.len()), (7, 7), "{sort}");
    }
    assert_eq!(principal.get("/clients?sort=fields").await.code(), "list.sort");
    assert_eq!(principal.get("/clients?cursor=x").await.code(), "list.cursor");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_oversized_upload_is_refused_before_it_is_read() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let huge = vec![b'a'; 130 * 1024 * 1024];
    let refused = clerk.upload("/imports", "huge.csv", &huge, &[]).await;
    assert_eq!((refused.status, refused.code()), (413, "too_large"), "{}", refused.body);
    drop(huge);
    let long = "长".repeat(2 * 1024 * 1024);
    let body = json!({ "fields": { "name": "示例", "scope": long } });
    let refused = clerk.post("/clients", body).await;
    assert_eq!((refused.status, refused.code()), (413, "too_large"), "{}", refused.body);
    assert_eq!(names(&clerk, "").await, [""; 0]);
}
