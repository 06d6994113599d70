//! Two neighbours are accepted exactly if the recursive definition leads to the same root.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_fuzz::{Hash, Input, MOST_REFERENCE_LEAVES, root_by_pair};
use runseal_merkle::{ProofError, adjacent::verify};

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let (index, count) = (input.number(), input.number());
    let (left, right, root) = (input.array(), input.array(), input.array());
    let proof = input.all_hashes();
    let answer = verify(&left, &right, index, count, &proof, &root);
    if count > MOST_REFERENCE_LEAVES {
        return;
    }
    let computed = root_by_pair((left, right), index, count, &proof);
    assert_eq!(led_to(answer, root), computed);
    if let Some(computed) = computed {
        assert!(verify(&left, &right, index, count, &proof, &computed).is_ok());
    }
});

fn led_to(answer: Result<(), ProofError>, root: Hash) -> Option<Hash> {
    match answer {
        Ok(()) => Some(root),
        Err(ProofError::RootMismatch { computed }) => Some(computed),
        Err(_) => None,
    }
}
