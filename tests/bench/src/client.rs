//! How fast receipts are imported and sealed. `cargo xtask bench client` builds and runs this.
#![allow(clippy::print_stdout)]

#[allow(dead_code, reason = "the other program uses the rest")]
mod harness;
mod import;
#[allow(dead_code, reason = "the other program uses the rest")]
mod report;

use anyhow::Result;
use clap::Parser;
use std::path::PathBuf;

/// Measures importing and sealing receipts
#[derive(Parser)]
struct Arguments {
    /// How often everything is measured
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How many receipts are imported in a round
    #[arg(long, default_value_t = 100_000)]
    receipts: u64,
    /// Where the stores are made, and so on which disk
    #[arg(long)]
    folder: PathBuf,
    /// Where the ratios are written
    #[arg(long)]
    json: PathBuf,
}

fn main() -> Result<()> {
    let Arguments { rounds, receipts, folder, json } = Arguments::parse();
    report::machine();
    report::write(&import::import_and_seal(rounds, receipts, &folder)?, &json)
}
