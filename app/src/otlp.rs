//! OpenTelemetry's spans, and what they say of agents' runs.

mod read;
mod steps;

pub(crate) use read::{Batch, MOST_BATCH_BYTES};
pub(crate) use steps::Step;

use runseal_receipt::json::Object;
use runseal_types::Timestamp;

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
