//! The members of an object, one kind of value a method. A member that is null is one that is absent.

use crate::json::{Object, Value};
use runseal_types::{Address, AddressError, Digest, HexError, Timestamp, TimestampError};

/// How long an id, a name or a reason may be.
pub const MOST_TEXT_BYTES: usize = 256;

/// Why a member of an object is not what belongs there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberError {
    /// It must be there and is not, or is null.
    #[error("{member} is missing")]
    Missing {
        /// Its key.
        member: &'static str,
    },
    /// It is of another kind.
    #[error("{member} is not {expected}")]
    WrongType {
        /// Its key.
        member: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
    /// A text is empty, too long or has control characters.
    #[error("{member} is not 1 to {MOST_TEXT_BYTES} bytes of text without control characters")]
    BadText {
        /// Its key.
        member: &'static str,
    },
    /// A number is not an integer from 0 to 2^53 - 1.
    #[error("{member} is not an integer from 0 to 2^53 - 1")]
    BadInteger {
        /// Its key.
        member: &'static str,
    },
    /// A hash is not written as one.
    #[error("{member} is not a hash: {reason}")]
    BadDigest {
        /// Its key.
        member: &'static str,
        /// What is wrong with it.
        reason: HexError,
    },
    /// An address is not written as one.
    #[error("{member} is {reason}")]
    BadAddress {
        /// Its key.
        member: &'static str,
        /// What is wrong with it.
        reason: AddressError,
    },
    /// A time is not written as one.
    #[error("{member} is no time: {reason}")]
    BadTimestamp {
        /// Its key.
        member: &'static str,
        /// What is wrong with it.
        reason: TimestampError,
    },
    /// A word is none of those that may stand there.
    #[error("{member} is {found:?}, which is none of its words")]
    UnknownWord {
        /// Its key.
        member: &'static str,
        /// The word.
        found: String,
    },
    /// A list is longer than it may be.
    #[error("{member} has {found} elements where at most {most} are read")]
    TooMany {
        /// Its key.
        member: &'static str,
        /// How many it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
}

/// A look at an object's members.
#[derive(Clone, Copy)]
pub struct Members<'a>(pub &'a Object);

impl<'a> Members<'a> {
    /// Finds a member that is there and not null.
    pub fn find(self, member: &'static str) -> Option<&'a Value> {
        self.0.get(member).filter(|value| !matches!(value, Value::Null))
    }

    /// Returns a member that must be there.
    pub fn required(self, member: &'static str) -> Result<&'a Value, MemberError> {
        self.find(member).ok_or(MemberError::Missing { member })
    }

    /// Reads a text of 1 to 256 bytes without control characters.
    pub fn text(self, member: &'static str) -> Result<&'a str, MemberError> {
        let text = any_text(member, self.required(member)?)?;
        let plain = !text.is_empty() && !text.chars().any(char::is_control);
        if plain && text.len() <= MOST_TEXT_BYTES {
            Ok(text)
        } else {
            Err(MemberError::BadText { member })
        }
    }

    /// Reads an integer from 0 to 2^53 - 1.
    pub fn integer(self, member: &'static str) -> Result<u64, MemberError> {
        let Value::Number(number) = self.required(member)? else {
            return Err(MemberError::WrongType { member, expected: "a number" });
        };
        number.as_u64().ok_or(MemberError::BadInteger { member })
    }

    /// Reads a hash.
    pub fn digest(self, member: &'static str) -> Result<Digest, MemberError> {
        let text = any_text(member, self.required(member)?)?;
        text.parse().map_err(|reason| MemberError::BadDigest { member, reason })
    }

    /// Reads an address.
    pub fn address(self, member: &'static str) -> Result<Address, MemberError> {
        let text = any_text(member, self.required(member)?)?;
        text.parse().map_err(|reason| MemberError::BadAddress { member, reason })
    }

    /// Reads a time.
    pub fn timestamp(self, member: &'static str) -> Result<Timestamp, MemberError> {
        let text = any_text(member, self.required(member)?)?;
        text.parse().map_err(|reason| MemberError::BadTimestamp { member, reason })
    }

    /// Reads a word with `find`, which knows the words that may stand there.
    pub fn word<T>(
        self,
        member: &'static str,
        find: fn(&str) -> Option<T>,
    ) -> Result<T, MemberError> {
        let found = any_text(member, self.required(member)?)?;
        find(found).ok_or_else(|| MemberError::UnknownWord { member, found: found.to_owned() })
    }

    /// Reads an object.
    pub fn object(self, member: &'static str) -> Result<&'a Object, MemberError> {
        as_object(member, self.required(member)?)
    }

    /// Reads a member that need not be there.
    pub fn optional<T>(
        self,
        member: &'static str,
        read: impl FnOnce(Self, &'static str) -> Result<T, MemberError>,
    ) -> Result<Option<T>, MemberError> {
        self.find(member).map(|_| read(self, member)).transpose()
    }

    /// Reads a list of objects; one that is absent is empty.
    pub fn objects(
        self,
        member: &'static str,
        most: usize,
    ) -> Result<Vec<&'a Object>, MemberError> {
        self.list(member, most)?.iter().map(|element| as_object(member, element)).collect()
    }

    /// Reads a list; one that is absent is empty.
    pub fn list(self, member: &'static str, most: usize) -> Result<&'a [Value], MemberError> {
        let list = match self.find(member) {
            None => return Ok(&[]),
            Some(Value::List(list)) => list,
            Some(_) => return Err(MemberError::WrongType { member, expected: "a list" }),
        };
        if list.len() > most {
            return Err(MemberError::TooMany { member, found: list.len(), most });
        }
        Ok(list)
    }
}

/// Takes any text, however long, where one must stand.
pub fn any_text<'a>(member: &'static str, value: &'a Value) -> Result<&'a str, MemberError> {
    match value {
        Value::Text(text) => Ok(text),
        _ => Err(MemberError::WrongType { member, expected: "a text" }),
    }
}

fn as_object<'a>(member: &'static str, value: &'a Value) -> Result<&'a Object, MemberError> {
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(MemberError::WrongType { member, expected: "an object" }),
    }
}

/// Makes an object of members.
#[must_use]
pub fn object_of<const N: usize>(members: [(&str, Value); N]) -> Object {
    let mut object = Object::new();
    // One by one: to collect them would bring a sort along, for each N anew.
    object.extend(members.into_iter().map(|(key, value)| (key.to_owned(), value)));
    object
}

/// Makes an integer; one that JSON cannot hold becomes null, and whoever parses it says `Missing`.
#[must_use]
pub fn integer(number: u64) -> Value {
    let number = i64::try_from(number).ok().and_then(crate::json::Number::from_integer);
    number.map_or(Value::Null, Value::Number)
}
