//! One file a noun.

pub(crate) mod anchors;
mod api;
pub(crate) mod assets;
pub(crate) mod branches;
pub(crate) mod checkpoints;
mod docs;
pub(crate) mod graph;
pub(crate) mod health;
pub(crate) mod identity;
pub(crate) mod leaves;
pub(crate) mod ledger;
pub(crate) mod lifecycle;
pub(crate) mod live;
pub(crate) mod metrics;
pub(crate) mod otlp;
pub(crate) mod policies;
pub(crate) mod proofs;
pub(crate) mod protocol;
pub(crate) mod rpc;
pub(crate) mod run_lists;
pub(crate) mod runs;
pub(crate) mod states;
pub(crate) mod transactions;
pub(crate) mod v2;
pub(crate) mod verify;

pub(crate) use api::api;

use crate::{Shared, error::ApiError, page::error_page, pages::TWIN, service::Service};
use axum::{
    Json,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use runseal_client::{LedgerError, registry::ReadError};
use serde::Serialize;
use std::sync::Arc;

/// Answers for every path that there is no page for.
pub(crate) async fn not_found(uri: Uri) -> Response {
    let failure = Failure {
        status: StatusCode::NOT_FOUND,
        code: "not_found",
        message: format!("There is no page {}", uri.path()),
    };
    failure.answer(uri.path().ends_with(TWIN))
}

/// An answer that is not the one that was asked for.
pub(crate) struct Failure {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

#[derive(Serialize)]
struct FailureBody<'a> {
    code: &'a str,
    message: &'a str,
}

impl Failure {
    /// Says that the store failed, and not where it is.
    pub(crate) fn of_store() -> Self {
        let message = "The store does not answer, or what it holds is damaged".to_owned();
        Self { status: StatusCode::SERVICE_UNAVAILABLE, code: "store_failed", message }
    }

    pub(crate) fn answer(&self, as_json: bool) -> Response {
        if as_json {
            let body = FailureBody { code: self.code, message: &self.message };
            return (self.status, Json(body)).into_response();
        }
        (self.status, error_page(self.status, &self.message)).into_response()
    }
}

impl Shared {
    /// Returns the service whose receipts everybody may see.
    pub(crate) fn open_service(&self) -> Result<Arc<Service>, Failure> {
        let closed = || Failure {
            status: StatusCode::FORBIDDEN,
            code: "receipts_not_shown",
            message: "This service shows no receipts here: its API does, to those who have a token"
                .to_owned(),
        };
        self.open.get().cloned().ok_or_else(closed)
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Busy { .. } => Self {
                status: StatusCode::TOO_MANY_REQUESTS,
                code: "busy",
                message: "Too many calls at a time".to_owned(),
            },
            _ => Self::of_store(),
        }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        let (status, code) = match &error {
            ReadError::Ledger(LedgerError::Unreachable { .. }) => {
                (StatusCode::BAD_GATEWAY, "ledger_unreachable")
            }
            ReadError::Ledger(_) => (StatusCode::BAD_GATEWAY, "ledger_failed"),
            ReadError::Parse(_) => (StatusCode::BAD_GATEWAY, "account_not_understood"),
            ReadError::Missing { .. } => (StatusCode::NOT_FOUND, "not_found"),
        };
        let message = match error {
            ReadError::Ledger(error) => no_word_of(&error),
            told => told.to_string(),
        };
        Self { status, code, message }
    }
}

/// Says that the ledger does not answer. Where it is asked may hold a key, so that is in the log alone.
pub(crate) fn no_word_of(error: &LedgerError) -> String {
    tracing::warn!(%error, "the ledger was asked in vain");
    "The ledger does not answer as it should; try again later".to_owned()
}
