//! Which receipts a period has. Nearly always those between two rows, so that they are kept as ranges
//! of rows: a million receipts that are sealed are one row more and not a million.

use super::{
    Failure, Into, Sql,
    columns::{id_at, leaf_at, number, number_at},
    datum::{row, values},
};
use crate::store::Cut;
use runseal_types::{Leaf, Period};
use std::ops::RangeInclusive;

/// The period of the row of `receipts` that a query is at; null if it is in none.
pub(super) const PERIOD: &str =
    "(SELECT CASE WHEN last_id >= receipts.id THEN sealed_ranges.period END
    FROM sealed_ranges WHERE first_id <= receipts.id ORDER BY first_id DESC LIMIT 1)";

/// Rows of receipts, one behind the other.
type Rows = RangeInclusive<i64>;

/// What goes into a period.
#[derive(Default)]
pub(super) struct Taken {
    /// The rows of its receipts.
    pub(super) ranges: Vec<Rows>,
    pub(super) leaves: Vec<Leaf>,
    /// Up to here every receipt is in this period or an earlier one.
    pub(super) through: i64,
}

impl Taken {
    fn put(&mut self, id: i64, leaf: Leaf) {
        match self.ranges.last_mut() {
            Some(last) if last.end().checked_add(1) == Some(id) => *last = *last.start()..=id,
            _ => self.ranges.push(id..=id),
        }
        self.leaves.push(leaf);
    }
}

/// Takes every receipt up to the cut that is promised for no later period, and every one that is
/// promised for this one or an earlier one.
pub(super) fn take(
    sql: &dyn Sql,
    period: Period,
    sealed_through: i64,
    cut: Cut,
) -> Result<Taken, Failure> {
    let newest = "SELECT coalesce(max(id), 0) FROM receipts";
    let newest = sql.one(newest, &[], |row| id_at(row, 0))?.unwrap_or(0);
    let cut = match cut {
        Cut::Everything => newest,
        Cut::Through(position) => {
            number(position.0)?.clamp(sealed_through, newest.max(sealed_through))
        }
    };
    let mut sealed = sealed_behind(sql, sealed_through)?.into_iter().peekable();
    let mut promises = promises_behind(sql, sealed_through)?.into_iter().peekable();
    let mut taken = Taken { through: cut, ..Taken::default() };
    let query = "SELECT id, agent, sequence, digest FROM receipts WHERE id > ?1 ORDER BY id";
    sql.scan(query, values![sealed_through], &mut |row| {
        let id = id_at(row, 0)?;
        while sealed.next_if(|rows| *rows.end() < id).is_some() {}
        if sealed.peek().is_some_and(|rows| rows.contains(&id)) {
            return Ok(());
        }
        while promises.next_if(|(receipt, _)| *receipt < id).is_some() {}
        let promised = promises.next_if(|(receipt, _)| *receipt == id).map(|(_, period)| period);
        if promised.map_or(id <= cut, |promised| promised <= period.0) {
            taken.put(id, leaf_at(row, 1)?);
        } else {
            // What is promised for a later period stays behind, and is looked at again.
            taken.through = taken.through.min(id - 1);
        }
        Ok(())
    })?;
    Ok(taken)
}

/// What of the receipts behind a row is sealed already, in order.
fn sealed_behind(sql: &dyn Sql, id: i64) -> Result<Vec<Rows>, Failure> {
    let query = "SELECT first_id, last_id FROM sealed_ranges WHERE first_id >=
        coalesce((SELECT max(first_id) FROM sealed_ranges WHERE first_id <= ?1), 0)
        ORDER BY first_id";
    let mut ranges = Vec::new();
    sql.scan(query, values![id], &mut |row| {
        ranges.push(id_at(row, 0)?..=id_at(row, 1)?);
        Ok(())
    })?;
    Ok(ranges)
}

/// The periods that receipts behind a row are promised for, in order.
fn promises_behind(sql: &dyn Sql, id: i64) -> Result<Vec<(i64, u64)>, Failure> {
    let query = "SELECT receipt_id, period FROM promises WHERE receipt_id > ?1 ORDER BY receipt_id";
    let mut promises = Vec::new();
    sql.scan(query, values![id], &mut |row| {
        promises.push((id_at(row, 0)?, number_at(row, 1)?));
        Ok(())
    })?;
    Ok(promises)
}

/// Says which rows a period has.
pub(super) fn put(sql: &dyn Sql, period: Period, ranges: &[Rows]) -> Result<(), Failure> {
    let columns = &["first_id", "last_id", "period"];
    let into = Into { table: "sealed_ranges", columns, or_ignore: false };
    let period = number(period.0)?;
    let rows = ranges.iter().map(|rows| row![*rows.start(), *rows.end(), period]);
    sql.insert(&into, &rows.collect::<Vec<_>>())
}

/// Reads a period's leaves from its receipts, in the order of their rows.
pub(super) fn leaves(sql: &dyn Sql, period: Period) -> Result<Vec<Leaf>, Failure> {
    // A period has nothing of what is sealed up to the one before, or it is not found here.
    let query = "SELECT agent, sequence, digest FROM sealed_ranges
        JOIN receipts ON receipts.id BETWEEN first_id AND last_id
        WHERE sealed_ranges.period = ?1 AND first_id >
            coalesce((SELECT sealed_through FROM periods WHERE period < ?1
                ORDER BY period DESC LIMIT 1), 0)";
    let mut leaves = Vec::new();
    sql.scan(query, values![number(period.0)?], &mut |row| {
        leaves.push(leaf_at(row, 0)?);
        Ok(())
    })?;
    Ok(leaves)
}
