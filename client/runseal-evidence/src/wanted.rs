//! Which accounts a verdict needs, for whoever reads them himself: a round names what the one before
//! made known, until nothing is new.

use crate::{Registry, derive_address};
use runseal_engine::{
    Bundle, BundleError, Policy,
    account::{Account, ReadAccount},
};
use runseal_types::{Address, Period};
use std::collections::{BTreeMap, BTreeSet};

/// What is to be read before a verdict, as far as what was read says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Every account that the verdict needs.
    pub addresses: BTreeSet<Address>,
    /// What those that were read are, in a word.
    pub kinds: BTreeMap<Address, &'static str>,
    /// The anchor whose cosignatures have to be found, if it has any: their addresses follow from
    /// organisations that only the chain can list.
    pub cosigned: Option<Address>,
}

/// Says which accounts a verdict on the bundle needs, after those that the policy has.
///
/// What the bundle says that others answered is not followed, only what its reader read himself.
pub fn wanted(bundle: &[u8], policy: &[u8]) -> Result<Wanted, BundleError> {
    let (bundle, policy) = (Bundle::parse(bundle)?, Policy::parse(policy)?);
    let mut wanted = Wanted { addresses: bundle.addresses(), ..Wanted::default() };
    wanted.addresses.extend(of_bundle(&bundle, &policy.program));
    for observation in &policy.accounts {
        if let Ok(account) = Registry.read(&policy.program, &observation.account) {
            wanted.kinds.insert(account.address(), kind(&account));
            wanted.add(account);
        }
    }
    Ok(wanted)
}

impl Wanted {
    fn add(&mut self, account: Account) {
        match account {
            Account::Version(version) => {
                self.addresses.extend(version.newest_attestations.into_iter().flatten());
            }
            Account::Attestation(attestation) => {
                self.addresses.extend(attestation.previous);
                self.addresses.insert(attestation.certifier);
            }
            Account::Anchor(anchor) if anchor.cosignature_count > 0 => {
                self.cosigned = Some(anchor.address);
            }
            Account::Cosignature(cosignature) => {
                self.addresses.insert(cosignature.auditor);
            }
            _ => {}
        }
    }
}

/// What follows from the bundle alone: log, anchor, agents, versions.
fn of_bundle(bundle: &Bundle, program: &Address) -> BTreeSet<Address> {
    let parts = bundle.parts();
    let (log, Period(period)) = (parts.place.log, parts.place.period);
    let mut addresses = BTreeSet::from([log]);
    let mut derive = |seeds: &[&[u8]]| {
        addresses.extend(derive_address(program, seeds).map(|(address, _)| address));
    };
    derive(&[b"anchor", log.as_bytes(), &period.to_le_bytes()]);
    for receipt in bundle.receipts() {
        let facts = receipt.document().facts();
        derive(&[b"version", facts.agent.as_bytes(), &facts.agent_version.to_le_bytes()]);
    }
    addresses.extend(parts.statement.agent());
    addresses.extend(bundle.approvals().iter().map(|approval| approval.document().facts().agent));
    addresses
}

const fn kind(account: &Account) -> &'static str {
    match account {
        Account::Agent(_) => "agent",
        Account::Version(_) => "version",
        Account::Certifier(_) => "certifier",
        Account::Attestation(_) => "attestation",
        Account::Log(_) => "log",
        Account::Anchor(_) => "anchor",
        Account::Auditor(_) => "auditor",
        Account::Cosignature(_) => "cosignature",
    }
}
