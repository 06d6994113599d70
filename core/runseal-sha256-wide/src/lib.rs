//! SHA-256 of many short messages of one length at once, in the lanes of vector registers.
//!
//! Hashing a Merkle tree is hashing millions of messages of the same few lengths, none of which
//! waits for another of its level. A vector of sixteen words then does sixteen of them in the time
//! of two or three. Which vectors there are is asked when the program runs; without any, messages
//! are hashed one by one with `sha2`, which uses what the processor has for that.
//!
//! ```
//! use runseal_sha256_wide::Width;
//!
//! let mut hashes = [[0; 32]; 3];
//! Width::best().hash_each(0, &[*b"one", *b"two", *b"six"], &mut hashes);
//! assert_eq!(hashes[2][..4], [0xca, 0x23, 0x3e, 0x7a]);
//! ```
#![deny(unsafe_code)]
#![warn(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod block;
#[cfg(target_arch = "x86_64")]
mod kernel;
mod one_by_one;
mod width;

pub use width::Width;

/// A SHA-256 hash.
pub type Hash = [u8; 32];
