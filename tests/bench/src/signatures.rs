//! Checking the signatures of many receipts, beside checking them one by one.

use crate::{
    harness::{Comparison, Contender, measure},
    report,
};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use runseal_ed25519::{PublicKey, Signature, SignedMessage, verify_all};
use std::any::Any;

const COUNT: usize = 10_000;
const ONE_BY_ONE: &str = "verify_strict";
const TOGETHER: &str = "verify_all";

/// Ten thousand receipts, signed by one key and by a thousand.
pub(crate) fn verify(rounds: usize) -> Vec<Comparison> {
    [("receipts_one_key", 1), ("receipts_many_keys", 1_000)]
        .map(|(name, key_count)| compare(rounds, name, key_count))
        .into()
}

/// Digests with their signatures, read by each side into its own types.
struct Receipts {
    digests: Vec<[u8; 32]>,
    theirs: Vec<(VerifyingKey, ed25519_dalek::Signature)>,
    ours: Vec<(PublicKey, Signature)>,
}

impl Receipts {
    fn new(key_count: usize) -> Self {
        let mut receipts = Self { digests: Vec::new(), theirs: Vec::new(), ours: Vec::new() };
        for i in 0..COUNT {
            let signer = SigningKey::from_bytes(&numbered(i % key_count));
            let (digest, key) = (numbered(i), signer.verifying_key());
            let signature = signer.sign(&digest);
            let ours = PublicKey::parse(key.as_bytes()).expect("a signer's key is a key");
            receipts.digests.push(digest);
            receipts.theirs.push((key, signature));
            receipts.ours.push((ours, Signature::from(signature.to_bytes())));
        }
        receipts
    }

    fn count_one_by_one(&self) -> usize {
        let all = self.theirs.iter().zip(&self.digests);
        all.filter(|((key, signature), digest)| key.verify_strict(*digest, signature).is_ok())
            .count()
    }

    fn count_together(&self) -> usize {
        let all = self.ours.iter().zip(&self.digests);
        let items: Vec<_> = all
            .map(|((key, signature), message)| SignedMessage { key, message, signature })
            .collect();
        verify_all(&items).iter().filter(|answer| answer.is_ok()).count()
    }
}

fn numbered(number: usize) -> [u8; 32] {
    let mut bytes = [0x5a; 32];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    bytes
}

fn compare(rounds: usize, name: &'static str, key_count: usize) -> Comparison {
    let receipts = Receipts::new(key_count);
    assert_eq!((receipts.count_one_by_one(), receipts.count_together()), (COUNT, COUNT));
    let one_by_one = || -> Box<dyn Any> { Box::new(receipts.count_one_by_one()) };
    let together = || -> Box<dyn Any> { Box::new(receipts.count_together()) };
    let contenders = [
        Contender { name: ONE_BY_ONE, units: COUNT, work: &one_by_one },
        Contender { name: TOGETHER, units: COUNT, work: &together },
    ];
    let times = measure(rounds, &contenders);
    report::times(&format!("{COUNT} signatures, keys: {key_count}"), &times);
    times.compare(name, ONE_BY_ONE, TOGETHER)
}
