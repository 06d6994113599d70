//! One file a command.

mod agent;
mod airdrop;
mod config;
mod keygen;
mod serve;
mod tool;

use crate::{context::Options, error::CliError};
use clap::Subcommand;

/// What can be asked for.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a keypair file
    Keygen(keygen::Keygen),
    /// Get lamports from a test ledger's faucet
    Airdrop(airdrop::Airdrop),
    /// The program's configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Agents and the vendors that answer for them
    #[command(subcommand)]
    Agent(agent::AgentCommand),
    /// Serve the explorer page
    Serve(serve::Serve),
    /// Answer JSON lines from stdin, for scripts and other implementations
    ///
    /// Every line gets one line, in order: {"ok":true}, or
    /// {"ok":false,"reason":WORD,"detail":SENTENCE}. A line that is not understood gets the reason
    /// Malformed and stops nothing. Hashes, keys and messages are hexadecimal; indices and counts are
    /// JSON integers or decimal strings, up to 2^64 - 1. The exit code is 0 if every line was answered.
    #[command(subcommand)]
    Tool(tool::ToolCommand),
}

/// Does what `command` says.
pub(crate) async fn run(options: &Options, command: Command) -> Result<(), CliError> {
    match command {
        Command::Keygen(command) => command.run(options),
        Command::Airdrop(command) => command.run(options).await,
        Command::Config(command) => command.run(options).await,
        Command::Agent(command) => command.run(options).await,
        Command::Serve(command) => command.run(options).await,
        Command::Tool(command) => command.run(),
    }
}
