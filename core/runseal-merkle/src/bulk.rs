//! Hashing many leaves or nodes of a level at a time. A level's hashes do not depend on each other.

use crate::{EMPTY_ROOT, Hash, leaf_hash, node_hash};
use alloc::vec::Vec;

/// Hashes many leaves or nodes; there are as many hashes as there are leaves or pairs.
pub trait BulkHash {
    /// Writes the hash of each leaf.
    fn leaf_hashes<const N: usize>(&self, leaves: &[[u8; N]], hashes: &mut [Hash]);

    /// Writes the hash of the node above each pair.
    fn node_hashes(&self, pairs: &[[Hash; 2]], hashes: &mut [Hash]);
}

/// Hashes one after the other, which works everywhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct OneByOne;

impl BulkHash for OneByOne {
    fn leaf_hashes<const N: usize>(&self, leaves: &[[u8; N]], hashes: &mut [Hash]) {
        leaves.iter().zip(hashes).for_each(|(leaf, hash)| *hash = leaf_hash(&[leaf]));
    }

    fn node_hashes(&self, pairs: &[[Hash; 2]], hashes: &mut [Hash]) {
        pairs.iter().zip(hashes).for_each(|([left, right], hash)| *hash = node_hash(left, right));
    }
}

#[cfg(feature = "wide")]
impl BulkHash for runseal_sha256_wide::Width {
    fn leaf_hashes<const N: usize>(&self, leaves: &[[u8; N]], hashes: &mut [Hash]) {
        self.hash_each(crate::hash::LEAF, leaves, hashes);
    }

    fn node_hashes(&self, pairs: &[[Hash; 2]], hashes: &mut [Hash]) {
        let (pairs, _) = pairs.as_flattened().as_flattened().as_chunks::<64>();
        self.hash_each(crate::hash::NODE, pairs, hashes);
    }
}

/// Returns the fastest there is: with the feature `wide`, that is asked of the processor.
#[cfg(feature = "wide")]
pub fn fastest() -> impl BulkHash {
    runseal_sha256_wide::Width::best()
}

/// Returns the fastest there is without the feature `wide`.
#[cfg(not(feature = "wide"))]
pub fn fastest() -> impl BulkHash {
    OneByOne
}

/// So many leaves are gathered before they are hashed: enough to fill every vector, few enough to
/// stay close to the processor.
const GATHERED: usize = 64;

/// Returns the hashes of leaves.
pub(crate) fn leaf_hashes<const N: usize>(
    bulk: &impl BulkHash,
    leaves: impl IntoIterator<Item = [u8; N]>,
) -> Vec<Hash> {
    let mut leaves = leaves.into_iter().fuse();
    let mut hashes = Vec::with_capacity(leaves.size_hint().0);
    let mut gathered = [[0; N]; GATHERED];
    loop {
        let slots = gathered.iter_mut().zip(&mut leaves);
        let count = slots.map(|(slot, leaf)| *slot = leaf).count();
        let (Some(gathered), true) = (gathered.get(..count), count > 0) else {
            return hashes;
        };
        let before = hashes.len();
        hashes.resize(before.saturating_add(count), EMPTY_ROOT);
        bulk.leaf_hashes(gathered, hashes.get_mut(before..).unwrap_or(&mut []));
    }
}

/// Makes a level out of the one below it. An odd node is promoted, never joined with itself.
pub(crate) fn level_above(bulk: &impl BulkHash, below: &[Hash], above: &mut Vec<Hash>) {
    let (pairs, odd) = below.as_chunks();
    above.clear();
    above.resize(pairs.len(), EMPTY_ROOT);
    bulk.node_hashes(pairs, above);
    above.extend_from_slice(odd);
}
