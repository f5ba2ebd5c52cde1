//! `heng doctor`: what is right, doubtful or wrong about a deployment.

use app::{keys, records};
use serde_json::{Value, json};
use trust::database::Address;
use values::Result;

use crate::config::Config;
use crate::output::{Output, Verdict};
use crate::store::{self, Make, Operator};

/// How one look ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Good,
    Doubtful,
    Wrong,
}

struct Look {
    code: &'static str,
    state: State,
    zh: String,
    en: String,
}

struct Looks(Vec<Look>);

impl Looks {
    fn add(&mut self, code: &'static str, state: State, zh: &str, en: &str) {
        self.0.push(Look { code, state, zh: zh.to_owned(), en: en.to_owned() });
    }

    /// Good, or doubtful with a word on what to do.
    fn nag(&mut self, code: &'static str, doubtful: bool, good: [&str; 2], bad: [&str; 2]) {
        let (state, [zh, en]) = if doubtful { (State::Doubtful, bad) } else { (State::Good, good) };
        self.add(code, state, zh, en);
    }
}

/// Looks at everything.
pub async fn run(config: &Config, output: &Output) -> Result<Verdict> {
    let mut looks = Looks(Vec::new());
    look_at_config(config, &mut looks);
    match store::operator(config, Make::Never).await {
        Err(error) => looks.add("store", State::Wrong, error.zh(), error.en()),
        Ok(operator) => {
            looks.add("store", State::Good, "数据库可以打开，结构最新", "The store opens");
            let looked = look_at_store(&operator, &mut looks).await;
            operator.close().await?;
            looked?;
        }
    }
    report(&looks, output)
}

fn look_at_config(config: &Config, looks: &mut Looks) {
    if let Err(error) = store::zone(config) {
        looks.add("zone", State::Wrong, error.zh(), error.en());
    }
    let own = ["127.", "localhost", "[::1]"].iter().any(|at| config.server.listen.starts_with(at));
    let open = !own && config.server.tls_cert.is_none();
    looks.nag(
        "tls",
        open && !config.server.secure_cookies,
        ["不在网络上以明文提供服务", "Nothing is served in clear over a network"],
        [
            "在网络上以明文 HTTP 提供服务：请配置证书，或经 HTTPS 反向代理并设 secure_cookies",
            "Plain HTTP over a network: set a certificate, or a proxy with secure_cookies",
        ],
    );
    looks.nag(
        "checkpoints",
        config.record.outside.is_none(),
        ["检查点另存于外部目录", "Checkpoints are copied outside"],
        [
            "未设置 record.outside：无法发现末尾的审计日志被整体移除",
            "record.outside is not set: removal of the newest entries would go unnoticed",
        ],
    );
    let sqlite = matches!(store::address(config), Ok(Address::Sqlite(_)));
    if sqlite && is_open_to_others(config) {
        looks.add(
            "folder",
            State::Wrong,
            "数据目录对其他用户开放，请改为 0700",
            "Others may enter the data folder: make it 0700",
        );
    }
}

#[cfg(unix)]
fn is_open_to_others(config: &Config) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(&config.store.data_dir)
        .is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_config: &Config) -> bool {
    false
}

async fn look_at_store(operator: &Operator, looks: &mut Looks) -> Result<()> {
    let (app, actor) = (&operator.app, &operator.actor);
    let view = keys::status(app, actor).await?;
    looks.nag(
        "master_key",
        view.beside_store,
        ["主密钥与数据分开存放", "The master key is kept away from the data"],
        [
            "主密钥与数据放在同一目录：复制数据的人也带走密钥，请移到别处并设置 store.master",
            "The master key lies beside the data: move it and set store.master",
        ],
    );
    looks.nag(
        "recovery_sheet",
        !view.recovery_confirmed,
        ["主密钥恢复单已确认", "The recovery sheet is confirmed"],
        ["主密钥恢复单尚未确认：请打印并妥善保存", "The recovery sheet is not confirmed"],
    );
    for (zh, en) in &view.warnings {
        looks.add("master_key_file", State::Wrong, zh, en);
    }
    if view.progress.running() {
        let (zh, en) = ("密钥轮换后的重新加密尚未完成", "Sealing again is not finished");
        looks.add("rotation", State::Doubtful, zh, en);
    }
    look_at_core(app, looks).await;
    let found = records::verify(app, actor).await?;
    match &found.first_wrong {
        None => {
            let zh = format!("审计日志完好：{} 条", found.entries);
            let en = format!("The record is sound: {} entries", found.entries);
            looks.add("record", State::Good, &zh, &en);
        }
        Some(wrong) => {
            let zh = format!("审计日志第 {} 条有误：{}", wrong.number, wrong.zh);
            let en = format!("Entry {} of the record is wrong: {}", wrong.number, wrong.en);
            looks.add("record", State::Wrong, &zh, &en);
        }
    }
    Ok(())
}

/// The core store: there, of this store, nothing missing.
async fn look_at_core(app: &app::App, looks: &mut Looks) {
    let found = match app.trust.core.check().await {
        Ok(found) => found,
        Err(error) => return looks.add("core_store", State::Wrong, error.zh(), error.en()),
    };
    if found.missing > 0 {
        let zh = format!("关键财务数据库缺少 {} 个版本，请恢复其备份", found.missing);
        let en = format!("The core store lacks {} revisions: restore its copy", found.missing);
        return looks.add("core_store", State::Wrong, &zh, &en);
    }
    let zh = format!("关键财务数据库完好：{} 个版本", found.revisions);
    let en = format!("The core store is sound: {} revisions", found.revisions);
    looks.add("core_store", State::Good, &zh, &en);
    if found.orphans > 0 {
        let zh = format!(
            "关键财务数据库有 {} 个版本未被引用，30 天后清除；若主数据库刚由旧备份恢复，请先核对",
            found.orphans
        );
        let en = format!(
            "Nothing refers to {} revisions of the core store; they go after 30 days. If the main \
             store was just restored from an older copy, look into it first",
            found.orphans
        );
        looks.add("core_orphans", State::Doubtful, &zh, &en);
    }
}

fn report(looks: &Looks, output: &Output) -> Result<Verdict> {
    let word = |state| match state {
        State::Good => "good",
        State::Doubtful => "doubtful",
        State::Wrong => "wrong",
    };
    let checks: Vec<Value> = looks
        .0
        .iter()
        .map(|look| {
            let message = output.say(&look.zh, &look.en);
            json!({ "code": look.code, "state": word(look.state), "message": message })
        })
        .collect();
    let good = looks.0.iter().all(|look| look.state != State::Wrong);
    output.answer(&json!({ "ok": good, "checks": checks }), || {
        let line = |look: &Look| {
            let mark = match look.state {
                State::Good => "✓",
                State::Doubtful => "!",
                State::Wrong => "✗",
            };
            format!("{mark} {}", output.say(&look.zh, &look.en))
        };
        looks.0.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(Verdict::of(good))
}
