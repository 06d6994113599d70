//! Trees against two oracles, and proofs against every change that can be made to them.
//! M1 to M14 are the hazards that other systems of this kind fell into.

use crate::mutations::changes;
use proptest::prelude::*;
use rs_merkle::{Hasher, MerkleTree};
use runseal_merkle::{
    EMPTY_ROOT, Hash, ProofError, Tree, adjacent, consistency, inclusion, leaf_hash,
    mountain_range::MountainRange, node_hash,
};
use sha2::{Digest, Sha256};

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|index| leaf_hash(&[&index.to_le_bytes()])).collect()
}

fn tree(count: u64) -> Tree {
    Tree::from_leaf_hashes(leaves(count))
}

/// RFC 9162's definition, word for word.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            node_hash(&defined_root(&leaves[..half]), &defined_root(&leaves[half..]))
        }
    }
}

#[derive(Clone)]
struct Rfc9162;

impl Hasher for Rfc9162 {
    type Hash = Hash;

    fn hash(data: &[u8]) -> Hash {
        // rs_merkle joins the two hashes of a node before it calls this.
        Sha256::new().chain_update([1]).chain_update(data).finalize().into()
    }
}

#[test]
fn roots_are_those_of_the_definition_and_of_another_library() {
    for count in 0..300 {
        let leaves = leaves(count);
        let root = tree(count).root();
        assert_eq!(root, defined_root(&leaves), "{count} leaves");
        if let Some(other) = MerkleTree::<Rfc9162>::from_leaves(&leaves).root() {
            assert_eq!(root, other, "{count} leaves");
        }
    }
}

#[test]
fn a_stream_has_the_root_of_the_tree_at_every_length() {
    let mut range = MountainRange::default();
    for count in 0..300 {
        assert_eq!((range.count(), range.root()), (count, tree(count).root()));
        assert!(range.push(leaves(count + 1).pop().unwrap()));
    }
}

#[test]
fn hashes_are_those_of_the_rfc() {
    assert_eq!(leaf_hash(&[b"ab", b"", b"c"]), <Hash>::from(Sha256::digest(b"\0abc")));
    let (left, right) = ([3; 32], [4; 32]);
    let joined = [[1].as_slice(), &left, &right].concat();
    assert_eq!(node_hash(&left, &right), <Hash>::from(Sha256::digest(joined)));
    assert_eq!(EMPTY_ROOT, <Hash>::from(Sha256::digest([])));
}

#[test]
fn every_leaf_of_every_small_tree_is_proved() {
    for count in 1..130 {
        let (tree, leaves) = (tree(count), leaves(count));
        for (index, leaf) in (0..).zip(&leaves) {
            let path = tree.inclusion_path(index).unwrap();
            assert_eq!(path.len(), inclusion::path_size(index, count).unwrap());
            inclusion::verify(leaf, index, count, &path, &tree.root()).unwrap();
        }
    }
}

#[test]
fn every_pair_of_neighbours_is_proved() {
    for count in 2..130 {
        let (tree, leaves) = (tree(count), leaves(count));
        for (index, pair) in (0..).zip(leaves.windows(2)) {
            let proof = tree.adjacent_proof(index).unwrap();
            assert_eq!(proof.len(), adjacent::proof_size(index, count).unwrap());
            adjacent::verify(&pair[0], &pair[1], index, count, &proof, &tree.root()).unwrap();
            assert!(proof.len() < 2 * tree.inclusion_path(index).unwrap().len() + 1);
        }
    }
}

#[test]
fn every_beginning_of_every_small_tree_is_proved() {
    for count in 0..70 {
        let whole = tree(count);
        for first in 0..=count {
            let proof = whole.consistency_proof(first).unwrap();
            assert_eq!(proof.len(), consistency::proof_size(first, count).unwrap());
            let (first_root, root) = (tree(first).root(), whole.root());
            consistency::verify((first, &first_root), (count, &root), &proof).unwrap();
        }
        let too_many = ProofError::CountsReversed { first_count: count + 1, second_count: count };
        assert_eq!(whole.consistency_proof(count + 1), Err(too_many));
    }
}

#[test]
fn m1_a_node_is_not_accepted_as_a_leaf() {
    let leaves = leaves(4);
    let tree = tree(4);
    let left = node_hash(&leaves[0], &leaves[1]);
    let path = [node_hash(&leaves[2], &leaves[3])];
    assert!(inclusion::verify(&left, 0, 4, &path, &tree.root()).is_err());
    let bytes = [leaves[0], leaves[1]].concat();
    assert_ne!(leaf_hash(&[&bytes]), left);
}

#[test]
fn m2_repeating_the_last_leaf_changes_the_root() {
    for count in 1..70 {
        let mut repeated = leaves(count);
        repeated.push(repeated[repeated.len() - 1]);
        assert_ne!(Tree::from_leaf_hashes(repeated).root(), tree(count).root());
    }
}

#[test]
fn m3_the_order_of_leaves_is_in_the_root() {
    let mut swapped = leaves(7);
    swapped.swap(2, 3);
    assert_ne!(Tree::from_leaf_hashes(swapped).root(), tree(7).root());
}

