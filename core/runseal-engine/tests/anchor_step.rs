//! The next step follows from disk and chain alone, and survives everything that happens between.

use proptest::prelude::*;
use runseal_engine::anchor_step::{
    AnchorStep, Attempt, Conflict, Delay, OnChain, Saved, SavedSeal, Schedule, next_anchor_step,
};
use runseal_types::{Digest, Period};

const SCHEDULE: Schedule =
    Schedule { start_seconds: 1_000, cadence_seconds: 100, grace_seconds: 20 };
const RESEND_SECONDS: u64 = 5;
const NOTHING: Saved = Saved { anchored_count: 0, seal: None, attempt: None };

fn seal(period: u64) -> SavedSeal {
    let root = Digest::of(&[b"root", &period.to_le_bytes()]);
    SavedSeal { period: Period(period), root, leaf_count: period % 3 }
}

fn attempt(period: u64) -> Attempt {
    Attempt { period: Period(period), last_valid_block_height: 50, sent_at_seconds: 1_200 }
}

fn chain(next_period: u64, block_height: u64, anchor: Option<SavedSeal>) -> OnChain {
    let head_anchor_hash = Digest::of(&[b"head", &next_period.to_le_bytes()]);
    OnChain { next_period: Period(next_period), head_anchor_hash, block_height, anchor }
}

type Case = (&'static str, Saved, OnChain, i64, AnchorStep);

fn check(cases: &[Case]) {
    for (name, saved, on_chain, now, expected) in cases {
        let step = next_anchor_step(&SCHEDULE, saved, on_chain, *now, RESEND_SECONDS);
        assert_eq!(step, *expected, "{name}");
    }
}

fn sealed() -> Saved {
    Saved { seal: Some(seal(0)), ..NOTHING }
}

fn sent() -> Saved {
    Saved { attempt: Some(attempt(0)), ..sealed() }
}

#[test]
fn a_period_is_sealed_when_it_is_over_and_not_before() {
    let none = chain(0, 0, None);
    let wait = AnchorStep::Wait { until_seconds: 1_100 };
    let next =
        |delay, behind_count| AnchorStep::SealNext { period: Period(0), delay, behind_count };
    check(&[
        ("before the period begins", NOTHING, none, 0, wait),
        ("a second before its end", NOTHING, none, 1_099, wait),
        ("sealed before its end", sealed(), none, 1_099, wait),
        ("at its end", NOTHING, none, 1_100, next(Delay::InTime, 0)),
        ("at the end of its grace", NOTHING, none, 1_120, next(Delay::InTime, 0)),
        ("behind its grace", NOTHING, none, 1_121, next(Delay::Late, 0)),
        ("a cadence later", NOTHING, none, 1_220, next(Delay::Late, 1)),
        ("missed", NOTHING, none, 1_221, next(Delay::Missed, 1)),
        ("missed by ten", NOTHING, none, 2_100, next(Delay::Missed, 10)),
    ]);
}

#[test]
fn a_seal_is_sent_until_it_lands_and_signed_anew_only_when_it_cannot() {
    let previous_anchor_hash = chain(0, 0, None).head_anchor_hash;
    let send = |delay| AnchorStep::Send { seal: seal(0), previous_anchor_hash, delay };
    let resend = AnchorStep::Resend { attempt: attempt(0) };
    let wait = AnchorStep::Wait { until_seconds: 1_205 };
    let done = AnchorStep::Done { period: Period(0) };
    check(&[
        ("sealed", sealed(), chain(0, 0, None), 1_110, send(Delay::InTime)),
        ("sent just now", sent(), chain(0, 50, None), 1_204, wait),
        ("sent a while ago", sent(), chain(0, 50, None), 1_205, resend),
        ("too old to land", sent(), chain(0, 51, None), 1_201, send(Delay::Late)),
        ("landed", sent(), chain(1, 40, Some(seal(0))), 1_201, done),
        (
            "landed though the sending was not saved",
            sealed(),
            chain(1, 40, Some(seal(0))),
            1_201,
            done,
        ),
        ("landed long ago", sent(), chain(9, 900, Some(seal(0))), 9_000, done),
    ]);
}

#[test]
fn what_contradicts_itself_stops_everything() {
    let period = Period(0);
    let other = SavedSeal { leaf_count: 99, ..seal(0) };
    let stop = AnchorStep::Conflict;
    let unlike = Conflict::AnchoredOtherwise { sealed: seal(0), on_chain: other };
    let gone = Conflict::AnchorNotFound { period, anchored_count: 2 };
    let behind = Conflict::ChainBehind { saved_count: 3, on_chain_count: 2 };
    let saved_for = |found| Conflict::OtherPeriodSaved { expected: period, found: Period(found) };
    let endless = Conflict::NoSuchTime { period: Period(u64::MAX) };
    let three = Saved { anchored_count: 3, ..NOTHING };
    let last = Saved { anchored_count: u64::MAX, ..NOTHING };
    let sealed_ahead = Saved { seal: Some(seal(1)), ..NOTHING };
    let sent_ahead = Saved { attempt: Some(attempt(4)), ..sealed() };
    let unsealed = Conflict::AnchoredWithoutSeal { period };
    check(&[
        ("landed as another", sent(), chain(1, 40, Some(other)), 1_201, stop(unlike)),
        ("landed and gone", sent(), chain(2, 40, None), 1_201, stop(gone)),
        ("anchored by another", NOTHING, chain(1, 40, Some(seal(0))), 1_201, stop(unsealed)),
        ("a chain that forgot", three, chain(2, 40, None), 1_500, stop(behind)),
        ("a seal of another period", sealed_ahead, chain(0, 40, None), 1_500, stop(saved_for(1))),
        ("sent for another period", sent_ahead, chain(0, 40, None), 1_500, stop(saved_for(4))),
        ("a period behind all time", last, chain(u64::MAX, 40, None), 1_500, stop(endless)),
    ]);
}

/// What happens to an operator who works on.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// Everything works.
    Works,
    /// The process dies before it could save.
    DiesUnsaved,
    /// The process dies after it saved and before it acted.
    DiesSaved,
    /// What it sends never arrives.
    Lost,
    /// What it sends lands, and the answer never comes.
    AnswerLost,
    /// Nothing happens for a while.
    Sleeps(u16),
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = prop_oneof![
        3 => Just(Turn::Works),
        1 => Just(Turn::DiesUnsaved),
        1 => Just(Turn::DiesSaved),
        1 => Just(Turn::Lost),
        2 => Just(Turn::AnswerLost),
        1 => (0u16..400).prop_map(Turn::Sleeps),
    ];
    prop::collection::vec(turn, 1..120)
}

