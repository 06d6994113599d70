//! A leaf list of a stranger is what was anchored, or was anchored out of order, or neither; never both.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_engine::{MirrorError, Place, SealedPeriod, disorder::find_disorder};
use runseal_merkle::Tree;
use runseal_types::{Address, Digest, Leaf, Period};

fuzz_target!(|data: &[u8]| {
    let place = Place { genesis_hash: Digest::ZERO, log: Address::new([1; 32]), period: Period(2) };
    let (leaves, rest) = data.as_chunks::<72>();
    let context = place.context();
    let bytes = leaves.iter().map(|leaf| Leaf::from_sort_key(leaf).to_bytes(&context));
    let tree = Tree::from_leaves(bytes);
    let (count, root) = (tree.count(), Digest::new(tree.root()));
    let sealed = SealedPeriod::recompute(place, data, count, root);
    let disorder = find_disorder(place, data, count, root);
    match (sealed, disorder) {
        (Ok(sealed), Ok(None)) => assert_eq!(sealed.published(), data),
        (Err(MirrorError::OutOfOrder { index }), Ok(Some(found))) => {
            assert_eq!(found.second.index, index);
        }
        (Err(MirrorError::NotWholeLeaves { .. }), Err(_)) => assert!(!rest.is_empty()),
        other => panic!("{other:?}"),
    }
});
