//! What comes of agents, versions and attestations.

use crate::support::{PERIOD, SLOT, at};
use runseal_engine::Reason;

use crate::scenes::*;

/// Reasons, and a scene in which each comes about.
#[rustfmt::skip]
pub const CASES: &[(Reason, Make)] = &[
    (Reason::KeyRegistered, || with(|scene| scene.town.agent.1.registered_at = at(SLOT))),
    (Reason::KeyRegisteredLater, || with(|scene| scene.town.agent.1.registered_at = at(SLOT + 1))),
    (Reason::KeyUndecided, || with(|scene| scene.hide(scene.town.agent.0))),
    (Reason::KeyUndecided, || with(|scene| scene.hide(scene.town.anchors[PERIOD as usize].0))),

    (Reason::AgentActive, || with(|scene| scene.town.agent.1.status_changed_at = at(SLOT))),
    (Reason::AgentNotActive, || with(|scene| scene.town.agent.1.status = 1)),
    (Reason::AgentNotActive, || with(|scene| scene.town.agent.1.status = 3)),
    (Reason::AgentNotActive, || with(|scene| scene.town.agent.1.status = 5)),
    (Reason::AgentStatusChanged, || with(|scene| scene.town.agent.1.status_changed_at = at(SLOT + 1))),
    (Reason::AgentStatusChanged, || with(|scene| {
        (scene.town.agent.1.status, scene.town.agent.1.status_changed_at) = (4, at(SLOT - 1));
    })),
    (Reason::AgentUndecided, || with(|scene| scene.hide(scene.town.agent.0))),

    (Reason::VersionLive, || with(|scene| scene.town.version.1.published_at = at(SLOT))),
    (Reason::VersionLive, || with(|scene| {
        (scene.town.version.1.yanked, scene.town.version.1.yanked_at) = (1, at(SLOT + 1));
    })),
    (Reason::VersionYanked, || with(|scene| {
        (scene.town.version.1.yanked, scene.town.version.1.yanked_at) = (1, at(SLOT));
    })),
    (Reason::VersionPublishedLater, || with(|scene| scene.town.version.1.published_at = at(SLOT + 1))),
    (Reason::VersionAccountBad, || with(|scene| scene.spoil = |all| spoil_data(all, 512))),
    (Reason::VersionUndecided, || with(|scene| scene.hide(scene.town.version.0))),
    (Reason::VersionUndecided, || with(|scene| scene.hide(scene.town.anchors[PERIOD as usize].0))),

    (Reason::StageHeld, || with(|_| {})),
    (Reason::StageHeld, || with(|scene| renew(scene, SLOT + 1, 2))),
    (Reason::StageHeld, || with(|scene| {
        let attestation = &mut scene.town.attestations[1].1;
        (attestation.revoked_reason, attestation.revoked_at) = (1, at(SLOT + 1));
    })),
    (Reason::NoStageAsked, || with(|scene| scene.policy.minimum_stage = 0)),
    (Reason::StageNotAttested, || with(|scene| scene.policy.minimum_stage = 4)),
    (Reason::StageNotAttested, || with(|scene| scene.town.attestations[2].1.issued_at = at(SLOT + 1))),
    (Reason::StageFailed, || with(|scene| scene.town.attestations[0].1.outcome = 2)),
    (Reason::StageFailed, || with(|scene| renew(scene, SLOT, 2))),
    (Reason::StageExpired, || with(|scene| scene.town.attestations[1].1.expires_at = at(SLOT))),
    (Reason::StageRevoked, || with(|scene| {
        let attestation = &mut scene.town.attestations[1].1;
        (attestation.revoked_reason, attestation.revoked_at) = (1, at(SLOT));
    })),
    (Reason::StageVoid, || with(|scene| scene.town.certifier.1.void_from_slot = 303)),
    (Reason::AttestationForeign, || with(|scene| {
        scene.town.version.1.newest_attestations[2] = scene.town.attestations[1].0;
    })),
    (Reason::CertificationAccountBad, || with(|scene| scene.spoil = |all| spoil_data(all, 328))),
    (Reason::CertificationAccountBad, || with(|scene| scene.spoil = |all| spoil_data(all, 184))),
    (Reason::CertificationAccountBad, || with(|scene| {
        scene.town.version.1.newest_attestations[2] = scene.town.log.0;
    })),
    (Reason::CertificationUndecided, || with(|scene| scene.hide(scene.town.certifier.0))),
    (Reason::CertificationUndecided, || with(|scene| scene.hide(scene.town.attestations[1].0))),
    (Reason::CertificationUndecided, || with(|scene| scene.hide(scene.town.version.0))),
];
