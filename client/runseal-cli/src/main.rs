//! The `runseal` command: data on stdout, everything else on stderr.
//!
//! Exit codes: 0 done, or VERIFIED; 1 not done (the error says why and what to do), or FAILED; 2 the
//! command was not understood; 3 nobody can say yet, or INCOMPLETE; 4 ledger or store do not answer.

mod commands;
mod context;
mod durations;
mod error;
mod exit;
mod keys;
mod leaf_files;
mod leaf_source;
mod output;
mod progress;
mod solana_config;
mod stages;
mod stores;
mod views;

use clap::Parser;
use commands::Command;
use context::Options;
use std::process::ExitCode;

/// Signed receipts for every run of an AI agent, sealed daily on Solana, verifiable by anyone.
#[derive(Parser)]
#[command(name = "runseal", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match commands::run(&arguments.options, arguments.command).await {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::report(&error);
            error.exit().into()
        }
    }
}
