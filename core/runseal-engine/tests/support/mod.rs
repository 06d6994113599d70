//! Leaves to seal.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of it")]

pub mod anchors;

use runseal_engine::Place;
use runseal_types::{Address, Digest, Leaf, Period, Sequence};

pub const PLACE: Place =
    Place { genesis_hash: Digest::new([1; 32]), log: Address::new([2; 32]), period: Period(7) };

pub fn agent(number: u8) -> Address {
    Address::new([number; 32])
}

pub fn leaf(agent_number: u8, sequence: u64) -> Leaf {
    let digest = Digest::of(&[b"test", &[agent_number], &sequence.to_le_bytes()]);
    Leaf { agent: agent(agent_number), sequence: Sequence(sequence), digest }
}

/// Agents 2, 4, 6 and so on, each with receipts from 10 on.
pub fn leaves(agents: u8, each: u64) -> Vec<Leaf> {
    let numbers = (1..=agents).map(|number| number * 2);
    numbers.flat_map(|number| (10..10 + each).map(move |sequence| leaf(number, sequence))).collect()
}
