use runseal_client::{StoreError, store::Conflict};
use rusqlite::ErrorCode;

/// What went wrong inside, before it is known which store it was.
#[derive(Debug)]
pub(crate) enum Failure {
    Sqlite(rusqlite::Error),
    Store(StoreError),
    /// What is stored cannot be read as what it must be.
    Damaged(String),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Conflict> for Failure {
    fn from(conflict: Conflict) -> Self {
        Self::Store(conflict.into())
    }
}

impl Failure {
    pub(crate) fn damaged(reason: impl ToString) -> Self {
        Self::Damaged(reason.to_string())
    }

    /// Makes the error of it that the port has.
    pub(crate) fn named(self, store: &str) -> StoreError {
        let store = store.to_owned();
        match self {
            Self::Store(error) => error,
            Self::Damaged(reason) => StoreError::Damaged { store, reason },
            Self::Sqlite(error) => of_sqlite(store, &error),
        }
    }
}

fn of_sqlite(store: String, error: &rusqlite::Error) -> StoreError {
    use rusqlite::Error::{
        FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, SqliteFailure,
    };
    let reason = error.to_string();
    match error {
        SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DiskFull => StoreError::Full { store },
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
                StoreError::NotWritable { store, reason }
            }
            ErrorCode::DatabaseCorrupt => StoreError::Damaged { store, reason },
            ErrorCode::NotADatabase => StoreError::NotAStore { store, reason },
            _ => StoreError::Unavailable { store, reason },
        },
        FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) => {
            StoreError::Damaged { store, reason }
        }
        _ => StoreError::Unavailable { store, reason },
    }
}
