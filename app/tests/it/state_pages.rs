//! The page of a state: a chain is shown as one, and what is none as none.

use crate::{
    service::Running,
    town::{Town, saying, text},
};
use runseal_receipt::{
    Statements,
    state::{StateStep, StateType},
};
use runseal_types::Digest;
use serde_json::{Value, json};

fn hash(number: u8) -> Digest {
    Digest::new([number; 32])
}

/// Has an agent tell these changes of its memory, a receipt each: number, state before, state after.
async fn tell(town: &Town, running: &Running, changes: &[(u64, Option<u8>, u8)]) {
    let mut previous = None;
    for (number, (sequence, before, after)) in (0..).zip(changes) {
        let step = StateStep {
            state_type: StateType::Memory,
            sequence: *sequence,
            previous: before.map(hash),
            next: hash(*after),
        };
        let says = Statements { states: vec![step], ..Statements::default() };
        let receipt = saying(&town.identity, number, previous, says);
        running.post("/v2/receipts", &text(&receipt)).await.expect(200);
        previous = Some(receipt.digest());
    }
}

async fn memory(town: &Town, running: &Running, more: &str) -> Value {
    let path = format!("/states.json?agent={}&type=memory{more}", town.agent());
    running.get(&path).await.expect(200)
}

fn numbers(page: &Value) -> Vec<u64> {
    let changes = page["changes"].as_array().unwrap().iter();
    changes.map(|change| change["sequence"].as_u64().unwrap()).collect()
}

fn follows(page: &Value) -> Vec<&Value> {
    page["changes"].as_array().unwrap().iter().map(|change| &change["follows"]).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chain_is_shown_around_a_change_and_is_one() {
    let town = Town::build().await;
    let running = town.serve().await;
    let changes: Vec<_> = (0..10u8).map(|at| (at.into(), at.checked_sub(1), at)).collect();
    tell(&town, &running, &changes).await;
    let last = memory(&town, &running, "").await;
    assert_eq!(
        (&last["at"], &last["last"], &last["problem"]),
        (&json!(9), &json!(9), &Value::Null)
    );
    assert_eq!(numbers(&last), [6, 7, 8, 9]);
    assert_eq!(follows(&last), [&Value::Null, &json!(true), &json!(true), &json!(true)]);
    for (at, shown) in
        [("0", 0..=3), ("5", 2..=8), ("9", 6..=9), ("10", 6..=9), ("9007199254740992", 6..=9)]
    {
        let page = memory(&town, &running, &format!("&at={at}")).await;
        assert_eq!(numbers(&page), shown.collect::<Vec<u64>>(), "{at}");
    }
    // The run and the agent lead there.
    let run = running.get("/run.json?id=run-3").await.expect(200);
    assert_eq!(run["states"], json!([{ "stateType": "memory", "sequence": 3 }]));
    let agent = running.get(&format!("/agents/{}", town.agent())).await;
    let link = format!("href=\"/states?agent={}&amp;type=memory\"", town.agent());
    assert!(agent.body.contains(&link), "{}", agent.body);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_chain_is_shown_as_none() {
    for (changes, problem, following) in [
        (
            vec![(0, None, 1), (1, Some(1), 2), (1, Some(1), 3)],
            "in another way",
            vec![None, Some(true), Some(true)],
        ),
        (vec![(0, None, 1), (1, Some(9), 2)], "begins with", vec![None, Some(false)]),
        (vec![(0, None, 1), (2, Some(1), 2)], "missing", vec![None, Some(false)]),
        (vec![(0, Some(9), 1)], "begins with", vec![None]),
        (vec![(1, None, 1)], "no state", vec![None]),
    ] {
        let town = Town::build().await;
        let running = town.serve().await;
        tell(&town, &running, &changes).await;
        let page = memory(&town, &running, "").await;
        let said = page["problem"].as_str().unwrap_or_else(|| panic!("{changes:?}: {page}"));
        assert!(said.contains(problem), "{changes:?}: {said}");
        assert_eq!(
            follows(&page),
            following.iter().map(|it| json!(it)).collect::<Vec<_>>().iter().collect::<Vec<_>>()
        );
        let shown = running.get(&format!("/states?agent={}&type=memory", town.agent())).await;
        assert!(shown.body.contains("no chain"), "{}", shown.body);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn states_that_nobody_told_are_not_there() {
    let town = Town::build().await;
    let running = town.serve().await;
    tell(&town, &running, &[(0, None, 1)]).await;
    let agent = town.agent();
    for (query, status, code) in [
        (format!("agent={agent}&type=session"), 404, "no_such_states"),
        (format!("agent={}&type=memory", town.log), 404, "no_such_states"),
        (format!("agent={agent}&type=Memory"), 400, "not_a_state_type"),
        (format!("agent={agent}&type="), 400, "not_a_state_type"),
        ("agent=nobody&type=memory".to_owned(), 400, "not_an_address"),
        ("agent=&type=memory".to_owned(), 400, "not_an_address"),
    ] {
        let answer = running.get(&format!("/states.json?{query}")).await.expect(status);
        assert_eq!(answer["code"], code, "{query}");
    }
    for query in [
        "",
        "?",
        "?agent=a",
        "?type=memory",
        "?agent=a&type=memory&at=-1",
        "?agent=a&type=memory&at=x",
    ] {
        assert_eq!(running.get(&format!("/states{query}")).await.status, 400, "{query}");
    }
    running.stop().await;
}
