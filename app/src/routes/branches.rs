//! Runs that go on from others: tried again, replayed from a checkpoint, forked.

mod form;
mod links;

use super::checkpoints::last_seq;
use crate::{
    error::ApiError,
    service::Api,
    wire::{Answer, Body, Fields, Kept, Limit, Params, Read, Segment},
};
use axum::Extension;
use form::Branch;
use runseal_client::store::EntryFilter;
use runseal_receipt::{
    Status,
    json::{Object, Value},
    member::{integer, object_of},
};
use serde::Serialize;
use utoipa::ToSchema;

const DOMAIN: &str = "runseal/branch/v1";
const TYPE: &str = "branch";
const LINK: &str = "branch_link";
const MOST_FORKS: usize = 64;

/// Whose branch is to be made.
pub(crate) struct AgentQuery(String);

impl Read for AgentQuery {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(fields.text("agent_id"))
    }
}

/// Which failed run is to be tried again, and what is to be otherwise.
pub(crate) struct RetryRequest {
    run_id: String,
    modifications: Option<Object>,
}

impl Read for RetryRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        let run_id = fields.text("run_id");
        Self { run_id, modifications: fields.find_object("modifications") }
    }
}

pub(crate) async fn retry(
    Extension(service): Api,
    Params(AgentQuery(agent_id)): Params<AgentQuery>,
    Body(request): Body<RetryRequest>,
) -> Answer<Branch> {
    let RetryRequest { run_id, modifications } = request;
    service
        .work(move |service| {
            let agent = service.agent(&agent_id)?;
            let told = service.origin(&agent, &run_id)?;
            let facts = told.receipt.facts();
            if facts.status != Status::Failed {
                let status = facts.status;
                let detail = format!("Only failed runs are tried again, {run_id} is {status}");
                return Err(ApiError::bad_request(detail));
            }
            let origin = object_of([
                ("run_id", Value::from(run_id.as_str())),
                ("state_hash", Value::from(facts.hashes.input)),
                ("original_status", Value::from(facts.status.as_str())),
            ]);
            created(service.branch(&agent, "retry", origin, modifications)?)
        })
        .await
}

/// From which checkpoint on things are to be done again.
pub(crate) struct ReplayRequest {
    checkpoint_id: String,
    context: Option<Object>,
}

impl Read for ReplayRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        let checkpoint_id = fields.text("checkpoint_id");
        Self { checkpoint_id, context: fields.find_object("context") }
    }
}

pub(crate) async fn replay(
    Extension(service): Api,
    Params(AgentQuery(agent_id)): Params<AgentQuery>,
    Body(request): Body<ReplayRequest>,
) -> Answer<Branch> {
    let ReplayRequest { checkpoint_id, context } = request;
    service
        .work(move |service| {
            let agent = service.agent(&agent_id)?;
            let found = service.store.find_checkpoint(&checkpoint_id)?;
            let found = found.filter(|found| found.agent_id == agent_id);
            let missing =
                || ApiError::bad_request(format!("Checkpoint not found: {checkpoint_id}"));
            let checkpoint = found.ok_or_else(missing)?;
            let origin = object_of([
                ("checkpoint_id", Value::from(checkpoint_id.as_str())),
                ("ledger_seq", integer(last_seq(&checkpoint))),
                ("state_hash", Value::from(checkpoint.root)),
            ]);
            let context = context.map(|context| object_of([("context", Value::Object(context))]));
            created(service.branch(&agent, "replay", origin, context)?)
        })
        .await
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Forked {
    status: &'static str,
    branches: Vec<Branch>,
}

/// Which run is to go on in several ways.
pub(crate) struct ForkRequest {
    run_id: String,
    configs: Vec<Object>,
}

impl Read for ForkRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        let run_id = fields.text("run_id");
        Self { run_id, configs: fields.objects("configs", MOST_FORKS) }
    }
}

pub(crate) async fn fork(
    Extension(service): Api,
    Params(AgentQuery(agent_id)): Params<AgentQuery>,
    Body(request): Body<ForkRequest>,
) -> Answer<Forked> {
    let ForkRequest { run_id, configs } = request;
    service
        .work(move |service| {
            let agent = service.agent(&agent_id)?;
            let told = service.origin(&agent, &run_id)?;
            let state_hash = told.receipt.facts().hashes.environment;
            let mut branches = Vec::new();
            for (index, config) in (0u64..).zip(configs) {
                let origin = object_of([
                    ("run_id", Value::from(run_id.as_str())),
                    ("state_hash", Value::from(state_hash)),
                    ("fork_index", integer(index)),
                ]);
                let config = object_of([("config", Value::Object(config))]);
                let branch = service.branch(&agent, "fork", origin, Some(config))?;
                branches.push(Kept::new(&branch));
            }
            Ok(Forked { status: "created", branches })
        })
        .await
}

fn created(mut branch: Object) -> Result<Branch, ApiError> {
    branch.insert("status".to_owned(), Value::from("created"));
    Ok(Kept::new(&branch))
}

pub(crate) async fn show(
    Extension(service): Api,
    Segment(branch_id): Segment<String>,
) -> Answer<Branch> {
    service
        .work(move |service| {
            let entry = service.load_branch(&branch_id)?;
            Ok(Kept::new(&service.branch_view(&entry)?))
        })
        .await
}

#[derive(Serialize, ToSchema)]
pub(crate) struct BranchList {
    agent_id: String,
    branches: Vec<Branch>,
}

pub(crate) async fn list(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
    Params(Limit(limit)): Params<Limit<100>>,
) -> Answer<BranchList> {
    service
        .work(move |service| {
            let filter = EntryFilter {
                content_type: TYPE.to_owned(),
                agent_id: Some(agent_id.clone()),
                about: None,
                newest_first: true,
            };
            let entries = service.entries(&filter, limit)?;
            let view = |entry| Ok(Kept::new(&service.branch_view(entry)?));
            let branches = entries.iter().map(view).collect::<Result<_, ApiError>>()?;
            Ok(BranchList { agent_id, branches })
        })
        .await
}

#[derive(Serialize, ToSchema)]
#[schema(as = BranchLinked)]
pub(crate) struct Linked {
    status: &'static str,
    branch_id: String,
    run_id: String,
    /// Whether the proof graph has it; it can when both runs have ended.
    in_proof_graph: bool,
}

/// Which run a branch became.
pub(crate) struct RunQuery(String);

impl Read for RunQuery {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(fields.text("run_id"))
    }
}

pub(crate) async fn link(
    Extension(service): Api,
    Segment(branch_id): Segment<String>,
    Params(RunQuery(run_id)): Params<RunQuery>,
) -> Answer<Linked> {
    service.work(move |service| service.link_branch(branch_id, run_id)).await
}
