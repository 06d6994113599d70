//! A graph has an order in which nobody comes before what he follows from, or a cycle that is one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_fuzz::Input;
use runseal_receipt::{
    Status,
    graph::{Edge, Graph, GraphError, Node, Relation},
};
use runseal_types::{Address, Digest};

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let node = |number: u8| Node {
        digest: Digest::new([number; 32]),
        agent: Address::new([1; 32]),
        status: Status::Completed,
    };
    let nodes: Vec<Node> = (0..input.byte() % 32).map(node).collect();
    let mut edges = Vec::new();
    while !input.0.is_empty() {
        let [child, parent, relation] = input.array();
        let relation = Relation::ALL[usize::from(relation) % Relation::ALL.len()];
        let (child, parent) = (Digest::new([child % 32; 32]), Digest::new([parent % 32; 32]));
        edges.push(Edge { child, parent, relation });
    }
    let found = Graph::new(nodes.iter().copied(), edges.iter().copied());
    let backwards = Graph::new(nodes.iter().rev().copied(), edges.iter().rev().copied());
    match (&found, &backwards) {
        (Ok(graph), Ok(other)) => assert_eq!(graph.hash(), other.hash()),
        (Err(_), Err(_)) => {}
        _ => panic!("the order of the parts made a difference"),
    }
    match &found {
        Ok(graph) => check_order(graph, &edges),
        Err(GraphError::Cycle { members }) => check_cycle(members, &edges),
        Err(_) => {}
    }
});

fn check_order(graph: &Graph, edges: &[Edge]) {
    let order = graph.topological_order();
    assert_eq!(order.len(), graph.nodes().len());
    let place = |digest: &Digest| order.iter().position(|other| other == digest);
    for edge in edges {
        assert!(place(&edge.parent) < place(&edge.child), "{edge:?}");
        let ancestry = graph.ancestry(&edge.child).expect("it is in the graph");
        assert!(ancestry.iter().any(|relative| relative.digest == edge.parent));
        let descendants = graph.descendants(&edge.parent).expect("it is in the graph");
        assert!(descendants.iter().any(|relative| relative.digest == edge.child));
    }
}

fn check_cycle(members: &[Digest], edges: &[Edge]) {
    let next = members.iter().skip(1).chain(members.first());
    for (child, parent) in members.iter().zip(next) {
        assert!(edges.iter().any(|edge| (&edge.child, &edge.parent) == (child, parent)));
    }
}
