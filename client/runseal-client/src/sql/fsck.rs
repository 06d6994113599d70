//! Whether what is stored is what was stored: every digest, leaf, root and link computed again.

mod ledgers;
mod periods;
mod receipts;
mod runs;

use super::{Database, Failure, Sql};
use crate::store::StoreError;
use runseal_types::{Digest, Period};
use std::fmt;

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The database: its pages or its tables.
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
pub type Report<'a> = dyn FnMut(Subject, String) + 'a;

/// Checks one state of a store, and reports every finding. Signatures are not checked: their keys are
/// on the chain.
pub fn check(
    database: &(impl Database + ?Sized),
    report: &mut dyn FnMut(Finding),
) -> Result<(), StoreError> {
    let mut report = |subject, problem| report(Finding { subject, problem });
    database.read(|sql| {
        apart(sql, &mut report, &|sql, report| database.check_tables(sql, report))?;
        let checks = [
            receipts::texts,
            receipts::links,
            receipts::addenda,
            receipts::relations,
            runs::check,
            periods::check,
            periods::promises,
            ledgers::check,
        ];
        checks.iter().try_for_each(|check| apart(sql, &mut report, check))
    })
}

/// Makes one check. What cannot be read is a finding too, and no reason not to look at the rest: some
/// databases end a transaction in which a statement failed, so each has a savepoint.
fn apart(
    sql: &dyn Sql,
    report: &mut Report<'_>,
    check: &dyn Fn(&dyn Sql, &mut Report<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    sql.execute("SAVEPOINT part", &[])?;
    if let Err(failure) = check(sql, report) {
        report(Subject::File, failure.named("the store").to_string());
        sql.execute("ROLLBACK TO part", &[])?;
    }
    sql.execute("RELEASE part", &[])
}
