//! Whatever is read as a receipt is printed, read again, and made again, as the same receipt.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_ed25519::PublicKey;
use runseal_receipt::{Receipt, Signature, json::Object};

fuzz_target!(|data: &[u8]| {
    let Ok(receipt) = Receipt::parse(data) else { return };
    let printed = receipt.document().to_value().canonical();
    assert_eq!(Receipt::parse(&printed).as_ref(), Ok(&receipt));
    assert_eq!(receipt.leaf().digest, receipt.digest());
    let made = Receipt::new(receipt.facts(), Object::new()).expect("its facts are a receipt's");
    assert_eq!(made.facts(), receipt.facts());
    assert_eq!(made.fingerprints(), receipt.fingerprints());
    assert!(receipt.state_proofs().all(|proof| proof.receipt == receipt.digest()));
    // A printed key is no proof, but here it is one more way into the verifier.
    let printed_key =
        |signature: &Signature| PublicKey::parse(signature.public_key?.as_bytes()).ok();
    drop(receipt.document().check_signatures(printed_key));
    assert!(receipt.check_follows(&receipt).is_err(), "no receipt follows itself");
});
