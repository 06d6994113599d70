//! Beginning runs and taking events in.

use super::{ADAPTER, EventRequest, Recorded, StartRequest, Started};
use crate::{error::ApiError, ids, service::Service};
use runseal_client::store::{Conflict, NewEvent, NewRun, StoreError, Stored, UnnumberedEvent};
use runseal_receipt::{
    Event, EventError,
    json::{Object, Value},
    member::{integer, object_of},
};
use runseal_types::Address;

impl Service {
    /// Begins a run; one that was begun before is no error.
    pub(crate) fn start(&self, request: StartRequest) -> Result<Started, ApiError> {
        let agent = self.agent(&request.agent_id)?;
        self.check_may_run(&agent.agent_id)?;
        let run_id = request.run_id;
        if let Some(found) = self.existing(&run_id, &agent.address)? {
            return Ok(found);
        }
        let trace_id = match request.trace_id {
            Some(trace_id) => trace_id,
            None => ids::stamped("trace")?,
        };
        let run = NewRun {
            run_id: run_id.clone(),
            trace_id: trace_id.clone(),
            agent: agent.address,
            adapter: request.adapter.unwrap_or_else(|| ADAPTER.to_owned()),
            session_key: request.session_key,
            started_at: request.started_at.map_or_else(ids::now, Ok)?,
            trigger: request.event_proof.map(text_of),
        };
        match self.store.start_run(&run) {
            // Somebody else began it in this moment.
            Err(StoreError::Conflict(Conflict::RunDiffers { .. })) => self
                .existing(&run_id, &agent.address)?
                .ok_or_else(|| ApiError::failed("a run that differs is not there")),
            stored => {
                stored?;
                Ok(Started { status: "started", run_id, trace_id })
            }
        }
    }

    /// Finds a run that was begun before; nobody begins another agent's.
    pub(super) fn existing(
        &self,
        run_id: &str,
        agent: &Address,
    ) -> Result<Option<Started>, ApiError> {
        let Some(row) = self.find_run(run_id)? else { return Ok(None) };
        if row.run.agent != *agent {
            return Err(ApiError::conflict(format!("Run belongs to another agent: {run_id}")));
        }
        let (run_id, trace_id) = (row.run.run_id, row.run.trace_id);
        Ok(Some(Started { status: "exists", run_id, trace_id }))
    }
}

pub(super) fn text_of(object: Object) -> String {
    String::from_utf8(Value::Object(object).canonical()).unwrap_or_default()
}

impl Service {
    /// Stores an event, and begins its run if nobody did.
    pub(crate) fn record(&self, request: EventRequest) -> Result<Recorded, ApiError> {
        let (stored, seq) = match self.put(&request) {
            Err(PutError::Store(StoreError::Conflict(Conflict::UnknownRun { .. }))) => {
                self.begin(&request)?;
                self.put(&request)?
            }
            stored => stored?,
        };
        let event_id = request.event_id;
        Ok(match stored {
            Stored::New => Recorded { status: "recorded", event_id, seq: Some(seq) },
            Stored::Before => Recorded { status: "duplicate", event_id, seq: None },
        })
    }

    pub(super) fn put(&self, request: &EventRequest) -> Result<(Stored, u64), PutError> {
        let mut object = object_of([
            ("event_id", Value::from(request.event_id.as_str())),
            ("type", Value::from(request.event_type.as_str())),
            ("timestamp", Value::from(request.timestamp.as_str())),
            ("source", Value::from(request.source.as_str())),
            ("data", Value::Object(request.data.clone())),
        ]);
        let Some(seq) = request.seq else {
            let event = UnnumberedEvent::check(object)?;
            let appended = self.store.append_event(&request.run_id, event)?;
            return Ok((appended.stored, appended.seq));
        };
        object.insert("seq".to_owned(), integer(seq));
        let text = Value::Object(object.clone()).canonical();
        let event = NewEvent { event: Event::from_object(object)?, text };
        Ok((self.store.put_event(&request.run_id, event)?, seq))
    }

    /// Begins the run of an event that came first, for the agent that the event names.
    pub(super) fn begin(&self, request: &EventRequest) -> Result<(), ApiError> {
        let run_id = &request.run_id;
        let named = match request.data.get("agent_id") {
            Some(Value::Text(agent_id)) => Some(agent_id.clone()),
            _ => self.settings.default_agent.clone(),
        };
        let nobody = || {
            let hint = "start it, or name its agent in data.agent_id";
            ApiError::not_found(format!("Run not found: {run_id}; {hint}"))
        };
        let start = StartRequest {
            run_id: run_id.clone(),
            agent_id: named.ok_or_else(nobody)?,
            adapter: None,
            trace_id: request.trace_id.clone(),
            session_key: None,
            started_at: None,
            event_proof: None,
        };
        self.start(start).map(drop)
    }
}

/// Why an event was not stored.
pub(super) enum PutError {
    Event(EventError),
    Store(StoreError),
}

impl From<EventError> for PutError {
    fn from(error: EventError) -> Self {
        Self::Event(error)
    }
}

impl From<StoreError> for PutError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<PutError> for ApiError {
    fn from(error: PutError) -> Self {
        match error {
            PutError::Store(error) => error.into(),
            PutError::Event(error) => {
                let message = error.to_string();
                crate::wire::Problem::of("body", "data", "value_error", message, &Value::Null)
                    .into()
            }
        }
    }
}
