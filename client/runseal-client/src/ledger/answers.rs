//! Who said what an account holds, and what is to be said of whoever did not.

use super::{Commitment, RawAccount, Snapshot};
use solana_address::Address;
use solana_hash::Hash;

/// That an endpoint said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which one.
    pub endpoint: String,
    /// The slot that it spoke of.
    pub slot: u64,
    /// How sure it was.
    pub commitment: Commitment,
}

/// What an account holds, and who said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Where the account is, or would be.
    pub address: Address,
    /// The account; `None` if there is none.
    pub account: Option<RawAccount>,
    /// Who said that it is so.
    pub answers: Vec<Answer>,
}

/// All that was said about some accounts, also where it contradicts itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// What was said, account by account. An account that two contents were told of is in it twice.
    pub observations: Vec<Observation>,
    /// Which endpoints did not say what the others said.
    pub findings: Vec<Finding>,
}

impl Answers {
    /// Makes the answers of a single endpoint out of what it said.
    pub fn of_one(endpoint: String, addresses: &[Address], snapshot: Snapshot) -> Self {
        let slot = snapshot.slot;
        let answer = Answer { endpoint, slot, commitment: Commitment::Finalized };
        let said = addresses.iter().zip(snapshot.accounts);
        let observations = said.map(|(address, account)| Observation {
            address: *address,
            account,
            answers: vec![answer.clone()],
        });
        Self { observations: observations.collect(), findings: Vec::new() }
    }
}

/// What is wrong with an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{endpoint} {fault}")]
pub struct Finding {
    /// Which one.
    pub endpoint: String,
    /// What it did.
    pub fault: Fault,
}

/// How an endpoint did not say what the others said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is no endpoint of this chain.
    #[error("is on the chain {found}, not on {expected}")]
    OtherChain {
        /// The chain of the others, or the one that was asked for.
        expected: Hash,
        /// The chain that it names.
        found: Hash,
    },
    /// It said something else of the very slot that others spoke of. One of them lies.
    #[error("contradicts the others about slot {slot}: {}", list(accounts))]
    Disagrees {
        /// The slot.
        slot: u64,
        /// What it said something else about.
        accounts: Vec<Address>,
    },
    /// It said something else, and never of a slot that another one spoke of.
    #[error("says something else of other slots: {}", list(accounts))]
    NotComparable {
        /// What it said something else about.
        accounts: Vec<Address>,
    },
    /// It did not reach the slot that the others spoke of.
    #[error("is behind: its slot is {slot}, the others are at {expected}")]
    Behind {
        /// Where it is.
        slot: u64,
        /// Where the others are.
        expected: u64,
    },
    /// It claims a slot or a height of the chain that the others are far from.
    #[error("claims to be at slot or block {claimed}, the others are at {expected}")]
    Ahead {
        /// Where it claims to be.
        claimed: u64,
        /// Where the others are.
        expected: u64,
    },
    /// It did not answer, or not in a way that can be understood.
    #[error("does not answer: {reason}")]
    Silent {
        /// What went wrong.
        reason: String,
    },
}

impl Fault {
    /// Says whether the endpoint was caught: not merely slow, but saying what is not so.
    pub fn is_contradiction(&self) -> bool {
        matches!(self, Self::Disagrees { .. } | Self::OtherChain { .. })
    }
}

/// Addresses in a row, as a sentence has them.
fn list(accounts: &[Address]) -> String {
    const MOST_NAMED: usize = 3;
    let mut named: Vec<String> = accounts.iter().take(MOST_NAMED).map(Address::to_string).collect();
    let rest = accounts.len().saturating_sub(MOST_NAMED);
    if rest > 0 {
        named.push(format!("{rest} more"));
    }
    named.join(", ")
}

/// Findings in a row, as an error has them.
pub(super) fn sentences(findings: &[Finding]) -> String {
    let said: Vec<String> = findings.iter().map(Finding::to_string).collect();
    said.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_names_the_endpoint_and_only_a_few_of_many_accounts() {
        let endpoint = "http://liar".to_owned();
        let accounts: Vec<Address> = (1..=5).map(|byte| Address::from([byte; 32])).collect();
        let fault = Fault::Disagrees { slot: 7, accounts: accounts.clone() };
        let said = Finding { endpoint, fault }.to_string();
        assert!(said.starts_with("http://liar contradicts the others about slot 7: "), "{said}");
        let named = accounts.iter().filter(|address| said.contains(&address.to_string())).count();
        assert!(named == 3 && said.ends_with(", 2 more"), "{said}");
    }

    #[test]
    fn a_single_endpoint_answers_for_itself_also_where_nothing_is() {
        let addresses = [Address::from([1; 32]), Address::from([2; 32])];
        let account = RawAccount {
            address: addresses[0],
            owner: Address::from([3; 32]),
            lamports: 1,
            data: vec![4],
        };
        let accounts = vec![Some(account.clone()), None];
        let snapshot = Snapshot { slot: 9, block_height: 8, accounts };
        let answers = Answers::of_one("one".into(), &addresses, snapshot);
        let said: Vec<_> = answers
            .observations
            .iter()
            .map(|said| (said.address, said.account.clone(), said.answers[0].slot))
            .collect();
        assert_eq!(said, [(addresses[0], Some(account), 9), (addresses[1], None, 9)]);
        assert_eq!(answers.findings, []);
    }
}
