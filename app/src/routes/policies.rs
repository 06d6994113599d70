//! Policies that runs were under.

mod bindings;

use crate::{
    error::ApiError,
    ids,
    service::{Api, Service, digest_of, text_of},
    wire::{Answer, Body, Fields, Limit, Moment, Opaque, Params, Read, Segment, opaque},
};
use axum::Extension;
use runseal_client::store::{EntryFilter, EntryRecord, MOST_ITEMS, PolicyRow, RunState};
use runseal_receipt::{
    Statements,
    json::{Object, Value},
    member::object_of,
    policy::{BindingStatus, PolicyBinding, PolicyType},
};
use runseal_types::Digest;
use serde::Serialize;
use utoipa::ToSchema;

const TYPE: &str = "policy_binding";
const MOST_OF_RUN: usize = 10_000;

/// Under which policy a run was, and what came of it.
pub(crate) struct BindRequest {
    run_id: String,
    policy_type: String,
    policy_id: String,
    policy_hash: String,
    policy_version: Option<String>,
    status: Option<String>,
    result: Option<Object>,
    reason: Option<String>,
    /// The policy itself, so that its hash can be checked.
    policy: Option<String>,
    /// The run that allowed a bypass.
    approval_run_id: Option<String>,
}

impl Read for BindRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            run_id: fields.text("run_id"),
            policy_type: fields.word("policy_type", words(PolicyType::ALL, PolicyType::as_str)),
            policy_id: fields.text("policy_id"),
            policy_hash: fields.text("policy_hash"),
            policy_version: fields.find_text("policy_version"),
            status: fields
                .find_word("binding_status", words(BindingStatus::ALL, BindingStatus::as_str)),
            result: fields.find_object("evaluation_result"),
            reason: fields.find_text("reason"),
            policy: fields.find_any_text("policy"),
            approval_run_id: fields.find_text("approval_run_id"),
        }
    }
}

/// What is to be bound, as it is signed.
struct Binding {
    run_id: String,
    binding: PolicyBinding,
    /// The hash in the caller's words.
    policy_hash: String,
    policy: Option<String>,
    approval_run_id: Option<String>,
}

impl BindRequest {
    fn check(self) -> Result<Binding, ApiError> {
        let policy_type = PolicyType::find(&self.policy_type).ok_or_else(|| {
            let words = words(PolicyType::ALL, PolicyType::as_str).join(", ");
            ApiError::bad_request(format!("Invalid policy_type. Must be one of: {words}"))
        })?;
        let status = match &self.status {
            None => BindingStatus::Applied,
            Some(status) => BindingStatus::find(status).ok_or_else(|| {
                let words = words(BindingStatus::ALL, BindingStatus::as_str).join(", ");
                ApiError::bad_request(format!("Invalid binding_status. Must be one of: {words}"))
            })?,
        };
        let policy_hash = digest_of(&self.policy_hash);
        let differs = |text: &String| Digest::of(&[text.as_bytes()]) != policy_hash;
        if self.policy.as_ref().is_some_and(differs) {
            return Err(ApiError::bad_request("policy_hash is not the SHA-256 of policy"));
        }
        let binding = PolicyBinding {
            policy_type,
            policy_id: self.policy_id,
            policy_version: self.policy_version,
            policy_hash,
            status,
            approval: None,
            reason: self.reason,
            result: self.result,
        };
        let Self { run_id, policy_hash, policy, approval_run_id, .. } = self;
        Ok(Binding { run_id, binding, policy_hash, policy, approval_run_id })
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = PolicyBound)]
pub(crate) struct Bound {
    status: &'static str,
    id: String,
    run_id: String,
    policy_type: &'static str,
    policy_id: String,
    policy_hash: String,
    binding_status: &'static str,
    late: bool,
}

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|it| word(*it)).collect()
}

pub(crate) async fn bind(
    Extension(service): Api,
    Body(request): Body<BindRequest>,
) -> Answer<Bound> {
    let request = request.check()?;
    service.work(move |service| service.bind_policy(request)).await
}

