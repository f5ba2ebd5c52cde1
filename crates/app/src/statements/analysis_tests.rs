//! Analyses and reports through HTTP, as each role.

use std::collections::BTreeMap;
use std::io::Read;

use serde_json::{Value, json};
use testkit::{Client, TestApp};

/// An amount in fen that stands nowhere by chance.
const AMOUNT: i64 = 98_765_432_107;

/// Lines of the small-enterprise forms by their stable names.
type Chart = BTreeMap<(String, String), String>;

async fn chart(by: &Client<'_>) -> Chart {
    let shown = by.get("/statements/chart?standard=small").await;
    let mut chart = Chart::new();
    for (kind, lines) in shown.body["statements"].as_object().unwrap() {
        for line in lines.as_array().unwrap() {
            let code = line["code"].as_str().unwrap().to_owned();
            chart.insert((kind.clone(), code), line["number"].to_string());
        }
    }
    chart
}

fn lines(chart: &Chart, kind: &str, figures: &[(&str, i64)]) -> Value {
    let line = |(code, yuan): &(&str, i64)| {
        (chart[&(kind.to_owned(), (*code).to_owned())].clone(), json!(yuan * 100))
    };
    Value::Object(figures.iter().map(line).collect())
}

fn printed(chart: &Chart, kind: &str) -> Vec<u16> {
    let of_kind = chart.iter().filter(|((of, _), _)| of == kind);
    of_kind.map(|(_, number)| number.parse().unwrap()).collect()
}

/// A year that adds up, but for so many yuan too much in 流动资产合计.
fn year(chart: &Chart, wrong: i64) -> Value {
    let balance = |wrong: i64| {
        lines(
            chart,
            "balance_sheet",
            &[
                ("cash", 500_000),
                ("accounts_receivable", 1_000_000),
                ("inventories", 500_000),
                ("current_assets_total", 2_000_000 + wrong),
                ("noncurrent_assets_total", 0),
                ("assets_total", 2_000_000),
                ("short_term_loans", 300_000),
                ("accounts_payable", 500_000),
                ("current_liabilities_total", 800_000),
                ("noncurrent_liabilities_total", 0),
                ("liabilities_total", 800_000),
                ("paid_in_capital", 1_200_000),
                ("equity_total", 1_200_000),
                ("liabilities_equity_total", 2_000_000),
            ],
        )
    };
    let income = lines(
        chart,
        "income",
        &[
            ("revenue", 6_000_000),
            ("cost_of_sales", 4_000_000),
            ("interest_expense", 20_000),
            ("finance_expenses", 20_000),
            ("operating_profit", 1_980_000),
            ("profit_before_tax", 1_980_000),
            ("income_tax", 99_000),
            ("net_profit", 1_881_000),
        ],
    );
    json!({ "statements": [
        { "kind": "balance_sheet", "standard": "small",
            "printed": printed(chart, "balance_sheet"),
            "columns": { "closing": balance(wrong), "opening": balance(0) } },
        { "kind": "income", "standard": "small", "printed": printed(chart, "income"),
            "columns": { "current": income } },
    ] })
}

