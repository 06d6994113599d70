//! The tables, as numbered files that are never edited, only added.

use crate::trouble::Trouble;
use runseal_client::StoreError;
use runseal_types::Digest;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::{collections::BTreeMap, path::Path};

/// "RSSt": by this a file is known to be a store.
const APPLICATION_ID: i32 = 0x5253_5374;

macro_rules! migrations {
    ($($file:literal),* $(,)?) => {
        &[$(($file, include_str!(concat!("../../../migrations/sqlite/", $file)))),*]
    };
}

/// Every migration, the first one first; a store's version is how many it has.
const MIGRATIONS: &[(&str, &str)] = migrations![
    "0001_receipts.sql",
    "0002_relations.sql",
    "0003_runs.sql",
    "0004_periods.sql",
    "0005_anchoring.sql",
    "0006_agents.sql",
    "0007_service.sql",
    "0008_closed_anchors.sql",
    "0009_sealed_ranges.sql",
];

const LIST: &str = "CREATE TABLE migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum BLOB NOT NULL CHECK (length(checksum) = 32)
) STRICT";

fn latest() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

fn checksum(sql: &str) -> [u8; 32] {
    *Digest::of(&[sql.as_bytes()]).as_bytes()
}

/// Refuses a file that is something else, or a store that a later version made.
pub(crate) fn check_kind(connection: &Connection, path: &Path) -> Result<(), Trouble> {
    let store = path.display().to_string();
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    // A new file has neither.
    if id != APPLICATION_ID && (id, tables) != (0, 0) {
        let reason = format!("its application id is {id:#010x}, not {APPLICATION_ID:#010x}");
        return Err(StoreError::NotAStore { store, reason }.into());
    }
    let found = version(connection)?;
    if found > latest() {
        return Err(StoreError::NewerVersion { store, found, known: latest() }.into());
    }
    Ok(())
}

fn version(connection: &Connection) -> Result<u32, Trouble> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Applies the migrations that the store does not have, each in a transaction of its own.
pub(crate) fn apply(connection: &mut Connection) -> Result<(), Trouble> {
    for (version, (name, sql)) in (1u32..).zip(MIGRATIONS) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if self::version(&transaction)? >= version {
            continue;
        }
        if version == 1 {
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.execute_batch(LIST)?;
        }
        transaction.execute_batch(sql)?;
        let insert = "INSERT INTO migrations (version, name, checksum) VALUES (?1, ?2, ?3)";
        transaction.execute(insert, params![version, name, checksum(sql)])?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Checks that the store has exactly the migrations and the tables of this version.
pub(crate) fn check(connection: &Connection) -> Result<(), Trouble> {
    let differs = |object: &str, difference: &str| {
        let store = connection.path().unwrap_or_default().to_owned();
        let (object, difference) = (object.to_owned(), difference.to_owned());
        Trouble::from(StoreError::SchemaDiffers { store, object, difference })
    };
    if version(connection)? != latest() {
        return Err(differs("the store", "was not brought up to date"));
    }
    let mut model = Connection::open_in_memory()?;
    apply(&mut model)?;
    let (found, expected) = (schema(connection)?, schema(&model)?);
    for (object, sql) in &expected {
        match found.get(object) {
            None => return Err(differs(object, "is missing")),
            Some(found) if found != sql => return Err(differs(object, "is defined otherwise")),
            Some(_) => {}
        }
    }
    if let Some(object) = found.keys().find(|object| !expected.contains_key(*object)) {
        return Err(differs(object, "does not belong there"));
    }
    for (version, (name, sql)) in (1u32..).zip(MIGRATIONS) {
        let query = "SELECT checksum FROM migrations WHERE version = ?1";
        let found: Option<[u8; 32]> =
            connection.query_row(query, [version], |row| row.get(0)).optional()?;
        if found != Some(checksum(sql)) {
            return Err(differs(name, "was applied with another text"));
        }
    }
    Ok(())
}

/// Every table, index and trigger with its definition.
fn schema(connection: &Connection) -> Result<BTreeMap<String, Option<String>>, Trouble> {
    let query = "SELECT type || ' ' || name, sql FROM sqlite_schema
                 WHERE name NOT LIKE 'sqlite_stat%'";
    let mut statement = connection.prepare(query)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
