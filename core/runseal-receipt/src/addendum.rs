//! What an agent says of a receipt when that is sealed already.

use crate::{
    document::{Document, DocumentError},
    json::{Object, Value, canonical_object},
    member::{Members, object_of},
    signature::{Signature, SignatureError},
    state::StateProof,
    statement::Statements,
};
use runseal_types::{Address, Digest, Timestamp};

/// The version of addenda that this crate reads, and the domain of their digests.
pub const ADDENDUM_VERSION: &str = "runseal/addendum/v1";

/// Why bytes are not an addendum.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddendumError {
    /// They are no such document.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// It says nothing.
    #[error("it has no links, no states and no policies")]
    Empty,
}

/// Statements about a receipt, made later and signed by the same agent.
///
/// A receipt is never changed. That it was delegated by a run which ended after it, for example,
/// can only be said in an addendum, because the other receipt's digest was not known before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addendum {
    document: Document,
    receipt: Digest,
    agent: Address,
    made_at: Timestamp,
    statements: Statements,
}

impl Addendum {
    /// Parses an addendum.
    pub fn parse(bytes: &[u8]) -> Result<Self, AddendumError> {
        Self::read(Document::parse(bytes, ADDENDUM_VERSION)?)
    }

    /// Makes an addendum that is still to be signed.
    pub fn new(
        receipt: Digest,
        agent: Address,
        made_at: Timestamp,
        statements: &Statements,
    ) -> Result<Self, AddendumError> {
        let mut object: Object = object_of([
            ("version", Value::from(ADDENDUM_VERSION)),
            ("receipt", Value::from(receipt)),
            ("agent", Value::from(agent)),
            ("made_at", Value::Text(made_at.to_string())),
            ("signatures", Value::List(Vec::new())),
        ]);
        statements.write(&mut object);
        // Read as others will read it, so that nothing is signed that they refuse.
        Self::parse(&canonical_object(&object))
    }

    fn read(document: Document) -> Result<Self, AddendumError> {
        let members = Members(document.body());
        let read = || {
            Ok((
                members.digest("receipt")?,
                members.address("agent")?,
                members.timestamp("made_at")?,
                Statements::read(members)?,
            ))
        };
        let (receipt, agent, made_at, statements) = read().map_err(DocumentError::Member)?;
        if statements.is_empty() {
            return Err(AddendumError::Empty);
        }
        Ok(Self { document, receipt, agent, made_at, statements })
    }

    /// Returns the document, with its digest and signatures.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// Adds a signature. The digest stays what it is.
    pub fn attach(&mut self, signature: Signature) -> Result<(), SignatureError> {
        self.document.attach(signature)
    }

    /// Returns the digest of the receipt that it is to.
    #[must_use]
    pub const fn receipt(&self) -> Digest {
        self.receipt
    }

    /// Returns the agent whose receipt it is.
    #[must_use]
    pub const fn agent(&self) -> Address {
        self.agent
    }

    /// Returns when it was made, as it says.
    #[must_use]
    pub const fn made_at(&self) -> Timestamp {
        self.made_at
    }

    /// Returns the changes of states that it tells, bound to the receipt.
    pub fn state_proofs(&self) -> impl Iterator<Item = StateProof> {
        self.statements.state_proofs(self.agent, self.receipt)
    }

    /// Returns what it says.
    #[must_use]
    pub const fn statements(&self) -> &Statements {
        &self.statements
    }
}
