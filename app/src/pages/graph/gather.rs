use super::{EdgeView, GraphPage, NodeView};
use crate::{error::ApiError, service::Service};
use runseal_client::store::{Direction, MOST_ITEMS};
use runseal_receipt::Receipt;
use runseal_types::Digest;
use std::collections::{BTreeMap, VecDeque};

/// How many steps are walked each way.
const MOST_STEPS: i32 = 3;
/// How many receipts are shown.
const MOST_NODES: usize = 60;

/// What is known so far.
struct Found {
    nodes: BTreeMap<Digest, NodeView>,
    edges: BTreeMap<(Digest, Digest, &'static str), EdgeView>,
    truncated: bool,
}

/// Walks both ways from a run's receipt; `None` where this service has none.
pub(super) fn around(service: &Service, run_id: String) -> Result<Option<GraphPage>, ApiError> {
    let Some(stored) = service.find_receipt(&run_id)? else { return Ok(None) };
    let root = stored.leaf.digest;
    let mut found = Found { nodes: BTreeMap::new(), edges: BTreeMap::new(), truncated: false };
    found.nodes.insert(root, node(service, &root, 0)?);
    for (direction, step) in [(Direction::Parents, -1), (Direction::Children, 1)] {
        walk(service, &mut found, root, direction, step)?;
    }
    found.put_apart();
    Ok(Some(GraphPage {
        run_id,
        nodes: found.nodes.into_values().collect(),
        edges: found.edges.into_values().collect(),
        truncated: found.truncated,
    }))
}

impl Found {
    /// Moves receipts away from the one in the middle until no link stays in a column.
    fn put_apart(&mut self) {
        // No link closes a circle, so as many rounds as there are receipts are enough; more are for
        // a store that somebody else wrote.
        for _ in 0..self.nodes.len() {
            let mut is_done = true;
            for (parent, child, _) in self.edges.keys() {
                let levels = (self.level(parent), self.level(child));
                let (Some(above), Some(below)) = levels else { continue };
                if above < below {
                    continue;
                }
                is_done = false;
                let (digest, level) =
                    if below <= 0 { (parent, below - 1) } else { (child, above + 1) };
                if let Some(node) = self.nodes.get_mut(digest) {
                    node.level = level;
                }
            }
            if is_done {
                return;
            }
        }
    }

    fn level(&self, digest: &Digest) -> Option<i32> {
        self.nodes.get(digest).map(|node| node.level)
    }
}

fn walk(
    service: &Service,
    found: &mut Found,
    root: Digest,
    direction: Direction,
    step: i32,
) -> Result<(), ApiError> {
    let mut open = VecDeque::from([(root, 0)]);
    while let Some((digest, level)) = open.pop_front() {
        let page = service.store.list_edges(&digest, direction, None, MOST_ITEMS)?;
        found.truncated |= page.next.is_some();
        for edge in page.items {
            let next = match direction {
                Direction::Parents => edge.parent,
                Direction::Children => edge.child,
            };
            if !found.nodes.contains_key(&next) {
                let level: i32 = level + step;
                if level.abs() > MOST_STEPS || found.nodes.len() >= MOST_NODES {
                    found.truncated = true;
                    continue;
                }
                found.nodes.insert(next, node(service, &next, level)?);
                open.push_back((next, level));
            }
            let relation = edge.relation.as_str();
            let (parent, child) = (edge.parent.to_string(), edge.child.to_string());
            let view = EdgeView { parent, child, relation };
            found.edges.insert((edge.parent, edge.child, relation), view);
        }
    }
    Ok(())
}

fn node(service: &Service, digest: &Digest, level: i32) -> Result<NodeView, ApiError> {
    let stored = service.store.find_receipt(digest)?;
    // A link may lead to a receipt that is kept elsewhere.
    let receipt = stored.and_then(|stored| Receipt::parse(&stored.text).ok());
    let facts = receipt.as_ref().map(Receipt::facts);
    Ok(NodeView {
        digest: digest.to_string(),
        run_id: facts.map(|facts| facts.run_id.clone()),
        status: facts.map(|facts| facts.status.as_str()),
        level,
    })
}
