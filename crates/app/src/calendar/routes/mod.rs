//! The HTTP shapes and handlers of `calendar`.

mod feeds;

use axum::Json;
use axum::extract::{Multipart, Query, State};
use axum::http::StatusCode;
use fiscal::calendar::{Basis, DayKind, Due, Holidays, Region, Tax, TaxCalendar};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use values::{Error, Period, Result};

use super::imports::{self, Offered, Preview};
use super::operations::{self, GridRow};
use super::rows::Notice;
use super::rules::Duty;
use crate::App;
use crate::clients::{ListQuery, Person};
use crate::http::{Answer, Caller};

/// A sentence in both languages.
#[derive(Debug, Serialize, ToSchema)]
struct StepView {
    zh: String,
    en: String,
}

/// When something is due and why.
#[derive(Debug, Serialize, ToSchema)]
struct DueView {
    /// A day.
    due: String,
    /// `published` or `computed`.
    basis: &'static str,
    /// Whether holidays it was computed from are not announced yet.
    unannounced: bool,
    steps: Vec<StepView>,
}

const fn basis(published: bool) -> &'static str {
    if published { "published" } else { "computed" }
}

impl From<Due> for DueView {
    fn from(due: Due) -> Self {
        let steps = due.steps.into_iter().map(|step| StepView { zh: step.zh, en: step.en });
        Self {
            due: due.date.to_string(),
            basis: basis(due.basis == Basis::Published),
            unannounced: due.unannounced,
            steps: steps.collect(),
        }
    }
}

/// Which due date is asked for.
#[derive(Debug, Deserialize, IntoParams)]
struct DueQuery {
    /// Such as `VAT_G`.
    tax: String,
    /// `2026-09`, `2026Q3` or `2026`.
    period: String,
    /// The code of a division; none for the country.
    #[serde(default)]
    region: String,
}

/// When a tax is due for a period, with every step.
#[utoipa::path(get, path = "/api/calendar/due", operation_id = "show_due", tag = "calendar",
    params(DueQuery), responses((status = 200, body = DueView)))]
async fn show_due(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<DueQuery>,
) -> Answer<Json<DueView>> {
    let (tax, region) = (asked.tax.parse::<Tax>()?, asked.region.parse::<Region>()?);
    let period = asked.period.parse::<Period>()?;
    Ok(Json(operations::due(&app, &caller.actor, tax, period, &region).await?.into()))
}

/// Which year is asked for.
#[derive(Debug, Deserialize, IntoParams)]
struct YearQuery {
    /// This year unless told.
    year: Option<i16>,
    /// The code of a division; none for the country.
    #[serde(default)]
    region: String,
}

/// A day that is not an ordinary one.
#[derive(Debug, Serialize, ToSchema)]
struct DayView {
    /// The day.
    day: String,
    /// `weekend`, `holiday` or `make_up`.
    kind: &'static str,
    /// What the notice calls it.
    name: Option<String>,
}

/// A month of the year.
#[derive(Debug, Serialize, ToSchema)]
struct MonthView {
    month: i8,
    due: DueView,
    days: Vec<DayView>,
}

/// A notice that was taken in.
#[derive(Debug, Serialize, ToSchema)]
struct NoticeView {
    /// `holidays` or `deadlines`.
    kind: String,
    year: i64,
    source: String,
    notice: String,
    entries: i64,
    at: String,
    by: String,
}

impl From<Notice> for NoticeView {
    fn from(notice: Notice) -> Self {
        let Notice { kind, year, source, notice, entries, at, by_name, .. } = notice;
        Self { kind, year, source, notice, entries, at: at.rfc3339(), by: by_name }
    }
}

/// A year of the calendar.
#[derive(Debug, Serialize, ToSchema)]
struct YearView {
    year: i16,
    /// Today.
    today: String,
    /// The region's name.
    region: String,
    /// Whether the year's holidays are announced.
    announced: bool,
    /// What is said when they are not.
    warning: Option<StepView>,
    months: Vec<MonthView>,
    notices: Vec<NoticeView>,
}