async fn client_of(by: &Client<'_>) -> String {
    let fields = json!({ "name": "示例甲演示有限公司", "legal_rep_name": "司马代表",
        "industry_code": "C13", "taxpayer_kind": "small", "registered_on": "2020-05-06" });
    let made = by.post("/clients", json!({ "fields": fields })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.str("/id")
}

/// A client with the year 2025.
async fn prepared(by: &Client<'_>, wrong: i64) -> String {
    let (client, chart) = (client_of(by).await, chart(by).await);
    let path = format!("/clients/{client}/statements/FS/2025");
    let saved = by.put(&path, year(&chart, wrong)).await;
    assert_eq!(saved.status, 201, "{}", saved.body);
    client
}

fn ratio<'a>(page: &'a Value, id: &str) -> &'a Value {
    page["ratios"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_analysis_says_what_the_statements_say_and_with_which_lines() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = prepared(&clerk, 0).await;
    let path = format!("/clients/{client}/analysis");
    let page = clerk.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.body["period"], "2025");
    let debt = ratio(&page.body, "R01");
    assert_eq!((&debt["value"], &debt["text"]), (&json!(4_000), &json!("40.00%")));
    assert_eq!((&debt["standing"], &debt["guidepost_source"]), (&json!("good"), &json!("usual")));
    let used: Vec<_> = debt["used"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(used, [&json!("liabilities_total"), &json!("assets_total")]);
    let cover = ratio(&page.body, "R27");
    assert_eq!((&cover["state"], &cover["value"]), (&json!("withheld"), &Value::Null));
    assert!(!cover["missing"].as_array().unwrap().is_empty());
    let rolling = &page.body["rolling_sales"];
    assert_eq!(rolling["basis"], "revenue");
    let last = rolling["months"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["month"], &last["sales_fen"], &last["nearness"]),
        (&json!("2025-12"), &json!(600_000_000), &json!("over"))
    );
    let need = &page.body["working_capital"];
    assert_eq!((&need["state"], &need["own_funds_fen"]), (&json!("known"), &json!(120_000_000)));
    let grown = clerk.get(&format!("{path}?growth=5000&own_funds=0&existing_loans=0")).await;
    let need = &grown.body["working_capital"];
    assert_eq!(need["working_capital_fen"], need["new_loan_fen"]);
    assert!(need["new_loan_fen"].as_i64().unwrap() > 0);
    let table = clerk.get(&format!("{path}/shares?kind=balance_sheet")).await;
    let cash = table.body["rows"].as_array().unwrap().iter().find(|row| row["code"] == "cash");
    assert_eq!(cash.unwrap()["cells"][0], json!({ "fen": 50_000_000, "share": 2_500 }));
    for (query, code) in [
        ("?growth=99999999", "analysis.growth"),
        ("?period=2026-13", "period.form"),
        ("/shares?kind=x", "statement.word"),
    ] {
        let refused = clerk.get(&format!("{path}{query}")).await;
        assert_eq!((refused.status, refused.code()), (422, code), "{}", refused.body);
    }
    let none = clerk.get(&format!("{path}?period=2019")).await;
    assert_eq!((none.status, none.code()), (404, "analysis.no_statements"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_analysis_and_its_facts_are_for_who_may_see_figures() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = prepared(&clerk, 0).await;
    let facts = format!("/clients/{client}/analysis/facts?period=2025");
    for (role, see, enter) in [
        ("principal", 200, 412),
        ("supervisor", 200, 412),
        ("reviewer", 200, 403),
        ("quality", 403, 403),
        ("client_manager", 404, 404),
        ("sysadmin", 404, 404),
    ] {
        let who = app.as_role(role).await;
        for page in ["analysis", "analysis/shares?kind=income", "readiness"] {
            let reply = who.get(&format!("/clients/{client}/{page}")).await;
            assert_eq!(reply.status, see, "{role} {page}: {}", reply.body);
        }
        assert_eq!(who.get(&facts).await.status, see, "{role}");
        let entered = who.clone().with("if-match", "\"v7\"").put(&facts, json!({})).await;
        assert_eq!(entered.status, enter, "{role}: {}", entered.body);
    }
    assert_eq!(app.as_nobody().get(&facts).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_statements_do_not_say_is_entered_and_lies_in_the_core_store() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = prepared(&clerk, 0).await;
    let path = format!("/clients/{client}/analysis/facts?period=2025");
    let bare = clerk.get(&path).await;
    assert_eq!((bare.status, &bare.body["version"]), (200, &Value::Null));
    let facts = json!({ "depreciation": 1_000_000, "principal_due": 100_000_000,
        "interest_due": 2_000_000, "tax_paid": 9_900_000, "maintenance_capex": 0,
        "working_capital_increase": 0, "guarantees_given": AMOUNT });
    let entered = clerk.put(&path, facts.clone()).await;
    assert_eq!((entered.status, entered.etag().as_str()), (200, "\"v1\""), "{}", entered.body);
    let page = clerk.get(&format!("/clients/{client}/analysis")).await.body;
    // 198万 + 2万 + 1万 − 9.9万 = 191.1万, over 102万 due.
    let cover = ratio(&page, "R27");
    assert_eq!((&cover["state"], &cover["value"]), (&json!("known"), &json!(18_735)), "{cover}");
    let stale = clerk.put(&path, facts.clone()).await;
    assert_eq!((stale.status, stale.code()), (412, "statement.stale"));
    let again = clerk.clone().with("if-match", "\"v1\"").put(&path, facts).await;
    assert_eq!(again.etag(), "\"v2\"");
    let negative = clerk.clone().with("if-match", "\"v2\"");
    let negative = negative.put(&path, json!({ "principal_due": -1 })).await;
    assert_eq!((negative.status, negative.code()), (422, "analysis.negative"));
    let shown = clerk.get(&path).await;
    assert_eq!(shown.body["facts"]["guarantees_given"], AMOUNT);
    app.flush().await;
    let forms = [AMOUNT.to_string().into_bytes(), AMOUNT.to_be_bytes()[3..].to_vec()];
    for entry in std::fs::read_dir(app.store().folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        for form in &forms {
            assert!(!bytes.windows(form.len()).any(|window| window == &form[..]));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_principal_changes_what_is_usual_for_the_firm_or_an_industry() {
    let app = TestApp::new().await;
    let (clerk, principal) = (app.as_clerk().await, app.as_principal().await);
    let client = prepared(&clerk, 0).await;
    let post = |industry: &str, good: i64, alarm: i64| {
        json!({ "ratio": "R01", "industry": industry,
            "guidepost": { "better": "lower", "good": good, "alarm": alarm } })
    };
    let path = "/statements/guideposts";
    assert_eq!(clerk.put(path, post("", 1_000, 2_000)).await.status, 403);
    for (wrong, code) in [
        (post("", 2_000, 1_000), "guidepost.order"),
        (post("Z", 1_000, 2_000), "guidepost.industry"),
        (json!({ "ratio": "R99" }), "guidepost.ratio"),
    ] {
        let refused = principal.put(path, wrong).await;
        assert_eq!((refused.status, refused.code()), (422, code), "{}", refused.body);
    }
    assert_eq!(principal.put(path, post("", 1_000, 2_000)).await.status, 204);
    assert_eq!(principal.put(path, post("C13", 3_000, 5_000)).await.status, 204);
    let page = format!("/clients/{client}/analysis");
    let seen = clerk.get(&page).await.body;
    let debt = ratio(&seen, "R01");
    assert_eq!(
        (&debt["standing"], &debt["guidepost_source"]),
        (&json!("watch"), &json!("industry"))
    );
    let narrow = json!({ "ratio": "R01", "industry": "13", "guidepost": null });
    assert_eq!(principal.put(path, narrow).await.status, 204);
    let seen = clerk.get(&page).await.body;
    let debt = ratio(&seen, "R01");
    assert_eq!((&debt["standing"], &debt["guidepost_source"]), (&json!("alarm"), &json!("firm")));
    let list = clerk.get(path).await.body;
    assert_eq!(list["version"], 3);
    let line = list["items"].as_array().unwrap().iter().find(|one| one["ratio"] == "R01").unwrap();
    assert_eq!(line["usual"]["good"], 7_000);
    assert_eq!(line["own"].as_array().unwrap().len(), 1, "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readiness_names_what_a_bank_will_ask_and_where_it_comes_from() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = prepared(&clerk, 7).await;
    let path = format!("/clients/{client}/readiness");
    let points = clerk.get(&path).await.body["points"].as_array().unwrap().clone();
    let state = |points: &[Value], kind: &str, id: &str| {
        let of = |one: &&Value| one["cause"]["kind"] == kind && one["cause"]["id"] == id;
        points.iter().find(of).map(|one| one["state"].as_str().unwrap().to_owned())
    };
    assert_eq!(state(&points, "archive", "legal_rep_name").as_deref(), Some("ready"));
    assert_eq!(state(&points, "archive", "bank_accounts").as_deref(), Some("not_ready"));
    assert_eq!(state(&points, "archive", "licences"), None, "none to expire");
    assert_eq!(state(&points, "rule", "BS-03").as_deref(), Some("not_ready"));
    assert_eq!(state(&points, "returns", "VAT_S").as_deref(), Some("not_ready"));
    let add = async |list: &str, fields: Value| {
        let path = format!("/clients/{client}/lists/{list}");
        let seen = clerk.get(&format!("/clients/{client}")).await.etag();
        let added = clerk.clone().with("if-match", &seen);
        let added = added.post(&path, json!({ "fields": fields })).await;
        assert!(added.status < 300, "{}", added.body);
    };
    add("bank_accounts", json!({ "bank": "示例银行" })).await;
    add("licences", json!({ "name": "许可证", "valid_until": "2026-05-31" })).await;
    add("financing_needs", json!({ "purpose": "购买原料" })).await;
    let points = clerk.get(&path).await.body["points"].as_array().unwrap().clone();
    assert_eq!(state(&points, "archive", "bank_accounts").as_deref(), Some("ready"));
    assert_eq!(state(&points, "archive", "licences").as_deref(), Some("not_ready"), "expired");
    assert_eq!(state(&points, "archive", "financing_needs").as_deref(), Some("ready"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_says_what_the_screen_says_and_stands_on_record_with_its_purpose() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = prepared(&clerk, 7).await;
    let path = format!("/clients/{client}/report.pdf");
    let silent = clerk.get(&path).await;
    assert_eq!(silent.status, 403, "{}", silent.body);
    for (role, status) in
        [("reviewer", 403), ("quality", 403), ("client_manager", 404), ("supervisor", 200)]
    {
        let reply = app.as_role(role).await.get(&format!("{path}?purpose=loan")).await;
        assert_eq!(reply.status, status, "{role}: {}", reply.body);
    }
    let report = clerk.get(&format!("{path}?purpose=loan&period=2025")).await;
    assert_eq!(report.status, 200, "{}", report.body);
    assert_eq!(report.headers["content-type"], "application/pdf");
    let words = report.text();
    for said in [
        "财务体检报告",
        "示例甲演示有限公司",
        "《小企业会计准则》",
        "BS-03",
        "6,000,000.00",
        "40.00%",
        "档案中缺股东",
        "loan",
        "暂缺：",
    ] {
        assert!(words.contains(said), "{said} is missing in {words}");
    }
    let page = clerk.get(&format!("/clients/{client}/analysis")).await.body;
    for ratio in page["ratios"].as_array().unwrap() {
        if let Some(text) = ratio["text"].as_str() {
            assert!(words.contains(text), "{} {text}", ratio["id"]);
        }
    }
    let marked =
        words.lines().any(|line| line.starts_with("Error: ") && line.contains("流动资产合计"));
    assert!(marked, "the broken total is marked: {words}");
    app.flush().await;
    let record = app.as_auditor().await.get("/record?action=statement.export").await;
    assert_eq!(record.status, 200, "{}", record.body);
    let items = record.body["items"].as_array().unwrap();
    let done = items.iter().filter(|one| one["outcome"] == "done" && one["purpose"] == "loan");
    assert_eq!(done.count(), 2, "the supervisor's and the clerk's: {}", record.body);
    assert!(items.iter().any(|one| one["refusal"] == "denied.purpose"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_workbook_calculates_what_adds_up_and_says_what_does_not() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let client = prepared(&clerk, 7).await;
    let path = format!("/clients/{client}/report.xlsx?purpose=loan");
    let report = clerk.get(&path).await;
    assert_eq!(report.status, 200, "{}", report.body);
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(report.bytes)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        book.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let balance = part("xl/worksheets/sheet1.xml");
    assert!(balance.contains("<f>"), "totals are live");
    assert!(balance.contains("<v>2000007.00</v>") || balance.contains("<v>2000007</v>"));
    let ratios = part("xl/worksheets/sheet3.xml");
    assert!(ratios.contains("<f>") && ratios.contains("<v>0.4000</v>"), "{ratios}");
    assert!(part("xl/sharedStrings.xml").contains("原表合计与明细相差 7.00"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_typesetter_there_is_a_workbook_and_no_paper() {
    let app = TestApp::without_press().await;
    let clerk = app.as_clerk().await;
    let client = prepared(&clerk, 0).await;
    let paper = clerk.get(&format!("/clients/{client}/report.pdf?purpose=loan")).await;
    assert_eq!((paper.status, paper.code()), (503, "report.no_press"));
    let book = clerk.get(&format!("/clients/{client}/report.xlsx?purpose=loan")).await;
    assert_eq!(book.status, 200, "{}", book.body);
}
