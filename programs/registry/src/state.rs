//! The accounts: their layout, their behaviour and the invariant that every writer ends with.

#![warn(missing_docs)]

mod agent;
mod config;
mod moment;
mod uri;

pub use agent::{Agent, AgentStatus};
pub use config::Config;
pub use moment::Moment;
pub use uri::Uri;
