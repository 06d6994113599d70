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
use std::{sync::Arc, time::Duration};

/// Why a call was not done. Nothing of it was.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// What was sent is not what belongs there.
    Invalid(Vec<Problem>),
    /// There are too many calls.
    Busy {
        /// Of which kind, in words.
        detail: &'static str,
        /// After how long there may be room again.
        after: Duration,
    },
    /// It did not work, and why is the operator's business alone.
    Failed {
        /// With which status.
        status: StatusCode,
        /// What the caller is told.
        detail: String,
        /// Why.
        cause: String,
    },
    /// Anything else, in words.
    Refused {
        /// With which status.
        status: StatusCode,
        /// Why.
        detail: String,
    },
}

/// When to try again what could not be done just now.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Why a call failed, on its way to the log.
#[derive(Clone)]
pub(crate) struct Cause(pub(crate) Arc<str>);

/// Says when to come again, in whole seconds: never sooner than there is room.
fn retry(response: &mut Response, after: Duration) {
    let seconds = after.as_secs().saturating_add(u64::from(after.subsec_nanos() > 0)).max(1);
    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
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

    pub(crate) fn failed(cause: impl ToString) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::told(status, "Internal Server Error", cause)
    }

    /// Tells the caller something, and the operator why.
    pub(crate) fn told(status: StatusCode, detail: &str, cause: impl ToString) -> Self {
        Self::Failed { status, detail: detail.to_owned(), cause: cause.to_string() }
    }

    /// Too many calls are at work or wait already.
    pub(crate) fn crowded() -> Self {
        Self::Busy { detail: "too many calls at a time", after: AGAIN_AFTER }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Invalid(detail) => {
                (StatusCode::UNPROCESSABLE_ENTITY, Json(Detail { detail })).into_response()
            }
            Self::Busy { detail, after } => {
                let mut response =
                    (StatusCode::TOO_MANY_REQUESTS, Json(Detail { detail })).into_response();
                retry(&mut response, after);
                response
            }
            Self::Failed { status, detail, cause } => {
                let mut response = (status, Json(Detail { detail })).into_response();
                response.extensions_mut().insert(Cause(cause.into()));
                if status == StatusCode::SERVICE_UNAVAILABLE {
                    retry(&mut response, AGAIN_AFTER);
                }
                response
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
        // Where the store is, is nobody's business.
        match error {
            StoreError::Conflict(Conflict::UnknownRun { run_id }) => {
                Self::not_found(format!("Run not found: {run_id}"))
            }
            StoreError::Conflict(conflict) => Self::conflict(conflict.to_string()),
            StoreError::Damaged { .. } => {
                Self::told(StatusCode::INTERNAL_SERVER_ERROR, "the store is damaged", error)
            }
            StoreError::NumberTooLarge { .. } => Self::bad_request(error.to_string()),
            StoreError::Full { .. } => {
                Self::told(StatusCode::INSUFFICIENT_STORAGE, "the store is full", error)
            }
            _ => Self::told(StatusCode::SERVICE_UNAVAILABLE, "the store is not available", error),
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
            SealRunError::Signing(error) => error.into(),
            // What is known of the run makes no receipt: it is too large, for one.
            SealRunError::Receipt(error) => Self::conflict(error.to_string()),
            error => Self::failed(error),
        }
    }
}
