//! How fast receipts are imported, sealed, proved and verified. `cargo xtask bench client` builds and runs this.
#![allow(clippy::print_stdout)]

#[allow(dead_code, reason = "the other program uses the rest")]
mod harness;
mod import;
mod lines;
mod proving;
#[allow(dead_code, reason = "the other program uses the rest")]
mod report;
#[allow(dead_code, reason = "the other program uses the rest")]
mod rival;

use anyhow::Result;
use clap::Parser;
use std::path::PathBuf;

/// Measures importing, sealing, proving and verifying receipts
#[derive(Parser)]
struct Arguments {
    /// How often everything is measured
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How many receipts are imported in a round
    #[arg(long, default_value_t = 100_000)]
    receipts: u64,
    /// How many are sealed in the period of which one is proved
    #[arg(long, default_value_t = 1_000_000)]
    sealed: u64,
    /// Where the stores are made, and so on which disk
    #[arg(long)]
    folder: PathBuf,
    /// Where the ratios are written
    #[arg(long)]
    json: PathBuf,
}

fn main() -> Result<()> {
    let Arguments { rounds, receipts, sealed, folder, json } = Arguments::parse();
    report::machine();
    let mut comparisons = import::import_and_seal(rounds, receipts, &folder)?;
    comparisons.extend(proving::compare(rounds, &import::lines(sealed), &folder)?);
    report::write(&comparisons, &json)
}
