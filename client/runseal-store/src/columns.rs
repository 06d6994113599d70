//! How values stand in columns.

use crate::failure::Failure;
use runseal_client::{
    StoreError,
    store::{MOST_ITEMS, Page, Position},
};
use runseal_types::{Address, Digest, Leaf, Sequence, Timestamp};
use rusqlite::{Row, types::Type};

/// The largest number that a column holds.
pub(crate) fn number(number: u64) -> Result<i64, Failure> {
    i64::try_from(number).map_err(|_| StoreError::NumberTooLarge { number }.into())
}

pub(crate) fn number_at(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(index)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(index, number))
}

pub(crate) fn find_number_at(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<u64>> {
    let number: Option<i64> = row.get(index)?;
    let out_of_range = |number| rusqlite::Error::IntegralValueOutOfRange(index, number);
    number.map(|number| u64::try_from(number).map_err(|_| out_of_range(number))).transpose()
}

pub(crate) fn digest_at(row: &Row<'_>, index: usize) -> rusqlite::Result<Digest> {
    row.get(index).map(Digest::new)
}

pub(crate) fn find_digest_at(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Digest>> {
    Ok(row.get::<_, Option<[u8; 32]>>(index)?.map(Digest::new))
}

pub(crate) fn address_at(row: &Row<'_>, index: usize) -> rusqlite::Result<Address> {
    row.get(index).map(Address::new)
}

/// Reads agent, sequence and digest from three columns.
pub(crate) fn leaf_at(row: &Row<'_>, index: usize) -> rusqlite::Result<Leaf> {
    Ok(Leaf {
        agent: address_at(row, index)?,
        sequence: Sequence(number_at(row, index + 1)?),
        digest: digest_at(row, index + 2)?,
    })
}

/// Reads seconds and nanoseconds from two columns.
pub(crate) fn timestamp_at(row: &Row<'_>, index: usize) -> rusqlite::Result<Timestamp> {
    let (seconds, nanoseconds) = (number_at(row, index)?, row.get(index + 1)?);
    Timestamp::new(seconds, nanoseconds).ok_or_else(|| not_a("time", index))
}

/// Reads a word, or anything else that is parsed from text.
pub(crate) fn parsed_at<T>(
    row: &Row<'_>,
    index: usize,
    what: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text: String = row.get(index)?;
    parse(&text).ok_or_else(|| not_a(what, index))
}

pub(crate) fn not_a(what: &str, index: usize) -> rusqlite::Error {
    let reason = format!("not a {what}");
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, reason.into())
}

/// How many rows are asked for: one more than the page has, which tells whether there are more.
pub(crate) fn page_rows(limit: usize) -> i64 {
    i64::try_from(limit.clamp(1, MOST_ITEMS)).unwrap_or(1) + 1
}

pub(crate) fn list_rows(limit: usize) -> i64 {
    page_rows(limit) - 1
}

/// Makes a page of rows with their positions, of which there may be one too many.
pub(crate) fn page<T>(
    rows: impl Iterator<Item = rusqlite::Result<(Position, T)>>,
    limit: usize,
) -> Result<Page<T>, Failure> {
    let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
    let size = limit.clamp(1, MOST_ITEMS);
    let has_more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().map(|(position, _)| *position).filter(|_| has_more);
    Ok(Page { items: rows.into_iter().map(|(_, item)| item).collect(), next })
}

pub(crate) fn after(position: Option<Position>) -> Result<i64, Failure> {
    number(position.map_or(0, |position| position.0))
}
