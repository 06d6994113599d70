use crate::{Answer, Holds, question::Question};
use runseal_merkle::consistency;

/// Says whether a tree is the beginning of another.
pub(crate) fn answer(question: &Question) -> Answer {
    let [old_root, new_root] = [question.hash("old_root")?, question.hash("new_root")?];
    let old = (question.number("old_count")?, &old_root);
    let new = (question.number("new_count")?, &new_root);
    consistency::verify(old, new, &question.hashes("proof")?)?;
    Ok(Holds::default())
}
