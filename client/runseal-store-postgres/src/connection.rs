//! What a connection to PostgreSQL does with statements.

use crate::{
    address::Address,
    driver::{self, wait},
    failed::failed,
    values::{Bound, columns},
};
use runseal_client::sql::{Datum, Failure, Into, Row, Sql, Take};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};
use tokio_postgres::{Client, Statement, types::ToSql, types::Type};

/// How many rows of a long list are in memory.
const SCAN_ROWS: usize = 256;
/// How many statements are kept prepared.
const MOST_STATEMENTS: usize = 256;

/// A connection, and what is prepared on it.
pub(crate) struct Connection {
    client: Client,
    statements: RefCell<HashMap<String, Statement>>,
    scans: Cell<usize>,
}

impl Connection {
    /// Connects, and sees to it that statements mean what they say.
    pub(crate) fn open(address: &Address) -> Result<Self, Failure> {
        let client = driver::connect(address)?;
        let connection = Self { client, statements: RefCell::default(), scans: Cell::default() };
        let schema = address.quoted_schema();
        // Every statement of ours has an index. A plan that was made while a table was empty would
        // read all of it, and be kept.
        connection.run(&format!(
            "SET search_path TO {schema}; SET enable_seqscan TO off; SET jit TO off;
             SET statement_timeout TO 0; SET lock_timeout TO 0;
             SET idle_in_transaction_session_timeout TO 0;
             SET default_transaction_isolation TO 'read committed';
             SET client_min_messages TO error"
        ))?;
        Ok(connection)
    }

    /// Runs statements without values and without results.
    pub(crate) fn run(&self, statements: &str) -> Result<(), Failure> {
        wait(self.client.batch_execute(statements)).map_err(failed)
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.client.is_closed()
    }

    /// Returns a statement prepared; `?1` is PostgreSQL's `$1`.
    fn prepared(&self, text: &str, types: &[Type]) -> Result<Statement, Failure> {
        if let Some(statement) = self.statements.borrow().get(text) {
            return Ok(statement.clone());
        }
        let translated = text.replace('?', "$");
        let statement = wait(self.client.prepare_typed(&translated, types)).map_err(failed)?;
        let mut statements = self.statements.borrow_mut();
        if statements.len() >= MOST_STATEMENTS {
            statements.clear();
        }
        statements.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }

    fn take(&self, rows: Vec<tokio_postgres::Row>, take: Take<'_>) -> Result<(), Failure> {
        rows.iter().try_for_each(|row| take(&InRow(row)))
    }
}

impl Sql for Connection {
    fn each(&self, query: &str, values: &[Datum<'_>], take: Take<'_>) -> Result<(), Failure> {
        let bound = Bound::all(values);
        let statement = self.prepared(query, &Bound::types(&bound))?;
        let rows = wait(self.client.query(&statement, &Bound::parameters(&bound)));
        self.take(rows.map_err(failed)?, take)
    }

    fn scan(&self, query: &str, values: &[Datum<'_>], take: Take<'_>) -> Result<(), Failure> {
        let depth = self.scans.get();
        let name = format!("scan{depth}");
        self.execute(&format!("DECLARE {name} NO SCROLL CURSOR FOR {query}"), values)?;
        self.scans.set(depth + 1);
        let fetch = format!("FETCH {SCAN_ROWS} FROM {name}");
        let scanned = loop {
            // Not kept prepared: the next scan of this name has other columns.
            match wait(self.client.query(&fetch, &[])).map_err(failed) {
                Ok(rows) if rows.is_empty() => break Ok(()),
                Ok(rows) => {
                    if let Err(failure) = self.take(rows, take) {
                        break Err(failure);
                    }
                }
                Err(failure) => break Err(failure),
            }
        };
        self.scans.set(depth);
        scanned.and_then(|()| self.run(&format!("CLOSE {name}")))
    }

    fn each_of(&self, query: &str, keys: &[Vec<Datum<'_>>], take: Take<'_>) -> Result<(), Failure> {
        let columns = columns(keys)?;
        let (mut lists, mut names, mut query) = (Vec::new(), Vec::new(), query.to_owned());
        for (place, column) in (1..).zip(&columns) {
            query = query.replace(&format!("?{place}"), &format!("key.k{place}"));
            lists.push(format!("?{place}::{}[]", column.type_name()));
            names.push(format!("k{place}"));
        }
        let (lists, names) = (lists.join(", "), names.join(", "));
        let all = format!(
            "SELECT found.* FROM unnest({lists}) AS key({names})
             CROSS JOIN LATERAL ({query}) AS found"
        );
        let types: Vec<Type> = columns.iter().map(|column| column.list_type()).collect();
        let statement = self.prepared(&all, &types)?;
        let values: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|column| column.list()).collect();
        self.take(wait(self.client.query(&statement, &values)).map_err(failed)?, take)
    }

    fn execute(&self, statement: &str, values: &[Datum<'_>]) -> Result<(), Failure> {
        if values.is_empty() {
            return self.run(statement);
        }
        values.iter().try_for_each(|value| Bound::new(*value).check())?;
        let bound = Bound::all(values);
        let statement = self.prepared(statement, &Bound::types(&bound))?;
        wait(self.client.execute(&statement, &Bound::parameters(&bound))).map_err(failed)?;
        Ok(())
    }

    fn insert(&self, into: &Into<'_>, rows: &[Vec<Datum<'_>>]) -> Result<(), Failure> {
        if rows.is_empty() {
            return Ok(());
        }
        rows.iter().flatten().try_for_each(|value| Bound::new(*value).check())?;
        let Into { table, columns: names, or_ignore } = into;
        let columns = columns(rows)?;
        let lists = (1..).zip(&columns);
        let lists = lists.map(|(place, column)| format!("?{place}::{}[]", column.type_name()));
        let (names, lists) = (names.join(", "), lists.collect::<Vec<_>>().join(", "));
        let ignore = if *or_ignore { " ON CONFLICT DO NOTHING" } else { "" };
        let insert = format!("INSERT INTO {table} ({names}) SELECT * FROM unnest({lists}){ignore}");
        let types: Vec<Type> = columns.iter().map(|column| column.list_type()).collect();
        let statement = self.prepared(&insert, &types)?;
        let values: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|column| column.list()).collect();
        wait(self.client.execute(&statement, &values)).map_err(failed)?;
        Ok(())
    }
}

struct InRow<'a>(&'a tokio_postgres::Row);

impl InRow<'_> {
    fn damaged(index: usize) -> impl Fn(tokio_postgres::Error) -> Failure {
        move |error| Failure::Damaged(format!("column {index}: {error}"))
    }
}

impl Row for InRow<'_> {
    fn number(&self, index: usize) -> Result<Option<i64>, Failure> {
        self.0.try_get(index).map_err(Self::damaged(index))
    }

    fn text(&self, index: usize) -> Result<Option<&str>, Failure> {
        self.0.try_get(index).map_err(Self::damaged(index))
    }

    fn bytes(&self, index: usize) -> Result<Option<&[u8]>, Failure> {
        self.0.try_get(index).map_err(Self::damaged(index))
    }
}
