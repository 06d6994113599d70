//! Receipts: the signed records of runs.

mod error;
mod facts;
mod nonce;

pub use error::{EventsError, ReceiptError, SuccessionError};
pub use facts::{ReceiptFacts, Status};
pub use nonce::Nonce;

use crate::{
    document::{Document, DocumentError},
    event::Event,
    fingerprint::{Fingerprints, Ingredients, Level},
    json::{Object, Value, canonical_object},
    member::Members,
    signature::{Signature, SignatureError},
    state::StateProof,
    trace::{HashKind, Trace},
};
use runseal_types::{Digest, Leaf};

/// The version of receipts that this crate reads, and the domain of their digests.
pub const RECEIPT_VERSION: &str = "runseal/receipt/v1";

/// The record of one run.
///
/// Whatever holds one holds a receipt that agrees with itself. Whether it is signed by the right
/// key, whether its events are those that it claims, and whether it follows from the one that it
/// names, are checks of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    document: Document,
    facts: ReceiptFacts,
    fingerprints: Fingerprints,
}

impl Receipt {
    /// Parses a receipt.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        Self::read(Document::parse(bytes, RECEIPT_VERSION)?)
    }

    /// Reads a receipt that was parsed as part of something larger.
    pub fn from_object(object: Object) -> Result<Self, ReceiptError> {
        Self::read(Document::from_object(object, RECEIPT_VERSION)?)
    }

    /// Makes a receipt that is still to be signed. `extra` are members that this crate does not know.
    pub fn new(facts: &ReceiptFacts, extra: Object) -> Result<Self, ReceiptError> {
        let mut object = extra;
        facts.write(&mut object);
        let fingerprints = Fingerprints::of(ingredients(facts)).to_object();
        object.insert("fingerprints".to_owned(), Value::Object(fingerprints));
        object.insert("signatures".to_owned(), Value::List(Vec::new()));
        // Read as others will read it, so that nothing is signed that they refuse.
        Self::parse(&canonical_object(&object))
    }

    fn read(document: Document) -> Result<Self, ReceiptError> {
        let members = Members(document.body());
        if members.find("events").is_some() {
            return Err(ReceiptError::EventsInside);
        }
        let facts = ReceiptFacts::read(members).map_err(DocumentError::Member)?;
        let claimed = Fingerprints::read(members, "fingerprints").map_err(DocumentError::Member)?;
        facts.check()?;
        let fingerprints = check_fingerprints(claimed, &facts)?;
        Ok(Self { document, facts, fingerprints })
    }

    /// Returns the hash that stands for the receipt in its leaf and everywhere else.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.document.digest()
    }

    /// Returns what it says.
    #[must_use]
    pub const fn facts(&self) -> &ReceiptFacts {
        &self.facts
    }

    /// Keeps what it says, and lets go of the document.
    #[must_use]
    pub fn into_facts(self) -> ReceiptFacts {
        self.facts
    }

    /// Returns the hashes by which its run is compared with others.
    #[must_use]
    pub const fn fingerprints(&self) -> &Fingerprints {
        &self.fingerprints
    }

    /// Returns the document, with unknown members and signatures.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// Adds a signature, or a countersignature. The digest stays what it is.
    pub fn attach(&mut self, signature: Signature) -> Result<(), SignatureError> {
        self.document.attach(signature)
    }

    /// Returns its leaf.
    #[must_use]
    pub const fn leaf(&self) -> Leaf {
        Leaf { agent: self.facts.agent, sequence: self.facts.sequence, digest: self.digest() }
    }

    /// Returns the changes of states that it tells, bound to it.
    pub fn state_proofs(&self) -> impl Iterator<Item = StateProof> {
        self.facts.statements.state_proofs(self.facts.agent, self.digest())
    }

    /// Checks that these are the run's events, all of them and in order.
    pub fn check_events<'a>(
        &self,
        events: impl IntoIterator<Item = &'a Event>,
    ) -> Result<Trace, EventsError> {
        let trace = Trace::of(events)?;
        self.check_trace(&trace)?;
        Ok(trace)
    }

    /// Checks that what was gathered from events is what the receipt says of them.
    pub fn check_trace(&self, trace: &Trace) -> Result<(), EventsError> {
        let facts = &self.facts;
        let (claimed, computed) = (facts.event_chain, trace.head());
        if claimed.count != computed.count {
            let (claimed, computed) = (claimed.count, computed.count);
            return Err(EventsError::CountMismatch { claimed, computed });
        }
        if claimed.root != computed.root {
            let (claimed, computed) = (claimed.root, computed.root);
            return Err(EventsError::RootMismatch { claimed, computed });
        }
        for &kind in HashKind::ALL {
            let (claimed, computed) = (facts.hashes.of(kind), trace.hashes().of(kind));
            if claimed != computed {
                return Err(EventsError::HashMismatch { kind, claimed, computed });
            }
        }
        match &facts.telemetry {
            Some(claimed) if claimed != trace.telemetry() => Err(EventsError::TelemetryMismatch),
            _ => Ok(()),
        }
    }

    /// Checks that it is the next receipt of the same agent behind `previous`.
    pub fn check_follows(&self, previous: &Self) -> Result<(), SuccessionError> {
        let (earlier, later) = (&previous.facts, &self.facts);
        if earlier.agent != later.agent {
            let (expected, found) = (earlier.agent, later.agent);
            return Err(SuccessionError::OtherAgent { expected, found });
        }
        if earlier.sequence.next() != Some(later.sequence) {
            let (previous, found) = (earlier.sequence, later.sequence);
            return Err(SuccessionError::NotNext { previous, found });
        }
        if later.previous != Some(previous.digest()) {
            let (claimed, computed) = (later.previous, previous.digest());
            return Err(SuccessionError::OtherPrevious { claimed, computed });
        }
        Ok(())
    }
}

fn ingredients(facts: &ReceiptFacts) -> Ingredients<'_> {
    Ingredients {
        agent: facts.agent,
        agent_version: facts.agent_version,
        adapter: &facts.adapter,
        runtime: facts.runtime.as_ref(),
        environment: facts.hashes.environment,
        input: facts.hashes.input,
    }
}

fn check_fingerprints(
    claimed: Fingerprints,
    facts: &ReceiptFacts,
) -> Result<Fingerprints, ReceiptError> {
    let computed = Fingerprints::of(ingredients(facts));
    match Level::ALL.iter().copied().find(|level| claimed.at(*level) != computed.at(*level)) {
        None => Ok(computed),
        Some(level) => Err(ReceiptError::FingerprintMismatch {
            level,
            claimed: claimed.at(level),
            computed: computed.at(level),
        }),
    }
}
