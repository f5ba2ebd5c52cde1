//! Every column of the store, and every field of the archive, has its place in the classification
//! catalogue.

use serde_json::Value;
use testkit::TestApp;
use trust::vault::{Catalogue, Columns};

fn classified() -> Columns {
    let all = [app::identity::COLUMNS, app::COLUMNS].join("\n");
    Columns::parse(&all, &Catalogue::embedded().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_column_of_the_store_is_classified_and_none_is_that_does_not_exist() {
    let test = TestApp::empty().await;
    let there: Vec<(String, String)> = test.app.db.columns().await.unwrap();
    // What the databases and the migrations keep for themselves.
    let own = ["sqlite_", "client_search_", "refinery_"];
    let there: Vec<(String, String)> = there
        .into_iter()
        .filter(|(table, _)| !own.iter().any(|prefix| table.starts_with(prefix)))
        .filter(|(table, column)| !(table == "client_search" && column != "tokens"))
        .collect();
    let columns = classified();
    assert_eq!(columns.unclassified(&there), Vec::new(), "not classified");
    assert_eq!(columns.absent(&there), Vec::new(), "classified, but not there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_is_kept_as_carefully_as_its_item_asks() {
    let test = TestApp::new().await;
    let catalogue = Catalogue::embedded().unwrap();
    let reply = test.as_principal().await.get("/fields").await;
    let mut light = Vec::new();
    for field in reply.body["items"].as_array().unwrap() {
        let path = field["path"].as_str().unwrap();
        let item = catalogue.item(field["item"].as_str().unwrap());
        let item = item.unwrap_or_else(|| panic!("{path} names no item of the catalogue"));
        let level = field["level"].as_u64().unwrap();
        let sealed = field["sealed"] == Value::Bool(true);
        let in_clear = item.sealed && level == 4 && !sealed;
        if level < u64::from(item.level) || in_clear {
            light.push(path);
        }
    }
    assert_eq!(light, Vec::<&str>::new(), "kept less carefully than their item asks");
}
