//! For everybody: is this proof true?

use crate::{
    error::ApiError,
    runproof::{Check, Outcome, Proof, Verdict, check_posted},
    service::{Api, Service},
    wire::{Answer, Fields, LargeBody, Moment, Problem, Read, Segment},
};
use axum::Extension;
use runseal_receipt::json::{Object, Value};
use runseal_types::Digest;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct ShortVerdict {
    valid: bool,
    proof_id: String,
    run_id: String,
    agent_id: String,
    runtime: String,
    status: &'static str,
    event_count: usize,
    root_hash: String,
    checks: Vec<Check>,
}

impl From<Verdict> for ShortVerdict {
    fn from(verdict: Verdict) -> Self {
        Self {
            valid: verdict.is_verified(),
            status: verdict.status(),
            proof_id: verdict.run_id.clone(),
            run_id: verdict.run_id,
            agent_id: verdict.agent_id,
            runtime: verdict.adapter,
            event_count: verdict.event_count,
            root_hash: verdict.root_hash,
            checks: verdict.checks,
        }
    }
}

/// What is to be verified: a proof that is stored, by a name of it, or a whole document.
pub(crate) struct VerifyRequest {
    names: [Option<String>; 3],
    proof: Option<Object>,
}

impl Read for VerifyRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        let names = ["proof_id", "run_id", "hash"];
        Self {
            names: names.map(|name| fields.find_any_text(name)),
            proof: fields.find_event_data("proof"),
        }
    }
}

pub(crate) async fn posted(
    Extension(service): Api,
    LargeBody(request, text): LargeBody<VerifyRequest>,
) -> Answer<ShortVerdict> {
    service.work(move |service| service.verify_posted(request, &text)).await
}

pub(crate) async fn named(
    Extension(service): Api,
    Segment(name): Segment<String>,
) -> Answer<ShortVerdict> {
    service.work(move |service| service.verify_named(&name)).await
}

impl Service {
    fn verify_posted(&self, request: VerifyRequest, text: &str) -> Result<ShortVerdict, ApiError> {
        match &request.proof {
            Some(document) if !document.contains_key("header") => {
                let text = member(text, "proof")?;
                return Ok(check_posted(document, text, &self.known_keys()?)?.into());
            }
            _ => {}
        }
        match request.names.into_iter().flatten().find(|name| !name.is_empty()) {
            Some(name) => self.verify_named(&name),
            None => Err(ApiError::bad_request("Must provide proof_id, run_id, or hash")),
        }
    }

    fn verify_named(&self, name: &str) -> Result<ShortVerdict, ApiError> {
        Ok(self.named_proof(name)?.verdict(&self.known_keys()?).into())
    }

    /// Finds a proof by the name of its run, or by its root.
    fn named_proof(&self, name: &str) -> Result<Proof, ApiError> {
        if let Some(proof) = self.find_proof(name)? {
            return Ok(proof);
        }
        let missing = || ApiError::not_found(format!("RunProof not found: {name}"));
        let root = name.strip_prefix("sha256:").unwrap_or(name);
        let root: Digest = root.parse().map_err(|_| missing())?;
        let stored = self.store.find_receipt(&root)?.ok_or_else(missing)?;
        self.proof(&stored)
    }
}

/// Finds the text of a member of an object that was checked to be JSON.
fn member<'a>(text: &'a str, name: &str) -> Result<&'a str, ApiError> {
    let members: Result<BTreeMap<String, &RawValue>, _> = serde_json::from_str(text);
    let found = members.ok().and_then(|mut members| members.remove(name));
    found.map(RawValue::get).ok_or_else(|| {
        let message = "Input should be a valid dictionary";
        Problem::of("body", "proof", "dict_type", message, &Value::Null).into()
    })
}

/// Everything that a page shows of a proof.
#[derive(Serialize, ToSchema)]
pub(crate) struct Report {
    summary: Summary,
    timeline: Timeline,
    lineage: Lineage,
    report: Checks,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ProofSummary)]
