//! Changes of a state are one chain in whatever order they come, or are refused in every order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_fuzz::Input;
use runseal_receipt::state::{StateProof, StateStep, StateType, check_chain};
use runseal_types::{Address, Digest};

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let mut proofs = Vec::new();
    while !input.0.is_empty() && proofs.len() < 32 {
        let [sequence, previous, next, other] = input.array();
        let digest = |byte: u8| Digest::new([byte; 32]);
        proofs.push(StateProof {
            agent: Address::new([u8::from(other == 255); 32]),
            receipt: digest(other / 2),
            step: StateStep {
                state_type: if other == 254 { StateType::Session } else { StateType::Memory },
                sequence: sequence.into(),
                previous: (previous != 0).then_some(digest(previous)),
                next: digest(next),
            },
        });
    }
    let found = check_chain(&proofs);
    proofs.reverse();
    let backwards = check_chain(&proofs);
    assert_eq!(found.is_ok(), backwards.is_ok());
    let (Ok(chain), Ok(other)) = (found, backwards) else { return };
    assert_eq!(chain, other);
    assert!(proofs.windows(2).all(|pair| pair[0].agent == pair[1].agent));
});
