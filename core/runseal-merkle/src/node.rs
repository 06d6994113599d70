//! How an inner node is hashed where there is no system call for it.
//!
//! A node is always 65 bytes, so its two blocks are laid out here, instead of by a buffer that asks
//! what it holds already. Checking a path is nothing but this, one node after the other.

use crate::{Hash, hash::NODE};

const BLOCK_SIZE: usize = 64;
const MESSAGE_SIZE: usize = 65;

/// What SHA-256 starts from.
const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The padded message, but for the children: prefix, marker and, in bits, the length.
const WITHOUT_CHILDREN: [[u8; BLOCK_SIZE]; 2] = {
    let mut blocks = [[0; BLOCK_SIZE]; 2];
    blocks[0][0] = NODE;
    blocks[1][MESSAGE_SIZE % BLOCK_SIZE] = 0x80;
    [.., blocks[1][BLOCK_SIZE - 2], blocks[1][BLOCK_SIZE - 1]] = (MESSAGE_SIZE * 8).to_be_bytes();
    blocks
};

pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut blocks = WITHOUT_CHILDREN;
    let (_, children) = blocks.as_flattened_mut().split_at_mut(1);
    for (to, from) in children.as_chunks_mut().0.iter_mut().zip([left, right]) {
        *to = *from;
    }
    let mut state = START;
    sha2::compress256(&mut state, &blocks.map(Into::into));
    let mut hash = [0; 32];
    for (bytes, word) in hash.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    hash
}
