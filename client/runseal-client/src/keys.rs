//! Addresses and hashes as the chain's own crates have them, and as ours do.

use runseal_types::Digest;

/// Turns the chain's address into ours.
pub fn ours(address: &solana_address::Address) -> runseal_types::Address {
    runseal_types::Address::new(address.to_bytes())
}

/// Turns our address into the chain's.
pub fn theirs(address: &runseal_types::Address) -> solana_address::Address {
    solana_address::Address::new_from_array(*address.as_bytes())
}

/// Turns a cluster's hash into a digest.
pub fn digest(hash: &solana_hash::Hash) -> Digest {
    Digest::new(hash.to_bytes())
}
