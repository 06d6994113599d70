//! Every reason for which a check can come out as it does, each brought about once at least.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use runseal_engine::{
    Check, Outcome, Policy, Reason, Statement, Verdict,
    answer::{Commitment, Observation},
    verify_text,
};
use runseal_evidence::Registry;
use runseal_receipt::{
    Addendum, Receipt, Role, SignatureDraft, Statements,
    graph::{Link, Relation},
    policy::{BindingStatus, PolicyBinding, PolicyType},
};
use runseal_types::{Address, Digest};
use std::collections::BTreeSet;
use support::{
    AGENT_SEED, APPROVER_SEED, PERIOD, SLOT, Scene, Town, at, attestation, facts, ours, raw, sign,
    text_of, theirs,
};

type Make = fn() -> Scene;

fn with(change: fn(&mut Scene)) -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    change(&mut scene);
    scene
}

/// Puts another receipt in the place of number 3 and seals the period again.
fn with_receipt(receipt: fn(&Scene) -> Receipt, change: fn(&mut Scene)) -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    let receipt = receipt(&scene);
    scene.town.replace(3, receipt);
    scene.parts = scene.town.inclusion();
    change(&mut scene);
    scene
}

/// A receipt like number 3, with these policies and links.
fn bound(scene: &Scene, policies: Vec<PolicyBinding>, links: Vec<Link>) -> Receipt {
    let written = &scene.town.written;
    let previous = Some(written[2].receipt.digest());
    let mut facts = facts(&scene.town.agent_address(), 3, previous, &written[3].events);
    facts.statements = Statements { policies, links, ..Statements::default() };
    sign(Receipt::new(&facts, Default::default()).unwrap(), AGENT_SEED, Role::Agent)
}

fn binding(status: BindingStatus, approval: Option<Digest>) -> PolicyBinding {
    PolicyBinding {
        policy_type: PolicyType::Constraint,
        policy_id: "limits".to_owned(),
        policy_version: None,
        policy_hash: Digest::of(&[b"the text of the policy"]),
        status,
        approval,
        reason: None,
        result: None,
    }
}

fn approval(scene: &Scene, seed: u8) -> Receipt {
    let facts = facts(&ours(&scene.town.approver.0), 0, None, &[]);
    sign(Receipt::new(&facts, Default::default()).unwrap(), seed, Role::Agent)
}

fn bypassing(scene: &Scene) -> Receipt {
    let parent = approval(scene, APPROVER_SEED).digest();
    let link = Link { relation: Relation::Approval, parent };
    bound(scene, vec![binding(BindingStatus::Bypassed, Some(parent))], vec![link])
}

fn bypassing_unlinked(scene: &Scene) -> Receipt {
    let parent = approval(scene, APPROVER_SEED).digest();
    bound(scene, vec![binding(BindingStatus::Bypassed, Some(parent))], Vec::new())
}

fn show_approval(scene: &mut Scene, seed: u8) {
    scene.parts.approvals = vec![text_of(&approval(scene, seed))];
    scene.parts.accounts.push(support::observed(raw(&scene.town.approver)));
}

fn unsigned(scene: &Scene) -> Receipt {
    let receipt = &scene.town.written[3].receipt;
    Receipt::new(receipt.facts(), Default::default()).unwrap()
}

/// A signature that says the agent's key made it, and that another one made.
fn forged(scene: &Scene) -> Receipt {
    let mut receipt = unsigned(scene);
    let key = support::agent_key();
    let public = runseal_ed25519::PublicKey::parse(key.verifying_key().as_bytes()).unwrap();
    let draft = SignatureDraft::new("x", Role::Agent, &public, receipt.facts().ended_at);
    receipt.attach(draft.complete([7; 64]).unwrap()).unwrap();
    receipt
}

