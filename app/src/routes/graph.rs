//! Which run follows from which, and how.

use crate::{
    error::ApiError,
    ids,
    service::{Api, Service, Told, hash_of, text_of},
    wire::{Answer, Body, Fields, Moment, Params, Segment},
};
use axum::Extension;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use runseal_client::store::{Direction, MOST_ITEMS, RunState};
use runseal_receipt::{
    Receipt, Statements,
    graph::{Edge, Graph, Link, Node, Relation},
    json::{Object, Value},
    member::object_of,
};
use runseal_types::Digest;
use serde::Serialize;
use solana_signer::Signer;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const MOST_DEPTH: usize = 100;
const DEPTH: usize = 20;
/// How many nodes are looked at before a graph is cut.
const MOST_NODES: usize = 1_000;
/// How many receipts above one are looked at before a new link is refused for what is not known.
const MOST_ABOVE: usize = 100_000;
const LINK_DOMAIN: &[u8] = b"runseal/link/v1";
const GRAPH_DOMAIN: &str = "runseal/proof-graph/v1";
const ATTESTATION_DOMAIN: &str = "runseal/graph-attestation/v1";
const TYPE: &str = "link";

pub(crate) struct LinkRequest {
    pub(crate) child: String,
    pub(crate) parent: String,
    pub(crate) relation: Relation,
    pub(crate) branch_id: Option<String>,
    pub(crate) metadata: Option<Object>,
}

#[derive(Serialize)]
pub(crate) struct Linked {
    status: &'static str,
    id: String,
    child_proof_id: String,
    parent_proof_id: String,
    relation: &'static str,
    branch_id: Option<String>,
}

pub(crate) async fn link(Extension(service): Api, Body(body): Body) -> Answer<Linked> {
    let mut fields = Fields::body(&body);
    let child = fields.text("child_proof_id");
    let parent = fields.text("parent_proof_id");
    let relation = fields.text("relation");
    let branch_id = fields.find_text("branch_id");
    let metadata = fields.find_object("metadata");
    fields.done(())?;
    let words = || Relation::ALL.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", ");
    let relation = Relation::find(&relation).ok_or_else(|| {
        ApiError::bad_request(format!("Invalid relation. Must be one of: {}", words()))
    })?;
    let request = LinkRequest { child, parent, relation, branch_id, metadata };
    service.work(move |service| service.link_runs(&request)).await
}

impl Service {
    /// Has the child's agent say that its run follows from the parent's.
    pub(crate) fn link_runs(&self, request: &LinkRequest) -> Result<Linked, ApiError> {
        let LinkRequest { child: child_id, parent: parent_id, relation, .. } = request;
        let missing =
            |who: &str, id: &str| ApiError::not_found(format!("{who} proof not found: {id}"));
        let child = self.find_ended(child_id)?.ok_or_else(|| missing("Child", child_id))?;
        let parent = self.find_ended(parent_id)?.ok_or_else(|| missing("Parent", parent_id))?;
        let (child_digest, parent_digest) = (child.receipt.digest(), parent.receipt.digest());
        if child_digest == parent_digest {
            return Err(ApiError::bad_request("Cannot link proof to itself"));
        }
        // One link at a time, so that two do not close a circle together.
        let _lock = self.linking();
        if self.is_above(&parent_digest, &child_digest)? {
            return Err(ApiError::bad_request("Link would create a cycle"));
        }
        let edge = Edge { child: child_digest, parent: parent_digest, relation: *relation };
        if self.edges(&child_digest, Direction::Parents)?.contains(&edge) {
            return Err(ApiError::conflict("Link already exists"));
        }
        let links = vec![Link { relation: *relation, parent: parent_digest }];
        self.add(&child, &Statements { links, ..Statements::default() })?;
        let id = link_id(&edge);
        let content = object_of([
            ("about", Value::from(child_id.as_str())),
            ("child_proof_id", Value::from(child_id.as_str())),
            ("parent_proof_id", Value::from(parent_id.as_str())),
            ("relation", Value::from(relation.as_str())),
            ("branch_id", Value::from(request.branch_id.as_deref())),
            ("metadata", Value::from(request.metadata.clone())),
        ]);
        self.append(&child.agent.agent_id, id.clone(), TYPE, content)?;
        Ok(Linked {
            status: "linked",
            id,
            child_proof_id: child_id.clone(),
            parent_proof_id: parent_id.clone(),
            relation: relation.as_str(),
            branch_id: request.branch_id.clone(),
        })
    }

