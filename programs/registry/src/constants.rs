//! Seeds and limits: each is written here once and used everywhere, clients included.

#![warn(missing_docs)]

/// Seed of the one [`Config`](crate::state::Config) account.
pub const CONFIG_SEED: &[u8] = b"config";
/// First seed of an [`Agent`](crate::state::Agent) account; the identity key follows.
pub const AGENT_SEED: &[u8] = b"agent";
/// First seed of a [`Version`](crate::state::Version); the agent and the index (u64) follow.
pub const VERSION_SEED: &[u8] = b"version";
/// First seed of a [`Certifier`](crate::state::Certifier); its authority follows.
pub const CERTIFIER_SEED: &[u8] = b"certifier";
/// First seed of an [`Attestation`](crate::state::Attestation); the version, the stage (u8), the
/// certifier and the round (u32) follow.
pub const ATTESTATION_SEED: &[u8] = b"attestation";
/// First seed of a [`Log`](crate::state::Log); its founder and its name (32 bytes) follow.
pub const LOG_SEED: &[u8] = b"log";
/// First seed of an [`Anchor`](crate::state::Anchor); the log and the period (u64) follow.
pub const ANCHOR_SEED: &[u8] = b"anchor";
/// First seed of an [`Auditor`](crate::state::Auditor); its authority follows.
pub const AUDITOR_SEED: &[u8] = b"auditor";
/// First seed of a [`Cosignature`](crate::state::Cosignature); the anchor and the organisation
/// (32 bytes) follow.
pub const COSIGNATURE_SEED: &[u8] = b"cosign";
/// First seed of a [`Claim`](crate::state::Claim); the log, the kind (u8), the period (u64), the
/// agent, the sequence or index (u64) and the digest follow.
pub const CLAIM_SEED: &[u8] = b"claim";
/// First seed of the token account that holds a log's bond; the log follows.
pub const BOND_SEED: &[u8] = b"bond";

/// Domain of a period's context.
pub const PERIOD_DOMAIN: &[u8] = b"runseal/period/v1";
/// Domain of an anchor's hash.
pub const ANCHOR_DOMAIN: &[u8] = b"runseal/anchor/v1";
/// Domain of a promise.
pub const PROMISE_DOMAIN: &[u8] = b"runseal/promise/v1";

/// The longest URI an account can hold.
pub const MAX_URI_BYTES: usize = 128;
/// The longest name of a log or of an organisation.
pub const MAX_NAME_BYTES: usize = 32;
/// How many stages of certification there are: A to E.
pub const STAGE_COUNT: usize = 5;
/// How many promise keys a log remembers.
pub const PROMISE_KEY_COUNT: usize = 4;
/// How many levels a log's mountain range has; so a log has less than 2^32 periods.
pub const PEAK_COUNT: usize = 32;

/// The largest share of a slash that may go to the claimant: a half. The rest is lost to an operator who
/// lets an accomplice claim it.
pub const MAX_CLAIMANT_BASIS_POINTS: u16 = 5_000;
/// The longest wait that the config may put on a change of authority or on unbonding.
pub const MAX_NOTICE_SECONDS: u64 = 366 * DAY_SECONDS;
/// How long after its notice a proposed authority may accept.
pub const PROPOSAL_EXPIRY_SECONDS: u64 = 30 * DAY_SECONDS;
/// The longest heartbeat cadence: an agent that need not speak for longer says so with 0 (never).
pub const MAX_HEARTBEAT_CADENCE_SECONDS: u32 = 31 * 24 * 60 * 60;
/// The longest period of a log.
pub const MAX_CADENCE_SECONDS: u64 = 31 * DAY_SECONDS;
/// The longest grace, answer window and challenge window of a log.
pub const MAX_WINDOW_SECONDS: u64 = 366 * DAY_SECONDS;
/// The longest that a log may keep its anchors' accounts open.
pub const MAX_RETENTION_SECONDS: u64 = 100 * 366 * DAY_SECONDS;
/// The shortest time in which an operator must be able to answer a claim, and in which a promise
/// must be open to one.
pub const MIN_WINDOW_SECONDS: u64 = 1;

/// How long after its notice a withdrawal of a bond can be made: a request does not ripen for ever.
pub const WITHDRAWAL_EXPIRY_SECONDS: u64 = 30 * DAY_SECONDS;

const DAY_SECONDS: u64 = 24 * 60 * 60;
