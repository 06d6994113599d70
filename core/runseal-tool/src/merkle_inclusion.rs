use crate::{Answer, Holds, question::Question};
use runseal_merkle::inclusion;

/// Says whether a leaf stands at an index of a tree.
pub(crate) fn answer(question: &Question) -> Answer {
    let [leaf_hash, root] = [question.hash("leaf_hash")?, question.hash("root")?];
    let [index, count] = [question.number("index")?, question.number("count")?];
    inclusion::verify(&leaf_hash, index, count, &question.hashes("proof")?, &root)?;
    Ok(Holds::default())
}
