//! Uploads of workbooks: what they hold, and saving what was confirmed.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use fiscal::reading::{Choice, Doubt, Found, FoundReturn, Unreadable};
use fiscal::returns::Return;
use fiscal::statements::{Place, StatementKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use values::{Error, Period, Result};

use super::shapes::{StatementRow, StatementShape, text_of};
use crate::App;
use crate::http::{Answer, Body, Caller};
use crate::statements::uploads::{self, Confirmed, Taken, WORKBOOK_MOST, too_large};

/// The routes of uploads.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(upload_statements)).routes(routes!(confirm_statements))
}

/// A workbook as a form sends it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the form")]
struct StatementUpload {
    /// The workbook.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Where something stands in the file.
#[derive(Debug, Serialize, ToSchema)]
struct PlaceView {
    sheet: String,
    /// Counted from 1.
    row: u32,
    /// Counted from 1.
    column: u32,
}

impl From<&Place> for PlaceView {
    fn from(place: &Place) -> Self {
        Self { sheet: place.sheet.clone(), row: place.row, column: place.column }
    }
}

/// Something to look at before saving.
#[derive(Debug, Serialize, ToSchema)]
struct DoubtView {
    code: String,
    zh: String,
    en: String,
    place: Option<PlaceView>,
}

impl From<&Doubt> for DoubtView {
    fn from(doubt: &Doubt) -> Self {
        let Doubt { code, zh, en, place } = doubt.clone();
        Self { code, zh, en, place: place.as_ref().map(Into::into) }
    }
}

impl From<&Unreadable> for DoubtView {
    fn from(cell: &Unreadable) -> Self {
        Self {
            code: "cell.unreadable".to_owned(),
            zh: format!("{}：{}", cell.name, cell.zh),
            en: format!("{}: {}", cell.name, cell.en),
            place: Some((&cell.place).into()),
        }
    }
}

/// A row that was matched with a line.
#[derive(Debug, Serialize, ToSchema)]
struct MatchView {
    line: u16,
    /// As printed.
    name: String,
    /// `name`, `alias` or `choice`.
    by: String,
    place: PlaceView,
}

/// A statement that was found.
#[derive(Debug, Serialize, ToSchema)]
struct FoundStatement {
    /// Its position, to speak of it when confirming.
    index: usize,
    #[schema(value_type = String)]
    period: Period,
    /// Whether the file itself names the period; otherwise it must be chosen.
    period_named: bool,
    place: PlaceView,
    /// Its figures; `unlisted` are the rows that wait for a line.
    statement: StatementShape,
    matched: Vec<MatchView>,
    doubts: Vec<DoubtView>,
}

impl FoundStatement {
    fn of((index, found): (usize, &Found)) -> Self {
        let matched = found.matched.iter().map(|one| MatchView {
            line: one.line,
            name: one.name.clone(),
            by: text_of(one.by),
            place: (&one.place).into(),
        });
        let unreadable = found.unreadable.iter().map(Into::into);
        Self {
            index,
            period: found.statement.period,
            period_named: found.period_named,
            place: (&found.place).into(),
            statement: StatementShape::of(&found.statement),
            matched: matched.collect(),
            doubts: found.doubts.iter().map(Into::into).chain(unreadable).collect(),
        }
    }
}

/// A return that was found.
#[derive(Debug, Serialize, ToSchema)]
struct FoundFiling {
    /// Its position, to speak of it when confirming.
    index: usize,
    #[schema(value_type = String)]
    period: Period,
    period_named: bool,
    place: PlaceView,
    #[schema(value_type = Object)]
    filed: Return,
    doubts: Vec<DoubtView>,
}

impl FoundFiling {
    fn of((index, found): (usize, &FoundReturn)) -> Self {
        let unreadable = found.unreadable.iter().map(Into::into);
        Self {
            index,
            period: found.filed.period,
            period_named: found.period_named,
            place: (&found.place).into(),
            filed: found.filed.clone(),
            doubts: found.doubts.iter().map(Into::into).chain(unreadable).collect(),
        }
    }
}

/// What a workbook holds. Nothing is saved yet.
#[derive(Debug, Serialize, ToSchema)]
struct StatementPreview {
    /// The upload, to confirm by.
    id: String,
    file_name: String,
    statements: Vec<FoundStatement>,
    returns: Vec<FoundFiling>,
    /// Sheets in which nothing was recognised.
    passed_over: Vec<String>,
    /// Trial balances that were found; they are not saved.
    balances: usize,
}

impl From<Taken> for StatementPreview {
    fn from(taken: Taken) -> Self {
        let reading = &taken.reading;
        Self {
            id: taken.id.to_string(),
            statements: reading.statements.iter().enumerate().map(FoundStatement::of).collect(),
            returns: reading.returns.iter().enumerate().map(FoundFiling::of).collect(),
            passed_over: reading.passed_over.iter().map(|place| place.sheet.clone()).collect(),
            balances: reading.balances.len(),
            file_name: taken.file_name,
        }
    }
}

fn broken(source: axum::extract::multipart::MultipartError) -> Error {
    let (zh, en) = ("上传的内容不完整，请重新上传", "The upload broke off: try again");
    Error::invalid("file", "statement.upload", zh, en).with_source(source)
}

/// The file of a form, kept in memory: nothing of it is put on disk in clear.
async fn received(form: &mut Multipart) -> Result<(String, Vec<u8>)> {
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(broken)? {
            if (bytes.len() + piece.len()) as u64 > WORKBOOK_MOST {
                return Err(too_large());
            }
            bytes.extend_from_slice(&piece);
        }
        return Ok((name, bytes));
    }
    let (zh, en) = ("请选择要上传的文件", "Choose a file");
    Err(Error::invalid("file", "statement.file_missing", zh, en))
}

