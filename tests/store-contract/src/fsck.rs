//! Everything that there can be in a store, and changes of it that fsck must find.

use crate::{
    periods::LOG,
    samples::{Agent, Wish, event, time},
};
use runseal_client::store::{AnchorRecord, Cut, EntryDraft, SavedCommitment, SignedPromise, Store};
use runseal_receipt::{
    Statements,
    graph::{Link, Relation},
    policy::{BindingStatus, PolicyBinding, PolicyType},
    state::{StateStep, StateType},
};
use runseal_types::{Digest, Period, Promise};

/// Everything that there can be in a store, a little of each.
pub fn fill(store: &impl Store) {
    store.bind_log(&LOG).unwrap();
    let mut agent = Agent::new(1);
    let statements = statements();
    let receipts: Vec<_> = (0..4)
        .map(|_| agent.sign(&Wish { statements: statements.clone(), ..Wish::default() }))
        .collect();
    let leaves: Vec<_> = receipts.iter().map(|receipt| receipt.columns().leaf).collect();
    store.put_receipts(receipts).unwrap();
    store.put_addendum(&agent.addendum(leaves[0].digest, &statements)).unwrap();
    let events = vec![event("a", 0, "one"), event("b", 2, "two")];
    store.start_run(&agent.run("run")).unwrap();
    for event in &events {
        store.put_event("run", event.clone()).unwrap();
    }
    let run_id = Some("run".to_owned());
    let receipt = agent.sign(&Wish { run_id, events, ..Wish::default() });
    store.finish_run("run", receipt, None).unwrap();
    let period = Period(0);
    let promise = Promise { context: LOG.context(period), period, leaf: leaves[1] };
    store.put_promise(&SignedPromise { promise, signature: [1; 64] }).unwrap();
    let root = store.seal_period(period, Cut::Everything).unwrap().root;
    let (anchor_hash, commitment) = (Digest::ZERO, SavedCommitment::Confirmed);
    let anchor = AnchorRecord {
        period,
        root,
        anchor_hash,
        signature: None,
        slot: 1,
        commitment,
        facts: None,
    };
    store.put_anchor(&anchor).unwrap();
    store.put_receipts(agent.sign_many(2)).unwrap();
    store.seal_period(Period(1), Cut::Everything).unwrap();
    for number in 0..3 {
        let (entry_id, agent_id) = (format!("e{number}"), "a".to_owned());
        let (content_type, content) = ("run".to_owned(), Default::default());
        let timestamp = time(number);
        let draft = EntryDraft { entry_id, agent_id, timestamp, content_type, content };
        store.append_entry(&draft).unwrap();
        store.put_checkpoint("a", &format!("c{number}"), time(number)).unwrap();
    }
}

fn statements() -> Statements {
    let next = Digest::new([2; 32]);
    let policy = PolicyBinding {
        policy_type: PolicyType::Constraint,
        policy_id: "budget".to_owned(),
        policy_version: None,
        policy_hash: next,
        status: BindingStatus::Applied,
        approval: None,
        reason: None,
        result: None,
    };
    let memory = StateType::Memory;
    Statements {
        links: vec![Link { relation: Relation::Retry, parent: next }],
        states: vec![StateStep { state_type: memory, sequence: 0, previous: None, next }],
        policies: vec![policy],
    }
}

