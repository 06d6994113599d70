//! What a call is answered that is not done: a status, and why.

use crate::wire::Problem;
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use runseal_client::{
    receipts::SealRunError,
    store::{Conflict, StoreError},
};
use serde::Serialize;

/// Why a call was not done. Nothing of it was.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// What was sent is not what belongs there.
    Invalid(Vec<Problem>),
    /// Too many calls wait already.
    Busy,
    /// Anything else, in words.
    Refused {
        /// With which status.
        status: StatusCode,
        /// Why.
        detail: String,
    },
}

#[derive(Serialize)]
struct Detail<T> {
    detail: T,
}

impl ApiError {
    pub(crate) fn refused(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::Refused { status, detail: detail.into() }
    }

    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::refused(StatusCode::NOT_FOUND, detail)
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::refused(StatusCode::BAD_REQUEST, detail)
    }

    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::refused(StatusCode::CONFLICT, detail)
    }

    pub(crate) fn failed(detail: impl ToString) -> Self {
        Self::refused(StatusCode::INTERNAL_SERVER_ERROR, detail.to_string())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Invalid(detail) => {
                (StatusCode::UNPROCESSABLE_ENTITY, Json(Detail { detail })).into_response()
            }
            Self::Busy => {
                let body = Json(Detail { detail: "too many calls at a time" });
                let after = [(header::RETRY_AFTER, "1")];
                (StatusCode::TOO_MANY_REQUESTS, after, body).into_response()
            }
            Self::Refused { status, detail } => (status, Json(Detail { detail })).into_response(),
        }
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self::Invalid(vec![problem])
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::UnknownRun { run_id }) => {
                Self::not_found(format!("Run not found: {run_id}"))
            }
            StoreError::Conflict(conflict) => Self::conflict(conflict.to_string()),
            StoreError::Damaged { .. } => Self::failed("the store is damaged"),
            StoreError::NumberTooLarge { .. } => Self::bad_request(error.to_string()),
            // Where the store is, is nobody's business.
            StoreError::Full { .. } => {
                Self::refused(StatusCode::INSUFFICIENT_STORAGE, "the store is full")
            }
            _ => Self::refused(StatusCode::SERVICE_UNAVAILABLE, "the store is not available"),
        }
    }
}

impl From<SealRunError> for ApiError {
    fn from(error: SealRunError) -> Self {
        match error {
            SealRunError::Store(error) => error.into(),
            SealRunError::UnknownRun { run_id } => {
                Self::not_found(format!("Run not found: {run_id}"))
            }
            // What is known of the run makes no receipt: it is too large, for one.
            SealRunError::Receipt(error) => Self::conflict(error.to_string()),
            error => Self::failed(error),
        }
    }
}
