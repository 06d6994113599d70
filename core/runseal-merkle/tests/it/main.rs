//! Trees and proofs: against a slow reference, against vectors, against every change.
//!
//! - `trees`: small trees, exhaustively, and the hazards that others fell into
//! - `gaps`, `ranges`: absence and completeness
//! - `sizes`: every size up to two thousand, against the reference
//! - `vectors`: the files in tests/vectors/merkle, made from the reference alone
#![allow(clippy::unwrap_used, missing_docs)]

mod gaps;
mod mutations;
mod program_vectors;
mod ranges;
mod reference;
mod sizes;
mod trees;
mod vectors;
