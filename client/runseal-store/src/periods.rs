use crate::{
    SqliteStore,
    columns::{address_at, digest_at, find_number_at, leaf_at, list_rows, number, number_at},
    failure::Failure,
};
use runseal_client::{
    StoreError,
    sealing::{self, CHUNK_LEAVES, parse_leaves},
    store::{Conflict, Cut, LeafChunk, LogIdentity, MOST_ITEMS, Periods, SealedPeriod},
};
use runseal_types::{Address, Digest, Leaf, Period, Sequence};
use rusqlite::{Connection, OptionalExtension, Row, params};

impl Periods for SqliteStore {
    fn bind_log(&self, identity: &LogIdentity) -> Result<(), StoreError> {
        let identity = *identity;
        self.write(move |connection| bind(connection, &identity))
    }

    fn find_log(&self) -> Result<Option<LogIdentity>, StoreError> {
        self.read(find_log)
    }

    fn seal_period(&self, period: Period, cut: Cut) -> Result<SealedPeriod, StoreError> {
        self.write(move |connection| seal(connection, period, cut))
    }

    fn list_periods(&self, from: Period, limit: usize) -> Result<Vec<SealedPeriod>, StoreError> {
        self.read(|connection| {
            let query = "SELECT period, root, leaf_count FROM periods WHERE period >= ?1
                ORDER BY period LIMIT ?2";
            let mut statement = connection.prepare_cached(query)?;
            let rows = statement.query_map([number(from.0)?, list_rows(limit)], period_of)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn list_period_leaves(
        &self,
        period: Period,
        from_index: u64,
        limit: usize,
    ) -> Result<Vec<Leaf>, StoreError> {
        self.read(|connection| leaves(connection, period, from_index, limit))
    }

    fn find_chunk(
        &self,
        period: Period,
        agent: &Address,
        sequence: Sequence,
    ) -> Result<Option<LeafChunk>, StoreError> {
        let key = [agent.as_bytes().as_slice(), &sequence.0.to_be_bytes()].concat();
        self.read(|connection| find_chunk(connection, period, &key))
    }

    fn list_chunk_roots(&self, period: Period) -> Result<Vec<Digest>, StoreError> {
        self.read(|connection| {
            find(connection, period)?.ok_or(Conflict::PeriodNotSealed { period })?;
            let query = "SELECT root FROM leaf_chunks WHERE period = ?1 ORDER BY chunk";
            let mut statement = connection.prepare_cached(query)?;
            let roots = statement.query_map([number(period.0)?], |row| digest_at(row, 0))?;
            Ok(roots.collect::<Result<_, _>>()?)
        })
    }
}

/// The last chunk that begins at or before a leaf's place, found by halving: SQLite reads a chunk whole
/// to look at its beginning. Leaves begin with what they are sorted by.
fn find_chunk(
    connection: &Connection,
    period: Period,
    key: &[u8],
) -> Result<Option<LeafChunk>, Failure> {
    let sealed = find(connection, period)?.ok_or(Conflict::PeriodNotSealed { period })?;
    let query = "SELECT leaves FROM leaf_chunks WHERE period = ?1 AND chunk = ?2";
    let mut statement = connection.prepare_cached(query)?;
    let chunk_leaves = u64::try_from(CHUNK_LEAVES).map_err(Failure::damaged)?;
    let (mut from, mut to) = (0, sealed.leaf_count.div_ceil(chunk_leaves));
    let mut found = None;
    while from < to {
        let middle = from + (to - from) / 2;
        let values = [number(period.0)?, number(middle)?];
        let bytes: Vec<u8> = statement.query_row(values, |row| row.get(0))?;
        if bytes.get(..key.len()).is_some_and(|first| first <= key) {
            (from, found) = (middle + 1, Some((middle, bytes)));
        } else {
            to = middle;
        }
    }
    let chunk = |(number, bytes): (u64, Vec<u8>)| {
        let leaves = parse_leaves(&bytes).ok_or_else(|| Failure::damaged("a leaf is cut off"))?;
        Ok(LeafChunk { number, leaves })
    };
    found.map(chunk).transpose()
}

pub(crate) fn find_log(connection: &Connection) -> Result<Option<LogIdentity>, Failure> {
    let mut statement = connection.prepare_cached("SELECT genesis_hash, address FROM log")?;
    let read = |row: &Row<'_>| {
        Ok(LogIdentity { genesis_hash: digest_at(row, 0)?, log: address_at(row, 1)? })
    };
    Ok(statement.query_row([], read).optional()?)
}

pub(crate) fn load_log(connection: &Connection) -> Result<LogIdentity, Failure> {
    Ok(find_log(connection)?.ok_or(Conflict::NoLog)?)
}

fn bind(connection: &Connection, identity: &LogIdentity) -> Result<(), Failure> {
    match find_log(connection)? {
        Some(stored) if stored == *identity => Ok(()),
        Some(LogIdentity { genesis_hash, log: stored }) => {
            Err(Conflict::OtherLog { stored, genesis_hash }.into())
        }
        None => {
            let insert = "INSERT INTO log (id, genesis_hash, address) VALUES (1, ?1, ?2)";
            let values = params![identity.genesis_hash.as_bytes(), identity.log.as_bytes()];
            connection.execute(insert, values)?;
            Ok(())
        }
    }
}

fn period_of(row: &Row<'_>) -> rusqlite::Result<SealedPeriod> {
    let (period, leaf_count) = (Period(number_at(row, 0)?), number_at(row, 2)?);
    Ok(SealedPeriod { period, root: digest_at(row, 1)?, leaf_count })
}

pub(crate) fn find(
    connection: &Connection,
    period: Period,
) -> Result<Option<SealedPeriod>, Failure> {
    let query = "SELECT period, root, leaf_count FROM periods WHERE period = ?1";
    let mut statement = connection.prepare_cached(query)?;
    Ok(statement.query_row([number(period.0)?], period_of).optional()?)
}

fn seal(connection: &Connection, period: Period, cut: Cut) -> Result<SealedPeriod, Failure> {
    let context = load_log(connection)?.context(period);
    if let Some(sealed) = find(connection, period)? {
        return Ok(sealed);
    }
    let last = "SELECT max(period), max(sealed_through) FROM periods";
    let (last, sealed_through): (Option<i64>, Option<i64>) =
        connection.query_row(last, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let expected = last.map_or(0, |last| last + 1);
    if number(period.0)? != expected {
        let expected = Period(u64::try_from(expected).map_err(Failure::damaged)?);
        return Err(Conflict::PeriodNotNext { expected, found: period }.into());
    }
    let Taken { receipts, mut leaves, through } =
        take(connection, period, sealed_through.unwrap_or(0), cut)?;
    leaves.sort_unstable();
    let roots = sealing::chunk_roots(&context, &leaves).map_err(Failure::damaged)?;
    let root = sealing::root(roots.iter().copied());
    let leaf_count = u64::try_from(leaves.len()).map_err(Failure::damaged)?;
    // The period first: a million references to a row that is there are not looked at again.
    let insert = "INSERT INTO periods (period, root, leaf_count, sealed_through)
        VALUES (?1, ?2, ?3, ?4)";
    let values = params![expected, root.as_bytes(), number(leaf_count)?, through];
    connection.execute(insert, values)?;
    put_chunks(connection, period, &leaves, &roots)?;
    assign(connection, period, &receipts)?;
    Ok(SealedPeriod { period, root, leaf_count })
}

/// What goes into a period.
#[derive(Default)]
struct Taken {
    /// The numbers of its receipts' rows.
    receipts: Vec<i64>,
    leaves: Vec<Leaf>,
    /// Up to here every receipt is in this period or an earlier one.
    through: i64,
}

/// Takes every receipt up to the cut that is promised for no later period, and every one that is
/// promised for this one or an earlier one.
fn take(
    connection: &Connection,
    period: Period,
    sealed_through: i64,
    cut: Cut,
) -> Result<Taken, Failure> {
    let newest: i64 =
        connection.query_row("SELECT ifnull(max(id), 0) FROM receipts", [], |row| row.get(0))?;
    let cut = match cut {
        Cut::Everything => newest,
        Cut::Through(position) => {
            number(position.0)?.clamp(sealed_through, newest.max(sealed_through))
        }
    };
    let query = "SELECT id, agent, sequence, digest, promises.period FROM receipts
        LEFT JOIN promises ON promises.receipt_id = id
        WHERE id > ?1 AND NOT EXISTS (SELECT 1 FROM assignments WHERE receipt_id = id)
        ORDER BY id";
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query([sealed_through])?;
    let mut taken = Taken { through: cut, ..Taken::default() };
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let promised = find_number_at(row, 4)?;
        if promised.map_or(id <= cut, |promised| promised <= period.0) {
            taken.receipts.push(id);
            taken.leaves.push(leaf_at(row, 1)?);
        } else {
            // What is promised for a later period stays behind, and is looked at again.
            taken.through = taken.through.min(id - 1);
        }
    }
    Ok(taken)
}

fn assign(connection: &Connection, period: Period, receipts: &[i64]) -> Result<(), Failure> {
    let insert = "INSERT INTO assignments (receipt_id, period)
        SELECT id, ?1 FROM receipts WHERE id BETWEEN ?2 AND ?3";
    let mut statement = connection.prepare_cached(insert)?;
    let period = number(period.0)?;
    // Rows without a gap, which is nearly always all of them, are one statement.
    for rows in receipts.chunk_by(|one, next| one + 1 == *next) {
        if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
            statement.execute([period, *first, *last])?;
        }
    }
    Ok(())
}

pub(crate) fn assigned_leaves(
    connection: &Connection,
    period: Period,
) -> Result<Vec<Leaf>, Failure> {
    // Receipts of a period lie close together, so the assignments are not searched from the start.
    let query = "SELECT agent, sequence, digest FROM assignments
        JOIN receipts ON receipts.id = assignments.receipt_id
        WHERE assignments.period = ?1 AND assignments.receipt_id >
            ifnull((SELECT min(sealed_through) FROM (SELECT sealed_through FROM periods
                WHERE period < ?1 ORDER BY period DESC LIMIT 1)), 0)";
    let mut statement = connection.prepare_cached(query)?;
    let leaves = statement.query_map([number(period.0)?], |row| leaf_at(row, 0))?;
    Ok(leaves.collect::<Result<_, _>>()?)
}

fn put_chunks(
    connection: &Connection,
    period: Period,
    leaves: &[Leaf],
    roots: &[Digest],
) -> Result<(), Failure> {
    let insert = "INSERT INTO leaf_chunks (period, chunk, root, leaves) VALUES (?1, ?2, ?3, ?4)";
    let mut statement = connection.prepare_cached(insert)?;
    for (index, (leaves, root)) in (0i64..).zip(leaves.chunks(CHUNK_LEAVES).zip(roots)) {
        let bytes = sealing::list_bytes(leaves);
        statement.execute(params![number(period.0)?, index, root.as_bytes(), bytes])?;
    }
    Ok(())
}

fn leaves(
    connection: &Connection,
    period: Period,
    from_index: u64,
    limit: usize,
) -> Result<Vec<Leaf>, Failure> {
    find(connection, period)?.ok_or(Conflict::PeriodNotSealed { period })?;
    let chunk_leaves = u64::try_from(CHUNK_LEAVES).map_err(Failure::damaged)?;
    let skipped = usize::try_from(from_index % chunk_leaves).map_err(Failure::damaged)?;
    let query = "SELECT leaves FROM leaf_chunks WHERE period = ?1 AND chunk >= ?2 ORDER BY chunk";
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query([number(period.0)?, number(from_index / chunk_leaves)?])?;
    let wanted = limit.clamp(1, MOST_ITEMS) + skipped;
    let mut leaves = Vec::new();
    while leaves.len() < wanted
        && let Some(row) = rows.next()?
    {
        let bytes: Vec<u8> = row.get(0)?;
        leaves.extend(parse_leaves(&bytes).ok_or_else(|| Failure::damaged("a leaf is cut off"))?);
    }
    leaves.truncate(wanted);
    Ok(leaves.split_off(skipped.min(leaves.len())))
}
