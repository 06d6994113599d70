//! What the service does under load (docs/benchmarks.md).

use crate::{shell, workspace};
use anyhow::Result;
use clap::Args;
use std::{path::PathBuf, process::Command};

/// How much load, and for how long.
#[derive(Args)]
pub(crate) struct Load {
    /// How many events are due each second
    #[arg(long, default_value_t = 2_000)]
    rate: u32,
    /// For how long
    #[arg(long, default_value_t = 120)]
    seconds: u64,
    /// How many runs are in flight
    #[arg(long, default_value_t = 64)]
    runs: u32,
    /// Have all runs end in the same moment, and not one after the other
    #[arg(long)]
    in_step: bool,
    /// Kill the service in the middle and start it again
    #[arg(long)]
    kill: bool,
    /// Another `runseal` to measure [default: one that is built as it would be deployed]
    #[arg(long)]
    program: Option<PathBuf>,
}

/// Builds what is needed, runs it, and leaves its numbers in a file.
pub(crate) fn run(load: &Load) -> Result<()> {
    let build = ["build", "--quiet", "--locked", "--profile", "native"];
    let mut built = shell::cargo();
    built.args(build).args(["--package", "runseal-bench", "--bin", "runseal-load"]);
    if load.program.is_none() {
        built.args(["--package", "runseal-cli", "--bin", "runseal"]);
    }
    shell::step("build the service and who calls it", &mut built)?;
    let native = workspace::target().join("native");
    let program = load.program.clone().unwrap_or_else(|| native.join("runseal"));
    let name = match (load.kill, load.in_step) {
        (true, _) => "load-killed.json",
        (false, true) => "load-in-step.json",
        (false, false) => "load.json",
    };
    let json = workspace::target().join("bench").join(name);
    let mut bench = Command::new(native.join("runseal-load"));
    bench.arg("--program").arg(program).arg("--json").arg(&json);
    bench.args(["--rate", &load.rate.to_string(), "--seconds", &load.seconds.to_string()]);
    bench.args(["--runs", &load.runs.to_string()]);
    bench.args(load.in_step.then_some("--in-step"));
    bench.args(load.kill.then_some("--kill"));
    shell::run(&mut bench)?;
    eprintln!("\nthe numbers are in {}", json.display());
    Ok(())
}
