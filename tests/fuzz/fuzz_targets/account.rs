//! An account's bytes, under every kind's discriminator: they are read or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_engine::account::{RawAccount, ReadAccount};
use runseal_evidence::Registry;
use runseal_fuzz::Input;
use runseal_types::Address;

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let (program, address) = (Address::new(input.array()), Address::new(input.array()));
    let raw = RawAccount { address, owner: program, lamports: 1, data: input.rest().to_vec() };
    if let Ok(account) = Registry.read(&program, &raw) {
        assert_eq!(account.address(), address);
    }
});
