//! The HTTP border: who calls, what goes wrong, what every response carries.

mod body;
mod caller;
mod headers;
mod problem;
mod web;

pub use body::Body;
pub use caller::{COOKIE, Caller, Visitor};
pub use headers::{guard, request_id};
pub use problem::{Answer, Problem, ProblemBody};
pub use web::{add_policy, nonce, serve_web};
