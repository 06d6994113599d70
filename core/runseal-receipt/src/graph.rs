//! The graph between receipts: which follows from which, and how.

mod link;
mod order;

pub use link::{Edge, Link, Relation};

use crate::{
    addendum::Addendum,
    json::canonical_object,
    member::object_of,
    receipt::{Receipt, Status},
};
use order::order;
use runseal_types::{Address, Digest};
use std::collections::{BTreeMap, BTreeSet};

const DOMAIN: &[u8] = b"runseal/graph/v1";

/// What the graph knows of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its digest.
    pub digest: Digest,
    /// Whose it is.
    pub agent: Address,
    /// How its run ended.
    pub status: Status,
}

/// A receipt that is related to another, and how closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relative {
    /// Its digest.
    pub digest: Digest,
    /// How the last edge to it is called; of several, the first in their order.
    pub relation: Relation,
    /// How many edges the shortest way to it has.
    pub depth: usize,
}

/// Why receipts and what is said of them are no graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// An edge leads to or from a receipt that is not there.
    #[error("{relation} from {child} to {parent}, but {missing} is not there")]
    Dangling {
        /// Where the edge comes from.
        child: Digest,
        /// Where it leads.
        parent: Digest,
        /// What it is called.
        relation: Relation,
        /// Which of the two is not there.
        missing: Digest,
    },
    /// Receipts follow from each other.
    #[error("{} receipts follow from each other: {members:?}", members.len())]
    Cycle {
        /// Each follows from the next, and the last from the first.
        members: Vec<Digest>,
    },
    /// An addendum is to a receipt that is not there.
    #[error("an addendum is to {receipt}, which is not there")]
    AddendumWithoutReceipt {
        /// The receipt.
        receipt: Digest,
    },
    /// An addendum is by another agent than its receipt.
    #[error("an addendum to {receipt} of {expected} is by {found}")]
    AddendumByOtherAgent {
        /// The receipt.
        receipt: Digest,
        /// Whose it is.
        expected: Address,
        /// Who adds to it.
        found: Address,
    },
    /// The question is about a receipt that is not there.
    #[error("{receipt} is not in the graph")]
    NotInGraph {
        /// The receipt.
        receipt: Digest,
    },
}

/// Receipts and edges from each to those that it follows from, without cycles.
///
/// In what order they come, and how often, makes no difference to anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    nodes: BTreeMap<Digest, Node>,
    edges: BTreeSet<Edge>,
    order: Vec<Digest>,
}

