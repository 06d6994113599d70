//! How fast pages are with a million receipts in the store. `cargo xtask bench pages` builds both programs
//! and runs this.
//!
//! Everything is there as users bring it about: agents and a log on the ledger, receipts that were imported,
//! periods that were sealed and anchored, a run that came in as events. Then every page is asked for, again
//! and again, over one connection.
#![allow(clippy::print_stdout, clippy::print_stderr)]

#[path = "../load/line.rs"]
mod line;
#[path = "../lines.rs"]
mod lines;
#[allow(dead_code, reason = "the other program kills it too")]
#[path = "../load/server.rs"]
mod server;
mod stage;
#[path = "../load/times.rs"]
mod times;

use anyhow::{Result, ensure};
use clap::Parser;
use line::Line;
use serde::Serialize;
use server::Server;
use stage::Stage;
use std::{fs, path::PathBuf, time::Instant};
use times::{Summary, Times};

/// Measures the pages
#[derive(Parser)]
struct Arguments {
    /// The `runseal` to start
    #[arg(long)]
    program: PathBuf,
    /// How many receipts are in the store
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1_000..))]
    receipts: u64,
    /// How often each page is asked for
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Where the store is made
    #[arg(long)]
    folder: PathBuf,
    /// Where the numbers are written
    #[arg(long)]
    json: PathBuf,
}

#[derive(Serialize)]
struct Report {
    receipts: u64,
    /// In microseconds, the slowest page last.
    pages: Vec<Summary>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    fs::create_dir_all(&arguments.folder)?;
    let home = tempfile::tempdir_in(&arguments.folder)?;
    let stage = Stage::set(&arguments.program, home.path(), arguments.receipts)?;
    let server = Server::start(&arguments.program, home.path())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut pages = runtime.block_on(measure(&server, &stage, arguments.rounds))?;
    server.end()?;
    pages.sort_unstable_by_key(|page| page.max);
    let report = Report { receipts: arguments.receipts, pages };
    show(&report);
    fs::write(&arguments.json, serde_json::to_string_pretty(&report)? + "\n")?;
    Ok(())
}

async fn measure(server: &Server, stage: &Stage, rounds: u32) -> Result<Vec<Summary>> {
    let mut line = Line::open(server.address).await?;
    stage::run(&mut line).await?;
    let pages = stage.pages();
    let mut times = Times::default();
    for _ in 0..rounds {
        for (what, path) in &pages {
            let begun = Instant::now();
            let answer = line.call("GET", path, "").await?;
            times.add(what, begun.elapsed());
            let text = String::from_utf8_lossy(&answer.body);
            ensure!([200, 303].contains(&answer.status), "{path}: {} {text}", answer.status);
        }
    }
    Ok(times.summaries())
}

fn show(report: &Report) {
    println!("{} receipts", report.receipts);
    println!("{:<36} {:>6} {:>9} {:>9}", "ms", "calls", "p50", "max");
    for Summary { what, count, p50, max, .. } in &report.pages {
        let [p50, max] = [p50, max].map(|micros| *micros as f64 / 1_000.0);
        println!("{what:<36} {count:>6} {p50:>9.2} {max:>9.2}");
    }
}
