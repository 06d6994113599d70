//! The fields of an account, one behind the other, none left over.

use runseal_engine::account::{AccountError, Moment, Name, RawAccount};
use runseal_types::{Address, Digest};

/// The layout that is known, of every kind.
const LAYOUT: u8 = 1;

const DISCRIMINATOR_BYTES: usize = 8;

/// The kinds of accounts that a verdict may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Agent,
    Version,
    Certifier,
    Attestation,
    Log,
    Anchor,
    Auditor,
    Cosignature,
}

/// Each kind with the name that its discriminator is made of, and its size.
const KINDS: [(Kind, &str, usize); 8] = [
    (Kind::Agent, "Agent", 440),
    (Kind::Version, "Version", 512),
    (Kind::Certifier, "Certifier", 184),
    (Kind::Attestation, "Attestation", 328),
    (Kind::Log, "Log", 1704),
    (Kind::Anchor, "Anchor", 296),
    (Kind::Auditor, "Auditor", 160),
    (Kind::Cosignature, "Cosignature", 192),
];

impl Kind {
    /// Opens an account whose program, kind and size are known.
    pub(crate) fn open<'a>(
        program: &Address,
        raw: &'a RawAccount,
    ) -> Result<(Self, Fields<'a>), AccountError> {
        let address = raw.address;
        if raw.lamports == 0 {
            return Err(AccountError::Gone { address });
        }
        if raw.owner != *program {
            let (expected, found) = (*program, raw.owner);
            return Err(AccountError::ForeignOwner { address, expected, found });
        }
        let unknown = AccountError::UnknownKind { address };
        let (start, rest) = raw.data.split_first_chunk().ok_or(unknown)?;
        let is_it = |(_, name, _): &&(Self, &str, usize)| discriminator(name) == Some(*start);
        let (kind, _, expected) = KINDS.iter().find(is_it).ok_or(unknown)?;
        if raw.data.len() != *expected {
            let (expected, found) = (*expected, raw.data.len());
            return Err(AccountError::WrongSize { address, expected, found });
        }
        Ok((*kind, Fields { address, rest }))
    }
}

fn discriminator(name: &str) -> Option<[u8; DISCRIMINATOR_BYTES]> {
    let hash = Digest::of(&[b"account:", name.as_bytes()]);
    hash.as_bytes().first_chunk().copied()
}

/// What is left to read of an account.
pub(crate) struct Fields<'a> {
    pub(crate) address: Address,
    rest: &'a [u8],
}

impl Fields<'_> {
    /// Reads layout version and bump.
    pub(crate) fn header(&mut self) -> Result<u8, AccountError> {
        let found = self.u8()?;
        if found != LAYOUT {
            let address = self.address;
            return Err(AccountError::UnknownLayout { address, expected: LAYOUT, found });
        }
        self.u8()
    }

    /// Refuses bytes that are left over.
    pub(crate) const fn finish(&self) -> Result<(), AccountError> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.bad("length")) }
    }

    pub(crate) const fn bad(&self, field: &'static str) -> AccountError {
        AccountError::BadField { address: self.address, field }
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> Result<[u8; N], AccountError> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(self.bad("length"))?;
        self.rest = rest;
        Ok(*bytes)
    }

    /// Passes over what no verdict needs.
    pub(crate) fn skip<const N: usize>(&mut self) -> Result<(), AccountError> {
        self.bytes::<N>().map(drop)
    }

    /// Passes over bytes that are zero in this layout.
    pub(crate) fn zeros<const N: usize>(&mut self) -> Result<(), AccountError> {
        let zero = self.bytes::<N>()? == [0; N];
        if zero { Ok(()) } else { Err(self.bad("reserved byte")) }
    }

    pub(crate) fn u8(&mut self) -> Result<u8, AccountError> {
        self.bytes().map(u8::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, AccountError> {
        self.bytes().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, AccountError> {
        self.bytes().map(u64::from_le_bytes)
    }

    pub(crate) fn i64(&mut self) -> Result<i64, AccountError> {
        self.bytes().map(i64::from_le_bytes)
    }

    pub(crate) fn moment(&mut self) -> Result<Moment, AccountError> {
        Ok(Moment { slot: self.u64()?, unix_seconds: self.i64()? })
    }

    pub(crate) fn address(&mut self) -> Result<Address, AccountError> {
        self.bytes().map(Address::new)
    }

    /// Reads an address that is zero where there is none.
    pub(crate) fn find_address(&mut self) -> Result<Option<Address>, AccountError> {
        let address = self.address()?;
        Ok((address != Address::new([0; 32])).then_some(address))
    }

    pub(crate) fn digest(&mut self) -> Result<Digest, AccountError> {
        self.bytes().map(Digest::new)
    }

    pub(crate) fn name(&mut self) -> Result<Name, AccountError> {
        let bytes = self.bytes()?;
        Name::new(bytes).ok_or(self.bad("name"))
    }

    pub(crate) fn flag(&mut self, field: &'static str) -> Result<bool, AccountError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.bad(field)),
        }
    }
}
