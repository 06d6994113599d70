//! What certifiers do, and what can be read of it.

use super::{SYSTEM_PROGRAM, build};
use crate::registry::{PROGRAM, attestation_address, certifier_address, config_address};
use runseal_registry::{
    accounts, instruction,
    instructions::{AccreditCertifierArgs, AttestStageArgs},
};
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

/// Accredits a certifier.
pub fn accredit(payer: Address, authority: Address, args: AccreditCertifierArgs) -> Instruction {
    let accounts = accounts::AccreditCertifier {
        payer,
        authority,
        config: config_address(),
        certifier: certifier_address(&args.certifier_authority),
        system_program: SYSTEM_PROGRAM,
    };
    build(&accounts, &instruction::AccreditCertifier { args })
}

/// Suspends a certifier and voids what it issued from a slot on.
pub fn suspend(authority: Address, certifier: Address, void_from_slot: u64) -> Instruction {
    let accounts = accounts::SuspendCertifier { authority, config: config_address(), certifier };
    build(&accounts, &instruction::SuspendCertifier { void_from_slot })
}

/// The version that a stage is attested of, and what stands below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The agent's account.
    pub agent: Address,
    /// The version's account.
    pub version: Address,
    /// The newest attestation of the stage below and the certifier that gave it; none for stage A.
    pub below: Option<(Address, Address)>,
}

/// Attests a stage: the certifier's first word if the round is 0, else a renewal.
pub fn attest(
    payer: Address,
    authority: Address,
    subject: Subject,
    args: AttestStageArgs,
) -> Instruction {
    let certifier = certifier_address(&authority);
    let round = |round| attestation_address(&subject.version, args.stage, &certifier, round);
    let accounts = accounts::AttestStage {
        payer,
        authority,
        config: config_address(),
        certifier,
        agent: subject.agent,
        version: subject.version,
        below: subject.below.map(|(attestation, _)| attestation),
        below_certifier: subject.below.map(|(_, certifier)| certifier),
        earlier: args.round.checked_sub(1).map(round),
        attestation: round(args.round),
        system_program: SYSTEM_PROGRAM,
    };
    if args.round == 0 {
        build(&accounts, &instruction::AttestStage { args })
    } else {
        build(&accounts, &instruction::RenewAttestation { args })
    }
}

/// Revokes an attestation.
pub fn revoke(
    authority: Address,
    certifier: Address,
    attestation: Address,
    reason: u8,
) -> Instruction {
    let accounts =
        accounts::RevokeAttestation { authority, config: config_address(), certifier, attestation };
    build(&accounts, &instruction::RevokeAttestation { reason })
}

/// What shows that an attestation was a stage's newest in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewestThen {
    /// The attestation.
    pub attestation: Address,
    /// Its certifier.
    pub certifier: Address,
    /// The attestation that came next; none if it is still the newest.
    pub next: Option<Address>,
}

/// Returns what a version was certified for in a slot. One entry a stage, from A on.
pub fn status(version: Address, slot: u64, stages: &[NewestThen]) -> Instruction {
    let accounts = accounts::ReadCertification { version };
    let mut built = build(&accounts, &instruction::CertificationStatus { slot });
    for stage in stages {
        let next = stage.next.unwrap_or(PROGRAM);
        let shown = [stage.attestation, stage.certifier, next];
        built.accounts.extend(shown.map(|key| AccountMeta::new_readonly(key, false)));
    }
    built
}
