//! What a client's statements say: ratios, movements, rolling sales, the working capital that it
//! needs, and what a bank will ask. All of it is computed from the core store when asked for.

use std::collections::{BTreeMap, BTreeSet};

use fiscal::analysis::Book;
use fiscal::analysis::movements::{Movement, movements};
use fiscal::analysis::ratios::{self, Facts, Ratio, Value};
use fiscal::analysis::readiness::{Broken, Known, Point, readiness};
use fiscal::analysis::rolling_sales::{RollingSales, rolling_sales};
use fiscal::analysis::shares::{ShareRow, shares};
use fiscal::analysis::working_capital::{Assumptions, Need, need};
use fiscal::returns::{Form, LineNo, Return, ReturnColumn};
use fiscal::statements::{Column, Statement, StatementKind, chart};
use jiff::civil::Date;
use trust::access::Actor;
use trust::record::Change;
use trust::vault::{CoreRead, OpensCore};
use values::{ClientId, Error, Fen, Kind, Part, Period, Result};

use super::actions::{EnterFacts, Entered, ExportStatements, Figures, ViewStatements};
use super::checking;
use super::guideposts::{self, Source};
use super::operations::{signed, stale};
use super::rows::{self, Set};
use super::rows_analysis::{self, EnteredRow, GuidepostRow};
use super::rules::Revision;
use crate::App;
use crate::clients::{self, Financing};

/// Statements so many years before the newest enter an analysis.
const YEARS: i16 = 4;
/// Points of a chart.
const POINTS: usize = 13;
/// Months of rolling sales that are told.
const ROLLING: usize = 24;

/// All that an analysis is made from.
pub struct Material {
    /// The client.
    pub client: Financing,
    /// The sets, the newest period first.
    pub sets: Vec<Set>,
    /// Their newest revisions, in the same order.
    pub revisions: Vec<Revision>,
    /// Their statements.
    pub statements: Vec<Statement>,
    /// What was entered, by period.
    pub entered: BTreeMap<Period, (i64, Facts)>,
    /// What the firm holds for usual.
    pub guideposts: Vec<GuidepostRow>,
    /// Rules that are broken at present.
    pub broken: Vec<Broken>,
    /// Today in the firm's zone.
    pub today: Date,
}

pub(super) fn no_statements() -> Error {
    Error::new(
        Kind::NotFound,
        "analysis.no_statements",
        "该期间还没有财务报表，请先导入或录入",
        "There are no statements for that period: import or type them first",
    )
}

/// Reads what an analysis is made from.
///
/// # Errors
/// Unavailable `core.unavailable`.
pub async fn material<A: OpensCore<Figures> + OpensCore<Entered>>(
    app: &App,
    tx: &mut CoreRead<A>,
    client: ClientId,
) -> Result<Material> {
    let today = app.today();
    let mut sets = rows::sets(tx, client).await?;
    let newest = sets.first().map_or(0, |set| set.period.in_year());
    sets.retain(|set| set.period.in_year() + YEARS >= newest);
    let (mut revisions, mut statements) = (Vec::new(), Vec::new());
    for set in &sets {
        let revision = checking::parsed(&tx.content::<Figures>(set.head).await?)?;
        statements.extend(revision.statements.iter().cloned());
        revisions.push(revision);
    }
    let mut latest = BTreeMap::new();
    for row in rows_analysis::entered(tx, client).await? {
        latest.insert(row.period, row);
    }
    let mut entered = BTreeMap::new();
    for (period, row) in latest {
        let bytes = tx.content::<Entered>(row.address).await?;
        let facts: Kept = serde_json::from_slice(&bytes).map_err(Error::internal)?;
        entered.insert(period, (row.version, facts.facts));
    }
    let known = |(rule, period, severity): (String, Period, String)| {
        let zh = fiscal::rules::by_id(&rule).map(|known| known.zh).unwrap_or_default().to_owned();
        Some(Broken { rule, zh, period, severity: checking::severity_of(&severity)? })
    };
    let broken = rows_analysis::broken(tx, client).await?.into_iter().filter_map(known).collect();
    let guideposts = rows_analysis::guideposts(tx).await?;
    tx.shows_class("enterprise_name");
    let client = clients::financing(tx, client, today).await?;
    Ok(Material { client, sets, revisions, statements, entered, guideposts, broken, today })
}

