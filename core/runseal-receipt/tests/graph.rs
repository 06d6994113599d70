//! The graph between receipts, addenda to them, and policies that need leave to be bypassed.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::indexing_slicing, missing_docs)]

mod support;

use proptest::prelude::*;
use runseal_ed25519::PublicKey;
use runseal_receipt::{
    Addendum, AddendumError, DocumentError, MemberError, Receipt, Role, Statements, Status,
    graph::{Edge, Graph, GraphError, Link, Node, Relation, Relative},
    json::{Object, Value as Json},
    policy::{BindingStatus, BypassError, PolicyBinding, check_bypasses},
};
use runseal_types::{Address, Digest};
use serde_json::{Value, json};
use support::{assert_refused, for_each, mutate, text, to_bytes, vectors};

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Member(#[from] MemberError),
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error("another hash")]
    HashMismatch,
}

fn object(json: &Value) -> Object {
    match runseal_receipt::json::parse(&to_bytes(json)).unwrap() {
        Json::Object(object) => object,
        other => panic!("{other:?}"),
    }
}

fn digest(json: &Value) -> Digest {
    json.as_str().unwrap().parse().unwrap()
}

fn node(json: &Value) -> Node {
    Node {
        digest: digest(&json["digest"]),
        agent: text(json, "agent").parse().unwrap(),
        status: Status::find(text(json, "status")).unwrap(),
    }
}

fn edge(json: &Value) -> Result<Edge, MemberError> {
    let Link { relation, parent } = Link::from_object(&object(json))?;
    Ok(Edge { child: digest(&json["child"]), parent, relation })
}

fn parts(case: &Value) -> Result<(Vec<Node>, Vec<Edge>), MemberError> {
    let nodes = case["nodes"].as_array().unwrap().iter().map(node).collect();
    let edges: Result<_, _> = case["edges"].as_array().unwrap().iter().map(edge).collect();
    Ok((nodes, edges?))
}

fn build(case: &Value) -> Result<Graph, Refusal> {
    let (nodes, edges) = parts(case)?;
    let graph = Graph::new(nodes, edges)?;
    let same = graph.hash().to_string() == text(case, "hash");
    if same { Ok(graph) } else { Err(Refusal::HashMismatch) }
}

fn relatives(json: &Value) -> Vec<Relative> {
    let list = json["are"].as_array().unwrap().iter();
    list.map(|relative| Relative {
        digest: digest(&relative["digest"]),
        relation: Relation::find(text(relative, "relation")).unwrap(),
        depth: usize::try_from(relative["depth"].as_u64().unwrap()).unwrap(),
    })
    .collect()
}

#[test]
fn every_graph_has_its_order_its_relatives_and_its_hash() {
    for_each(&vectors("graph")["cases"], |case| {
        let graph = build(case).unwrap();
        let order: Vec<_> = case["order"].as_array().unwrap().iter().map(digest).collect();
        assert_eq!(graph.topological_order(), order);
        if case["ancestry"].is_object() {
            let (above, below) = (&case["ancestry"], &case["descendants"]);
            assert_eq!(graph.ancestry(&digest(&above["of"])).unwrap(), relatives(above));
            assert_eq!(graph.descendants(&digest(&below["of"])).unwrap(), relatives(below));
        }
    });
}

/// A case with one of the vectors' mutations, which are about nodes and edges.
fn mutated(case: &Value, mutation: &Value) -> Value {
    let mut case = case.clone();
    let list = |case: &mut Value, name: &str| case[name].as_array().unwrap().clone();
    let (mut nodes, mut edges) = (list(&mut case, "nodes"), list(&mut case, "edges"));
    let index = |name: &str| mutation[name].as_u64().map(|index| usize::try_from(index).unwrap());
    nodes.extend(mutation.get("node").cloned());
    edges.extend(mutation.get("edge").cloned());
    index("drop_node").map(|index| nodes.remove(index));
    index("drop_edge").map(|index| edges.remove(index));
    if let Some(index) = index("turn_edge") {
        let turned = &mut edges[index];
        let (child, parent) = (turned["child"].clone(), turned["parent"].clone());
        turned["child"] = parent;
        turned["parent"] = child;
    }
    case["nodes"] = Value::Array(nodes);
    case["edges"] = Value::Array(edges);
    case
}

