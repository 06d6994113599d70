use crate::{
    conflict,
    samples::{Agent, Wish},
};
use runseal_client::store::{CheckedReceipt, Conflict, Direction, Store, Stored};
use runseal_receipt::{
    Statements,
    graph::{Edge, Link, Relation},
    policy::{BindingStatus, PolicyBinding, PolicyType},
    state::{StateStep, StateType},
};
use runseal_types::Digest;

fn link(parent: Digest, relation: Relation) -> Statements {
    Statements { links: vec![Link { relation, parent }], ..Statements::default() }
}

fn step(sequence: u64, next: u8) -> Statements {
    let previous = (sequence > 0).then(|| Digest::new([1; 32]));
    let next = Digest::new([next; 32]);
    let step = StateStep { state_type: StateType::Memory, sequence, previous, next };
    Statements { states: vec![step], ..Statements::default() }
}

fn policy(policy_id: &str) -> Statements {
    let binding = PolicyBinding {
        policy_type: PolicyType::Constraint,
        policy_id: policy_id.to_owned(),
        policy_version: Some("2".to_owned()),
        policy_hash: Digest::new([6; 32]),
        status: BindingStatus::Violated,
        approval: None,
        reason: Some("too much".to_owned()),
        result: None,
    };
    Statements { policies: vec![binding], ..Statements::default() }
}

fn put(store: &impl Store, agent: &mut Agent, statements: Statements) -> CheckedReceipt {
    let receipt = agent.sign(&Wish { statements, ..Wish::default() });
    assert_eq!(store.put_receipts(vec![receipt.clone()]).unwrap(), [Ok(Stored::New)]);
    receipt
}

fn digest(receipt: &CheckedReceipt) -> Digest {
    receipt.columns().leaf.digest
}

pub fn links_are_found_from_both_ends(store: &impl Store) {
    let mut agent = Agent::new(1);
    let parent = digest(&put(store, &mut agent, Statements::default()));
    let one = digest(&put(store, &mut agent, link(parent, Relation::Retry)));
    let two = digest(&put(store, &mut agent, link(parent, Relation::Delegation)));
    // A parent that nobody stored here.
    let far = Digest::new([9; 32]);
    let three = digest(&put(store, &mut agent, link(far, Relation::Merge)));
    let edges = |of: &Digest, direction| store.list_edges(of, direction, None, 10).unwrap().items;
    let retry = Edge { child: one, parent, relation: Relation::Retry };
    let delegation = Edge { child: two, parent, relation: Relation::Delegation };
    assert_eq!(edges(&parent, Direction::Children), [retry, delegation]);
    assert_eq!(edges(&one, Direction::Parents), [retry]);
    assert!(edges(&parent, Direction::Parents).is_empty());
    let merge = Edge { child: three, parent: far, relation: Relation::Merge };
    assert_eq!(edges(&far, Direction::Children), [merge]);
    let first = store.list_edges(&parent, Direction::Children, None, 1).unwrap();
    let rest = store.list_edges(&parent, Direction::Children, first.next, 1).unwrap();
    assert_eq!((first.items, rest.items, rest.next), (vec![retry], vec![delegation], None));
}

pub fn states_are_found_in_their_order_with_forks(store: &impl Store) {
    let mut agent = Agent::new(1);
    let receipts: Vec<_> = [step(1, 2), step(0, 1), step(1, 3)]
        .map(|statements| digest(&put(store, &mut agent, statements)))
        .into();
    put(store, &mut Agent::new(2), step(0, 7));
    let (address, memory) = (agent.address(), StateType::Memory);
    let rows = store.list_states(&address, memory, None, 10).unwrap();
    let found: Vec<_> =
        rows.iter().map(|row| (row.proof.step.sequence, row.proof.receipt)).collect();
    assert_eq!(found, [(0, receipts[1]), (1, receipts[0]), (1, receipts[2])]);
    assert_eq!(rows[1].proof.step, step(1, 2).states[0]);
    for (index, row) in rows.iter().enumerate() {
        let rest = store.list_states(&address, memory, Some(row), 1).unwrap();
        assert_eq!(rest.first(), rows.get(index + 1));
    }
    assert!(store.list_states(&address, StateType::Session, None, 10).unwrap().is_empty());
}

pub fn policies_are_found_by_their_id(store: &impl Store) {
    let mut agent = Agent::new(1);
    let receipts: Vec<_> = ["budget", "other", "budget"]
        .map(|policy_id| digest(&put(store, &mut agent, policy(policy_id))))
        .into();
    let first = store.list_policies("budget", None, 1).unwrap();
    let rest = store.list_policies("budget", first.next, 1).unwrap();
    assert_eq!((first.items[0].receipt, rest.items[0].receipt), (receipts[0], receipts[2]));
    assert_eq!((&first.items[0].binding, rest.next), (&policy("budget").policies[0], None));
    assert!(store.list_policies("none", None, 1).unwrap().items.is_empty());
}

pub fn addenda_say_more_of_a_receipt(store: &impl Store) {
    let mut agent = Agent::new(1);
    let parent = digest(&put(store, &mut agent, Statements::default()));
    let child = digest(&put(store, &mut agent, Statements::default()));
    let said = Statements { states: step(0, 1).states, ..link(parent, Relation::Delegation) };
    let said = Statements { policies: policy("budget").policies, ..said };
    let addendum = agent.addendum(child, &said);
    assert_eq!(store.put_addendum(&addendum).unwrap(), Stored::New);
    assert_eq!(store.put_addendum(&addendum).unwrap(), Stored::Before);
    let texts = store.list_addenda(&child, None, 10).unwrap().items;
    assert_eq!(texts, [addendum.text()]);
    let edge = Edge { child, parent, relation: Relation::Delegation };
    let edges = store.list_edges(&child, Direction::Parents, None, 10).unwrap().items;
    assert_eq!(edges, [edge]);
    let states = store.list_states(&agent.address(), StateType::Memory, None, 10).unwrap();
    assert_eq!(states[0].proof.receipt, child);
    assert_eq!(store.list_policies("budget", None, 10).unwrap().items[0].receipt, child);
}

pub fn an_addendum_needs_a_receipt_of_the_same_agent(store: &impl Store) {
    let mut agent = Agent::new(1);
    let receipt = digest(&put(store, &mut agent, Statements::default()));
    let by_other = Agent::new(2).addendum(receipt, &policy("budget"));
    let expected =
        Conflict::AddendumByOther { expected: agent.address(), found: Agent::new(2).address() };
    assert_eq!(conflict(store.put_addendum(&by_other)), expected);
    let unknown = Digest::new([9; 32]);
    let to_unknown = agent.addendum(unknown, &policy("budget"));
    let expected = Conflict::UnknownReceipt { digest: unknown };
    assert_eq!(conflict(store.put_addendum(&to_unknown)), expected);
    assert!(store.list_policies("budget", None, 10).unwrap().items.is_empty());
}
