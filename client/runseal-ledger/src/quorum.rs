//! Several endpoints of one cluster, of which enough must say the same.

mod ballot;
mod inquiry;

use crate::rpc::{Question, Rpc};
use futures_util::future::join_all;
use inquiry::{Inquiry, Outcome};
use runseal_client::ledger::{
    Answers, Fault, Finding, Landed, Ledger, LedgerError, MOST_IN_SNAPSHOT, Prepared, RawAccount,
    Snapshot,
};
use solana_address::Address;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_signer::Signer;
use std::{
    collections::BTreeSet,
    mem::discriminant,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long endpoints may take to come to the same slot, unless somebody says otherwise.
const DEFAULT_WAIT: Duration = Duration::from_secs(10);
/// How long an endpoint is left alone that kept the others waiting.
const REST: Duration = Duration::from_secs(60);

/// Several endpoints of one cluster. What is read is finalized, and believed when enough of them say
/// the same.
///
/// Nobody is outvoted in silence: a read fails when an endpoint contradicts the others, with its
/// name; [`observe`](Ledger::observe) returns what each of them said. Whoever was merely slow or
/// silent is in [`findings`](Self::findings). Transactions are made and sent by the first endpoint alone.
pub struct Quorum {
    members: Vec<Member>,
    needed: usize,
    wait: Duration,
    noted: Mutex<Vec<Finding>>,
}

struct Member {
    rpc: Rpc,
    /// Until when it is not asked, and why.
    rest: Mutex<Option<(Instant, Fault)>>,
}

/// Why endpoints are no quorum.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuorumError {
    /// Two contradicting answers could both have enough endpoints.
    #[error("{needed} of {asked} endpoints are no majority: at least {} must agree", asked / 2 + 1)]
    NoMajority {
        /// How many were to agree.
        needed: usize,
        /// How many there are.
        asked: usize,
    },
    /// More would have to agree than there are.
    #[error("{needed} endpoints cannot agree, there are {asked}")]
    TooFew {
        /// How many were to agree.
        needed: usize,
        /// How many there are.
        asked: usize,
    },
    /// An endpoint would have two votes.
    #[error("the endpoint {endpoint} is named twice")]
    NamedTwice {
        /// Which one.
        endpoint: String,
    },
}

impl Quorum {
    /// Makes a quorum of endpoints, of which `needed` must say the same: more than half.
    pub fn new(endpoints: Vec<Rpc>, needed: usize) -> Result<Self, QuorumError> {
        let asked = endpoints.len();
        if needed > asked {
            return Err(QuorumError::TooFew { needed, asked });
        }
        if needed <= asked / 2 {
            return Err(QuorumError::NoMajority { needed, asked });
        }
        let mut named = BTreeSet::new();
        for endpoint in endpoints.iter().map(Rpc::name) {
            if !named.insert(endpoint.clone()) {
                return Err(QuorumError::NamedTwice { endpoint });
            }
        }
        let member = |rpc| Member { rpc, rest: Mutex::new(None) };
        let members = endpoints.into_iter().map(member).collect();
        Ok(Self { members, needed, wait: DEFAULT_WAIT, noted: Mutex::new(Vec::new()) })
    }

    /// Sets how long endpoints may take to come to the same slot, and a transaction to be seen by
    /// the others once the first has seen it.
    #[must_use]
    pub fn with_wait(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// Returns what was wrong with endpoints so far: each kind of fault once, as it was first seen.
    pub fn findings(&self) -> Vec<Finding> {
        locked(&self.noted).clone()
    }

    /// Asks the first endpoint's cluster for lamports.
    pub async fn airdrop(&self, address: &Address, lamports: u64) -> Result<Landed, LedgerError> {
        self.first()?.airdrop(address, lamports).await
    }

    pub(crate) fn first(&self) -> Result<&Rpc, LedgerError> {
        let none = || self.no_quorum(Vec::new());
        self.members.first().map(|member| &member.rpc).ok_or_else(none)
    }

    fn no_quorum(&self, findings: Vec<Finding>) -> LedgerError {
        LedgerError::NoQuorum { needed: self.needed, asked: self.members.len(), findings }
    }

    /// Asks everybody, and notes what is wrong with whom.
    async fn ask(&self, question: Question<'_>) -> Result<Outcome, LedgerError> {
        let mut inquiry = Inquiry::new(self);
        let outcome = inquiry.ask(question).await;
        let findings = inquiry.finish();
        self.note(&findings);
        match outcome {
            Some(outcome) => Ok(Outcome { findings, ..outcome }),
            None => Err(self.no_quorum(findings)),
        }
    }

    /// Asks everybody, and fails if somebody says what is not so.
    async fn ask_strictly(&self, question: Question<'_>) -> Result<Outcome, LedgerError> {
        let outcome = self.ask(question).await?;
        refuse_contradictions(&outcome.findings)?;
        Ok(outcome)
    }

    fn note(&self, findings: &[Finding]) {
        let mut noted = locked(&self.noted);
        for finding in findings {
            let same = |known: &Finding| {
                known.endpoint == finding.endpoint
                    && discriminant(&known.fault) == discriminant(&finding.fault)
            };
            if !noted.iter().any(same) {
                noted.push(finding.clone());
            }
        }
    }
}

impl Member {
    /// Says why it is to be left alone, if it is.
    fn resting(&self) -> Option<Fault> {
        let rest = locked(&self.rest);
        rest.as_ref().filter(|(until, _)| Instant::now() < *until).map(|(_, fault)| fault.clone())
    }

