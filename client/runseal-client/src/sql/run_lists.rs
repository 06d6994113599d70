use super::{
    Database,
    columns::{number, number_at, page, page_rows, parsed_at, text_at},
    datum::values,
    runs::{COLUMNS, row_of},
};
use crate::store::{
    ListedRun, Page, Position, RunCount, RunFilter, RunLists, RunState, Standing, StoreError,
};

impl<D: Database + ?Sized> RunLists for D {
    fn latest_runs(
        &self,
        filter: &RunFilter,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Page<ListedRun>, StoreError> {
        let (standing, status) = match filter.standing {
            None => ("?1 IS NULL", None),
            Some(Standing::Active) => ("?1 IS NULL AND receipt_id IS NULL", None),
            Some(Standing::Ended(status)) => ("status = ?1", Some(status.as_str())),
        };
        // The status stands behind the columns of a run.
        let columns = COLUMNS.replacen("digest", "digest, status", 1);
        let query = format!(
            "SELECT {columns} WHERE {standing} AND (?2 IS NULL OR runs.id < ?2)
             ORDER BY runs.id DESC LIMIT ?3"
        );
        self.read(|sql| {
            let before = before.map(|position| number(position.0)).transpose()?;
            let values = values![status, before, page_rows(limit)];
            page(sql, &query, values, limit, |row| {
                let (_, run) = row_of(row)?;
                let standing = match run.state {
                    RunState::Active => Standing::Active,
                    RunState::Finished { .. } => parsed_at(row, 12, "status", Standing::find)?,
                };
                Ok((run.position, ListedRun { row: run, standing }))
            })
        })
    }

    fn count_runs(&self) -> Result<Vec<RunCount>, StoreError> {
        let query = "SELECT coalesce(status, 'active') AS standing, adapter, count(*)
            FROM runs LEFT JOIN receipts ON receipts.id = receipt_id
            GROUP BY standing, adapter ORDER BY standing, adapter";
        self.read(|sql| {
            sql.all(query, &[], |row| {
                Ok(RunCount {
                    standing: parsed_at(row, 0, "status", Standing::find)?,
                    adapter: text_at(row, 1)?,
                    count: number_at(row, 2)?,
                })
            })
        })
    }
}
