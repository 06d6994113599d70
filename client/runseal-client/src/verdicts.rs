//! Verdicts: what a caller asks for, and reading what the chain says about it.

use crate::{
    evidence::{self, Subject},
    keys,
    ledger::Ledger,
    registry::{self, ReadError},
};
use runseal_engine::{Bundle, Policy, account::ReadAccount};
use runseal_types::{Address, Digest};

/// What must be so for a bundle to be believed; in everything else the policy is strict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The logs that are trusted; any if there are none.
    pub logs: Vec<Address>,
    /// The stage that the agent's version must have had: 1 (A) to 5 (E), 0 for none.
    pub minimum_stage: u8,
    /// How many organisations must have cosigned.
    pub cosigners: u32,
    /// How many endpoints must say the same.
    pub quorum: usize,
    /// Whether to go by what the bundle says that endpoints answered.
    pub offline: bool,
}

impl Asked {
    /// Makes the policy of it, for the chain that is trusted.
    pub fn policy(&self, genesis_hash: Digest) -> Policy {
        Policy {
            logs: self.logs.clone(),
            minimum_stage: self.minimum_stage,
            cosigners: self.cosigners,
            quorum: self.quorum,
            recorded_answers: self.offline,
            ..Policy::strict(genesis_hash, keys::ours(&registry::PROGRAM))
        }
    }
}

/// Reads a stage's letter: 1 (A) to 5 (E), 0 for `none`.
pub fn parse_stage(text: &str) -> Option<u8> {
    match text.to_ascii_lowercase().as_str() {
        "none" => Some(0),
        "a" => Some(1),
        "b" => Some(2),
        "c" => Some(3),
        "d" => Some(4),
        "e" => Some(5),
        _ => None,
    }
}

/// Returns the chain that a bundle says it is of. A text that is no bundle fails by that name,
/// whatever chain is trusted.
pub fn own_chain(text: &[u8]) -> Digest {
    Bundle::parse(text).map_or(Digest::ZERO, |bundle| bundle.parts().place.genesis_hash)
}

/// Reads what a verdict on a bundle needs from the ledger, and puts it into the policy. What the
/// bundle chose to leave out is found all the same.
pub async fn observe(
    ledger: &impl Ledger,
    reader: &impl ReadAccount,
    mut policy: Policy,
    text: &[u8],
) -> Result<Policy, ReadError> {
    let Ok(bundle) = Bundle::parse(text) else { return Ok(policy) };
    let mut addresses = bundle.addresses();
    addresses.extend(evidence::find_accounts(ledger, reader, &Subject::of(&bundle)).await?);
    policy.accounts.extend(evidence::observe(ledger, &addresses).await?);
    Ok(policy)
}
