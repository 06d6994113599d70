use std::{fmt, str::FromStr};

/// A place or a key on the ledger; as text, base58.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address([u8; 32]);

impl Address {
    /// Takes an address's bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A text that is not the base58 text of 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an address: 32 bytes in base58 are 32 to 44 characters")]
pub struct AddressError;

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let mut bytes = [0; 32];
        five8::decode_32(text, &mut bytes).map_err(|_| AddressError)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; five8::BASE58_ENCODED_32_MAX_LEN];
        let size = usize::from(five8::encode_32(&self.0, &mut text));
        let text = text.get(..size).and_then(|text| str::from_utf8(text).ok());
        formatter.write_str(text.ok_or(fmt::Error)?)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
