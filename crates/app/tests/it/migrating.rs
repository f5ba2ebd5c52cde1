//! A store of an older Heng moves up, with all that it holds.

use app::{App, MIGRATIONS};
use testkit::TestApp;
use trust::access::{Actor, Origin};
use trust::database::Migration;
use trust::record::Change;
use values::{ClientId, Micros};

struct Write;

impl trust::access::Action for Write {
    const NAME: &'static str = "job.run";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

const ID: &str = "0190a1b2-0000-7000-8000-000000000001";
const AT: Micros = testkit::START;

/// A client, an export that waits for a second person and a field of the firm's own, as they were
/// written when the store had five migrations.
async fn left(app: &App) {
    let id: ClientId = ID.parse().unwrap();
    let job = Actor::part_of_heng("job", Origin::default());
    let permit = app.access.authorize::<Write>(&job, ()).await.unwrap();
    let mut tx = app.db.write(&permit).await.unwrap();
    tx.execute(
        "INSERT INTO client (id, number, code, version, stage, fields, name, name_key, pinyin, \
         tags, completeness, findings, created_at, updated_at) \
         VALUES ($1, 1, 'C000001', 1, 'prospect', $2, $3, $3, '', '[]', 10, 0, $4, $4)",
        &[
            id.into(),
            r#"{"name":"示例旧档案有限公司"}"#.into(),
            "示例旧档案有限公司".into(),
            AT.into(),
        ],
    )
    .await
    .unwrap();
    tx.execute(
        "INSERT INTO export_request (id, by_id, by_name, query, clients, purpose, at, state) \
         VALUES ($1, $1, '某人', '{}', 1, '核对', $2, 'pending')",
        &[id.into(), AT.into()],
    )
    .await
    .unwrap();
    tx.execute(
        "INSERT INTO custom_field (key, section, kind, zh, en, item, choices, created_at) \
         VALUES ('custom.old', 'basic', 'text', '旧字段', 'Old field', 'work_paper', '[]', $1)",
        &[AT.into()],
    )
    .await
    .unwrap();
    tx.commit(permit.entry(Change::none())).await.unwrap();
}

fn number(migration: &Migration) -> u32 {
    let (number, _) = migration.name.split_once("__").unwrap();
    number.strip_prefix('V').unwrap().parse().unwrap()
}

#[test]
fn the_numbers_of_migrations_only_grow() {
    // A number below one that a store has already would keep that store from opening.
    assert!(MIGRATIONS.is_sorted_by(|one, next| number(one) < number(next)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_of_the_first_five_migrations_moves_up_with_all_that_it_holds() {
    let first: Vec<Migration> = MIGRATIONS.iter().filter(|m| number(m) <= 5).copied().collect();
    assert_eq!(first.last().unwrap().name, "V0005__exports");
    let test = TestApp::from_older(&first, left).await;
    let principal = test.as_principal().await;
    let client = principal.get(&format!("/clients/{ID}")).await;
    assert_eq!(client.status, 200, "{}", client.body);
    assert_eq!(client.str("/fields/name/value"), "示例旧档案有限公司");

    let job = Actor::part_of_heng("job", Origin::default());
    let permit = test.app.access.authorize::<Write>(&job, ()).await.unwrap();
    let mut tx = test.app.db.read(&permit).await.unwrap();
    // Which clients it was asked for was not kept then: it has to be asked for again.
    let request = tx.row("SELECT state FROM export_request", &[]).await.unwrap().unwrap();
    assert_eq!(request.text(0).unwrap(), "expired");
    let field = tx.row("SELECT required FROM custom_field", &[]).await.unwrap().unwrap();
    assert_eq!(field.int(0).unwrap(), 0);
}
