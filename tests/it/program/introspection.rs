//! S20: which Ed25519 instructions show a promise. One layout does; whatever else the Ed25519 program
//! takes, the registry refuses by name.

use runseal_registry::RegistryError as Error;
use runseal_tests::{Dispute, Refused, SLASH, leaves, missing};
use solana_instruction::{Instruction, error::InstructionError};
use solana_transaction_error::TransactionError;

const HEADER: usize = 16;
const KEY: std::ops::Range<usize> = 16..48;
const SIGNATURE: std::ops::Range<usize> = 48..112;
const MESSAGE: std::ops::Range<usize> = 112..242;
const THIS: u16 = u16::MAX;

/// A dispute with a challenge and the instruction that shows its promise.
fn promised() -> (Dispute, Instruction, Instruction) {
    let mut scene = Dispute::new(SLASH);
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    let promise = scene.promise(0, &missing());
    let (shown, challenge) = (scene.shown(&promise), scene.challenge_of(&promise));
    assert_eq!(shown.data.len(), MESSAGE.end);
    (scene, shown, challenge)
}

/// A header for one signature, with its offsets and the instructions that they point into.
fn header(signature: [u16; 2], key: [u16; 2], message: [u16; 3]) -> Vec<u8> {
    let [at, size, within] = message;
    let words = [1, signature[0], signature[1], key[0], key[1], at, size, within];
    words.iter().flat_map(|word: &u16| word.to_le_bytes()).collect()
}

fn refusal(index: u8, error: Error) -> Refused {
    Refused(TransactionError::InstructionError(index, InstructionError::Custom(error as u32)))
}

/// What the Ed25519 program takes for the whole promise, in another layout than the usual one.
fn other_layouts(good: &Instruction) -> Vec<(&'static str, Vec<u8>)> {
    let data = &good.data;
    let (key, signature, message) = (&data[KEY], &data[SIGNATURE], &data[MESSAGE]);
    let body = &data[HEADER..];
    let with = |header: Vec<u8>, parts: &[&[u8]]| [header, parts.concat()].concat();
    let two = [&2u16.to_le_bytes(), &data[2..HEADER], &data[2..HEADER]].concat();
    let shifted = |word: usize| {
        let old = u16::from_le_bytes([two[word], two[word + 1]]);
        (old + 14).to_le_bytes()
    };
    let mut twice = two.clone();
    for word in [2, 6, 10, 16, 20, 24] {
        twice[word..word + 2].copy_from_slice(&shifted(word));
    }
    let mut padded = data.clone();
    padded[1] = 7;
    vec![
        (
            "the index of the signature's instruction",
            with(header([48, 0], [16, THIS], [112, 130, THIS]), &[body]),
        ),
        (
            "the index of the key's instruction",
            with(header([48, THIS], [16, 0], [112, 130, THIS]), &[body]),
        ),
        (
            "the index of the message's instruction",
            with(header([48, THIS], [16, THIS], [112, 130, 0]), &[body]),
        ),
        ("all three", with(header([48, 0], [16, 0], [112, 130, 0]), &[body])),
        (
            "the signature first",
            with(header([16, THIS], [80, THIS], [112, 130, THIS]), &[signature, key, message]),
        ),
        (
            "the message first",
            with(header([178, THIS], [146, THIS], [16, 130, THIS]), &[message, key, signature]),
        ),
        ("a byte behind", with(header([48, THIS], [16, THIS], [112, 130, THIS]), &[body, &[0]])),
        ("a byte between", with(header([49, THIS], [17, THIS], [113, 130, THIS]), &[&[0], body])),
        ("a byte of padding", padded),
        ("two signatures", with(twice, &[body])),
    ]
}

#[test]
fn s20_a_promise_is_shown_in_one_layout_only() {
    let (mut scene, good, challenge) = promised();
    for (name, data) in other_layouts(&good) {
        let shown = Instruction { data, ..good.clone() };
        let alone = scene.chain.send(std::slice::from_ref(&shown), &[]).map(drop);
        assert_eq!(alone, Ok(()), "the Ed25519 program refuses {name}, so this shows nothing");
        let sent = scene.send_by_claimant(&[shown, challenge.clone()]);
        assert_eq!(sent, Err(refusal(1, Error::SignatureElsewhere)), "{name}");
    }
    scene.send_by_claimant(&[good, challenge]).unwrap();
}

#[test]
fn s20_offsets_into_another_instruction_show_nothing() {
    let (mut scene, good, challenge) = promised();
    // The Ed25519 program checks the first instruction's promise, and this one brings another.
    let mut decoy = good.clone();
    decoy.data[..HEADER].copy_from_slice(&header([48, 0], [16, 0], [112, 130, 0]));
    decoy.data[MESSAGE.start] ^= 1;
    let sent = scene.send_by_claimant(&[good.clone(), decoy, challenge.clone()]);
    assert_eq!(sent, Err(refusal(2, Error::SignatureElsewhere)));
    // Only the instruction directly before counts, not a promise shown earlier.
    let other = scene.shown(&scene.promise(0, &leaves(1)[0]));
    let sent = scene.send_by_claimant(&[good.clone(), other, challenge.clone()]);
    assert_eq!(sent, Err(refusal(2, Error::SignatureOverOther)));
    let sent = scene.send_by_claimant(&[challenge.clone(), good.clone()]);
    assert_eq!(sent, Err(refusal(0, Error::SignatureMissing)));
    let sent = scene.send_by_claimant(&[good, challenge.clone(), challenge]);
    // The second of the two has the first before it; the account is made before that is seen.
    assert!(sent.is_err());
}

#[test]
fn s20_every_bit_of_the_instruction_counts() {
    let (mut scene, good, challenge) = promised();
    for at in 0..good.data.len() {
        for bit in [0, 7] {
            let mut changed = good.clone();
            changed.data[at] ^= 1 << bit;
            let sent = scene.send_by_claimant(&[changed, challenge.clone()]);
            assert!(sent.is_err(), "bit {bit} of byte {at}");
        }
    }
    for size in 0..good.data.len() {
        let mut cut = good.clone();
        cut.data.truncate(size);
        assert!(scene.send_by_claimant(&[cut, challenge.clone()]).is_err(), "{size} bytes");
    }
}

#[test]
fn s20_another_program_with_the_same_data_shows_nothing() {
    let (mut scene, good, challenge) = promised();
    // A program that takes any data: it has no instruction of that name, so the transfer stands here.
    let payer = solana_signer::Signer::pubkey(&scene.chain.owner);
    let mut other = runseal_tests::Chain::transfer(&payer, &payer, 1);
    other.data.extend_from_slice(&good.data);
    let sent = scene.send_by_claimant(&[other, challenge]);
    assert_eq!(sent, Err(refusal(1, Error::SignatureMissing)));
}
