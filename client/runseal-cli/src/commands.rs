//! One file a command.

mod agent;
mod airdrop;
mod anchor;
mod audit;
mod auditor;
mod backup;
mod balance;
mod bond;
mod certifier;
mod certify;
mod claim;
mod config;
mod cosign;
mod cost;
mod deploy;
mod fsck;
mod keygen;
mod log;
mod lookups;
mod mirror;
mod period;
mod program;
mod prove;
mod receipt;
mod serve;
mod shell;
mod tool;
mod verify;
mod warp;

use crate::{context::Options, error::CliError, exit::Exit, output, views::AddressView};
use clap::Subcommand;
use runseal_registry::state::Name;
use sha2::{Digest, Sha256};
use solana_signer::Signer;
use std::{fs, path::Path};

/// What can be asked for.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a keypair file
    Keygen(keygen::Keygen),
    /// Print the keypair's address
    Address,
    /// Print how many lamports an address has
    Balance(balance::Balance),
    /// Get lamports from a test ledger's faucet
    Airdrop(airdrop::Airdrop),
    /// Move the embedded ledger's clock forward, to see what time brings
    Warp(warp::Warp),
    /// The program's configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Agents and the vendors that answer for them
    #[command(subcommand)]
    Agent(agent::AgentCommand),
    /// Who may certify
    #[command(subcommand)]
    Certifier(certifier::CertifierCommand),
    /// What certifiers say of versions
    #[command(subcommand)]
    Certify(certify::CertifyCommand),
    /// Logs and the operators that run them
    #[command(subcommand)]
    Log(log::LogCommand),
    /// Receipts: the signed records of runs
    #[command(subcommand)]
    Receipt(receipt::ReceiptCommand),
    /// Periods: what is sealed under one root
    #[command(subcommand)]
    Period(period::PeriodCommand),
    /// Anchors: the periods' roots on chain
    #[command(subcommand)]
    Anchor(anchor::AnchorCommand),
    /// Make a bundle that proves a receipt, or all of an agent's receipts in a range
    Prove(prove::Prove),
    /// Make a bundle that proves that an agent has no receipt of a number in a period
    ProveAbsence(prove::ProveAbsence),
    /// Check a bundle: VERIFIED, FAILED or INCOMPLETE
    Verify(verify::Verify),
    /// Fetch a log's leaf lists and check each against its anchor
    Mirror(mirror::MirrorCommand),
    /// Who may cosign anchors
    #[command(subcommand)]
    Auditor(auditor::AuditorCommand),
    /// Cosign anchors whose leaves were mirrored here
    Cosign(cosign::Cosign),
    /// Look for receipts of an agent that were left out: COMPLETE, OMITTED or UNKNOWN; or walk through a log
    Audit(audit::Audit),
    /// Check the store: compute everything again, and compare it with the chain
    Fsck(fsck::Fsck),
    /// Copy the store into a file, also while a service writes to it
    Backup(backup::Backup),
    /// What an operator puts at stake
    #[command(subcommand)]
    Bond(bond::BondCommand),
    /// Accusations against operators
    #[command(subcommand)]
    Claim(claim::ClaimCommand),
    /// What anchoring costs on this ledger
    #[command(subcommand)]
    Cost(cost::CostCommand),
    /// The program itself: its bytes and who may change them
    #[command(subcommand)]
    Program(program::ProgramCommand),
    /// Put the program onto a cluster, or another version in its place
    Deploy(deploy::Deploy),
    /// Serve the API that agent runtimes post their runs to, and the explorer page
    Serve(serve::Serve),
    /// Answer JSON lines from stdin, for scripts and other implementations
    ///
    /// Every line gets one line, in order: {"ok":true}, or
    /// {"ok":false,"reason":WORD,"detail":SENTENCE}. A line that is not understood gets the reason
    /// Malformed and stops nothing. Hashes, keys and messages are hexadecimal; indices and counts are
    /// JSON integers or decimal strings, up to 2^64 - 1. The exit code is 0 if every line was answered.
    #[command(subcommand)]
    Tool(tool::ToolCommand),
    /// Print a completion script for a shell
    Completions(shell::Completions),
    /// Print the manual page of a command, for `man -l -`, or write all of them
    Man(shell::Manual),
}

/// Does what `command` says.
pub(crate) async fn run(options: &Options, command: Command) -> Result<Exit, CliError> {
    let done = match command {
        Command::Receipt(command) => return command.run(options).await,
        Command::Verify(command) => return command.run(options).await,
        Command::Fsck(command) => return command.run(options).await,
        Command::Mirror(command) => return command.run(options).await,
        Command::Cosign(command) => return command.run(options).await,
        Command::Audit(command) => return command.run(options).await,
        Command::Backup(command) => command.run(options),
        Command::Auditor(command) => command.run(options).await,
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
        Command::Period(command) => command.run(options).await,
        Command::Anchor(command) => command.run(options).await,
        Command::Prove(command) => command.run(options).await,
        Command::ProveAbsence(command) => command.run(options).await,
        Command::Keygen(command) => command.run(options),
        Command::Address => address(options),
        Command::Balance(command) => command.run(options).await,
        Command::Airdrop(command) => command.run(options).await,
        Command::Warp(command) => command.run(options).await,
        Command::Config(command) => command.run(options).await,
        Command::Agent(command) => command.run(options).await,
        Command::Certifier(command) => command.run(options).await,
        Command::Certify(command) => command.run(options).await,
        Command::Log(command) => command.run(options).await,
        Command::Bond(command) => command.run(options).await,
        Command::Claim(command) => command.run(options).await,
        Command::Cost(command) => command.run(options).await,
        Command::Deploy(command) => command.run(options).await,
        Command::Program(command) => command.run(options).await,
        Command::Serve(command) => command.run(options).await,
        Command::Tool(command) => command.run(),
    };
    done.map(|()| Exit::Done)
}

fn address(options: &Options) -> Result<(), CliError> {
    let address = options.keypair()?.pubkey().to_string();
    output::print(options.output, &AddressView { address })
}

/// The SHA-256 of a file, which messages call `what`.
fn hash_of_file(what: &str, path: &Path) -> Result<[u8; 32], CliError> {
    let bytes = fs::read(path).map_err(|error| {
        CliError::new(format!("{what} {} cannot be read: {error}", path.display()))
    })?;
    Ok(Sha256::digest(&bytes).into())
}

/// Reads a name.
fn name(text: &str) -> Result<Name, String> {
    Name::parse(text)
        .ok_or_else(|| "a name has 1 to 32 printable ASCII characters, and no spaces".to_owned())
}
