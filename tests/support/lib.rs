//! What the tests stand on: a bare chain, a world of flows, and the command as a user runs it.
// Tests say what is wrong by failing, and these helpers are part of tests.
#![allow(clippy::unwrap_used, missing_docs)]

mod audited;
mod campaign;
mod cast;
mod chain;
mod command;
mod escrow;
mod events;
mod fixed;
mod invariants;
mod leaf_server;
mod life;
mod proxy;
mod receipts;
mod samples;
mod scenes;
mod staged;
mod story;
mod tokens;
mod town;
mod world;
mod wrong;

pub use audited::{Audited, listed};
pub use campaign::Campaign;
pub use cast::{BOND_MINT, OpenLog, TREASURY, attest_args, leaves, log_args, version_args};
pub use chain::{Chain, Refused, signers_of};
pub use command::{Ran, Runseal};
pub use escrow::{DEADLINE_SECONDS, EscrowScene, PRICE, PURSE, escrow_instruction};
pub use events::events_of;
pub use fixed::fixed_instructions;
pub use leaf_server::{LeafServer, Manners};
pub use life::Life;
pub use proxy::{Proxy, ProxyWrong};
pub use receipts::Elsewhere;
pub use samples::{config_args, register_args, text_of};
pub use scenes::{
    ALL_STAGES, DEPOSIT, Dispute, Handover, Ladder, NOTICE_SECONDS, SLASH, Sealed, Stake,
    agent_that_is, missing, second, set_status,
};
pub use staged::{Staged, every_instruction};
pub use story::{Stage, Story, code_of};
pub use tokens::{amount_of, create_mint, create_token_account, mint_to};
pub use town::{Kept, Published, Town, disordered, ordered};
pub use world::World;
pub use wrong::{Case, Edit, Wrong};

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
