//! A log's anchors, as a chain would have made them.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of it")]

use runseal_engine::{
    Place,
    anchor_step::{Delay, Schedule},
    audit::log::{LogFacts, SeenAnchor},
};
use runseal_merkle::{Tree, leaf_hash};
use runseal_types::{AnchorFacts, Digest, Period};

pub const SCHEDULE: Schedule =
    Schedule { start_seconds: 1_000, cadence_seconds: 100, grace_seconds: 10 };

/// The anchors of a log that posted each so many seconds after its first period began, and so late.
pub fn chain(place: Place, posted: &[(i64, Delay)]) -> Vec<SeenAnchor> {
    let mut anchors: Vec<SeenAnchor> = Vec::new();
    for (period, (passed, delay)) in (0u64..).zip(posted.iter().copied()) {
        let start_seconds = 1_000 + i64::try_from(period).expect("it is small") * 100;
        let previous = anchors.last();
        let facts = AnchorFacts {
            context: Place { period: Period(period), ..place }.context(),
            root: Digest::of(&[&period.to_le_bytes()]),
            leaf_count: period + 1,
            cumulative_leaf_count: previous
                .map_or(0, |previous| previous.facts.cumulative_leaf_count)
                + period
                + 1,
            previous_anchor_hash: previous.map_or(Digest::ZERO, |previous| previous.hash),
            start_seconds,
            end_seconds: start_seconds + 100,
            posted_slot: 7 * period,
            posted_unix_seconds: 1_000 + passed,
        };
        anchors.push(SeenAnchor { facts, hash: facts.hash(), delay });
    }
    anchors
}

/// What a log says whose anchors these are.
pub fn facts_over(place: Place, anchors: &[SeenAnchor]) -> LogFacts {
    let last = anchors.last().expect("there is one");
    let leaves = anchors.iter().map(|anchor| leaf_hash(&[anchor.hash.as_bytes()]));
    let count = |delay| anchors.iter().filter(|anchor| anchor.delay == delay).count();
    let count = |delay| u64::try_from(count(delay)).expect("they are few");
    LogFacts {
        genesis_hash: place.genesis_hash,
        log: place.log,
        schedule: SCHEDULE,
        anchor_count: u64::try_from(anchors.len()).expect("they are few"),
        head_anchor_hash: last.hash,
        cumulative_leaf_count: last.facts.cumulative_leaf_count,
        late_count: count(Delay::Late),
        missed_count: count(Delay::Missed),
        range_root: Digest::new(Tree::from_leaf_hashes(leaves).root()),
    }
}
