//! Completeness: a range of leaves, all of it and nothing else.

use crate::{mutations::changes, reference::Leaves};
use proptest::prelude::*;
use runseal_merkle::{
    EMPTY_ROOT, Hash, ProofError, Tree,
    range::{self, RangeError},
};

#[test]
fn every_range_of_every_small_tree_is_proved() {
    for count in 1..34 {
        let leaves = Leaves::numbered(count);
        let tree = Tree::from_leaf_hashes(leaves.hashes(0, count));
        for (from, to) in ranges(count) {
            let proof = tree.range_proof(from..to).unwrap();
            assert_eq!(proof, leaves.range((from, to), 0, count), "{from}..{to} of {count}");
            assert_eq!(proof.len(), range::proof_size(from..to, count).unwrap());
            range::verify(leaves.hashes(from, to), from..to, count, &proof, &tree.root()).unwrap();
        }
    }
}

#[test]
fn a_proof_holds_for_no_other_range_of_its_tree() {
    for count in 1..12 {
        let leaves = Leaves::numbered(count);
        let (tree, all) = (Tree::from_leaf_hashes(leaves.hashes(0, count)), ranges(count));
        for (from, to) in &all {
            let (shown, proof) = (leaves.hashes(*from, *to), tree.range_proof(*from..*to).unwrap());
            for other in &all {
                let proved =
                    range::verify(shown.clone(), other.0..other.1, count, &proof, &tree.root());
                assert_eq!(proved.is_ok(), *other == (*from, *to), "{from}..{to} as {other:?}");
            }
        }
    }
}

#[test]
fn a_leaf_left_out_or_changed_or_added_is_noticed() {
    let (from, to, count) = (5, 11, 21);
    let leaves = Leaves::numbered(count);
    let (shown, root) = (leaves.hashes(from, to), leaves.root(0, count));
    let proof = leaves.range((from, to), 0, count);
    let check = |shown: &[Hash]| range::verify(shown.to_vec(), from..to, count, &proof, &root);
    assert_eq!(check(&shown), Ok(()));
    for changed in changes(&shown) {
        assert!(check(&changed).is_err());
    }
    assert_eq!(check(&[]), Err(RangeError::WrongLeafCount { from, to, found: 0 }));
    assert_eq!(check(&shown[1..]), Err(RangeError::WrongLeafCount { from, to, found: 5 }));
    let endless = std::iter::repeat(shown[0]);
    let proved = range::verify(endless, from..to, count, &proof, &root);
    assert_eq!(proved, Err(RangeError::WrongLeafCount { from, to, found: 7 }));
}

#[test]
fn every_hash_of_a_range_proof_matters() {
    for (from, to, count) in
        [(0, 1, 1), (0, 2, 3), (3, 4, 7), (5, 11, 21), (0, 33, 33), (32, 33, 33)]
    {
        let leaves = Leaves::numbered(count);
        let (shown, root) = (leaves.hashes(from, to), leaves.root(0, count));
        for changed in changes(&leaves.range((from, to), 0, count)) {
            let proved = range::verify(shown.clone(), from..to, count, &changed, &root);
            assert!(matches!(proved, Err(RangeError::Proof(_))), "{from}..{to} of {count}");
        }
    }
}

#[test]
fn what_is_no_range_is_refused_by_name() {
    let tree = Tree::from_leaf_hashes(Leaves::numbered(5).hashes(0, 5));
    for (from, to) in [(0, 0), (3, 3), (3, 2), (5, 6), (4, 6), (0, u64::MAX), (u64::MAX, 0)] {
        let refused = RangeError::NoSuchRange { from, to, count: 5 };
        assert_eq!(tree.range_proof(from..to), Err(refused));
        assert_eq!(range::proof_size(from..to, 5), Err(refused));
        assert_eq!(range::verify([], from..to, 5, &[], &tree.root()), Err(refused));
    }
    let empty = RangeError::NoSuchRange { from: 0, to: 0, count: 0 };
    assert_eq!(range::verify([], 0..0, 0, &[], &EMPTY_ROOT), Err(empty));
}

#[test]
fn the_largest_ranges_are_measured_right() {
    assert_eq!(range::proof_size(0..u64::MAX, u64::MAX), Ok(0));
    assert_eq!(range::proof_size(0..1, u64::MAX), Ok(64));
    assert_eq!(range::proof_size(u64::MAX - 1..u64::MAX, u64::MAX), Ok(63));
    assert_eq!(range::proof_size(1 << 63..(1 << 63) + 1, 1 << 63 | 1), Ok(1));
    // A leaf of the largest tree, whose path is made up: 64 levels are climbed.
    let proof = [[3; 32]; 64];
    let proved = range::verify([[1; 32]], 0..1, u64::MAX, &proof, &[0; 32]);
    assert!(matches!(proved, Err(RangeError::Proof(ProofError::RootMismatch { .. }))));
}

fn ranges(count: u64) -> Vec<(u64, u64)> {
    (0..count).flat_map(|from| (from + 1..=count).map(move |to| (from, to))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_panics_and_nothing_random_is_a_range(
        from: u64, length in 0u64..100, count: u64, root: Hash,
        leaves in prop::collection::vec(any::<Hash>(), 0..100),
        proof in prop::collection::vec(any::<Hash>(), 0..130),
    ) {
        let to = from.wrapping_add(length);
        prop_assert!(range::verify(leaves.clone(), from..to, count, &proof, &root).is_err());
        if let Ok(size) = range::proof_size(from..to, count) {
            let proof = vec![root; size];
            prop_assert!(range::verify(leaves, from..to, count, &proof, &root).is_err());
        }
    }
}
