use super::{
    Database, Failure, Row, Sql,
    columns::{
        after, array_at, find_array_at, find_number_at, id_at, leaf_at, number, number_at, page,
        page_rows, position_at,
    },
    datum::values,
    periods,
    sealed_ranges::PERIOD,
};
use crate::store::{
    Conflict, LogIdentity, Page, Position, Promises, SignedPromise, StoreError, Stored,
};
use runseal_types::{Digest, Leaf, Period, Promise};

impl<D: Database + ?Sized> Promises for D {
    fn put_promise(&self, promise: &SignedPromise) -> Result<Stored, StoreError> {
        let promise = *promise;
        self.write(move |sql| put(sql, &promise))
    }

    fn find_promise(&self, receipt: &Digest) -> Result<Option<SignedPromise>, StoreError> {
        self.read(|sql| {
            let Some(log) = periods::find_log(sql)? else { return Ok(None) };
            let query = format!("{PROMISES} WHERE digest = ?1");
            let found = sql.one(&query, values![receipt], |row| promise_of(row, &log))?;
            Ok(found.map(|(_, promise)| promise))
        })
    }

    fn list_promises(
        &self,
        period: Period,
        position: Option<Position>,
        limit: usize,
    ) -> Result<Page<SignedPromise>, StoreError> {
        self.read(|sql| {
            let log = periods::load_log(sql)?;
            let query =
                format!("{PROMISES} WHERE period = ?1 AND receipt_id > ?2 ORDER BY id LIMIT ?3");
            let values = values![number(period.0)?, after(position)?, page_rows(limit)];
            page(sql, &query, values, limit, |row| promise_of(row, &log))
        })
    }
}

const PROMISES: &str = "SELECT id, agent, sequence, digest, period, signature FROM promises
    JOIN receipts ON receipts.id = receipt_id";

fn promise_of(row: &dyn Row, log: &LogIdentity) -> Result<(Position, SignedPromise), Failure> {
    let period = Period(number_at(row, 4)?);
    let promise = Promise { context: log.context(period), period, leaf: leaf_at(row, 1)? };
    let signature = array_at(row, 5)?;
    Ok((position_at(row, 0)?, SignedPromise { promise, signature }))
}

/// What there is of the receipt: its row, its leaf, its period, what was promised, the signature.
type Found = (i64, Leaf, Option<u64>, Option<u64>, Option<[u8; 64]>);

fn put(sql: &dyn Sql, signed: &SignedPromise) -> Result<Stored, Failure> {
    let Promise { context, period, leaf } = signed.promise;
    if context != periods::load_log(sql)?.context(period) {
        return Err(Conflict::PromiseOfOther { part: "context" }.into());
    }
    let digest = leaf.digest;
    let (id, stored, sealed, promised, signature) =
        find(sql, &digest)?.ok_or(Conflict::UnknownReceipt { digest })?;
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
    if let Some(sealed) = periods::find(sql, period)? {
        return Err(Conflict::PeriodSealed { period, root: sealed.root }.into());
    }
    let insert = "INSERT INTO promises (receipt_id, period, signature) VALUES (?1, ?2, ?3)";
    let values = values![id, number(period.0)?, &signed.signature];
    sql.execute(insert, values)?;
    Ok(Stored::New)
}

fn find(sql: &dyn Sql, digest: &Digest) -> Result<Option<Found>, Failure> {
    let query = format!(
        "SELECT id, agent, sequence, digest, {PERIOD}, promises.period, signature
            FROM receipts LEFT JOIN promises ON promises.receipt_id = id WHERE digest = ?1"
    );
    let read = |row: &dyn Row| {
        let (sealed, promised) = (find_number_at(row, 4)?, find_number_at(row, 5)?);
        Ok((id_at(row, 0)?, leaf_at(row, 1)?, sealed, promised, find_array_at(row, 6)?))
    };
    sql.one(&query, values![digest], read)
}
