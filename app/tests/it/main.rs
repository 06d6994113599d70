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
mod health;
mod held;
mod hostile;
mod identity;
mod leaves;
mod limits;
mod listening;
mod live;
mod matching;
mod metrics;
mod openapi;
mod otlp;
mod schema;
mod script;
mod service;
mod signer;
mod slow;
mod state_pages;
mod town;
mod v2;
mod wire;
