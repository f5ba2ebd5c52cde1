//! The HTTP border: who calls, what goes wrong, what every response carries.

mod caller;
mod headers;
mod problem;
mod web;

pub use caller::Caller;
pub use headers::{guard, request_id};
pub use problem::{Answer, Problem};
pub use web::serve_web;
