//! JSON with one meaning and one spelling: parsed strictly, printed as RFC 8785 says.
//!
//! docs/spec/canonical-json.md says what is refused and why.

mod canonical;
mod error;
mod gathered;
mod number;
mod parser;
mod text;
mod value;

pub use error::JsonError;
pub use number::{MOST_INTEGER, Number};
pub use parser::{MOST_BYTES, MOST_DEPTH, parse, parse_keeping_digits, parse_within};
pub use value::{Object, Value};

pub(crate) use canonical::{Part, canonical_members, canonical_object};
pub(crate) use parser::parse_beside;
