//! Whether a log's anchors are one chain, and what the log says of them.

use crate::{
    anchor_step::{Delay, Schedule},
    seal::Place,
};
use runseal_merkle::{leaf_hash, mountain_range::MountainRange};
use runseal_types::{Address, AnchorFacts, Digest, Period};

/// What a log's account says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogFacts {
    /// Which chain.
    pub genesis_hash: Digest,
    /// The log's account.
    pub log: Address,
    /// When its periods begin and end.
    pub schedule: Schedule,
    /// How many periods are anchored.
    pub anchor_count: u64,
    /// The newest anchor's hash.
    pub head_anchor_hash: Digest,
    /// How many leaves all anchors together have.
    pub cumulative_leaf_count: u64,
    /// How many periods were anchored late.
    pub late_count: u64,
    /// How many were anchored later than that.
    pub missed_count: u64,
    /// The root of the mountain range over all anchors' hashes.
    pub range_root: Digest,
}

/// What an anchor's account says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenAnchor {
    /// The facts that its hash covers.
    pub facts: AnchorFacts,
    /// The hash that stands there.
    pub hash: Digest,
    /// How late it is said to be.
    pub delay: Delay,
}

/// What is wrong with a log. On a chain that runs the registry none of these can happen: whoever finds
/// one was lied to by an endpoint, or found another program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// The anchor's hash is not that of what it says.
    #[error("the anchor's hash is {found}, what it says has the hash {computed}")]
    WrongHash {
        /// What stands there.
        found: Digest,
        /// What it should be.
        computed: Digest,
    },
    /// The anchor is of another chain, log or period.
    #[error("the anchor is of another chain, log or period")]
    WrongContext,
    /// It names another anchor before it.
    #[error("the anchor before is {expected}, it names {found}")]
    WrongPrevious {
        /// The hash of the anchor before.
        expected: Digest,
        /// What it names.
        found: Digest,
    },
    /// Its leaves do not add up.
    #[error("with this period the log has {expected} leaves, the anchor says {found}")]
    WrongCumulativeCount {
        /// What they add up to.
        expected: u64,
        /// What it says.
        found: u64,
    },
    /// It gives the period other times.
    #[error("the anchor gives the period other times than the log's schedule")]
    WrongTimes,
    /// It was posted before its period was over.
    #[error("the anchor was posted at {posted_seconds}, before its period ended at {end_seconds}")]
    PostedEarly {
        /// When it was posted.
        posted_seconds: i64,
        /// When the period ended.
        end_seconds: i64,
    },
    /// It is said to be earlier or later than it was.
    #[error("the anchor is called {found:?} and was posted {expected:?}")]
    WrongDelay {
        /// What follows from its times.
        expected: Delay,
        /// What it says.
        found: Delay,
    },
    /// The log's head is another anchor.
    #[error("the log's newest anchor is {expected}, the last one that was read is {found}")]
    WrongHead {
        /// The log's.
        expected: Digest,
        /// The last anchor's.
        found: Digest,
    },
    /// The log counts other leaves than its anchors.
    #[error("the log counts {expected} leaves, its anchors {found}")]
    WrongLeafCount {
        /// The log's.
        expected: u64,
        /// The last anchor's.
        found: u64,
    },
    /// The log's mountain range is over other anchors.
    #[error("the log's range has the root {expected}, its anchors lead to {found}")]
    WrongRange {
        /// The log's.
        expected: Digest,
        /// What the anchors lead to.
        found: Digest,
    },
    /// The log counts other periods as late or missed.
    #[error(
        "the log counts {late} late and {missed} missed periods, its anchors {found_late} and {found_missed}"
    )]
    WrongDelayCounts {
        /// Late, by the log.
        late: u64,
        /// Missed, by the log.
        missed: u64,
        /// Late, by the anchors.
        found_late: u64,
        /// Missed, by the anchors.
        found_missed: u64,
    },
}

/// What a walk through a log came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogReport {
    /// What is wrong; with the anchor of a period, or with the log itself.
    pub defects: Vec<(Option<Period>, Defect)>,
    /// The periods that were anchored after their grace, and how late.
    pub delayed: Vec<(Period, Delay)>,
    /// The periods whose anchor is closed.
    pub closed: Vec<Period>,
    /// Those of them of which it is not proven what the anchor said.
    pub unknown: Vec<Period>,
    /// Whether the anchors that are known are all that the log's mountain range is over.
    pub is_whole: bool,
}

/// Walks through a log's anchors from the first, and remembers no more than the last.
pub struct Walk {
    log: LogFacts,
    report: LogReport,
    next: u64,
    /// The anchor before, if it is known.
    last: Option<(Digest, u64)>,
    range: MountainRange,
    late_count: u64,
    missed_count: u64,
}

impl Walk {
    /// Begins before the first anchor.
    #[must_use]
    pub fn new(log: LogFacts) -> Self {
        Self {
            log,
            report: LogReport::default(),
            next: 0,
            last: Some((Digest::ZERO, 0)),
            range: MountainRange::default(),
            late_count: 0,
            missed_count: 0,
        }
    }

    /// Takes the next period's anchor; `None` if its account is closed and nobody knows what it said.
    pub fn push(&mut self, seen: Option<&SeenAnchor>) {
        let period = Period(self.next);
        self.next = self.next.saturating_add(1);
        let Some(anchor) = seen else {
            self.report.closed.push(period);
            self.report.unknown.push(period);
            self.last = None;
            return;
        };
        self.take(period, anchor);
    }

