//! What was anchored out of order is found with both its paths, and nothing else is.

mod support;

use runseal_engine::{MirrorError, SealedPeriod, disorder::find_disorder, proof::PeriodRoot};
use runseal_merkle::Tree;
use runseal_types::{Digest, Leaf};
use support::{PLACE, leaf, leaves};

fn published(leaves: &[Leaf]) -> Vec<u8> {
    leaves.iter().flat_map(Leaf::sort_key).collect()
}

/// The root of leaves in whatever order.
fn root_of(leaves: &[Leaf]) -> PeriodRoot {
    let context = PLACE.context();
    let tree = Tree::from_leaves(leaves.iter().map(|leaf| leaf.to_bytes(&context)));
    PeriodRoot { context, leaf_count: tree.count(), root: Digest::new(tree.root()) }
}

#[test]
fn two_neighbours_out_of_order_are_found_and_both_paths_lead_to_the_root() {
    for count in [2, 3, 8, 33] {
        for at in 0..count - 1 {
            let mut leaves = leaves(1, u64::try_from(count).unwrap());
            leaves.swap(at, at + 1);
            let root = root_of(&leaves);
            let found = find_disorder(PLACE, &published(&leaves), root.leaf_count, root.root);
            let found = found.unwrap().unwrap();
            assert_eq!(found.second.index, found.first.index + 1);
            assert!(
                (found.second.leaf.agent, found.second.leaf.sequence)
                    <= (found.first.leaf.agent, found.first.leaf.sequence)
            );
            assert!(found.first.check(&root).is_ok() && found.second.check(&root).is_ok());
        }
    }
}

#[test]
fn one_number_twice_is_out_of_order_whatever_its_digests() {
    let mut second = leaf(2, 10);
    for digest in [second.digest, Digest::new([0; 32]), Digest::new([0xff; 32])] {
        second.digest = digest;
        let leaves = [leaf(2, 10), second];
        let root = root_of(&leaves);
        let found = find_disorder(PLACE, &published(&leaves), 2, root.root);
        assert!(found.unwrap().is_some(), "{digest}");
    }
}

#[test]
fn a_period_in_order_has_no_disorder() {
    for count in 0..5 {
        let sealed = SealedPeriod::seal(PLACE, leaves(1, count)).unwrap();
        let found = find_disorder(PLACE, &sealed.published(), sealed.leaf_count(), sealed.root());
        assert_eq!(found, Ok(None), "{count}");
    }
}

#[test]
fn a_list_that_was_not_anchored_proves_nothing() {
    let straight = leaves(1, 4);
    let root = root_of(&straight);
    let mut turned = straight.clone();
    turned.swap(1, 2);
    let whole = published(&turned);
    let found = find_disorder(PLACE, &whole, 4, root.root);
    assert!(matches!(found, Err(MirrorError::RootMismatch { .. })), "{found:?}");
    let found = find_disorder(PLACE, &whole[72..], 4, root.root);
    assert!(matches!(found, Err(MirrorError::CountMismatch { .. })), "{found:?}");
    let found = find_disorder(PLACE, &whole[1..], 4, root.root);
    assert_eq!(found, Err(MirrorError::NotWholeLeaves { size_bytes: 287 }));
}
