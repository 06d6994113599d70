//! `cargo xtask`: sets up, builds, checks, tests, measures and shows the project.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod anchor;
mod bench;
mod browser;
mod contract;
mod demo;
mod fuzz;
mod gate;
mod idl;
mod link;
mod load;
mod program;
mod sbf;
mod setup;
mod shell;
mod size;
mod wasm;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::{env, path::Path, process::ExitCode};

/// Sets up, builds, checks, tests, measures and shows Runseal
#[derive(Parser)]
#[command(name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Show the main job on the embedded ledger, with nothing installed
    Demo,
    /// Run everything on a fresh machine: set up, check, build the program, test on a real validator
    Test,
    /// Run the quick gate: formatting, lints, documentation, sizes and tests without a validator
    Check,
    /// Install what building the program and the whole test suite need
    Setup,
    /// Build the on-chain program and its interface, and put them where the clients carry them
    Program {
        /// Build, change nothing, and fail unless the committed files are the same to the bit
        #[arg(long)]
        check: bool,
        /// Also run every instruction and write docs/compute-units.json
        #[arg(long, conflicts_with = "check")]
        measure: bool,
    },
    /// Measure how fast it is, beside what others have
    Bench {
        #[command(subcommand)]
        subject: bench::Subject,
    },
    /// Measure the service under load, and look up everything that it acknowledged
    Load(load::Load),
    /// Feed every parser and verifier with inputs that nobody thought of
    Fuzz(fuzz::Fuzz),
    /// Call a real service in every way that its OpenAPI document allows, and in others
    Contract(contract::Contract),
    /// Check the sizes of files and functions
    Size,
    /// Build the module for browsers, run the vector files through it, and put it where the service
    /// carries it
    Wasm {
        /// Build, change nothing, and fail unless the committed module is the same to the bit
        #[arg(long)]
        check: bool,
    },
    /// Drive the explorer in a real browser, and take pictures of every page
    Browser {
        /// Not on a validator too
        #[arg(long)]
        only_embedded: bool,
    },
    /// Stand in for `cargo build-sbf`, as `anchor build` calls it
    #[command(hide = true, disable_help_flag = true)]
    BuildSbf {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Print the program's interface
    #[command(hide = true)]
    PrintIdl,
}

fn main() -> ExitCode {
    let done = match link::arguments_if_called_as_linker(env::args()) {
        Some(arguments) => link::link(&arguments),
        None => run(Arguments::parse().task),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    match task {
        Task::Demo => demo::run(),
        Task::Test => gate::test(),
        Task::Check => gate::check(),
        Task::Setup => setup::everything().map(drop),
        Task::Program { check: true, .. } => program::check(),
        Task::Program { measure: true, .. } => program::write().and_then(|()| program::measure()),
        Task::Program { .. } => program::write(),
        Task::Bench { subject } => bench::run(&subject),
        Task::Load(load) => load::run(&load),
        Task::Fuzz(fuzz) => fuzz::run(&fuzz),
        Task::Contract(contract) => contract::run(&contract),
        Task::Size => size::run(),
        Task::Wasm { check: true } => wasm::check(),
        Task::Wasm { .. } => wasm::write(),
        Task::Browser { only_embedded } => browser::run(only_embedded),
        Task::BuildSbf { arguments } => sbf::build_as_anchor_asks(Path::new("."), &arguments),
        Task::PrintIdl => idl::print(),
    }
}
