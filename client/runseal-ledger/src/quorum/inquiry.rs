//! One question to all endpoints of a quorum.

use super::{
    Quorum,
    ballot::{Ballot, Lie, reached},
};
use crate::rpc::{Question, Reading, Rpc, Tip};
use futures_util::stream::{FuturesUnordered, StreamExt};
use runseal_client::ledger::{Fault, Finding, Ledger, LedgerError};
use solana_commitment_config::CommitmentConfig;
use solana_hash::Hash;
use std::collections::BTreeMap;
use tokio::time::{Duration, Instant, timeout_at};

/// About a slot: so that endpoints meet in the same one before long.
const PAUSE: Duration = Duration::from_millis(350);
/// Farther ahead of the others than an honest endpoint can be after waiting.
const MOST_SLOTS_AHEAD: u64 = 300;

/// Which part of the time those get who answer after enough others have.
const GRACE: u32 = 4;

/// What came of a question.
pub(super) struct Outcome {
    /// What enough endpoints say, and the slot that these have reached.
    pub(super) agreed: Reading,
    /// The height of a finalized block that enough endpoints have reached.
    pub(super) block_height: u64,
    /// All that was said.
    pub(super) ballot: Ballot,
    /// What is wrong with whom.
    pub(super) findings: Vec<Finding>,
}

/// A question on its way: who is still asked, and what is wrong with the others.
pub(super) struct Inquiry<'a> {
    quorum: &'a Quorum,
    deadline: Instant,
    present: Vec<usize>,
    faults: BTreeMap<usize, Fault>,
}

impl<'a> Inquiry<'a> {
    /// Begins with everybody who is not to be left alone; with all if too few are left.
    pub(super) fn new(quorum: &'a Quorum) -> Self {
        let members = quorum.members.iter().enumerate();
        let resting = members.filter_map(|(index, member)| Some((index, member.resting()?)));
        let mut faults: BTreeMap<usize, Fault> = resting.collect();
        let all = 0..quorum.members.len();
        if all.len().saturating_sub(faults.len()) < quorum.needed {
            faults.clear();
        }
        let present = all.filter(|index| !faults.contains_key(index)).collect();
        Self { quorum, deadline: Instant::now() + quorum.wait, present, faults }
    }

    /// Asks the question; `None` if too few endpoints agree.
    pub(super) async fn ask(&mut self, question: Question<'_>) -> Option<Outcome> {
        self.agree_on_chain().await?;
        let tips = self.each(|rpc| rpc.tip()).await;
        let tips = self.keep(tips);
        let reached = |part: fn(&Tip) -> u64| reached(self.quorum.needed, tips.values().map(part));
        let slot = reached(|tip| tip.slot)?;
        let block_height = reached(|tip| tip.block_height)?;
        for (index, tip) in &tips {
            self.check_claim(*index, tip.slot, slot);
            self.check_claim(*index, tip.block_height, block_height);
        }
        let ballot = self.gather(question, slot).await;
        self.judge(&ballot, &tips, slot);
        let agreed = ballot.agreed(self.quorum.needed)?;
        Some(Outcome { agreed, block_height, ballot, findings: Vec::new() })
    }

    /// Finds the chain that enough endpoints are on, and goes on with those alone.
    pub(super) async fn agree_on_chain(&mut self) -> Option<Hash> {
        let hashes = self.each(Ledger::genesis_hash).await;
        let hashes = self.keep(hashes);
        let count = |hash: &Hash| hashes.values().filter(|other| *other == hash).count();
        let expected = *hashes.values().max_by_key(|hash| count(hash))?;
        let agreed = count(&expected) >= self.quorum.needed;
        for (index, found) in &hashes {
            if *found != expected {
                self.drop_out(*index, Fault::OtherChain { expected, found: *found });
            }
        }
        agreed.then_some(expected)
    }

    /// Ends it: whoever kept others waiting is left alone for a while. Returns what is wrong with whom.
    pub(super) fn finish(self) -> Vec<Finding> {
        for (index, member) in self.quorum.members.iter().enumerate() {
            member.judge(self.faults.get(&index));
        }
        let faults = self.faults.iter();
        let finding = |(index, fault): (&usize, &Fault)| {
            let endpoint = self.quorum.members.get(*index)?.rpc.name();
            Some(Finding { endpoint, fault: fault.clone() })
        };
        faults.filter_map(finding).collect()
    }

