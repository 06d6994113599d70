//! How fast it is, beside what others have (docs/benchmarks.md).

use crate::{shell, workspace};
use anyhow::Result;
use clap::Subcommand;

/// What is measured.
#[derive(Subcommand)]
pub(crate) enum Subject {
    /// Trees and receipts
    Core {
        /// How often everything is measured; more make the intervals narrower
        #[arg(long, default_value_t = 15)]
        rounds: u32,
    },
}

/// Builds the benchmark as it would be deployed, runs it, and leaves its ratios in a file.
pub(crate) fn run(subject: &Subject) -> Result<()> {
    let Subject::Core { rounds } = subject;
    let build = ["build", "--quiet", "--locked", "--profile", "native", "--package"];
    shell::step("build the benchmark", shell::cargo().args(build).arg("runseal-bench"))?;
    let json = workspace::target().join("bench/core.json");
    let mut bench = std::process::Command::new(workspace::target().join("native/runseal-bench"));
    bench.args(["core", "--rounds", &rounds.to_string(), "--json"]).arg(&json);
    shell::run(&mut bench)?;
    eprintln!("\nthe ratios are in {}", json.display());
    Ok(())
}
