use super::{
    super::{
        Failure, Row, Sql,
        columns::{bytes_at, find_number_at, id_at, number_at, text_at},
        datum::values,
    },
    Report, Subject,
};
use runseal_receipt::{Event, Receipt, Trace};

/// A run's row, as far as its events and its receipt decide about it.
struct Run {
    id: i64,
    event_count: u64,
    last_seq: Option<u64>,
    receipt: Option<Vec<u8>>,
}

/// Every run has the events that its row and its receipt say.
pub(super) fn check(sql: &dyn Sql, report: &mut Report<'_>) -> Result<(), Failure> {
    let query = "SELECT id, run_id, event_count, last_seq, text FROM runs
        LEFT JOIN receipt_texts ON receipt_texts.receipt_id = runs.receipt_id ORDER BY id";
    sql.scan(query, &[], &mut |row| {
        let run = Run {
            id: id_at(row, 0)?,
            event_count: number_at(row, 2)?,
            last_seq: find_number_at(row, 3)?,
            receipt: row.bytes(4)?.map(<[u8]>::to_vec),
        };
        if let Some(problem) = problem_of(sql, &run)? {
            report(Subject::Run(text_at(row, 1)?), problem);
        }
        Ok(())
    })
}

/// The events of a run so far.
#[derive(Default)]
struct Seen {
    trace: Trace,
    count: u64,
    last_seq: Option<u64>,
}

impl Seen {
    /// Takes the next event; returns what is wrong with it.
    fn take(&mut self, row: &dyn Row) -> Result<Option<String>, Failure> {
        let (seq, event_id) = (number_at(row, 0)?, text_at(row, 1)?);
        let event = match Event::parse(bytes_at(row, 2)?) {
            Ok(event) => event,
            Err(error) => return Ok(Some(format!("event {event_id} is none: {error}"))),
        };
        if (event.seq, &event.event_id) != (seq, &event_id) {
            let (found, id) = (event.seq, &event.event_id);
            return Ok(Some(format!("event {event_id} at {seq} says that it is {id} at {found}")));
        }
        if let Err(error) = self.trace.push(&event) {
            return Ok(Some(error.to_string()));
        }
        self.count += 1;
        self.last_seq = Some(seq);
        Ok(None)
    }
}

fn problem_of(sql: &dyn Sql, run: &Run) -> Result<Option<String>, Failure> {
    let query = "SELECT seq, event_id, text FROM events WHERE run = ?1 ORDER BY seq";
    let (mut seen, mut problem) = (Seen::default(), None);
    sql.scan(query, values![run.id], &mut |row| {
        if problem.is_none() {
            problem = seen.take(row)?;
        }
        Ok(())
    })?;
    if problem.is_some() {
        return Ok(problem);
    }
    if (seen.count, seen.last_seq) != (run.event_count, run.last_seq) {
        let (count, last_seq, stored, last) =
            (seen.count, seen.last_seq, run.event_count, run.last_seq);
        return Ok(Some(format!(
            "it has {count} events up to {last_seq:?}, its row says {stored} up to {last:?}"
        )));
    }
    // A text that is no receipt was reported already.
    let receipt = run.receipt.as_deref().and_then(|text| Receipt::parse(text).ok());
    let checked = receipt.map_or(Ok(()), |receipt| receipt.check_trace(&seen.trace));
    Ok(checked.err().map(|error| error.to_string()))
}
