//! The analysis of a client's statements over HTTP. Amounts are in fen, ratios in ten-thousandths.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use fiscal::analysis::ratios::Guidepost;
use fiscal::analysis::working_capital::Assumptions;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use values::{Error, Fen, Period, Result};

use super::analysis_shapes::{
    AnalysisView, FactsShape, FactsView, GuidepostList, GuidepostShape, PointView, ShareTable,
};
use super::shapes::word;
use super::{seen, tagged};
use crate::App;
use crate::http::{Answer, Body, Caller};
use crate::statements::{analysis, guideposts};

/// The routes of analyses.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_analysis))
        .routes(routes!(show_shares))
        .routes(routes!(show_facts, save_facts))
        .routes(routes!(show_readiness))
        .routes(routes!(list_guideposts, change_guidepost))
}

/// Which period, and what is assumed for the working capital that is needed.
#[derive(Debug, Deserialize, IntoParams)]
struct AnalysisQuery {
    /// The newest one unless told, such as `2026-09`, `2026Q3` or `2026`.
    period: Option<String>,
    /// Expected growth of sales, in ten-thousandths.
    growth: Option<i64>,
    /// Own funds in fen; current assets less current liabilities unless told.
    own_funds: Option<i64>,
    /// Working-capital loans that exist, in fen; the short-term loans unless told.
    existing_loans: Option<i64>,
    /// Money from elsewhere, in fen.
    other: Option<i64>,
}

impl AnalysisQuery {
    fn assumptions(&self) -> Result<Assumptions> {
        let growth = self.growth.unwrap_or(0);
        // Beyond these a growth is a slip of the unit, and the formula would only multiply it.
        if !(-10_000..=100_000).contains(&growth) {
            return Err(Error::invalid(
                "growth",
                "analysis.growth",
                "预计销售增长率应在 -100% 至 1000% 之间（以万分之一为单位）",
                "Growth lies between -100% and 1000%, in ten-thousandths",
            ));
        }
        Ok(Assumptions {
            growth,
            own_funds: self.own_funds.map(Fen),
            existing_loans: self.existing_loans.map(Fen),
            other_sources: Fen(self.other.unwrap_or(0)),
        })
    }
}

fn period(text: Option<&str>) -> Result<Option<Period>> {
    text.filter(|text| !text.is_empty()).map(str::parse).transpose()
}

/// Ratios, unusual movements, rolling sales, charts and the working capital needed, of a period.
#[utoipa::path(get, path = "/api/clients/{id}/analysis", tag = "statements",
    params(("id" = String, Path), AnalysisQuery),
    responses((status = 200, body = AnalysisView), (status = 404)))]
async fn show_analysis(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<AnalysisQuery>,
) -> Answer<Json<AnalysisView>> {
    let (wanted, assumptions) = (period(query.period.as_deref())?, query.assumptions()?);
    let page = analysis::analyse(&app, &caller.actor, id.parse()?, wanted, assumptions).await?;
    Ok(Json(AnalysisView::of(page)))
}

/// Which statement over which periods.
#[derive(Debug, Deserialize, IntoParams)]
struct SharesQuery {
    /// `balance_sheet`, `income` or `cash_flow`.
    kind: String,
    /// Periods, separated by commas; the last six unless told.
    periods: Option<String>,
}

/// Periods of a common-size table.
const PERIODS_MOST: usize = 36;

/// A statement over periods, each line as a share of the total assets or of revenue.
#[utoipa::path(get, path = "/api/clients/{id}/analysis/shares", tag = "statements",
    params(("id" = String, Path), SharesQuery), responses((status = 200, body = ShareTable)))]
async fn show_shares(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<SharesQuery>,
) -> Answer<Json<ShareTable>> {
    let kind = word("kind", &query.kind)?;
    let texts = query.periods.as_deref().unwrap_or_default().split(',').map(str::trim);
    let periods: Vec<Period> =
        texts.filter(|text| !text.is_empty()).map(str::parse).collect::<Result<_>>()?;
    if periods.len() > PERIODS_MOST {
        return Err(Error::invalid(
            "periods",
            "analysis.too_many_periods",
            format!("一次最多比较 {PERIODS_MOST} 个期间"),
            format!("Compare {PERIODS_MOST} periods at most"),
        )
        .into());
    }
    let (periods, rows) =
        analysis::common_size(&app, &caller.actor, id.parse()?, kind, periods).await?;
    Ok(Json(ShareTable::of(kind, periods, rows)))
}

