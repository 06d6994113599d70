use super::{
    Database, Failure, Row, Sql,
    columns::{
        bytes_at, digest_at, find_digest_at, list_rows, not_a, number, number_at, page, page_rows,
        parsed_at, position_at, text_at,
    },
    datum::values,
};
use crate::store::{
    CheckpointRecord, Conflict, EntryDraft, EntryFilter, EntryRecord, Ledgers, Page, Position,
    StoreError, checkpoint_hash, entries_root, entry_hash,
};
use runseal_receipt::json::{Value, parse};
use runseal_types::{Digest, Timestamp};

impl<D: Database + ?Sized> Ledgers for D {
    fn append_entry(&self, draft: &EntryDraft) -> Result<EntryRecord, StoreError> {
        let draft = draft.clone();
        self.write(move |sql| append(sql, draft))
    }

    fn list_entries(
        &self,
        agent_id: &str,
        from_seq: u64,
        limit: usize,
    ) -> Result<Vec<EntryRecord>, StoreError> {
        self.read(|sql| {
            let query =
                format!("{ENTRIES} WHERE agent_id = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3");
            let values = values![agent_id, number(from_seq)?, list_rows(limit)];
            sql.all(&query, values, entry_of)
        })
    }

    fn find_entry(&self, entry_id: &str) -> Result<Option<EntryRecord>, StoreError> {
        self.read(|sql| find(sql, entry_id))
    }

    fn last_entry(&self, agent_id: &str) -> Result<Option<EntryRecord>, StoreError> {
        self.read(|sql| last(sql, agent_id))
    }

