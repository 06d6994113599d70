//! How large documents and events may be, so that a file that holds some is read by the same rules.

use crate::json::{Object, Value};

/// How many bytes the canonical spelling of an event may have, or of a document without its
/// signatures. What is left of the 1 MiB that is read is room for these.
pub const MOST_BODY_BYTES: usize = 960 << 10;

/// How many bytes the canonical spelling of a signature's entry may have, without the signature.
pub const MOST_SIGNATURE_BYTES: usize = 3_900;

/// How many lists and objects of an event or a document may stand in each other.
pub const MOST_BODY_DEPTH: usize = 64;

/// That an event or a document is beyond one of the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// It is too large.
    #[error("{size_bytes} bytes where at most {MOST_BODY_BYTES} are taken")]
    BodyTooLarge {
        /// How large its canonical spelling is.
        size_bytes: usize,
    },
    /// Lists and objects stand in each other too often.
    #[error("more than {MOST_BODY_DEPTH} lists and objects in each other")]
    BodyTooDeep,
}

pub(crate) const fn check_size(size_bytes: usize) -> Result<(), LimitError> {
    if size_bytes > MOST_BODY_BYTES {
        return Err(LimitError::BodyTooLarge { size_bytes });
    }
    Ok(())
}

pub(crate) fn check_depth(object: &Object) -> Result<(), LimitError> {
    let fits = object.values().all(|value| is_within(value, MOST_BODY_DEPTH.saturating_sub(1)));
    if fits { Ok(()) } else { Err(LimitError::BodyTooDeep) }
}

/// Says whether at most so many lists and objects stand in each other.
fn is_within(value: &Value, most: usize) -> bool {
    let inside = most.checked_sub(1);
    match (value, inside) {
        (Value::List(list), Some(most)) => list.iter().all(|value| is_within(value, most)),
        (Value::Object(object), Some(most)) => object.values().all(|value| is_within(value, most)),
        (Value::List(_) | Value::Object(_), None) => false,
        _ => true,
    }
}