impl Material {
    /// The statements.
    #[must_use]
    pub fn book(&self) -> Book<'_> {
        Book::new(&self.statements)
    }

    /// The period that is wanted, or the newest one; it has a statement.
    ///
    /// # Errors
    /// NotFound `analysis.no_statements`.
    pub fn period(&self, wanted: Option<Period>) -> Result<Period> {
        let Some(wanted) = wanted else {
            return self.book().periods().last().copied().ok_or_else(no_statements);
        };
        let there = |one: &Statement| one.period.last_day() == wanted.last_day();
        if self.statements.iter().any(there) { Ok(wanted) } else { Err(no_statements()) }
    }

    /// What was entered for a period.
    #[must_use]
    pub fn facts(&self, period: Period) -> Facts {
        let same_end = || self.entered.iter().find(|(at, _)| at.last_day() == period.last_day());
        let found = self.entered.get(&period).or_else(|| same_end().map(|(_, found)| found));
        found.map_or_else(Facts::default, |(_, facts)| *facts)
    }

    /// Whose guidepost holds for a ratio.
    #[must_use]
    pub fn source(&self, ratio: &str) -> Source {
        let industry = self.client.industry.as_deref().unwrap_or_default();
        guideposts::own(&self.guideposts, industry, ratio).map_or(Source::Usual, |(_, of)| of)
    }

    /// The ratios of a period.
    #[must_use]
    pub fn ratios(&self, period: Period) -> Vec<Ratio> {
        let industry = self.client.industry.as_deref().unwrap_or_default();
        let own = |ratio: &str| guideposts::own(&self.guideposts, industry, ratio);
        let facts = self.facts(period);
        ratios::ratios(self.book(), period, &facts, |ratio| own(ratio).map(|(post, _)| post))
    }

    /// What a bank will ask, gravest first.
    #[must_use]
    pub fn readiness(&self) -> Vec<Point> {
        let latest = self.book().periods().last().copied();
        let ratios = latest.map(|period| self.ratios(period)).unwrap_or_default();
        let returns: Vec<(Form, Period)> =
            self.returns().map(|filed| (filed.form, filed.period)).collect();
        readiness(&Known {
            book: self.book(),
            returns: &returns,
            broken: &self.broken,
            ratios: &ratios,
            kept: &self.client.parts,
            founded: self.client.founded,
            general_taxpayer: self.client.general_taxpayer,
            today: self.today,
        })
    }

    fn returns(&self) -> impl Iterator<Item = &Return> {
        self.revisions.iter().filter_map(|revision| revision.filed.as_ref())
    }
}

/// What rolling sales were counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// VAT returns.
    Returns,
    /// Revenue in income statements, where there is no VAT return.
    Revenue,
}

/// A figure over periods.
#[derive(Debug, Clone)]
pub struct Series {
    /// `revenue`, `net_profit`, `cash` or `debt_ratio`.
    pub key: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// Whether it is a share in ten-thousandths; else an amount in fen.
    pub share: bool,
    /// One value per period.
    pub values: Vec<Option<i64>>,
}

/// What the statements of a period say.
pub struct Findings {
    /// The period.
    pub period: Period,
    /// All periods that have statements, oldest first.
    pub periods: Vec<Period>,
    /// The ratios.
    pub ratios: Vec<Ratio>,
    /// Unusual movements, the biggest first.
    pub movements: Vec<Movement>,
    /// Sales of twelve months in a row, oldest first.
    pub rolling: Vec<RollingSales>,
    /// What they were counted from.
    pub basis: Basis,
    /// The year whose statements the need rests on.
    pub year: Period,
    /// The working capital that is needed.
    pub need: Need,
    /// The periods of the charts.
    pub points: Vec<Period>,
    /// The charts.
    pub series: Vec<Series>,
}

