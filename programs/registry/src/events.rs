//! What the program announces. Past tense, ids first; nothing a verifier needs lives only here.
//!
//! An event's bytes in memory are its bytes in the log, so every number has eight of them.

#![warn(missing_docs)]

use crate::state::Moment;
use anchor_lang::{prelude::*, sol_log_data};

const DISCRIMINATOR_SIZE: usize = 8;
const LARGEST_EVENT_SIZE: usize = 192;

/// Writes an event into the transaction's log, as Anchor's readers expect it: the discriminator and
/// the fields in one piece.
pub(crate) fn announce<E: bytemuck::Pod + Discriminator>(event: &E) {
    const { assert!(size_of::<E>() <= LARGEST_EVENT_SIZE) };
    log(E::DISCRIMINATOR, bytemuck::bytes_of(event));
}

fn log(discriminator: &[u8], fields: &[u8]) {
    let mut line = [0; DISCRIMINATOR_SIZE + LARGEST_EVENT_SIZE];
    let (start, rest) = line.split_at_mut(DISCRIMINATOR_SIZE);
    start.copy_from_slice(discriminator);
    if let Some(place) = rest.get_mut(..fields.len()) {
        place.copy_from_slice(fields);
    }
    sol_log_data(&[line.get(..DISCRIMINATOR_SIZE + fields.len()).unwrap_or_default()]);
}

/// Defines events whose fields need no more words than their names.
macro_rules! events {
    ($($(#[doc = $doc:literal])+ $name:ident { $($field:ident: $type:ty),* $(,)? })*) => {$(
        $(#[doc = $doc])+
        #[event(bytemuck)]
        #[allow(missing_docs, reason = "the fields are the account's fields of the same name")]
        pub struct $name { $(pub $field: $type),* }
    )*};
}

events! {
    /// The program got its configuration.
    ConfigInitialized { config: Address, authority: Address, at: Moment }
    /// The program's parameters changed.
    ParametersSet { config: Address, at: Moment }
    /// New registrations were stopped or allowed again.
    PauseSet { config: Address, paused: u64, at: Moment }
    /// Somebody was asked to take over an account: the config, an agent or a log.
    AuthorityProposed { account: Address, authority: Address, pending: Address, at: Moment }
    /// An account changed hands.
    AuthorityAccepted { account: Address, previous: Address, authority: Address, at: Moment }
    /// A proposal was withdrawn.
    AuthorityCancelled { account: Address, authority: Address, at: Moment }

    /// An agent entered the registry.
    AgentRegistered {
        agent: Address, identity: Address, authority: Address, manifest_hash: [u8; 32], at: Moment,
    }
    /// An agent's manifest, URI or cadence changed.
    AgentUpdated { agent: Address, manifest_hash: [u8; 32], at: Moment }
    /// An agent's status changed.
    AgentStatusChanged { agent: Address, previous: u64, status: u64, at: Moment }
    /// A version of an agent was published.
    VersionPublished {
        agent: Address, version: Address, index: u64, manifest_hash: [u8; 32], code_hash: [u8; 32],
        at: Moment,
    }
    /// A version was withdrawn.
    VersionYanked { agent: Address, version: Address, at: Moment }

    /// A certifier was accredited.
    CertifierAccredited { certifier: Address, authority: Address, stages: u64, at: Moment }
    /// A certifier was suspended, or more of what it issued was voided.
    CertifierSuspended { certifier: Address, void_from_slot: u64, at: Moment }
    /// A certifier attested a stage.
    StageAttested {
        version: Address, attestation: Address, certifier: Address, stage: u64, outcome: u64,
        round: u64, at: Moment,
    }
    /// An attestation was revoked.
    AttestationRevoked { attestation: Address, revoked_by: Address, reason: u64, at: Moment }

    /// A log was opened.
    LogOpened { log: Address, operator: Address, at: Moment }
    /// A log's keys changed.
    LogKeysRotated { log: Address, anchoring_key: Address, promise_key: Address, at: Moment }
    /// A period was anchored.
    PeriodAnchored {
        log: Address, anchor: Address, period: u64, leaf_count: u64, root: [u8; 32],
        anchor_hash: [u8; 32], timeliness: u64, at: Moment,
    }
    /// An anchor's account was closed; the log's mountain range still proves it.
    AnchorClosed { log: Address, anchor: Address, period: u64, anchor_hash: [u8; 32], at: Moment }
    /// A key was registered to cosign for an organisation.
    AuditorRegistered { auditor: Address, authority: Address, at: Moment }
    /// An organisation cosigned an anchor.
    AnchorCosigned { anchor: Address, auditor: Address, anchor_hash: [u8; 32], at: Moment }

    /// A log's bond grew.
    BondDeposited { log: Address, amount: u64, bond_amount: u64, at: Moment }
    /// An operator asked for a part of his bond.
    UnbondRequested { log: Address, amount: u64, at: Moment }
    /// He received it.
    BondWithdrawn { log: Address, amount: u64, bond_amount: u64, at: Moment }

    /// Somebody accused an operator.
    ClaimOpened { log: Address, claim: Address, kind: u64, period: u64, claimant: Address, at: Moment }
    /// The operator showed the receipt.
    ClaimAnswered { log: Address, claim: Address, at: Moment }
    /// The operator was slashed.
    ClaimUpheld { log: Address, claim: Address, slashed_amount: u64, at: Moment }
}
