//! Whether what is offered in place of closed anchors is what was anchored. The log's account decides,
//! so it does not matter who offers.
//!
//! Two rules, both of hashes. *Names*: the log names its newest anchor's hash, and each anchor names
//! that of the one before, so what is named by something that is proven is proven. *The range*: where the
//! hash of every anchor is known, all of them together lead to the root of the log's mountain range. That
//! proves what stands before an anchor which nobody has; and where it does not hold, names prove nothing.

use super::log::LogFacts;
use crate::seal::Place;
use runseal_merkle::{leaf_hash, mountain_range::MountainRange};
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

/// What is said of the hash of the anchor before.
#[derive(Clone, Copy)]
enum Named {
    /// Nothing.
    Nobody,
    /// This, by something that is offered and not proven.
    Perhaps(Digest),
    /// This, by something that is proven.
    Surely(Digest),
}

/// One way through a log, from the newest period to the first.
struct Deciding<'a> {
    log: &'a LogFacts,
    named: Named,
    /// Newest first, as the standings are until the end.
    hashes: Vec<Option<Digest>>,
    decided: Decided,
    /// What is offered and was not named by anything proven: the range may prove it.
    waiting: Vec<Waiting>,
    /// Which offers were proven.
    proven: Vec<(Period, usize)>,
}

/// What is offered for a period, one of it taken for what was anchored.
struct Waiting {
    period: Period,
    taken: AnchorFacts,
    offers: Vec<(usize, AnchorFacts)>,
}

impl<'a> Deciding<'a> {
    fn new(log: &'a LogFacts, shown: &[Shown]) -> Self {
        let is_all = count(shown.len()) >= log.anchor_count;
        let named = if is_all { Named::Surely(log.head_anchor_hash) } else { Named::Nobody };
        Self {
            log,
            named,
            hashes: Vec::new(),
            decided: Decided::default(),
            waiting: Vec::new(),
            proven: Vec::new(),
        }
    }

    fn take(&mut self, period: Period, shown: &Shown) {
        let standing = match shown {
            _ if period.0 >= self.log.anchor_count => return self.take_too_much(period, shown),
            Shown::Open { hash, previous } => {
                self.hashes.push(Some(*hash));
                self.named = Named::Surely(*previous);
                Standing::Open
            }
            Shown::Closed(offers) => self.judge(period, offers),
        };
        self.decided.standings.push(standing);
    }

    /// A period that the log has not come to: nothing can be said of it.
    fn take_too_much(&mut self, period: Period, shown: &Shown) {
        let Shown::Closed(offers) = shown else {
            return self.decided.standings.push(Standing::Open);
        };
        let misfit = Misfit::NotAnchored { anchor_count: self.log.anchor_count };
        for offer in 0..offers.len() {
            self.refuse(period, offer, misfit);
        }
        let refuted = if offers.is_empty() { Standing::Missing } else { Standing::Refuted };
        self.decided.standings.push(refuted);
    }

    fn judge(&mut self, period: Period, offers: &[AnchorFacts]) -> Standing {
        let place = Place { genesis_hash: self.log.genesis_hash, log: self.log.log, period };
        let mut ours = Vec::new();
        for (offer, facts) in offers.iter().enumerate() {
            if facts.context == place.context() {
                ours.push((offer, *facts));
            } else {
                self.refuse(period, offer, Misfit::WrongContext);
            }
        }
        match self.named {
            Named::Surely(expected) => self.judge_named(period, expected, &ours, offers.is_empty()),
            Named::Perhaps(_) | Named::Nobody => {
                self.judge_unnamed(period, ours, offers.is_empty())
            }
        }
    }