/// Which period.
#[derive(Debug, Deserialize, IntoParams)]
struct PeriodQuery {
    /// Such as `2026-09`, `2026Q3` or `2026`.
    period: String,
}

/// What the statements of a period do not say, as it was entered.
#[utoipa::path(get, path = "/api/clients/{id}/analysis/facts", tag = "statements",
    params(("id" = String, Path), PeriodQuery), responses((status = 200, body = FactsView)))]
async fn show_facts(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<PeriodQuery>,
) -> Answer<Response> {
    let period = query.period.parse()?;
    let (facts, row) = analysis::entered(&app, &caller.actor, id.parse()?, period).await?;
    let version = row.as_ref().map(|row| row.version);
    let shown = Json(FactsView::of(period, &facts, row.as_ref())).into_response();
    Ok(match version {
        Some(version) => tagged(version, shown),
        None => shown,
    })
}

/// Enters what the statements of a period do not say; all of it at once. Without `If-Match` it is
/// the first time; with it the version that was seen is changed.
#[utoipa::path(put, path = "/api/clients/{id}/analysis/facts", tag = "statements",
    params(("id" = String, Path), PeriodQuery), request_body = FactsShape,
    responses((status = 200, body = FactsView), (status = 412)))]
async fn save_facts(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<PeriodQuery>,
    headers: HeaderMap,
    Body(body): Body<FactsShape>,
) -> Answer<Response> {
    let period = query.period.parse()?;
    let facts = body.read();
    let seen = seen(&headers)?;
    let row = analysis::enter(&app, &caller.actor, id.parse()?, (period, facts), seen).await?;
    Ok(tagged(row.version, Json(FactsView::of(period, &facts, Some(&row))).into_response()))
}

/// What a bank will ask.
#[derive(Debug, Serialize, ToSchema)]
struct ReadinessView {
    /// The gravest first.
    points: Vec<PointView>,
}

/// What a bank will ask of a client, point by point, the gravest first (融资准备度).
#[utoipa::path(get, path = "/api/clients/{id}/readiness", tag = "statements",
    params(("id" = String, Path)), responses((status = 200, body = ReadinessView)))]
async fn show_readiness(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<ReadinessView>> {
    let points = analysis::points_of(&app, &caller.actor, id.parse()?).await?;
    Ok(Json(ReadinessView { points: points.into_iter().map(Into::into).collect() }))
}

/// What is held for usual in each ratio (经验值): as it ships, and what the firm changed.
#[utoipa::path(get, path = "/api/statements/guideposts", tag = "statements",
    responses((status = 200, body = GuidepostList)))]
async fn list_guideposts(State(app): State<App>, caller: Caller) -> Answer<Json<GuidepostList>> {
    let rows = guideposts::list(&app, &caller.actor).await?;
    let today = Period::month_of(app.today()).ok_or_else(|| Error::internal("no month today"))?;
    Ok(Json(GuidepostList::of(&guideposts::shipped(today), &rows)))
}

/// A change of what is held for usual.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GuidepostChange {
    /// The ratio, such as `R01`.
    ratio: String,
    /// A section's letter or a division's two digits of GB/T 4754; empty for all clients.
    #[serde(default)]
    industry: String,
    /// What is usual; left out, the wider one holds again.
    guidepost: Option<GuidepostShape>,
}

/// Changes what is held for usual in a ratio, for the firm or for one industry.
#[utoipa::path(put, path = "/api/statements/guideposts", tag = "statements",
    request_body = GuidepostChange, responses((status = 204)))]
async fn change_guidepost(
    State(app): State<App>,
    caller: Caller,
    Body(body): Body<GuidepostChange>,
) -> Answer<StatusCode> {
    let guidepost: Option<Guidepost> =
        body.guidepost.as_ref().map(GuidepostShape::read).transpose()?;
    let place = (body.ratio.as_str(), body.industry.as_str());
    guideposts::change(&app, &caller.actor, place, guidepost).await?;
    Ok(StatusCode::NO_CONTENT)
}
