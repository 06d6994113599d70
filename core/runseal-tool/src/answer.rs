//! What a question is answered, and the stable words for refusals.

use runseal_merkle::{ProofError, range::RangeError};
use runseal_receipt::json::Value;
use std::fmt::Display;

/// The answer to a question: it holds, perhaps with a result, or it does not.
pub type Answer = Result<Holds, Refusal>;

/// That it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    pub(crate) canonical: Option<String>,
}

/// Why it does not: a word that stays, and a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    reason: &'static str,
    detail: String,
}

impl Refusal {
    /// Makes a refusal.
    pub fn new(reason: &'static str, detail: impl Display) -> Self {
        Self { reason, detail: detail.to_string() }
    }
}

impl From<ProofError> for Refusal {
    fn from(error: ProofError) -> Self {
        let reason = match error {
            ProofError::IndexOutsideTree { .. } => "IndexOutsideTree",
            ProofError::CountsReversed { .. } => "CountsReversed",
            ProofError::WrongLength { .. } => "WrongLength",
            ProofError::RootMismatch { .. } => "RootMismatch",
        };
        Self::new(reason, error)
    }
}

impl From<RangeError> for Refusal {
    fn from(error: RangeError) -> Self {
        match error {
            RangeError::NoSuchRange { .. } => Self::new("NoSuchRange", error),
            RangeError::WrongLeafCount { .. } => Self::new("WrongLeafCount", error),
            RangeError::Proof(error) => error.into(),
        }
    }
}

/// Prints an answer as an object of JSON, whose first member `ok` says which of the two it is.
#[must_use]
pub fn to_json(answer: &Answer) -> Vec<u8> {
    match answer {
        Ok(Holds { canonical: None }) => object("true", &[]),
        Ok(Holds { canonical: Some(canonical) }) => object("true", &[("canonical", canonical)]),
        Err(Refusal { reason, detail }) => {
            object("false", &[("reason", reason), ("detail", detail)])
        }
    }
}

// Not in the canonical order: people look at `ok` first.
fn object(ok: &str, members: &[(&str, &str)]) -> Vec<u8> {
    let mut json = [b"{\"ok\":", ok.as_bytes()].concat();
    for (name, text) in members {
        json.extend([b",\"", name.as_bytes(), b"\":"].concat());
        json.extend(Value::from(*text).canonical());
    }
    json.push(b'}');
    json
}
