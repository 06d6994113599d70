//! A range is accepted exactly if the recursive definition leads to the same root.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_fuzz::{Hash, Input, MOST_REFERENCE_LEAVES, root_by_range};
use runseal_merkle::{
    ProofError,
    range::{RangeError, verify},
};

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let (from, to, count) = (input.number(), input.number(), input.number());
    let (shown, root) = (usize::from(input.byte()), input.array());
    let leaves = input.hashes(shown);
    let proof = input.all_hashes();
    let answer = verify(leaves.iter().copied(), from..to, count, &proof, &root);
    if count > MOST_REFERENCE_LEAVES {
        return;
    }
    let computed = root_by_range(&leaves, (from, to), count, &proof);
    assert_eq!(led_to(answer, root), computed);
    if let Some(computed) = computed {
        assert!(verify(leaves, from..to, count, &proof, &computed).is_ok());
    }
});

fn led_to(answer: Result<(), RangeError>, root: Hash) -> Option<Hash> {
    match answer {
        Ok(()) => Some(root),
        Err(RangeError::Proof(ProofError::RootMismatch { computed })) => Some(computed),
        Err(_) => None,
    }
}
