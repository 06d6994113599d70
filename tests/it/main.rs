//! All tests that cross crates, in one binary.
//!
//! - `architecture`: who may depend on whom, and that no test file was forgotten here
//! - `program`: one file an instruction, on the real .so; and the layouts, byte for byte
//! - `flow`: what people do, through the workflows, with restarts in between
//! - `cli`: the command as a user runs it
//! - `api`: the service over HTTP
//! - `cluster`: the same on a real validator, which `anchor test` starts
#![allow(clippy::unwrap_used, missing_docs)]

mod api;
mod architecture;
mod cli;
mod cluster;
mod flow;
mod program;
