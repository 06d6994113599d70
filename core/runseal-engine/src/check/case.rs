//! What all checks look at: the bundle, the policy, and the accounts as far as they could be read.

use crate::{
    account::{Account, AccountError, Agent, Anchor, Log, ReadAccount, Version},
    answer::{Standing, settle},
    bundle::Bundle,
    policy::Policy,
    proof::PeriodRoot,
};
use runseal_ed25519::{PointError, PublicKey};
use runseal_types::{Address, AnchorFacts, Digest};
use std::collections::BTreeMap;

/// An account as far as it could be read, and how far its content can be relied on.
pub(crate) struct Seen {
    pub(crate) account: Result<Account, AccountError>,
    pub(crate) standing: Standing,
}

/// What a verdict is about.
pub(crate) struct Case<'a> {
    pub(crate) bundle: &'a Bundle,
    pub(crate) policy: &'a Policy,
    pub(crate) accounts: BTreeMap<Address, Seen>,
}

impl<'a> Case<'a> {
    pub(crate) fn open(bundle: &'a Bundle, policy: &'a Policy, reader: &impl ReadAccount) -> Self {
        let recorded = &bundle.parts.accounts;
        let counting = policy.counting();
        let settled = settle(&policy.accounts, recorded, policy.recorded_answers, counting);
        // The program is the trusted one: another's accounts are read as nobody's.
        let read = |(address, (raw, standing))| {
            (address, Seen { account: reader.read(&policy.program, raw), standing })
        };
        let mut accounts = BTreeMap::new();
        accounts.extend(settled.into_iter().map(read));
        Self { bundle, policy, accounts }
    }

    /// Returns the accounts that could be read.
    pub(crate) fn known(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values().filter_map(|seen| seen.account.as_ref().ok())
    }

    /// Returns why an account could not be read. One that is gone is none, and nothing is wrong with it.
    pub(crate) fn unreadable(&self) -> Option<AccountError> {
        let mut problems = self.accounts.values().filter_map(|seen| seen.account.as_ref().err());
        problems.find(|problem| !is_gone(problem)).copied()
    }

    /// Finds an account by its address: none, or why it is not one.
    pub(crate) fn at(&self, address: &Address) -> Option<Result<&Account, AccountError>> {
        let account = self.accounts.get(address)?.account.as_ref().map_err(|error| *error);
        Some(account).filter(|account| !account.as_ref().is_err_and(is_gone))
    }

    /// Finds the agent that the bundle is about.
    pub(crate) fn agent(&self) -> Result<Option<&Agent>, AccountError> {
        match self.bundle.parts.statement.agent() {
            Some(address) => self.agent_at(&address),
            None => Ok(None),
        }
    }

    pub(crate) fn agent_at(&self, address: &Address) -> Result<Option<&Agent>, AccountError> {
        match self.at(address).transpose()? {
            Some(Account::Agent(agent)) => Ok(Some(agent)),
            Some(_) => Err(AccountError::UnknownKind { address: *address }),
            None => Ok(None),
        }
    }

    pub(crate) fn version(&self, agent: &Address, index: u64) -> Option<&Version> {
        self.known().find_map(|account| match account {
            Account::Version(version) if version.agent == *agent && version.index == index => {
                Some(&**version)
            }
            _ => None,
        })
    }

    pub(crate) fn log(&self) -> Result<Option<&Log>, AccountError> {
        let address = self.bundle.parts.place.log;
        match self.at(&address).transpose()? {
            Some(Account::Log(log)) => Ok(Some(log)),
            Some(_) => Err(AccountError::UnknownKind { address }),
            None => Ok(None),
        }
    }

    /// Finds the anchor's account. Its address follows from log and period, and was checked.
    pub(crate) fn anchor_account(&self) -> Option<&Anchor> {
        let place = &self.bundle.parts.place;
        self.known().find_map(|account| match account {
            Account::Anchor(anchor) if anchor.log == place.log && anchor.period == place.period => {
                Some(anchor)
            }
            _ => None,
        })
    }

    /// Returns what the anchor says: its account, or else the bundle, which the log must confirm.
    pub(crate) fn anchor_facts(&self) -> Option<&AnchorFacts> {
        let account = self.anchor_account().map(|anchor| &anchor.facts);
        account.or(self.bundle.parts.anchor.as_ref())
    }

    /// Returns the hash of the anchor.
    pub(crate) fn anchor_hash(&self) -> Option<Digest> {
        self.anchor_facts().map(AnchorFacts::hash)
    }

    /// Returns the slot as of which everything is asked: the one in which the anchor was posted.
    pub(crate) fn slot(&self) -> Option<u64> {
        self.anchor_facts().map(|facts| facts.posted_slot)
    }

    pub(crate) fn period_root(&self) -> Option<PeriodRoot> {
        self.anchor_facts().map(|facts| PeriodRoot {
            // Made anew, so that a proof for another period leads to another root.
            context: self.bundle.parts.place.context(),
            leaf_count: facts.leaf_count,
            root: facts.root,
        })
    }
}

const fn is_gone(problem: &AccountError) -> bool {
    matches!(problem, AccountError::Gone { .. })
}

/// Returns the key that an agent signs with.
pub(crate) fn key_of(agent: &Agent) -> Result<PublicKey, PointError> {
    PublicKey::parse(agent.identity.as_bytes())
}