/// What the statements of a period say.
#[must_use]
pub fn findings(material: &Material, period: Period, assumptions: Assumptions) -> Findings {
    let book = material.book();
    let (basis, sales) = sales(material);
    let until = |one: &RollingSales| one.month.last_day() <= period.last_day();
    let mut rolling: Vec<_> = rolling_sales(&sales).into_iter().filter(until).collect();
    rolling.drain(..rolling.len().saturating_sub(ROLLING));
    let whole = period.part() == Part::Year || period.last_month() == 12;
    let before = Period::year(period.in_year() - 1).unwrap_or(period);
    let year = if whole { period } else { before };
    let points = points(material, period);
    let series = trend(material, &points);
    Findings {
        period,
        periods: book.periods(),
        ratios: material.ratios(period),
        movements: movements(book, period),
        rolling,
        basis,
        year,
        need: need(book, year, assumptions),
        points,
        series,
    }
}

/// Sales by period: of VAT returns, else of income statements; of periods that overlap the shorter.
fn sales(material: &Material) -> (Basis, Vec<(Period, Fen)>) {
    let filed: Vec<_> =
        material.returns().filter_map(|one| Some((one.period, sold(one)?))).collect();
    if !filed.is_empty() {
        return (Basis::Returns, apart(filed));
    }
    let income = material.statements.iter().filter(|one| one.kind == StatementKind::Income);
    let revenue = |one: &Statement| {
        let line = chart::by_code(one.standard, one.kind, "revenue")?.number;
        Some((one.period, flow(one, line)?))
    };
    (Basis::Revenue, apart(income.filter_map(revenue).collect()))
}

/// The sales of a VAT return, both groups of columns together; none of another return.
fn sold(filed: &Return) -> Option<Fen> {
    let lines: &[u16] = match filed.form {
        Form::VatGeneral => &[1, 5, 7, 8],
        Form::VatSmall => &[1, 4, 7, 9, 13],
        _ => return None,
    };
    filed.columns.get(&ReturnColumn::Main)?;
    let of = |column| lines.iter().filter_map(move |line| filed.figure(column, LineNo::new(*line)));
    Some(of(ReturnColumn::Main).chain(of(ReturnColumn::Second)).sum())
}

/// A flow of the period itself.
fn flow(statement: &Statement, line: u16) -> Option<Fen> {
    let whole = statement.period.first_month() == 1;
    let to_date = || statement.figure(Column::YearToDate, line).filter(|_| whole);
    statement.figure(Column::Current, line).or_else(to_date)
}

fn apart(mut all: Vec<(Period, Fen)>) -> Vec<(Period, Fen)> {
    let months = |period: Period| {
        let year = period.in_year();
        (period.first_month()..=period.last_month()).map(move |month| (year, month))
    };
    all.sort_by_key(|(period, _)| (period.last_month() - period.first_month(), *period));
    let mut covered = BTreeSet::new();
    all.retain(|(period, _)| {
        let free = months(*period).all(|month| !covered.contains(&month));
        if free {
            covered.extend(months(*period));
        }
        free
    });
    all
}

/// The periods of a chart: as long as the one looked at, up to it, those with statements.
fn points(material: &Material, period: Period) -> Vec<Period> {
    let length = |of: Period| of.last_month() - of.first_month();
    let alike = |of: &Period| length(*of) == length(period) && of.last_day() <= period.last_day();
    let all: BTreeSet<(Date, Period)> = material
        .statements
        .iter()
        .map(|one| one.period)
        .filter(alike)
        .map(|of| (of.last_day(), of))
        .collect();
    let all: Vec<Period> = all.into_iter().map(|(_, of)| of).collect();
    all.iter().skip(all.len().saturating_sub(POINTS)).copied().collect()
}

