//! Who said what an account holds, and whether enough of them agree.

use crate::account::RawAccount;
use runseal_types::Address;
use std::collections::{BTreeMap, BTreeSet};

/// How settled a slot was when somebody answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Commitment {
    /// It can still be dropped.
    Confirmed,
    /// It cannot.
    Finalized,
}

impl Commitment {
    /// Returns the word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Finalized => "finalized",
        }
    }

    /// Finds what a word is for.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        [Self::Confirmed, Self::Finalized].into_iter().find(|known| known.as_str() == word)
    }
}

/// That an endpoint said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which one.
    pub endpoint: String,
    /// The slot that it spoke of.
    pub slot: u64,
    /// How settled that was.
    pub commitment: Commitment,
}

/// What an account holds, and who said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The account.
    pub account: RawAccount,
    /// Who said that it holds this.
    pub answers: Vec<Answer>,
}

/// How far the answers about an account can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Enough endpoints said the same of a finalized slot.
    Agreed,
    /// Too few did.
    TooFew {
        /// How many.
        found: usize,
    },
    /// Two said different things of one finalized slot.
    Disputed {
        /// Which slot.
        slot: u64,
    },
}

/// Which answers count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counting<'a> {
    /// How many different endpoints must say the same.
    pub(crate) quorum: usize,
    /// Only these; any if there are none.
    pub(crate) endpoints: &'a [String],
}

impl Counting<'_> {
    fn counts(&self, answer: &Answer) -> bool {
        let known = self.endpoints.is_empty() || self.endpoints.contains(&answer.endpoint);
        known && answer.commitment == Commitment::Finalized
    }

    /// Returns how many different endpoints that count said this, and the last slot of theirs.
    fn weigh(&self, observation: &Observation) -> (usize, Option<u64>) {
        let counted = observation.answers.iter().filter(|answer| self.counts(answer));
        let mut endpoints = BTreeSet::new();
        endpoints.extend(counted.clone().map(|answer| &answer.endpoint));
        (endpoints.len(), counted.map(|answer| answer.slot).max())
    }
}

/// Chooses for each account what to go by, and says how far it can be relied on.
///
/// `own` are what the caller read himself, `recorded` what a bundle says that others answered. An
/// account that the caller read is judged by his reading alone; recorded answers count where
/// `recorded_count` says so, and else are only something to go by.
pub(crate) fn settle<'a>(
    own: &'a [Observation],
    recorded: &'a [Observation],
    recorded_count: bool,
    counting: Counting<'_>,
) -> BTreeMap<Address, (&'a RawAccount, Standing)> {
    let mut groups = group(own);
    let mut settled = BTreeMap::new();
    for (address, observations) in group(recorded) {
        if recorded_count {
            groups.entry(address).or_default().extend(observations);
        } else if !groups.contains_key(&address)
            && let Some((account, _)) = choose(&observations, counting)
        {
            settled.insert(address, (account, Standing::TooFew { found: 0 }));
        }
    }
    let chosen = groups.into_iter();
    settled
        .extend(chosen.filter_map(|(address, found)| Some((address, choose(&found, counting)?))));
    settled
}

fn group(observations: &[Observation]) -> BTreeMap<Address, Vec<&Observation>> {
    let mut groups: BTreeMap<Address, Vec<&Observation>> = BTreeMap::new();
    for observation in observations {
        groups.entry(observation.account.address).or_default().push(observation);
    }
    groups
}

/// The newest content that has a quorum, or else the one that most said, newest first.
fn choose<'a>(
    observations: &[&'a Observation],
    counting: Counting<'_>,
) -> Option<(&'a RawAccount, Standing)> {
    let mut best: Option<(bool, Option<u64>, usize, &RawAccount)> = None;
    for content in merge(observations) {
        let (found, slot) = counting.weigh(&content);
        let account = observations.iter().map(|observation| &observation.account);
        let account = account.into_iter().find(|account| same(account, &content.account))?;
        let rank = (found >= counting.quorum, slot, found);
        if best.is_none_or(|(agreed, newest, most, _)| (agreed, newest, most) < rank) {
            best = Some((rank.0, rank.1, rank.2, account));
        }
    }
    let (agreed, _, found, account) = best?;
    let standing = match (disputed_slot(observations, counting), agreed) {
        (Some(slot), _) => Standing::Disputed { slot },
        (None, true) => Standing::Agreed,
        (None, false) => Standing::TooFew { found },
    };
    Some((account, standing))
}

/// Puts together what is said of the same content in several places.
fn merge(observations: &[&Observation]) -> Vec<Observation> {
    let mut merged: Vec<Observation> = Vec::new();
    for observation in observations {
        match merged.iter_mut().find(|known| same(&known.account, &observation.account)) {
            Some(known) => known.answers.extend(observation.answers.iter().cloned()),
            None => merged.push((*observation).clone()),
        }
    }
    merged
}

/// Finds a slot of which endpoints that count said different things.
fn disputed_slot(observations: &[&Observation], counting: Counting<'_>) -> Option<u64> {
    let mut said: BTreeMap<u64, &RawAccount> = BTreeMap::new();
    for observation in observations {
        for answer in observation.answers.iter().filter(|answer| counting.counts(answer)) {
            let first = *said.entry(answer.slot).or_insert(&observation.account);
            if !same(first, &observation.account) {
                return Some(answer.slot);
            }
        }
    }
    None
}

/// Anybody can send lamports to an account, so they are no part of what it says.
fn same(one: &RawAccount, other: &RawAccount) -> bool {
    one.owner == other.owner
        && one.data == other.data
        && (one.lamports == 0) == (other.lamports == 0)
}
