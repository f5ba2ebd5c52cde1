//! `heng keys`: what keys there are, and rotation.
//!
//! While the server runs, rotation goes through it: its keyring must know the new keys before
//! anything is sealed with them.

use app::keys;
use serde_json::{Value, json};
use values::Result;

use crate::args::KeysVerb;
use crate::config::Config;
use crate::local::{self, Request};
use crate::output::{Output, Verdict};
use crate::store::{self, Operator};

/// Does what was asked of the keys.
pub async fn run(config: &Config, verb: &KeysVerb, output: &Output) -> Result<Verdict> {
    if matches!(verb, KeysVerb::Rotate)
        && let Some(answer) = local::ask(config, &Request::RotateKeys).await?
    {
        return rotated(&answer, output);
    }
    let operator = store::operator(config, store::Make::Never).await?;
    let done = match verb {
        KeysVerb::Show => show(&operator, output).await,
        KeysVerb::Rotate => rotate(&operator, output).await,
    };
    operator.close().await?;
    done
}

async fn rotate(operator: &Operator, output: &Output) -> Result<Verdict> {
    let progress = keys::rotate(&operator.app, &operator.actor).await?;
    keys::reseal(&operator.app).await?;
    rotated(&json!({ "running": false, "done": progress.total, "total": progress.total }), output)
}

fn rotated(answer: &Value, output: &Output) -> Result<Verdict> {
    let total = answer.get("total").and_then(Value::as_i64).unwrap_or(0);
    let running = answer.get("running").and_then(Value::as_bool).unwrap_or(false);
    output.answer(answer, || {
        let how = if running {
            output.say("后台重新加密中，共", "being sealed again in the background:")
        } else {
            output.say("已重新加密，共", "sealed again:")
        };
        format!("{}; {how} {total}", output.say("密钥已轮换", "The keys were rotated"))
    })
}

async fn show(operator: &Operator, output: &Output) -> Result<Verdict> {
    let view = keys::status(&operator.app, &operator.actor).await?;
    let levels: Vec<Value> = view
        .levels
        .iter()
        .map(|key| {
            json!({
                "level": key.level, "key_id": key.key_id.to_string(),
                "created_at": key.created_at.rfc3339(), "values": key.values,
            })
        })
        .collect();
    let warnings: Vec<&str> = view.warnings.iter().map(|(zh, en)| output.say(zh, en)).collect();
    let answer = json!({
        "algorithm": view.algorithm,
        "master": {
            "source": view.source, "beside_store": view.beside_store,
            "recovery_confirmed": view.recovery_confirmed,
        },
        "levels": levels,
        "rotation": {
            "running": view.progress.running(),
            "done": view.progress.done,
            "total": view.progress.total,
        },
        "warnings": warnings,
    });
    output.answer(&answer, || {
        let mut lines = vec![
            format!("{}: {}", output.say("算法", "algorithm"), view.algorithm),
            format!("{}: {}", output.say("主密钥", "master key"), view.source),
        ];
        for key in &view.levels {
            let level = output.say("级", "level");
            lines.push(format!(
                "{level} {}: {} #{} {} ({})",
                key.level,
                output.say("密钥", "key"),
                key.key_id,
                key.created_at.rfc3339(),
                key.values
            ));
        }
        lines.extend(warnings.iter().map(|warning| format!("! {warning}")));
        lines.join("\n")
    })
}
