//! Which run follows from which, and how.

mod gather;

use crate::{
    error::ApiError,
    service::{Api, Service, Told},
    wire::{Answer, Body, Fields, Params, Read, Segment},
};
use axum::Extension;
use gather::link_id;
use runseal_client::store::{Direction, MOST_ITEMS, RunState};
use runseal_receipt::{
    Statements,
    graph::{Edge, Link, Relation},
    json::{Object, Value},
    member::object_of,
};
use runseal_types::Digest;
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

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

#[derive(Serialize, ToSchema)]
#[schema(as = ProofLinked)]
pub(crate) struct Linked {
    status: &'static str,
    id: String,
    child_proof_id: String,
    parent_proof_id: String,
    relation: &'static str,
    branch_id: Option<String>,
}

/// Which run follows from which, in the caller's words.
pub(crate) struct LinkBody {
    child: String,
    parent: String,
    relation: String,
    branch_id: Option<String>,
    metadata: Option<Object>,
}

fn relations() -> Vec<&'static str> {
    Relation::ALL.iter().map(|it| it.as_str()).collect()
}

impl Read for LinkBody {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            child: fields.text("child_proof_id"),
            parent: fields.text("parent_proof_id"),
            relation: fields.word("relation", relations()),
            branch_id: fields.find_text("branch_id"),
            metadata: fields.find_object("metadata"),
        }
    }
}

pub(crate) async fn link(Extension(service): Api, Body(body): Body<LinkBody>) -> Answer<Linked> {
    let LinkBody { child, parent, relation, branch_id, metadata } = body;
    let relation = Relation::find(&relation).ok_or_else(|| {
        let words = relations().join(", ");
        ApiError::bad_request(format!("Invalid relation. Must be one of: {words}"))
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

/// A relative of a proof, and how it was reached.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct Relative {
    pub(crate) proof_id: String,
    relation: &'static str,
    depth: usize,
}

#[derive(Serialize, ToSchema)]
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

#[derive(Serialize, ToSchema)]
pub(crate) struct Descendants {
    proof_id: String,
    descendants: Vec<Relative>,
    count: usize,
}

/// How far is to be looked.
pub(crate) struct DepthQuery(usize);

impl Read for DepthQuery {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(fields.limit("depth", DEPTH, MOST_DEPTH))
    }
}

pub(crate) async fn descendants(
    Extension(service): Api,
    Segment(run_id): Segment<String>,
    Params(DepthQuery(depth)): Params<DepthQuery>,
) -> Answer<Descendants> {
    service
        .work(move |service| {
            let digest = service.load_node(&run_id)?.digest();
            let descendants = service.relatives(&digest, Direction::Children, depth)?;
            Ok(Descendants { proof_id: run_id, count: descendants.len(), descendants })
        })
        .await
}

#[derive(Serialize, ToSchema)]
struct NodeView {
    proof_id: String,
    agent_id: String,
    status: &'static str,
    root_hash: String,
}

#[derive(Serialize, ToSchema)]
struct EdgeView {
    from: String,
    to: String,
    relation: &'static str,
    branch_id: Option<String>,
}

#[derive(Serialize, ToSchema)]
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
    Params(DepthQuery(depth)): Params<DepthQuery>,
) -> Answer<GraphView> {
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

#[derive(Serialize, ToSchema)]
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

#[derive(Serialize, ToSchema)]
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
