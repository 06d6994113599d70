//! How fast the core is, beside what others have. `cargo xtask bench core` builds and runs this.
//! `client.rs` is the other program here: what the client does, without an allocator that counts.
//!
//! To add a measurement, write a module with a function that takes the number of rounds and returns
//! `Comparison`s, and name it in `core`. `harness` measures, `report` prints and writes.
#![allow(clippy::print_stdout)]

mod harness;
mod memory;
mod merkle;
mod report;
mod rival;
mod signatures;

use anyhow::Result;
use clap::{Parser, Subcommand};
use harness::Comparison;
use std::path::{Path, PathBuf};

#[global_allocator]
static ALLOCATED: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// Measures the core beside what others have
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Subcommand)]
enum Subject {
    /// Trees and receipts
    Core {
        /// How often everything is measured
        #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..))]
        rounds: u32,
        /// Where the ratios are written
        #[arg(long)]
        json: PathBuf,
    },
}

fn main() -> Result<()> {
    let Subject::Core { rounds, json } = Arguments::parse().subject;
    core(usize::try_from(rounds)?, &json)
}

fn core(rounds: usize, json: &Path) -> Result<()> {
    report::machine();
    let mut comparisons: Vec<Comparison> = Vec::new();
    comparisons.extend(merkle::build(rounds));
    comparisons.push(merkle::memory());
    comparisons.push(merkle::verify(rounds));
    comparisons.extend(signatures::verify(rounds));
    report::write(&comparisons, json)
}
