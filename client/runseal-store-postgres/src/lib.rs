//! The store in PostgreSQL: a schema of a database, one process that writes it, any number that read.
//!
//! What is acknowledged is on the server's disk: `synchronous_commit` and `fsync` are seen to. The one
//! writer holds a lock on the connection that it writes on, so whoever loses one loses both.
//! docs/spec/store.md says what is promised; `migrations/postgres` has the tables.
#![forbid(unsafe_code)]

mod address;
mod check;
mod connection;
mod driver;
mod encryption;
mod failed;
mod migrations;
mod readers;
mod values;
mod vitals;
mod writing;

pub use address::{Address, AddressError};
pub use runseal_client::sql::{Finding, Subject};

use readers::Readers;
use runseal_client::{
    StoreError,
    sql::{Database, Failure, Sql, Writer, fsck},
};
use writing::Writing;

/// A store in a database on a server.
#[derive(Debug)]
pub struct PostgresStore {
    /// What it is called in messages.
    name: String,
    readers: Readers,
    /// None where the store is only read.
    writer: Option<Writer>,
}

impl PostgresStore {
    /// Opens a store to write to it, and makes it if there is none.
    ///
    /// Refuses a store that another process writes to, that a later version made, or whose tables
    /// somebody changed, and a server that would acknowledge what is not on its disk.
    pub fn open(address: &Address) -> Result<Self, StoreError> {
        let name = address.name().to_owned();
        let writing = Writing::open(address).map_err(|failure| failure.named(&name))?;
        let writer = Writer::start(writing, &name)?;
        Ok(Self { readers: Readers::new(address), name, writer: Some(writer) })
    }

    /// Opens a store to read it, also while another process writes to it.
    pub fn open_read_only(address: &Address) -> Result<Self, StoreError> {
        let name = address.name().to_owned();
        let store = Self { readers: Readers::new(address), name, writer: None };
        store.read(|sql| {
            migrations::check_kind(sql, &store.name)?;
            migrations::check(sql, &store.name)
        })?;
        Ok(store)
    }

    /// Says whether there is a store, of whatever version.
    pub fn exists(address: &Address) -> Result<bool, StoreError> {
        let named = |failure: Failure| failure.named(address.name());
        Readers::new(address).read(migrations::has_list).map_err(named)
    }

    /// Checks one state of the store, and reports every finding. Signatures are not checked: their
    /// keys are on the chain.
    pub fn fsck(&self, report: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
        fsck::check(self, report)
    }
}

impl Database for PostgresStore {
    fn read<T>(&self, work: impl FnOnce(&dyn Sql) -> Result<T, Failure>) -> Result<T, StoreError> {
        self.readers.read(work).map_err(|failure| failure.named(&self.name))
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Sql) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let Some(writer) = &self.writer else {
            let reason = "it was opened to be read".to_owned();
            return Err(StoreError::NotWritable { store: self.name.clone(), reason });
        };
        writer.write(work)
    }

    fn check_tables(&self, sql: &dyn Sql, report: &mut fsck::Report<'_>) -> Result<(), Failure> {
        check::references(sql, report)?;
        migrations::check(sql, &self.name)
    }
}
