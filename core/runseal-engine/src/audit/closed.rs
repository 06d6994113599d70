//! Whether what is offered in place of closed anchors is what was anchored. The log's account decides,
//! so it does not matter who offers.
//!
//! Two rules, both of hashes. *Names*: the log names its newest anchor's hash, and each anchor names
//! that of the one before, so what is named by something that is proven is proven. *The range*: where the
//! hash of every anchor is known, all of them together lead to the root of the log's mountain range. That
//! proves what stands before an anchor which nobody has; and where it does not hold, names prove nothing.

mod deciding;

use super::log::LogFacts;
use deciding::{Deciding, count};
use runseal_types::{AnchorFacts, Digest, Period};

/// What is shown of one anchored period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Its anchor's account is open.
    Open {
        /// The hash of what the account says.
        hash: Digest,
        /// The hash that it names as that of the anchor before.
        previous: Digest,
    },
    /// The account is closed. Whoever offers what it said is asked, and nobody is believed.
    Closed(Vec<AnchorFacts>),
}

/// What is known of a period's anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its account is open.
    Open,
    /// It is closed, and this is what it said.
    Proven(AnchorFacts),
    /// It is closed, and nobody offers what it said.
    Missing,
    /// Something is offered, and nothing that is proven leads to it.
    Unproven,
    /// Everything that is offered is something else.
    Refuted,
}

/// How what is offered differs from what was anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// It is of another chain, log or period.
    #[error("it is of another chain, log or period")]
    WrongContext,
    /// It is not what the anchor behind it, or the log, names.
    #[error("{expected} was anchored, what is offered has the hash {found}")]
    OtherHash {
        /// The hash that was anchored.
        expected: Digest,
        /// The hash of what is offered.
        found: Digest,
    },
    /// With it, the anchors are not those of the log's mountain range.
    #[error("the log's range has the root {expected}, with what is offered it is {found}")]
    OtherRange {
        /// The log's.
        expected: Digest,
        /// What the anchors lead to.
        found: Digest,
    },
    /// The log has not come to this period.
    #[error("the log has anchored {anchor_count} periods, and not this one")]
    NotAnchored {
        /// How many it has.
        anchor_count: u64,
    },
}

/// Something that was offered and is not what was anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The period.
    pub period: Period,
    /// Which of those that were offered for it, from 0.
    pub offer: usize,
    /// Why not.
    pub misfit: Misfit,
}

/// What was decided of each period that was shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// The standings, the first period first.
    pub standings: Vec<Standing>,
    /// What is not what was anchored.
    pub refusals: Vec<Refusal>,
}

/// Decides which closed anchors are proven by a log's account, which was read before anything that is
/// shown. `shown` has the log's periods from the first one on.
#[must_use]
pub fn decide(log: &LogFacts, shown: &[Shown]) -> Decided {
    let mut deciding = Deciding::new(log, shown);
    for (index, shown) in shown.iter().enumerate().rev() {
        deciding.take(Period(count(index)), shown);
    }
    deciding.finish()
}
