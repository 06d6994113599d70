//! The store in PostgreSQL, on a real server.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails panics")]

mod contract;
