//! What stands in a question: hashes, bytes and numbers as scripts write them.

use crate::Refusal;
use runseal_receipt::json::{Object, Value, parse_keeping_digits};

/// How large a question is read: every character of 1 MiB of JSON may need six in a text.
pub const MOST_QUESTION_BYTES: usize = 8 << 20;

/// The members of an object, each read as what it should be. Those that nobody asks for are ignored;
/// one that is null is one that is absent.
pub(crate) struct Question(Object);

impl Question {
    pub(crate) fn parse(json: &[u8]) -> Result<Self, Refusal> {
        match parse_keeping_digits(json, MOST_QUESTION_BYTES) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            Ok(_) => Err(Refusal::new("Malformed", "a question is an object")),
            Err(error) => Err(Refusal::new("Malformed", error)),
        }
    }

    /// Reads 32 bytes in hexadecimal.
    pub(crate) fn hash(&self, name: &str) -> Result<[u8; 32], Refusal> {
        self.read(name, "a text of 64 hexadecimal digits", hash)
    }

    /// Reads the same, where it need not be there.
    pub(crate) fn find_hash(&self, name: &str) -> Result<Option<[u8; 32]>, Refusal> {
        self.find(name).map(|_| self.hash(name)).transpose()
    }

    /// Reads a list of the same.
    pub(crate) fn hashes(&self, name: &str) -> Result<Vec<[u8; 32]>, Refusal> {
        self.read(name, "a list of texts of 64 hexadecimal digits", |value| match value {
            Value::List(list) => list.iter().map(hash).collect(),
            _ => None,
        })
    }

    /// Reads any bytes in hexadecimal.
    pub(crate) fn bytes(&self, name: &str) -> Result<Vec<u8>, Refusal> {
        self.read(name, "a text of an even number of hexadecimal digits", |value| {
            let (pairs, odd) = text(value)?.as_bytes().as_chunks();
            let bytes = pairs.iter().copied().map(byte);
            if odd.is_empty() { bytes.collect() } else { None }
        })
    }

    /// Reads a number up to 2^64 - 1: an integer or, from writers that hold numbers as doubles, its
    /// digits.
    pub(crate) fn number(&self, name: &str) -> Result<u64, Refusal> {
        let expected = "an integer from 0 to 18446744073709551615, or its decimal digits as a text";
        self.read(name, expected, |value| match value {
            Value::Number(number) => number.as_u64(),
            Value::Text(text) if text.bytes().all(|digit| digit.is_ascii_digit()) => {
                text.parse().ok()
            }
            _ => None,
        })
    }

    /// Reads the same, where it need not be there.
    pub(crate) fn find_number(&self, name: &str) -> Result<Option<u64>, Refusal> {
        self.find(name).map(|_| self.number(name)).transpose()
    }

    /// Reads a text.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Refusal> {
        self.read(name, "a text", text)
    }

    fn find(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| **value != Value::Null)
    }

    fn read<'a, T>(
        &'a self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<T, Refusal> {
        let refusal = || Refusal::new("Malformed", format!("{name} must be {expected}"));
        self.find(name).and_then(read).ok_or_else(refusal)
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn hash(value: &Value) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    let (pairs, odd) = text(value)?.as_bytes().as_chunks();
    if pairs.len() != hash.len() || !odd.is_empty() {
        return None;
    }
    for (to, pair) in hash.iter_mut().zip(pairs) {
        *to = byte(*pair)?;
    }
    Some(hash)
}

fn byte([high, low]: [u8; 2]) -> Option<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}
