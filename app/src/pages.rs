//! The pages: one file a noun. Each says the same as JSON and as markup, and of which chain.

pub(crate) mod act;
pub(crate) mod agent;
pub(crate) mod auditor;
pub(crate) mod certifier;
mod cluster;
pub(crate) mod graph;
pub(crate) mod log;
pub(crate) mod overview;
pub(crate) mod period;
pub(crate) mod receipt;
pub(crate) mod run;
pub(crate) mod search;
pub(crate) mod verify_here;

pub(crate) use cluster::{Cluster, with_cluster};

use crate::{Shared, page::layout, routes::Failure};
use axum::{
    Json, Router,
    http::StatusCode,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::get,
};
use maud::Markup;
use serde::Serialize;
use solana_address::Address;
use std::sync::Arc;

/// Every page that is about a chain.
pub(crate) fn pages(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(overview::page))
        .route("/index.json", get(overview::json))
        .route("/agents/{name}", get(agent::page))
        .route("/logs/{name}", get(log::page))
        .route("/logs/{log}/periods/{name}", get(period::page))
        .route("/certifiers/{name}", get(certifier::page))
        .route("/auditors/{name}", get(auditor::page))
        .route("/receipts/{name}", get(receipt::page))
        .route("/run", get(run::page))
        .route("/run.json", get(run::json))
        .route("/graph", get(graph::page))
        .route("/graph.json", get(graph::json))
        .route("/search", get(search::page))
        .route("/search.json", get(search::json))
        .layer(from_fn_with_state(Arc::clone(shared), with_cluster))
}

/// What a page says.
pub(crate) trait Page: Serialize {
    fn title(&self) -> String;

    /// Where it is, and where its twin is.
    fn paths(&self) -> (String, String);

    fn content(&self) -> Markup;
}

#[derive(Serialize)]
struct Twin<'a, P> {
    cluster: &'a Cluster,
    #[serde(flatten)]
    page: &'a P,
}

/// Answers with a page or its twin, or with the reason why there is none.
pub(crate) fn answer<P: Page>(
    cluster: &Cluster,
    as_json: bool,
    page: Result<P, Failure>,
) -> Response {
    match page {
        Ok(page) if as_json => Json(Twin { cluster, page: &page }).into_response(),
        Ok(page) => layout(&page, cluster).into_response(),
        Err(failure) => failure.answer(as_json),
    }
}

/// Where a page of this name is, and its twin.
pub(crate) fn paths(folder: &str, name: &str) -> (String, String) {
    (format!("{folder}/{name}"), format!("{folder}/{name}.json"))
}

/// Takes the ending off that asks for the twin.
pub(crate) fn twin(name: &str) -> (&str, bool) {
    name.strip_suffix(".json").map_or((name, false), |name| (name, true))
}

/// Reads an address that stands in a path.
pub(crate) fn address(text: &str) -> Result<Address, Failure> {
    text.parse().map_err(|_| Failure {
        status: StatusCode::BAD_REQUEST,
        code: "not_an_address",
        message: format!("\"{text}\" is not an address"),
    })
}

/// Says that there is no such thing on this ledger.
pub(crate) fn missing(code: &'static str, message: String) -> Failure {
    Failure { status: StatusCode::NOT_FOUND, code, message }
}
