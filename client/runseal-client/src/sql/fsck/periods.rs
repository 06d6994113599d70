use super::{
    super::{
        Failure, Sql,
        anchoring::facts_at,
        columns::{bytes_at, digest_at, find_digest_at, find_number_at, number, number_at},
        datum::values,
        periods::find_log,
        sealed_ranges::{self, PERIOD},
    },
    Report, Subject,
};
use crate::{
    sealing::{self, CHUNK_LEAVES},
    store::LogIdentity,
};
use runseal_types::{Digest, Leaf, Period};

/// Every period has the leaves that were assigned to it, in order, and the root over them.
pub(super) fn check(sql: &dyn Sql, report: &mut Report<'_>) -> Result<(), Failure> {
    let query = "SELECT periods.period, periods.root, leaf_count,
        anchors.root, anchors.anchor_hash, anchors.facts,
        (SELECT CAST(coalesce(sum(last_id - first_id + 1), 0) AS BIGINT) FROM sealed_ranges
            WHERE sealed_ranges.period = periods.period)
        FROM periods LEFT JOIN anchors ON anchors.period = periods.period
        ORDER BY periods.period";
    let log = find_log(sql)?;
    let mut expected = 0;
    sql.scan(query, &[], &mut |row| {
        let period = Period(number_at(row, 0)?);
        let mut tell = |problem: String| report(Subject::Period(period), problem);
        if period.0 != expected {
            tell(format!("it follows on period {expected} less one"));
        }
        expected = period.0.saturating_add(1);
        let Some(log) = &log else {
            tell("it is sealed, and the store belongs to no log".to_owned());
            return Ok(());
        };
        let (root, count) = (digest_at(row, 1)?, number_at(row, 2)?);
        check_leaves(sql, log, period, (root, count, number_at(row, 6)?), &mut tell)?;
        if let Some(anchored) = find_digest_at(row, 3)?
            && anchored != root
        {
            tell(format!("its root is {root}, it is anchored with {anchored}"));
        }
        if let (Some(noted), Some(facts)) = (find_digest_at(row, 4)?, facts_at(row, 5)?)
            && facts.hash() != noted
        {
            tell(format!("its anchor is noted as {noted}, what it says has {}", facts.hash()));
        }
        Ok(())
    })
}

fn check_leaves(
    sql: &dyn Sql,
    log: &LogIdentity,
    period: Period,
    (root, count, assigned_count): (Digest, u64, u64),
    tell: &mut dyn FnMut(String),
) -> Result<(), Failure> {
    let mut leaves = sealed_ranges::leaves(sql, period)?;
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
    let mut chunks = (0u64..).zip(leaves.chunks(CHUNK_LEAVES).zip(&roots));
    let mut too_many = false;
    sql.scan(query, values![number(period.0)?], &mut |row| {
        let stored = (number_at(row, 0)?, digest_at(row, 1)?);
        match chunks.next() {
            Some((index, (leaves, root))) => {
                check_chunk((index, *root), leaves, stored, bytes_at(row, 2)?, tell);
            }
            None => too_many = true,
        }
        Ok(())
    })?;
    for (index, _) in chunks {
        tell(format!("chunk {index} of its leaf list is missing"));
    }
    if too_many {
        tell("its leaf list has more chunks than leaves".to_owned());
    }
    let computed = sealing::root(roots);
    if computed != root {
        tell(format!("its root is {root}, its receipts have {computed}"));
    }
    Ok(())
}

fn check_chunk(
    (index, computed): (u64, Digest),
    leaves: &[Leaf],
    (number, stored): (u64, Digest),
    bytes: &[u8],
    tell: &mut dyn FnMut(String),
) {
    if (number, stored) != (index, computed) {
        tell(format!("chunk {index} has root {computed}, {number} is stored with {stored}"));
    }
    if bytes != sealing::list_bytes(leaves) {
        tell(format!("chunk {index} of its leaf list is not what its receipts make it"));
    }
}

/// No promise is broken: a promised receipt is in its period once that is sealed, and in no other.
pub(super) fn promises(sql: &dyn Sql, report: &mut Report<'_>) -> Result<(), Failure> {
    let query = format!(
        "SELECT digest, promised, sealed FROM
            (SELECT digest, promises.period AS promised, {PERIOD} AS sealed
                FROM promises JOIN receipts ON receipts.id = promises.receipt_id) AS placed
            WHERE sealed IS DISTINCT FROM promised AND (sealed IS NOT NULL
                OR promised <= (SELECT max(period) FROM periods))"
    );
    sql.scan(&query, &[], &mut |row| {
        let (promised, found) = (number_at(row, 1)?, find_number_at(row, 2)?);
        let problem = match found {
            Some(found) => format!("it was promised for period {promised} and is in {found}"),
            None => format!("it was promised for period {promised}, which is sealed without it"),
        };
        report(Subject::Promise(digest_at(row, 0)?), problem);
        Ok(())
    })
}
