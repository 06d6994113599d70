//! A walk through a log finds every lie of its anchors, and says nothing of what it cannot see.

mod support;

use runseal_engine::{
    anchor_step::Delay,
    audit::log::{Defect, LogFacts, LogReport, SeenAnchor, Walk},
};
use runseal_types::{Digest, Period};
use support::{
    PLACE,
    anchors::{chain, facts_over},
};

/// A log whose third period was late and whose fourth was missed.
fn log() -> (LogFacts, Vec<SeenAnchor>) {
    let posted =
        [(105, Delay::InTime), (210, Delay::InTime), (330, Delay::Late), (511, Delay::Missed)];
    let anchors = chain(PLACE, &posted);
    (facts_over(PLACE, &anchors), anchors)
}

fn walk(log: LogFacts, anchors: &[Option<SeenAnchor>]) -> LogReport {
    let mut walk = Walk::new(log);
    anchors.iter().for_each(|anchor| walk.push(anchor.as_ref()));
    walk.finish()
}

fn all(anchors: &[SeenAnchor]) -> Vec<Option<SeenAnchor>> {
    anchors.iter().copied().map(Some).collect()
}

#[test]
fn a_true_log_is_whole_and_its_delays_are_told() {
    let (log, anchors) = log();
    let report = walk(log, &all(&anchors));
    assert_eq!(report.defects, []);
    assert_eq!(report.delayed, [(Period(2), Delay::Late), (Period(3), Delay::Missed)]);
    assert!(report.is_whole && report.closed.is_empty());
}

#[test]
fn a_log_without_anchors_is_whole() {
    let (log, _) = log();
    let log = LogFacts {
        anchor_count: 0,
        head_anchor_hash: Digest::ZERO,
        cumulative_leaf_count: 0,
        late_count: 0,
        missed_count: 0,
        range_root: Digest::new(runseal_merkle::EMPTY_ROOT),
        ..log
    };
    assert!(walk(log, &[]).is_whole);
    let lie = LogFacts { head_anchor_hash: Digest::new([1; 32]), ..log };
    assert!(!walk(lie, &[]).is_whole);
}

#[test]
fn closed_anchors_leave_the_rest_checked_and_the_whole_unknown() {
    let (log, anchors) = log();
    for closed in 0..anchors.len() {
        let mut seen = all(&anchors);
        seen[closed] = None;
        let report = walk(log, &seen);
        assert_eq!(report.defects, [], "{closed}");
        assert_eq!(report.closed, [Period(u64::try_from(closed).unwrap())]);
        assert_eq!(report.unknown, report.closed, "{closed}");
        assert!(!report.is_whole, "{closed}");
    }
    assert!(!walk(log, &[None; 4]).is_whole);
}

#[test]
fn closed_anchors_that_are_proven_are_told_and_miss_nothing() {
    let (log, anchors) = log();
    let mut whole = Walk::new(log);
    anchors.iter().for_each(|anchor| whole.push_closed(&anchor.facts));
    let report = whole.finish();
    assert_eq!(
        (report.defects.as_slice(), report.unknown.as_slice()),
        ([].as_slice(), [].as_slice())
    );
    assert_eq!(report.closed, [0, 1, 2, 3].map(Period));
    assert_eq!(report.delayed, [(Period(2), Delay::Late), (Period(3), Delay::Missed)]);
    assert!(report.is_whole);

    let mut lied_to = Walk::new(log);
    for (index, anchor) in anchors.iter().enumerate() {
        let root = if index == 1 { Digest::ZERO } else { anchor.facts.root };
        lied_to.push_closed(&runseal_types::AnchorFacts { root, ..anchor.facts });
    }
    let report = lied_to.finish();
    assert!(!report.is_whole);
    let is_range = |(_, defect): &(_, Defect)| matches!(defect, Defect::WrongRange { .. });
    assert!(report.defects.iter().any(is_range), "{:?}", report.defects);
}

#[test]
fn anchors_that_were_not_read_are_no_defect_and_no_pass() {
    let (log, anchors) = log();
    let report = walk(log, &all(&anchors[..3]));
    assert_eq!((report.defects.as_slice(), report.is_whole), ([].as_slice(), false));
}

