use super::{ChangeView, StatesPage};
use crate::{
    error::ApiError,
    service::{Service, count},
};
use runseal_client::{
    StoreError,
    store::{MOST_ITEMS, Position, StateRow},
};
use runseal_receipt::{
    Addendum, Receipt,
    state::{StateProof, StateStep, StateType, check_chain},
};
use runseal_types::{Address, Digest};

/// How many changes are shown each way.
const MOST_STEPS: u64 = 3;
/// How many are shown in all: two may claim one place.
const MOST_CHANGES: usize = 60;

/// Reads the changes around one, or around the last; `None` where this service has none.
pub(super) fn around(
    service: &Service,
    agent: &Address,
    state_type: StateType,
    at: Option<u64>,
) -> Result<Option<StatesPage>, ApiError> {
    let has = |from| Ok(!from_on(service, agent, state_type, from, 1)?.is_empty());
    let Some(last) = count(has)?.checked_sub(1) else { return Ok(None) };
    let at = at.unwrap_or(last).min(last);
    let (first, end) = (at.saturating_sub(MOST_STEPS), at.saturating_add(MOST_STEPS));
    let mut rows = from_on(service, agent, state_type, first, MOST_CHANGES)?;
    rows.retain(|row| row.proof.step.sequence <= end);
    let proofs: Vec<StateProof> = rows.iter().map(|row| row.proof).collect();
    let mut changes: Vec<ChangeView> = Vec::new();
    for proof in &proofs {
        let change = view(service, proof, &changes)?;
        changes.push(change);
    }
    Ok(Some(StatesPage {
        agent: agent.to_string(),
        state_type: state_type.as_str(),
        at,
        last,
        problem: check_chain(&proofs).err().map(|error| error.to_string()),
        changes,
    }))
}

/// Lists changes from a number on.
fn from_on(
    service: &Service,
    agent: &Address,
    state_type: StateType,
    from: u64,
    limit: usize,
) -> Result<Vec<StateRow>, StoreError> {
    // Behind everything that has the number before.
    let behind = from.checked_sub(1).map(|sequence| StateRow {
        position: Position(i64::MAX.unsigned_abs()),
        proof: StateProof {
            agent: *agent,
            receipt: Digest::ZERO,
            step: StateStep { state_type, sequence, previous: None, next: Digest::ZERO },
        },
    });
    service.store.list_states(agent, state_type, behind.as_ref(), limit)
}

fn view(
    service: &Service,
    proof: &StateProof,
    before: &[ChangeView],
) -> Result<ChangeView, ApiError> {
    let stored = service.store.find_receipt(&proof.receipt)?;
    let receipt = stored.and_then(|stored| Receipt::parse(&stored.text).ok());
    let step = &proof.step;
    let mut change = ChangeView {
        sequence: step.sequence,
        receipt: proof.receipt.to_string(),
        run_id: receipt.map(|receipt| receipt.facts().run_id.clone()),
        previous: step.previous.map(|hash| hash.to_string()),
        next: step.next.to_string(),
        follows: None,
    };
    let is_before = |other: &&ChangeView| other.sequence.checked_add(1) == Some(step.sequence);
    if before.iter().any(|other| is_before(&other)) {
        change.follows = Some(before.iter().any(|other| leads(other, &change)));
    } else if !before.is_empty() && before.iter().all(|other| other.sequence != step.sequence) {
        // What should be before it is not there.
        change.follows = Some(false);
    }
    Ok(change)
}

/// Whether a change begins where another one ended.
pub(super) fn leads(from: &ChangeView, to: &ChangeView) -> bool {
    from.sequence.checked_add(1) == Some(to.sequence) && to.previous.as_ref() == Some(&from.next)
}

/// How many changes lie between, negative for what was before.
pub(super) fn steps(at: u64, sequence: u64) -> i32 {
    let away = i32::try_from(at.abs_diff(sequence)).unwrap_or(i32::MAX);
    if sequence < at { -away } else { away }
}

/// Which states of an agent were changed, as far as this service was told.
pub(in crate::pages) fn kinds_of(
    service: &Service,
    agent: &Address,
) -> Result<Vec<&'static str>, ApiError> {
    let mut kinds = Vec::new();
    for state_type in StateType::ALL {
        if !service.store.list_states(agent, *state_type, None, 1)?.is_empty() {
            kinds.push(state_type.as_str());
        }
    }
    Ok(kinds)
}

/// Which changes a receipt tells, and what was added to it: the kind of each state, and its number.
pub(in crate::pages) fn changed_by(
    service: &Service,
    receipt: &Receipt,
) -> Result<Vec<(&'static str, u64)>, ApiError> {
    let mut steps = receipt.facts().statements.states.clone();
    let added = service.store.list_addenda(&receipt.digest(), None, MOST_ITEMS)?;
    for text in added.items {
        let addendum = Addendum::parse(&text);
        steps.extend(addendum.iter().flat_map(Addendum::state_proofs).map(|proof| proof.step));
    }
    Ok(steps.iter().map(|step| (step.state_type.as_str(), step.sequence)).collect())
}
