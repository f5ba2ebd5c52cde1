//! The shapes of analyses over HTTP. Amounts are in fen, ratios and shares in ten-thousandths.

use std::collections::BTreeMap;

use fiscal::analysis::movements::Movement;
use fiscal::analysis::ratios::{Facts, Guidepost, Ratio, Value};
use fiscal::analysis::readiness::{Cause, Point};
use fiscal::analysis::rolling_sales::{REGISTRATION_LINE, RollingSales};
use fiscal::analysis::shares::ShareRow;
use fiscal::analysis::working_capital::{Need, Turnover};
use fiscal::analysis::{Missing, Used};
use fiscal::statements::StatementKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use values::{Fen, Period, Result};

use super::shapes::{SignedView, text_of, word};
use crate::statements::analysis::{Basis, Page, Series};
use crate::statements::guideposts::{Source, written};
use crate::statements::rows_analysis::{EnteredRow, GuidepostRow};

/// A line that entered a result.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsedView {
    /// `balance_sheet`, `income` or `cash_flow`.
    statement: String,
    #[schema(value_type = String)]
    period: Period,
    /// `closing`, `opening`, `current`, `year_to_date` or `prior`.
    column: String,
    /// Its number in the form.
    line: u16,
    code: &'static str,
    zh: &'static str,
    fen: i64,
}

impl From<&Used> for UsedView {
    fn from(used: &Used) -> Self {
        Self {
            statement: text_of(used.statement),
            period: used.period,
            column: text_of(used.column),
            line: used.line,
            code: used.code,
            zh: used.zh,
            fen: used.fen.0,
        }
    }
}

/// What kept a result from being made.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingView {
    zh: String,
    en: String,
}

fn missing(all: &[Missing]) -> Vec<MissingView> {
    all.iter().map(|one| MissingView { zh: one.zh.clone(), en: one.en.clone() }).collect()
}

/// What is usual, in ten-thousandths.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuidepostShape {
    /// `lower` or `higher`.
    better: String,
    /// From here on it is good.
    good: i64,
    /// Beyond this a lender will ask.
    alarm: i64,
}

impl GuidepostShape {
    fn of(guidepost: Guidepost) -> Self {
        let Guidepost { better, good, alarm } = guidepost;
        Self { better: text_of(better), good, alarm }
    }

    /// The guidepost.
    pub fn read(&self) -> Result<Guidepost> {
        let better = word("better", &self.better)?;
        Ok(Guidepost { better, good: self.good, alarm: self.alarm })
    }
}

/// A ratio of the period.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatioView {
    /// `R01` to `R33`.
    id: &'static str,
    zh: &'static str,
    en: &'static str,
    /// The formula in words.
    formula: &'static str,
    /// `percent`, `times` or `days`: how it is written.
    measure: String,
    /// `known`, `not_meaningful` or `withheld`.
    state: &'static str,
    /// In ten-thousandths; only when known.
    value: Option<i64>,
    /// As it is written, such as `40.67%`; only when known.
    text: Option<String>,
    /// Whether flows of part of a year were scaled to a year.
    annualised: bool,
    /// What is missing, when it is withheld.
    missing: Vec<MissingView>,
    /// The lines that entered.
    used: Vec<UsedView>,
    /// What is usual (经验值).
    guidepost: Option<GuidepostShape>,
    /// Whose experience that is: `usual`, `firm` or `industry`.
    guidepost_source: &'static str,
    /// `good`, `watch` or `alarm`.
    standing: Option<String>,
}

impl RatioView {
    fn of(ratio: &Ratio, source: Source) -> Self {
        let (state, value, lacks) = match &ratio.value {
            Value::Known { value } => ("known", Some(*value), Vec::new()),
            Value::NotMeaningful => ("not_meaningful", None, Vec::new()),
            Value::Withheld { missing: lacks } => ("withheld", None, missing(lacks)),
        };
        Self {
            id: ratio.id,
            zh: ratio.zh,
            en: ratio.en,
            formula: ratio.formula,
            measure: text_of(ratio.measure),
            state,
            value,
            text: value.map(|value| written(ratio.measure, value)),
            annualised: ratio.annualised,
            missing: lacks,
            used: ratio.used.iter().map(Into::into).collect(),
            guidepost: ratio.guidepost.map(GuidepostShape::of),
            guidepost_source: match source {
                Source::Usual => "usual",
                Source::Firm => "firm",
                Source::Industry => "industry",
            },
            standing: ratio.standing.map(text_of),
        }
    }
}

