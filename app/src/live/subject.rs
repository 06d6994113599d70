use runseal_types::Digest;
use solana_address::Address;
use std::{fmt, str::FromStr};

/// The longest name of a run that is looked at.
const MOST_NAME_BYTES: usize = 512;

/// Something that a page shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// Which agents and logs there are, and how far they are.
    Registry,
    /// An account on the ledger.
    Account(Address),
    /// An agent's receipts that are kept here.
    Receipts(Address),
    /// A receipt that is kept here.
    Receipt(Digest),
    /// A run that is kept here.
    Run(String),
}

/// That a text names nothing that a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoSubject;

impl Subject {
    pub(super) const fn needs_a_scan(&self) -> bool {
        matches!(self, Self::Registry)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registry => formatter.write_str("registry"),
            Self::Account(address) => write!(formatter, "account:{address}"),
            Self::Receipts(agent) => write!(formatter, "receipts:{agent}"),
            Self::Receipt(digest) => write!(formatter, "receipt:{digest}"),
            Self::Run(name) => write!(formatter, "run:{name}"),
        }
    }
}

impl FromStr for Subject {
    type Err = NoSubject;

    fn from_str(text: &str) -> Result<Self, NoSubject> {
        let Some((kind, name)) = text.split_once(':') else {
            return if text == "registry" { Ok(Self::Registry) } else { Err(NoSubject) };
        };
        match kind {
            "account" => name.parse().map(Self::Account).map_err(|_| NoSubject),
            "receipts" => name.parse().map(Self::Receipts).map_err(|_| NoSubject),
            "receipt" => name.parse().map(Self::Receipt).map_err(|_| NoSubject),
            "run" if name.len() <= MOST_NAME_BYTES => Ok(Self::Run(name.to_owned())),
            _ => Err(NoSubject),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_written_and_read_in_one_way() {
        for subject in [
            Subject::Registry,
            Subject::Account(Address::new_from_array([7; 32])),
            Subject::Receipts(Address::new_from_array([0; 32])),
            Subject::Receipt(Digest::ZERO),
            Subject::Run("a:b \"<&>\" ä".to_owned()),
            Subject::Run(String::new()),
        ] {
            assert_eq!(subject.to_string().parse(), Ok(subject));
        }
    }

    #[test]
    fn what_names_nothing_is_no_subject() {
        let long = format!("run:{}", "x".repeat(MOST_NAME_BYTES + 1));
        for text in [
            "",
            ":",
            "Registry",
            "registry:",
            "account",
            "account:",
            "account:x",
            "receipts:0",
            "receipt:00",
            "agent:11111111111111111111111111111111",
            " registry",
            &long,
        ] {
            assert_eq!(text.parse::<Subject>(), Err(NoSubject), "{text}");
        }
    }
}
