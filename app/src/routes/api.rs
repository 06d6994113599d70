//! Every path of the API, and what answers there.

use super::{
    anchors, branches, checkpoints, graph, health, identity, leaves, ledger, lifecycle, metrics,
    otlp, policies, proofs, protocol, run_lists, runs, states, v2, verify,
};
use crate::{
    access::{Access, gate},
    error::ApiError,
    ids,
};
use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::{get, post},
};
use std::sync::Arc;

/// Makes the API of the services that may be reached.
pub(crate) fn api(access: Arc<Access>) -> Router {
    Router::new()
        .route("/health", get(health::health))
        .route("/metrics", get(metrics::metrics))
        .merge(of_runs())
        .merge(of_ledgers())
        .merge(of_agents())
        .merge(of_relations())
        .merge(v2::routes())
        .method_not_allowed_fallback(wrong_method)
        .route("/v2/logs/{log}/leaves/{file}", get(leaves::list))
        .nest("/v1", Router::new().fallback(nothing))
        .nest("/v2", Router::new().fallback(nothing))
        .layer(from_fn_with_state(Arc::clone(&access), gate))
        .layer(from_fn(headers))
        .with_state(access)
}

type Routes = Router<Arc<Access>>;

fn of_runs() -> Routes {
    Router::new()
        .route("/v1/run/start", post(runs::start))
        .route("/v1/run/event", post(runs::event))
        .route("/v1/run/end", post(runs::end))
        .route("/v1/run/checkpoint", post(runs::checkpoint))
        .route("/v1/traces", post(otlp::traces))
        .route("/v1/run/{run_id}", get(runs::show))
        .route("/v1/runs", get(run_lists::list))
        .route("/v1/stats", get(run_lists::stats))
        .route("/v1/runproof/{run_id}", get(proofs::show))
        .route("/v1/runproof/{run_id}/refs", get(proofs::refs))
        .route("/v1/runproof/{run_id}/verify", get(proofs::verify))
        .route("/v1/protocol/event-vocabulary", get(protocol::vocabulary))
        .route("/v1/signing/public-key", get(protocol::public_key))
        .route("/verify", post(verify::posted))
        .route("/verify/{name}", get(verify::named))
        .route("/proof/{name}", get(verify::report))
}

fn of_ledgers() -> Routes {
    Router::new()
        .route("/v1/ledger/{agent_id}", get(ledger::list))
        .route("/v1/ledger/{agent_id}/latest", get(ledger::latest))
        .route("/v1/ledger/{agent_id}/range", get(ledger::range))
        .route("/v1/ledger/{agent_id}/verify", get(ledger::verify))
        .route("/v1/ledger/{agent_id}/checkpoint", post(checkpoints::create))
        .route("/v1/ledger/{agent_id}/checkpoints", get(checkpoints::list))
        .route("/v1/ledger/{agent_id}/checkpoints/verify", get(checkpoints::verify))
        .route("/v1/ledger/{agent_id}/checkpoint/latest", get(checkpoints::latest))
        .route("/v1/ledger/{agent_id}/checkpoint/{checkpoint_id}", get(checkpoints::show))
        .route("/v1/anchor", post(anchors::create))
        .route("/v1/anchor/{anchor_id}", get(anchors::show))
        .route("/v1/anchor/{anchor_id}/confirm", post(anchors::confirm))
        .route("/v1/anchors/pending", get(anchors::pending))
        .route("/v1/runproof/{run_id}/anchors", get(anchors::of_run))
}

fn of_agents() -> Routes {
    Router::new()
        .route("/v1/identity", post(identity::create))
        .route("/v1/identity/{agent_id}", get(identity::show).put(identity::update))
        .route("/v1/identity/{agent_id}/versions", get(identity::versions))
        .route("/v1/identity/{agent_id}/verify", get(identity::verify))
        .route("/v1/identity/{agent_id}/bind-ledger", post(identity::bind_ledger))
        .route("/v1/agent/{agent_id}/register", post(lifecycle::register))
        .route("/v1/agent/{agent_id}/activate", post(lifecycle::activate))
        .route("/v1/agent/{agent_id}/heartbeat", post(lifecycle::heartbeat))
        .route("/v1/agent/{agent_id}/pause", post(lifecycle::pause))
        .route("/v1/agent/{agent_id}/retire", post(lifecycle::retire))
        .route("/v1/agent/{agent_id}/lifecycle", get(lifecycle::show))
        .route("/v1/agents/active", get(lifecycle::active))
}

fn of_relations() -> Routes {
    Router::new()
        .route("/v1/branch/retry", post(branches::retry))
        .route("/v1/branch/replay", post(branches::replay))
        .route("/v1/branch/fork", post(branches::fork))
        .route("/v1/branch/{branch_id}", get(branches::show))
        .route("/v1/branch/{branch_id}/link", post(branches::link))
        .route("/v1/branches/{agent_id}", get(branches::list))
        .route("/v1/proof-graph/link", post(graph::link))
        .route("/v1/proof-graph/{root_id}", get(graph::show))
        .route("/v1/proof-graph/{root_id}/verify", get(graph::verify))
        .route("/v1/runproof/{run_id}/ancestry", get(graph::ancestry))
        .route("/v1/runproof/{run_id}/descendants", get(graph::descendants))
        .route("/v1/state-proof", post(states::create))
        .route("/v1/state-proof/{proof_id}", get(states::show))
        .route("/v1/runproof/{run_id}/state-proofs", get(states::of_run))
        .route("/v1/state-chain/{state_type}", get(states::chain))
        .route("/v1/state-chain/{state_type}/verify", get(states::verify))
        .route("/v1/policy-binding", post(policies::bind))
        .route("/v1/runproof/{run_id}/policies", get(policies::of_run))
        .route("/v1/policy/{policy_id}/runs", get(policies::of_policy))
        .route("/v1/policy-binding/{binding_id}/verify", get(policies::verify))
}

async fn wrong_method() -> ApiError {
    ApiError::refused(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
}

async fn nothing() -> ApiError {
    ApiError::not_found("Not Found")
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How long a caller's own name for his request may be.
const MOST_REQUEST_ID_BYTES: usize = 128;

/// Gives every call a name, the caller's own if he has one, and says what browsers need to know.
async fn headers(request: Request, next: Next) -> Response {
    let own = request.headers().get(&REQUEST_ID).cloned();
    let own = own.filter(|name| name.len() <= MOST_REQUEST_ID_BYTES);
    let made = || HeaderValue::from_str(&ids::stamped("req").unwrap_or_default()).ok();
    let name = own.or_else(made);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Some(name) = name {
        headers.insert(REQUEST_ID, name);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
