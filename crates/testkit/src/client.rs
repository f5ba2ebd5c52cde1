//! Requests as one person, and their replies.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// Sends requests as one person. Paths are under `/api` unless they begin with `//`.
#[derive(Debug, Clone)]
pub struct Client<'t> {
    router: &'t Router,
    headers: HeaderMap,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body as JSON; null where it is none.
    pub body: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// The headers.
    pub headers: HeaderMap,
}

impl Reply {
    /// The stable code of a problem.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or_default()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The session cookie that was set.
    #[must_use]
    pub fn cookie(&self) -> Option<String> {
        let set = self.headers.get(header::SET_COOKIE)?.to_str().ok()?;
        set.split(';').next().map(str::to_owned)
    }

    /// A member of the body as text; empty when it is missing.
    #[must_use]
    pub fn str(&self, pointer: &str) -> String {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// The version of an `ETag`, for `If-Match`.
    #[must_use]
    pub fn etag(&self) -> String {
        let tag = self.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
        tag.unwrap_or_default().to_owned()
    }
}

impl<'t> Client<'t> {
    pub(crate) fn new(router: &'t Router) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("x-heng-csrf", HeaderValue::from_static("1"));
        headers.insert(header::HOST, HeaderValue::from_static("heng.test"));
        Self { router, headers }
    }

    pub(crate) fn with_cookie(self, cookie: String) -> Self {
        self.with("cookie", &cookie)
    }

    /// The same with a header more, or changed.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// The same without a header.
    #[must_use]
    pub fn without(mut self, name: &'static str) -> Self {
        self.headers.remove(name);
        self
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, Vec::new()).await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.json(Method::POST, path, &body).await
    }

    /// PATCH of JSON.
    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.json(Method::PATCH, path, &body).await
    }

    /// PUT of JSON.
    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.json(Method::PUT, path, &body).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None, Vec::new()).await
    }

    /// POST of a form, as a browser without script sends it.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body: Vec<String> =
            fields.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect();
        let kind = "application/x-www-form-urlencoded";
        self.send(Method::POST, path, Some(kind), body.join("&").into_bytes()).await
    }

    /// POST of one file, as a browser sends it, with other fields before it.
    pub async fn upload(
        &self,
        path: &str,
        name: &str,
        bytes: &[u8],
        fields: &[(&str, &str)],
    ) -> Reply {
        const BORDER: &str = "heng-test-border";
        let mut body = Vec::new();
        for (key, value) in fields {
            let head = format!("Content-Disposition: form-data; name=\"{key}\"");
            body.extend(format!("--{BORDER}\r\n{head}\r\n\r\n{value}\r\n").into_bytes());
        }
        let head = format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"");
        let kind = "Content-Type: application/octet-stream";
        body.extend(format!("--{BORDER}\r\n{head}\r\n{kind}\r\n\r\n").into_bytes());
        body.extend_from_slice(bytes);
        body.extend(format!("\r\n--{BORDER}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={BORDER}");
        self.send(Method::POST, path, Some(&kind), body).await
    }

    async fn json(&self, method: Method, path: &str, body: &Value) -> Reply {
        let bytes = body.to_string().into_bytes();
        self.send(method, path, Some("application/json"), bytes).await
    }

    async fn send(&self, method: Method, path: &str, kind: Option<&str>, body: Vec<u8>) -> Reply {
        let uri = match path.strip_prefix("//") {
            Some(page) => format!("/{page}"),
            None => format!("/api{path}"),
        };
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = method;
        match uri.parse() {
            Ok(uri) => *request.uri_mut() = uri,
            Err(error) => crate::fail(&format!("{uri}: {error}")),
        }
        request.headers_mut().clone_from(&self.headers);
        if let Some(kind) = kind.and_then(|kind| HeaderValue::from_str(kind).ok()) {
            request.headers_mut().insert(header::CONTENT_TYPE, kind);
        }
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = match response.into_body().collect().await {
            Ok(body) => body.to_bytes().to_vec(),
            Err(error) => crate::fail(&format!("the body broke off: {error}")),
        };
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Reply { status, body, bytes, headers }
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
