//! A process that writes to a file is killed at random moments (`runseal_store_contract::crash`).
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use runseal_store::{Options, SqliteStore};
use runseal_store_contract::crash::{go_on_if_told, kill_many};
use std::path::Path;

fn open(place: &str) -> SqliteStore {
    SqliteStore::open(Path::new(place), Options::default()).unwrap()
}

fn main() {
    go_on_if_told(&open);
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("store.db");
    let check = |store: &SqliteStore| store.fsck(&mut |finding| panic!("{finding}")).unwrap();
    kill_many(place.to_str().unwrap(), &open, &mut |_, process| process.kill().unwrap(), &check);
}
