//! The chain over a run's events.

use crate::event::Event;
use runseal_types::Digest;

const DOMAIN: &[u8] = b"runseal/event/v1";

/// Why an event cannot be the next of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// Its number is not larger than that of the event before.
    #[error("event {seq} cannot follow event {last_seq}")]
    SeqNotIncreasing {
        /// Its number.
        seq: u64,
        /// The number of the event before.
        last_seq: u64,
    },
    /// There are as many events as there can be.
    #[error("the chain is full")]
    Full,
}

/// What a receipt says of its run's events: how many there are, and the last link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// How many events there are.
    pub count: u64,
    /// The link of the last one; zero if there is none.
    pub root: Digest,
}

/// A chain that events are put on, one at a time: Hn = H(domain ‖ event n ‖ Hn-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventChain {
    head: ChainHead,
    last_seq: Option<u64>,
}

impl Default for EventChain {
    fn default() -> Self {
        Self { head: ChainHead { count: 0, root: Digest::ZERO }, last_seq: None }
    }
}

impl EventChain {
    /// Goes on with a chain that was left at this head, behind an event with this number.
    #[must_use]
    pub const fn resume(head: ChainHead, last_seq: Option<u64>) -> Self {
        Self { head, last_seq }
    }

    /// Puts an event on the chain and returns its link.
    pub fn push(&mut self, event: &Event) -> Result<Digest, ChainError> {
        let seq = event.seq;
        match self.last_seq {
            Some(last_seq) if seq <= last_seq => {
                return Err(ChainError::SeqNotIncreasing { seq, last_seq });
            }
            _ => {}
        }
        let count = self.head.count.checked_add(1).ok_or(ChainError::Full)?;
        let root = link(event.to_bytes(), &self.head.root);
        *self = Self { head: ChainHead { count, root }, last_seq: Some(seq) };
        Ok(root)
    }

    /// Returns what a receipt says of the chain.
    #[must_use]
    pub const fn head(&self) -> ChainHead {
        self.head
    }

    /// Returns the number of the last event; `None` if there is none.
    #[must_use]
    pub const fn last_seq(&self) -> Option<u64> {
        self.last_seq
    }
}

/// The bytes are counted, so that no event can run over into the link before it.
fn link(event: &[u8], previous: &Digest) -> Digest {
    let size = u64::try_from(event.len()).unwrap_or(u64::MAX);
    Digest::of(&[DOMAIN, &size.to_le_bytes(), event, previous.as_bytes()])
}
