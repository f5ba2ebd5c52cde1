//! What the tests of the whole share: an invented client with a value of every kept kind, a way
//! to look into the store, what was logged, and files that are compared with checked-in ones.

use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::{Value, json};
use testkit::{Client, Reply, TestApp};
use trust::access::{Action, Actor, Origin};
use trust::database::{ReadTx, Value as Cell};
use trust::record::{Body, Change};

pub(crate) const PHONE: &str = "13912345678";
pub(crate) const LANDLINE: &str = "010-62345671";
pub(crate) const EMAIL: &str = "zhao.lianluo@example.com";
pub(crate) const WECHAT: &str = "wx_lianluo_77";
pub(crate) const ACCOUNT: &str = "110912345610301234";
/// The example of the standard; nobody's.
pub(crate) const IDENTITY: &str = "11010519491231002X";
pub(crate) const CONTACT: &str = "赵联络";
pub(crate) const LEGAL_REP: &str = "司马代表";

/// What is sealed: it may stand nowhere in clear.
pub(crate) const SEALED: [&str; 7] = [PHONE, LANDLINE, EMAIL, WECHAT, ACCOUNT, IDENTITY, CONTACT];

/// A client's fields and lists, for `POST /clients`.
pub(crate) fn draft(name: &str) -> Value {
    let contact = json!({ "name": CONTACT, "role": "出纳", "mobile": PHONE, "landline": LANDLINE,
        "email": EMAIL, "wechat": WECHAT });
    json!({
        "fields": { "name": name, "legal_rep_name": LEGAL_REP, "legal_rep_id_no": IDENTITY },
        "lists": {
            "contacts": [contact],
            "bank_accounts": [{ "bank": "示例银行", "account_no": ACCOUNT, "kind": "basic" }]
        },
        "why": "新客户"
    })
}

/// Makes a client in somebody's name.
pub(crate) async fn made(by: &Client<'_>, name: &str) -> Reply {
    let reply = by.post("/clients", draft(name)).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply
}

/// The balance sheet of a month, with so many fen too much in a total: `PUT …/statements/FS/…`.
pub(crate) fn statements(wrong: i64) -> Value {
    let lines = json!({ "1": AMOUNT, "15": AMOUNT + wrong, "30": AMOUNT, "48": AMOUNT,
        "52": AMOUNT, "53": AMOUNT });
    json!({ "statements": [{ "kind": "balance_sheet", "standard": "small",
        "columns": { "closing": lines.clone(), "opening": lines } }] })
}

/// An income statement as a firm saves it.
pub(crate) const SHEET: &str = "利润表,,,\n编制单位：示例,,2026年4月,单位：元\n\
    项目,行次,本年累计金额,本月金额\n一、营业收入,1,400.00,100.00\n减：营业成本,2,200.00,50.00\n\
    税金及附加,3,8.00,2.00\n销售费用,11,20.00,5.00\n管理费用,14,40.00,10.00\n\
    财务费用,18,4.00,1.00\n二、营业利润,21,128.00,32.00\n三、利润总额,30,128.00,32.00\n\
    减：所得税费用,31,8.00,2.00\n四、净利润,32,120.00,30.00\n";

/// An amount in fen that stands nowhere by chance.
pub(crate) const AMOUNT: i64 = 98_765_432_107;

/// The id of the sample firm's person in a role.
pub(crate) async fn user_of(test: &TestApp, role: &str) -> String {
    test.as_role(role).await.get("/me").await.str("/id")
}

/// Text as it stands in an address.
pub(crate) fn encoded(text: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes()
        .map(|b| if safe(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// Looking into the store, itself not on record.
struct Look;
impl Action for Look {
    const NAME: &'static str = "record.list";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    const RECORDED: bool = false;
    type Target = ();
}

/// Changing it as someone with the file in hand could.
struct Tamper;
impl Action for Tamper {
    const NAME: &'static str = "job.run";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

/// A view of the store as it is.
pub(crate) async fn look(test: &TestApp) -> ReadTx {
    let actor = Actor::local_operator("tester", Origin::default());
    let permit = test.app.access.authorize::<Look>(&actor, ()).await.unwrap();
    test.app.db.read(&permit).await.unwrap()
}

/// Changes the store behind Heng's back.
pub(crate) async fn tamper(test: &TestApp, sql: &'static str, params: &[Cell]) {
    let actor = Actor::part_of_heng("job", Origin::default());
    let permit = test.app.access.authorize::<Tamper>(&actor, ()).await.unwrap();
    let mut tx = test.app.db.write(&permit).await.unwrap();
    assert!(tx.execute(sql, params).await.unwrap() > 0, "{sql} changed nothing");
    let _receipt = tx.commit(permit.entry(Change::none())).await.unwrap();
}

/// All entries, or those of one request.
pub(crate) async fn entries(test: &TestApp, request: Option<&str>) -> Vec<Body> {
    let sql = "SELECT body FROM record_entry WHERE body LIKE $1 ORDER BY at, id";
    let pattern = request.map_or("%".to_owned(), |id| format!("%\"request\":\"{id}\"%"));
    let rows = look(test).await.rows(sql, &[pattern.into()]).await.unwrap();
    rows.iter().map(|row| Body::parse(&row.text(0).unwrap()).unwrap()).collect()
}

/// The request's id, as the answer gives it.
pub(crate) fn request_of(reply: &Reply) -> String {
    reply.headers["x-request-id"].to_str().unwrap().to_owned()
}

static LOGGED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Keep;
impl std::io::Write for Keep {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOGGED.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Keeps what this test program logs from now on, the finest detail included, but for the driver
/// of PostgreSQL, which the program itself never lets into its log in detail.
pub(crate) fn keep_log() {
    static KEPT: OnceLock<()> = OnceLock::new();
    KEPT.get_or_init(|| {
        tracing_subscriber::fmt()
            .with_ansi(false)
            .with_env_filter("trace,tokio_postgres=warn")
            .with_writer(|| Keep)
            .init();
    });
}

/// What was logged so far.
pub(crate) fn logged() -> String {
    let bytes = LOGGED.lock().unwrap_or_else(PoisonError::into_inner).clone();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Compares a text with a checked-in file beside `crates/app`; `UPDATE=1` writes the file anew.
pub(crate) fn checked_in(path: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = text.lines().zip(kept.lines()).find(|(now, was)| now != was);
    assert!(
        kept == text,
        "{} is not what it was; first difference:\n now: {}\n was: {}\n{} lines now, {} before. \
         If that is meant, run this test with UPDATE=1 and review the file.",
        path.display(),
        differing.map_or("", |(now, _)| now),
        differing.map_or("", |(_, was)| was),
        text.lines().count(),
        kept.lines().count()
    );
}

/// A cell of a table for people: Chinese letters take two places.
pub(crate) fn padded(text: &str, width: usize) -> String {
    let taken: usize = text.chars().map(|c| if c as u32 >= 0x2E80 { 2 } else { 1 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(taken)))
}
