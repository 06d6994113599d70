use crate::{
    SqliteStore,
    columns::{
        after, digest_at, find_digest_at, leaf_at, list_rows, number, number_at, page, page_rows,
        parsed_at, timestamp_at,
    },
    failure::Failure,
    relations,
};
use runseal_client::{
    StoreError,
    store::{
        CheckedReceipt, Columns, Conflict, Page, Position, ReceiptFilter, ReceiptRow, Receipts,
        Stored, StoredReceipt,
    },
};
use runseal_receipt::Status;
use runseal_types::{Address, Digest, Leaf, Period, Sequence};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

impl Receipts for SqliteStore {
    fn put_receipts(
        &self,
        receipts: Vec<CheckedReceipt>,
    ) -> Result<Vec<Result<Stored, Conflict>>, StoreError> {
        self.write(move |connection| {
            let stored = receipts.iter().map(|receipt| put(connection, receipt));
            stored
                .map(|stored| match stored {
                    Ok((_, stored)) => Ok(Ok(stored)),
                    Err(Failure::Store(StoreError::Conflict(conflict))) => Ok(Err(conflict)),
                    Err(failure) => Err(failure),
                })
                .collect()
        })
    }

    fn find_receipt(&self, digest: &Digest) -> Result<Option<StoredReceipt>, StoreError> {
        self.read(|connection| {
            let query = "SELECT id, agent, sequence, digest, period, text FROM receipts
                JOIN receipt_texts ON receipt_texts.receipt_id = id
                LEFT JOIN assignments ON assignments.receipt_id = id WHERE digest = ?1";
            let mut statement = connection.prepare_cached(query)?;
            let found = statement.query_row([digest.as_bytes()], |row| {
                Ok(StoredReceipt {
                    position: Position(number_at(row, 0)?),
                    leaf: leaf_at(row, 1)?,
                    period: crate::columns::find_number_at(row, 4)?.map(Period),
                    text: row.get(5)?,
                })
            });
            Ok(found.optional()?)
        })
    }

    fn list_receipts(
        &self,
        filter: &ReceiptFilter,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<ReceiptRow>, StoreError> {
        self.read(|connection| list(connection, filter, after, limit))
    }

    fn list_leaves(
        &self,
        agent: &Address,
        from: Sequence,
        limit: usize,
    ) -> Result<Vec<Leaf>, StoreError> {
        self.read(|connection| {
            let query = "SELECT agent, sequence, digest FROM receipts
                WHERE agent = ?1 AND sequence >= ?2 ORDER BY sequence LIMIT ?3";
            let mut statement = connection.prepare_cached(query)?;
            let values = params![agent.as_bytes(), number(from.0)?, list_rows(limit)];
            let leaves = statement.query_map(values, |row| leaf_at(row, 0))?;
            Ok(leaves.collect::<Result<_, _>>()?)
        })
    }

    fn last_leaf(&self, agent: &Address) -> Result<Option<Leaf>, StoreError> {
        self.read(|connection| {
            let query = "SELECT agent, sequence, digest FROM receipts
                WHERE agent = ?1 ORDER BY sequence DESC LIMIT 1";
            let mut statement = connection.prepare_cached(query)?;
            Ok(statement.query_row([agent.as_bytes()], |row| leaf_at(row, 0)).optional()?)
        })
    }
}

/// Stores a receipt and what it says of others, or changes nothing. Returns its row.
pub(crate) fn put(
    connection: &Connection,
    receipt: &CheckedReceipt,
) -> Result<(i64, Stored), Failure> {
    let columns = receipt.columns();
    if let Some(id) = check_place(connection, columns)? {
        return Ok((id, Stored::Before));
    }
    let id = insert(connection, columns)?;
    let mut texts = connection
        .prepare_cached("INSERT INTO receipt_texts (receipt_id, text) VALUES (?1, ?2)")?;
    texts.execute(params![id, receipt.text()])?;
    let said = relations::Said { receipt_id: id, addendum_id: None, leaf: &columns.leaf };
    said.put(connection, receipt.statements())?;
    Ok((id, Stored::New))
}

/// Looks at the receipts that stand at the same place, before it and behind it. Returns the row if
/// the receipt is stored already.
fn check_place(connection: &Connection, columns: &Columns) -> Result<Option<i64>, Failure> {
    let Leaf { agent, sequence, digest } = columns.leaf;
    let place = number(sequence.0)?;
    let query = "SELECT id, sequence, digest, previous FROM receipts
        WHERE agent = ?1 AND sequence BETWEEN ?2 - 1 AND ?2 + 1 ORDER BY sequence";
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query(params![agent.as_bytes(), place])?;
    let mut broken = None;
    while let Some(row) = rows.next()? {
        let (id, found) = (row.get(0)?, Sequence(number_at(row, 1)?));
        let (stored, previous) = (digest_at(row, 2)?, find_digest_at(row, 3)?);
        if found == sequence && stored == digest {
            return Ok(Some(id));
        } else if found == sequence {
            return Err(Conflict::PlaceTaken { agent, sequence, stored, offered: digest }.into());
        } else if found < sequence && columns.previous != Some(stored) {
            let claimed = columns.previous;
            broken = Some(Conflict::BrokenLink { agent, sequence, claimed, stored });
        } else if found > sequence && previous != Some(digest) && broken.is_none() {
            let (sequence, claimed) = (found, previous);
            broken = Some(Conflict::BrokenLink { agent, sequence, claimed, stored: digest });
        }
    }
    broken.map_or(Ok(None), |conflict| Err(conflict.into()))
}

fn insert(connection: &Connection, columns: &Columns) -> Result<i64, Failure> {
    let insert =
        "INSERT INTO receipts (digest, agent, sequence, previous, run_id, trace_id, status,
        started_seconds, started_nanoseconds, ended_seconds, ended_nanoseconds, event_count)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    let mut statement = connection.prepare_cached(insert)?;
    statement.execute(params![
        columns.leaf.digest.as_bytes(),
        columns.leaf.agent.as_bytes(),
        number(columns.leaf.sequence.0)?,
        columns.previous.as_ref().map(Digest::as_bytes),
        columns.run_id,
        columns.trace_id,
        columns.status.as_str(),
        number(columns.started_at.unix_seconds())?,
        columns.started_at.nanoseconds(),
        number(columns.ended_at.unix_seconds())?,
        columns.ended_at.nanoseconds(),
        number(columns.event_count)?,
    ])?;
    Ok(connection.last_insert_rowid())
}

