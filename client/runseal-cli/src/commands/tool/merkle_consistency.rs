use super::{
    answer::{Answer, Holds},
    line::{Hash, Number, bare, parse},
};
use runseal_merkle::consistency;
use serde::Deserialize;

#[derive(Deserialize)]
struct Question {
    old_count: Number,
    new_count: Number,
    old_root: Hash,
    new_root: Hash,
    proof: Vec<Hash>,
}

/// Says whether a tree is the beginning of another.
pub(super) fn answer(line: &[u8]) -> Answer {
    let Question { old_count, new_count, old_root, new_root, proof } = parse(line)?;
    let (old, new) = ((old_count.0, &old_root.0), (new_count.0, &new_root.0));
    consistency::verify(old, new, &bare(&proof))?;
    Ok(Holds::default())
}
