use super::{
    Database, Datum, Failure, Into, Row, Sql,
    columns::{
        after, bytes_at, find_digest_at, find_number_at, id_at, leaf_at, list_rows, number,
        number_at, page, page_rows, parsed_at, position_at, text_at, timestamp_at,
    },
    datum::{row, values},
    placing::Places,
    saying::{self, Said},
    sealed_ranges::PERIOD,
};
use crate::store::{
    CheckedReceipt, Columns, Conflict, Page, Position, ReceiptFilter, ReceiptRow, Receipts,
    StoreError, Stored, StoredReceipt,
};
use runseal_receipt::Status;
use runseal_types::{Address, Digest, Leaf, Period, Sequence};

impl<D: Database + ?Sized> Receipts for D {
    fn put_receipts(
        &self,
        receipts: Vec<CheckedReceipt>,
    ) -> Result<Vec<Result<Stored, Conflict>>, StoreError> {
        let answers = self.write(move |sql| put_all(sql, &receipts))?;
        Ok(answers.into_iter().map(|answer| answer.map(|(_, stored)| stored)).collect())
    }

    fn find_receipt(&self, digest: &Digest) -> Result<Option<StoredReceipt>, StoreError> {
        let query = format!(
            "SELECT id, agent, sequence, digest, {PERIOD}, text FROM receipts
                JOIN receipt_texts ON receipt_texts.receipt_id = id WHERE digest = ?1"
        );
        let read = |row: &dyn Row| {
            Ok(StoredReceipt {
                position: position_at(row, 0)?,
                leaf: leaf_at(row, 1)?,
                period: find_number_at(row, 4)?.map(Period),
                text: bytes_at(row, 5)?.to_vec(),
            })
        };
        self.read(|sql| sql.one(&query, values![digest], read))
    }

    fn list_receipts(
        &self,
        filter: &ReceiptFilter,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<ReceiptRow>, StoreError> {
        self.read(|sql| list(sql, filter, after, limit))
    }

    fn list_leaves(
        &self,
        agent: &Address,
        from: Sequence,
        limit: usize,
    ) -> Result<Vec<Leaf>, StoreError> {
        self.read(|sql| {
            let query = "SELECT agent, sequence, digest FROM receipts
                WHERE agent = ?1 AND sequence >= ?2 ORDER BY sequence LIMIT ?3";
            let values = values![agent, number(from.0)?, list_rows(limit)];
            sql.all(query, values, |row| leaf_at(row, 0))
        })
    }

    fn last_leaf(&self, agent: &Address) -> Result<Option<Leaf>, StoreError> {
        self.read(|sql| {
            let query = "SELECT agent, sequence, digest FROM receipts
                WHERE agent = ?1 ORDER BY sequence DESC LIMIT 1";
            sql.one(query, values![agent], |row| leaf_at(row, 0))
        })
    }
}

/// A receipt's row, and whether it is new.
pub(super) type Placed = Result<(i64, Stored), Conflict>;

/// Stores receipts and what they say of others; one that is refused changes nothing.
fn put_all(sql: &dyn Sql, receipts: &[CheckedReceipt]) -> Result<Vec<Placed>, Failure> {
    let mut places = Places::around(sql, receipts)?;
    let last = "SELECT coalesce(max(id), 0) FROM receipts";
    let mut last = sql.one(last, &[], |row| id_at(row, 0))?.unwrap_or(0);
    let (mut answers, mut new) = (Vec::with_capacity(receipts.len()), Vec::new());
    for receipt in receipts {
        let columns = receipt.columns();
        answers.push(places.find(columns).map(|found| match found {
            Some(id) => (id, Stored::Before),
            None => {
                last += 1;
                places.put(last, (columns.leaf, columns.previous));
                new.push((last, receipt));
                (last, Stored::New)
            }
        }));
    }
    insert(sql, &new)?;
    Ok(answers)
}

/// Stores a receipt, or fails.
pub(super) fn put(sql: &dyn Sql, receipt: &CheckedReceipt) -> Result<(i64, Stored), Failure> {
    let answer = put_all(sql, std::slice::from_ref(receipt))?.pop();
    Ok(answer.ok_or_else(|| Failure::damaged("a receipt got no answer"))??)
}

const INTO: Into<'_> = Into {
    table: "receipts",
    columns: &[
        "id",
        "digest",
        "agent",
        "sequence",
        "previous",
        "run_id",
        "trace_id",
        "status",
        "started_seconds",
        "started_nanoseconds",
        "ended_seconds",
        "ended_nanoseconds",
        "event_count",
    ],
    or_ignore: false,
};
const TEXTS: Into<'_> =
    Into { table: "receipt_texts", columns: &["receipt_id", "text"], or_ignore: false };

