//! The API over real connections, on a real store.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a test tells and panics"
)]

mod access;
mod campaign;
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
mod slow;
mod wire;
