//! The store in PostgreSQL, on a real server.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails panics")]

mod contract;
mod encryption;
mod faults;
mod fsck;
mod lost;
mod servers;

use runseal_client::store::{ReceiptFilter, Store};
use runseal_postgres_server::shared;
use runseal_store_postgres::{Address, PostgresStore};

/// Makes a database; returns its address as the store and as the server has it.
fn place() -> (Address, String) {
    let url = shared().database();
    (Address::parse(&url, None).unwrap(), url)
}

fn receipt_count(store: &impl Store) -> usize {
    store.list_receipts(&ReceiptFilter::default(), None, 1_000).unwrap().items.len()
}

/// Closes a store whose tables are to be changed, past what keeps them from being.
fn change(url: &str, change: &str) -> Result<String, String> {
    let database = url.rsplit('/').next().unwrap();
    shared().try_sql(database, &format!("SET search_path TO runseal; {change}"))
}

fn open(address: &Address) -> PostgresStore {
    PostgresStore::open(address).unwrap()
}
