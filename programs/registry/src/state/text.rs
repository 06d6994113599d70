use crate::{
    RegistryError,
    constants::{MAX_NAME_BYTES, MAX_URI_BYTES},
};
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

    /// Returns the text; of bytes that no [`Uri::set`] wrote, the part before the first wrong one.
    pub fn as_str(&self) -> &str {
        printable_start(&self.bytes)
    }
}

/// A name of one to 32 bytes of printable ASCII, padded with zeros, so that it can be a seed.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable, IdlType, SchemaRead, SchemaWrite)]
pub struct Name {
    /// The text, then zeros.
    pub bytes: [u8; MAX_NAME_BYTES],
}

impl Name {
    /// Says that these bytes are no name, if they are not.
    pub fn check(&self) -> Result<()> {
        let size = self.bytes.iter().take_while(|byte| byte.is_ascii_graphic()).count();
        let padded = self.bytes.iter().skip(size).all(|byte| *byte == 0);
        require!(size > 0 && padded, RegistryError::NameNotValid);
        Ok(())
    }

    /// Makes a name; `None` if the text is no name.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; MAX_NAME_BYTES];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        let name = Self { bytes };
        name.check().is_ok().then_some(name)
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        printable_start(&self.bytes)
    }
}

fn printable_start(bytes: &[u8]) -> &str {
    let size = bytes.iter().position(|byte| !byte.is_ascii_graphic());
    let text = bytes.get(..size.unwrap_or(bytes.len())).unwrap_or_default();
    core::str::from_utf8(text).unwrap_or_default()
}
