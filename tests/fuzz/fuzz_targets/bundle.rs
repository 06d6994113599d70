//! Whatever is read as a bundle is printed and read again as the same; and whoever can read no
//! account believes none.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_engine::{
    Bundle, Policy, Verdict,
    account::{Account, AccountError, RawAccount, ReadAccount},
    verify,
};
use runseal_evidence::Registry;
use runseal_types::Address;

/// Knows no account.
struct Blind;

impl ReadAccount for Blind {
    fn read(&self, _program: &Address, raw: &RawAccount) -> Result<Account, AccountError> {
        Err(AccountError::UnknownKind { address: raw.address })
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(bundle) = Bundle::parse(data) else { return };
    let printed = bundle.to_bytes();
    let again = Bundle::parse(&printed).expect("what is printed is read");
    assert_eq!(again.parts(), bundle.parts());
    assert_eq!(again.to_bytes(), printed);
    let parts = bundle.parts();
    let mut policy = Policy::strict(parts.place.genesis_hash, parts.program);
    assert_ne!(verify(&bundle, &policy, &Blind).verdict(), Verdict::Verified);
    // Whoever lets the bundle's own accounts count gets as far as they can be read.
    policy.recorded_answers = true;
    policy.quorum = 1;
    let report = verify(&bundle, &policy, &Registry);
    assert_eq!(report, verify(&again, &policy, &Registry));
});
