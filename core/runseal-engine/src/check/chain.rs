//! Whether the period is anchored where the caller trusts it to be.

use super::Case;
use crate::{
    account::{Account, Cosignature, Log},
    answer::Standing,
    report::{Finding, Reason},
};
use runseal_merkle::{inclusion, leaf_hash};
use runseal_receipt::member::integer;
use runseal_types::{Address, Digest};
use std::collections::BTreeSet;

/// Whether chain, program and log are trusted.
pub(crate) fn chain(case: &Case<'_>) -> Finding {
    let (parts, policy) = (&case.bundle.parts, case.policy);
    let base58 = |hash: Digest| Address::new(*hash.as_bytes());
    let (expected, found) = (policy.genesis_hash, parts.place.genesis_hash);
    if expected != found {
        return Finding::from(Reason::ForeignGenesis).differs(base58(expected), base58(found));
    }
    if policy.program != parts.program {
        return Finding::from(Reason::ForeignProgram).differs(policy.program, parts.program);
    }
    if !policy.logs.is_empty() && !policy.logs.contains(&parts.place.log) {
        return Finding::from(Reason::ForeignLog).fact("found", parts.place.log);
    }
    match case.log() {
        Ok(Some(log)) if log.genesis_hash != expected => Finding::from(Reason::LogOfOtherChain)
            .differs(base58(expected), base58(log.genesis_hash)),
        _ => Reason::TrustedChain.into(),
    }
}

/// Whether every account is one of the program's. One that is gone is none.
pub(crate) fn accounts(case: &Case<'_>) -> Finding {
    match case.unreadable() {
        Some(problem) => Finding::from(Reason::AccountBad).because(problem),
        None => Reason::AccountsRead.into(),
    }
}

/// Whether the anchor is what it says it is.
pub(crate) fn anchor(case: &Case<'_>) -> Finding {
    let Some(facts) = case.anchor_facts() else {
        return match case.unreadable() {
            Some(problem) => Finding::from(Reason::AnchorAccountBad).because(problem),
            None => Reason::AnchorUndecided.into(),
        };
    };
    let expected = case.bundle.parts.place.context();
    if facts.context != expected {
        let (expected, found) = (*expected.as_digest(), *facts.context.as_digest());
        return Finding::from(Reason::AnchorOfOtherPeriod).differs(expected, found);
    }
    let hash = facts.hash();
    let told = case.bundle.parts.anchor.as_ref().map(runseal_types::AnchorFacts::hash);
    match case.anchor_account() {
        Some(account) if account.hash != hash => {
            Finding::from(Reason::AnchorHashWrong).differs(hash, account.hash)
        }
        Some(_) if told.is_some_and(|told| told != hash) => {
            Finding::from(Reason::AnchorContradicts).differs(hash, told)
        }
        Some(account) => {
            read(Finding::from(Reason::AnchorRead), case).fact("address", account.address)
        }
        None => match log(case).reason {
            Reason::InLog | Reason::HeadOfLog => read(Reason::AnchorFromLog.into(), case),
            _ => Reason::AnchorUndecided.into(),
        },
    }
}

fn read(finding: Finding, case: &Case<'_>) -> Finding {
    match case.anchor_facts() {
        Some(facts) => finding
            .fact("root", facts.root)
            .fact("leaf_count", integer(facts.leaf_count))
            .fact("posted_slot", integer(facts.posted_slot)),
        None => finding,
    }
}

/// Whether the anchor is in its log.
pub(crate) fn log(case: &Case<'_>) -> Finding {
    let (log, hash) = match (case.log(), case.anchor_hash()) {
        (Ok(Some(log)), Some(hash)) => (log, hash),
        (Err(problem), _) => return Finding::from(Reason::NotInLog).because(problem),
        _ => return Reason::LogUndecided.into(),
    };
    let (period, count) = (case.bundle.parts.place.period, log.next_period);
    if period >= count {
        let finding = Finding::from(Reason::NotInLog).fact("period", integer(period.0));
        return finding.fact("next_period", integer(count.0));
    }
    if period.0.checked_add(1) == Some(count.0) {
        return head(log, hash);
    }
    match &case.bundle.parts.log_path {
        Some(proof) if proof.count == count.0 => path(case, log, hash, &proof.path),
        proof => {
            let known = proof.as_ref().map(|proof| integer(proof.count));
            let reason = match (case.anchor_account(), known.is_some()) {
                (Some(_), _) => Reason::CountedByLog,
                (None, true) => Reason::LogPathOutdated,
                (None, false) => Reason::LogUndecided,
            };
            Finding::from(reason).fact("next_period", integer(count.0)).fact("path_count", known)
        }
    }
}

