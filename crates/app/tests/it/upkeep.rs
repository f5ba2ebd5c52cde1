//! What stood in clear is sealed at the next start, where it is and where versions remember it.

use app::clients::upkeep;
use serde_json::json;
use testkit::TestApp;
use trust::access::{Actor, Origin};
use trust::record::Change;
use values::{ClientId, ItemId};

struct Spoil;

impl trust::access::Action for Spoil {
    const NAME: &'static str = "job.run";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_of_guarantors_that_stood_in_clear_are_sealed_once_and_still_read() {
    let test = TestApp::new().await;
    let principal = test.as_principal().await;
    let lists = json!({ "guarantors": [{ "name": "保人甲", "relation": "股东" }] });
    let body = json!({ "fields": { "name": "示例担保有限公司" }, "lists": lists });
    let client = principal.post("/clients", body).await;
    assert_eq!(client.status, 201, "{}", client.body);
    let id: ClientId = client.str("/id").parse().unwrap();
    let item: ItemId = client.str("/lists/guarantors/0/id").parse().unwrap();

    // As an older Heng left it: the name in clear, in the row and in a version.
    let job = Actor::part_of_heng("job", Origin::default());
    let old = r#"{"name":"保人甲","relation":"股东"}"#;
    let before = format!(r#"{{"guarantors#{item}":[0,{old}]}}"#);
    let permit = test.app.access.authorize::<Spoil>(&job, ()).await.unwrap();
    let mut tx = test.app.db.write(&permit).await.unwrap();
    let sql = "UPDATE client_item SET fields = $1 WHERE id = $2";
    tx.change(sql, &[old.into(), item.into()], 1).await.unwrap();
    let sql = "UPDATE client_version SET before = $1 WHERE client_id = $2";
    tx.change(sql, &[before.into(), id.into()], 1).await.unwrap();
    tx.commit(permit.entry(Change::none())).await.unwrap();

    assert_eq!(upkeep(&test.app).await.unwrap(), 2);
    assert_eq!(upkeep(&test.app).await.unwrap(), 0);
    let permit = test.app.access.authorize::<Spoil>(&job, ()).await.unwrap();
    let mut tx = test.app.db.read(&permit).await.unwrap();
    for sql in ["SELECT fields FROM client_item", "SELECT before FROM client_version"] {
        for row in tx.rows(sql, &[]).await.unwrap() {
            assert!(!row.text(0).unwrap().contains("保人甲"), "{sql}");
        }
    }
    drop(tx);
    let page = principal.get(&format!("/clients/{id}")).await;
    assert_eq!(page.str("/lists/guarantors/0/fields/name/value"), "保人甲");
}
