//! States that runs change, each a chain of hashes from one run to the next.

use crate::{
    json::{Object, Value, canonical_object},
    member::{MemberError, Members, integer, object_of},
    word::words,
};
use runseal_types::{Address, Digest};
use std::collections::BTreeMap;

const DOMAIN: &[u8] = b"runseal/state/v1";

words! {
    /// Whose state it is.
    StateType {
        /// What the agent remembers.
        Memory = "memory",
        /// One conversation.
        Session = "session",
        /// One piece of work that several runs share.
        Workflow = "workflow",
        /// The agent itself.
        Agent = "agent",
    }
}

/// A change of a state, as a receipt tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateStep {
    /// Whose state.
    pub state_type: StateType,
    /// How many changes of it there were before.
    pub sequence: u64,
    /// The hash of the state before; none if it was the first.
    pub previous: Option<Digest>,
    /// The hash of the state after.
    pub next: Digest,
}

impl StateStep {
    /// Reads it from an element of a document's list.
    pub fn from_object(object: &Object) -> Result<Self, MemberError> {
        let members = Members(object);
        Ok(Self {
            state_type: members.word("state_type", StateType::find)?,
            sequence: members.integer("sequence")?,
            previous: members.optional("previous", Members::digest)?,
            next: members.digest("next")?,
        })
    }

    /// Returns it as a document has it.
    #[must_use]
    pub fn to_object(&self) -> Object {
        object_of([
            ("state_type", Value::from(self.state_type.as_str())),
            ("sequence", integer(self.sequence)),
            ("previous", Value::from(self.previous)),
            ("next", Value::from(self.next)),
        ])
    }
}

/// A change of a state, bound to the receipt that tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateProof {
    /// Whose receipt it is.
    pub agent: Address,
    /// The receipt's digest.
    pub receipt: Digest,
    /// What it says.
    pub step: StateStep,
}

impl StateProof {
    /// Returns what stands for this change elsewhere.
    #[must_use]
    pub fn hash(&self) -> Digest {
        let step = canonical_object(&self.step.to_object());
        Digest::of(&[DOMAIN, self.receipt.as_bytes(), self.agent.as_bytes(), &step])
    }
}

/// Why changes of a state are not one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// There is nothing to check.
    #[error("there are no changes")]
    Empty,
    /// They are of more than one agent or of more than one type.
    #[error("the change in receipt {receipt} is of another chain")]
    OtherChain {
        /// The receipt that tells it.
        receipt: Digest,
    },
    /// Two changes claim the same place.
    #[error("change {sequence} is told by receipt {first} and in another way by {second}")]
    Fork {
        /// Which place.
        sequence: u64,
        /// The receipt with the smaller digest.
        first: Digest,
        /// The other.
        second: Digest,
    },
    /// Some changes are not there.
    #[error("changes {from} to {to} are missing")]
    Missing {
        /// The first that is.
        from: u64,
        /// The last that is.
        to: u64,
    },
    /// A later change says that there was no state before.
    #[error("change {sequence} begins with no state")]
    NoPrevious {
        /// Which one.
        sequence: u64,
    },
    /// A change does not begin where the one before ended.
    #[error("change {sequence} begins with {found:?}, not with {expected:?}")]
    Broken {
        /// Which one.
        sequence: u64,
        /// What the state was; none at the first change.
        expected: Option<Digest>,
        /// What it says that the state was.
        found: Option<Digest>,
    },
}

/// What a chain of changes comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateChain {
    /// The number of the first change that was checked; 0 if that is the whole chain.
    pub first_sequence: u64,
    /// The state before it.
    pub first_state: Option<Digest>,
    /// The number of the last change.
    pub last_sequence: u64,
    /// The state after it.
    pub current_state: Digest,
}

/// Checks that changes of one state of one agent, in whatever order, are a chain without fork or gap.
pub fn check_chain(proofs: &[StateProof]) -> Result<StateChain, StateError> {
    let sorted = sort(proofs)?;
    let mut chain: Option<StateChain> = None;
    for proof in sorted.values() {
        chain = Some(extend(chain, &proof.step)?);
    }
    chain.ok_or(StateError::Empty)
}

fn sort(proofs: &[StateProof]) -> Result<BTreeMap<u64, StateProof>, StateError> {
    let mut sorted: BTreeMap<u64, StateProof> = BTreeMap::new();
    let chain_of = |proof: &StateProof| (proof.agent, proof.step.state_type);
    for proof in proofs {
        if proofs.first().map(chain_of) != Some(chain_of(proof)) {
            return Err(StateError::OtherChain { receipt: proof.receipt });
        }
        let sequence = proof.step.sequence;
        match sorted.insert(sequence, *proof) {
            Some(other) if other != *proof => {
                let first = other.receipt.min(proof.receipt);
                let second = other.receipt.max(proof.receipt);
                return Err(StateError::Fork { sequence, first, second });
            }
            _ => {}
        }
    }
    Ok(sorted)
}

/// Puts the next change on the chain, or begins it.
fn extend(chain: Option<StateChain>, step: &StateStep) -> Result<StateChain, StateError> {
    let sequence = step.sequence;
    let Some(chain) = chain else {
        return begin(step);
    };
    let next = chain.last_sequence.saturating_add(1);
    if sequence != next {
        return Err(StateError::Missing { from: next, to: sequence.saturating_sub(1) });
    }
    let expected = Some(chain.current_state);
    if step.previous != expected {
        return Err(StateError::Broken { sequence, expected, found: step.previous });
    }
    Ok(StateChain { last_sequence: sequence, current_state: step.next, ..chain })
}

/// Only the very first change begins with no state; with which state a later one began, nobody
/// knows who has not seen the one before.
fn begin(step: &StateStep) -> Result<StateChain, StateError> {
    let StateStep { sequence, previous, next, .. } = *step;
    match (sequence, previous) {
        (0, Some(_)) => Err(StateError::Broken { sequence, expected: None, found: previous }),
        (1.., None) => Err(StateError::NoPrevious { sequence }),
        _ => Ok(StateChain {
            first_sequence: sequence,
            first_state: previous,
            last_sequence: sequence,
            current_state: next,
        }),
    }
}
