use runseal_types::to_hex;
use std::fmt;

const LEAST_BYTES: usize = 16;
const MOST_BYTES: usize = 64;

/// Random bytes, so that nobody can guess a receipt from what he knows of its run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// Takes 16 to 64 bytes from a source of randomness.
    #[must_use]
    pub fn new(random: &[u8]) -> Option<Self> {
        Self::parse(&to_hex(random))
    }

    /// Parses the nonce's text: its bytes in lower hexadecimal.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_hex = text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        let size_fits = (LEAST_BYTES..=MOST_BYTES).contains(&(text.len() / 2));
        (is_hex && size_fits && text.len().is_multiple_of(2)).then(|| Self(text.to_owned()))
    }

    /// Returns the bytes in lower hexadecimal.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
