//! Statements through HTTP, as each role.

use serde_json::{Value, json};
use testkit::{Client, Reply, TestApp};

/// An amount in fen that stands nowhere by chance.
const AMOUNT: i64 = 98_765_432_107;

/// A balance sheet with so many fen too much in 流动资产合计.
fn sheet(wrong: i64) -> Value {
    let lines = json!({ "1": AMOUNT, "15": AMOUNT + wrong, "30": AMOUNT, "48": AMOUNT,
        "52": AMOUNT, "53": AMOUNT });
    json!({ "statements": [{ "kind": "balance_sheet", "standard": "small",
        "columns": { "closing": lines.clone(), "opening": lines } }] })
}

fn with(mut body: Value, more: &[(&str, &str)]) -> Value {
    for (key, value) in more {
        body[*key] = json!(value);
    }
    body
}

async fn client_of(by: &Client<'_>) -> String {
    client_of_named(by, "示例甲演示有限公司").await
}

async fn client_of_named(by: &Client<'_>, name: &str) -> String {
    let made = by.post("/clients", json!({ "fields": { "name": name } })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.str("/id")
}

fn path(client: &str) -> String {
    format!("/clients/{client}/statements/FS/2026-04")
}

async fn step(by: &Client<'_>, client: &str, step: &str) -> Reply {
    let seen = by.get(&path(client)).await.etag();
    let steps = format!("{}/steps", path(client));
    by.clone().with("if-match", &seen).post(&steps, json!({ "step": step })).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_are_saved_checked_and_shown_to_those_who_may() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = client_of(&clerk).await;
    let saved = clerk.put(&path(&client), sheet(1)).await;
    assert_eq!((saved.status, saved.etag().as_str()), (201, "\"v1\""), "{}", saved.body);
    assert!(saved.body["counts"]["errors"].as_i64().unwrap() >= 1, "{}", saved.body);
    assert_eq!(saved.body["state"], "draft");
    let shown = clerk.get(&path(&client)).await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    assert_eq!(shown.body["statements"][0]["columns"]["closing"]["1"], AMOUNT);
    let results = shown.body["results"].as_array().unwrap();
    let broken = results.iter().find(|one| one["rule"] == "BS-03").unwrap();
    assert_eq!((&broken["outcome"], &broken["difference_fen"]), (&json!("broken"), &json!(1)));
    assert!(broken["cells"].as_array().unwrap().iter().any(|cell| cell["line"] == "15"));
    assert_eq!(shown.body["may"]["review"]["allowed"], false);
    for (role, status) in [
        ("principal", 200),
        ("reviewer", 200),
        ("supervisor", 200),
        ("quality", 404),
        ("client_manager", 404),
        ("sysadmin", 404),
    ] {
        let reply = app.as_role(role).await.get(&path(&client)).await;
        let refused = if role == "quality" { 403 } else { status };
        assert_eq!(reply.status, refused, "{role}: {}", reply.body);
    }
    assert_eq!(app.as_nobody().get(&path(&client)).await.status, 401);
    let list = app.as_role("quality").await.get(&format!("/clients/{client}/statements")).await;
    assert_eq!(list.status, 200, "{}", list.body);
    assert!(!list.text().contains(&AMOUNT.to_string()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_set_goes_from_draft_to_approved_by_two_people_and_is_locked_then() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let reviewer = app.as_role("reviewer").await;
    let client = client_of(&clerk).await;
    assert_eq!(clerk.put(&path(&client), sheet(0)).await.status, 201);
    let early = step(&reviewer, &client, "review").await;
    assert_eq!((early.status, early.code()), (409, "statement.step"));
    assert_eq!(step(&clerk, &client, "submit").await.status, 200);
    assert_eq!(step(&clerk, &client, "review").await.status, 403);
    assert_eq!(step(&reviewer, &client, "review").await.status, 200);
    let approved = step(&reviewer, &client, "approve").await;
    assert_eq!((approved.status, &approved.body["state"]), (200, &json!("approved")));
    let seen = approved.etag();
    let corrected = with(sheet(0), &[("cause", "firm"), ("why", "重分类")]);
    let locked = clerk.clone().with("if-match", &seen).put(&path(&client), corrected.clone()).await;
    assert_eq!((locked.status, locked.code()), (409, "statement.locked"));
    assert_eq!(step(&clerk, &client, "reopen").await.status, 403);
    let open = step(&reviewer, &client, "reopen").await;
    assert_eq!((open.status, &open.body["state"]), (200, &json!("draft")));
    let clerk_now = clerk.clone().with("if-match", &open.etag());
    let bare = clerk_now.put(&path(&client), sheet(0)).await;
    assert_eq!((bare.status, bare.code()), (409, "statement.cause"));
    let saved = clerk_now.put(&path(&client), corrected.clone()).await;
    assert_eq!((saved.status, &saved.body["number"]), (200, &json!(2)), "{}", saved.body);
    let stale = clerk_now.put(&path(&client), corrected).await;
    assert_eq!((stale.status, stale.code()), (412, "statement.stale"));
    let history = clerk.get(&format!("{}/revisions", path(&client))).await;
    let causes: Vec<&Value> =
        history.body.as_array().unwrap().iter().map(|one| &one["cause"]).collect();
    assert_eq!(causes, [&json!("firm"), &Value::Null]);
    let first = clerk.get(&format!("{}?revision=1", path(&client))).await;
    assert_eq!(
        (&first.body["shown"], first.body["results"].as_array().unwrap().len()),
        (&json!(1), 0)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_reviews_or_accepts_what_they_prepared() {
    let app = TestApp::new().await;
    let principal = app.as_principal().await;
    let client = client_of(&principal).await;
    assert_eq!(principal.put(&path(&client), sheet(5)).await.status, 201);
    let exception = json!({ "rule": "BS-03", "why": "四舍五入" });
    let exceptions = format!("{}/exceptions", path(&client));
    let early = app.as_supervisor().await.post(&exceptions, exception.clone()).await;
    assert_eq!((early.status, early.code()), (409, "statement.step"), "{}", early.body);
    assert_eq!(step(&principal, &client, "submit").await.status, 200);
    let own = principal.post(&exceptions, exception.clone()).await;
    assert_eq!((own.status, own.code()), (403, "statement.own_work"), "{}", own.body);
    let own = step(&principal, &client, "review").await;
    assert_eq!((own.status, own.code()), (403, "statement.own_work"));
    // Another person accepts each broken rule with a reason; only then can it be approved.
    let supervisor = app.as_supervisor().await;
    assert_eq!(step(&supervisor, &client, "review").await.status, 200);
    let blocked = step(&supervisor, &client, "approve").await;
    assert_eq!((blocked.status, blocked.code()), (409, "statement.errors"));
    let shown = supervisor.get(&path(&client)).await;
    let broken: Vec<String> = shown.body["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["outcome"] == "broken" && one["severity"] != "hint")
        .map(|one| one["rule"].as_str().unwrap().to_owned())
        .collect();
    assert!(broken.contains(&"BS-03".to_owned()));
    for rule in broken.iter().collect::<std::collections::BTreeSet<_>>() {
        let done = supervisor.post(&exceptions, json!({ "rule": rule, "why": "已核对原件" })).await;
        assert_eq!(done.status, 200, "{rule}: {}", done.body);
    }
    let twice = supervisor.post(&exceptions, exception).await;
    assert_eq!((twice.status, twice.code()), (409, "statement.not_broken"));
    assert_eq!(step(&supervisor, &client, "approve").await.status, 200);
    let shown = principal.get(&path(&client)).await;
    assert_eq!(shown.body["exceptions"][0]["why"], "已核对原件");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_submission_counts_for_accuracy_whatever_comes_after() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = client_of(&clerk).await;
    let right = format!("/clients/{client}/statements/FS/2026-03");
    assert_eq!(clerk.put(&path(&client), sheet(7)).await.status, 201);
    assert_eq!(clerk.put(&right, sheet(0)).await.status, 201);
    let open = clerk.get("/statements/outcomes?severity=error").await;
    assert_eq!(open.status, 200, "{}", open.body);
    assert!(open.body["counts"]["error"].as_i64().unwrap() >= 1);
    assert_eq!(open.body["items"][0]["client"]["id"], client);
    assert!(!open.text().contains(&AMOUNT.to_string()));
    assert_eq!(step(&clerk, &client, "submit").await.status, 200);
    let submitted = clerk.clone().with("if-match", "\"v1\"");
    let steps = format!("{right}/steps");
    assert_eq!(submitted.post(&steps, json!({ "step": "submit" })).await.status, 200);
    let seen = clerk.get(&path(&client)).await.etag();
    let mended = with(sheet(0), &[("cause", "firm"), ("why", "合计抄错")]);
    let mended = clerk.clone().with("if-match", &seen).put(&path(&client), mended).await;
    assert_eq!((mended.status, &mended.body["counts"]["errors"]), (200, &json!(0)));
    for by in ["month", "client", "person", "team"] {
        let told = clerk.get(&format!("/statements/accuracy?by={by}")).await;
        assert_eq!(told.status, 200, "{}", told.body);
        assert_eq!((&told.body["submitted"], &told.body["right"]), (&json!(2), &json!(1)), "{by}");
        assert_eq!(told.body["groups"].as_array().unwrap().len(), 1, "{by}");
    }
    let wrong = clerk.get("/statements/accuracy?wrong=true").await;
    assert_eq!(wrong.body["firsts"].as_array().unwrap().len(), 1);
    assert_eq!(wrong.body["firsts"][0]["period"], "2026-04");
    // Somebody who may see no client's outcomes is refused.
    assert_eq!(app.as_role("client_manager").await.get("/statements/accuracy").await.status, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_firm_changes_how_grave_a_rule_is_and_the_change_is_a_version() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = client_of(&clerk).await;
    assert_eq!(clerk.put("/statements/rules/BS-03", json!({})).await.status, 403);
    let principal = app.as_principal().await;
    let unknown = principal.put("/statements/rules/XX-1", json!({})).await;
    assert_eq!((unknown.status, unknown.code()), (422, "statement.rule"));
    let softer = json!({ "severity": "hint" });
    assert_eq!(principal.put("/statements/rules/BS-03", softer).await.status, 204);
    let rules = clerk.get("/statements/rules").await;
    assert_eq!(rules.body["version"], 1);
    let rule = rules.body["items"].as_array().unwrap().iter().find(|one| one["id"] == "BS-03");
    assert_eq!(rule.unwrap()["own_severity"], "hint");
    clerk.put(&path(&client), sheet(1)).await;
    let shown = clerk.get(&path(&client)).await;
    let results = shown.body["results"].as_array().unwrap();
    let broken = results.iter().find(|one| one["rule"] == "BS-03").unwrap();
    assert_eq!(broken["severity"], "hint");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_is_refused_by_name() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = client_of(&clerk).await;
    let mut line = sheet(0);
    line["statements"][0]["columns"]["closing"]["999"] = json!(1);
    let mut twice = sheet(0);
    twice["statements"] = json!([twice["statements"][0], twice["statements"][0]]);
    for (what, code) in [
        (line, "statement.line"),
        (twice, "statement.content"),
        (json!({ "statements": [] }), "statement.content"),
        (
            json!({ "statements": [{ "kind": "x", "standard": "small", "columns": {} }] }),
            "statement.word",
        ),
    ] {
        let refused = clerk.put(&path(&client), what).await;
        assert_eq!((refused.status, refused.code()), (422, code), "{}", refused.body);
    }
    let kind = clerk.get(&format!("/clients/{client}/statements/XX/2026-04")).await;
    assert_eq!((kind.status, kind.code()), (422, "statement.kind"));
    let period = clerk.get(&format!("/clients/{client}/statements/FS/2026-4")).await;
    assert_eq!((period.status, period.code()), (422, "period.form"));
    assert_eq!(clerk.get(&path(&client)).await.status, 404);
    let chart = clerk.get("/statements/chart?standard=general").await;
    assert_eq!(chart.body["statements"]["balance_sheet"].as_array().unwrap().len(), 72);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_core_store_the_rest_works_and_says_so() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = client_of(&clerk).await;
    assert_eq!(clerk.put(&path(&client), sheet(0)).await.status, 201);
    let (core, aside) = (app.store().folder().join("core.db"), app.store().folder().join("aside"));
    std::fs::rename(&core, &aside).unwrap();
    let away = clerk.get(&path(&client)).await;
    assert_eq!((away.status, away.code()), (503, "core.unavailable"), "{}", away.body);
    let away = clerk.clone().with("if-match", "\"v1\"").put(&path(&client), sheet(0)).await;
    assert_eq!((away.status, away.code()), (503, "core.unavailable"));
    assert_eq!(clerk.get(&format!("/clients/{client}/statements")).await.status, 200);
    assert_eq!(clerk.get(&format!("/clients/{client}")).await.status, 200);
    let todos = clerk.get("/overview").await.body["todos"].clone();
    assert!(todos.as_array().unwrap().iter().any(|todo| todo["code"] == "core_unavailable"));
    std::fs::rename(&aside, &core).unwrap();
    assert_eq!(clerk.get(&path(&client)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_amount_stands_in_clear_in_any_file() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = client_of(&clerk).await;
    let why = format!("差 {AMOUNT} 分");
    let saved = clerk.put(&path(&client), with(sheet(9), &[("why", &why)])).await;
    assert_eq!(saved.status, 201, "{}", saved.body);
    assert_eq!(clerk.get(&path(&client)).await.status, 200);
    assert_eq!(step(&clerk, &client, "submit").await.status, 200);
    let exceptions = format!("{}/exceptions", path(&client));
    let accepted = json!({ "rule": "BS-03", "why": why });
    assert_eq!(app.as_supervisor().await.post(&exceptions, accepted).await.status, 200);
    app.flush().await;
    let yuan = format!("{}.{:02}", AMOUNT / 100, AMOUNT % 100);
    let forms: [Vec<u8>; 4] = [
        AMOUNT.to_string().into_bytes(),
        yuan.into_bytes(),
        AMOUNT.to_be_bytes()[3..].to_vec(),
        AMOUNT.to_le_bytes()[..5].to_vec(),
    ];
    let mut looked = Vec::new();
    for entry in std::fs::read_dir(app.store().folder()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        for form in &forms {
            let held = bytes.windows(form.len()).any(|window| window == &form[..]);
            assert!(!held, "{} holds {form:?}", path.display());
        }
        looked.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    assert!(looked.iter().any(|name| name == "core.db"), "{looked:?}");
}

/// An income statement as a firm saves it.
const SHEET: &str = "利润表,,,\n编制单位：示例,,2026年4月,单位：元\n\
    项目,行次,本年累计金额,本月金额\n一、营业收入,1,400.00,100.00\n减：营业成本,2,200.00,50.00\n\
    税金及附加,3,8.00,2.00\n销售费用,11,20.00,5.00\n管理费用,14,40.00,10.00\n\
    财务费用,18,4.00,1.00\n二、营业利润,21,128.00,32.00\n三、利润总额,30,128.00,32.00\n\
    减：所得税费用,31,8.00,2.00\n四、净利润,32,120.00,30.00\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workbook_is_shown_first_and_saved_once_it_is_confirmed() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = client_of(&clerk).await;
    assert_eq!(clerk.put(&path(&client), sheet(0)).await.status, 201);
    let uploads = format!("/clients/{client}/statement-uploads");
    let shown = clerk.upload(&uploads, "利润表.csv", SHEET.as_bytes(), &[]).await;
    assert_eq!(shown.status, 201, "{}", shown.body);
    let found = &shown.body["statements"][0];
    assert_eq!((&found["period"], &found["period_named"]), (&json!("2026-04"), &json!(true)));
    assert_eq!(found["statement"]["columns"]["current"]["32"], 3000);
    assert_eq!(clerk.get(&path(&client)).await.body["number"], 1, "nothing is saved yet");
    let confirm = format!("{uploads}/{}", shown.str("/id"));
    let reviewer = app.as_role("reviewer").await;
    assert_eq!(reviewer.post(&confirm, json!({})).await.status, 403);
    let saved = clerk.post(&confirm, json!({})).await;
    assert_eq!(saved.status, 200, "{}", saved.body);
    let twice = clerk.post(&confirm, json!({})).await;
    assert_eq!((twice.status, twice.code()), (409, "statement.confirmed"));
    // The balance sheet that was typed in stays beside the income statement of the file.
    let page = clerk.get(&path(&client)).await;
    assert_eq!(page.body["number"], 2);
    assert_eq!(page.body["statements"].as_array().unwrap().len(), 2);
    let nothing = clerk.upload(&uploads, "x.csv", "甲,乙\n1,2\n".as_bytes(), &[]).await;
    assert_eq!((nothing.status, nothing.code()), (422, "statement.nothing_found"));
    let other = app.as_principal().await;
    let another = client_of_named(&other, "示例乙演示有限公司").await;
    let elsewhere = format!("/clients/{another}/statement-uploads/{}", shown.str("/id"));
    assert_eq!(other.post(&elsewhere, json!({})).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_matched_once_is_known_for_its_layout_from_then_on() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = client_of(&clerk).await;
    let uploads = format!("/clients/{client}/statement-uploads");
    let strange = SHEET.replace("管理费用,14", "公司日常开支合计数,14");
    let shown = clerk.upload(&uploads, "a.csv", strange.as_bytes(), &[]).await;
    assert_eq!(shown.status, 201, "{}", shown.body);
    let unlisted = &shown.body["statements"][0]["statement"]["unlisted"];
    assert_eq!(unlisted[0]["name"], "公司日常开支合计数", "{}", shown.body);
    let choice = json!({ "statement": "income", "name": "公司日常开支合计数", "line": 14 });
    let confirm = format!("{uploads}/{}", shown.str("/id"));
    let saved = clerk.post(&confirm, json!({ "choices": [choice] })).await;
    assert_eq!(saved.status, 200, "{}", saved.body);
    let page = clerk.get(&path(&client)).await;
    assert_eq!(page.body["statements"][0]["columns"]["current"]["14"], 1000);
    let later = strange.replace("2026年4月", "2026年5月");
    let again = clerk.upload(&uploads, "b.csv", later.as_bytes(), &[]).await;
    let statement = &again.body["statements"][0]["statement"];
    assert_eq!(statement["unlisted"].as_array().unwrap().len(), 0, "{}", again.body);
    assert_eq!(statement["columns"]["current"]["14"], 1000);
}

/// A part of Heng that writes at the same time.
struct Another;
impl trust::access::Action for Another {
    const NAME: &'static str = "job.run";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_parsed_before_anybody_has_to_wait_for_the_writer() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = client_of(&clerk).await;
    let uploads = format!("/clients/{client}/statement-uploads");
    let job = trust::access::Actor::part_of_heng("job", trust::access::Origin::default());
    let permit = app.app.access.authorize::<Another>(&job, ()).await.unwrap();
    let writing = app.app.db.write(&permit).await.unwrap();
    // Nothing is found in this file: that is said while somebody else still writes.
    let upload = clerk.upload(&uploads, "x.csv", "甲,乙\n1,2\n".as_bytes(), &[]);
    let told = tokio::time::timeout(std::time::Duration::from_secs(4), upload).await;
    assert_eq!(told.expect("it waits for the writer").code(), "statement.nothing_found");
    drop(writing);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_after_the_preview_is_not_overwritten() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = client_of(&clerk).await;
    let uploads = format!("/clients/{client}/statement-uploads");
    let together = clerk.upload(&uploads, "a.csv", SHEET.as_bytes(), &[]).await.str("/id");
    let unseen = clerk.upload(&uploads, "b.csv", SHEET.as_bytes(), &[]).await.str("/id");
    let first = clerk.post(&format!("{uploads}/{together}"), json!({})).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let own = clerk.upload(&uploads, "c.csv", SHEET.as_bytes(), &[]).await.str("/id");
    let both = clerk.post(&format!("{uploads}/{own}"), json!({})).await;
    assert_eq!(both.status, 200, "what one saved oneself is no surprise: {}", both.body);
    let principal = app.as_principal().await;
    let now = principal.get(&path(&client)).await.etag();
    let typed = principal.clone().with("if-match", &now).put(&path(&client), sheet(0)).await;
    assert_eq!(typed.status, 200, "{}", typed.body);
    let before = clerk.get(&path(&client)).await.body["number"].clone();
    let seen = clerk.upload(&uploads, "d.csv", SHEET.as_bytes(), &[]).await.str("/id");
    let stale = clerk.post(&format!("{uploads}/{unseen}"), json!({})).await;
    assert_eq!((stale.status, stale.code()), (412, "statement.stale"), "{}", stale.body);
    assert_eq!(clerk.get(&path(&client)).await.body["number"], before, "nothing was saved");
    let saved = clerk.post(&format!("{uploads}/{seen}"), json!({})).await;
    assert_eq!(saved.status, 200, "{}", saved.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_made_an_earlier_revision_does_not_review_the_later_one() {
    let app = TestApp::new().await;
    let principal = app.as_principal().await;
    let clerk = app.as_clerk().await;
    let client = client_of(&clerk).await;
    assert_eq!(principal.put(&path(&client), sheet(1)).await.status, 201);
    let small = clerk.clone().with("if-match", "\"v1\"").put(&path(&client), sheet(0)).await;
    assert_eq!(small.status, 200, "{}", small.body);
    assert_eq!(step(&clerk, &client, "submit").await.status, 200);
    let own = step(&principal, &client, "review").await;
    assert_eq!((own.status, own.code()), (403, "statement.own_work"), "{}", own.body);
    let shown = principal.get(&path(&client)).await;
    assert_eq!(shown.body["may"]["review"]["allowed"], false);
    let reviewer = app.as_role("reviewer").await;
    assert_eq!(step(&reviewer, &client, "review").await.status, 200);
    assert_eq!(step(&reviewer, &client, "approve").await.status, 200);
    // What was approved is settled: only what came after it is anybody's own work.
    assert_eq!(step(&reviewer, &client, "reopen").await.status, 200);
    let seen = clerk.get(&path(&client)).await.etag();
    let mended = with(sheet(0), &[("cause", "firm"), ("why", "重分类")]);
    assert_eq!(clerk.clone().with("if-match", &seen).put(&path(&client), mended).await.status, 200);
    assert_eq!(step(&clerk, &client, "submit").await.status, 200);
    assert_eq!(step(&principal, &client, "review").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accuracy_leaves_out_clients_in_the_recycle_bin() {
    let app = TestApp::new().await;
    let principal = app.as_principal().await;
    let client = client_of(&principal).await;
    assert_eq!(principal.put(&path(&client), sheet(0)).await.status, 201);
    assert_eq!(step(&principal, &client, "submit").await.status, 200);
    let told = principal.get("/statements/accuracy").await;
    assert_eq!(told.body["submitted"], 1, "{}", told.body);
    let put_away = principal.delete(&format!("/clients/{client}")).await;
    assert!(put_away.status < 300, "{}", put_away.body);
    let told = principal.get("/statements/accuracy").await;
    assert_eq!((&told.body["submitted"], &told.body["right"]), (&json!(0), &json!(0)));
}
