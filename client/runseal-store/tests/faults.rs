//! What may go wrong around a store: another process, a full disk, a file that is something else.
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use runseal_client::{
    StoreError,
    store::{
        Cut, EntryDraft, EntryFilter, Ledgers, Periods, ReceiptFilter, Receipts, Store, Stored,
    },
};
use runseal_receipt::json::Value;
use runseal_store::{Options, SqliteStore};
use runseal_store_contract::{
    periods::LOG,
    samples::{Agent, Wish},
};
use runseal_types::Period;
use rusqlite::Connection;
use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};
use tempfile::TempDir;

/// A folder and the path of a store in it.
fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    (folder, path)
}

fn open(path: &std::path::Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(path, Options::default())
}

fn receipt_count(store: &impl Store) -> usize {
    store.list_receipts(&ReceiptFilter::default(), None, 1_000).unwrap().items.len()
}

#[test]
fn one_process_writes_and_others_may_read() {
    let (_folder, path) = place();
    let store = open(&path).unwrap();
    assert!(matches!(open(&path), Err(StoreError::Locked { .. })));
    let reader = SqliteStore::open_read_only(&path).unwrap();
    store.put_receipts(Agent::new(1).sign_many(3)).unwrap();
    assert_eq!(receipt_count(&reader), 3);
    let refused = reader.put_receipts(Agent::new(2).sign_many(1));
    assert!(matches!(refused, Err(StoreError::NotWritable { .. })));
    drop(store);
    assert_eq!(receipt_count(&open(&path).unwrap()), 3);
}

#[test]
fn a_full_disk_loses_nothing_and_is_over_when_there_is_room_again() {
    let (_folder, path) = place();
    let small = SqliteStore::open(&path, Options { most_pages: Some(120) }).unwrap();
    let mut agent = Agent::new(1);
    let mut stored = 0;
    let refused = loop {
        let receipt = agent.sign(&Wish::default());
        match small.put_receipts(vec![receipt.clone()]) {
            Ok(answers) => assert_eq!(answers, [Ok(Stored::New)]),
            Err(error) => break (receipt, error),
        }
        stored += 1;
    };
    assert!(stored > 10 && matches!(refused.1, StoreError::Full { .. }), "{stored}: {}", refused.1);
    assert_eq!(receipt_count(&small), stored);
    let sealing = small.bind_log(&LOG).and_then(|()| small.seal_period(Period(0), Cut::Everything));
    assert!(matches!(sealing, Ok(_) | Err(StoreError::Full { .. })));
    drop(small);
    let roomy = open(&path).unwrap();
    assert_eq!(roomy.put_receipts(vec![refused.0]).unwrap(), [Ok(Stored::New)]);
    assert_eq!(receipt_count(&roomy), stored + 1);
    roomy.fsck(&mut |finding| panic!("{finding}")).unwrap();
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let (folder, path) = place();
    let missing = folder.path().join("no-such-folder/store.db");
    assert!(matches!(open(&missing), Err(StoreError::NotWritable { .. })));
    fs::write(folder.path().join("file"), "").unwrap();
    let below_a_file = folder.path().join("file/store.db");
    assert!(matches!(open(&below_a_file), Err(StoreError::NotWritable { .. })));
    assert!(SqliteStore::open_read_only(&path).is_err());
    // Root may write what is marked as read-only, so a folder stands where the file should be.
    fs::create_dir(&path).unwrap();
    assert!(matches!(open(&path), Err(StoreError::Unavailable { .. })));
}

