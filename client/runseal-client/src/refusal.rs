//! What the chain says when it says no, with the name and sentence of the registry's own errors.

use serde::Deserialize;
use std::sync::LazyLock;

/// A transaction that the chain did not execute, or executed and rolled back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The registry program refused.
    #[error("refused: {message} ({name}, error {code})")]
    Registry {
        /// The error's number.
        code: u32,
        /// Its name in the program.
        name: String,
        /// What it means.
        message: String,
    },
    /// Anything else: another program, the runtime, the fee payer's balance.
    #[error("refused by the chain: {reason}")]
    Chain {
        /// The chain's own words.
        reason: String,
    },
}

impl Refusal {
    /// Makes the refusal that stands behind a custom error code, if the registry knows the code.
    pub fn from_code(code: u32) -> Option<Self> {
        let error = ERRORS.iter().find(|error| error.code == code)?;
        Some(Self::Registry { code, name: error.name.clone(), message: error.msg.clone() })
    }

    /// Returns the registry's error code, if it was the registry that refused.
    pub fn code(&self) -> Option<u32> {
        match self {
            Self::Registry { code, .. } => Some(*code),
            Self::Chain { .. } => None,
        }
    }
}

#[derive(Deserialize)]
struct IdlError {
    code: u32,
    name: String,
    msg: String,
}

#[derive(Deserialize)]
struct Idl {
    errors: Vec<IdlError>,
}

// The committed IDL is made from the program's source and checked against it, so that the
// sentences live in one place.
static ERRORS: LazyLock<Vec<IdlError>> = LazyLock::new(|| {
    serde_json::from_str::<Idl>(runseal_registry::IDL).map(|idl| idl.errors).unwrap_or_default()
});

#[cfg(test)]
mod tests {
    use super::*;
    use runseal_registry::RegistryError;

    #[test]
    fn every_error_of_the_program_has_a_name_and_a_sentence() {
        let refusal = Refusal::from_code(RegistryError::UriTooLong as u32);
        let expected = Refusal::Registry {
            code: 6100,
            name: "UriTooLong".into(),
            message: "the URI is longer than 128 bytes".into(),
        };
        assert_eq!(refusal, Some(expected));
    }

    #[test]
    fn a_code_the_program_does_not_have_is_not_explained() {
        assert_eq!(Refusal::from_code(5999), None);
    }
}
