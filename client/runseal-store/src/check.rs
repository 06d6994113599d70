use runseal_client::sql::{Failure, Sql, Subject, fsck::Report};

/// Pages, indexes and foreign keys, as SQLite itself checks them.
pub(crate) fn pages(sql: &dyn Sql, report: &mut Report<'_>) -> Result<(), Failure> {
    sql.each("PRAGMA integrity_check", &[], &mut |row| {
        let line = row.text(0)?.unwrap_or_default();
        if line != "ok" {
            report(Subject::File, line.to_owned());
        }
        Ok(())
    })?;
    sql.each("PRAGMA foreign_key_check", &[], &mut |row| {
        let (table, row_id, parent) = (row.text(0)?, row.number(1)?, row.text(2)?);
        let (table, parent) = (table.unwrap_or_default(), parent.unwrap_or_default());
        let problem =
            format!("row {row_id:?} of {table} names a row of {parent} that is not there");
        report(Subject::File, problem);
        Ok(())
    })
}
