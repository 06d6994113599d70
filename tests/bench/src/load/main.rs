//! What the service does under load. `cargo xtask load` builds both programs and runs this.
//!
//! Calls are made when they are due, whether or not earlier ones were answered, and every time is
//! measured from when the call was due: a service that stalls cannot hide the calls that were not made
//! meanwhile. Whatever it acknowledged is looked up in the end, also if it was killed in the middle.
#![allow(clippy::print_stdout)]

mod checking;
mod lane;
mod line;
mod server;
mod times;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use lane::{Lane, Plan};
use serde::Serialize;
use server::Server;
use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use times::{Summary, Times};
use tokio::{
    task::JoinSet,
    time::{sleep, sleep_until},
};

/// Measures the service under load
#[derive(Parser)]
struct Arguments {
    /// The `runseal` to start
    #[arg(long)]
    program: PathBuf,
    /// How many events are due each second
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rate: u32,
    /// For how long
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// How many runs are in flight
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    runs: u32,
    /// How many events each has
    #[arg(long, default_value_t = 18, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    events: u32,
    /// Have all runs end in the same moment, and not one after the other
    #[arg(long)]
    in_step: bool,
    /// Kill the service in the middle, as a power cut would, and start it again
    #[arg(long)]
    kill: bool,
    /// Where the numbers are written
    #[arg(long)]
    json: PathBuf,
}

/// What was measured.
#[derive(Serialize)]
struct Report {
    rate: u32,
    seconds: u64,
    runs_in_flight: u32,
    events_a_run: u32,
    in_step: bool,
    was_killed: bool,
    /// From the kill until it answered again.
    down_milliseconds: Option<u128>,
    acknowledged_events: u64,
    acknowledged_runs: u64,
    /// How many of these were looked up in the end: all of them.
    checked_runs: u64,
    repeated_calls: u64,
    writes_a_sync: Option<f64>,
    times: Vec<Summary>,
}

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(&Arguments::parse()))
}

async fn run(arguments: &Arguments) -> Result<()> {
    let home = tempfile::tempdir()?;
    let mut server = Server::start(&arguments.program, home.path())?;
    let address = server.address;
    let plan = Plan {
        address,
        events: arguments.events,
        slot: Duration::from_secs(1)
            .checked_mul(arguments.runs * arguments.events)
            .and_then(|time| time.checked_div(arguments.rate * (arguments.events + 2)))
            .context("such a load cannot be planned")?,
        begin: Instant::now() + Duration::from_millis(500),
        length: Duration::from_secs(arguments.seconds),
    };
    let times = Arc::new(Mutex::new(Times::default()));
    let mut lanes: JoinSet<Result<Lane>> = JoinSet::new();
    for number in 0..arguments.runs {
        // Each begins a little later, so that calls are due one after the other; and, unless they are
        // to go in step, each is at another place of its run, as runs of many agents are.
        let mut plan = plan;
        let calls = if arguments.in_step { 1 } else { arguments.events + 2 };
        plan.begin += plan.slot * calls * number / arguments.runs;
        lanes.spawn(Lane::drive(number, plan, Arc::clone(&times)));
    }
    let mut down = None;
    if arguments.kill {
        sleep_until((plan.begin + plan.length / 2).into()).await;
        let killed = Instant::now();
        server = server.kill_and_restart()?;
        while line::Line::open(address).await.is_err() {
            sleep(Duration::from_millis(1)).await;
        }
        down = Some(killed.elapsed().as_millis());
    }
    let mut done = Vec::new();
    while let Some(lane) = lanes.join_next().await {
        done.push(lane??);
    }
    let writes_a_sync = checking::writes_a_sync(address).await?;
    let checked_runs = checking::check(address, &done, arguments.events).await?;
    server.end()?;
    checking::fsck(&arguments.program, home.path())?;
    let count = |of: fn(&Lane) -> u64| done.iter().map(of).sum::<u64>();
    let report = Report {
        rate: arguments.rate,
        seconds: arguments.seconds,
        runs_in_flight: arguments.runs,
        events_a_run: arguments.events,
        in_step: arguments.in_step,
        was_killed: arguments.kill,
        down_milliseconds: down,
        acknowledged_events: count(Lane::events),
        acknowledged_runs: count(Lane::runs),
        checked_runs,
        repeated_calls: count(Lane::repeated),
        writes_a_sync,
        times: times.lock().map_err(|_| anyhow::anyhow!("a lane failed"))?.summaries(),
    };
    ensure!(report.checked_runs >= report.acknowledged_runs, "not every run was looked up");
    show(&report);
    if let Some(folder) = arguments.json.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&arguments.json, serde_json::to_string_pretty(&report)? + "\n")?;
    Ok(())
}

fn show(report: &Report) {
    let Report { rate, seconds, acknowledged_events, acknowledged_runs, .. } = report;
    let together = if report.in_step { ", in step" } else { "" };
    println!("{rate} events/s for {seconds} s, {} runs in flight{together}", report.runs_in_flight);
    println!(
        "{acknowledged_events} events and {acknowledged_runs} runs acknowledged, all found again"
    );
    println!("{} calls had to be made again", report.repeated_calls);
    if let Some(down) = report.down_milliseconds {
        println!("killed in the middle; it answered again after {down} ms");
    }
    if let Some(writes) = report.writes_a_sync {
        println!("{writes:.1} writes a sync");
    }
    println!(
        "{:<28} {:>8} {:>9} {:>9} {:>9} {:>9}",
        "ms from when due", "calls", "p50", "p99", "p99.9", "max"
    );
    for times in &report.times {
        let ms = |microseconds: u64| {
            format!("{}.{:01}", microseconds / 1_000, microseconds % 1_000 / 100)
        };
        let Summary { what, count, p50, p99, p999, max } = times;
        println!(
            "{what:<28} {count:>8} {:>9} {:>9} {:>9} {:>9}",
            ms(*p50),
            ms(*p99),
            ms(*p999),
            ms(*max)
        );
    }
}
