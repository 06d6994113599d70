//! Runs that go on from others: tried again, replayed from a checkpoint, forked.

use super::{checkpoints::last_seq, graph::LinkRequest};
use crate::{
    error::ApiError,
    ids,
    service::{Agent, Api, Service, Told, hash_of, text_of},
    wire::{Answer, Body, Fields, Moment, Opaque, Params, Segment, opaque_object},
};
use axum::Extension;
use runseal_client::store::{EntryFilter, EntryRecord, MOST_ITEMS, RunState};
use runseal_receipt::{
    Status,
    graph::Relation,
    json::{Object, Value},
    member::{integer, object_of},
};
use serde::Serialize;

const DOMAIN: &str = "runseal/branch/v1";
const TYPE: &str = "branch";
const LINK: &str = "branch_link";
const MOST_FORKS: usize = 64;

fn agent_id_of(query: &Object) -> Result<String, ApiError> {
    let mut fields = Fields::query(query);
    let agent_id = fields.text("agent_id");
    fields.done(agent_id)
}

pub(crate) async fn retry(
    Extension(service): Api,
    Params(query): Params,
    Body(body): Body,
) -> Answer<Opaque> {
    let agent_id = agent_id_of(&query)?;
    let mut fields = Fields::body(&body);
    let run_id = fields.text("run_id");
    let modifications = fields.find_object("modifications");
    let (run_id, modifications) = fields.done((run_id, modifications))?;
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

pub(crate) async fn replay(
    Extension(service): Api,
    Params(query): Params,
    Body(body): Body,
) -> Answer<Opaque> {
    let agent_id = agent_id_of(&query)?;
    let mut fields = Fields::body(&body);
    let checkpoint_id = fields.text("checkpoint_id");
    let context = fields.find_object("context");
    let (checkpoint_id, context) = fields.done((checkpoint_id, context))?;
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

#[derive(Serialize)]
pub(crate) struct Forked {
    status: &'static str,
    branches: Vec<Opaque>,
}

pub(crate) async fn fork(
    Extension(service): Api,
    Params(query): Params,
    Body(body): Body,
) -> Answer<Forked> {
    let agent_id = agent_id_of(&query)?;
    let mut fields = Fields::body(&body);
    let run_id = fields.text("run_id");
    let configs = fields.objects("configs", MOST_FORKS);
    let (run_id, configs) = fields.done((run_id, configs))?;
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
                branches.push(opaque_object(&branch));
            }
            Ok(Forked { status: "created", branches })
        })
        .await
}

fn created(mut branch: Object) -> Result<Opaque, ApiError> {
    branch.insert("status".to_owned(), Value::from("created"));
    Ok(opaque_object(&branch))
}

pub(crate) async fn show(
    Extension(service): Api,
    Segment(branch_id): Segment<String>,
) -> Answer<Opaque> {
    service
        .work(move |service| {
            let entry = service.load_branch(&branch_id)?;
            Ok(opaque_object(&service.branch_view(&entry)?))
        })
        .await
}

#[derive(Serialize)]
pub(crate) struct BranchList {
    agent_id: String,
    branches: Vec<Opaque>,
}

pub(crate) async fn list(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
    Params(query): Params,
) -> Answer<BranchList> {
    let mut fields = Fields::query(&query);
    let limit = fields.limit("limit", 100, MOST_ITEMS);
    let limit = fields.done(limit)?;
    service
        .work(move |service| {
            let filter = EntryFilter {
                content_type: TYPE.to_owned(),
                agent_id: Some(agent_id.clone()),
                about: None,
                newest_first: true,
            };
            let entries = service.entries(&filter, limit)?;
            let view = |entry| Ok(opaque_object(&service.branch_view(entry)?));
            let branches = entries.iter().map(view).collect::<Result<_, ApiError>>()?;
            Ok(BranchList { agent_id, branches })
        })
        .await
}

#[derive(Serialize)]
pub(crate) struct Linked {
    status: &'static str,
    branch_id: String,
    run_id: String,
    /// Whether the proof graph has it; it can when both runs have ended.
    in_proof_graph: bool,
}

pub(crate) async fn link(
    Extension(service): Api,
    Segment(branch_id): Segment<String>,
    Params(query): Params,
) -> Answer<Linked> {
    let mut fields = Fields::query(&query);
    let run_id = fields.text("run_id");
    let run_id = fields.done(run_id)?;
    service.work(move |service| service.link_branch(branch_id, run_id)).await
}

impl Service {
    /// Finds the run that a branch goes on from; another agent's is none.
    fn origin(&self, agent: &Agent, run_id: &str) -> Result<Told, ApiError> {
        let missing = || ApiError::bad_request(format!("Run not found: {run_id}"));
        let told = self.find_told(run_id)?.ok_or_else(missing)?;
        if told.agent.address == agent.address { Ok(told) } else { Err(missing()) }
    }

