use crate::{
    SqliteStore,
    columns::{after, find_number_at, leaf_at, number, number_at, page, page_rows},
    failure::Failure,
    periods,
};
use runseal_client::{
    StoreError,
    store::{Conflict, LogIdentity, Page, Position, Promises, SignedPromise, Stored},
};
use runseal_types::{Digest, Leaf, Period, Promise};
use rusqlite::{Connection, OptionalExtension, Row, params};

impl Promises for SqliteStore {
    fn put_promise(&self, promise: &SignedPromise) -> Result<Stored, StoreError> {
        let promise = *promise;
        self.write(move |connection| put(connection, &promise))
    }

    fn find_promise(&self, receipt: &Digest) -> Result<Option<SignedPromise>, StoreError> {
        self.read(|connection| {
            let Some(log) = periods::find_log(connection)? else { return Ok(None) };
            let query = format!("{PROMISES} WHERE digest = ?1");
            let mut statement = connection.prepare_cached(&query)?;
            let found = statement.query_row([receipt.as_bytes()], |row| promise_of(row, &log));
            Ok(found.optional()?.map(|(_, promise)| promise))
        })
    }

    fn list_promises(
        &self,
        period: Period,
        position: Option<Position>,
        limit: usize,
    ) -> Result<Page<SignedPromise>, StoreError> {
        self.read(|connection| {
            let log = periods::load_log(connection)?;
            let query =
                format!("{PROMISES} WHERE period = ?1 AND receipt_id > ?2 ORDER BY id LIMIT ?3");
            let mut statement = connection.prepare_cached(&query)?;
            let values = [number(period.0)?, after(position)?, page_rows(limit)];
            page(statement.query_map(values, |row| promise_of(row, &log))?, limit)
        })
    }
}

const PROMISES: &str = "SELECT id, agent, sequence, digest, period, signature FROM promises
    JOIN receipts ON receipts.id = receipt_id";

fn promise_of(row: &Row<'_>, log: &LogIdentity) -> rusqlite::Result<(Position, SignedPromise)> {
    let period = Period(number_at(row, 4)?);
    let promise = Promise { context: log.context(period), period, leaf: leaf_at(row, 1)? };
    let signature = row.get(5)?;
    Ok((Position(number_at(row, 0)?), SignedPromise { promise, signature }))
}

/// What there is of the receipt: its row, its leaf, its period, what was promised, the signature.
type Found = (i64, Leaf, Option<u64>, Option<u64>, Option<[u8; 64]>);

fn put(connection: &Connection, signed: &SignedPromise) -> Result<Stored, Failure> {
    let Promise { context, period, leaf } = signed.promise;
    if context != periods::load_log(connection)?.context(period) {
        return Err(Conflict::PromiseOfOther { part: "context" }.into());
    }
    let digest = leaf.digest;
    let (id, stored, sealed, promised, signature) =
        find(connection, &digest)?.ok_or(Conflict::UnknownReceipt { digest })?;
    if stored != leaf {
        return Err(Conflict::PromiseOfOther { part: "agent or sequence" }.into());
    }
    if let Some(promised) = promised.map(Period) {
        if (promised, signature) == (period, Some(signed.signature)) {
            return Ok(Stored::Before);
        }
        return Err(Conflict::PromiseDiffers { digest, period: promised }.into());
    }
    if let Some(period) = sealed.map(Period) {
        return Err(Conflict::ReceiptSealed { digest, period }.into());
    }
    if let Some(sealed) = periods::find(connection, period)? {
        return Err(Conflict::PeriodSealed { period, root: sealed.root }.into());
    }
    let insert = "INSERT INTO promises (receipt_id, period, signature) VALUES (?1, ?2, ?3)";
    let values = params![id, number(period.0)?, signed.signature];
    connection.prepare_cached(insert)?.execute(values)?;
    Ok(Stored::New)
}

fn find(connection: &Connection, digest: &Digest) -> Result<Option<Found>, Failure> {
    let query = "SELECT id, agent, sequence, digest, assignments.period, promises.period, signature
        FROM receipts LEFT JOIN assignments ON assignments.receipt_id = id
        LEFT JOIN promises ON promises.receipt_id = id WHERE digest = ?1";
    let mut statement = connection.prepare_cached(query)?;
    let read = |row: &Row<'_>| {
        let (sealed, promised) = (find_number_at(row, 4)?, find_number_at(row, 5)?);
        Ok((row.get(0)?, leaf_at(row, 1)?, sealed, promised, row.get(6)?))
    };
    Ok(statement.query_row([digest.as_bytes()], read).optional()?)
}
