//! Servers that are gone, full, or would lose what they acknowledge.

use crate::{open, place, receipt_count};
use runseal_client::{
    StoreError,
    store::{Receipts, Stored},
};
use runseal_postgres_server::{Server, shared};
use runseal_store_contract::samples::{Agent, Wish};
use runseal_store_postgres::{Address, PostgresStore};

#[test]
fn a_server_that_is_gone_is_named_and_found_again() {
    let mut server = Server::start();
    let address = Address::parse(&server.database(), None).unwrap();
    let store = open(&address);
    let mut agent = Agent::new(1);
    store.put_receipts(agent.sign_many(3)).unwrap();
    assert_eq!(receipt_count(&store), 3);
    server.crash();
    let receipt = agent.sign(&Wish::default());
    for _ in 0..3 {
        let refused = store.put_receipts(vec![receipt.clone()]);
        let is_named =
            matches!(refused, Err(StoreError::Unavailable { .. } | StoreError::Unknown { .. }));
        assert!(is_named, "{refused:?}");
        assert!(store.find_receipt(&receipt.columns().leaf.digest).is_err());
    }
    assert!(matches!(PostgresStore::open(&address), Err(StoreError::Unavailable { .. })));
    server.restart();
    let again = (0..20).find_map(|_| store.put_receipts(vec![receipt.clone()]).ok());
    assert_eq!(again.unwrap(), [Ok(Stored::New)]);
    assert_eq!(receipt_count(&store), 4);
    store.fsck(&mut |finding| panic!("{finding}")).unwrap();
}

#[test]
fn a_server_that_would_lose_what_it_acknowledged_is_refused() {
    let server = Server::start();
    let url = server.database();
    let address = Address::parse(&url, None).unwrap();
    // Whoever turned it off for the database is overruled: it is this connection's to say.
    let database = url.rsplit('/').next().unwrap();
    server.sql_at(&url, &format!("ALTER DATABASE {database} SET synchronous_commit TO off"));
    let setting = "SELECT current_setting('synchronous_commit')";
    assert_eq!(server.sql_at(&url, setting), "off");
    drop(open(&address));
    server.sql_at(&url, "ALTER SYSTEM SET full_page_writes TO off");
    server.sql_at(&url, "SELECT pg_reload_conf()");
    let refused = (0..100).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        PostgresStore::open(&address).err()
    });
    assert!(matches!(refused, Some(StoreError::NotWritable { .. })), "{refused:?}");
}

#[test]
fn a_database_that_cannot_hold_every_text_is_refused() {
    let (_, url) = place();
    let latin = "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0";
    shared().sql_at(&url, latin);
    let address = Address::parse(&shared().url("latin"), None).unwrap();
    let refused = PostgresStore::open(&address);
    assert!(matches!(refused, Err(StoreError::NotWritable { .. })), "{refused:?}");
}

#[test]
fn nobody_who_is_not_there_is_waited_for_and_no_password_is_repeated() {
    let urls = [
        "postgres://u:secret@127.0.0.1:1/db".to_owned(),
        "postgres://u:secret@%2Fnowhere/db".to_owned(),
        shared().url("nothing").replace("runseal@", "runseal:secret@"),
        shared().url("postgres").replace("runseal@", "nobody:secret@"),
    ];
    for url in urls {
        let refused = PostgresStore::open(&Address::parse(&url, None).unwrap()).err().unwrap();
        assert!(matches!(refused, StoreError::Unavailable { .. }), "{refused:?}");
        let said = format!("{refused} {refused:?}");
        assert!(!said.contains("secret"), "{said}");
    }
}

#[test]
fn a_full_disk_loses_nothing_and_is_over_when_there_is_room_again() {
    let (address, url) = place();
    let store = open(&address);
    let mut agent = Agent::new(1);
    store.put_receipts(agent.sign_many(5)).unwrap();
    // As the server says it where there is no room for a table's next page.
    let full = "CREATE FUNCTION public.full() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN RAISE EXCEPTION USING ERRCODE = ''disk_full''; END';
        CREATE TRIGGER a_full_disk BEFORE INSERT ON runseal.receipt_texts
        FOR EACH ROW EXECUTE FUNCTION public.full()";
    shared().sql_at(&url, full);
    let receipt = agent.sign(&Wish::default());
    let refused = store.put_receipts(vec![receipt.clone()]);
    assert!(matches!(refused, Err(StoreError::Full { .. })), "{refused:?}");
    assert_eq!(receipt_count(&store), 5);
    shared().sql_at(&url, "DROP TRIGGER a_full_disk ON runseal.receipt_texts");
    assert_eq!(store.put_receipts(vec![receipt]).unwrap(), [Ok(Stored::New)]);
    store.fsck(&mut |finding| panic!("{finding}")).unwrap();
}
