use crate::exposition::{Exposition, Kind};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Up to how many microseconds a call belongs to a class; the last class has no bound.
const BOUNDS: [(u64, &str); 14] = [
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (2_500_000, "2.5"),
    (5_000_000, "5"),
    (10_000_000, "10"),
    (30_000_000, "30"),
];

/// Which calls are counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Class {
    pub(crate) method: &'static str,
    /// The path with names in the place of what callers put there, so that there are not many.
    pub(crate) route: String,
    /// The first digit of the status.
    pub(crate) status: u16,
}

#[derive(Clone, Debug, Default)]
struct Calls {
    counts: [u64; BOUNDS.len()],
    count: u64,
    microseconds: u64,
}

/// How many calls there were, and how long they took.
#[derive(Debug, Default)]
pub(crate) struct Meters(Mutex<BTreeMap<Class, Calls>>);

impl Meters {
    /// Counts a call.
    pub(crate) fn count(&self, class: Class, took: Duration) {
        let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = calls.entry(class).or_default();
        calls.count = calls.count.saturating_add(1);
        calls.microseconds = calls.microseconds.saturating_add(microseconds);
        let index = BOUNDS.iter().position(|(bound, _)| microseconds <= *bound);
        if let Some(count) = index.and_then(|index| calls.counts.get_mut(index)) {
            *count = count.saturating_add(1);
        }
    }

    /// Writes what was counted as a histogram of this name.
    pub(crate) fn write(&self, name: &str, help: &str, to: &mut Exposition) {
        let calls = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        to.family(name, Kind::Histogram, help);
        for (class, calls) in &calls {
            let status = format!("{}xx", class.status);
            let labels =
                [("method", class.method), ("route", &class.route), ("status", status.as_str())];
            let (bucket, mut sum) = (format!("{name}_bucket"), 0u64);
            for ((_, bound), count) in BOUNDS.iter().zip(calls.counts) {
                sum = sum.saturating_add(count);
                to.sample(&bucket, &[&labels[..], &[("le", bound)]].concat(), sum);
            }
            to.sample(&bucket, &[&labels[..], &[("le", "+Inf")]].concat(), calls.count);
            to.seconds(&format!("{name}_sum"), &labels, calls.microseconds);
            to.sample(&format!("{name}_count"), &labels, calls.count);
        }
    }
}