fn trend(material: &Material, points: &[Period]) -> Vec<Series> {
    let book = material.book();
    let flows = |code: &str| {
        let value = |period: &Period| {
            let one = book.statement(StatementKind::Income, *period)?;
            if one.period != *period {
                return None;
            }
            let line = chart::by_code(one.standard, one.kind, code)?.number;
            flow(one, line).map(|fen| fen.0)
        };
        points.iter().map(value).collect()
    };
    let cash = |period: &Period| {
        let one = book.statement(StatementKind::BalanceSheet, *period)?;
        let line = chart::by_code(one.standard, one.kind, "cash")?.number;
        one.figure(Column::Closing, line).map(|fen| fen.0)
    };
    let debt = |period: &Period| {
        let all = material.ratios(*period);
        all.iter().find(|ratio| ratio.id == "R01").and_then(|ratio| match ratio.value {
            Value::Known { value } => Some(value),
            _ => None,
        })
    };
    let series = |key, zh, en, share, values| Series { key, zh, en, share, values };
    vec![
        series("revenue", "营业收入", "Revenue", false, flows("revenue")),
        series("net_profit", "净利润", "Net profit", false, flows("net_profit")),
        series("cash", "货币资金", "Cash", false, points.iter().map(cash).collect()),
        series("debt_ratio", "资产负债率", "Debt ratio", true, points.iter().map(debt).collect()),
    ]
}

