//! Runs' proofs: the whole document, what it refers to, and whether it holds.

mod form;

use crate::{
    runproof::{Check, SignatureResult, content_hash},
    service::Api,
    wire::{Answer, Kept, Opaque, Segment, opaque, opaque_object},
};
use axum::Extension;
use form::RunProof;
use runseal_receipt::event::SideList;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) async fn show(
    Extension(service): Api,
    Segment(run_id): Segment<String>,
) -> Answer<RunProof> {
    service.work(move |service| Ok(Kept::new(&service.load_proof(&run_id)?.into_document()))).await
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Refs {
    run_id: String,
    trace_id: String,
    root_hash: String,
    event_refs: Vec<EventRef>,
    policy_decisions: Opaque,
    tool_calls: Opaque,
    memory_commits: Opaque,
    telemetry: Opaque,
}

#[derive(Serialize, ToSchema)]
struct EventRef {
    event_id: String,
    #[serde(rename = "type")]
    event_type: String,
    hash: String,
}

pub(crate) async fn refs(
    Extension(service): Api,
    Segment(run_id): Segment<String>,
) -> Answer<Refs> {
    service
        .work(move |service| {
            let proof = service.load_proof(&run_id)?;
            let facts = proof.receipt.facts();
            let telemetry = facts.telemetry.clone().unwrap_or_default();
            let event_refs = proof.events.iter().map(|event| EventRef {
                event_id: event.event_id.clone(),
                event_type: event.event_type.to_string(),
                hash: content_hash(event),
            });
            Ok(Refs {
                trace_id: facts.trace_id.clone(),
                root_hash: proof.receipt.digest().to_string(),
                event_refs: event_refs.collect(),
                policy_decisions: opaque(&proof.side_list(SideList::PolicyDecisions)),
                tool_calls: opaque(&proof.side_list(SideList::ToolCalls)),
                memory_commits: opaque(&proof.side_list(SideList::MemoryCommits)),
                telemetry: opaque_object(&telemetry.to_object()),
                run_id,
            })
        })
        .await
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Verification {
    run_id: String,
    verified: bool,
    chain_valid: bool,
    signatures: Signatures,
    root_hash: String,
    proof_spec_version: String,
    checks: Vec<Check>,
}

#[derive(Serialize, ToSchema)]
struct Signatures {
    count: usize,
    all_valid: bool,
    results: Vec<SignatureResult>,
}

pub(crate) async fn verify(
    Extension(service): Api,
    Segment(run_id): Segment<String>,
) -> Answer<Verification> {
    service
        .work(move |service| {
            let verdict = service.load_proof(&run_id)?.verdict(&service.known_keys()?);
            let results = verdict.signatures.clone();
            Ok(Verification {
                run_id,
                verified: verdict.is_verified(),
                chain_valid: verdict.chain_valid,
                signatures: Signatures {
                    count: results.len(),
                    all_valid: !results.is_empty() && results.iter().all(|result| result.valid),
                    results,
                },
                root_hash: verdict.root_hash,
                proof_spec_version: verdict.spec_version,
                checks: verdict.checks,
            })
        })
        .await
}