    fn branch(
        &self,
        agent: &Agent,
        branch_type: &str,
        origin: Object,
        modifications: Option<Object>,
    ) -> Result<Object, ApiError> {
        let branch_id = ids::stamped("branch")?;
        let mut branch = object_of([
            ("branch_id", Value::from(branch_id.as_str())),
            ("branch_type", Value::from(branch_type)),
            ("agent_id", Value::from(agent.agent_id.as_str())),
            ("timestamp", Value::Text(Moment(ids::now()?).to_string())),
            ("origin", Value::Object(origin)),
            ("modifications", Value::from(modifications)),
            ("parent_branch_id", Value::Null),
        ]);
        let hash = hash_of(DOMAIN, branch.clone());
        branch.insert("branch_hash".to_owned(), Value::from(hash));
        branch.insert("signature".to_owned(), Value::Text(agent.sign(DOMAIN, &hash)?));
        self.append(&agent.agent_id, branch_id, TYPE, branch.clone())?;
        branch.insert("branch_run_id".to_owned(), Value::Null);
        Ok(branch)
    }

    fn load_branch(&self, branch_id: &str) -> Result<EntryRecord, ApiError> {
        let found = self.store.find_entry(branch_id)?;
        let missing = || ApiError::not_found(format!("Branch not found: {branch_id}"));
        found.filter(|entry| entry.draft.content_type == TYPE).ok_or_else(missing)
    }

    fn branch_view(&self, entry: &EntryRecord) -> Result<Object, ApiError> {
        let mut branch = entry.draft.content.clone();
        let link = self.store.find_entry(&link_id(&entry.draft.entry_id))?;
        let run_id = link.map(|link| text_of(&link.draft.content, "run_id").to_owned());
        branch.insert("branch_run_id".to_owned(), Value::from(run_id.as_deref()));
        let created_at = Moment(entry.draft.timestamp).in_a_table();
        branch.insert("created_at".to_owned(), Value::Text(created_at));
        let empty = Value::Object(Object::new());
        if branch.get("modifications").is_none_or(|it| *it == Value::Null || *it == empty) {
            branch.remove("modifications");
        }
        Ok(branch)
    }

    fn link_branch(&self, branch_id: String, run_id: String) -> Result<Linked, ApiError> {
        let branch = self.load_branch(&branch_id)?.draft;
        let _lock = self.lock(&branch.agent_id);
        let linked = self.store.find_entry(&link_id(&branch_id))?;
        match linked.map(|link| text_of(&link.draft.content, "run_id").to_owned()) {
            Some(other) if other != run_id => {
                let detail = format!("Branch {branch_id} is linked to {other} already");
                return Err(ApiError::conflict(detail));
            }
            Some(_) => {}
            None => {
                self.check_run_of(&branch.agent_id, &run_id)?;
                let content = object_of([
                    ("about", Value::from(branch_id.as_str())),
                    ("run_id", Value::from(run_id.as_str())),
                ]);
                self.append(&branch.agent_id, link_id(&branch_id), LINK, content)?;
            }
        }
        let in_proof_graph = self.link_origin(&branch.content, &branch_id, &run_id)?;
        Ok(Linked { status: "linked", branch_id, run_id, in_proof_graph })
    }

    fn check_run_of(&self, agent_id: &str, run_id: &str) -> Result<(), ApiError> {
        let missing = || ApiError::conflict(format!("Run not found: {run_id}"));
        let row = self.find_run(run_id)?.ok_or_else(missing)?;
        if self.agent_id(&row.run.agent)? == agent_id {
            return Ok(());
        }
        Err(ApiError::conflict(format!("Run belongs to another agent: {run_id}")))
    }

    /// Says in the proof graph that a branch's run follows from the branch's origin.
    fn link_origin(
        &self,
        branch: &Object,
        branch_id: &str,
        run_id: &str,
    ) -> Result<bool, ApiError> {
        let Some(Value::Object(origin)) = branch.get("origin") else { return Ok(false) };
        let parent = text_of(origin, "run_id");
        for run in [run_id, parent] {
            let row = self.find_run(run)?;
            if !row.is_some_and(|row| matches!(row.state, RunState::Finished { .. })) {
                return Ok(false);
            }
        }
        let is_retry = text_of(branch, "branch_type") == "retry";
        let request = LinkRequest {
            child: run_id.to_owned(),
            parent: parent.to_owned(),
            relation: if is_retry { Relation::Retry } else { Relation::Branch },
            branch_id: Some(branch_id.to_owned()),
            metadata: None,
        };
        match self.link_runs(&request) {
            Ok(_) => Ok(true),
            // What is there already is there.
            Err(ApiError::Refused { status, .. }) if status == axum::http::StatusCode::CONFLICT => {
                Ok(true)
            }
            Err(error) => Err(error),
        }
    }
}

fn link_id(branch_id: &str) -> String {
    format!("link-of-{branch_id}")
}
