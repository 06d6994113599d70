//! One file an instruction: its arguments, its accounts, its check and its apply.

mod initialize_config;
mod register_agent;

// Globs, because Anchor's macros put more names beside each struct than a list could keep up with.
pub use initialize_config::*;
pub use register_agent::*;