pub(crate) const COLUMNS: &str = "id, agent, sequence, digest, previous, run_id, trace_id, status,
    started_seconds, started_nanoseconds, ended_seconds, ended_nanoseconds, event_count";

pub(crate) fn row_of(row: &Row<'_>) -> rusqlite::Result<ReceiptRow> {
    let columns = Columns {
        leaf: leaf_at(row, 1)?,
        previous: find_digest_at(row, 4)?,
        run_id: row.get(5)?,
        trace_id: row.get(6)?,
        status: parsed_at(row, 7, "status", Status::find)?,
        started_at: timestamp_at(row, 8)?,
        ended_at: timestamp_at(row, 10)?,
        event_count: number_at(row, 12)?,
    };
    Ok(ReceiptRow { position: Position(number_at(row, 0)?), columns })
}

fn list(
    connection: &Connection,
    filter: &ReceiptFilter,
    position: Option<Position>,
    limit: usize,
) -> Result<Page<ReceiptRow>, Failure> {
    let (position, rows) = (after(position)?, page_rows(limit));
    let from = filter.ended_from_seconds.map(number).transpose()?;
    let before = filter.ended_before_seconds.map(number).transpose()?;
    let mut query = format!("SELECT {COLUMNS} FROM receipts WHERE id > ?");
    let mut values: Vec<&dyn ToSql> = vec![&position];
    if let Some(run_id) = &filter.run_id {
        query += " AND run_id = ?";
        values.push(run_id);
    }
    if let Some(trace_id) = &filter.trace_id {
        query += " AND trace_id = ?";
        values.push(trace_id);
    }
    if let Some(status) = filter.status {
        // A word of ours, spelled out so that the index on what is not completed can be used.
        query += &format!(" AND status = '{}'", status.as_str());
    }
    if let Some(from) = &from {
        query += " AND ended_seconds >= ?";
        values.push(from);
    }
    if let Some(before) = &before {
        query += " AND ended_seconds < ?";
        values.push(before);
    }
    query += " ORDER BY id LIMIT ?";
    values.push(&rows);
    let mut statement = connection.prepare_cached(&query)?;
    let found = statement.query_map(values.as_slice(), row_of)?;
    page(found.map(|row| row.map(|row| (row.position, row))), limit)
}
