//! Whether the runs kept to the policies that they were under.

use super::{Case, case::key_of};
use crate::{
    bundle::Received,
    report::{Finding, Reason},
};
use runseal_receipt::{
    Receipt, Role,
    graph::{Edge, Graph, Node, Relation},
    policy::{BindingStatus, BypassError, PolicyBinding, check_bypasses},
};
use runseal_types::{Digest, to_hex};

/// Whether every receipt's policies were applied, or bypassed by leave.
pub(crate) fn policies(case: &Case<'_>) -> Finding {
    let receipts: Vec<&Receipt> = case.bundle.receipts.iter().map(Received::document).collect();
    if receipts.is_empty() {
        return Reason::PoliciesUndecided.into();
    }
    for receipt in &receipts {
        let bindings = &receipt.facts().statements.policies;
        if let Some(violated) = bindings.iter().find(|one| one.status == BindingStatus::Violated) {
            return named(Reason::PolicyViolated, violated);
        }
        let applied = |hash: &Digest| {
            let mut bindings = bindings.iter();
            bindings.any(|one| one.status == BindingStatus::Applied && one.policy_hash == *hash)
        };
        if let Some(missing) = case.policy.required_policies.iter().find(|hash| !applied(hash)) {
            return Finding::from(Reason::PolicyNotApplied).fact("policy_hash", *missing);
        }
    }
    if let Some(finding) = foreign_document(case, &receipts) {
        return finding;
    }
    let bypassed = receipts.iter().map(|receipt| bypasses(case, receipt));
    let refused = bypassed.flatten().next();
    refused.unwrap_or_else(|| Reason::PoliciesKept.into())
}

fn named(reason: Reason, policy: &PolicyBinding) -> Finding {
    let finding = Finding::from(reason).fact("policy_id", policy.policy_id.as_str());
    finding.fact("policy_hash", policy.policy_hash)
}

/// A document whose hash no receipt names is another policy's.
fn foreign_document(case: &Case<'_>, receipts: &[&Receipt]) -> Option<Finding> {
    let bindings = receipts.iter().flat_map(|receipt| &receipt.facts().statements.policies);
    let known: Vec<Digest> = bindings.map(|binding| binding.policy_hash).collect();
    let texts = case.bundle.parts.policies.iter();
    let mut hashes = texts.map(|text| Digest::of(&[text.as_bytes()]));
    let foreign = hashes.find(|hash| !known.contains(hash))?;
    let found = to_hex(foreign.as_bytes());
    Some(Finding::from(Reason::PolicyDocumentForeign).fact("found", found.as_str()))
}

/// Says why a receipt's bypasses are not shown to be by leave, if they are not.
fn bypasses(case: &Case<'_>, receipt: &Receipt) -> Option<Finding> {
    let policies = &receipt.facts().statements.policies;
    let bypassed = policies.iter().filter(|policy| policy.status == BindingStatus::Bypassed);
    if bypassed.count() == 0 {
        return None;
    }
    let approvals = case.bundle.approvals.iter().map(Received::document);
    let approvals: Vec<&Receipt> = approvals.collect();
    if let Some(finding) = unsigned_approval(case, &approvals) {
        return Some(finding);
    }
    let graph = match graph_of(case, receipt, &approvals) {
        Ok(graph) => graph,
        Err(problem) => return Some(Finding::from(Reason::BypassNotAllowed).because(problem)),
    };
    match check_bypasses(&receipt.digest(), policies, &graph) {
        Ok(()) => None,
        Err(problem @ BypassError::ApprovalNotInGraph { .. }) => {
            Some(Finding::from(Reason::PoliciesUndecided).because(problem))
        }
        Err(problem) => Some(Finding::from(Reason::BypassNotAllowed).because(problem)),
    }
}

fn unsigned_approval(case: &Case<'_>, approvals: &[&Receipt]) -> Option<Finding> {
    approvals.iter().find_map(|approval| {
        let Ok(Some(agent)) = case.agent_at(&approval.facts().agent) else {
            let finding = Finding::from(Reason::PoliciesUndecided);
            return Some(finding.fact("missing", approval.facts().agent));
        };
        let signed = key_of(agent)
            .is_ok_and(|key| approval.document().check_signed_as(Role::Agent, &key).is_ok());
        let finding = Finding::from(Reason::ApprovalNotSigned).fact("digest", approval.digest());
        (!signed).then_some(finding)
    })
}

/// The receipt, its approvals and nothing else that it may be linked to.
fn graph_of(
    case: &Case<'_>,
    receipt: &Receipt,
    approvals: &[&Receipt],
) -> Result<Graph, runseal_receipt::graph::GraphError> {
    let node = |receipt: &Receipt| {
        let facts = receipt.facts();
        Node { digest: receipt.digest(), agent: facts.agent, status: facts.status }
    };
    let child = receipt.digest();
    let known: Vec<Digest> = approvals.iter().map(|approval| approval.digest()).collect();
    let addenda = case.bundle.addenda.iter().map(Received::document);
    let added = addenda.filter(|addendum| addendum.receipt() == child);
    let links = added.flat_map(|addendum| addendum.statements().links.iter());
    let links = receipt.facts().statements.links.iter().chain(links);
    let approvals_only =
        links.filter(|link| link.relation == Relation::Approval && known.contains(&link.parent));
    let edges: Vec<Edge> = approvals_only
        .map(|link| Edge { child, parent: link.parent, relation: link.relation })
        .collect();
    Graph::new([node(receipt)].into_iter().chain(approvals.iter().map(|one| node(one))), edges)
}