/// A line that moved by more than is usual.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovementView {
    statement: String,
    line: u16,
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    /// The period it was compared with.
    #[schema(value_type = String)]
    earlier: Period,
    before_fen: i64,
    now_fen: i64,
    /// The change in ten-thousandths; none when it was zero before.
    change: Option<i64>,
    /// What to ask.
    question: &'static str,
    question_en: &'static str,
}

impl From<&Movement> for MovementView {
    fn from(movement: &Movement) -> Self {
        Self {
            statement: text_of(movement.statement),
            line: movement.line,
            code: movement.code,
            zh: movement.zh,
            en: movement.en,
            earlier: movement.earlier,
            before_fen: movement.before.0,
            now_fen: movement.now.0,
            change: movement.change,
            question: movement.question_zh,
            question_en: movement.question_en,
        }
    }
}

/// Sales of twelve months in a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct RollingMonth {
    #[schema(value_type = String)]
    month: Period,
    sales_fen: i64,
    /// Months among the twelve without a figure.
    #[schema(value_type = Vec<String>)]
    missing: Vec<Period>,
    /// `below`, `near` or `over` the line.
    nearness: String,
}

/// Rolling sales against the line of VAT registration.
#[derive(Debug, Serialize, ToSchema)]
pub struct RollingView {
    /// `vat_returns`, or `revenue` where there is no VAT return.
    basis: &'static str,
    /// The line: 500万元.
    line_fen: i64,
    /// Oldest first.
    months: Vec<RollingMonth>,
}

impl RollingView {
    fn of(basis: Basis, rolling: &[RollingSales]) -> Self {
        let month = |one: &RollingSales| RollingMonth {
            month: one.month,
            sales_fen: one.sales.0,
            missing: one.missing.clone(),
            nearness: text_of(one.nearness),
        };
        Self {
            basis: match basis {
                Basis::Returns => "vat_returns",
                Basis::Revenue => "revenue",
            },
            line_fen: REGISTRATION_LINE.0,
            months: rolling.iter().map(month).collect(),
        }
    }
}

/// Days of turnover, in ten-thousandths.
#[derive(Debug, Serialize, ToSchema)]
pub struct TurnoverView {
    inventory: i64,
    receivable: i64,
    payable: i64,
    prepaid: i64,
    advances: i64,
    /// Days in which money goes out and comes back.
    cycle: i64,
}

/// The working capital needed (流动资金贷款需求量).
#[derive(Debug, Serialize, ToSchema)]
pub struct NeedView {
    /// The year whose statements it rests on.
    #[schema(value_type = String)]
    year: Period,
    /// `known`, `no_need_by_formula` or `withheld`.
    state: &'static str,
    turnover: Option<TurnoverView>,
    working_capital_fen: Option<i64>,
    own_funds_fen: Option<i64>,
    existing_loans_fen: Option<i64>,
    /// 新增流动资金贷款额度
    new_loan_fen: Option<i64>,
    missing: Vec<MissingView>,
    used: Vec<UsedView>,
}

impl NeedView {
    fn of(year: Period, need: &Need) -> Self {
        let days = |turnover: &Turnover| TurnoverView {
            inventory: turnover.inventory,
            receivable: turnover.receivable,
            payable: turnover.payable,
            prepaid: turnover.prepaid,
            advances: turnover.advances,
            cycle: turnover.cycle(),
        };
        let mut view = Self {
            year,
            state: "withheld",
            turnover: None,
            working_capital_fen: None,
            own_funds_fen: None,
            existing_loans_fen: None,
            new_loan_fen: None,
            missing: Vec::new(),
            used: Vec::new(),
        };
        match need {
            Need::Known {
                turnover,
                working_capital,
                own_funds,
                existing_loans,
                new_loan,
                used,
            } => {
                view.state = "known";
                view.turnover = Some(days(turnover));
                view.working_capital_fen = Some(working_capital.0);
                view.own_funds_fen = Some(own_funds.0);
                view.existing_loans_fen = Some(existing_loans.0);
                view.new_loan_fen = Some(new_loan.0);
                view.used = used.iter().map(Into::into).collect();
            }
            Need::NoNeedByFormula { turnover } => {
                view.state = "no_need_by_formula";
                view.turnover = Some(days(turnover));
            }
            Need::Withheld { missing: lacks } => view.missing = missing(lacks),
        }
        view
    }
}