fn addendum(scene: &mut Scene, seed: u8) {
    let digest = scene.town.written[3].receipt.digest();
    let statements = Statements {
        policies: vec![binding(BindingStatus::Applied, None)],
        ..Statements::default()
    };
    let made_at = "2026-03-18T00:00:00Z".parse().unwrap();
    let mut addendum =
        Addendum::new(digest, scene.town.agent_address(), made_at, &statements).unwrap();
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    let public = runseal_ed25519::PublicKey::parse(key.verifying_key().as_bytes()).unwrap();
    let draft = SignatureDraft::new("agent", Role::Agent, &public, made_at);
    let message = draft.message(&addendum.document().digest());
    let bytes = ed25519_dalek::Signer::sign(&key, &message).to_bytes();
    addendum.attach(draft.complete(bytes).unwrap()).unwrap();
    let text = addendum.document().to_value().canonical();
    scene.parts.addenda = vec![String::from_utf8(text).unwrap()];
}

fn countersigned(seed: u8, change: fn(&mut Scene)) -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    let receipt = sign(scene.town.written[3].receipt.clone(), seed, Role::Approver);
    scene.parts.receipts = vec![text_of(&receipt)];
    change(&mut scene);
    scene
}

fn spoil_data(observations: &mut [Observation], size: usize) {
    let bad = observations.iter_mut().filter(|one| one.account.data.len() == size);
    bad.for_each(|one| one.account.data[8] = 9);
}

