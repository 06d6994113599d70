//! How agents stand with the service: registered, active, paused, retired; and whether they are heard.

use crate::{
    error::ApiError,
    ids,
    service::{Api, Service},
    wire::{Answer, Fields, Moment, Opaque, OptionalBody, Segment, opaque},
};
use axum::Extension;
use runseal_client::store::{Lifecycle, LifecycleStatus, MOST_ITEMS};
use runseal_receipt::json::{Value, parse};
use runseal_types::Timestamp;
use serde::Serialize;

/// After so long without being heard an agent is stale.
const STALE_SECONDS: u64 = 24 * 3_600;
const MOST_AGENTS: usize = 10_000;

#[derive(Serialize)]
pub(crate) struct Registered {
    status: &'static str,
    agent_id: String,
    registered_at: String,
}

pub(crate) async fn register(
    Extension(service): Api,
    Segment(agent_id): Segment<String>,
    OptionalBody(body): OptionalBody,
) -> Answer<Registered> {
    let mut fields = Fields::body(&body);
    let metadata = fields.find_object("metadata").map(Value::Object);
    let metadata = fields.done(metadata)?;
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
#[derive(Serialize)]
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

#[derive(Clone, Copy)]
enum Change {
    Activate,
    Pause,
    Retire,
}

/// The one table of how agents change: what an agent becomes, or why it cannot.
fn next(status: LifecycleStatus, change: Change) -> Result<LifecycleStatus, String> {
    use LifecycleStatus::{Active, Archived, Paused, Registered, Retired};
    match (status, change) {
        (Registered | Paused, Change::Activate) => Ok(Active),
        (status, Change::Activate) => {
            Err(format!("Cannot activate agent with status: {}", status.as_str()))
        }
        (Active, Change::Pause) => Ok(Paused),
        (_, Change::Pause) => Err("Can only pause active agents".to_owned()),
        (Registered | Active | Paused, Change::Retire) => Ok(Retired),
        (Retired | Archived, Change::Retire) => Err("Agent already retired".to_owned()),
    }
}

impl Service {
    fn lifecycle(&self, agent_id: &str) -> Result<Lifecycle, ApiError> {
        let missing = || ApiError::not_found(format!("Agent not found: {agent_id}"));
        self.store.find_lifecycle(agent_id)?.ok_or_else(missing)
    }

    /// Registers an agent for which there is a key.
    fn first_lifecycle(
        &self,
        agent_id: &str,
        metadata: Option<&Value>,
    ) -> Result<Lifecycle, ApiError> {
        let (agent, now) = (self.agent(agent_id)?, ids::now()?);
        let metadata =
            metadata.map(|value| String::from_utf8(value.canonical()).unwrap_or_default());
        let lifecycle = Lifecycle {
            agent_id: agent.agent_id,
            status: LifecycleStatus::Active,
            registered_at: now,
            activated_at: Some(now),
            paused_at: None,
            retired_at: None,
            last_heartbeat: None,
            metadata,
        };
        self.store.put_lifecycle(&lifecycle, None)?;
        Ok(lifecycle)
    }

    fn change(&self, agent_id: &str, change: Change) -> Result<LifecycleView, ApiError> {
        let _lock = self.lock(agent_id);
        let mut lifecycle = self.lifecycle(agent_id)?;
        let expected = lifecycle.status;
        lifecycle.status = next(expected, change).map_err(ApiError::bad_request)?;
        let now = Some(ids::now()?);
        match change {
            Change::Activate => lifecycle.activated_at = now,
            Change::Pause => lifecycle.paused_at = now,
            Change::Retire => lifecycle.retired_at = now,
        }
        self.store.put_lifecycle(&lifecycle, Some(expected))?;
        self.view(lifecycle)
    }

    /// Notes that an agent was heard. One that nobody registered is, if it has a key here.
    fn hear(&self, agent_id: &str) -> Result<LifecycleView, ApiError> {
        let _lock = self.lock(agent_id);
        let mut lifecycle = match self.store.find_lifecycle(agent_id)? {
            Some(lifecycle) => lifecycle,
            None => self.first_lifecycle(agent_id, None)?,
        };
        let status = lifecycle.status;
        if matches!(status, LifecycleStatus::Retired | LifecycleStatus::Archived) {
            return Err(ApiError::bad_request("Agent already retired"));
        }
        lifecycle.last_heartbeat = Some(ids::now()?);
        self.store.put_lifecycle(&lifecycle, Some(status))?;
        self.view(lifecycle)
    }

    /// Refuses to begin a run of an agent that was told not to.
    pub(crate) fn check_may_run(&self, agent_id: &str) -> Result<(), ApiError> {
        use LifecycleStatus::{Active, Registered};
        match self.store.find_lifecycle(agent_id)?.map(|lifecycle| lifecycle.status) {
            None | Some(Active | Registered) => Ok(()),
            Some(status) => {
                Err(ApiError::conflict(format!("Agent {agent_id} is {}", status.as_str())))
            }
        }
    }

    fn view(&self, lifecycle: Lifecycle) -> Result<LifecycleView, ApiError> {
        let text = |time: Option<Timestamp>| time.map(|time| Moment(time).without_offset());
        let (total_runs, total_entries) = self.totals(&lifecycle.agent_id)?;
        let metadata = lifecycle.metadata.as_ref().and_then(|text| parse(text.as_bytes()).ok());
        Ok(LifecycleView {
            status: lifecycle.status.as_str(),
            registered_at: Moment(lifecycle.registered_at).without_offset(),
            activated_at: text(lifecycle.activated_at),
            last_heartbeat: text(lifecycle.last_heartbeat),
            paused_at: text(lifecycle.paused_at),
            retired_at: text(lifecycle.retired_at),
            ledger_bound: self.is_bound(&lifecycle.agent_id)?,
            ledger_first_seq: (total_entries > 0).then_some(0),
            ledger_last_seq: total_entries.checked_sub(1),
            total_runs,
            total_entries,
            metadata: metadata.as_ref().map(opaque),
            agent_id: lifecycle.agent_id,
        })
    }

    /// Returns how many receipts and how many entries an agent has.
    fn totals(&self, agent_id: &str) -> Result<(u64, u64), ApiError> {
        let entries = self.store.last_entry(agent_id)?.map_or(0, |last| last.seq + 1);
        let Some(name) = self.store.find_agent(agent_id)? else { return Ok((0, entries)) };
        let last = self.store.last_leaf(&name.agent)?;
        Ok((last.map_or(0, |last| last.sequence.0.saturating_add(1)), entries))
    }
}

#[derive(Serialize)]
pub(crate) struct ActiveAgents {
    agents: Vec<ActiveAgent>,
    total: usize,
    stale: usize,
}

#[derive(Serialize)]
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
