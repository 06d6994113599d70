//! What an operator does next to have its periods anchored, after a crash as at any other time.
//!
//! The decision looks only at what is saved and at what the chain says in a finalized slot. Nothing
//! else is remembered, so it makes no difference whether the process ran through or died in between.

use crate::seal::SealedPeriod;
use runseal_types::{Digest, Period};

/// When a log's periods begin and end. Fixed when the log is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Unix time at which period 0 begins.
    pub start_seconds: i64,
    /// How long a period is; not 0.
    pub cadence_seconds: u64,
    /// How long after its end a period's anchor is in time.
    pub grace_seconds: u64,
}

/// What is saved of a period that is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SavedSeal {
    /// Which period.
    pub period: Period,
    /// The root of its leaves.
    pub root: Digest,
    /// How many leaves it has.
    pub leaf_count: u64,
}

/// A transaction that was saved before it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The period that it anchors.
    pub period: Period,
    /// The last block that can take it in.
    pub last_valid_block_height: u64,
    /// When its bytes were last sent, in Unix time.
    pub sent_at_seconds: i64,
}

/// What an operator has on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// How many periods are known to be anchored; so also the first that is not.
    pub anchored_count: u64,
    /// The seal of that first period, if there is one.
    pub seal: Option<SavedSeal>,
    /// The newest transaction for it, if there is one.
    pub attempt: Option<Attempt>,
}

/// What the chain says, all of it read in one finalized slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnChain {
    /// The period that the log takes next: how many are anchored.
    pub next_period: Period,
    /// The hash of the newest anchor; zero before the first.
    pub head_anchor_hash: Digest,
    /// The block height of that slot.
    pub block_height: u64,
    /// Root and count of the first period that is not known to be anchored, if it has an anchor.
    pub anchor: Option<SavedSeal>,
}

/// How late a period is that can be anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    /// Its grace is not over.
    InTime,
    /// Its grace is over.
    Late,
    /// Its grace and another cadence are over.
    Missed,
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnchorStep {
    /// The period is anchored as it was sealed: save that, and ask again.
    Done {
        /// Which period.
        period: Period,
    },
    /// Nothing can be done before this Unix time.
    Wait {
        /// Until when.
        until_seconds: i64,
    },
    /// Seal this period, with no leaves if it has none, and save the seal. The log asks for every
    /// period in its order, so it is the oldest one that is missing.
    SealNext {
        /// Which period.
        period: Period,
        /// How late it is already.
        delay: Delay,
        /// How many periods behind it are over too.
        behind_count: u64,
    },
    /// Sign a transaction for this seal, save its bytes, and only then send it.
    Send {
        /// What is anchored.
        seal: SavedSeal,
        /// The anchor that it follows.
        previous_anchor_hash: Digest,
        /// How late it is already.
        delay: Delay,
    },
    /// Send the saved transaction again, the same bytes.
    Resend {
        /// Which one.
        attempt: Attempt,
    },
    /// Stop and call somebody: what is saved and what is on chain cannot both be right.
    Conflict(Conflict),
}

/// How saved and chain contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The period's anchor is another than the sealed one.
    #[error("{} is sealed as {sealed:?} and anchored as {on_chain:?}", sealed.period)]
    AnchoredOtherwise {
        /// What is saved.
        sealed: SavedSeal,
        /// What is on chain.
        on_chain: SavedSeal,
    },
    /// The log counts the period as anchored, and its anchor was not found.
    #[error("the log has anchored {anchored_count} periods, but no anchor of {period} was found")]
    AnchorNotFound {
        /// Which period.
        period: Period,
        /// How many periods the log has anchored.
        anchored_count: u64,
    },
    /// The period was anchored, and no seal of it was saved: another process anchors, or the disk is
    /// not the one that was written.
    #[error("period {period} was anchored, and nobody saved its seal")]
    AnchoredWithoutSeal {
        /// Which period.
        period: Period,
    },
    /// The chain has fewer anchors than were seen finalized before: another chain, or an endpoint
    /// that is behind. Read from another one before anything else.
    #[error("{saved_count} periods were anchored, the chain has {on_chain_count}")]
    ChainBehind {
        /// How many are saved.
        saved_count: u64,
        /// How many the chain has.
        on_chain_count: u64,
    },
    /// What is saved is of another period than the first that is not anchored.
    #[error("what is saved is of period {found}, the first that is not anchored is {expected}")]
    OtherPeriodSaved {
        /// The first that is not anchored.
        expected: Period,
        /// What the seal or the transaction is for.
        found: Period,
    },
    /// The period does not fit into time as the log counts it.
    #[error("period {period} has no end that can be counted")]
    NoSuchTime {
        /// Which period.
        period: Period,
    },
}

impl From<&SealedPeriod> for SavedSeal {
    fn from(sealed: &SealedPeriod) -> Self {
        let period = sealed.place().period;
        Self { period, root: sealed.root(), leaf_count: sealed.leaf_count() }
    }
}

