//! A request's JSON, whose faults are problems like all others.

use axum::Json;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use values::Error;

use super::Problem;
use crate::App;

/// The JSON that was sent.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, app).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(Error::invalid(
                "body",
                "request.body",
                "请求内容格式不正确",
                format!("The request's body does not fit: {}", rejection.body_text()),
            )
            .into()),
        }
    }
}
