use crate::{
    SqliteStore,
    columns::{
        address_at, after, find_number_at, list_rows, number, number_at, page, page_rows,
        timestamp_at,
    },
    failure::Failure,
    ledgers, receipts,
};
use runseal_client::{
    StoreError,
    store::{
        Appended, CheckedReceipt, Conflict, EntryDraft, NewEvent, NewRun, Page, Position, RunRow,
        RunState, Runs, Stored, StoredEvent, UnnumberedEvent,
    },
};
use runseal_receipt::{Event, Status};
use runseal_types::Digest;
use rusqlite::{Connection, OptionalExtension, Row, params};

impl Runs for SqliteStore {
    fn start_run(&self, run: &NewRun) -> Result<Stored, StoreError> {
        let run = run.clone();
        self.write(move |connection| start(connection, &run))
    }

    fn put_event(&self, run_id: &str, event: NewEvent) -> Result<Stored, StoreError> {
        let run_id = run_id.to_owned();
        self.write(move |connection| put_event(connection, &run_id, &event))
    }

    fn append_event(&self, run_id: &str, event: UnnumberedEvent) -> Result<Appended, StoreError> {
        let run_id = run_id.to_owned();
        self.write(move |connection| append_event(connection, &run_id, &event))
    }

    fn finish_run(
        &self,
        run_id: &str,
        receipt: CheckedReceipt,
        entry: Option<EntryDraft>,
    ) -> Result<Stored, StoreError> {
        let run_id = run_id.to_owned();
        self.write(move |connection| {
            let stored = finish(connection, &run_id, &receipt)?;
            if let Some(entry) = entry {
                ledgers::append(connection, entry)?;
            }
            Ok(stored)
        })
    }

    fn list_runs(
        &self,
        run_id: Option<&str>,
        active_only: bool,
        position: Option<Position>,
        limit: usize,
    ) -> Result<Page<RunRow>, StoreError> {
        self.read(|connection| {
            let one = if run_id.is_some() { "runs.run_id = ?1" } else { "?1 IS NULL" };
            let active = if active_only { "receipt_id IS NULL" } else { "TRUE" };
            let query = format!(
                "SELECT {COLUMNS} WHERE {one} AND {active} AND runs.id > ?2
                 ORDER BY runs.id LIMIT ?3"
            );
            let mut statement = connection.prepare_cached(&query)?;
            let values = params![run_id, after(position)?, page_rows(limit)];
            let rows = statement.query_map(values, |row| row_of(row).map(|(_, row)| row))?;
            page(rows.map(|row| row.map(|row| (row.position, row))), limit)
        })
    }

