//! What may be wrong around a store: another writer, another version, other tables.

use crate::{change, open, place, receipt_count};
use runseal_client::{
    StoreError,
    store::{Cut, Periods, Receipts},
};
use runseal_postgres_server::shared;
use runseal_store_contract::{periods::LOG, samples::Agent};
use runseal_store_postgres::{Address, PostgresStore};
use runseal_types::Period;

#[test]
fn one_process_writes_and_others_may_read() {
    let (address, _) = place();
    assert_eq!(PostgresStore::exists(&address), Ok(false));
    let store = open(&address);
    assert_eq!(PostgresStore::exists(&address), Ok(true));
    assert!(matches!(PostgresStore::open(&address), Err(StoreError::Locked { .. })));
    let reader = PostgresStore::open_read_only(&address).unwrap();
    store.put_receipts(Agent::new(1).sign_many(3)).unwrap();
    assert_eq!(receipt_count(&reader), 3);
    let refused = reader.put_receipts(Agent::new(2).sign_many(1));
    assert!(matches!(refused, Err(StoreError::NotWritable { .. })));
    drop(store);
    assert_eq!(receipt_count(&open(&address)), 3);
}

#[test]
fn tenants_in_one_database_see_nothing_of_each_other() {
    let (address, _) = place();
    let [one, two] = ["one", "two"].map(|name| open(&address.of_tenant(name).unwrap()));
    one.put_receipts(Agent::new(1).sign_many(3)).unwrap();
    assert_eq!((receipt_count(&one), receipt_count(&two)), (3, 0));
    two.put_receipts(Agent::new(1).sign_many(2)).unwrap();
    assert_eq!((receipt_count(&one), receipt_count(&two)), (3, 2));
}

#[test]
fn a_schema_of_something_else_is_left_alone() {
    let (address, url) = place();
    let theirs = "CREATE SCHEMA runseal; CREATE TABLE runseal.theirs (id INT)";
    shared().sql_at(&url, theirs);
    for refused in
        [PostgresStore::open(&address).map(drop), PostgresStore::open_read_only(&address).map(drop)]
    {
        assert!(matches!(refused, Err(StoreError::NotAStore { .. })), "{refused:?}");
    }
    let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'runseal'::regnamespace";
    assert_eq!(shared().sql_at(&url, tables), "1");
}

#[test]
fn a_store_of_a_later_version_is_refused_by_name() {
    let (address, url) = place();
    drop(open(&address));
    change(&url, "INSERT INTO migrations VALUES (99, 'later', sha256('later'))").unwrap();
    for refused in
        [PostgresStore::open(&address).map(drop), PostgresStore::open_read_only(&address).map(drop)]
    {
        let Err(StoreError::NewerVersion { found, known, .. }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!((found, known), (99, 8));
    }
}

#[test]
fn tables_that_somebody_changed_are_refused_by_name() {
    let changes = [
        ("DROP INDEX receipts_by_run", "index receipts_by_run", "is missing"),
        ("DROP TRIGGER receipts_stay ON receipts", "trigger receipts_stay", "is missing"),
        (
            "ALTER TABLE receipts DISABLE TRIGGER receipts_stay",
            "trigger receipts_stay",
            "is defined otherwise",
        ),
        (
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN RETURN NULL; END'",
            "function refuse",
            "is defined otherwise",
        ),
        ("CREATE TABLE more ()", "table more", "does not belong there"),
        ("CREATE VIEW more AS SELECT 1 AS one", "table more", "does not belong there"),
        ("ALTER TABLE anchors ADD COLUMN note TEXT", "table anchors", "is defined otherwise"),
        (
            "ALTER TABLE receipts DROP CONSTRAINT receipts_sequence_check",
            "constraint receipts.receipts_sequence_check",
            "is missing",
        ),
        ("DROP TABLE agent_names", "constraint agent_names.agent_names_agent_check", "is missing"),
        (
            "UPDATE migrations SET checksum = sha256('') WHERE version = 2",
            "0002_relations.sql",
            "was applied with another text",
        ),
        ("DELETE FROM migrations WHERE version = 8", "", ""),
    ];
    for (made, named, expected) in changes {
        let (address, url) = place();
        drop(open(&address));
        change(&url, made).unwrap();
        match PostgresStore::open(&address) {
            Err(StoreError::SchemaDiffers { object, difference, .. }) => {
                assert_eq!((object.as_str(), difference.as_str()), (named, expected));
            }
            // What is made a second time is there already.
            Err(StoreError::Unavailable { .. }) if named.is_empty() => {}
            other => panic!("{made}: {other:?}"),
        }
    }
}

#[test]
fn what_never_changes_cannot_be_changed_behind_the_stores_back() {
    let (address, url) = place();
    let store = open(&address);
    store.bind_log(&LOG).unwrap();
    store.put_receipts(Agent::new(1).sign_many(3)).unwrap();
    store.seal_period(Period(0), Cut::Everything).unwrap();
    for table in ["receipts", "receipt_texts", "periods", "leaf_chunks", "sealed_ranges", "log"] {
        for made in [
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table} CASCADE"),
            format!("UPDATE {table} SET {} = DEFAULT", column_of(table)),
        ] {
            let error = change(&url, &made).expect_err(&made);
            assert!(error.contains("never changes") || error.contains("one log's"), "{error}");
        }
    }
}

fn column_of(table: &str) -> &str {
    match table {
        "receipts" => "run_id",
        "receipt_texts" => "text",
        "periods" | "leaf_chunks" => "root",
        "sealed_ranges" => "period",
        _ => "address",
    }
}

#[test]
fn a_number_or_a_text_that_does_not_fit_is_refused() {
    let (address, _) = place();
    let store = open(&address);
    store.bind_log(&LOG).unwrap();
    let refused = store.seal_period(Period(u64::MAX), Cut::Everything);
    assert_eq!(refused, Err(StoreError::NumberTooLarge { number: u64::MAX }));
    use runseal_client::store::{AgentName, Agents};
    let name = AgentName { agent_id: "a\0b".to_owned(), agent: Agent::new(1).address() };
    assert!(matches!(store.name_agent(&name), Err(StoreError::NotWritable { .. })));
    assert_eq!(store.find_agent("a\0b"), Ok(None));
}

#[test]
fn a_role_that_may_not_write_is_named_and_reads() {
    let (address, url) = place();
    let store = open(&address);
    store.put_receipts(Agent::new(1).sign_many(2)).unwrap();
    let role = format!("reader_{}", url.rsplit('/').next().unwrap());
    change(
        &url,
        &format!(
            "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA runseal TO {role};
             GRANT SELECT ON ALL TABLES IN SCHEMA runseal TO {role}"
        ),
    )
    .unwrap();
    drop(store);
    let theirs = Address::parse(&url.replace("runseal@", &format!("{role}@")), None).unwrap();
    assert_eq!(receipt_count(&PostgresStore::open_read_only(&theirs).unwrap()), 2);
    let written = PostgresStore::open(&theirs)
        .and_then(|store| store.put_receipts(Agent::new(2).sign_many(1)));
    assert!(matches!(written, Err(StoreError::NotWritable { .. })), "{written:?}");
}
