//! A gap is accepted exactly if the leaves around it are where the recursive definition has them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_fuzz::{Input, MOST_REFERENCE_LEAVES, root_by_pair, root_by_path};
use runseal_merkle::{
    EMPTY_ROOT,
    absence::{Gap, verify},
};

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let (kind, index, count) = (input.byte() % 4, input.number(), input.number());
    let (one, other, root) = (input.array(), input.array(), input.array());
    let proof = input.all_hashes();
    let gap = match kind {
        0 => Gap::EmptyTree,
        1 => Gap::BeforeFirst { first: &one },
        2 => Gap::Between { left: &one, right: &other, index },
        _ => Gap::AfterLast { last: &one },
    };
    let accepted = verify(gap, count, &proof, &root).is_ok();
    if count > MOST_REFERENCE_LEAVES {
        return;
    }
    let led_to = match kind {
        0 => (count == 0 && proof.is_empty()).then_some(EMPTY_ROOT),
        1 => root_by_path(one, 0, count, &proof),
        2 => root_by_pair((one, other), index, count, &proof),
        _ => root_by_path(one, count.saturating_sub(1), count, &proof),
    };
    assert_eq!(accepted, led_to == Some(root));
});