#[test]
fn every_mutation_of_every_graph_is_refused_or_has_another_hash() {
    let vectors = vectors("graph");
    for_each(&vectors["cases"], |case| {
        if case["edges"].as_array().unwrap().is_empty() {
            return;
        }
        for_each(&vectors["mutations"], |mutation| {
            let context = format!("{}: {mutation}", text(case, "name"));
            assert_refused(build(&mutated(case, mutation)), mutation, &context);
        });
    });
}

#[test]
fn every_cycle_is_found_with_its_members() {
    let cycles = &vectors("graph")["cycles"];
    for_each(&cycles["cases"], |case| {
        let (nodes, edges) =
            parts(&json!({ "nodes": cycles["nodes"], "edges": case["edges"] })).unwrap();
        let members = case["members"].as_array().unwrap().iter().map(digest).collect();
        assert_eq!(Graph::new(nodes, edges), Err(GraphError::Cycle { members }), "{case}");
    });
}

#[test]
fn nobody_is_related_to_a_receipt_that_is_not_there() {
    let graph = Graph::new([], []).unwrap();
    let receipt = Digest::new([7; 32]);
    assert_eq!(graph.ancestry(&receipt), Err(GraphError::NotInGraph { receipt }));
    assert_eq!(graph.descendants(&receipt), Err(GraphError::NotInGraph { receipt }));
}

fn receipts() -> Vec<Receipt> {
    let cases = vectors("receipt")["cases"].clone();
    let list = cases.as_array().unwrap().iter();
    list.map(|case| Receipt::parse(&to_bytes(&case["receipt"])).unwrap()).collect()
}

fn addendum() -> (Addendum, Value) {
    let vector = vectors("graph")["addendum"].clone();
    (Addendum::parse(&to_bytes(&vector["addendum"])).unwrap(), vector)
}

#[test]
fn receipts_bring_their_links_and_addenda_bring_more() {
    let receipts = receipts();
    let graph = Graph::of(&receipts, []).unwrap();
    let (first, second) = (receipts[0].digest(), receipts[1].digest());
    assert!(graph.has_edge(&second, &first, Relation::Retry));
    assert_eq!((graph.nodes().len(), graph.edges().len()), (3, 1));

    // The retry of the first receipt is said to have given its work away: round in a circle.
    let (addendum, _) = addendum();
    let members = vec![first.min(second), first.max(second)];
    assert_eq!(Graph::of(&receipts, [&addendum]), Err(GraphError::Cycle { members }));
}

#[test]
fn an_addendum_needs_its_receipt_and_the_same_agent() {
    let (addendum, _) = addendum();
    let missing = GraphError::AddendumWithoutReceipt { receipt: addendum.receipt() };
    assert_eq!(Graph::of(&receipts()[1..2], [&addendum]), Err(missing));
    let stranger = Address::new([8; 32]);
    let by_stranger =
        Addendum::new(addendum.receipt(), stranger, addendum.made_at(), addendum.statements());
    let refusal = Graph::of(&receipts(), [&by_stranger.unwrap()]).unwrap_err();
    assert!(matches!(refusal, GraphError::AddendumByOtherAgent { found, .. } if found == stranger));
}

#[test]
fn an_addendum_has_its_digest_and_is_signed_by_the_agent() {
    let (addendum, vector) = addendum();
    assert_eq!(addendum.document().digest(), digest(&vector["digest"]));
    let key: Address = text(&vector, "key").parse().unwrap();
    let key = PublicKey::parse(key.as_bytes()).unwrap();
    addendum.document().check_signed_as(Role::Agent, &key).unwrap();
}

#[test]
fn every_mutation_of_an_addendum_is_refused_by_its_name() {
    let (_, vector) = addendum();
    let key: Address = text(&vector, "key").parse().unwrap();
    let key = PublicKey::parse(key.as_bytes()).unwrap();
    for_each(&vector["mutations"], |mutation| {
        let mutated = mutate(&vector["addendum"], mutation).unwrap();
        let context = mutation.to_string();
        match Addendum::parse(&to_bytes(&mutated)) {
            Ok(addendum) => {
                let signed = addendum.document().check_signed_as(Role::Agent, &key);
                assert_refused(signed, mutation, &context);
            }
            refused => assert_refused(refused, mutation, &context),
        }
    });
}