impl Graph {
    /// Builds the graph of receipts and addenda. Their signatures are the caller's to check.
    pub fn of<'a>(
        receipts: impl IntoIterator<Item = &'a Receipt>,
        addenda: impl IntoIterator<Item = &'a Addendum>,
    ) -> Result<Self, GraphError> {
        let mut nodes = Vec::new();
        let mut edges = Vec::new();
        for receipt in receipts {
            let node = Node::of(receipt);
            nodes.push(node);
            edges.extend(edges_of(node.digest, &receipt.facts().statements.links));
        }
        let agents: BTreeMap<_, _> = nodes.iter().map(|node| (node.digest, node.agent)).collect();
        for addendum in addenda {
            check_addendum(addendum, &agents)?;
            edges.extend(edges_of(addendum.receipt(), &addendum.statements().links));
        }
        Self::new(nodes, edges)
    }

    /// Builds a graph of its parts.
    pub fn new(
        nodes: impl IntoIterator<Item = Node>,
        edges: impl IntoIterator<Item = Edge>,
    ) -> Result<Self, GraphError> {
        let (mut by_digest, mut all_edges) = (BTreeMap::new(), BTreeSet::new());
        by_digest.extend(nodes.into_iter().map(|node| (node.digest, node)));
        all_edges.extend(edges);
        let (nodes, edges) = (by_digest, all_edges);
        edges.iter().try_for_each(|edge| check_ends(edge, &nodes))?;
        let order = order(nodes.keys().copied().collect(), &edges)?;
        Ok(Self { nodes, edges, order })
    }

    /// Finds a receipt.
    #[must_use]
    pub fn find(&self, digest: &Digest) -> Option<&Node> {
        self.nodes.get(digest)
    }

    /// Returns the receipts by their digests.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = &Node> {
        self.nodes.values()
    }

    /// Returns the edges by child, parent and relation.
    pub fn edges(&self) -> impl ExactSizeIterator<Item = &Edge> {
        self.edges.iter()
    }

    /// Says whether there is this edge.
    #[must_use]
    pub fn has_edge(&self, child: &Digest, parent: &Digest, relation: Relation) -> bool {
        self.edges.contains(&Edge { child: *child, parent: *parent, relation })
    }

    /// Returns the receipts so that each stands behind all that it follows from; of those that
    /// could stand next, the one with the smallest digest does.
    #[must_use]
    pub fn topological_order(&self) -> &[Digest] {
        &self.order
    }

    /// Returns everything that a receipt follows from, the nearest first and then by digest.
    pub fn ancestry(&self, digest: &Digest) -> Result<Vec<Relative>, GraphError> {
        self.relatives(digest, |edge| (edge.child, edge.parent))
    }

    /// Returns everything that follows from a receipt, the nearest first and then by digest.
    pub fn descendants(&self, digest: &Digest) -> Result<Vec<Relative>, GraphError> {
        self.relatives(digest, |edge| (edge.parent, edge.child))
    }

    /// Returns one hash over all receipts and edges.
    #[must_use]
    pub fn hash(&self) -> Digest {
        let object = object_of([
            ("edges", self.edges.iter().copied().map(Edge::to_object).collect()),
            ("nodes", self.nodes.keys().copied().collect()),
        ]);
        Digest::of(&[DOMAIN, &canonical_object(&object)])
    }

    fn relatives(
        &self,
        start: &Digest,
        ends: fn(&Edge) -> (Digest, Digest),
    ) -> Result<Vec<Relative>, GraphError> {
        if !self.nodes.contains_key(start) {
            return Err(GraphError::NotInGraph { receipt: *start });
        }
        let steps = steps(&self.edges, ends);
        let mut seen = BTreeSet::from([*start]);
        let mut found = Vec::new();
        let mut front = BTreeSet::from([*start]);
        let mut depth = 0usize;
        while !front.is_empty() {
            depth = depth.saturating_add(1);
            let mut next = BTreeMap::new();
            for (digest, relation) in front.iter().filter_map(|from| steps.get(from)).flatten() {
                if !seen.contains(digest) {
                    let known = next.entry(*digest).or_insert(*relation);
                    *known = (*known).min(*relation);
                }
            }
            let relatives = next.iter();
            found.extend(relatives.map(|(&digest, &relation)| Relative {
                digest,
                relation,
                depth,
            }));
            front = next.into_keys().collect();
            seen.extend(&front);
        }
        Ok(found)
    }
}

impl Node {
    fn of(receipt: &Receipt) -> Self {
        let facts = receipt.facts();
        Self { digest: receipt.digest(), agent: facts.agent, status: facts.status }
    }
}

/// From each receipt, where one step in a direction leads.
fn steps(
    edges: &BTreeSet<Edge>,
    ends: fn(&Edge) -> (Digest, Digest),
) -> BTreeMap<Digest, Vec<(Digest, Relation)>> {
    let mut steps: BTreeMap<Digest, Vec<_>> = BTreeMap::new();
    for edge in edges {
        let (from, to) = ends(edge);
        steps.entry(from).or_default().push((to, edge.relation));
    }
    steps
}

fn edges_of(child: Digest, links: &[Link]) -> impl Iterator<Item = Edge> {
    links.iter().map(move |link| Edge { child, parent: link.parent, relation: link.relation })
}

fn check_ends(edge: &Edge, nodes: &BTreeMap<Digest, Node>) -> Result<(), GraphError> {
    let Edge { child, parent, relation } = *edge;
    match [child, parent].into_iter().find(|end| !nodes.contains_key(end)) {
        Some(missing) => Err(GraphError::Dangling { child, parent, relation, missing }),
        None => Ok(()),
    }
}

fn check_addendum(
    addendum: &Addendum,
    agents: &BTreeMap<Digest, Address>,
) -> Result<(), GraphError> {
    let (receipt, found) = (addendum.receipt(), addendum.agent());
    match agents.get(&receipt) {
        None => Err(GraphError::AddendumWithoutReceipt { receipt }),
        Some(&expected) if expected != found => {
            Err(GraphError::AddendumByOtherAgent { receipt, expected, found })
        }
        Some(_) => Ok(()),
    }
}
