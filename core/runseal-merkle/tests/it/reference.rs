//! RFC 9162's definitions, word for word and slow, with nothing of the crate in them.
//!
//! The proofs are those of sections 2.1.3 and 2.1.4 and, for pairs and ranges, of
//! docs/spec/merkle.md. The verifiers go down from the root by the same recursion.

use sha2::{Digest, Sha256};
use std::{cell::RefCell, collections::HashMap};

pub(crate) type Hash = [u8; 32];

pub(crate) fn leaf_hash(bytes: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(bytes).finalize().into()
}

pub(crate) fn node_hash(left: Hash, right: Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The largest power of two that is smaller.
fn split(count: u64) -> u64 {
    count.next_power_of_two() / 2
}

/// D[n], and the hashes of its parts that were asked for before.
pub(crate) struct Leaves {
    hashes: Vec<Hash>,
    known: RefCell<HashMap<(u64, u64), Hash>>,
}

impl Leaves {
    /// Leaf number i is the eight bytes of i, the lowest first.
    pub(crate) fn numbered(count: u64) -> Self {
        Self::of((0..count).map(|number| leaf_hash(&number.to_le_bytes())).collect())
    }

    /// Leaves with these hashes.
    pub(crate) fn of(hashes: Vec<Hash>) -> Self {
        Self { hashes, known: RefCell::default() }
    }

    pub(crate) fn hashes(&self, from: u64, to: u64) -> Vec<Hash> {
        self.hashes[from as usize..to as usize].to_vec()
    }

    /// MTH(D[from:to]).
    pub(crate) fn root(&self, from: u64, to: u64) -> Hash {
        if let Some(known) = self.known.borrow().get(&(from, to)) {
            return *known;
        }
        let root = match to - from {
            0 => Sha256::digest([]).into(),
            1 => self.hashes[from as usize],
            count => {
                let middle = from + split(count);
                node_hash(self.root(from, middle), self.root(middle, to))
            }
        };
        self.known.borrow_mut().insert((from, to), root);
        root
    }

    /// PATH(index, D[from:to]).
    pub(crate) fn path(&self, index: u64, from: u64, to: u64) -> Vec<Hash> {
        if to - from == 1 {
            return vec![];
        }
        let half = split(to - from);
        let middle = from + half;
        if index < half {
            [self.path(index, from, middle), vec![self.root(middle, to)]].concat()
        } else {
            [self.path(index - half, middle, to), vec![self.root(from, middle)]].concat()
        }
    }

    /// PROOF(first, D[0:count]).
    pub(crate) fn consistency(&self, first: u64, count: u64) -> Vec<Hash> {
        if first == 0 { vec![] } else { self.subproof(first, 0, count, true) }
    }

    fn subproof(&self, first: u64, from: u64, to: u64, whole: bool) -> Vec<Hash> {
        if first == to - from {
            return if whole { vec![] } else { vec![self.root(from, to)] };
        }
        let half = split(to - from);
        let middle = from + half;
        if first <= half {
            [self.subproof(first, from, middle, whole), vec![self.root(middle, to)]].concat()
        } else {
            [self.subproof(first - half, middle, to, false), vec![self.root(from, middle)]].concat()
        }
    }

    /// PAIR(index, D[from:to]).
    pub(crate) fn pair(&self, index: u64, from: u64, to: u64) -> Vec<Hash> {
        let half = split(to - from);
        let middle = from + half;
        if index + 1 < half {
            [self.pair(index, from, middle), vec![self.root(middle, to)]].concat()
        } else if half <= index {
            [self.pair(index - half, middle, to), vec![self.root(from, middle)]].concat()
        } else {
            [self.path(index, from, middle), self.path(0, middle, to)].concat()
        }
    }

    /// RANGE(first, last + 1, D[from:to]), whose range is counted from the tree's beginning.
    pub(crate) fn range(&self, range: (u64, u64), from: u64, to: u64) -> Vec<Hash> {
        if range.0 <= from && to <= range.1 {
            return vec![];
        }
        if to <= range.0 || range.1 <= from {
            return vec![self.root(from, to)];
        }
        let middle = from + split(to - from);
        [self.range(range, from, middle), self.range(range, middle, to)].concat()
    }
}

/// The root that a path leads to, if it is one.
pub(crate) fn root_by_path(leaf: Hash, index: u64, count: u64, path: &[Hash]) -> Option<Hash> {
    if count <= index {
        return None;
    }
    if count == 1 {
        return path.is_empty().then_some(leaf);
    }
    let (sibling, path) = path.split_last()?;
    let half = split(count);
    if index < half {
        Some(node_hash(root_by_path(leaf, index, half, path)?, *sibling))
    } else {
        Some(node_hash(*sibling, root_by_path(leaf, index - half, count - half, path)?))
    }
}

/// The roots of the first tree and of the second, if the proof is one.
pub(crate) fn roots_by_consistency(
    (first, first_root): (u64, Hash),
    count: u64,
    proof: &[Hash],
    whole: bool,
) -> Option<(Hash, Hash)> {
    if first == 0 || count < first {
        return None;
    }
    if first == count {
        return match (whole, proof) {
            (true, []) => Some((first_root, first_root)),
            (false, [seed]) => Some((*seed, *seed)),
            _ => None,
        };
    }
    let (sibling, proof) = proof.split_last()?;
    let half = split(count);
    if first <= half {
        let (old, new) = roots_by_consistency((first, first_root), half, proof, whole)?;
        Some((old, node_hash(new, *sibling)))
    } else {
        let first = (first - half, first_root);
        let (old, new) = roots_by_consistency(first, count - half, proof, false)?;
        Some((node_hash(*sibling, old), node_hash(*sibling, new)))
    }
}

/// The root that the proof of two neighbours leads to, if it is one.
pub(crate) fn root_by_pair(
    pair: (Hash, Hash),
    index: u64,
    count: u64,
    proof: &[Hash],
) -> Option<Hash> {
    if count <= index.checked_add(1)? {
        return None;
    }
    let half = split(count);
    if half == index + 1 {
        // The left part is a full tree: its depth is the logarithm of its count.
        let (left, right) = proof.split_at_checked(half.ilog2() as usize)?;
        let left = root_by_path(pair.0, index, half, left)?;
        return Some(node_hash(left, root_by_path(pair.1, 0, count - half, right)?));
    }
    let (sibling, proof) = proof.split_last()?;
    if index < half {
        Some(node_hash(root_by_pair(pair, index, half, proof)?, *sibling))
    } else {
        Some(node_hash(*sibling, root_by_pair(pair, index - half, count - half, proof)?))
    }
}

/// The root that the proof of a range leads to, if it is one and nothing is left over.
pub(crate) fn root_by_range(
    leaves: &[Hash],
    range: (u64, u64),
    count: u64,
    proof: &[Hash],
) -> Option<Hash> {
    if range.1 <= range.0 || count < range.1 {
        return None;
    }
    let (mut leaves, mut proof) = (leaves.iter(), proof.iter());
    let root = range_part(&mut leaves, range, (0, count), &mut proof)?;
    (leaves.len() == 0 && proof.len() == 0).then_some(root)
}

type Left<'a> = std::slice::Iter<'a, Hash>;

fn range_part(
    leaves: &mut Left<'_>,
    range: (u64, u64),
    part: (u64, u64),
    proof: &mut Left<'_>,
) -> Option<Hash> {
    let (from, to) = part;
    if to <= range.0 || range.1 <= from {
        return proof.next().copied();
    }
    if to - from == 1 {
        return leaves.next().copied();
    }
    let middle = from + split(to - from);
    let left = range_part(leaves, range, (from, middle), proof)?;
    Some(node_hash(left, range_part(leaves, range, (middle, to), proof)?))
}
