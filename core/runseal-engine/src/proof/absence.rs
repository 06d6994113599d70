use super::{AskError, PeriodRoot, to_digests, to_hashes, to_u64};
use crate::seal::{SealedPeriod, key};
use runseal_merkle::{ProofError, absence};
use runseal_types::{Address, Digest, Leaf, Sequence};

/// The place where a leaf would stand, by the leaves around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The period has no leaves.
    EmptyPeriod,
    /// Before the first leaf.
    BeforeFirst {
        /// The first leaf.
        first: Leaf,
    },
    /// Between two neighbours.
    Between {
        /// The leaf at `index`.
        left: Leaf,
        /// The leaf at `index + 1`.
        right: Leaf,
        /// Where the left one stands.
        index: u64,
    },
    /// Behind the last leaf.
    AfterLast {
        /// The last leaf.
        last: Leaf,
    },
}

/// That an agent's receipt with a number is not in a period whose leaves are in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Whose receipt is not there.
    pub agent: Address,
    /// Which.
    pub sequence: Sequence,
    /// Where it would stand.
    pub gap: Gap,
    /// The hashes that show the leaves around it.
    pub path: Vec<Digest>,
}

/// Why a receipt is not shown to be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AbsenceError {
    /// The receipt would stand elsewhere.
    #[error("receipt {sequence} of {agent} would not stand in that gap")]
    OtherGap {
        /// Whose.
        agent: Address,
        /// Which.
        sequence: Sequence,
    },
    /// The gap is not in the tree.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl Absence {
    /// Checks it against the root of an anchor.
    pub fn check(&self, root: &PeriodRoot) -> Result<(), AbsenceError> {
        if !self.is_in_gap() {
            let (agent, sequence) = (self.agent, self.sequence);
            return Err(AbsenceError::OtherGap { agent, sequence });
        }
        let path = to_hashes(&self.path);
        let check = |gap| absence::verify(gap, root.leaf_count, &path, root.root.as_bytes());
        let hash = |leaf: &Leaf| root.leaf_hash(leaf);
        let shown = match &self.gap {
            Gap::EmptyPeriod => check(absence::Gap::EmptyTree),
            Gap::BeforeFirst { first } => check(absence::Gap::BeforeFirst { first: &hash(first) }),
            Gap::Between { left, right, index } => check(absence::Gap::Between {
                left: &hash(left),
                right: &hash(right),
                index: *index,
            }),
            Gap::AfterLast { last } => check(absence::Gap::AfterLast { last: &hash(last) }),
        };
        Ok(shown?)
    }

    /// Says whether the receipt would stand there.
    fn is_in_gap(&self) -> bool {
        let missing = (self.agent, self.sequence);
        match &self.gap {
            Gap::EmptyPeriod => true,
            Gap::BeforeFirst { first } => missing < key(first),
            Gap::Between { left, right, .. } => key(left) < missing && missing < key(right),
            Gap::AfterLast { last } => key(last) < missing,
        }
    }
}

impl SealedPeriod {
    /// Proves that a receipt is not there.
    pub fn prove_absence(&self, agent: Address, sequence: Sequence) -> Result<Absence, AskError> {
        let behind = match self.find(agent, sequence) {
            Ok(index) => return Err(AskError::IsThere { agent, sequence, index: to_u64(index) }),
            Err(behind) => behind,
        };
        let at = |index: Option<usize>| index.and_then(|index| self.leaves().get(index)).copied();
        let (left, right) = (at(behind.checked_sub(1)), at(Some(behind)));
        let index = to_u64(behind.saturating_sub(1));
        let (gap, path) = match (left, right) {
            (None, None) => (Gap::EmptyPeriod, Ok(Vec::new())),
            (None, Some(first)) => (Gap::BeforeFirst { first }, self.tree().inclusion_path(0)),
            (Some(left), Some(right)) => {
                (Gap::Between { left, right, index }, self.tree().adjacent_proof(index))
            }
            (Some(last), None) => (Gap::AfterLast { last }, self.tree().inclusion_path(index)),
        };
        // The tree has a leaf for each of ours, so there is a path to each.
        let path = path.map_err(|_| AskError::NotThere { agent, sequence })?;
        Ok(Absence { agent, sequence, gap, path: to_digests(path) })
    }
}
