//! Sixteen messages at a time, with AVX-512.

use crate::{
    Hash,
    block::{Layout, ROUNDS, START},
    kernel::{kernel, sixteen},
};
use bytemuck::must_cast;
use core::arch::x86_64::{
    __m512i, _mm512_add_epi32, _mm512_ror_epi32, _mm512_set1_epi32, _mm512_set4_epi32,
    _mm512_shuffle_epi8, _mm512_srli_epi32, _mm512_ternarylogic_epi32, _mm512_unpackhi_epi32,
    _mm512_unpackhi_epi64, _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
};

type Vector = __m512i;
const PIECES: usize = 4;

kernel!("avx512f,avx512bw");

/// Defines operations that are one instruction or two.
macro_rules! operations {
    ($($(#[$doc:meta])* fn $name:ident($($part:ident),*) = $made:expr;)*) => { $(
        $(#[$doc])*
        #[target_feature(enable = "avx512f,avx512bw")]
        #[inline]
        fn $name($($part: Vector),*) -> Vector {
            $made
        }
    )* };
}

// The bit of a table that three bits choose says what they are joined to.
const EXCLUSIVE_OR: i32 = 0x96;
const CHOICE: i32 = 0xca;
const MAJORITY: i32 = 0xe8;

operations! {
    fn add(a, b) = _mm512_add_epi32(a, b);
    fn choice(e, f, g) = _mm512_ternarylogic_epi32::<CHOICE>(e, f, g);
    fn majority(a, b, c) = _mm512_ternarylogic_epi32::<MAJORITY>(a, b, c);
    fn join(a, b, c) = _mm512_ternarylogic_epi32::<EXCLUSIVE_OR>(a, b, c);
    fn sum_of_a(a) = join(turn::<2>(a), turn::<13>(a), turn::<22>(a));
    fn sum_of_e(e) = join(turn::<6>(e), turn::<11>(e), turn::<25>(e));
    fn sigma_low(w) = join(turn::<7>(w), turn::<18>(w), _mm512_srli_epi32::<3>(w));
    fn sigma_high(w) = join(turn::<17>(w), turn::<19>(w), _mm512_srli_epi32::<10>(w));
    fn low_words(a, b) = _mm512_unpacklo_epi32(a, b);
    fn high_words(a, b) = _mm512_unpackhi_epi32(a, b);
    fn low_pairs(a, b) = _mm512_unpacklo_epi64(a, b);
    fn high_pairs(a, b) = _mm512_unpackhi_epi64(a, b);
    /// Turns the bytes of each word round: the messages' words are big-endian.
    fn swap(words) = _mm512_shuffle_epi8(
        words,
        _mm512_set4_epi32(0x0c0d_0e0f, 0x0809_0a0b, 0x0405_0607, 0x0001_0203),
    );
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn splat(word: u32) -> Vector {
    _mm512_set1_epi32(word.cast_signed())
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn turn<const BITS: i32>(word: Vector) -> Vector {
    _mm512_ror_epi32::<BITS>(word)
}
