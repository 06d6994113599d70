//! Tokens of authorities made with openssl: good ones, and every way to be a bad one.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails panics")]

mod authority;
mod crafted;
mod tokens;
