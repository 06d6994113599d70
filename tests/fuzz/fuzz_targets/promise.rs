//! Whatever is read as a promise says the same however it is spelled.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_engine::SignedPromise;
use runseal_receipt::json::parse;

fuzz_target!(|data: &[u8]| {
    let Ok(promise) = SignedPromise::parse(data) else { return };
    let printed = parse(data).expect("a promise is JSON").canonical();
    assert_eq!(SignedPromise::parse(&printed), Ok(promise));
});
