//! The API over real connections, on a real store.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails panics")]

mod access;
mod client;
mod contract;
mod hostile;
mod leaves;
mod matching;
mod openapi;
mod otlp;
mod schema;
mod script;
mod service;
mod wire;
