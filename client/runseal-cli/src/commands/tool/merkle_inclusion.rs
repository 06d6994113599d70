use super::{
    answer::{Answer, Holds},
    line::{Hash, Number, bare, parse},
};
use runseal_merkle::inclusion;
use serde::Deserialize;

#[derive(Deserialize)]
struct Question {
    index: Number,
    count: Number,
    leaf_hash: Hash,
    root: Hash,
    proof: Vec<Hash>,
}

/// Says whether a leaf stands at an index of a tree.
pub(super) fn answer(line: &[u8]) -> Answer {
    let Question { index, count, leaf_hash, root, proof } = parse(line)?;
    inclusion::verify(&leaf_hash.0, index.0, count.0, &bare(&proof), &root.0)?;
    Ok(Holds::default())
}
