//! Signing in and out, and one's own account.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use values::{Error, Kind, Micros, Result};

use super::{Named, UserRow, date, named, uuid};
use crate::App;
use crate::http::{Answer, Body, COOKIE, Caller, ProblemBody, Visitor};
use crate::identity::operations::{gate, own};
use crate::identity::people::{Session, Token};

/// The session that the caller came with; programs with a token have none.
pub(super) fn session_of(caller: &Caller) -> Result<Uuid> {
    let session = caller.session.as_deref().and_then(|id| Uuid::parse_str(id).ok());
    session.ok_or_else(|| {
        Error::new(
            Kind::Denied,
            "session.browser_only",
            "此操作须在浏览器登录后进行",
            "This takes a signed-in browser",
        )
    })
}

/// What a person types to sign in.
#[derive(Deserialize, ToSchema)]
pub(super) struct SignInBody {
    name: String,
    password: String,
    /// A one-time code or a recovery code.
    totp: Option<String>,
}

/// Who signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedIn {
    user: UserRow,
    mfa: bool,
}

fn cookie(app: &App, value: &str, seconds: Option<i64>) -> String {
    let secure = if app.running.secure_cookies { "; Secure" } else { "" };
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}")
}

/// Signs in: the session's secret travels in a cookie that scripts cannot read.
#[utoipa::path(post, path = "/api/session", tag = "identity", request_body = SignInBody,
    responses((status = 200, body = SignedIn), (status = 401, body = ProblemBody)))]
pub(super) async fn create_session(
    State(app): State<App>,
    visitor: Visitor,
    Body(body): Body<SignInBody>,
) -> Answer<Response> {
    let typed =
        gate::Typed { name: &body.name, password: &body.password, code: body.totp.as_deref() };
    let opened = gate::sign_in(&app, &typed, &visitor.origin).await?;
    let user = UserRow::of(&opened.account, &app);
    let answer = SignedIn { user, mfa: opened.mfa };
    let cookie = cookie(&app, &opened.secret, None);
    Ok(([(header::SET_COOKIE, cookie)], Json(answer)).into_response())
}

/// Signs out.
#[utoipa::path(delete, path = "/api/session", tag = "identity", responses((status = 204)))]
pub(super) async fn end_current_session(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Response> {
    own::end_session(&app, &caller.actor, session_of(&caller)?).await?;
    let gone = cookie(&app, "", Some(0));
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response())
}

/// What a person types to prove again who they are.
#[derive(Deserialize, ToSchema)]
pub(super) struct ProofBody {
    password: String,
    totp: Option<String>,
}

/// Proves again, in this session, who the caller is.
#[utoipa::path(post, path = "/api/session/renew-proof", tag = "identity",
    request_body = ProofBody,
    responses((status = 204), (status = 401, body = ProblemBody)))]
pub(super) async fn renew_proof(
    State(app): State<App>,
    caller: Caller,
    Body(body): Body<ProofBody>,
) -> Answer<StatusCode> {
    let session = session_of(&caller)?;
    let code = body.totp.as_deref();
    own::renew_proof(&app, &caller.actor, session, &body.password, code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The firm.
#[derive(Serialize, ToSchema)]
pub(super) struct FirmView {
    name: String,
    time_zone: String,
}

/// The purposes that the firm offers; another may be typed.
#[derive(Serialize, ToSchema)]
pub(super) struct PurposesView {
    reveal: Vec<String>,
    export: Vec<String>,
}

/// Who the caller is and what they may do.
#[derive(Serialize, ToSchema)]
pub(super) struct MeView {
    id: Uuid,
    name: String,
    display_name: String,
    roles: Vec<String>,
    department: Option<Named>,
    clearance: u8,
    /// Whether a second factor was shown in this session.
    mfa: bool,
    /// Whether a second factor must be set up before other things are open.
    totp_needed: bool,
    /// Whether a second factor is set up.
    totp_enrolled: bool,
    training_until: Option<String>,
    permissions: Vec<&'static str>,
    locale: String,
    firm: FirmView,
    purposes: PurposesView,
    version: &'static str,
}

/// Who the caller is and what they may do.
#[utoipa::path(get, path = "/api/me", tag = "identity",
    responses((status = 200, body = MeView), (status = 401, body = ProblemBody)))]