    /// Takes the next period's anchor, whose account is closed, as [`decide`](super::closed::decide)
    /// proved it. How late it is follows from its times.
    pub fn push_closed(&mut self, facts: &AnchorFacts) {
        let period = Period(self.next);
        self.next = self.next.saturating_add(1);
        self.report.closed.push(period);
        let delay = self.log.schedule.delay(facts.end_seconds, facts.posted_unix_seconds);
        self.take(period, &SeenAnchor { facts: *facts, hash: facts.hash(), delay });
    }

    fn take(&mut self, period: Period, anchor: &SeenAnchor) {
        let defects: Vec<Defect> = self.own_defects(period, anchor).collect();
        let defects = defects.into_iter().chain(self.link_defects(anchor));
        self.report.defects.extend(defects.map(|defect| (Some(period), defect)));
        match anchor.delay {
            Delay::InTime => {}
            Delay::Late => self.late_count = self.late_count.saturating_add(1),
            Delay::Missed => self.missed_count = self.missed_count.saturating_add(1),
        }
        if anchor.delay != Delay::InTime {
            self.report.delayed.push((period, anchor.delay));
        }
        // A hash that was computed: what stands in the account is only compared with it.
        let hash = anchor.facts.hash();
        self.last = Some((hash, anchor.facts.cumulative_leaf_count));
        let _is_in = self.range.push(leaf_hash(&[hash.as_bytes()]));
    }

    /// What is wrong with an anchor by itself.
    fn own_defects(&self, period: Period, anchor: &SeenAnchor) -> impl Iterator<Item = Defect> {
        let (facts, found) = (&anchor.facts, anchor.hash);
        let place = Place { genesis_hash: self.log.genesis_hash, log: self.log.log, period };
        let schedule = &self.log.schedule;
        let computed = facts.hash();
        let end = schedule.end_seconds(period);
        let start = end.and_then(|end| end.checked_sub_unsigned(schedule.cadence_seconds));
        let are_its_times = (Some(facts.start_seconds), Some(facts.end_seconds)) == (start, end);
        let (posted_seconds, end_seconds) = (facts.posted_unix_seconds, facts.end_seconds);
        let expected = schedule.delay(end_seconds, posted_seconds);
        [
            (computed != found).then_some(Defect::WrongHash { found, computed }),
            (facts.context != place.context()).then_some(Defect::WrongContext),
            (!are_its_times).then_some(Defect::WrongTimes),
            (posted_seconds < end_seconds)
                .then_some(Defect::PostedEarly { posted_seconds, end_seconds }),
            (anchor.delay != expected)
                .then_some(Defect::WrongDelay { expected, found: anchor.delay }),
        ]
        .into_iter()
        .flatten()
    }

    /// What is wrong with how an anchor follows from the one before; nothing is known behind a gap.
    fn link_defects(&self, anchor: &SeenAnchor) -> impl Iterator<Item = Defect> + use<> {
        let facts = anchor.facts;
        let defects = self.last.map(|(expected, count_before)| {
            let found = facts.previous_anchor_hash;
            let total = count_before.saturating_add(facts.leaf_count);
            let counted = facts.cumulative_leaf_count;
            [
                (found != expected).then_some(Defect::WrongPrevious { expected, found }),
                (counted != total)
                    .then_some(Defect::WrongCumulativeCount { expected: total, found: counted }),
            ]
        });
        defects.into_iter().flatten().flatten()
    }

    /// Holds the anchors against the log, whose account was read before them.
    #[must_use]
    pub fn finish(mut self) -> LogReport {
        let defects = self.head_defects().chain(self.whole_defects());
        let defects: Vec<_> = defects.map(|defect| (None, defect)).collect();
        self.report.defects.extend(defects);
        self.report.is_whole = self.has_everything() && self.report.defects.is_empty();
        self.report
    }

    fn has_everything(&self) -> bool {
        self.report.unknown.is_empty() && self.next == self.log.anchor_count
    }

    /// The last anchor is the log's head, if it is known.
    fn head_defects(&self) -> impl Iterator<Item = Defect> {
        let log = &self.log;
        let last = self.last.filter(|_| self.next == log.anchor_count);
        let defects = last.map(|(found, count)| {
            [
                (found != log.head_anchor_hash)
                    .then_some(Defect::WrongHead { expected: log.head_anchor_hash, found }),
                (count != log.cumulative_leaf_count).then_some(Defect::WrongLeafCount {
                    expected: log.cumulative_leaf_count,
                    found: count,
                }),
            ]
        });
        defects.into_iter().flatten().flatten()
    }

    /// What can only be said of all anchors together.
    fn whole_defects(&self) -> impl Iterator<Item = Defect> {
        let log = &self.log;
        let found = Digest::new(self.range.root());
        let counts = (log.late_count, log.missed_count) != (self.late_count, self.missed_count);
        let defects = self.has_everything().then(|| {
            [
                (found != log.range_root)
                    .then_some(Defect::WrongRange { expected: log.range_root, found }),
                counts.then_some(Defect::WrongDelayCounts {
                    late: log.late_count,
                    missed: log.missed_count,
                    found_late: self.late_count,
                    found_missed: self.missed_count,
                }),
            ]
        });
        defects.into_iter().flatten().flatten()
    }
}
