use crate::{Answer, Holds, Refusal, question::Question};
use runseal_merkle::absence::{self, Gap};

/// Says whether nothing stands between two leaves, or before or behind one, or in the tree.
pub(crate) fn answer(question: &Question) -> Answer {
    let [left, right] = [question.find_hash("left_hash")?, question.find_hash("right_hash")?];
    let gap = match (&left, &right, question.find_number("index")?) {
        (None, None, None) => Gap::EmptyTree,
        (None, Some(first), None) => Gap::BeforeFirst { first },
        (Some(last), None, None) => Gap::AfterLast { last },
        (Some(left), Some(right), Some(index)) => Gap::Between { left, right, index },
        _ => {
            let detail = "index belongs to left_hash and right_hash together";
            return Err(Refusal::new("Malformed", detail));
        }
    };
    let (count, root) = (question.number("count")?, question.hash("root")?);
    absence::verify(gap, count, &question.hashes("proof")?, &root)?;
    Ok(Holds::default())
}
