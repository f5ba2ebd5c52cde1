//! Who stands how to a client, and what is done to many clients at once, over HTTP.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use values::{ClientId, Error, Kind, Micros};

use crate::App;
use crate::clients::operations::{self, Assignment};
use crate::http::{Answer, Caller};

/// Who is to stand how to a client. A key that is absent leaves things; null clears.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct AssignBody {
    /// 负责人.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    lead: Option<Option<String>>,
    /// 复核人.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    reviewer: Option<Option<String>>,
    /// The department.
    department: Option<String>,
    /// Collaborators to add.
    collaborators: Vec<Collaborator>,
}

/// A collaborator, perhaps until a day.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Collaborator {
    id: String,
    /// The last day, `YYYY-MM-DD`.
    until: Option<String>,
}

/// Tells a null from an absent key.
fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(from).map(Some)
}

fn assignment(app: &App, body: &AssignBody) -> Result<Assignment, Error> {
    let user = |given: &Option<Option<String>>| -> Result<_, Error> {
        given
            .as_ref()
            .map(|id| id.as_deref().filter(|id| !id.is_empty()).map(str::parse).transpose())
            .transpose()
    };
    let mut collaborators = Vec::new();
    for person in &body.collaborators {
        let until = match person.until.as_deref() {
            None | Some("") => None,
            Some(day) => Some(end_of(app, day)?),
        };
        collaborators.push((person.id.parse()?, until));
    }
    Ok(Assignment {
        lead: user(&body.lead)?,
        reviewer: user(&body.reviewer)?,
        department: body.department.as_deref().map(str::parse).transpose()?,
        collaborators,
    })
}

fn end_of(app: &App, day: &str) -> Result<Micros, Error> {
    let wrong = || Error::invalid("until", "date.unreadable", "日期应为 YYYY-MM-DD", "YYYY-MM-DD");
    let day: Date = day.parse().map_err(|_| wrong())?;
    let next = day.tomorrow().map_err(|_| wrong())?;
    Micros::start_of(next, &app.running.zone).ok_or_else(wrong)
}

#[utoipa::path(post, path = "/api/clients/{id}/assign", tag = "clients",
    params(("id" = String, Path)), request_body = AssignBody, responses((status = 204)))]
pub(super) async fn assign_client(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<AssignBody>,
) -> Answer<StatusCode> {
    let assignment = assignment(&app, &body)?;
    operations::assign(&app, &caller.actor, id.parse()?, &assignment).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One thing done to many clients.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Bulk {
    /// The clients.
    ids: Vec<String>,
    /// `assign`, `tag`, `untag`, `recycle` or `restore`.
    op: String,
    /// For `assign`.
    #[serde(default)]
    assign: AssignBody,
    /// For `tag` and `untag`.
    #[serde(default)]
    tags: Vec<String>,
    /// Why.
    #[serde(default)]
    why: String,
}

/// What became of each client.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkResult {
    /// How many it was done to.
    done: usize,
    /// Those it was not done to, and why.
    failed: Vec<BulkFailure>,
}

/// A client that it was not done to.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkFailure {
    id: String,
    code: &'static str,
    detail: String,
}

/// Clients in one bulk action at most.
const BULK_MOST: usize = 500;

#[utoipa::path(post, path = "/api/clients/bulk", tag = "clients", request_body = Bulk,
    responses((status = 200, body = BulkResult)))]
pub(super) async fn bulk_clients(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<Bulk>,
) -> Answer<Json<BulkResult>> {
    if body.ids.len() > BULK_MOST {
        return Err(
            Error::invalid("ids", "bulk.too_many", "一次最多 500 个客户", "500 at most").into()
        );
    }
    let assignment = assignment(&app, &body.assign)?;
    let (mut done, mut failed) = (0, Vec::new());
    for id in &body.ids {
        match one_of_bulk(&app, &caller, &body, &assignment, id).await {
            Ok(()) => done += 1,
            Err(error) if error.kind() == Kind::Internal => return Err(error.into()),
            Err(error) => failed.push(BulkFailure {
                id: id.clone(),
                code: error.code(),
                detail: error.zh().to_owned(),
            }),
        }
    }
    Ok(Json(BulkResult { done, failed }))
}

async fn one_of_bulk(
    app: &App,
    caller: &Caller,
    body: &Bulk,
    assignment: &Assignment,
    id: &str,
) -> Result<(), Error> {
    let (actor, id): (_, ClientId) = (&caller.actor, id.parse()?);
    match body.op.as_str() {
        "assign" => operations::assign(app, actor, id, assignment).await,
        "tag" => operations::tag(app, actor, id, &body.tags, &[]).await,
        "untag" => operations::tag(app, actor, id, &[], &body.tags).await,
        "recycle" => operations::recycle(app, actor, id, &body.why).await,
        "restore" => operations::restore(app, actor, id).await.map(drop),
        _ => Err(Error::invalid("op", "bulk.unknown", "没有这个操作", "No such action")),
    }
}
