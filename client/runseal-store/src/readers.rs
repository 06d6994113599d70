use crate::{connection::Sqlite, open};
use runseal_client::sql::{Failure, Sql};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// How many idle connections are kept.
const MOST_IDLE: usize = 8;

/// Connections that read; each reading caller has one for himself.
#[derive(Debug)]
pub(crate) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Sqlite>>,
}

impl Readers {
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), idle: Mutex::default() }
    }

    /// Reads one state of the store, whatever is written meanwhile.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Sqlite) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => Sqlite(open::to_read(&self.path)?),
        };
        connection.execute("BEGIN", &[])?;
        let found = work(&connection);
        connection.execute("ROLLBACK", &[])?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(connection);
        }
        found
    }
}
