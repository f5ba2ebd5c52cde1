//! 财务体检报告: what the screen says of a client's statements, as an A4 paper and as a workbook
//! that calculates. It stands on record, with its purpose, before anything of it is made.

mod paper;
mod workbook;

use std::collections::BTreeMap;

use fiscal::Severity;
use fiscal::analysis::ratios::{Ratio, Standing, Value};
use fiscal::analysis::readiness::{Cause, Point, State as Ready};
use fiscal::analysis::working_capital::Assumptions;
use fiscal::rules::{Cell, Outcome, Repair, RuleResult, Settings, check_period, propose};
use fiscal::statements::chart::{Chart, Line, LineKind, chart};
use fiscal::statements::{Column, Statement, StatementKind};
use jiff::tz::TimeZone;
use trust::access::Actor;
use trust::record::{Change, PURPOSE_MOST};
use values::{ClientId, Error, Fen, Kind, Micros, Period, Result};

use super::actions::ExportStatements;
use super::analysis::{self, Findings, Material};
use super::checking;
use super::guideposts::written;
use super::rows::{self, Set};
use super::rules::{SetKind, State};
use crate::App;

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// To be read and printed.
    Pdf,
    /// To be calculated with.
    Xlsx,
}

impl Format {
    /// The ending of its files.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
        }
    }
}

