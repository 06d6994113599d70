//! Whatever a tree proves is accepted, its root is the recursive one, and a stream gets the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_fuzz::{Hash, Input, root_of};
use runseal_merkle::{
    Tree, adjacent, consistency, inclusion, mountain_range::MountainRange, range,
};

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let count = u64::from(u16::from_le_bytes(input.array()) % 1_024);
    let (one, other) = (input.number() % (count + 2), input.number() % (count + 2));
    let seed: Hash = input.array();
    let leaves: Vec<Hash> = (0..count).map(|number| leaf(seed, number)).collect();
    let tree = Tree::from_leaf_hashes(leaves.iter().copied());
    let root = root_of(&leaves);
    assert_eq!(tree.root(), root);
    let mut stream = MountainRange::default();
    assert!(leaves.iter().all(|leaf| stream.push(*leaf)));
    assert_eq!((stream.count(), stream.root()), (count, root));
    check_leaves(&tree, &leaves, one, &root);
    let (from, to) = (one.min(other), one.max(other));
    if let Ok(proof) = tree.range_proof(from..to) {
        let shown = leaves[from as usize..to as usize].iter().copied();
        assert_eq!(range::verify(shown, from..to, count, &proof, &root), Ok(()));
    } else {
        assert!(from == to || count < to);
    }
    if let Ok(proof) = tree.consistency_proof(one) {
        let first = root_of(&leaves[..one as usize]);
        assert_eq!(consistency::verify((one, &first), (count, &root), &proof), Ok(()));
    } else {
        assert!(count < one);
    }
});

/// Leaves that differ, or are all the same where the input is zeros.
fn leaf(seed: Hash, number: u64) -> Hash {
    let mut leaf = seed;
    if seed != [0; 32] {
        leaf[..8].copy_from_slice(&number.to_le_bytes());
    }
    leaf
}

fn check_leaves(tree: &Tree, leaves: &[Hash], index: u64, root: &Hash) {
    let count = tree.count();
    let Ok(path) = tree.inclusion_path(index) else {
        return assert!(count <= index);
    };
    let leaf = &leaves[index as usize];
    assert_eq!(inclusion::verify(leaf, index, count, &path, root), Ok(()));
    let Ok(proof) = tree.adjacent_proof(index) else {
        return assert_eq!(index + 1, count);
    };
    let next = &leaves[index as usize + 1];
    assert_eq!(adjacent::verify(leaf, next, index, count, &proof, root), Ok(()));
}