fn head(log: &Log, hash: Digest) -> Finding {
    if log.head_anchor_hash == hash {
        return Reason::HeadOfLog.into();
    }
    Finding::from(Reason::NotInLog).differs(log.head_anchor_hash, hash)
}

fn path(case: &Case<'_>, log: &Log, hash: Digest, path: &[Digest]) -> Finding {
    let leaf = leaf_hash(&[hash.as_bytes()]);
    let path: Vec<_> = path.iter().map(|hash| *hash.as_bytes()).collect();
    let (index, count) = (case.bundle.parts.place.period.0, log.next_period.0);
    match inclusion::verify(&leaf, index, count, &path, log.range_root.as_bytes()) {
        Ok(()) => Finding::from(Reason::InLog).fact("count", integer(count)),
        Err(problem) => Finding::from(Reason::NotInLog).because(problem),
    }
}

/// Whether enough endpoints say the same of every account.
pub(crate) fn finality(case: &Case<'_>) -> Finding {
    let quorum = integer(u64::try_from(case.policy.quorum).unwrap_or(u64::MAX));
    let standings = || case.accounts.iter().map(|(address, seen)| (*address, seen.standing));
    for (address, standing) in standings() {
        if let Standing::Disputed { slot } = standing {
            let finding = Finding::from(Reason::EndpointsDisagree).fact("address", address);
            return finding.fact("slot", integer(slot));
        }
    }
    for (address, standing) in standings() {
        if let Standing::TooFew { found } = standing {
            let found = integer(u64::try_from(found).unwrap_or(u64::MAX));
            let finding = Finding::from(Reason::QuorumNotReached).fact("address", address);
            return finding.differs(quorum, found);
        }
    }
    if case.accounts.is_empty() {
        return Finding::from(Reason::QuorumNotReached).differs(quorum, integer(0));
    }
    Finding::from(Reason::QuorumAgrees).fact("quorum", quorum)
}

/// Whether enough organisations cosigned the anchor.
pub(crate) fn cosigners(case: &Case<'_>) -> Finding {
    let asked = case.policy.cosigners;
    let Some(hash) = case.anchor_hash() else {
        return undecided_unless_unasked(asked);
    };
    let cosignatures = || case.known().filter_map(as_cosignature);
    if let Some(foreign) = cosignatures().find(|cosignature| cosignature.anchor_hash != hash) {
        return Finding::from(Reason::CosignatureForeign).differs(hash, foreign.anchor_hash);
    }
    let counted = &case.policy.organisations;
    let organisations = cosignatures().map(|cosignature| cosignature.organisation.to_string());
    let mut counting = BTreeSet::new();
    counting.extend(
        organisations.filter(|organisation| counted.is_empty() || counted.contains(organisation)),
    );
    let organisations = counting;
    let found = u32::try_from(organisations.len()).unwrap_or(u32::MAX);
    let named = organisations.iter().map(String::as_str).collect::<runseal_receipt::json::Value>();
    if asked == 0 {
        return Finding::from(Reason::NoCosignersAsked).fact("organisations", named);
    }
    if found >= asked {
        return Finding::from(Reason::Cosigned).differs(asked, found).fact("organisations", named);
    }
    if let Some(problem) = case.unreadable() {
        return Finding::from(Reason::CosignatureAccountBad).because(problem);
    }
    // The account counts its cosigners: if there are enough, some are only not shown.
    let there = case.anchor_account().map(|anchor| anchor.cosignature_count);
    let reason = match there {
        Some(there) if there < asked => Reason::CosignersTooFew,
        _ => Reason::CosignersUndecided,
    };
    Finding::from(reason).differs(asked, found).fact("organisations", named)
}

fn undecided_unless_unasked(asked: u32) -> Finding {
    if asked == 0 { Reason::NoCosignersAsked.into() } else { Reason::CosignersUndecided.into() }
}

const fn as_cosignature(account: &Account) -> Option<&Cosignature> {
    match account {
        Account::Cosignature(cosignature) => Some(cosignature),
        _ => None,
    }
}
