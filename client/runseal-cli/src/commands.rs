//! One file a command.

mod agent;
mod airdrop;
mod config;
mod keygen;
mod program;
mod serve;

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
    /// The program itself: its bytes and who may change them
    #[command(subcommand)]
    Program(program::ProgramCommand),
    /// Serve the explorer page
    Serve(serve::Serve),
}

/// Does what `command` says.
pub(crate) async fn run(options: &Options, command: Command) -> Result<(), CliError> {
    match command {
        Command::Keygen(command) => command.run(options),
        Command::Airdrop(command) => command.run(options).await,
        Command::Config(command) => command.run(options).await,
        Command::Agent(command) => command.run(options).await,
        Command::Program(command) => command.run(options).await,
        Command::Serve(command) => command.run(options).await,
    }
}
