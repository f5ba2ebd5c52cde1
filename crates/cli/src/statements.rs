//! `heng import statements`: a client's statements and returns from a workbook. No figure is
//! printed.

use app::statements::{self, ImportedFile};
use values::{Error, Result};

use crate::args::ImportStatements;
use crate::clients;
use crate::config::Config;
use crate::output::{Output, Verdict};
use crate::store;

/// Imports a workbook: good when it was carried out, rules broken or not.
pub async fn import(config: &Config, asked: &ImportStatements, output: &Output) -> Result<Verdict> {
    clients::there(&asked.file)?;
    let operator = store::operator(config, store::Make::Never).await?;
    let done = async {
        let client = clients::find(&operator, asked.client.trim()).await?;
        statements::import_file(&operator.app, &operator.actor, client, &asked.file).await
    };
    let done = done.await;
    operator.close().await?;
    let done = done?;
    let answer = serde_json::to_value(&done).map_err(Error::internal)?;
    output.answer(&answer, || told(&done, output))
}

fn told(done: &ImportedFile, output: &Output) -> String {
    let mut lines: Vec<String> = done
        .sets
        .iter()
        .map(|set| {
            let counts = [
                (output.say("错误", "errors"), set.errors),
                (output.say("警告", "warnings"), set.warnings),
                (output.say("提示", "hints"), set.hints),
                (output.say("无法检查", "not checkable"), set.uncheckable),
            ];
            let counts: Vec<String> =
                counts.iter().map(|(word, count)| format!("{word} {count}")).collect();
            format!("{} {}: {}", set.kind, set.period, counts.join(", "))
        })
        .collect();
    let unmatched = output.say("未识别的行", "a row without a line");
    lines.extend(done.unmatched.iter().map(|name| format!("  {unmatched}: {name}")));
    let passed = output.say("未识别的工作表", "a sheet without statements");
    lines.extend(done.passed_over.iter().map(|name| format!("  {passed}: {name}")));
    lines.extend(done.doubts.iter().map(|(zh, en)| format!("  {}", output.say(zh, en))));
    lines.join("\n")
}
