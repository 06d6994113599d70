//! What all stores in SQL have in common: the statements, what is decided by them, and fsck.
//!
//! A database says how it is read and written ([`Database`]), and what a connection does with a
//! statement ([`Sql`]). Whoever says both is a [`crate::store::Store`]: one rule, however many
//! databases (docs/adr/0021). Nothing here knows which one it is, and no library of any.

mod agents;
mod anchoring;
mod columns;
mod datum;
mod failure;
pub mod fsck;
mod ledgers;
mod periods;
mod placing;
mod promises;
mod receipts;
mod relations;
mod run_lists;
mod runs;
mod saying;
mod sealed_ranges;
mod writer;

pub use datum::Datum;
pub use failure::Failure;
pub use fsck::{Finding, Subject};
pub use writer::{Session, Writer};

use crate::store::StoreError;

/// A database with the tables of a store.
pub trait Database: Send + Sync {
    /// Reads one state of the store, whatever is written meanwhile.
    fn read<T>(&self, work: impl FnOnce(&dyn Sql) -> Result<T, Failure>) -> Result<T, StoreError>;

    /// Has something written, all or nothing, and waits until it is durable.
    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Sql) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError>;

    /// Checks what is the database's own: its pages, its tables, that rows name rows which are there.
    fn check_tables(&self, sql: &dyn Sql, report: &mut fsck::Report<'_>) -> Result<(), Failure>;
}

/// What takes the rows that a query finds.
pub type Take<'a> = &'a mut dyn FnMut(&dyn Row) -> Result<(), Failure>;

/// A connection with a transaction in which statements are run. Their values are `?1`, `?2`, ...
pub trait Sql {
    /// Hands over each row of a query that finds few.
    fn each(&self, query: &str, values: &[Datum<'_>], take: Take<'_>) -> Result<(), Failure>;

    /// Hands over each row of a query that may find any number, of which a bounded part is in
    /// memory. Who takes them may ask for more meanwhile.
    fn scan(&self, query: &str, values: &[Datum<'_>], take: Take<'_>) -> Result<(), Failure>;

    /// Hands over each row that a query of few rows finds for each of many keys.
    fn each_of(&self, query: &str, keys: &[Vec<Datum<'_>>], take: Take<'_>) -> Result<(), Failure>;

    /// Runs a statement that returns no rows.
    fn execute(&self, statement: &str, values: &[Datum<'_>]) -> Result<(), Failure>;

    /// Inserts rows into the columns of a table, or those of them that are not there yet.
    fn insert(&self, into: &Into<'_>, rows: &[Vec<Datum<'_>>]) -> Result<(), Failure>;
}

/// Where rows are inserted.
#[derive(Clone, Copy, Debug)]
pub struct Into<'a> {
    /// The table.
    pub table: &'a str,
    /// Its columns, in the order of the values.
    pub columns: &'a [&'a str],
    /// Whether rows that are there already are passed over.
    pub or_ignore: bool,
}

/// A row that a query found.
pub trait Row {
    /// Returns the number in a column, if there is one.
    fn number(&self, index: usize) -> Result<Option<i64>, Failure>;

    /// Returns the text in a column, if there is one.
    fn text(&self, index: usize) -> Result<Option<&str>, Failure>;

    /// Returns the bytes in a column, if there are any.
    fn bytes(&self, index: usize) -> Result<Option<&[u8]>, Failure>;
}

impl dyn Sql + '_ {
    /// Finds the one row that a query can find.
    pub(crate) fn one<T>(
        &self,
        query: &str,
        values: &[Datum<'_>],
        read: impl Fn(&dyn Row) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        let mut found = None;
        self.each(query, values, &mut |row| {
            found = Some(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Finds all rows of a query.
    pub(crate) fn all<T>(
        &self,
        query: &str,
        values: &[Datum<'_>],
        read: impl Fn(&dyn Row) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        let mut found = Vec::new();
        self.each(query, values, &mut |row| {
            found.push(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Says whether a query finds anything.
    pub(crate) fn exists(&self, query: &str, values: &[Datum<'_>]) -> Result<bool, Failure> {
        Ok(self.one(query, values, |_| Ok(()))?.is_some())
    }
}
