//! Measuring beside something else on a machine that others use too.
//!
//! All contenders run in one process and take turns, so that whatever slows the machine down slows
//! all of them. What is measured is the thread's processor time. A ratio is formed within a round,
//! and its interval comes from drawing rounds again (a bootstrap). In every round plain SHA-256
//! over a mebibyte is timed as well: a round in which that was slow is not used.
//!
//! ```text
//! let times = measure(15, &[
//!     Contender { name: "theirs", units: 1000, work: &|| Box::new(theirs()) },
//!     Contender { name: "ours", units: 1000, work: &|| Box::new(ours()) },
//! ]);
//! report::times(&times);
//! let comparison = times.compare("name_in_the_json", "theirs", "ours");
//! ```

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{any::Any, hint::black_box};

/// A round counts unless its control took this much longer than the median control.
const MOST_CONTROL: f64 = 1.1;
const CONTROL_SIZE: usize = 1 << 20;
const DRAWS: usize = 10_000;

/// Something that is timed.
pub(crate) struct Contender<'a> {
    pub(crate) name: &'a str,
    /// How many leaves, proofs or receipts one piece of work has; times are printed for one.
    pub(crate) units: usize,
    /// What it returns is dropped after the clock has stopped.
    pub(crate) work: &'a dyn Fn() -> Box<dyn Any>,
}

/// What all contenders took, round by round.
pub(crate) struct Times {
    pub(crate) rows: Vec<Row>,
    /// How many rounds there were, with those that are not used.
    pub(crate) rounds: usize,
    pub(crate) control_seconds: Vec<f64>,
}

/// What one contender took for one unit, in the rounds that are used.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) seconds: Vec<f64>,
}

/// How many times better than a rival: a line of the file that other tools read.
#[derive(Serialize)]
pub(crate) struct Comparison {
    pub(crate) name: &'static str,
    pub(crate) rival: String,
    pub(crate) ratio: f64,
    /// The interval that the ratio is in with 95 %.
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// Lets the contenders take turns, once to warm up and then `rounds` times.
pub(crate) fn measure(rounds: usize, contenders: &[Contender<'_>]) -> Times {
    let control = vec![0x5a; CONTROL_SIZE];
    let mut controls = Vec::new();
    let mut rows = vec![Vec::new(); contenders.len()];
    for round in 0..=rounds {
        let control = seconds_of(&|| Box::new(Sha256::digest(black_box(&control))));
        let seconds: Vec<f64> = contenders.iter().map(|one| seconds_of(one.work)).collect();
        if round > 0 {
            controls.push(control);
            rows.iter_mut().zip(seconds).for_each(|(row, seconds)| row.push(seconds));
        }
    }
    let limit = median(&controls) * MOST_CONTROL;
    let used = |seconds: &[f64]| -> Vec<f64> {
        let pairs = seconds.iter().zip(&controls).filter(|(_, control)| **control <= limit);
        pairs.map(|(seconds, _)| *seconds).collect()
    };
    let rows = rows.iter().zip(contenders).map(|(seconds, contender)| Row {
        name: contender.name.to_owned(),
        seconds: used(seconds).iter().map(|all| all / contender.units as f64).collect(),
    });
    Times { rows: rows.collect(), rounds, control_seconds: used(&controls) }
}

impl Times {
    /// How many gigabytes of a long message plain SHA-256 hashed in a second.
    pub(crate) fn control_gigabytes(&self) -> f64 {
        CONTROL_SIZE as f64 / median(&self.control_seconds) / 1e9
    }

    /// How many times less than `rival` the contender `ours` took.
    pub(crate) fn compare(&self, name: &'static str, rival: &str, ours: &str) -> Comparison {
        let pairs = self.row(rival).seconds.iter().zip(&self.row(ours).seconds);
        let ratios: Vec<f64> = pairs.map(|(rival, ours)| rival / ours).collect();
        let (low, high) = interval(&ratios);
        Comparison { name, rival: rival.to_owned(), ratio: median(&ratios), low, high }
    }

    fn row(&self, name: &str) -> &Row {
        let row = self.rows.iter().find(|row| row.name == name);
        row.expect("a comparison names contenders of its own measurement")
    }
}

/// Returns the thread's processor time that `work` takes.
fn seconds_of(work: &dyn Fn() -> Box<dyn Any>) -> f64 {
    let before = thread_seconds();
    let made = black_box(work());
    let seconds = thread_seconds() - before;
    drop(made);
    seconds
}

fn thread_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Returns the middle of some numbers.
pub(crate) fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() % 2 {
        0 => (sorted[middle - 1] + sorted[middle]) / 2.0,
        _ => sorted[middle],
    }
}

/// Returns where the median of such ratios is with 95 %.
pub(crate) fn interval(ratios: &[f64]) -> (f64, f64) {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut medians: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let drawn: Vec<f64> =
                ratios.iter().map(|_| ratios[draw(&mut random, ratios.len())]).collect();
            median(&drawn)
        })
        .collect();
    medians.sort_by(f64::total_cmp);
    (medians[DRAWS / 40], medians[DRAWS - 1 - DRAWS / 40])
}

/// Marsaglia's xorshift: the same draws in every run.
fn draw(random: &mut u64, below: usize) -> usize {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    (*random >> 33) as usize % below
}

#[cfg(test)]
mod tests {
    use super::{Contender, interval, measure, median};

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!((median(&[3.0, 1.0, 2.0]), median(&[4.0, 1.0, 2.0, 3.0])), (2.0, 2.5));
    }

    #[test]
    fn an_interval_is_around_the_median_and_within_what_was_seen() {
        let ratios = [2.0, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 9.0];
        let (low, high) = interval(&ratios);
        assert!(2.0 <= low && low < median(&ratios) && median(&ratios) < high && high <= 9.0);
        assert_eq!(interval(&[3.0; 5]), (3.0, 3.0));
    }

    #[test]
    fn every_round_that_counts_is_in_every_row() {
        let work = || -> Box<dyn std::any::Any> { Box::new((0..1000u64).sum::<u64>()) };
        let contenders = ["one", "other"].map(|name| Contender { name, units: 10, work: &work });
        let times = measure(5, &contenders);
        let used = times.control_seconds.len();
        assert!(0 < used && used <= times.rounds);
        assert!(times.rows.iter().all(|row| row.seconds.len() == used));
        assert!(times.compare("name", "one", "other").ratio > 0.0);
    }
}
