//! Trees of a million leaves: building them, the memory they need, checking their proofs.

use crate::{
    harness::{Comparison, Contender, measure},
    memory, report,
    rival::{self, Rfc9162},
};
use rs_merkle::MerkleProof;
use runseal_merkle::{
    Hash, Tree,
    bulk::{BulkHash, OneByOne},
    inclusion, leaf_hash,
    mountain_range::MountainRange,
};
use runseal_sha256_wide::Width;
use std::any::Any;

const COUNT: usize = 1 << 20;
/// So many proofs of leaves all over the tree are checked, as often as is said, at a time: a proof
/// that came in a moment ago is close to the processor.
const PROOFS: usize = 200;
const TIMES: usize = 10;
const OURS: &str = "ours";
const PLAIN: &str = "ours, plain sha2";

/// Compares building a tree, hashing its leaves as well: first leaves as a log has them, for the
/// table alone, then digests.
pub(crate) fn build(rounds: usize) -> [Comparison; 2] {
    build_of(rounds, &leaves::<104>());
    build_of(rounds, &leaves::<32>())
}

fn build_of<const N: usize>(rounds: usize, leaves: &[[u8; N]]) -> [Comparison; 2] {
    let root = Some(streamed_root(leaves));
    assert_eq!(rival::build(leaves).root(), root);
    let theirs = || -> Box<dyn Any> { Box::new(rival::build(leaves)) };
    let stream = || -> Box<dyn Any> { Box::new(streamed_root(leaves)) };
    let plain = || -> Box<dyn Any> { Box::new(tree(&OneByOne, leaves)) };
    let widths: Vec<Width> = Width::all().filter(|width| width.lanes() > 1).collect();
    let names: Vec<String> =
        widths.iter().map(|width| format!("{OURS}, {} at a time", width.lanes())).collect();
    let builds: Vec<_> = widths
        .iter()
        .map(|width| {
            assert_eq!(Some(tree(width, leaves).root()), root);
            move || -> Box<dyn Any> { Box::new(tree(width, leaves)) }
        })
        .collect();
    let mut contenders = vec![
        Contender { name: rival::NAME, units: COUNT, work: &theirs },
        Contender { name: "ours, root alone", units: COUNT, work: &stream },
        Contender { name: PLAIN, units: COUNT, work: &plain },
    ];
    contenders.extend(names.iter().zip(&builds).map(|(name, work)| Contender {
        name,
        units: COUNT,
        work,
    }));
    let best = names.last().map_or(PLAIN, String::as_str);
    let times = measure(rounds, &contenders);
    report::times(&format!("build a tree of {COUNT} leaves of {N} bytes; time of a leaf"), &times);
    [
        times.compare("merkle_build", rival::NAME, PLAIN),
        times.compare("merkle_build_best", rival::NAME, best),
    ]
}

/// Compares the memory that a tree needs while it is built, its leaves' hashes included.
pub(crate) fn memory() -> Comparison {
    let leaves = leaves::<32>();
    let (theirs, their_tree) = memory::of(|| rival::build(&leaves));
    let (ours, our_tree) = memory::of(|| tree(&Width::best(), &leaves));
    assert_eq!(their_tree.root(), Some(our_tree.root()));
    memory::print(&[(rival::NAME, &theirs), (OURS, &ours)], COUNT);
    let ratio = theirs.kept as f64 / ours.kept as f64;
    let rival = rival::NAME.to_owned();
    Comparison { name: "merkle_memory", rival, ratio, low: ratio, high: ratio }
}

/// Compares checking that a leaf is in a tree of depth 20.
pub(crate) fn verify(rounds: usize) -> Comparison {
    let leaves = leaves::<32>();
    let (ours, theirs) = (tree(&Width::best(), &leaves), rival::build(&leaves));
    let root = ours.root();
    let at = |number: usize| number * (COUNT / PROOFS) + number % 7;
    let cases: Vec<(usize, Hash, Vec<Hash>, MerkleProof<Rfc9162>)> = (0..PROOFS)
        .map(at)
        .map(|index| {
            let path = ours.inclusion_path(index as u64).expect("the leaf is there");
            (index, ours.leaf_hashes()[index], path, theirs.proof(&[index]))
        })
        .collect();
    let our_work = || -> Box<dyn Any> {
        let holds = |(index, leaf, path, _): &(usize, Hash, Vec<Hash>, _)| {
            inclusion::verify(leaf, *index as u64, COUNT as u64, path, &root).is_ok()
        };
        assert!((0..TIMES).all(|_| cases.iter().all(holds)));
        Box::new(())
    };
    let their_work = || -> Box<dyn Any> {
        let holds = |(index, leaf, _, proof): &(usize, Hash, _, MerkleProof<Rfc9162>)| {
            proof.verify(root, &[*index], &[*leaf], COUNT)
        };
        assert!((0..TIMES).all(|_| cases.iter().all(holds)));
        Box::new(())
    };
    let contenders = [
        Contender { name: rival::NAME, units: PROOFS * TIMES, work: &their_work },
        Contender { name: OURS, units: PROOFS * TIMES, work: &our_work },
    ];
    let times = measure(rounds, &contenders);
    report::times(&format!("check a leaf of {COUNT}; time of a proof"), &times);
    times.compare("merkle_verify", rival::NAME, OURS)
}

fn tree<const N: usize>(bulk: &impl BulkHash, leaves: &[[u8; N]]) -> Tree {
    Tree::from_leaves_with(bulk, leaves.iter().copied())
}

fn streamed_root<const N: usize>(leaves: &[[u8; N]]) -> Hash {
    let mut range = MountainRange::default();
    assert!(leaves.iter().all(|leaf| range.push(leaf_hash(&[leaf]))));
    range.root()
}

fn leaves<const N: usize>() -> Vec<[u8; N]> {
    let leaf = |number: usize| {
        let mixed = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
        std::array::from_fn(|at| mixed[at % mixed.len()] ^ at as u8)
    };
    (0..COUNT).map(leaf).collect()
}
