//! As much of DER as a token is made of, read strictly: one spelling for each value.

/// What a value is, by its first byte.
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const OCTETS: u8 = 0x04;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const TIME: u8 = 0x18;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;

    /// A constructed value whose meaning depends on the place.
    pub(crate) const fn context(number: u8) -> u8 {
        0xa0 | number
    }
}

/// Why bytes are no DER, or not what belongs there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DerError {
    /// They end within a value.
    #[error("cut off")]
    CutOff,
    /// Something stands behind what should be the end.
    #[error("{count} bytes too many")]
    Trailing {
        /// How many.
        count: usize,
    },
    /// A length is not written as DER has it.
    #[error("a length is not as DER has it")]
    Length,
    /// Another kind of value stands there.
    #[error("tag {found:#04x} where {expected:#04x} belongs")]
    Tag {
        /// What belongs there.
        expected: u8,
        /// What stands there.
        found: u8,
    },
    /// A value is not written as DER has it.
    #[error("a value is not as DER has it")]
    Value,
}

/// What is left to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Der<'a>(pub(crate) &'a [u8]);

impl<'a> Der<'a> {
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Says whether a value of this kind comes next.
    pub(crate) fn is_next(self, tag: u8) -> bool {
        self.0.first() == Some(&tag)
    }

    /// Nothing may be left.
    pub(crate) fn end(self) -> Result<(), DerError> {
        if self.0.is_empty() { Ok(()) } else { Err(DerError::Trailing { count: self.0.len() }) }
    }

    /// Takes a value's content.
    pub(crate) fn take(&mut self, tag: u8) -> Result<Self, DerError> {
        Ok(self.take_whole(tag)?.1)
    }

    /// Takes a value; returns it as it stands there, and its content.
    pub(crate) fn take_whole(&mut self, expected: u8) -> Result<(&'a [u8], Self), DerError> {
        let all = self.0;
        let (&found, rest) = all.split_first().ok_or(DerError::CutOff)?;
        if found != expected {
            return Err(DerError::Tag { expected, found });
        }
        let (length, rest) = length(rest)?;
        let (content, rest) = rest.split_at_checked(length).ok_or(DerError::CutOff)?;
        let whole = all.get(..all.len().saturating_sub(rest.len())).ok_or(DerError::CutOff)?;
        self.0 = rest;
        Ok((whole, Self(content)))
    }

    /// Takes a value if one of this kind comes next.
    pub(crate) fn find(&mut self, tag: u8) -> Result<Option<Self>, DerError> {
        if self.is_next(tag) { self.take(tag).map(Some) } else { Ok(None) }
    }

    /// Takes a value of any kind; returns it as it stands there.
    pub(crate) fn take_any(&mut self) -> Result<&'a [u8], DerError> {
        let tag = *self.0.first().ok_or(DerError::CutOff)?;
        // The number of a kind that is spelt in several bytes is in nothing that is read here.
        if tag & 0x1f == 0x1f {
            return Err(DerError::Value);
        }
        Ok(self.take_whole(tag)?.0)
    }

    /// Takes a number that is not negative, as its bytes.
    pub(crate) fn integer(&mut self) -> Result<&'a [u8], DerError> {
        match self.take(tag::INTEGER)?.0 {
            [] => Err(DerError::Value),
            [0, second, ..] if *second < 0x80 => Err(DerError::Value),
            [first, ..] if *first >= 0x80 => Err(DerError::Value),
            bytes => Ok(bytes),
        }
    }

    /// Takes a yes or no.
    pub(crate) fn boolean(&mut self) -> Result<bool, DerError> {
        match self.take(tag::BOOLEAN)?.0 {
            [0x00] => Ok(false),
            [0xff] => Ok(true),
            _ => Err(DerError::Value),
        }
    }

    /// Takes the name of a thing.
    pub(crate) fn oid(&mut self) -> Result<&'a [u8], DerError> {
        let bytes = self.take(tag::OID)?.0;
        // Each part ends with a byte below 0x80 and does not begin with a zero.
        let mut begins = true;
        for byte in bytes {
            if begins && *byte == 0x80 {
                return Err(DerError::Value);
            }
            begins = *byte < 0x80;
        }
        if begins && !bytes.is_empty() { Ok(bytes) } else { Err(DerError::Value) }
    }

    /// Takes the name of an algorithm; its parameters are none or null.
    pub(crate) fn algorithm(&mut self) -> Result<&'a [u8], DerError> {
        let mut algorithm = self.take(tag::SEQUENCE)?;
        let name = algorithm.oid()?;
        match algorithm.0 {
            [] | [0x05, 0x00] => Ok(name),
            _ => Err(DerError::Value),
        }
    }
}

