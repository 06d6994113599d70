//! The vector files of the program's own leaves, put to the real .so.
//!
//! An anchor says which tree it has, so for every case one is given the case's tree behind the
//! program's back. docs/spec/merkle.md tells what the files hold.

use runseal_client::{instructions::proofs, registry};
use runseal_merkle::{leaf_hash, mountain_range::append};
use runseal_registry::{
    RegistryError as Error,
    instructions::AbsenceArgs,
    state::{Anchor, Leaf, Log},
};
use runseal_tests::{Chain, OpenLog, Refused, log_args, root};
use runseal_types::parse_hex;
use serde_json::Value;
use solana_address::Address;
use solana_instruction::Instruction;
use std::fs;

/// What the program calls a proof that proves nothing.
const REFUSALS: [Error; 4] =
    [Error::IndexOutsideTree, Error::WrongProofLength, Error::RootMismatch, Error::NotAround];

/// More than any log of the files has.
const MOST_ANCHORS: u64 = 10_000;

fn cases(name: &str) -> Vec<Value> {
    let text = fs::read(root().join("tests/vectors/merkle").join(name)).unwrap();
    let file: Value = serde_json::from_slice(&text).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn number(case: &Value, name: &str) -> u64 {
    case[name].as_u64().unwrap()
}

fn hash(value: &Value) -> [u8; 32] {
    parse_hex(value.as_str().unwrap()).unwrap()
}

fn hashes(value: &Value) -> Vec<[u8; 32]> {
    value.as_array().unwrap().iter().map(hash).collect()
}

fn leaf(case: &Value, sequence: &str, digest: &str) -> Leaf {
    let sequence = number(case, sequence).to_be_bytes();
    Leaf { agent: hash(&case["agent"]), sequence, digest: hash(&case[digest]) }
}

/// A chain with one log and one anchor.
struct Scene {
    chain: Chain,
    log: OpenLog,
    anchor: Address,
    posted: Anchor,
}

impl Scene {
    fn new() -> Self {
        let mut chain = Chain::configured();
        let log = chain.log(log_args());
        let (posted, _) = chain.post(&log, &[]);
        let anchor = registry::anchor_address(&log.address, 0);
        Self { chain, log, anchor, posted }
    }

    /// Gives the anchor the tree of a case.
    fn plant(&mut self, case: &Value) {
        let (leaf_count, root) = (number(case, "count"), hash(&case["root"]));
        let planted = Anchor { leaf_count, root, context: hash(&case["context"]), ..self.posted };
        self.chain.edit(&self.anchor, |account| put(&mut account.data, &planted));
    }

    fn check(&mut self, case: &Value, instruction: Instruction) {
        let answer = self.chain.send(&[instruction], &[]);
        match answer {
            Ok(_) => assert_eq!(case["must_pass"], true, "{}", case["name"]),
            Err(refused) => {
                assert_eq!(case["must_pass"], false, "{}: {refused:?}", case["name"]);
                let named = REFUSALS.into_iter().any(|error| refused == Refused::by(error));
                assert!(named, "{}: {refused:?}", case["name"]);
            }
        }
    }
}

/// Writes an account's fields behind its discriminator.
fn put<T: bytemuck::NoUninit>(data: &mut [u8], account: &T) {
    data[8..].copy_from_slice(bytemuck::bytes_of(account));
}

#[test]
fn inclusion() {
    let mut scene = Scene::new();
    for case in cases("program_inclusion.json") {
        scene.plant(&case);
        let leaf = leaf(&case, "sequence", "digest");
        let index = number(&case, "index");
        let verify = proofs::verify_inclusion(scene.anchor, index, leaf, hashes(&case["path"]));
        scene.check(&case, verify);
    }
}

#[test]
fn absence() {
    let mut scene = Scene::new();
    for case in cases("program_absence.json") {
        scene.plant(&case);
        let args = AbsenceArgs {
            agent: hash(&case["agent"]),
            sequence: number(&case, "sequence"),
            kind: 3,
            index: number(&case, "index"),
            left: leaf(&case, "left_sequence", "left_digest"),
            right: leaf(&case, "right_sequence", "right_digest"),
        };
        let verify = proofs::verify_absence(scene.anchor, args, hashes(&case["proof"]));
        scene.check(&case, verify);
    }
}

#[test]
fn anchors_in_a_log() {
    let mut scene = Scene::new();
    let log = scene.log.address;
    let opened = scene.chain.read::<Log>(log).account;
    for case in cases("program_range.json") {
        let name = case["name"].as_str().unwrap();
        let count = number(&case, "count");
        // A log computes its root from its peaks, so none says another. And no log has so many anchors.
        if name.contains("root") || count > MOST_ANCHORS {
            assert_eq!(case["must_pass"], false);
            continue;
        }
        let changed = Log { next_period: count, peaks: peaks(opened.peaks, count), ..opened };
        scene.chain.edit(&log, |account| put(&mut account.data, &changed));
        let (period, anchor_hash) = (number(&case, "index"), hash(&case["anchor_hash"]));
        let verify = proofs::verify_anchor_in_log(log, period, anchor_hash, hashes(&case["path"]));
        scene.check(&case, verify);
    }
}

/// The peaks of a log with the file's first `count` anchors.
fn peaks<const N: usize>(mut peaks: [[u8; 32]; N], count: u64) -> [[u8; 32]; N] {
    for period in 0..count {
        let mut anchor_hash = [0; 32];
        anchor_hash[..8].copy_from_slice(&period.to_le_bytes());
        append(&mut peaks, period, leaf_hash(&[&anchor_hash])).unwrap();
    }
    peaks
}
