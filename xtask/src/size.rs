//! How long files and functions may be, room by room (CONTRIBUTING.md, section 4).

mod functions;

use crate::{shell, workspace};
use anyhow::{Context, Result, bail};
use functions::functions_in;
use std::{collections::BTreeMap, fs};

/// The most lines that a room allows.
struct Limits {
    room: &'static str,
    file_median: usize,
    file_p90: usize,
    file: usize,
    function: usize,
}

const LIMITS: [Limits; 6] = [
    Limits { room: "programs/", file_median: 90, file_p90: 200, file: 300, function: 60 },
    Limits { room: "core/", file_median: 120, file_p90: 250, file: 400, function: 60 },
    Limits { room: "client/", file_median: 120, file_p90: 250, file: 400, function: 70 },
    Limits { room: "app/", file_median: 120, file_p90: 250, file: 400, function: 70 },
    Limits { room: "xtask/", file_median: 120, file_p90: 250, file: 400, function: 70 },
    Limits { room: "tests/", file_median: 150, file_p90: 300, file: 500, function: 80 },
];

/// Prints every breach and fails if there is one that is not excused.
pub(crate) fn run() -> Result<()> {
    let mut exceptions = read_exceptions()?;
    let mut breaches = Vec::new();
    for limits in &LIMITS {
        breaches.extend(breaches_in(limits)?);
    }
    breaches.retain(|breach| exceptions.remove(&breach.place).is_none());
    for breach in &breaches {
        println!("{}: {}", breach.place, breach.what);
    }
    for place in exceptions.keys() {
        println!("{place}: is excused in xtask/size-exceptions.txt and needs no excuse");
    }
    if breaches.is_empty() && exceptions.is_empty() {
        return Ok(());
    }
    bail!("sizes: make it smaller, or excuse it with a reason in xtask/size-exceptions.txt")
}

struct Breach {
    /// A file, `file::function` or a room.
    place: String,
    what: String,
}

fn breaches_in(limits: &Limits) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    let mut sizes = Vec::new();
    for path in rust_files(limits.room)? {
        let text = fs::read_to_string(workspace::root().join(&path))
            .with_context(|| format!("read {path}"))?;
        let lines = text.lines().count();
        sizes.push(lines);
        if lines > limits.file {
            let what = format!("{lines} lines, {} are allowed here", limits.file);
            breaches.push(Breach { place: path.clone(), what });
        }
        for (name, lines) in functions_in(&text).with_context(|| format!("parse {path}"))? {
            if lines > limits.function {
                let what = format!("{lines} lines, {} are allowed here", limits.function);
                breaches.push(Breach { place: format!("{path}::{name}"), what });
            }
        }
    }
    sizes.sort_unstable();
    let shapes = [("median", 50, limits.file_median), ("90th percentile", 90, limits.file_p90)];
    for (name, percent, most) in shapes {
        let found = percentile(&sizes, percent);
        if found > most {
            let what = format!("the {name} of its files is {found} lines, {most} are allowed");
            breaches.push(Breach { place: limits.room.to_owned(), what });
        }
    }
    Ok(breaches)
}

fn rust_files(room: &str) -> Result<Vec<String>> {
    let mut git = std::process::Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "--", room]);
    let listed = shell::read(git.current_dir(workspace::root()))?;
    let exists = |path: &&str| workspace::root().join(path).is_file();
    Ok(listed
        .lines()
        .filter(|path| path.ends_with(".rs"))
        .filter(exists)
        .map(str::to_owned)
        .collect())
}

fn percentile(sorted: &[usize], percent: usize) -> usize {
    let index = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(index).copied().unwrap_or(0)
}

/// Reads the excuses: a place, a colon and a space, a reason.
fn read_exceptions() -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(workspace::root().join("xtask/size-exceptions.txt"))?;
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (place, reason) =
                line.split_once(": ").with_context(|| format!("{line}: no reason"))?;
            Ok((place.to_owned(), reason.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn a_percentile_is_a_size_that_occurs() {
        let sizes: Vec<usize> = (1..=10).collect();
        assert_eq!((percentile(&sizes, 50), percentile(&sizes, 90)), (5, 9));
        assert_eq!((percentile(&[], 50), percentile(&[7], 90)), (0, 7));
    }
}
