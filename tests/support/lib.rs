//! What the tests stand on: a bare chain, a world of flows, and the command as a user runs it.
// Tests say what is wrong by failing, and these helpers are part of tests.
#![allow(clippy::unwrap_used, missing_docs)]

mod cast;
mod chain;
mod command;
mod escrow;
mod life;
mod samples;
mod tokens;
mod world;

pub use cast::{BOND_MINT, OpenLog, TREASURY, attest_args, leaves, log_args, version_args};
pub use chain::{Chain, Refused};
pub use command::{Ran, Runseal};
pub use escrow::{DEADLINE_SECONDS, EscrowScene, PRICE, PURSE, escrow_instruction};
pub use life::Life;
pub use samples::{config_args, register_args, text_of};
pub use tokens::{amount_of, create_mint, create_token_account, mint_to};
pub use world::World;

use std::path::{Path, PathBuf};

/// The workspace's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The folder that cargo built this very test into: `target/debug`.
pub fn build_folder() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(2).unwrap().to_owned()
}

/// The bytes of a program that `cargo xtask program` builds for tests.
pub fn built_program(package: &str) -> Vec<u8> {
    let name = format!("deploy/{}.so", package.replace('-', "_"));
    let path = build_folder().parent().unwrap().join(name);
    std::fs::read(&path).unwrap_or_else(|error| {
        panic!("{}: {error}; run `cargo xtask program` first", path.display())
    })
}
