//! Fields of the firm's own behave like any other.

use serde_json::{Value, json};
use testkit::TestApp;

use super::made;

fn field(key: &str, kind: &str, zh: &str, item: &str) -> Value {
    json!({ "key": key, "section": "business", "kind": kind, "zh": zh, "en": key, "item": item })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_added_field_is_shown_checked_versioned_sealed_and_imported() {
    let test = TestApp::new().await;
    let (principal, clerk) = (test.as_principal().await, test.as_clerk().await);
    let mut grade = field("custom.grade", "choice", "客户等级", "work_paper");
    grade["choices"] = json!(["甲", "乙"]);
    for new in [
        grade,
        field("custom.visits", "int", "走访次数", "work_paper"),
        field("custom.hotline", "text", "专线", "contact"),
    ] {
        let added = principal.post("/fields", new).await;
        assert_eq!(added.status, 201, "{}", added.body);
        assert_eq!(added.body["custom"], true);
    }
    let listed = clerk.get("/fields").await;
    let all = listed.body["items"].as_array().unwrap();
    let hotline = all.iter().find(|one| one["key"] == "custom.hotline").unwrap();
    assert_eq!((&hotline["sealed"], &hotline["level"]), (&json!(true), &json!(3)));

    let fields = json!({ "name": "示例", "custom.grade": "甲", "custom.hotline": "内线八零零一" });
    let client = made(&clerk, json!({ "fields": fields })).await;
    assert_eq!(client.str("/fields/custom.grade/value"), "甲");
    assert_eq!(client.body["fields"]["custom.hotline"]["masked"], true);
    assert!(!client.text().contains("零零一"));
    let path = format!("/clients/{}", client.str("/id"));
    let with = clerk.clone().with("if-match", "\"v1\"");
    let wrong = with.patch(&path, json!({ "fields": { "custom.visits": "许多" } })).await;
    assert_eq!((wrong.status, wrong.code()), (422, "number.unreadable"));
    let unknown = with.patch(&path, json!({ "fields": { "custom.nil": "1" } })).await;
    assert_eq!(unknown.code(), "client.field_unknown");
    let right = with.patch(&path, json!({ "fields": { "custom.visits": "3次" } })).await;
    assert_eq!(right.code(), "number.unreadable");
    let right = with.patch(&path, json!({ "fields": { "custom.visits": "3" } })).await;
    assert_eq!(right.str("/fields/custom.visits/value"), "3", "{}", right.body);
    let versions = clerk.get(&format!("{path}/versions")).await;
    assert_eq!(versions.str("/0/changes/0/zh"), "走访次数");
    let plain = json!({ "field": "custom.hotline", "purpose": "回访" });
    let shown = principal.post(&format!("{path}/reveal"), plain).await;
    assert_eq!(shown.str("/value"), "内线八零零一", "{}", shown.body);

    let file = "企业名称,客户等级\n示例二,乙\n".as_bytes();
    let upload = clerk.upload("/imports", "名单.csv", file, &[]).await;
    assert_eq!(upload.str("/columns/1/field"), "custom.grade", "{}", upload.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_that_cannot_be_kept_safely_is_refused() {
    let test = TestApp::new().await;
    let principal = test.as_principal().await;
    let code = async |field: Value| {
        let reply = principal.post("/fields", field).await;
        (reply.status, reply.code().to_owned())
    };
    let refused = |code: &str| (422, code.to_owned());
    let four = field("custom.card", "text", "身份证复印件号", "legal_rep_id_no");
    assert_eq!(code(four).await, refused("field.level_4"));
    for wrong in [
        field("grade", "text", "等级", "work_paper"),
        field("custom.等级", "text", "等级", "work_paper"),
        field("custom.grade", "phone", "等级", "work_paper"),
        field("custom.grade", "choice", "等级", "work_paper"),
        field("custom.grade", "text", "", "work_paper"),
        field("custom.grade", "text", "等级", "nothing"),
    ] {
        assert_eq!(code(wrong).await, refused("field.definition"));
    }
    let taken = field("custom.grade", "text", "企业名称", "work_paper");
    assert_eq!(code(taken).await, (409, "field.name_taken".to_owned()));
    let good = field("custom.grade", "text", "等级", "work_paper");
    assert_eq!(code(good).await.0, 201);
    let again = field("custom.grade", "text", "别名", "work_paper");
    assert_eq!(code(again).await, (409, "field.key_taken".to_owned()));
    let clerk = test.as_clerk().await;
    let more = field("custom.more", "text", "更多", "work_paper");
    assert_eq!(clerk.post("/fields", more).await.status, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_that_another_process_added_is_known_when_it_is_met() {
    let test = TestApp::new().await;
    let principal = test.as_principal().await;
    // This process has read the definitions before the other adds one.
    assert_eq!(principal.get("/fields").await.status, 200);
    let definition = trust::database::Value::from("[]");
    let job = trust::access::Actor::part_of_heng("job", trust::access::Origin::default());
    let permit = test.app.access.authorize::<Other>(&job, ()).await.unwrap();
    let mut tx = test.app.db.write(&permit).await.unwrap();
    let sql = "INSERT INTO custom_field (key, section, kind, zh, en, item, choices, created_at) \
               VALUES ('custom.late', 'basic', 'text', '后加', 'Late', 'work_paper', $1, 1)";
    tx.execute(sql, &[definition]).await.unwrap();
    tx.commit(permit.entry(trust::record::Change::none())).await.unwrap();
    let fields = json!({ "name": "示例", "custom.late": "值" });
    let client = made(&principal, json!({ "fields": fields })).await;
    assert_eq!(client.str("/fields/custom.late/value"), "值");
}

struct Other;
impl trust::access::Action for Other {
    const NAME: &'static str = "job.run";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_required_field_of_the_firm_must_be_filled_in_when_a_client_is_saved() {
    let test = TestApp::new().await;
    let (principal, clerk) = (test.as_principal().await, test.as_clerk().await);
    let before = made(&clerk, json!({ "fields": { "name": "早先的公司" } })).await;
    let mut grade = field("custom.grade", "text", "客户等级", "work_paper");
    grade["required"] = json!(true);
    let added = principal.post("/fields", grade).await;
    assert_eq!((added.status, &added.body["required"]), (201, &json!(true)), "{}", added.body);

    let lacking = clerk.post("/clients", json!({ "fields": { "name": "示例" } })).await;
    assert_eq!((lacking.status, lacking.code()), (422, "field.required"));
    assert_eq!(lacking.str("/field"), "custom.grade");
    let full = json!({ "fields": { "name": "示例", "custom.grade": "甲" } });
    let id = made(&clerk, full).await.str("/id");
    let with = clerk.clone().with("if-match", "\"v1\"");
    let emptied = json!({ "fields": { "custom.grade": null } });
    assert_eq!(with.patch(&format!("/clients/{id}"), emptied).await.code(), "field.required");

    // An older client lacks it: its own section asks for it, another does not.
    let path = format!("/clients/{}", before.str("/id"));
    let basic = json!({ "fields": { "short_name": "早先" } });
    assert_eq!(with.patch(&path, basic).await.status, 200);
    let with = clerk.clone().with("if-match", "\"v2\"");
    let business = json!({ "fields": { "main_business": "甲" } });
    assert_eq!(with.patch(&path, business).await.code(), "field.required");
}
