use super::{Edge, GraphError};
use runseal_types::Digest;
use std::collections::{BTreeMap, BTreeSet};

/// Orders receipts so that parents come first, or finds receipts that follow from each other.
pub(super) fn order(
    nodes: BTreeSet<Digest>,
    edges: &BTreeSet<Edge>,
) -> Result<Vec<Digest>, GraphError> {
    let mut waits_for = waits_for(&nodes, edges);
    let mut children: BTreeMap<Digest, BTreeSet<Digest>> = BTreeMap::new();
    for edge in edges {
        children.entry(edge.parent).or_default().insert(edge.child);
    }
    let mut ready: BTreeSet<Digest> =
        waits_for.iter().filter(|(_, parents)| parents.is_empty()).map(|(node, _)| *node).collect();
    let mut order = Vec::with_capacity(nodes.len());
    while let Some(node) = ready.pop_first() {
        waits_for.remove(&node);
        order.push(node);
        for child in children.get(&node).into_iter().flatten() {
            if let Some(parents) = waits_for.get_mut(child) {
                parents.remove(&node);
                if parents.is_empty() {
                    ready.insert(*child);
                }
            }
        }
    }
    if waits_for.is_empty() { Ok(order) } else { Err(cycle(&waits_for)) }
}

fn waits_for(
    nodes: &BTreeSet<Digest>,
    edges: &BTreeSet<Edge>,
) -> BTreeMap<Digest, BTreeSet<Digest>> {
    let mut waits_for: BTreeMap<_, BTreeSet<_>> =
        nodes.iter().map(|node| (*node, BTreeSet::new())).collect();
    for edge in edges {
        waits_for.entry(edge.child).or_default().insert(edge.parent);
    }
    waits_for
}

/// Finds a cycle among receipts of which each still waits for another: whoever goes from each to
/// the first that it waits for comes round in the end.
fn cycle(waits_for: &BTreeMap<Digest, BTreeSet<Digest>>) -> GraphError {
    let mut way: Vec<Digest> = Vec::new();
    let mut next = waits_for.keys().next().copied();
    while let Some(node) = next {
        if let Some(start) = way.iter().position(|earlier| *earlier == node) {
            let mut members = way.split_off(start);
            let smallest = members.iter().enumerate().min_by_key(|(_, member)| **member);
            let first = smallest.map_or(0, |(index, _)| index);
            members.rotate_left(first);
            return GraphError::Cycle { members };
        }
        way.push(node);
        next = waits_for.get(&node).and_then(BTreeSet::first).copied();
    }
    GraphError::Cycle { members: way }
}