    /// Something proven says which hash it is: that one is proven, and every other one is not.
    fn judge_named(
        &mut self,
        period: Period,
        expected: Digest,
        offers: &[(usize, AnchorFacts)],
        is_missing: bool,
    ) -> Standing {
        self.hashes.push(Some(expected));
        self.named = Named::Nobody;
        let mut standing = if is_missing { Standing::Missing } else { Standing::Refuted };
        for (offer, facts) in offers {
            let found = facts.hash();
            if found == expected {
                self.named = Named::Surely(facts.previous_anchor_hash);
                self.proven.push((period, *offer));
                standing = Standing::Proven(*facts);
            } else {
                self.refuse(period, *offer, Misfit::OtherHash { expected, found });
            }
        }
        standing
    }

    /// Nothing proven says so: one is taken for it until the range decides.
    fn judge_unnamed(
        &mut self,
        period: Period,
        offers: Vec<(usize, AnchorFacts)>,
        is_missing: bool,
    ) -> Standing {
        let perhaps = match self.named {
            Named::Perhaps(hash) => Some(hash),
            _ => None,
        };
        let is_named = |(_, facts): &&(usize, AnchorFacts)| Some(facts.hash()) == perhaps;
        let taken = offers.iter().find(is_named).or(offers.first());
        let Some(taken) = taken.map(|(_, facts)| *facts) else {
            self.hashes.push(perhaps);
            self.named = Named::Nobody;
            return if is_missing { Standing::Missing } else { Standing::Refuted };
        };
        self.hashes.push(Some(taken.hash()));
        self.named = Named::Perhaps(taken.previous_anchor_hash);
        self.waiting.push(Waiting { period, taken, offers });
        Standing::Unproven
    }

    fn refuse(&mut self, period: Period, offer: usize, misfit: Misfit) {
        self.decided.refusals.push(Refusal { period, offer, misfit });
    }

    fn finish(mut self) -> Decided {
        self.decided.standings.reverse();
        if let Some(found) = self.range_root() {
            let expected = self.log.range_root;
            match (found == expected, self.waiting.is_empty()) {
                (true, _) => self.prove_waiting(),
                (false, false) => self.refuse_waiting(Misfit::OtherRange { expected, found }),
                (false, true) => self.refuse_proven(Misfit::OtherRange { expected, found }),
            }
        }
        self.decided.refusals.sort_by_key(|refusal| (refusal.period, refusal.offer));
        self.decided
    }

    /// The root over all anchors; `None` if the hash of one is not known.
    fn range_root(&self) -> Option<Digest> {
        let is_all = count(self.hashes.len()) == self.log.anchor_count;
        let mut range = MountainRange::default();
        for hash in self.hashes.iter().rev() {
            let hash = (*hash)?;
            let _is_in = range.push(leaf_hash(&[hash.as_bytes()]));
        }
        is_all.then(|| Digest::new(range.root()))
    }

    /// Every hash that was taken is one of the log's.
    fn prove_waiting(&mut self) {
        for Waiting { period, taken, offers } in std::mem::take(&mut self.waiting) {
            self.set(period, Standing::Proven(taken));
            let expected = taken.hash();
            for (offer, found) in offers.iter().map(|(offer, facts)| (*offer, facts.hash())) {
                if found != expected {
                    self.refuse(period, offer, Misfit::OtherHash { expected, found });
                }
            }
        }
    }

    /// One of those that were taken is none of the log's, and nobody knows which.
    fn refuse_waiting(&mut self, misfit: Misfit) {
        for Waiting { period, offers, .. } in std::mem::take(&mut self.waiting) {
            self.set(period, Standing::Refuted);
            offers.iter().for_each(|(offer, _)| self.refuse(period, *offer, misfit));
        }
    }

    /// Every hash is named, and they are not the range's: the log contradicts itself, or whoever reads
    /// it to us does. Names prove nothing then.
    fn refuse_proven(&mut self, misfit: Misfit) {
        for (period, offer) in std::mem::take(&mut self.proven) {
            self.set(period, Standing::Refuted);
            self.refuse(period, offer, misfit);
        }
    }

    fn set(&mut self, period: Period, standing: Standing) {
        let index = usize::try_from(period.0).unwrap_or(usize::MAX);
        if let Some(stands) = self.decided.standings.get_mut(index) {
            *stands = standing;
        }
    }
}

fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
