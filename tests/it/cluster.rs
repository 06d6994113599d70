//! Needs a validator that has the program and whose faucet answers: `anchor test` starts one and
//! says where it is. These tests fail without it.

mod deployment;
mod registration;

use runseal_ledger::Rpc;
use solana_commitment_config::CommitmentConfig;
use solana_keypair::{Keypair, read_keypair_file};
use std::env;

/// The validator's URL.
fn url() -> String {
    env::var("ANCHOR_PROVIDER_URL").expect("no validator: run this through `cargo xtask test`")
}

fn ledger() -> Rpc {
    Rpc::new(&url(), CommitmentConfig::confirmed())
}

/// The key that the validator made rich and gave the program to.
fn owner() -> Keypair {
    read_keypair_file(runseal_tests::root().join("tests/fixtures/keys/wallet.json")).unwrap()
}