fn insert(sql: &dyn Sql, new: &[(i64, &CheckedReceipt)]) -> Result<(), Failure> {
    let rows = new.iter().map(|(id, receipt)| receipt_row(*id, receipt.columns()));
    sql.insert(&INTO, &rows.collect::<Result<Vec<_>, _>>()?)?;
    let texts = new.iter().map(|(id, receipt)| row![*id, receipt.text()]);
    sql.insert(&TEXTS, &texts.collect::<Vec<_>>())?;
    let said = new.iter().map(|(id, receipt)| Said {
        receipt_id: *id,
        addendum_id: None,
        leaf: &receipt.columns().leaf,
        statements: receipt.statements(),
    });
    saying::put(sql, &said.collect::<Vec<_>>())
}

fn receipt_row(id: i64, columns: &Columns) -> Result<Vec<Datum<'_>>, Failure> {
    Ok(row![
        id,
        &columns.leaf.digest,
        &columns.leaf.agent,
        number(columns.leaf.sequence.0)?,
        &columns.previous,
        &columns.run_id,
        &columns.trace_id,
        columns.status.as_str(),
        number(columns.started_at.unix_seconds())?,
        columns.started_at.nanoseconds(),
        number(columns.ended_at.unix_seconds())?,
        columns.ended_at.nanoseconds(),
        number(columns.event_count)?,
    ])
}

pub(super) const COLUMNS: &str = "id, agent, sequence, digest, previous, run_id, trace_id, status,
    started_seconds, started_nanoseconds, ended_seconds, ended_nanoseconds, event_count";

pub(super) fn row_of(row: &dyn Row) -> Result<ReceiptRow, Failure> {
    let columns = Columns {
        leaf: leaf_at(row, 1)?,
        previous: find_digest_at(row, 4)?,
        run_id: text_at(row, 5)?,
        trace_id: text_at(row, 6)?,
        status: parsed_at(row, 7, "status", Status::find)?,
        started_at: timestamp_at(row, 8)?,
        ended_at: timestamp_at(row, 10)?,
        event_count: number_at(row, 12)?,
    };
    Ok(ReceiptRow { position: position_at(row, 0)?, columns })
}

fn list(
    sql: &dyn Sql,
    filter: &ReceiptFilter,
    position: Option<Position>,
    limit: usize,
) -> Result<Page<ReceiptRow>, Failure> {
    let mut query = format!("SELECT {COLUMNS} FROM receipts WHERE id > ?1");
    let mut values = row![after(position)?];
    let from = filter.ended_from_seconds.map(number).transpose()?;
    let before = filter.ended_before_seconds.map(number).transpose()?;
    let conditions: [(&str, Option<Datum<'_>>); 4] = [
        ("run_id =", filter.run_id.as_deref().map(Datum::from)),
        ("trace_id =", filter.trace_id.as_deref().map(Datum::from)),
        ("ended_seconds >=", from.map(Datum::from)),
        ("ended_seconds <", before.map(Datum::from)),
    ];
    for (condition, value) in conditions {
        if let Some(value) = value {
            values.push(value);
            query += &format!(" AND {condition} ?{}", values.len());
        }
    }
    if let Some(status) = filter.status {
        // A word of ours, spelled out so that the index on what is not completed can be used.
        query += &format!(" AND status = '{}'", status.as_str());
    }
    values.push(page_rows(limit).into());
    query += &format!(" ORDER BY id LIMIT ?{}", values.len());
    page(sql, &query, &values, limit, |row| row_of(row).map(|row| (row.position, row)))
}
