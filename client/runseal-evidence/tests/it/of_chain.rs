//! What comes of logs, anchors, proofs and endpoints.

use crate::support::{PERIOD, Scene, Town, ours};
use runseal_engine::{Reason, answer::Commitment};
use runseal_types::{Address, Digest};

use crate::scenes::*;

/// Reasons, and a scene in which each comes about.
#[rustfmt::skip]
pub const CASES: &[(Reason, Make)] = &[
    (Reason::TrustedChain, || with(|scene| scene.policy.logs = vec![ours(&scene.town.log.0)])),
    (Reason::ForeignGenesis, || with(|scene| scene.policy.genesis_hash = Digest::new([9; 32]))),
    (Reason::ForeignProgram, || with(|scene| scene.parts.program = Address::new([9; 32]))),
    (Reason::ForeignLog, || with(|scene| scene.policy.logs = vec![Address::new([9; 32])])),
    (Reason::LogOfOtherChain, || with(|scene| scene.town.log.1.genesis_hash = [9; 32])),

    (Reason::AccountsRead, || with(|_| {})),
    (Reason::AccountsRead, || own_answers(|scene| scene.policy.accounts[6].account.lamports = 0)),
    (Reason::AccountBad, || with(|scene| scene.spoil = |all| all[5].account.address = Address::new([9; 32]))),
    (Reason::AccountBad, || with(|scene| scene.spoil = |all| all[5].account.owner = Address::new([9; 32]))),

    (Reason::Included, || with(|_| {})),
    (Reason::Absent, || Scene::new(Town::absence)),
    (Reason::Complete, || Scene::new(Town::span)),
    (Reason::Complete, || Scene::new(Town::ends)),
    (Reason::CountDiffers, || with(|scene| scene.parts.leaf_count += 1)),
    (Reason::ProofWrong, || with(|scene| edit_path(scene, |path| path.reverse()))),
    (Reason::ProofWrong, || with(|scene| edit_path(scene, |path| path.truncate(path.len() - 1)))),
    (Reason::ProofUndecided, || with(|scene| scene.hide(scene.town.anchors[PERIOD as usize].0))),

    (Reason::AnchorRead, || with(|scene| scene.parts.anchor = Some(scene.town.anchor_facts()))),
    (Reason::AnchorFromLog, || closed(|_| {})),
    (Reason::AnchorContradicts, || with(|scene| {
        let mut facts = scene.town.anchor_facts();
        facts.leaf_count += 1;
        scene.parts.anchor = Some(facts);
    })),
    (Reason::AnchorHashWrong, || with(|scene| scene.town.anchors[PERIOD as usize].1.anchor_hash[0] ^= 1)),
    (Reason::AnchorOfOtherPeriod, || with(|scene| scene.town.anchors[PERIOD as usize].1.context[0] ^= 1)),
    (Reason::AnchorAccountBad, || with(|scene| scene.spoil = |all| spoil_data(all, 296))),
    (Reason::AnchorUndecided, || with(|scene| scene.hide(scene.town.anchors[PERIOD as usize].0))),
    (Reason::AnchorUndecided, || closed(|scene| scene.parts.log_path = None)),
    (Reason::AnchorUndecided, || closed(|scene| {
        scene.parts.anchor.as_mut().unwrap().leaf_count += 1;
    })),

    (Reason::InLog, || with(|_| {})),
    (Reason::HeadOfLog, || with(|scene| {
        let log = &mut scene.town.log.1;
        log.next_period = 2;
        log.head_anchor_hash = scene.town.anchors[PERIOD as usize].1.anchor_hash;
    })),
    (Reason::CountedByLog, || with(|scene| scene.parts.log_path = None)),
    (Reason::NotInLog, || with(|scene| scene.town.log.1.next_period = 1)),
    (Reason::NotInLog, || with(|scene| scene.town.log.1.next_period = 2)),
    (Reason::NotInLog, || with(|scene| scene.parts.log_path.as_mut().unwrap().path.reverse())),
    (Reason::NotInLog, || with(|scene| scene.town.log.1.peaks[0][0] ^= 1)),
    (Reason::NotInLog, || with(|scene| scene.spoil = |all| spoil_data(all, 1704))),
    (Reason::LogPathOutdated, || closed(|scene| scene.parts.log_path.as_mut().unwrap().count = 2)),
    (Reason::LogUndecided, || closed(|scene| scene.parts.log_path = None)),
    (Reason::LogUndecided, || with(|scene| scene.hide(scene.town.log.0))),

    (Reason::QuorumAgrees, || with(|_| {})),
    (Reason::QuorumAgrees, || own_answers(|_| {})),
    (Reason::EndpointsDisagree, || with(|scene| scene.spoil = |all| {
        let mut other = all[0].clone();
        other.answers.remove(0);
        other.account.data[400] ^= 1;
        all[0].answers.remove(1);
        all.push(other);
    })),
    (Reason::QuorumNotReached, || with(|scene| scene.policy.recorded_answers = false)),
    (Reason::QuorumNotReached, || with(|scene| scene.policy.quorum = 3)),
    (Reason::QuorumNotReached, || with(|scene| scene.policy.endpoints = vec!["one.example".to_owned()])),
    (Reason::QuorumNotReached, || with(|scene| scene.spoil = |all| {
        all[3].answers[0].commitment = Commitment::Confirmed;
    })),
    (Reason::QuorumNotReached, || with(|scene| scene.spoil = |all| {
        all[3].answers[0].endpoint = all[3].answers[1].endpoint.clone();
    })),
    (Reason::QuorumNotReached, || with(|scene| scene.spoil = Vec::clear)),

    (Reason::Cosigned, || with(|scene| scene.policy.organisations = vec!["auditor.example".to_owned()])),
    (Reason::NoCosignersAsked, || with(|scene| scene.policy.cosigners = 0)),
    (Reason::CosignatureForeign, || with(|scene| scene.town.cosignature.1.anchor_hash[0] ^= 1)),
    (Reason::CosignersTooFew, || with(|scene| scene.policy.cosigners = 2)),
    (Reason::CosignatureAccountBad, || with(|scene| scene.spoil = |all| spoil_data(all, 192))),
    (Reason::CosignersUndecided, || with(|scene| scene.hide(scene.town.cosignature.0))),
    (Reason::CosignersUndecided, || with(|scene| scene.policy.organisations = vec!["other.example".to_owned()])),
];
