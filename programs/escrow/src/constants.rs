//! Seeds and limits.

/// First seed of an [`Escrow`](crate::state::Escrow); the payer and the number (u64) follow.
pub const ESCROW_SEED: &[u8] = b"escrow";
/// First seed of the token account that holds an escrow's tokens; the escrow follows.
pub const VAULT_SEED: &[u8] = b"vault";

/// The longest that tokens can be locked: a payer's slip does not cost them for ever.
pub const MAX_LOCK_SECONDS: i64 = 366 * 24 * 60 * 60;
