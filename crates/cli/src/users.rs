//! `heng user`: accounts, for an operator at the machine. Roles and clearance are the security
//! administrator's to give, in the browser.

use app::App;
use app::identity::{self, Account, Draft, OneTimeLink};
use serde_json::{Value, json};
use trust::access::Actor;
use values::Result;

use crate::args::UserVerb;
use crate::config::Config;
use crate::local::{self, Request};
use crate::output::{Output, Verdict};
use crate::store::{self, Operator};

/// Does what was asked of accounts.
pub async fn run(config: &Config, verb: &UserVerb, output: &Output) -> Result<Verdict> {
    // A running server knows best under which address it is reached.
    match verb {
        UserVerb::Add(asked) => {
            let request = Request::AddUser {
                name: asked.name.clone(),
                display_name: asked.display_name.clone().unwrap_or_else(|| asked.name.clone()),
                email: asked.email.clone(),
            };
            if let Some(answer) = local::ask(config, &request).await? {
                return added(&answer, output);
            }
        }
        UserVerb::Reset { name } => {
            let request = Request::ResetUser { name: name.clone() };
            if let Some(answer) = local::ask(config, &request).await? {
                return was_reset(&answer, output);
            }
        }
        UserVerb::Disable { .. } => {}
    }
    let operator = store::operator(config, store::Make::Never).await?;
    let done = match verb {
        UserVerb::Add(asked) => {
            let shown = asked.display_name.clone().unwrap_or_else(|| asked.name.clone());
            let (app, actor) = (&operator.app, &operator.actor);
            let asked = (asked.name.clone(), shown, asked.email.clone());
            let made = add(app, actor, &base(config, &config.server.listen), asked).await;
            made.and_then(|answer| added(&answer, output))
        }
        UserVerb::Disable { name } => disable(&operator, name, output).await,
        UserVerb::Reset { name } => {
            let base = base(config, &config.server.listen);
            let made = reset(&operator.app, &operator.actor, &base, name).await;
            made.and_then(|answer| was_reset(&answer, output))
        }
    };
    operator.close().await?;
    done
}

/// The address people type: the configured one, else where the server listens.
pub fn base(config: &Config, listening: &str) -> String {
    if let Some(url) = &config.server.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let scheme = if config.server.tls_cert.is_some() { "https" } else { "http" };
    format!("{scheme}://{listening}")
}

fn answer_of(account: &Account, made: &OneTimeLink, base: &str) -> Value {
    json!({
        "id": account.id, "name": account.name, "display_name": account.display_name,
        "link": format!("{base}{}", made.path), "expires_at": made.expires_at.rfc3339(),
    })
}

/// Makes an account, here or in the running server.
pub async fn add(
    app: &App,
    actor: &Actor,
    base: &str,
    (name, display_name, email): (String, String, Option<String>),
) -> Result<Value> {
    let draft = Draft { name, display_name, email, ..Draft::default() };
    let (account, made) = identity::create(app, actor, &draft).await?;
    Ok(answer_of(&account, &made, base))
}

/// Makes a link for a lost password or second factor, here or in the running server.
pub async fn reset(app: &App, actor: &Actor, base: &str, name: &str) -> Result<Value> {
    let account = identity::find(app, actor, name).await?;
    let made = identity::reset(app, actor, account.id).await?;
    Ok(answer_of(&account, &made, base))
}

fn text<'a>(answer: &'a Value, key: &str) -> &'a str {
    answer.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn added(answer: &Value, output: &Output) -> Result<Verdict> {
    output.answer(answer, || {
        let said = output.say(
            "已建立账号，角色与密级由安全管理员授予；本人打开此链接设置密码：",
            "made; the security administrator grants roles. The owner opens this link:",
        );
        format!("{} {said}\n{}", text(answer, "name"), text(answer, "link"))
    })
}

fn was_reset(answer: &Value, output: &Output) -> Result<Verdict> {
    output.answer(answer, || {
        let said = output.say("本人打开此链接重设密码与两步验证：", "The owner opens this link:");
        format!("{said}\n{}", text(answer, "link"))
    })
}

async fn disable(operator: &Operator, name: &str, output: &Output) -> Result<Verdict> {
    let account = identity::find(&operator.app, &operator.actor, name).await?;
    identity::disable(&operator.app, &operator.actor, account.id).await?;
    output.answer(&json!({ "id": account.id, "name": account.name, "disabled": true }), || {
        format!("{} {}", account.name, output.say("已停用", "is disabled"))
    })
}
