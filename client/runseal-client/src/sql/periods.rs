use super::{
    Database, Failure, Into, Row, Sql,
    columns::{address_at, bytes_at, digest_at, list_rows, number, number_at},
    datum::{row, values},
    sealed_ranges::{self, Taken},
};
use crate::{
    sealing::{self, CHUNK_LEAVES, parse_leaves},
    store::{Conflict, Cut, LeafChunk, LogIdentity, MOST_ITEMS, Periods, SealedPeriod, StoreError},
};
use runseal_types::{Address, Digest, Leaf, Period, Sequence};

impl<D: Database + ?Sized> Periods for D {
    fn bind_log(&self, identity: &LogIdentity) -> Result<(), StoreError> {
        let identity = *identity;
        self.write(move |sql| bind(sql, &identity))
    }

    fn find_log(&self) -> Result<Option<LogIdentity>, StoreError> {
        self.read(find_log)
    }

    fn seal_period(&self, period: Period, cut: Cut) -> Result<SealedPeriod, StoreError> {
        self.write(move |sql| seal(sql, period, cut))
    }

    fn list_periods(&self, from: Period, limit: usize) -> Result<Vec<SealedPeriod>, StoreError> {
        self.read(|sql| {
            let query = "SELECT period, root, leaf_count FROM periods WHERE period >= ?1
                ORDER BY period LIMIT ?2";
            sql.all(query, values![number(from.0)?, list_rows(limit)], period_of)
        })
    }

    fn list_period_leaves(
        &self,
        period: Period,
        from_index: u64,
        limit: usize,
    ) -> Result<Vec<Leaf>, StoreError> {
        self.read(|sql| leaves(sql, period, from_index, limit))
    }

    fn find_chunk(
        &self,
        period: Period,
        agent: &Address,
        sequence: Sequence,
    ) -> Result<Option<LeafChunk>, StoreError> {
        let key = [agent.as_bytes().as_slice(), &sequence.0.to_be_bytes()].concat();
        self.read(|sql| find_chunk(sql, period, &key))
    }

    fn list_chunk_roots(&self, period: Period) -> Result<Vec<Digest>, StoreError> {
        self.read(|sql| {
            find(sql, period)?.ok_or(Conflict::PeriodNotSealed { period })?;
            let query = "SELECT root FROM leaf_chunks WHERE period = ?1 ORDER BY chunk";
            sql.all(query, values![number(period.0)?], |row| digest_at(row, 0))
        })
    }
}

