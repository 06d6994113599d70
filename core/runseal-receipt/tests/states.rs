//! Chains of states: forks, gaps and breaks, by name.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::indexing_slicing, missing_docs)]

mod support;

use runseal_receipt::{
    MemberError, Receipt,
    json::Value as Json,
    state::{StateChain, StateError, StateProof, StateStep, check_chain},
};
use runseal_types::Digest;
use serde_json::{Value, json};
use support::{assert_refused, for_each, mutate, text, to_bytes, vectors};

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Member(#[from] MemberError),
    #[error(transparent)]
    State(#[from] StateError),
}

fn proof(json: &Value) -> Result<StateProof, MemberError> {
    let Json::Object(step) = runseal_receipt::json::parse(&to_bytes(&json["step"])).unwrap() else {
        panic!("{json}")
    };
    Ok(StateProof {
        agent: text(json, "agent").parse().unwrap(),
        receipt: text(json, "receipt").parse().unwrap(),
        step: StateStep::from_object(&step)?,
    })
}

fn proofs(list: &Value) -> Result<Vec<StateProof>, MemberError> {
    list.as_array().unwrap().iter().map(proof).collect()
}

fn check(list: &Value) -> Result<StateChain, Refusal> {
    Ok(check_chain(&proofs(list)?)?)
}

fn hash(json: &Value) -> Option<Digest> {
    json.as_str().map(|text| text.parse().unwrap())
}

#[test]
fn every_chain_comes_to_its_state_in_whatever_order() {
    for_each(&vectors("state")["cases"], |case| {
        let expected = StateChain {
            first_sequence: case["first_sequence"].as_u64().unwrap(),
            first_state: hash(&case["first_state"]),
            last_sequence: case["last_sequence"].as_u64().unwrap(),
            current_state: hash(&case["current_state"]).unwrap(),
        };
        let mut proofs = proofs(&case["proofs"]).unwrap();
        for _ in 0..proofs.len() {
            assert_eq!(check_chain(&proofs), Ok(expected), "{case}");
            proofs.rotate_left(1);
        }
        proofs.reverse();
        assert_eq!(check_chain(&proofs), Ok(expected));
        let repeated: Vec<_> = proofs.iter().chain(&proofs).copied().collect();
        assert_eq!(check_chain(&repeated), Ok(expected), "told twice is told once");
    });
}

#[test]
fn every_change_has_its_hash() {
    for_each(&vectors("state")["cases"], |case| {
        for_each(&case["proofs"], |json| {
            assert_eq!(Some(proof(json).unwrap().hash()), hash(&json["hash"]));
        });
    });
}

/// The vectors' own kinds of mutation, and those that all vectors share.
fn mutated(proofs: &Value, mutation: &Value) -> Value {
    if mutation["clear"] == json!(true) {
        return json!([]);
    }
    let Some([place, member, value]) = mutation["append_changed"].as_array().map(Vec::as_slice)
    else {
        return mutate(proofs, mutation).unwrap();
    };
    let mut copy = proofs.pointer(place.as_str().unwrap()).unwrap().clone();
    let member = format!("/{}", member.as_str().unwrap());
    *copy.pointer_mut(&member).unwrap() = value.clone();
    let mut list = proofs.as_array().unwrap().clone();
    list.push(copy);
    Value::Array(list)
}

#[test]
fn every_mutation_of_every_chain_is_refused_by_its_name() {
    let vectors = vectors("state");
    for_each(&vectors["cases"], |case| {
        for_each(&vectors["mutations"], |mutation| {
            let context = format!("{}: {mutation}", text(case, "name"));
            assert_refused(check(&mutated(&case["proofs"], mutation)), mutation, &context);
        });
    });
}

#[test]
fn a_chain_begins_once() {
    for_each(&vectors("state")["starts"], |case| {
        assert_refused(check(&case["proofs"]), case, text(case, "name"));
    });
}

#[test]
fn refusals_carry_the_facts() {
    let case = &vectors("state")["cases"][0];
    let proofs = proofs(&case["proofs"]).unwrap();
    let without_two = [proofs[0], proofs[3], proofs[4]];
    assert_eq!(check_chain(&without_two), Err(StateError::Missing { from: 1, to: 2 }));
    let mut other = proofs[1];
    other.receipt = Digest::new([0x77; 32]);
    let fork = StateError::Fork { sequence: 1, first: proofs[1].receipt, second: other.receipt };
    for forked in [[proofs[0], proofs[1], other], [proofs[0], other, proofs[1]]] {
        assert_eq!(check_chain(&forked), Err(fork));
    }
    let mut broken = proofs.clone();
    broken[2].step.previous = Some(Digest::ZERO);
    let expected = Some(proofs[1].step.next);
    let found = Some(Digest::ZERO);
    assert_eq!(check_chain(&broken), Err(StateError::Broken { sequence: 2, expected, found }));
}

#[test]
fn a_receipt_binds_the_changes_that_it_tells() {
    let case = &vectors("receipt")["cases"][1];
    let receipt = Receipt::parse(&to_bytes(&case["receipt"])).unwrap();
    let proofs: Vec<_> = receipt.state_proofs().collect();
    assert_eq!(proofs.len(), 1);
    assert_eq!((proofs[0].receipt, proofs[0].agent), (receipt.digest(), receipt.facts().agent));
    assert!(check_chain(&proofs).is_ok());
}
