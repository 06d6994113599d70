use crate::{Leaf, Period, PeriodContext, leaf::joined};

const DOMAIN: &[u8] = b"runseal/promise/v1";

/// How long the message is that a log signs for a promise.
pub const PROMISE_MESSAGE_BYTES: usize = 130;

/// A log's word that a receipt will be in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The period's context.
    pub context: PeriodContext,
    /// The period's number.
    pub period: Period,
    /// What is promised to stand in its tree.
    pub leaf: Leaf,
}

impl Promise {
    /// Returns the message that the log signs; here the sequence is little-endian.
    #[must_use]
    pub fn message(&self) -> [u8; PROMISE_MESSAGE_BYTES] {
        joined([
            DOMAIN,
            self.context.as_bytes(),
            &self.period.0.to_le_bytes(),
            self.leaf.agent.as_bytes(),
            &self.leaf.sequence.0.to_le_bytes(),
            self.leaf.digest.as_bytes(),
        ])
    }
}
