use super::Service;
use crate::error::ApiError;
use axum::http::StatusCode;
use runseal_client::{LedgerError, registry::ReadError};
use runseal_ledger::AnyLedger;
use std::{sync::Arc, time::Duration};
use tokio::{runtime::Handle, task::spawn_blocking, time::timeout};

/// How many calls may ask the chain at a time; further ones are sent away.
pub(super) const MOST_ASKING: usize = 32;
/// How long a call may take that asks the chain.
const PATIENCE: Duration = Duration::from_secs(60);

impl Service {
    /// Does something that reads both the store and the chain, where waiting for either holds up
    /// nobody else, and for no longer than a minute.
    pub(crate) async fn ask<T, F>(
        self: &Arc<Self>,
        ledger: &Arc<AnyLedger>,
        work: impl FnOnce(Arc<Self>, Arc<AnyLedger>) -> F + Send + 'static,
    ) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, ApiError>>,
    {
        let seat = Arc::clone(&self.asking).try_acquire_owned().map_err(|_| ApiError::crowded())?;
        let (service, ledger) = (Arc::clone(self), Arc::clone(ledger));
        let done = spawn_blocking(move || {
            let done = async { timeout(PATIENCE, work(service, ledger)).await };
            let done = Handle::current().block_on(done);
            drop(seat);
            done.unwrap_or_else(|_| {
                Err(ApiError::bad_gateway("the ledger does not answer in time"))
            })
        });
        done.await.map_err(ApiError::failed)?
    }
}

impl ApiError {
    pub(crate) fn bad_gateway(detail: impl Into<String>) -> Self {
        Self::refused(StatusCode::BAD_GATEWAY, detail)
    }
}

impl From<LedgerError> for ApiError {
    fn from(error: LedgerError) -> Self {
        // Where the ledger is, is nobody's business.
        Self::bad_gateway(match error {
            LedgerError::Unreachable { .. } => "the ledger does not answer",
            LedgerError::Disagreement { .. } | LedgerError::NoQuorum { .. } => {
                "the endpoints of the ledger do not agree"
            }
            _ => "the ledger did not do what it was asked",
        })
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Ledger(error) => error.into(),
            ReadError::Missing { .. } | ReadError::Parse(_) => Self::not_found(error.to_string()),
        }
    }
}