/// Everything that can come out, and a scene in which it does.
#[rustfmt::skip]
const CASES: &[(Reason, Make)] = &[
    (Reason::WellFormed, || with(|_| {})),
    (Reason::NotABundle, || with(|scene| scene.parts.receipts[0].truncate(40))),

    (Reason::TrustedChain, || with(|scene| scene.policy.logs = vec![ours(&scene.town.log.0)])),
    (Reason::ForeignGenesis, || with(|scene| scene.policy.genesis_hash = Digest::new([9; 32]))),
    (Reason::ForeignProgram, || with(|scene| scene.parts.program = Address::new([9; 32]))),
    (Reason::ForeignLog, || with(|scene| scene.policy.logs = vec![Address::new([9; 32])])),
    (Reason::LogOfOtherChain, || with(|scene| scene.town.log.1.genesis_hash = [9; 32])),

    (Reason::AccountsRead, || with(|_| {})),
    (Reason::AccountsRead, || own_answers(|scene| scene.policy.accounts[6].account.lamports = 0)),
    (Reason::AccountBad, || with(|scene| scene.spoil = |all| all[5].account.address = Address::new([9; 32]))),
    (Reason::AccountBad, || with(|scene| scene.spoil = |all| all[5].account.owner = Address::new([9; 32]))),

    (Reason::SignedByAgent, || with(|_| {})),
    (Reason::SignedByAgent, || with(|scene| addendum(scene, AGENT_SEED))),
    (Reason::Unsigned, || with_receipt(unsigned, |_| {})),
    (Reason::NotSignedByAgent, || with_receipt(|scene| sign(unsigned(scene), 9, Role::Agent), |_| {})),
    (Reason::NotSignedByAgent, || with_receipt(|scene| sign(unsigned(scene), AGENT_SEED, Role::Operator), |_| {})),
    (Reason::SignatureWrong, || with_receipt(forged, |_| {})),
    (Reason::IdentityNotAKey, || with_identity([0xff; 32])),
    (Reason::IdentityNotAKey, || with_identity([0; 32])),
    (Reason::AddendumWrong, || with(|scene| addendum(scene, 9))),
    (Reason::SignatureAccountBad, || with(|scene| scene.spoil = |all| spoil_data(all, 440))),
    (Reason::SignatureAccountMissing, || with(|scene| scene.hide(scene.town.agent.0))),
    (Reason::ReceiptsNotShown, || span(|scene| drop(scene.parts.receipts.remove(1)))),

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

    (Reason::PoliciesKept, || with(|_| {})),
    (Reason::PoliciesKept, || with_receipt(bypassing, |scene| show_approval(scene, APPROVER_SEED))),
    (Reason::PoliciesKept, || with_receipt(
        |scene| bound(scene, vec![binding(BindingStatus::Applied, None)], Vec::new()),
        |scene| {
            scene.parts.policies = vec!["the text of the policy".to_owned()];
            scene.policy.required_policies = vec![Digest::of(&[b"the text of the policy"])];
        },
    )),
    (Reason::PolicyViolated, || with_receipt(
        |scene| bound(scene, vec![binding(BindingStatus::Violated, None)], Vec::new()), |_| {},
    )),
    (Reason::PolicyNotApplied, || with(|scene| scene.policy.required_policies = vec![Digest::ZERO])),
    (Reason::PolicyNotApplied, || with_receipt(bypassing, |scene| {
        show_approval(scene, APPROVER_SEED);
        scene.policy.required_policies = vec![Digest::of(&[b"the text of the policy"])];
    })),
    (Reason::BypassNotAllowed, || with_receipt(
        |scene| bound(scene, vec![binding(BindingStatus::Bypassed, None)], Vec::new()), |_| {},
    )),
    (Reason::BypassNotAllowed, || with_receipt(bypassing_unlinked, |scene| show_approval(scene, APPROVER_SEED))),
    (Reason::PolicyDocumentForeign, || with(|scene| scene.parts.policies = vec!["another".to_owned()])),
    (Reason::ApprovalNotSigned, || with_receipt(bypassing, |scene| show_approval(scene, 9))),
    (Reason::PoliciesUndecided, || with_receipt(bypassing, |_| {})),
    (Reason::PoliciesUndecided, || with_receipt(bypassing, |scene| {
        show_approval(scene, APPROVER_SEED);
        scene.parts.accounts.clear();
    })),

    (Reason::EventsMatch, || with(|_| {})),
    (Reason::EventsDiffer, || with(|scene| drop(scene.parts.events.as_mut().unwrap().pop()))),
    (Reason::EventsDiffer, || with(|scene| scene.parts.events.as_mut().unwrap().swap(0, 1))),
    (Reason::EventsNotShown, || with(|scene| scene.parts.events = None)),

    (Reason::CountersignaturesGood, || countersigned(9, |scene| {
        scene.policy.signers = vec![key_of_seed(9)];
    })),
    (Reason::CountersignatureWrong, || with(|scene| {
        let receipt = sign(scene.town.written[3].receipt.clone(), 9, Role::Approver);
        let text = text_of(&receipt).replace(r#""role":"approver""#, r#""role":"host""#);
        scene.parts.receipts = vec![text];
        scene.policy.signers = vec![key_of_seed(9)];
    })),
    (Reason::CountersignerUnknown, || countersigned(9, |_| {})),

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

    (Reason::FirstReceipt, first_receipt),
    (Reason::FollowsPrevious, || with(|_| {})),
    (Reason::RangeCovered, || span(|scene| scene.parts.previous = None)),
    (Reason::DoesNotFollow, || with(|scene| scene.parts.previous = Some(scene.town.written[1].text()))),
    (Reason::DoesNotFollow, || with_receipt(|scene| bound(scene, Vec::new(), Vec::new()), |scene| {
        scene.parts = scene.town.inclusion();
        scene.parts.previous = Some(scene.town.written[4].text());
    })),
    (Reason::PreviousNotSigned, || with(|scene| {
        let previous = Receipt::new(scene.town.written[2].receipt.facts(), Default::default());
        scene.parts.previous = Some(text_of(&previous.unwrap()));
    })),
    (Reason::PreviousNotShown, || with(|scene| scene.parts.previous = None)),
    (Reason::CoverageUndecided, || span(|scene| {
        scene.parts.previous = None;
        scene.hide(scene.town.anchors[PERIOD as usize].0);
    })),
    (Reason::CoverageUndecided, || with(|scene| scene.hide(scene.town.agent.0))),
];

fn key_of_seed(seed: u8) -> Address {
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    Address::new(key.verifying_key().to_bytes())
}

/// An agent whose account has an identity that is no key.
fn with_identity(identity: [u8; 32]) -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    let theirs = theirs(&Address::new(identity));
    let (address, bump) = support::derive(&[b"agent", theirs.as_ref()]);
    let agent = &mut scene.town.agent;
    (agent.0, agent.1.identity, agent.1.bump) = (address, theirs, bump);
    scene.town.rewrite();
    scene.parts = scene.town.inclusion();
    scene
}

