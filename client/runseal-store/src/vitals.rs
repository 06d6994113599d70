use crate::SqliteStore;
use runseal_client::{
    StoreError,
    store::{Committed, Vitals},
};

const VERSION: &str = "user_version";

impl Vitals for SqliteStore {
    /// The version is written as it is: a page of the file, and a sync.
    fn check_writable(&self) -> Result<(), StoreError> {
        self.write(|connection| {
            let version: u32 = connection.pragma_query_value(None, VERSION, |row| row.get(0))?;
            Ok(connection.pragma_update(None, VERSION, version)?)
        })
    }

    fn committed(&self) -> Option<Committed> {
        self.writer.as_ref().map(crate::writer::Writer::committed)
    }
}
