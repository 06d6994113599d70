//! States that runs change: each agent's memory, session, workflow and own state, a chain each.

mod chains;

use crate::{
    error::ApiError,
    ids,
    service::{Agent, Api, Service, digest_of, text_of},
    wire::{AgentFilter, Answer, Body, Fields, Moment, Opaque, Params, Read, Segment, opaque},
};
use axum::Extension;
use chains::{find_text, sequence_of};
use runseal_client::store::{EntryFilter, EntryRecord};
use runseal_receipt::{
    Statements,
    json::{Object, Value},
    member::{integer, object_of},
    state::{StateProof, StateStep, StateType},
};
use serde::Serialize;
use utoipa::ToSchema;

const MOST_CHAIN: usize = 100_000;

fn content_type(state_type: StateType) -> String {
    format!("state.{state_type}")
}

fn state_types() -> Vec<&'static str> {
    StateType::ALL.iter().map(|it| it.as_str()).collect()
}

fn parse_type(word: &str) -> Result<StateType, ApiError> {
    StateType::find(word).ok_or_else(|| {
        let words = state_types().join(", ");
        ApiError::bad_request(format!("Invalid state_type. Must be one of: {words}"))
    })
}

/// How a run changed a state.
pub(crate) struct StateRequest {
    run_id: String,
    state_type: String,
    next_state_hash: String,
    prev_state_hash: Option<String>,
    delta_summary: Option<Object>,
}

impl Read for StateRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            run_id: fields.text("run_id"),
            state_type: fields.word("state_type", state_types()),
            next_state_hash: fields.text("next_state_hash"),
            prev_state_hash: fields.find_text("prev_state_hash"),
            delta_summary: fields.find_object("delta_summary"),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = StateCreated)]
pub(crate) struct Created {
    status: &'static str,
    id: String,
    run_id: String,
    state_type: &'static str,
    prev_state_hash: Option<String>,
    next_state_hash: String,
    run_proof_hash: String,
    sequence: u64,
}

pub(crate) async fn create(
    Extension(service): Api,
    Body(request): Body<StateRequest>,
) -> Answer<Created> {
    let state_type = parse_type(&request.state_type)?;
    service.work(move |service| service.change_state(request, state_type)).await
}

impl Service {
    fn change_state(
        &self,
        request: StateRequest,
        state_type: StateType,
    ) -> Result<Created, ApiError> {
        let StateRequest { run_id, next_state_hash, prev_state_hash, .. } = request;
        let told = self.load_told(&run_id)?;
        let _lock = self.lock(&told.agent.agent_id);
        let head = self.head(&told.agent, state_type)?;
        let run_proof_hash = told.receipt.digest().to_string();
        if let Some(same) = head.as_ref().filter(|head| {
            let content = &head.draft.content;
            text_of(content, "run_proof_hash") == run_proof_hash
                && text_of(content, "next_state_hash") == next_state_hash
                && prev_state_hash
                    .as_deref()
                    .is_none_or(|it| it == text_of(content, "prev_state_hash"))
        }) {
            return Ok(created(same, state_type));
        }
        let current =
            head.as_ref().map(|it| text_of(&it.draft.content, "next_state_hash").to_owned());
        if let (Some(current), Some(claimed)) = (&current, &prev_state_hash)
            && current != claimed
        {
            let detail = format!("The {state_type} state is {current}, not {claimed}");
            return Err(ApiError::conflict(detail));
        }
        // Whoever does not say where he begins begins where the chain is.
        let previous = prev_state_hash.or(current);
        let sequence = match &head {
            Some(head) => sequence_of(&head.draft.content).saturating_add(1),
            // What was before the first change that is told here was not told.
            None => u64::from(previous.is_some()),
        };
        let step = StateStep {
            state_type,
            sequence,
            previous: previous.as_deref().map(digest_of),
            next: digest_of(&next_state_hash),
        };
        self.add(&told, &Statements { states: vec![step], ..Statements::default() })?;
        let (agent, receipt) = (told.agent.address, told.receipt.digest());
        let id = ids::derived("sp", &StateProof { agent, receipt, step }.hash());
        let content = object_of([
            ("run_id", Value::from(run_id.as_str())),
            ("state_type", Value::from(state_type.as_str())),
            ("prev_state_hash", Value::from(previous.as_deref())),
            ("next_state_hash", Value::from(next_state_hash.as_str())),
            ("run_proof_hash", Value::Text(run_proof_hash)),
            ("delta_summary", Value::from(request.delta_summary)),
            ("sequence", integer(sequence)),
        ]);
        let agent_id = &told.agent.agent_id;
        let entry = self.append(agent_id, id, &content_type(state_type), content)?;
        Ok(created(&entry, state_type))
    }

    /// Returns the last change of a state.
    fn head(&self, agent: &Agent, state_type: StateType) -> Result<Option<EntryRecord>, ApiError> {
        self.state_head(&agent.agent_id, state_type)
    }