/// A report as it leaves.
pub struct Report {
    /// The name of the file.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// All that a report says.
struct Checkup {
    material: Material,
    findings: Findings,
    points: Vec<Point>,
    results: Vec<RuleResult>,
    repairs: Vec<Repair>,
    set: Option<Set>,
    by: String,
    at: String,
    purpose: String,
}

fn no_press() -> Error {
    Error::new(
        Kind::Unavailable,
        "report.no_press",
        "此程序未包含排版组件，不能生成 PDF；请改为导出 Excel",
        "This build has no typesetter, so there is no PDF: take the workbook instead",
    )
}

/// Takes a report out: on record first, then made.
///
/// # Errors
/// Denied without a purpose or the right; NotFound `analysis.no_statements`; Unavailable
/// `report.no_press` where the program cannot set papers, or `core.unavailable`.
pub async fn report(
    app: &App,
    actor: &Actor,
    client: ClientId,
    (wanted, format): (Option<Period>, Format),
    purpose: &str,
) -> Result<Report> {
    let purpose = purpose.trim();
    if purpose.chars().count() > PURPOSE_MOST {
        return Err(Error::invalid("purpose", "purpose.too_long", "用途太长", "Too long"));
    }
    let actor = actor.clone().for_purpose(purpose);
    let permit = app.access.authorize::<ExportStatements>(&actor, client).await?;
    let press = match format {
        Format::Pdf => Some(app.press.clone().ok_or_else(no_press)?),
        Format::Xlsx => None,
    };
    let mut tx = app.db.write(&permit).await?;
    let period = wanted_period(&rows::sets(&mut tx, client).await?, wanted)?;
    let change = Change::none().fields([format!("report.{}.{period}", format.ending())]);
    let receipt = tx.commit(permit.entry(change)).await?;
    let mut tx = app.core.read_named(&app.db, &receipt).await?;
    let material = analysis::material(app, &mut tx, client).await?;
    let exceptions = rows::exceptions(&mut tx, client).await?;
    let changes = checking::changes(&rows::rule_settings(&mut tx).await?)?;
    drop(tx);
    let accepted = checking::accepted(&material.sets, &exceptions);
    let settings = Settings { rules: changes, accepted };
    let period = material.period(Some(period))?;
    let by = actor.name().to_owned();
    let at = minute(receipt.at(), &app.running.zone);
    let purpose = purpose.to_owned();
    let work = move || {
        let checkup = checkup(material, &settings, period, (by, at, purpose))?;
        let name = format!("财务体检报告-{}-{period}", checkup.material.client.name);
        let name = documents::safe_file_name(&format!("{name}.{}", format.ending()));
        let bytes = match press {
            Some(press) => press.pdf(&paper::paper(&checkup))?,
            None => documents::write_calculation(&workbook::sheets(&checkup))
                .map_err(Error::internal)?,
        };
        Ok(Report { name, bytes })
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// The period of a report: the one that is wanted, or the newest with statements.
fn wanted_period(sets: &[Set], wanted: Option<Period>) -> Result<Period> {
    let mut statements = sets.iter().filter(|set| set.kind == SetKind::Statements);
    let found = match wanted {
        Some(wanted) => statements.find(|set| set.period.last_day() == wanted.last_day()),
        None => statements.next(),
    };
    found.map(|set| wanted.unwrap_or(set.period)).ok_or_else(analysis::no_statements)
}

fn checkup(
    material: Material,
    settings: &Settings,
    period: Period,
    (by, at, purpose): (String, String, String),
) -> Result<Checkup> {
    let findings = analysis::findings(&material, period, Assumptions::default());
    let near = checking::neighbours(&material.sets, period)?;
    let is_near =
        |set: &&Set| near.iter().any(|one| (one.kind, one.period) == (set.kind, set.period));
    let pairs = material.sets.iter().zip(&material.revisions);
    let case = checking::case_of(pairs.filter(|(set, _)| is_near(set)).map(|(_, one)| one));
    let results = check_period(&case, settings, period);
    let repairs = propose(&case, settings, period, &results);
    let points = material.readiness();
    let of_period = |set: &&Set| set.kind == SetKind::Statements && set.period == period;
    let set = material.sets.iter().find(of_period).cloned();
    Ok(Checkup { material, findings, points, results, repairs, set, by, at, purpose })
}

/// A moment to the minute, in the firm's zone.
fn minute(at: Micros, zone: &TimeZone) -> String {
    let stamp = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    stamp.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

const KINDS: [StatementKind; 3] =
    [StatementKind::BalanceSheet, StatementKind::Income, StatementKind::CashFlow];

const fn severity_zh(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "错误",
        Severity::Warning => "警告",
        Severity::Hint => "提示",
    }
}

const fn state_zh(state: State) -> &'static str {
    match state {
        State::Draft => "编制中",
        State::Submitted => "已提交，待复核",
        State::Reviewed => "已复核，待审定",
        State::Approved => "已审定",
    }
}

const fn column_zh(column: Column) -> &'static str {
    match column {
        Column::Closing => "期末余额",
        Column::Opening => "年初余额",
        Column::Current => "本期金额",
        Column::YearToDate => "本年累计金额",
        Column::Prior => "上期金额",
    }
}

const fn standing_zh(standing: Standing) -> &'static str {
    match standing {
        Standing::Good => "良好",
        Standing::Watch => "关注",
        Standing::Alarm => "偏离较大",
    }
}

const fn ready_zh(state: Ready) -> &'static str {
    match state {
        Ready::NotReady => "待补齐",
        Ready::Ask => "银行会问",
        Ready::Ready => "已具备",
    }
}

/// A ratio as it is written, or why it is not.
fn ratio_text(ratio: &Ratio) -> String {
    match &ratio.value {
        Value::Known { value } => written(ratio.measure, *value),
        Value::NotMeaningful => "无意义（分母不大于零）".to_owned(),
        Value::Withheld { missing } => {
            let lacks: Vec<_> = missing.iter().map(|one| one.zh.as_str()).collect();
            format!("暂缺：{}", lacks.join("；"))
        }
    }
}

/// What is usual, in words.
fn guidepost_text(ratio: &Ratio) -> String {
    use fiscal::analysis::ratios::Better;
    let Some(guidepost) = ratio.guidepost else { return String::new() };
    let good = written(ratio.measure, guidepost.good);
    let alarm = written(ratio.measure, guidepost.alarm);
    match guidepost.better {
        Better::Lower => format!("≤ {good}，警戒 > {alarm}"),
        Better::Higher => format!("≥ {good}，警戒 < {alarm}"),
    }
}

