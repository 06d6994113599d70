//! Whether the receipts are the agent's own words, and follow from each other.

use super::{Case, case::key_of};
use crate::{
    bundle::{Received, Statement},
    report::{Finding, Reason},
};
use runseal_ed25519::PublicKey;
use runseal_receipt::{Event, Receipt, Role, SignatureError};
use runseal_types::Sequence;

/// Whether the agent signed every receipt and addendum, with the key that is registered.
pub(crate) fn signature(case: &Case<'_>) -> Finding {
    let receipts = &case.bundle.receipts;
    let expected = case.bundle.parts.statement.leaves().len();
    if let Some(unsigned) = receipts.iter().find(|receipt| is_unsigned(receipt)) {
        return Finding::from(Reason::Unsigned).fact("digest", unsigned.document().digest());
    }
    let agent = match case.agent() {
        Ok(Some(agent)) => agent,
        Ok(None) => return Reason::SignatureAccountMissing.into(),
        Err(problem) => return Finding::from(Reason::SignatureAccountBad).because(problem),
    };
    let key = match key_of(agent) {
        Ok(key) => key,
        Err(problem) => return Finding::from(Reason::IdentityNotAKey).because(problem),
    };
    for receipt in receipts.iter().map(Received::document) {
        if let Err(problem) = receipt.document().check_signed_as(Role::Agent, &key) {
            let finding = Finding::from(reason_of(&problem)).because(problem);
            return finding.fact("digest", receipt.digest());
        }
    }
    for addendum in case.bundle.addenda.iter().map(Received::document) {
        let signed = addendum.document().check_signed_as(Role::Agent, &key);
        if addendum.agent() != agent.address || signed.is_err() {
            let finding = Finding::from(Reason::AddendumWrong);
            return finding.fact("digest", addendum.document().digest());
        }
    }
    let found = receipts.len();
    if found < expected {
        return Reason::ReceiptsNotShown.into();
    }
    Finding::from(Reason::SignedByAgent).fact("identity", agent.identity)
}

fn is_unsigned(receipt: &Received<Receipt>) -> bool {
    receipt.document().document().signatures().is_empty()
}

/// What a refused signature is a case of.
pub(super) const fn reason_of(problem: &SignatureError) -> Reason {
    match problem {
        SignatureError::Unsigned => Reason::Unsigned,
        SignatureError::Wrong { .. } | SignatureError::OtherKey { .. } => Reason::SignatureWrong,
        _ => Reason::NotSignedByAgent,
    }
}

/// Whether the events are those of the receipt.
pub(crate) fn events(case: &Case<'_>) -> Finding {
    let shown = (&case.bundle.events, case.bundle.receipts.first());
    let (Some(events), Some(receipt)) = shown else {
        return Reason::EventsNotShown.into();
    };
    let events: Vec<&Event> = events.iter().map(Received::document).collect();
    match receipt.document().check_events(events) {
        Ok(_) => Reason::EventsMatch.into(),
        Err(problem) => Finding::from(Reason::EventsDiffer).because(problem),
    }
}

/// Whether the signatures of others are good, as far as the caller knows their keys.
pub(crate) fn countersignatures(case: &Case<'_>) -> Finding {
    let keys = case.policy.signers.iter().map(|key| PublicKey::parse(key.as_bytes()));
    let keys: Vec<PublicKey> = keys.flatten().collect();
    let mut unknown = None;
    for receipt in case.bundle.receipts.iter().map(Received::document) {
        let signatures = receipt.document().signatures().iter();
        for signature in signatures.filter(|signature| signature.role != Role::Agent) {
            match keys.iter().find(|key| key.id().to_string() == signature.key_id) {
                None => unknown = Some(signature),
                Some(key) => {
                    if let Err(problem) = signature.check(&receipt.digest(), key) {
                        return Finding::from(Reason::CountersignatureWrong).because(problem);
                    }
                }
            }
        }
    }
    match unknown {
        None => Reason::CountersignaturesGood.into(),
        Some(signature) => Finding::from(Reason::CountersignerUnknown)
            .fact("role", signature.role.as_str())
            .fact("key_id", signature.key_id.as_str()),
    }
}

/// Whether nothing is left out: each receipt follows from the one before.
pub(crate) fn coverage(case: &Case<'_>) -> Finding {
    let receipts: Vec<&Receipt> = case.bundle.receipts.iter().map(Received::document).collect();
    let pairs = receipts.iter().zip(receipts.iter().skip(1));
    let shown_in_a_row = !matches!(case.bundle.parts.statement, Statement::Ends(_));
    for (earlier, later) in pairs.filter(|_| shown_in_a_row) {
        if later.facts().sequence > next(earlier) {
            continue; // One between them is not shown; its place in the tree is.
        }
        if let Err(problem) = later.check_follows(earlier) {
            return Finding::from(Reason::DoesNotFollow).because(problem);
        }
    }
    if let Some(previous) = &case.bundle.previous {
        return follows(case, previous.document(), receipts.first().copied());
    }
    match (&case.bundle.parts.statement, receipts.first()) {
        (Statement::Ends(_) | Statement::Span(_), _) => covered(case),
        (_, Some(receipt)) if receipt.facts().sequence == Sequence::FIRST => {
            Reason::FirstReceipt.into()
        }
        _ => Reason::PreviousNotShown.into(),
    }
}

fn next(receipt: &Receipt) -> Sequence {
    receipt.facts().sequence.next().unwrap_or(receipt.facts().sequence)
}

/// A range covers what it is about, whatever came before it; the proof shows whether it does.
fn covered(case: &Case<'_>) -> Finding {
    match super::proof(case).reason {
        Reason::Complete => Reason::RangeCovered.into(),
        _ => Reason::CoverageUndecided.into(),
    }
}

fn follows(case: &Case<'_>, previous: &Receipt, first: Option<&Receipt>) -> Finding {
    let Some(first) = first else {
        return Reason::CoverageUndecided.into();
    };
    if let Err(problem) = first.check_follows(previous) {
        return Finding::from(Reason::DoesNotFollow).because(problem);
    }
    let Some(key) = case.agent().ok().flatten().and_then(|agent| key_of(agent).ok()) else {
        return Reason::CoverageUndecided.into();
    };
    match previous.document().check_signed_as(Role::Agent, &key) {
        Ok(_) => Finding::from(Reason::FollowsPrevious).fact("previous", previous.digest()),
        Err(problem) => Finding::from(Reason::PreviousNotSigned).because(problem),
    }
}
