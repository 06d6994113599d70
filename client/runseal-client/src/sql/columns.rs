//! How values stand in columns.

use super::{Datum, Failure, Row, Sql};
use crate::store::{MOST_ITEMS, Page, Position, StoreError};
use runseal_types::{Address, Digest, Leaf, Sequence, Timestamp};

/// The largest number that a column holds.
pub(super) fn number(number: u64) -> Result<i64, Failure> {
    i64::try_from(number).map_err(|_| StoreError::NumberTooLarge { number }.into())
}

fn there<T>(found: Option<T>, index: usize) -> Result<T, Failure> {
    found.ok_or_else(|| Failure::Damaged(format!("column {index} is empty")))
}

pub(super) fn not_a(what: &str, index: usize) -> Failure {
    Failure::Damaged(format!("column {index} has not a {what}"))
}

/// Reads the number of a row.
pub(super) fn id_at(row: &dyn Row, index: usize) -> Result<i64, Failure> {
    there(row.number(index)?, index)
}

pub(super) fn number_at(row: &dyn Row, index: usize) -> Result<u64, Failure> {
    there(find_number_at(row, index)?, index)
}

pub(super) fn find_number_at(row: &dyn Row, index: usize) -> Result<Option<u64>, Failure> {
    let number = row.number(index)?;
    number.map(|number| number.try_into().map_err(|_| not_a("number from 0", index))).transpose()
}

pub(super) fn position_at(row: &dyn Row, index: usize) -> Result<Position, Failure> {
    number_at(row, index).map(Position)
}

pub(super) fn text_at(row: &dyn Row, index: usize) -> Result<String, Failure> {
    there(row.text(index)?, index).map(str::to_owned)
}

pub(super) fn find_text_at(row: &dyn Row, index: usize) -> Result<Option<String>, Failure> {
    Ok(row.text(index)?.map(str::to_owned))
}

pub(super) fn bytes_at(row: &dyn Row, index: usize) -> Result<&[u8], Failure> {
    there(row.bytes(index)?, index)
}

pub(super) fn array_at<const N: usize>(row: &dyn Row, index: usize) -> Result<[u8; N], Failure> {
    there(find_array_at(row, index)?, index)
}

pub(super) fn find_array_at<const N: usize>(
    row: &dyn Row,
    index: usize,
) -> Result<Option<[u8; N]>, Failure> {
    let wrong = || Failure::Damaged(format!("column {index} has not {N} bytes"));
    row.bytes(index)?.map(|bytes| bytes.try_into().map_err(|_| wrong())).transpose()
}

pub(super) fn digest_at(row: &dyn Row, index: usize) -> Result<Digest, Failure> {
    array_at(row, index).map(Digest::new)
}

pub(super) fn find_digest_at(row: &dyn Row, index: usize) -> Result<Option<Digest>, Failure> {
    Ok(find_array_at(row, index)?.map(Digest::new))
}

pub(super) fn address_at(row: &dyn Row, index: usize) -> Result<Address, Failure> {
    array_at(row, index).map(Address::new)
}

/// Reads agent, sequence and digest from three columns.
pub(super) fn leaf_at(row: &dyn Row, index: usize) -> Result<Leaf, Failure> {
    Ok(Leaf {
        agent: address_at(row, index)?,
        sequence: Sequence(number_at(row, index + 1)?),
        digest: digest_at(row, index + 2)?,
    })
}

/// Reads seconds and nanoseconds from two columns.
pub(super) fn timestamp_at(row: &dyn Row, index: usize) -> Result<Timestamp, Failure> {
    let (seconds, nanoseconds) = (number_at(row, index)?, number_at(row, index + 1)?);
    let time = u32::try_from(nanoseconds).ok().and_then(|part| Timestamp::new(seconds, part));
    time.ok_or_else(|| not_a("time", index))
}

/// Reads a word, or anything else that is parsed from text.
pub(super) fn parsed_at<T>(
    row: &dyn Row,
    index: usize,
    what: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, Failure> {
    parse(there(row.text(index)?, index)?).ok_or_else(|| not_a(what, index))
}

/// How many rows are asked for: one more than the page has, which tells whether there are more.
pub(super) fn page_rows(limit: usize) -> i64 {
    i64::try_from(limit.clamp(1, MOST_ITEMS)).unwrap_or(1) + 1
}

pub(super) fn list_rows(limit: usize) -> i64 {
    page_rows(limit) - 1
}

/// Makes a page of rows with their positions, of which there may be one too many.
pub(super) fn page<T>(
    sql: &dyn Sql,
    query: &str,
    values: &[Datum<'_>],
    limit: usize,
    read: impl Fn(&dyn Row) -> Result<(Position, T), Failure>,
) -> Result<Page<T>, Failure> {
    let mut rows = sql.all(query, values, read)?;
    let size = limit.clamp(1, MOST_ITEMS);
    let has_more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().map(|(position, _)| *position).filter(|_| has_more);
    Ok(Page { items: rows.into_iter().map(|(_, item)| item).collect(), next })
}

pub(super) fn after(position: Option<Position>) -> Result<i64, Failure> {
    number(position.map_or(0, |position| position.0))
}
