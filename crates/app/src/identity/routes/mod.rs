//! Request and response shapes, and one short handler for each route.

mod pages;
mod people;
mod sessions;
mod staff;

use axum::extract::DefaultBodyLimit;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use values::{DepartmentId, Error, Micros, Result};

pub use pages::pages;
pub use people::ExplanationView;

use super::people::{Account, OneTimeLink};
use crate::App;

/// The largest workbook of staff that is taken in.
const STAFF_MAX: usize = 16 * 1024 * 1024;

/// The routes of this context.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sessions::create_session, sessions::end_current_session))
        .routes(routes!(sessions::renew_proof))
        .routes(routes!(sessions::get_me))
        .routes(routes!(sessions::list_sessions))
        .routes(routes!(sessions::end_session))
        .routes(routes!(sessions::change_password))
        .routes(routes!(sessions::list_tokens, sessions::create_token))
        .routes(routes!(sessions::revoke_token))
        .routes(routes!(sessions::enroll_totp))
        .routes(routes!(sessions::confirm_totp))
        .routes(routes!(people::list_users, people::create_user))
        .routes(routes!(people::get_user, people::update_user))
        .routes(routes!(people::disable_user))
        .routes(routes!(people::enable_user))
        .routes(routes!(people::reset_user))
        .routes(routes!(people::approve_reset))
        .routes(routes!(people::list_departments, people::create_department))
        .routes(routes!(people::update_department, people::remove_department))
        .routes(routes!(people::list_roles))
        .routes(routes!(staff::staff_template))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(staff::import_staff))
                .layer(DefaultBodyLimit::max(STAFF_MAX)),
        )
}

/// A thing and what it is called.
#[derive(Debug, Serialize, ToSchema)]
struct Named {
    id: Uuid,
    name: String,
}

fn named(department: Option<&(DepartmentId, String)>) -> Option<Named> {
    department.map(|(id, name)| Named { id: id.0, name: name.clone() })
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
struct UserRow {
    id: Uuid,
    name: String,
    display_name: String,
    department: Option<Named>,
    roles: Vec<String>,
    clearance: u8,
    /// The clearance as it counts today: at most 2 without a valid training.
    counted_clearance: u8,
    training_until: Option<String>,
    email: Option<String>,
    /// Whether a second factor is set up.
    mfa: bool,
    disabled: bool,
    last_seen_at: Option<String>,
    /// Whether a one-time link waits for a second person's yes.
    reset_waits: bool,
    version: i64,
}

impl UserRow {
    fn of(account: &Account, app: &App) -> Self {
        Self {
            id: account.id.0,
            name: account.name.clone(),
            display_name: account.display_name.clone(),
            department: named(account.department.as_ref()),
            roles: account.roles.clone(),
            clearance: account.clearance,
            counted_clearance: account.counted_clearance(app.today()),
            training_until: account.training_until.map(|date| date.to_string()),
            email: account.email.clone(),
            mfa: account.has_factor(),
            disabled: !account.active,
            last_seen_at: account.seen_at.map(Micros::rfc3339),
            reset_waits: account.link_waits(app.clock.now()),
            version: account.version,
        }
    }
}

/// A one-time link.
#[derive(Debug, Serialize, ToSchema)]
struct LinkView {
    link: String,
    expires_at: String,
    /// Whether it works only after a second person approved it.
    needs_second: bool,
}

impl LinkView {
    fn of(link: &OneTimeLink, base: &str) -> Self {
        Self {
            link: format!("{base}{}", link.path),
            expires_at: link.expires_at.rfc3339(),
            needs_second: link.needs_second,
        }
    }
}

/// Tells a member that is null from one that is left out.
fn present<'de, T, D>(from: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(from).map(Some)
}

fn date(field: &'static str, text: &str) -> Result<Date> {
    text.trim().parse().map_err(|_| {
        Error::invalid(field, "date", "日期应写作 2026-01-31", "A date is written 2026-01-31")
    })
}

fn uuid(text: &str) -> Result<Uuid> {
    Uuid::parse_str(text).map_err(|_| Error::not_found())
}