    /// Returns the last change of a state of the agent of this name.
    pub(crate) fn state_head(
        &self,
        agent_id: &str,
        state_type: StateType,
    ) -> Result<Option<EntryRecord>, ApiError> {
        let filter = EntryFilter {
            content_type: content_type(state_type),
            agent_id: Some(agent_id.to_owned()),
            about: None,
            newest_first: true,
        };
        Ok(self.entries(&filter, 1)?.pop())
    }
}

fn created(entry: &EntryRecord, state_type: StateType) -> Created {
    let content = &entry.draft.content;
    Created {
        status: "created",
        id: entry.draft.entry_id.clone(),
        run_id: text_of(content, "run_id").to_owned(),
        state_type: state_type.as_str(),
        prev_state_hash: find_text(content, "prev_state_hash"),
        next_state_hash: text_of(content, "next_state_hash").to_owned(),
        run_proof_hash: text_of(content, "run_proof_hash").to_owned(),
        sequence: sequence_of(content),
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct StateView {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    run_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_type: Option<String>,
    prev_state_hash: Option<String>,
    next_state_hash: String,
    run_proof_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    delta_summary: Option<Opaque>,
    created_at: String,
}

impl StateView {
    fn new(entry: &EntryRecord) -> Self {
        let content = &entry.draft.content;
        Self {
            id: entry.draft.entry_id.clone(),
            run_id: find_text(content, "run_id"),
            state_type: find_text(content, "state_type"),
            prev_state_hash: find_text(content, "prev_state_hash"),
            next_state_hash: text_of(content, "next_state_hash").to_owned(),
            run_proof_hash: text_of(content, "run_proof_hash").to_owned(),
            delta_summary: Some(opaque(content.get("delta_summary").unwrap_or(&Value::Null))),
            created_at: Moment(entry.draft.timestamp).in_a_table(),
        }
    }
}

pub(crate) async fn show(
    Extension(service): Api,
    Segment(id): Segment<String>,
) -> Answer<StateView> {
    service
        .work(move |service| {
            let found = service.store.find_entry(&id)?;
            let found = found.filter(|entry| entry.draft.content_type.starts_with("state."));
            let missing = || ApiError::not_found(format!("State proof not found: {id}"));
            Ok(StateView::new(&found.ok_or_else(missing)?))
        })
        .await
}

#[derive(Serialize, ToSchema)]
#[schema(as = StatesOfRun)]
pub(crate) struct OfRun {
    run_id: String,
    state_proofs: Vec<StateView>,
    count: usize,
}

pub(crate) async fn of_run(
    Extension(service): Api,
    Segment(run_id): Segment<String>,
) -> Answer<OfRun> {
    service
        .work(move |service| {
            service.load_told(&run_id)?;
            let mut entries = Vec::new();
            for state_type in StateType::ALL {
                let filter = EntryFilter {
                    content_type: content_type(*state_type),
                    about: Some(run_id.clone()),
                    ..EntryFilter::default()
                };
                entries.extend(service.entries(&filter, MOST_CHAIN)?);
            }
            entries.sort_by_key(|entry| entry.seq);
            let view = |entry| StateView { run_id: None, ..StateView::new(entry) };
            let state_proofs: Vec<_> = entries.iter().map(view).collect();
            Ok(OfRun { run_id, count: state_proofs.len(), state_proofs })
        })
        .await
}

#[derive(Serialize, ToSchema)]
#[schema(as = StateChain)]
pub(crate) struct Chain {
    state_type: &'static str,
    agent_id: Option<String>,
    chain: Vec<StateView>,
    length: usize,
}

pub(crate) async fn chain(
    Extension(service): Api,
    Segment(state_type): Segment<String>,
    Params(AgentFilter(agent_id)): Params<AgentFilter>,
) -> Answer<Chain> {
    let state_type = parse_type(&state_type)?;
    service
        .work(move |service| {
            let entries = service.chain_entries(state_type, agent_id.as_deref())?;
            let view = |entry| StateView {
                state_type: None,
                delta_summary: None,
                ..StateView::new(entry)
            };
            let chain: Vec<_> = entries.iter().map(view).collect();
            let length = chain.len();
            Ok(Chain { state_type: state_type.as_str(), agent_id, chain, length })
        })
        .await
}

#[derive(Serialize, ToSchema)]
#[schema(as = StateChainVerdict)]
pub(crate) struct ChainVerdict {
    state_type: &'static str,
    agent_id: Option<String>,
    chain_valid: bool,
    entries: usize,
    first_state: Option<String>,
    current_state: Option<String>,
    gaps: Vec<Gap>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = StateGap)]
struct Gap {
    index: usize,
    expected: String,
    found: Option<String>,
    entry_id: String,
}

pub(crate) async fn verify(
    Extension(service): Api,
    Segment(state_type): Segment<String>,
    Params(AgentFilter(agent_id)): Params<AgentFilter>,
) -> Answer<ChainVerdict> {
    let state_type = parse_type(&state_type)?;
    service.work(move |service| service.verify_chain(state_type, agent_id)).await
}
