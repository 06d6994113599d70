//! What RunProof's API has no words for: receipts with promises, proofs, verdicts, the chain.

mod completeness;
mod cost;
mod events;
mod logs;
mod proofs;
mod receipts;
mod registry;
mod verify;

use crate::{
    error::ApiError,
    openapi::{Routes, about},
};
use runseal_client::{agents, keys};
use runseal_types::Address;

pub(crate) fn routes() -> Routes {
    of_receipts().and(of_logs()).and(of_registry())
}

fn of_receipts() -> Routes {
    Routes::tagged("Receipts", "Receipts with promises, proofs and verdicts.")
        .post(
            "/v2/receipts",
            receipts::create,
            about("createReceipt", "Takes a signed receipt, and promises it").or(&[409]),
        )
        .get("/v2/receipts", receipts::list, about("listReceipts", "Lists receipts"))
        .get(
            "/v2/receipts/{digest}",
            receipts::show,
            about("getReceipt", "Shows a receipt, its promise, and how far it is"),
        )
        .get(
            "/v2/receipts/{digest}/bundle",
            proofs::bundle,
            about("getBundle", "Proves a receipt, for whoever has nothing else").or(ASKING),
        )
        .get(
            "/v2/receipts/{digest}/inclusion",
            proofs::inclusion,
            about("getInclusion", "Shows a receipt's place in its period's tree").or(&[409]),
        )
        .get(
            "/v2/agents/{agent}/absence",
            proofs::absence,
            about("getAbsence", "Proves that a period has no such receipt").or(ASKING),
        )
        .get(
            "/v2/agents/{agent}/range",
            proofs::range,
            about("getRange", "Proves all of an agent's receipts from one number to another")
                .or(ASKING),
        )
        .get(
            "/v2/agents/{agent}/completeness",
            completeness::audit,
            about("getCompleteness", "Says whether an agent's receipts are all there").or(ASKING),
        )
        .post(
            "/v2/verify",
            verify::verify,
            about("verifyBundle", "Says what a bundle proves").or(&[400, 502]),
        )
}

fn of_logs() -> Routes {
    Routes::tagged("Logs", "Logs and their periods, and what happens in them.")
        .get("/v2/logs/{log}", logs::show, about("getLog", "Shows a log").or(&[502]))
        .get(
            "/v2/logs/{log}/periods",
            logs::periods,
            about("listPeriods", "Lists the periods that are sealed here"),
        )
        .get(
            "/v2/logs/{log}/anchors",
            logs::anchors,
            about("listLogAnchors", "Lists the anchors that the chain has").or(&[502]),
        )
        .get("/v2/cost", cost::plan, about("planCost", "Says what anchoring costs").or(&[400, 502]))
        .get(
            "/v2/events",
            events::listen,
            about("listenToEvents", "Tells what happens from now on")
                .or(&[400])
                .in_types(&["text/event-stream"]),
        )
}

fn of_registry() -> Routes {
    let list = |id, summary| about(id, summary).or(&[502]);
    Routes::tagged("Registry", "The registry as the chain has it.")
        .get("/v2/registry/agents", registry::agents, list("listAgents", "Lists agents"))
        .get(
            "/v2/registry/agents/{agent}",
            registry::agent,
            list("getAgent", "Shows an agent and its versions"),
        )
        .get(
            "/v2/registry/versions",
            registry::versions,
            list("listRegisteredVersions", "Lists versions"),
        )
        .get(
            "/v2/registry/versions/{version}",
            registry::version,
            list("getVersion", "Shows a version, and what it is certified for").or(&[400, 502]),
        )
        .get(
            "/v2/registry/attestations",
            registry::attestations,
            list("listAttestations", "Lists what certifiers said of versions"),
        )
        .get(
            "/v2/registry/certifiers",
            registry::certifiers,
            list("listCertifiers", "Lists who may certify"),
        )
        .get(
            "/v2/registry/auditors",
            registry::auditors,
            list("listAuditors", "Lists who signs beside logs"),
        )
        .get("/v2/registry/logs", registry::logs, list("listLogs", "Lists logs"))
        .get(
            "/v2/registry/claims",
            registry::claims,
            list("listClaims", "Lists what logs are held to"),
        )
}

/// How what asks the store and the chain says no.
const ASKING: &[u16] = &[409, 502];

/// Reads an agent from a path: its address, or its identity key.
fn agent_of(text: &str) -> Result<Address, ApiError> {
    let key = address_of(text)?;
    Ok(keys::ours(&agents::address_of(keys::theirs(&key))))
}

fn address_of(text: &str) -> Result<Address, ApiError> {
    text.parse().map_err(|_| ApiError::not_found(format!("Not an address: {text}")))
}
