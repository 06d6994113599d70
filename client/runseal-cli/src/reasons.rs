//! Why attestations are revoked, in words.

use clap::ValueEnum;

/// The reasons that the program knows, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reason {
    Safety,
    EvidenceWithdrawn,
    VersionCompromised,
    IssuedInError,
    KeyLeaked,
}

impl Reason {
    /// Returns the program's number for it, from 1.
    pub(crate) fn number(self) -> u8 {
        self as u8 + 1
    }

    /// Returns the word for a number, as it is written on the command line.
    pub(crate) fn word(number: u8) -> Option<String> {
        let found = Self::value_variants().iter().find(|reason| reason.number() == number)?;
        found.to_possible_value().map(|value| value.get_name().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use runseal_registry::state::Attestation;

    #[test]
    fn each_reason_of_the_program_has_a_word_and_no_other_number_has() {
        let words = (0..=Attestation::MAX_REASON + 1).map(Reason::word).collect::<Vec<_>>();
        let known = [
            "safety",
            "evidence-withdrawn",
            "version-compromised",
            "issued-in-error",
            "key-leaked",
        ];
        assert_eq!(words[1..6], known.map(|word| Some(word.to_owned())));
        assert_eq!((&words[0], &words[6]), (&None, &None));
    }
}
