//! `heng id check`: what a number is, whether it is right, what its parts say. Needs no store.

use fiscal::identifiers::{self, Kind};
use serde_json::json;
use values::{Clock, Error, Result, SystemClock};

use crate::args::{IdCheck, IdKind};
use crate::output::{Output, Verdict};

const fn kind(asked: IdKind) -> Kind {
    match asked {
        IdKind::Uscc => Kind::Uscc,
        IdKind::Organisation => Kind::OrganisationCode,
        IdKind::Resident => Kind::ResidentId,
        IdKind::Taxpayer => Kind::TaxpayerNumber,
    }
}

/// Checks one text.
pub fn check(asked: &IdCheck, output: &Output) -> Result<Verdict> {
    let zone = jiff::tz::TimeZone::get(values::DEFAULT_ZONE).map_err(Error::internal)?;
    let today = SystemClock.now().date_in(&zone);
    let report = identifiers::check(&asked.code, asked.kind.map(kind), today);
    let mut answer = serde_json::to_value(&report).map_err(Error::internal)?;
    if let (Some(object), true) = (answer.as_object_mut(), output.is_json()) {
        let said: Vec<_> = report
            .findings
            .iter()
            .map(|found| {
                json!({
                    "severity": found.severity, "code": found.code,
                    "message": output.say(&found.zh, &found.en),
                })
            })
            .collect();
        object.insert("findings".to_owned(), said.into());
    }
    output.answer(&answer, || text(&report, output))?;
    Ok(Verdict::of(report.valid))
}

fn text(report: &identifiers::Report, output: &Output) -> String {
    let verdict = if report.valid {
        output.say("有效", "valid")
    } else {
        output.say("无效", "not valid")
    };
    let name = output.say(report.kind.zh(), report.kind.en());
    let mut lines = vec![format!("{} {name} {verdict}", report.normalised)];
    for (key, zh, value) in &report.parts {
        lines.push(format!("  {}: {value}", output.say(zh, key)));
    }
    for found in &report.findings {
        let severity = match found.severity {
            fiscal::Severity::Error => output.say("错误", "error"),
            fiscal::Severity::Warning => output.say("警告", "warning"),
            fiscal::Severity::Hint => output.say("提示", "hint"),
        };
        lines.push(format!("  [{severity}] {} ({})", output.say(&found.zh, &found.en), found.code));
    }
    lines.join("\n")
}
