use runseal_client::sql::Failure;
use std::error::Error as _;
use tokio_postgres::{Error, error::SqlState};

/// Names what went wrong.
pub(crate) fn failed(error: Error) -> Failure {
    let Some(code) = error.code() else { return Failure::Unavailable(reason(&error)) };
    let is_damage = [SqlState::DATA_CORRUPTED, SqlState::INDEX_CORRUPTED].contains(code);
    if *code == SqlState::DISK_FULL {
        return Failure::Full;
    }
    if is_damage {
        return Failure::Damaged(reason(&error));
    }
    let refusals = [SqlState::READ_ONLY_SQL_TRANSACTION, SqlState::INSUFFICIENT_PRIVILEGE];
    if refusals.contains(code) {
        return Failure::NotWritable(reason(&error));
    }
    Failure::Unavailable(reason(&error))
}

/// Says what a failed commit means: the server refused it, or nobody knows.
pub(crate) fn commit_failed(error: Error) -> Failure {
    let is_refused = error.as_db_error().is_some_and(|error| {
        // A server that ends a connection may have committed before; so may one that it lost.
        error.severity() == "ERROR" && !error.code().code().starts_with("08")
    });
    if is_refused { failed(error) } else { Failure::Unknown(reason(&error)) }
}

/// The server's words, or else the client's with what caused them.
fn reason(error: &Error) -> String {
    if let Some(error) = error.as_db_error() {
        return format!("{} ({})", error.message(), error.code().code());
    }
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{cause}")
}