/// Changes in SQLite's words, and a part of what is said of each.
pub const CHANGES: &[(&str, &str)] = &[
    ("UPDATE receipts SET digest = zeroblob(32) WHERE id = 2", "receipt 2: its digest is 0000"),
    ("UPDATE receipts SET run_id = 'other' WHERE id = 2", "receipt 2: its row is"),
    ("UPDATE receipts SET ended_seconds = 5 WHERE id = 2", "receipt 2: its row is"),
    ("UPDATE receipts SET status = 'lost' WHERE id = 2", "receipt 2: "),
    ("UPDATE receipts SET previous = zeroblob(32) WHERE id = 2", "receipt 2: it names 0000"),
    ("DELETE FROM receipt_texts WHERE receipt_id = 2", "receipt 2: its text is missing"),
    (
        "UPDATE receipt_texts SET text = x'7b7d' WHERE receipt_id = 2",
        "receipt 2: its text is no receipt",
    ),
    (
        "UPDATE receipt_texts SET text = CAST(replace(CAST(text AS TEXT), 'openclaw', 'openclam') AS BLOB) WHERE receipt_id = 2",
        "receipt 2: its text is no receipt",
    ),
    (
        "UPDATE receipt_texts SET text = (SELECT text FROM receipt_texts WHERE receipt_id = 3)
         WHERE receipt_id = 2",
        "receipt 2: its digest is",
    ),
    ("UPDATE addenda SET digest = zeroblob(32)", "addendum 1: its digest is 0000"),
    ("UPDATE addenda SET receipt_id = 3", "addendum 1: it is to another receipt"),
    ("UPDATE addenda SET text = x'7b7d'", "addendum 1: its text is no addendum"),
    ("DELETE FROM edges WHERE id = 1", "relations: the edge retry to 0202"),
    (
        "INSERT INTO edges (child, parent, relation) VALUES (zeroblob(32), zeroblob(32), 'retry')",
        "relations: 1 edges are of receipts that are not stored",
    ),
    (
        "INSERT INTO edges (child, parent, relation) SELECT digest, zeroblob(32), 'merge' FROM receipts WHERE id = 1",
        "relations: edges has",
    ),
    (
        "UPDATE state_proofs SET next = zeroblob(32) WHERE id = 1",
        "relations: change 0 of the state",
    ),
    ("DELETE FROM state_proofs WHERE id = 5", "relations: state_proofs has 4 rows"),
    (
        "UPDATE policy_bindings SET binding = x'7b7d' WHERE id = 1",
        "relations: the binding to policy",
    ),
    ("DELETE FROM policy_bindings WHERE id = 5", "relations: policy_bindings has 4 rows"),
    ("UPDATE runs SET event_count = 1", "run run: it has 2 events"),
    ("DELETE FROM events WHERE seq = 2", "run run: it has 1 events"),
    ("UPDATE events SET event_id = 'c' WHERE seq = 2", "run run: event c at 2 says"),
    (
        "UPDATE events SET text = CAST(replace(CAST(text AS TEXT), 'two', 'six') AS BLOB) WHERE seq = 2",
        "run run: the events lead to",
    ),
    ("UPDATE events SET text = x'00' WHERE seq = 2", "run run: event b is none"),
    ("UPDATE periods SET root = zeroblob(32) WHERE period = 1", "period 1: its root is 0000"),
    ("UPDATE periods SET leaf_count = 9 WHERE period = 1", "period 1: it has 9 leaves"),
    ("UPDATE periods SET sealed_through = 7 WHERE period = 0", "period 1: it has 2 leaves"),
    ("DELETE FROM sealed_ranges WHERE period = 0", "period 0: it has 5 leaves"),
    ("DELETE FROM sealed_ranges WHERE period = 1", "period 1: it has 2 leaves"),
    ("UPDATE sealed_ranges SET period = 1 WHERE first_id = 1", "period 0: it has 5 leaves"),
    (
        "UPDATE sealed_ranges SET last_id = last_id - 1 WHERE first_id = 1",
        "period 0: it has 5 leaves",
    ),
    (
        "UPDATE sealed_ranges SET last_id = last_id + 1 WHERE period = 1",
        "period 1: it has 2 leaves",
    ),
    ("UPDATE leaf_chunks SET root = zeroblob(32) WHERE period = 0", "period 0: chunk 0 has root"),
    (
        "UPDATE leaf_chunks SET leaves = substr(leaves, 73) WHERE period = 0",
        "period 0: chunk 0 of its leaf list is not",
    ),
    ("DELETE FROM leaf_chunks WHERE period = 0", "period 0: chunk 0 of its leaf list is missing"),
    (
        "INSERT INTO leaf_chunks (period, chunk, root, leaves) VALUES (0, 1, zeroblob(32), x'')",
        "period 0: its leaf list has more chunks",
    ),
    ("UPDATE log SET address = zeroblob(32)", "period 0: its root is"),
    ("DELETE FROM log", "period 0: it is sealed, and the store belongs to no log"),
    ("UPDATE anchors SET root = zeroblob(32)", "it is anchored with 0000"),
    ("UPDATE promises SET period = 1", "it was promised for period 1 and is in 0"),
    (
        "UPDATE ledger_entries SET hash = zeroblob(32) WHERE seq = 1",
        "ledger of a: the hash of entry 1",
    ),
    (
        "UPDATE ledger_entries SET content_type = 'x' WHERE seq = 1",
        "ledger of a: the hash of entry 1",
    ),
    ("DELETE FROM ledger_entries WHERE seq = 1", "ledger of a: entry 2 names"),
    (
        "UPDATE ledger_checkpoints SET root = zeroblob(32) WHERE from_seq = 1",
        "checkpoint c1: its root is",
    ),
    (
        "UPDATE ledger_checkpoints SET timestamp = '2020-01-01T00:00:00Z' WHERE from_seq = 1",
        "checkpoint c1: its hash is",
    ),
    ("DELETE FROM ledger_checkpoints WHERE from_seq = 1", "checkpoint c2: it does not begin"),
    ("PRAGMA foreign_keys = OFF; DELETE FROM receipts WHERE id = 7", "file: row Some(7) of"),
];
