//! The tables, as numbered files that are never edited, only added.

use crate::{address::Address, connection::Connection};
use runseal_client::{
    StoreError,
    sql::{Datum, Failure, Row, Sql},
};
use runseal_types::Digest;

macro_rules! migrations {
    ($($file:literal),* $(,)?) => {
        &[$(($file, include_str!(concat!("../../../migrations/postgres/", $file)))),*]
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
    "0007_closed_anchors.sql",
    "0008_sealed_ranges.sql",
];

/// The list of migrations, and what they made: PostgreSQL keeps no text of a table.
const LIST: &str = "CREATE TABLE migrations (
        version BIGINT PRIMARY KEY,
        name TEXT COLLATE \"C\" NOT NULL,
        checksum BYTEA NOT NULL CHECK (length(checksum) = 32)
    );
    CREATE TABLE migrated (
        object TEXT COLLATE \"C\" PRIMARY KEY,
        definition TEXT COLLATE \"C\" NOT NULL
    );";

/// Every table, index, constraint, trigger and function with its definition, as the server tells it.
const OBJECTS: &str = "SELECT ('table ' || relname) COLLATE \"C\" AS object,
        string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull,
            attidentity, collname, pg_get_expr(adbin, adrelid)), ', ' ORDER BY attnum)
            COLLATE \"C\" AS definition
    FROM pg_class
    LEFT JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    GROUP BY relname
    UNION ALL SELECT 'index ' || relname, pg_get_indexdef(indexrelid, 0, TRUE)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = current_schema()::regnamespace
    UNION ALL SELECT 'constraint ' || relname || '.' || conname,
        concat_ws(' ', pg_get_constraintdef(pg_constraint.oid), convalidated)
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE connamespace = current_schema()::regnamespace
    UNION ALL SELECT 'trigger ' || tgname, concat_ws(' ', pg_get_triggerdef(pg_trigger.oid, TRUE), tgenabled)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal
    UNION ALL SELECT 'function ' || proname, prosrc FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace";

fn latest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

fn checksum(sql: &str) -> [u8; 32] {
    *Digest::of(&[sql.as_bytes()]).as_bytes()
}

/// Finds the number that a query is about.
fn number(sql: &dyn Sql, query: &str) -> Result<i64, Failure> {
    let mut found = 0;
    sql.each(query, &[], &mut |row| {
        found = row.number(0)?.unwrap_or(0);
        Ok(())
    })?;
    Ok(found)
}

/// Makes the schema that the store is in, if it is not there. Who may not make any may use one.
pub(crate) fn make_schema(connection: &Connection, address: &Address) -> Result<(), Failure> {
    let mut is_there = false;
    let query = "SELECT nspname::text FROM pg_namespace WHERE nspname = ?1";
    connection.each(query, &[Datum::from(address.schema())], &mut |_| {
        is_there = true;
        Ok(())
    })?;
    if is_there {
        return Ok(());
    }
    connection.run(&format!("CREATE SCHEMA {}", address.quoted_schema()))
}

fn count_tables(sql: &dyn Sql, condition: &str) -> Result<i64, Failure> {
    let query = format!(
        "SELECT count(*) FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND {condition}"
    );
    number(sql, &query)
}

/// Says whether the store's own list of migrations is there.
pub(crate) fn has_list(sql: &dyn Sql) -> Result<bool, Failure> {
    Ok(count_tables(sql, "relname IN ('migrations', 'migrated')")? == 2)
}

/// Refuses a schema that is something else, or a store that a later version made.
pub(crate) fn check_kind(sql: &dyn Sql, store: &str) -> Result<(), Failure> {
    if !has_list(sql)? {
        return match count_tables(sql, "TRUE")? {
            // A new one has nothing.
            0 => Ok(()),
            tables => Err(Failure::NotAStore(format!("it has {tables} tables of something else"))),
        };
    }
    let found = version(sql)?;
    if found > latest() {
        let number = |version| u32::try_from(version).unwrap_or(u32::MAX);
        let (found, known) = (number(found), number(latest()));
        return Err(StoreError::NewerVersion { store: store.to_owned(), found, known }.into());
    }
    Ok(())
}

fn version(sql: &dyn Sql) -> Result<i64, Failure> {
    number(sql, "SELECT coalesce(max(version), 0) FROM migrations")
}

/// Applies the migrations that the store does not have, each in a transaction of its own.
pub(crate) fn apply(connection: &Connection) -> Result<(), Failure> {
    let found = if has_list(connection)? { version(connection)? } else { 0 };
    for (version, (name, sql)) in (1i64..).zip(MIGRATIONS) {
        if found >= version {
            continue;
        }
        connection.run("BEGIN")?;
        let applied = apply_one(connection, version, name, sql);
        if applied.is_err() {
            connection.run("ROLLBACK").ok();
        }
        applied?;
    }
    Ok(())
}

fn apply_one(connection: &Connection, version: i64, name: &str, sql: &str) -> Result<(), Failure> {
    if version == 1 {
        connection.run(LIST)?;
    }
    connection.run(sql)?;
    let insert = "INSERT INTO migrations (version, name, checksum) VALUES (?1, ?2, ?3)";
    let checksum = checksum(sql);
    let values = [version.into(), name.into(), Datum::from(checksum.as_slice())];
    connection.execute(insert, &values)?;
    connection.run(&format!(
        "DELETE FROM migrated; INSERT INTO migrated (object, definition) {OBJECTS}; COMMIT"
    ))
}

/// Checks that the store has exactly the migrations of this version, and the tables that they made.
pub(crate) fn check(sql: &dyn Sql, store: &str) -> Result<(), Failure> {
    let differs = |object: &str, difference: &str| {
        let (store, object) = (store.to_owned(), object.to_owned());
        let difference = difference.to_owned();
        Failure::from(StoreError::SchemaDiffers { store, object, difference })
    };
    if !has_list(sql)? || version(sql)? != latest() {
        return Err(differs("the store", "was not brought up to date"));
    }
    let query = format!(
        "SELECT object, migrated.definition, found.definition
         FROM migrated FULL JOIN ({OBJECTS}) AS found USING (object)
         WHERE migrated.definition IS DISTINCT FROM found.definition ORDER BY object LIMIT 1"
    );
    let mut difference = None;
    sql.each(&query, &[], &mut |row| {
        difference = Some((row.text(0)?.unwrap_or_default().to_owned(), difference_of(row)?));
        Ok(())
    })?;
    if let Some((object, difference)) = difference {
        return Err(differs(&object, difference));
    }
    for (version, (name, text)) in (1i64..).zip(MIGRATIONS) {
        let mut is_same = false;
        let query = "SELECT checksum FROM migrations WHERE version = ?1";
        sql.each(query, &[version.into()], &mut |row| {
            is_same = row.bytes(0)? == Some(checksum(text).as_slice());
            Ok(())
        })?;
        if !is_same {
            return Err(differs(name, "was applied with another text"));
        }
    }
    Ok(())
}

fn difference_of(row: &dyn Row) -> Result<&'static str, Failure> {
    Ok(match (row.text(1)?, row.text(2)?) {
        (Some(_), None) => "is missing",
        (None, Some(_)) => "does not belong there",
        _ => "is defined otherwise",
    })
}