/// The deadlines, rest days and make-up days of a year.
#[utoipa::path(get, path = "/api/calendar/year", operation_id = "show_calendar", tag = "calendar",
    params(YearQuery), responses((status = 200, body = YearView)))]
async fn show_calendar(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<YearQuery>,
) -> Answer<Json<YearView>> {
    let region: Region = asked.region.parse()?;
    let year = asked.year.unwrap_or_else(|| app.today().year());
    let (calendar, notices) = operations::calendar(&app, &caller.actor).await?;
    let announced = calendar.holidays.announced(year);
    let warning = (!announced).then(|| Holidays::unannounced(year));
    let months = calendar.year(year, &region)?;
    let months = (1_i8..).zip(months).map(|(month, due)| MonthView {
        month,
        due: due.into(),
        days: days(&calendar, year, month),
    });
    Ok(Json(YearView {
        year,
        today: app.today().to_string(),
        region: region.name(),
        announced,
        warning: warning.map(|said| StepView { zh: said.zh, en: said.en }),
        months: months.collect(),
        notices: notices.into_iter().map(Into::into).collect(),
    }))
}

fn days(calendar: &TaxCalendar, year: i16, month: i8) -> Vec<DayView> {
    let kind = |kind| match kind {
        DayKind::Workday => None,
        DayKind::Weekend => Some("weekend"),
        DayKind::Holiday => Some("holiday"),
        DayKind::MakeUp => Some("make_up"),
    };
    let days = calendar.days(year, month).into_iter();
    days.filter_map(|(day, of)| {
        let name = calendar.holidays.name(day).map(str::to_owned);
        Some(DayView { day: day.to_string(), kind: kind(of)?, name })
    })
    .collect()
}

/// Which duties are asked for.
#[derive(Debug, Deserialize, IntoParams)]
struct DutiesQuery {
    /// This year unless told.
    year: Option<i16>,
    /// 1 to 12; this month unless told.
    month: Option<i8>,
    /// Only this tax.
    tax: Option<String>,
    /// Part of a client's name.
    q: Option<String>,
    /// 负责人: a user's id, `me` or `none`.
    lead: Option<String>,
    /// A department's id.
    department: Option<String>,
    /// The code after which the page begins.
    cursor: Option<String>,
    /// How many rows, 500 at most.
    limit: Option<u64>,
}

impl DutiesQuery {
    fn clients(&self) -> ListQuery {
        ListQuery {
            q: self.q.clone(),
            lead: self.lead.clone(),
            department: self.department.clone(),
            cursor: self.cursor.clone(),
            limit: self.limit,
            ..ListQuery::default()
        }
    }
}

/// A return that is due.
#[derive(Debug, Serialize, ToSchema)]
struct DutyView {
    tax: &'static str,
    period: String,
    /// None where the province sets the day and none is on file.
    due: Option<String>,
    /// `published`, `computed` or `local`.
    basis: &'static str,
    unannounced: bool,
}

impl From<Duty> for DutyView {
    fn from(duty: Duty) -> Self {
        Self {
            tax: duty.tax.key(),
            period: duty.period.to_string(),
            due: duty.due.map(|day| day.to_string()),
            basis: if duty.due.is_none() { "local" } else { basis(duty.published) },
            unannounced: duty.unannounced,
        }
    }
}

/// A client and what it has to file.
#[derive(Debug, Serialize, ToSchema)]
struct GridRowView {
    id: String,
    code: String,
    name: String,
    short_name: Option<String>,
    taxpayer_kind: Option<String>,
    region: String,
    lead: Option<Person>,
    department: Option<String>,
    duties: Vec<DutyView>,
}

impl From<GridRow> for GridRowView {
    fn from(row: GridRow) -> Self {
        let GridRow { client, people, duties } = row;
        Self {
            id: client.id.to_string(),
            code: client.code,
            name: client.name,
            short_name: client.short_name,
            taxpayer_kind: client.profile.kind,
            region: client.profile.region,
            lead: people.lead,
            department: people.department,
            duties: duties.into_iter().map(Into::into).collect(),
        }
    }
}

