//! One signature: the answer is `verify_strict`'s, for bytes of every kind.
#![no_main]

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use libfuzzer_sys::fuzz_target;
use runseal_ed25519::{PublicKey, Signature, SignedMessage, verify, verify_all};
use runseal_fuzz::Input;

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let is_signed = input.byte() % 2 == 1;
    let (mut key, mut bytes): ([u8; 32], [u8; 64]) = (input.array(), input.array());
    let message = input.rest();
    if is_signed {
        // Both were differences to what an honest signer made.
        let signer = SigningKey::from_bytes(&[7; 32]);
        key = each(key, signer.verifying_key().to_bytes());
        bytes = each(bytes, signer.sign(message).to_bytes());
    }
    let dalek = ed25519_dalek::Signature::from_bytes(&bytes);
    let expected =
        VerifyingKey::from_bytes(&key).is_ok_and(|key| key.verify_strict(message, &dalek).is_ok());
    let signature = Signature::from(bytes);
    assert_eq!(signature.to_bytes(), bytes);
    let Ok(public) = PublicKey::parse(&key) else { return assert!(!expected) };
    assert_eq!(public.as_bytes(), &key);
    let answer = verify(&public, message, &signature);
    assert_eq!(answer.is_ok(), expected);
    let alone = SignedMessage { key: &public, message, signature: &signature };
    assert_eq!(verify_all(&[alone]), [answer]);
});

fn each<const N: usize>(one: [u8; N], other: [u8; N]) -> [u8; N] {
    std::array::from_fn(|at| one[at] ^ other[at])
}
