//! Seeds and limits: each is written here once and used everywhere, clients included.

#![warn(missing_docs)]

/// Seed of the one [`Config`](crate::state::Config) account.
pub const CONFIG_SEED: &[u8] = b"config";
/// First seed of an [`Agent`](crate::state::Agent) account; the identity key follows.
pub const AGENT_SEED: &[u8] = b"agent";

/// The longest URI an account can hold.
pub const MAX_URI_BYTES: usize = 128;

/// One hundred percent, in basis points.
pub const FULL_BASIS_POINTS: u16 = 10_000;
/// The longest wait that the config may put on a change of authority or on unbonding.
pub const MAX_NOTICE_SECONDS: u64 = 366 * 24 * 60 * 60;
/// The longest heartbeat cadence: an agent that need not speak for longer says so with 0 (never).
pub const MAX_HEARTBEAT_CADENCE_SECONDS: u32 = 31 * 24 * 60 * 60;
