//! The only place that knows how leaves and nodes are hashed.

use solana_sha256_hasher::hashv;

/// A SHA-256 hash.
pub type Hash = [u8; 32];

// Different first bytes, so that no node can be passed off as a leaf.
pub(crate) const LEAF: u8 = 0;
pub(crate) const NODE: u8 = 1;
const LEAF_PREFIX: &[u8] = &[LEAF];
const MOST_PARTS: usize = 6;

/// The root of a tree without leaves: SHA-256 of nothing.
pub const EMPTY_ROOT: Hash = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// Hashes a leaf whose bytes come in at most six parts: SHA-256(0x00 ‖ bytes).
///
/// More parts than that do not compile into anything that could be called by mistake: the
/// parameter is an array, and its length is checked when the caller is compiled.
#[inline(always)]
pub fn leaf_hash<const N: usize>(parts: &[&[u8]; N]) -> Hash {
    const { assert!(N <= MOST_PARTS, "a leaf has at most six parts") };
    let mut slices: [&[u8]; MOST_PARTS + 1] = [&[]; MOST_PARTS + 1];
    let (first, rest) = slices.split_at_mut(1);
    first.copy_from_slice(&[LEAF_PREFIX]);
    rest.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
    hashv(slices.get(..N.saturating_add(1)).unwrap_or(&slices)).to_bytes()
}

/// Hashes an inner node: SHA-256(0x01 ‖ left ‖ right).
#[inline(always)]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    #[cfg(any(target_os = "solana", target_arch = "bpf"))]
    return in_two_pieces(left, right);
    #[cfg(not(any(target_os = "solana", target_arch = "bpf")))]
    return crate::node::node_hash(left, right);
}

/// On chain each piece of what is hashed has its price, and a piece of one byte the same as one of 20.
#[cfg(any(target_os = "solana", target_arch = "bpf"))]
#[inline(always)]
fn in_two_pieces(left: &Hash, right: &Hash) -> Hash {
    let mut start = [NODE; 1 + size_of::<Hash>()];
    if let Some(place) = start.last_chunk_mut() {
        *place = *left;
    }
    hashv(&[&start, right]).to_bytes()
}
