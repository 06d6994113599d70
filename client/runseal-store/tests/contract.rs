//! The store in SQLite does what every store must do.
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use runseal_store::{Options, SqliteStore};

/// Makes an empty store, and looks at the end whether it is sound.
fn with_store(test: impl FnOnce(&SqliteStore)) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("store.db"), Options::default()).unwrap();
    test(&store);
    store.fsck(&mut |finding| panic!("{finding}")).unwrap();
}

runseal_store_contract::contract_tests!(crate::with_store);
