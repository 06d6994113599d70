//! The API over real connections, on a real store.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails panics")]

mod access;
mod client;
mod hostile;
mod leaves;
mod listening;
mod matching;
mod otlp;
mod script;
mod service;
mod town;
mod v2;
mod wire;
