//! The API over real connections, on a real store.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails panics")]

mod access;
mod client;
mod contract;
mod health;
mod held;
mod hostile;
mod leaves;
mod limits;
mod listening;
mod matching;
mod metrics;
mod openapi;
mod otlp;
mod schema;
mod script;
mod service;
mod signer;
mod town;
mod v2;
mod wire;
