//! Plumbing: questions as JSON lines on stdin, one answer a line and in order on stdout.

mod lines;
mod stream;

use crate::error::CliError;
use clap::Subcommand;
use runseal_tool::Tool;

/// Answer JSON lines from stdin, for scripts and other implementations
#[derive(Clone, Copy, Subcommand)]
pub(crate) enum ToolCommand {
    /// Does a leaf stand at an index of a tree?
    ///
    /// {"index":0,"count":2,"leaf_hash":"HEX","root":"HEX","proof":["HEX"]}
    MerkleInclusion,
    /// Is a tree the beginning of a larger one?
    ///
    /// {"old_count":1,"new_count":2,"old_root":"HEX","new_root":"HEX","proof":["HEX"]}
    MerkleConsistency,
    /// Are these leaves, and no others, at a range of indices of a tree?
    ///
    /// {"from":0,"to":2,"count":2,"leaf_hashes":["HEX","HEX"],"root":"HEX","proof":[]}
    MerkleRange,
    /// Does nothing stand in a gap of a tree?
    ///
    /// {"count":2,"root":"HEX","proof":[],"left_hash":"HEX","right_hash":"HEX","index":0}: between two
    /// leaves, the left one at the index. Without left_hash and index: before the first leaf; without
    /// right_hash and index: behind the last; without all three: the tree is empty. Comparing what
    /// the leaves stand for with what is missing is the caller's part.
    MerkleAbsence,
    /// Did a key sign a message, by the strict rule?
    ///
    /// {"public_key":"HEX","message":"HEX","signature":"HEX"}
    #[command(name = "ed25519-verify")]
    Ed25519Verify,
    /// What is the one spelling of a JSON text (RFC 8785)?
    ///
    /// {"json":TEXT} is answered with {"ok":true,"canonical":TEXT}
    Canonicalize,
}

impl ToolCommand {
    pub(crate) fn run(self) -> Result<(), CliError> {
        stream::answer(match self {
            Self::MerkleInclusion => Tool::MerkleInclusion,
            Self::MerkleConsistency => Tool::MerkleConsistency,
            Self::MerkleRange => Tool::MerkleRange,
            Self::MerkleAbsence => Tool::MerkleAbsence,
            Self::Ed25519Verify => Tool::Ed25519Verify,
            Self::Canonicalize => Tool::Canonicalize,
        })
    }
}
