//! What an import refuses to whoever lost, or never had, the right to what it does.

use app::clients::{ImportMode as Mode, ImportOptions, import_file, reseal_import_file};
use serde_json::json;
use testkit::{Client, TestApp};
use trust::access::{Actor, Origin};

use crate::imports::{clients_csv, code, counts, ended, import, total, written};

async fn user_id(test: &TestApp, login: &str) -> String {
    let page = test.as_sysadmin().await.get("/users").await;
    let items = page.body["items"].as_array().unwrap().clone();
    let found = items.iter().find(|user| user["name"] == login || user["login"] == login);
    found.unwrap_or_else(|| panic!("{login}: {items:?}"))["id"].as_str().unwrap().to_owned()
}

/// A person as they stand at this moment, as a worker in the background holds them.
async fn stale(test: &TestApp, login: &str) -> Actor {
    let id = user_id(test, login).await.parse().unwrap();
    app::identity::actor_of(&test.app, id, Origin::default()).await.unwrap()
}

async fn patched(test: &TestApp, login: &str, body: serde_json::Value) {
    let id = user_id(test, login).await;
    let done = test.as_secadmin().await.patch(&format!("/users/{id}"), body).await;
    assert_eq!(done.status, 200, "{}", done.body);
}

async fn uploaded(by: &Client<'_>, text: &str) -> String {
    let reply = by.upload("/imports", "名单.csv", text.as_bytes(), &[]).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.str("/id")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn confidential_columns_are_refused_up_front_by_name() {
    let test = TestApp::new().await;
    patched(&test, "accountant", json!({ "roles": ["accountant"], "clearance": 2 })).await;
    let clerk = test.as_clerk().await;
    let id = uploaded(&clerk, &clients_csv(0, 2)).await;
    let check = format!("/imports/{id}/check");
    let refused = clerk.post(&check, json!({ "mode": "create" })).await;
    assert_eq!((refused.status, refused.code()), (403, "import.confidential"));
    let told = refused.str("/detail");
    assert!(told.contains("联系人、手机") && !told.contains("企业名称"), "{told}");
    let left = clerk.get(&format!("/imports/{id}")).await;
    assert_eq!(left.str("/state"), "uploaded", "{}", left.body);

    let without = json!({ "mapping": { "0": "name", "1": "uscc" } });
    assert_eq!(clerk.post(&check, without).await.status, 202);
    assert_eq!(ended(&clerk, &id).await.body["counts"]["created"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_stops_when_its_importer_is_disabled() {
    let test = TestApp::new().await;
    let path = written(&test, "l.csv", clients_csv(0, 5));
    let actor = stale(&test, "accountant").await;
    let id = user_id(&test, "accountant").await;
    let closed = test.as_sysadmin().await.post(&format!("/users/{id}/disable"), json!({})).await;
    assert_eq!(closed.status, 204, "{}", closed.body);
    let ended = import_file(&test.app, &actor, &path, ImportOptions::default()).await;
    assert_eq!(ended.unwrap_err().code(), "import.owner_gone");
    let principal = test.as_principal().await;
    let run = principal.get("/imports").await.body["items"][0].clone();
    assert_eq!((&run["state"], &run["counts"]["created"]), (&json!("failed"), &json!(0)));
    assert!(run["failure"].as_str().unwrap().contains("已停用"), "{run}");
    assert_eq!(total(&principal, "/clients").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_stops_when_its_importer_loses_the_right() {
    let test = TestApp::new().await;
    let path = written(&test, "l.csv", clients_csv(0, 5));
    let actor = stale(&test, "accountant").await;
    patched(&test, "accountant", json!({ "roles": ["accountant"], "clearance": 2 })).await;
    let lower = import_file(&test.app, &actor, &path, ImportOptions::default()).await;
    assert_eq!(lower.unwrap_err().code(), "import.confidential");
    patched(&test, "accountant", json!({ "roles": ["quality"], "clearance": 3 })).await;
    let other = import_file(&test.app, &actor, &path, ImportOptions::default()).await;
    assert_eq!(other.unwrap_err().code(), "import.owner_rights");
    let principal = test.as_principal().await;
    let runs = principal.get("/imports").await;
    let items = runs.body["items"].as_array().unwrap();
    assert!(items.iter().all(|run| run["state"] == "failed"), "{items:?}");
    assert_eq!(total(&principal, "/clients").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taking_back_needs_the_right_to_every_client_that_was_changed() {
    let test = TestApp::new().await;
    import(&test, &written(&test, "made.csv", clients_csv(0, 1)), Mode::Create).await;
    let principal = test.as_principal().await;
    let client = principal.get("/clients").await.str("/items/0/id");
    let assign = format!("/clients/{client}/assign");
    let lead = |id: String| json!({ "lead": id });
    let given = principal.post(&assign, lead(user_id(&test, "accountant").await)).await;
    assert_eq!(given.status, 204, "{}", given.body);

    let clerk = test.as_clerk().await;
    let text = format!("企业名称,税号,手机\n示例第0号公司,{},13900000000\n", code(0));
    let id = uploaded(&clerk, &text).await;
    clerk.post(&format!("/imports/{id}/check"), json!({ "mode": "update" })).await;
    ended(&clerk, &id).await;
    clerk.post(&format!("/imports/{id}/run"), json!({})).await;
    assert_eq!(ended(&clerk, &id).await.body["counts"]["updated"], 1);

    // A telephone is confidential: giving the old one back needs what changing it needed.
    patched(&test, "accountant", json!({ "roles": ["accountant"], "clearance": 2 })).await;
    let refused = clerk.post(&format!("/imports/{id}/undo"), json!({})).await;
    assert_eq!((refused.status, refused.code()), (403, "import.out_of_reach"));
    assert_eq!(total(&principal, "/clients?q=13900000000").await, 1, "nothing half");
    let undone = principal.post(&format!("/imports/{id}/undo"), json!({})).await;
    assert_eq!(undone.status, 200, "{}", undone.body);
    assert_eq!(total(&principal, "/clients?q=13800000000").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kept_files_are_sealed_again_after_a_rotation_and_still_open() {
    let test = TestApp::new().await;
    let clerk = test.as_clerk().await;
    let text = clients_csv(0, 2) + "示例乙,110108000000017,,,\n";
    let id = uploaded(&clerk, &text).await;
    let folder = test.store().folder().join("imports");
    let kept = || std::fs::read(folder.join(format!("{id}.sealed"))).unwrap();
    let before = kept();
    let rotated = test.as_secadmin().await.post("/keys/rotate", json!({})).await;
    assert_eq!(rotated.status, 202, "{}", rotated.body);
    loop {
        let keys = test.as_secadmin().await.get("/keys").await;
        if keys.body["rotation"]["running"] == false {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_ne!(before, kept());
    let again = tokio::task::block_in_place(|| reseal_import_file(&test.app, None)).unwrap();
    assert_eq!(again.unwrap().0, 0, "nothing was left for another walk");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "and nothing lies about");
    clerk.post(&format!("/imports/{id}/check"), json!({})).await;
    assert_eq!(ended(&clerk, &id).await.body["counts"]["created"], 2);
    assert_eq!(clerk.get(&format!("/imports/{id}/errors.xlsx")).await.status, 200);
    // A damaged file is left to its owner and holds up nobody.
    let other = uploaded(&clerk, &text).await;
    std::fs::write(folder.join(format!("{other}.sealed")), b"broken").unwrap();
    let mut after = None;
    while let Some((_, file)) =
        tokio::task::block_in_place(|| reseal_import_file(&test.app, after)).unwrap()
    {
        after = Some(file);
    }
    assert_eq!(
        counts(&import(&test, &written(&test, "e.csv", clients_csv(7, 8)), Mode::Create).await),
        [1, 0, 0, 0, 0]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_says_where_its_clients_stand_as_far_as_its_importer_may() {
    let test = TestApp::new().await;
    let text = format!(
        "企业名称,税号,阶段,负责人,部门,注册资金\n\
         示例甲公司,{},服务中,accountant,代理一部,100万元\n\
         示例乙公司,{},,匡计,代理二部,壹佰万元整\n\
         示例丙公司,{},别处,查无此人,无此部门,200\n",
        code(1),
        code(2),
        code(3)
    );
    let supervisor = test.as_supervisor().await;
    let id = uploaded(&supervisor, &text).await;
    let check = json!({ "mode": "create", "stage": "onboarding" });
    supervisor.post(&format!("/imports/{id}/check"), check).await;
    let checked = ended(&supervisor, &id).await;
    let warned = json!({ "choice.unknown": 1, "lead.unknown": 1, "department.unknown": 1,
        "capital.unit_assumed": 1 });
    assert_eq!(checked.body["warnings"], warned, "{}", checked.body);
    supervisor.post(&format!("/imports/{id}/run"), json!({})).await;
    let done = ended(&supervisor, &id).await;
    assert_eq!(done.body["counts"]["created"], 3, "{}", done.body);
    assert_eq!(done.body["warnings"], warned);
    assert_eq!(done.body["undoable"]["allowed"], true, "{}", done.body);

    let principal = test.as_principal().await;
    let page = principal.get("/clients?sort=name").await;
    let of = |name: &str| {
        let items = page.body["items"].as_array().unwrap();
        items.iter().find(|item| item["name"] == name).unwrap().clone()
    };
    let (first, second, third) = (of("示例甲公司"), of("示例乙公司"), of("示例丙公司"));
    assert_eq!((&first["stage"], &first["lead"]["name"]), (&json!("active"), &json!("匡计")));
    assert_eq!(
        (&second["stage"], &second["department"]),
        (&json!("onboarding"), &json!("代理二部"))
    );
    assert_eq!(second["registered_capital_fen"], 100_000_000, "{second}");
    assert_eq!((&third["stage"], &third["lead"]), (&json!("onboarding"), &serde_json::Value::Null));
    assert_eq!(third["department"], "代理一部");

    let notes = supervisor.get(&format!("/imports/{id}/notes")).await;
    let items = notes.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 4, "{items:?}");
    let assumed = items.iter().find(|note| note["code"] == "capital.unit_assumed").unwrap();
    assert_eq!((&assumed["row"], &assumed["column"]), (&json!(4), &json!("注册资金")));
    assert_eq!(assumed["value"], "200");
    let unknown = items.iter().find(|note| note["code"] == "lead.unknown").unwrap();
    assert_eq!((&unknown["column"], &unknown["value"]), (&json!("负责人"), &json!("查无此人")));
    assert!(assumed["reason"].as_str().unwrap().contains('元'));
    let stranger = test.as_role("client_manager").await;
    assert_eq!(stranger.get(&format!("/imports/{id}/notes")).await.status, 404);

    let file = supervisor.get(&format!("/imports/{id}/errors.xlsx")).await;
    assert_eq!(file.status, 200, "{}", file.body);
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&file.bytes)).unwrap();
    let mut shared = String::new();
    let mut part = zip.by_name("xl/worksheets/sheet2.xml").unwrap();
    std::io::Read::read_to_string(&mut part, &mut shared).unwrap();
    assert_eq!(shared.matches("<row ").count(), 5, "{shared}");
    drop(part);
    let undone = supervisor.post(&format!("/imports/{id}/undo"), json!({})).await;
    assert_eq!(undone.status, 200, "{}", undone.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_names_only_themselves_and_their_own_department() {
    let test = TestApp::new().await;
    let text = "企业名称,负责人,部门\n示例甲公司,税无忧,代理一部\n示例乙公司,匡计,代理二部\n";
    let clerk = test.as_clerk().await;
    let id = uploaded(&clerk, text).await;
    clerk.post(&format!("/imports/{id}/check"), json!({})).await;
    ended(&clerk, &id).await;
    clerk.post(&format!("/imports/{id}/run"), json!({})).await;
    let done = ended(&clerk, &id).await;
    let warned = json!({ "lead.not_allowed": 1, "department.not_allowed": 1 });
    assert_eq!(done.body["warnings"], warned, "{}", done.body);
    let own = clerk.get("/clients").await;
    assert_eq!(own.body["total"]["count"], 1);
    assert_eq!(own.str("/items/0/name"), "示例乙公司");
    assert_eq!(own.str("/items/0/department"), "代理一部");
}
