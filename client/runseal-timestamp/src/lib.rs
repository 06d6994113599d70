//! RFC 3161 time-stamp tokens: somebody else's word that a hash was there at a time.
//!
//! [`Request`] is what is sent to an authority, [`token_of`] takes the token out of its answer, and
//! [`verify()`] says whether the token is what it should be: DER and nothing behind it, of this hash and
//! this request, signed by a certificate that is made for just that and whose chain ends in a root that
//! the caller trusts, at the time that the token says. Nothing here is sent or read from anywhere.
#![forbid(unsafe_code)]

mod certificate;
mod der;
mod error;
mod info;
mod names;
mod request;
mod response;
mod roots;
mod signed;
mod verify;

pub use der::DerError;
pub use error::TokenError;
pub use request::{NONCE_BYTES, Request};
pub use response::token_of;
pub use roots::Roots;
pub use verify::{Stamp, verify};

/// How large an answer or a token may be.
pub const MOST_BYTES: usize = 64 << 10;
