use crate::{
    SqliteStore,
    columns::{
        digest_at, find_digest_at, list_rows, not_a, number, number_at, page, page_rows, parsed_at,
    },
    failure::Failure,
};
use runseal_client::{
    StoreError,
    store::{
        CheckpointRecord, Conflict, EntryDraft, EntryFilter, EntryRecord, Ledgers, Page, Position,
        checkpoint_hash, entries_root, entry_hash,
    },
};
use runseal_receipt::json::{Value, parse};
use runseal_types::{Digest, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

impl Ledgers for SqliteStore {
    fn append_entry(&self, draft: &EntryDraft) -> Result<EntryRecord, StoreError> {
        let draft = draft.clone();
        self.write(move |connection| append(connection, draft))
    }

    fn list_entries(
        &self,
        agent_id: &str,
        from_seq: u64,
        limit: usize,
    ) -> Result<Vec<EntryRecord>, StoreError> {
        self.read(|connection| {
            let query =
                format!("{ENTRIES} WHERE agent_id = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3");
            let mut statement = connection.prepare_cached(&query)?;
            let values = params![agent_id, number(from_seq)?, list_rows(limit)];
            Ok(statement.query_map(values, entry_of)?.collect::<Result<_, _>>()?)
        })
    }

    fn find_entry(&self, entry_id: &str) -> Result<Option<EntryRecord>, StoreError> {
        self.read(|connection| find(connection, entry_id))
    }

    fn last_entry(&self, agent_id: &str) -> Result<Option<EntryRecord>, StoreError> {
        self.read(|connection| last(connection, agent_id))
    }

    fn find_entries(
        &self,
        filter: &EntryFilter,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<EntryRecord>, StoreError> {
        self.read(|connection| find_all(connection, filter, after, limit))
    }

    fn put_checkpoint(
        &self,
        agent_id: &str,
        checkpoint_id: &str,
        timestamp: Timestamp,
    ) -> Result<CheckpointRecord, StoreError> {
        let (agent_id, checkpoint_id) = (agent_id.to_owned(), checkpoint_id.to_owned());
        self.write(move |connection| checkpoint(connection, agent_id, checkpoint_id, timestamp))
    }

    fn find_checkpoint(&self, checkpoint_id: &str) -> Result<Option<CheckpointRecord>, StoreError> {
        self.read(|connection| find_checkpoint(connection, checkpoint_id))
    }

    fn list_checkpoints(
        &self,
        agent_id: &str,
        from_seq: u64,
        limit: usize,
    ) -> Result<Vec<CheckpointRecord>, StoreError> {
        self.read(|connection| {
            let query = format!(
                "{CHECKPOINTS} WHERE agent_id = ?1 AND from_seq >= ?2 ORDER BY from_seq LIMIT ?3"
            );
            let mut statement = connection.prepare_cached(&query)?;
            let values = params![agent_id, number(from_seq)?, list_rows(limit)];
            Ok(statement.query_map(values, checkpoint_of)?.collect::<Result<_, _>>()?)
        })
    }
}

pub(crate) const ENTRIES: &str = "SELECT entry_id, agent_id, timestamp, content_type, content, seq,
    previous, hash, rowid, about FROM ledger_entries";
pub(crate) const CHECKPOINTS: &str = "SELECT checkpoint_id, agent_id, timestamp, from_seq,
    entry_count, root, previous, hash FROM ledger_checkpoints";

pub(crate) fn entry_of(row: &Row<'_>) -> rusqlite::Result<EntryRecord> {
    let content: Vec<u8> = row.get(4)?;
    let Ok(Value::Object(content)) = parse(&content) else { return Err(not_a("content", 4)) };
    let draft = EntryDraft {
        entry_id: row.get(0)?,
        agent_id: row.get(1)?,
        timestamp: parsed_at(row, 2, "time", |text| text.parse().ok())?,
        content_type: row.get(3)?,
        content,
    };
    let (seq, previous) = (number_at(row, 5)?, find_digest_at(row, 6)?);
    Ok(EntryRecord { draft, seq, previous, hash: digest_at(row, 7)? })
}

pub(crate) fn checkpoint_of(row: &Row<'_>) -> rusqlite::Result<CheckpointRecord> {
    Ok(CheckpointRecord {
        checkpoint_id: row.get(0)?,
        agent_id: row.get(1)?,
        timestamp: parsed_at(row, 2, "time", |text| text.parse().ok())?,
        from_seq: number_at(row, 3)?,
        entry_count: number_at(row, 4)?,
        root: digest_at(row, 5)?,
        previous: find_digest_at(row, 6)?,
        hash: digest_at(row, 7)?,
    })
}

fn find(connection: &Connection, entry_id: &str) -> Result<Option<EntryRecord>, Failure> {
    let query = format!("{ENTRIES} WHERE entry_id = ?1");
    Ok(connection.prepare_cached(&query)?.query_row([entry_id], entry_of).optional()?)
}

fn last(connection: &Connection, agent_id: &str) -> Result<Option<EntryRecord>, Failure> {
    let query = format!("{ENTRIES} WHERE agent_id = ?1 ORDER BY seq DESC LIMIT 1");
    Ok(connection.prepare_cached(&query)?.query_row([agent_id], entry_of).optional()?)
}

fn find_all(
    connection: &Connection,
    filter: &EntryFilter,
    after: Option<Position>,
    limit: usize,
) -> Result<Page<EntryRecord>, Failure> {
    let agent = if filter.agent_id.is_some() { "agent_id = ?2" } else { "?2 IS NULL" };
    let about = if filter.about.is_some() { "about = ?3" } else { "?3 IS NULL" };
    let (behind, order) = if filter.newest_first { ("<", "DESC") } else { (">", "ASC") };
    let query = format!(
        "{ENTRIES} WHERE content_type = ?1 AND {agent} AND {about}
         AND (?4 IS NULL OR rowid {behind} ?4) ORDER BY rowid {order} LIMIT ?5"
    );
    let mut statement = connection.prepare_cached(&query)?;
    let after = after.map(|position| number(position.0)).transpose()?;
    let EntryFilter { content_type, agent_id, about, .. } = filter;
    let values = params![content_type, agent_id, about, after, page_rows(limit)];
    let rows =
        statement.query_map(values, |row| Ok((Position(number_at(row, 8)?), entry_of(row)?)))?;
    page(rows, limit)
}

pub(crate) fn append(connection: &Connection, draft: EntryDraft) -> Result<EntryRecord, Failure> {
    if let Some(stored) = find(connection, &draft.entry_id)? {
        let taken = Conflict::IdTaken { kind: "ledger entry", id: draft.entry_id.clone() };
        return if stored.draft == draft { Ok(stored) } else { Err(taken.into()) };
    }
    let last = last(connection, &draft.agent_id)?;
    let (seq, previous) = last.map_or((0, None), |last| (last.seq + 1, Some(last.hash)));
    let hash = entry_hash(&draft, seq, previous);
    let insert = "INSERT INTO ledger_entries
        (entry_id, agent_id, timestamp, content_type, content, seq, previous, hash, about)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    connection.prepare_cached(insert)?.execute(params![
        draft.entry_id,
        draft.agent_id,
        draft.timestamp.to_string(),
        draft.content_type,
        Value::Object(draft.content.clone()).canonical(),
        number(seq)?,
        previous.as_ref().map(Digest::as_bytes),
        hash.as_bytes(),
        draft.about(),
    ])?;
    Ok(EntryRecord { draft, seq, previous, hash })
}

fn find_checkpoint(
    connection: &Connection,
    checkpoint_id: &str,
) -> Result<Option<CheckpointRecord>, Failure> {
    let query = format!("{CHECKPOINTS} WHERE checkpoint_id = ?1");
    let mut statement = connection.prepare_cached(&query)?;
    Ok(statement.query_row([checkpoint_id], checkpoint_of).optional()?)
}

fn checkpoint(
    connection: &Connection,
    agent_id: String,
    checkpoint_id: String,
    timestamp: Timestamp,
) -> Result<CheckpointRecord, Failure> {
    if let Some(stored) = find_checkpoint(connection, &checkpoint_id)? {
        let same = (&stored.agent_id, stored.timestamp) == (&agent_id, timestamp);
        let taken = Conflict::IdTaken { kind: "checkpoint", id: checkpoint_id };
        return if same { Ok(stored) } else { Err(taken.into()) };
    }
    let last = format!("{CHECKPOINTS} WHERE agent_id = ?1 ORDER BY from_seq DESC LIMIT 1");
    let mut statement = connection.prepare_cached(&last)?;
    let last = statement.query_row([&agent_id], checkpoint_of).optional()?;
    let (from_seq, previous) =
        last.map_or((0, None), |last| (last.from_seq + last.entry_count, Some(last.hash)));
    let hashes = entry_hashes(connection, &agent_id, from_seq, None)?;
    if hashes.is_empty() {
        return Err(Conflict::NothingToCheckpoint { agent_id }.into());
    }
    let entry_count = u64::try_from(hashes.len()).map_err(Failure::damaged)?;
    let (root, hash) = (entries_root(hashes), Digest::ZERO);
    let mut record = CheckpointRecord {
        checkpoint_id,
        agent_id,
        timestamp,
        from_seq,
        entry_count,
        root,
        previous,
        hash,
    };
    record.hash = checkpoint_hash(&record);
    insert_checkpoint(connection, &record)?;
    Ok(record)
}

/// Returns the hashes of an agent's entries from one on, so many or all.
pub(crate) fn entry_hashes(
    connection: &Connection,
    agent_id: &str,
    from_seq: u64,
    count: Option<u64>,
) -> Result<Vec<Digest>, Failure> {
    let query = "SELECT hash FROM ledger_entries WHERE agent_id = ?1 AND seq >= ?2
        ORDER BY seq LIMIT ?3";
    let mut statement = connection.prepare_cached(query)?;
    let count = count.map_or(Ok(-1), number)?;
    let hashes = statement
        .query_map(params![agent_id, number(from_seq)?, count], |row| digest_at(row, 0))?;
    Ok(hashes.collect::<Result<_, _>>()?)
}

fn insert_checkpoint(connection: &Connection, record: &CheckpointRecord) -> Result<(), Failure> {
    let insert = "INSERT INTO ledger_checkpoints
        (checkpoint_id, agent_id, timestamp, from_seq, entry_count, root, previous, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    connection.prepare_cached(insert)?.execute(params![
        record.checkpoint_id,
        record.agent_id,
        record.timestamp.to_string(),
        number(record.from_seq)?,
        number(record.entry_count)?,
        record.root.as_bytes(),
        record.previous.as_ref().map(Digest::as_bytes),
        record.hash.as_bytes(),
    ])?;
    Ok(())
}