    /// Reads again and again, until it is known of everybody whether he agrees or contradicts.
    async fn gather(&mut self, question: Question<'_>, slot: u64) -> Ballot {
        let (mut ballot, mut is_agreed) = (Ballot::default(), false);
        let finalized = CommitmentConfig::finalized();
        loop {
            let readings = self.each(|rpc| rpc.ask(question, finalized, Some(slot))).await;
            for (index, reading) in self.keep(readings) {
                if self.check_claim(index, reading.slot, slot) {
                    ballot.count(index, reading);
                }
            }
            if !is_agreed && ballot.agreeing(self.quorum.needed).len() >= self.quorum.needed {
                is_agreed = true;
                self.hurry();
            }
            let is_over = Instant::now() + PAUSE >= self.deadline;
            if is_over || ballot.is_settled(self.quorum.needed, &self.present) {
                return ballot;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Enough is known: the rest of the time is for those who may still come to it.
    fn hurry(&mut self) {
        self.deadline = self.deadline.min(Instant::now() + self.quorum.wait / GRACE);
    }

    /// Goes on without an endpoint that is where the others cannot be yet.
    fn check_claim(&mut self, index: usize, claimed: u64, expected: u64) -> bool {
        let is_possible = claimed <= expected.saturating_add(MOST_SLOTS_AHEAD);
        if !is_possible {
            self.drop_out(index, Fault::Ahead { claimed, expected });
        }
        is_possible
    }

    /// Finds what is wrong with those who were there to the end.
    fn judge(&mut self, ballot: &Ballot, tips: &BTreeMap<usize, Tip>, expected: u64) {
        let (needed, lies) = (self.quorum.needed, ballot.lies());
        let agreeing = ballot.agreeing(needed);
        // Who said it once has said it, also if the time was up before he could say it again.
        self.faults.retain(|index, fault| {
            !(agreeing.contains(index) && matches!(fault, Fault::Silent { .. }))
        });
        for (index, Lie { slot, accounts }) in lies {
            self.faults.insert(index, Fault::Disagrees { slot, accounts });
        }
        for index in &self.present {
            if agreeing.contains(index) || self.faults.contains_key(index) {
                continue;
            }
            let slot = tips.get(index).map_or(0, |tip| tip.slot);
            let fault = if ballot.has_heard(*index) {
                Fault::NotComparable { accounts: ballot.differences(needed, *index) }
            } else {
                Fault::Behind { slot, expected }
            };
            self.faults.insert(*index, fault);
        }
    }

    /// Asks all who are there at once, and returns what came in time. Once enough have answered, the
    /// others get a part of the time that there is, so that it lasts for the next question too.
    async fn each<'b, T, F>(
        &'b self,
        ask: impl Fn(&'b Rpc) -> F,
    ) -> Vec<(usize, Result<T, LedgerError>)>
    where
        F: Future<Output = Result<T, LedgerError>>,
    {
        let members = self.present.iter();
        let members = members.filter_map(|index| Some((*index, self.quorum.members.get(*index)?)));
        let asked = members.map(|(index, member)| {
            let answer = ask(&member.rpc);
            async move { (index, answer.await) }
        });
        let mut asked: FuturesUnordered<_> = asked.collect();
        let (mut answers, mut until) = (Vec::new(), self.deadline);
        while let Ok(Some(answer)) = timeout_at(until, asked.next()).await {
            answers.push(answer);
            if answers.len() == self.quorum.needed {
                until = until.min(Instant::now() + self.quorum.wait / GRACE);
            }
        }
        answers
    }

    /// Takes the answers, and goes on without those who gave none. Who is behind may catch up.
    fn keep<T>(&mut self, answers: Vec<(usize, Result<T, LedgerError>)>) -> BTreeMap<usize, T> {
        let mut kept = BTreeMap::new();
        let late = |index: &usize| !answers.iter().any(|(answered, _)| answered == index);
        let late: Vec<usize> = self.present.iter().copied().filter(late).collect();
        for index in late {
            let reason = "it took too long".to_owned();
            self.drop_out(index, Fault::Silent { reason });
        }
        for (index, answer) in answers {
            match answer {
                Ok(answer) => drop(kept.insert(index, answer)),
                Err(LedgerError::Behind { .. }) => {}
                Err(LedgerError::Unreachable { reason, .. }) => {
                    self.drop_out(index, Fault::Silent { reason });
                }
                Err(error) => self.drop_out(index, Fault::Silent { reason: error.to_string() }),
            }
        }
        kept
    }

    fn drop_out(&mut self, index: usize, fault: Fault) {
        self.present.retain(|present| *present != index);
        self.faults.insert(index, fault);
    }
}