fn span(change: fn(&mut Scene)) -> Scene {
    let mut scene = Scene::new(Town::span);
    change(&mut scene);
    scene
}

/// The anchor's account is closed; the bundle tells what it said.
fn closed(change: fn(&mut Scene)) -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    scene.hide(scene.town.anchors[PERIOD as usize].0);
    scene.parts.anchor = Some(scene.town.anchor_facts());
    change(&mut scene);
    scene
}

/// The caller read every account himself.
fn own_answers(change: fn(&mut Scene)) -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    scene.policy.recorded_answers = false;
    scene.policy.accounts = scene.town.accounts().into_iter().map(support::observed).collect();
    change(&mut scene);
    scene
}

/// Another round of stage C, of this outcome.
fn renew(scene: &mut Scene, slot: u64, outcome: u8) {
    let (version, certifier) = (scene.town.version.0, scene.town.certifier.0);
    let mut round = attestation(&version, &certifier, 3, 1, slot);
    round.1.outcome = outcome;
    round.1.previous = scene.town.attestations[2].0;
    scene.town.version.1.newest_attestations[2] = round.0;
    scene.town.attestations.push(round);
}

fn edit_path(scene: &mut Scene, edit: fn(&mut Vec<Digest>)) {
    match &mut scene.parts.statement {
        Statement::Inclusion(inclusion) => edit(&mut inclusion.path),
        statement => panic!("{statement:?}"),
    }
}

fn first_receipt() -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    scene.parts = scene.town.first();
    scene
}

#[test]
fn every_reason_comes_about_where_it_should() {
    for (index, (reason, make)) in CASES.iter().enumerate() {
        let report = make().report();
        let found = report.find(reason.check()).unwrap();
        assert_eq!(found.reason, *reason, "case {index}: {:#?}", report.checks);
        let verdict = report.verdict();
        match reason.outcome() {
            Outcome::Pass => {}
            Outcome::Fail => assert_eq!(verdict, Verdict::Failed, "case {index}: {reason:?}"),
            Outcome::Unknown => assert_ne!(verdict, Verdict::Verified, "case {index}"),
        }
    }
}

#[test]
fn there_is_a_case_for_every_reason() {
    let covered: BTreeSet<&str> = CASES.iter().map(|(reason, _)| reason.code()).collect();
    let missing: Vec<_> = Reason::ALL
        .iter()
        .map(|reason| reason.code())
        .filter(|code| !covered.contains(code))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
    let codes: BTreeSet<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(codes.len(), Reason::ALL.len(), "a code stands for one reason");
}

#[test]
fn the_page_on_verdicts_has_every_reason() {
    let page = include_str!("../../../docs/spec/verdict.md");
    for reason in Reason::ALL {
        let (check, outcome) = (reason.check().as_str(), reason.outcome().as_str());
        let line = format!("| {check} | {outcome} | `{}` | {} |", reason.code(), reason.sentence());
        assert!(page.contains(&line), "{line}");
    }
}

#[test]
fn what_is_good_is_verified() {
    for (kind, parts) in [
        ("inclusion", Town::inclusion as fn(&Town) -> _),
        ("absence", Town::absence),
        ("ends", Town::ends),
        ("span", Town::span),
    ] {
        let mut scene = Scene::new(parts);
        if kind == "ends" || kind == "span" {
            scene.policy.not_required = BTreeSet::from([Check::Events]);
        }
        let report = scene.report();
        assert_eq!(report.verdict(), Verdict::Verified, "{kind}: {:#?}", report.checks);
    }
    assert_eq!(own_answers(|_| {}).report().verdict(), Verdict::Verified);
    assert_eq!(closed(|_| {}).report().verdict(), Verdict::Verified);
}

