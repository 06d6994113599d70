//! Gathering evidence: which accounts a verdict needs, and what a ledger says that they hold.

use crate::{
    keys::{ours, theirs},
    ledger::{self, Ledger, LedgerError, MOST_IN_SNAPSHOT},
    registry::{self, Found, ReadError},
};
use runseal_engine::{
    Bundle,
    account::{Account, RawAccount, ReadAccount},
    answer::{Answer, Commitment, Observation},
};
use runseal_registry::state::Cosignature;
use runseal_types::{Address, Period};
use std::collections::BTreeSet;

/// What a verdict is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The log.
    pub log: Address,
    /// The period.
    pub period: Period,
    /// The agents whose receipts are shown, and those whose receipts approve.
    pub agents: BTreeSet<Address>,
    /// The versions that the receipts say ran.
    pub versions: BTreeSet<(Address, u64)>,
}

impl Subject {
    /// What a bundle is about.
    pub fn of(bundle: &Bundle) -> Self {
        let parts = bundle.parts();
        let receipts = || bundle.receipts().iter().map(|receipt| receipt.document().facts());
        let mut agents = BTreeSet::new();
        agents.extend(parts.statement.agent());
        agents.extend(bundle.approvals().iter().map(|approval| approval.document().facts().agent));
        Self {
            log: parts.place.log,
            period: parts.place.period,
            agents,
            versions: receipts().map(|facts| (facts.agent, facts.agent_version)).collect(),
        }
    }
}

/// Reads accounts, and notes who said so. An account that is not there is an answer too.
///
/// Where several endpoints are asked, the answers of all are returned, also those that contradict
/// each other: the verdict weighs them.
pub async fn observe(
    ledger: &impl Ledger,
    addresses: &BTreeSet<Address>,
) -> Result<Vec<Observation>, LedgerError> {
    let addresses: Vec<_> = addresses.iter().map(theirs).collect();
    let mut observations = Vec::with_capacity(addresses.len());
    for some in addresses.chunks(MOST_IN_SNAPSHOT) {
        let answers = ledger.observe(some).await?;
        observations.extend(answers.observations.into_iter().map(as_evidence));
    }
    Ok(observations)
}

/// Puts what a ledger answered into the engine's words.
fn as_evidence(said: ledger::Observation) -> Observation {
    let address = ours(&said.address);
    let account = match said.account {
        Some(raw) => {
            RawAccount { address, owner: ours(&raw.owner), lamports: raw.lamports, data: raw.data }
        }
        None => gone(address),
    };
    let answers = said.answers.into_iter().map(|answer| Answer {
        endpoint: answer.endpoint,
        slot: answer.slot,
        commitment: match answer.commitment {
            ledger::Commitment::Confirmed => Commitment::Confirmed,
            ledger::Commitment::Finalized => Commitment::Finalized,
        },
    });
    Observation { account, answers: answers.collect() }
}

/// An account that is not there, as an observation has it.
fn gone(address: Address) -> RawAccount {
    let owner = ours(&solana_sdk_ids::system_program::ID);
    RawAccount { address, owner, lamports: 0, data: Vec::new() }
}

/// Finds every account that a verdict on this needs, as the ledger has them now.
///
/// `reader` reads the registry's accounts. What it cannot read is listed all the same: the verdict
/// says what is wrong with it.
pub async fn find_accounts(
    ledger: &impl Ledger,
    reader: &impl ReadAccount,
    subject: &Subject,
) -> Result<BTreeSet<Address>, ReadError> {
    let anchor = registry::anchor_address(&theirs(&subject.log), subject.period.0);
    let mut known = BTreeSet::from([subject.log, ours(&anchor)]);
    known.extend(&subject.agents);
    let version =
        |(agent, index): &(Address, u64)| ours(&registry::version_address(&theirs(agent), *index));
    known.extend(subject.versions.iter().map(version));
    let (mut fresh, mut is_cosigned) = (known.clone(), false);
    // Each round reads what the one before names, and no account is read twice.
    while !fresh.is_empty() {
        let mut named = BTreeSet::new();
        for observation in observe(ledger, &fresh).await? {
            if let Ok(account) = reader.read(&ours(&registry::PROGRAM), &observation.account) {
                is_cosigned |= matches!(&account, Account::Anchor(it) if it.cosignature_count > 0);
                named.extend(names(account));
            }
        }
        fresh = named.difference(&known).copied().collect();
        known.extend(&fresh);
    }
    if is_cosigned {
        for cosignature in cosignatures(ledger, &anchor).await? {
            known.extend([ours(&cosignature.address), ours(&cosignature.account.auditor)]);
        }
    }
    Ok(known)
}

/// The accounts that one names and that a verdict needs too.
fn names(account: Account) -> Vec<Address> {
    match account {
        Account::Version(version) => version.newest_attestations.into_iter().flatten().collect(),
        Account::Attestation(attestation) => {
            attestation.previous.into_iter().chain([attestation.certifier]).collect()
        }
        _ => Vec::new(),
    }
}

/// Reads the signatures of organisations under an anchor.
pub async fn cosignatures(
    ledger: &impl Ledger,
    anchor: &solana_address::Address,
) -> Result<Vec<Found<Cosignature>>, ReadError> {
    let mut found = registry::find_all::<Cosignature>(ledger).await?;
    found.retain(|cosignature| cosignature.account.anchor == *anchor);
    Ok(found)
}
