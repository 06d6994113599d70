//! Needs a validator that has the program and whose faucet answers: `anchor test` starts one and
//! says where it is. These tests fail without it.

mod anchoring;
mod deployment;
mod quorum;
mod registration;
mod story;
mod wallets;
mod whole_life;
mod wrongs;

use runseal_client::config::{self, Configured};
use runseal_ledger::Rpc;
use runseal_registry::instructions::InitializeConfigArgs;
use runseal_tests::config_args;
use solana_commitment_config::CommitmentConfig;
use solana_keypair::{Keypair, read_keypair_file};
use solana_signer::Signer;
use std::env;
use tokio::sync::Mutex;

/// Only one test at a time may find that nothing is configured.
static CONFIGURING: Mutex<()> = Mutex::const_new(());

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

/// The mint of bonds; the test that needs it makes it.
fn mint() -> Keypair {
    Keypair::new_from_array([33; 32])
}

/// The configuration that all tests here share: a bond need not wait longer than its log asks for.
async fn configured() -> Configured {
    let _alone = CONFIGURING.lock().await;
    let args = InitializeConfigArgs {
        bond_mint: mint().pubkey(),
        unbond_notice_seconds: 0,
        ..config_args(owner().pubkey())
    };
    config::initialize(&ledger(), &owner(), args).await.unwrap()
}
