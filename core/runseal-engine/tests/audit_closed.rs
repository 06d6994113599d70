//! What is offered in place of a closed anchor is what was anchored, or it is not believed.

mod support;

use proptest::prelude::*;
use runseal_engine::{
    Place,
    anchor_step::Delay,
    audit::{
        closed::{Decided, Misfit, Shown, Standing, decide},
        log::{LogFacts, SeenAnchor},
    },
    bundle::{anchor_object, parse_anchor},
};
use runseal_receipt::json::Value;
use runseal_types::{Address, AnchorFacts, Digest, Period, PeriodContext};
use support::{
    PLACE,
    anchors::{chain, facts_over},
};

/// A log with seven anchors.
fn log() -> (LogFacts, Vec<SeenAnchor>) {
    log_of(PLACE, 7)
}

fn log_of(place: Place, count: i64) -> (LogFacts, Vec<SeenAnchor>) {
    let anchors = posted_after(place, count, 5);
    (facts_over(place, &anchors), anchors)
}

/// The anchors of a log that posted each so many seconds after its period.
fn posted_after(place: Place, count: i64, seconds: i64) -> Vec<SeenAnchor> {
    let posted = (1..=count).map(|period| (100 * period + seconds, Delay::InTime));
    chain(place, &posted.collect::<Vec<_>>())
}

fn open(anchor: &SeenAnchor) -> Shown {
    Shown::Open { hash: anchor.hash, previous: anchor.facts.previous_anchor_hash }
}

fn offer(anchor: &SeenAnchor) -> Shown {
    Shown::Closed(vec![anchor.facts])
}

fn nothing() -> Shown {
    Shown::Closed(Vec::new())
}

/// Every anchor is closed, and offered as it was.
fn all(anchors: &[SeenAnchor]) -> Vec<Shown> {
    anchors.iter().map(offer).collect()
}

/// What is decided of each, in a letter: open, proven, missing, unproven, refuted.
fn letters(decided: &Decided) -> String {
    let letter = |standing: &Standing| match standing {
        Standing::Open => 'o',
        Standing::Proven(_) => 'p',
        Standing::Missing => '-',
        Standing::Unproven => '?',
        Standing::Refuted => 'x',
    };
    decided.standings.iter().map(letter).collect()
}

fn refused(decided: &Decided) -> Vec<(u64, usize)> {
    decided.refusals.iter().map(|refusal| (refusal.period.0, refusal.offer)).collect()
}

type Lie = fn(&mut AnchorFacts);

/// A change of one bit, or of one, in everything that an anchor says.
const LIES: [(&str, Lie); 9] = [
    ("context", |it| it.context = PeriodContext::from_digest(flipped(*it.context.as_digest()))),
    ("root", |it| it.root = flipped(it.root)),
    ("leaf_count", |it| it.leaf_count ^= 1),
    ("cumulative_leaf_count", |it| it.cumulative_leaf_count ^= 1),
    ("previous_anchor_hash", |it| it.previous_anchor_hash = flipped(it.previous_anchor_hash)),
    ("start_seconds", |it| it.start_seconds ^= 1),
    ("end_seconds", |it| it.end_seconds ^= 1),
    ("posted_slot", |it| it.posted_slot ^= 1),
    ("posted_unix_seconds", |it| it.posted_unix_seconds ^= 1),
];

fn flipped(digest: Digest) -> Digest {
    let mut bytes = *digest.as_bytes();
    bytes[31] ^= 1;
    Digest::new(bytes)
}

#[test]
fn closed_anchors_that_are_offered_as_they_were_are_proven_wherever_they_stand() {
    let (log, anchors) = log();
    for closed in 0u32..1 << anchors.len() {
        let is_closed = |index: usize| closed & 1 << index != 0;
        let show = |(index, anchor)| if is_closed(index) { offer(anchor) } else { open(anchor) };
        let shown: Vec<Shown> = anchors.iter().enumerate().map(show).collect();
        let decided = decide(&log, &shown);
        assert_eq!(decided.refusals, [], "{closed:b}");
        for (index, (standing, anchor)) in decided.standings.iter().zip(&anchors).enumerate() {
            let expected =
                if is_closed(index) { Standing::Proven(anchor.facts) } else { Standing::Open };
            assert_eq!(*standing, expected, "{closed:b} {index}");
        }
    }
}

#[test]
fn a_log_without_anchors_has_nothing_to_decide() {
    let (log, _) = log();
    let log = LogFacts {
        anchor_count: 0,
        head_anchor_hash: Digest::ZERO,
        range_root: Digest::new(runseal_merkle::EMPTY_ROOT),
        ..log
    };
    assert_eq!(decide(&log, &[]), Decided::default());
}