/// The last chunk that begins at or before a leaf's place, found by halving: a chunk is read
/// whole to look at its beginning. Leaves begin with what they are sorted by.
fn find_chunk(sql: &dyn Sql, period: Period, key: &[u8]) -> Result<Option<LeafChunk>, Failure> {
    let sealed = find(sql, period)?.ok_or(Conflict::PeriodNotSealed { period })?;
    let query = "SELECT leaves FROM leaf_chunks WHERE period = ?1 AND chunk = ?2";
    let chunk_leaves = u64::try_from(CHUNK_LEAVES).map_err(Failure::damaged)?;
    let (mut from, mut to) = (0, sealed.leaf_count.div_ceil(chunk_leaves));
    let mut found = None;
    while from < to {
        let middle = from + (to - from) / 2;
        let values = values![number(period.0)?, number(middle)?];
        let bytes = sql.one(query, values, |row| Ok(bytes_at(row, 0)?.to_vec()))?;
        let bytes = bytes.ok_or_else(|| Failure::damaged("a leaf list has a gap"))?;
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

pub(super) fn find_log(sql: &dyn Sql) -> Result<Option<LogIdentity>, Failure> {
    let read = |row: &dyn Row| {
        Ok(LogIdentity { genesis_hash: digest_at(row, 0)?, log: address_at(row, 1)? })
    };
    sql.one("SELECT genesis_hash, address FROM log", &[], read)
}

pub(super) fn load_log(sql: &dyn Sql) -> Result<LogIdentity, Failure> {
    Ok(find_log(sql)?.ok_or(Conflict::NoLog)?)
}

fn bind(sql: &dyn Sql, identity: &LogIdentity) -> Result<(), Failure> {
    match find_log(sql)? {
        Some(stored) if stored == *identity => Ok(()),
        Some(LogIdentity { genesis_hash, log: stored }) => {
            Err(Conflict::OtherLog { stored, genesis_hash }.into())
        }
        None => {
            let insert = "INSERT INTO log (id, genesis_hash, address) VALUES (1, ?1, ?2)";
            sql.execute(insert, values![&identity.genesis_hash, &identity.log])
        }
    }
}

fn period_of(row: &dyn Row) -> Result<SealedPeriod, Failure> {
    let (period, leaf_count) = (Period(number_at(row, 0)?), number_at(row, 2)?);
    Ok(SealedPeriod { period, root: digest_at(row, 1)?, leaf_count })
}

pub(super) fn find(sql: &dyn Sql, period: Period) -> Result<Option<SealedPeriod>, Failure> {
    let query = "SELECT period, root, leaf_count FROM periods WHERE period = ?1";
    sql.one(query, values![number(period.0)?], period_of)
}

fn seal(sql: &dyn Sql, period: Period, cut: Cut) -> Result<SealedPeriod, Failure> {
    let context = load_log(sql)?.context(period);
    if let Some(sealed) = find(sql, period)? {
        return Ok(sealed);
    }
    let last = "SELECT max(period), max(sealed_through) FROM periods";
    let found = sql.one(last, &[], |row| Ok((row.number(0)?, row.number(1)?)))?;
    let (last, sealed_through) = found.unwrap_or_default();
    let expected = last.map_or(0, |last| last + 1);
    if number(period.0)? != expected {
        let expected = Period(u64::try_from(expected).map_err(Failure::damaged)?);
        return Err(Conflict::PeriodNotNext { expected, found: period }.into());
    }
    let Taken { ranges, mut leaves, through } =
        sealed_ranges::take(sql, period, sealed_through.unwrap_or(0), cut)?;
    leaves.sort_unstable();
    let roots = sealing::chunk_roots(&context, &leaves).map_err(Failure::damaged)?;
    let root = sealing::root(roots.iter().copied());
    let leaf_count = u64::try_from(leaves.len()).map_err(Failure::damaged)?;
    // The period first: references to a row that is there are not looked at again.
    let insert = "INSERT INTO periods (period, root, leaf_count, sealed_through)
        VALUES (?1, ?2, ?3, ?4)";
    sql.execute(insert, values![expected, &root, number(leaf_count)?, through])?;
    put_chunks(sql, period, &leaves, &roots)?;
    sealed_ranges::put(sql, period, &ranges)?;
    Ok(SealedPeriod { period, root, leaf_count })
}

fn put_chunks(
    sql: &dyn Sql,
    period: Period,
    leaves: &[Leaf],
    roots: &[Digest],
) -> Result<(), Failure> {
    let columns = &["period", "chunk", "root", "leaves"];
    let into = Into { table: "leaf_chunks", columns, or_ignore: false };
    for (index, (leaves, root)) in (0i64..).zip(leaves.chunks(CHUNK_LEAVES).zip(roots)) {
        let bytes = sealing::list_bytes(leaves);
        sql.insert(&into, &[row![number(period.0)?, index, root, &bytes]])?;
    }
    Ok(())
}

fn leaves(
    sql: &dyn Sql,
    period: Period,
    from_index: u64,
    limit: usize,
) -> Result<Vec<Leaf>, Failure> {
    find(sql, period)?.ok_or(Conflict::PeriodNotSealed { period })?;
    let chunk_leaves = u64::try_from(CHUNK_LEAVES).map_err(Failure::damaged)?;
    let skipped = usize::try_from(from_index % chunk_leaves).map_err(Failure::damaged)?;
    let wanted = limit.clamp(1, MOST_ITEMS) + skipped;
    let query = "SELECT leaves FROM leaf_chunks WHERE period = ?1 AND chunk >= ?2
        ORDER BY chunk LIMIT ?3";
    let chunks = i64::try_from(wanted.div_ceil(CHUNK_LEAVES)).map_err(Failure::damaged)?;
    let values = values![number(period.0)?, number(from_index / chunk_leaves)?, chunks];
    let mut leaves = Vec::new();
    sql.each(query, values, &mut |row| {
        let parsed = parse_leaves(bytes_at(row, 0)?);
        leaves.extend(parsed.ok_or_else(|| Failure::damaged("a leaf is cut off"))?);
        Ok(())
    })?;
    leaves.truncate(wanted);
    Ok(leaves.split_off(skipped.min(leaves.len())))
}
