//! Policies that a run was under, and whether it kept to them.

use crate::{
    graph::{Graph, Relation},
    json::{Object, Value, canonical_object},
    member::{MemberError, Members, object_of},
    receipt::Status,
    word::words,
};
use runseal_types::Digest;

const DOMAIN: &[u8] = b"runseal/policy-binding/v1";

words! {
    /// What kind of thing a policy is.
    PolicyType {
        /// A token that allows something.
        AccToken = "acc_token",
        /// A rule of whoever governs the agent.
        GovernanceRule = "governance_rule",
        /// A capability that the agent was given.
        CapabilityGrant = "capability_grant",
        /// A limit to what it may do.
        Constraint = "constraint",
    }
}

words! {
    /// Whether a run kept to a policy.
    BindingStatus {
        /// It did.
        Applied = "applied",
        /// It did not.
        Violated = "violated",
        /// It did not have to: somebody approved that.
        Bypassed = "bypassed",
    }
}

/// A policy and what a run made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyBinding {
    /// What kind of thing the policy is.
    pub policy_type: PolicyType,
    /// What it is called.
    pub policy_id: String,
    /// Which edition, if there are several.
    pub policy_version: Option<String>,
    /// The hash of its text.
    pub policy_hash: Digest,
    /// Whether the run kept to it.
    pub status: BindingStatus,
    /// The receipt of an approval; a bypass needs one.
    pub approval: Option<Digest>,
    /// Why it was bypassed or violated.
    pub reason: Option<String>,
    /// What evaluating it gave.
    pub result: Option<Object>,
}

/// Why a policy was not bypassed as it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BypassError {
    /// It does not say by whose leave.
    #[error("policy {index} is bypassed and names no approval")]
    NoApproval {
        /// Which policy of the list, from 0.
        index: usize,
    },
    /// The receipt whose policies these are is not in the graph.
    #[error("the receipt {receipt} is not in the graph")]
    ReceiptNotInGraph {
        /// Its digest.
        receipt: Digest,
    },
    /// The receipt of the approval is not in the graph.
    #[error("the approval {approval} of bypassed policy {index} is not in the graph")]
    ApprovalNotInGraph {
        /// Which policy of the list, from 0.
        index: usize,
        /// The digest of the approval's receipt.
        approval: Digest,
    },
    /// The receipt does not follow from the approval.
    #[error("no approval link leads to the approval {approval} of bypassed policy {index}")]
    NotLinked {
        /// Which policy of the list, from 0.
        index: usize,
        /// The digest of the approval's receipt.
        approval: Digest,
    },
    /// The approving run did not end well.
    #[error("the approval {approval} of bypassed policy {index} is a run that is {status}")]
    ApprovalNotCompleted {
        /// Which policy of the list, from 0.
        index: usize,
        /// The digest of the approval's receipt.
        approval: Digest,
        /// How that run ended.
        status: Status,
    },
    /// The agent approved its own bypass.
    #[error("the approval {approval} of bypassed policy {index} is by the agent itself")]
    SelfApproved {
        /// Which policy of the list, from 0.
        index: usize,
        /// The digest of the approval's receipt.
        approval: Digest,
    },
}

impl PolicyBinding {
    /// Reads it from an element of a document's list.
    pub fn from_object(object: &Object) -> Result<Self, MemberError> {
        let members = Members(object);
        let text = |member| members.optional(member, Members::text);
        Ok(Self {
            policy_type: members.word("policy_type", PolicyType::find)?,
            policy_id: members.text("policy_id")?.to_owned(),
            policy_version: text("policy_version")?.map(str::to_owned),
            policy_hash: members.digest("policy_hash")?,
            status: members.word("status", BindingStatus::find)?,
            approval: members.optional("approval", Members::digest)?,
            reason: text("reason")?.map(str::to_owned),
            result: members.optional("result", Members::object)?.cloned(),
        })
    }

    /// Returns it as a document has it.
    #[must_use]
    pub fn to_object(&self) -> Object {
        let text = |text: &Option<String>| Value::from(text.as_deref());
        object_of([
            ("policy_type", Value::from(self.policy_type.as_str())),
            ("policy_id", Value::from(self.policy_id.as_str())),
            ("policy_version", text(&self.policy_version)),
            ("policy_hash", Value::from(self.policy_hash)),
            ("status", Value::from(self.status.as_str())),
            ("approval", Value::from(self.approval)),
            ("reason", text(&self.reason)),
            ("result", Value::from(self.result.clone())),
        ])
    }

    /// Returns what stands for this binding to this receipt elsewhere.
    #[must_use]
    pub fn hash(&self, receipt: &Digest) -> Digest {
        let object = canonical_object(&self.to_object());
        Digest::of(&[DOMAIN, receipt.as_bytes(), &object])
    }
}

/// Checks that every policy that was bypassed was bypassed by leave: the receipt with this digest
/// follows, by an approval link, from the completed receipt of another agent that the policy names.
pub fn check_bypasses(
    receipt: &Digest,
    policies: &[PolicyBinding],
    graph: &Graph,
) -> Result<(), BypassError> {
    let mut policies = policies.iter().enumerate();
    policies.try_for_each(|(index, policy)| match (policy.status, policy.approval) {
        (BindingStatus::Bypassed, None) => Err(BypassError::NoApproval { index }),
        (BindingStatus::Bypassed, Some(approval)) => check_bypass(receipt, index, approval, graph),
        (BindingStatus::Applied | BindingStatus::Violated, _) => Ok(()),
    })
}

fn check_bypass(
    receipt: &Digest,
    index: usize,
    approval: Digest,
    graph: &Graph,
) -> Result<(), BypassError> {
    let missing = BypassError::ReceiptNotInGraph { receipt: *receipt };
    let bypassing = graph.find(receipt).ok_or(missing)?;
    let missing = BypassError::ApprovalNotInGraph { index, approval };
    let approving = graph.find(&approval).ok_or(missing)?;
    if !graph.has_edge(receipt, &approval, Relation::Approval) {
        return Err(BypassError::NotLinked { index, approval });
    }
    if approving.status != Status::Completed {
        let status = approving.status;
        return Err(BypassError::ApprovalNotCompleted { index, approval, status });
    }
    if approving.agent == bypassing.agent {
        return Err(BypassError::SelfApproved { index, approval });
    }
    Ok(())
}
