//! `heng user`: accounts, for an operator at the machine. Roles and clearance are the security
//! administrator's to give, in the browser.

use app::App;
use app::identity::{self, Draft, OneTimeLink};
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
    if let UserVerb::Add(asked) = verb {
        let request = Request::AddUser {
            name: asked.name.clone(),
            display_name: asked.display_name.clone().unwrap_or_else(|| asked.name.clone()),
            email: asked.email.clone(),
        };
        if let Some(answer) = local::ask(config, &request).await? {
            return added(config, answer, output);
        }
    }
    let operator = store::operator(config, store::Make::Never).await?;
    let done = match verb {
        UserVerb::Add(asked) => {
            let shown = asked.display_name.clone().unwrap_or_else(|| asked.name.clone());
            let (app, actor) = (&operator.app, &operator.actor);
            let made = add(app, actor, asked.name.clone(), shown, asked.email.clone()).await;
            made.and_then(|answer| added(config, answer, output))
        }
        UserVerb::Disable { name } => disable(&operator, name, output).await,
        UserVerb::Reset { name } => reset(&operator, config, name, output).await,
    };
    operator.close().await?;
    done
}

/// The address people type.
fn base(config: &Config) -> String {
    if let Some(url) = &config.server.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let scheme = if config.server.tls_cert.is_some() { "https" } else { "http" };
    format!("{scheme}://{}", config.server.listen)
}

fn link(config: &Config, made: &OneTimeLink) -> String {
    format!("{}{}", base(config), made.path)
}

/// Makes an account, here or in the running server.
pub async fn add(
    app: &App,
    actor: &Actor,
    name: String,
    display_name: String,
    email: Option<String>,
) -> Result<Value> {
    let draft = Draft { name, display_name, email, ..Draft::default() };
    let (account, made) = identity::create(app, actor, &draft).await?;
    Ok(json!({
        "id": account.id, "name": account.name, "display_name": account.display_name,
        "path": made.path, "expires_at": made.expires_at.rfc3339(),
    }))
}

fn added(config: &Config, mut answer: Value, output: &Output) -> Result<Verdict> {
    let text = |answer: &Value, key: &str| {
        answer.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let link = format!("{}{}", base(config), text(&answer, "path"));
    if let Some(object) = answer.as_object_mut() {
        object.remove("path");
        object.insert("link".to_owned(), link.as_str().into());
    }
    output.answer(&answer, || {
        let said = output.say(
            "已建立账号，岗位与密级由安全管理员授予；本人打开此链接设置口令：",
            "made; the security administrator grants roles. The owner opens this link:",
        );
        format!("{} {said}\n{link}", text(&answer, "name"))
    })
}

async fn disable(operator: &Operator, name: &str, output: &Output) -> Result<Verdict> {
    let account = identity::find(&operator.app, &operator.actor, name).await?;
    identity::disable(&operator.app, &operator.actor, account.id).await?;
    output.answer(&json!({ "id": account.id, "name": account.name, "disabled": true }), || {
        format!("{} {}", account.name, output.say("已停用", "is disabled"))
    })
}

async fn reset(
    operator: &Operator,
    config: &Config,
    name: &str,
    output: &Output,
) -> Result<Verdict> {
    let account = identity::find(&operator.app, &operator.actor, name).await?;
    let made = identity::reset(&operator.app, &operator.actor, account.id).await?;
    let answer = json!({
        "id": account.id, "name": account.name,
        "link": link(config, &made), "expires_at": made.expires_at.rfc3339(),
    });
    output.answer(&answer, || {
        let said = output.say("本人打开此链接重设口令与两步验证：", "The owner opens this link:");
        format!("{said}\n{}", link(config, &made))
    })
}
