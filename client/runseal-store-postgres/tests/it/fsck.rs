//! Whatever is changed in a store's tables is found, and named as in a store of another kind.

use crate::{open, place};
use runseal_postgres_server::shared;
use runseal_store_contract::fsck::{CHANGES, fill};
use runseal_store_postgres::{Address, PostgresStore};
use std::{thread::sleep, time::Duration};

fn findings(address: &Address) -> Vec<String> {
    let mut findings = Vec::new();
    let store = PostgresStore::open_read_only(address).unwrap();
    store.fsck(&mut |finding| findings.push(finding.to_string())).unwrap();
    findings
}

/// Says in PostgreSQL's words what is said in SQLite's.
fn translated(change: &str) -> String {
    [
        ("PRAGMA foreign_keys = OFF; ", ""),
        (" x'", " BYTEA '\\x"),
        ("zeroblob(32)", "decode(repeat('00', 32), 'hex')"),
        ("CAST(replace(CAST(text AS TEXT)", "convert_to(replace(convert_from(text, 'UTF8')"),
        (" AS BLOB)", ", 'UTF8')"),
    ]
    .into_iter()
    .fold(change.to_owned(), |change, (theirs, ours)| change.replace(theirs, ours))
}

#[test]
fn every_change_is_found() {
    let (address, url) = place();
    fill(&open(&address));
    assert_eq!(findings(&address), Vec::<String>::new());
    let original = url.rsplit('/').next().unwrap();
    for (number, (change, expected)) in CHANGES.iter().enumerate() {
        let copy = format!("{original}_changed_{number}");
        // Connections that were closed may take a moment to be gone.
        let make = format!("CREATE DATABASE {copy} TEMPLATE {original}");
        let made = (0..200).find_map(|_| {
            sleep(Duration::from_millis(20));
            shared().try_sql("postgres", &make).ok()
        });
        assert!(made.is_some(), "{make}");
        // Whoever does that knows how to get past triggers and references.
        let past = "SET search_path TO runseal; SET session_replication_role TO replica;";
        shared().sql(&copy, &format!("{past} {}", translated(change)));
        let findings = findings(&Address::parse(&shared().url(&copy), None).unwrap());
        let is_named = findings.iter().any(|finding| finding.contains(expected));
        assert!(is_named, "{change}: {expected} was expected, found {findings:#?}");
    }
}

#[test]
fn what_cannot_be_read_is_a_finding_and_the_rest_is_still_looked_at() {
    let (address, url) = place();
    fill(&open(&address));
    let store = PostgresStore::open_read_only(&address).unwrap();
    shared().sql_at(
        &url,
        "SET search_path TO runseal; SET session_replication_role TO replica;
         ALTER TABLE receipt_texts RENAME TO texts; UPDATE periods SET root = sha256('')",
    );
    let mut findings = Vec::new();
    store.fsck(&mut |finding| findings.push(finding.to_string())).unwrap();
    for expected in ["receipt_texts", "has another schema", "period 1: its root is"] {
        assert!(findings.iter().any(|one| one.contains(expected)), "{expected}: {findings:#?}");
    }
}