pub(super) async fn get_me(State(app): State<App>, caller: Caller) -> Answer<Json<MeView>> {
    let me = own::me(&app, &caller.actor).await?;
    let zone = app.running.zone.iana_name().unwrap_or(values::DEFAULT_ZONE).to_owned();
    Ok(Json(MeView {
        id: me.account.id.0,
        name: me.account.name.clone(),
        display_name: me.account.display_name.clone(),
        roles: me.account.roles.clone(),
        department: named(me.account.department.as_ref()),
        clearance: me.account.clearance,
        mfa: caller.actor.mfa(),
        totp_needed: me.factor_needed,
        totp_enrolled: me.account.has_factor(),
        training_until: me.account.training_until.map(|date| date.to_string()),
        permissions: me.permissions,
        locale: me.locale,
        firm: FirmView { name: me.firm, time_zone: zone },
        purposes: PurposesView { reveal: me.purposes.0, export: me.purposes.1 },
        version: env!("CARGO_PKG_VERSION"),
    }))
}

/// An open session.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionRow {
    id: Uuid,
    user: Named,
    /// Whether it is the one that asks.
    current: bool,
    started_at: String,
    last_seen_at: String,
    expires_at: String,
    mfa: bool,
    address: String,
    agent: String,
}

fn session_row(session: &Session, current: Option<&str>) -> SessionRow {
    let id = session.id.to_string();
    SessionRow {
        current: current == Some(id.as_str()),
        id: session.id,
        user: Named { id: session.user.0, name: session.display_name.clone() },
        started_at: session.created_at.rfc3339(),
        last_seen_at: session.seen_at.rfc3339(),
        expires_at: session.ends_at.rfc3339(),
        mfa: session.mfa,
        address: session.address.clone(),
        agent: session.agent.clone(),
    }
}

/// A list of sessions.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionPage {
    items: Vec<SessionRow>,
    next: Option<String>,
}

/// Whose sessions.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SessionQuery {
    /// Everybody's, for administrators.
    #[serde(default)]
    all: bool,
}

/// The open sessions.
#[utoipa::path(get, path = "/api/sessions", tag = "identity", params(SessionQuery),
    responses((status = 200, body = SessionPage)))]
pub(super) async fn list_sessions(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<SessionQuery>,
) -> Answer<Json<SessionPage>> {
    let sessions = own::list_sessions(&app, &caller.actor, query.all).await?;
    let current = caller.session.as_deref();
    let items = sessions.iter().map(|session| session_row(session, current)).collect();
    Ok(Json(SessionPage { items, next: None }))
}

/// Ends a session.
#[utoipa::path(delete, path = "/api/sessions/{id}", tag = "identity",
    params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub(super) async fn end_session(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    own::end_session(&app, &caller.actor, uuid(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new password.
#[derive(Deserialize, ToSchema)]
pub(super) struct PasswordBody {
    /// The present one.
    password: String,
    totp: Option<String>,
    new_password: String,
}

/// Changes the caller's password; other sessions end.
#[utoipa::path(post, path = "/api/password", tag = "identity", request_body = PasswordBody,
    responses((status = 204), (status = 422, body = ProblemBody)))]
pub(super) async fn change_password(
    State(app): State<App>,
    caller: Caller,
    Body(body): Body<PasswordBody>,
) -> Answer<StatusCode> {
    let session = session_of(&caller)?;
    let present = (body.password.as_str(), body.totp.as_deref());
    own::change_password(&app, &caller.actor, session, present, &body.new_password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A token without its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenRow {
    id: Uuid,
    name: String,
    /// `read`, or `read` and `write`.
    scope: Vec<&'static str>,
    created_at: String,
    expires_at: String,
    last_used_at: Option<String>,
}

impl From<&Token> for TokenRow {
    fn from(token: &Token) -> Self {
        Self {
            id: token.id,
            name: token.name.clone(),
            scope: if token.writes { vec!["read", "write"] } else { vec!["read"] },
            created_at: token.created_at.rfc3339(),
            expires_at: token.expires_at.rfc3339(),
            last_used_at: token.used_at.map(Micros::rfc3339),
        }
    }
}

/// A list of tokens.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenPage {
    items: Vec<TokenRow>,
    next: Option<String>,
}

/// The caller's tokens.
#[utoipa::path(get, path = "/api/tokens", tag = "identity",
    responses((status = 200, body = TokenPage)))]
