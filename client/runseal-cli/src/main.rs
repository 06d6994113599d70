//! The `runseal` command: data on stdout, everything else on stderr.
//!
//! Exit codes: 0 done, 1 not done (the error says why and what to do), 2 the command was not
//! understood.

mod commands;
mod context;
mod durations;
mod error;
mod keys;
mod output;
mod stages;
mod views;

use clap::Parser;
use commands::Command;
use context::Options;
use std::process::ExitCode;

/// Signed receipts for every run of an AI agent, sealed daily on Solana, verifiable by anyone.
#[derive(Parser)]
#[command(name = "runseal", version, arg_required_else_help = true)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match commands::run(&arguments.options, arguments.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::report(&error);
            ExitCode::FAILURE
        }
    }
}
