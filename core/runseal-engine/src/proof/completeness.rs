use super::{AskError, Inclusion, PeriodRoot, to_digests, to_hashes, to_u64};
use crate::seal::SealedPeriod;
use runseal_merkle::{ProofError, range, range::RangeError};
use runseal_types::{Address, Digest, Leaf, Sequence};

/// That all receipts of an agent between two of them are in a period, shown by these two alone.
///
/// Leaves stand in the order of agent and number. If two of one agent are as far apart in the tree
/// as their numbers are, then every number between them has its leaf between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// The first of them.
    pub first: Inclusion,
    /// The last.
    pub last: Inclusion,
}

/// That certain leaves stand in a row of a period's tree, all of them and nothing between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where the first one stands.
    pub index: u64,
    /// The leaves.
    pub leaves: Vec<Leaf>,
    /// The roots of the largest subtrees around them.
    pub path: Vec<Digest>,
}

/// Why receipts are not shown to be all of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompletenessError {
    /// They are not of one agent.
    #[error("the range is of {expected} and has a leaf of {found}")]
    OtherAgent {
        /// Whose the first is.
        expected: Address,
        /// Whose another one is.
        found: Address,
    },
    /// Their numbers are further apart, or nearer, than their places are.
    #[error("receipts {from} and {to} stand at {first_index} and {last_index}")]
    WrongDistance {
        /// The number of the first.
        from: Sequence,
        /// The number of the last.
        to: Sequence,
        /// Where the first stands.
        first_index: u64,
        /// Where the last does.
        last_index: u64,
    },
    /// A number is missing among them.
    #[error("receipt {expected} is missing; {found} is in its place")]
    Missing {
        /// The number that should come.
        expected: Sequence,
        /// The one that came.
        found: Sequence,
    },
    /// There are none.
    #[error("a range has at least one receipt")]
    Empty,
    /// An end is not in the tree.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The leaves do not stand there.
    #[error(transparent)]
    Range(#[from] RangeError),
}

impl Ends {
    /// Checks it against the root of an anchor.
    pub fn check(&self, root: &PeriodRoot) -> Result<(), CompletenessError> {
        let (first, last) = (&self.first, &self.last);
        let (expected, found) = (first.leaf.agent, last.leaf.agent);
        if expected != found {
            return Err(CompletenessError::OtherAgent { expected, found });
        }
        let (from, to) = (first.leaf.sequence, last.leaf.sequence);
        let numbers = to.0.checked_sub(from.0);
        if numbers.is_none() || numbers != last.index.checked_sub(first.index) {
            let (first_index, last_index) = (first.index, last.index);
            return Err(CompletenessError::WrongDistance { from, to, first_index, last_index });
        }
        first.check(root)?;
        Ok(last.check(root)?)
    }
}

impl Span {
    /// Checks it against the root of an anchor: that the leaves stand there, and that they are the
    /// receipts of one agent without a gap.
    pub fn check(&self, root: &PeriodRoot) -> Result<(), CompletenessError> {
        let first = self.leaves.first().ok_or(CompletenessError::Empty)?;
        let mut expected = first.sequence.0;
        for leaf in &self.leaves {
            if leaf.agent != first.agent {
                let (expected, found) = (first.agent, leaf.agent);
                return Err(CompletenessError::OtherAgent { expected, found });
            }
            if leaf.sequence.0 != expected {
                let expected = Sequence(expected);
                return Err(CompletenessError::Missing { expected, found: leaf.sequence });
            }
            expected = expected.saturating_add(1);
        }
        let hashes = self.leaves.iter().map(|leaf| root.leaf_hash(leaf));
        let places = self.index..self.index.saturating_add(to_u64(self.leaves.len()));
        let (path, count) = (to_hashes(&self.path), root.leaf_count);
        Ok(range::verify(hashes, places, count, &path, root.root.as_bytes())?)
    }
}

impl SealedPeriod {
    /// Proves by its two ends that an agent's receipts from one number to another are all there.
    pub fn prove_ends(
        &self,
        agent: Address,
        from: Sequence,
        to: Sequence,
    ) -> Result<Ends, AskError> {
        self.check_all_there(agent, from, to)?;
        let first = self.prove_inclusion(agent, from)?;
        Ok(Ends { first, last: self.prove_inclusion(agent, to)? })
    }

    /// Proves an agent's receipts from one number to another, with all their leaves.
    pub fn prove_span(
        &self,
        agent: Address,
        from: Sequence,
        to: Sequence,
    ) -> Result<Span, AskError> {
        let places = self.check_all_there(agent, from, to)?;
        let leaves = self.leaves().get(places.clone()).unwrap_or_default().to_vec();
        let range = to_u64(places.start)..to_u64(places.end);
        let path = self.tree().range_proof(range.clone());
        let path = path.map_err(|_| AskError::NotThere { agent, sequence: from })?;
        Ok(Span { index: range.start, leaves, path: to_digests(path) })
    }

    /// Returns where they stand, or names the first one that is not there.
    fn check_all_there(
        &self,
        agent: Address,
        from: Sequence,
        to: Sequence,
    ) -> Result<std::ops::Range<usize>, AskError> {
        if to < from {
            return Err(AskError::Reversed { from, to });
        }
        let missing = |sequence| AskError::NotThere { agent, sequence };
        let start = self.find(agent, from).map_err(|_| missing(from))?;
        let mut expected = from;
        for (index, leaf) in self.leaves().iter().enumerate().skip(start) {
            if leaf.agent != agent || leaf.sequence != expected {
                break;
            }
            if expected == to {
                return Ok(start..index.saturating_add(1));
            }
            expected = expected.next().ok_or(missing(expected))?;
        }
        Err(missing(expected))
    }
}