/// A figure over the periods of the charts.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesView {
    /// `revenue`, `net_profit`, `cash` or `debt_ratio`.
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    /// `fen`, or `share` in ten-thousandths.
    unit: &'static str,
    values: Vec<Option<i64>>,
}

impl From<&Series> for SeriesView {
    fn from(series: &Series) -> Self {
        let unit = if series.share { "share" } else { "fen" };
        let Series { key, zh, en, values, .. } = series.clone();
        Self { key, zh, en, unit, values }
    }
}

/// The charts: revenue, net profit, cash and debt ratio over periods of one length.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrendView {
    #[schema(value_type = Vec<String>)]
    periods: Vec<Period>,
    series: Vec<SeriesView>,
}

/// What the statements of a period say.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnalysisView {
    #[schema(value_type = String)]
    period: Period,
    /// All periods that have statements, oldest first.
    #[schema(value_type = Vec<String>)]
    periods: Vec<Period>,
    ratios: Vec<RatioView>,
    /// The biggest first.
    movements: Vec<MovementView>,
    rolling_sales: RollingView,
    working_capital: NeedView,
    trend: TrendView,
    /// Whether the caller may `enter_facts`, and `export` the report.
    #[schema(value_type = BTreeMap<String, bool>)]
    may: BTreeMap<&'static str, bool>,
}

impl AnalysisView {
    /// The view of a page.
    pub fn of(page: Page) -> Self {
        let Page { material, findings, may } = page;
        let ratio = |ratio: &Ratio| RatioView::of(ratio, material.source(ratio.id));
        Self {
            period: findings.period,
            ratios: findings.ratios.iter().map(ratio).collect(),
            movements: findings.movements.iter().map(Into::into).collect(),
            rolling_sales: RollingView::of(findings.basis, &findings.rolling),
            working_capital: NeedView::of(findings.year, &findings.need),
            trend: TrendView {
                series: findings.series.iter().map(Into::into).collect(),
                periods: findings.points,
            },
            periods: findings.periods,
            may: may.into(),
        }
    }
}

/// A line over the periods.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareLine {
    line: u16,
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    /// One per period.
    cells: Vec<ShareCellView>,
}

/// A figure and its share.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareCellView {
    fen: Option<i64>,
    /// In ten-thousandths of the base.
    share: Option<i64>,
}

/// A statement over periods.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareTable {
    kind: String,
    #[schema(value_type = Vec<String>)]
    periods: Vec<Period>,
    rows: Vec<ShareLine>,
}

impl ShareTable {
    /// The table of a statement.
    pub fn of(kind: StatementKind, periods: Vec<Period>, rows: Vec<ShareRow>) -> Self {
        let line = |row: ShareRow| ShareLine {
            line: row.line,
            code: row.code,
            zh: row.zh,
            en: row.en,
            cells: row
                .cells
                .iter()
                .map(|cell| ShareCellView { fen: cell.fen.map(|fen| fen.0), share: cell.share })
                .collect(),
        };
        Self { kind: text_of(kind), periods, rows: rows.into_iter().map(line).collect() }
    }
}

/// What the statements do not say, in fen; flows from 1 January to the period's end.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FactsShape {
    /// 折旧与摊销
    depreciation: Option<i64>,
    /// 资本化利息
    capitalised_interest: Option<i64>,
    /// 拟申请贷款
    loans_applied: Option<i64>,
    /// 对外担保余额
    guarantees_given: Option<i64>,
    /// 当期应还本金
    principal_due: Option<i64>,
    /// 当期应付利息
    interest_due: Option<i64>,
    /// 缴纳的所得税
    tax_paid: Option<i64>,
    /// 维持性资本支出
    maintenance_capex: Option<i64>,
    /// 营运资金增加额; a decrease is negative.
    working_capital_increase: Option<i64>,
}

impl FactsShape {
    /// The facts.
    pub fn read(&self) -> Facts {
        Facts {
            depreciation: self.depreciation.map(Fen),
            capitalised_interest: self.capitalised_interest.map(Fen),
            loans_applied: self.loans_applied.map(Fen),
            guarantees_given: self.guarantees_given.map(Fen),
            principal_due: self.principal_due.map(Fen),
            interest_due: self.interest_due.map(Fen),
            tax_paid: self.tax_paid.map(Fen),
            maintenance_capex: self.maintenance_capex.map(Fen),
            working_capital_increase: self.working_capital_increase.map(Fen),
        }
    }

