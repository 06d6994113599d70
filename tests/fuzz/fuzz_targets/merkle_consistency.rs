//! A proof between two trees is accepted exactly if the recursive definition leads to both roots.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_fuzz::{Hash, Input, MOST_REFERENCE_LEAVES, roots_by_consistency};
use runseal_merkle::{EMPTY_ROOT, consistency::verify};

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let (first, second) = (input.number(), input.number());
    let roots = (input.array(), input.array());
    let proof = input.all_hashes();
    let accepts =
        |roots: (Hash, Hash)| verify((first, &roots.0), (second, &roots.1), &proof).is_ok();
    if second > MOST_REFERENCE_LEAVES {
        accepts(roots);
        return;
    }
    if first == 0 {
        let is_empty = proof.is_empty() && roots.0 == EMPTY_ROOT;
        assert_eq!(accepts(roots), is_empty && (second != 0 || roots.1 == EMPTY_ROOT));
        return;
    }
    let computed = roots_by_consistency((first, roots.0), second, &proof);
    assert_eq!(accepts(roots), computed == Some(roots));
    // What the proof does lead to is accepted, unless the first root was itself part of the way.
    if let Some(computed) = computed {
        let again = roots_by_consistency((first, computed.0), second, &proof);
        assert_eq!(accepts(computed), again == Some(computed));
    }
});
