//! Which chain a page is about. A permalink names it, and a page of another chain is never shown.

use super::TWIN;
use crate::{Shared, routes::Failure};
use axum::{
    extract::{Query, Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use runseal_client::{Ledger, registry::ReadError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The chain that this service reads.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cluster {
    /// Where it is read, in words.
    pub(crate) ledger: String,
    pub(crate) genesis_hash: String,
}

impl Cluster {
    /// Makes a link that stays true when another service follows it.
    pub(crate) fn permalink(&self, path: &str) -> String {
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{path}{mark}cluster={}", self.genesis_hash)
    }
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    cluster: Option<String>,
}

/// Lets a request through that is about this chain, or about none in particular.
pub(crate) async fn with_cluster(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<Asked>,
    mut request: Request,
    next: Next,
) -> Response {
    let as_json = request.uri().path().ends_with(TWIN);
    let genesis_hash = match shared.ledger.genesis_hash().await {
        Ok(hash) => hash.to_string(),
        Err(error) => return Failure::from(ReadError::from(error)).answer(as_json),
    };
    if let Some(other) = asked.cluster.filter(|other| *other != genesis_hash) {
        let failure = Failure {
            status: StatusCode::MISDIRECTED_REQUEST,
            code: "other_cluster",
            message: format!(
                "This link is about the chain with the genesis hash {other}, and this service reads \
                 {genesis_hash}. What it would show is about something else."
            ),
        };
        return failure.answer(as_json);
    }
    request.extensions_mut().insert(Cluster { ledger: shared.ledger_name.clone(), genesis_hash });
    next.run(request).await
}
