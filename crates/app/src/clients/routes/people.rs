//! Who stands how to a client, and what is done to many clients at once, over HTTP.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use values::{Error, Micros};

use crate::App;
use crate::clients::deeds::{self, Assignment, Chosen, Deed};
use crate::clients::list::ListQuery;
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
    /// Why.
    why: String,
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
    params(("id" = String, Path), ("If-Match" = Option<String>, Header,
        description = "The version that was seen; another one is refused.")),
    request_body = AssignBody, responses((status = 204), (status = 412)))]
pub(super) async fn assign_client(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<AssignBody>,
) -> Answer<StatusCode> {
    let assignment = assignment(&app, &body)?;
    let deed = Deed::Assign(assignment);
    let seen = super::perhaps_seen(&headers)?;
    deeds::one(&app, &caller.actor, id.parse()?, seen, &deed, &body.why).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One thing done to many clients: to those of `ids`, or to all that match `matching`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Bulk {
    /// The clients, 500 at most.
    #[serde(default)]
    ids: Vec<String>,
    /// The filter of a list, instead of `ids`: 500 at a time, in the order of their ids.
    #[serde(default)]
    matching: Option<ListQuery>,
    /// Where the next 500 of those that match begin, as the answer before said.
    #[serde(default)]
    after: Option<String>,
    /// `assign`, `tag`, `untag`, `advance`, `recycle` or `restore`.
    op: String,
    /// For `assign`.
    #[serde(default)]
    assign: AssignBody,
    /// For `tag` and `untag`.
    #[serde(default)]
    tags: Vec<String>,
    /// For `advance`: the stage.
    #[serde(default)]
    to: String,
    /// Do it to the others when some are refused; else to none.
    #[serde(default)]
    partly: bool,
    /// Why.
    #[serde(default)]
    why: String,
}

/// What became of the clients.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkResult {
    /// How many were changed, in one step.
    done: usize,
    /// How many were so already.
    unchanged: usize,
    /// Those it is not done to, and why.
    failed: Vec<BulkFailure>,
    /// Where the next of those that match begin; absent at the end.
    next: Option<String>,
}

/// A client that it was not done to.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkFailure {
    id: String,
    /// Its name, if the caller may see it.
    name: Option<String>,
    code: &'static str,
    detail: String,
    detail_en: String,
}

#[utoipa::path(post, path = "/api/clients/bulk", tag = "clients", request_body = Bulk,
    responses((status = 200, body = BulkResult)))]
pub(super) async fn bulk_clients(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<Bulk>,
) -> Answer<Json<BulkResult>> {
    let (deed, chosen) = (deed_of(&app, &body)?, chosen_of(&body)?);
    let outcome = deeds::many(&app, &caller.actor, chosen, &deed, &body.why, body.partly).await?;
    let failure = |refused: deeds::Refused| BulkFailure {
        id: refused.id.to_string(),
        name: refused.name,
        code: refused.code,
        detail: refused.zh,
        detail_en: refused.en,
    };
    Ok(Json(BulkResult {
        done: outcome.done,
        unchanged: outcome.unchanged,
        failed: outcome.refused.into_iter().map(failure).collect(),
        next: outcome.next.map(|id| id.to_string()),
    }))
}

fn deed_of(app: &App, body: &Bulk) -> Result<Deed, Error> {
    Ok(match body.op.as_str() {
        "assign" => Deed::Assign(assignment(app, &body.assign)?),
        "tag" => Deed::Tag(body.tags.clone(), Vec::new()),
        "untag" => Deed::Tag(Vec::new(), body.tags.clone()),
        "advance" => Deed::Advance(body.to.clone()),
        "recycle" => Deed::Recycle,
        "restore" => Deed::Restore,
        _ => return Err(Error::invalid("op", "bulk.unknown", "没有这个操作", "No such action")),
    })
}

fn chosen_of(body: &Bulk) -> Result<Chosen, Error> {
    if let Some(query) = &body.matching {
        let after = body.after.as_deref().map(str::parse).transpose()?;
        return Ok(Chosen::Matching(Box::new(query.clone()), after));
    }
    if body.ids.len() > deeds::MOST {
        let (zh, en) = ("一次最多 500 个客户", "500 at most");
        return Err(Error::invalid("ids", "bulk.too_many", zh, en));
    }
    Ok(Chosen::Ids(body.ids.iter().map(|id| id.parse()).collect::<Result<_, _>>()?))
}
