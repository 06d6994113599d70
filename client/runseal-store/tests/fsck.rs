//! Whatever is changed in a store's file is found.
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use runseal_store::{Options, SqliteStore};
use runseal_store_contract::fsck::CHANGES;
use rusqlite::{Connection, config::DbConfig};
use std::{fs, path::Path};

fn fill(path: &Path) {
    runseal_store_contract::fsck::fill(&SqliteStore::open(path, Options::default()).unwrap());
}

fn findings(path: &Path) -> Vec<String> {
    let mut findings = Vec::new();
    let store = SqliteStore::open_read_only(path).unwrap();
    store.fsck(&mut |finding| findings.push(finding.to_string())).unwrap();
    findings
}

#[test]
fn every_change_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (original, changed) = (folder.path().join("store.db"), folder.path().join("changed.db"));
    fill(&original);
    assert_eq!(findings(&original), Vec::<String>::new());
    for (change, expected) in CHANGES {
        fs::copy(&original, &changed).unwrap();
        let connection = Connection::open(&changed).unwrap();
        // Whoever does that knows how to get past triggers.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
        connection.execute_batch(&format!("PRAGMA foreign_keys = OFF; {change}")).unwrap();
        connection.close().unwrap();
        let findings = findings(&changed);
        let is_named = findings.iter().any(|finding| finding.contains(expected));
        assert!(is_named, "{change}: {expected} was expected, found {findings:#?}");
    }
}

#[test]
fn a_damaged_page_is_found_and_the_rest_is_still_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    fill(&path);
    let bytes = fs::read(&path).unwrap();
    let damaged_path = folder.path().join("damaged.db");
    // The file says itself how large its pages are.
    let page_bytes = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let pages = bytes.len() / page_bytes;
    let mut found = 0;
    for page in 1..pages {
        let mut damaged = bytes.clone();
        damaged[page * page_bytes..][..64].fill(0xa5);
        fs::write(&damaged_path, damaged).unwrap();
        // The schema's own pages are looked at when the store is opened.
        let is_found = match SqliteStore::open_read_only(&damaged_path) {
            Err(_) => true,
            Ok(store) => {
                let mut findings = 0;
                store.fsck(&mut |_| findings += 1).unwrap();
                findings > 0
            }
        };
        found += usize::from(is_found);
    }
    assert!(pages > 20 && found == pages - 1, "{found} of {} damaged pages were found", pages - 1);
}
