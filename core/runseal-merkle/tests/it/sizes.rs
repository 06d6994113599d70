//! Every size up to two thousand against the reference: what is built, and that it is accepted.

use crate::reference::Leaves;
use runseal_merkle::{
    Hash, Tree, adjacent,
    bulk::{BulkHash, OneByOne, fastest},
    consistency, inclusion,
    mountain_range::MountainRange,
    range,
};

const MOST: u64 = 2_000;

#[test]
fn a_stream_has_the_root_of_the_definition_at_every_size() {
    let leaves = Leaves::numbered(MOST);
    let mut stream = MountainRange::default();
    for (count, leaf) in (0..MOST).zip(leaves.hashes(0, MOST)) {
        assert_eq!(stream.root(), leaves.root(0, count), "{count} leaves");
        assert!(stream.push(leaf));
    }
}

#[test]
fn trees_of_every_size_prove_what_the_definition_says() {
    let leaves = Leaves::numbered(MOST);
    let mut random = 1;
    for count in 1..MOST {
        let tree = Tree::from_leaf_hashes(leaves.hashes(0, count));
        assert_eq!((tree.count(), tree.root()), (count, leaves.root(0, count)));
        let drawn = [draw(&mut random, count), draw(&mut random, count), draw(&mut random, count)];
        for index in [0, count / 2, count - 1].into_iter().chain(drawn) {
            check_inclusion(&leaves, &tree, index);
            check_consistency(&leaves, &tree, index + 1);
            check_range(&leaves, &tree, index, draw(&mut random, count));
            if index + 1 < count {
                check_pair(&leaves, &tree, index);
            }
        }
    }
}

#[test]
fn leaves_are_hashed_alike_one_by_one_and_many_at_a_time() {
    for count in [0, 1, 2, 15, 16, 17, 255, 256, 257, 1023, 1024, 1025, 1999] {
        check_hashing(&OneByOne, count);
        check_hashing(&fastest(), count);
    }
}

fn check_hashing(bulk: &impl BulkHash, count: u64) {
    let root = Leaves::numbered(count).root(0, count);
    let tree = Tree::from_leaves_with(bulk, (0..count).map(u64::to_le_bytes));
    assert_eq!((tree.count(), tree.root()), (count, root));
    // An iterator that does not know its length.
    let unknown = (0..2 * count).filter(|number| number % 2 == 0).map(|number| number / 2);
    assert_eq!(Tree::from_leaves(unknown.map(u64::to_le_bytes)), tree);
}

fn check_inclusion(leaves: &Leaves, tree: &Tree, index: u64) {
    let (count, path) = (tree.count(), tree.inclusion_path(index).unwrap());
    assert_eq!(path, leaves.path(index, 0, count), "{index} of {count}");
    let [leaf]: [Hash; 1] = leaves.hashes(index, index + 1).try_into().unwrap();
    inclusion::verify(&leaf, index, count, &path, &tree.root()).unwrap();
}

fn check_pair(leaves: &Leaves, tree: &Tree, index: u64) {
    let (count, proof) = (tree.count(), tree.adjacent_proof(index).unwrap());
    assert_eq!(proof, leaves.pair(index, 0, count), "{index} of {count}");
    let [left, right]: [Hash; 2] = leaves.hashes(index, index + 2).try_into().unwrap();
    adjacent::verify(&left, &right, index, count, &proof, &tree.root()).unwrap();
}

fn check_consistency(leaves: &Leaves, tree: &Tree, first: u64) {
    let (count, proof) = (tree.count(), tree.consistency_proof(first).unwrap());
    assert_eq!(proof, leaves.consistency(first, count), "{first} of {count}");
    let first_root = leaves.root(0, first);
    consistency::verify((first, &first_root), (count, &tree.root()), &proof).unwrap();
}

fn check_range(leaves: &Leaves, tree: &Tree, one: u64, other: u64) {
    let (count, from, to) = (tree.count(), one.min(other), one.max(other) + 1);
    let proof = tree.range_proof(from..to).unwrap();
    assert_eq!(proof, leaves.range((from, to), 0, count), "{from}..{to} of {count}");
    range::verify(leaves.hashes(from, to), from..to, count, &proof, &tree.root()).unwrap();
}

/// The same numbers in every run.
fn draw(random: &mut u64, below: u64) -> u64 {
    *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    (*random >> 33) % below
}