#[test]
fn one_change_in_any_field_of_any_closed_anchor_is_refused() {
    let (log, anchors) = log();
    for (name, lie) in LIES {
        for changed in 0..anchors.len() {
            let mut facts = anchors[changed].facts;
            lie(&mut facts);
            let mut shown = all(&anchors);
            shown[changed] = Shown::Closed(vec![facts]);
            let decided = decide(&log, &shown);
            let period = u64::try_from(changed).unwrap();
            assert_eq!(refused(&decided), [(period, 0)], "{name} of {changed}");
            let mut expected = "ppppppp".to_owned();
            expected.replace_range(changed..=changed, "x");
            // The anchor behind it names the right hash, so the range still proves those before.
            assert_eq!(letters(&decided), expected, "{name} of {changed}");
            // Whoever offers it beside the right one is found all the same.
            shown[changed] = Shown::Closed(vec![facts, anchors[changed].facts]);
            let decided = decide(&log, &shown);
            assert_eq!(
                (letters(&decided).as_str(), refused(&decided)),
                ("ppppppp", vec![(period, 0)])
            );
        }
    }
}

#[test]
fn an_anchor_that_nobody_has_is_missing_and_the_range_proves_what_stands_before_it() {
    let (log, anchors) = log();
    for missing in 0..anchors.len() {
        let mut shown = all(&anchors);
        shown[missing] = nothing();
        let decided = decide(&log, &shown);
        let mut expected = "ppppppp".to_owned();
        expected.replace_range(missing..=missing, "-");
        assert_eq!((letters(&decided), refused(&decided)), (expected, vec![]));
    }
}

#[test]
fn what_stands_before_two_that_nobody_has_is_not_proven_and_not_refuted() {
    let (log, anchors) = log();
    let mut shown = all(&anchors);
    (shown[3], shown[4]) = (nothing(), nothing());
    let decided = decide(&log, &shown);
    assert_eq!((letters(&decided).as_str(), refused(&decided)), ("???--pp", vec![]));
    // An open account in between is as good as the log's head.
    shown[2] = open(&anchors[2]);
    assert_eq!(letters(&decide(&log, &shown)), "ppo--pp");
    // Before a gap nothing contradicts a lie, and nothing believes it.
    shown[2] = Shown::Closed(vec![AnchorFacts { leaf_count: 9, ..anchors[2].facts }]);
    let decided = decide(&log, &shown);
    assert_eq!((letters(&decided).as_str(), refused(&decided)), ("???--pp", vec![]));
}

#[test]
fn a_lie_before_one_that_nobody_has_is_refused_by_the_range_and_what_is_named_stays_proven() {
    let (log, anchors) = log();
    for (name, lie) in LIES.into_iter().skip(1) {
        let mut facts = anchors[1].facts;
        lie(&mut facts);
        let mut shown = all(&anchors);
        (shown[1], shown[2]) = (Shown::Closed(vec![facts]), nothing());
        let decided = decide(&log, &shown);
        assert_eq!(letters(&decided), "xx-pppp", "{name}");
        let is_range = |misfit| matches!(misfit, Misfit::OtherRange { .. });
        assert!(decided.refusals.iter().all(|it| is_range(it.misfit)), "{name}: {decided:?}");
        // The right one beside it, named by nothing, is found by the range if it is taken first.
        shown[1] = Shown::Closed(vec![anchors[1].facts, facts]);
        let decided = decide(&log, &shown);
        assert_eq!(
            (letters(&decided).as_str(), refused(&decided)),
            ("pp-pppp", vec![(1, 1)]),
            "{name}"
        );
    }
}

#[test]
fn anchors_that_changed_places_or_are_of_another_log_are_refused() {
    let (log, anchors) = log();
    let mut shown = all(&anchors);
    shown.swap(2, 4);
    let decided = decide(&log, &shown);
    assert_eq!((letters(&decided).as_str(), refused(&decided)), ("ppxpxpp", vec![(2, 0), (4, 0)]));
    for place in [
        Place { log: Address::new([9; 32]), ..PLACE },
        Place { genesis_hash: Digest::new([9; 32]), ..PLACE },
    ] {
        let (_, others) = log_of(place, 7);
        let decided = decide(&log, &all(&others));
        assert_eq!(letters(&decided), "xxxxxxx");
        assert!(decided.refusals.iter().all(|it| it.misfit == Misfit::WrongContext));
        let mut shown = all(&anchors);
        shown[6] = offer(&others[6]);
        let decided = decide(&log, &shown);
        assert_eq!((letters(&decided).as_str(), refused(&decided)), ("ppppppx", vec![(6, 0)]));
    }
}

/// A chain whose every link is right, and that is not this log's.
#[test]
fn another_history_of_the_same_log_is_refused_from_its_newest_anchor_on() {
    let (log, anchors) = log();
    let other = posted_after(PLACE, 7, 1);
    let decided = decide(&log, &all(&other));
    assert_eq!(
        (letters(&decided).as_str(), refused(&decided)[..1].to_vec()),
        ("xxxxxxx", vec![(0, 0)])
    );
    let mut shown = all(&other);
    shown[5] = open(&anchors[5]);
    let decided = decide(&log, &shown);
    assert!(!letters(&decided).contains('p'), "{decided:?}");
}

