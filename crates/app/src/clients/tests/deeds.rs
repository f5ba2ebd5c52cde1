//! Assignments are versions, and one deed to many clients is one step.

use serde_json::{Value, json};
use testkit::TestApp;

use super::{entries, made};

async fn of_name(by: &testkit::Client<'_>, name: &str) -> String {
    made(by, json!({ "fields": { "name": name } })).await.str("/id")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_assignment_is_a_version_and_an_earlier_day_shows_who_it_was() {
    let test = TestApp::new().await;
    let (clerk, principal) = (test.as_clerk().await, test.as_principal().await);
    let manager = test.as_role("client_manager").await.get("/me").await;
    let id = of_name(&clerk, "示例交接有限公司").await;
    let was = principal.get(&format!("/clients/{id}")).await;
    let (before, day) = (was.str("/lead/name"), was.str("/created_at")[..10].to_owned());

    test.clock.advance_seconds(3 * 24 * 3600);
    test.forget_sessions();
    let (clerk, principal) = (test.as_clerk().await, test.as_principal().await);
    let assign = json!({ "lead": manager.str("/id"), "why": "交接" });
    let path = format!("/clients/{id}/assign");
    assert_eq!(principal.post(&path, assign.clone()).await.status, 204);
    let now = principal.get(&format!("/clients/{id}")).await;
    assert_eq!((now.str("/lead/name"), now.body["version"].clone()), ("柯经理".into(), json!(2)));
    let then = principal.get(&format!("/clients/{id}?as_of={day}")).await;
    assert_eq!((then.str("/lead/name"), then.body["version"].clone()), (before.clone(), json!(1)));

    let versions = principal.get(&format!("/clients/{id}/versions")).await;
    assert_eq!(versions.str("/0/why"), "交接");
    let change = &versions.body[0]["changes"][0];
    assert_eq!(change["zh"], "负责人");
    assert_eq!((&change["before"], &change["after"]), (&json!(before), &json!("柯经理")));

    // The same again changes nothing: it is on record, but makes no version.
    assert_eq!(principal.post(&path, assign).await.status, 204);
    assert_eq!(principal.get(&format!("/clients/{id}")).await.body["version"], 2);
    let done = entries(&test, "client.assign").await;
    assert_eq!(done.len(), 2);
    assert_eq!(clerk.get(&format!("/clients/{id}")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_assigns_or_advances_what_somebody_changed_meanwhile_is_told() {
    let test = TestApp::new().await;
    let principal = test.as_principal().await;
    let manager = test.as_role("client_manager").await.get("/me").await.str("/id");
    let id = of_name(&principal, "示例并发有限公司").await;
    let first = principal.clone().with("if-match", "\"v1\"");
    let (assign, stage) = (format!("/clients/{id}/assign"), format!("/clients/{id}/stage"));
    assert_eq!(first.post(&assign, json!({ "lead": manager, "why": "交接" })).await.status, 204);
    for (path, body) in
        [(&assign, json!({ "lead": null, "why": "交接" })), (&stage, json!({ "to": "onboarding" }))]
    {
        let late = first.post(path, body).await;
        assert_eq!((late.status, late.code()), (412, "client.stale"), "{path}");
    }
    let unread = principal.clone().with("if-match", "x").post(&assign, json!({ "why": "" })).await;
    assert_eq!(unread.code(), "client.version_needed");
    let now = principal.get(&format!("/clients/{id}")).await;
    assert_eq!((now.str("/lead/id"), now.body["version"].clone()), (manager, json!(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_department_that_does_not_exist_is_refused_by_its_field() {
    let test = TestApp::new().await;
    let principal = test.as_principal().await;
    let id = of_name(&principal, "示例部门有限公司").await;
    let assign = json!({ "department": "00000000-0000-7000-8000-000000000001" });
    let refused = principal.post(&format!("/clients/{id}/assign"), assign).await;
    assert_eq!((refused.status, refused.code()), (422, "client.department_unknown"));
    let nobody = json!({ "reviewer": "00000000-0000-7000-8000-000000000001" });
    let refused = principal.post(&format!("/clients/{id}/assign"), nobody).await;
    assert_eq!(
        (refused.code(), refused.str("/field")),
        ("client.person_unknown", "reviewer".into())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_assignments_at_once_leave_one_lead_and_both_are_versions() {
    let test = TestApp::new().await;
    let principal = test.as_principal().await;
    let id = of_name(&principal, "示例同时有限公司").await;
    let mut people = Vec::new();
    for role in ["client_manager", "reviewer", "accountant", "supervisor"] {
        people.push(test.as_role(role).await.get("/me").await.str("/id"));
    }
    let path = format!("/clients/{id}/assign");
    let assign = |person: &String| principal.post(&path, json!({ "lead": person }));
    let (a, b, c, d) = tokio::join!(
        assign(&people[0]),
        assign(&people[1]),
        assign(&people[2]),
        assign(&people[3])
    );
    assert_eq!([a.status, b.status, c.status, d.status], [204; 4]);
    let versions = principal.get(&format!("/clients/{id}/versions")).await;
    let versions = versions.body.as_array().unwrap();
    assert_eq!(versions.len(), 5);
    // Each begins with whom the one before ended with: nobody was lost, nobody doubled.
    for pair in versions.windows(2).take(3) {
        let (newer, older) = (&pair[0]["changes"][0], &pair[1]["changes"][0]);
        assert_eq!(newer["before"], older["after"]);
    }
    let mut leads = 0;
    for person in &people {
        let listed = principal.get(&format!("/clients?lead={person}")).await;
        leads += listed.body["items"].as_array().unwrap().len();
    }
    assert_eq!(leads, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_deed_to_many_is_one_entry_and_all_or_nothing() {
    let test = TestApp::new().await;
    let (clerk, principal) = (test.as_clerk().await, test.as_principal().await);
    let mut ids = Vec::new();
    for name in ["示例一号有限公司", "示例二号有限公司"] {
        ids.push(of_name(&clerk, name).await);
    }
    let other = of_name(&principal, "示例三号有限公司").await;
    let order = json!({ "op": "tag", "tags": ["重点"] });
    let tag = |ids: &[String], partly: bool| {
        let mut order = order.clone();
        (order["ids"], order["partly"]) = (json!(ids), json!(partly));
        order
    };
    let all = [ids.clone(), vec![other.clone()]].concat();
    let none = clerk.post("/clients/bulk", tag(&all, false)).await;
    assert_eq!((&none.body["done"], none.str("/failed/0/id")), (&json!(0), other.clone()));
    assert_eq!(none.body["failed"][0]["name"], Value::Null);
    assert_eq!(clerk.get("/clients?tag=%E9%87%8D%E7%82%B9").await.body["total"]["count"], 0);
    let tried = entries(&test, "client.tag").await;
    assert_eq!((tried.len(), &tried[0]["outcome"]), (1, &json!("denied")));

    let others = clerk.post("/clients/bulk", tag(&all, true)).await;
    assert_eq!(
        (&others.body["done"], others.str("/failed/0/code")),
        (&json!(2), "not_found".into())
    );
    let done = entries(&test, "client.tag").await;
    let done: Vec<&Value> = done.iter().filter(|entry| entry["outcome"] == "done").collect();
    assert_eq!((done.len(), &done[0]["clients_count"]), (1, &json!(2)));
    let again = clerk.post("/clients/bulk", tag(&ids, false)).await;
    assert_eq!((&again.body["done"], &again.body["unchanged"]), (&json!(0), &json!(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deed_is_done_to_all_that_match_a_filter() {
    let test = TestApp::new().await;
    let (clerk, principal) = (test.as_clerk().await, test.as_principal().await);
    for number in 1..=3 {
        of_name(&clerk, &format!("示例筛选{number}号有限公司")).await;
    }
    of_name(&clerk, "别家有限公司").await;
    let order = json!({ "matching": { "q": "示例筛选" }, "op": "recycle", "partly": true });
    let done = principal.post("/clients/bulk", order).await;
    assert_eq!(
        (&done.body["done"], &done.body["next"]),
        (&json!(3), &Value::Null),
        "{}",
        done.body
    );
    assert_eq!(principal.get("/clients").await.body["total"]["count"], 1);
    assert_eq!(principal.get("/clients?view=recycled").await.body["total"]["count"], 3);
    let stage = json!({ "matching": {}, "op": "advance", "to": "active" });
    let refused = principal.post("/clients/bulk", stage).await;
    assert_eq!(refused.str("/failed/0/code"), "client.stage_closed");
    assert_eq!(refused.str("/failed/0/name"), "别家有限公司");
}
