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
    /// Importing, sealing, proving and verifying receipts
    Client {
        /// How often everything is measured
        #[arg(long, default_value_t = 5)]
        rounds: u32,
        /// How many receipts are imported in a round
        #[arg(long, default_value_t = 100_000)]
        receipts: u64,
        /// How many are sealed in the period of which one is proved
        #[arg(long, default_value_t = 1_000_000)]
        sealed: u64,
    },
    /// Every page of the explorer, with many receipts in the store
    Pages {
        /// How many receipts
        #[arg(long, default_value_t = 1_000_000)]
        receipts: u64,
        /// How often each page is asked for
        #[arg(long, default_value_t = 30)]
        rounds: u32,
    },
}

/// Builds the benchmark as it would be deployed, runs it, and leaves its ratios in a file.
pub(crate) fn run(subject: &Subject) -> Result<()> {
    let build = ["build", "--quiet", "--locked", "--profile", "native", "--package"];
    shell::step("build the benchmark", shell::cargo().args(build).arg("runseal-bench"))?;
    let folder = workspace::target().join("bench");
    let program = |name| std::process::Command::new(workspace::target().join("native").join(name));
    let (mut bench, json) = match subject {
        Subject::Core { rounds } => {
            let mut bench = program("runseal-bench");
            bench.args(["core", "--rounds", &rounds.to_string()]);
            (bench, folder.join("core.json"))
        }
        Subject::Client { rounds, receipts, sealed } => {
            let mut bench = program("runseal-bench-client");
            bench.args(["--rounds", &rounds.to_string(), "--receipts", &receipts.to_string()]);
            bench.args(["--sealed", &sealed.to_string()]).arg("--folder").arg(&folder);
            (bench, folder.join("client.json"))
        }
        Subject::Pages { receipts, rounds } => {
            let package = ["runseal-cli", "--bin", "runseal"];
            shell::step("build the service", shell::cargo().args(build).args(package))?;
            let mut bench = program("runseal-bench-pages");
            bench.args(["--receipts", &receipts.to_string(), "--rounds", &rounds.to_string()]);
            bench.arg("--program").arg(workspace::target().join("native/runseal"));
            bench.arg("--folder").arg(&folder);
            (bench, folder.join("pages.json"))
        }
    };
    shell::run(bench.arg("--json").arg(&json))?;
    eprintln!("\nthe ratios are in {}", json.display());
    Ok(())
}
