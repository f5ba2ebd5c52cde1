//! `heng check`: reads the workbooks of one client, says what was found and what does not add up.
//! Needs no store, no key and no configuration, and creates nothing.

use std::path::Path;

use fiscal::reading::trial_balance::{self, Mapping};
use fiscal::reading::{Asked, Found, FoundReturn, Reading};
use fiscal::rules::{self, Case, Cell, Outcome, RuleResult, Settings};
use fiscal::statements::{Layout, Place, Standard, Statement, StatementKind, Unit};
use fiscal::{Severity, reading};
use serde_json::{Value, json};
use values::{Clock, Error, Period, Result, SystemClock};

use crate::args::{CheckArgs, StandardArg};
use crate::output::{Output, Verdict};

/// Checks files that belong to one client.
pub fn run(asked: &CheckArgs, output: &Output) -> Result<Verdict> {
    let mut sheets = Vec::new();
    for file in &asked.files {
        sheets.extend(open(file)?);
    }
    let standard = match asked.standard {
        StandardArg::Auto => None,
        StandardArg::Small => Some(Standard::Small),
        StandardArg::General => Some(Standard::General),
    };
    let reading = reading::read(&sheets, &Asked { standard, ..Asked::only(present()?) });
    if reading.statements.is_empty() && reading.returns.is_empty() && reading.balances.is_empty() {
        return Err(Error::invalid(
            "file",
            "check.nothing_found",
            "文件里没有找到财务报表、纳税申报表或科目余额表",
            "No statement, return or trial balance was found in the files",
        ));
    }
    let checked = Checked::of(reading, standard.unwrap_or(Standard::Small));
    let files: Vec<String> = asked.files.iter().map(|file| file.display().to_string()).collect();
    output.answer(&checked.json(&files, output), || checked.text(output))?;
    Ok(Verdict::of(checked.errors() == 0))
}

/// The month to fall back on where a file names no period.
fn present() -> Result<Period> {
    let zone = jiff::tz::TimeZone::get(values::DEFAULT_ZONE).map_err(Error::internal)?;
    let today = SystemClock.now().date_in(&zone);
    Period::month_of(today).ok_or_else(|| Error::internal("the clock is wrong"))
}

fn open(path: &Path) -> Result<Vec<reading::Sheet>> {
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|source| {
        Error::invalid(
            "file",
            "file.unreadable",
            format!("无法读取 {shown}：{source}"),
            format!("Cannot read {shown}: {source}"),
        )
    })?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    app::sheets::read(&name.unwrap_or_default(), bytes).map_err(|error| {
        let (code, zh, en) = (error.code(), error.zh(), error.en());
        Error::invalid("file", code, format!("{shown}：{zh}"), format!("{shown}: {en}"))
    })
}

/// What was read, and what the rules make of it.
struct Checked {
    statements: Vec<Found>,
    returns: Vec<FoundReturn>,
    derived: Vec<Statement>,
    /// Notes on the reading as a whole.
    notes: Vec<(String, String)>,
    passed_over: Vec<Place>,
    results: Vec<RuleResult>,
}

impl Checked {
    fn of(reading: Reading, usual: Standard) -> Self {
        let mut notes = Vec::new();
        let mut case = Case::default();
        for found in &reading.statements {
            let statement = &found.statement;
            match case.statement(statement.period, statement.kind) {
                Some(known) if known != statement => notes.push(twice(found)),
                Some(_) => {}
                None => case.add(statement.clone()),
            }
        }
        for found in &reading.returns {
            case.file(found.filed.clone());
        }
        let mut derived = Vec::new();
        for balance in &reading.balances {
            let standard = case.standard(balance.period).unwrap_or(usual);
            let from = trial_balance::derive(balance, standard, &Mapping::new());
            notes.extend(from.doubts.into_iter().map(|doubt| (doubt.zh, doubt.en)));
            notes.extend(from.unmapped.iter().map(unmapped));
            for statement in from.statements {
                if case.ending(statement.period, statement.kind).is_none() {
                    case.add(statement.clone());
                    derived.push(statement);
                }
            }
        }
        let results = rules::check(&case, &Settings::default());
        Self {
            statements: reading.statements,
            returns: reading.returns,
            derived,
            notes,
            passed_over: reading.passed_over,
            results,
        }
    }

    fn broken(&self, severity: Severity) -> usize {
        let broken = self.results.iter().filter(|result| result.is_broken());
        broken.filter(|result| result.severity == severity).count()
    }

    fn errors(&self) -> usize {
        self.broken(Severity::Error)
    }

    fn count(&self, key: &str) -> usize {
        self.results.iter().filter(|result| result.outcome.key() == key).count()
    }

