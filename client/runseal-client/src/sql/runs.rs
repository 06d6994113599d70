use super::{
    Database, Failure, Row, Sql,
    columns::{
        address_at, after, bytes_at, find_digest_at, find_number_at, find_text_at, id_at,
        list_rows, number, number_at, page, page_rows, position_at, text_at, timestamp_at,
    },
    datum::values,
    ledgers, receipts,
};
use crate::store::{
    Appended, CheckedReceipt, Conflict, EntryDraft, NewEvent, NewRun, Page, Position, RunRow,
    RunState, Runs, StoreError, Stored, StoredEvent, UnnumberedEvent,
};
use runseal_receipt::{Event, Status};

impl<D: Database + ?Sized> Runs for D {
    fn start_run(&self, run: &NewRun) -> Result<Stored, StoreError> {
        let run = run.clone();
        self.write(move |sql| start(sql, &run))
    }

    fn put_event(&self, run_id: &str, event: NewEvent) -> Result<Stored, StoreError> {
        let run_id = run_id.to_owned();
        self.write(move |sql| put_event(sql, &run_id, &event))
    }

    fn append_event(&self, run_id: &str, event: UnnumberedEvent) -> Result<Appended, StoreError> {
        let run_id = run_id.to_owned();
        self.write(move |sql| append_event(sql, &run_id, &event))
    }

