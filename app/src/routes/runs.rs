//! Runs: they begin, events come in, they end.

use crate::{
    error::ApiError,
    ids,
    service::{Api, Ended, Sealing, Service},
    wire::{Answer, Body, Fields, Moment, Segment},
};
use axum::Extension;
use runseal_client::store::{
    Conflict, NewEvent, NewRun, RunState, StoreError, Stored, UnnumberedEvent,
};
use runseal_receipt::{
    Event, EventError, Receipt, Status,
    json::{Object, Value},
    member::{integer, object_of},
};
use runseal_types::{Address, Timestamp};
use serde::Serialize;

/// Through what events are seen if nobody says.
const ADAPTER: &str = "openclaw";

struct StartRequest {
    run_id: String,
    agent_id: String,
    adapter: Option<String>,
    trace_id: Option<String>,
    session_key: Option<String>,
    started_at: Option<Timestamp>,
    event_proof: Option<Object>,
}

#[derive(Serialize)]
pub(crate) struct Started {
    status: &'static str,
    run_id: String,
    trace_id: String,
}

pub(crate) async fn start(Extension(service): Api, Body(body): Body) -> Answer<Started> {
    let mut fields = Fields::body(&body);
    let request = StartRequest {
        run_id: fields.text("run_id"),
        agent_id: fields.text("agent_id"),
        adapter: fields.find_text("adapter"),
        trace_id: fields.find_text("trace_id"),
        session_key: fields.find_text("session_key"),
        started_at: fields.find_time("started_at"),
        event_proof: fields.find_object("event_proof"),
    };
    let request = fields.done(request)?;
    service.work(move |service| service.start(request)).await
}

impl Service {
    fn start(&self, request: StartRequest) -> Result<Started, ApiError> {
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
    fn existing(&self, run_id: &str, agent: &Address) -> Result<Option<Started>, ApiError> {
        let Some(row) = self.find_run(run_id)? else { return Ok(None) };
        if row.run.agent != *agent {
            return Err(ApiError::conflict(format!("Run belongs to another agent: {run_id}")));
        }
        let (run_id, trace_id) = (row.run.run_id, row.run.trace_id);
        Ok(Some(Started { status: "exists", run_id, trace_id }))
    }
}

fn text_of(object: Object) -> String {
    String::from_utf8(Value::Object(object).canonical()).unwrap_or_default()
}

struct EventRequest {
    run_id: String,
    event_id: String,
    event_type: String,
    timestamp: String,
    source: String,
    seq: Option<u64>,
    data: Object,
    trace_id: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Recorded {
    status: &'static str,
    event_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
}

pub(crate) async fn event(Extension(service): Api, Body(body): Body) -> Answer<Recorded> {
    let mut fields = Fields::body(&body);
    let request = EventRequest {
        run_id: fields.text("run_id"),
        event_id: fields.text("event_id"),
        event_type: fields.text("type"),
        timestamp: fields.text("timestamp"),
        source: fields.text("source"),
        seq: fields.find_integer("seq"),
        data: fields.find_event_data("data").unwrap_or_default(),
        trace_id: fields.find_text("trace_id"),
    };
    let request = fields.done(request)?;
    service.work(move |service| service.record(request)).await
}

impl Service {
    fn record(&self, request: EventRequest) -> Result<Recorded, ApiError> {
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

    fn put(&self, request: &EventRequest) -> Result<(Stored, u64), PutError> {
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
    fn begin(&self, request: &EventRequest) -> Result<(), ApiError> {
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
enum PutError {
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

#[derive(Serialize)]
pub(crate) struct Sealed {
    status: &'static str,
    run_id: String,
    root_hash: String,
    event_count: u64,
}

pub(crate) async fn end(Extension(service): Api, Body(body): Body) -> Answer<Sealed> {
    let mut fields = Fields::body(&body);
    let sealing = Sealing {
        run_id: fields.text("run_id"),
        at: fields.find_time("ended_at"),
        at_member: "ended_at",
        status: if fields.flag("success", true) { Status::Completed } else { Status::Failed },
        reason: fields.find_text("reason"),
        agent_version: fields.find_integer("agent_version").unwrap_or(0),
    };
    let sealing = fields.done(sealing)?;
    service.work(move |service| sealed("completed", service.seal(&sealing)?, sealing.run_id)).await
}

pub(crate) async fn checkpoint(Extension(service): Api, Body(body): Body) -> Answer<Sealed> {
    let mut fields = Fields::body(&body);
    let sealing = Sealing {
        run_id: fields.text("run_id"),
        at: fields.find_time("checkpoint_at"),
        at_member: "checkpoint_at",
        status: Status::Checkpoint,
        reason: Some(fields.find_text("reason").unwrap_or_else(|| "compaction".to_owned())),
        agent_version: fields.find_integer("agent_version").unwrap_or(0),
    };
    let sealing = fields.done(sealing)?;
    service.work(move |service| sealed("checkpoint", service.seal(&sealing)?, sealing.run_id)).await
}

fn sealed(status: &'static str, ended: Ended, run_id: String) -> Result<Sealed, ApiError> {
    let Ended { root_hash, event_count } = ended;
    Ok(Sealed { status, run_id, root_hash: root_hash.to_string(), event_count })
}

/// A run as it stands; while it goes on it has no root and no end.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum RunView {
    Active {
        run_id: String,
        status: &'static str,
        trace_id: String,
        event_count: u64,
        started_at: Moment,
    },
    Ended {
        run_id: String,
        status: &'static str,
        trace_id: String,
        root_hash: String,
        started_at: Moment,
        ended_at: Moment,
    },
}

pub(crate) async fn show(
    Extension(service): Api,
    Segment(run_id): Segment<String>,
) -> Answer<RunView> {
    service.work(move |service| service.show_run(&run_id)).await
}

impl Service {
    fn show_run(&self, run_id: &str) -> Result<RunView, ApiError> {
        let unknown = || ApiError::not_found(format!("Run not found: {run_id}"));
        let row = self.find_run(run_id)?.ok_or_else(unknown)?;
        let (run_id, trace_id) = (row.run.run_id, row.run.trace_id);
        let started_at = Moment(row.run.started_at);
        let RunState::Finished { receipt } = row.state else {
            let event_count = row.event_count;
            return Ok(RunView::Active {
                run_id,
                status: "active",
                trace_id,
                event_count,
                started_at,
            });
        };
        let damaged = || ApiError::failed("the receipt of a finished run is damaged");
        let stored = self.store.find_receipt(&receipt)?.ok_or_else(damaged)?;
        let receipt = Receipt::parse(&stored.text).map_err(|_| damaged())?;
        Ok(RunView::Ended {
            run_id,
            status: receipt.facts().status.as_str(),
            trace_id,
            root_hash: receipt.digest().to_string(),
            started_at,
            ended_at: Moment(receipt.facts().ended_at),
        })
    }
}
