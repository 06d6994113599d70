use super::{
    answer::{Answer, Holds, Refusal},
    line::{Hash, Number, bare, parse},
};
use runseal_merkle::absence::{self, Gap};
use serde::Deserialize;

#[derive(Deserialize)]
struct Question {
    count: Number,
    root: Hash,
    proof: Vec<Hash>,
    left_hash: Option<Hash>,
    right_hash: Option<Hash>,
    index: Option<Number>,
}

/// Says whether nothing stands between two leaves, or before or behind one, or in the tree.
pub(super) fn answer(line: &[u8]) -> Answer {
    let question: Question = parse(line)?;
    let gap = gap(&question)?;
    absence::verify(gap, question.count.0, &bare(&question.proof), &question.root.0)?;
    Ok(Holds::default())
}

fn gap(question: &Question) -> Result<Gap<'_>, Refusal> {
    match (&question.left_hash, &question.right_hash, question.index) {
        (None, None, None) => Ok(Gap::EmptyTree),
        (None, Some(Hash(first)), None) => Ok(Gap::BeforeFirst { first }),
        (Some(Hash(last)), None, None) => Ok(Gap::AfterLast { last }),
        (Some(Hash(left)), Some(Hash(right)), Some(Number(index))) => {
            Ok(Gap::Between { left, right, index })
        }
        _ => Err(Refusal::new("Malformed", "index belongs to left_hash and right_hash together")),
    }
}
