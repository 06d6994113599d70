use crate::SqliteStore;
use runseal_client::{
    StoreError,
    sql::{Database, Failure, Sql, Writer},
    store::{Committed, Vitals},
};

impl Vitals for SqliteStore {
    /// The version is written as it is: a page of the file, and a sync.
    fn check_writable(&self) -> Result<(), StoreError> {
        self.write(|sql: &dyn Sql| {
            let mut version = None;
            sql.each("PRAGMA user_version", &[], &mut |row| {
                version = row.number(0)?;
                Ok(())
            })?;
            let version = version.ok_or_else(|| Failure::damaged("it has no version"))?;
            sql.execute(&format!("PRAGMA user_version = {version}"), &[])
        })
    }

    fn committed(&self) -> Option<Committed> {
        self.writer.as_ref().map(Writer::committed)
    }
}
