use super::{Report, Subject};
use crate::{
    columns::{digest_at, number, number_at},
    failure::Failure,
    periods::{assigned_leaves, find_log},
};
use runseal_client::{
    sealing::{self, CHUNK_LEAVES},
    store::LogIdentity,
};
use runseal_types::{Digest, Period};
use rusqlite::Connection;

/// Every period has the leaves that were assigned to it, in order, and the root over them.
pub(super) fn check(connection: &Connection, report: &mut Report<'_>) -> Result<(), Failure> {
    let query = "SELECT period, root, leaf_count,
        (SELECT root FROM anchors WHERE anchors.period = periods.period),
        (SELECT count(*) FROM assignments WHERE assignments.period = periods.period)
        FROM periods ORDER BY period";
    let mut statement = connection.prepare(query)?;
    let mut rows = statement.query([])?;
    let log = find_log(connection)?;
    let mut expected = 0;
    while let Some(row) = rows.next()? {
        let period = Period(number_at(row, 0)?);
        let mut tell = |problem: String| report(Subject::Period(period), problem);
        if period.0 != expected {
            tell(format!("it follows on period {expected} less one"));
        }
        expected = period.0.saturating_add(1);
        let Some(log) = &log else {
            tell("it is sealed, and the store belongs to no log".to_owned());
            continue;
        };
        let (root, count) = (digest_at(row, 1)?, number_at(row, 2)?);
        check_leaves(connection, log, period, (root, count, number_at(row, 4)?), &mut tell)?;
        if let Some(anchored) = row.get::<_, Option<[u8; 32]>>(3)?.map(Digest::new)
            && anchored != root
        {
            tell(format!("its root is {root}, it is anchored with {anchored}"));
        }
    }
    Ok(())
}

fn check_leaves(
    connection: &Connection,
    log: &LogIdentity,
    period: Period,
    (root, count, assigned_count): (Digest, u64, u64),
    tell: &mut dyn FnMut(String),
) -> Result<(), Failure> {
    let mut leaves = assigned_leaves(connection, period)?;
    leaves.sort_unstable();
    let found = u64::try_from(leaves.len()).map_err(Failure::damaged)?;
    if (found, found) != (count, assigned_count) {
        tell(format!(
            "it has {count} leaves, {assigned_count} receipts are in it, {found} in reach"
        ));
    }
    let context = log.context(period);
    let roots = match sealing::chunk_roots(&context, &leaves) {
        Ok(roots) => roots,
        Err(error) => {
            tell(error.to_string());
            return Ok(());
        }
    };
    let query = "SELECT chunk, root, leaves FROM leaf_chunks WHERE period = ?1 ORDER BY chunk";
    let mut statement = connection.prepare(query)?;
    let mut rows = statement.query([number(period.0)?])?;
    for (index, (leaves, &computed)) in (0u64..).zip(leaves.chunks(CHUNK_LEAVES).zip(&roots)) {
        let Some(row) = rows.next()? else {
            tell(format!("chunk {index} of its leaf list is missing"));
            continue;
        };
        let (number, stored) = (number_at(row, 0)?, digest_at(row, 1)?);
        if (number, stored) != (index, computed) {
            tell(format!("chunk {index} has root {computed}, {number} is stored with {stored}"));
        }
        if row.get_ref(2)?.as_blob().map_err(Failure::damaged)? != sealing::list_bytes(leaves) {
            tell(format!("chunk {index} of its leaf list is not what its receipts make it"));
        }
    }
    if rows.next()?.is_some() {
        tell("its leaf list has more chunks than leaves".to_owned());
    }
    let computed = sealing::root(roots);
    if computed != root {
        tell(format!("its root is {root}, its receipts have {computed}"));
    }
    Ok(())
}

/// No promise is broken: a promised receipt is in its period once that is sealed, and in no other.
pub(super) fn promises(connection: &Connection, report: &mut Report<'_>) -> Result<(), Failure> {
    let query = "SELECT digest, promises.period, assignments.period FROM promises
        JOIN receipts ON receipts.id = promises.receipt_id
        LEFT JOIN assignments ON assignments.receipt_id = promises.receipt_id
        WHERE assignments.period IS NOT promises.period
        AND (assignments.period IS NOT NULL
            OR promises.period <= (SELECT max(period) FROM periods))";
    let mut statement = connection.prepare(query)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (promised, found) = (number_at(row, 1)?, row.get::<_, Option<u64>>(2)?);
        let problem = match found {
            Some(found) => format!("it was promised for period {promised} and is in {found}"),
            None => format!("it was promised for period {promised}, which is sealed without it"),
        };
        report(Subject::Promise(digest_at(row, 0)?), problem);
    }
    Ok(())
}