    fn finish_run(
        &self,
        run_id: &str,
        receipt: CheckedReceipt,
        entry: Option<EntryDraft>,
    ) -> Result<Stored, StoreError> {
        let run_id = run_id.to_owned();
        self.write(move |sql| {
            let stored = finish(sql, &run_id, &receipt)?;
            if let Some(entry) = entry {
                ledgers::append(sql, entry)?;
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
        self.read(|sql| {
            let one = if run_id.is_some() { "runs.run_id = ?1" } else { "?1 IS NULL" };
            let active = if active_only { "receipt_id IS NULL" } else { "TRUE" };
            let query = format!(
                "SELECT {COLUMNS} WHERE {one} AND {active} AND runs.id > ?2
                 ORDER BY runs.id LIMIT ?3"
            );
            let values = values![run_id, after(position)?, page_rows(limit)];
            let read = |row: &dyn Row| row_of(row).map(|(_, row)| (row.position, row));
            page(sql, &query, values, limit, read)
        })
    }

    fn list_events(
        &self,
        run_id: &str,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        self.read(|sql| {
            let query = "SELECT seq, event_id, text FROM events JOIN runs ON runs.id = run
                WHERE runs.run_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
            let after = after.map_or(Ok(-1), number)?;
            sql.all(query, values![run_id, after, list_rows(limit)], |row| {
                let (seq, event_id) = (number_at(row, 0)?, text_at(row, 1)?);
                Ok(StoredEvent { seq, event_id, text: bytes_at(row, 2)?.to_vec() })
            })
        })
    }
}

pub(super) const COLUMNS: &str =
    "runs.id, runs.run_id, runs.trace_id, runs.agent, adapter, session_key,
    runs.started_seconds, runs.started_nanoseconds, trigger, runs.event_count, last_seq, digest
    FROM runs LEFT JOIN receipts ON receipts.id = receipt_id";

/// Reads a run and the number of its row.
pub(super) fn row_of(row: &dyn Row) -> Result<(i64, RunRow), Failure> {
    let run = NewRun {
        run_id: text_at(row, 1)?,
        trace_id: text_at(row, 2)?,
        agent: address_at(row, 3)?,
        adapter: text_at(row, 4)?,
        session_key: find_text_at(row, 5)?,
        started_at: timestamp_at(row, 6)?,
        trigger: find_text_at(row, 8)?,
    };
    let receipt = find_digest_at(row, 11)?;
    let state = receipt.map_or(RunState::Active, |receipt| RunState::Finished { receipt });
    let (event_count, last_seq) = (number_at(row, 9)?, find_number_at(row, 10)?);
    let position = position_at(row, 0)?;
    Ok((id_at(row, 0)?, RunRow { position, run, state, event_count, last_seq }))
}

fn find(sql: &dyn Sql, run_id: &str) -> Result<Option<(i64, RunRow)>, Failure> {
    let query = format!("SELECT {COLUMNS} WHERE runs.run_id = ?1");
    sql.one(&query, values![run_id], row_of)
}

fn load(sql: &dyn Sql, run_id: &str) -> Result<(i64, RunRow), Failure> {
    let unknown = || Conflict::UnknownRun { run_id: run_id.to_owned() };
    Ok(find(sql, run_id)?.ok_or_else(unknown)?)
}

fn start(sql: &dyn Sql, run: &NewRun) -> Result<Stored, Failure> {
    if let Some((_, found)) = find(sql, &run.run_id)? {
        return match first_difference(&found.run, run) {
            None => Ok(Stored::Before),
            Some(fact) => Err(Conflict::RunDiffers { run_id: run.run_id.clone(), fact }.into()),
        };
    }
    let insert = "INSERT INTO runs (run_id, trace_id, agent, adapter, session_key, started_seconds,
        started_nanoseconds, trigger) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    sql.execute(
        insert,
        values![
            &run.run_id,
            &run.trace_id,
            &run.agent,
            &run.adapter,
            &run.session_key,
            number(run.started_at.unix_seconds())?,
            run.started_at.nanoseconds(),
            &run.trigger,
        ],
    )?;
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

fn put_event(sql: &dyn Sql, run_id: &str, new: &NewEvent) -> Result<Stored, Failure> {
    let (run, row) = load(sql, run_id)?;
    if let Some((_, text)) = find_event(sql, run, &new.event.event_id)? {
        check_same(run_id, &text, &new.event)?;
        return Ok(Stored::Before);
    }
    insert_event(sql, run, &row, new)?;
    Ok(Stored::New)
}

fn append_event(sql: &dyn Sql, run_id: &str, new: &UnnumberedEvent) -> Result<Appended, Failure> {
    let (run, row) = load(sql, run_id)?;
    if let Some((seq, text)) = find_event(sql, run, new.event_id())? {
        check_same(run_id, &text, &new.numbered(seq).map_err(Failure::damaged)?.event)?;
        return Ok(Appended { stored: Stored::Before, seq });
    }
    let seq = row.last_seq.map_or(0, |last_seq| last_seq.saturating_add(1));
    let numbered = new.numbered(seq).map_err(|_| StoreError::NumberTooLarge { number: seq })?;
    insert_event(sql, run, &row, &numbered)?;
    Ok(Appended { stored: Stored::New, seq })
}

/// Finds an event's number and text.
fn find_event(sql: &dyn Sql, run: i64, event_id: &str) -> Result<Option<(u64, Vec<u8>)>, Failure> {
    let query = "SELECT seq, text FROM events WHERE run = ?1 AND event_id = ?2";
    sql.one(query, values![run, event_id], |row| {
        Ok((number_at(row, 0)?, bytes_at(row, 1)?.to_vec()))
    })
}

fn check_same(run_id: &str, stored: &[u8], event: &Event) -> Result<(), Failure> {
    if Event::parse(stored).is_ok_and(|stored| stored.to_bytes() == event.to_bytes()) {
        return Ok(());
    }
    let (run_id, event_id) = (run_id.to_owned(), event.event_id.clone());
    Err(Conflict::EventDiffers { run_id, event_id }.into())
}

fn insert_event(sql: &dyn Sql, run: i64, row: &RunRow, new: &NewEvent) -> Result<(), Failure> {
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
    let values = values![run, number(seq)?, &event.event_id, &new.text];
    sql.execute(insert, values)?;
    let update = "UPDATE runs SET event_count = event_count + 1, last_seq = ?2 WHERE id = ?1";
    sql.execute(update, values![run, number(seq)?])?;
    Ok(())
}

fn finish(sql: &dyn Sql, run_id: &str, receipt: &CheckedReceipt) -> Result<Stored, Failure> {
    let (run, row) = load(sql, run_id)?;
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
    let (receipt_id, stored) = receipts::put(sql, receipt)?;
    if columns.status == Status::Checkpoint {
        return Ok(stored);
    }
    let update = "UPDATE runs SET receipt_id = ?2 WHERE id = ?1";
    sql.execute(update, values![run, receipt_id])?;
    Ok(stored)
}
