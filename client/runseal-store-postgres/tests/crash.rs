//! A process that writes, or the server that it writes to, is killed at random moments
//! (`runseal_store_contract::crash`).
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use runseal_postgres_server::Server;
use runseal_store_contract::crash::{go_on_if_told, kill_many};
use runseal_store_postgres::{Address, PostgresStore};

fn open(place: &str) -> PostgresStore {
    PostgresStore::open(&Address::parse(place, None).unwrap()).unwrap()
}

fn main() {
    go_on_if_told(&open);
    let mut server = Server::start();
    let place = server.database();
    let check = |store: &PostgresStore| store.fsck(&mut |finding| panic!("{finding}")).unwrap();
    kill_many(
        &place,
        &open,
        &mut |round, process| {
            // Every fifth time it is the server that is gone, while the process goes on.
            if round % 5 == 4 {
                server.crash();
                // It ends by itself, as all that it asks for fails.
                process.wait().unwrap();
                server.restart();
            }
        },
        &check,
    );
}
