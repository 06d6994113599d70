//! How agents stand with the service: registered, active, paused, retired; and whether they are heard.

mod changes;

use crate::{
    error::ApiError,
    ids,
    service::{Api, Service},
    wire::{Answer, Fields, Moment, Opaque, OptionalBody, Read, Segment},
};
use axum::Extension;
use changes::Change;
use runseal_client::store::{Lifecycle, LifecycleStatus, MOST_ITEMS};
use runseal_receipt::json::Value;
use serde::Serialize;
use utoipa::ToSchema;

/// After so long without being heard an agent is stale.
const STALE_SECONDS: u64 = 24 * 3_600;
const MOST_AGENTS: usize = 10_000;

#[derive(Serialize, ToSchema)]
pub(crate) struct Registered {
    status: &'static str,
    agent_id: String,
    registered_at: String,
}

/// What its vendor says of an agent.
pub(crate) struct RegisterRequest(Option<Value>);

impl Read for RegisterRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(fields.find_object("metadata").map(Value::Object))
    }
}

pub(crate) async fn register(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
    OptionalBody(RegisterRequest(metadata)): OptionalBody<RegisterRequest>,
) -> Answer<Registered> {
    service
        .work(move |service| {
            let _lock = service.lock(&agent_id);
            if service.store.find_lifecycle(&agent_id)?.is_some() {
                return Err(ApiError::conflict(format!("Agent already registered: {agent_id}")));
            }
            let made = service.first_lifecycle(&agent_id, metadata.as_ref())?;
            let registered_at = Moment(made.registered_at).without_offset();
            Ok(Registered { status: made.status.as_str(), agent_id, registered_at })
        })
        .await
}

/// How an agent stands, with what its ledger says.
#[derive(Serialize, ToSchema)]
pub(crate) struct LifecycleView {
    agent_id: String,
    status: &'static str,
    registered_at: String,
    activated_at: Option<String>,
    last_heartbeat: Option<String>,
    paused_at: Option<String>,
    retired_at: Option<String>,
    ledger_bound: bool,
    ledger_first_seq: Option<u64>,
    ledger_last_seq: Option<u64>,
    total_runs: u64,
    total_entries: u64,
    metadata: Option<Opaque>,
}

pub(crate) async fn show(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<LifecycleView> {
    service.work(move |service| service.view(service.lifecycle(&agent_id)?)).await
}

pub(crate) async fn activate(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<LifecycleView> {
    service.work(move |service| service.change(&agent_id, Change::Activate)).await
}

pub(crate) async fn pause(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<LifecycleView> {
    service.work(move |service| service.change(&agent_id, Change::Pause)).await
}

pub(crate) async fn retire(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<LifecycleView> {
    service.work(move |service| service.change(&agent_id, Change::Retire)).await
}

pub(crate) async fn heartbeat(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
) -> Answer<LifecycleView> {
    service.work(move |service| service.hear(&agent_id)).await
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ActiveAgents {
    agents: Vec<ActiveAgent>,
    total: usize,
    stale: usize,
}

#[derive(Serialize, ToSchema)]
struct ActiveAgent {
    agent_id: String,
    status: &'static str,
    last_heartbeat: Option<String>,
    total_runs: u64,
    total_entries: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours_since_heartbeat: Option<f64>,
    is_stale: bool,
}

pub(crate) async fn active(Extension(service): Api) -> Answer<ActiveAgents> {
    service.work(Service::active_agents).await
}

impl Service {
    fn active_agents(&self) -> Result<ActiveAgents, ApiError> {
        let now = ids::now()?.unix_seconds();
        let mut found = self.all_active()?;
        found.sort_by_key(|agent| std::cmp::Reverse(agent.last_heartbeat));
        let view = |lifecycle: Lifecycle| {
            let heard = lifecycle.last_heartbeat.map(|time| time.unix_seconds());
            let since = |then: u64| now.saturating_sub(then);
            let silent = since(heard.unwrap_or(lifecycle.registered_at.unix_seconds()));
            let (total_runs, total_entries) = self.totals(&lifecycle.agent_id)?;
            // Tenths of an hour, of which there are few enough to be exact.
            let tenths = |seconds: u64| u32::try_from(seconds / 360).unwrap_or(u32::MAX);
            Ok(ActiveAgent {
                status: lifecycle.status.as_str(),
                last_heartbeat: lifecycle.last_heartbeat.map(|time| Moment(time).without_offset()),
                total_runs,
                total_entries,
                hours_since_heartbeat: heard.map(|then| f64::from(tenths(since(then))) / 10.0),
                is_stale: silent > STALE_SECONDS,
                agent_id: lifecycle.agent_id,
            })
        };
        let agents = found.into_iter().map(view).collect::<Result<Vec<_>, ApiError>>()?;
        let stale = agents.iter().filter(|agent| agent.is_stale).count();
        Ok(ActiveAgents { total: agents.len(), stale, agents })
    }

    fn all_active(&self) -> Result<Vec<Lifecycle>, ApiError> {
        let (mut active, mut after): (Vec<Lifecycle>, Option<String>) = (Vec::new(), None);
        while active.len() < MOST_AGENTS {
            let more = self.store.list_lifecycles(after.as_deref(), MOST_ITEMS)?;
            let Some(last) = more.last() else { break };
            after = Some(last.agent_id.clone());
            active.extend(more.into_iter().filter(|it| it.status == LifecycleStatus::Active));
        }
        Ok(active)
    }
}
