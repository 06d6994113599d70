use super::{Report, Subject};
use crate::failure::Failure;
use runseal_receipt::{Event, Receipt, Trace};
use rusqlite::Connection;

/// A run's row, as far as its events and its receipt decide about it.
struct Row {
    id: i64,
    run_id: String,
    event_count: u64,
    last_seq: Option<u64>,
    receipt: Option<Vec<u8>>,
}

/// Every run has the events that its row and its receipt say.
pub(super) fn check(connection: &Connection, report: &mut Report<'_>) -> Result<(), Failure> {
    let query = "SELECT id, run_id, event_count, last_seq, text FROM runs
        LEFT JOIN receipt_texts ON receipt_texts.receipt_id = runs.receipt_id ORDER BY id";
    let mut statement = connection.prepare(query)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let row = Row {
            id: row.get(0)?,
            run_id: row.get(1)?,
            event_count: row.get(2)?,
            last_seq: row.get(3)?,
            receipt: row.get(4)?,
        };
        if let Some(problem) = problem_of(connection, &row)? {
            report(Subject::Run(row.run_id), problem);
        }
    }
    Ok(())
}

fn problem_of(connection: &Connection, run: &Row) -> Result<Option<String>, Failure> {
    let query = "SELECT seq, event_id, text FROM events WHERE run = ?1 ORDER BY seq";
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query([run.id])?;
    let mut trace = Trace::default();
    let (mut count, mut last_seq) = (0u64, None);
    while let Some(row) = rows.next()? {
        let (seq, event_id, text): (u64, String, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let event = match Event::parse(&text) {
            Ok(event) => event,
            Err(error) => return Ok(Some(format!("event {event_id} is none: {error}"))),
        };
        if (event.seq, &event.event_id) != (seq, &event_id) {
            let (found, id) = (event.seq, &event.event_id);
            return Ok(Some(format!("event {event_id} at {seq} says that it is {id} at {found}")));
        }
        if let Err(error) = trace.push(&event) {
            return Ok(Some(error.to_string()));
        }
        count += 1;
        last_seq = Some(seq);
    }
    if (count, last_seq) != (run.event_count, run.last_seq) {
        let (stored, last) = (run.event_count, run.last_seq);
        return Ok(Some(format!(
            "it has {count} events up to {last_seq:?}, its row says {stored} up to {last:?}"
        )));
    }
    // A text that is no receipt was reported already.
    let receipt = run.receipt.as_deref().and_then(|text| Receipt::parse(text).ok());
    let checked = receipt.map_or(Ok(()), |receipt| receipt.check_trace(&trace));
    Ok(checked.err().map(|error| error.to_string()))
}
