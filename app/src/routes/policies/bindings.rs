//! Bindings as they are found again, and whether they hold.

use super::{BindingVerdict, BoundRun, TYPE};
use crate::{
    error::ApiError,
    ids,
    service::{Service, digest_of, text_of},
    wire::Moment,
};
use runseal_client::store::{MOST_ITEMS, PolicyRow};
use runseal_receipt::{
    json::{Object, Value},
    policy::{BindingStatus, PolicyBinding},
};
use runseal_types::Digest;

impl Service {
    pub(super) fn bound_run(&self, row: &PolicyRow) -> Result<BoundRun, ApiError> {
        let damaged = || ApiError::failed("a bound receipt is not there");
        let stored = self.store.find_receipt(&row.receipt)?.ok_or_else(damaged)?;
        let receipt = runseal_receipt::Receipt::parse(&stored.text).map_err(|_| damaged())?;
        let binding_id = ids::derived("pb", &row.binding.hash(&row.receipt));
        // What a receipt itself says was bound when the run ended, and has no entry of its own.
        let bound_at = self.store.find_entry(&binding_id)?.map(|entry| entry.draft.timestamp);
        Ok(BoundRun {
            bound_at: bound_at.map(|time| Moment(time).in_a_table()),
            binding_id,
            run_id: receipt.facts().run_id.clone(),
            binding_status: row.binding.status.as_str(),
            agent_id: self.agent_id(&receipt.facts().agent)?,
            run_status: receipt.facts().status.as_str(),
            run_proof_hash: row.receipt.to_string(),
        })
    }
}

impl Service {
    pub(super) fn verify_binding(&self, binding_id: String) -> Result<BindingVerdict, ApiError> {
        let missing = || ApiError::not_found(format!("Policy binding not found: {binding_id}"));
        let entry = self.store.find_entry(&binding_id)?;
        let entry = entry.filter(|it| it.draft.content_type == TYPE).ok_or_else(missing)?;
        let content = &entry.draft.content;
        let (binding, receipt) = signed(content).ok_or_else(missing)?;
        let hash = binding.hash(&receipt);
        let reason = self.binding_problem(content, &binding, &receipt)?;
        Ok(BindingVerdict {
            run_id: text_of(content, "run_id").to_owned(),
            policy_id: binding.policy_id.clone(),
            policy_hash: text_of(content, "policy_hash").to_owned(),
            run_proof_hash: receipt.to_string(),
            binding_hash: format!("sha256:{hash}"),
            binding_status: binding.status.to_string(),
            verified: reason.is_none(),
            reason: reason.or_else(|| {
                (ids::derived("pb", &hash) != binding_id).then(|| "another binding".to_owned())
            }),
            binding_id,
        })
    }

    /// Says why a binding does not hold, if so.
    pub(super) fn binding_problem(
        &self,
        content: &Object,
        binding: &PolicyBinding,
        receipt: &Digest,
    ) -> Result<Option<String>, ApiError> {
        let policy = text_of(content, "policy");
        if policy.is_empty() {
            return Ok(Some("the policy itself is not held here".to_owned()));
        }
        if Digest::of(&[policy.as_bytes()]) != binding.policy_hash {
            return Ok(Some("the policy does not have this hash".to_owned()));
        }
        if binding.status == BindingStatus::Bypassed
            && (binding.approval.is_none() || binding.reason.is_none())
        {
            return Ok(Some("it was bypassed by nobody's leave, or for no reason".to_owned()));
        }
        let mut after = None;
        loop {
            let page = self.store.list_policies(&binding.policy_id, after, MOST_ITEMS)?;
            if page.items.iter().any(|row| row.receipt == *receipt && row.binding == *binding) {
                return Ok(None);
            }
            after = page.next;
            if after.is_none() {
                return Ok(Some("the agent signed no such binding".to_owned()));
            }
        }
    }
}

/// Reads back what the agent signed, and of which receipt.
pub(super) fn signed(content: &Object) -> Option<(PolicyBinding, Digest)> {
    let mut object = content.clone();
    let hash = digest_of(text_of(content, "policy_hash"));
    object.insert("policy_hash".to_owned(), Value::from(hash));
    let binding = PolicyBinding::from_object(&object).ok()?;
    Some((binding, text_of(content, "run_proof_hash").parse().ok()?))
}
