//! The registry program as this crate carries it.

use sha2::{Digest, Sha256};

/// The program's bytes, made by `cargo xtask program` and checked by `cargo xtask program --check`.
pub const PROGRAM_BYTES: &[u8] = include_bytes!("../program/runseal_registry.so");

/// Returns the SHA-256 of [`PROGRAM_BYTES`], to compare with what a cluster runs.
pub fn program_sha256() -> [u8; 32] {
    Sha256::digest(PROGRAM_BYTES).into()
}
