//! Whether what is stored is what was stored: every digest, leaf, root and link computed again.

mod ledgers;
mod periods;
mod receipts;
mod runs;

use crate::{SqliteStore, failure::Failure, migrations};
use runseal_client::StoreError;
use runseal_types::{Digest, Period};
use rusqlite::Connection;
use std::fmt;

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The file, its pages or its tables.
    File,
    /// The receipt in this row.
    Receipt(i64),
    /// The addendum in this row.
    Addendum(i64),
    /// What was taken out of receipts and addenda so that it is found.
    Relations,
    /// This run.
    Run(String),
    /// This period.
    Period(Period),
    /// The promise of the receipt with this digest.
    Promise(Digest),
    /// The ledger of this agent.
    Ledger(String),
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub subject: Subject,
    /// What is stored and what should be.
    pub problem: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = &self.problem;
        match &self.subject {
            Subject::File => write!(formatter, "file: {problem}"),
            Subject::Receipt(row) => write!(formatter, "receipt {row}: {problem}"),
            Subject::Addendum(row) => write!(formatter, "addendum {row}: {problem}"),
            Subject::Relations => write!(formatter, "relations: {problem}"),
            Subject::Run(run_id) => write!(formatter, "run {run_id}: {problem}"),
            Subject::Period(period) => write!(formatter, "period {period}: {problem}"),
            Subject::Promise(digest) => write!(formatter, "promise of {digest}: {problem}"),
            Subject::Ledger(agent_id) => write!(formatter, "ledger of {agent_id}: {problem}"),
        }
    }
}

/// What takes findings.
type Report<'a> = dyn FnMut(Subject, String) + 'a;

impl SqliteStore {
    /// Checks one state of the store, and reports every finding. Signatures are not checked: their
    /// keys are on the chain.
    pub fn fsck(&self, report: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
        let mut report = |subject, problem| report(Finding { subject, problem });
        self.read(|connection| {
            let checks = [
                file,
                schema,
                receipts::texts,
                receipts::links,
                receipts::addenda,
                receipts::relations,
                runs::check,
                periods::check,
                periods::promises,
                ledgers::check,
            ];
            for check in checks {
                // What cannot be read is a finding too, and no reason not to look at the rest.
                if let Err(failure) = check(connection, &mut report) {
                    report(Subject::File, failure.named("the store").to_string());
                }
            }
            Ok(())
        })
    }
}

/// Pages, indexes and foreign keys, as SQLite itself checks them.
fn file(connection: &Connection, report: &mut Report<'_>) -> Result<(), Failure> {
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let line: String = row.get(0)?;
        if line != "ok" {
            report(Subject::File, line);
        }
    }
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (table, row_id, parent): (String, Option<i64>, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let problem =
            format!("row {row_id:?} of {table} names a row of {parent} that is not there");
        report(Subject::File, problem);
    }
    Ok(())
}

fn schema(connection: &Connection, _: &mut Report<'_>) -> Result<(), Failure> {
    migrations::check(connection)
}
