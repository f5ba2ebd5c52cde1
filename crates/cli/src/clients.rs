//! `heng import clients`, `heng client`: the archive, masked, for an operator at the machine.

use std::path::Path;

use app::clients::{self, ImportOptions, ImportSummary, ListQuery};
use serde_json::{Value, json};
use values::{ClientId, Error, Result};

use crate::args::{ClientVerb, ImportClients, ImportMode};
use crate::config::Config;
use crate::output::{Output, Verdict};
use crate::store::{self, Operator};

/// `heng import clients`: good when it was carried out, refused rows or not.
pub async fn import(config: &Config, asked: &ImportClients, output: &Output) -> Result<Verdict> {
    there(&asked.file)?;
    let operator = store::operator(config, store::Make::IfMissing).await?;
    let options = ImportOptions {
        mode: match asked.mode {
            ImportMode::Create => clients::ImportMode::Create,
            ImportMode::Update => clients::ImportMode::Update,
            ImportMode::Both => clients::ImportMode::Both,
        },
        dry_run: asked.dry_run,
        errors: asked.errors.clone(),
    };
    let (app, actor) = (&operator.app, &operator.actor);
    let summary = clients::import_file(app, actor, &asked.file, options).await;
    operator.close().await?;
    let summary = summary?;
    let answer = serde_json::to_value(&summary).map_err(Error::internal)?;
    output.answer(&answer, || summed_up(&summary, output))
}

/// A file that is to be imported is there.
pub fn there(file: &Path) -> Result<()> {
    if file.is_file() {
        return Ok(());
    }
    Err(Error::invalid(
        "file",
        "file.missing",
        format!("没有文件 {}", file.display()),
        format!("There is no file {}", file.display()),
    ))
}

fn summed_up(summary: &ImportSummary, output: &Output) -> String {
    let counts = [
        ("总行数", "rows", summary.rows),
        ("新建", "created", summary.created),
        ("更新", "updated", summary.updated),
        ("无变化", "unchanged", summary.unchanged),
        ("拒绝", "rejected", summary.rejected),
        ("重复", "duplicates", summary.duplicates),
    ];
    let mut lines: Vec<String> =
        counts.iter().map(|(zh, en, n)| format!("{}: {n}", output.say(zh, en))).collect();
    lines.extend(summary.reasons.iter().map(|(code, count)| format!("  {code}: {count}")));
    lines.join("\n")
}

/// Does what was asked of the archive.
pub async fn run(config: &Config, verb: &ClientVerb, output: &Output) -> Result<Verdict> {
    let operator = store::operator(config, store::Make::Never).await?;
    let done = match verb {
        ClientVerb::List { q, stage, limit } => {
            let query = ListQuery {
                q: q.clone(),
                stage: stage.clone(),
                limit: Some(*limit),
                count: Some("exact".to_owned()),
                ..ListQuery::default()
            };
            list(&operator, &query, output).await
        }
        ClientVerb::Show { client } => show(&operator, client, output).await,
    };
    operator.close().await?;
    done
}

async fn list(operator: &Operator, query: &ListQuery, output: &Output) -> Result<Verdict> {
    let page = clients::list(&operator.app, &operator.actor, query).await?;
    let total = page.total.as_ref().map_or(0, |total| total.count);
    output.answer(&json!({ "total": total, "items": page.items }), || {
        let mut lines: Vec<String> = page
            .items
            .iter()
            .map(|row| {
                let uscc = row.uscc.as_deref().unwrap_or("-");
                format!("{}\t{uscc}\t{}\t{}", row.code, row.name, row.stage)
            })
            .collect();
        lines.push(format!("{} {total}", output.say("共", "total")));
        lines.join("\n")
    })
}

/// The client of an id, a code, a credit code or an exact name.
pub async fn find(operator: &Operator, text: &str) -> Result<ClientId> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let query = ListQuery { q: Some(text.to_owned()), limit: Some(50), ..ListQuery::default() };
    let page = clients::list(&operator.app, &operator.actor, &query).await?;
    let same = |row: &&clients::ClientRow| {
        row.code.eq_ignore_ascii_case(text)
            || row.uscc.as_deref().is_some_and(|uscc| uscc.eq_ignore_ascii_case(text))
            || row.name == text
    };
    page.items.iter().find(same).map(|row| row.id).ok_or_else(Error::not_found)
}

async fn show(operator: &Operator, client: &str, output: &Output) -> Result<Verdict> {
    let id = find(operator, client.trim()).await?;
    let view = clients::view(&operator.app, &operator.actor, id, None).await?;
    let answer = serde_json::to_value(&view).map_err(Error::internal)?;
    output.answer(&answer, || text(&answer, output))
}

/// The fields as lines: what is masked says so.
fn text(answer: &Value, output: &Output) -> String {
    let said = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut lines = vec![format!("{} {}", said("code"), said("name"))];
    for (key, field) in answer.get("fields").and_then(Value::as_object).into_iter().flatten() {
        let value = match field.get("value") {
            Some(Value::String(value)) => value.clone(),
            Some(Value::Null) | None => continue,
            Some(other) => other.to_string(),
        };
        let masked = field.get("masked").and_then(Value::as_bool).unwrap_or(false);
        let note = if masked { output.say("（脱敏）", " (masked)") } else { "" };
        lines.push(format!("  {key}: {value}{note}"));
    }
    lines.join("\n")
}
