use super::{
    super::{
        Failure, Sql,
        columns::find_text_at,
        ledgers::{CHECKPOINTS, ENTRIES, checkpoint_of, entry_hashes, entry_of},
    },
    Report, Subject,
};
use crate::store::{CheckpointRecord, EntryRecord, checkpoint_hash, entries_root, entry_hash};
use runseal_types::Digest;

/// The last element of an agent's chain that was seen.
type Seen = Option<(String, u64, Digest)>;

/// Every ledger is a chain from 0, and its checkpoints cover it without gaps.
pub(super) fn check(sql: &dyn Sql, report: &mut Report<'_>) -> Result<(), Failure> {
    let mut seen: Seen = None;
    sql.scan(&format!("{ENTRIES} ORDER BY agent_id, seq"), &[], &mut |row| {
        let (entry, about) = (entry_of(row)?, find_text_at(row, 9)?);
        let agent_id = entry.draft.agent_id.clone();
        let mut tell = |problem| report(Subject::Ledger(agent_id.clone()), problem);
        check_entry(&entry, about.as_deref(), following(&seen, &agent_id), &mut tell);
        seen = Some((agent_id, entry.seq.saturating_add(1), entry.hash));
        Ok(())
    })?;
    checkpoints(sql, report)
}

fn check_entry(
    entry: &EntryRecord,
    about: Option<&str>,
    (next, previous): (u64, Option<Digest>),
    tell: &mut dyn FnMut(String),
) {
    let seq = entry.seq;
    if (seq, entry.previous) != (next, previous) {
        let found = entry.previous;
        tell(format!("entry {seq} names {found:?}, behind {previous:?} at {next}"));
    }
    if about != entry.draft.about() {
        let told = entry.draft.about();
        tell(format!("entry {seq} is filed under {about:?}, it is about {told:?}"));
    }
    let computed = entry_hash(&entry.draft, seq, entry.previous);
    if computed != entry.hash {
        let stored = entry.hash;
        tell(format!("the hash of entry {seq} is {stored}, it comes to {computed}"));
    }
}

fn following(seen: &Seen, agent_id: &str) -> (u64, Option<Digest>) {
    match seen {
        Some((agent, next, hash)) if agent == agent_id => (*next, Some(*hash)),
        _ => (0, None),
    }
}

fn checkpoints(sql: &dyn Sql, report: &mut Report<'_>) -> Result<(), Failure> {
    let mut seen: Seen = None;
    sql.scan(&format!("{CHECKPOINTS} ORDER BY agent_id, from_seq"), &[], &mut |row| {
        let checkpoint = checkpoint_of(row)?;
        let expected = following(&seen, &checkpoint.agent_id);
        if let Some(problem) = problem_of(sql, &checkpoint, expected)? {
            let problem = format!("checkpoint {}: {problem}", checkpoint.checkpoint_id);
            report(Subject::Ledger(checkpoint.agent_id.clone()), problem);
        }
        let next = checkpoint.from_seq.saturating_add(checkpoint.entry_count);
        seen = Some((checkpoint.agent_id, next, checkpoint.hash));
        Ok(())
    })
}

fn problem_of(
    sql: &dyn Sql,
    checkpoint: &CheckpointRecord,
    expected: (u64, Option<Digest>),
) -> Result<Option<String>, Failure> {
    if (checkpoint.from_seq, checkpoint.previous) != expected {
        return Ok(Some("it does not begin where the one before ended".to_owned()));
    }
    let (from, count) = (checkpoint.from_seq, checkpoint.entry_count);
    let hashes = entry_hashes(sql, &checkpoint.agent_id, from, Some(count))?;
    if u64::try_from(hashes.len()).ok() != Some(count) {
        return Ok(Some(format!("it covers {count} entries, {} are stored", hashes.len())));
    }
    let (root, computed) = (checkpoint.root, entries_root(hashes));
    if root != computed {
        return Ok(Some(format!("its root is {root}, its entries have {computed}")));
    }
    let (hash, computed) = (checkpoint.hash, checkpoint_hash(checkpoint));
    Ok((hash != computed).then(|| format!("its hash is {hash}, it comes to {computed}")))
}