/// A disk, a chain, a network that holds transactions back, and a clock.
struct World {
    saved: Saved,
    /// How often a period was sealed and saved, and transactions were signed and saved.
    anchors: Vec<SavedSeal>,
    /// Transactions that were sent: each can land once, in some later block.
    flying: Vec<(Attempt, SavedSeal, Digest)>,
    block_height: u64,
    now: i64,
}

impl World {
    fn head(&self) -> Digest {
        Digest::of(&[b"head", &self.anchors.len().to_le_bytes()])
    }

    fn on_chain(&self) -> OnChain {
        let anchored = usize::try_from(self.saved.anchored_count).unwrap_or(usize::MAX);
        OnChain {
            next_period: Period(self.anchors.len() as u64),
            head_anchor_hash: self.head(),
            block_height: self.block_height,
            anchor: self.anchors.get(anchored).copied(),
        }
    }

    fn pass(&mut self, seconds: u16) {
        self.now += i64::from(seconds);
        self.block_height += u64::from(seconds) / 2;
    }

    /// The chain takes what is the next period, follows the head and is not too old; like the program.
    fn land(&mut self) {
        for (attempt, seal, previous) in std::mem::take(&mut self.flying) {
            let fits = attempt.period.0 == self.anchors.len() as u64
                && previous == self.head()
                && self.block_height <= attempt.last_valid_block_height;
            if fits {
                self.anchors.push(seal);
            }
        }
    }