#[test]
fn more_than_the_log_counted_is_refused_and_changes_nothing_else() {
    let (_, anchors) = log();
    let (shorter, _) = log_of(PLACE, 5);
    let decided = decide(&shorter, &all(&anchors));
    assert_eq!((letters(&decided).as_str(), refused(&decided)), ("pppppxx", vec![(5, 0), (6, 0)]));
    let is_too_much = |misfit| misfit == Misfit::NotAnchored { anchor_count: 5 };
    assert!(decided.refusals.iter().all(|it| is_too_much(it.misfit)));
}

#[test]
fn a_log_that_has_grown_since_proves_what_it_had_by_what_came_after() {
    let (log, anchors) = log();
    let known = &anchors[..4];
    let shown: Vec<Shown> = known.iter().map(offer).chain(anchors[4..].iter().map(open)).collect();
    assert_eq!(letters(&decide(&log, &shown)), "ppppooo");
    // Without what came after, or with less than all of it, nothing leads there.
    assert_eq!(letters(&decide(&log, &all(known))), "????");
    let mut shown = all(known);
    shown.extend([nothing(), nothing(), open(&anchors[6])]);
    let decided = decide(&log, &shown);
    assert_eq!((letters(&decided).as_str(), refused(&decided)), ("????--o", vec![]));
}

#[test]
fn every_lie_of_the_log_s_account_leaves_nothing_proven() {
    type LogLie = fn(&mut LogFacts);
    let lies: [(&str, LogLie); 5] = [
        ("head", |it| it.head_anchor_hash = flipped(it.head_anchor_hash)),
        ("range", |it| it.range_root = flipped(it.range_root)),
        ("chain", |it| it.genesis_hash = Digest::ZERO),
        ("log", |it| it.log = Address::new([0; 32])),
        ("count", |it| it.anchor_count += 1),
    ];
    for (name, lie) in lies {
        let (mut log, anchors) = log();
        lie(&mut log);
        let decided = decide(&log, &all(&anchors));
        assert!(!letters(&decided).contains('p'), "{name}: {decided:?}");
        assert!(!decided.refusals.is_empty() || name == "count", "{name}");
    }
}

#[test]
fn what_an_anchor_says_is_read_as_it_is_written_and_nothing_else_is() {
    let (_, anchors) = log();
    let facts = anchors[3].facts;
    let text = Value::Object(anchor_object(&facts)).canonical();
    assert_eq!(parse_anchor(&text), Ok(facts));
    for byte in 0..text.len() {
        for change in [0x01, 0x20, 0x80] {
            let mut changed = text.clone();
            changed[byte] ^= change;
            let read = parse_anchor(&changed);
            let is_same_hash = read.is_ok_and(|read| read.hash() == facts.hash());
            assert!(!is_same_hash, "{}", String::from_utf8_lossy(&changed));
        }
        assert!(parse_anchor(&text[..byte]).is_err());
    }
    let text = String::from_utf8(text).unwrap();
    for wrong in ["", "[]", "null", "{}", &format!("{text}{text}"), &text.replace("}", ",\"a\":1}")]
    {
        assert!(parse_anchor(wrong.as_bytes()).is_err(), "{wrong}");
    }
}

/// What is offered for a period: so many bits of which anchors, right or changed.
fn offers() -> impl Strategy<Value = Vec<Vec<(usize, Option<usize>)>>> {
    let one = (0usize..7, proptest::option::of(0..LIES.len()));
    proptest::collection::vec(proptest::collection::vec(one, 0..3), 7)
}

proptest! {
    /// Whatever is offered, and whatever accounts are open: what is proven is what was anchored.
    #[test]
    fn nothing_but_what_was_anchored_is_ever_proven(opened in any::<[bool; 7]>(), offers in offers()) {
        let (log, anchors) = log();
        let offered = |(of, lie): &(usize, Option<usize>)| {
            let mut facts = anchors[*of].facts;
            if let Some(lie) = lie {
                LIES[*lie].1(&mut facts);
            }
            facts
        };
        let shown: Vec<Shown> = (0..7)
            .map(|index| match opened[index] {
                true => open(&anchors[index]),
                false => Shown::Closed(offers[index].iter().map(offered).collect()),
            })
            .collect();
        let decided = decide(&log, &shown);
        prop_assert_eq!(decided.standings.len(), 7);
        for (standing, anchor) in decided.standings.iter().zip(&anchors) {
            if let Standing::Proven(facts) = standing {
                prop_assert_eq!(*facts, anchor.facts);
            }
        }
        // What is right is refused only together with something that is not, by the range.
        for refusal in &decided.refusals {
            let Period(period) = refusal.period;
            let index = usize::try_from(period).unwrap();
            let Shown::Closed(offers) = &shown[index] else { panic!("an open one is refused") };
            let is_right = offers[refusal.offer] == anchors[index].facts;
            let is_range = matches!(refusal.misfit, Misfit::OtherRange { .. });
            prop_assert!(!is_right || is_range);
        }
    }
}