#[test]
fn what_says_nothing_or_is_a_receipt_is_no_addendum() {
    let (addendum, _) = addendum();
    let receipt = receipts()[0].document().to_value().canonical();
    let other = Addendum::parse(&receipt).unwrap_err();
    assert!(matches!(other, AddendumError::Document(DocumentError::OtherVersion { .. })));
    let made_at = addendum.made_at();
    let nothing = Statements::default();
    let made = Addendum::new(addendum.receipt(), addendum.agent(), made_at, &nothing);
    assert_eq!(made, Err(AddendumError::Empty));
}

#[test]
fn an_addendum_binds_changes_of_states_to_its_receipt() {
    let (addendum, _) = addendum();
    let receipts = receipts();
    let told = receipts[1].facts().statements.clone();
    let (receipt, agent) = (addendum.receipt(), addendum.agent());
    let later = Addendum::new(receipt, agent, addendum.made_at(), &told).unwrap();
    let proofs: Vec<_> = later.state_proofs().collect();
    assert_eq!(proofs.len(), 1);
    assert_eq!(
        (proofs[0].receipt, proofs[0].agent, proofs[0].step),
        (receipt, agent, told.states[0])
    );
    assert_eq!(later.statements(), &told);
}

#[test]
fn a_policy_binding_has_its_hash() {
    let vector = vectors("graph")["policy"].clone();
    let binding = PolicyBinding::from_object(&object(&vector["binding"])).unwrap();
    let receipt = digest(&vector["receipt"]);
    assert_eq!(binding.hash(&receipt), digest(&vector["hash"]));
    assert_ne!(binding.hash(&Digest::ZERO), digest(&vector["hash"]), "it is of this receipt");
    let changes = [
        ("policy_type", json!("governance_rule")),
        ("policy_id", json!("x")),
        ("policy_version", json!("1")),
        ("policy_hash", json!("00".repeat(32))),
        ("status", json!("violated")),
        ("approval", json!(null)),
        ("reason", json!("x")),
        ("result", json!({})),
    ];
    for (member, value) in changes {
        let mut changed = vector["binding"].clone();
        changed[member] = value;
        let changed = PolicyBinding::from_object(&object(&changed)).unwrap();
        assert_ne!(changed.hash(&receipt), digest(&vector["hash"]), "{member}");
    }
}

/// A graph in which receipt 1 follows from receipt 2, and its bypassed policy.
fn bypass(relation: Relation, approver: u8, status: Status) -> (Graph, PolicyBinding) {
    let node = |digest, agent, status| Node {
        digest: Digest::new([digest; 32]),
        agent: Address::new([agent; 32]),
        status,
    };
    let nodes = [node(1, 1, Status::Completed), node(2, approver, status), node(3, 3, status)];
    let (child, parent) = (nodes[0].digest, nodes[1].digest);
    let binding = &vectors("graph")["policy"]["binding"];
    let policy = PolicyBinding::from_object(&object(binding)).unwrap();
    (Graph::new(nodes, [Edge { child, parent, relation }]).unwrap(), policy)
}

#[test]
fn a_policy_is_bypassed_by_leave_of_another_alone() {
    let receipt = Digest::new([1; 32]);
    let approval = Digest::new([2; 32]);
    let check = |graph: &Graph, policy| check_bypasses(&receipt, &[policy], graph);
    let (graph, policy) = bypass(Relation::Approval, 2, Status::Completed);
    assert_eq!(check(&graph, policy.clone()), Ok(()));

    let unnamed = PolicyBinding { approval: None, ..policy.clone() };
    assert_eq!(check(&graph, unnamed), Err(BypassError::NoApproval { index: 0 }));
    let absent = PolicyBinding { approval: Some(Digest::ZERO), ..policy.clone() };
    let missing = BypassError::ApprovalNotInGraph { index: 0, approval: Digest::ZERO };
    assert_eq!(check(&graph, absent), Err(missing));
    let nowhere = Graph::new([], []).unwrap();
    let missing = BypassError::ReceiptNotInGraph { receipt };
    assert_eq!(check(&nowhere, policy.clone()), Err(missing));
    let unlinked = PolicyBinding { approval: Some(Digest::new([3; 32])), ..policy.clone() };
    let refusal = check(&graph, unlinked).unwrap_err();
    assert!(matches!(refusal, BypassError::NotLinked { .. }));

    for &relation in Relation::ALL.iter().filter(|other| **other != Relation::Approval) {
        let (graph, policy) = bypass(relation, 2, Status::Completed);
        let refusal = BypassError::NotLinked { index: 0, approval };
        assert_eq!(check(&graph, policy), Err(refusal), "{relation}");
    }
    for &status in Status::ALL.iter().filter(|other| **other != Status::Completed) {
        let (graph, policy) = bypass(Relation::Approval, 2, status);
        let refusal = BypassError::ApprovalNotCompleted { index: 0, approval, status };
        assert_eq!(check(&graph, policy), Err(refusal));
    }
    let (graph, policy) = bypass(Relation::Approval, 1, Status::Completed);
    assert_eq!(check(&graph, policy), Err(BypassError::SelfApproved { index: 0, approval }));
}

