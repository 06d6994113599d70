//! Connections that are lost, and what becomes of the one who may write.

use crate::{open, place, receipt_count};
use runseal_client::{
    StoreError,
    store::{Receipts, Stored},
};
use runseal_postgres_server::shared;
use runseal_store_contract::samples::{Agent, Wish};
use runseal_store_postgres::PostgresStore;
use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

const END_ALL: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'runseal'";

#[test]
fn a_lost_connection_is_made_again_and_nothing_is_stored_twice() {
    let (address, url) = place();
    let store = open(&address);
    let mut agent = Agent::new(1);
    for round in 0..5 {
        let receipt = agent.sign(&Wish::default());
        assert_eq!(store.put_receipts(vec![receipt.clone()]).unwrap(), [Ok(Stored::New)]);
        assert_eq!(receipt_count(&store), round + 1);
        shared().sql_at(&url, END_ALL);
        // Who reads gets another connection, who writes too; each may have to ask twice.
        let again = (0..20).find_map(|_| store.put_receipts(vec![receipt.clone()]).ok());
        assert_eq!(again.unwrap(), [Ok(Stored::Before)]);
    }
    store.fsck(&mut |finding| panic!("{finding}")).unwrap();
}

#[test]
fn what_is_acknowledged_while_connections_are_lost_is_there() {
    let (address, url) = place();
    let store = open(&address);
    let done = AtomicBool::new(false);
    let (told, unknown) = thread::scope(|scope| {
        let writers = (1..=4).map(|number| {
            let (store, done) = (&store, &done);
            scope.spawn(move || {
                let (mut agent, mut told, mut unknown) = (Agent::new(number), Vec::new(), 0);
                while !done.load(Ordering::Relaxed) {
                    let receipt = agent.sign(&Wish::default());
                    // It is asked until it is answered: stored now, or by one that was not heard.
                    loop {
                        match store.put_receipts(vec![receipt.clone()]) {
                            Ok(answers) => break assert!(answers[0].is_ok()),
                            Err(StoreError::Unknown { .. }) => unknown += 1,
                            Err(StoreError::Unavailable { .. }) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                    told.push(receipt.columns().leaf.digest);
                }
                (told, unknown)
            })
        });
        let writers: Vec<_> = writers.collect();
        for _ in 0..10 {
            thread::sleep(Duration::from_millis(150));
            shared().sql_at(&url, END_ALL);
        }
        done.store(true, Ordering::Relaxed);
        let ended = writers.into_iter().map(|writer| writer.join().unwrap());
        ended.fold((Vec::new(), 0), |(mut all, unknown), (told, more)| {
            all.extend(told);
            (all, unknown + more)
        })
    });
    assert!(told.len() > 20, "{} told, {unknown} unknown", told.len());
    for digest in &told {
        assert!(store.find_receipt(digest).unwrap().is_some(), "{digest} is lost");
    }
    store.fsck(&mut |finding| panic!("{finding}")).unwrap();
}

#[test]
fn whoever_loses_the_connection_loses_the_lock_and_two_never_write() {
    let (address, url) = place();
    let first = open(&address);
    first.put_receipts(Agent::new(1).sign_many(1)).unwrap();
    shared().sql_at(&url, END_ALL);
    // Another process is quicker, and the first one is told so until it ends.
    let second = open(&address);
    second.put_receipts(Agent::new(2).sign_many(1)).unwrap();
    let refused = first.put_receipts(Agent::new(3).sign_many(1));
    assert!(matches!(refused, Err(StoreError::Locked { .. })), "{refused:?}");
    assert_eq!(receipt_count(&first), 2);
    drop(second);
    first.put_receipts(Agent::new(3).sign_many(1)).unwrap();
    assert_eq!(receipt_count(&PostgresStore::open_read_only(&address).unwrap()), 3);
}

#[test]
fn a_store_can_be_asked_in_any_thread_of_a_runtime() {
    let (address, _) = place();
    let store = open(&address);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let count = runtime.block_on(async {
        store.put_receipts(Agent::new(1).sign_many(2)).unwrap();
        receipt_count(&store)
    });
    assert_eq!(count, 2);
    // Nor is there trouble where it is given up.
    runtime.block_on(async move { drop(store) });
}