    fn list_events(
        &self,
        run_id: &str,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        self.read(|connection| {
            let query = "SELECT seq, event_id, text FROM events JOIN runs ON runs.id = run
                WHERE runs.run_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
            let mut statement = connection.prepare_cached(query)?;
            let after = after.map_or(Ok(-1), number)?;
            let rows = statement.query_map(params![run_id, after, list_rows(limit)], |row| {
                let (seq, event_id) = (number_at(row, 0)?, row.get(1)?);
                Ok(StoredEvent { seq, event_id, text: row.get(2)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

pub(crate) const COLUMNS: &str =
    "runs.id, runs.run_id, runs.trace_id, runs.agent, adapter, session_key,
    runs.started_seconds, runs.started_nanoseconds, trigger, runs.event_count, last_seq, digest
    FROM runs LEFT JOIN receipts ON receipts.id = receipt_id";

/// Reads a run and the number of its row.
pub(crate) fn row_of(row: &Row<'_>) -> rusqlite::Result<(i64, RunRow)> {
    let run = NewRun {
        run_id: row.get(1)?,
        trace_id: row.get(2)?,
        agent: address_at(row, 3)?,
        adapter: row.get(4)?,
        session_key: row.get(5)?,
        started_at: timestamp_at(row, 6)?,
        trigger: row.get(8)?,
    };
    let receipt: Option<[u8; 32]> = row.get(11)?;
    let state = receipt
        .map_or(RunState::Active, |digest| RunState::Finished { receipt: Digest::new(digest) });
    let (event_count, last_seq) = (number_at(row, 9)?, find_number_at(row, 10)?);
    let position = Position(number_at(row, 0)?);
    Ok((row.get(0)?, RunRow { position, run, state, event_count, last_seq }))
}

fn find(connection: &Connection, run_id: &str) -> Result<Option<(i64, RunRow)>, Failure> {
    let query = format!("SELECT {COLUMNS} WHERE runs.run_id = ?1");
    Ok(connection.prepare_cached(&query)?.query_row([run_id], row_of).optional()?)
}

fn load(connection: &Connection, run_id: &str) -> Result<(i64, RunRow), Failure> {
    let unknown = || Conflict::UnknownRun { run_id: run_id.to_owned() };
    Ok(find(connection, run_id)?.ok_or_else(unknown)?)
}

fn start(connection: &Connection, run: &NewRun) -> Result<Stored, Failure> {
    if let Some((_, found)) = find(connection, &run.run_id)? {
        return match first_difference(&found.run, run) {
            None => Ok(Stored::Before),
            Some(fact) => Err(Conflict::RunDiffers { run_id: run.run_id.clone(), fact }.into()),
        };
    }
    let insert = "INSERT INTO runs (run_id, trace_id, agent, adapter, session_key, started_seconds,
        started_nanoseconds, trigger) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    connection.prepare_cached(insert)?.execute(params![
        run.run_id,
        run.trace_id,
        run.agent.as_bytes(),
        run.adapter,
        run.session_key,
        number(run.started_at.unix_seconds())?,
        run.started_at.nanoseconds(),
        run.trigger,
    ])?;
    Ok(Stored::New)
}

fn first_difference(stored: &NewRun, offered: &NewRun) -> Option<&'static str> {
    let same = [
        ("trace", stored.trace_id == offered.trace_id),
        ("agent", stored.agent == offered.agent),
        ("adapter", stored.adapter == offered.adapter),
        ("session", stored.session_key == offered.session_key),
        ("start", stored.started_at == offered.started_at),
        ("trigger", stored.trigger == offered.trigger),
    ];
    same.into_iter().find(|(_, same)| !same).map(|(fact, _)| fact)
}

fn put_event(connection: &Connection, run_id: &str, new: &NewEvent) -> Result<Stored, Failure> {
    let (run, row) = load(connection, run_id)?;
    if let Some((_, text)) = find_event(connection, run, &new.event.event_id)? {
        check_same(run_id, &text, &new.event)?;
        return Ok(Stored::Before);
    }
    insert_event(connection, run, &row, new)?;
    Ok(Stored::New)
}

fn append_event(
    connection: &Connection,
    run_id: &str,
    new: &UnnumberedEvent,
) -> Result<Appended, Failure> {
    let (run, row) = load(connection, run_id)?;
    if let Some((seq, text)) = find_event(connection, run, new.event_id())? {
        check_same(run_id, &text, &new.numbered(seq).map_err(Failure::damaged)?.event)?;
        return Ok(Appended { stored: Stored::Before, seq });
    }
    let seq = row.last_seq.map_or(0, |last_seq| last_seq.saturating_add(1));
    let numbered = new.numbered(seq).map_err(|_| StoreError::NumberTooLarge { number: seq })?;
    insert_event(connection, run, &row, &numbered)?;
    Ok(Appended { stored: Stored::New, seq })
}

/// Finds an event's number and text.
fn find_event(
    connection: &Connection,
    run: i64,
    event_id: &str,
) -> Result<Option<(u64, Vec<u8>)>, Failure> {
    let query = "SELECT seq, text FROM events WHERE run = ?1 AND event_id = ?2";
    let mut statement = connection.prepare_cached(query)?;
    let found = statement
        .query_row(params![run, event_id], |row| Ok((number_at(row, 0)?, row.get(1)?)))
        .optional()?;
    Ok(found)
}

fn check_same(run_id: &str, stored: &[u8], event: &Event) -> Result<(), Failure> {
    if Event::parse(stored).is_ok_and(|stored| stored.to_bytes() == event.to_bytes()) {
        return Ok(());
    }
    let (run_id, event_id) = (run_id.to_owned(), event.event_id.clone());
    Err(Conflict::EventDiffers { run_id, event_id }.into())
}

fn insert_event(
    connection: &Connection,
    run: i64,
    row: &RunRow,
    new: &NewEvent,
) -> Result<(), Failure> {
    let event = &new.event;
    let run_id = row.run.run_id.clone();
    if let RunState::Finished { receipt } = row.state {
        return Err(Conflict::RunFinished { run_id, receipt }.into());
    }
    let seq = event.seq;
    if let Some(last_seq) = row.last_seq.filter(|last_seq| seq <= *last_seq) {
        return Err(Conflict::SeqNotIncreasing { run_id, seq, last_seq }.into());
    }
    let insert = "INSERT INTO events (run, seq, event_id, text) VALUES (?1, ?2, ?3, ?4)";
    let values = params![run, number(seq)?, event.event_id, new.text];
    connection.prepare_cached(insert)?.execute(values)?;
    let update = "UPDATE runs SET event_count = event_count + 1, last_seq = ?2 WHERE id = ?1";
    connection.prepare_cached(update)?.execute(params![run, number(seq)?])?;
    Ok(())
}

fn finish(
    connection: &Connection,
    run_id: &str,
    receipt: &CheckedReceipt,
) -> Result<Stored, Failure> {
    let (run, row) = load(connection, run_id)?;
    let columns = receipt.columns();
    let run_id = run_id.to_owned();
    match row.state {
        RunState::Finished { receipt } if receipt == columns.leaf.digest => {
            return Ok(Stored::Before);
        }
        RunState::Finished { receipt } => {
            return Err(Conflict::RunFinished { run_id, receipt }.into());
        }
        RunState::Active => {}
    }
    if columns.run_id != run_id {
        let found = columns.run_id.clone();
        return Err(Conflict::OtherRun { expected: run_id, found }.into());
    }
    if columns.leaf.agent != row.run.agent {
        return Err(Conflict::RunDiffers { run_id, fact: "agent" }.into());
    }
    let (claimed, stored) = (columns.event_count, row.event_count);
    if claimed != stored {
        return Err(Conflict::EventCount { run_id, claimed, stored }.into());
    }
    let (receipt_id, stored) = receipts::put(connection, receipt)?;
    if columns.status == Status::Checkpoint {
        return Ok(stored);
    }
    let update = "UPDATE runs SET receipt_id = ?2 WHERE id = ?1";
    connection.prepare_cached(update)?.execute([run, receipt_id])?;
    Ok(stored)
}
