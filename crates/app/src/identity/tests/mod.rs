//! The context through HTTP, as each role.

mod factor;
mod links;
mod lockout;
mod tokens;

use serde_json::json;
use testkit::{PASSWORD, TestApp};

const NEW_PASSWORD: &str = "Another-Horse-7";

async fn user_id(app: &TestApp, name: &str) -> String {
    let found = app.as_secadmin().await.get(&format!("/users?q={name}")).await;
    let items = found.body["items"].as_array().unwrap().clone();
    let row = items.iter().find(|row| row["name"] == name).unwrap();
    row["id"].as_str().unwrap().to_owned()
}

/// Makes an account and sets its password through its link.
async fn newcomer(app: &TestApp, name: &str) -> String {
    let body = json!({ "name": name, "display_name": "新同事" });
    let made = app.as_sysadmin().await.post("/users", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let set = set_password(app, &made.str("/link"), NEW_PASSWORD).await;
    assert_eq!(set, 200);
    made.str("/id")
}

async fn set_password(app: &TestApp, link: &str, password: &str) -> u16 {
    let token = link.split("token=").nth(1).unwrap();
    let fields = [("token", token), ("password", password), ("repeat", password)];
    app.as_nobody().form("//reset", &fields).await.status
}

async fn sign_in(app: &TestApp, name: &str, password: &str) -> testkit::Reply {
    app.as_nobody().post("/session", json!({ "name": name, "password": password })).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let app = TestApp::new().await;
    newcomer(&app, "xiaowang").await;
    let reply = sign_in(&app, "xiaowang", NEW_PASSWORD).await;
    let cookie = reply.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("heng_session=") && cookie.contains("; Path=/"));
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"));
    let secure = TestApp::with(|running| running.secure_cookies = true).await;
    newcomer(&secure, "xiaowang").await;
    let reply = sign_in(&secure, "xiaowang", NEW_PASSWORD).await;
    assert!(reply.headers["set-cookie"].to_str().unwrap().contains("; Secure"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_without_the_header_of_our_own_pages_is_refused() {
    let app = TestApp::new().await;
    let client = app.as_sysadmin().await.without("x-heng-csrf");
    let reply = client.post("/departments", json!({ "name": "三部" })).await;
    assert_eq!((reply.status, reply.code()), (403, "csrf"));
    let foreign = app.as_sysadmin().await.with("origin", "https://evil.example");
    assert_eq!(foreign.post("/departments", json!({ "name": "三部" })).await.code(), "csrf");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn me_says_who_i_am_and_what_i_may_do() {
    let app = TestApp::new().await;
    let me = app.as_clerk().await.get("/me").await;
    assert_eq!(me.status, 200, "{}", me.body);
    assert_eq!(me.body["roles"], json!(["accountant"]));
    assert_eq!(me.body["department"]["name"], "代理一部");
    assert_eq!(me.body["mfa"], true);
    assert_eq!(me.body["totp_needed"], false);
    let may = |name: &str| me.body["permissions"].as_array().unwrap().contains(&json!(name));
    assert!(may("client.list") && may("client.create") && may("session.own"));
    assert!(!may("user.create") && !may("record.list") && !may("role.grant"));
    assert_eq!(app.as_nobody().get("/me").await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_session_is_over_at_once() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let own = clerk.get("/sessions").await;
    assert_eq!(own.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(own.body["items"][0]["current"], true);
    let id = own.str("/items/0/id");
    let foreign = app.as_role("client_manager").await.delete(&format!("/sessions/{id}")).await;
    assert_eq!(foreign.status, 403);
    let ended = app.as_secadmin().await.delete(&format!("/sessions/{id}")).await;
    assert_eq!(ended.status, 204, "{}", ended.body);
    let after = clerk.get("/me").await;
    assert_eq!((after.status, after.code()), (401, "session.ended"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_when_it_idles_and_after_half_a_day() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    for _ in 0..24 {
        app.clock.advance_seconds(29 * 60);
        assert_eq!(clerk.get("/me").await.status, 200);
    }
    app.clock.advance_seconds(29 * 60);
    assert_eq!(clerk.get("/me").await.status, 401, "after twelve hours");
    let other = app.as_role("client_manager").await;
    app.clock.advance_seconds(31 * 60);
    assert_eq!(other.get("/me").await.status, 401, "after half an hour unused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_ends_the_session() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let out = clerk.delete("/session").await;
    assert_eq!(out.status, 204);
    assert!(out.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(clerk.get("/me").await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaving_staff_lose_access_the_same_second() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    let token = clerk
        .post("/tokens", json!({ "name": "t", "scope": ["read"], "expires_on": "2026-07-01" }))
        .await
        .str("/token");
    let id = user_id(&app, "accountant").await;
    let done = app.as_sysadmin().await.post(&format!("/users/{id}/disable"), json!({})).await;
    assert_eq!(done.status, 204, "{}", done.body);
    assert_eq!(clerk.get("/me").await.status, 401);
    let program = app.as_nobody().with("authorization", &format!("Bearer {token}"));
    assert_eq!(program.get("/me").await.status, 401);
    assert_eq!(sign_in(&app, "accountant", PASSWORD).await.code(), "session.refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_holder_of_an_office_stays() {
    let app = TestApp::new().await;
    let (sysadmin, secadmin) = (app.as_sysadmin().await, app.as_secadmin().await);
    for office in ["sysadmin", "secadmin", "auditor"] {
        let id = user_id(&app, office).await;
        let reply = sysadmin.post(&format!("/users/{id}/disable"), json!({})).await;
        assert_eq!((reply.status, reply.code()), (409, "user.last_holder"), "{office}");
    }
    let auditor = user_id(&app, "auditor").await;
    let reply = secadmin.patch(&format!("/users/{auditor}"), json!({ "roles": [] })).await;
    assert_eq!((reply.status, reply.code()), (409, "user.last_holder"));
    let second = newcomer(&app, "second_auditor").await;
    let granted = secadmin
        .patch(&format!("/users/{second}"), json!({ "roles": ["auditor"], "clearance": 2 }))
        .await;
    assert_eq!(granted.status, 200, "{}", granted.body);
    let reply = secadmin.patch(&format!("/users/{auditor}"), json!({ "roles": [] })).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_holds_two_offices_or_grants_to_themselves() {
    let app = TestApp::new().await;
    let secadmin = app.as_secadmin().await;
    let id = newcomer(&app, "xiaoli").await;
    let both = json!({ "roles": ["sysadmin", "auditor"] });
    let reply = secadmin.patch(&format!("/users/{id}"), both).await;
    assert_eq!((reply.status, reply.code()), (422, "user.two_offices"));
    let own = user_id(&app, "secadmin").await;
    let more = json!({ "roles": ["secadmin", "principal"], "clearance": 4 });
    let reply = secadmin.patch(&format!("/users/{own}"), more).await;
    assert_eq!((reply.status, reply.code()), (403, "user.self_grant"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strict_firm_keeps_offices_apart_from_business() {
    let mix = json!({ "roles": ["auditor", "accountant"] });
    for (strict, status) in [(true, 422), (false, 200)] {
        let app = TestApp::with(|running| running.strict_offices = strict).await;
        let id = newcomer(&app, "xiaozhao").await;
        let reply = app.as_secadmin().await.patch(&format!("/users/{id}"), mix.clone()).await;
        assert_eq!(reply.status, status, "{}", reply.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_are_made_by_one_office_and_empowered_by_another() {
    let app = TestApp::new().await;
    let (sysadmin, secadmin) = (app.as_sysadmin().await, app.as_secadmin().await);
    let draft = json!({ "name": "xiaoqian", "display_name": "小钱", "roles": ["principal"] });
    assert_eq!(sysadmin.post("/users", draft.clone()).await.status, 403);
    assert_eq!(secadmin.post("/users", draft).await.status, 403);
    let id = newcomer(&app, "xiaoqian").await;
    let path = format!("/users/{id}");
    assert_eq!(sysadmin.patch(&path, json!({ "clearance": 3 })).await.status, 403);
    assert_eq!(secadmin.patch(&path, json!({ "display_name": "钱一" })).await.status, 403);
    let renamed = sysadmin.patch(&path, json!({ "display_name": "钱一" })).await;
    assert_eq!(renamed.body["display_name"], "钱一");
    let granted = secadmin
        .patch(
            &path,
            json!({ "roles": ["accountant"], "clearance": 2,
                              "training_until": "2026-12-31" }),
        )
        .await;
    assert_eq!(granted.body["roles"], json!(["accountant"]));
    assert_eq!(granted.body["training_until"], "2026-12-31");
    let whole = json!({ "display_name": "钱一", "department_id": null, "email": null,
                        "roles": ["accountant"], "clearance": 3 });
    assert_eq!(secadmin.patch(&path, whole).await.body["clearance"], 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_is_taken_whatever_its_case_and_width() {
    let app = TestApp::new().await;
    let body = json!({ "name": "ＡCCOUNTANT", "display_name": "同名" });
    let reply = app.as_sysadmin().await.post("/users", body).await;
    assert_eq!((reply.status, reply.code()), (422, "user.name_taken"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_account_without_roles_sees_itself_and_nothing_else() {
    let app = TestApp::new().await;
    newcomer(&app, "xiaosun").await;
    let cookie = sign_in(&app, "xiaosun", NEW_PASSWORD).await.cookie().unwrap();
    let client = app.as_nobody().with("cookie", &cookie);
    let me = client.get("/me").await;
    assert_eq!(me.body["permissions"], json!(["session.own"]), "{}", me.body);
    assert_eq!(client.get("/users").await.status, 403);
    assert_eq!(client.get("/departments").await.status, 403);
}

fn app_code(secret: &str, app: &TestApp) -> String {
    use values::Clock;
    crate::identity::code_at(secret, app.clock.now()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fresh_proof_takes_password_and_code() {
    let app = TestApp::new().await;
    let clerk = app.as_clerk().await;
    app.clock.advance_seconds(600);
    let stale = clerk.post("/totp/enroll", json!({})).await;
    assert_eq!((stale.status, stale.code()), (403, "denied.proof"));
    let wrong = json!({ "password": "Wrong-Horse-99", "totp": app.code() });
    assert_eq!(clerk.post("/session/renew-proof", wrong).await.status, 401);
    let half = clerk.post("/session/renew-proof", json!({ "password": PASSWORD })).await;
    assert_eq!(half.code(), "session.totp_required");
    let right = json!({ "password": PASSWORD, "totp": app.code() });
    assert_eq!(clerk.post("/session/renew-proof", right).await.status, 204);
    assert_eq!(clerk.post("/totp/enroll", json!({})).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_password_ends_other_sessions() {
    let app = TestApp::new().await;
    newcomer(&app, "xiaowu").await;
    let first = sign_in(&app, "xiaowu", NEW_PASSWORD).await.cookie().unwrap();
    let second = sign_in(&app, "xiaowu", NEW_PASSWORD).await.cookie().unwrap();
    let client = app.as_nobody().with("cookie", &second);
    let body = json!({ "password": NEW_PASSWORD, "new_password": "xiaowu" });
    assert_eq!(client.post("/password", body).await.code(), "password.weak");
    let body = json!({ "password": NEW_PASSWORD, "new_password": "Third-Horse-42" });
    assert_eq!(client.post("/password", body).await.status, 204);
    assert_eq!(client.get("/me").await.status, 200);
    assert_eq!(app.as_nobody().with("cookie", &first).get("/me").await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn departments_form_a_tree_without_circles() {
    let app = TestApp::new().await;
    let sysadmin = app.as_sysadmin().await;
    let top = sysadmin.post("/departments", json!({ "name": "事业部" })).await.str("/id");
    let child = json!({ "name": "三部", "parent_id": top });
    let child = sysadmin.post("/departments", child).await.str("/id");
    let path = format!("/departments/{top}");
    let circle = sysadmin.patch(&path, json!({ "parent_id": child })).await;
    assert_eq!((circle.status, circle.code()), (422, "department.parent"));
    assert_eq!(sysadmin.delete(&path).await.code(), "department.in_use");
    assert_eq!(sysadmin.delete(&format!("/departments/{child}")).await.status, 204);
    assert_eq!(sysadmin.delete(&path).await.status, 204);
    let twice = sysadmin.post("/departments", json!({ "name": "代理一部" })).await;
    assert_eq!((twice.status, twice.code()), (422, "department.name_taken"));
    assert_eq!(app.as_clerk().await.post("/departments", json!({ "name": "x" })).await.status, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roles_are_listed_in_both_languages() {
    let app = TestApp::new().await;
    let roles = app.as_clerk().await.get("/roles").await;
    let roles = roles.body.as_array().unwrap().clone();
    assert_eq!(roles.iter().filter(|role| role["kind"] == "office").count(), 3);
    assert!(roles.iter().any(|role| role["id"] == "accountant" && role["zh"] == "会计"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_can_do_is_explained_by_the_deciding_policy() {
    let app = TestApp::new().await;
    let id = user_id(&app, "accountant").await;
    let ask = |action: &str| format!("/users/{id}/explain?action={action}");
    let auditor = app.as_auditor().await;
    let yes = auditor.get(&ask("client.create")).await;
    assert_eq!(yes.body["allowed"], true, "{}", yes.body);
    assert_eq!(yes.body["policies"][0]["file"], "firm.cedar");
    assert!(yes.body["policies"][0]["line"].as_u64().unwrap() > 0);
    let no = auditor.get(&ask("user.create")).await;
    assert_eq!((&no.body["allowed"], no.str("/missing/0/right")), (&json!(false), "role".into()));
    assert_eq!(auditor.get(&ask("client.fly")).await.code(), "explain.action");
    assert_eq!(app.as_clerk().await.get(&ask("user.create")).await.status, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_ins_and_refusals_are_on_record_without_what_was_typed() {
    let app = TestApp::new().await;
    sign_in(&app, "accountant", "Wrong-Horse-99").await;
    sign_in(&app, "who-is-this", "Wrong-Horse-99").await;
    let auditor = app.as_auditor().await;
    app.flush().await;
    let entries = auditor.get("/record?action=session.open").await;
    assert!(entries.body["items"].as_array().unwrap().len() >= 3, "{}", entries.body);
    assert!(!entries.text().contains("Wrong-Horse") && !entries.text().contains("who-is-this"));
    let actors = |name: &str| entries.text().matches(&format!("\"actor_name\":\"{name}\"")).count();
    assert!(actors("申计员") >= 1, "who was let in is named: {}", entries.body);
    assert_eq!(actors("匡计"), 0, "who was refused is not taken for the person");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_come_from_a_workbook_each_with_a_link() {
    let app = TestApp::new().await;
    let sysadmin = app.as_sysadmin().await;
    let template = sysadmin.get("/users/import/template").await;
    assert!(template.status == 200 && template.bytes.starts_with(b"PK"));
    let csv = "用户名,姓名,部门,邮箱\nzhao,赵一,代理一部,zhao@example.com\n\
               qian,钱二,新部门,\naccountant,重名,,\nsun,,代理一部,\n";
    let done = sysadmin.upload("/users/import", "staff.csv", csv.as_bytes(), &[]).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!((&done.body["created"], &done.body["rejected"]), (&json!(2), &json!(2)));
    assert_eq!(done.body["reasons"][0]["row"], 4);
    assert!(done.str("/links/0/link").contains("/reset?token="));
    let denied = app.as_clerk().await.upload("/users/import", "s.csv", csv.as_bytes(), &[]).await;
    assert_eq!(denied.status, 403);
}

fn founders(token: &str) -> Vec<(String, String)> {
    let mut fields = vec![("token".to_owned(), token.to_owned())];
    fields.push(("firm".into(), "三人代理记账公司".into()));
    for (office, role) in [("sysadmin", "principal"), ("secadmin", "accountant"), ("auditor", "")] {
        for (key, value) in [
            ("display", "创始人"),
            ("name", office),
            ("password", NEW_PASSWORD),
            ("repeat", NEW_PASSWORD),
            ("role", role),
        ] {
            fields.push((format!("{office}_{key}"), value.to_owned()));
        }
    }
    fields
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn set_up_ends_only_when_the_last_block_was_typed_back_and_works_once() {
    let app = TestApp::empty().await;
    let token = testkit::begin_setup(&app).await.unwrap();
    let nobody = app.as_nobody();
    let page = nobody.get(&format!("//setup?token={token}")).await;
    assert!(page.status == 200 && page.text().contains("首次设置"), "{}", page.text());
    assert!(page.headers["content-security-policy"].to_str().unwrap().contains("nonce-"));
    assert_eq!(nobody.get("//setup?token=wrong").await.status, 404);
    let fields = founders(&token);
    let mut different = fields.clone();
    different.retain(|(key, _)| key != "auditor_repeat");
    assert_eq!(nobody.form("//setup", &borrowed(&different)).await.status, 422);
    let sheet = nobody.form("//setup", &borrowed(&fields)).await;
    assert_eq!(sheet.status, 200, "{}", sheet.text());
    let last = last_block(&sheet.text());
    assert!(testkit::setup_is_open(&app).await);
    let wrong = nobody.form("//setup", &[("token", &token), ("block", "0000000")]).await;
    assert_eq!(wrong.status, 422);
    let done = nobody.form("//setup", &[("token", &token), ("block", &last)]).await;
    assert!(done.status == 200 && done.text().contains("设置完成"), "{}", done.text());
    assert_eq!(nobody.get(&format!("//setup?token={token}")).await.status, 404);
    assert_eq!(nobody.form("//setup", &borrowed(&fields)).await.status, 404);
    assert!(testkit::begin_setup(&app).await.is_none());
    let signed_in = sign_in(&app, "secadmin", NEW_PASSWORD).await;
    assert_eq!(signed_in.body["user"]["roles"], json!(["accountant", "secadmin"]));
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

fn last_block(page: &str) -> String {
    let item = page.split("<li>").last().unwrap();
    item.split("</b>").nth(1).unwrap().split("</li>").next().unwrap().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_recovery_sheet_is_printed_for_a_security_administrator_with_a_fresh_proof() {
    let app = TestApp::new().await;
    let secadmin = app.as_secadmin().await;
    let sheet = secadmin.get("//print/recovery").await;
    assert_eq!(sheet.text().matches("<li>").count(), 9, "{}", sheet.text());
    app.clock.advance_seconds(301);
    assert_eq!(secadmin.get("//print/recovery").await.status, 403);
    assert_eq!(app.as_sysadmin().await.get("//print/recovery").await.status, 403);
    assert_eq!(app.as_nobody().get("//print/recovery").await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operator_at_the_machine_resets_without_a_second_person() {
    let app = TestApp::new().await;
    let link = testkit::operator_reset(&app, "accountant").await;
    assert_eq!(set_password(&app, &link, NEW_PASSWORD).await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_column_of_people_is_classified() {
    let catalogue = trust::vault::Catalogue::embedded().unwrap();
    let classified = trust::vault::Columns::parse(crate::identity::COLUMNS, &catalogue).unwrap();
    let app = TestApp::new().await;
    let tables: std::collections::BTreeSet<&str> =
        classified.iter().map(|class| class.table.as_str()).collect();
    let mut stored = app.app.db.columns().await.unwrap();
    stored.retain(|(table, _)| tables.contains(table.as_str()));
    assert_eq!(classified.unclassified(&stored), []);
    assert_eq!(classified.absent(&stored), []);
}
