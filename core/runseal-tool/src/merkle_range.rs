use crate::{Answer, Holds, question::Question};
use runseal_merkle::range;

/// Says whether leaves are those of a range, all of them.
pub(crate) fn answer(question: &Question) -> Answer {
    let leaves = question.hashes("leaf_hashes")?;
    let indices = question.number("from")?..question.number("to")?;
    let (count, root) = (question.number("count")?, question.hash("root")?);
    range::verify(leaves, indices, count, &question.hashes("proof")?, &root)?;
    Ok(Holds::default())
}
