//! What comes of receipts and what travels with them.

use crate::support::{AGENT_SEED, APPROVER_SEED, PERIOD, sign, text_of};
use runseal_engine::Reason;
use runseal_receipt::{Receipt, Role, policy::BindingStatus};
use runseal_types::Digest;

use crate::scenes::*;

/// Reasons, and a scene in which each comes about.
#[rustfmt::skip]
pub const CASES: &[(Reason, Make)] = &[
    (Reason::WellFormed, || with(|_| {})),
    (Reason::NotABundle, || with(|scene| scene.parts.receipts[0].truncate(40))),

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
