//! Merkle trees as RFC 9162 defines them, over SHA-256.
//!
//! Verification is strict: the count of leaves comes from the caller and never from the proof, a
//! proof has exactly the hashes that its index and count ask for, every one of them is used, and
//! left and right follow from the index alone. Nothing here allocates unless it builds a tree,
//! nothing panics, and the same source runs on chain, in clients and in browsers.
//!
//! A stream's root comes from [`mountain_range::MountainRange`], in constant memory; a `Tree` keeps 36
//! bytes a leaf and serves every proof: [`inclusion`], [`consistency`], neighbours ([`adjacent`]) and
//! so [`absence`], and whole ranges ([`range`](mod@range)). `docs/spec/merkle.md` has the bytes.
//!
//! ```
//! use runseal_merkle::{Tree, inclusion, leaf_hash};
//!
//! let tree = Tree::from_leaves([*b"a", *b"b", *b"c"]);
//! let path = tree.inclusion_path(2).unwrap();
//! assert!(inclusion::verify(&leaf_hash(&[b"c"]), 2, 3, &path, &tree.root()).is_ok());
//! assert!(inclusion::verify(&leaf_hash(&[b"c"]), 1, 3, &path, &tree.root()).is_err());
//! ```
#![no_std]
#![forbid(unsafe_code)]
#![warn(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod absence;
pub mod adjacent;
#[cfg(feature = "alloc")]
pub mod bulk;
pub mod consistency;
mod error;
mod hash;
pub mod inclusion;
pub mod mountain_range;
#[cfg(not(any(target_os = "solana", target_arch = "bpf")))]
mod node;
pub mod range;
mod shape;
#[cfg(feature = "alloc")]
mod tree;

pub use error::ProofError;
pub use hash::{EMPTY_ROOT, Hash, leaf_hash, node_hash};
#[cfg(feature = "alloc")]
pub use tree::Tree;
