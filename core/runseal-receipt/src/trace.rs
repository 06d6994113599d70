//! Everything that a receipt says of its events, gathered one event at a time.

use crate::{
    chain::{ChainError, ChainHead, EventChain},
    event::{CanonicalType, Event},
    telemetry::Telemetry,
    word::words,
};
use runseal_types::Digest;
use std::collections::BTreeSet;

words! {
    /// What a run's hashes are over.
    HashKind {
        /// What was received.
        Input = "input",
        /// What was produced.
        Output = "output",
        /// The snapshots of the environment.
        Environment = "environment",
    }
}

impl HashKind {
    /// Finds what an event of this type belongs to.
    const fn find_for(canonical: CanonicalType) -> Option<Self> {
        match canonical {
            CanonicalType::InputReceived => Some(Self::Input),
            CanonicalType::OutputProduced => Some(Self::Output),
            CanonicalType::EnvironmentSnapshot => Some(Self::Environment),
            _ => None,
        }
    }

    const fn domain(self) -> &'static [u8] {
        match self {
            Self::Input => b"runseal/input/v1",
            Self::Output => b"runseal/output/v1",
            Self::Environment => b"runseal/environment/v1",
        }
    }
}

/// Why an event cannot be the next of a run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// The chain does not take it.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The run has an event of that id.
    #[error("the run has an event {event_id:?} already")]
    DuplicateEventId {
        /// The id.
        event_id: String,
    },
}

/// What went into a run, what came out of it and what it stood on, as hashes.
///
/// Each is a chain over the hashes of the data of all events of that kind; none if there was no such event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunHashes {
    /// Over what was received.
    pub input: Option<Digest>,
    /// Over what was produced.
    pub output: Option<Digest>,
    /// Over the snapshots of the environment.
    pub environment: Option<Digest>,
}

impl RunHashes {
    /// Returns one of the three.
    #[must_use]
    pub const fn of(&self, kind: HashKind) -> Option<Digest> {
        match kind {
            HashKind::Input => self.input,
            HashKind::Output => self.output,
            HashKind::Environment => self.environment,
        }
    }

    fn push(&mut self, event: &Event) {
        let Some(kind) = event.event_type.canonical().and_then(HashKind::find_for) else {
            return;
        };
        let previous = self.of(kind).unwrap_or(Digest::ZERO);
        let hash = Digest::of(&[kind.domain(), event.data_hash.as_bytes(), previous.as_bytes()]);
        match kind {
            HashKind::Input => self.input = Some(hash),
            HashKind::Output => self.output = Some(hash),
            HashKind::Environment => self.environment = Some(hash),
        }
    }
}

/// A run so far, as its receipt will tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    chain: EventChain,
    hashes: RunHashes,
    telemetry: Telemetry,
    event_ids: BTreeSet<String>,
}

impl Trace {
    /// Follows events from the first to the last.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Result<Self, TraceError> {
        let mut trace = Self::default();
        events.into_iter().try_for_each(|event| trace.push(event).map(drop))?;
        Ok(trace)
    }

    /// Takes the next event, or changes nothing; returns its link.
    pub fn push(&mut self, event: &Event) -> Result<Digest, TraceError> {
        if self.event_ids.contains(&event.event_id) {
            return Err(TraceError::DuplicateEventId { event_id: event.event_id.clone() });
        }
        let link = self.chain.push(event)?;
        self.event_ids.insert(event.event_id.clone());
        self.hashes.push(event);
        self.telemetry.push(event);
        Ok(link)
    }

    /// Returns the chain so far.
    #[must_use]
    pub const fn chain(&self) -> &EventChain {
        &self.chain
    }

    /// Returns how many events there are, and the last link.
    #[must_use]
    pub const fn head(&self) -> ChainHead {
        self.chain.head()
    }

    /// Returns the hashes of input, output and environment.
    #[must_use]
    pub const fn hashes(&self) -> RunHashes {
        self.hashes
    }

    /// Returns what was counted.
    #[must_use]
    pub const fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }
}