#[test]
fn every_lie_of_an_anchor_is_found() {
    type Lie = fn(&mut SeenAnchor);
    type Is = fn(&Defect) -> bool;
    let lies: [(&str, Lie, Is); 12] = [
        ("hash", |it| it.hash = Digest::new([3; 32]), |it| matches!(it, Defect::WrongHash { .. })),
        ("root", |it| it.facts.root = Digest::ZERO, |it| matches!(it, Defect::WrongHash { .. })),
        (
            "count",
            |it| it.facts.leaf_count += 1,
            |it| matches!(it, Defect::WrongCumulativeCount { .. }),
        ),
        (
            "total",
            |it| it.facts.cumulative_leaf_count -= 1,
            |it| matches!(it, Defect::WrongCumulativeCount { .. }),
        ),
        (
            "context",
            |it| it.facts.context = PLACE.context(),
            |it| matches!(it, Defect::WrongContext),
        ),
        (
            "previous",
            |it| it.facts.previous_anchor_hash = Digest::ZERO,
            |it| matches!(it, Defect::WrongPrevious { .. }),
        ),
        ("start", |it| it.facts.start_seconds -= 1, |it| matches!(it, Defect::WrongTimes)),
        ("end", |it| it.facts.end_seconds += 1, |it| matches!(it, Defect::WrongTimes)),
        (
            "early",
            |it| it.facts.posted_unix_seconds = 1_299,
            |it| matches!(it, Defect::PostedEarly { .. }),
        ),
        ("slot", |it| it.facts.posted_slot += 1, |it| matches!(it, Defect::WrongHash { .. })),
        (
            "called in time",
            |it| it.delay = Delay::InTime,
            |it| matches!(it, Defect::WrongDelay { .. }),
        ),
        (
            "called missed",
            |it| it.delay = Delay::Missed,
            |it| matches!(it, Defect::WrongDelayCounts { .. }),
        ),
    ];
    for (name, lie, is_it) in lies {
        let (log, mut anchors) = log();
        lie(&mut anchors[2]);
        let report = walk(log, &all(&anchors));
        assert!(
            report.defects.iter().any(|(_, defect)| is_it(defect)),
            "{name}: {:?}",
            report.defects
        );
        assert!(!report.is_whole, "{name}");
    }
}

/// An anchor whose hash is right for what it says, and that is another than was posted.
#[test]
fn an_anchor_that_was_exchanged_whole_is_found_by_those_around_it() {
    let (log, mut anchors) = log();
    anchors[1].facts.root = Digest::new([9; 32]);
    anchors[1].hash = anchors[1].facts.hash();
    let defects = walk(log, &all(&anchors)).defects;
    let of_next = |(period, defect): &(Option<Period>, Defect)| {
        *period == Some(Period(2)) && matches!(defect, Defect::WrongPrevious { .. })
    };
    let of_range = |(period, defect): &(Option<Period>, Defect)| {
        period.is_none() && matches!(defect, Defect::WrongRange { .. })
    };
    assert!(defects.iter().any(of_next) && defects.iter().any(of_range), "{defects:?}");
}

#[test]
fn every_lie_of_a_log_is_found() {
    type Lie = fn(&mut LogFacts);
    type Is = fn(&Defect) -> bool;
    let lies: [(&str, Lie, Is); 7] = [
        (
            "head",
            |it| it.head_anchor_hash = Digest::ZERO,
            |it| matches!(it, Defect::WrongHead { .. }),
        ),
        (
            "leaves",
            |it| it.cumulative_leaf_count += 1,
            |it| matches!(it, Defect::WrongLeafCount { .. }),
        ),
        ("range", |it| it.range_root = Digest::ZERO, |it| matches!(it, Defect::WrongRange { .. })),
        ("late", |it| it.late_count = 0, |it| matches!(it, Defect::WrongDelayCounts { .. })),
        ("missed", |it| it.missed_count = 2, |it| matches!(it, Defect::WrongDelayCounts { .. })),
        ("chain", |it| it.genesis_hash = Digest::ZERO, |it| matches!(it, Defect::WrongContext)),
        (
            "grace",
            |it| it.schedule.grace_seconds = 1_000,
            |it| matches!(it, Defect::WrongDelay { .. }),
        ),
    ];
    for (name, lie, is_it) in lies {
        let (mut log, anchors) = log();
        lie(&mut log);
        let report = walk(log, &all(&anchors));
        assert!(
            report.defects.iter().any(|(_, defect)| is_it(defect)),
            "{name}: {:?}",
            report.defects
        );
        assert!(!report.is_whole, "{name}");
    }
}
