use super::{Report, Subject};
use crate::{
    failure::Failure,
    ledgers::{CHECKPOINTS, ENTRIES, checkpoint_of, entry_hashes, entry_of},
};
use runseal_client::store::{CheckpointRecord, checkpoint_hash, entries_root, entry_hash};
use runseal_types::Digest;
use rusqlite::Connection;

/// The last element of an agent's chain that was seen.
type Seen = Option<(String, u64, Digest)>;

/// Every ledger is a chain from 0, and its checkpoints cover it without gaps.
pub(super) fn check(connection: &Connection, report: &mut Report<'_>) -> Result<(), Failure> {
    let mut statement = connection.prepare(&format!("{ENTRIES} ORDER BY agent_id, seq"))?;
    let mut rows = statement.query([])?;
    let mut seen: Seen = None;
    while let Some(row) = rows.next()? {
        let entry = entry_of(row)?;
        let agent_id = entry.draft.agent_id.clone();
        let (next, previous) = following(&seen, &agent_id);
        let seq = entry.seq;
        if (seq, entry.previous) != (next, previous) {
            let found = entry.previous;
            let problem = format!("entry {seq} names {found:?}, behind {previous:?} at {next}");
            report(Subject::Ledger(agent_id.clone()), problem);
        }
        let about: Option<String> = row.get(9)?;
        if about.as_deref() != entry.draft.about() {
            let told = entry.draft.about();
            let problem = format!("entry {seq} is filed under {about:?}, it is about {told:?}");
            report(Subject::Ledger(agent_id.clone()), problem);
        }
        let computed = entry_hash(&entry.draft, seq, entry.previous);
        if computed != entry.hash {
            let stored = entry.hash;
            let problem = format!("the hash of entry {seq} is {stored}, it comes to {computed}");
            report(Subject::Ledger(agent_id.clone()), problem);
        }
        seen = Some((agent_id, seq.saturating_add(1), entry.hash));
    }
    checkpoints(connection, report)
}

fn following(seen: &Seen, agent_id: &str) -> (u64, Option<Digest>) {
    match seen {
        Some((agent, next, hash)) if agent == agent_id => (*next, Some(*hash)),
        _ => (0, None),
    }
}

fn checkpoints(connection: &Connection, report: &mut Report<'_>) -> Result<(), Failure> {
    let mut statement =
        connection.prepare(&format!("{CHECKPOINTS} ORDER BY agent_id, from_seq"))?;
    let mut rows = statement.query([])?;
    let mut seen: Seen = None;
    while let Some(row) = rows.next()? {
        let checkpoint = checkpoint_of(row)?;
        let expected = following(&seen, &checkpoint.agent_id);
        if let Some(problem) = problem_of(connection, &checkpoint, expected)? {
            let problem = format!("checkpoint {}: {problem}", checkpoint.checkpoint_id);
            report(Subject::Ledger(checkpoint.agent_id.clone()), problem);
        }
        let next = checkpoint.from_seq.saturating_add(checkpoint.entry_count);
        seen = Some((checkpoint.agent_id, next, checkpoint.hash));
    }
    Ok(())
}

fn problem_of(
    connection: &Connection,
    checkpoint: &CheckpointRecord,
    expected: (u64, Option<Digest>),
) -> Result<Option<String>, Failure> {
    if (checkpoint.from_seq, checkpoint.previous) != expected {
        return Ok(Some("it does not begin where the one before ended".to_owned()));
    }
    let (from, count) = (checkpoint.from_seq, checkpoint.entry_count);
    let hashes = entry_hashes(connection, &checkpoint.agent_id, from, Some(count))?;
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