/// A month's grid.
#[derive(Debug, Serialize, ToSchema)]
struct GridView {
    year: i16,
    month: i8,
    today: String,
    rows: Vec<GridRowView>,
    /// Where the next page begins.
    next: Option<String>,
}

/// The duties of the clients in one's scope in a month.
#[utoipa::path(get, path = "/api/calendar/duties", operation_id = "list_calendar_duties",
    tag = "calendar", params(DutiesQuery), responses((status = 200, body = GridView)))]
async fn list_calendar_duties(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<DutiesQuery>,
) -> Answer<Json<GridView>> {
    let today = app.today();
    let at = (asked.year.unwrap_or(today.year()), asked.month.unwrap_or(today.month()));
    let tax = asked.tax.as_deref().filter(|key| !key.is_empty()).map(str::parse).transpose()?;
    let (rows, next) = operations::grid(&app, &caller.actor, at, &asked.clients(), tax).await?;
    Ok(Json(GridView {
        year: at.0,
        month: at.1,
        today: today.to_string(),
        rows: rows.into_iter().map(Into::into).collect(),
        next,
    }))
}

/// How many returns of a tax are due in a month.
#[derive(Debug, Serialize, ToSchema)]
struct CountView {
    month: i8,
    tax: &'static str,
    duties: i64,
}

/// A year's duties in numbers.
#[derive(Debug, Serialize, ToSchema)]
struct DutyCounts {
    year: i16,
    clients: usize,
    counts: Vec<CountView>,
}

/// The duties of a year in one's scope, counted by month and tax.
#[utoipa::path(get, path = "/api/calendar/counts", operation_id = "show_duty_counts",
    tag = "calendar", params(DutiesQuery), responses((status = 200, body = DutyCounts)))]
async fn show_duty_counts(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<DutiesQuery>,
) -> Answer<Json<DutyCounts>> {
    let year = asked.year.unwrap_or_else(|| app.today().year());
    let (clients, months) = operations::year(&app, &caller.actor, year, &asked.clients()).await?;
    let counts = (1_i8..).zip(months).flat_map(|(month, counts)| {
        counts.into_iter().map(move |(tax, duties)| CountView { month, tax: tax.key(), duties })
    });
    Ok(Json(DutyCounts { year, clients, counts: counts.collect() }))
}

/// What a file is.
#[derive(Debug, Deserialize, IntoParams)]
struct ImportQuery {
    /// `holidays` or `deadlines`.
    kind: String,
    year: i16,
    /// Where the notice comes from.
    source: String,
    /// Its number.
    #[serde(default)]
    notice: String,
    /// What the preview said was seen; for the confirmation.
    #[serde(default)]
    seen: String,
}

/// A file with a notice's table.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the form for the API document; it is read as a stream")]
struct NoticeUpload {
    /// An .xlsx, .xls or .csv file.
    #[schema(value_type = String, format = Binary)]
    file: String,
}

async fn offered(asked: ImportQuery, form: &mut Multipart) -> Result<(Offered, String)> {
    let holidays = match asked.kind.as_str() {
        "holidays" => true,
        "deadlines" => false,
        _ => {
            let zh = "类别只能是 holidays 或 deadlines";
            let en = "The kind is holidays or deadlines";
            return Err(Error::invalid("kind", "calendar.kind", zh, en));
        }
    };
    let broken = |error: axum::extract::multipart::MultipartError| {
        let zh = "上传中断或文件过大，请重新上传";
        Error::invalid("file", "calendar.upload", zh, "The upload was cut short or is too large")
            .with_source(error)
    };
    let mut file = Vec::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            file = field.bytes().await.map_err(broken)?.to_vec();
        }
    }
    if file.is_empty() {
        let zh = "请选择文件";
        return Err(Error::invalid("file", "calendar.file_missing", zh, "Choose a file"));
    }
    let ImportQuery { year, source, notice, seen, .. } = asked;
    Ok((Offered { holidays, year, source, notice, file }, seen))
}

