//! The `runseal` command: data on stdout, everything else on stderr.
//!
//! Exit codes: 0 done, or VERIFIED; 1 not done (the error says why and what to do), or FAILED; 2 the
//! command was not understood, or a file that a verdict needs cannot be read; 3 nobody can say yet,
//! or INCOMPLETE; 4 ledger or store do not answer.

mod clocks;
mod clusters;
mod commands;
mod context;
mod durations;
mod error;
mod exit;
mod files;
mod keys;
mod leaf_files;
mod leaf_source;
mod logs;
mod monikers;
mod output;
mod progress;
mod reasons;
mod signals;
mod solana_config;
mod stages;
mod stores;
mod usage;
mod views;

use clap::Parser;
use commands::Command;
use context::Options;
use error::CliError;
use std::process::ExitCode;
use tokio::runtime::Runtime;

/// Signed receipts for every run of an AI agent, sealed daily on Solana, verifiable by anyone.
#[derive(Parser)]
#[command(name = "runseal", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return failed(&usage::refused(&error)),
    };
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&CliError::new(format!("nothing can be started: {error}"))),
    };
    let done = runtime.block_on(commands::run(&arguments.options, arguments.command));
    // A command that is over waits for nobody: what it acknowledged is done.
    runtime.shutdown_background();
    done.map_or_else(|error| failed(&error), ExitCode::from)
}

fn failed(error: &CliError) -> ExitCode {
    output::report(error);
    error.exit().into()
}