pub(super) async fn list_tokens(State(app): State<App>, caller: Caller) -> Answer<Json<TokenPage>> {
    let tokens = own::list_tokens(&app, &caller.actor).await?;
    Ok(Json(TokenPage { items: tokens.iter().map(Into::into).collect(), next: None }))
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
pub(super) struct TokenBody {
    name: String,
    /// `read`, or `read` and `write`.
    scope: Vec<String>,
    /// The last day, such as 2026-12-31.
    expires_on: String,
}

/// A token with its secret, shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenCreated {
    #[serde(flatten)]
    row: TokenRow,
    token: String,
}

/// Makes a token.
#[utoipa::path(post, path = "/api/tokens", tag = "identity", request_body = TokenBody,
    responses((status = 201, body = TokenCreated), (status = 422, body = ProblemBody)))]
pub(super) async fn create_token(
    State(app): State<App>,
    caller: Caller,
    Body(body): Body<TokenBody>,
) -> Answer<(StatusCode, Json<TokenCreated>)> {
    session_of(&caller)?;
    let wrong = body.scope.is_empty()
        || body.scope.iter().any(|scope| !matches!(scope.as_str(), "read" | "write"));
    if wrong {
        let (zh, en) = ("权限范围为 read 或 write", "A scope is read or write");
        return Err(Error::invalid("scope", "token.scope_unknown", zh, en).into());
    }
    let draft = own::TokenDraft {
        name: &body.name,
        writes: body.scope.iter().any(|scope| scope == "write"),
        expires_on: date("expires_on", &body.expires_on)?,
    };
    let (token, secret) = own::create_token(&app, &caller.actor, &draft).await?;
    let created = TokenCreated { row: (&token).into(), token: secret };
    Ok((StatusCode::CREATED, Json(created)))
}

/// Revokes a token.
#[utoipa::path(delete, path = "/api/tokens/{id}", tag = "identity",
    params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub(super) async fn revoke_token(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    own::revoke_token(&app, &caller.actor, uuid(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A second factor to be confirmed.
#[derive(Serialize, ToSchema)]
pub(super) struct EnrolmentView {
    /// The seed in base32.
    secret: String,
    /// The same for authenticators.
    uri: String,
    /// The same as a picture.
    qr_svg: String,
}

/// Begins setting up a second factor.
#[utoipa::path(post, path = "/api/totp/enroll", tag = "identity",
    responses((status = 200, body = EnrolmentView), (status = 403, body = ProblemBody)))]
pub(super) async fn enroll_totp(
    State(app): State<App>,
    caller: Caller,
) -> Answer<Json<EnrolmentView>> {
    session_of(&caller)?;
    let begun = own::enrol_factor(&app, &caller.actor).await?;
    Ok(Json(EnrolmentView { secret: begun.secret, uri: begun.uri, qr_svg: begun.qr_svg }))
}

/// A first code.
#[derive(Deserialize, ToSchema)]
pub(super) struct CodeBody {
    code: String,
}

/// Codes to keep for the day on which the second factor is lost; shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

/// Confirms the second factor.
#[utoipa::path(post, path = "/api/totp/confirm", tag = "identity", request_body = CodeBody,
    responses((status = 200, body = RecoveryCodes), (status = 422, body = ProblemBody)))]
pub(super) async fn confirm_totp(
    State(app): State<App>,
    caller: Caller,
    Body(body): Body<CodeBody>,
) -> Answer<Json<RecoveryCodes>> {
    let session = session_of(&caller)?;
    let codes = own::confirm_factor(&app, &caller.actor, session, &body.code).await?;
    Ok(Json(RecoveryCodes { recovery_codes: codes }))
}
