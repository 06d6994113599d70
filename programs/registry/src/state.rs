//! The accounts: their layout, their behaviour and the invariant that every writer ends with.

#![warn(missing_docs)]

mod agent;
mod anchor;
mod attestation;
mod auditor;
mod certifier;
mod claim;
mod config;
mod handover;
mod leaf;
mod log;
mod moment;
mod text;
mod version;

pub use agent::{Agent, AgentStatus};
pub use anchor::{Anchor, Timeliness, period_context};
pub use attestation::{Attestation, Metrics, Outcome};
pub use auditor::{Auditor, Cosignature};
pub use certifier::{Certifier, stage_bit};
pub use claim::{Claim, ClaimKind, ClaimState};
pub use config::Config;
pub use handover::Handover;
pub use leaf::{Leaf, Promise};
pub use log::{Log, PromiseKey};
pub use moment::Moment;
pub use text::{Name, Uri};
pub use version::{SemanticVersion, Version};
