//! The store in SQLite: one file, one process that writes it, any number that read.
//!
//! What is acknowledged is on the disk: the write-ahead log is synced at every commit, and whatever
//! waits while one commit runs goes into the next one together. docs/spec/store.md says what is
//! promised; `migrations/sqlite` has the tables.
//!
//! ```
//! use runseal_client::store::{Cut, LogIdentity, Periods};
//! use runseal_store::{Options, SqliteStore};
//! use runseal_types::{Address, Digest, Period};
//!
//! let folder = tempfile::tempdir()?;
//! let store = SqliteStore::open(&folder.path().join("store.db"), Options::default())?;
//! store.bind_log(&LogIdentity { genesis_hash: Digest::ZERO, log: Address::new([1; 32]) })?;
//! let sealed = store.seal_period(Period(0), Cut::Everything)?;
//! assert_eq!(sealed.leaf_count, 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod backup;
mod check;
mod connection;
mod migrations;
mod open;
mod readers;
mod trouble;
mod vitals;

pub use open::Options;
pub use runseal_client::sql::{Finding, Subject};

use connection::Sqlite;
use readers::Readers;
use runseal_client::{
    StoreError,
    sql::{Database, Failure, Sql, Writer, fsck},
};
use std::path::Path;

/// A store in a file.
#[derive(Debug)]
pub struct SqliteStore {
    /// What it is called in messages.
    name: String,
    readers: Readers,
    /// None where the store is only read. Dropped before the lock is.
    writer: Option<Writer>,
    _lock: Option<open::Lock>,
}

impl SqliteStore {
    /// Opens a store to write to it, and makes it if there is none.
    ///
    /// Refuses a store that another process writes to, that a later version made, or whose tables
    /// somebody changed.
    pub fn open(path: &Path, options: Options) -> Result<Self, StoreError> {
        let name = path.display().to_string();
        let lock = open::lock(path)?;
        let connection = open::to_write(path, &options)
            .map_err(|trouble| Failure::from(trouble).named(&name))?;
        let writer = Writer::start(Sqlite(connection), &name)?;
        let readers = Readers::new(path);
        Ok(Self { name, readers, writer: Some(writer), _lock: Some(lock) })
    }

    /// Opens a store to read it, also while another process writes to it.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        let name = path.display().to_string();
        let store = Self { readers: Readers::new(path), name, writer: None, _lock: None };
        store.read_file(|connection| Ok(migrations::check(&connection.0)?))?;
        Ok(store)
    }

    /// Checks one state of the store, and reports every finding. Signatures are not checked: their
    /// keys are on the chain.
    pub fn fsck(&self, report: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
        fsck::check(self, report)
    }

    fn read_file<T>(
        &self,
        work: impl FnOnce(&Sqlite) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        self.readers.read(work).map_err(|failure| failure.named(&self.name))
    }
}

impl Database for SqliteStore {
    fn read<T>(&self, work: impl FnOnce(&dyn Sql) -> Result<T, Failure>) -> Result<T, StoreError> {
        self.read_file(|connection| work(connection))
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
        check::pages(sql, report)?;
        self.readers.read(|connection| Ok(migrations::check(&connection.0)?))
    }
}