    /// Finds a run that has ended: only its receipt stays what it is.
    fn find_ended(&self, run_id: &str) -> Result<Option<Told>, ApiError> {
        match self.find_run(run_id)?.map(|row| row.state) {
            Some(RunState::Finished { .. }) => self.find_told(run_id),
            _ => Ok(None),
        }
    }

    fn edges(&self, receipt: &Digest, direction: Direction) -> Result<Vec<Edge>, ApiError> {
        let (mut edges, mut after) = (Vec::new(), None);
        loop {
            let page = self.store.list_edges(receipt, direction, after, MOST_ITEMS)?;
            edges.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(edges);
            }
        }
    }

    /// Says whether one receipt is somewhere above another, over all parents.
    fn is_above(&self, start: &Digest, wanted: &Digest) -> Result<bool, ApiError> {
        let mut seen = BTreeSet::from([*start]);
        let mut open = vec![*start];
        while let Some(digest) = open.pop() {
            for edge in self.edges(&digest, Direction::Parents)? {
                if edge.parent == *wanted {
                    return Ok(true);
                }
                if seen.insert(edge.parent) {
                    open.push(edge.parent);
                }
            }
            if seen.len() > MOST_ABOVE {
                let detail = "too many proofs are above this one to be sure of no cycle";
                return Err(ApiError::conflict(detail));
            }
        }
        Ok(false)
    }
}

fn link_id(edge: &Edge) -> String {
    let relation = edge.relation.as_str().as_bytes();
    let parts = [LINK_DOMAIN, edge.child.as_bytes(), edge.parent.as_bytes(), relation];
    ids::derived("link", &Digest::of(&parts))
}

/// A relative of a proof, and how it was reached.
#[derive(Clone, Serialize)]
pub(crate) struct Relative {
    pub(crate) proof_id: String,
    relation: &'static str,
    depth: usize,
}

#[derive(Serialize)]
pub(crate) struct Ancestry {
    proof_id: String,
    ancestry: Vec<Relative>,
    root_id: String,
    depth: usize,
}

pub(crate) async fn ancestry(
    Extension(service): Api,
    Segment(run_id): Segment<String>,
) -> Answer<Ancestry> {
    service
        .work(move |service| {
            let ancestry = service.ancestors(&service.load_node(&run_id)?.digest())?;
            let last = ancestry.last().cloned();
            Ok(Ancestry {
                root_id: last.as_ref().map_or_else(|| run_id.clone(), |it| it.proof_id.clone()),
                depth: last.map_or(0, |it| it.depth),
                proof_id: run_id,
                ancestry,
            })
        })
        .await
}

#[derive(Serialize)]
pub(crate) struct Descendants {
    proof_id: String,
    descendants: Vec<Relative>,
    count: usize,
}

fn depth_of(query: &Object) -> Result<usize, ApiError> {
    let mut fields = Fields::query(query);
    let depth = fields.limit("depth", DEPTH, MOST_DEPTH);
    fields.done(depth)
}

pub(crate) async fn descendants(
    Extension(service): Api,
    Segment(run_id): Segment<String>,
    Params(query): Params,
) -> Answer<Descendants> {
    let depth = depth_of(&query)?;
    service
        .work(move |service| {
            let digest = service.load_node(&run_id)?.digest();
            let descendants = service.relatives(&digest, Direction::Children, depth)?;
            Ok(Descendants { proof_id: run_id, count: descendants.len(), descendants })
        })
        .await
}

