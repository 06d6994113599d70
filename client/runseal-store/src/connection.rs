//! What a connection to SQLite does with statements.

use crate::trouble::failed;
use runseal_client::sql::{Datum, Failure, Into, Row, Session, Sql, Take};
use rusqlite::{
    Connection, Statement, ToSql, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};

/// A connection to SQLite.
#[derive(Debug)]
pub(crate) struct Sqlite(pub(crate) Connection);

impl Sql for Sqlite {
    fn each(&self, query: &str, values: &[Datum<'_>], take: Take<'_>) -> Result<(), Failure> {
        run(&mut *self.0.prepare_cached(query).map_err(failed)?, values, take)
    }

    /// SQLite gives one row after the other anyhow.
    fn scan(&self, query: &str, values: &[Datum<'_>], take: Take<'_>) -> Result<(), Failure> {
        self.each(query, values, take)
    }

    fn each_of(&self, query: &str, keys: &[Vec<Datum<'_>>], take: Take<'_>) -> Result<(), Failure> {
        let mut statement = self.0.prepare_cached(query).map_err(failed)?;
        keys.iter().try_for_each(|key| run(&mut statement, key, take))
    }

    fn execute(&self, statement: &str, values: &[Datum<'_>]) -> Result<(), Failure> {
        let mut statement = self.0.prepare_cached(statement).map_err(failed)?;
        statement.execute(params_from_iter(values.iter().copied().map(Bound))).map_err(failed)?;
        Ok(())
    }

    fn insert(&self, into: &Into<'_>, rows: &[Vec<Datum<'_>>]) -> Result<(), Failure> {
        if rows.is_empty() {
            return Ok(());
        }
        let Into { table, columns, or_ignore } = into;
        let ignore = if *or_ignore { " ON CONFLICT DO NOTHING" } else { "" };
        let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
        let (columns, places) = (columns.join(", "), places.join(", "));
        let insert = format!("INSERT INTO {table} ({columns}) VALUES ({places}){ignore}");
        let mut insert = self.0.prepare_cached(&insert).map_err(failed)?;
        rows.iter().try_for_each(|row| {
            insert.execute(params_from_iter(row.iter().copied().map(Bound))).map_err(failed)?;
            Ok(())
        })
    }
}

/// Asks a query and hands on every row.
fn run(query: &mut Statement<'_>, values: &[Datum<'_>], take: Take<'_>) -> Result<(), Failure> {
    let values = params_from_iter(values.iter().copied().map(Bound));
    let mut rows = query.query(values).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        take(&InRow(row))?;
    }
    Ok(())
}

struct InRow<'a>(&'a rusqlite::Row<'a>);

impl InRow<'_> {
    fn get(&self, index: usize) -> Result<ValueRef<'_>, Failure> {
        self.0.get_ref(index).map_err(failed)
    }
}

fn other(index: usize, found: ValueRef<'_>) -> Failure {
    Failure::Damaged(format!("column {index} has a value of type {}", found.data_type()))
}

impl Row for InRow<'_> {
    fn number(&self, index: usize) -> Result<Option<i64>, Failure> {
        match self.get(index)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(number) => Ok(Some(number)),
            found => Err(other(index, found)),
        }
    }

    fn text(&self, index: usize) -> Result<Option<&str>, Failure> {
        match self.get(index)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(text) => std::str::from_utf8(text).map(Some).map_err(Failure::damaged),
            found => Err(other(index, found)),
        }
    }

    fn bytes(&self, index: usize) -> Result<Option<&[u8]>, Failure> {
        match self.get(index)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => Ok(Some(bytes)),
            found => Err(other(index, found)),
        }
    }
}

/// A value as SQLite takes it.
struct Bound<'a>(Datum<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Datum::Number(Some(number)) => ValueRef::Integer(number),
            Datum::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Datum::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Datum::Number(None) | Datum::Text(None) | Datum::Bytes(None) => ValueRef::Null,
        }))
    }
}

impl Session for Sqlite {
    fn sql(&self) -> &dyn Sql {
        self
    }

    fn begin(&mut self) -> Result<(), Failure> {
        self.execute("BEGIN IMMEDIATE", &[])
    }

    fn commit(&mut self) -> Result<(), Failure> {
        self.execute("COMMIT", &[])
    }

    fn roll_back(&mut self) {
        self.execute("ROLLBACK", &[]).ok();
    }

    fn is_in_transaction(&self) -> bool {
        !self.0.is_autocommit()
    }
}
