//! Whatever is read as a policy is printed and read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_engine::Policy;

fuzz_target!(|data: &[u8]| {
    let Ok(policy) = Policy::parse(data) else { return };
    let printed = policy.to_value().canonical();
    assert_eq!(Policy::parse(&printed).as_ref(), Ok(&policy));
});
