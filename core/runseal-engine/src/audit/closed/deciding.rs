//! The one way through a log on which it is decided what its closed anchors said.

use super::{Decided, Misfit, Refusal, Shown, Standing};
use crate::{audit::log::LogFacts, seal::Place};
use runseal_merkle::{leaf_hash, mountain_range::MountainRange};
use runseal_types::{AnchorFacts, Digest, Period};

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
pub(super) struct Deciding<'a> {
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
    pub(super) fn new(log: &'a LogFacts, shown: &[Shown]) -> Self {
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

    /// Takes the next period on the way back.
    pub(super) fn take(&mut self, period: Period, shown: &Shown) {
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

    /// Lets the range decide.
    pub(super) fn finish(mut self) -> Decided {
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

pub(super) fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