#[test]
fn what_is_no_store_is_left_alone() {
    let (_folder, path) = place();
    let text = "this is not a database, and long enough to be looked at as one ".repeat(100);
    fs::write(&path, &text).unwrap();
    assert!(matches!(open(&path), Err(StoreError::NotAStore { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    fs::remove_file(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE theirs (id INTEGER PRIMARY KEY)").unwrap();
    drop(other);
    let before = fs::read(&path).unwrap();
    assert!(matches!(open(&path), Err(StoreError::NotAStore { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_store_of_a_later_version_is_refused_by_name() {
    let (_folder, path) = place();
    drop(open(&path).unwrap());
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    for refused in [open(&path).map(drop), SqliteStore::open_read_only(&path).map(drop)] {
        let Err(StoreError::NewerVersion { found, known, .. }) = refused else {
            panic!("{refused:?}");
        };
        assert!((found, known) == (99, 9));
    }
}

#[test]
fn a_store_of_an_earlier_version_is_brought_up_to_date_with_what_it_has() {
    let (_folder, path) = place();
    let store = open(&path).unwrap();
    let entry = EntryDraft {
        entry_id: "e".to_owned(),
        agent_id: "a".to_owned(),
        timestamp: "2026-03-17T00:00:00Z".parse().unwrap(),
        content_type: "run".to_owned(),
        content: [("run_id".to_owned(), Value::from("r"))].into(),
    };
    store.append_entry(&entry).unwrap();
    drop(store);
    // As it was before entries were found by what they are about.
    let back = "DROP INDEX ledger_entries_by_type; DROP INDEX ledger_entries_about;
        ALTER TABLE ledger_entries DROP COLUMN about; DROP TABLE agent_names;
        ALTER TABLE anchors DROP COLUMN facts;
        DELETE FROM migrations WHERE version >= 7; PRAGMA user_version = 6;";
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(WITHOUT_RANGES).unwrap();
    connection.execute_batch(back).unwrap();
    drop(connection);
    let store = open(&path).unwrap();
    let about = Some("r".to_owned());
    let filter = EntryFilter { content_type: "run".to_owned(), about, ..EntryFilter::default() };
    let found = store.find_entries(&filter, None, 9).unwrap().items;
    assert_eq!(found.into_iter().map(|entry| entry.draft).collect::<Vec<_>>(), [entry]);
    store.fsck(&mut |finding| panic!("{finding}")).unwrap();
}

/// Takes a store back to the version in which each receipt's period had a row of its own.
const WITHOUT_RANGES: &str = "CREATE TABLE assignments (
        receipt_id INTEGER PRIMARY KEY REFERENCES receipts (id),
        period INTEGER NOT NULL REFERENCES periods (period) DEFERRABLE INITIALLY DEFERRED
    ) STRICT;
    INSERT INTO assignments SELECT receipts.id, period FROM sealed_ranges
        JOIN receipts ON receipts.id BETWEEN first_id AND last_id;
    PRAGMA foreign_keys = OFF;
    DROP TABLE sealed_ranges;
    DELETE FROM migrations WHERE version = 9;
    PRAGMA user_version = 8;";

#[test]
fn receipts_that_had_a_row_for_their_period_have_it_in_ranges() {
    let (_folder, path) = place();
    runseal_store_contract::fsck::fill(&open(&path).unwrap());
    let ranges = |path: &Path| {
        let connection = Connection::open(path).unwrap();
        let query = "SELECT first_id, last_id, period FROM sealed_ranges ORDER BY first_id";
        let mut statement = connection.prepare(query).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        rows.unwrap().collect::<Result<Vec<(i64, i64, i64)>, _>>().unwrap()
    };
    let before = ranges(&path);
    assert!(before.len() > 1, "{before:?}");
    Connection::open(&path).unwrap().execute_batch(WITHOUT_RANGES).unwrap();
    let store = open(&path).unwrap();
    store.fsck(&mut |finding| panic!("{finding}")).unwrap();
    assert_eq!(ranges(&path), before);
}

#[test]
fn tables_that_somebody_changed_are_refused_by_name() {
    let changes = [
        ("DROP INDEX receipts_by_run", "index receipts_by_run", "is missing"),
        ("DROP TRIGGER receipts_stay", "trigger receipts_stay", "is missing"),
        ("CREATE TABLE more (id INTEGER)", "table more", "does not belong there"),
        ("ALTER TABLE anchors ADD COLUMN note TEXT", "table anchors", "is defined otherwise"),
        (
            "UPDATE migrations SET checksum = zeroblob(32) WHERE version = 2",
            "0002_relations.sql",
            "was applied with another text",
        ),
    ];
    for (change, named, expected) in changes {
        let (_folder, path) = place();
        drop(open(&path).unwrap());
        Connection::open(&path).unwrap().execute_batch(change).unwrap();
        let Err(StoreError::SchemaDiffers { object, difference, .. }) = open(&path) else {
            panic!("{change} was not noticed");
        };
        assert_eq!((object.as_str(), difference.as_str()), (named, expected));
    }
}

#[test]
fn what_never_changes_cannot_be_changed_behind_the_stores_back() {
    let (_folder, path) = place();
    let store = open(&path).unwrap();
    store.bind_log(&LOG).unwrap();
    store.put_receipts(Agent::new(1).sign_many(3)).unwrap();
    store.seal_period(Period(0), Cut::Everything).unwrap();
    drop(store);
    let connection = Connection::open(&path).unwrap();
    for change in [
        "UPDATE receipts SET run_id = 'other'",
        "DELETE FROM receipts",
        "UPDATE receipt_texts SET text = x'00'",
        "UPDATE periods SET root = zeroblob(32)",
        "DELETE FROM periods",
        "UPDATE leaf_chunks SET leaves = x''",
        "UPDATE sealed_ranges SET period = 1",
        "DELETE FROM sealed_ranges",
        "INSERT INTO sealed_ranges (first_id, last_id, period) VALUES (2, 3, 0)",
        "INSERT INTO sealed_ranges (first_id, last_id, period) VALUES (3, 9, 0)",
        "UPDATE log SET address = zeroblob(32)",
    ] {
        assert!(connection.execute(change, []).is_err(), "{change}");
    }
}

#[test]
fn a_number_that_does_not_fit_is_refused() {
    let (_folder, path) = place();
    let store = open(&path).unwrap();
    store.bind_log(&LOG).unwrap();
    let refused = store.seal_period(Period(u64::MAX), Cut::Everything);
    assert_eq!(refused, Err(StoreError::NumberTooLarge { number: u64::MAX }));
}

#[test]
fn a_copy_made_while_receipts_come_in_is_whole() {
    let (folder, path) = place();
    let store = open(&path).unwrap();
    store.bind_log(&LOG).unwrap();
    store.put_receipts(Agent::new(1).sign_many(200)).unwrap();
    store.seal_period(Period(0), Cut::Everything).unwrap();
    let copy = folder.path().join("copy.db");
    thread::scope(|scope| {
        scope.spawn(|| {
            for receipt in Agent::new(2).sign_many(50) {
                store.put_receipts(vec![receipt]).unwrap();
            }
        });
        scope.spawn(|| store.back_up(&copy).unwrap());
    });
    assert!(matches!(store.back_up(&copy), Err(StoreError::NotWritable { .. })));
    assert_eq!(receipt_count(&store), 250);
    let copied = open(&copy).unwrap();
    copied.fsck(&mut |finding| panic!("{finding}")).unwrap();
    assert!(receipt_count(&copied) >= 200);
    assert_eq!(copied.list_periods(Period(0), 10), store.list_periods(Period(0), 10));
}
