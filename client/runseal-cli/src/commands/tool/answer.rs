//! What a line is answered, and the stable words for refusals.

use runseal_merkle::{ProofError, range::RangeError};
use serde::Serialize;
use std::fmt::Display;

/// The answer to one line: it holds, perhaps with a result, or it does not.
pub(super) type Answer = Result<Holds, Refusal>;

/// That it holds.
#[derive(Debug, Default, Serialize)]
pub(super) struct Holds {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) canonical: Option<String>,
}

/// Why it does not: a word that stays, and a sentence for people.
#[derive(Debug, Serialize)]
pub(super) struct Refusal {
    reason: &'static str,
    detail: String,
}

impl Refusal {
    pub(super) fn new(reason: &'static str, detail: impl Display) -> Self {
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

/// An answer as it is printed.
#[derive(Serialize)]
pub(super) struct AnswerView<'a> {
    ok: bool,
    #[serde(flatten)]
    holds: Option<&'a Holds>,
    #[serde(flatten)]
    refusal: Option<&'a Refusal>,
}

impl<'a> From<&'a Answer> for AnswerView<'a> {
    fn from(answer: &'a Answer) -> Self {
        Self { ok: answer.is_ok(), holds: answer.as_ref().ok(), refusal: answer.as_ref().err() }
    }
}
