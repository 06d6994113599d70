//! Bundles of receipts, for whoever holds a receipt alone.

use super::digest;
use crate::{
    Shared,
    routes::{Failure, no_word_of},
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use runseal_client::{
    bundles::{ProveError, Prover},
    registry::ReadError,
};
use runseal_evidence::Registry;
use std::sync::Arc;
use tokio::runtime::Handle;

/// Shows that a receipt is in its period, with everything that a verdict needs.
pub(crate) async fn bundle(
    State(shared): State<Arc<Shared>>,
    Path(digest): Path<String>,
) -> Response {
    match make(&shared, &digest).await {
        Ok(bytes) => {
            let name = format!("attachment; filename=\"runseal-{digest}.json\"");
            let headers = [
                (header::CONTENT_TYPE, "application/json".to_owned()),
                (header::CONTENT_DISPOSITION, name),
            ];
            (headers, bytes).into_response()
        }
        Err(failure) => failure.answer(true),
    }
}

async fn make(shared: &Shared, text: &str) -> Result<Vec<u8>, Failure> {
    let digest = digest(text)?;
    let service = shared.open_service()?;
    let (ledger, runtime) = (Arc::clone(&shared.ledger), Handle::current());
    let made = service.work(move |service| {
        let prover = Prover { store: &*service.store, ledger: &*ledger, reader: &Registry };
        Ok(runtime.block_on(prover.prove_receipt(&digest)))
    });
    Ok(made.await?.0.map_err(|error| refused(&error))?.to_bytes())
}

fn refused(error: &ProveError) -> Failure {
    let (status, code) = match error {
        ProveError::UnknownReceipt { .. } => (StatusCode::NOT_FOUND, "no_such_receipt"),
        ProveError::NotSealed { .. } => (StatusCode::CONFLICT, "not_sealed_yet"),
        ProveError::NotAnchored { .. } => (StatusCode::CONFLICT, "not_anchored_yet"),
        ProveError::Read(_) => (StatusCode::BAD_GATEWAY, "ledger_failed"),
        _ => return Failure::of_store(),
    };
    let message = match error {
        ProveError::Read(ReadError::Ledger(error)) => no_word_of(error),
        told => told.to_string(),
    };
    Failure { status, code, message }
}
