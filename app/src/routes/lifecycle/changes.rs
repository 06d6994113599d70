//! How agents change, and what is told of them.

use super::LifecycleView;
use crate::{
    error::ApiError,
    ids,
    service::Service,
    wire::{Moment, opaque},
};
use runseal_client::store::{Lifecycle, LifecycleStatus};
use runseal_receipt::json::{Value, parse};
use runseal_types::Timestamp;

#[derive(Clone, Copy)]
pub(super) enum Change {
    Activate,
    Pause,
    Retire,
}

/// The one table of how agents change: what an agent becomes, or why it cannot.
pub(super) fn next(status: LifecycleStatus, change: Change) -> Result<LifecycleStatus, String> {
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
    pub(super) fn lifecycle(&self, agent_id: &str) -> Result<Lifecycle, ApiError> {
        let missing = || ApiError::not_found(format!("Agent not found: {agent_id}"));
        self.store.find_lifecycle(agent_id)?.ok_or_else(missing)
    }

    /// Registers an agent for which there is a key.
    pub(super) fn first_lifecycle(
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

    pub(super) fn change(&self, agent_id: &str, change: Change) -> Result<LifecycleView, ApiError> {
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
    pub(super) fn hear(&self, agent_id: &str) -> Result<LifecycleView, ApiError> {
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

    pub(super) fn view(&self, lifecycle: Lifecycle) -> Result<LifecycleView, ApiError> {
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
    pub(super) fn totals(&self, agent_id: &str) -> Result<(u64, u64), ApiError> {
        let entries = self.store.last_entry(agent_id)?.map_or(0, |last| last.seq + 1);
        let Some(name) = self.store.find_agent(agent_id)? else { return Ok((0, entries)) };
        let last = self.store.last_leaf(&name.agent)?;
        Ok((last.map_or(0, |last| last.sequence.0.saturating_add(1)), entries))
    }
}
