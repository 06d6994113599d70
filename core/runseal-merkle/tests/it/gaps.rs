//! Absence: what stands around the place where nothing is.

use runseal_merkle::{
    EMPTY_ROOT, Hash, Tree,
    absence::{Gap, verify},
};

fn tree(count: u64) -> Tree {
    Tree::from_leaves((0..count).map(u64::to_le_bytes))
}

#[test]
fn every_gap_of_every_small_tree_is_proved_and_is_no_other_gap() {
    for count in 1..20 {
        let tree = tree(count);
        let (leaves, root) = (tree.leaf_hashes(), tree.root());
        let path = |index| tree.inclusion_path(index).unwrap();
        let (first, last) = (&leaves[0], &leaves[leaves.len() - 1]);
        verify(Gap::BeforeFirst { first }, count, &path(0), &root).unwrap();
        verify(Gap::AfterLast { last }, count, &path(count - 1), &root).unwrap();
        for (index, leaf) in (0..count).zip(leaves) {
            let before = verify(Gap::BeforeFirst { first: leaf }, count, &path(index), &root);
            assert_eq!(before.is_ok(), index == 0);
            let after = verify(Gap::AfterLast { last: leaf }, count, &path(index), &root);
            assert_eq!(after.is_ok(), index == count - 1);
        }
        for (index, pair) in (0..).zip(leaves.windows(2)) {
            let proof = tree.adjacent_proof(index).unwrap();
            let gap = Gap::Between { left: &pair[0], right: &pair[1], index };
            verify(gap, count, &proof, &root).unwrap();
            let turned = Gap::Between { left: &pair[1], right: &pair[0], index };
            assert!(verify(turned, count, &proof, &root).is_err());
        }
    }
}

#[test]
fn only_an_empty_tree_is_one_big_gap() {
    verify(Gap::EmptyTree, 0, &[], &EMPTY_ROOT).unwrap();
    assert!(verify(Gap::EmptyTree, 0, &[EMPTY_ROOT], &EMPTY_ROOT).is_err());
    assert!(verify(Gap::EmptyTree, 0, &[], &[0; 32]).is_err());
    assert!(verify(Gap::EmptyTree, 1, &[], &EMPTY_ROOT).is_err());
    assert!(verify(Gap::EmptyTree, 3, &[], &tree(3).root()).is_err());
}

#[test]
fn an_empty_tree_has_no_edges() {
    let leaf: Hash = EMPTY_ROOT;
    assert!(verify(Gap::BeforeFirst { first: &leaf }, 0, &[], &EMPTY_ROOT).is_err());
    assert!(verify(Gap::AfterLast { last: &leaf }, 0, &[], &EMPTY_ROOT).is_err());
    let between = Gap::Between { left: &leaf, right: &leaf, index: 0 };
    assert!(verify(between, 0, &[], &EMPTY_ROOT).is_err());
}
