//! OpenTelemetry's spans come in over OTLP/HTTP: a trace is a run, its outermost span ends it.

use super::runs::{EventRequest, StartRequest};
use crate::{
    error::ApiError,
    otlp::{Batch, PartialSuccessMessage, ResponseMessage, Span, Spelling, Step},
    service::{Api, Sealing, Service},
    wire::Batched,
};
use axum::{
    Extension, Json,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use prost::Message;
use runseal_receipt::Status;
use runseal_types::Digest;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

const SOURCE: &str = "opentelemetry";

/// OTLP's answer: empty if everything was taken.
#[derive(Serialize)]
struct Exported {
    #[serde(rename = "partialSuccess", skip_serializing_if = "Option::is_none")]
    partial_success: Option<PartialSuccess>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartialSuccess {
    /// A 64-bit integer, which is a text in protobuf's JSON.
    #[serde(serialize_with = "as_text")]
    rejected_spans: i64,
    error_message: String,
}

fn as_text<S: Serializer>(number: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

pub(crate) async fn traces(
    Extension(service): Api,
    Batched(batch, spelling): Batched,
) -> Result<Response, ApiError> {
    let Json((exported, ended)) = service.work(move |service| service.export(batch)).await?;
    // Spans go one way: a promise is found in the run's document.
    if service.promises() {
        for digest in ended {
            service.promise(digest).await;
        }
    }
    Ok(match spelling {
        Spelling::Json => Json(exported).into_response(),
        Spelling::Protobuf => {
            let declared = [(CONTENT_TYPE, "application/x-protobuf")];
            (declared, exported.into_message().encode_to_vec()).into_response()
        }
    })
}

impl Exported {
    fn into_message(self) -> ResponseMessage {
        let partial_success = self.partial_success.map(|partial| PartialSuccessMessage {
            rejected_spans: partial.rejected_spans,
            error_message: partial.error_message,
        });
        ResponseMessage { partial_success }
    }
}

/// The spans that were not taken, each once, and why the first was not.
#[derive(Default)]
struct Rejected {
    count: usize,
    reason: Option<String>,
}

impl Rejected {
    fn add(&mut self, count: usize, reason: impl FnOnce() -> String) {
        self.count = self.count.saturating_add(count);
        if self.reason.is_none() && count > 0 {
            self.reason = Some(reason());
        }
    }
}

impl Service {
    /// Takes spans, and returns the receipts of the runs that they ended.
    fn export(&self, batch: Batch) -> Result<(Exported, Vec<Digest>), ApiError> {
        let (mut rejected, mut ended) = (Rejected::default(), Vec::new());
        for error in &batch.refused {
            rejected.add(1, || error.to_string());
        }
        let mut traces = BTreeMap::<String, Vec<Span>>::new();
        for span in batch.spans {
            traces.entry(span.trace_id.clone()).or_default().push(span);
        }
        for (run_id, spans) in &traces {
            ended.extend(self.export_trace(run_id, spans, &mut rejected)?);
        }
        let partial_success = rejected.reason.map(|error_message| PartialSuccess {
            rejected_spans: i64::try_from(rejected.count).unwrap_or(i64::MAX),
            error_message,
        });
        Ok((Exported { partial_success }, ended))
    }

    fn export_trace(
        &self,
        run_id: &str,
        spans: &[Span],
        rejected: &mut Rejected,
    ) -> Result<Option<Digest>, ApiError> {
        if self.find_run(run_id)?.is_none() {
            let of_agents = || spans.iter().filter(|span| span.is_of_agent());
            let Some(first) = of_agents().min_by_key(|span| span.start) else { return Ok(None) };
            if let Err(error) = self.begin_trace(run_id, spans, first) {
                let reason = lasting(error)?;
                rejected.add(of_agents().count(), || reason);
                return Ok(None);
            }
        }
        let mut steps: Vec<Step> = spans.iter().flat_map(Span::steps).collect();
        steps.sort_by_key(|step| step.at);
        let mut refused = BTreeMap::new();
        for step in steps {
            let span_id = step.span_id.clone();
            if let Err(error) = self.record(event_of(run_id, step)) {
                refused.entry(span_id).or_insert(lasting(error)?);
            }
        }
        let mut ended = None;
        for root in spans.iter().filter(|span| span.parent_span_id.is_none()) {
            match self.end_trace(run_id, root) {
                Ok(digest) => ended = Some(digest),
                Err(error) => {
                    refused.entry(root.span_id.clone()).or_insert(lasting(error)?);
                }
            }
        }
        let count = refused.len();
        rejected.add(count, || refused.into_values().next().unwrap_or_default());
        Ok(ended)
    }

    fn begin_trace(&self, run_id: &str, spans: &[Span], first: &Span) -> Result<(), ApiError> {
        let agent_id = first.agent_id.clone().or_else(|| self.settings.default_agent.clone());
        let nobody =
            || ApiError::not_found("the resource has no service.name, which names the agent");
        let start = StartRequest {
            run_id: run_id.to_owned(),
            agent_id: agent_id.ok_or_else(nobody)?,
            adapter: Some(SOURCE.to_owned()),
            trace_id: Some(run_id.to_owned()),
            session_key: None,
            started_at: spans.iter().map(|span| span.start).min(),
            event_proof: None,
        };
        self.start(start).map(drop)
    }

    fn end_trace(&self, run_id: &str, root: &Span) -> Result<Digest, ApiError> {
        // What came first may have begun after the outermost span ended: clocks differ.
        let row = self.find_run(run_id)?;
        let started_at = row.map_or(root.end, |row| row.run.started_at);
        let sealing = Sealing {
            run_id: run_id.to_owned(),
            at: Some(root.end.max(started_at)),
            at_member: "endTimeUnixNano",
            status: if root.error.is_some() { Status::Failed } else { Status::Completed },
            reason: root.error.as_ref().map(|_| root.reason()),
            agent_version: 0,
        };
        self.seal(&sealing).map(|ended| ended.root_hash)
    }
}

fn event_of(run_id: &str, step: Step) -> EventRequest {
    EventRequest {
        run_id: run_id.to_owned(),
        event_id: step.event_id(),
        event_type: step.event_type,
        timestamp: step.at.to_string(),
        source: SOURCE.to_owned(),
        seq: None,
        data: step.data,
        trace_id: None,
    }
}

/// Says why a span is not taken; what passes fails the call as a whole, so that it is sent again.
fn lasting(error: ApiError) -> Result<String, ApiError> {
    match error {
        ApiError::Refused { status, detail } if status.is_client_error() => Ok(detail),
        ApiError::Invalid(_) => Ok("the agent's name or an event is beyond a limit".to_owned()),
        error => Err(error),
    }
}