impl Checkup {
    fn statement(&self, kind: StatementKind) -> Option<&Statement> {
        self.material.book().statement(kind, self.findings.period)
    }

    /// Broken rules, the gravest first.
    fn broken(&self) -> Vec<&RuleResult> {
        let mut broken: Vec<_> = self.results.iter().filter(|result| result.is_broken()).collect();
        broken.sort_by_key(|result| (result.severity, result.rule));
        broken
    }

    /// How many rules hold, and how many could not be checked.
    fn counts(&self) -> (usize, usize) {
        let holds = self.results.iter().filter(|one| matches!(one.outcome, Outcome::Holds));
        let blind =
            self.results.iter().filter(|one| matches!(one.outcome, Outcome::Uncheckable(_)));
        (holds.count(), blind.count())
    }

    /// What would mend a broken rule: a proposal that was tried, else where to look.
    fn remedy(&self, result: &RuleResult) -> String {
        if let Some(repair) = self.repairs.iter().find(|one| one.mends.contains(&result.rule)) {
            return repair.zh.clone();
        }
        let Some(breach) = result.breach() else { return String::new() };
        let mut names: Vec<String> =
            breach.entries.iter().map(|entry| entry.cell.names().0).collect();
        names.dedup();
        if names.is_empty() {
            return String::new();
        }
        format!("请核对：{}", names.join("、"))
    }

    /// The cells that enter broken rules, and how grave the gravest is.
    fn marked(&self) -> BTreeMap<(StatementKind, u16), Severity> {
        let mut marked: BTreeMap<(StatementKind, u16), Severity> = BTreeMap::new();
        for result in self.broken() {
            if result.severity == Severity::Hint {
                continue;
            }
            for entry in result.breach().map(|breach| &breach.entries).into_iter().flatten() {
                let Cell::Statement(_, _, period, kind, _, line) = entry.cell else { continue };
                if period.last_day() == self.findings.period.last_day() {
                    marked.entry((kind, line)).or_insert(result.severity);
                }
            }
        }
        marked
    }

    /// What to do next, the most pressing first.
    fn next_steps(&self) -> Vec<String> {
        let mut steps = Vec::new();
        for result in self.broken().iter().filter(|one| one.severity == Severity::Error) {
            let remedy = self.remedy(result);
            steps.push(format!("更正 {}“{}”：{remedy}", result.rule, result.name.0));
        }
        let archive = |point: &&Point| {
            point.state == Ready::NotReady && !matches!(point.cause, Cause::Rule { .. })
        };
        steps.extend(self.points.iter().filter(archive).map(|point| point.zh.clone()));
        let alarm = |ratio: &&Ratio| ratio.standing == Some(Standing::Alarm);
        for ratio in self.findings.ratios.iter().filter(alarm) {
            let text = ratio_text(ratio);
            steps.push(format!("{}为 {text}，偏离经验值较大，请准备说明", ratio.zh));
        }
        if self.set.as_ref().is_some_and(|set| set.state != State::Approved) {
            steps.push("报表尚未审定：请完成复核与审定后再对外提供".to_owned());
        }
        steps
    }

    /// Who took it out, when and what for.
    fn mark(&self) -> String {
        format!("{} {} 用途：{}", self.by, self.at, self.purpose)
    }
}

/// The lines of a statement that are shown: printed ones and those with figures, in order.
fn shown(statement: &Statement) -> (&'static Chart, Vec<&'static Line>) {
    let chart = chart(statement.standard, statement.layout, statement.kind);
    let has = |line: &&Line| {
        let figure = statement.columns.values().any(|column| column.contains_key(&line.number));
        figure || statement.printed.contains(&line.number)
    };
    (chart, chart.lines().iter().filter(has).collect())
}

fn is_total(line: &Line) -> bool {
    matches!(line.kind, LineKind::Sum(_))
}

fn amount(fen: Option<Fen>) -> String {
    fen.map(|fen| fen.to_string()).unwrap_or_default()
}
