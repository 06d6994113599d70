use crate::store::{Conflict, StoreError};
use std::fmt;

/// What went wrong inside, before it is known which store it was.
#[derive(Clone, Debug)]
pub enum Failure {
    /// It has its name already.
    Store(StoreError),
    /// What is stored cannot be read as what it must be.
    Damaged(String),
    /// There is no room left.
    Full,
    /// It can be read only.
    NotWritable(String),
    /// What is there is something else.
    NotAStore(String),
    /// The database does not do what it was asked, or does not answer.
    Unavailable(String),
    /// The answer to a commit was lost.
    Unknown(String),
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
    /// Makes a failure of what cannot be read.
    pub fn damaged(reason: impl ToString) -> Self {
        Self::Damaged(reason.to_string())
    }

    /// Makes the error of it that the port has.
    pub fn named(self, store: &str) -> StoreError {
        let store = store.to_owned();
        match self {
            Self::Store(error) => error,
            Self::Damaged(reason) => StoreError::Damaged { store, reason },
            Self::Full => StoreError::Full { store },
            Self::NotWritable(reason) => StoreError::NotWritable { store, reason },
            Self::NotAStore(reason) => StoreError::NotAStore { store, reason },
            Self::Unavailable(reason) => StoreError::Unavailable { store, reason },
            Self::Unknown(reason) => StoreError::Unknown { store, reason },
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(reason) => formatter.write_str(reason),
            failure => write!(formatter, "{}", failure.clone().named("the store")),
        }
    }
}