    fn of(facts: &Facts) -> Self {
        let fen = |amount: Option<Fen>| amount.map(|fen| fen.0);
        Self {
            depreciation: fen(facts.depreciation),
            capitalised_interest: fen(facts.capitalised_interest),
            loans_applied: fen(facts.loans_applied),
            guarantees_given: fen(facts.guarantees_given),
            principal_due: fen(facts.principal_due),
            interest_due: fen(facts.interest_due),
            tax_paid: fen(facts.tax_paid),
            maintenance_capex: fen(facts.maintenance_capex),
            working_capital_increase: fen(facts.working_capital_increase),
        }
    }
}

/// What was entered for a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactsView {
    #[schema(value_type = String)]
    period: Period,
    /// For `If-Match`; none before the first time.
    version: Option<i64>,
    facts: FactsShape,
    /// Who entered it last.
    by: Option<SignedView>,
}

impl FactsView {
    /// The view of what was entered.
    pub fn of(period: Period, facts: &Facts, row: Option<&EnteredRow>) -> Self {
        Self {
            period,
            version: row.map(|row| row.version),
            facts: FactsShape::of(facts),
            by: row.map(|row| (&row.signed).into()),
        }
    }
}

/// Where a point comes from; a screen opens it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CauseView {
    /// `statements`, `returns`, `rule`, `ratio` or `archive`.
    kind: &'static str,
    /// Of statements and rules.
    #[schema(value_type = Option<String>)]
    period: Option<Period>,
    /// The return's key, the rule, the ratio, or the field or list of the archive.
    id: Option<String>,
}

/// One thing that a bank will ask about.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointView {
    /// `not_ready`, `ask` or `ready`.
    state: String,
    zh: String,
    en: String,
    cause: CauseView,
}

impl From<Point> for PointView {
    fn from(point: Point) -> Self {
        let (kind, period, id) = match point.cause {
            Cause::Statements { period } => ("statements", Some(period), None),
            Cause::Returns { form } => ("returns", None, Some(form.key().to_owned())),
            Cause::Rule { rule, period } => ("rule", Some(period), Some(rule)),
            Cause::Ratio { id } => ("ratio", None, Some(id.to_owned())),
            Cause::Archive { item } => ("archive", None, Some(item.to_owned())),
        };
        let cause = CauseView { kind, period, id };
        Self { state: text_of(point.state), zh: point.zh, en: point.en, cause }
    }
}

/// What the firm holds for usual.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnGuidepost {
    /// A section's letter or a division's digits; empty for all clients.
    industry: String,
    guidepost: GuidepostShape,
    by: SignedView,
}

/// A ratio and what is usual in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuidepostLine {
    ratio: &'static str,
    zh: &'static str,
    en: &'static str,
    formula: &'static str,
    measure: String,
    /// As it ships; 经验值.
    usual: Option<GuidepostShape>,
    /// The firm's, for all clients and by industry.
    own: Vec<OwnGuidepost>,
}

/// All guideposts and the version of the firm's changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuidepostList {
    version: i64,
    items: Vec<GuidepostLine>,
}

impl GuidepostList {
    /// The list of the ratios.
    pub fn of(shipped: &[Ratio], rows: &[GuidepostRow]) -> Self {
        let line = |ratio: &Ratio| {
            let mut last: BTreeMap<&str, &GuidepostRow> = BTreeMap::new();
            for row in rows.iter().filter(|row| row.ratio == ratio.id) {
                last.insert(&row.industry, row);
            }
            let own = |row: &&GuidepostRow| {
                Some(OwnGuidepost {
                    industry: row.industry.clone(),
                    guidepost: GuidepostShape::of(row.guidepost?),
                    by: (&row.signed).into(),
                })
            };
            GuidepostLine {
                ratio: ratio.id,
                zh: ratio.zh,
                en: ratio.en,
                formula: ratio.formula,
                measure: text_of(ratio.measure),
                usual: ratio.guidepost.map(GuidepostShape::of),
                own: last.values().filter_map(own).collect(),
            }
        };
        let version = rows.last().map_or(0, |last| last.number);
        Self { version, items: shipped.iter().map(line).collect() }
    }
}
