//! What is above a proof, and what follows from it.

use super::{
    ATTESTATION_DOMAIN, Attestation, EdgeView, GRAPH_DOMAIN, LINK_DOMAIN, MOST_DEPTH, MOST_NODES,
    Relative,
};
use crate::{
    error::ApiError,
    ids,
    service::{Service, hash_of, text_of},
    wire::Moment,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use runseal_client::store::Direction;
use runseal_receipt::{
    Receipt,
    graph::{Edge, Graph, Node},
    json::Value,
    member::object_of,
};
use runseal_types::Digest;
use solana_signer::Signer;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(super) fn link_id(edge: &Edge) -> String {
    let relation = edge.relation.as_str().as_bytes();
    let parts = [LINK_DOMAIN, edge.child.as_bytes(), edge.parent.as_bytes(), relation];
    ids::derived("link", &Digest::of(&parts))
}

impl Service {
    pub(super) fn load_node(&self, run_id: &str) -> Result<Receipt, ApiError> {
        let missing = || ApiError::not_found(format!("Proof not found: {run_id}"));
        let stored = self.find_receipt(run_id)?.ok_or_else(missing)?;
        self.node(&stored.leaf.digest)?.ok_or_else(missing)
    }

    pub(super) fn node(&self, digest: &Digest) -> Result<Option<Receipt>, ApiError> {
        let Some(stored) = self.store.find_receipt(digest)? else { return Ok(None) };
        let receipt = Receipt::parse(&stored.text);
        receipt.map(Some).map_err(|_| ApiError::failed("a stored receipt is damaged"))
    }

    /// Lists what a receipt follows from, the nearest first.
    pub(crate) fn ancestors(&self, digest: &Digest) -> Result<Vec<Relative>, ApiError> {
        self.relatives(digest, Direction::Parents, MOST_DEPTH)
    }

    /// Lists the runs that follow from a receipt at once.
    pub(crate) fn children(&self, digest: &Digest) -> Result<Vec<String>, ApiError> {
        let children = self.relatives(digest, Direction::Children, 1)?;
        Ok(children.into_iter().map(|relative| relative.proof_id).collect())
    }

    /// Lists relatives by their depth, each once.
    pub(super) fn relatives(
        &self,
        start: &Digest,
        direction: Direction,
        most_depth: usize,
    ) -> Result<Vec<Relative>, ApiError> {
        let mut seen = BTreeSet::from([*start]);
        let (mut open, mut found) = (VecDeque::from([(*start, 0usize)]), Vec::new());
        while let Some((digest, depth)) = open.pop_front() {
            if depth == most_depth {
                break;
            }
            for edge in self.edges(&digest, direction)? {
                let next = match direction {
                    Direction::Parents => edge.parent,
                    Direction::Children => edge.child,
                };
                if found.len() >= MOST_NODES || !seen.insert(next) {
                    continue;
                }
                // An edge may lead to a receipt that is not stored here.
                let proof_id = self.run_of(&next)?.unwrap_or_else(|| next.to_string());
                let depth = depth.saturating_add(1);
                found.push(Relative { proof_id, relation: edge.relation.as_str(), depth });
                open.push_back((next, depth));
            }
        }
        Ok(found)
    }
}

/// A part of the proof graph: all that follows from one proof.
pub(crate) struct ProofGraph {
    pub(super) receipts: BTreeMap<Digest, Receipt>,
    pub(super) edges: BTreeSet<Edge>,
    branches: BTreeMap<Edge, String>,
    pub(super) truncated: bool,
}

impl ProofGraph {
    pub(super) fn edge_view(&self, edge: &Edge) -> EdgeView {
        let run_id = |digest: &Digest| {
            let receipt = self.receipts.get(digest);
            receipt.map_or_else(|| digest.to_string(), |it| it.facts().run_id.clone())
        };
        EdgeView {
            from: run_id(&edge.parent),
            to: run_id(&edge.child),
            relation: edge.relation.as_str(),
            branch_id: self.branches.get(edge).cloned(),
        }
    }

    /// Returns the hash over nodes, edges and the branches that edges belong to.
    pub(crate) fn hash(&self) -> Result<String, ApiError> {
        let nodes = self.receipts.values().map(|receipt| Node {
            digest: receipt.digest(),
            agent: receipt.facts().agent,
            status: receipt.facts().status,
        });
        let graph = Graph::new(nodes, self.edges.iter().copied()).map_err(ApiError::failed)?;
        let branches = self.edges.iter().map(|edge| self.branches.get(edge).map(String::as_str));
        let hash = hash_of(
            GRAPH_DOMAIN,
            object_of([
                ("graph", Value::from(graph.hash())),
                ("branches", branches.map(Value::from).collect()),
            ]),
        );
        Ok(format!("sha256:{hash}"))
    }
}

impl Service {
    /// Gathers what follows from a run.
    pub(crate) fn proof_graph(&self, root_id: &str, depth: usize) -> Result<ProofGraph, ApiError> {
        let root = self.load_node(root_id)?;
        let mut found = ProofGraph {
            receipts: BTreeMap::new(),
            edges: BTreeSet::new(),
            branches: BTreeMap::new(),
            truncated: false,
        };
        let mut open = VecDeque::from([(root.digest(), 0usize)]);
        found.receipts.insert(root.digest(), root);
        while let Some((digest, level)) = open.pop_front() {
            for edge in self.edges(&digest, Direction::Children)? {
                let known = found.receipts.contains_key(&edge.child);
                if !known && (level == depth || found.receipts.len() >= MOST_NODES) {
                    found.truncated = true;
                    continue;
                }
                if !known {
                    let Some(receipt) = self.node(&edge.child)? else { continue };
                    found.receipts.insert(edge.child, receipt);
                    open.push_back((edge.child, level.saturating_add(1)));
                }
                if let Some(link) = self.store.find_entry(&link_id(&edge))? {
                    let branch_id = text_of(&link.draft.content, "branch_id");
                    if !branch_id.is_empty() {
                        found.branches.insert(edge, branch_id.to_owned());
                    }
                }
                found.edges.insert(edge);
            }
        }
        Ok(found)
    }

    pub(super) fn attest(&self, graph_hash: String) -> Result<Attestation, ApiError> {
        let message = [ATTESTATION_DOMAIN.as_bytes(), graph_hash.as_bytes()].concat();
        let signature = self.key.try_sign_message(&message).map_err(ApiError::failed)?;
        let bytes: [u8; 64] = signature.into();
        let signer_id = self.signer_id()?;
        Ok(Attestation {
            graph_hash,
            signed_at: format!("{}Z", Moment(ids::now()?).without_offset()),
            signer_id: signer_id.trim_start_matches("runtime:").to_owned(),
            algorithm: "ed25519",
            signature: STANDARD.encode(bytes),
        })
    }
}