/// An analysis as its page shows it.
pub struct Page {
    /// What it was made from.
    pub material: Material,
    /// What it says.
    pub findings: Findings,
    /// Whether the caller may enter what the statements do not say, and take the report out.
    pub may: [(&'static str, bool); 2],
}

/// The analysis of a period, the newest one unless told.
///
/// # Errors
/// NotFound `analysis.no_statements`; Unavailable `core.unavailable`.
pub async fn analyse(
    app: &App,
    actor: &Actor,
    client: ClientId,
    wanted: Option<Period>,
    assumptions: Assumptions,
) -> Result<Page> {
    let material = read(app, actor, client).await?;
    let period = material.period(wanted)?;
    let findings = findings(&material, period, assumptions);
    let enter = app.access.may::<EnterFacts>(actor, client).await?.is_some();
    // Whether a report may be taken is asked as if a purpose had been stated; taking it needs one.
    let stated = actor.clone().for_purpose("may");
    let export = app.access.may::<ExportStatements>(&stated, client).await?.is_some();
    Ok(Page { material, findings, may: [("enter_facts", enter), ("export", export)] })
}

/// Reads what is needed to show an analysis of a client; on record.
async fn read(app: &App, actor: &Actor, client: ClientId) -> Result<Material> {
    let permit = app.access.authorize::<ViewStatements>(actor, client).await?;
    let mut tx = app.core.read(&app.db, &permit).await?;
    material(app, &mut tx, client).await
}

/// How many periods a common-size table has unless told.
const COLUMNS: usize = 6;

/// The common-size table of a statement over periods, the last ones unless told.
///
/// # Errors
/// Unavailable `core.unavailable`.
pub async fn common_size(
    app: &App,
    actor: &Actor,
    client: ClientId,
    kind: StatementKind,
    periods: Vec<Period>,
) -> Result<(Vec<Period>, Vec<ShareRow>)> {
    let material = read(app, actor, client).await?;
    let book = material.book();
    let periods = if periods.is_empty() {
        let mut all = book.periods();
        all.retain(|period| book.statement(kind, *period).is_some());
        all.drain(..all.len().saturating_sub(COLUMNS));
        all
    } else {
        periods
    };
    let rows = shares(book, kind, &periods);
    Ok((periods, rows))
}

/// What a bank will ask of a client, gravest first.
///
/// # Errors
/// Unavailable `core.unavailable`.
pub async fn points_of(app: &App, actor: &Actor, client: ClientId) -> Result<Vec<Point>> {
    Ok(read(app, actor, client).await?.readiness())
}

/// What was entered for a period, as the core store keeps it. It names its place and version, so
/// that the same figures entered again are a content of their own.
#[derive(serde::Serialize, serde::Deserialize)]
struct Kept {
    period: Period,
    version: i64,
    facts: Facts,
}

/// What was entered for a period, and who did it last.
///
/// # Errors
/// Unavailable `core.unavailable`.
pub async fn entered(
    app: &App,
    actor: &Actor,
    client: ClientId,
    period: Period,
) -> Result<(Facts, Option<EnteredRow>)> {
    let permit = app.access.authorize::<ViewStatements>(actor, client).await?;
    let mut tx = app.core.read(&app.db, &permit).await?;
    let rows = rows_analysis::entered(&mut tx, client).await?;
    let Some(row) = rows.into_iter().rfind(|row| row.period == period) else {
        return Ok((Facts::default(), None));
    };
    let bytes = tx.content::<Entered>(row.address).await?;
    let kept: Kept = serde_json::from_slice(&bytes).map_err(Error::internal)?;
    Ok((kept.facts, Some(row)))
}

/// Enters what the statements of a period do not say; each change is a version.
///
/// # Errors
/// Invalid for a negative amount; Conflict `statement.stale`; Unavailable `core.unavailable`.
pub async fn enter(
    app: &App,
    actor: &Actor,
    client: ClientId,
    (period, facts): (Period, Facts),
    seen: Option<i64>,
) -> Result<EnteredRow> {
    let permit = app.access.authorize::<EnterFacts>(actor, client).await?;
    checked(&facts)?;
    let mut tx = app.db.write(&permit).await?;
    rows::lock(&mut tx, client).await?;
    let before = rows_analysis::entered(&mut tx, client).await?;
    let before = before.into_iter().rfind(|row| row.period == period).map(|row| row.version);
    if before != seen {
        return Err(stale());
    }
    let version = before.unwrap_or(0) + 1;
    let kept = Kept { period, version, facts };
    let bytes = zeroize::Zeroizing::new(serde_json::to_vec(&kept).map_err(Error::internal)?);
    let mut address = None;
    for kept in app.core.put::<Entered, _>(&permit, &[&bytes]).await? {
        address = Some(kept.refer(&mut tx, &*app.clock).await?);
    }
    let address = address.ok_or_else(|| Error::internal("nothing was kept"))?;
    let row = EnteredRow { period, version, address, signed: signed(app, actor) };
    rows_analysis::add_entered(&mut tx, client, &row).await?;
    let change = Change::none().fields([format!("analysis.{period}")]).versions(before, version);
    tx.commit(permit.entry(change)).await?;
    Ok(row)
}

fn checked(facts: &Facts) -> Result<()> {
    let amounts = [
        ("depreciation", facts.depreciation),
        ("capitalised_interest", facts.capitalised_interest),
        ("loans_applied", facts.loans_applied),
        ("guarantees_given", facts.guarantees_given),
        ("principal_due", facts.principal_due),
        ("interest_due", facts.interest_due),
        ("maintenance_capex", facts.maintenance_capex),
    ];
    let negative = amounts.into_iter().find(|(_, fen)| fen.is_some_and(Fen::is_negative));
    negative.map_or(Ok(()), |(field, _)| {
        let (zh, en) = ("金额不能为负数", "The amount cannot be negative");
        Err(Error::invalid(field, "analysis.negative", zh, en))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_periods_that_overlap_the_shorter_ones_count() {
        let period = |text: &str| text.parse::<Period>().unwrap();
        let all = [("2025", 12), ("2025Q1", 3), ("2025-01", 1), ("2025Q2", 4)];
        let all = all.map(|(text, yuan)| (period(text), Fen::from_yuan(yuan))).to_vec();
        let kept: Vec<String> = apart(all).iter().map(|(period, _)| period.to_string()).collect();
        assert_eq!(kept, ["2025-01", "2025Q2"]);
    }
}