    fn json(&self, files: &[String], output: &Output) -> Value {
        let derived = self.derived.iter().map(|statement| {
            json!({
                "kind": statement.kind, "standard": statement.standard,
                "period": statement.period, "unit": statement.unit,
                "lines": statement.printed.len(), "unmatched": [], "derived": true,
            })
        });
        let found = self.statements.iter().map(|found| found_json(found, output));
        let statements: Vec<Value> = found.chain(derived).collect();
        let returns: Vec<Value> =
            self.returns.iter().map(|found| return_json(found, output)).collect();
        let results: Vec<Value> =
            self.results.iter().map(|result| result_json(result, output)).collect();
        let notes: Vec<&str> = self.notes.iter().map(|(zh, en)| output.say(zh, en)).collect();
        let passed: Vec<String> = self.passed_over.iter().map(sheet_name).collect();
        json!({
            "files": files,
            "statements": statements,
            "returns": returns,
            "results": results,
            "notes": notes,
            "passed_over": passed,
            "summary": {
                "statements": self.statements.len() + self.derived.len(),
                "returns": self.returns.len(),
                "holds": self.count("holds"),
                "broken": self.count("broken"),
                "uncheckable": self.count("uncheckable"),
                "excepted": self.count("excepted"),
                "errors": self.errors(),
                "warnings": self.broken(Severity::Warning),
                "hints": self.broken(Severity::Hint),
            },
        })
    }

    fn text(&self, output: &Output) -> String {
        let mut lines = Vec::new();
        for found in &self.statements {
            found_text(found, output, &mut lines);
        }
        for found in &self.returns {
            let form = output.say(found.filed.form.zh(), found.filed.form.en());
            lines.push(format!("{form}  {}  {}", found.filed.period, sheet_name(&found.place)));
        }
        for statement in &self.derived {
            let kind = kind_name(statement.kind, output);
            let how = output.say("由科目余额表推算", "derived from the trial balance");
            lines.push(format!("{kind}  {}  {how}", statement.period));
        }
        lines.extend(self.notes.iter().map(|(zh, en)| format!("  · {}", output.say(zh, en))));
        lines.push(String::new());
        for result in self.results.iter().filter(|result| result.is_broken()) {
            result_text(result, output, &mut lines);
        }
        let (errors, warnings) = (self.errors(), self.broken(Severity::Warning));
        let (hints, holds) = (self.broken(Severity::Hint), self.count("holds"));
        let open = self.count("uncheckable");
        let zh =
            format!("错误 {errors}，警告 {warnings}，提示 {hints}；相符 {holds}，无法检查 {open}");
        let en = format!(
            "{errors} errors, {warnings} warnings, {hints} hints; {holds} hold, {open} cannot be \
             checked"
        );
        lines.push(output.say(&zh, &en).to_owned());
        lines.join("\n")
    }
}

fn twice(found: &Found) -> (String, String) {
    let statement = &found.statement;
    let (zh, en) = rules::kind_names(statement.kind);
    let (period, sheet) = (statement.period, sheet_name(&found.place));
    (
        format!("{period} {zh}出现不止一次且内容不同，只检查第一份；另一份在 {sheet}"),
        format!("There is more than one {en} of {period}; only the first is checked, not {sheet}"),
    )
}

fn unmapped(account: &trial_balance::Account) -> (String, String) {
    let trial_balance::Account { code, name, .. } = account;
    (
        format!("科目 {code} {name} 没有对应的报表项目"),
        format!("Account {code} {name} belongs to no line"),
    )
}

fn sheet_name(place: &Place) -> String {
    if place.file.is_empty() {
        return place.sheet.clone();
    }
    format!("{} [{}]", place.file, place.sheet)
}

/// The cell as Excel names it.
fn cell_name(place: &Place) -> String {
    let mut letters = Vec::new();
    let mut rest = place.column;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.reverse();
    format!("{}{}", letters.into_iter().collect::<String>(), place.row)
}

fn place_json(place: &Place) -> Value {
    json!({ "file": place.file, "sheet": place.sheet, "cell": cell_name(place) })
}

fn found_json(found: &Found, output: &Output) -> Value {
    let statement = &found.statement;
    let unlisted = &statement.unlisted;
    let unmatched: Vec<&str> = unlisted.iter().map(|row| row.name.as_str()).collect();
    let rows: Vec<Value> = unlisted
        .iter()
        .map(|row| json!({ "name": row.name, "place": place_json(&row.place) }))
        .collect();
    let doubts: Vec<Value> = found
        .doubts
        .iter()
        .map(|doubt| {
            json!({
                "code": doubt.code, "message": output.say(&doubt.zh, &doubt.en),
                "place": doubt.place.as_ref().map(place_json),
            })
        })
        .collect();
    let unreadable: Vec<Value> = found
        .unreadable
        .iter()
        .map(|cell| {
            json!({
                "name": cell.name, "message": output.say(&cell.zh, &cell.en),
                "place": place_json(&cell.place),
            })
        })
        .collect();
    let assumed = found.doubts.iter().any(|doubt| doubt.code == "period.assumed");
    json!({
        "kind": statement.kind,
        "standard": statement.standard,
        "period": (!assumed).then_some(statement.period),
        "unit": statement.unit,
        "lines": found.matched.len(),
        "unmatched": unmatched,
        "unmatched_rows": rows,
        "layout": statement.layout,
        "layout_key": found.layout_key,
        "columns": statement.columns.keys().collect::<Vec<_>>(),
        "place": place_json(&found.place),
        "doubts": doubts,
        "unreadable": unreadable,
    })
}