#[test]
fn the_policy_that_was_bypassed_wrongly_is_named() {
    let (graph, policy) = bypass(Relation::Approval, 2, Status::Completed);
    let kept = PolicyBinding { status: BindingStatus::Applied, approval: None, ..policy.clone() };
    let violated = PolicyBinding { status: BindingStatus::Violated, ..kept.clone() };
    let wrong = PolicyBinding { approval: None, ..policy.clone() };
    let policies = [kept, violated, policy, wrong];
    let found = check_bypasses(&Digest::new([1; 32]), &policies, &graph);
    assert_eq!(found, Err(BypassError::NoApproval { index: 3 }));
}

/// Up to 24 receipts; each may follow from any with a smaller number.
fn acyclic() -> impl Strategy<Value = (Vec<Node>, Vec<Edge>)> {
    let named = |number: u8| Digest::of(&[&[number]]);
    let edge = (1u8..24, any::<u8>(), 0..Relation::ALL.len());
    prop::collection::vec(edge, 0..60).prop_map(move |edges| {
        let agent = Address::new([1; 32]);
        let status = Status::Completed;
        let nodes = (0..24).map(|number| Node { digest: named(number), agent, status }).collect();
        let edge = |(child, parent, relation): (u8, u8, usize)| Edge {
            child: named(child),
            parent: named(parent % child),
            relation: Relation::ALL[relation],
        };
        (nodes, edges.into_iter().map(edge).collect())
    })
}

proptest! {
    #[test]
    fn parents_come_first_and_the_order_of_input_does_not_matter((nodes, edges) in acyclic()) {
        let graph = Graph::new(nodes.clone(), edges.clone()).unwrap();
        let order = graph.topological_order();
        let place = |digest: &Digest| order.iter().position(|other| other == digest).unwrap();
        for edge in &edges {
            prop_assert!(place(&edge.parent) < place(&edge.child));
        }
        let twice = edges.iter().chain(&edges).rev().copied();
        let turned = Graph::new(nodes.iter().rev().copied(), twice).unwrap();
        prop_assert_eq!(&turned, &graph);
        prop_assert_eq!(turned.hash(), graph.hash());
    }

    #[test]
    fn ancestry_and_descendants_are_each_others_mirror((nodes, edges) in acyclic()) {
        let graph = Graph::new(nodes.clone(), edges).unwrap();
        for one in &nodes {
            for above in graph.ancestry(&one.digest).unwrap() {
                let below = graph.descendants(&above.digest).unwrap();
                let found = below.iter().find(|relative| relative.digest == one.digest).unwrap();
                prop_assert_eq!(found.depth, above.depth);
            }
        }
    }

    #[test]
    fn an_edge_back_closes_a_cycle((nodes, edges) in acyclic(), picked in any::<prop::sample::Index>()) {
        prop_assume!(!edges.is_empty());
        let Edge { child, parent, relation } = edges[picked.index(edges.len())];
        let back = Edge { child: parent, parent: child, relation };
        let refusal = Graph::new(nodes, edges.iter().copied().chain([back])).unwrap_err();
        let GraphError::Cycle { members } = refusal else { panic!("{refusal}") };
        let next = members.iter().cycle().skip(1);
        for (one, other) in members.iter().zip(next) {
            let is_edge = |edge: &Edge| edge.child == *one && edge.parent == *other;
            prop_assert!(edges.iter().any(is_edge) || is_edge(&back));
        }
    }
}
