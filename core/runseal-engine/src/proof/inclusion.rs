use super::{AskError, PeriodRoot, to_digests, to_hashes, to_u64};
use crate::seal::{SealedPeriod, key};
use runseal_merkle::{ProofError, inclusion};
use runseal_types::{Address, Digest, Leaf, Sequence};

/// That a leaf stands at an index of a period's tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The leaf.
    pub leaf: Leaf,
    /// Where it stands, from 0.
    pub index: u64,
    /// The siblings on the way to the root.
    pub path: Vec<Digest>,
}

impl Inclusion {
    /// Checks it against the root of an anchor.
    pub fn check(&self, root: &PeriodRoot) -> Result<(), ProofError> {
        let (leaf, path) = (root.leaf_hash(&self.leaf), to_hashes(&self.path));
        inclusion::verify(&leaf, self.index, root.leaf_count, &path, root.root.as_bytes())
    }
}

impl SealedPeriod {
    /// Proves that a receipt is there.
    pub fn prove_inclusion(
        &self,
        agent: Address,
        sequence: Sequence,
    ) -> Result<Inclusion, AskError> {
        let missing = AskError::NotThere { agent, sequence };
        let index = self.find(agent, sequence).map_err(|_| missing)?;
        self.inclusion_at(index).ok_or(missing)
    }

    pub(crate) fn inclusion_at(&self, index: usize) -> Option<Inclusion> {
        let leaf = *self.leaves().get(index)?;
        let index = to_u64(index);
        let path = self.tree().inclusion_path(index).ok()?;
        Some(Inclusion { leaf, index, path: to_digests(path) })
    }

    /// Returns where a receipt stands, or else where it would.
    pub(crate) fn find(&self, agent: Address, sequence: Sequence) -> Result<usize, usize> {
        self.leaves().binary_search_by_key(&(agent, sequence), key)
    }
}
