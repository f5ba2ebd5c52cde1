//! Who calls: a session cookie or a bearer token, verified by `identity`.

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::net::{IpAddr, SocketAddr};
use trust::access::{Actor, Origin};
use values::{Error, Kind};

use super::Problem;
use super::headers::current_request;
use crate::App;
use crate::identity;

/// A verified caller.
pub struct Caller {
    /// Who acts.
    pub actor: Actor,
    /// The session's id, when the caller came with a cookie.
    pub session: Option<String>,
}

/// The name of the session cookie.
pub const COOKIE: &str = "heng_session";

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let origin = origin_of(parts, app);
        let bearer = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.strip_prefix("Bearer "));
        if let Some(token) = bearer {
            let writes = !parts.method.is_safe();
            let actor = identity::verify_token(app, token, origin, writes).await?;
            return Ok(Self { actor, session: None });
        }
        let Some(cookie) = cookie(&parts.headers, COOKIE) else {
            return Err(unauthenticated().into());
        };
        let (actor, session) = identity::verify_session(app, cookie, origin).await?;
        Ok(Self { actor, session: Some(session) })
    }
}

/// Whoever sends a request, signed in or not.
pub struct Visitor {
    /// From where.
    pub origin: Origin,
    /// What the browser calls this server, with the scheme that browsers use.
    pub base: String,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &App,
    ) -> Result<Self, std::convert::Infallible> {
        let host = parts.headers.get(header::HOST).and_then(|v| v.to_str().ok());
        let scheme = if app.running.secure_cookies { "https" } else { "http" };
        let base = host.map(|host| format!("{scheme}://{host}")).unwrap_or_default();
        Ok(Self { origin: origin_of(parts, app), base })
    }
}

/// The error of a caller who is not signed in.
#[must_use]
pub fn unauthenticated() -> Error {
    Error::new(Kind::Unauthenticated, "session.needed", "请先登录", "Sign in first")
}

/// A cookie's value.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Where a request came from; a forwarded address counts only from a trusted proxy.
#[must_use]
pub fn origin_of(parts: &Parts, app: &App) -> Origin {
    let peer: Option<IpAddr> =
        parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let mut address = peer.map(|ip| ip.to_string()).unwrap_or_default();
    if peer.is_some_and(|ip| app.running.trusted_proxies.contains(&ip)) {
        // The proxy's own word is the last: what stands before it came with the request.
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let forwarded = forwarded.and_then(|v| v.to_str().ok());
        let last = forwarded.and_then(|list| list.rsplit(',').next()).map(str::trim);
        if let Some(ip) = last.and_then(|text| text.parse::<IpAddr>().ok()) {
            address = ip.to_string();
        }
    }
    let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok());
    let agent: String = agent.unwrap_or_default().chars().take(120).collect();
    Origin { address, agent, request: current_request() }
}