struct Summary {
    proof_id: String,
    run_id: String,
    agent_id: String,
    runtime: String,
    status: &'static str,
    event_count: usize,
    started_at: Moment,
    ended_at: Moment,
}

#[derive(Serialize, ToSchema)]
struct Timeline {
    events: Vec<TimelineEvent>,
    total_events: usize,
}

#[derive(Serialize, ToSchema)]
struct TimelineEvent {
    seq: u64,
    event_type: String,
    timestamp: String,
    entry_hash: String,
    payload_summary: String,
}

#[derive(Serialize, ToSchema)]
struct Lineage {
    proof_id: String,
    parent: Option<String>,
    root: Option<String>,
    depth: usize,
    workflow_id: String,
    children: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct Checks {
    overall_status: &'static str,
    checks: Vec<Check>,
    human_summary: String,
    passed_count: usize,
    failed_count: usize,
}

pub(crate) async fn report(
    Extension(service): Api,
    Segment(name): Segment<String>,
) -> Answer<Report> {
    service
        .work(move |service| {
            let proof = service.named_proof(&name)?;
            let verdict = proof.verdict(&service.known_keys()?);
            let run_id = verdict.run_id.clone();
            Ok(Report {
                summary: summary(&proof, &verdict),
                timeline: timeline(&proof),
                lineage: Lineage {
                    parent: proof.overlay.parent_id.clone(),
                    root: proof.overlay.root_id.clone().or_else(|| Some(run_id.clone())),
                    depth: service.ancestors(&proof.receipt.digest())?.len(),
                    workflow_id: proof.receipt.facts().trace_id.clone(),
                    children: service.children(&proof.receipt.digest())?,
                    proof_id: run_id,
                },
                report: checks(verdict),
            })
        })
        .await
}

fn summary(proof: &Proof, verdict: &Verdict) -> Summary {
    let facts = proof.receipt.facts();
    Summary {
        proof_id: verdict.run_id.clone(),
        run_id: verdict.run_id.clone(),
        agent_id: verdict.agent_id.clone(),
        runtime: verdict.adapter.clone(),
        status: verdict.status(),
        event_count: verdict.event_count,
        started_at: Moment(facts.started_at),
        ended_at: Moment(facts.ended_at),
    }
}

fn timeline(proof: &Proof) -> Timeline {
    let events = proof.events.iter().zip(proof.entries()).map(|(event, entry)| TimelineEvent {
        seq: event.seq,
        event_type: event.event_type.to_string(),
        timestamp: event.timestamp.clone(),
        entry_hash: entry.to_string(),
        payload_summary: payload_summary(event.data.as_ref()),
    });
    let events: Vec<_> = events.collect();
    Timeline { total_events: events.len(), events }
}

/// Names what an event's data have, and no values: this is for everybody.
fn payload_summary(data: Option<&Object>) -> String {
    const MOST_CHARACTERS: usize = 100;
    let Some(data) = data else { return String::new() };
    let redacted: Object = data.keys().map(|key| (key.clone(), Value::from("…"))).collect();
    let text = String::from_utf8(Value::Object(redacted).canonical()).unwrap_or_default();
    text.chars().take(MOST_CHARACTERS).collect()
}

fn checks(verdict: Verdict) -> Checks {
    let overall_status = if verdict.is_verified() { "verified" } else { "partial" };
    let passed_count = verdict.checks.iter().filter(|check| check.passed).count();
    let failed =
        verdict.checks.iter().filter(|check| check.result == Outcome::Fail).collect::<Vec<_>>();
    let human_summary = match failed.as_slice() {
        [] => format!("{passed_count} of {} checks pass, none fails", verdict.checks.len()),
        [first, ..] => format!("{} fails: {}", first.name, first.message),
    };
    let failed_count = failed.len();
    Checks { overall_status, human_summary, passed_count, failed_count, checks: verdict.checks }
}
