//! Plain questions about trees, signatures and JSON: an object of JSON comes in, one goes out.
//!
//! For scripts, pages and other implementations, which ask by `runseal tool` or through the
//! WebAssembly module and get the same answers.
//!
//! ```
//! use runseal_tool::{Tool, to_json};
//!
//! let tool = Tool::find("canonicalize").ok_or("no such tool")?;
//! let answer = tool.answer(br#"{"json":"{\"b\":1.0,\"a\":2}"}"#);
//! assert_eq!(to_json(&answer), br#"{"ok":true,"canonical":"{\"a\":2,\"b\":1}"}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]
#![warn(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod answer;
mod canonicalize;
mod ed25519_verify;
mod merkle_absence;
mod merkle_consistency;
mod merkle_inclusion;
mod merkle_range;
mod question;

pub use answer::{Answer, Holds, Refusal, to_json};
pub use question::MOST_QUESTION_BYTES;

use question::Question;

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Whether a leaf stands at an index of a tree.
    MerkleInclusion,
    /// Whether a tree is the beginning of a larger one.
    MerkleConsistency,
    /// Whether leaves are those of a range, all of them.
    MerkleRange,
    /// Whether nothing stands in a gap of a tree.
    MerkleAbsence,
    /// Whether a key signed a message, by the strict rule.
    Ed25519Verify,
    /// What the one spelling of a JSON text is.
    Canonicalize,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::MerkleInclusion,
        Self::MerkleConsistency,
        Self::MerkleRange,
        Self::MerkleAbsence,
        Self::Ed25519Verify,
        Self::Canonicalize,
    ];

    /// Returns the name by which it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MerkleInclusion => "merkle-inclusion",
            Self::MerkleConsistency => "merkle-consistency",
            Self::MerkleRange => "merkle-range",
            Self::MerkleAbsence => "merkle-absence",
            Self::Ed25519Verify => "ed25519-verify",
            Self::Canonicalize => "canonicalize",
        }
    }

    /// Finds a tool by its name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }

    /// Answers a question.
    pub fn answer(self, question: &[u8]) -> Answer {
        self.answer_read(&Question::parse(question)?)
    }

    /// Answers many questions, in their order; one that did not arrive is answered with its refusal.
    ///
    /// The answers are those that each question gets alone. Signatures are checked several times as
    /// fast together.
    pub fn answers<'a>(
        self,
        questions: impl IntoIterator<Item = Result<&'a [u8], Refusal>>,
    ) -> Vec<Answer> {
        let questions = questions.into_iter().map(|question| Question::parse(question?));
        match self {
            Self::Ed25519Verify => ed25519_verify::answers(questions),
            _ => questions.map(|question| self.answer_read(&question?)).collect(),
        }
    }

    fn answer_read(self, question: &Question) -> Answer {
        match self {
            Self::MerkleInclusion => merkle_inclusion::answer(question),
            Self::MerkleConsistency => merkle_consistency::answer(question),
            Self::MerkleRange => merkle_range::answer(question),
            Self::MerkleAbsence => merkle_absence::answer(question),
            Self::Ed25519Verify => ed25519_verify::answer(question),
            Self::Canonicalize => canonicalize::answer(question),
        }
    }
}
