use crate::{address::Address, connection::Connection};
use runseal_client::sql::{Failure, Sql};
use std::{
    fmt,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// How many connections read at a time; further callers wait for one.
const MOST_READERS: usize = 8;

/// Connections that read; each reading caller has one for himself.
pub(crate) struct Readers {
    address: Address,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    lent: usize,
}

impl fmt::Debug for Readers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Readers").finish_non_exhaustive()
    }
}

impl Readers {
    pub(crate) fn new(address: &Address) -> Self {
        Self { address: address.clone(), pool: Mutex::default(), returned: Condvar::new() }
    }

    /// Reads one state of the store, whatever is written meanwhile.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&dyn Sql) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let lent = Lent { readers: self, connection: self.lend() };
        lent.read(work)
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there may be one more, and returns one that was used before, if there is.
    fn lend(&self) -> Option<Connection> {
        let mut pool = self.pool();
        while pool.lent >= MOST_READERS {
            pool = self.returned.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        pool.lent += 1;
        pool.idle.pop()
    }
}

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The right to a connection, and the connection while there is one to give back.
struct Lent<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Lent<'_> {
    fn read<T>(mut self, work: impl FnOnce(&dyn Sql) -> Result<T, Failure>) -> Result<T, Failure> {
        let connection = self.begin()?;
        let found = work(&connection);
        if connection.run("ROLLBACK").is_ok() {
            self.connection = Some(connection);
        }
        found
    }

    /// Begins on the connection that was lent, or on a new one if it was lost meanwhile.
    fn begin(&mut self) -> Result<Connection, Failure> {
        if let Some(connection) = self.connection.take()
            && !connection.is_lost()
            && connection.run(BEGIN).is_ok()
        {
            return Ok(connection);
        }
        let connection = Connection::open(&self.readers.address)?;
        connection.run(BEGIN)?;
        Ok(connection)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool();
        pool.lent -= 1;
        pool.idle.extend(self.connection.take());
        drop(pool);
        self.readers.returned.notify_one();
    }
}
