use crate::PostgresStore;
use runseal_client::{
    StoreError,
    sql::{Database, Sql, Writer},
    store::{Committed, Vitals},
};

/// A note in the server's log that belongs to the transaction: committing it waits for the disk, and no
/// table is changed.
const NOTE: &str = "SELECT pg_logical_emit_message(true, 'runseal', '')::text";

impl Vitals for PostgresStore {
    fn check_writable(&self) -> Result<(), StoreError> {
        self.write(|sql: &dyn Sql| sql.each(NOTE, &[], &mut |_| Ok(())))
    }

    fn committed(&self) -> Option<Committed> {
        self.writer.as_ref().map(Writer::committed)
    }
}
