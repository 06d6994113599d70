//! What stands in a line: hashes, bytes and numbers as scripts write them.

use super::answer::Refusal;
use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};
use std::fmt;

/// Reads a line as a question: an object, whose members this command does not know are ignored.
pub(super) fn parse<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, Refusal> {
    // The library would take a list of the members' values as well.
    if line.trim_ascii_start().first() == Some(&b'[') {
        return Err(Refusal::new("Malformed", "a list where an object belongs"));
    }
    serde_json::from_slice(line).map_err(|error| Refusal::new("Malformed", error))
}

/// Thirty-two bytes in hexadecimal.
#[derive(Clone, Copy)]
pub(super) struct Hash(pub(super) [u8; 32]);

/// Any bytes in hexadecimal.
pub(super) struct Bytes(pub(super) Vec<u8>);

/// A number up to 2^64 - 1, as an integer or, for writers that hold numbers as doubles, as a text.
#[derive(Clone, Copy)]
pub(super) struct Number(pub(super) u64);

/// Returns hashes as the tree's crate has them.
pub(super) fn bare(hashes: &[Hash]) -> Vec<[u8; 32]> {
    hashes.iter().map(|hash| hash.0).collect()
}

impl<'a> Deserialize<'a> for Hash {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(HashText)
    }
}

impl<'a> Deserialize<'a> for Bytes {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(BytesText)
    }
}

impl<'a> Deserialize<'a> for Number {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IntegerOrText)
    }
}

struct HashText;

impl Visitor<'_> for HashText {
    type Value = Hash;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text of 64 hexadecimal digits")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Hash, E> {
        let mut hash = [0; 32];
        let (pairs, odd) = text.as_bytes().as_chunks();
        if pairs.len() != hash.len() || !odd.is_empty() {
            return Err(E::invalid_length(text.len(), &self));
        }
        for (to, pair) in hash.iter_mut().zip(pairs) {
            *to = byte(*pair).ok_or_else(|| E::custom(NotHex))?;
        }
        Ok(Hash(hash))
    }
}

struct BytesText;

impl Visitor<'_> for BytesText {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text of an even number of hexadecimal digits")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Bytes, E> {
        let (pairs, odd) = text.as_bytes().as_chunks();
        if !odd.is_empty() {
            return Err(E::invalid_length(text.len(), &self));
        }
        let bytes: Option<Vec<u8>> = pairs.iter().copied().map(byte).collect();
        bytes.map(Bytes).ok_or_else(|| E::custom(NotHex))
    }
}

struct NotHex;

impl fmt::Display for NotHex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a character is no hexadecimal digit")
    }
}

fn byte([high, low]: [u8; 2]) -> Option<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

struct IntegerOrText;

impl Visitor<'_> for IntegerOrText {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer from 0 to 18446744073709551615, or its decimal digits as a text")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
        Ok(Number(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        let is_decimal = text.bytes().all(|digit| digit.is_ascii_digit());
        let number = if is_decimal { text.parse().ok() } else { None };
        number.map(Number).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}