    fn find_entries(
        &self,
        filter: &EntryFilter,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<EntryRecord>, StoreError> {
        self.read(|sql| find_all(sql, filter, after, limit))
    }

    fn put_checkpoint(
        &self,
        agent_id: &str,
        checkpoint_id: &str,
        timestamp: Timestamp,
    ) -> Result<CheckpointRecord, StoreError> {
        let (agent_id, checkpoint_id) = (agent_id.to_owned(), checkpoint_id.to_owned());
        self.write(move |sql| checkpoint(sql, agent_id, checkpoint_id, timestamp))
    }

    fn find_checkpoint(&self, checkpoint_id: &str) -> Result<Option<CheckpointRecord>, StoreError> {
        self.read(|sql| find_checkpoint(sql, checkpoint_id))
    }

    fn list_checkpoints(
        &self,
        agent_id: &str,
        from_seq: u64,
        limit: usize,
    ) -> Result<Vec<CheckpointRecord>, StoreError> {
        self.read(|sql| {
            let query = format!(
                "{CHECKPOINTS} WHERE agent_id = ?1 AND from_seq >= ?2 ORDER BY from_seq LIMIT ?3"
            );
            let values = values![agent_id, number(from_seq)?, list_rows(limit)];
            sql.all(&query, values, checkpoint_of)
        })
    }

    fn list_checkpoints_before(
        &self,
        agent_id: &str,
        before_seq: u64,
        limit: usize,
    ) -> Result<Vec<CheckpointRecord>, StoreError> {
        // Whatever is stored is below this.
        let before_seq = before_seq.min(i64::MAX.unsigned_abs());
        self.read(|sql| {
            let query = format!(
                "{CHECKPOINTS} WHERE agent_id = ?1 AND from_seq < ?2
                 ORDER BY from_seq DESC LIMIT ?3"
            );
            let values = values![agent_id, number(before_seq)?, list_rows(limit)];
            sql.all(&query, values, checkpoint_of)
        })
    }
}

pub(super) const ENTRIES: &str = "SELECT entry_id, agent_id, timestamp, content_type, content, seq,
    previous, hash, rowid, about FROM ledger_entries";
pub(super) const CHECKPOINTS: &str = "SELECT checkpoint_id, agent_id, timestamp, from_seq,
    entry_count, root, previous, hash FROM ledger_checkpoints";

pub(super) fn entry_of(row: &dyn Row) -> Result<EntryRecord, Failure> {
    let Ok(Value::Object(content)) = parse(bytes_at(row, 4)?) else {
        return Err(not_a("content", 4));
    };
    let draft = EntryDraft {
        entry_id: text_at(row, 0)?,
        agent_id: text_at(row, 1)?,
        timestamp: parsed_at(row, 2, "time", |text| text.parse().ok())?,
        content_type: text_at(row, 3)?,
        content,
    };
    let (seq, previous) = (number_at(row, 5)?, find_digest_at(row, 6)?);
    Ok(EntryRecord { draft, seq, previous, hash: digest_at(row, 7)? })
}

pub(super) fn checkpoint_of(row: &dyn Row) -> Result<CheckpointRecord, Failure> {
    Ok(CheckpointRecord {
        checkpoint_id: text_at(row, 0)?,
        agent_id: text_at(row, 1)?,
        timestamp: parsed_at(row, 2, "time", |text| text.parse().ok())?,
        from_seq: number_at(row, 3)?,
        entry_count: number_at(row, 4)?,
        root: digest_at(row, 5)?,
        previous: find_digest_at(row, 6)?,
        hash: digest_at(row, 7)?,
    })
}

fn find(sql: &dyn Sql, entry_id: &str) -> Result<Option<EntryRecord>, Failure> {
    let query = format!("{ENTRIES} WHERE entry_id = ?1");
    sql.one(&query, values![entry_id], entry_of)
}

fn last(sql: &dyn Sql, agent_id: &str) -> Result<Option<EntryRecord>, Failure> {
    let query = format!("{ENTRIES} WHERE agent_id = ?1 ORDER BY seq DESC LIMIT 1");
    sql.one(&query, values![agent_id], entry_of)
}

fn find_all(
    sql: &dyn Sql,
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
    let after = after.map(|position| number(position.0)).transpose()?;
    let EntryFilter { content_type, agent_id, about, .. } = filter;
    let values = values![content_type, agent_id, about, after, page_rows(limit)];
    page(sql, &query, values, limit, |row| Ok((position_at(row, 8)?, entry_of(row)?)))
}

pub(super) fn append(sql: &dyn Sql, draft: EntryDraft) -> Result<EntryRecord, Failure> {
    if let Some(stored) = find(sql, &draft.entry_id)? {
        let taken = Conflict::IdTaken { kind: "ledger entry", id: draft.entry_id.clone() };
        return if stored.draft == draft { Ok(stored) } else { Err(taken.into()) };
    }
    let last = last(sql, &draft.agent_id)?;
    let (seq, previous) = last.map_or((0, None), |last| (last.seq + 1, Some(last.hash)));
    let hash = entry_hash(&draft, seq, previous);
    let insert = "INSERT INTO ledger_entries
        (entry_id, agent_id, timestamp, content_type, content, seq, previous, hash, about)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    sql.execute(
        insert,
        values![
            &draft.entry_id,
            &draft.agent_id,
            &draft.timestamp.to_string(),
            &draft.content_type,
            &Value::Object(draft.content.clone()).canonical(),
            number(seq)?,
            &previous,
            &hash,
            draft.about(),
        ],
    )?;
    Ok(EntryRecord { draft, seq, previous, hash })
}

fn find_checkpoint(
    sql: &dyn Sql,
    checkpoint_id: &str,
) -> Result<Option<CheckpointRecord>, Failure> {
    let query = format!("{CHECKPOINTS} WHERE checkpoint_id = ?1");
    sql.one(&query, values![checkpoint_id], checkpoint_of)
}

fn checkpoint(
    sql: &dyn Sql,
    agent_id: String,
    checkpoint_id: String,
    timestamp: Timestamp,
) -> Result<CheckpointRecord, Failure> {
    if let Some(stored) = find_checkpoint(sql, &checkpoint_id)? {
        let same = (&stored.agent_id, stored.timestamp) == (&agent_id, timestamp);
        let taken = Conflict::IdTaken { kind: "checkpoint", id: checkpoint_id };
        return if same { Ok(stored) } else { Err(taken.into()) };
    }
    let last = format!("{CHECKPOINTS} WHERE agent_id = ?1 ORDER BY from_seq DESC LIMIT 1");
    let last = sql.one(&last, values![&agent_id], checkpoint_of)?;
    let (from_seq, previous) =
        last.map_or((0, None), |last| (last.from_seq + last.entry_count, Some(last.hash)));
    let hashes = entry_hashes(sql, &agent_id, from_seq, None)?;
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
    insert_checkpoint(sql, &record)?;
    Ok(record)
}

/// Returns the hashes of an agent's entries from one on, so many or all.
pub(super) fn entry_hashes(
    sql: &dyn Sql,
    agent_id: &str,
    from_seq: u64,
    count: Option<u64>,
) -> Result<Vec<Digest>, Failure> {
    let query = "SELECT hash FROM ledger_entries WHERE agent_id = ?1 AND seq >= ?2
        ORDER BY seq LIMIT ?3";
    let count = count.map_or(Ok(i64::MAX), number)?;
    sql.all(query, values![agent_id, number(from_seq)?, count], |row| digest_at(row, 0))
}

fn insert_checkpoint(sql: &dyn Sql, record: &CheckpointRecord) -> Result<(), Failure> {
    let insert = "INSERT INTO ledger_checkpoints
        (checkpoint_id, agent_id, timestamp, from_seq, entry_count, root, previous, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    sql.execute(
        insert,
        values![
            &record.checkpoint_id,
            &record.agent_id,
            &record.timestamp.to_string(),
            number(record.from_seq)?,
            number(record.entry_count)?,
            &record.root,
            &record.previous,
            &record.hash,
        ],
    )?;
    Ok(())
}
