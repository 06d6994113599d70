//! Runs: they begin, events come in, they end.

mod intake;

use crate::{
    error::ApiError,
    service::{Api, Ended, Promised, Sealing, Service},
    wire::{Answer, Body, Fields, Moment, Read, Segment},
};
use axum::{Extension, Json};
use runseal_client::store::RunState;
use runseal_receipt::{Receipt, Status, json::Object};
use runseal_types::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Through what events are seen if nobody says.
const ADAPTER: &str = "openclaw";

/// That a run begins.
pub(crate) struct StartRequest {
    pub(crate) run_id: String,
    pub(crate) agent_id: String,
    pub(crate) adapter: Option<String>,
    pub(crate) trace_id: Option<String>,
    pub(crate) session_key: Option<String>,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) event_proof: Option<Object>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Started {
    status: &'static str,
    run_id: String,
    trace_id: String,
}

impl Read for StartRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            run_id: fields.text("run_id"),
            agent_id: fields.text("agent_id"),
            adapter: fields.find_text("adapter"),
            trace_id: fields.find_text("trace_id"),
            session_key: fields.find_text("session_key"),
            started_at: fields.find_time("started_at"),
            event_proof: fields.find_object("event_proof"),
        }
    }
}

pub(crate) async fn start(
    Extension(service): Api,
    Body(request): Body<StartRequest>,
) -> Answer<Started> {
    service.work(move |service| service.start(request)).await
}

/// That something happened.
pub(crate) struct EventRequest {
    pub(crate) run_id: String,
    pub(crate) event_id: String,
    pub(crate) event_type: String,
    pub(crate) timestamp: String,
    pub(crate) source: String,
    pub(crate) seq: Option<u64>,
    pub(crate) data: Object,
    pub(crate) trace_id: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Recorded {
    status: &'static str,
    event_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
}

impl Read for EventRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            run_id: fields.text("run_id"),
            event_id: fields.text("event_id"),
            event_type: fields.text("type"),
            timestamp: fields.text("timestamp"),
            source: fields.text("source"),
            seq: fields.find_integer("seq"),
            data: fields.find_event_data("data").unwrap_or_default(),
            trace_id: fields.find_text("trace_id"),
        }
    }
}

pub(crate) async fn event(
    Extension(service): Api,
    Body(request): Body<EventRequest>,
) -> Answer<Recorded> {
    service.work(move |service| service.record(request)).await
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Sealed {
    status: &'static str,
    run_id: String,
    root_hash: String,
    event_count: u64,
    /// Where the service promises.
    #[serde(flatten)]
    promised: Option<Promised>,
}

/// That a run ends.
pub(crate) struct EndRequest(Sealing);

impl Read for EndRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(Sealing {
            run_id: fields.text("run_id"),
            at: fields.find_time("ended_at"),
            at_member: "ended_at",
            status: if fields.flag("success", true) { Status::Completed } else { Status::Failed },
            reason: fields.find_text("reason"),
            agent_version: fields.find_integer("agent_version").unwrap_or(0),
        })
    }
}

pub(crate) async fn end(api: Api, Body(EndRequest(sealing)): Body<EndRequest>) -> Answer<Sealed> {
    seal("completed", &api, sealing).await
}

/// That what a run did until now is to have a receipt.
pub(crate) struct CheckpointRequest(Sealing);

impl Read for CheckpointRequest {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(Sealing {
            run_id: fields.text("run_id"),
            at: fields.find_time("checkpoint_at"),
            at_member: "checkpoint_at",
            status: Status::Checkpoint,
            reason: Some(fields.find_text("reason").unwrap_or_else(|| "compaction".to_owned())),
            agent_version: fields.find_integer("agent_version").unwrap_or(0),
        })
    }
}

pub(crate) async fn checkpoint(
    api: Api,
    Body(CheckpointRequest(sealing)): Body<CheckpointRequest>,
) -> Answer<Sealed> {
    seal("checkpoint", &api, sealing).await
}

async fn seal(status: &'static str, Extension(service): &Api, sealing: Sealing) -> Answer<Sealed> {
    let run_id = sealing.run_id.clone();
    let Json(Ended { root_hash, event_count }) =
        service.work(move |service| service.seal(&sealing)).await?;
    let promised = match service.promises() {
        true => Some(service.promise(root_hash).await),
        false => None,
    };
    let root_hash = root_hash.to_string();
    Ok(Json(Sealed { status, run_id, root_hash, event_count, promised }))
}

/// A run as it stands; while it goes on it has no root and no end.
#[derive(Serialize, ToSchema)]
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
