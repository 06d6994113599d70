//! Which stage a version had in a slot: the highest that held together with all below it.

use super::{Case, registry::version_indices};
use crate::{
    account::{Account, AccountError, Attestation, Certifier, Version},
    report::{Finding, Reason},
};
use runseal_receipt::member::integer;
use runseal_types::Address;

/// Whether every receipt's version had the stage that is asked for.
pub(crate) fn certification(case: &Case<'_>) -> Finding {
    let asked = case.policy.minimum_stage;
    if asked == 0 {
        return Reason::NoStageAsked.into();
    }
    let indices = version_indices(case);
    let (Some(slot), false) = (case.slot(), indices.is_empty()) else {
        return Reason::CertificationUndecided.into();
    };
    for index in indices {
        let agent = case.bundle.parts.statement.agent();
        let Some(version) = agent.and_then(|agent| case.version(&agent, index)) else {
            return Reason::CertificationUndecided.into();
        };
        for stage in 1..=asked {
            let finding = held(case, version, stage, slot);
            if finding.reason != Reason::StageHeld {
                return finding.fact("stage", u32::from(stage)).fact("slot", integer(slot));
            }
        }
    }
    Finding::from(Reason::StageHeld).fact("stage", u32::from(asked)).fact("slot", integer(slot))
}

/// Whether one stage held.
fn held(case: &Case<'_>, version: &Version, stage: u8, slot: u64) -> Finding {
    let attestation = match newest_in(case, version, stage, slot) {
        Ok(attestation) => attestation,
        Err(finding) => return finding,
    };
    let certifier = match account(case, &attestation.certifier, as_certifier) {
        Ok(certifier) => certifier,
        Err(finding) => return finding,
    };
    let reason = judge(attestation, certifier, slot);
    let finding = Finding::from(reason).fact("attestation", attestation.address);
    finding.fact("certifier", attestation.certifier)
}

/// Says whether an attestation held in a slot, as the program does.
pub(crate) fn judge(attestation: &Attestation, certifier: &Certifier, slot: u64) -> Reason {
    let revoked = attestation.revoked.filter(|(at, _)| at.slot <= slot);
    if attestation.issued_at.slot > slot {
        Reason::StageNotAttested
    } else if !attestation.passed {
        Reason::StageFailed
    } else if attestation.issued_at.slot >= certifier.void_from_slot {
        Reason::StageVoid
    } else if revoked.is_some() {
        Reason::StageRevoked
    } else if attestation.expires_at.slot <= slot {
        Reason::StageExpired
    } else {
        Reason::StageHeld
    }
}

/// Goes back from the version's newest attestation of a stage to the one that was it in the slot.
fn newest_in<'a>(
    case: &'a Case<'_>,
    version: &Version,
    stage: u8,
    slot: u64,
) -> Result<&'a Attestation, Finding> {
    let place = usize::from(stage).saturating_sub(1);
    let mut next = version.newest_attestations.get(place).copied().flatten();
    // Each step goes to another account, and there are only so many.
    for _ in 0..=case.accounts.len() {
        let Some(address) = next else {
            return Err(Reason::StageNotAttested.into());
        };
        let attestation = account(case, &address, as_attestation)?;
        if attestation.version != version.address || attestation.stage != stage {
            return Err(Finding::from(Reason::AttestationForeign).fact("attestation", address));
        }
        if attestation.issued_at.slot <= slot {
            return Ok(attestation);
        }
        next = attestation.previous;
    }
    Err(Reason::CertificationUndecided.into())
}

fn account<'a, T>(
    case: &'a Case<'_>,
    address: &Address,
    kind: fn(&Account) -> Option<&T>,
) -> Result<&'a T, Finding> {
    let bad =
        |problem: AccountError| Finding::from(Reason::CertificationAccountBad).because(problem);
    match case.at(address) {
        Some(Ok(account)) => {
            kind(account).ok_or_else(|| bad(AccountError::UnknownKind { address: *address }))
        }
        Some(Err(problem)) => Err(bad(problem)),
        None => Err(Finding::from(Reason::CertificationUndecided).fact("missing", *address)),
    }
}

const fn as_attestation(account: &Account) -> Option<&Attestation> {
    match account {
        Account::Attestation(attestation) => Some(attestation),
        _ => None,
    }
}

const fn as_certifier(account: &Account) -> Option<&Certifier> {
    match account {
        Account::Certifier(certifier) => Some(certifier),
        _ => None,
    }
}