    fn send(&mut self, attempt: Attempt, seal: SavedSeal, turn: Turn) {
        if matches!(turn, Turn::Lost | Turn::DiesSaved) {
            return;
        }
        let previous = self.head();
        self.flying.push((attempt, seal, previous));
        // A transaction that is sent again may reach the leader twice.
        self.flying.push((attempt, seal, previous));
        if matches!(turn, Turn::Works) {
            self.land();
        }
    }

    /// One look, one step. Whatever dies between forgets all but the disk.
    fn turn(&mut self, turn: Turn) -> AnchorStep {
        if let Turn::Sleeps(seconds) = turn {
            self.pass(seconds);
            self.land();
        }
        self.pass(3);
        let on_chain = self.on_chain();
        let step = next_anchor_step(&SCHEDULE, &self.saved, &on_chain, self.now, RESEND_SECONDS);
        if matches!(turn, Turn::DiesUnsaved) {
            return step;
        }
        self.act(step, turn);
        step
    }

    fn act(&mut self, step: AnchorStep, turn: Turn) {
        match step {
            AnchorStep::Done { period } => {
                self.saved = Saved { anchored_count: period.0 + 1, seal: None, attempt: None };
            }
            AnchorStep::Wait { until_seconds } => {
                let seconds = until_seconds.saturating_sub(self.now).clamp(0, 300);
                self.pass(u16::try_from(seconds).unwrap_or(300));
                self.land();
            }
            AnchorStep::SealNext { period, .. } => self.saved.seal = Some(seal(period.0)),
            AnchorStep::Send { seal, .. } => {
                // No earlier transaction can land any more when another one is made.
                let possible = |(attempt, ..): &(Attempt, SavedSeal, Digest)| {
                    attempt.period == seal.period
                        && self.block_height <= attempt.last_valid_block_height
                };
                assert!(!self.flying.iter().any(possible), "two could land");
                let attempt = Attempt {
                    period: seal.period,
                    last_valid_block_height: self.block_height + 20,
                    sent_at_seconds: self.now,
                };
                self.saved.attempt = Some(attempt);
                self.send(attempt, seal, turn);
            }
            AnchorStep::Resend { attempt } => {
                let attempt = Attempt { sent_at_seconds: self.now, ..attempt };
                self.saved.attempt = Some(attempt);
                let seal = self.saved.seal.expect("what was sent was sealed");
                self.send(attempt, seal, turn);
            }
            AnchorStep::Conflict(conflict) => panic!("{conflict}"),
        }
    }
}

proptest! {
    #[test]
    fn whatever_happens_every_period_is_anchored_once_and_none_is_left_out(turns in turns()) {
        let mut world = World {
            saved: NOTHING, anchors: Vec::new(), flying: Vec::new(), block_height: 0, now: 1_000,
        };
        for turn in turns {
            world.turn(turn);
        }
        // In the end it works: it catches up with everything that is over.
        for _ in 0..2_000 {
            if matches!(world.turn(Turn::Works), AnchorStep::Wait { .. })
                && world.saved.seal.is_none()
            {
                break;
            }
        }
        let over = u64::try_from((world.now - SCHEDULE.start_seconds) / 100).unwrap();
        let anchored = world.anchors.len() as u64;
        prop_assert!(anchored + 4 >= over, "{anchored} of {over}");
        for (period, anchor) in (0..).zip(&world.anchors) {
            prop_assert_eq!(*anchor, seal(period));
        }
    }
}

#[test]
fn periods_are_over_from_their_last_second_on() {
    let schedule = Schedule { start_seconds: 1_000, cadence_seconds: 60, grace_seconds: 5 };
    let cases = [
        (i64::MIN, 0),
        (0, 0),
        (1_000, 0),
        (1_059, 0),
        (1_060, 1),
        (1_119, 1),
        (1_120, 2),
        (i64::MAX, u64::try_from(i64::MAX - 1_000).unwrap() / 60),
    ];
    for (now_seconds, over) in cases {
        assert_eq!(schedule.over_count(now_seconds), over, "{now_seconds}");
    }
    let never = Schedule { cadence_seconds: 0, ..schedule };
    assert_eq!(never.over_count(2_000), 0);
}
