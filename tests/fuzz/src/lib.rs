//! What the fuzz targets have in common: how values stand in an input, and the slow reference.
//!
//! An input is read from its front. Whatever is missing at its end is zero, so every input says
//! something; `examples/seeds.rs` writes inputs in the same form.

// The definitions of RFC 9162 that the tree's own tests are held against.
#[allow(dead_code)]
#[path = "../../../core/runseal-merkle/tests/it/reference.rs"]
mod reference;

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The largest tree that the reference can think of.
pub const MOST_REFERENCE_LEAVES: u64 = 1 << 63;

/// What is left of an input.
pub struct Input<'a>(pub &'a [u8]);

impl<'a> Input<'a> {
    /// Takes as many bytes as fit.
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let (taken, rest) = self.0.split_at(N.min(self.0.len()));
        array[..taken.len()].copy_from_slice(taken);
        self.0 = rest;
        array
    }

    /// Takes a number, the lowest byte first.
    pub fn number(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    /// Takes so many hashes, or as many as there are.
    pub fn hashes(&mut self, count: usize) -> Vec<Hash> {
        (0..count).map_while(|_| (!self.0.is_empty()).then(|| self.array())).collect()
    }

    /// Takes all hashes that are left.
    pub fn all_hashes(&mut self) -> Vec<Hash> {
        self.hashes(usize::MAX)
    }

    /// Takes a byte.
    pub fn byte(&mut self) -> u8 {
        u8::from_le_bytes(self.array())
    }

    /// Takes all that is left.
    pub fn rest(self) -> &'a [u8] {
        self.0
    }
}

/// The root that a path leads to, by the reference.
pub fn root_by_path(leaf: Hash, index: u64, count: u64, path: &[Hash]) -> Option<Hash> {
    reference::root_by_path(leaf, index, count, path)
}

/// Both roots that a consistency proof leads to, by the reference.
pub fn roots_by_consistency(
    first: (u64, Hash),
    count: u64,
    proof: &[Hash],
) -> Option<(Hash, Hash)> {
    reference::roots_by_consistency(first, count, proof, true)
}

/// The root that the proof of two neighbours leads to, by the reference.
pub fn root_by_pair(pair: (Hash, Hash), index: u64, count: u64, proof: &[Hash]) -> Option<Hash> {
    reference::root_by_pair(pair, index, count, proof)
}

/// The root that a range leads to, by the reference.
pub fn root_by_range(
    leaves: &[Hash],
    range: (u64, u64),
    count: u64,
    proof: &[Hash],
) -> Option<Hash> {
    reference::root_by_range(leaves, range, count, proof)
}

/// The root of leaves with these hashes, by the recursive definition.
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => runseal_merkle::EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            reference::node_hash(root_of(left), root_of(right))
        }
    }
}