    /// Leaves it alone for a while if it keeps others waiting.
    fn judge(&self, fault: Option<&Fault>) {
        let slow = fault.filter(|it| matches!(it, Fault::Silent { .. } | Fault::Behind { .. }));
        let until = Instant::now() + REST;
        *locked(&self.rest) = slow.map(|fault| (until, fault.clone()));
    }
}

fn refuse_contradictions(findings: &[Finding]) -> Result<(), LedgerError> {
    let caught = findings.iter().filter(|finding| finding.fault.is_contradiction());
    let findings: Vec<Finding> = caught.cloned().collect();
    if findings.is_empty() {
        return Ok(());
    }
    Err(LedgerError::Disagreement { findings })
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind it is replaced as a whole, so it is whole also after a panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ledger for Quorum {
    fn name(&self) -> String {
        let names: Vec<String> = self.members.iter().map(|member| member.rpc.name()).collect();
        names.join(", ")
    }

    async fn genesis_hash(&self) -> Result<Hash, LedgerError> {
        let mut inquiry = Inquiry::new(self);
        let found = inquiry.agree_on_chain().await;
        let findings = inquiry.finish();
        self.note(&findings);
        let found = found.ok_or_else(|| self.no_quorum(findings.clone()))?;
        refuse_contradictions(&findings)?;
        Ok(found)
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Option<RawAccount>>, LedgerError> {
        let mut found = Vec::with_capacity(addresses.len());
        for some in addresses.chunks(MOST_IN_SNAPSHOT) {
            found.extend(self.ask_strictly(Question::At(some)).await?.agreed.in_order(some));
        }
        Ok(found)
    }

    async fn scan(&self, owner: &Address, prefix: &[u8]) -> Result<Vec<RawAccount>, LedgerError> {
        let outcome = self.ask_strictly(Question::Owned { owner, prefix }).await?;
        Ok(outcome.agreed.accounts.into_values().collect())
    }

    async fn snapshot(&self, addresses: &[Address]) -> Result<Snapshot, LedgerError> {
        let asked = addresses.len();
        if asked > MOST_IN_SNAPSHOT {
            return Err(LedgerError::TooManyAccounts { asked });
        }
        let Outcome { agreed, block_height, .. } =
            self.ask_strictly(Question::At(addresses)).await?;
        Ok(Snapshot { slot: agreed.slot, block_height, accounts: agreed.in_order(addresses) })
    }

    async fn observe(&self, addresses: &[Address]) -> Result<Answers, LedgerError> {
        let mut all = Answers::default();
        for some in addresses.chunks(MOST_IN_SNAPSHOT) {
            let outcome = self.ask(Question::At(some)).await?;
            let names: Vec<String> = self.members.iter().map(|member| member.rpc.name()).collect();
            all.observations.extend(outcome.ballot.observations(some, &names));
            all.findings.extend(outcome.findings);
        }
        Ok(all)
    }

    async fn prepare(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Prepared, LedgerError> {
        self.first()?.prepare(instructions, signers).await
    }

    async fn send(&self, bytes: &[u8]) -> Result<(), LedgerError> {
        self.first()?.send(bytes).await
    }

    /// As the port has it, and a transaction landed when enough endpoints say so.
    async fn submit(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Landed, LedgerError> {
        let landed = self.first()?.submit(instructions, signers).await?;
        let others = self.members.iter().skip(1);
        let seen =
            others.map(|it| tokio::time::timeout(self.wait, it.rpc.wait_for(landed.signature)));
        let agrees = |seen: &Result<Result<Landed, LedgerError>, _>| matches!(seen, Ok(Ok(seen)) if seen.slot == landed.slot);
        let agreeing = join_all(seen).await.iter().filter(|seen| agrees(seen)).count();
        if agreeing.saturating_add(1) < self.needed {
            return Err(LedgerError::Unknown { signature: landed.signature });
        }
        Ok(landed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use solana_commitment_config::CommitmentConfig;

    fn quorum(urls: &[&str], needed: usize) -> Result<(), QuorumError> {
        let rpc = |url: &&str| Rpc::new(url, CommitmentConfig::finalized());
        Quorum::new(urls.iter().map(rpc).collect(), needed).map(drop)
    }

    #[test]
    fn only_a_majority_of_different_endpoints_is_a_quorum() {
        let (one, two, three) = ("http://one", "http://two", "http://three");
        let no_majority = |needed, asked| Err(QuorumError::NoMajority { needed, asked });
        let too_few = |needed, asked| Err(QuorumError::TooFew { needed, asked });
        let twice = |endpoint: &str| Err(QuorumError::NamedTwice { endpoint: endpoint.into() });
        let cases: [(&[&str], usize, Result<(), QuorumError>); 13] = [
            (&[one], 1, Ok(())),
            (&[one, two], 2, Ok(())),
            (&[one, two, three], 2, Ok(())),
            (&[one, two, three], 3, Ok(())),
            (&[], 0, no_majority(0, 0)),
            (&[one], 0, no_majority(0, 1)),
            (&[one, two], 1, no_majority(1, 2)),
            (&[one, two, three], 1, no_majority(1, 3)),
            (&[], 1, too_few(1, 0)),
            (&[one, two], 3, too_few(3, 2)),
            (&[one, two, one], 2, twice(one)),
            (&[one, two, "http://one/"], 2, twice(one)),
            (&["http://one/key", two, "http://one/other-key"], 2, twice(one)),
        ];
        for (urls, needed, expected) in cases {
            assert_eq!(quorum(urls, needed), expected, "{needed} of {urls:?}");
        }
    }
}
