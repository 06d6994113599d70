//! SHA-256 of as many messages as a vector has words, written once for every kind of vector.
//!
//! A module that says `kernel!` brings its `Vector` and a dozen operations on it, and gets
//! `hash_groups`. Everything is safe: what a processor may lack is in the functions' types.

/// Defines `hash_groups` for vectors of `PIECES` times 16 bytes.
macro_rules! kernel {
    ($features:literal) => {
        /// How many messages are hashed at a time.
        pub(crate) const LANES: usize = 4 * PIECES;

        type State = [Vector; 8];
        type Words = [Vector; 16];

        /// Hashes as many messages as fill whole vectors; the last few may be left over.
        #[target_feature(enable = $features)]
        pub(crate) fn hash_groups<const N: usize>(
            prefix: u8,
            messages: &[[u8; N]],
            hashes: &mut [Hash],
        ) {
            let messages = messages.as_chunks::<LANES>().0;
            let hashes = hashes.as_chunks_mut::<LANES>().0;
            for (messages, hashes) in messages.iter().zip(hashes) {
                let mut state = START.map(|word| splat(word));
                for number in 0..=Layout::<N>::LAST_BLOCK {
                    mix(&mut state, &mut gather(prefix, messages, number));
                }
                write(state, hashes);
            }
        }

        /// Takes a block of each message and turns them round: the same word of every message.
        #[target_feature(enable = $features)]
        #[inline]
        fn gather<const N: usize>(prefix: u8, messages: &[[u8; N]; LANES], number: usize) -> Words {
            let mut rows = [[[[0; 16]; PIECES]; 4]; 4];
            for (piece, messages) in messages.as_chunks::<4>().0.iter().enumerate() {
                for (lane, message) in messages.iter().enumerate() {
                    let block: [[u8; 16]; 4] = must_cast(Layout::block(prefix, message, number));
                    for (rows, bytes) in rows.iter_mut().zip(block) {
                        let row = rows.get_mut(lane).and_then(|rows| rows.get_mut(piece));
                        row.into_iter().for_each(|row| *row = bytes);
                    }
                }
            }
            let [a, b, c, d] = rows.map(|rows| turn_round(rows.map(|row| swap(must_cast(row)))));
            must_cast([a, b, c, d])
        }

        /// Turns the state round again, and writes it behind each other for every message.
        #[target_feature(enable = $features)]
        #[inline]
        fn write(state: State, hashes: &mut [Hash; LANES]) {
            let [first, second]: [[Vector; 4]; 2] = must_cast(state);
            let first: [[[u8; 16]; PIECES]; 4] = turn_round(first).map(|row| must_cast(swap(row)));
            let second: [[[u8; 16]; PIECES]; 4] =
                turn_round(second).map(|row| must_cast(swap(row)));
            for (piece, hashes) in hashes.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                for ((hash, first), second) in hashes.iter_mut().zip(first).zip(second) {
                    if let (Some(first), Some(second)) = (first.get(piece), second.get(piece)) {
                        *hash = must_cast([*first, *second]);
                    }
                }
            }
        }

        /// Exchanges words and messages, four by four in each piece.
        #[target_feature(enable = $features)]
        #[inline]
        fn turn_round([a, b, c, d]: [Vector; 4]) -> [Vector; 4] {
            let (ab, ab_high) = (low_words(a, b), high_words(a, b));
            let (cd, cd_high) = (low_words(c, d), high_words(c, d));
            [
                low_pairs(ab, cd),
                high_pairs(ab, cd),
                low_pairs(ab_high, cd_high),
                high_pairs(ab_high, cd_high),
            ]
        }

        /// Mixes a block into the state.
        #[target_feature(enable = $features)]
        #[inline(never)]
        fn mix(state: &mut State, words: &mut Words) {
            let mut mixed = *state;
            for (turn, constants) in ROUNDS.iter().enumerate() {
                if turn > 0 {
                    sixteen!(next_word, words);
                }
                sixteen!(round, &mut mixed, words, constants);
            }
            for (word, mixed) in state.iter_mut().zip(mixed) {
                *word = add(*word, mixed);
            }
        }

        #[allow(
            clippy::arithmetic_side_effects,
            clippy::indexing_slicing,
            reason = "the indices are constants below sixteen"
        )]
        #[target_feature(enable = $features)]
        #[inline]
        fn round<const AT: usize>(state: &mut State, words: &Words, constants: &[u32; 16]) {
            let [a, b, c, d, e, f, g, h] = *state;
            let word = add(words[AT], splat(constants[AT]));
            let first = add(add(h, word), add(sum_of_e(e), choice(e, f, g)));
            let second = add(sum_of_a(a), majority(a, b, c));
            *state = [add(first, second), a, b, c, add(d, first), e, f, g];
        }

        /// Replaces a word by the one sixteen rounds later.
        #[allow(
            clippy::arithmetic_side_effects,
            clippy::indexing_slicing,
            reason = "the indices are constants below sixteen"
        )]
        #[target_feature(enable = $features)]
        #[inline]
        fn next_word<const AT: usize>(words: &mut Words) {
            let near = add(words[AT], sigma_low(words[(AT + 1) % 16]));
            let far = add(words[(AT + 9) % 16], sigma_high(words[(AT + 14) % 16]));
            words[AT] = add(near, far);
        }
    };
}

/// Takes a step for each of sixteen words. A loop would not be taken apart by the compiler, and
/// then the state would be moved about in memory.
macro_rules! sixteen {
    ($step:ident, $($argument:expr),*) => {
        $step::<0>($($argument),*);
        $step::<1>($($argument),*);
        $step::<2>($($argument),*);
        $step::<3>($($argument),*);
        $step::<4>($($argument),*);
        $step::<5>($($argument),*);
        $step::<6>($($argument),*);
        $step::<7>($($argument),*);
        $step::<8>($($argument),*);
        $step::<9>($($argument),*);
        $step::<10>($($argument),*);
        $step::<11>($($argument),*);
        $step::<12>($($argument),*);
        $step::<13>($($argument),*);
        $step::<14>($($argument),*);
        $step::<15>($($argument),*);
    };
}

pub(crate) use kernel;
pub(crate) use sixteen;