fn length(bytes: &[u8]) -> Result<(usize, &[u8]), DerError> {
    let (&first, rest) = bytes.split_first().ok_or(DerError::CutOff)?;
    if first < 0x80 {
        return Ok((usize::from(first), rest));
    }
    // Nothing here has more than two bytes of length; 0x80 would be a length that nobody says.
    let count = usize::from(first & 0x7f);
    if !(1..=3).contains(&count) {
        return Err(DerError::Length);
    }
    let (bytes, rest) = rest.split_at_checked(count).ok_or(DerError::CutOff)?;
    let value = bytes.iter().fold(0usize, |value, byte| (value << 8) | usize::from(*byte));
    // The shortest spelling is the only one.
    let is_shortest = value >= 0x80 && bytes.first() != Some(&0);
    if is_shortest { Ok((value, rest)) } else { Err(DerError::Length) }
}

/// Writes a value.
pub(crate) fn write(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut bytes = vec![tag];
    let be = length.to_be_bytes();
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => bytes.push(short),
        _ => {
            let significant: Vec<u8> = be.into_iter().skip_while(|byte| *byte == 0).collect();
            bytes.push(0x80 | u8::try_from(significant.len()).unwrap_or(8));
            bytes.extend(significant);
        }
    }
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_spelling() {
        for (bytes, error) in [
            (&b""[..], DerError::CutOff),
            (b"\x04", DerError::CutOff),
            (b"\x04\x01", DerError::CutOff),
            (b"\x02\x00", DerError::Tag { expected: 4, found: 2 }),
            (b"\x04\x80\x00\x00", DerError::Length),
            (b"\x04\x81\x01a", DerError::Length),
            (b"\x04\x82\x00\x81", DerError::Length),
            (b"\x04\x84\x00\x00\x00\x01a", DerError::Length),
            (b"\x04\x82\xff", DerError::CutOff),
        ] {
            assert_eq!(Der(bytes).take(tag::OCTETS).err(), Some(error), "{bytes:02x?}");
        }
        for bad in [&b"\x02\x00"[..], b"\x02\x02\x00\x7f", b"\x02\x01\x80"] {
            assert_eq!(Der(bad).integer(), Err(DerError::Value), "{bad:02x?}");
        }
        assert_eq!(Der(b"\x02\x02\x00\x80").integer(), Ok(&b"\x00\x80"[..]));
        for bad in [&b"\x06\x00"[..], b"\x06\x02\x2a\x80", b"\x06\x02\x80\x01"] {
            assert_eq!(Der(bad).oid(), Err(DerError::Value), "{bad:02x?}");
        }
        assert_eq!(Der(b"\x01\x01\x01").boolean(), Err(DerError::Value));
        assert_eq!(Der(b"\x1f\x01\x01").take_any(), Err(DerError::Value));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for size in [0usize, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let content = vec![7; size];
            let bytes = write(tag::OCTETS, &[&content]);
            let mut der = Der(&bytes);
            assert_eq!(der.take(tag::OCTETS).unwrap().0, content);
            assert_eq!(der.end(), Ok(()));
        }
    }
}
