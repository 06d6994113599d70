//! How a file becomes a connection.

use crate::{migrations, trouble::Trouble};
use runseal_client::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

/// How a store is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// How many pages of 8,192 bytes the file may have; no limit if there is none.
    pub most_pages: Option<u32>,
}

const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const STATEMENTS: usize = 128;

/// The lock that only one writing process has, until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock(File);

/// A process that is just being forked has the file open too, until it becomes another program. The
/// lock is of the file and not of whoever has it open, so it is given back and not only dropped.
impl Drop for Lock {
    fn drop(&mut self) {
        drop(self.0.unlock());
    }
}

/// Takes the lock.
pub(crate) fn lock(path: &Path) -> Result<Lock, StoreError> {
    let store = path.display().to_string();
    let mut lock_path = path.as_os_str().to_owned();
    lock_path.push(".lock");
    let not_writable = |error: std::io::Error| StoreError::NotWritable {
        store: store.clone(),
        reason: error.to_string(),
    };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(PathBuf::from(lock_path))
        .map_err(not_writable)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked { store }),
        Err(TryLockError::Error(error)) => Err(not_writable(error)),
    }
}

/// Opens the connection that writes, and brings the tables up to date.
pub(crate) fn to_write(path: &Path, options: &Options) -> Result<Connection, Trouble> {
    let mut connection = Connection::open(path)?;
    set_up(&connection)?;
    migrations::check_kind(&connection, path)?;
    // A new file's pages, which hold five receipts of ordinary size; of four thousand bytes a fourth
    // would be empty. FULL syncs the log at every commit; without it a power cut could undo what was
    // acknowledged.
    connection.execute_batch(
        "PRAGMA page_size = 8192;
         PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8192;
         PRAGMA journal_size_limit = 134217728;
         PRAGMA cache_size = -131072; PRAGMA temp_store = MEMORY;",
    )?;
    migrations::apply(&mut connection)?;
    migrations::check(&connection)?;
    if let Some(most_pages) = options.most_pages {
        connection.pragma_update(None, "max_page_count", most_pages)?;
    }
    Ok(connection)
}

/// Opens a connection that only reads.
pub(crate) fn to_read(path: &Path) -> Result<Connection, Trouble> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    set_up(&connection)?;
    migrations::check_kind(&connection, path)?;
    Ok(connection)
}

fn set_up(connection: &Connection) -> Result<(), Trouble> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;",
    )?;
    Ok(())
}
