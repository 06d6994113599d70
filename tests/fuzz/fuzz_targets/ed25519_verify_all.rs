//! Many signatures, some of them changed: each has the answer that it has alone.
#![no_main]

use ed25519_dalek::{Signer, SigningKey};
use libfuzzer_sys::fuzz_target;
use runseal_ed25519::{PublicKey, Signature, SignedMessage, verify, verify_all};
use runseal_fuzz::Input;
use std::sync::LazyLock;

/// Enough for the path on which all are checked together, and for a list in parts.
const COUNT: usize = 320;
const SIGNERS: usize = 3;
const MOST_CHANGES: usize = 24;

struct Signed {
    key: [u8; 32],
    message: [u8; 8],
    signature: [u8; 64],
}

static HONEST: LazyLock<Vec<Signed>> = LazyLock::new(|| {
    let sign = |number: usize| {
        let signer = SigningKey::from_bytes(&[(number % SIGNERS) as u8 + 1; 32]);
        let message = (number as u64).to_le_bytes();
        let signature = signer.sign(&message).to_bytes();
        Signed { key: signer.verifying_key().to_bytes(), message, signature }
    };
    (0..COUNT).map(sign).collect()
});

/// Encodings of points of small order, and of none: where verifiers disagree.
const POINTS: [[u8; 32]; 4] = [
    point(1, 0),
    point(0, 0),
    point(0, 0x80),
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0x7f,
    ],
];

const fn point(first: u8, last: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let count = 200 + usize::from(input.byte()) * 120 / 255;
    let mut keys: Vec<[u8; 32]> = HONEST[..count].iter().map(|signed| signed.key).collect();
    let mut signatures: Vec<[u8; 64]> =
        HONEST[..count].iter().map(|signed| signed.signature).collect();
    let mut changed = Vec::new();
    while !input.0.is_empty() && changed.len() < MOST_CHANGES {
        let at = usize::from(u16::from_le_bytes(input.array())) % count;
        change(&mut keys[at], &mut signatures[at], &mut input);
        changed.push(at);
    }
    let parsed: Vec<_> = keys.iter().map(PublicKey::parse).collect();
    let signatures: Vec<_> = signatures.into_iter().map(Signature::from).collect();
    let known = (0..count).filter_map(|at| Some((at, parsed[at].as_ref().ok()?)));
    let known: Vec<(usize, &PublicKey)> = known.collect();
    let item = |at: usize, key| SignedMessage {
        key,
        message: &HONEST[at].message,
        signature: &signatures[at],
    };
    let items: Vec<SignedMessage<'_>> = known.iter().map(|(at, key)| item(*at, *key)).collect();
    for (((at, _), item), answer) in known.iter().zip(&items).zip(verify_all(&items)) {
        // What nobody touched was signed.
        let alone = if changed.contains(at) {
            verify(item.key, item.message, item.signature)
        } else {
            Ok(())
        };
        assert_eq!(answer, alone, "item {at}");
    }
});

/// Changes one byte, or one of the two points as a whole.
fn change(key: &mut [u8; 32], signature: &mut [u8; 64], input: &mut Input<'_>) {
    let (place, value) = (usize::from(input.byte()), input.byte());
    let whole = POINTS[usize::from(value) % POINTS.len()];
    match place {
        0..32 => key[place] ^= value,
        32..96 => signature[place - 32] ^= value,
        96..160 => *key = whole,
        _ => signature[..32].copy_from_slice(&whole),
    }
}
