//! The program's own copies of what is hashed and signed, against the clients' and the golden bytes.

use runseal_merkle::leaf_hash;
use runseal_registry::state::{Anchor, Leaf, Moment, Promise, period_context};
use runseal_tests::root;
use runseal_types::{self as types, Address, AnchorFacts, Digest, Period, PeriodContext, Sequence};
use serde_json::Value;
use std::fs;

/// Numbers at which a byte more or less, or another order of bytes, shows.
const NUMBERS: [u64; 7] = [0, 1, 255, 256, 0x0102_0304_0506_0708, 1 << 63, u64::MAX];

fn golden() -> Value {
    let text = fs::read(root().join("tests/vectors/bytes.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

fn hash(value: &Value) -> [u8; 32] {
    types::parse_hex(value.as_str().unwrap()).unwrap()
}

fn context(genesis: [u8; 32], log: [u8; 32], period: u64) -> [u8; 32] {
    period_context(&genesis, &solana_address::Address::new_from_array(log), period)
}

fn promise(leaf: &Leaf, context: [u8; 32], period: u64) -> Promise {
    let sequence = u64::from_be_bytes(leaf.sequence);
    Promise { context, period, agent: leaf.agent, sequence, digest: leaf.digest }
}

#[test]
fn the_golden_bytes_are_the_program_s_too() {
    let golden = golden();
    let period = golden["period"].as_u64().unwrap();
    let context = context(hash(&golden["genesis_hash"]), hash(&golden["log"]), period);
    assert_eq!(context, hash(&golden["context"]));
    let sequence = types::parse_hex(golden["sequence_hex"].as_str().unwrap()).unwrap();
    let leaf = Leaf { agent: hash(&golden["agent"]), sequence, digest: hash(&golden["digest"]) };
    assert_eq!(leaf.hash(&context), hash(&golden["leaf_hash"]));
    let message = promise(&leaf, context, period).message();
    assert_eq!(types::to_hex(&message), golden["promise_message"]);
    let anchor = golden_anchor(&golden["anchor"], context);
    assert_eq!(anchor.compute_hash(), hash(&golden["anchor"]["hash"]));
    let in_range = leaf_hash(&[&anchor.compute_hash()]);
    assert_eq!(in_range, hash(&golden["anchor"]["mountain_range_leaf_hash"]));
}

fn golden_anchor(golden: &Value, context: [u8; 32]) -> Anchor {
    let unsigned = |name: &str| golden[name].as_u64().unwrap();
    let signed = |name: &str| golden[name].as_i64().unwrap();
    Anchor {
        context,
        root: hash(&golden["root"]),
        leaf_count: unsigned("leaf_count"),
        cumulative_leaf_count: unsigned("cumulative_leaf_count"),
        previous_anchor_hash: hash(&golden["previous_anchor_hash"]),
        start_seconds: signed("start_seconds"),
        end_seconds: signed("end_seconds"),
        posted_at: Moment {
            slot: unsigned("posted_slot"),
            unix_seconds: signed("posted_unix_seconds"),
        },
        ..bytemuck::Zeroable::zeroed()
    }
}

#[test]
fn contexts_are_the_clients() {
    for number in NUMBERS {
        let (genesis, log) = ([number.to_le_bytes()[0]; 32], [7; 32]);
        let theirs = PeriodContext::new(&Digest::new(genesis), &Address::new(log), Period(number));
        assert_eq!(context(genesis, log, number), *theirs.as_bytes(), "{number}");
    }
}

#[test]
fn leaves_are_hashed_and_sorted_as_the_clients_do() {
    let context = PeriodContext::from_digest(Digest::new([1; 32]));
    let mut before: Option<(Leaf, types::Leaf)> = None;
    for number in NUMBERS {
        let ours = Leaf { agent: [2; 32], sequence: number.to_be_bytes(), digest: [3; 32] };
        let theirs = types::Leaf {
            agent: Address::new(ours.agent),
            sequence: Sequence(number),
            digest: Digest::new(ours.digest),
        };
        assert_eq!(ours.hash(context.as_bytes()), leaf_hash(&[&theirs.to_bytes(&context)]));
        assert_eq!(bytemuck::bytes_of(&ours), theirs.sort_key());
        if let Some((our_last, their_last)) = before {
            assert!(our_last.sort_key() < ours.sort_key() && their_last < theirs);
        }
        before = Some((ours, theirs));
    }
}

#[test]
fn promises_are_the_clients_and_no_other_message_is_one() {
    for number in NUMBERS {
        let leaf = Leaf { agent: [2; 32], sequence: number.to_be_bytes(), digest: [3; 32] };
        let ours = promise(&leaf, [1; 32], !number);
        let theirs = types::Promise {
            context: PeriodContext::from_digest(Digest::new([1; 32])),
            period: Period(!number),
            leaf: types::Leaf::from_sort_key(bytemuck::cast_ref(&leaf)),
        };
        let message = theirs.message();
        assert_eq!(ours.message(), message);
        assert!(ours.is_said_by(&message));
        for at in 0..message.len() {
            let mut other = message;
            other[at] ^= 0x10;
            assert!(!ours.is_said_by(&other), "byte {at}");
        }
        assert!(!ours.is_said_by(&message[1..]) && !ours.is_said_by(&message[..129]));
        assert!(!ours.is_said_by(&[&message[..], &[0]].concat()));
    }
}

#[test]
fn anchors_are_hashed_as_the_clients_do() {
    for number in NUMBERS {
        let signed = i64::from_le_bytes(number.to_le_bytes());
        let ours = Anchor {
            context: [1; 32],
            root: [2; 32],
            leaf_count: number,
            cumulative_leaf_count: !number,
            previous_anchor_hash: [3; 32],
            start_seconds: signed,
            end_seconds: !signed,
            posted_at: Moment { slot: number ^ 0xff, unix_seconds: signed ^ 0xff },
            ..bytemuck::Zeroable::zeroed()
        };
        let theirs = AnchorFacts {
            context: PeriodContext::from_digest(Digest::new([1; 32])),
            root: Digest::new([2; 32]),
            leaf_count: number,
            cumulative_leaf_count: !number,
            previous_anchor_hash: Digest::new([3; 32]),
            start_seconds: signed,
            end_seconds: !signed,
            posted_slot: number ^ 0xff,
            posted_unix_seconds: signed ^ 0xff,
        };
        assert_eq!(ours.compute_hash(), *theirs.hash().as_bytes(), "{number}");
    }
}