fn return_json(found: &FoundReturn, output: &Output) -> Value {
    let lines: usize = found.filed.columns.values().map(std::collections::BTreeMap::len).sum();
    let doubts: Vec<&str> =
        found.doubts.iter().map(|doubt| output.say(&doubt.zh, &doubt.en)).collect();
    json!({
        "form": found.filed.form, "period": found.filed.period, "figures": lines,
        "place": place_json(&found.place), "doubts": doubts,
    })
}

fn result_json(result: &RuleResult, output: &Output) -> Value {
    let breach = result.breach();
    let entries = breach.map(|breach| breach.entries.as_slice()).unwrap_or_default();
    let lines: Vec<Value> = entries
        .iter()
        .map(|entry| {
            let (zh, en) = entry.cell.names();
            let number = match entry.cell {
                Cell::Statement(.., line) => Some(line.to_string()),
                Cell::Return(.., line) => Some(line.to_string()),
                Cell::Fact(..) => None,
            };
            json!({
                "line": number, "name": output.say(&zh, &en), "amount_fen": entry.amount,
                "place": entry.place.as_ref().map(place_json),
            })
        })
        .collect();
    let (zh, en) = (result.zh(), result.en());
    json!({
        "rule": result.rule,
        "period": result.period,
        "outcome": result.outcome.key(),
        "severity": result.severity,
        "difference_fen": breach.map(|breach| breach.difference),
        "lines": lines,
        "message": output.say(&zh, &en),
    })
}

fn kind_name(kind: StatementKind, output: &Output) -> &'static str {
    let (zh, en) = rules::kind_names(kind);
    if output.is_english() { en } else { zh }
}

fn found_text(found: &Found, output: &Output, lines: &mut Vec<String>) {
    let statement = &found.statement;
    let standard = match statement.standard {
        Standard::Small => output.say("小企业会计准则", "small enterprises"),
        Standard::General => output.say("企业会计准则", "general standard"),
    };
    let unit = match statement.unit {
        Unit::Yuan => output.say("元", "yuan"),
        Unit::Thousand => output.say("千元", "thousand yuan"),
        Unit::TenThousand => output.say("万元", "ten thousand yuan"),
    };
    let layout = match statement.layout {
        Layout::Prescribed => "",
        Layout::Before2019 => output.say("  2019 年前格式", "  layout from before 2019"),
        Layout::Foreign => output.say("  其他格式", "  another layout"),
    };
    lines.push(format!(
        "{}  {}  {standard}  {unit}  {} {}{layout}  {}",
        kind_name(statement.kind, output),
        statement.period,
        found.matched.len(),
        output.say("行", "lines"),
        sheet_name(&found.place),
    ));
    for row in &statement.unlisted {
        let zh = format!("  · 没有对应行次：{}（{}）", row.name, cell_name(&row.place));
        let en = format!("  · without a line: {} ({})", row.name, cell_name(&row.place));
        lines.push(output.say(&zh, &en).to_owned());
    }
    for cell in &found.unreadable {
        let at = cell_name(&cell.place);
        let why = output.say(&cell.zh, &cell.en);
        lines.push(format!("  · {at} {}: {why}", cell.name));
    }
    for doubt in found.doubts.iter().filter(|doubt| doubt.code != "line.alias") {
        let at = doubt.place.as_ref().map(cell_name).unwrap_or_default();
        lines.push(format!("  · {at} {}", output.say(&doubt.zh, &doubt.en)));
    }
}

fn result_text(result: &RuleResult, output: &Output, lines: &mut Vec<String>) {
    let severity = match result.severity {
        Severity::Error => output.say("错误", "error"),
        Severity::Warning => output.say("警告", "warning"),
        Severity::Hint => output.say("提示", "hint"),
    };
    let (zh, en) = (result.zh(), result.en());
    lines.push(format!("[{severity}] {} {} {}", result.rule, result.period, output.say(&zh, &en)));
    let Outcome::Broken(breach) = &result.outcome else { return };
    for entry in breach.entries.iter().filter(|entry| entry.place.is_some()) {
        let Some(place) = &entry.place else { continue };
        let (zh, en) = entry.cell.names();
        let (name, at) = (output.say(&zh, &en), cell_name(place));
        lines.push(format!("    {name} {}  {} {at}", entry.amount, place.sheet));
    }
}