/// Takes a workbook in and says what it holds, with every doubt.
#[utoipa::path(post, path = "/api/clients/{id}/statement-uploads", tag = "statements",
    params(("id" = String, Path)),
    request_body(content = StatementUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = StatementPreview)))]
async fn upload_statements(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    mut form: Multipart,
) -> Answer<(StatusCode, Json<StatementPreview>)> {
    let (name, bytes) = received(&mut form).await?;
    let taken = uploads::upload(&app, &caller.actor, id.parse()?, &name, &bytes).await?;
    Ok((StatusCode::CREATED, Json(taken.into())))
}

/// What a row was matched with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RowChoice {
    /// `balance_sheet`, `income` or `cash_flow`.
    #[schema(value_type = String)]
    statement: StatementKind,
    /// The row's name as printed.
    name: String,
    /// The line's number; nothing for a row that enters none.
    line: Option<u16>,
}

/// What was confirmed of a preview. It is remembered for the layout.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StatementConfirm {
    /// Rows that a person matched.
    #[serde(default)]
    choices: Vec<RowChoice>,
    /// Periods of found statements by their index, where the file names none or a wrong one.
    #[schema(value_type = BTreeMap<String, String>)]
    #[serde(default)]
    periods: BTreeMap<usize, Period>,
    /// Periods of found returns by their index.
    #[schema(value_type = BTreeMap<String, String>)]
    #[serde(default)]
    return_periods: BTreeMap<usize, Period>,
    /// Indexes of found statements that are not to be saved.
    #[serde(default)]
    skipped: Vec<usize>,
    /// The cause, where submitted figures are corrected.
    #[serde(default)]
    cause: Option<crate::statements::rules::Cause>,
    /// Why.
    #[serde(default)]
    why: String,
}

/// Saves what was confirmed of an upload, all of it or nothing, and runs the rules.
#[utoipa::path(post, path = "/api/clients/{id}/statement-uploads/{item}", tag = "statements",
    params(("id" = String, Path), ("item" = String, Path)), request_body = StatementConfirm,
    responses((status = 200, body = Vec<StatementRow>), (status = 409)))]
async fn confirm_statements(
    State(app): State<App>,
    caller: Caller,
    Path((id, item)): Path<(String, String)>,
    Body(body): Body<StatementConfirm>,
) -> Answer<Json<Vec<StatementRow>>> {
    let choice = |line: Option<u16>| line.map_or(Choice::Ignore, Choice::Line);
    let choices = body.choices.into_iter().map(|one| (one.statement, one.name, choice(one.line)));
    let confirmed = Confirmed {
        choices: choices.collect(),
        statement_periods: body.periods,
        return_periods: body.return_periods,
        skipped: body.skipped.into_iter().collect(),
        cause: body.cause,
        why: body.why,
    };
    let (client, upload) = (id.parse()?, item.parse()?);
    let sets = uploads::confirm(&app, &caller.actor, client, upload, &confirmed, "upload").await?;
    Ok(Json(sets.iter().map(Into::into).collect()))
}
