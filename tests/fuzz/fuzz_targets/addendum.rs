//! Whatever is read as an addendum is printed, read again, and made again, as the same addendum.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_receipt::Addendum;

fuzz_target!(|data: &[u8]| {
    let Ok(addendum) = Addendum::parse(data) else { return };
    let printed = addendum.document().to_value().canonical();
    assert_eq!(Addendum::parse(&printed).as_ref(), Ok(&addendum));
    let (receipt, agent) = (addendum.receipt(), addendum.agent());
    let made = Addendum::new(receipt, agent, addendum.made_at(), addendum.statements());
    let made = made.expect("its parts are an addendum's");
    assert_eq!(made.statements(), addendum.statements());
    assert!(addendum.state_proofs().all(|proof| proof.receipt == receipt));
});
