//! What is printed, and the file for other tools.

use crate::harness::{Comparison, Times, median};
use anyhow::{Context, Result};
use std::{fs, path::Path};

/// Prints what the results depend on.
pub(crate) fn machine() {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("{cores} cores; features: {}", features().join(" "));
    if let Ok(load) = fs::read_to_string("/proc/loadavg") {
        println!("load before: {}", load.trim());
    }
}

#[cfg(target_arch = "x86_64")]
fn features() -> Vec<&'static str> {
    let all = [
        ("sha", is_x86_feature_detected!("sha")),
        ("avx2", is_x86_feature_detected!("avx2")),
        ("avx512f", is_x86_feature_detected!("avx512f")),
        ("avx512bw", is_x86_feature_detected!("avx512bw")),
        ("avx512vl", is_x86_feature_detected!("avx512vl")),
        ("avx512ifma", is_x86_feature_detected!("avx512ifma")),
    ];
    all.iter().filter(|(_, there)| *there).map(|(name, _)| *name).collect()
}

#[cfg(not(target_arch = "x86_64"))]
fn features() -> Vec<&'static str> {
    vec!["not asked for"]
}

/// Prints what each contender took, the control in the last line.
pub(crate) fn times(heading: &str, times: &Times) {
    println!("\n{heading}");
    println!("  {:<22} {:>10} {:>10} {:>10}", "", "least", "median", "most");
    for row in &times.rows {
        let least = row.seconds.iter().copied().fold(f64::INFINITY, f64::min);
        let most = row.seconds.iter().copied().fold(0.0, f64::max);
        let shown = [least, median(&row.seconds), most].map(nanoseconds);
        println!("  {:<22} {:>10} {:>10} {:>10}", row.name, shown[0], shown[1], shown[2]);
    }
    let (used, rounds) = (times.control_seconds.len(), times.rounds);
    let control = times.control_gigabytes();
    println!("  control: sha2 over 1 MiB {control:.2} GB/s; {used} of {rounds} rounds used");
}

fn nanoseconds(seconds: f64) -> String {
    format!("{:.1} ns", seconds * 1e9)
}

/// Prints the ratios and writes them to `path`.
pub(crate) fn write(comparisons: &[Comparison], path: &Path) -> Result<()> {
    println!("\n  {:<22} {:>8}  {:<18} rival", "times better", "ratio", "95 % interval");
    for one in comparisons {
        let interval = format!("{:.2} to {:.2}", one.low, one.high);
        println!("  {:<22} {:>8.2}  {interval:<18} {}", one.name, one.ratio, one.rival);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let text = serde_json::to_string_pretty(comparisons)? + "\n";
    fs::write(path, text).with_context(|| format!("write {}", path.display()))
}
