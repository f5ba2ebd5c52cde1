//! The web UI: embedded files with long-lived names, and the page that starts it.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rust_embed::RustEmbed;

use super::Problem;
use crate::App;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// Answers with a web file, or with the page that starts the UI for every other path.
pub async fn serve_web(State(app): State<App>, headers: HeaderMap, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::from(values::Error::not_found()).into_response();
    }
    if !path.starts_with("assets/") && !path.contains('.') {
        return page(&app);
    }
    if path.split('/').any(|part| part == ".." || part.is_empty()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Some((bytes, coding)) = smallest(&app, path, &headers) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let cache = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let kind = kind_of(path);
    let mut response =
        ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)], bytes).into_response();
    let answered = response.headers_mut();
    answered.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        answered.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// A file in the smallest form that the browser takes; the build compresses each one beforehand.
fn smallest(app: &App, path: &str, headers: &HeaderMap) -> Option<(Vec<u8>, Option<&'static str>)> {
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    for (coding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        let takes = accepted.split(',').any(|one| one.trim() == coding);
        if takes && let Some(bytes) = file(app, &format!("{path}{ending}")) {
            return Some((bytes, Some(coding)));
        }
    }
    Some((file(app, path)?, None))
}

fn file(app: &App, path: &str) -> Option<Vec<u8>> {
    match &app.running.web_dir {
        Some(folder) => std::fs::read(folder.join(path)).ok(),
        None => Files::get(path).map(|found| found.data.into_owned()),
    }
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("html") => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The page, with a fresh nonce for the style tags that the UI's components write.
fn page(app: &App) -> Response {
    let Some(html) = file(app, "index.html").and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return (StatusCode::NOT_FOUND, "The web UI is not part of this build.").into_response();
    };
    let nonce = nonce(app);
    let body = Body::from(html.replace("__NONCE__", &nonce));
    let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
    add_policy(&mut response, &nonce);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A nonce for one page.
#[must_use]
pub fn nonce(app: &App) -> String {
    let mut bytes = [0; 16];
    app.entropy.fill(&mut bytes);
    STANDARD_NO_PAD.encode(bytes)
}

/// The content security policy: our own scripts only, styles by nonce.
pub fn add_policy(response: &mut Response, nonce: &str) {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
    }
}
