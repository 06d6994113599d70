//! OpenTelemetry's spans, and what they say of agents' runs.

mod json;
mod protobuf;
mod steps;
mod told;

pub(crate) use protobuf::{PartialSuccessMessage, ResponseMessage};
pub(crate) use steps::Step;

use runseal_receipt::json::Object;
use runseal_types::Timestamp;

/// How large a batch may be.
pub(crate) const MOST_BATCH_BYTES: usize = 16 << 20;

/// `STATUS_CODE_ERROR`.
const STATUS_ERROR: u64 = 2;

/// The spans of a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Batch {
    pub(crate) spans: Vec<Span>,
    /// Why the others are none.
    pub(crate) refused: Vec<SpanError>,
}

impl Batch {
    fn add(&mut self, span: Result<Span, SpanError>) {
        match span {
            Ok(span) => self.spans.push(span),
            Err(error) => self.refused.push(error),
        }
    }
}

/// How a batch came, and how its answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    Json,
    Protobuf,
}

/// What one operation was, told when it had ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// The trace, which is the run: 32 lower-case hexadecimal digits.
    pub(crate) trace_id: String,
    /// 16 lower-case hexadecimal digits.
    pub(crate) span_id: String,
    /// The span around it; the outermost has none.
    pub(crate) parent_span_id: Option<String>,
    pub(crate) name: String,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) attributes: Object,
    /// What went wrong, if something did; it may be empty.
    pub(crate) error: Option<String>,
    /// Who was at work, as the resource says: its `gen_ai.agent.id`, or else its `service.name`.
    pub(crate) agent_id: Option<String>,
}

/// Why a span is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SpanError {
    #[error("a span is not an object")]
    NotAnObject,
    #[error("{member} is not {size} hexadecimal digits that are not all zero")]
    BadId { member: &'static str, size: usize },
    #[error("{member} is no time in nanoseconds since 1970")]
    BadTime { member: &'static str },
}
