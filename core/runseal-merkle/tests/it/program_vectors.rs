//! The vector files whose leaves are those of the on-chain program, which it builds itself: made
//! and checked as the others are.

use crate::{
    reference::{Hash, Leaves, leaf_hash, root_by_pair, root_by_path},
    vectors::{Case, File, hash, hashes, number},
};
use runseal_merkle::{adjacent, inclusion};
use serde_json::Value;

const CONTEXT: Hash = [9; 32];
const AGENT: Hash = [7; 32];

/// Leaf i's sequence. Every second one, so that there is something between them.
fn sequence(index: u64) -> u64 {
    2 * index + 10
}

fn digest(index: u64) -> Hash {
    [index.to_le_bytes()[0]; 32]
}

fn leaf(context: Hash, agent: Hash, sequence: u64, digest: Hash) -> Hash {
    leaf_hash(&[&context[..], &agent, &sequence.to_be_bytes(), &digest].concat())
}

fn leaves(count: u64) -> Leaves {
    let leaf = |index| leaf(CONTEXT, AGENT, sequence(index), digest(index));
    Leaves::of((0..count).map(leaf).collect())
}

/// Leaf i of a log's range: the hash of an anchor whose hash is the eight bytes of i and zeros.
fn anchor_hash(index: u64) -> Hash {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&index.to_le_bytes());
    hash
}

#[test]
fn program_inclusion_vectors() {
    let trees = [(0, 1), (1, 2), (2, 3), (4, 5), (6, 7), (9, 13), (15, 16), (700, 1_000)];
    let case = |(index, count)| {
        let leaves = leaves(count);
        Case {
            name: format!("leaf {index} of {count}"),
            numbers: vec![("index", index), ("count", count), ("sequence", sequence(index))],
            hashes: vec![
                ("context", CONTEXT),
                ("agent", AGENT),
                ("digest", digest(index)),
                ("root", leaves.root(0, count)),
            ],
            lists: vec![("path", leaves.path(index, 0, count))],
        }
    };
    let file = File {
        name: "program_inclusion.json",
        about: "That the leaf of `context`, `agent`, `sequence` (big-endian) and `digest`, hashed as leaves are, stands at \
                `index` of the tree of `count` leaves under `root`. docs/spec/merkle.md has the format; leaf i of \
                a tree has the sequence 2i + 10 and the lowest byte of i 32 times as digest.",
        passing: trees.map(case).into(),
        holds: |case| {
            let [index, count, sequence] = [0, 1, 2].map(|at| case.numbers[at].1);
            let [context, agent, digest, root] = [0, 1, 2, 3].map(|at| case.hashes[at].1);
            let leaf = leaf(context, agent, sequence, digest);
            root_by_path(leaf, index, count, case.last_list()) == Some(root)
        },
        verified: |case| {
            let leaf = leaf_in(case, "sequence", "digest");
            let [index, count] = ["index", "count"].map(|name| number(&case[name]));
            inclusion::verify(&leaf, index, count, &hashes(&case["path"]), &hash(&case["root"]))
                .is_ok()
        },
    };
    file.check();
}

#[test]
fn program_absence_vectors() {
    let trees = [(0, 2), (1, 3), (2, 4), (3, 5), (5, 7), (11, 13), (511, 1_000)];
    let case = |(index, count)| {
        let leaves = leaves(count);
        Case {
            name: format!("between leaves {index} and {} of {count}", index + 1),
            numbers: vec![
                ("index", index),
                ("count", count),
                ("sequence", sequence(index) + 1),
                ("left_sequence", sequence(index)),
                ("right_sequence", sequence(index + 1)),
            ],
            hashes: vec![
                ("left_digest", digest(index)),
                ("right_digest", digest(index + 1)),
                ("context", CONTEXT),
                ("agent", AGENT),
                ("root", leaves.root(0, count)),
            ],
            lists: vec![("proof", leaves.pair(index, 0, count))],
        }
    };
    let file = File {
        name: "program_absence.json",
        about: "That `agent` has no leaf with `sequence` in the tree of `count` leaves under `root`, because its leaves \
                with `left_sequence` and `right_sequence` stand around it, at `index` and the next place. \
                docs/spec/merkle.md has the format; the leaves are those of program_inclusion.json.",
        passing: trees.map(case).into(),
        holds: |case| {
            let [index, count, sequence, left, right] =
                [0, 1, 2, 3, 4].map(|at| case.numbers[at].1);
            let [left_digest, right_digest, context, agent, root] =
                [0, 1, 2, 3, 4].map(|at| case.hashes[at].1);
            let pair = (
                leaf(context, agent, left, left_digest),
                leaf(context, agent, right, right_digest),
            );
            let led_to = root_by_pair(pair, index, count, case.last_list());
            left < sequence && sequence < right && led_to == Some(root)
        },
        verified: |case| {
            let [left, sequence, right] =
                ["left_sequence", "sequence", "right_sequence"].map(|name| number(&case[name]));
            let (one, other) = (
                leaf_in(case, "left_sequence", "left_digest"),
                leaf_in(case, "right_sequence", "right_digest"),
            );
            let [index, count] = ["index", "count"].map(|name| number(&case[name]));
            let (proof, root) = (hashes(&case["proof"]), hash(&case["root"]));
            let are_neighbours =
                adjacent::verify(&one, &other, index, count, &proof, &root).is_ok();
            left < sequence && sequence < right && are_neighbours
        },
    };
    file.check();
}

#[test]
fn program_range_vectors() {
    let trees = [(0, 1), (1, 2), (2, 3), (4, 5), (5, 7), (9, 13), (15, 16), (300, 365)];
    let case = |(index, count)| {
        let leaves = Leaves::of((0..count).map(|index| leaf_hash(&anchor_hash(index))).collect());
        Case {
            name: format!("anchor {index} of {count}"),
            numbers: vec![("index", index), ("count", count)],
            hashes: vec![("anchor_hash", anchor_hash(index)), ("root", leaves.root(0, count))],
            lists: vec![("path", leaves.path(index, 0, count))],
        }
    };
    let file = File {
        name: "program_range.json",
        about: "That the anchor with `anchor_hash` is that of period `index` of a log with `count` anchors, whose mountain range has \
                the root `root`. docs/spec/merkle.md has the format; the hash of anchor i is made up, the eight bytes \
                of i, the lowest first, and 24 zeros.",
        passing: trees.map(case).into(),
        holds: |case| {
            let [index, count] = [0, 1].map(|at| case.numbers[at].1);
            let leaf = leaf_hash(&case.hashes[0].1);
            root_by_path(leaf, index, count, case.last_list()) == Some(case.hashes[1].1)
        },
        verified: |case| {
            let leaf = runseal_merkle::leaf_hash(&[&hash(&case["anchor_hash"])]);
            let [index, count] = ["index", "count"].map(|name| number(&case[name]));
            inclusion::verify(&leaf, index, count, &hashes(&case["path"]), &hash(&case["root"]))
                .is_ok()
        },
    };
    file.check();
}

/// The hash of a case's leaf, by the crate.
fn leaf_in(case: &Value, sequence: &str, digest: &str) -> Hash {
    let [context, agent, digest] = ["context", "agent", digest].map(|name| hash(&case[name]));
    let sequence = number(&case[sequence]).to_be_bytes();
    runseal_merkle::leaf_hash(&[&context, &agent, &sequence, &digest])
}
