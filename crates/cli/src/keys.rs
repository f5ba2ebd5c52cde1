//! `heng keys`: what keys there are, and rotation.
//!
//! While the server runs, rotation goes through it: its keyring must know the new keys before
//! anything is sealed with them.

use app::keys;
use serde_json::{Value, json};
use std::io::IsTerminal as _;
use trust::vault::{self, MasterSource};
use values::{Error, Result};

use crate::args::KeysVerb;
use crate::config::Config;
use crate::local::{self, Request};
use crate::output::{Output, Verdict};
use crate::store::{self, Operator};

/// Does what was asked of the keys.
pub async fn run(config: &Config, verb: &KeysVerb, output: &Output) -> Result<Verdict> {
    if matches!(verb, KeysVerb::Recover) {
        return recover(config, output);
    }
    if matches!(verb, KeysVerb::Rotate)
        && let Some(answer) = local::ask(config, &Request::RotateKeys).await?
    {
        return rotated(&answer, output);
    }
    let operator = store::operator(config, store::Make::Never).await?;
    let done = match verb {
        KeysVerb::Show => show(&operator, output).await,
        KeysVerb::Rotate => rotate(&operator, output).await,
        KeysVerb::Recover => Ok(Verdict::Good),
    };
    operator.close().await?;
    done
}

/// Writes the key file anew from the blocks of the recovery sheet; an existing one stays.
fn recover(config: &Config, output: &Output) -> Result<Verdict> {
    let MasterSource::File(path) = store::master(config)? else {
        return Err(Error::invalid(
            "master",
            "keys.not_a_file",
            "主密钥不是来自文件，请按其来源恢复",
            "The master key does not come from a file: recover it where it comes from",
        ));
    };
    if std::io::stdin().is_terminal() {
        println!("{}", output.say("请逐组输入恢复单上的九组：", "Type the nine blocks:"));
    }
    let typed = std::io::read_to_string(std::io::stdin().lock()).map_err(Error::unavailable)?;
    let blocks: Vec<&str> = typed.split_whitespace().collect();
    let key = vault::from_blocks(&blocks)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::unavailable)?;
    }
    vault::write_new_file(&path, &key)?;
    let path = path.display().to_string();
    output.answer(&json!({ "written": path }), || {
        format!("{} {path}", output.say("主密钥文件已重建：", "The key file was remade:"))
    })
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
