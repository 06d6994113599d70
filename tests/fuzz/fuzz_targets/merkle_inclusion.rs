//! A path is accepted exactly if the recursive definition leads to the same root.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_fuzz::{Input, MOST_REFERENCE_LEAVES, root_by_path};
use runseal_merkle::inclusion::{root_of, verify};

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let (index, count) = (input.number(), input.number());
    let (leaf, root) = (input.array(), input.array());
    let path = input.all_hashes();
    let computed = root_of(&leaf, index, count, &path).ok();
    let accepted = verify(&leaf, index, count, &path, &root).is_ok();
    assert_eq!(accepted, computed == Some(root));
    if count <= MOST_REFERENCE_LEAVES {
        assert_eq!(computed, root_by_path(leaf, index, count, &path));
    }
    if let Some(computed) = computed {
        assert!(verify(&leaf, index, count, &path, &computed).is_ok());
    }
});
