//! Eight messages at a time, with AVX2.

use crate::{
    Hash,
    block::{Layout, ROUNDS, START},
    kernel::{kernel, sixteen},
};
use bytemuck::must_cast;
use core::arch::x86_64::{
    __m256i, _mm256_add_epi32, _mm256_and_si256, _mm256_or_si256, _mm256_set_epi32,
    _mm256_set1_epi32, _mm256_shuffle_epi8, _mm256_slli_epi32, _mm256_srli_epi32,
    _mm256_unpackhi_epi32, _mm256_unpackhi_epi64, _mm256_unpacklo_epi32, _mm256_unpacklo_epi64,
    _mm256_xor_si256,
};

type Vector = __m256i;
const PIECES: usize = 2;

kernel!("avx2");

/// Defines operations that are a few instructions.
macro_rules! operations {
    ($($(#[$doc:meta])* fn $name:ident($($part:ident),*) = $made:expr;)*) => { $(
        $(#[$doc])*
        #[target_feature(enable = "avx2")]
        #[inline]
        fn $name($($part: Vector),*) -> Vector {
            $made
        }
    )* };
}

operations! {
    fn add(a, b) = _mm256_add_epi32(a, b);
    fn both(a, b) = _mm256_and_si256(a, b);
    fn differ(a, b) = _mm256_xor_si256(a, b);
    fn choice(e, f, g) = differ(g, both(e, differ(f, g)));
    fn majority(a, b, c) = differ(both(a, b), both(c, differ(a, b)));
    fn join(a, b, c) = differ(differ(a, b), c);
    fn sum_of_a(a) = join(turn::<2, 30>(a), turn::<13, 19>(a), turn::<22, 10>(a));
    fn sum_of_e(e) = join(turn::<6, 26>(e), turn::<11, 21>(e), turn::<25, 7>(e));
    fn sigma_low(w) = join(turn::<7, 25>(w), turn::<18, 14>(w), _mm256_srli_epi32::<3>(w));
    fn sigma_high(w) = join(turn::<17, 15>(w), turn::<19, 13>(w), _mm256_srli_epi32::<10>(w));
    fn low_words(a, b) = _mm256_unpacklo_epi32(a, b);
    fn high_words(a, b) = _mm256_unpackhi_epi32(a, b);
    fn low_pairs(a, b) = _mm256_unpacklo_epi64(a, b);
    fn high_pairs(a, b) = _mm256_unpackhi_epi64(a, b);
    /// Turns the bytes of each word round: the messages' words are big-endian.
    fn swap(words) = _mm256_shuffle_epi8(
        words,
        _mm256_set_epi32(
            0x0c0d_0e0f, 0x0809_0a0b, 0x0405_0607, 0x0001_0203,
            0x0c0d_0e0f, 0x0809_0a0b, 0x0405_0607, 0x0001_0203,
        ),
    );
}

#[target_feature(enable = "avx2")]
#[inline]
fn splat(word: u32) -> Vector {
    _mm256_set1_epi32(word.cast_signed())
}

/// There is no rotation; the two shifts are by 32 bits together.
#[target_feature(enable = "avx2")]
#[inline]
fn turn<const RIGHT: i32, const LEFT: i32>(word: Vector) -> Vector {
    _mm256_or_si256(_mm256_srli_epi32::<RIGHT>(word), _mm256_slli_epi32::<LEFT>(word))
}
