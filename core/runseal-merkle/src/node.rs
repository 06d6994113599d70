//! How an inner node is hashed where there is no system call for it.
//!
//! A node is always 65 bytes, so its two blocks are laid out here, instead of by a buffer that asks
//! what it holds already. Checking a path is nothing but this, one node after the other, so it is
//! also shifted behind its prefix in registers: what is written in odd pieces waits to be read.

use crate::{Hash, hash::NODE};
use sha2::digest::generic_array::{GenericArray, typenum::U64};

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

/// The second block, but for its first byte, the message's last: the marker and the length in bits.
const PADDING: [u8; BLOCK_SIZE] = {
    let mut block = [0; BLOCK_SIZE];
    block[1] = 0x80;
    [.., block[BLOCK_SIZE - 2], block[BLOCK_SIZE - 1]] = (MESSAGE_SIZE * 8).to_be_bytes();
    block
};

pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut first = [0; BLOCK_SIZE];
    let mut carried = u64::from(NODE);
    for (to, from) in first.as_chunks_mut().0.iter_mut().zip([left, right]) {
        carried = shift(to, from, carried);
    }
    let mut second = PADDING;
    let [last, ..] = carried.to_le_bytes();
    second[0] = last;
    let blocks: [GenericArray<u8, U64>; 2] = [first.into(), second.into()];
    let mut state = START;
    sha2::compress256(&mut state, &blocks);
    let mut hash = [0; 32];
    for (bytes, word) in hash.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    hash
}

/// Writes a hash one byte further on, behind the byte that is carried, and returns its last byte.
#[inline(always)]
fn shift(to: &mut Hash, from: &Hash, mut carried: u64) -> u64 {
    for (to, from) in to.as_chunks_mut().0.iter_mut().zip(from.as_chunks().0) {
        let eight = u64::from_le_bytes(*from);
        *to = (carried | eight << 8).to_le_bytes();
        carried = eight >> 56;
    }
    carried
}