impl Service {
    fn load_node(&self, run_id: &str) -> Result<Receipt, ApiError> {
        let missing = || ApiError::not_found(format!("Proof not found: {run_id}"));
        let stored = self.find_receipt(run_id)?.ok_or_else(missing)?;
        self.node(&stored.leaf.digest)?.ok_or_else(missing)
    }

    fn node(&self, digest: &Digest) -> Result<Option<Receipt>, ApiError> {
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
    fn relatives(
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

#[derive(Serialize)]
struct NodeView {
    proof_id: String,
    agent_id: String,
    status: &'static str,
    root_hash: String,
}

#[derive(Serialize)]
struct EdgeView {
    from: String,
    to: String,
    relation: &'static str,
    branch_id: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct GraphView {
    root_id: String,
    nodes: Vec<NodeView>,
    edges: Vec<EdgeView>,
    node_count: usize,
    edge_count: usize,
    topology: &'static str,
    graph_hash: String,
    truncated: bool,
}

pub(crate) async fn show(
    Extension(service): Api,
    Segment(root_id): Segment<String>,
    Params(query): Params,
) -> Answer<GraphView> {
    let depth = depth_of(&query)?;
    service
        .work(move |service| {
            let found = service.proof_graph(&root_id, depth)?;
            let nodes = found.receipts.values().map(|receipt| {
                Ok(NodeView {
                    proof_id: receipt.facts().run_id.clone(),
                    agent_id: service.agent_id(&receipt.facts().agent)?,
                    status: receipt.facts().status.as_str(),
                    root_hash: receipt.digest().to_string(),
                })
            });
            let nodes = nodes.collect::<Result<Vec<_>, ApiError>>()?;
            let edges: Vec<_> = found.edges.iter().map(|edge| found.edge_view(edge)).collect();
            Ok(GraphView {
                root_id,
                node_count: nodes.len(),
                edge_count: edges.len(),
                topology: if edges.is_empty() { "single" } else { "dag" },
                graph_hash: found.hash()?,
                truncated: found.truncated,
                nodes,
                edges,
            })
        })
        .await
}

#[derive(Serialize)]
pub(crate) struct GraphVerdict {
    root_id: String,
    graph_hash: String,
    node_count: usize,
    edge_count: usize,
    chains_valid: bool,
    invalid_proofs: Vec<String>,
    attestation: Option<Attestation>,
    truncated: bool,
}

#[derive(Serialize)]
struct Attestation {
    graph_hash: String,
    signed_at: String,
    signer_id: String,
    algorithm: &'static str,
    signature: String,
}

pub(crate) async fn verify(
    Extension(service): Api,
    Segment(root_id): Segment<String>,
) -> Answer<GraphVerdict> {
    service
        .work(move |service| {
            let found = service.proof_graph(&root_id, DEPTH)?;
            let known = service.known_keys()?;
            let mut invalid_proofs = Vec::new();
            for (digest, receipt) in &found.receipts {
                let stored = service.store.find_receipt(digest)?;
                let proof = stored.map(|stored| service.proof(&stored)).transpose()?;
                if !proof.is_some_and(|proof| proof.verdict(&known).is_verified()) {
                    invalid_proofs.push(receipt.facts().run_id.clone());
                }
            }
            let (chains_valid, graph_hash) = (invalid_proofs.is_empty(), found.hash()?);
            let whole = chains_valid && !found.truncated;
            let attestation = if whole { Some(service.attest(graph_hash.clone())?) } else { None };
            Ok(GraphVerdict {
                root_id,
                node_count: found.receipts.len(),
                edge_count: found.edges.len(),
                chains_valid,
                invalid_proofs,
                attestation,
                graph_hash,
                truncated: found.truncated,
            })
        })
        .await
}

/// A part of the proof graph: all that follows from one proof.
pub(crate) struct ProofGraph {
    receipts: BTreeMap<Digest, Receipt>,
    edges: BTreeSet<Edge>,
    branches: BTreeMap<Edge, String>,
    truncated: bool,
}

impl ProofGraph {
    fn edge_view(&self, edge: &Edge) -> EdgeView {
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

    fn attest(&self, graph_hash: String) -> Result<Attestation, ApiError> {
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
