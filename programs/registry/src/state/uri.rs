use crate::{RegistryError, constants::MAX_URI_BYTES};
use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};

/// A URI of at most 128 bytes of printable ASCII, padded with zeros: one encoding for each text.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable, IdlType)]
pub struct Uri {
    /// The text, then zeros.
    pub bytes: [u8; MAX_URI_BYTES],
}

impl Uri {
    /// Says why `text` cannot be stored, if it cannot. The empty text means that there is no URI.
    pub fn check(text: &str) -> Result<()> {
        require!(text.len() <= MAX_URI_BYTES, RegistryError::UriTooLong);
        require!(text.bytes().all(|byte| byte.is_ascii_graphic()), RegistryError::UriNotPrintable);
        Ok(())
    }

    /// Writes `text`, which [`Uri::check`] let through, and clears what stood behind it.
    pub fn set(&mut self, text: &str) -> Result<()> {
        let (head, tail) =
            self.bytes.split_at_mut_checked(text.len()).ok_or(RegistryError::UriTooLong)?;
        head.copy_from_slice(text.as_bytes());
        tail.fill(0);
        Ok(())
    }

    /// Returns the text.
    ///
    /// The bytes of an account that this program wrote are always ASCII; of any other bytes the
    /// part before the first that is not is returned, so that a reader cannot be made to panic.
    pub fn as_str(&self) -> &str {
        let size = self.bytes.iter().position(|byte| !byte.is_ascii_graphic());
        let text = &self.bytes[..size.unwrap_or(MAX_URI_BYTES)];
        core::str::from_utf8(text).unwrap_or_default()
    }
}
