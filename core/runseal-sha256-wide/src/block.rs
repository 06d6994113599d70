//! What SHA-256 makes of a message before it mixes it: a prefix, a marker, a length, whole blocks.

/// How many bytes the function mixes in at a time.
pub(crate) const BLOCK_SIZE: usize = 64;

/// The chaining value before the first block.
pub(crate) const START: [u32; 8] = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/// What each round adds.
pub(crate) const ROUNDS: [[u32; 16]; 4] = [
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174,
    ],
    [
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc,
        0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
        0x06ca6351, 0x14292967,
    ],
    [
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
        0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624,
        0xf40e3585, 0x106aa070,
    ],
    [
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
        0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb,
        0xbef9a3f7, 0xc67178f2,
    ],
];

/// How a message of one prefix byte and `N` bytes more is laid out.
pub(crate) struct Layout<const N: usize>;

impl<const N: usize> Layout<N> {
    /// Right behind the message.
    const MARKER_AT: usize = N + 1;
    /// The message's length in bits, as the last block ends with it.
    const BITS: [u8; 8] = (Self::MARKER_AT * 8).to_be_bytes();
    /// The number of the last block, which has at least the length.
    pub(crate) const LAST_BLOCK: usize = (Self::MARKER_AT + 8) / BLOCK_SIZE;

    /// Returns the block with this number of the padded message.
    #[inline(always)]
    pub(crate) fn block(prefix: u8, message: &[u8; N], number: usize) -> [u8; BLOCK_SIZE] {
        let mut block = [0; BLOCK_SIZE];
        let start = number.saturating_mul(BLOCK_SIZE);
        let (head, body) = block.split_at_mut(usize::from(number == 0));
        head.fill(prefix);
        let rest = message.get(start.saturating_sub(1)..).unwrap_or(&[]);
        let size = rest.len().min(body.len());
        if let (Some(to), Some(from)) = (body.get_mut(..size), rest.get(..size)) {
            to.copy_from_slice(from);
        }
        if let Some(marker) = block.get_mut(Self::MARKER_AT.wrapping_sub(start)) {
            *marker = 0x80;
        }
        if let (true, Some(length)) = (number == Self::LAST_BLOCK, block.last_chunk_mut()) {
            *length = Self::BITS;
        }
        block
    }
}