#[test]
fn m4_no_proof_holds_for_another_index_or_count() {
    for count in 1..24 {
        let (tree, leaves) = (tree(count), leaves(count));
        for (index, leaf) in (0..).zip(&leaves) {
            let path = tree.inclusion_path(index).unwrap();
            for other_index in 0..28 {
                let proved = inclusion::verify(leaf, other_index, count, &path, &tree.root());
                assert_eq!(
                    proved.is_ok(),
                    other_index == index,
                    "{index} as {other_index} of {count}"
                );
            }
        }
    }
}

#[test]
fn m5_a_hash_more_or_less_or_elsewhere_proves_nothing() {
    for (index, count) in [(0, 1), (0, 2), (3, 7), (6, 7), (12, 33), (32, 33)] {
        let (tree, leaf) = (tree(count), leaves(count)[index as usize]);
        let path = tree.inclusion_path(index).unwrap();
        for changed in changes(&path) {
            let proved = inclusion::verify(&leaf, index, count, &changed, &tree.root());
            assert!(proved.is_err(), "{index} of {count}");
        }
    }
}

#[test]
fn m7_an_empty_tree_has_a_root_and_no_leaves() {
    let empty = tree(0);
    assert_eq!((empty.count(), empty.root()), (0, EMPTY_ROOT));
    let outside = ProofError::IndexOutsideTree { index: 0, count: 0 };
    assert_eq!(empty.inclusion_path(0), Err(outside));
    assert_eq!(inclusion::verify(&[0; 32], 0, 0, &[], &EMPTY_ROOT), Err(outside));
    assert!(adjacent::verify(&[0; 32], &[0; 32], 0, 0, &[], &EMPTY_ROOT).is_err());
}

#[test]
fn an_empty_tree_begins_every_tree_and_is_only_itself() {
    let (empty, some) = (EMPTY_ROOT, tree(5).root());
    let holds = |first: (u64, Hash), second: (u64, Hash), proof: &[Hash]| {
        consistency::verify((first.0, &first.1), (second.0, &second.1), proof).is_ok()
    };
    assert!(holds((0, empty), (0, empty), &[]));
    assert!(holds((0, empty), (5, some), &[]));
    for (first, second) in [
        ((0, empty), (0, some)),
        ((0, some), (0, some)),
        ((0, some), (0, empty)),
        ((0, some), (5, some)),
    ] {
        assert!(!holds(first, second, &[]), "{first:?} {second:?}");
    }
    assert!(!holds((0, empty), (0, empty), &[some]));
    assert!(!holds((0, empty), (5, some), &[some]));
    assert!(!holds((5, some), (0, empty), &[]));
}

#[test]
fn m8_every_hash_of_a_consistency_proof_matters() {
    for (first, second) in [(1, 2), (3, 7), (4, 7), (6, 8), (12, 33), (32, 33)] {
        let (first_root, root) = (tree(first).root(), tree(second).root());
        let proof = tree(second).consistency_proof(first).unwrap();
        for changed in changes(&proof) {
            let proved = consistency::verify((first, &first_root), (second, &root), &changed);
            assert!(proved.is_err(), "{first} to {second}");
        }
        for wrong in [tree(first + 1).root(), root, [0; 32]] {
            assert!(consistency::verify((first, &wrong), (second, &root), &proof).is_err());
        }
        assert!(consistency::verify((first, &first_root), (second, &first_root), &proof).is_err());
    }
}

#[test]
fn m14_the_largest_counts_are_counted_right() {
    for (index, count, size) in [
        (0, u64::MAX, 64),
        (u64::MAX - 2, u64::MAX, 64),
        (u64::MAX - 1, u64::MAX, 63),
        (0, 1 << 63, 63),
        (1 << 63, (1 << 63) + 1, 1),
        (0, (1 << 63) + 1, 64),
    ] {
        assert_eq!(inclusion::path_size(index, count), Ok(size), "{index} of {count}");
    }
    assert!(inclusion::path_size(u64::MAX, u64::MAX).is_err());
    assert!(adjacent::proof_size(u64::MAX, u64::MAX).is_err());
    assert!(adjacent::proof_size(u64::MAX - 2, u64::MAX).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_built_is_proved(count in 2u64..1_000, at in any::<prop::sample::Index>()) {
        let (tree, leaves) = (tree(count), leaves(count));
        let index = at.index(leaves.len());
        let path = tree.inclusion_path(index as u64).unwrap();
        prop_assert!(inclusion::verify(&leaves[index], index as u64, count, &path, &tree.root()).is_ok());
        let proof = tree.consistency_proof(index as u64).unwrap();
        let first = Tree::from_leaf_hashes(leaves[..index].to_vec()).root();
        prop_assert!(consistency::verify((index as u64, &first), (count, &tree.root()), &proof).is_ok());
    }

    #[test]
    fn nothing_panics_and_nothing_random_is_proved(
        index: u64, count: u64, leaf: Hash, other: Hash, root: Hash,
        proof in prop::collection::vec(any::<Hash>(), 0..130),
    ) {
        prop_assert!(inclusion::verify(&leaf, index, count, &proof, &root).is_err());
        prop_assert!(adjacent::verify(&leaf, &other, index, count, &proof, &root).is_err());
        prop_assert!(consistency::verify((index, &root), (count, &leaf), &proof).is_err());
    }
}
