//! Counts what endpoints say, and finds who says what is not so. No network, no clock.

use crate::rpc::Reading;
use runseal_client::ledger::{Answer, Commitment, Observation, RawAccount};
use solana_address::Address;
use std::collections::{BTreeMap, BTreeSet};

type Accounts = BTreeMap<Address, RawAccount>;

/// What endpoints said of the same accounts. An endpoint is a number here.
#[derive(Default)]
pub(super) struct Ballot {
    groups: Vec<Group>,
}

/// Those who said the same.
struct Group {
    accounts: Accounts,
    /// Who, and of which slots.
    said: BTreeMap<usize, BTreeSet<u64>>,
}

/// What an endpoint said that is not so.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lie {
    pub(super) slot: u64,
    pub(super) accounts: Vec<Address>,
}

/// Returns what at least `needed` of the numbers have reached; `None` if they are fewer.
///
/// As long as `needed` endpoints tell the truth and those are more than half of all, the others
/// can neither push this beyond what is true nor hold it back.
pub(super) fn reached(needed: usize, numbers: impl IntoIterator<Item = u64>) -> Option<u64> {
    let mut numbers: Vec<u64> = numbers.into_iter().collect();
    numbers.sort_unstable_by(|one, other| other.cmp(one));
    numbers.get(needed.checked_sub(1)?).copied()
}

impl Ballot {
    pub(super) fn count(&mut self, endpoint: usize, reading: Reading) {
        let Reading { slot, accounts } = reading;
        let known =
            self.groups.iter_mut().find(|group| differing(&group.accounts, &accounts).is_empty());
        match known {
            Some(group) => drop(group.said.entry(endpoint).or_default().insert(slot)),
            None => self.groups.push(Group {
                accounts,
                said: BTreeMap::from([(endpoint, BTreeSet::from([slot]))]),
            }),
        }
    }

    /// Returns what at least `needed` endpoints say, with the slot that all these have reached; the
    /// newest if it changed meanwhile.
    pub(super) fn agreed(&self, needed: usize) -> Option<Reading> {
        let (slot, group) = self.best(needed)?;
        Some(Reading { slot, accounts: group.accounts.clone() })
    }

    fn best(&self, needed: usize) -> Option<(u64, &Group)> {
        let supported = self.groups.iter().filter_map(|group| {
            let last = group.said.values().filter_map(|slots| slots.last().copied());
            Some((reached(needed, last)?, group))
        });
        supported.max_by_key(|(slot, _)| *slot)
    }

    /// Returns who says what is agreed.
    pub(super) fn agreeing(&self, needed: usize) -> BTreeSet<usize> {
        let best = self.best(needed);
        best.map(|(_, group)| group.said.keys().copied().collect()).unwrap_or_default()
    }

    /// Says whether more readings cannot tell more: of each of these endpoints it is known whether it
    /// agrees or contradicts.
    pub(super) fn is_settled(&self, needed: usize, endpoints: &[usize]) -> bool {
        let (lies, agreeing) = (self.lies(), self.agreeing(needed));
        let is_known = |it: &usize| lies.contains_key(it) || agreeing.contains(it);
        endpoints.iter().all(is_known)
    }

    /// Finds who contradicts others about a slot. Where more endpoints say the one than the other,
    /// it is the few who are named; where as many do, all.
    pub(super) fn lies(&self) -> BTreeMap<usize, Lie> {
        let mut lies = BTreeMap::new();
        for slot in self.slots() {
            let here: Vec<&Group> = self.groups.iter().filter(|it| it.speaks_of(slot)).collect();
            let most = here.iter().map(|group| group.said.len()).max().unwrap_or(0);
            let mut strongest = here.iter().filter(|group| group.said.len() == most);
            let (first, is_tied) = (strongest.next(), strongest.next().is_some());
            for group in &here {
                let other = here.iter().find(|other| !std::ptr::eq(**other, *group));
                let against = first.filter(|_| !is_tied).or(other);
                let Some(against) = against.filter(|it| !std::ptr::eq(**it, *group)) else {
                    continue;
                };
                let accounts = differing(&group.accounts, &against.accounts);
                for endpoint in group.speakers(slot) {
                    lies.entry(endpoint)
                        .or_insert_with(|| Lie { slot, accounts: accounts.clone() });
                }
            }
        }
        lies
    }

    /// Finds what an endpoint said otherwise than what was agreed, of whatever slot.
    pub(super) fn differences(&self, needed: usize, endpoint: usize) -> Vec<Address> {
        let agreed = self.best(needed).map(|(_, group)| &group.accounts);
        let own = self.groups.iter().find(|group| group.said.contains_key(&endpoint));
        let both = own.zip(agreed.or_else(|| self.groups.first().map(|group| &group.accounts)));
        both.map_or_else(Vec::new, |(own, agreed)| differing(&own.accounts, agreed))
    }

    pub(super) fn has_heard(&self, endpoint: usize) -> bool {
        self.groups.iter().any(|group| group.said.contains_key(&endpoint))
    }

    /// Returns all that was said of these accounts, with who said it.
    pub(super) fn observations(&self, addresses: &[Address], names: &[String]) -> Vec<Observation> {
        let mut all: Vec<Observation> = Vec::new();
        for address in addresses {
            let first = all.len();
            for group in &self.groups {
                let account = group.accounts.get(address);
                let mut known = all.iter_mut().skip(first);
                match known.find(|known| same(known.account.as_ref(), account)) {
                    Some(known) => known.answers.extend(group.answers(names)),
                    None => all.push(Observation {
                        address: *address,
                        account: account.cloned(),
                        answers: group.answers(names).collect(),
                    }),
                }
            }
        }
        all
    }

    fn slots(&self) -> BTreeSet<u64> {
        self.groups.iter().flat_map(|group| group.said.values().flatten().copied()).collect()
    }
}

impl Group {
    fn speaks_of(&self, slot: u64) -> bool {
        self.said.values().any(|slots| slots.contains(&slot))
    }

    fn speakers(&self, slot: u64) -> impl Iterator<Item = usize> {
        let said = self.said.iter().filter(move |(_, slots)| slots.contains(&slot));
        said.map(|(endpoint, _)| *endpoint)
    }

    fn answers(&self, names: &[String]) -> impl Iterator<Item = Answer> {
        let said =
            self.said.iter().filter_map(|(endpoint, slots)| Some((names.get(*endpoint)?, slots)));
        said.flat_map(|(name, slots)| {
            slots.iter().map(|slot| Answer {
                endpoint: name.clone(),
                slot: *slot,
                commitment: Commitment::Finalized,
            })
        })
    }
}

/// Finds the accounts that two readings do not have in common.
fn differing(one: &Accounts, other: &Accounts) -> Vec<Address> {
    let all: BTreeSet<&Address> = one.keys().chain(other.keys()).collect();
    let differs = |address: &&Address| !same(one.get(address), other.get(address));
    all.into_iter().filter(differs).copied().collect()
}

/// Anybody can send lamports to an account, so they are no part of what it says.
fn same(one: Option<&RawAccount>, other: Option<&RawAccount>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.owner == other.owner && one.data == other.data,
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