/// What is wrong in a row; row 0 is the file as a whole.
#[derive(Debug, Serialize, ToSchema)]
struct FaultView {
    row: usize,
    column: String,
    zh: String,
    en: String,
}

/// A month whose general deadline moves.
#[derive(Debug, Serialize, ToSchema)]
struct MonthMoveView {
    year: i16,
    month: i8,
    region: String,
    from: String,
    to: String,
    basis: &'static str,
}

/// A return whose day moves.
#[derive(Debug, Serialize, ToSchema)]
struct MoveView {
    tax: &'static str,
    period: String,
    from: Option<String>,
    to: Option<String>,
    basis: &'static str,
    /// Of how many clients.
    duties: i64,
}

/// What taking a notice in does.
#[derive(Debug, Serialize, ToSchema)]
struct PreviewView {
    entries: usize,
    faults: Vec<FaultView>,
    months: Vec<MonthMoveView>,
    moved: Vec<MoveView>,
    /// Duties whose day stays and is no longer uncertain.
    confirmed: i64,
    /// To be sent with the confirmation.
    seen: String,
}

impl From<Preview> for PreviewView {
    fn from(preview: Preview) -> Self {
        let faults = preview.faults.into_iter().map(|fault| FaultView {
            row: fault.row,
            column: fault.column,
            zh: fault.zh,
            en: fault.en,
        });
        let months = preview.months.into_iter().map(|of| MonthMoveView {
            year: of.year,
            month: of.month,
            region: of.region.name(),
            from: of.from.to_string(),
            to: of.to.to_string(),
            basis: basis(of.published),
        });
        let moved = preview.moves.moved.into_iter().map(|of| MoveView {
            tax: of.tax.key(),
            period: of.period.to_string(),
            from: of.from.map(|day| day.to_string()),
            to: of.to.map(|day| day.to_string()),
            basis: basis(of.published),
            duties: of.duties,
        });
        Self {
            entries: preview.entries,
            faults: faults.collect(),
            months: months.collect(),
            moved: moved.collect(),
            confirmed: preview.moves.confirmed,
            seen: preview.seen,
        }
    }
}

/// Shows what a notice would move; nothing is kept.
#[utoipa::path(post, path = "/api/calendar/imports/preview", operation_id = "preview_notice",
    tag = "calendar", params(ImportQuery),
    request_body(content = NoticeUpload, content_type = "multipart/form-data"),
    responses((status = 200, body = PreviewView)))]
async fn preview_notice(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<ImportQuery>,
    mut form: Multipart,
) -> Answer<Json<PreviewView>> {
    let (offered, _) = offered(asked, &mut form).await?;
    Ok(Json(imports::preview(&app, &caller.actor, &offered).await?.into()))
}

/// Takes a notice in after its preview.
#[utoipa::path(post, path = "/api/calendar/imports", operation_id = "import_notice",
    tag = "calendar", params(ImportQuery),
    request_body(content = NoticeUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = PreviewView)))]
async fn import_notice(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<ImportQuery>,
    mut form: Multipart,
) -> Answer<(StatusCode, Json<PreviewView>)> {
    let (offered, seen) = offered(asked, &mut form).await?;
    let done = imports::import(&app, &caller.actor, &offered, &seen).await?;
    Ok((StatusCode::CREATED, Json(done.into())))
}

/// The routes of this context.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_due))
        .routes(routes!(show_calendar))
        .routes(routes!(list_calendar_duties))
        .routes(routes!(show_duty_counts))
        .routes(routes!(preview_notice))
        .routes(routes!(import_notice))
        .routes(routes!(feeds::show_feed, feeds::create_feed, feeds::revoke_feed))
        .routes(routes!(feeds::download_feed))
}
