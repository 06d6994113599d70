//! rs_merkle, set up as well as it can be for the trees of RFC 9162.

use rs_merkle::{Hasher, MerkleTree};
use runseal_merkle::Hash;
use sha2::{Digest, Sha256};

/// Its name in tables.
pub(crate) const NAME: &str = "rs_merkle 1.5";

/// The hashes of RFC 9162. Its own way of joining allocates twice for each node, so this has another.
#[derive(Clone)]
pub(crate) struct Rfc9162;

impl Hasher for Rfc9162 {
    type Hash = Hash;

    fn hash(leaf: &[u8]) -> Hash {
        Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
    }

    fn concat_and_hash(left: &Hash, right: Option<&Hash>) -> Hash {
        right.map_or(*left, |right| {
            Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
        })
    }
}

/// Hashes the leaves and builds its tree.
pub(crate) fn build<const N: usize>(leaves: &[[u8; N]]) -> MerkleTree<Rfc9162> {
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| Rfc9162::hash(leaf)).collect();
    MerkleTree::from_leaves(&hashes)
}
