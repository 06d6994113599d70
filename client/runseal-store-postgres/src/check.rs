use runseal_client::sql::{Failure, Sql, Subject, fsck::Report};

/// Every reference of a table to another: table, column, the other table, its column.
const REFERENCES: &str = "SELECT child.relname, of_child.attname, parent.relname, of_parent.attname
    FROM pg_constraint AS reference
    JOIN pg_class AS child ON child.oid = reference.conrelid
    JOIN pg_class AS parent ON parent.oid = reference.confrelid
    JOIN pg_attribute AS of_child
        ON of_child.attrelid = child.oid AND of_child.attnum = reference.conkey[1]
    JOIN pg_attribute AS of_parent
        ON of_parent.attrelid = parent.oid AND of_parent.attnum = reference.confkey[1]
    WHERE reference.contype = 'f' AND reference.connamespace = current_schema()::regnamespace
    ORDER BY 1, 2";

/// Rows that others name are there. PostgreSQL sees to that, unless somebody told it not to.
pub(crate) fn references(sql: &dyn Sql, report: &mut Report<'_>) -> Result<(), Failure> {
    sql.scan(REFERENCES, &[], &mut |row| {
        let name = |index| Ok::<_, Failure>(row.text(index)?.unwrap_or_default().to_owned());
        let (child, column, parent, key) = (name(0)?, name(1)?, name(2)?, name(3)?);
        let query = format!(
            "SELECT {child}.{column} FROM {child} LEFT JOIN {parent}
             ON {parent}.{key} = {child}.{column}
             WHERE {child}.{column} IS NOT NULL AND {parent}.{key} IS NULL"
        );
        sql.scan(&query, &[], &mut |row| {
            let named = row.number(0)?;
            let problem =
                format!("row {named:?} of {child} names a row of {parent} that is not there");
            report(Subject::File, problem);
            Ok(())
        })
    })
}
