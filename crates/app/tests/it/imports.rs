//! Whole files over a real store: what comes in, what comes back and why, what is taken back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use app::clients::{ImportMode as Mode, ImportOptions, ImportSummary, import_file, resume_imports};
use documents::{Limits, Workbook};
use serde_json::{Value, json};
use testkit::{Client, Reply, TestApp};
use trust::access::{Actor, Origin};

/// Credit codes that are valid and belong to nobody: the last place is computed.
pub(crate) fn code(number: usize) -> String {
    let first = format!("91990099MA{number:07}");
    fiscal::identifiers::uscc::complete(&first).unwrap()
}

pub(crate) fn operator() -> Actor {
    Actor::local_operator("tester", Origin::default())
}

pub(crate) async fn import(test: &TestApp, path: &Path, mode: Mode) -> ImportSummary {
    let options = ImportOptions { mode, ..ImportOptions::default() };
    import_file(&test.app, &operator(), path, options).await.unwrap()
}

pub(crate) fn written(test: &TestApp, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = test.store().folder().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Created, updated, unchanged, rejected, duplicates.
pub(crate) fn counts(summary: &ImportSummary) -> [u64; 5] {
    let s = summary;
    let counts = [s.created, s.updated, s.unchanged, s.rejected, s.duplicates];
    assert_eq!(counts.iter().sum::<u64>(), s.rows, "{s:?}");
    assert_eq!(s.reasons.values().sum::<u64>(), s.rejected + s.duplicates, "{s:?}");
    counts
}

pub(crate) fn rows_of(mut book: Workbook) -> (Vec<String>, Vec<Vec<String>>) {
    let table = book.table().unwrap();
    let rows = book.rows(&table).unwrap().map(|row| {
        let row = row.unwrap();
        (0..table.header.len()).map(|index| row.text(index).into_owned()).collect()
    });
    let rows = rows.collect();
    (table.header, rows)
}

/// Waits for a background import without a clock: the worker runs on another thread.
pub(crate) async fn ended(client: &Client<'_>, id: &str) -> Reply {
    loop {
        let reply = client.get(&format!("/imports/{id}")).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        if !matches!(reply.str("/state").as_str(), "checking" | "running") {
            return reply;
        }
        tokio::task::yield_now().await;
    }
}

/// A file of the real data, or nothing when it is not here and need not be.
fn real_file(name: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let root = std::env::var_os("HENG_REAL_DATA").map_or_else(beside, PathBuf::from);
    let path = root.join("enterprises").join(name);
    if path.is_file() {
        return Some(path);
    }
    let required = std::env::var("HENG_REQUIRE_REAL_DATA").is_ok_and(|value| value == "1");
    assert!(!required, "real data is required but {} is absent", path.display());
    println!("real data absent ({}), nothing checked", path.display());
    None
}

pub(crate) fn clients_csv(from: usize, to: usize) -> String {
    let mut text = "企业名称,统一社会信用代码,联系人,手机,注册资本(万元)\n".to_owned();
    for number in from..to {
        let (code, phone) = (code(number), 13_800_000_000_u64 + number as u64);
        text.push_str(&format!("示例第{number}号公司,{code},张三,{phone},100\n"));
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_uploads_checks_imports_and_takes_back() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let text = clients_csv(0, 3)
        + &format!("示例乙,{}1,李四,13800009999,1\n,{},李四,13800009998,1\n", "9199", code(9))
        + &format!("示例重复,{},李四,13800009997,1\n", code(1));
    let uploaded = clerk.upload("/imports", "../名单.csv", text.as_bytes(), &[]).await;
    assert_eq!(uploaded.status, 201, "{}", uploaded.body);
    assert_eq!(uploaded.body["rows"], 6);
    assert_eq!(uploaded.body["layout_remembered"], false);
    assert_eq!(uploaded.body["columns"][3]["field"], "contacts.mobile");
    assert_eq!(uploaded.body["columns"][0]["sample"][0], "示例第0号公司");
    let id = uploaded.str("/id");

    let early = clerk.post(&format!("/imports/{id}/run"), json!({})).await;
    assert_eq!((early.status, early.code()), (409, "import.state"));
    let begun = clerk.post(&format!("/imports/{id}/check"), json!({ "mode": "create" })).await;
    assert_eq!(begun.status, 202, "{}", begun.body);
    let checked = ended(&clerk, &id).await;
    assert_eq!(checked.str("/state"), "checked", "{}", checked.body);
    assert_eq!(checked.str("/file_name"), "名单.csv");
    let expected = json!({ "rows": 6, "created": 3, "updated": 0, "unchanged": 0, "rejected": 2,
        "duplicates": 1 });
    assert_eq!(checked.body["counts"], expected);
    assert_eq!(listed(&clerk).await, 0);

    clerk.post(&format!("/imports/{id}/run"), json!({})).await;
    let done = ended(&clerk, &id).await;
    assert_eq!(done.str("/state"), "done", "{}", done.body);
    assert_eq!(done.body["counts"], expected);
    assert_eq!(done.body["progress"], 100);
    assert_eq!(
        done.body["reasons"],
        json!({ "uscc.length": 1, "name.missing": 1, "uscc.repeated": 1 })
    );
    let supervisor = test.as_supervisor().await;
    assert_eq!(listed(&supervisor).await, 3);
    let again = clerk.upload("/imports", "again.csv", text.as_bytes(), &[]).await;
    assert_eq!(again.body["layout_remembered"], true);

    let undone = clerk.post(&format!("/imports/{id}/undo"), json!({})).await;
    assert_eq!((undone.status, undone.str("/state")), (200, "undone".into()), "{}", undone.body);
    assert_eq!(listed(&supervisor).await, 0);
}

async fn listed(client: &Client<'_>) -> i64 {
    let page = client.get("/clients").await;
    if page.status == 403 {
        return 0;
    }
    assert_eq!(page.status, 200, "{}", page.body);
    page.body["total"]["count"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_rows_come_back_with_their_own_columns_and_no_formulas() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let text = format!(
        "企业名称,税号,备注\n=1+1,110108000000017,\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"\n\
         示例甲,{},好\n",
        code(1)
    );
    let uploaded = clerk.upload("/imports", "错.csv", text.as_bytes(), &[]).await;
    let id = uploaded.str("/id");
    clerk.post(&format!("/imports/{id}/check"), json!({})).await;
    ended(&clerk, &id).await;
    let file = clerk.get(&format!("/imports/{id}/errors.xlsx")).await;
    assert_eq!(file.status, 200, "{}", file.body);
    let disposition = file.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename*=UTF-8''%E9%94%99-"), "{disposition}");
    let mut zip = std::io::Cursor::new(&file.bytes);
    let mut sheet = String::new();
    for_sheet(&mut zip, &mut sheet);
    assert!(!sheet.contains("<f>"), "{sheet}");
    let (header, rows) = rows_of(documents::open(file.bytes, &Limits::default()).unwrap());
    assert_eq!(header, ["企业名称", "税号", "备注", "原行号", "原因"]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0][0], "=1+1");
    assert_eq!(rows[0][3], "2");
    assert!(rows[0][4].contains("15 位"), "{rows:?}");

    let stranger = test.as_role("client_manager").await;
    assert_eq!(stranger.get(&format!("/imports/{id}/errors.xlsx")).await.status, 404);
    assert_eq!(stranger.get(&format!("/imports/{id}")).await.status, 404);
    let supervisor = test.as_supervisor().await;
    assert_eq!(supervisor.get(&format!("/imports/{id}")).await.status, 200);
    assert_eq!(supervisor.get(&format!("/imports/{id}/errors.xlsx")).await.status, 404);
    let auditor = test.as_auditor().await;
    assert_eq!(auditor.get("/imports").await.status, 403);
}

/// The text of the first sheet, however it is packed: written by `documents` without our help.
fn for_sheet(zip: &mut std::io::Cursor<&Vec<u8>>, sheet: &mut String) {
    let mut archive = zip::ZipArchive::new(zip).unwrap();
    let mut part = archive.by_name("xl/worksheets/sheet1.xml").unwrap();
    std::io::Read::read_to_string(&mut part, sheet).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_template_comes_in_again() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let template = clerk.get("/imports/template").await;
    assert_eq!(template.status, 200);
    let uploaded = clerk.upload("/imports", "模板.xlsx", &template.bytes, &[]).await;
    assert_eq!(uploaded.status, 201, "{}", uploaded.body);
    let columns = uploaded.body["columns"].as_array().unwrap();
    assert!(columns.iter().all(|column| column["field"] != Value::Null), "{columns:?}");
    let broken = clerk.upload("/imports", "x.xlsx", b"%PDF-1.7", &[]).await;
    assert_eq!(broken.status, 422, "{}", broken.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_change_what_differs_leave_empty_cells_and_can_be_taken_back() {
    let test = TestApp::new().await;
    let made = written(&test, "made.csv", clients_csv(0, 2));
    assert_eq!(counts(&import(&test, &made, Mode::Create).await), [2, 0, 0, 0, 0]);
    assert_eq!(counts(&import(&test, &made, Mode::Create).await), [0, 0, 0, 0, 2]);
    assert_eq!(counts(&import(&test, &made, Mode::Both).await), [0, 0, 2, 0, 0]);

    let principal = test.as_principal().await;
    let text = format!(
        "税号,手机,注册资本(万元),企业名称\n{},13900000000,,示例第0号公司\n{},,300,示例第1号公司\n\
         {},,300,示例新公司\n",
        code(0),
        code(1),
        code(5)
    );
    let changed = written(&test, "changed.csv", text);
    let summary = import(&test, &changed, Mode::Update).await;
    assert_eq!(counts(&summary), [0, 2, 0, 1, 0]);
    assert_eq!(summary.reasons.keys().collect::<Vec<_>>(), ["client.unknown"]);
    assert_eq!(counts(&import(&test, &changed, Mode::Update).await), [0, 0, 2, 1, 0]);
    let phone = |number: &str| format!("/clients?q={number}");
    assert_eq!(total(&principal, &phone("13900000000")).await, 1);
    assert_eq!(total(&principal, &phone("13800000000")).await, 0);

    let page = principal.get("/imports").await;
    let items = page.body["items"].as_array().unwrap();
    let of = |created: u64, updated: u64| {
        let found = items.iter().find(|item| {
            item["counts"]["created"] == created && item["counts"]["updated"] == updated
        });
        found.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (first, second) = (of(2, 0), of(0, 2));
    let refused = principal.post(&format!("/imports/{first}/undo"), json!({})).await;
    assert_eq!((refused.status, refused.code()), (409, "import.worked_on"));
    assert!(refused.str("/detail").contains("2 个"), "{}", refused.body);
    let undone = principal.post(&format!("/imports/{second}/undo"), json!({})).await;
    assert_eq!(undone.status, 200, "{}", undone.body);
    assert_eq!(total(&principal, &phone("13800000000")).await, 1);
    assert_eq!(total(&principal, &phone("13900000000")).await, 0);
    assert_eq!(counts(&import(&test, &made, Mode::Update).await), [0, 0, 2, 0, 0]);
}

pub(crate) async fn total(client: &Client<'_>, path: &str) -> i64 {
    let reply = client.get(path).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body["total"]["count"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_does_not_update_clients_of_others() {
    let test = TestApp::new().await;
    let made = written(&test, "made.csv", clients_csv(0, 1));
    import(&test, &made, Mode::Create).await;
    let clerk = test.as_clerk().await;
    let text = format!("企业名称,税号\n改名公司,{}\n", code(0));
    let uploaded = clerk.upload("/imports", "u.csv", text.as_bytes(), &[]).await;
    let id = uploaded.str("/id");
    clerk.post(&format!("/imports/{id}/check"), json!({ "mode": "update" })).await;
    let checked = ended(&clerk, &id).await;
    assert_eq!(checked.body["reasons"], json!({ "client.out_of_reach": 1 }), "{}", checked.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_everything_and_leaves_nothing() {
    let test = TestApp::new().await;
    let path = written(&test, "dry.csv", clients_csv(0, 3) + "示例乙,110108000000017,,,\n");
    let errors = test.store().folder().join("errors.xlsx");
    let options = ImportOptions { mode: Mode::Create, dry_run: true, errors: Some(errors.clone()) };
    let summary = import_file(&test.app, &operator(), &path, options).await.unwrap();
    assert_eq!(counts(&summary), [3, 0, 0, 1, 0]);
    let (_, rows) = rows_of(documents::open_path(&errors, &Limits::default()).unwrap());
    assert_eq!(rows.len(), 1);
    let principal = test.as_principal().await;
    assert_eq!(total(&principal, "/clients").await, 0);
    let kept = std::fs::read_dir(test.store().folder().join("imports")).unwrap().count();
    assert_eq!(kept, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_was_cut_short_goes_on_where_it_was() {
    let test = TestApp::new().await;
    let repeated = format!("示例重复,{},,,\n", code(0));
    let path = written(&test, "long.csv", clients_csv(0, 4_000) + &repeated);
    let app = test.app.clone();
    let file = path.clone();
    let cut = tokio::spawn(async move {
        import_file(&app, &operator(), &file, ImportOptions::default()).await
    });
    let principal = test.as_principal().await;
    let id = loop {
        let page = principal.get("/imports").await;
        let first = &page.body["items"][0];
        if first["counts"]["created"].as_u64().unwrap_or(0) >= 500 {
            break first["id"].as_str().unwrap().to_owned();
        }
        tokio::task::yield_now().await;
    };
    cut.abort();
    let was_cut = cut.await.is_err();
    assert!(was_cut, "the import ended before it could be cut short");
    let left = principal.get(&format!("/imports/{id}")).await;
    assert_eq!(left.str("/state"), "running", "{}", left.body);
    test.clock.advance_seconds(120);
    resume_imports(&test.app).await.unwrap();
    let done = ended(&principal, &id).await;
    assert_eq!(done.str("/state"), "done", "{}", done.body);
    assert_eq!(done.body["counts"]["created"], 4_000);
    assert_eq!(done.body["counts"]["duplicates"], 1);
    assert_eq!(total(&principal, "/clients").await, 4_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_can_be_stopped_and_what_came_in_taken_back() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let text = clients_csv(0, 3_000);
    let uploaded = clerk.upload("/imports", "l.csv", text.as_bytes(), &[]).await;
    let id = uploaded.str("/id");
    clerk.post(&format!("/imports/{id}/check"), json!({})).await;
    ended(&clerk, &id).await;
    clerk.post(&format!("/imports/{id}/run"), json!({})).await;
    let stopped = clerk.post(&format!("/imports/{id}/cancel"), json!({})).await;
    assert_eq!(stopped.status, 200, "{}", stopped.body);
    let view = ended(&clerk, &id).await;
    assert_eq!(view.str("/state"), "cancelled");
    let created = view.body["counts"]["created"].as_i64().unwrap();
    let supervisor = test.as_supervisor().await;
    assert_eq!(listed(&supervisor).await, created);
    clerk.post(&format!("/imports/{id}/undo"), json!({})).await;
    assert_eq!(listed(&supervisor).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn gb18030_text_is_read_as_it_was_meant() {
    let test = TestApp::new().await;
    // 企业名称,税号 and one row, in GB18030.
    let mut bytes =
        vec![0xC6, 0xF3, 0xD2, 0xB5, 0xC3, 0xFB, 0xB3, 0xC6, 0x2C, 0xCB, 0xB0, 0xBA, 0xC5, 0x0A];
    bytes.extend([0xCA, 0xBE, 0xC0, 0xFD, 0xB9, 0xAB, 0xCB, 0xBE, 0x2C]);
    bytes.extend(code(1).into_bytes());
    bytes.push(b'\n');
    let path = written(&test, "gb.csv", bytes);
    assert_eq!(counts(&import(&test, &path, Mode::Create).await), [1, 0, 0, 0, 0]);
    let principal = test.as_principal().await;
    let page = principal.get("/clients").await;
    assert_eq!(page.str("/items/0/name"), "示例公司");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_register_comes_in_whole() {
    let Some(path) = real_file("register_20k.csv") else { return };
    let test = TestApp::new().await;
    let summary = import(&test, &path, Mode::Create).await;
    println!("{summary:?}");
    let [created, updated, unchanged, rejected, duplicates] = counts(&summary);
    assert_eq!(summary.rows, 20_000);
    assert_eq!((updated, unchanged, duplicates), (0, 0, 0));
    assert!(created >= 19_900, "{summary:?}");
    assert!(summary.reasons.keys().all(|code| code.starts_with("uscc.")), "{rejected}");
    assert!(summary.warnings.values().sum::<u64>() < 400, "{:?}", summary.warnings);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_broken_rows_are_refused_each_for_its_reason() {
    let Some(path) = real_file("register_broken_rows.csv") else { return };
    let test = TestApp::new().await;
    let summary = import(&test, &path, Mode::Create).await;
    println!("{summary:?}");
    counts(&summary);
    let reasons: &BTreeMap<String, u64> = &summary.reasons;
    assert_eq!(summary.rows, 2_462);
    assert!(reasons["uscc.old_15"] > 1_600, "{reasons:?}");
    assert!(reasons["row.garbled"] > 400, "{reasons:?}");
    assert!(summary.created > 90, "{summary:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_an_export_wait_in_a_private_folder_that_a_start_empties() {
    let test = TestApp::new().await;
    import(&test, &written(&test, "l.csv", clients_csv(0, 2)), Mode::Create).await;
    let principal = test.as_principal().await;
    let file = principal.get("/exports/clients?format=xlsx&purpose=%E5%B9%B4%E6%A3%80").await;
    assert_eq!(file.status, 200, "{}", file.body);
    let folder = test.store().folder().join("scratch");
    let left = || std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(left(), 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
    std::fs::write(folder.join(".tmp-left"), b"left by a crash").unwrap();
    resume_imports(&test.app).await.unwrap();
    assert_eq!(left(), 0);
}
