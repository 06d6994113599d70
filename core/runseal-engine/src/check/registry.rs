//! Whether agent and version were what they had to be when the period was anchored.

use super::Case;
use crate::{
    account::{AgentStatus, Version},
    report::{Finding, Reason},
};
use runseal_receipt::member::integer;
use std::collections::BTreeSet;

/// Whether the agent's key was registered by then.
pub(crate) fn key(case: &Case<'_>) -> Finding {
    let (Ok(Some(agent)), Some(slot)) = (case.agent(), case.slot()) else {
        return Reason::KeyUndecided.into();
    };
    let registered = agent.registered_at.slot;
    let reason =
        if registered <= slot { Reason::KeyRegistered } else { Reason::KeyRegisteredLater };
    let finding = Finding::from(reason).fact("identity", agent.identity);
    finding.fact("registered_slot", integer(registered)).fact("posted_slot", integer(slot))
}

/// Whether the agent was in use.
///
/// Its account says what it is and since when. It was in use if it is and has been since before the
/// anchor; it was not if it had been stopped before the period began. Between, nobody can say.
pub(crate) fn agent(case: &Case<'_>) -> Finding {
    let (Ok(Some(agent)), Some(facts)) = (case.agent(), case.anchor_facts()) else {
        return Reason::AgentUndecided.into();
    };
    let changed = agent.status_changed_at;
    let reason = match agent.status {
        AgentStatus::Active if changed.slot <= facts.posted_slot => Reason::AgentActive,
        AgentStatus::Active => Reason::AgentStatusChanged,
        _ if changed.unix_seconds < facts.start_seconds => Reason::AgentNotActive,
        // Registered and nothing else since: there is no earlier status that could have been.
        AgentStatus::Registered => Reason::AgentNotActive,
        _ => Reason::AgentStatusChanged,
    };
    let finding = Finding::from(reason).fact("status", agent.status.as_str());
    finding.fact("since_slot", integer(changed.slot))
}

/// Whether every receipt's version was published and not withdrawn.
pub(crate) fn version(case: &Case<'_>) -> Finding {
    let Some(slot) = case.slot() else {
        return Reason::VersionUndecided.into();
    };
    let indices = version_indices(case);
    if indices.is_empty() {
        return Reason::VersionUndecided.into();
    }
    for index in indices {
        let agent = case.bundle.parts.statement.agent();
        let finding = match agent.and_then(|agent| case.version(&agent, index)) {
            Some(version) => status(version, slot),
            None => match case.unreadable() {
                Some(problem) => Finding::from(Reason::VersionAccountBad).because(problem),
                None => Reason::VersionUndecided.into(),
            },
        };
        if finding.reason != Reason::VersionLive {
            return finding.fact("agent_version", integer(index));
        }
    }
    Reason::VersionLive.into()
}

/// Returns the versions that the receipts say ran.
pub(super) fn version_indices(case: &Case<'_>) -> BTreeSet<u64> {
    let receipts = case.bundle.receipts.iter();
    let mut indices = BTreeSet::new();
    indices.extend(receipts.map(|receipt| receipt.document().facts().agent_version));
    indices
}

fn status(version: &Version, slot: u64) -> Finding {
    let published = version.published_at.slot;
    if published > slot {
        let finding = Finding::from(Reason::VersionPublishedLater);
        return finding.fact("published_slot", integer(published));
    }
    match version.yanked_at {
        Some(yanked) if yanked.slot <= slot => {
            Finding::from(Reason::VersionYanked).fact("yanked_slot", integer(yanked.slot))
        }
        _ => Reason::VersionLive.into(),
    }
}