impl Service {
    fn bind_policy(&self, request: Binding) -> Result<Bound, ApiError> {
        let Binding { run_id, mut binding, policy_hash, policy, approval_run_id } = request;
        let told = self.load_told(&run_id)?;
        if let Some(approval) = approval_run_id {
            binding.approval = Some(self.load_told(&approval)?.receipt.digest());
        }
        let state = self.find_run(&run_id)?.map(|row| row.state);
        let late = matches!(state, Some(RunState::Finished { .. }));
        let _lock = self.lock(&told.agent.agent_id);
        let id = ids::derived("pb", &binding.hash(&told.receipt.digest()));
        if self.store.find_entry(&id)?.is_none() {
            let policies = vec![binding.clone()];
            self.add(&told, &Statements { policies, ..Statements::default() })?;
            let mut content = binding.to_object();
            content.extend(object_of([
                ("run_id", Value::from(run_id.as_str())),
                ("run_proof_hash", Value::from(told.receipt.digest())),
                // As the caller wrote it; the signed one stands for it.
                ("policy_hash", Value::from(policy_hash.as_str())),
                ("policy", Value::from(policy.as_deref())),
                ("late", Value::Bool(late)),
            ]));
            self.append(&told.agent.agent_id, id.clone(), TYPE, content)?;
        }
        Ok(Bound {
            status: "bound",
            id,
            run_id,
            policy_type: binding.policy_type.as_str(),
            policy_id: binding.policy_id,
            policy_hash,
            binding_status: binding.status.as_str(),
            late,
        })
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = PoliciesOfRun)]
pub(crate) struct OfRun {
    run_id: String,
    policies: Vec<PolicyView>,
    summary: Summary,
}

#[derive(Serialize, ToSchema)]
struct PolicyView {
    id: String,
    policy_type: String,
    policy_id: String,
    policy_hash: String,
    policy_version: Opaque,
    binding_status: String,
    evaluation_result: Opaque,
    created_at: String,
    late: Opaque,
}

#[derive(Default, Serialize, ToSchema)]
#[schema(as = PolicySummary)]
struct Summary {
    total: usize,
    applied: usize,
    violated: usize,
    bypassed: usize,
}

impl PolicyView {
    fn new(entry: &EntryRecord) -> Self {
        let content = &entry.draft.content;
        let copy = |member: &str| opaque(content.get(member).unwrap_or(&Value::Null));
        Self {
            id: entry.draft.entry_id.clone(),
            policy_type: text_of(content, "policy_type").to_owned(),
            policy_id: text_of(content, "policy_id").to_owned(),
            policy_hash: text_of(content, "policy_hash").to_owned(),
            policy_version: copy("policy_version"),
            binding_status: text_of(content, "status").to_owned(),
            evaluation_result: copy("result"),
            created_at: Moment(entry.draft.timestamp).in_a_table(),
            late: copy("late"),
        }
    }
}

pub(crate) async fn of_run(
    Extension(service): Api,
    Segment(run_id): Segment<String>,
) -> Answer<OfRun> {
    service
        .work(move |service| {
            service.load_told(&run_id)?;
            let filter = EntryFilter {
                content_type: TYPE.to_owned(),
                about: Some(run_id.clone()),
                ..EntryFilter::default()
            };
            let entries = service.entries(&filter, MOST_OF_RUN)?;
            let policies: Vec<_> = entries.iter().map(PolicyView::new).collect();
            let mut summary = Summary { total: policies.len(), ..Summary::default() };
            for policy in &policies {
                match BindingStatus::find(&policy.binding_status) {
                    Some(BindingStatus::Applied) => summary.applied += 1,
                    Some(BindingStatus::Violated) => summary.violated += 1,
                    Some(BindingStatus::Bypassed) => summary.bypassed += 1,
                    None => {}
                }
            }
            Ok(OfRun { run_id, policies, summary })
        })
        .await
}

#[derive(Serialize, ToSchema)]
pub(crate) struct OfPolicy {
    policy_id: String,
    runs: Vec<BoundRun>,
    total: usize,
}

#[derive(Serialize, ToSchema)]
struct BoundRun {
    binding_id: String,
    run_id: String,
    binding_status: &'static str,
    bound_at: Option<String>,
    agent_id: String,
    run_status: &'static str,
    run_proof_hash: String,
}

pub(crate) async fn of_policy(
    Extension(service): Api,
    Segment(policy_id): Segment<String>,
    Params(Limit(limit)): Params<Limit<50>>,
) -> Answer<OfPolicy> {
    service
        .work(move |service| {
            let mut rows: Vec<PolicyRow> = Vec::new();
            let mut after = None;
            loop {
                let page = service.store.list_policies(&policy_id, after, MOST_ITEMS)?;
                rows.extend(page.items);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let total = rows.len();
            let newest = rows.iter().rev().take(limit).map(|row| service.bound_run(row));
            let runs = newest.collect::<Result<Vec<_>, _>>()?;
            Ok(OfPolicy { policy_id, runs, total })
        })
        .await
}

#[derive(Serialize, ToSchema)]
pub(crate) struct BindingVerdict {
    binding_id: String,
    run_id: String,
    policy_id: String,
    policy_hash: String,
    run_proof_hash: String,
    binding_hash: String,
    binding_status: String,
    verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

pub(crate) async fn verify(
    Extension(service): Api,
    Segment(binding_id): Segment<String>,
) -> Answer<BindingVerdict> {
    service.work(move |service| service.verify_binding(binding_id)).await
}