#[test]
fn a_caller_who_says_nothing_but_whom_he_trusts_gets_the_strict_policy() {
    let text = format!(
        r#"{{"version":"runseal/policy/v1","genesis_hash":"{}","program":"{}"}}"#,
        Address::new(support::GENESIS),
        support::program(),
    );
    let parsed = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(parsed, Policy::strict(Digest::new(support::GENESIS), support::program()));
    assert_eq!(Policy::parse(&parsed.to_value().canonical()), Ok(parsed));
    let full = own_answers(|_| {}).policy;
    assert_eq!(Policy::parse(&full.to_value().canonical()), Ok(full));
}

#[test]
fn policies_that_ask_for_nothing_real_are_refused() {
    let text = |more: &str| {
        let (genesis, program) = (Address::new(support::GENESIS), support::program());
        format!(
            r#"{{"version":"runseal/policy/v1","genesis_hash":"{genesis}","program":"{program}"{more}}}"#
        )
    };
    let cases = [
        r#","quorum":0"#,
        r#","quorum":33"#,
        r#","quorum":-1"#,
        r#","minimum_stage":6"#,
        r#","minimum_stage":"A""#,
        r#","cosigners":1.5"#,
        r#","recorded_answers":"yes""#,
        r#","not_required":["everything"]"#,
        r#","logs":["x"]"#,
        r#","required_policies":["00"]"#,
        r#","unknown":1"#,
        r#","accounts":[{}]"#,
        r#","version":"runseal/policy/v1""#,
        "}",
    ];
    for case in cases {
        assert!(Policy::parse(text(case).as_bytes()).is_err(), "{case}");
    }
    assert!(Policy::parse(text("").as_bytes()).is_ok());
    assert!(Policy::parse(text("").replace("policy/v1", "policy/v2").as_bytes()).is_err());
    assert!(Policy::parse(b"{}").is_err());
    assert!(Policy::parse(b"[]").is_err());
}

#[test]
fn another_chain_is_refused_by_name_even_where_all_else_is_good() {
    let scene = with(|scene| {
        scene.policy.genesis_hash = Digest::new([9; 32]);
        scene.policy.not_required = Check::ALL.iter().copied().collect();
    });
    let bundle = runseal_engine::Bundle::new(scene.finish()).unwrap();
    let report = verify_text(&bundle.to_bytes(), &scene.policy, &Registry);
    let failed: Vec<_> =
        report.checks.iter().filter(|check| check.reason.outcome() == Outcome::Fail).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].reason.code(), "foreign-genesis");
    assert_eq!(report.verdict(), Verdict::Failed);
}

#[test]
fn a_report_reads_the_same_for_everybody() {
    let scene = with(|scene| scene.hide(scene.town.cosignature.0));
    let bundle = runseal_engine::Bundle::new(scene.finish()).unwrap().to_bytes();
    let policy = scene.policy.to_value().canonical();
    let text = runseal_evidence::verify_texts(&bundle, &policy).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(report["version"], "runseal/report/v1");
    assert_eq!(report["verdict"], "INCOMPLETE");
    assert_eq!(report["subject"]["kind"], "inclusion");
    assert_eq!(report["subject"]["from"], 3);
    let checks = report["checks"].as_array().unwrap();
    assert_eq!(checks.len(), Check::ALL.len());
    let cosigners = checks.iter().find(|check| check["check"] == "cosigners").unwrap();
    assert_eq!(cosigners["outcome"], "unknown");
    assert_eq!(cosigners["code"], "cosigners-undecided");
    assert_eq!(cosigners["facts"]["expected"], 1);
    assert_eq!(cosigners["required"], true);
    assert!(runseal_evidence::verify_texts(&bundle, b"{}").is_err());
}
