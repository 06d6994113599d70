//! How long calls took, from when they were due.

use serde::Serialize;
use std::{collections::BTreeMap, time::Duration};

/// Every time that was measured, in microseconds: of some hundred thousand calls none is left out.
#[derive(Default)]
pub(crate) struct Times(BTreeMap<&'static str, Vec<u64>>);

/// Times of one kind of call, in microseconds.
#[derive(Serialize)]
pub(crate) struct Summary {
    pub(crate) what: &'static str,
    pub(crate) count: usize,
    pub(crate) p50: u64,
    pub(crate) p99: u64,
    pub(crate) p999: u64,
    pub(crate) max: u64,
}

impl Times {
    pub(crate) fn add(&mut self, what: &'static str, took: Duration) {
        let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.0.entry(what).or_default().push(microseconds);
    }

    pub(crate) fn summaries(&mut self) -> Vec<Summary> {
        let summaries = self.0.iter_mut().map(|(what, times)| {
            times.sort_unstable();
            Summary {
                what,
                count: times.len(),
                p50: permille(times, 500),
                p99: permille(times, 990),
                p999: permille(times, 999),
                max: permille(times, 1_000),
            }
        });
        summaries.collect()
    }
}

/// Returns a time that occurred, below or at which so many of a thousand are.
fn permille(sorted: &[u64], permille: usize) -> u64 {
    let index = (sorted.len() * permille).div_ceil(1_000).saturating_sub(1);
    sorted.get(index).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::permille;

    #[test]
    fn a_percentile_is_a_time_that_occurred() {
        let times: Vec<u64> = (1..=2_000).collect();
        let found = [500, 990, 999, 1_000].map(|at| permille(&times, at));
        assert_eq!(found, [1_000, 1_980, 1_998, 2_000]);
        assert_eq!((permille(&[7], 1), permille(&[], 500)), (7, 0));
    }
}
