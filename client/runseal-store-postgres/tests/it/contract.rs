//! The store in PostgreSQL does what every store must do.

use runseal_postgres_server::shared;
use runseal_store_postgres::{Address, PostgresStore};

/// Makes an empty store, and looks at the end whether it is sound.
fn with_store(test: impl FnOnce(&PostgresStore)) {
    let address = Address::parse(&shared().database(), None).unwrap();
    let store = PostgresStore::open(&address).unwrap();
    test(&store);
    store.fsck(&mut |finding| panic!("{finding}")).unwrap();
}

runseal_store_contract::contract_tests!(crate::contract::with_store);