impl Schedule {
    /// Returns when a period ends; `None` if that is beyond all time.
    #[must_use]
    pub fn end_seconds(&self, period: Period) -> Option<i64> {
        let passed = period.0.checked_add(1)?.checked_mul(self.cadence_seconds)?;
        self.start_seconds.checked_add_unsigned(passed)
    }

    /// Returns how many periods have ended.
    #[must_use]
    pub fn over_count(&self, now_seconds: i64) -> u64 {
        let passed = now_seconds.checked_sub(self.start_seconds);
        let passed = passed.and_then(|passed| u64::try_from(passed).ok()).unwrap_or(0);
        passed.checked_div(self.cadence_seconds).unwrap_or(0)
    }

    /// Returns how late an anchor of a period that ended then is at `now`.
    pub(crate) fn delay(&self, end_seconds: i64, now_seconds: i64) -> Delay {
        let deadline = end_seconds.saturating_add_unsigned(self.grace_seconds);
        if now_seconds <= deadline {
            Delay::InTime
        } else if now_seconds <= deadline.saturating_add_unsigned(self.cadence_seconds) {
            Delay::Late
        } else {
            Delay::Missed
        }
    }

    /// Returns how many periods are over behind one that ended then.
    fn behind_count(&self, end_seconds: i64, now_seconds: i64) -> u64 {
        let passed = now_seconds.checked_sub(end_seconds).and_then(|gap| u64::try_from(gap).ok());
        passed.unwrap_or(0).checked_div(self.cadence_seconds).unwrap_or(0)
    }
}

/// Decides what is to be done next. A transaction that was sent is sent again no sooner than
/// `resend_after_seconds` later; another one is made only when it can no longer land.
#[must_use]
pub fn next_anchor_step(
    schedule: &Schedule,
    saved: &Saved,
    on_chain: &OnChain,
    now_seconds: i64,
    resend_after_seconds: u64,
) -> AnchorStep {
    let (saved_count, on_chain_count) = (saved.anchored_count, on_chain.next_period.0);
    if let Some(found) = other_period(saved) {
        let expected = Period(saved_count);
        return AnchorStep::Conflict(Conflict::OtherPeriodSaved { expected, found });
    }
    if on_chain_count < saved_count {
        return AnchorStep::Conflict(Conflict::ChainBehind { saved_count, on_chain_count });
    }
    if on_chain_count > saved_count {
        return settle(saved, on_chain);
    }
    let period = Period(saved_count);
    let Some(end_seconds) = schedule.end_seconds(period) else {
        return AnchorStep::Conflict(Conflict::NoSuchTime { period });
    };
    if now_seconds < end_seconds {
        return AnchorStep::Wait { until_seconds: end_seconds };
    }
    let delay = schedule.delay(end_seconds, now_seconds);
    match (saved.seal, saved.attempt) {
        (None, _) => {
            let behind_count = schedule.behind_count(end_seconds, now_seconds);
            AnchorStep::SealNext { period, delay, behind_count }
        }
        (Some(_), Some(attempt)) if on_chain.block_height <= attempt.last_valid_block_height => {
            resend(attempt, now_seconds, resend_after_seconds)
        }
        // What was sent can no longer land: the slot in which that is so is finalized.
        (Some(seal), _) => {
            let previous_anchor_hash = on_chain.head_anchor_hash;
            AnchorStep::Send { seal, previous_anchor_hash, delay }
        }
    }
}

/// Returns the period of whatever is saved for another one than the first that is not anchored.
fn other_period(saved: &Saved) -> Option<Period> {
    let sealed = saved.seal.map(|seal| seal.period);
    let sent = saved.attempt.map(|attempt| attempt.period);
    sealed.into_iter().chain(sent).find(|period| period.0 != saved.anchored_count)
}

/// The chain has an anchor that is not known here yet: ours, or somebody else's.
fn settle(saved: &Saved, on_chain: &OnChain) -> AnchorStep {
    let period = Period(saved.anchored_count);
    AnchorStep::Conflict(match (saved.seal, on_chain.anchor) {
        (Some(sealed), Some(found)) if sealed == found => return AnchorStep::Done { period },
        (Some(sealed), Some(on_chain)) => Conflict::AnchoredOtherwise { sealed, on_chain },
        (Some(_), None) => {
            Conflict::AnchorNotFound { period, anchored_count: on_chain.next_period.0 }
        }
        (None, _) => Conflict::AnchoredWithoutSeal { period },
    })
}

fn resend(attempt: Attempt, now_seconds: i64, resend_after_seconds: u64) -> AnchorStep {
    let until_seconds = attempt.sent_at_seconds.saturating_add_unsigned(resend_after_seconds);
    if now_seconds < until_seconds {
        return AnchorStep::Wait { until_seconds };
    }
    AnchorStep::Resend { attempt }
}
