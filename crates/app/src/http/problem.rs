//! Errors as RFC 9457 problems: a stable code, a message in both languages, the request's id.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use values::{Error, Kind};

use super::headers::current_request;

/// What every handler returns.
pub type Answer<T> = Result<T, Problem>;

/// An error on its way to the caller.
#[derive(Debug)]
pub struct Problem {
    error: Box<Error>,
    extra: Option<Box<serde_json::Value>>,
}

/// The body of a problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    /// The message in Chinese.
    detail: String,
    /// The message in English.
    detail_en: String,
    /// Stable, such as `client.stale`.
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// All that is wrong, when several fields are; the first of them is the problem itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
    /// What to quote when asking for help.
    request_id: String,
    #[serde(flatten)]
    extra: Option<Box<serde_json::Value>>,
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    field: Option<String>,
    code: &'static str,
    /// The message in Chinese.
    detail: String,
    /// The message in English.
    detail_en: String,
}

impl FieldProblem {
    fn of(error: &Error) -> Self {
        Self {
            field: error.field().map(str::to_owned),
            code: error.code(),
            detail: error.zh().to_owned(),
            detail_en: error.en().to_owned(),
        }
    }

    fn all(error: &Error) -> Vec<Self> {
        if error.others().is_empty() {
            return Vec::new();
        }
        std::iter::once(error).chain(error.others()).map(Self::of).collect()
    }
}

impl Problem {
    /// A problem with members of its own beside the standard ones.
    #[must_use]
    pub fn with(error: Error, extra: serde_json::Value) -> Self {
        Self { error: Box::new(error), extra: Some(Box::new(extra)) }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self { error: Box::new(error), extra: None }
    }
}

const fn status(error: &Error) -> (StatusCode, &'static str) {
    match error.kind() {
        Kind::NotFound => (StatusCode::NOT_FOUND, "Not found"),
        Kind::Denied => (StatusCode::FORBIDDEN, "A right is missing"),
        Kind::Unauthenticated => (StatusCode::UNAUTHORIZED, "Sign in first"),
        Kind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "The input is wrong"),
        Kind::Conflict => (StatusCode::CONFLICT, "Conflict"),
        Kind::Limited => (StatusCode::TOO_MANY_REQUESTS, "Too much"),
        Kind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "Unavailable"),
        Kind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "Internal error"),
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (mut status, title) = status(&self.error);
        match self.error.code() {
            "client.stale" | "statement.stale" => status = StatusCode::PRECONDITION_FAILED,
            "too_large" => status = StatusCode::PAYLOAD_TOO_LARGE,
            _ => {}
        }
        let request_id = current_request();
        if let Some(source) = self.error.private_source() {
            tracing::error!(code = self.error.code(), request = request_id, ?source, "failed");
        } else if status.is_server_error() {
            let said = self.error.en();
            tracing::error!(code = self.error.code(), request = request_id, said, "failed");
        }
        let body = ProblemBody {
            kind: "about:blank",
            title,
            status: status.as_u16(),
            detail: self.error.zh().to_owned(),
            detail_en: self.error.en().to_owned(),
            code: self.error.code(),
            field: self.error.field().map(str::to_owned),
            errors: FieldProblem::all(&self.error),
            request_id,
            extra: self.extra,
        };
        let mut response = (status, Json(body)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("application/problem+json"),
        );
        response
    }
}
