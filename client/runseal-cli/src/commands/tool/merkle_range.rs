use super::{
    answer::{Answer, Holds},
    line::{Hash, Number, bare, parse},
};
use runseal_merkle::range;
use serde::Deserialize;

#[derive(Deserialize)]
struct Question {
    from: Number,
    to: Number,
    count: Number,
    leaf_hashes: Vec<Hash>,
    root: Hash,
    proof: Vec<Hash>,
}

/// Says whether leaves are those of a range, all of them.
pub(super) fn answer(line: &[u8]) -> Answer {
    let Question { from, to, count, leaf_hashes, root, proof } = parse(line)?;
    let leaves = leaf_hashes.iter().map(|leaf| leaf.0);
    range::verify(leaves, from.0..to.0, count.0, &bare(&proof), &root.0)?;
    Ok(Holds::default())
}
