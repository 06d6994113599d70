use runseal_client::{StoreError, sql::Failure};
use rusqlite::ErrorCode;

/// What went wrong where SQLite itself is spoken to.
#[derive(Debug)]
pub(crate) enum Trouble {
    Sqlite(rusqlite::Error),
    Failure(Failure),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Sqlite(error) => failed(error),
            Trouble::Failure(failure) => failure,
        }
    }
}

/// Names what went wrong.
pub(crate) fn failed(error: rusqlite::Error) -> Failure {
    let reason = error.to_string();
    match error {
        rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DiskFull => Failure::Full,
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Failure::NotWritable(reason),
            ErrorCode::DatabaseCorrupt => Failure::Damaged(reason),
            ErrorCode::NotADatabase => Failure::NotAStore(reason),
            _ => Failure::Unavailable(reason),
        },
        _ => Failure::Unavailable(reason),
    }
}
