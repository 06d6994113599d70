//! Every width against `sha2`, for every length at which the padding changes its shape.
#![allow(clippy::unwrap_used, missing_docs)]

use proptest::prelude::*;
use runseal_sha256_wide::{Hash, Width};
use sha2::{Digest, Sha256};

fn expected<const N: usize>(prefix: u8, messages: &[[u8; N]]) -> Vec<Hash> {
    let hash = |message| Sha256::new().chain_update([prefix]).chain_update(message);
    messages.iter().map(|message| hash(message).finalize().into()).collect()
}

fn messages<const N: usize>(count: usize) -> Vec<[u8; N]> {
    let byte = |message: usize, at: usize| (message * 31 + at * 7 + message / 5) as u8;
    (0..count).map(|message| std::array::from_fn(|at| byte(message, at))).collect()
}

fn check<const N: usize>() {
    let messages = messages::<N>(50);
    for width in Width::all() {
        for count in [0, 1, 7, 8, 9, 15, 16, 17, 33, 50] {
            let mut hashes = vec![[0xee; 32]; count];
            width.hash_each(0x5a, &messages[..count], &mut hashes);
            assert_eq!(hashes, expected(0x5a, &messages[..count]), "{width:?}, {N} bytes");
        }
    }
}

macro_rules! check_lengths {
    ($($length:literal)*) => { $( check::<$length>(); )* };
}

#[test]
fn every_width_gives_the_hashes_of_sha2_at_every_length_around_a_block() {
    check_lengths!(0 1 2 3 4 7 8 31 32 33 52 53 54 55 56 57 61 62 63 64 65 66 67 72 103 104 105);
    check_lengths!(117 118 119 120 126 127 128 129 190 191 192 255 256 500 1000);
}

#[test]
fn the_vector_of_the_standard_is_met() {
    let abc = [
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22,
        0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00,
        0x15, 0xad,
    ];
    for width in Width::all() {
        let mut hashes = [[0; 32]; 16];
        width.hash_each(b'a', &[*b"bc"; 16], &mut hashes);
        assert_eq!(hashes, [abc; 16], "{width:?}");
    }
}

#[test]
fn what_has_no_partner_is_left_alone() {
    for width in Width::all() {
        let messages = messages::<64>(40);
        let mut hashes = vec![[0xee; 32]; 45];
        width.hash_each(1, &messages, &mut hashes);
        assert_eq!(hashes[..40], expected(1, &messages));
        assert_eq!(hashes[40..], [[0xee; 32]; 5]);
        let mut few = vec![[0xee; 32]; 20];
        width.hash_each(1, &messages, &mut few);
        assert_eq!(few, hashes[..20]);
    }
}

#[test]
fn the_best_width_is_one_of_those_that_there_are() {
    assert_eq!(Width::all().next(), Some(Width::ONE));
    assert!(Width::all().any(|width| width == Width::best()));
    assert!(Width::all().all(|width| width.lanes() <= Width::best().lanes()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]

    #[test]
    fn random_nodes_and_leaves_are_hashed_as_sha2_does(
        prefix: u8,
        nodes in prop::collection::vec(any::<[[u8; 32]; 2]>(), 0..70),
        leaves in prop::collection::vec(any::<[[u8; 26]; 4]>(), 0..40),
    ) {
        let nodes: Vec<[u8; 64]> =
            nodes.iter().map(|node| node.as_flattened().try_into().unwrap()).collect();
        let leaves: Vec<[u8; 104]> =
            leaves.iter().map(|leaf| leaf.as_flattened().try_into().unwrap()).collect();
        for width in Width::all() {
            let mut hashes = vec![[0; 32]; nodes.len()];
            width.hash_each(prefix, &nodes, &mut hashes);
            prop_assert_eq!(&hashes, &expected(prefix, &nodes));
            let mut hashes = vec![[0; 32]; leaves.len()];
            width.hash_each(prefix, &leaves, &mut hashes);
            prop_assert_eq!(&hashes, &expected(prefix, &leaves));
        }
    }
}
