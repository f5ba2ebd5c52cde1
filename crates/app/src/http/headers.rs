//! What every request gets and every response carries: an id, and headers that keep browsers safe.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use values::{Error, Kind};

use super::Problem;

tokio::task_local! {
    static REQUEST: String;
}

/// The id of the request being answered.
#[must_use]
pub fn current_request() -> String {
    REQUEST.try_with(Clone::clone).unwrap_or_default()
}

/// Gives the request an id and runs it under that id.
pub async fn request_id(request: Request, next: Next) -> Response {
    let id = uuid::Uuid::now_v7().simple().to_string();
    let mut response = REQUEST.scope(id.clone(), next.run(request)).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

/// Refuses cross-site writes and adds the safety headers.
pub async fn guard(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = if api && is_cross_site_write(request.method(), request.headers()) {
        Problem::from(Error::new(
            Kind::Denied,
            "csrf",
            "请求来源不可信，已拒绝",
            "The request does not come from Heng's own pages",
        ))
        .into_response()
    } else {
        let answer = next.run(request).await;
        if api { as_problem(answer).await } else { answer }
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    if api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// The longest explanation of a request that could not be read.
const EXPLANATION_MOST: usize = 4096;

/// Answers that the framework itself gives (a query or a body that does not fit, too much of it)
/// become problems like all others.
async fn as_problem(answer: Response) -> Response {
    let status = answer.status();
    let problem = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/problem+json"));
    if problem || !status.is_client_error() {
        return answer;
    }
    let error = match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Error::not_found(),
        StatusCode::PAYLOAD_TOO_LARGE => {
            Error::new(Kind::Invalid, "too_large", "请求内容过大", "The request is too large")
        }
        _ => {
            let text = to_bytes(answer.into_body(), EXPLANATION_MOST).await.unwrap_or_default();
            let text = String::from_utf8_lossy(&text).into_owned();
            Error::new(Kind::Invalid, "request.unreadable", "请求内容格式不正确", text)
        }
    };
    Problem::from(error).into_response()
}

/// A browser can be made to send a form or a simple request with our cookie; it cannot be made to
/// add this header, nor to lie about the origin. A request with a token carries no cookie.
fn is_cross_site_write(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    if headers.contains_key(header::AUTHORIZATION) && !headers.contains_key(header::COOKIE) {
        return false;
    }
    if !headers.contains_key("x-heng-csrf") {
        return true;
    }
    match (headers.get("sec-fetch-site").and_then(|v| v.to_str().ok()), origin(headers)) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some((origin, host))) => origin != host,
        (None, None) => false,
    }
}

fn origin(headers: &HeaderMap) -> Option<(&str, &str)> {
    let origin = headers.get(header::ORIGIN)?.to_str().ok()?;
    let host = headers.get(header::HOST)?.to_str().ok()?;
    Some((origin.split_once("://")?.1, host))
}
