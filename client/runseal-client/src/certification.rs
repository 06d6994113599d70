//! What certifiers say of versions, and what that comes to in a slot.

use crate::{
    instructions::certification::{self as build, Subject},
    ledger::{Landed, Ledger},
    registry::{self, Found, ReadError, WorkflowError},
};
use runseal_registry::{
    constants::STAGE_COUNT,
    instructions::AttestStageArgs,
    state::{Attestation, Certifier, Outcome, Version},
};
use solana_address::Address;
use solana_signer::Signer;

/// Attests a stage of a version, or attests it anew, and returns the attestation's address.
///
/// The round and the stage below are looked up; `args.round` is not read.
pub async fn attest(
    ledger: &impl Ledger,
    authority: &(dyn Signer + Sync),
    version: Address,
    args: AttestStageArgs,
) -> Result<(Address, Landed), WorkflowError> {
    let payer = authority.try_pubkey()?;
    let version = registry::load::<Version>(ledger, version).await?;
    let certifier = registry::certifier_address(&payer);
    let round = next_round(ledger, &version, args.stage, certifier).await?;
    let below = match newest(&version.account, args.stage.saturating_sub(1)) {
        Some(address) => {
            let below = registry::load::<Attestation>(ledger, address).await?;
            Some((address, below.account.certifier))
        }
        None => None,
    };
    let subject = Subject { agent: version.account.agent, version: version.address, below };
    let args = AttestStageArgs { round, ..args };
    let address = registry::attestation_address(&version.address, args.stage, &certifier, round);
    let attest = build::attest(payer, payer, subject, args);
    Ok((address, ledger.submit(&[attest], &[authority]).await?))
}

/// The newest attestation of a stage; none if there is none, and none of stages that there are not.
fn newest(version: &Version, stage: u8) -> Option<Address> {
    let address = *version.newest_attestation(stage).ok()?;
    Some(address).filter(|address| *address != Address::default())
}

/// How many rounds the certifier has had, found along the chain of attestations of the stage.
async fn next_round(
    ledger: &impl Ledger,
    version: &Found<Version>,
    stage: u8,
    certifier: Address,
) -> Result<u32, ReadError> {
    let mut next = newest(&version.account, stage);
    while let Some(address) = next {
        let attestation = registry::load::<Attestation>(ledger, address).await?.account;
        if attestation.certifier == certifier {
            return Ok(attestation.round.saturating_add(1));
        }
        next = Some(attestation.previous).filter(|previous| *previous != Address::default());
    }
    Ok(0)
}

/// What a version was certified for in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The slot that was asked for.
    pub slot: u64,
    /// Whether the version was yanked by then: it then has no stage.
    pub is_yanked: bool,
    /// The newest word of then about each stage, from A up.
    pub rungs: Vec<Rung>,
}

impl Status {
    /// The highest stage that held; 0 if none did.
    pub fn stage(&self) -> u8 {
        let held = self.rungs.iter().filter(|rung| rung.held() && !self.is_yanked).count();
        u8::try_from(held).unwrap_or(u8::MAX)
    }
}

/// The word about one stage that counted in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// 1 (A) to 5 (E).
    pub stage: u8,
    /// Whether the stage held then, as far as slots can tell, and why not.
    pub standing: Standing,
    /// The attestation.
    pub attestation: Found<Attestation>,
    /// Whose word it is.
    pub certifier: Found<Certifier>,
}

impl Rung {
    /// Whether the version had the stage.
    pub fn held(&self) -> bool {
        self.standing == Standing::Held
    }
}

/// How a stage stood in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It held, with every stage below it.
    Held,
    /// The word about it is that the version failed.
    Failed,
    /// The certifier's words of then are void.
    Void,
    /// The word was revoked.
    Revoked,
    /// The word's time was over.
    Expired,
    /// The word holds, but the stage below does not.
    BelowMissing,
}

impl Standing {
    /// Says how an attestation stood in a slot by itself. Whether it held is what the program says.
    fn of(attestation: &Attestation, slot: u64, certifier: &Certifier) -> Self {
        let is_revoked = attestation.revoked_reason != 0 && attestation.revoked_at.slot <= slot;
        if attestation.held_in(slot, certifier) {
            Self::Held
        } else if attestation.outcome != Outcome::Passed as u8 {
            Self::Failed
        } else if attestation.issued_at.slot >= certifier.void_from_slot {
            Self::Void
        } else if is_revoked {
            Self::Revoked
        } else {
            Self::Expired
        }
    }

    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Failed => "failed",
            Self::Void => "void",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::BelowMissing => "stage-below-missing",
        }
    }
}

/// Reads what a version was certified for in `slot`: for each stage the newest word of then.
pub async fn status(
    ledger: &impl Ledger,
    version: &Found<Version>,
    slot: u64,
) -> Result<Status, ReadError> {
    let is_yanked = version.account.yanked != 0 && version.account.yanked_at.slot <= slot;
    let mut rungs: Vec<Rung> = Vec::new();
    for stage in (1..).take(STAGE_COUNT) {
        let Some(attestation) = newest_in(ledger, &version.account, stage, slot).await? else {
            break;
        };
        let certifier: Found<Certifier> =
            registry::load(ledger, attestation.account.certifier).await?;
        let standing = match Standing::of(&attestation.account, slot, &certifier.account) {
            Standing::Held if !rungs.last().is_none_or(Rung::held) => Standing::BelowMissing,
            standing => standing,
        };
        rungs.push(Rung { stage, standing, attestation, certifier });
    }
    Ok(Status { slot, is_yanked, rungs })
}

/// Walks back from the newest attestation of a stage to the one that was the newest in `slot`.
async fn newest_in(
    ledger: &impl Ledger,
    version: &Version,
    stage: u8,
    slot: u64,
) -> Result<Option<Found<Attestation>>, ReadError> {
    let mut next = newest(version, stage);
    while let Some(address) = next {
        let attestation = registry::load::<Attestation>(ledger, address).await?;
        if attestation.account.issued_at.slot <= slot {
            return Ok(Some(attestation));
        }
        let previous = attestation.account.previous;
        next = Some(previous).filter(|previous| *previous != Address::default());
    }
    Ok(None)
}
