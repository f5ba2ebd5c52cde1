//! `heng audit`: verification, proofs, exports and checkpoints of the record.

use app::records::{self, Format, Query};
use serde_json::json;
use trust::record::Verification;
use values::{Error, Result};

use crate::args::{AuditExport, AuditVerb};
use crate::config::Config;
use crate::output::{Output, Verdict, write_file};
use crate::store::{self, Operator};

/// Does what was asked of the record.
pub async fn run(config: &Config, verb: &AuditVerb, output: &Output) -> Result<Verdict> {
    let operator = store::operator(config, store::Make::Never).await?;
    let done = match verb {
        AuditVerb::Verify => verify(&operator, output).await,
        AuditVerb::Prove { entry, output: file } => {
            let entry = entry.trim().parse().map_err(|_| {
                Error::invalid(
                    "entry",
                    "record.entry",
                    "记录编号的形式不对",
                    "This is no id of an entry",
                )
            })?;
            let proof = records::prove(&operator.app, &operator.actor, entry).await;
            proof.and_then(|proof| match file {
                Some(path) => write_file(path, proof.as_bytes()).map(|()| Verdict::Good),
                None => output.bytes(proof.as_bytes()),
            })
        }
        AuditVerb::Export(asked) => export(&operator, asked, output).await,
        AuditVerb::Checkpoint => checkpoint(&operator, output).await,
    };
    operator.close().await?;
    done
}

async fn verify(operator: &Operator, output: &Output) -> Result<Verdict> {
    let found = records::verify(&operator.app, &operator.actor).await?;
    let wrong = found.first_wrong.as_ref().map(|wrong| {
        json!({
            "number": wrong.number, "entry": wrong.entry,
            "message": output.say(&wrong.zh, &wrong.en), "zh": wrong.zh, "en": wrong.en,
        })
    });
    let answer = json!({
        "ok": found.first_wrong.is_none(),
        "entries": found.entries,
        "unsealed": found.unsealed,
        "checkpoints": found.checkpoints,
        "first_wrong": wrong,
        "checkpoint": found.checkpoint,
    });
    output.answer(&answer, || verified(&found, output))?;
    Ok(Verdict::of(found.first_wrong.is_none()))
}

fn verified(found: &Verification, output: &Output) -> String {
    let counts = if !output.is_english() {
        format!(
            "已封存 {} 条，检查点 {} 个；另有 {} 条等待封存",
            found.entries, found.checkpoints, found.unsealed
        )
    } else {
        format!(
            "{} entries sealed, {} checkpoints; {} more wait to be sealed",
            found.entries, found.checkpoints, found.unsealed
        )
    };
    match &found.first_wrong {
        None => format!("{}\n{counts}", output.say("审计日志完好", "The record is sound")),
        Some(wrong) => {
            let entry = wrong.entry.as_deref().unwrap_or("-");
            let said = output.say(&wrong.zh, &wrong.en);
            let first = output.say("第一处有误", "The first thing wrong");
            format!("{first}: #{} {entry}\n  {said}\n{counts}", wrong.number)
        }
    }
}

async fn export(operator: &Operator, asked: &AuditExport, output: &Output) -> Result<Verdict> {
    let format = Format::named(Some(&asked.form))?;
    let query = Query {
        from: asked.from.clone(),
        to: asked.to.clone(),
        action: asked.action.clone(),
        client: asked.client.clone(),
        ..Query::default()
    };
    let (app, actor) = (&operator.app, &operator.actor);
    let made = records::export(app, actor, &asked.purpose, &query, format).await?;
    match &asked.output {
        None => output.bytes(&made.bytes),
        Some(path) => {
            write_file(path, &made.bytes)?;
            output.answer(&json!({ "entries": made.entries, "file": path }), || {
                format!("{} {} → {}", made.entries, output.say("条", "entries"), path.display())
            })
        }
    }
}

async fn checkpoint(operator: &Operator, output: &Output) -> Result<Verdict> {
    let shown = records::checkpoint(&operator.app, &operator.actor).await?;
    let answer = json!({ "checkpoint": shown.checkpoint, "verifier_key": shown.verifier_key });
    output.answer(&answer, || {
        let checkpoint = shown.checkpoint.clone().unwrap_or_default();
        let key = output.say("验证公钥", "verifier key");
        format!("{checkpoint}\n{key}: {}", shown.verifier_key)
    })
}
